"""Parameters of search and demography, each with unit, range and source.

Lives here: values of the labour market. Not here: ends of jobs (labour_firms), margins of the start population.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_FIT = "fitted to FACTS: 3.8 % of job-seekers a month find work, vacancies 2.5 %, unemployment"

PARAMETERS = (
    _P("external.fill_rate", 0.06, "share a week", 0, 1, FROM_MEMORY, "external vacancies taken by outsiders"),
    _P("external.vacancy_rate", 0.09, "share", 0, 0.5, "fitted: the rate at which external posts settle", "external posts vacant on the residents' side, which outsiders take from"),
    _P("demography.leave_young", 0.0020, "share a week", 0, 0.05, _FIT, "active 15-24 who leave activity"),
    _P("demography.leave_adult", 0.00018, "share a week", 0, 0.05, _FIT, "active 25-54 who leave activity"),
    _P("demography.leave_senior", 0.0011, "share a week", 0, 0.05, _FIT, "active 55-64 who leave activity"),
    _P("demography.by_age", 1.0, "share", 0, 1, "none: 1 keeps the start's profile of ages, 0 lets it flatten within groups", "how far activity follows the profile of years of age"),
    _P("demography.entrant_wage_eur", 1400.0, "EUR a month", 500, 5000, "net minimum wage about 1,400 EUR (FACTS, from memory)", "usual wage of an entrant"),
    _P("demography.entrant_licence", 0.63, "share", 0, 1, "licence holders aged 18-24: 60-66 % (FACTS)", "entrants who will hold a licence at 18"),
    _P("start.decay_min", 3.5, "min", 1, 120, "fitted to 129 km a week and worker (FACTS)", "car minutes after which a post is e times less likely at the start"),
    _P("experience.drift", 0.1, "share", 0, 1, FROM_MEMORY, "how fast, against smoothing, an unused service's expectation moves to its mean"),
)  # fmt: skip
