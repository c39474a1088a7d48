"""Parameters of firms: growth, shocks, closures, contracts, trial periods, turnover, production lost.

Lives here: what ends jobs and makes posts come and go. Not here: search and hiring.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_FIT = "fitted to FACTS: 3.8 % of job-seekers a month find work, vacancies 2.5 %, unemployment"
_TRIAL = "Code du travail L1221-19: two, three and four months, without renewal"
_DEMOGRAPHY = (
    "from memory: INSEE, firms that cease in a year, 3-6 % of the smallest and under 1 % of large ones"
)

PARAMETERS = (
    _P("economy.sector_memory", 0.985, "share a week", 0, 1, FROM_MEMORY, "demand of a sector that is left after a week"),
    _P("economy.sector_sd", 0.15, "log points", 0, 2, FROM_MEMORY, "spread of a sector's closing and opening of posts"),
    _P("economy.sector_swing", 0.008, "share of posts", 0, 0.2, FROM_MEMORY, "spread of a sector's posts over the cycle"),
    _P("economy.firm_memory", 0.97, "share a week", 0, 1, FROM_MEMORY, "demand of a firm that is left after a week"),
    _P("economy.firm_sd_tpe", 0.8, "log points", 0, 3, FROM_MEMORY, "spread of closing and opening of posts, firms of 1-9"),
    _P("economy.firm_sd_pme", 0.6, "log points", 0, 3, FROM_MEMORY, "the same, firms of 10-49"),
    _P("economy.firm_sd_eti", 0.4, "log points", 0, 3, FROM_MEMORY, "the same, firms of 50-249"),
    _P("economy.firm_sd_large", 0.3, "log points", 0, 3, FROM_MEMORY, "the same, firms of 250 and more"),
    _P("economy.catch_up", 0.1, "share a week", 0, 1, FROM_MEMORY, "how fast new posts make up for those missing in a sector"),
    _P("economy.smoothing", 0.05, "share a week", 0, 1, FROM_MEMORY, "weight of the last week in the posts that a sector loses"),
    _P("firms.close_tpe", 0.0005, "share a week", 0, 0.02, _DEMOGRAPHY, "firms of 1-9 that close"),
    _P("firms.close_pme", 0.0002, "share a week", 0, 0.02, _DEMOGRAPHY, "firms of 10-49 that close"),
    _P("firms.close_eti", 0.00005, "share a week", 0, 0.02, _DEMOGRAPHY, "firms of 50-249 that close"),
    _P("firms.close_large", 0.00001, "share a week", 0, 0.02, _DEMOGRAPHY, "firms of 250 and more that close"),
    _P("firms.take_over", 0.02, "share a week", 0, 1, FROM_MEMORY, "closed firms whose place another one takes"),
    _P("firms.new_demand", 1.5, "standard deviations", 0, 5, FROM_MEMORY, "demand of a firm that has just opened"),
    _P("firms.not_replaced", 0.03, "share", 0, 1, FROM_MEMORY, "posts left that a firm does not fill again, at neutral demand"),
    _P("firms.output_per_wage", 2.7, "EUR per EUR", 0, 10, "wages are two thirds of value added (INSEE, national accounts); labour cost of 1.8 net wages from memory", "production of a post, for each EUR of its net wage"),
    _P("posts.destruction", 0.0002, "share a week", 0, 0.02, _FIT, "posts that disappear"),
    _P("posts.spare", 0.04, "share", 0, 0.5, FROM_MEMORY, "spare slots of firms, inactive at the start"),
    _P("contracts.cdd_weeks", 26.0, "weeks", 1, 78, "from memory; at most 18 months (Code du travail L1242-8-1)", "mean length of a CDD"),
    _P("contracts.agency_weeks", 6.0, "weeks", 1, 78, FROM_MEMORY, "mean length of an agency's missions in one post"),
    _P("contracts.cdd_end", 0.046, "share of ends", 0, 1, _FIT, "CDDs not followed by another, at their end"),
    _P("contracts.agency_end", 0.065, "share of ends", 0, 1, _FIT, "missions not followed by another, at their end"),
    _P("contracts.cdd_to_cdi", 0.10, "share of ends", 0, 1, "from memory: one CDD holder in five has a CDI a year later (INSEE)", "CDDs that turn into a CDI, at their end"),
    _P("contracts.agency_to_cdi", 0.01, "share of ends", 0, 1, FROM_MEMORY, "missions that turn into a CDI, at their end"),
    _P("contracts.cdi_as_cdd", 0.20, "share", 0, 1, "fitted: keeps the share of CDDs (CC du Ternois, FACTS)", "vacancies of permanent posts first offered as a CDD"),
    _P("contracts.cdi_as_agency", 0.02, "share", 0, 1, "fitted: keeps the share of agency posts (CC du Ternois, FACTS)", "vacancies of permanent posts first given to an agency"),
    _P("contracts.apprentice_break", 0.005, "share a week", 0, 0.1, "about 27 % of contracts are broken (FACTS)", "apprentice contracts broken, without training centres"),
    _P("trial.weeks_employee", 9.0, "weeks", 0, 52, _TRIAL, "trial period of a CDI, level below bac"),
    _P("trial.weeks_technician", 13.0, "weeks", 0, 52, _TRIAL, "trial period of a CDI, bac and bac+2"),
    _P("trial.weeks_manager", 17.0, "weeks", 0, 52, _TRIAL, "trial period of a CDI, bac+3 and more"),
    _P("trial.weeks_cdd", 2.0, "weeks", 0, 52, "Code du travail L1242-10: a day a week, at most two weeks", "trial period of a CDD"),
    _P("trial.weeks_agency", 1.0, "weeks", 0, 52, "Code du travail L1251-14: two to five days", "trial period of a mission"),
    _P("trial.failure", 0.004, "share a week", 0, 0.2, FROM_MEMORY, "trials that an employer ends, of somebody who fits"),
    _P("trial.misfit", 1.5, "log points", 0, 5, FROM_MEMORY, "how much more for each unit of fit that is missing"),
    _P("trial.quits", 2.0, "ratio", 1, 10, FROM_MEMORY, "quits during the trial against later ones"),
    _P("dismissal.quarter_shifts", 12.0, "quarter-shifts", 4, 100, FROM_MEMORY, "missed shifts (decaying sum, 4 a shift) that put a job at risk"),
    _P("dismissal.rate", 0.25, "share a week", 0, 1, FROM_MEMORY, "dismissals among those at risk"),
    _P("quits.base", 0.0004, "share a week", 0, 0.02, _FIT, "quits at neutral utility"),
    _P("quits.scale_eur", 400.0, "EUR a month", 50, 2000, FROM_MEMORY, "utility that changes quits e times"),
    _P("quits.extra_per_hour", 0.0, "share a week and hour", 0, 0.01, "DESIGN: extra hazard, default zero", "extra quits an hour of weekly commute"),
    _P("quits.by_sector", 1.0, "exponent", 0, 3, FROM_MEMORY, "how far sectors differ in turnover; 0 makes all alike"),
)  # fmt: skip
