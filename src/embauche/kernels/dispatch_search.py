"""Where a leg is put best: the least added minutes over all vehicles and all pairs of positions.

Lives here: the search. Not here: the arrays and their upkeep (dispatch), who is served when (dispatch_book).

A place between two events is tried in constant time by forward slack (Savelsbergh 1992): what comes after is
kept while the next event is not later than its greatest time. Vehicles out of reach cost one comparison, the
others a lower bound; they are tried from the least bound up, until it passes the best found. Ride limits need
more than slack: who would be the best is proven on the whole route before it counts.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from embauche.kernels import inline, merged
from embauche.kernels.dispatch import (
    DUE,
    EPS,
    FREE,
    HERE,
    NOBODY,
    SINCE,
    UX,
    UY,
    Events,
    Routes,
    Scratch,
    Stops,
    X,
    Y,
    earliest,
    move_on,
    point_minutes,
)


@merged
def first_position(v: int, moment: float, routes: Routes) -> int:
    """The first position from the head on whose next event may be at `moment` or after."""
    low, high = routes.head[v], routes.n[v] - 1
    while low < high:
        middle = (low + high) >> 1
        if routes.late[v, middle + 1] < moment:
            low = middle + 1
        else:
            high = middle
    return low  # type: ignore[no-any-return]


@inline
def proven(
    v: int, i: int, j: int, leg: int, now: float, stops: Stops, events: Events, routes: Routes, row: Scratch
) -> bool:
    """Whether vehicle v with the leg after positions i and j keeps every window and ride limit."""
    head, n = routes.head[v], routes.n[v]
    k = head + 1
    for m in range(head, n):
        if m > head:
            row.seq[k] = routes.seq[v, m]
            k += 1
        if m == i:
            row.seq[k] = 2 * leg
            k += 1
        if m == j:
            row.seq[k] = 2 * leg + 1
            k += 1
    stop = events.stop[row.seq[head + 1]]
    if stops.xy.shape[0] > 0:
        first = point_minutes(v, stop, now, stops, routes.at)
    else:
        first = stops.minutes[routes.stop[v, head], stop]
    start = max(routes.early[v, head], now)
    keeps: bool = earliest(v, n + 2, start, first, stops, events, routes, row)
    return keeps


@inline
def try_vehicle(
    v: int,
    leg: int,
    now: float,
    best: float,
    to_head: float,
    rest: float,
    care: float,
    stops: Stops,
    events: Events,
    routes: Routes,
    row: Scratch,
) -> Any:
    """The best pair of positions in vehicle v that costs less than `best`: (cost, i, j), i = -1 if none."""
    p, d = 2 * leg, 2 * leg + 1
    o, q = events.stop[p], events.stop[d]
    to_o, from_o, to_q, from_q = stops.back[o], stops.minutes[o], stops.back[q], stops.minutes[q]
    open_p, close_p, open_d, close_d = events.opens[p], events.closes[p], events.opens[d], events.closes[d]
    limit = events.ride[leg]
    seats, chairs = routes.room[v, 0] - events.seats[p], routes.room[v, 1] - events.chairs[p]
    head, last = routes.head[v], routes.n[v] - 1
    best_i = best_j = -1
    for i in range(first_position(v, open_p, routes), last):
        start = routes.early[v, i]
        b = routes.stop[v, i + 1]
        out, gap = float(to_o[routes.stop[v, i]]), routes.leg[v, i]
        if i == head:
            start, out, gap = max(start, now), to_head, rest
        if start > close_p:
            break
        if routes.seats[v, i] > seats or (routes.chairs[v, i] & (NOBODY - 1)) > chairs:
            continue
        time = max(start + out, open_p)
        detour = out + from_o[b] - gap
        if time > close_p or time + from_o[b] > routes.late[v, i + 1] + EPS or detour >= best:
            continue
        ride = from_o[b] + 0.0
        for j in range(i, last):
            a, b = routes.stop[v, j], routes.stop[v, j + 1]
            if j == i:
                done = max(time + from_o[q], open_d)
                cost = out + from_o[q] + from_q[b] - gap
                aboard = from_o[q] + 0.0
            else:
                done = max(time + to_q[a], open_d)
                cost = detour + to_q[a] + from_q[b] - routes.leg[v, j]
                aboard = ride + to_q[a]
            if done <= close_d and done + from_q[b] <= routes.late[v, j + 1] + EPS and aboard <= limit + EPS:
                later = max(0.0, done + from_q[b] - routes.early[v, j + 1])
                if j == i:
                    cost += care * later * routes.seats[v, i]
                else:
                    cost += 0.5 * care * (time - routes.early[v, j]) * routes.seats[v, i]
                    cost += 0.5 * care * later * routes.seats[v, j]
                if cost < best and (
                    not events.limited or proven(v, i, j, leg, now, stops, events, routes, row)
                ):
                    best, best_i, best_j = cost, i, j
            if j == i:
                time = max(time + from_o[b], routes.early[v, i + 1])
            else:
                time = max(time + routes.leg[v, j], routes.early[v, j + 1])
                ride += routes.leg[v, j]
            # on to event j + 1 with the rider aboard
            if time > close_d or ride > limit + EPS:
                break
            if j + 1 < last and (routes.seats[v, j + 1] > seats or routes.chairs[v, j + 1] > chairs):
                break
    return best, best_i, best_j


@inline
def screen(
    leg: int,
    now: float,
    skip: int,
    stops: Stops,
    events: Events,
    routes: Routes,
    bounds: np.ndarray,
    near: np.ndarray,
) -> int:
    """The vehicles near[:count] that may reach the pickup in time, with a bound of what each would drive.

    The bound is the sum of the least detours to both ends, each alone. bounds [k]: bound, minutes from where
    it is to the pickup, minutes left to its next stop. One body: a call for each vehicle would count up and
    down who holds every array.
    """
    plane = stops.xy.shape[0] > 0
    p, d = 2 * leg, 2 * leg + 1
    o, q = events.stop[p], events.stop[d]
    open_p, close_p, close_d = events.opens[p], events.closes[p], events.closes[d]
    at, early, late, legs, stop = routes.at, routes.early, routes.late, routes.leg, routes.stop
    to_o, from_o, to_q, from_q = stops.back[o], stops.minutes[o], stops.back[q], stops.minutes[q]
    direct = from_o[q]
    ox = oy = qx = qy = 0.0
    if plane:
        ox, oy, qx, qy = stops.xy[o, 0], stops.xy[o, 1], stops.xy[q, 0], stops.xy[q, 1]
    count = 0
    for v in range(at.shape[0]):
        if at[v, DUE] < now - EPS:
            move_on(v, now, stops, routes)
        since = max(at[v, SINCE], now)
        x = y = 0.0
        if plane:
            gone = max(0.0, min(now, at[v, DUE]) - at[v, FREE])
            x, y = at[v, X] + gone * at[v, UX], at[v, Y] + gone * at[v, UY]
            far = (x - ox) * (x - ox) + (y - oy) * (y - oy)
            if far > (close_p - since) * (close_p - since):
                continue
            far = math.sqrt(far)
        else:
            far = float(to_o[int(at[v, HERE])])
        if since + far > close_p or v == skip:
            continue
        head, last = routes.head[v], routes.n[v] - 1
        rest = legs[v, head]
        far_q = float(to_q[int(at[v, HERE])])
        if plane:
            if head + 1 < last:
                rest = min(rest, max(0.0, at[v, DUE] - now))
            far_q = math.sqrt((x - qx) * (x - qx) + (y - qy) * (y - qy))
        low, high = head, last
        while low < high:  # the first position whose next event may be when the pickup may
            middle = (low + high) >> 1
            if late[v, middle + 1] < open_p:
                low = middle + 1
            else:
                high = middle
        pick = drop = together = np.inf
        for i in range(low, last):
            start = early[v, i]
            if start > close_d:
                break
            a, b = stop[v, i], stop[v, i + 1]
            out_o, out_q, gap = float(to_o[a]), float(to_q[a]), legs[v, i]
            if i == head:
                start, out_o, out_q, gap = since, far, far_q, rest
            back = from_q[b] - gap
            time = max(start + out_o, open_p)
            if time <= close_p and time + from_o[b] <= late[v, i + 1] + EPS:
                pick = min(pick, out_o + from_o[b] - gap)
                together = min(together, out_o + direct + back)
            drop = min(drop, out_q + back)
        if pick < np.inf:
            bounds[count, 0], bounds[count, 1], bounds[count, 2] = min(together, pick + drop), far, rest
            near[count] = v
            count += 1
    return count


@inline
def best_place(
    leg: int,
    now: float,
    care: float,
    skip: int,
    stops: Stops,
    events: Events,
    routes: Routes,
    row: Scratch,
    bounds: np.ndarray,
    near: np.ndarray,
) -> Any:
    """The vehicle and positions of least cost: (cost, vehicle, i, j), vehicle -1 if nobody can.

    Ties go to the lower bound, then the lower vehicle, then the earlier positions; vehicle `skip` is not
    asked. bounds [vehicle, 3] and near [vehicle] are room to work in.
    """
    count = screen(leg, now, skip, stops, events, routes, bounds, near)
    best, who, best_i, best_j = np.inf, -1, -1, -1
    # a selection from the least bound up: few are ever looked at
    while True:
        k = -1
        least = best
        for c in range(count):
            if bounds[c, 0] < least:
                least, k = bounds[c, 0], c
        if k < 0:
            break
        v = near[k]
        cost, i, j = try_vehicle(
            v, leg, now, best, bounds[k, 1], bounds[k, 2], care, stops, events, routes, row
        )
        bounds[k, 0] = np.inf
        if i >= 0:
            best, who, best_i, best_j = cost, v, i, j
    return best, who, best_i, best_j
