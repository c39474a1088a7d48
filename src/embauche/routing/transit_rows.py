"""Timetable times between all stops and each workplace at each hour: rows, kept or made anew tile by tile.

Lives here: territory tables as lines, TransitRows. Not here: the search (lines), walks (access), fares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from embauche.kernels.lines import FIELDS
from embauche.routing.access import RAIL_MODES, NearStops
from embauche.routing.lines import DAY_S, Footpaths, Lines, StopTimes, day_lines, search

Array = np.ndarray[Any, Any]
RIDES = 8
KEPT_BYTES = 1 << 30  # rows of both ways are kept in memory up to this, beyond it they are made per tile
TILE_BYTES = 1 << 28


def stop_times(trips: Any, connections: Any) -> StopTimes:
    """Trips of the territory's tables, kilometres in whole tens of metres."""
    order = np.argsort(connections.trip, kind="stable")
    trip = connections.trip[order]
    n = len(trips)
    count = np.bincount(trip, minlength=n)
    used = count > 0
    ptr = np.concatenate([[0], np.cumsum(count + used)]).astype(np.int64)
    cell = np.arange(len(order)) + np.cumsum(used)[trip] - 1  # one more cell a trip: its last stop
    last = (ptr[1:] - 1)[used]
    ends = np.cumsum(count)[used] - 1  # each trip's last connection
    cells = int(ptr[-1])

    def along(values: Array, final: Array) -> Array:
        out = np.zeros(cells, values.dtype)
        out[cell], out[last] = values[order], final[order][ends]
        return out

    dep = along(connections.dep_s, connections.arr_s)
    arr = np.zeros(cells, np.int32)
    arr[cell + 1] = connections.arr_s[order]
    arr[ptr[:-1][used]] = dep[ptr[:-1][used]]
    alight = np.zeros(cells, bool)
    alight[cell + 1] = connections.dropoff[order]
    board = along(connections.pickup, np.zeros(len(order), bool))
    dam = np.floor(connections.km.astype(np.float64) * 100.0 + 0.5).astype(np.int64)[order]
    rail = np.isin(trips.mode, RAIL_MODES)[trip]
    lengths = []
    for metres in (np.where(rail, 0, dam), np.where(rail, dam, 0)):
        leg = np.zeros(cells, np.int64)
        leg[cell + 1] = metres
        total = np.cumsum(leg)
        lengths.append(total - np.repeat(total[ptr[:-1][used]], (count + 1)[used]))
    return StopTimes.make(
        ptr, along(connections.dep_stop, connections.arr_stop), arr, dep, board, alight, *lengths
    )


class TransitRows:
    """Rows (site, class): for every stop, when to be there for work, and when one is there after it.

    Attributes:
        row: int32 [site, class], -1 where no row was asked.
        near: stops near places.
        kept: whether all rows are kept.
    """

    def __init__(
        self, times: StopTimes, days: Array, feet: Footpaths, near_site: NearStops, near_place: NearStops,
        pairs: Array, shape: tuple[int, int], class_days: Array, start_s: Array, end_s: Array,
        longest_s: int, kept_bytes: int = KEPT_BYTES,
    ) -> None:  # fmt: skip
        """Prepare; nothing is searched yet.

        Args:
            times: all trips.
            days: uint8 [trip] bit mask of weekdays.
            feet: changes of vehicle.
            near_site, near_place: stops near sites and places.
            pairs: int64 [pair, 2] distinct (site, class) in use.
            shape: number of sites and of classes.
            class_days: int8 [class, 3] weekday before, of the class, after; -1 where not looked at.
            start_s, end_s: int [class] seconds after midnight of the class's day.
            longest_s: longest trip, walks and waiting at work included.
            kept_bytes: keep all rows if they take no more.
        """
        self.near, self.near_site = near_place, near_site
        self._times, self._days, self._feet = times, days.astype(np.uint8), feet
        self.stops = int(feet.start.max(initial=-1)) + 1
        known, which = np.unique(class_days, axis=0, return_inverse=True)
        self._class_days, day = known, which.reshape(-1)
        order = np.lexsort((pairs[:, 1], pairs[:, 0], day[pairs[:, 1]]))
        self._site, klass = pairs[order, 0], pairs[order, 1]
        self._day = day[klass]
        self._moment = np.stack([-start_s[klass].astype(np.int64), end_s[klass].astype(np.int64)])
        self.row = np.full(shape, -1, np.int32)
        self.row[self._site, klass] = np.arange(len(order))
        self.longest_s = longest_s
        self.row_bytes = 2 * FIELDS * 2 * max(self.stops, 1)
        self.kept = len(order) * self.row_bytes <= kept_bytes
        self._lines: dict[int, tuple[Lines, Lines]] = {}
        self._all: tuple[Array, Array, Array] | None = None

    def _of_day(self, day: int) -> tuple[Lines, Lines]:
        if day not in self._lines:
            running = [
                np.flatnonzero(self._days >> d & 1) if d >= 0 else np.zeros(0, np.int64)
                for d in self._class_days[day].tolist()
            ]
            self._lines[day] = day_lines(self._times, running, (-DAY_S, 0, DAY_S), self._feet, self.stops)
        return self._lines[day]

    def compute(self, rows: Array) -> tuple[Array, Array, Array]:
        """Search for some rows, rising.

        Returns:
            Fields of the way out and of the way back, uint16 [row, stop, FIELDS] (kernels.lines: SECONDS
            before the start or after the end, NEVER where none), and least seconds, int64 [row, 2].
        """
        found = tuple(np.empty((len(rows), self.stops, FIELDS), np.uint16) for _ in range(2))
        for day in np.unique(self._day[rows]).tolist():
            mine = np.flatnonzero(self._day[rows] == day)
            for back, out in enumerate(found):
                self._search(rows, mine, self._of_day(day)[1 - back], self._moment[back], out)
        floor = np.stack([f[:, :, 0].min(axis=1, initial=65535) for f in found], axis=1).astype(np.int64)
        return found[0], found[1], floor

    def _search(self, rows: Array, mine: Array, lines: Lines, moment: Array, out: Array) -> None:
        """Fill out[mine] for rows[mine]: rows of one site are a group, the latest searching time first."""
        mine = mine[np.lexsort((-moment[rows[mine]], self._site[rows[mine]]))]
        site = self._site[rows[mine]]
        first = np.flatnonzero(np.diff(site, prepend=-1))
        n = self.near_site
        lo, hi = n.ptr[site[first]], n.ptr[site[first] + 1]
        seed_ptr = np.concatenate([[0], np.cumsum(hi - lo)])
        seed = np.repeat(lo - seed_ptr[:-1], hi - lo) + np.arange(seed_ptr[-1])
        search(
            lines, np.append(first, len(mine)), moment[rows[mine]], seed_ptr, n.stop[seed], n.seconds[seed],
            self.longest_s, RIDES, fields=out, at=mine,
        )  # fmt: skip

    def tiles(self, row: Array) -> Iterator[tuple[Array, Array, Array, Array, Array]]:
        """Rows for pairs, a tile at a time.

        Args:
            row: int [pair]; pairs of row -1 are passed over.

        Yields:
            Pairs int64, their rows within the tile int64, and the tile's three arrays (see `compute`).
        """
        asked = np.flatnonzero(row >= 0)
        if self.kept:
            if self._all is None and len(asked):
                self._all = self.compute(np.arange(len(self._site)))
            if self._all is not None:
                yield asked, row[asked].astype(np.int64), *self._all
            return
        used, local = np.unique(row[asked], return_inverse=True)
        step = max(1, TILE_BYTES // self.row_bytes)
        order = np.argsort(local, kind="stable")
        edges = np.searchsorted(local[order], np.arange(0, len(used) + step, step))
        for k in range(len(edges) - 1):
            mine = order[edges[k] : edges[k + 1]]
            if len(mine):
                tile = self.compute(used[k * step : (k + 1) * step])
                yield asked[mine], local[mine] - k * step, *tile
