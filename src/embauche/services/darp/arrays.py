"""The arrays of one search, as its kernels want them, made of a problem.

Lives here: windows narrowed, neighbours, keys of insertion, room for solutions and the pool.
Not here: what is done with them (search), the kernels (kernels.darp_search).
"""

from __future__ import annotations

import numpy as np

from embauche.core.draws import Purpose
from embauche.kernels.darp_place import Choice, Pool
from embauche.kernels.darp_route import FAR, Facts, Solutions
from embauche.kernels.darp_search import BEST, COSTS, MISSING, NOW, WORK, route_load, route_search
from embauche.services.darp.problem import Array, Found, Problem, Routes

NEAR = 200  # neighbours kept of a stop
LONGEST = 400  # stops of a route at most, depots included
MEMORY = 1 << 17  # best places remembered
POOL_STOPS = 1 << 21  # stops of pooled routes


class Search:
    """One search: its facts, solutions and pool. The first `routes` vehicles may be used."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem = problem
        n, vehicles = problem.requests, len(problem.fleet.start)
        self.routes = vehicles
        self.facts, self.choice = _given(problem)
        self.scale = float(self.facts.cost[: 2 * n].mean())
        cap = min(2 * n + 2, LONGEST)
        self.solutions = Solutions(
            np.full((3, vehicles, cap), -1, np.int32),
            np.full((3, vehicles), 2, np.int32),
            np.zeros((3, vehicles, cap, 4)),
            np.full((3, n), -1, np.int32),
            np.zeros((3, vehicles)),
            np.zeros((3, vehicles), np.uint64),
        )
        self.score = np.zeros((3, 2))
        lines = 1 << max(8, int(np.log2(POOL_STOPS // cap)))
        self.pool = Pool(
            np.full((MEMORY, 3), -1.0),
            np.zeros(lines, np.uint64),
            np.zeros(lines),
            np.full((lines, cap), -1, np.int32),
            np.ones(n),
            np.array([(seed << 8) + int(Purpose.DIAL_A_RIDE), 0], np.uint64),
        )

    def load(self, routes: Routes) -> None:
        """Start from these routes, one a vehicle; the others stay at their depots.

        Raises:
            ValueError: a route that breaks a rule.
        """
        way, size, kind = self.solutions.way[WORK], self.solutions.size[WORK], self.choice.kind
        for v in range(self.routes):
            depot = 2 * (self.problem.requests + int(kind[v]))
            stops = [depot, *(routes[v] if v < len(routes) else []), depot + 1]
            way[v, : len(stops)] = stops
            size[v] = len(stops)
        feasible = np.zeros(self.routes, np.bool_)
        route_load(self.routes, self.facts, self.solutions, feasible)
        if not feasible.all():
            raise ValueError(f"routes {np.flatnonzero(~feasible).tolist()} of the start cannot be driven")
        absent = self.solutions.owner[NOW] < 0
        total = self.solutions.total[NOW, : self.routes].sum()
        free = np.isfinite(self.choice.penalty)
        self.score[:, COSTS] = total + self.choice.penalty[absent & free].sum()
        self.score[:, MISSING] = (absent & ~free).sum()

    def insert(self, by: int) -> int:
        """One pass of insertion of what is absent, in the order of a key of `choice.order`; 1."""
        return self._run(1, 0.0, FAR, False, by)

    def step(self, iterations: int, heat: float, must: float, *, guided: bool = False) -> int:
        """Iterations at one temperature; number done."""
        return self._run(iterations, heat, must, guided, -1)

    def _run(self, iterations: int, heat: float, must: float, guided: bool, by: int) -> int:
        rule = iterations, self.routes, heat, must, guided, by
        done: int = route_search(*rule, self.facts, self.choice, self.solutions, self.score, self.pool)
        return done

    def best(self) -> Routes:
        """Best routes met, without depots."""
        way, size = self.solutions.way[BEST], self.solutions.size[BEST]
        return [way[v, 1 : size[v] - 1].tolist() for v in range(self.routes)]

    def found(self, iterations: int) -> Found:
        """The best solution met as a result."""
        idle = len(self.problem.fleet.start) - self.routes
        cost = float(self.solutions.total[BEST, : self.routes].sum())
        absent = np.flatnonzero(self.solutions.owner[BEST] < 0).tolist()
        return Found(self.best() + [[] for _ in range(idle)], cost, absent, iterations)


def _given(problem: Problem) -> tuple[Facts, Choice]:
    """What stays the same; each kind of vehicle gets two depot nodes, so that a route's hash tells it."""
    n, fleet = problem.requests, problem.fleet
    keys = np.column_stack([fleet.start, fleet.end, fleet.seats, fleet.places, fleet.duty_min])
    _, first, kind = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    depots = np.column_stack([fleet.start[first], fleet.end[first]]).ravel()
    rows = np.concatenate([np.arange(2 * n), depots]).astype(np.int64)
    minutes = np.ascontiguousarray(problem.minutes[np.ix_(rows, rows)], np.float64)
    cost = np.ascontiguousarray(problem.cost[np.ix_(rows, rows)], np.float64)
    node = np.zeros((len(rows), 6))
    node[:, 0], node[:, 1], node[:, 2] = problem.opens[rows], problem.closes[rows], problem.service[rows]
    node[:n, 3] = np.minimum(problem.ride, FAR)
    node[:n, 4], node[n : 2 * n, 4] = problem.seats, -problem.seats
    node[:n, 5], node[n : 2 * n, 5] = problem.places, -problem.places
    _narrow(node, minutes, n)
    _, group = np.unique(problem.group, return_inverse=True)
    facts = Facts(
        n=n,
        limited=bool(np.isfinite(problem.ride).any() or np.isfinite(fleet.duty_min).any()),
        node=node,
        minutes=minutes,
        cost=cost,
        vehicle=np.column_stack([fleet.seats, fleet.places, np.minimum(fleet.duty_min, FAR)]).astype(float),
    )
    choice = Choice(
        grouped=int(group.max()) + 1 < n,
        kind=kind.reshape(-1).astype(np.int32),
        near=_near(node, minutes, cost, n),
        order=_orders(node, cost, n),
        penalty=problem.penalty.astype(float),
        group=group.reshape(-1).astype(np.int64),
    )
    return facts, choice


def _narrow(node: Array, minutes: Array, n: int) -> None:
    """Narrow windows to what rides and shifts leave of them (Cordeau 2006); no route is lost."""
    opens, closes, service = node[:, 0], node[:, 1], node[:, 2]
    pick, drop, stops = slice(0, n), slice(n, 2 * n), slice(0, 2 * n)
    home, back = slice(2 * n, None, 2), slice(2 * n + 1, None, 2)
    leave = (opens[home] + service[home])[:, None] + minutes[home, stops]
    opens[stops] = np.maximum(opens[stops], leave.min(axis=0))
    reach = closes[back] - minutes[stops, back] - service[stops, None]
    closes[stops] = np.minimum(closes[stops], reach.max(axis=1))
    ride, direct = node[pick, 3], np.diagonal(minutes[pick, drop])
    for _ in range(2):
        opens[drop] = np.maximum(opens[drop], opens[pick] + service[pick] + direct)
        closes[drop] = np.minimum(closes[drop], closes[pick] + service[pick] + ride)
        opens[pick] = np.maximum(opens[pick], opens[drop] - service[pick] - ride)
        closes[pick] = np.minimum(closes[pick], closes[drop] - service[pick] - direct)


def _near(node: Array, minutes: Array, cost: Array, n: int) -> Array:
    """Other stops by nearness in space and time, int32 [stop, neighbour]."""
    stops = slice(0, 2 * n)
    opens, closes, leaves = node[stops, 0], node[stops, 1], node[stops, 2, None] + minutes[stops, stops]
    wait = np.maximum(opens[None, :] - closes[:, None] - leaves, 0.0)
    late = np.maximum(opens[:, None] + leaves - closes[None, :], 0.0)
    apart = cost[stops, stops] + 0.2 * wait + late
    apart = np.minimum(apart, apart.T)
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1, kind="stable")[:, : min(NEAR, 2 * n - 1)].astype(np.int32)


def _orders(node: Array, cost: Array, n: int) -> Array:
    """Keys by which requests are put back, the least first, float64 [request, key]."""
    home = 2 * n
    far = cost[home, :n] + cost[home, n:home]
    width = (node[:n, 1] - node[:n, 0]) + (node[n:home, 1] - node[n:home, 0])
    return np.ascontiguousarray(np.column_stack([-far, far, width, node[:n, 0], -node[n:home, 1]]))
