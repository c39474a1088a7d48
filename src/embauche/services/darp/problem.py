"""Dial-a-ride problems as arrays, and what a search found: who is taken by which vehicle in which order.

Lives here: Fleet, Problem, Found, and the exact check of a result. Not here: the search
(darp.search), stops and hours of a service (services.on_demand).

The problem is that of Cordeau & Laporte 2003, with a fleet of several kinds, a price of not serving, and
groups of requests that are served together or not at all. The pickup and delivery problem with time
windows (Li & Lim 2003) is the case without greatest rides and duties.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from embauche.core.errors import UserError

Array = np.ndarray[Any, Any]
Routes = list[list[int]]


@dataclass(frozen=True)
class Fleet:
    """Vehicles, [vehicle]; those that agree in everything are exchanged freely.

    Attributes:
        start, end: depot nodes, rows of the matrices; their windows are the shift.
        seats, places: places for seated riders and for wheelchairs.
        duty_min: greatest minutes from start to end; infinite for none.
    """

    start: Array
    end: Array
    seats: Array
    places: Array
    duty_min: Array


@dataclass(frozen=True)
class Problem:
    """Requests r with pickup node r and delivery node n + r, then depot nodes.

    Attributes:
        minutes: driving minutes, float64 [node, node].
        cost: what the search makes small, in any unit, float64 [node, node].
        opens, closes: window in which service at a node starts, minutes, [node].
        service: minutes at a node, [node].
        ride: greatest minutes between the end of service at the pickup and the delivery, [request].
        seats, places: what boards at the pickup and leaves at the delivery, [request].
        penalty: cost of not serving, [request]; infinite: it has to be served.
        group: requests of one number are all served or none, int64 [request].
        fleet: the vehicles.
    """

    minutes: Array
    cost: Array
    opens: Array
    closes: Array
    service: Array
    ride: Array
    seats: Array
    places: Array
    penalty: Array
    group: Array
    fleet: Fleet

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit each other."""
        n, nodes = len(self.ride), len(self.minutes)
        shapes = {
            "minutes": (self.minutes, (nodes, nodes)), "cost": (self.cost, (nodes, nodes)),
            "opens": (self.opens, (nodes,)), "closes": (self.closes, (nodes,)),
            "service": (self.service, (nodes,)), "seats": (self.seats, (n,)),
            "places": (self.places, (n,)), "penalty": (self.penalty, (n,)), "group": (self.group, (n,)),
        }  # fmt: skip
        wrong = [
            f"{name} {np.shape(a)} for {shape}" for name, (a, shape) in shapes.items() if np.shape(a) != shape
        ]
        ends = np.concatenate([self.fleet.start, self.fleet.end])
        if wrong or nodes < 2 * n + 1 or len(ends) == 0 or ends.min() < 2 * n or ends.max() >= nodes:
            raise UserError(
                "A dial-a-ride problem's arrays do not fit",
                found="; ".join(wrong) or f"{nodes} nodes, {n} requests, depots {sorted(set(ends.tolist()))}",
                expected="pickups, deliveries, then at least one depot; vehicles start and end at depots",
            )

    @property
    def requests(self) -> int:
        """Number of requests."""
        return len(self.ride)


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
        routes: nodes of each vehicle in order, without depots; empty where a vehicle stays.
        cost: sum of the matrix's costs along the routes, depots included, without penalties.
        absent: requests not served.
        iterations: removals and insertions tried.
    """

    routes: Routes
    cost: float
    absent: list[int]
    iterations: int

    @property
    def vehicles(self) -> int:
        """Vehicles that leave their depot."""
        return sum(bool(route) for route in self.routes)


def timetable(problem: Problem, vehicle: int, route: list[int]) -> Array | None:
    """Earliest times of a route with its depots, or None if there are none; by Bellman and Ford.

    A plain twin of the kernels' check: what they found is proven by it.
    """
    fleet, n = problem.fleet, problem.requests
    way = [int(fleet.start[vehicle]), *route, int(fleet.end[vehicle])]
    last = len(way) - 1
    at = {node: k for k, node in enumerate(way)}
    arcs = [(k, k + 1, problem.service[a] + problem.minutes[a, b]) for k, (a, b) in enumerate(pairwise(way))]
    arcs += [
        (at[v], at[v - n], -problem.ride[v - n] - problem.service[v - n])
        for v in route
        if v >= n and np.isfinite(problem.ride[v - n])
    ]
    if np.isfinite(fleet.duty_min[vehicle]):
        arcs.append((last, 0, -fleet.duty_min[vehicle]))
    times = np.array([problem.opens[v] for v in way], float)
    for _ in range(len(way) + 1):
        before = times.copy()
        for a, b, least in arcs:
            times[b] = max(times[b], times[a] + least)
        if (times > problem.closes[way] + 1e-6).any():
            return None
        if (times <= before + 1e-9).all():
            return times
    return None


def faults(problem: Problem, found: Found) -> list[str]:
    """What is wrong with a result, in words; empty if it keeps every rule and its cost is right."""
    n, fleet = problem.requests, problem.fleet
    wrong = []
    visits = [v for route in found.routes for v in route]
    if sorted([*visits, *found.absent, *(n + r for r in found.absent)]) != list(range(2 * n)):
        wrong.append("not every request is either served once or absent")
    cost = 0.0
    for vehicle, route in enumerate(found.routes):
        seats = places = 0.0
        for k, v in enumerate(route):
            r, sign = (v, 1) if v < n else (v - n, -1)
            if sign < 0 and r not in route[:k]:
                wrong.append(f"vehicle {vehicle}: delivery of {r} before its pickup")
            seats, places = seats + sign * problem.seats[r], places + sign * problem.places[r]
            if seats > fleet.seats[vehicle] or places > fleet.places[vehicle]:
                wrong.append(f"vehicle {vehicle}: too full at node {v}")
        if route:
            way = [fleet.start[vehicle], *route, fleet.end[vehicle]]
            cost += float(problem.cost[way[:-1], way[1:]].sum())
            if timetable(problem, vehicle, route) is None:
                wrong.append(f"vehicle {vehicle}: no times keep windows, rides and duty")
    absent = set(problem.group[found.absent].tolist())
    if any(int(problem.group[v]) in absent for v in visits if v < n):
        wrong.append("a group is served in part")
    if abs(cost - found.cost) > 1e-6 * max(1.0, cost):
        wrong.append(f"cost {found.cost}, but the routes cost {cost}")
    return wrong
