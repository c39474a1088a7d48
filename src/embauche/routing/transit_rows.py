"""Timetable times between all stops and each workplace at each hour: rows, made when first asked for.

Lives here: territory tables as lines, TransitRows. Not here: the search (lines), walks (access), fares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from embauche.kernels.lines import FIELDS, SECONDS, Labels
from embauche.routing.access import RAIL_MODES, NearStops
from embauche.routing.delays import NO_DELAYS
from embauche.routing.lines import DAY_S, Footpaths, Lines, StopTimes, day_lines, new_labels, search

Array = np.ndarray[Any, Any]
RIDES = 8
KEPT_BYTES = 1 << 30
CELL_BYTES = 4 + 2 * FIELDS
STEP_ROWS = 1 << 14  # rows made between two looks at the memory they take


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


class RowTable(NamedTuple):
    """What rows hold.

    Attributes:
        first, end: int64 [way, row] cells of each row, there (0) and back (1).
        floor: int64 [way, row] least seconds of the row's stops.
        stop: int32 [cell], rising within a row.
        fields: uint16 [cell, FIELDS] (kernels.lines); SECONDS before the start, or after the end.
    """

    first: Array
    end: Array
    floor: Array
    stop: Array
    fields: Array


class TransitRows:
    """Rows (site, class): from which stops one is in time for work, and which one reaches after it.

    A row holds the stops that it reaches within the longest trip and no others; it is made when it is first
    asked for, and kept while all rows together take no more than `kept_bytes`.

    Attributes:
        row: int32 [site, class], -1 where no row was asked.
        near: stops near places.
    """

    def __init__(
        self, times: StopTimes, days: Array, feet: Footpaths, near_site: NearStops, near_place: NearStops,
        pairs: Array, shape: tuple[int, int], class_days: Array, start_s: Array, end_s: Array,
        longest_s: int, kept_bytes: int = KEPT_BYTES, chance: Array = NO_DELAYS,
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
            kept_bytes: most memory of rows, give or take a step's.
            chance: of delays, see delays.delay_chances.
        """
        self.near, self.near_site = near_place, near_site
        self._chance = chance
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
        self._cells_kept = kept_bytes // CELL_BYTES
        self._lines: dict[int, tuple[Lines, Lines]] = {}
        self._forget()

    def _forget(self) -> None:
        """Keep no row."""
        rows = len(self._site)
        self._made = np.zeros(rows, bool)
        self._first, self._end = np.zeros((2, rows), np.int64), np.zeros((2, rows), np.int64)
        self._floor = np.zeros((2, rows), np.int64)
        self._used = 0
        self._stop, self._fields = np.empty(0, np.int32), np.empty((0, FIELDS), np.uint16)

    def _of_day(self, day: int) -> tuple[Lines, Lines]:
        if day not in self._lines:
            running = [
                np.flatnonzero(self._days >> d & 1) if d >= 0 else np.zeros(0, np.int64)
                for d in self._class_days[day].tolist()
            ]
            self._lines[day] = day_lines(self._times, running, (-DAY_S, 0, DAY_S), self._feet, self.stops)
        return self._lines[day]

    def make(self, rows: Array) -> RowTable:
        """Search for rows, int64, rising, none of them made before; all rows made so far."""
        for day in np.unique(self._day[rows]).tolist():
            mine = rows[self._day[rows] == day]
            for back in (0, 1):
                self._search(mine, self._of_day(day)[1 - back], back)
        self._made[rows] = True
        return self._table()

    def _table(self) -> RowTable:
        return RowTable(self._first, self._end, self._floor, self._stop, self._fields)

    def _search(self, rows: Array, lines: Lines, way: int) -> None:
        """Search one way: rows of one site are a group, the latest searching time first."""
        moment = self._moment[way]
        rows = rows[np.lexsort((-moment[rows], self._site[rows]))]
        site = self._site[rows]
        group = np.flatnonzero(np.diff(site, prepend=-1))
        n = self.near_site
        lo, hi = n.ptr[site[group]], n.ptr[site[group] + 1]
        seed_ptr = np.concatenate([[0], np.cumsum(hi - lo)])
        seed = np.repeat(lo - seed_ptr[:-1], hi - lo) + np.arange(seed_ptr[-1])
        found = search(
            lines, np.append(group, len(rows)), moment[rows], seed_ptr, n.stop[seed], n.seconds[seed],
            self.longest_s, RIDES, described=True, chance=self._chance,
        )  # fmt: skip
        first, end = found.ptr[:-1], found.ptr[1:]
        self._first[way, rows], self._end[way, rows] = self._used + first, self._used + end
        some = end > first
        if some.any():
            self._floor[way, rows[some]] = np.minimum.reduceat(found.fields[:, SECONDS], first[some])
        self._append(found.stop, found.fields)

    @property
    def times(self) -> StopTimes:
        """All trips."""
        return self._times

    def labels(self, row: int, way: int) -> tuple[Lines, Labels, int]:
        """What the search of one row leaves, there (0) or back (1): lines, labels, start as searched."""
        lines = self._of_day(int(self._day[row]))[1 - way]
        moment, n, site = int(self._moment[way, row]), self.near_site, int(self._site[row])
        seed = slice(n.ptr[site], n.ptr[site + 1])
        labels = new_labels(lines.stops, RIDES)
        search(
            lines, np.array([0, 1]), np.array([moment]), np.array([0, seed.stop - seed.start]),
            n.stop[seed], n.seconds[seed], self.longest_s, RIDES, labels=labels,
        )  # fmt: skip
        return lines, labels, moment

    def _append(self, stop: Array, fields: Array) -> None:
        """Add cells to those kept; room is doubled, so that each cell is moved once or twice in all."""
        used = self._used + len(stop)
        if used > len(self._stop):
            room = max(used, 2 * len(self._stop))
            old = self._stop, self._fields
            self._stop, self._fields = np.empty(room, np.int32), np.empty((room, FIELDS), np.uint16)
            self._stop[: self._used], self._fields[: self._used] = (x[: self._used] for x in old)
        self._stop[self._used : used], self._fields[self._used : used] = stop, fields
        self._used = used

    def tiles(self, row: Array) -> Iterator[tuple[Array, RowTable]]:
        """Rows for pairs, all at once while they fit in memory.

        Args:
            row: int [pair]; pairs of row -1 are passed over.

        Yields:
            Pairs int64, those of a row side by side, and the table that their rows can be read from.
        """
        asked = np.flatnonzero(row >= 0)
        wanted = np.zeros(len(self._site), bool)
        wanted[row[asked]] = True
        todo = np.flatnonzero(wanted & ~self._made)
        for lo in range(0, len(todo), STEP_ROWS):
            if self._used > self._cells_kept:  # hand out what is there, then start over
                yield from self._hand_out(asked, row, wanted)
                self._forget()
            self.make(todo[lo : lo + STEP_ROWS])
        yield from self._hand_out(asked, row, wanted)

    def _hand_out(self, asked: Array, row: Array, wanted: Array) -> Iterator[tuple[Array, RowTable]]:
        """Pairs whose rows are made and still wanted; these are wanted no longer."""
        ready = self._made & wanted
        pairs = asked[ready[row[asked]]]
        pairs = pairs[np.argsort(row[pairs])]
        wanted[ready] = False
        if len(pairs):
            yield pairs, self._table()
