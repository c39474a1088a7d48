"""Parameters of search, separations and demography, each with unit, range and source.

Lives here: values of the labour market. Not here: margins of the start population.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_FIT = "fitted to FACTS: 3.8 % of job-seekers a month find work, vacancies 2.5 %, unemployment"

PARAMETERS = (
    _P("search.intensity", 0.45, "share a week", 0, 1, _FIT, "unemployed who search in a week, at first"),
    _P("search.fade_weeks", 26.0, "weeks", 4, 520, "hazard falls with duration (FACTS, Dares)", "how fast search fades"),
    _P("search.floor", 0.10, "share a week", 0, 1, _FIT, "search that never fades"),
    _P("search.on_the_job", 0.005, "share a week", 0, 0.5, _FIT, "employed who search in a week, at neutral stress"),
    _P("search.stress_eur", 400.0, "EUR a month", 50, 2000, FROM_MEMORY, "scale of stress from a bad post"),
    _P("search.looks_own", 8.0, "vacancies", 0, 64, FROM_MEMORY, "looks at vacancies of one's own skill"),
    _P("search.looks_any", 4.0, "vacancies", 0, 64, FROM_MEMORY, "looks at vacancies of any skill"),
    _P("search.decay_min", 10.0, "min", 2, 120, "published decays differ tenfold: report, never fit (FACTS)", "car minutes after which a vacancy is seen e times less"),
    _P("search.pole_share", 0.5, "ratio", 0, 1, FROM_MEMORY, "weight of a minute to the gateway in seeing a pole's vacancies: poles are known further away"),
    _P("search.decay_on", 1.0, "0 or 1", 0, 1, "DESIGN: each channel of distance can be switched off", "whether distance lowers the chance of seeing"),
    _P("search.applications", 3.0, "applications", 1, 16, FROM_MEMORY, "applications a searcher sends in a week"),
    _P("search.reservation_start", 0.95, "share of usual wage", 0.3, 1.2, FROM_MEMORY, "reservation utility at the first week of unemployment"),
    _P("search.reservation_fall_per_week", 0.004, "share a week", 0, 0.05, FROM_MEMORY, "fall of the reservation utility"),
    _P("search.reservation_floor", 0.57, "share of usual wage", 0, 1, "unemployment benefit about 57 % of former gross wage (FACTS, from memory)", "lowest reservation utility"),
    _P("search.switch_eur", 120.0, "EUR a month", 0, 1000, FROM_MEMORY, "gain that makes an employed person change post"),
    _P("match.noise_eur", 150.0, "EUR a month", 0, 1000, FROM_MEMORY, "taste of a person for a post"),
    _P("match.skill_cost_eur", 150.0, "EUR a month", 0, 1000, FROM_MEMORY, "cost of working outside one's domain"),
    _P("match.kids_factor", 2.0, "ratio", 1, 5, FROM_MEMORY, "weight of atypical hours with a child under six"),
    _P("match.atypical_eur_per_h", 2.0, "EUR/h", 0, 20, FROM_MEMORY, "cost of an hour worked before 6, after 20, or at weekends, premium deducted"),
    _P("external.fill_rate", 0.06, "share a week", 0, 1, FROM_MEMORY, "external vacancies taken by outsiders"),
    _P("external.vacancy_rate", 0.09, "share", 0, 0.5, "fitted: the rate at which external posts settle", "external posts vacant on the residents' side, which outsiders take from"),
    _P("posts.destruction", 0.0004, "share a week", 0, 0.02, FROM_MEMORY, "posts that disappear"),
    _P("posts.spare", 0.04, "share", 0, 0.5, FROM_MEMORY, "spare slots of firms, inactive at the start"),
    _P("contracts.cdd_end", 0.003, "share a week", 0, 0.2, FROM_MEMORY, "fixed-term contracts that end without renewal"),
    _P("contracts.agency_end", 0.008, "share a week", 0, 0.5, FROM_MEMORY, "agency contracts that end without renewal"),
    _P("contracts.apprentice_break", 0.005, "share a week", 0, 0.1, "about 27 % of contracts are broken (FACTS)", "apprentice contracts broken"),
    _P("dismissal.quarter_shifts", 12.0, "quarter-shifts", 4, 100, FROM_MEMORY, "missed shifts (decaying sum, 4 a shift) that put a job at risk"),
    _P("dismissal.rate", 0.25, "share a week", 0, 1, FROM_MEMORY, "dismissals among those at risk"),
    _P("quits.base", 0.0004, "share a week", 0, 0.02, _FIT, "quits at neutral utility"),
    _P("quits.scale_eur", 400.0, "EUR a month", 50, 2000, FROM_MEMORY, "utility that changes quits e times"),
    _P("quits.extra_per_hour", 0.0, "share a week and hour", 0, 0.01, "DESIGN: extra hazard, default zero", "extra quits an hour of weekly commute"),
    _P("demography.leave_young", 0.001, "share a week", 0, 0.05, FROM_MEMORY, "active 15-24 who leave activity"),
    _P("demography.leave_adult", 0.0004, "share a week", 0, 0.05, FROM_MEMORY, "active 25-54 who leave activity"),
    _P("demography.leave_senior", 0.0018, "share a week", 0, 0.05, FROM_MEMORY, "active 55-64 who leave activity"),
    _P("demography.entrant_wage_eur", 1400.0, "EUR a month", 500, 5000, "net minimum wage about 1,400 EUR (FACTS, from memory)", "usual wage of an entrant"),
    _P("demography.entrant_licence", 0.63, "share", 0, 1, "licence holders aged 18-24: 60-66 % (FACTS)", "entrants who will hold a licence at 18"),
    _P("start.decay_min", 5.0, "min", 1, 120, "fitted to 71 % working outside their commune and mean km (FACTS)", "car minutes after which a post is e times less likely at the start"),
    _P("experience.drift", 0.1, "share", 0, 1, FROM_MEMORY, "how fast, against smoothing, an unused service's expectation moves to its mean"),
)  # fmt: skip
