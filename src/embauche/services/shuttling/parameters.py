"""Parameters of shuttles, each with unit, range and source.

Lives here: values. Not here: what they do (services.shuttle, shuttling).
"""
# ruff: noqa: E501  # one parameter, one line

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

COACH = "coach: CGDD 2016 (FACTS)"
PARAMETERS = (
    Parameter("shuttle.asc_eur", 3.1, "EUR", -20, 20, "as transit's", "constant of shuttles"),
    Parameter("shuttle.weight", 1.0, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute by shuttle"),
    Parameter("shuttle.late", 0.02, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("shuttle.fail", 0.003, "share of tours", 0, 0.1, FROM_MEMORY, "shuttle that does not run"),
    Parameter("shuttle.fare_eur", 1.0, "EUR", 0, 20, FROM_MEMORY, "what a tour costs its rider"),
    Parameter("shuttle.max_early_min", 45.0, "min", 0, 180, FROM_MEMORY, "longest time at work before the start"),
    Parameter("shuttle.max_wait_min", 45.0, "min", 0, 180, FROM_MEMORY, "longest wait for the shuttle home"),
    Parameter("shuttle.time_factor", 1.1, "ratio", 1, 2, FROM_MEMORY, "time of a bus over that of a car"),
    Parameter("shuttle.dwell_min", 0.7, "min", 0, 5, FROM_MEMORY, "time at a stop"),
    Parameter("shuttle.most_pause_min", 45.0, "min", 0, 240, FROM_MEMORY, "a driver who would stand about for longer goes back to the depot"),
    Parameter("shuttle.sign_on_min", 15.0, "min", 0, 60, FROM_MEMORY, "paid before and after each duty, together"),
    Parameter("shuttle.driver_eur_h", 30.0, "EUR/h", 15, 60, "25-35 EUR/h (FACTS, from memory)", "cost of a driver"),
    Parameter("shuttle.energy_eur_per_km", 0.278, "EUR/km", 0.05, 1, COACH, "fuel of a vehicle-km"),
    Parameter("shuttle.upkeep_eur_per_km", 0.20, "EUR/km", 0, 2, FROM_MEMORY, "tyres, repairs of a vehicle-km"),
    Parameter("shuttle.vehicle_eur_week", 450.0, "EUR/week", 0, 3000, FROM_MEMORY, "holding a vehicle for a week"),
    Parameter("shuttle.energy_kwh_per_km", 2.8, "kWh/km", 0.2, 6, "28 l of diesel on 100 km (from memory)", "energy of a vehicle-km"),
    Parameter("shuttle.co2_g_per_km", 870.0, "g/km", 0, 2000, "28 l of diesel on 100 km, 3.1 kg CO2e a litre (from memory)", "CO2 of a vehicle-km"),
)  # fmt: skip
