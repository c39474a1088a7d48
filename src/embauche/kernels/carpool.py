"""Who may ride with whom: pairs of driver and rider whose joint trip is shorter, found by place and time.

Lives here: the index's cells and the pairs, and each pair seen from both ends. Not here: matching them.
"""

from __future__ import annotations

import math

import numpy as np

from embauche.kernels import kernel

# what makes a pair, in this order: km a minute, tolerance of arrival in minutes, greatest detour in km and as
# a share of the driver's own km, least saving in km, greatest difference of wished arrivals in minutes
SPEED, FLEX, DETOUR_KM, DETOUR_SHARE, LEAST_KM, APART = 0, 1, 2, 3, 4, 5


@kernel
def candidates(
    lo: int,
    hi: int,
    home: np.ndarray,
    work: np.ndarray,
    arrive: np.ndarray,
    direct: np.ndarray,
    drives: np.ndarray,
    rides: np.ndarray,
    cell_ptr: np.ndarray,
    grid: np.ndarray,
    rules: np.ndarray,
    fill: bool,
    ptr: np.ndarray,
    rider: np.ndarray,
    saved: np.ndarray,
) -> None:
    """Riders of drivers lo to hi: `ptr` gets their number, or with `fill` their rows and savings.

    A rider's home lies in the ellipse round the driver's ends whose long axis is the longest trip that she
    would drive: by the triangle's inequality no other is on her way. Only cells that touch it are looked at.

    Args:
        lo, hi: rows of drivers.
        home, work: km, float64 [commuter, 2], sorted by cell of the home, then by arrival.
        arrive: wished arrival in minutes [commuter]; FLEX either way is accepted.
        direct: km from home to work [commuter], not below the straight line's.
        drives: bool [commuter] who may drive.
        rides: int32, the rows of those who may ride, rising.
        cell_ptr: first of `rides` in each cell, int64 [cell + 1].
        grid: corner x and y, cell's side in km, cells a row, rows; float64 [5].
        rules: what makes a pair, float64 [6].
        fill: whether to write pairs, at ptr on; else ptr[row] gets how many there are.
        ptr: int64 [commuter + 1].
        rider, saved: out, int32 [pair], rows and whole metres, rounded down.
    """
    side, across, up = grid[2], int(grid[3]), int(grid[4])
    flex, speed = rules[FLEX], rules[SPEED]
    for x in range(lo, hi):
        n, k, d = 0, ptr[x], direct[x]
        hx, hy, wx, wy = home[x, 0], home[x, 1], work[x, 0], work[x, 1]
        extra = min(rules[DETOUR_KM], rules[DETOUR_SHARE] * d)
        sum_km = d + extra
        apart = math.hypot(wx - hx, wy - hy)
        minor = 0.5 * math.sqrt(max(0.0, sum_km * sum_km - apart * apart))
        cos, sin = ((wx - hx) / apart, (wy - hy) / apart) if apart > 0.0 else (1.0, 0.0)
        half_x = math.hypot(0.5 * sum_km * cos, minor * sin) + 1e-9
        half_y = math.hypot(0.5 * sum_km * sin, minor * cos) + 1e-9
        mid_x, mid_y = 0.5 * (hx + wx) - grid[0], 0.5 * (hy + wy) - grid[1]
        for row in range(max(0, int((mid_y - half_y) / side)), min(up, int((mid_y + half_y) / side) + 1)):
            cy = grid[1] + (row + 0.5) * side
            to_col = min(across, int((mid_x + half_x) / side) + 1)
            for col in range(max(0, int((mid_x - half_x) / side)), to_col):
                first, last = cell_ptr[row * across + col], cell_ptr[row * across + col + 1]
                cx = grid[0] + (col + 0.5) * side
                if first == last or not drives[x]:
                    continue
                if math.hypot(cx - hx, cy - hy) + math.hypot(cx - wx, cy - wy) > sum_km + 1.4143 * side:
                    continue
                early = arrive[x] - min(rules[APART], 2 * flex + d / speed)
                late = arrive[x] + min(rules[APART], 2 * flex)
                end = last
                while first < end:  # the first who does not arrive too early
                    middle = (first + end) >> 1
                    if arrive[rides[middle]] < early:
                        first = middle + 1
                    else:
                        end = middle
                for place in range(first, last):
                    y = rides[place]
                    if arrive[y] > late:
                        break
                    if y == x:
                        continue
                    dx, dy = hx - home[y, 0], hy - home[y, 1]
                    a2 = dx * dx + dy * dy
                    ex, ey = wx - work[y, 0], wy - work[y, 1]
                    if a2 >= d * d or ex * ex + ey * ey >= d * d:
                        continue
                    a, b = math.sqrt(a2), math.hypot(ex, ey)
                    saving = d - a - b
                    if saving <= rules[LEAST_KM] or a + b + direct[y] - d > extra:
                        continue
                    if abs(arrive[x] - b / speed - arrive[y]) > 2 * flex:
                        continue
                    if fill:
                        rider[k], saved[k] = y, int(saving * 1000)
                        k += 1
                    n += 1
        if not fill:
            ptr[x] = n


@kernel
def both_ends(
    n: int,
    ptr: np.ndarray,
    rider: np.ndarray,
    saved: np.ndarray,
    out: np.ndarray,
    head: np.ndarray,
    tail: np.ndarray,
    weight: np.ndarray,
) -> None:
    """Pairs given from one end, as neighbours from both; of parallel pairs the one that saves most.

    Args:
        n: vertices.
        ptr, rider, saved: pairs by their first end, int64 [n + 1], int32 [pair], int32 [pair].
        out: first place of each vertex's neighbours, int64 [n + 1].
        head, tail, weight: out, int32 [2 * pair] of which out[n] are used: the neighbour, whose she is, twice
            what they save.
    """
    begin = np.zeros(n + 2, np.int64)
    for e in range(ptr[n]):
        begin[rider[e] + 2] += 1
    for v in range(n):
        begin[v + 2] += begin[v + 1]
    driver, place = np.empty(ptr[n], np.int32), np.empty(ptr[n], np.int64)
    for x in range(n):
        for e in range(ptr[x], ptr[x + 1]):
            k = begin[rider[e] + 1]
            begin[rider[e] + 1] = k + 1
            driver[k], place[k] = x, e
    last = np.full(n, -1, np.int64)
    k = 0
    for v in range(n):
        out[v] = k
        own = ptr[v + 1] - ptr[v]
        for i in range(own + begin[v + 1] - begin[v]):
            if i < own:
                x, e = rider[ptr[v] + i], ptr[v] + i
            else:
                x, e = driver[begin[v] + i - own], place[begin[v] + i - own]
            if x == v or saved[e] <= 0:
                continue
            if last[x] < out[v]:
                last[x] = k
                head[k], tail[k], weight[k] = x, v, 0
                k += 1
            weight[last[x]] = max(weight[last[x]], 2 * saved[e])
    out[n] = k
