"""One vehicle's route with pickups and deliveries: its exact times, loads and cost.

Lives here: what kernels share of a problem, difference constraints of a route, earliest and latest times.
Not here: where a request goes in (darp_place), what is taken out and kept (darp_search).

Nodes are pickup r and delivery n + r of request r, then depots. A route's times are a system of difference
constraints: they exist exactly if passes of longest paths settle. Cordeau & Laporte 2003 state the rules,
Firat & Woeginger 2011 the constraints.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embauche.kernels import inline
from embauche.kernels.random import mix

OPEN, CLOSE, SERVICE, RIDE, SEATS, PLACES = 0, 1, 2, 3, 4, 5  # columns of node; RIDE of pickups
EARLY, LATE, LOAD = 0, 1, 2  # columns of plan: times; LOAD of seats on leaving, LOAD + 1 of places
DUTY = 2  # columns of vehicle: seats, places, greatest minutes from start to end
EPS = 1e-9
FAR = 1e30
_GOLD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


class Facts(NamedTuple):
    """What every route has to keep. Small, as it is handed to helpers by value.

    Attributes:
        n: requests.
        limited: whether any ride or duty is limited.
        node: float64 [node, OPEN to PLACES].
        minutes, cost: float64 [node, node].
        vehicle: seats, places and duty, float64 [vehicle, 3].
    """

    n: int
    limited: bool
    node: np.ndarray
    minutes: np.ndarray
    cost: np.ndarray
    vehicle: np.ndarray


class Solutions(NamedTuple):
    """Three solutions: the one at work, the one accepted last, the best.

    Attributes:
        way: nodes of a route, depots included, int32 [3, vehicle, position].
        size: their number, int32 [3, vehicle].
        plan: float64 [3, vehicle, position, EARLY to LOAD + 1].
        owner: vehicle of a request or -1, int32 [3, request].
        total: cost of a route, float64 [3, vehicle].
        stamp: hash of a route's order, uint64 [3, vehicle].
    """

    way: np.ndarray
    size: np.ndarray
    plan: np.ndarray
    owner: np.ndarray
    total: np.ndarray
    stamp: np.ndarray


class Desk(NamedTuple):
    """Room for one route with two more stops: nodes, times; and positions of pickups, [request]."""

    merged: np.ndarray
    times: np.ndarray
    at: np.ndarray


@inline
def forward(way: np.ndarray, m: int, node: np.ndarray, minutes: np.ndarray, times: np.ndarray) -> bool:
    """Raise times to what the stop before allows; False if a window closes."""
    last = way[0]
    now = times[0]
    for k in range(1, m):
        i = way[k]
        now = max(now + node[last, SERVICE] + minutes[last, i], times[k])
        if now > node[i, CLOSE] + EPS:
            return False
        times[k] = now
        last = i
    return True


@inline
def settle(way: np.ndarray, m: int, duty: float, facts: Facts, times: np.ndarray, at: np.ndarray) -> bool:
    """Least times not below those given that keep windows, rides and duty; False if there are none."""
    n, node, minutes = facts.n, facts.node, facts.minutes
    if not forward(way, m, node, minutes, times):
        return False
    if not facts.limited:
        return True
    for k in range(1, m - 1):
        if way[k] < n:
            at[way[k]] = k
    for _ in range(m + 2):
        settled = True
        if times[m - 1] - times[0] > duty + EPS:
            times[0] = times[m - 1] - duty
            settled = False
            if times[0] > node[way[0], CLOSE] + EPS:
                return False
        for k in range(m - 2, 0, -1):
            i = way[k]
            if i >= n:
                b = at[i - n]
                least = times[k] - node[i - n, RIDE] - node[i - n, SERVICE]
                if times[b] < least - EPS:
                    times[b] = least
                    settled = False
                    if least > node[i - n, CLOSE] + EPS:
                        return False
        if settled:
            return True
        if not forward(way, m, node, minutes, times):
            return False
    return False


@inline
def latest(way: np.ndarray, m: int, duty: float, facts: Facts, plan: np.ndarray, at: np.ndarray) -> None:
    """Greatest times of a route that has times; `at` holds the positions of its pickups."""
    node, n = facts.node, facts.n
    for k in range(m):
        plan[k, LATE] = node[way[k], CLOSE]
    for _ in range(m + 2):
        for k in range(m - 2, -1, -1):
            i = way[k]
            most = plan[k + 1, LATE] - facts.minutes[i, way[k + 1]] - node[i, SERVICE]
            plan[k, LATE] = min(plan[k, LATE], most)
        if not facts.limited:
            return
        settled = True
        if plan[m - 1, LATE] - plan[0, LATE] > duty + EPS:
            plan[m - 1, LATE] = plan[0, LATE] + duty
            settled = False
        for k in range(1, m - 1):
            i = way[k]
            if i >= n:
                most = plan[at[i - n], LATE] + node[i - n, SERVICE] + node[i - n, RIDE]
                if plan[k, LATE] > most + EPS:
                    plan[k, LATE] = most
                    settled = False
        if settled:
            return


@inline
def refresh(s: int, v: int, facts: Facts, solutions: Solutions, desk: Desk) -> bool:
    """Work out what is kept of a changed route; False if it has no times."""
    row, plan, m = solutions.way[s, v], solutions.plan[s, v], solutions.size[s, v]
    seats, places, cost = 0.0, 0.0, 0.0
    h = np.uint64(m)
    for k in range(m):
        i = row[k]
        desk.times[k] = facts.node[i, OPEN]
        seats += facts.node[i, SEATS]
        places += facts.node[i, PLACES]
        plan[k, LOAD] = seats
        plan[k, LOAD + 1] = places
        h = (h ^ np.uint64(i + 1)) * _GOLD
        h ^= h >> _SHIFT
        if i < facts.n:
            solutions.owner[s, i] = v
        if k:
            cost += facts.cost[row[k - 1], i]
    solutions.total[s, v] = cost if m > 2 else 0.0
    solutions.stamp[s, v] = mix(h)
    duty = facts.vehicle[v, DUTY]
    if not settle(row, m, duty, facts, desk.times, desk.at):
        return False
    for k in range(m):
        plan[k, EARLY] = desk.times[k]
    latest(row, m, duty, facts, plan, desk.at)
    return True
