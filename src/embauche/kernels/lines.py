"""Arrays of a day's lines, the labels of a search over them, and what a journey found consists of.

Lives here: LineArrays, Labels, the greedy split into lines, describe. Not here: the search (kernels.raptor).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embauche.kernels import inline, kernel

FAR = np.int32(2**30)  # later than any time of any timetable
SECONDS, EARLY, WAIT, RIDES, ROAD, RAIL, RISK = range(7)
FIELDS = 7
LATE_S = 600  # a tour is late that arrives more than ten minutes after the start
LAST_S = 7_200  # who misses the last trip of a line loses two hours


class LineArrays(NamedTuple):
    """A day's lines: trips with the same stops, none of which overtakes another; see routing.lines.

    Attributes:
        first: int32 [line + 1] first position of each line.
        stop: int32 [position].
        board, alight: bool [position].
        trips: int32 [line] number of trips; trip0: int32 [line] first of them.
        base: int64 [line] first cell of the line's times.
        arr: int32 [cell], within a line [trip, position]; dep: int32 [cell], within a line [position, trip].
        road, rail: int32 [position] tens of metres since the line's first stop.
        rank: int32 [trip] decides between trips that arrive together: the lowest.
        at_ptr: int32 [stop + 1]; at_line, at_position: int32, where one may board at each stop.
        foot_ptr: int32 [stop + 1]; foot_from, foot_to: int32 [path].
        foot_s: int32 [path] from a vehicle to being ready for the next; walk_s: int32, the walk in it.
    """

    first: np.ndarray
    stop: np.ndarray
    board: np.ndarray
    alight: np.ndarray
    trips: np.ndarray
    trip0: np.ndarray
    base: np.ndarray
    arr: np.ndarray
    dep: np.ndarray
    road: np.ndarray
    rail: np.ndarray
    rank: np.ndarray
    at_ptr: np.ndarray
    at_line: np.ndarray
    at_position: np.ndarray
    foot_ptr: np.ndarray
    foot_from: np.ndarray
    foot_to: np.ndarray
    foot_s: np.ndarray
    walk_s: np.ndarray


class Labels(NamedTuple):
    """What the search knows, int32 [round, stop]: row k holds the best with at most k rides.

    Attributes:
        alight: time of arrival by vehicle; trip: the trip that gave it, -1 where a lower round did.
        seat: position where that trip was boarded; leave: position where it was left.
        ready: time from which one can board; walk: the footpath (round 0: the seed) that gave it, or -1.
    """

    alight: np.ndarray
    trip: np.ndarray
    seat: np.ndarray
    leave: np.ndarray
    ready: np.ndarray
    walk: np.ndarray


@kernel
def split_lines(
    group_ptr: np.ndarray, trip_ptr: np.ndarray, arr: np.ndarray, dep: np.ndarray, line: np.ndarray
) -> int:
    """Put trips of one group into lines in which each is strictly later at every stop than the last.

    group_ptr: int64 [group + 1] trips of a group in order; trip_ptr: int64 [trip + 1] cells of arr and dep;
    line: int32 [trip], filled. A trip goes to the first line of its group that it fits. Returns the lines.
    """
    last = np.empty(line.shape[0], np.int64)  # last trip so far of each line
    lines = 0
    for g in range(group_ptr.shape[0] - 1):
        first = lines
        for t in range(group_ptr[g], group_ptr[g + 1]):
            mine = -1
            for candidate in range(first, lines):
                before = trip_ptr[last[candidate]]
                follows = True
                for i in range(trip_ptr[t + 1] - trip_ptr[t]):
                    if arr[before + i] >= arr[trip_ptr[t] + i] or dep[before + i] >= dep[trip_ptr[t] + i]:
                        follows = False
                        break
                if follows:
                    mine = candidate
                    break
            if mine < 0:
                mine = lines
                lines += 1
            last[mine] = t
            line[t] = mine
    return lines


@inline
def _line_of(lines: LineArrays, position: int) -> int:
    lo, hi = 0, lines.first.shape[0] - 1
    while hi - lo > 1:
        middle = (lo + hi) >> 1
        if lines.first[middle] <= position:
            lo = middle
        else:
            hi = middle
    return lo


@inline
def describe(
    lines: LineArrays,
    labels: Labels,
    top: int,
    s: int,
    time: int,
    seed_s: np.ndarray,
    mirrored: bool,
    chance: np.ndarray,
    out: np.ndarray,
) -> None:
    """Fill out [FIELDS] for the journey to stop s, walked back from s to the seed; top is the last round.

    Where time is reversed the walk back runs forward in time: she then takes the first trip of each line.
    chance: float64 [2, seconds] that a bus, a train is at most so late. RISK is the chance to be late at work
    in 65,535ths where time is reversed (a connection missed counts as late), else the seconds of waiting that
    missed connections add on average, each until the line's next trip.
    """
    early, wait, rides, road, rail = 0, 0, 0, 0, 0
    v, k, path, board = s, top, -1, 0
    last = chance.shape[1] - 1
    kept, lost, gap, by_rail = 1.0, 0.0, 0, 0
    while True:
        while labels.trip[k, v] < 0:
            k -= 1
        seat, leave = labels.seat[k, v], labels.leave[k, v]
        line = _line_of(lines, seat)
        p0, trips, base = lines.first[line], lines.trips[line], lines.base[line]
        width = lines.first[line + 1] - p0
        t = labels.trip[k, v] - lines.trip0[line]
        cell = base + (leave - p0)
        if path >= 0:
            if mirrored:
                while t + 1 < trips and lines.arr[cell + (t + 1) * width] + lines.foot_s[path] <= board:
                    t += 1
            wait += board - lines.arr[cell + t * width] - lines.walk_s[path]
        before = by_rail
        by_rail = 1 if lines.rail[leave] != lines.rail[seat] else 0
        if path >= 0:
            slack = board - lines.arr[cell + t * width] - lines.foot_s[path]
            made = chance[before if mirrored else by_rail, min(slack, last)]
            kept *= made
            lost += (1.0 - made) * gap
        gap = LAST_S
        if t + 1 < trips:
            column = base + (seat - p0) * trips + t
            gap = min(LAST_S, lines.dep[column + 1] - lines.dep[column])
        rides += 1
        road += lines.road[leave] - lines.road[seat]
        rail += lines.rail[leave] - lines.rail[seat]
        board = lines.dep[base + (seat - p0) * trips + t]
        u = lines.stop[seat]
        k -= 1
        while k > 0 and labels.walk[k, u] < 0:
            k -= 1
        path = labels.walk[k, u]
        if k == 0:
            slack = board - time - seed_s[path]
            if mirrored:
                early += slack
                kept *= chance[by_rail, min(slack + LATE_S, last)]
            else:
                wait += slack
            break
        v = lines.foot_from[path]
    out[SECONDS] = labels.alight[top, s] - time
    out[EARLY] = min(early, 65535)
    out[WAIT] = min(wait, 65535)
    out[RIDES] = rides
    out[ROAD] = min(road, 65535)
    out[RAIL] = min(rail, 65535)
    out[RISK] = np.int64((1.0 - kept) * 65535.0 + 0.5) if mirrored else min(np.int64(lost + 0.5), 65535)
