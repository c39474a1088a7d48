"""Door-to-door trips by transit for pairs of home and workplace, from the timetable's rows and the walks.

Lives here: the best stop at home, both ways. Not here: the timetable's search (kernels.raptor), fares.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.lines import EARLY, RAIL, RIDES, RISK, ROAD, SECONDS, WAIT

FAR = 1 << 29  # seconds of a stop that a row does not reach


@inline
def _spread(
    at: np.ndarray, seconds: np.ndarray, reached: np.ndarray, fields: np.ndarray, first: int, end: int
) -> None:
    """Note the cell and the seconds of each stop of reached[first:end]."""
    for a in range(first, end):
        at[reached[a]] = a
        seconds[reached[a]] = fields[a, SECONDS]


@inline
def _wipe(seconds: np.ndarray, reached: np.ndarray, first: int, end: int) -> None:
    """Forget what `_spread` noted."""
    for a in range(first, end):
        seconds[reached[a]] = FAR


@inline
def _best(
    at: np.ndarray, seconds: np.ndarray, fields: np.ndarray, floor: int, stop: np.ndarray,
    walk_s: np.ndarray, lo: int, hi: int, longest_s: int,
) -> tuple[int, int]:  # fmt: skip
    """Least seconds door to door and the cell: of those that tie fewest rides, then the lowest stop.

    at: int64 [stop] cell, and seconds: int32 [stop], FAR where the timetable does not join the stop to the
    workplace; fields: uint16 [cell, FIELDS]; floor: least seconds of all; stop, walk_s lo..hi: stops near
    home, nearest first. (longest_s, -1) if none.
    """
    best: Any = longest_s
    chosen: Any = -1
    for j in range(lo, hi):
        walk = walk_s[j]
        if walk + floor > best:
            break  # farther stops only take longer
        all_s = seconds[stop[j]] + walk
        if all_s > best:
            continue
        a = at[stop[j]]
        if chosen >= 0 and all_s == best:
            n, least = fields[a, RIDES], fields[chosen, RIDES]
            if n > least or (n == least and a > chosen):
                continue
        best, chosen = np.int64(all_s), a
    return best, chosen


@kernel
def door_to_door(
    lo: int,
    hi: int,
    pair: np.ndarray,
    place: np.ndarray,
    row: np.ndarray,
    near_ptr: np.ndarray,
    near_stop: np.ndarray,
    near_s: np.ndarray,
    first: np.ndarray,
    end: np.ndarray,
    floor: np.ndarray,
    reached: np.ndarray,
    fields: np.ndarray,
    stops: int,
    bus_g: float,
    rail_g: float,
    longest_s: int,
    out_min: np.ndarray,
    back_min: np.ndarray,
    km: np.ndarray,
    g: np.ndarray,
    early_min: np.ndarray,
    wait_min: np.ndarray,
    transfers: np.ndarray,
    late: np.ndarray,
) -> None:
    """Minutes each way, kilometres and grams of the tour for pairs lo..hi; left alone unless both exist.

    pair: int64, the cell of the outputs; row: int64 [pair]; first, end, floor: int64 [way, row], cells of
    the row's stops there and back, and their least seconds; reached: int32 [cell] stops; fields: uint16
    [cell, FIELDS]; stops: how many there are. Quick where pairs of a row stand side by side: what it reaches
    is spread over all stops once for them all.
    """
    at, at_back = np.empty(stops, np.int64), np.empty(stops, np.int64)
    seconds, seconds_back = np.full(stops, FAR, np.int32), np.full(stops, FAR, np.int32)
    known: Any = -1
    for i in range(lo, hi):
        o, p, r = pair[i], place[i], row[i]
        if r != known:
            if known >= 0:
                _wipe(seconds, reached, first[0, known], end[0, known])
                _wipe(seconds_back, reached, first[1, known], end[1, known])
            _spread(at, seconds, reached, fields, first[0, r], end[0, r])
            _spread(at_back, seconds_back, reached, fields, first[1, r], end[1, r])
            known = r
        if first[0, r] == end[0, r] or first[1, r] == end[1, r]:
            continue
        x, y = near_ptr[p], near_ptr[p + 1]
        out_s, a = _best(at, seconds, fields, floor[0, r], near_stop, near_s, x, y, longest_s)
        if a < 0:
            continue
        back_s, b = _best(at_back, seconds_back, fields, floor[1, r], near_stop, near_s, x, y, longest_s)
        if b < 0:
            continue
        out_min[o] = out_s / 60.0
        lost = np.float64(fields[b, RISK])  # seconds of waiting that missed connections add on average
        back_min[o] = (back_s + lost) / 60.0
        late[o] = fields[a, RISK] / 65535.0
        road = (np.int64(fields[a, ROAD]) + np.int64(fields[b, ROAD])) / 100.0
        rail = (np.int64(fields[a, RAIL]) + np.int64(fields[b, RAIL])) / 100.0
        km[o] = road + rail
        g[o] = road * bus_g + rail * rail_g
        early_min[o] = fields[a, EARLY] / 60.0
        wait_min[o] = (np.int64(fields[a, WAIT]) + np.int64(fields[b, WAIT]) + lost) / 60.0
        transfers[o] = np.int64(fields[a, RIDES]) + np.int64(fields[b, RIDES]) - 2
