"""Door-to-door trips by transit for pairs of home and workplace, from the timetable's rows and the walks.

Lives here: the best stop at home, both ways. Not here: the timetable's search (kernels.raptor), fares.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.lines import EARLY, NEVER, RAIL, RIDES, ROAD, SECONDS, WAIT


@inline
def _best(
    fields: np.ndarray, floor: int, stop: np.ndarray, walk_s: np.ndarray, lo: int, hi: int, longest_s: int
) -> tuple[int, int]:
    """Least seconds door to door and the stop: of those that tie fewest rides, then the lowest stop.

    fields: uint16 [stop, FIELDS]; stop, walk_s lo..hi: stops near home, nearest first. (NEVER, -1) if none.
    """
    best: Any = longest_s
    rides: Any = 0
    chosen: Any = -1
    for j in range(lo, hi):
        if walk_s[j] + floor > best:
            break  # farther stops only take longer
        s = stop[j]
        if fields[s, SECONDS] == NEVER:
            continue
        seconds = np.int64(fields[s, SECONDS]) + np.int64(walk_s[j])
        n = np.int64(fields[s, RIDES])
        if seconds > best:
            continue
        if chosen < 0 or seconds < best or n < rides or (n == rides and s < chosen):
            best, rides, chosen = seconds, n, np.int64(s)
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
    to: np.ndarray,
    back: np.ndarray,
    floor: np.ndarray,
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
) -> None:
    """Minutes each way, kilometres and grams of the tour for pairs lo..hi; left alone unless both exist.

    pair: int64, the cell of the outputs; row: int64 [pair] row of to, back (uint16 [row, stop, FIELDS]) and
    of floor (int64 [row, 2], least seconds of any stop, each way).
    """
    for i in range(lo, hi):
        o, p, r = pair[i], place[i], row[i]
        first, last = near_ptr[p], near_ptr[p + 1]
        out_s, a = _best(to[r], floor[r, 0], near_stop, near_s, first, last, longest_s)
        back_s, b = _best(back[r], floor[r, 1], near_stop, near_s, first, last, longest_s)
        if a < 0 or b < 0:
            continue
        out_min[o] = out_s / 60.0
        back_min[o] = back_s / 60.0
        road = (np.int64(to[r, a, ROAD]) + np.int64(back[r, b, ROAD])) / 100.0
        rail = (np.int64(to[r, a, RAIL]) + np.int64(back[r, b, RAIL])) / 100.0
        km[o] = road + rail
        g[o] = road * bus_g + rail * rail_g
        early_min[o] = to[r, a, EARLY] / 60.0
        wait_min[o] = (np.int64(to[r, a, WAIT]) + np.int64(back[r, b, WAIT])) / 60.0
        transfers[o] = np.int64(to[r, a, RIDES]) + np.int64(back[r, b, RIDES]) - 2
