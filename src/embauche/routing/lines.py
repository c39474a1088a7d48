"""Lines of a service day: trips grouped by their stops so that none overtakes another, both ways in time.

Lives here: StopTimes, Footpaths, Lines. Not here: the search (kernels.raptor), GTFS, the model's rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.parallel import run_blocks
from embauche.kernels.lines import FIELDS, Labels, LineArrays, split_lines
from embauche.kernels.raptor import search_rows
from embauche.routing.delays import NO_DELAYS

Array = np.ndarray[Any, Any]
DAY_S = 86_400
NO_TIMES = np.empty((0, 0), np.int32)
NO_STOPS = np.empty(0, np.int32)
NO_FIELDS = np.empty((0, FIELDS), np.uint16)


@dataclass(frozen=True)
class StopTimes:
    """Trips as rows of stops.

    Attributes:
        ptr: int64 [trip + 1], cells of each trip; all other arrays but group are by cell.
        stop: int32; arr, dep: int32 seconds after midnight of the service day.
        board, alight: bool, allowed there.
        road, rail: int32 tens of metres since the trip's first stop.
        group: int64 [trip], the same for trips of the same stops, permissions and lengths.
    """

    ptr: Array
    stop: Array
    arr: Array
    dep: Array
    board: Array
    alight: Array
    road: Array
    rail: Array
    group: Array

    @classmethod
    def make(
        cls, ptr: Array, stop: Array, arr: Array, dep: Array, board: Array, alight: Array, road: Array,
        rail: Array,
    ) -> StopTimes:  # fmt: skip
        """From arrays of any integer type; nobody alights at a trip's first stop or boards at its last."""
        ptr = np.ascontiguousarray(ptr, np.int64)
        board, alight = board.astype(bool), alight.astype(bool)
        some = ptr[1:] > ptr[:-1]
        alight[ptr[:-1][some]] = False
        board[ptr[1:][some] - 1] = False
        stop, arr, dep, road, rail = (np.ascontiguousarray(x, np.int32) for x in (stop, arr, dep, road, rail))
        alike = np.stack([stop, board * 2 + alight, road, rail], axis=1).astype(np.int32)
        names: dict[bytes, int] = {}
        group = [
            names.setdefault(alike[a:b].tobytes(), len(names))
            for a, b in zip(ptr[:-1].tolist(), ptr[1:].tolist(), strict=True)
        ]
        return cls(ptr, stop, arr, dep, board, alight, road, rail, np.array(group, np.int64))

    @property
    def trips(self) -> int:
        """Number of trips."""
        return len(self.ptr) - 1


@dataclass(frozen=True)
class Footpaths:
    """Changes of vehicle: from where one alights to where one boards, int32 [path], sorted by both stops.

    Attributes:
        start, end: stops; a change at one stop is a path from it to itself.
        seconds: from alighting to being ready to board.
        walk_s: the part of these that is walked.
    """

    start: Array
    end: Array
    seconds: Array
    walk_s: Array

    @classmethod
    def make(cls, start: Array, end: Array, seconds: Array, walk_s: Array) -> Footpaths:
        """From arrays in any order."""
        order = np.lexsort((end, start))
        columns = (start, end, seconds, walk_s)
        return cls(*(np.ascontiguousarray(np.asarray(x)[order], np.int32) for x in columns))

    def reversed(self) -> Footpaths:
        """Every path the other way."""
        return Footpaths.make(self.end, self.start, self.seconds, self.walk_s)


@dataclass(frozen=True)
class Lines:
    """The lines of one day in one direction of time.

    Attributes:
        arrays: what the kernel reads.
        mirrored: time is reversed: an arrival at `-t` is a departure at `t`.
        run_trip, run_day: int32 [trip of the arrays] row of StopTimes and index of its day.
    """

    arrays: LineArrays
    mirrored: bool
    run_trip: Array
    run_day: Array

    @property
    def stops(self) -> int:
        """Number of stops."""
        return len(self.arrays.at_ptr) - 1


@dataclass(frozen=True)
class Found:
    """Journeys between a start and the stops that it reaches, row by row.

    Attributes:
        ptr: int64 [row + 1] cells of each row.
        stop: int32 [cell], rising within a row.
        fields: uint16 [cell, FIELDS], see kernels.lines.
    """

    ptr: Array
    stop: Array
    fields: Array


def day_lines(
    times: StopTimes, running: Sequence[Array], shifts_s: Sequence[int], feet: Footpaths, stops: int,
    *, first_s: int = -(2**29), last_s: int = 2**29,
) -> tuple[Lines, Lines]:  # fmt: skip
    """Lines of the trips that run, forwards and with time reversed.

    Args:
        times: all trips.
        running: for each day looked at, the rows of `times` that run on it.
        shifts_s: seconds added to the times of each day, e.g. -86,400 for the day before.
        feet: changes of vehicle.
        stops: number of stops.
        first_s, last_s: runs that end before or begin after these are left out.

    A line holds trips of one group, each strictly later at every stop than the one before: trips are taken
    by first departure, last arrival, day and row, and each goes to the group's first line that it fits.
    """
    trip = np.concatenate([np.asarray(r, np.int64) for r in running])
    day = np.repeat(np.arange(len(running)), [len(r) for r in running])
    shift = np.asarray(shifts_s, np.int64)[day]
    begins, ends = times.dep[times.ptr[trip]] + shift, times.arr[times.ptr[trip + 1] - 1] + shift
    keep = (ends >= first_s) & (begins <= last_s)
    trip, day, shift, begins, ends = (x[keep] for x in (trip, day, shift, begins, ends))
    rank = day * times.trips + trip
    order = np.lexsort((rank, ends, begins, times.group[trip]))
    trip, day, shift, rank = trip[order], day[order], shift[order], rank[order]
    group = times.group[trip]
    group_ptr = np.concatenate([np.flatnonzero(np.diff(group, prepend=-1)), [len(trip)]]).astype(np.int64)
    cell, run_ptr = _cells(times.ptr[trip], times.ptr[trip + 1])
    by_run = np.repeat(shift, np.diff(run_ptr))
    arr, dep = times.arr[cell] + by_run, times.dep[cell] + by_run
    line = np.empty(len(trip), np.int32)
    split_lines(group_ptr, run_ptr, arr, dep, line)
    order = np.argsort(line, kind="stable")
    runs: list[Array] = [x[order] for x in (line, trip, day, shift, rank)]
    forwards = _lines(times, runs, feet, stops, mirrored=False)
    return forwards, _lines(times, [x[::-1] for x in runs], feet.reversed(), stops, mirrored=True)


def _cells(first: Array, end: Array) -> tuple[Array, Array]:
    """Rows first[i]:end[i] one after the other, and where each begins."""
    ptr = np.concatenate([[0], np.cumsum(end - first)]).astype(np.int64)
    return np.repeat(first - ptr[:-1], np.diff(ptr)) + np.arange(ptr[-1]), ptr


def _lines(times: StopTimes, runs: Sequence[Array], feet: Footpaths, stops: int, *, mirrored: bool) -> Lines:
    """Arrays of runs already sorted by line (descending where mirrored) and time."""
    line, trip, day, shift, rank = runs
    starts = np.flatnonzero(np.diff(line, prepend=-1)) if len(line) else np.zeros(0, np.int64)
    trips = np.diff(np.append(starts, len(line)))
    example = trip[starts]
    position, first = _cells(times.ptr[example], times.ptr[example + 1])
    cell, run_ptr = _cells(times.ptr[trip], times.ptr[trip + 1])
    arr, dep = (x[cell] + np.repeat(shift, np.diff(run_ptr)) for x in (times.arr, times.dep))
    board, alight = times.board[position], times.alight[position]
    length = np.diff(first)
    if mirrored:
        turn = _turned(first)
        position, board, alight = position[turn], alight[turn], board[turn]
        back = _turned(run_ptr)
        arr, dep = -dep[back], -arr[back]
    of_line = np.repeat(np.arange(len(starts)), length)
    base = np.concatenate([[0], np.cumsum(trips * length)])[:-1].astype(np.int64)
    # dep is kept by position, so that a search for the first trip in time stays in one column
    t = np.repeat(np.arange(len(trip)) - np.repeat(starts, trips), np.diff(run_ptr))
    p = np.arange(len(cell)) - np.repeat(run_ptr[:-1], np.diff(run_ptr))
    l_cell = np.repeat(np.repeat(np.arange(len(starts)), trips), np.diff(run_ptr))
    column = np.empty(len(cell), np.int32)
    column[base[l_cell] + p * trips[l_cell] + t] = dep
    at = np.flatnonzero(board)
    stop = times.stop[position]
    at = at[np.lexsort((at, stop[at]))]
    road, rail = (x[position] * (-1 if mirrored else 1) for x in (times.road, times.rail))

    def i32(x: Array) -> Array:
        return np.ascontiguousarray(x, np.int32)

    arrays = LineArrays(
        i32(first), i32(stop), np.ascontiguousarray(board), np.ascontiguousarray(alight), i32(trips),
        i32(starts), base, i32(arr), column, i32(road), i32(rail), i32(rank),
        _ptr(stop[at], stops), i32(of_line[at]), i32(at),
        _ptr(feet.start, stops), feet.start, feet.end, feet.seconds, feet.walk_s,
    )  # fmt: skip
    return Lines(arrays, mirrored, i32(trip), i32(day))


def _turned(ptr: Array) -> Array:
    """Index that reverses each piece ptr[i]:ptr[i + 1]."""
    sizes = np.diff(ptr)
    return np.repeat(ptr[:-1] + ptr[1:] - 1, sizes) - np.arange(ptr[-1])


def _ptr(rows: Array, count: int) -> Array:
    ptr = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=count), out=ptr[1:])
    return ptr


def new_labels(stops: int, rides: int) -> Labels:
    """Labels for at most `rides` rides, to be filled by a search."""
    return Labels(*(np.empty((rides + 1, stops), np.int32) for _ in range(6)))


def search(
    lines: Lines, group_ptr: Array, row_time: Array, seed_ptr: Array, seed_stop: Array, seed_s: Array,
    longest_s: int, rides: int, *, alight: Array = NO_TIMES, described: bool = False,
    labels: Labels | None = None, chance: Array = NO_DELAYS,
) -> Found:  # fmt: skip
    """Search for groups of rows with the same seeds; see kernels.raptor.search_rows.

    Args:
        lines: the lines; where mirrored, all times are negated.
        group_ptr: int [group + 1] rows of each group; row_time: int [row], never rising within a group.
        seed_ptr: int [group + 1]; seed_stop: int [seed], no stop twice in a group; seed_s: int [seed].
        longest_s: longest journey looked for.
        rides: most rides of a journey.
        alight: int32 [row, stop] to fill with times of arrival by vehicle, FAR where none; or empty.
        described: whether to tell what the journeys consist of.
        chance: of delays, see delays.delay_chances.
        labels: filled with the last row's labels if a single group is searched.

    Returns:
        What was found; nothing unless `described`.
    """
    rows = [np.ascontiguousarray(group_ptr, np.int64), np.ascontiguousarray(row_time, np.int32)]
    seeds = [
        np.ascontiguousarray(x, t)
        for x, t in ((seed_ptr, np.int64), (seed_stop, np.int32), (seed_s, np.int32))
    ]
    template = labels or new_labels(lines.stops, rides)
    count = np.zeros(len(row_time) if described else 0, np.int32)
    parts: dict[int, tuple[Array, Array]] = {}

    def work(lo: int, hi: int) -> None:
        parts[lo] = search_rows(
            lo, hi, lines.arrays, *rows, *seeds, longest_s, lines.mirrored, chance, template, alight, count
        )

    run_blocks(work, len(group_ptr) - 1, least=2)
    ordered = [parts[lo] for lo in sorted(parts)]
    stop = np.concatenate([NO_STOPS, *(part[0] for part in ordered)])
    fields = np.concatenate([NO_FIELDS, *(part[1] for part in ordered)])
    return Found(np.concatenate([[0], np.cumsum(count)]).astype(np.int64), stop, fields)
