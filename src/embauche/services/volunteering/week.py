"""A week of volunteer drivers as it was driven: pick-ups, drives, kilometres, who is paid back what.

Lives here: played, fares. Not here: who takes whom (crew).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from embauche.core.ledger import STAFF, USER, Ledger, operator, split, whole_cents
from embauche.core.outputs import MOVES
from embauche.core.parameters import Parameters
from embauche.core.table import Table
from embauche.services.accounting import Done
from embauche.services.shared import WeekOfService, events
from embauche.services.volunteering.crew import Crew, Tour

Array = np.ndarray[Any, Any]
NAME = "volunteers"


def played(
    week: int, crews: Sequence[Crew], place_node: Array, site_node: Array, ride_km: Any, home: Array,
    codes: Array, p: Parameters,
) -> WeekOfService:  # fmt: skip
    """What a week leaves.

    Args:
        week: weeks since the start of burn-in.
        crews: with the week's tours.
        place_node, site_node: int nodes of places and sites used.
        ride_km: (place rows, site rows) -> kilometres of the ways out and back, two float64 [tour].
        home: int [person] row of the commune of home.
        codes: str [commune].
        p: unit figures.
    """
    out = WeekOfService()
    for crew in crews:
        tours = sorted(crew.tours.values(), key=lambda t: (t.volunteer, t.out_start))
        if not tours:
            continue
        place, site = (np.array([getattr(t, x) for t in tours], np.int32) for x in ("place", "site"))
        there, back = ride_km(place, site)
        with_km, empty_km = 0.0, 0.0
        moves: list[tuple[Any, ...]] = []
        for t, a, b in zip(tours, there.tolist(), back.tolist(), strict=True):
            moves += _drives(crew, t, int(place_node[t.place]), int(site_node[t.site]), a, b)
        with_km = sum(m[6] for m in moves if m[7])
        empty_km = sum(m[6] for m in moves if not m[7])
        _enter(out, week, crew, tours, moves, place_node, site_node)
        km, name = with_km + empty_km, crew.scheme.name
        cents = int(whole_cents(km * p["volunteers.paid_back_eur_per_km"]))
        out.ledger.pay(NAME, name, operator(NAME, name), STAFF, "reimbursement", cents)
        out.operations.add(
            NAME, name, "", driver_min=sum(t.minutes for t in tours), km_with=with_km, km_empty=empty_km,
            energy_kwh=km * p["cost.car_kwh_per_km"], co2_g=km * p["car.co2_g_per_km"],
        )  # fmt: skip
        where = home[[t.person for t in tours]].astype(np.int64)
        out.operations.add_many(
            NAME, name, where, codes, trips=np.full(len(tours), 2.0), passenger_km=there + back
        )
    return out


def _drives(crew: Crew, t: Tour, home: int, work: int, there: float, back: float) -> list[tuple[Any, ...]]:
    """(vehicle, day, from, to, start, end, km, riders) of a tour's six drives."""
    v, own = t.volunteer, int(crew.home[t.volunteer])
    (a, b), (c, d) = t.busy
    spans = [
        (own, home, a, t.out_start, crew.to_place[1][v, t.place], 0),
        (home, work, t.out_start, t.out_end, there, 1),
        (work, own, t.out_end, b, crew.from_site[1][v, t.site], 0),
        (own, work, c, t.back_start, crew.to_site[1][v, t.site], 0),
        (work, home, t.back_start, t.back_end, back, 1),
        (home, own, t.back_end, d, crew.from_place[1][v, t.place], 0),
    ]
    return [(v, t.day, x, y, begin, end, float(km), riders) for x, y, begin, end, km, riders in spans]


def _enter(
    out: WeekOfService, week: int, crew: Crew, tours: Sequence[Tour], moves: Sequence[tuple[Any, ...]],
    place_node: Array, site_node: Array,
) -> None:  # fmt: skip
    """Rows of events and moves."""
    name, n = crew.scheme.name, len(moves)
    fields = ("vehicle", "day", "from_node", "to_node", "start_min", "end_min", "km", "riders")
    columns: dict[str, Any] = {f: np.array([m[k] for m in moves]) for k, f in enumerate(fields)}
    columns |= {
        "week": np.full(n, week),
        "service": np.full(n, NAME, object),
        "system": np.full(n, name, object),
    }
    out.moves.append(Table.make(MOVES, columns))
    home = place_node[[t.place for t in tours]]
    work = site_node[[t.site for t in tours]]
    for event, node, what in (
        ("pickup", home, "out_start"), ("delivery", work, "out_end"),
        ("pickup", work, "back_start"), ("delivery", home, "back_end"),
    ):  # fmt: skip
        out.events.append(
            events(
                week, NAME, event, len(tours), system=name, day=[t.day for t in tours],
                worker_id=[t.worker_id for t in tours], vehicle=[t.volunteer for t in tours], node=node,
                minute=[getattr(t, what) for t in tours],
            )
        )  # fmt: skip


def fares(done: Done, crews: Sequence[Crew], home: Array, ledger: Ledger) -> None:
    """Enter what riders pay: each commune's goes to its schemes by tours booked.

    Args:
        done: tours made.
        crews: with the week's tours.
        home: int [person] row of the commune of home.
        ledger: where to enter them.
    """
    names = [crew.scheme.name for crew in crews]
    booked = np.zeros((len(done.codes), len(names)))
    for k, crew in enumerate(crews):
        for t in crew.tours.values():
            booked[home[t.person], k] += 1
    total = np.zeros(len(done.codes), np.int64)
    np.add.at(total, done.home, done.cents * done.tours)
    for commune in np.flatnonzero(total).tolist():
        for name, cents in zip(names, split(int(total[commune]), booked[commune]).tolist(), strict=True):
            ledger.pay(NAME, name, USER, operator(NAME, name), "fare", cents, str(done.codes[commune]))
