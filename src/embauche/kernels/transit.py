"""Door-to-door trips by transit for pairs of home and workplace, from the timetable's rows and the walks.

Lives here: the best stop at home, both ways. Not here: the timetable's search (kernels.raptor), fares.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.lines import EARLY, RAIL, RIDES, RISK, ROAD, SECONDS, WAIT


@inline
def _best(
    reached: np.ndarray, fields: np.ndarray, first: int, end: int, floor: int, stop: np.ndarray,
    walk_s: np.ndarray, lo: int, hi: int, longest_s: int,
) -> tuple[int, int]:  # fmt: skip
    """Least seconds door to door and the cell: of those that tie fewest rides, then the lowest stop.

    reached[first:end]: stops that the timetable joins to the workplace, rising; fields: uint16
    [cell, FIELDS]; floor: least of their seconds; stop, walk_s lo..hi: stops near home, nearest first.
    (longest_s, -1) if none.
    """
    best: Any = longest_s
    rides: Any = 0
    chosen: Any = -1
    for j in range(lo, hi if end > first else lo):
        if walk_s[j] + floor > best:
            break  # farther stops only take longer
        s = stop[j]
        a, b = first, end - 1
        while a < b:
            middle = (a + b) >> 1
            if reached[middle] < s:
                a = middle + 1
            else:
                b = middle
        if reached[a] != s:
            continue
        seconds = np.int64(fields[a, SECONDS]) + np.int64(walk_s[j])
        n = np.int64(fields[a, RIDES])
        if seconds > best:
            continue
        if chosen < 0 or seconds < best or n < rides or (n == rides and a < chosen):
            best, rides, chosen = seconds, n, np.int64(a)
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
    [cell, FIELDS].
    """
    for i in range(lo, hi):
        o, p, r = pair[i], place[i], row[i]
        x, y = near_ptr[p], near_ptr[p + 1]
        out_s, a = _best(
            reached, fields, first[0, r], end[0, r], floor[0, r], near_stop, near_s, x, y, longest_s
        )
        if a < 0:
            continue
        back_s, b = _best(
            reached, fields, first[1, r], end[1, r], floor[1, r], near_stop, near_s, x, y, longest_s
        )
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
