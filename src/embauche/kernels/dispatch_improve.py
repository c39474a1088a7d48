"""Better schedules for what is known the day before: legs are taken out and put back where they cost least.

Lives here: the large neighbourhood search (Shaw 1998; Schrimpf et al. 2000, ruin and recreate).
Not here: the search for a place (dispatch_search), what becomes known during the day (dispatch_book).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.dispatch import Events, Routes, Scratch, Stops, put, settle, take
from embauche.kernels.dispatch_book import scratch
from embauche.kernels.dispatch_search import best_place
from embauche.kernels.random import agent_key, keyed_uniform, prefix

MOST = 24  # legs taken out at once
SAMPLE = 96  # legs looked at for those
WAYS = 0.15  # chance that one vehicle is left out of the search for a place, so that another way is tried


@inline
def driven(v: int, routes: Routes) -> float:
    """Minutes that vehicle v drives."""
    total = 0.0
    for k in range(routes.n[v] - 1):
        total += routes.leg[v, k]
    return total


@inline
def related(
    key: np.uint64, centre: int, many: int, pool: np.ndarray, stops: Stops, events: Events, chosen: np.ndarray
) -> int:
    """Fill chosen with up to `many` legs of the pool near pool[centre] in time and place; how many."""
    n = pool.shape[0]
    reach = min(n, 4 * SAMPLE)
    low = max(0, min(centre - reach // 2, n - reach))
    first = pool[centre]
    far = np.empty(many)
    chosen[0], far[0] = first, -1.0
    count = 1
    for s in range(SAMPLE):
        leg = pool[low + int(keyed_uniform(key, 100 + s) * reach)]
        a = stops.minutes[events.stop[2 * first], events.stop[2 * leg]]
        b = stops.minutes[events.stop[2 * first + 1], events.stop[2 * leg + 1]]
        c = abs(events.closes[2 * first] - events.closes[2 * leg])
        d = abs(events.closes[2 * first + 1] - events.closes[2 * leg + 1])
        away = a + b + 0.5 * (min(c, 1e6) + min(d, 1e6))
        known = False
        for k in range(count):
            known |= chosen[k] == leg
        if known or (count == many and away >= far[count - 1]):
            continue
        k = count if count < many else many - 1
        while far[k - 1] > away:
            chosen[k], far[k] = chosen[k - 1], far[k - 1]
            k -= 1
        chosen[k], far[k] = leg, away
        count = min(many, count + 1)
    return count


@inline
def insert(
    key: np.uint64,
    leg: int,
    care: float,
    stops: Stops,
    events: Events,
    routes: Routes,
    row: Scratch,
    bounds: np.ndarray,
    near: np.ndarray,
    saved: np.ndarray,
    saved_n: np.ndarray,
    cost: np.ndarray,
) -> bool:
    """Put a leg where it costs least; the route is kept for a way back."""
    skip = -1
    if keyed_uniform(key, 1000 + 2 * leg) < WAYS:
        skip = int(keyed_uniform(key, 1001 + 2 * leg) * routes.n.shape[0])
    _, v, i, j = best_place(leg, -np.inf, care, skip, stops, events, routes, row, bounds, near)
    if v < 0:
        return False
    keep(v, routes, saved, saved_n, cost)
    put(v, i, j, leg, routes)
    settle(v, -np.inf, stops, events, routes, row)
    return True


@inline
def keep(v: int, routes: Routes, saved: np.ndarray, saved_n: np.ndarray, cost: np.ndarray) -> None:
    """Remember the route of vehicle v, unless this round did so before."""
    if saved_n[v] < 0:
        saved_n[v] = routes.n[v]
        cost[v] = driven(v, routes)
        for k in range(routes.n[v]):
            saved[v, k] = routes.seq[v, k]


@kernel
def improve_day(
    seed: int,
    purpose: int,
    first: int,
    rounds: int,
    care: float,
    pool: np.ndarray,
    group: np.ndarray,
    group_ptr: np.ndarray,
    group_leg: np.ndarray,
    stops: Stops,
    events: Events,
    routes: Routes,
) -> int:
    """Take related legs out and put them back, `rounds` times; what loses nobody and drives less stays.

    pool [k]: legs that may be moved, by time; group [leg], its legs group_leg[group_ptr[g]:group_ptr[g + 1]].
    Groups that are not served are tried whenever one of their legs is near. Draws: (seed, purpose,
    first + round). Rounds end early when a row is full; how many were done.
    """
    vehicles, width = routes.seq.shape
    row = scratch(routes)
    bounds, near = np.empty((vehicles, 3)), np.empty(vehicles, np.int32)
    saved, saved_n, cost = (
        np.empty((vehicles, width), np.int32),
        np.full(vehicles, -1, np.int32),
        np.zeros(vehicles),
    )
    chosen = np.empty(MOST, np.int32)
    head = prefix(seed, purpose, 0)
    n, largest = pool.shape[0], 1
    for g in range(1, group_ptr.shape[0] - 1):  # group 0 is the vehicles' own
        largest = max(largest, group_ptr[g + 1] - group_ptr[g])
    for turn in range(rounds):
        for v in range(vehicles):
            if routes.n[v] + 2 * MOST * largest > width:
                return turn
        key = agent_key(head, first + turn)
        many = 2 + int(keyed_uniform(key, 0) * (min(MOST, n) - 1))
        count = related(key, int(keyed_uniform(key, 1) * n), min(many, MOST), pool, stops, events, chosen)
        out = 0
        for c in range(count):
            v = routes.where[chosen[c]]
            if v >= 0:
                keep(v, routes, saved, saved_n, cost)
                take(chosen[c], routes)
                settle(v, -np.inf, stops, events, routes, row)
                chosen[out], chosen[c] = chosen[c], chosen[out]
                out += 1
        # in a drawn order, those that nobody served last
        for c in range(out - 1, 0, -1):
            other = int(keyed_uniform(key, 10 + c) * (c + 1))
            chosen[c], chosen[other] = chosen[other], chosen[c]
        good = True
        for c in range(out):
            good = good and insert(
                key, chosen[c], care, stops, events, routes, row, bounds, near, saved, saved_n, cost
            )
        more = False
        for c in range(out, count):
            g = group[chosen[c]]
            whole = good and routes.where[chosen[c]] < 0
            if not whole:
                continue
            for m in range(group_ptr[g], group_ptr[g + 1]):
                whole = whole and insert(
                    key, group_leg[m], care, stops, events, routes, row, bounds, near, saved, saved_n, cost
                )
            for m in range(group_ptr[g], group_ptr[g + 1]):
                v = routes.where[group_leg[m]]
                if not whole and v >= 0:
                    take(group_leg[m], routes)
                    settle(v, -np.inf, stops, events, routes, row)
            more |= whole
        change = 0.0
        for v in range(vehicles):
            if saved_n[v] >= 0:
                change += driven(v, routes) - cost[v]
        back = not good or (change > 0.0 and not more)
        if back:
            for v in range(vehicles):
                for k in range(routes.n[v] if saved_n[v] >= 0 else 0):
                    routes.where[routes.seq[v, k] >> 1] = -1
        for v in range(vehicles):
            if back and saved_n[v] >= 0:
                routes.n[v] = saved_n[v]
                for k in range(saved_n[v]):
                    routes.seq[v, k] = saved[v, k]
                    if saved[v, k] >= 4 * vehicles:
                        routes.where[saved[v, k] >> 1] = v
                settle(v, -np.inf, stops, events, routes, row)
            saved_n[v] = -1
    return rounds
