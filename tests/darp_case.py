"""Small dial-a-ride problems for tests, and their exact answers by trying everything.

Lives here: random problems, all routes of one vehicle, the best of all solutions. Not here: the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from embauche.services.darp.problem import Fleet, Found, Problem, Routes, faults


def random_problem(
    n: int, vehicles: int, seed: int, *, ride: float = 40.0, duty: float = 240.0, wide: float = 30.0,
    penalty: float = np.inf, group: list[int] | None = None,
) -> Problem:  # fmt: skip
    """Points in a square of 20 minutes, one depot a vehicle's kind, windows of `wide` minutes."""
    rng = np.random.default_rng(seed)
    kinds = min(vehicles, 2)
    xy = rng.integers(0, 20, (2 * n + kinds, 2)).astype(float)
    minutes = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
    opens, closes = np.zeros(len(xy)), np.full(len(xy), 240.0)
    for r in range(n):
        stop = r if rng.random() < 0.5 else n + r
        opens[stop] = rng.integers(20, 150)
        closes[stop] = opens[stop] + wide
    depot = 2 * n + np.arange(vehicles) % kinds
    fleet = Fleet(
        depot, depot, np.full(vehicles, 3.0), np.arange(vehicles) % 2 * 1.0, np.full(vehicles, duty)
    )
    service = np.append(np.full(2 * n, 2.0), np.zeros(kinds))
    places = (rng.random(n) < 0.2).astype(float) if vehicles > 1 else np.zeros(n)
    seats = rng.integers(1, 3, n).astype(float)
    return Problem(
        minutes, minutes, opens, closes, service, np.full(n, ride), seats, places, np.full(n, penalty),
        np.arange(n) if group is None else np.array(group), fleet,
    )  # fmt: skip


def orders(requests: list[int], n: int) -> Iterator[list[int]]:
    """Every order of the stops of these requests, each pickup before its delivery."""

    def extend(route: list[int]) -> Iterator[list[int]]:
        if len(route) == 2 * len(requests):
            yield list(route)
        for r in requests:
            for stop in (r, n + r):
                if stop not in route and (stop < n or r in route):
                    yield from extend([*route, stop])

    yield from extend([])


def cost_of(problem: Problem, routes: Routes) -> float:
    fleet = problem.fleet
    ways = [[fleet.start[v], *route, fleet.end[v]] for v, route in enumerate(routes) if route]
    return float(sum(problem.cost[way[:-1], way[1:]].sum() for way in ways))


def one_route(problem: Problem, vehicle: int, requests: list[int]) -> tuple[float, list[int]] | None:
    """Cheapest order in which one vehicle serves these requests, None if it cannot."""
    n, best = problem.requests, None
    absent = [r for r in range(n) if r not in requests]
    for route in orders(requests, n):
        routes: Routes = [[] for _ in problem.fleet.start]
        routes[vehicle] = route
        cost = cost_of(problem, routes)
        alone = Found(routes, cost, absent, 0)
        rules = [f for f in faults(problem, alone) if f != "a group is served in part"]
        if not rules and (best is None or cost < best[0]):
            best = cost, route
    return best


def best_of_all(problem: Problem) -> float:
    """Least cost plus penalties over all solutions; infinite if all have to be served and cannot."""
    n, vehicles = problem.requests, len(problem.fleet.start)
    alone = {
        (v, chosen): one_route(problem, v, [r for r in range(n) if chosen >> r & 1])
        for v in range(vehicles)
        for chosen in range(1 << n)
    }
    least = np.inf
    for owner in product(range(-1, vehicles), repeat=n):
        left_out = {int(problem.group[r]) for r in range(n) if owner[r] < 0}
        if any(owner[r] >= 0 and int(problem.group[r]) in left_out for r in range(n)):
            continue
        parts = [alone[v, sum(1 << r for r in range(n) if owner[r] == v)] for v in range(vehicles)]
        if all(part is not None for part in parts):
            cost = sum(part[0] for part in parts if part is not None)
            least = min(least, cost + sum(problem.penalty[r] for r in range(n) if owner[r] < 0))
    return float(least)
