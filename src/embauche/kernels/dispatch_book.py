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


@inline
def waiting(leg: int, beyond: float, ring: np.ndarray, stops: Stops, events: Events, routes: Routes) -> Any:
    """Of those lately booked who still wait the nearest leg beyond `beyond` minutes: (leg or -1, minutes)."""
    found, least = -1, np.inf
    o, q = events.stop[2 * leg], events.stop[2 * leg + 1]
    for k in range(ring.shape[0]):
        other = ring[k]
        if other < 0 or other == leg:
            continue
        away = float(stops.minutes[events.stop[2 * other], o])
        away += float(stops.minutes[events.stop[2 * other + 1], q])
        v = routes.where[other]
        if beyond < away < least and v >= 0 and routes.spot[other] > routes.head[v]:
            found, least = other, away
    return found, least


@inline
def place(
    leg: int,
    now: float,
    care: float,
    stops: Stops,
    events: Events,
    routes: Routes,
    row: Scratch,
    bounds: np.ndarray,
    near: np.ndarray,
) -> bool:
    """Put a leg where it costs least, if there is a place."""
    _, v, i, j = best_place(leg, now, care, -1, stops, events, routes, row, bounds, near)
    if v < 0:
        return False
    put(v, i, j, leg, routes)
    settle(v, now, stops, events, routes, row)
    return True


@inline
def rearrange(
    leg: int,
    tries: int,
    now: float,
    care: float,
    ring: np.ndarray,
    stops: Stops,
    events: Events,
    routes: Routes,
    row: Scratch,
    bounds: np.ndarray,
    near: np.ndarray,
) -> bool:
    """Move riders who still wait, nearest first, one at a time, so that all fit better; is leg served?

    One that is taken out finds its old place again at the worst.
    """
    beyond = -1.0
    for _ in range(tries):
        other, beyond = waiting(leg, beyond, ring, stops, events, routes)
        if other < 0:
            break
        v = routes.where[other]
        take(other, routes)
        settle(v, now, stops, events, routes, row)
        new = routes.where[leg] < 0 and place(leg, now, care, stops, events, routes, row, bounds, near)
        if not place(other, now, care, stops, events, routes, row, bounds, near):
            v = routes.where[leg]
            take(leg, routes)
            settle(v, now, stops, events, routes, row)
            place(other, now, care, stops, events, routes, row, bounds, near)
        elif new:
            break
    return routes.where[leg] >= 0  # type: ignore[no-any-return]


@kernel
def book_legs(
    first: int,
    keep: bool,
    care: float,
    again: int,
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
    -inf the day before. again: so many riders who wait are placed anew after each booking of a group of
    one, four times as many before a refusal. planned [k, 2]: the minutes of pickup and delivery, nan where
    refused. keep False: what would be answered, each group alone; nothing stays. failed [k]: nobody could
    take this leg (those after it in its group were not tried). A count below len(order): a row is full;
    widen and go on.
    """
    vehicles, width = routes.seq.shape
    row = scratch(routes)
    bounds, near = np.empty((vehicles, 3)), np.empty(vehicles, np.int32)
    ring, turn = np.full(128, -1, np.int32), 0
    k = first
    while k < order.shape[0]:
        end = k + 1
        while end < order.shape[0] and group[end] == group[k]:
            end += 1
        for v in range(vehicles):
            if routes.n[v] + 2 * (end - k) + 8 * again > width:  # all of them, and all who are moved
                return k
        now = known[k]
        served = True
        m = k
        while m < end and served:
            leg = order[m]
            now = max(now, known[m])
            _, v, i, j = best_place(leg, now, care, -1, stops, events, routes, row, bounds, near)
            served = v >= 0
            if served:
                if keep and i == routes.head[v] and now > -np.inf and stops.xy.shape[0] == 0:
                    # nobody drove towards what was not yet known
                    sure = now + stops.minutes[routes.stop[v, i], events.stop[2 * leg]]
                    events.opens[2 * leg] = max(events.opens[2 * leg], sure)
                put(v, i, j, leg, routes)
                settle(v, now, stops, events, routes, row)
            if again > 0 and keep and end == k + 1:
                tries = again if served else 4 * again
                served = rearrange(leg, tries, now, care, ring, stops, events, routes, row, bounds, near)
                if served:
                    ring[turn % ring.shape[0]] = leg
                    turn += 1
            failed[m] = not served
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
