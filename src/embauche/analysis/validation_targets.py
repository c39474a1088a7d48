"""Published figures that the model is held against, and the split between fitted and only compared.

Lives here: Target, TARGETS, STAGES. Not here: how the model's figures are measured (validation).
The split was written down before any fit; docs/validation.md shows it beside the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

# a stage of the fit: its name, what is moved, in the order in which they are fitted
STAGES: dict[str, tuple[str, ...]] = {
    "mode constants": ("transit.asc_eur", "bike.asc_eur", "walk.asc_eur"),
    "distance": ("start.decay_min",),
    "search, separations and HR": (
        "posts.destruction",
        "contracts.cdd_end",
        "contracts.agency_end",
        "quits.base",
        "demography.leave_adult",
        "demography.leave_senior",
        "search.intensity",
        "search.fade_weeks",
        "search.floor",
        "hire.threshold",
        "hire.handled_share",
        "hire.decide_weeks_tpe",
    ),
}


@dataclass(frozen=True)
class Target:
    """One published figure.

    Attributes:
        name: key of the measure.
        low, high: the published figure, or the range in which it lies (none: nan).
        slack: by how much the model's mean may miss it before the test fails.
        unit: of the figures.
        source: where it is published.
        stage: the stage of the fit that uses it, empty for what is only compared.
        words: what is measured.
    """

    name: str
    low: float
    high: float
    slack: float
    unit: str
    source: str
    stage: str
    words: str


_MODES, _WAY, _LABOUR, _ = (*STAGES, "")
_BETHUNE = "INSEE, census 2019, arrondissement of Béthune"
_FLASH = "INSEE Flash Hauts-de-France 116 (2017)"
_DARES = "Dares, vacancies, Q3 2024"
_MONTH = "Dares, job-seekers of March 2014"
_PP = "Petrongolo & Pissarides 2001"
_MEMORY = "from memory"
_T = Target
TARGETS: tuple[Target, ...] = (
    _T("car_share_5km", 0.677, 0.677, 0.05, "share", _FLASH, _MODES, "trips under 5 km by car"),
    _T("transit_share_5km", 0.081, 0.081, 0.03, "share", _FLASH, _MODES, "trips under 5 km by transit"),
    _T("active_share_5km", 0.23, 0.23, 0.05, "share", _FLASH, _MODES, "trips under 5 km by bike or on foot"),
    _T("km_week", 129.0, 129.0, 15.0, "km", "INSEE Analyses HdF 157 (2019)", _WAY, "km a week and worker"),
    _T("unemployment", 0.158, 0.158, 0.015, "share", _BETHUNE, _LABOUR, "unemployed of active, Béthune"),
    _T("vacancy_rate", 0.025, 0.025, 0.005, "share", _DARES, _LABOUR, "vacant of all posts"),
    _T("vacancy_rate_1_9", 0.063, 0.063, 0.012, "share", _DARES, _LABOUR, "in firms of 1-9"),
    _T("left_month", 0.038, 0.038, 0.008, "share", _MONTH, _LABOUR, "unemployed with a job in a month"),
    _T("left_18_months", 0.79, 0.79, 0.08, "share", "Dares (FACTS)", _LABOUR, "cohort with one in 18 months"),
    _T("employment_15_64", 0.593, 0.593, 0.02, "share", _BETHUNE, _, "employed of residents of 15-64"),
    _T("unemployment_men", 0.148, 0.148, 0.02, "share", _BETHUNE, _, "unemployed of active men"),
    _T("unemployment_women", 0.169, 0.169, 0.02, "share", _BETHUNE, _, "unemployed of active women"),
    _T("unemployment_15_24", 0.361, 0.361, 0.06, "share", _BETHUNE, _, "unemployed of active aged 15-24"),
    _T("unemployment_25_54", 0.133, 0.133, 0.02, "share", _BETHUNE, _, "unemployed of active aged 25-54"),
    _T("unemployment_55_64", 0.126, 0.126, 0.03, "share", _BETHUNE, _, "unemployed of active aged 55-64"),
    _T("elasticity_unemployed", 0.5, 0.7, 0.05, "elasticity", _PP, _, "of matches on unemployment"),
    _T("returns_to_scale", 0.9, 1.1, 0.1, "elasticity", _PP, _, "of matches on both together"),
    _T("beveridge_slope", -2.0, -0.2, 0.0, "elasticity", "Blanchard & Diamond 1989, sign and order", _,
       "of vacancies on unemployment over demand shocks"),
    _T("apprentices_share", 0.037, 0.037, 0.008, "share", "INSEE Analyses HdF 200", _, "of salaried jobs"),
    _T("apprentices_broken", 0.27, 0.27, 0.04, "share", "Dares (FACTS): about 27 %", _, "contracts broken"),
    _T("car_share", 0.74, 0.82, 0.05, "share", "INSEE Première 1835: France 74 %, 77-85 % from 5 km", _,
       "trips to work by car"),
    _T("g_per_km", 124.0, 124.0, 15.0, "g/km", "INSEE Analyses HdF 157 (2019)", _, "CO2e a km to work"),
    _T("outside_commune", 0.71, 0.71, 0.06, "share", "INSEE Analyses HdF 157 (2019)", _,
       "who work outside their commune"),
    _T("under_5_km", 0.31, 0.31, 0.07, "share", _FLASH, _, "trips to work under 5 km"),
    _T("attraction_km", -0.35, -0.02, 0.0, "1/km", "Manning & Petrongolo 2017: 0.3; decays differ tenfold", _,
       "fall of a post's log attraction a km, to 20 km"),
    _T("women_commute", 0.7, 0.95, 0.05, "ratio", "Le Barbanchon et al. 2021; INSEE: shorter", _,
       "women's km to work over men's"),
    _T("duration_dependence", 0.2, 0.7, 0.1, "ratio", "Kroft et al. 2016, Dares: falls with duration", _,
       "job finding after a year over that of the first quarter"),
    _T("job_to_job", 0.2, 0.5, 0.05, "share", _MEMORY, _, "hires of people who left another post"),
    _T("wage_commute", 0.0, 0.2, 0.02, "elasticity", "Mulalic et al. 2014, sign", _,
       "of km to work on wage: better paid, longer way"),
)  # fmt: skip


def verdict(target: Target, mean: float) -> str:
    """The word met, or by how much the mean is above or below."""
    if mean != mean:  # nothing to measure
        return "not measured"
    over = mean - target.high if mean > target.high else min(0.0, mean - target.low)
    if abs(over) <= target.slack:
        return "met"
    return f"missed by {over:+.3g}"
