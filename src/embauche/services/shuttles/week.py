"""A week of shuttles as it was driven: boardings, moves, kilometres and hours, and what they cost.

Lives here: played, fares. Not here: bookings (seats), duties of vehicles (fleet).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from embauche.core.ledger import STAFF, SUPPLIER, USER, Ledger, Operations, operator, split, whole_cents
from embauche.core.outputs import MOVES
from embauche.core.parameters import Parameters
from embauche.core.table import Table
from embauche.services.accounting import Done
from embauche.services.shared import WeekOfService, events
from embauche.services.shuttles.fleet import Duties
from embauche.services.shuttles.layout import Layout, Line
from embauche.services.shuttles.seats import Booking, Seats

Array = np.ndarray[Any, Any]
NAME = "shuttle"


def played(
    week: int, layout: Layout, plans: Sequence[Duties], seats: Seats, home: Array, codes: Array,
    parameters: Parameters,
) -> WeekOfService:  # fmt: skip
    """What a week leaves: every run is driven, with or without riders.

    Args:
        week: weeks since the start of burn-in.
        layout: the lines.
        plans: a week of each line's vehicles.
        seats: the week's bookings.
        home: int [person] row of the commune of home.
        codes: str [commune].
        parameters: unit costs.
    """
    out = WeekOfService()
    for k, (line, duties) in enumerate(zip(layout.lines, plans, strict=True)):
        km_with = _moves(out, week, line, duties, seats.riders(k))
        _costs(out.ledger, out.operations, line, duties, km_with, parameters)
    _riders(out, week, layout, plans, list(seats.booked.values()), home, codes)
    return out


def _moves(out: WeekOfService, week: int, line: Line, duties: Duties, riders: Array) -> float:
    """Enter the week's drives; kilometres with riders aboard."""
    drives = duties.stretches
    n = len(drives)
    if not n:
        return 0.0
    columns: dict[str, Any] = {
        name: np.array([getattr(s, name) for s in drives])
        for name in ("vehicle", "day", "from_node", "to_node", "start_min", "end_min", "km")
    }
    run, stretch = (np.array([getattr(s, name) for s in drives]) for name in ("run", "stretch"))
    aboard = np.where(run >= 0, riders[columns["day"], run, stretch], 0)
    columns |= {"week": np.full(n, week), "riders": aboard}
    columns |= {key: np.full(n, v, object) for key, v in (("service", NAME), ("system", line.name))}
    out.moves.append(Table.make(MOVES, columns))
    return float(columns["km"][aboard > 0].sum())


def costs_of(duties: Duties, p: Parameters) -> dict[str, float]:
    """What a line's week costs by kind, EUR."""
    km = duties.km_run + duties.km_empty
    return {
        "drivers": duties.driver_min / 60.0 * p["cost.driver_eur_h"],
        "energy": km * p["shuttle.kwh_per_km"] * p["cost.fuel_eur_per_kwh"],
        "vehicles": km * p["shuttle.other_eur_per_km"],
    }


def _costs(
    ledger: Ledger, operations: Operations, line: Line, duties: Duties, km_with: float, p: Parameters
) -> None:
    """Drivers, energy and vehicles of a line's week."""
    km = duties.km_run + duties.km_empty
    hours, kwh = duties.driver_min / 60.0, km * p["shuttle.kwh_per_km"]
    for what, eur in costs_of(duties, p).items():
        payee = STAFF if what == "drivers" else SUPPLIER
        ledger.pay(NAME, line.name, operator(NAME, line.name), payee, what, int(whole_cents(eur)))
    operations.add(
        NAME, line.name, "", driver_min=60.0 * hours, km_with=km_with,
        km_empty=max(0.0, km - km_with), energy_kwh=kwh, co2_g=kwh * p["cost.diesel_co2_g_per_kwh"],
    )  # fmt: skip


def _riders(
    out: WeekOfService, week: int, layout: Layout, plans: Sequence[Duties], booked: list[Booking],
    home: Array, codes: Array,
) -> None:  # fmt: skip
    """Boardings and alightings, trips and passenger-kilometres."""
    for k, (line, duties) in enumerate(zip(layout.lines, plans, strict=True)):
        runs = line.runs()
        vehicle = np.full((7, len(runs)), -1, np.int32)
        for s in duties.stretches:
            if s.run >= 0:
                vehicle[s.day, s.run] = s.vehicle
        legs = [
            (b.person, b.worker_id, b.day, leg[1], leg[2], leg[3])
            for b in booked for leg in (b.out, b.back) if leg[0] == k
        ]  # fmt: skip
        if not legs:
            continue
        worker_id = np.array([leg[1] for leg in legs], np.int64)
        person, _, on, run, a, b = np.array(legs, np.int64).T
        start = 1440.0 * on + np.array([t for _, t in runs])[run]
        back = np.array([x for x, _ in runs])[run]
        for event, stop in (("boarding", a), ("alighting", b)):
            at = start + np.where(back, line.length_min - line.at_min[stop], line.at_min[stop])
            out.events.append(
                events(
                    week, NAME, event, len(legs), system=line.name, day=on, worker_id=worker_id,
                    vehicle=vehicle[on, run], node=line.node[stop], minute=at,
                )
            )  # fmt: skip
        km = np.abs(line.km[b] - line.km[a])
        where = home[person].astype(np.int64)
        out.operations.add_many(NAME, line.name, where, codes, trips=np.ones(len(legs)), passenger_km=km)


def fares(done: Done, layout: Layout, seats: Seats, home: Array, ledger: Ledger) -> None:
    """Enter the riders' fares: those of a commune go to the lines of their ways out, by tours booked.

    Args:
        done: tours made by shuttle.
        layout, seats: the week's lines and bookings.
        home: int [person] row of the commune of home.
        ledger: where to enter them.
    """
    names = [line.name for line in layout.lines]
    tours = np.zeros((len(done.codes), len(names)))
    for b in seats.booked.values():
        tours[home[b.person], b.out[0]] += 1
    total = np.zeros(len(done.codes), np.int64)
    np.add.at(total, done.home, done.cents * done.tours)
    for commune in np.flatnonzero(total).tolist():
        for name, cents in zip(names, split(int(total[commune]), tours[commune]).tolist(), strict=True):
            ledger.pay(NAME, name, USER, operator(NAME, name), "fare", cents, str(done.codes[commune]))
