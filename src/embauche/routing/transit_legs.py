"""Which runs a door-to-door journey by transit rides, leg by leg: what counting places needs.

Lives here: Ride, LegFinder. Not here: minutes (transit_rows, kernels.transit), places (services).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from embauche.kernels.lines import FAR, Labels
from embauche.routing.lines import Lines
from embauche.routing.transit_rows import RIDES, TransitRows

Array = np.ndarray[Any, Any]


class Ride(NamedTuple):
    """One ride of a journey.

    Attributes:
        offset: day of the run's timetable less the day of the shift: -1, 0 or 1.
        trip: row of trips.
        start, end: positions of the trip's stops between which one is aboard.
    """

    offset: int
    trip: int
    start: int
    end: int


class LegFinder:
    """Journeys of (place, site, class), searched when first asked for and kept."""

    def __init__(self, rows: TransitRows) -> None:
        self._rows = rows
        self._known: dict[tuple[int, int], tuple[list[Ride], list[Ride]] | None] = {}

    def journeys(self, place: Array, row: Array) -> list[tuple[list[Ride], list[Ride]] | None]:
        """Rides there and back of each pair of place and row (`TransitRows.row`); None without a journey."""
        asked = list(zip(np.asarray(place).tolist(), np.asarray(row).tolist(), strict=True))
        new: dict[int, list[int]] = {}
        for p, r in dict.fromkeys(asked):
            if (p, r) not in self._known:
                new.setdefault(r, []).append(p)
        for r, places in new.items():
            self._find(r, places)
        return [self._known[key] for key in asked]

    def _find(self, row: int, places: list[int]) -> None:
        if row < 0:
            self._known |= dict.fromkeys([(p, row) for p in places])
            return
        ways = []
        for way in (0, 1):
            lines, labels, moment = self._rows.labels(row, way)
            ways.append([self._way(lines, labels, moment, p) for p in places])
        for p, there, back in zip(places, *ways, strict=True):
            self._known[p, row] = None if there is None or back is None else (there, back)

    def _way(self, lines: Lines, labels: Labels, moment: int, place: int) -> list[Ride] | None:
        """The journey of the stop at home of least total, then of fewest rides, then the lowest row."""
        near, longest = self._rows.near, self._rows.longest_s
        best: tuple[int, int, int] | None = None
        for j in range(near.ptr[place], near.ptr[place + 1]):
            stop = int(near.stop[j])
            at = int(labels.alight[RIDES, stop])
            total = at - moment + int(near.seconds[j])
            if at >= FAR or at - moment > longest or total > longest:
                continue
            rides = int(np.argmax(labels.alight[:, stop] == at))
            found = (total, rides, stop)
            best = found if best is None else min(best, found)
        return None if best is None else unpack(lines, labels, best[2])


def unpack(lines: Lines, labels: Labels, stop: int) -> list[Ride]:
    """Rides of the journey to a stop in the order in which they are ridden (see kernels.lines.describe)."""
    a = lines.arrays
    out: list[Ride] = []
    v, k, path, board = stop, RIDES, -1, 0
    while True:
        while labels.trip[k, v] < 0:
            k -= 1
        seat, leave = int(labels.seat[k, v]), int(labels.leave[k, v])
        line = int(np.searchsorted(a.first, seat, side="right")) - 1
        p0, trips, base = int(a.first[line]), int(a.trips[line]), int(a.base[line])
        width = int(a.first[line + 1]) - p0
        t = int(labels.trip[k, v]) - int(a.trip0[line])
        cell = base + leave - p0
        if path >= 0 and lines.mirrored:
            while t + 1 < trips and a.arr[cell + (t + 1) * width] + a.foot_s[path] <= board:
                t += 1
        board = int(a.dep[base + (seat - p0) * trips + t])
        run = int(a.trip0[line]) + t
        ends = (width - 1 - leave + p0, width - 1 - seat + p0) if lines.mirrored else (seat - p0, leave - p0)
        out.append(Ride(int(lines.run_day[run]) - 1, int(lines.run_trip[run]), *ends))
        u = int(a.stop[seat])
        k -= 1
        while k > 0 and labels.walk[k, u] < 0:
            k -= 1
        if k == 0:
            return out if lines.mirrored else out[::-1]
        path = int(labels.walk[k, u])
        v = int(a.foot_from[path])
