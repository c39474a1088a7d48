"""Large neighbourhood search over routes with pickups and deliveries: take strings out, put them back.

Lives here: removal, acceptance, the pool of routes met. Not here: where requests go in (darp_place), the
choice among pooled routes (services).

Removal takes strings of neighbouring stops (Christiaens & Vanden Berghe 2020, "slack induction by string
removals"), insertion is greedy in an order drawn anew, acceptance is simulated annealing; the frame is that
of Ropke & Pisinger 2006. A guided search serves more requests: a solution is kept if the sum of how often
its absent requests have been absent falls, as in guided ejection search (Nagata & Kobayashi 2010).
"""

from __future__ import annotations

import math

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.darp_place import Choice, Pool, draw, put_back
from embauche.kernels.darp_route import EPS, FAR, LOAD, Desk, Facts, Solutions, refresh
from embauche.kernels.random import mix

WORK, NOW, BEST = 0, 1, 2  # the solutions
COSTS, MISSING = 0, 1  # columns of score
STRING, LONGEST = 10.0, 10.0  # mean removal and longest string of Christiaens & Vanden Berghe 2020
BLINK, BLINKING = 0.02, 0.5  # chance to pass over a route; over a place too, in a share of iterations
ORDERS = 8  # keys of insertion drawn from: those given, else at random


@inline
def copy_route(v: int, source: int, target: int, solutions: Solutions) -> None:
    """Copy one route with all that is kept of it between two of the solutions."""
    m = solutions.size[source, v]
    solutions.size[target, v] = m
    for k in range(m):  # loops, as slices that may overlap are copied twice
        solutions.way[target, v, k] = solutions.way[source, v, k]
        for c in range(LOAD + 2):
            solutions.plan[target, v, k, c] = solutions.plan[source, v, k, c]
    solutions.total[target, v] = solutions.total[source, v]
    solutions.stamp[target, v] = solutions.stamp[source, v]


@inline
def close_gaps(v: int, facts: Facts, solutions: Solutions, desk: Desk) -> None:
    """Drop from a route at work the requests whose owner is -1."""
    n, m = facts.n, 0
    way = solutions.way[WORK, v]
    for k in range(solutions.size[WORK, v]):
        i = way[k]
        if i >= 2 * n or solutions.owner[WORK, i if i < n else i - n] >= 0:
            way[m] = i
            m += 1
    solutions.size[WORK, v] = m
    refresh(WORK, v, facts, solutions, desk)


@inline
def take_string(v: int, i: int, longest: float, facts: Facts, solutions: Solutions, state: np.ndarray,
                absent: np.ndarray, left: int) -> int:  # fmt: skip
    """Take a string of stops that holds stop i out of route v, half of the time one with a gap."""
    way, inner, n = solutions.way[WORK, v], solutions.size[WORK, v] - 2, facts.n
    length = min(inner, int(1.0 + draw(state) * min(longest, float(inner))))
    at = 1
    while way[at] != i:
        at += 1
    spare = 0  # stops that are kept inside
    if draw(state) < 0.5:
        while length + spare < inner and draw(state) < 0.5:
            spare += 1
    low, high = max(1, at - length - spare + 1), min(at, inner - length - spare + 1)
    first = low + int(draw(state) * (high - low + 1))
    keep = first + int(draw(state) * (length + 1))
    for k in range(first, first + length + spare):
        r = way[k] if way[k] < n else way[k] - n
        if (k < keep or k >= keep + spare) and solutions.owner[WORK, r] >= 0:
            solutions.owner[WORK, r] = -1
            absent[left] = r
            left += 1
    return left


@inline
def take_out(
    routes: int, facts: Facts, near: np.ndarray, solutions: Solutions, state: np.ndarray, touched: np.ndarray,
    absent: np.ndarray, left: int, desk: Desk,
) -> int:  # fmt: skip
    """Take strings out of routes around a random stop; number of requests absent then."""
    n, size = facts.n, solutions.size[WORK]
    stops, used = 0, 0
    for v in range(routes):
        if size[v] > 2:
            stops += size[v] - 2
            used += 1
    if used == 0:
        return left
    longest = min(LONGEST, stops / used)
    strings = int(1.0 + draw(state) * (4.0 * STRING / (1.0 + longest) - 1.0))
    seed = int(draw(state) * 2 * n)
    for x in range(-1, near.shape[1]):
        i = seed if x < 0 else near[seed, x]
        v = solutions.owner[WORK, i if i < n else i - n]
        if v >= 0 and not touched[v]:
            left = take_string(v, i, longest, facts, solutions, state, absent, left)
            touched[v] = 1
            strings -= 1
            if strings <= 0:
                break
    for v in range(routes):
        if touched[v]:
            close_gaps(v, facts, solutions, desk)
    return left


@inline
def sort_absent(
    absent: np.ndarray, left: int, which: int, order: np.ndarray, key: np.ndarray, state: np.ndarray
) -> None:
    """Order in which requests are put back: by one of the keys given, or at random."""
    for x in range(left):
        key[x] = order[absent[x], which] if which < order.shape[1] else draw(state)
    for x in range(1, left):
        r, own = absent[x], key[x]
        y = x - 1
        while y >= 0 and key[y] > own:
            absent[y + 1], key[y + 1] = absent[y], key[y]
            y -= 1
        absent[y + 1], key[y + 1] = r, own


@inline
def part_groups(
    routes: int, facts: Facts, group: np.ndarray, solutions: Solutions, touched: np.ndarray,
    absent: np.ndarray, left: int, desk: Desk,
) -> int:  # fmt: skip
    """Take out what belongs to a group of which a request is absent; number absent then."""
    owner = solutions.owner[WORK]
    for x in range(left):
        for r in range(facts.n):
            if owner[r] >= 0 and group[r] == group[absent[x]]:
                touched[owner[r]] = 2
                owner[r] = -1
                absent[left] = r
                left += 1
    for v in range(routes):
        if touched[v] == 2:
            close_gaps(v, facts, solutions, desk)
    return left


@inline
def remember(v: int, n: int, kind: int, solutions: Solutions, pool: Pool) -> None:
    """Keep a route at work in the pool, by its vehicle's kind and its requests, if none is cheaper."""
    m, way = solutions.size[WORK, v], solutions.way[WORK, v]
    if m == 2:
        return
    key = np.uint64(kind)
    for k in range(m):
        if way[k] < n:
            key += mix(np.uint64(way[k] + 1))
    key = mix(key)
    line = key & np.uint64(pool.key.shape[0] - 1)
    if pool.key[line] == key and pool.cost[line] <= solutions.total[WORK, v]:
        return
    pool.key[line] = key
    pool.cost[line] = solutions.total[WORK, v]
    for k in range(pool.way.shape[1]):
        pool.way[line, k] = way[k] if k < m else -1


@inline
def keep_work(better: bool, accept: bool, touched: np.ndarray, facts: Facts, solutions: Solutions) -> None:
    """Make the solution at work the accepted one, and the best, or take it back."""
    source, target = (WORK, NOW) if accept else (NOW, WORK)
    for v in range(touched.shape[0]):
        if touched[v]:
            touched[v] = 0
            copy_route(v, source, target, solutions)
    for r in range(facts.n):
        solutions.owner[target, r] = solutions.owner[source, r]
    if better:
        for v in range(touched.shape[0]):
            copy_route(v, NOW, BEST, solutions)
        solutions.owner[BEST] = solutions.owner[NOW]


@kernel
def route_search(
    iterations: int, routes: int, heat: float, must: float, guided: bool, by: int, facts: Facts,
    choice: Choice, solutions: Solutions, score: np.ndarray, pool: Pool,
) -> int:  # fmt: skip
    """Improve the accepted solution for some iterations, keep the best one met.

    Args:
        iterations: removals and insertions.
        routes: vehicles that may be used, the first ones.
        heat: temperature of acceptance, in units of cost.
        must: what acceptance counts for an absent request that has to be served, in units of cost.
        guided: serve more requests, whatever it costs.
        by: key of the order in which requests are put back; -1: one drawn each time.
        facts, choice, solutions, pool: see there.
        score: of each solution cost with finite penalties, and how many are absent that have to be
            served, float64 [3, 2].

    Returns:
        Iterations done; fewer than asked if a guided search has served all requests.
    """
    n, cap = facts.n, solutions.way.shape[2] + 2
    absent, key = np.empty(n, np.int64), np.empty(n)
    touched, seen = np.zeros(routes, np.int8), np.zeros(routes, np.int8)
    desk = Desk(np.empty(cap, np.int32), np.empty(cap), np.empty(n, np.int32))
    owner, weight, state = solutions.owner, pool.weight, pool.state
    for done in range(iterations):
        left = 0
        held = 0.0
        for r in range(n):
            if owner[WORK, r] < 0:
                absent[left] = r
                held += weight[r]
                left += 1
        left = take_out(routes, facts, choice.near, solutions, state, touched, absent, left, desk)
        which = by if by >= 0 else int(draw(state) * ORDERS)
        sort_absent(absent, left, which, choice.order, key, state)
        skip = BLINK if by < 0 else 0.0
        blink = skip if draw(state) < BLINKING else 0.0
        left = put_back(
            routes, absent, left, guided, skip, blink, facts, choice, solutions, pool, touched, seen, desk
        )  # fmt: skip
        if choice.grouped and left:
            left = part_groups(routes, facts, choice.group, solutions, touched, absent, left, desk)
        cost, held_now, missing = 0.0, 0.0, 0.0
        for v in range(routes):
            cost += solutions.total[WORK, v]
        for x in range(left):
            r = absent[x]
            held_now += weight[r]
            if guided:
                weight[r] += 1.0
            if choice.penalty[r] < FAR:
                cost += choice.penalty[r]
            else:
                missing += 1.0
        edge = score[NOW, COSTS] - heat * math.log(draw(state))
        accept = cost + must * missing < edge + must * score[NOW, MISSING]
        fewer = missing < score[BEST, MISSING]
        better = fewer or (missing == score[BEST, MISSING] and cost < score[BEST, COSTS] - 1e-7)
        if guided:
            accept = held_now < held or (held_now == held and accept)
            better = accept and fewer
        accept = accept or better
        if accept:
            score[NOW, COSTS], score[NOW, MISSING] = cost, missing
            if not guided:
                for v in range(routes):
                    if touched[v]:
                        remember(v, n, choice.kind[v], solutions, pool)
        if better:
            score[BEST] = score[NOW]
        keep_work(better, accept, touched, facts, solutions)
        if guided and score[BEST, MISSING] == 0.0:
            return done + 1
    return iterations


@kernel
def route_load(routes: int, facts: Facts, solutions: Solutions, feasible: np.ndarray) -> None:
    """Work out all about the routes given at work, and make them the accepted and the best ones."""
    cap = solutions.way.shape[2] + 2
    desk = Desk(np.empty(cap, np.int32), np.empty(cap), np.empty(facts.n, np.int32))
    solutions.owner[:] = -1
    for v in range(routes):
        feasible[v] = refresh(WORK, v, facts, solutions, desk)
        for k in range(solutions.size[WORK, v]):
            for c in range(2):
                load = solutions.plan[WORK, v, k, LOAD + c]
                feasible[v] = feasible[v] and -EPS <= load <= facts.vehicle[v, c] + EPS
        copy_route(v, WORK, NOW, solutions)
        copy_route(v, WORK, BEST, solutions)
    solutions.owner[NOW] = solutions.owner[WORK]
    solutions.owner[BEST] = solutions.owner[WORK]
