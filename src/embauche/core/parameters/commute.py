"""Parameters of travel choice and experience, each with unit, range and source.

Lives here: values of choice. Not here: those of one service (its file in services), speeds (roads), labour.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter

PARAMETERS = (
    _P("commute.vot_eur_h", 10.6, "EUR/h", 5, 25, "French official value of time home-work, 2015 (FACTS)", "value of time, mean"),
    _P("commute.vot_quintile_1", 0.70, "ratio", 0.2, 3, FROM_MEMORY, "value of time of income quintile 1 over the mean"),
    _P("commute.vot_quintile_2", 0.85, "ratio", 0.2, 3, FROM_MEMORY, "value of time of income quintile 2 over the mean"),
    _P("commute.vot_quintile_3", 1.00, "ratio", 0.2, 3, FROM_MEMORY, "value of time of income quintile 3 over the mean"),
    _P("commute.vot_quintile_4", 1.15, "ratio", 0.2, 3, FROM_MEMORY, "value of time of income quintile 4 over the mean"),
    _P("commute.vot_quintile_5", 1.30, "ratio", 0.2, 3, FROM_MEMORY, "value of time of income quintile 5 over the mean"),
    _P("commute.vot_women", 1.0, "ratio", 0.5, 2, "no difference assumed; to be swept", "value of time of women over that of men"),
    _P("commute.vot_young_child", 1.0, "ratio", 0.5, 2, "no difference assumed; to be swept", "value of time with a child under six over that without"),
    _P("commute.early_weight", 0.61, "ratio", 0, 3, "Small 1982 (schedule delay early, beta over alpha)", "weight of a minute at the workplace before the start"),
    _P("commute.late_weight", 2.4, "ratio", 0, 10, "Small 1982 (schedule delay late, gamma over alpha)", "weight of a minute of arriving late"),
    _P("commute.late_min", 20.0, "min", 0, 120, FROM_MEMORY, "mean minutes late of a tour that is over ten minutes late"),
    _P("commute.wait_weight", 1.5, "ratio", 0.5, 4, "Abrantes, Wardman 2011: about 1.4 to 1.7 (from memory)", "weight of a minute of waiting for a vehicle"),
    _P("commute.change_min", 5.0, "min", 0, 30, "5 to 10 minutes beside its walk and wait (from memory)", "penalty of a change of vehicle, in minutes by car"),
    _P("nest.active", 0.7, "ratio", 0.001, 1, FROM_MEMORY, "dissimilarity of services under one's own power (bike, walk)"),
    _P("nest.car", 0.7, "ratio", 0.001, 1, FROM_MEMORY, "dissimilarity of services by car (driving, lifts)"),
    _P("nest.public", 0.7, "ratio", 0.001, 1, FROM_MEMORY, "dissimilarity of public services (transit, shuttles, on demand)"),
    _P("commute.choice_scale_eur", 3.0, "EUR", 0.2, 10, FROM_MEMORY, "scale of the travel choice's error, EUR a tour"),
    _P("commute.constant_share", 0.8, "share", 0, 0.99, "DESIGN: constant part of each error", "share of the error's variance that is constant"),
    _P("commute.late_eur", 6.5, "EUR", 0, 100, FROM_MEMORY, "cost of arriving late once, beside its minutes"),
    _P("commute.fail_eur", 60.0, "EUR", 0, 300, FROM_MEMORY, "cost of a service that does not run, about a day's pay"),
    _P("commute.no_car_eur", 12.0, "EUR", 0, 60, FROM_MEMORY, "cost a tour of depending on somebody else's car"),
    _P("commute.refused_min", 60.0, "min", 0, 300, FROM_MEMORY, "felt minutes that a refused request weighs: a second search, a lift begged"),
    _P("experience.reconsider", 0.2, "chance a week", 0, 1, FROM_MEMORY, "chance to weigh services against each other anew; after a shock people always do"),
    _P("experience.probes", 200.0, "persons a week", 0, 100_000, FROM_MEMORY, "persons a week who try a shared service that they do not ride"),
    _P("experience.smoothing", 0.1, "share a week", 0, 1, "DESIGN: smoothing share", "how fast expectations move"),
    _P("experience.prior_tours", 20.0, "tours", 0, 1000, FROM_MEMORY, "tours at which data weigh as much as the prior"),
)  # fmt: skip
