"""The ground of a fleet: minutes and kilometres between stops, depots, halts and breaks as rows of their own.

Lives here: Fleet and Grid, made once for all days. Not here: a day's plan (day).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.kernels.dispatch import Stops

Array = np.ndarray[Any, Any]


@dataclass
class Fleet:
    """Vehicles of a day, all [vehicle].

    Attributes:
        depot: row of the stop where a vehicle begins and ends its shift (int32).
        seats, wheelchair_places: what it carries at once (int8). A rider in a wheelchair takes a place, and a
            seat if her request says so.
        shift_from, shift_until: minutes of the day that it may be away from the depot.
        break_from, break_until, break_min: its break, taken at the depot with nobody aboard, lies within
            [break_from, break_until] and lasts break_min; nan: none.
    """

    depot: Array
    seats: Array
    wheelchair_places: Array
    shift_from: Array
    shift_until: Array
    break_from: Array
    break_until: Array
    break_min: Array

    def __len__(self) -> int:
        return len(self.depot)


class Grid:
    """What vehicles drive on; several days (and threads) share one.

    Rows of the search beyond the stops are depots, then breaks at a depot. Minutes of the search include the
    halt at the end, so that two events at one stop share it; the way to a depot has none.

    Args:
        minutes: driving minutes [stop, stop] float32.
        km: kilometres [stop, stop] float32.
        fleet: the vehicles.
        stop_min: minutes of a halt.
        places: where each stop is [stop, 2], in minutes of driving east and north, if vehicles drive in
            straight lines and may turn off anywhere; else they go on to their next stop first.
        home: whether vehicles go back to their depot; else they end their day where they are.

    Raises:
        ValueError: places together with halts that take time.
    """

    def __init__(
        self,
        minutes: Array,
        km: Array,
        fleet: Fleet,
        stop_min: float,
        *,
        places: Array | None = None,
        home: bool = True,
    ) -> None:
        if places is not None and stop_min > 0.0:
            raise ValueError("vehicles that turn off anywhere have no halts that take time")
        self.minutes, self.km, self.fleet, self.stop_min = minutes, km, fleet, float(stop_min)
        n = len(minutes)
        has_break = np.isfinite(fleet.break_min)
        depots, self.depot_row = np.unique(np.asarray(fleet.depot, np.int32), return_inverse=True)
        pairs = np.column_stack([fleet.depot, np.where(has_break, fleet.break_min, 0.0)])
        breaks, break_row = np.unique(pairs[has_break], axis=0, return_inverse=True)
        self.depot_row = (n + self.depot_row).astype(np.int32)
        self.break_row = np.full(len(fleet), -1, np.int32)
        self.break_row[has_break] = n + len(depots) + break_row.reshape(-1)
        self.stop_of = np.concatenate([np.arange(n), depots, breaks[:, 0]]).astype(np.int32)
        self.halt = np.concatenate([np.full(n, self.stop_min), np.zeros(len(depots)), breaks[:, 1]])
        table = minutes[np.ix_(self.stop_of, self.stop_of)] + self.halt[None, :].astype(np.float32)
        table[np.arange(n), np.arange(n)] = 0.0
        self.end_row = self.depot_row
        if not home:
            table = np.pad(table, (0, 1))
            self.stop_of, self.halt = np.append(self.stop_of, -1), np.append(self.halt, 0.0)
            self.end_row = np.full(len(fleet), len(table) - 1, np.int32)
        self.table = np.ascontiguousarray(table, np.float32)
        plane = np.zeros((0, 2))
        if places is not None:
            plane = np.where(self.stop_of[:, None] < 0, np.nan, places[self.stop_of])
        self.stops = Stops(self.table, np.ascontiguousarray(self.table.T), np.ascontiguousarray(plane))

    def km_between(self, a: Array, b: Array) -> Array:
        """Kilometres from rows a to rows b of the search; none to nowhere."""
        at, to = self.stop_of[a], self.stop_of[b]
        return np.where((at < 0) | (to < 0), 0.0, self.km[at, to]).astype(np.float64)
