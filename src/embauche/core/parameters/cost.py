"""What services cost and use: drivers, energy, vehicles; shared by the services that run any.

Lives here: unit costs. Not here: fares and what travellers perceive (the services' own parameters).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_DRIVER = "25 to 35 EUR/h (FACTS, from memory); coach driver 0.9 EUR/km (CGDD 2016)"

PARAMETERS = (
    _P("cost.driver_eur_h", 30.0, "EUR/h", 20, 50, _DRIVER, "employer's cost of an hour of a driver"),
    _P("cost.paid_over_driven", 1.25, "ratio", 1, 2, FROM_MEMORY, "drivers' hours paid over hours of timetabled trips (layovers, sign-on)"),
    _P("cost.fuel_eur_per_kwh", 0.13, "EUR/kWh", 0.05, 0.4, "coach 0.278 EUR/km (CGDD 2016) at 2016 prices, raised (from memory)", "diesel for professional use"),
    _P("cost.diesel_co2_g_per_kwh", 311.0, "g/kWh", 200, 350, "ADEME base empreinte: B7 about 3.1 kg CO2e a litre of 9.97 kWh (from memory)", "CO2 of diesel, from well to wheel"),
    _P("cost.bus_kwh_per_km", 4.0, "kWh/km", 0.8, 6, "40 litres of diesel for 100 km (from memory); ADEME 122 g a passenger-km at ten aboard", "energy of a bus"),
    _P("cost.bus_empty_share", 0.1, "share", 0, 0.5, FROM_MEMORY, "kilometres to and from the depot over those in service"),
    _P("cost.bus_other_eur_per_km", 2.2, "EUR/km", 0.5, 6, FROM_MEMORY, "vehicles, upkeep and overheads of a bus, beside its driver and fuel"),
    _P("cost.rail_kwh_per_km", 12.0, "kWh/km", 4, 30, FROM_MEMORY, "energy of a regional train"),
    _P("cost.rail_eur_per_kwh", 0.12, "EUR/kWh", 0.04, 0.4, FROM_MEMORY, "traction energy of trains"),
    _P("cost.rail_co2_g_per_kwh", 180.0, "g/kWh", 20, 320, "ADEME: TER 27.7 g a passenger-km, at some 80 aboard (from memory)", "CO2 of trains' energy, diesel and electric mixed"),
    _P("cost.rail_staff", 2.0, "persons", 1, 3, FROM_MEMORY, "driver and guard of a regional train"),
    _P("cost.rail_other_eur_per_km", 13.0, "EUR/km", 5, 40, FROM_MEMORY, "trains, upkeep, stations and track charges a train-km, beside staff and energy"),
    _P("cost.car_kwh_per_km", 0.65, "kWh/km", 0.15, 1.2, "7 litres for 100 km (from memory)", "energy of a car"),
    _P("cost.employer_pass_share", 0.5, "share", 0, 0.75, "employers refund half of a transit pass (FACTS)", "part of a fare that the employer pays; travellers' fares are what is left"),
)  # fmt: skip
