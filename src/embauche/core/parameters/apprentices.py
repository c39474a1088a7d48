"""Parameters of apprenticeships: the season, who seeks, pay, breaks, tutors, each with unit, range and source.

Lives here: values. Not here: what they do (labour.apprentices, labour.cohort, labour.seasons, labour.centres).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_FIT = "fitted to FACTS: apprentices 3.7 % of jobs (INSEE Analyses HdF 200)"
_BREAKS = "fitted to FACTS: about 27 % of contracts are broken"
_SEASON = "Code du travail L6222-12: from three months before the course to three months after it begins"
_AFTER = "InserJeunes, from memory"

PARAMETERS = (
    _P("apprentices.season_week", 9.0, "week of the year", 0, 51, FROM_MEMORY, "first week in which posts are offered and places sought"),
    _P("apprentices.start_week", 35.0, "week of the year", 0, 51, _SEASON, "first week of the courses: contracts signed before begin from here on"),
    _P("apprentices.last_week", 47.0, "week of the year", 0, 51, _SEASON, "first week in which no contract can be signed any more"),
    _P("apprentices.seek_15_17", 0.20, "share a year", 0, 1, _FIT, "pupils of 15-17 who seek an apprenticeship in a season"),
    _P("apprentices.seek_18_21", 0.30, "share a year", 0, 1, _FIT, "inactive of 18-21 who seek one in a season"),
    _P("apprentices.seek_22_29", 0.12, "share a year", 0, 1, _FIT, "inactive of 22-29 who seek one in a season"),
    _P("apprentices.seek_unemployed", 0.15, "share a year", 0, 1, _FIT, "unemployed of 16-29 who seek one in a season (re-orientation)"),
    _P("apprentices.wish_own", 0.3, "share", 0, 1, FROM_MEMORY, "who seek in their own domain; the others wish as firms offer"),
    _P("apprentices.intensity", 0.75, "share a week", 0, 1, FROM_MEMORY, "seekers of an apprenticeship who search in a week"),
    _P("apprentices.posts", 1.90, "posts", 1, 4, _FIT, "apprenticeship posts of firms for each apprentice at the start, most of them not offered every year"),
    _P("apprentices.offered", 0.95, "share a season", 0, 1, _FIT, "free apprenticeship posts that firms offer in a season"),
    _P("apprentices.tutor_tpe", 0.80, "share of firms", 0, 1, FROM_MEMORY, "firms of 1-9 that have a tutor"),
    _P("apprentices.posts_a_tutor", 20.0, "posts", 1, 500, FROM_MEMORY, "posts of a larger firm for each further tutor"),
    _P("apprentices.per_tutor", 2.0, "apprentices", 1, 10, "Code du travail R6223-6: two at a time", "apprentices that a tutor may have"),
    _P("apprentices.one_year", 0.35, "share", 0, 1, FROM_MEMORY, "contracts of one year"),
    _P("apprentices.three_years", 0.15, "share", 0, 1, FROM_MEMORY, "contracts of three years; the others last two"),
    _P("apprentices.break_first", 0.0135, "share a week", 0, 0.5, _BREAKS, "contracts broken in the first 45 days, at neutral utility"),
    _P("apprentices.break_later", 0.0038, "share a week", 0, 0.1, _BREAKS, "contracts broken later, at neutral utility"),
    _P("apprentices.break_scale_eur", 300.0, "EUR a month", 50, 5000, FROM_MEMORY, "utility that changes breaks e times"),
    _P("apprentices.equipment", 1.0, "share", 0, 5, FROM_MEMORY, "of breaks avoided for each share of success that workshops' equipment adds in the domain"),
    _P("apprentices.again", 0.5, "share", 0, 1, FROM_MEMORY, "who seek another firm after a break in the season"),
    _P("apprentices.back_to_school", 0.5, "share", 0, 1, FROM_MEMORY, "of the others after a break: back to school; the rest look for work"),
    _P("apprentices.kept", 0.6, "share", 0, 1, _AFTER, "of the others: stay with their firm if it has a vacancy"),
    _P("apprentices.study", 0.50, "share", 0, 1, _AFTER, "who go on with their studies after a contract"),
    _P("apprentices.net_entry", 0.55, "share of contracts", 0, 1, "fitted: active share of 15-24 without drift over five years", "contracts that bring a pupil into activity for good, for the closing of stocks"),
    _P("apprentices.effective_years", 1.30, "years", 0.5, 3, "follows from lengths and breaks", "mean time in a contract, for the closing of stocks"),
)  # fmt: skip
