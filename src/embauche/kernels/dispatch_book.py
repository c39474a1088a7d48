"""Who is served: legs booked in order, a rider's legs all or none, and taken back.

Lives here: the kernels that a day of dispatch calls. Not here: the search for a place (dispatch_search).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.dispatch import Events, Routes, Scratch, Stops, put, settle, take
from embauche.kernels.dispatch_search import best_place


@inline
def scratch(routes: Routes) -> Any:
    """Room for one row."""
    width = routes.seq.shape[1] + 2
    spot = np.zeros(routes.where.shape[0], np.int32)
    return Scratch(np.empty(width, np.int32), np.empty(width), np.empty(width), np.empty(width), spot)


@kernel
def book_legs(
    first: int,
    keep: bool,
    care: float,
    order: np.ndarray,
    group: np.ndarray,
    known: np.ndarray,
    stops: Stops,
    events: Events,
    routes: Routes,
    planned: np.ndarray,
    failed: np.ndarray,
) -> int:
    """Book legs order[first:] [k] one after another, each where it adds least; how many were looked at.

    group [k]: neighbours of one group are all served or none. known [k]: the moment of each decision,
    -inf the day before. planned [k, 2]: the minutes of pickup and delivery, nan where refused. keep False:
    what would be answered, each group alone; nothing stays. failed [k]: nobody could take this leg (those
    after it in its group were not tried). A count below len(order): a row is full; widen and go on.
    """
    vehicles, width = routes.seq.shape
    row = scratch(routes)
    bounds, near = np.empty((vehicles, 3)), np.empty(vehicles, np.int32)
    k = first
    while k < order.shape[0]:
        end = k + 1
        while end < order.shape[0] and group[end] == group[k]:
            end += 1
        for v in range(vehicles):
            if routes.n[v] + 2 * (end - k) > width:
                return k
        now = known[k]
        served = True
        m = k
        while m < end and served:
            leg = order[m]
            now = max(now, known[m])
            _, v, i, j = best_place(leg, now, care, -1, stops, events, routes, row, bounds, near)
            served = v >= 0
            failed[m] = not served
            if served:
                if keep and i == routes.head[v] and now > -np.inf and stops.xy.shape[0] == 0:
                    # nobody drove towards what was not yet known
                    sure = now + stops.minutes[routes.stop[v, i], events.stop[2 * leg]]
                    events.opens[2 * leg] = max(events.opens[2 * leg], sure)
                put(v, i, j, leg, routes)
                settle(v, now, stops, events, routes, row)
            m += 1
        for e in range(k, end):
            v = routes.where[order[e]]
            planned[e] = np.nan
            if served:
                for at in range(routes.head[v] + 1, routes.n[v]):
                    if routes.seq[v, at] >> 1 == order[e]:
                        planned[e, routes.seq[v, at] & 1] = routes.early[v, at]
        if not (served and keep):
            for e in range(k, end):
                v = routes.where[order[e]]
                if v >= 0:
                    take(order[e], routes)
                    settle(v, now, stops, events, routes, row)
        k = end
    return k


@kernel
def release_legs(
    now: float, legs: np.ndarray, stops: Stops, events: Events, routes: Routes, given: np.ndarray
) -> None:
    """Take legs back at `now` and settle all routes; given [k]: not those whose pickup stands firm."""
    row = scratch(routes)
    for k in range(legs.shape[0]):
        given[k] = routes.where[legs[k]] >= 0 and take(legs[k], routes)
    for v in range(routes.n.shape[0]):
        settle(v, now, stops, events, routes, row)
