"""Parameters of offers and travel choice, each with unit, range and source.

Lives here: values of services and choice. Not here: speeds (roads), labour.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_ADEME = "ADEME base empreinte, g CO2e a passenger-km (FACTS)"
_P = Parameter

PARAMETERS = (
    _P("commute.vot_eur_h", 10.6, "EUR/h", 5, 25, "French official value of time home-work, 2015 (FACTS)", "value of time, mean"),
    _P("commute.choice_scale_eur", 3.0, "EUR", 0.2, 10, FROM_MEMORY, "scale of the travel choice's error, EUR a tour"),
    _P("commute.constant_share", 0.8, "share", 0, 0.99, "DESIGN: constant part of each error", "share of the error's variance that is constant"),
    _P("commute.late_eur", 15.0, "EUR", 0, 100, FROM_MEMORY, "cost of arriving late once"),
    _P("commute.fail_eur", 60.0, "EUR", 0, 300, FROM_MEMORY, "cost of a service that does not run, about a day's pay"),
    _P("commute.no_car_eur", 12.0, "EUR", 0, 60, FROM_MEMORY, "cost a tour of depending on somebody else's car"),
    _P("car.terminal_min", 3.0, "min", 0, 15, FROM_MEMORY, "walk to and from the parked car, each way"),
    _P("car.cost_eur_per_km", 0.16, "EUR/km", 0.08, 0.6, "marginal 0.12-0.20 EUR/km (FACTS, from memory)", "cost of driving that users perceive"),
    _P("car.co2_g_per_km", 142.0, "g/km", 60, 250, _ADEME, "CO2 of driving alone"),
    _P("car.asc_eur", 0.0, "EUR", -20, 20, "reference", "constant of the car"),
    _P("car.weight", 1.0, "ratio", 0.5, 3, "reference", "weight of a minute by car"),
    _P("car.late", 0.01, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    _P("car.fail", 0.001, "share of tours", 0, 0.05, FROM_MEMORY, "car does not start"),
    _P("bike.asc_eur", -8.0, "EUR", -20, 20, "fitted to mode shares under 5 km: INSEE Flash HdF 116 and Premiere 1835 (FACTS)", "constant of the bike"),
    _P("bike.weight", 1.4, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute by bike"),
    _P("bike.max_min", 60.0, "min", 10, 120, FROM_MEMORY, "longest ride to work, each way"),
    _P("bike.late", 0.005, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    _P("bike.fail", 0.002, "share of tours", 0, 0.05, FROM_MEMORY, "flat tyre, storm"),
    _P("walk.asc_eur", 1.5, "EUR", -20, 20, "fitted to mode shares under 5 km: INSEE Flash HdF 116 and Premiere 1835 (FACTS)", "constant of walking"),
    _P("walk.weight", 1.2, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute on foot"),
    _P("walk.max_min", 75.0, "min", 10, 180, FROM_MEMORY, "longest walk to work, each way"),
    _P("walk.late", 0.002, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    _P("walk.fail", 0.0, "share of tours", 0, 0.05, FROM_MEMORY, "walks that fail"),
    _P("transit.asc_eur", 5.0, "EUR", -20, 20, "fitted to mode shares under 5 km: INSEE Flash HdF 116 and Premiere 1835 (FACTS)", "constant of transit"),
    _P("transit.weight", 1.0, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute by transit, walk and wait included"),
    _P("transit.fare_eur", 2.0, "EUR", 0, 20, FROM_MEMORY, "what a tour costs its rider, after the employer's half of a pass"),
    _P("transit.max_min", 100.0, "min", 20, 240, FROM_MEMORY, "longest trip each way, wait at work included"),
    _P("transit.late", 0.03, "share of tours", 0, 0.3, FROM_MEMORY, "tours over ten minutes late"),
    _P("transit.fail", 0.005, "share of tours", 0, 0.1, FROM_MEMORY, "bus or train that does not run"),
    _P("transit.access_max_min", 15.0, "min", 5, 60, FROM_MEMORY, "longest walk to or from a stop"),
    _P("transit.transfer_min", 3.0, "min", 0, 15, FROM_MEMORY, "least time to change vehicles"),
    _P("transit.bus_co2_g_per_km", 122.0, "g/km", 20, 300, _ADEME, "diesel bus, a passenger-km"),
    _P("transit.rail_co2_g_per_km", 27.7, "g/km", 2, 100, _ADEME, "TER, a passenger-km"),
    _P("transit.bus_cost_eur_per_km", 4.5, "EUR/km", 1, 10, FROM_MEMORY, "public cost of a vehicle-km by bus"),
    _P("transit.rail_cost_eur_per_km", 16.0, "EUR/km", 5, 40, FROM_MEMORY, "public cost of a train-km"),
    _P("experience.smoothing", 0.1, "share a week", 0, 1, "DESIGN: smoothing share", "how fast expectations move"),
    _P("experience.prior_tours", 20.0, "tours", 0, 1000, FROM_MEMORY, "tours at which data weigh as much as the prior"),
)  # fmt: skip
