"""Times of a route and the cheapest place in it, against a plain system of difference constraints.

Lives here: properties of kernels.darp_route on small random routes. Not here: the search (tests/unit).
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from darp_case import random_problem
from embauche.kernels.darp_place import best_place
from embauche.kernels.darp_route import Desk
from embauche.kernels.darp_search import WORK
from embauche.services.darp.arrays import Search
from embauche.services.darp.problem import Problem, faults, timetable
from embauche.services.darp.search import search


@st.composite
def cases(draw: st.DrawFn) -> tuple[Problem, list[int]]:
    """A problem with one vehicle and a route of some of its requests in any order that serves them."""
    n = draw(st.integers(1, 5))
    problem = random_problem(
        n, 1, draw(st.integers(0, 10_000)), ride=draw(st.sampled_from([12.0, 20.0, 35.0, np.inf])),
        duty=draw(st.sampled_from([100.0, 160.0, np.inf])), wide=draw(st.sampled_from([10.0, 40.0, 120.0])),
    )  # fmt: skip
    stops = draw(st.permutations([*range(n), *range(n)]))
    seen: set[int] = set()
    route = []
    for r in stops[: draw(st.integers(0, 2 * n))]:
        route.append(n + r if r in seen else r)
        seen.add(r)
    return problem, [v for v in route if (v if v >= n else v + n) in route]


def drivable(problem: Problem, route: list[int]) -> bool:
    n, load = problem.requests, 0.0
    for v in route:
        load += problem.seats[v] if v < n else -problem.seats[v - n]
        if load > problem.fleet.seats[0]:
            return False
    return timetable(problem, 0, route) is not None


def loaded(problem: Problem, route: list[int]) -> Search | None:
    run = Search(problem, 1)
    try:
        run.load([route])
    except ValueError:
        return None
    return run


@given(cases())
@settings(max_examples=150, deadline=None)
def test_a_route_can_be_driven_exactly_if_its_constraints_have_a_solution(
    case: tuple[Problem, list[int]],
) -> None:
    problem, route = case
    run = loaded(problem, route)
    assert (run is not None) == drivable(problem, route)
    if run is not None:
        m = run.solutions.size[WORK, 0]
        plan = run.solutions.plan[WORK, 0, :m]
        times = timetable(problem, 0, route)
        assert (plan[:, 0] <= plan[:, 1] + 1e-6).all()
        assert (plan[:, 0] >= times - 1e-6).all(), (
            "earliest times are those of the constraints or, narrowed, later"
        )


@given(cases())
@settings(max_examples=60, deadline=None)
def test_the_best_place_is_the_cheapest_of_all_places(case: tuple[Problem, list[int]]) -> None:
    problem, route = case
    run = loaded(problem, route)
    n = problem.requests
    free = [r for r in range(n) if r not in route]
    if run is None or not free:
        return
    r, m = free[0], len(route) + 2
    cap = run.solutions.way.shape[2] + 2
    desk = Desk(np.empty(cap, np.int32), np.empty(cap), np.empty(n, np.int32))
    row, plan = run.solutions.way[WORK, 0], run.solutions.plan[WORK, 0]
    added, i, j = best_place(r, 0, row, m, plan, run.facts, 1e9, 0.0, run.pool.state, desk)
    costs = {}
    for a in range(len(route) + 1):
        for b in range(a, len(route) + 1):
            longer = [*route[:a], r, *route[a:b], n + r, *route[b:]]
            if drivable(problem, longer):
                way = [2 * n, *longer, 2 * n]
                costs[a, b] = problem.cost[way[:-1], way[1:]].sum()
    way = [2 * n, *route, 2 * n]
    before = problem.cost[way[:-1], way[1:]].sum()
    assert (i >= 0) == bool(costs)
    if costs:
        assert abs(added - (min(costs.values()) - before)) < 1e-6
        assert abs(costs[i, j] - min(costs.values())) < 1e-6


@given(st.integers(0, 10_000), st.integers(2, 9), st.integers(1, 3), st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_search_never_breaks_a_rule(seed: int, n: int, vehicles: int, tied: bool) -> None:
    group = [r // 2 for r in range(n)] if tied else None
    problem = random_problem(n, vehicles, seed, ride=25.0, duty=180.0, penalty=70.0, group=group)
    assert not faults(problem, search(problem, seed=seed, iterations=150))
