"""Parameters of on-demand transport, each with unit, range and source.

Lives here: the service's `parameters_of`. Not here: what a system sets for itself (demand.options).
"""

# ruff: noqa: E501 - one parameter, one line
from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_MINIBUS = "minibus at about 9 l of diesel on 100 km (from memory)"

PARAMETERS = (
    _P("on_demand.asc_eur", 2.1, "EUR", -20, 20, "as transit's; no observed share of rural on-demand commutes at hand", "constant of on-demand transport"),
    _P("on_demand.weight", 1.0, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute aboard or on foot"),
    _P("on_demand.late", 0.03, "share of tours", 0, 0.3, FROM_MEMORY, "tours over ten minutes late"),
    _P("on_demand.fail", 0.003, "share of tours", 0, 0.1, FROM_MEMORY, "rides that do not come"),
    _P("on_demand.fare_eur", 2.0, "EUR", 0, 20, FROM_MEMORY, "fare of a ride, where its system says nothing else"),
    _P("on_demand.fare_eur_per_km", 0.0, "EUR/km", 0, 2, FROM_MEMORY, "fare of a direct kilometre, likewise"),
    _P("on_demand.max_wait_min", 20.0, "min", 0, 120, FROM_MEMORY, "longest wait for the ride home, and earliest arrival before work"),
    _P("on_demand.detour_alpha", 1.5, "ratio", 1, 5, "order of MATSim DRT studies (from memory)", "a ride lasts at most alpha times the direct one"),
    _P("on_demand.detour_beta_min", 10.0, "min", 0, 60, "order of MATSim DRT studies (from memory)", "and beta minutes more"),
    _P("on_demand.stop_min", 1.0, "min", 0, 10, FROM_MEMORY, "minutes to board or to alight"),
    _P("on_demand.change_min", 5.0, "min", 0, 30, FROM_MEMORY, "between the ride and the bus or train that it feeds"),
    _P("on_demand.ride_factor", 1.1, "ratio", 1, 2, FROM_MEMORY, "minutes of a minibus over a car's"),
    _P("on_demand.wheelchair_share", 0.003, "share", 0, 0.1, FROM_MEMORY, "persons of working age who travel in a wheelchair"),
    _P("on_demand.short_notice", 0.05, "share", 0, 1, FROM_MEMORY, "tours without standing booking asked for within the last day"),
    _P("on_demand.shift_max_min", 480.0, "min", 120, 600, "about the daily working time in France, from memory", "longest shift of a driver where a scenario gives none"),
    _P("on_demand.search", 0.0, "iterations", 0, 100_000, "speed against kilometres", "improvements tried a day on rides booked the day before"),
    _P("on_demand.driver_eur_h", 30.0, "EUR/h", 15, 60, "on-demand driver 25-35 EUR/h (FACTS, from memory)", "cost of a driver's hour"),
    _P("on_demand.energy_kwh_per_km", 0.9, "kWh/km", 0.1, 3, _MINIBUS, "energy of a vehicle-kilometre"),
    _P("on_demand.energy_eur_per_km", 0.16, "EUR/km", 0.02, 1, _MINIBUS, "price of the energy of a vehicle-kilometre"),
    _P("on_demand.co2_g_per_km", 280.0, "g/km", 0, 600, _MINIBUS, "CO2 of a vehicle-kilometre, fuel made and burnt"),
    _P("on_demand.vehicle_eur_week", 190.0, "EUR a week", 0, 1000, "minibus over seven years with insurance, from memory", "cost of a vehicle that stands ready"),
    _P("on_demand.vehicle_eur_per_km", 0.12, "EUR/km", 0, 1, FROM_MEMORY, "wear of a vehicle-kilometre"),
    _P("on_demand.booking_share", 0.15, "share", 0, 1, FROM_MEMORY, "booking centre and management over drivers' cost"),
)  # fmt: skip
