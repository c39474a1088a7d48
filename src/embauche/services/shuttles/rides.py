"""Which run of which line takes somebody to work and home, and how long that takes door to door.

Lives here: rides of (place, site, class) rows, line by line. Not here: whether a seat is free (seats).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.classes import TripClasses
from embauche.services.shuttles.layout import Access, Layout, Line

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Rides:
    """The best run there and back of each line for rows, all [line, row].

    Attributes:
        out_run, back_run: int32 index into the line's runs (`Line.runs`), -1 none.
        out_min, back_min: float64 minutes door to door, to the start and from the end of the shift; inf none.
        early_min: float64 minutes at work before the start.
        wait_min: float64 minutes waiting for the run home, after the walk to it.
        work_stop, home_stop: int32 stops between which one rides, -1 none.
    """

    out_run: Array
    back_run: Array
    out_min: Array
    back_min: Array
    early_min: Array
    wait_min: Array
    work_stop: Array
    home_stop: Array

    @classmethod
    def empty(cls, lines: int, rows: int) -> Rides:
        """None of anything."""
        shape = (lines, rows)
        out_run, back_run, work, home = (np.full(shape, -1, np.int32) for _ in range(4))
        out_min, back_min = (np.full(shape, np.inf) for _ in range(2))
        return cls(out_run, back_run, out_min, back_min, np.zeros(shape), np.zeros(shape), work, home)

    def without(self, line: int, rows: Array) -> None:
        """Take a line away from rows (mask)."""
        self.out_run[line, rows] = self.back_run[line, rows] = -1
        self.out_min[line, rows] = self.back_min[line, rows] = np.inf


def rides(
    layout: Layout, classes: TripClasses, place: Array, site: Array, klass: Array, longest_min: float
) -> Rides:
    """The best runs of each line: out the last that is in time, back the first after the shift.

    A run belongs to the day on which the shift begins. One leaves at the stop nearest to work, and boards
    where walk and ride together are shortest.

    Args:
        layout: lines and who can walk to them.
        classes: trip classes.
        place, site: int [row]; klass: int [row].
        longest_min: longest trip each way.
    """
    out = Rides.empty(len(layout.lines), len(place))
    for k, (line, access) in enumerate(zip(layout.lines, layout.access, strict=True)):
        stop = access.work_stop[site].astype(np.int64)
        ride = np.where(stop >= 0, access.home_min[stop, place], np.inf)
        near = np.flatnonzero(np.isfinite(ride))
        for c in np.unique(klass[near]).tolist():
            if line.day_mask >> int(classes.days[c, 1]) & 1:
                rows = near[klass[near] == c]
                _of_class(out, k, line, access, classes, c, rows, place, site, stop, ride, longest_min)
    return out


def _of_class(
    out: Rides, k: int, line: Line, access: Access, classes: TripClasses, c: int, rows: Array, place: Array,
    site: Array, stop: Array, ride: Array, longest_min: float,
) -> None:  # fmt: skip
    """Fill the rows of one class of one line."""
    start, end = float(classes.start_s[c]) / 60.0, float(classes.end_s[c]) / 60.0
    walk = access.work_walk[site[rows]].astype(np.float64)
    at, ride = line.at_min[stop[rows]], ride[rows].astype(np.float64)
    if len(line.there):
        run = np.searchsorted(line.there, start - walk - at, side="right") - 1
        arrives = line.there[run] + at
        minutes = start - arrives + ride
        fits = (run >= 0) & (minutes <= longest_min)
        mine = rows[fits]
        out.out_run[k, mine], out.out_min[k, mine] = run[fits], minutes[fits]
        out.early_min[k, mine] = (start - arrives - walk)[fits]
    if len(line.back):
        at_stop = line.length_min - at  # after the run home has left the last stop
        run = np.searchsorted(line.back, end + walk - at_stop, side="left")
        known = np.minimum(run, len(line.back) - 1)
        leaves = line.back[known] + at_stop
        minutes = leaves - end + ride
        fits = (run < len(line.back)) & (minutes <= longest_min)
        mine = rows[fits]
        out.back_run[k, mine], out.back_min[k, mine] = len(line.there) + run[fits], minutes[fits]
        out.wait_min[k, mine] = (leaves - end - walk)[fits]
    out.work_stop[k, rows] = stop[rows]
    out.home_stop[k, rows] = access.home_stop[stop[rows], place[rows]]
