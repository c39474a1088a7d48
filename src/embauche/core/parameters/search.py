"""Parameters of search: who looks, where, and what a post is worth, each with unit, range and source.

Lives here: search.*, match.*. Not here: hiring, separations and demography (labour).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_FIT = "fitted to FACTS: 3.8 % of job-seekers a month find work, vacancies 2.5 %, unemployment"

PARAMETERS = (
    _P("search.intensity", 0.5, "share a week", 0, 1, _FIT, "unemployed who search in a week, at first"),
    _P("search.fade_weeks", 25.0, "weeks", 4, 520, _FIT, "how fast search fades"),
    _P("search.floor", 0.12, "share a week", 0, 1, _FIT, "search that never fades"),
    _P("search.on_the_job", 0.03, "share a week", 0, 0.5, "from memory: a third of hires leave another post; 4-5 % of people in work look for another (INSEE)", "employed who search in a week, at neutral stress"),
    _P("search.stress_eur", 400.0, "EUR a month", 50, 2000, FROM_MEMORY, "scale of stress from a bad post"),
    _P("search.decay_min", 10.0, "min", 2, 120, "published decays differ tenfold: report, never fit (FACTS)", "car minutes after which a vacancy is seen e times less"),
    _P("search.pole_share", 0.5, "ratio", 0, 1, FROM_MEMORY, "weight of a minute to the gateway in seeing a pole's vacancies: poles are known further away"),
    _P("search.decay_on", 1.0, "0 or 1", 0, 1, "DESIGN: each channel of distance can be switched off", "whether distance lowers the chance of seeing"),
    _P("search.applications", 3.0, "applications", 1, 16, FROM_MEMORY, "applications a searcher sends in a week"),
    _P("search.reservation_start", 0.95, "share of usual wage", 0.3, 1.2, FROM_MEMORY, "reservation utility at the first week of unemployment"),
    _P("search.reservation_fall_per_week", 0.004, "share a week", 0, 0.05, FROM_MEMORY, "fall of the reservation utility"),
    _P("search.reservation_floor", 0.57, "share of usual wage", 0, 1, "unemployment benefit about 57 % of former gross wage (FACTS, from memory)", "lowest reservation utility"),
    _P("search.switch_eur", 120.0, "EUR a month", 0, 1000, FROM_MEMORY, "gain that makes an employed person change post"),
    _P("search.cost_eur", 10.0, "EUR a week", 0, 200, FROM_MEMORY, "cost of a week of search, which who has little can less afford"),
    _P("search.weariness", 0.3, "ratio", 0, 5, FROM_MEMORY, "how much less (in logs) they search who have searched in vain every week for long"),
    _P("search.give_up", 0.003, "share a week", 0, 0.1, FROM_MEMORY, "of those, who leave activity"),
    _P("search.come_back", 0.03, "share a week", 0, 1, FROM_MEMORY, "of those who left so, who want work again"),
    _P("benefit.most_weeks", 78.0, "weeks", 0, 260, "Unedic's rule since 2023: at most 18 months (from memory)", "longest unemployment benefit before 55; a week worked earns a week"),
    _P("benefit.most_weeks_senior", 117.0, "weeks", 0, 260, "Unedic's rule since 2023: at most 27 months (from memory)", "longest unemployment benefit from 55"),
    _P("benefit.rsa_eur", 560.0, "EUR a month", 0, 2000, "RSA of a single person less the housing share, about 560 EUR in 2024 (from memory)", "what is left without benefit"),
    _P("match.noise_eur", 150.0, "EUR a month", 0, 1000, FROM_MEMORY, "taste of a person for a post"),
    _P("match.skill_cost_eur", 150.0, "EUR a month", 0, 1000, FROM_MEMORY, "cost of working outside one's domain"),
    _P("match.atypical_eur_per_h", 2.0, "EUR/h", 0, 20, FROM_MEMORY, "cost of an hour worked before 6, after 20, or at weekends, premium deducted"),
    _P("match.level_cost_eur", 40.0, "EUR a month a level", 0, 500, FROM_MEMORY, "cost of working above or below one's level"),
    _P("match.cdd_eur", 60.0, "EUR a month", 0, 1000, FROM_MEMORY, "what a fixed-term contract is worth less than an open-ended one"),
    _P("match.agency_eur", 120.0, "EUR a month", 0, 1000, FROM_MEMORY, "what agency work is worth less than an open-ended contract"),
    _P("match.taste_eur", 60.0, "EUR a month", 0, 1000, FROM_MEMORY, "constant taste of a person for a sector: at most so much more or less"),
    _P("match.childcare_eur_per_h", 1.5, "EUR/h", 0, 20, FROM_MEMORY, "cost to parents of a child under six of an hour worked when no childcare is open"),
    _P("match.childcare_opens_h", 7.0, "h", 0, 12, FROM_MEMORY, "when childcare opens, Monday to Friday"),
    _P("match.childcare_closes_h", 19.0, "h", 12, 24, FROM_MEMORY, "when childcare closes"),
)  # fmt: skip
