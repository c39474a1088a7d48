"""Vehicles of an on-demand system by weekday: each driver's shift is a vehicle that the planner may use.

Lives here: DayFleet. Not here: routes (services.dispatching), what drivers cost (demand.books).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.shifts import DAY_NAMES
from embauche.services.demand.options import span_of

if TYPE_CHECKING:
    from embauche.services.demand.layout import Layout
    from embauche.services.demand.options import System, Vehicles
    from embauche.services.dispatching.grid import Grid

Array = np.ndarray[Any, Any]
BREAK_AFTER_MIN = 360.0  # Code du travail L3121-16: 20 minutes once six hours are worked
BREAK_MIN = 20.0


@dataclass(frozen=True)
class DayFleet:
    """Vehicles of one day.

    Attributes:
        grid: the ground of the planner with its vehicles, one a driver's shift.
        vehicle: int32 [shift] number of the vehicle that is driven.
        paid_min: drivers' paid minutes of the day, whether or not anybody rides; breaks are not paid.
        chairs: places for wheelchairs in all.
    """

    grid: Grid
    vehicle: Array
    paid_min: float
    chairs: int


def _shifts(entry: Vehicles, spans: list[tuple[int, int]], day: int, longest_min: float) -> list[list[float]]:
    """Shifts of one vehicle on a day: from, until, break from, until, minutes (NaN: none)."""
    out = []
    for shift in entry.shifts:
        if DAY_NAMES[day] in shift.days:
            start, end = span_of(shift.hours)
            low, high = span_of(shift.pause) if shift.pause is not None else (np.nan, np.nan)
            minutes = shift.pause_min if shift.pause is not None else np.nan
            out.append([start, end, low, high, minutes])
    if entry.shifts:
        return out
    for start, end in spans:  # one driver after the other, none longer than allowed
        parts = int(np.ceil((end - start) / longest_min))
        edges = np.linspace(start, end, parts + 1)
        for low, high in pairwise(edges.tolist()):
            rest = [low + 120.0, high - 60.0, BREAK_MIN] if high - low > BREAK_AFTER_MIN else [np.nan] * 3
            out.append([low, high, *rest])
    return out


def fleets(system: System, layout: Layout, stop_min: float, longest_min: float) -> list[DayFleet]:
    """Vehicles of each weekday; days with the same shifts share one.

    Args:
        system: what the scenario says.
        layout: it, on the ground.
        stop_min: minutes of a halt.
        longest_min: longest shift of a driver where the scenario gives none.
    """
    from embauche.services.dispatching.grid import Fleet, Grid

    spans = system.spans()
    out: list[DayFleet] = []
    known: dict[bytes, DayFleet] = {}
    for day in range(len(DAY_NAMES)):
        rows: list[list[float]] = []
        number = 0
        for entry, stop in zip(system.fleet, layout.depot.tolist(), strict=True):
            for _ in range(entry.vehicles):
                same = [number, stop, entry.seats, entry.wheelchair_places]
                rows += [[*same, *shift] for shift in _shifts(entry, spans[day], day, longest_min)]
                number += 1
        table = np.array(rows, np.float64).reshape(-1, 9)
        if table.tobytes() not in known:
            fleet = Fleet(
                table[:, 1].astype(np.int32), table[:, 2].astype(np.int8), table[:, 3].astype(np.int8),
                *(np.ascontiguousarray(table[:, k]) for k in range(4, 9)),
            )  # fmt: skip
            paid = (table[:, 5] - table[:, 4] - np.nan_to_num(table[:, 8])).sum()
            grid = Grid(layout.minutes, layout.km, fleet, stop_min)
            number_of = table[:, 0].astype(np.int32)
            known[table.tobytes()] = DayFleet(grid, number_of, float(paid), int(table[:, 3].sum()))
        out.append(known[table.tobytes()])
    return out
