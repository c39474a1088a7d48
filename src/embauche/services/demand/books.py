"""The end of an on-demand week: rides as driven, vehicles' moves, fares, and what it cost.

Lives here: close. Not here: bookings (demand.week), who pays the deficit (core.ledger, analysis.accounts).
Costs come from drivers' hours and vehicle-kilometres, never from an assumed cost of a trip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.ledger import STAFF, SUPPLIER, USER, operator, whole_cents
from embauche.core.outputs import MOVES
from embauche.core.table import Table
from embauche.services.demand.rides import DAY_MIN, Rides
from embauche.services.shared import WeekOfService, events

if TYPE_CHECKING:
    from embauche.services.demand.week import SystemWeek
    from embauche.services.on_demand import OnDemand

Array = np.ndarray[Any, Any]


def close(service: OnDemand) -> WeekOfService:
    """Drive the week as booked."""
    out = WeekOfService()
    for week in service.weeks:
        _drive(service, week, out)
    return out


def _drive(service: OnDemand, week: SystemWeek, out: WeekOfService) -> None:
    """One system: events of riders, moves of vehicles, operations and payments."""
    number, layout = week.reach.number, week.reach.layout
    system = service.systems[number]
    rode = _riders(service, week, system.name, out)
    km_with = km_empty = 0.0
    for day, planner in sorted(week.days.items()):
        m = planner.finish().moves
        vehicle = week.fleets[day].vehicle[m.vehicle]
        km_with += float(m.km[m.riders > 0].sum())
        km_empty += float(m.km[m.riders == 0].sum())
        n = len(vehicle)
        out.moves.append(
            Table.make(MOVES, {
                "week": np.full(n, service.week, np.int16), "day": np.full(n, day, np.int8),
                "service": np.full(n, service.name, object), "system": np.full(n, system.name, object),
                "vehicle": vehicle, "from_node": layout.node[m.from_stop], "to_node": layout.node[m.to_stop],
                "start_min": m.start_min + DAY_MIN * day, "end_min": m.end_min + DAY_MIN * day,
                "km": m.km, "riders": m.riders,
            })
        )  # fmt: skip
    paid_min = sum(day.paid_min for day in week.fleets)
    km = km_with + km_empty
    out.operations.add(
        service.name, system.name, driver_min=paid_min, km_with=km_with, km_empty=km_empty,
        energy_kwh=km * service.value("energy_kwh_per_km"), co2_g=km * service.value("co2_g_per_km"),
    )  # fmt: skip
    _pay(service, week, out, rode, paid_min, km)


def _riders(service: OnDemand, week: SystemWeek, name: str, out: WeekOfService) -> Array:
    """Tell who was picked up and set down; rows of the tours booked that were ridden."""
    b, scene = week.booked, service.scene
    held = np.flatnonzero(np.array(b.held, bool))
    person, slot = np.array(b.person, np.int64)[held], np.array(b.slot, np.int64)[held]
    came = scene.chosen[person, slot] == scene.services.index(service.name)
    worker = np.array(b.worker_id, np.int64)[held]
    out.events.append(
        events(
            service.week, service.name, "no_show", int((~came).sum()), system=name,
            day=slot[~came] // 2, worker_id=worker[~came],
        )
    )  # fmt: skip
    rode: Array = held[came]
    worker, slot = worker[came], slot[came]
    rides = Rides.joined(b.rides).take(rode)
    ends = np.stack([rides.home, rides.away], 1)
    days, legs = (np.array(x, np.int64).reshape(-1, 2)[rode] for x in (b.day, b.leg))
    for day, planner in sorted(week.days.items()):
        plan = planner.finish()
        tour, way = np.nonzero(days == day)
        leg = legs[tour, way]
        for event, minute, end in (
            ("pickup", plan.pickup_min, way),
            ("delivery", plan.delivery_min, 1 - way),
        ):
            out.events.append(
                events(
                    service.week, service.name, event, len(leg), system=name, day=slot[tour] // 2,
                    worker_id=worker[tour], vehicle=week.fleets[day].vehicle[plan.vehicle[leg]],
                    node=week.reach.layout.node[ends[tour, end]], minute=minute[leg] + DAY_MIN * day,
                )
            )  # fmt: skip
    return rode


def _pay(
    service: OnDemand, week: SystemWeek, out: WeekOfService, rode: Array, paid_min: float, km: float
) -> None:
    """Fares of riders, and what the operator pays for drivers, energy, vehicles, bookings."""
    system = service.systems[week.reach.number]
    name, service_name = system.name, service.name
    persons, communes = service.ground.population.persons, service.ground.territory.communes
    commune = persons.commune[np.array(week.booked.person, np.int64)[rode]]
    rides = Rides.joined(week.booked.rides).take(rode)
    runs = operator(service_name, name)
    for payee, fare in ((runs, service.fare(rides)), (operator("transit"), service.onward_fare(rides))):
        out.ledger.pay_many(
            service_name, name, USER, payee, "fare", whole_cents(fare), commune, communes.code
        )  # fmt: skip
    out.operations.add_many(
        service_name, name, commune, communes.code, trips=np.full(len(rode), 2.0), passenger_km=rides.km
    )
    drivers = paid_min / 60.0 * service.value("driver_eur_h")
    vehicles = sum(entry.vehicles for entry in system.fleet)
    for payee, what, eur in (
        (STAFF, "drivers", drivers),
        (SUPPLIER, "energy", km * service.value("energy_eur_per_km")),
        (SUPPLIER, "vehicles", vehicles * service.value("vehicle_eur_week")
         + km * service.value("vehicle_eur_per_km")),
        (SUPPLIER, "booking", drivers * service.value("booking_share")),
    ):  # fmt: skip
        out.ledger.pay(service_name, name, runs, payee, what, int(whole_cents(eur)))
