"""The search for dial-a-ride routes: what it finds keeps every rule, repeats, and is best of all where few.

Lives here: search, insertion, set partition, the check of a result. Not here: one route's times (property).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from darp_case import best_of_all, cost_of, one_route, random_problem
from embauche.core.errors import UserError
from embauche.services.darp.arrays import Search
from embauche.services.darp.pool import best_partition
from embauche.services.darp.problem import Found, Problem, faults, timetable
from embauche.services.darp.search import insertion, search


def with_penalties(problem: Problem, found: Found) -> float:
    return found.cost + float(problem.penalty[found.absent].sum())


@pytest.mark.parametrize("seed", range(6))
def test_small_problems_are_solved_to_the_optimum(seed: int) -> None:
    problem = random_problem(3, 2, seed, penalty=60.0)
    found = search(problem, seed=1, iterations=400)
    assert not faults(problem, found)
    assert with_penalties(problem, found) == pytest.approx(best_of_all(problem))


def test_one_vehicle_with_binding_rides_is_solved_to_the_optimum() -> None:
    solved = 0
    for seed in range(8):
        problem = random_problem(4, 1, seed, ride=25.0, duty=170.0, wide=60.0)
        best = one_route(problem, 0, [0, 1, 2, 3])
        found = search(problem, seed=2, iterations=300)
        assert not faults(problem, found)
        assert bool(found.absent) == (best is None)
        if best is not None:
            solved += 1
            assert found.cost == pytest.approx(best[0])
    assert solved >= 3


def test_groups_are_served_whole_or_not_at_all() -> None:
    parted = 0
    for seed in range(8):
        alone = random_problem(4, 1, seed, wide=10.0, duty=120.0, penalty=50.0)
        tied = replace(alone, group=np.array([0, 0, 1, 1]))
        one, both = (search(p, seed=3, iterations=300) for p in (alone, tied))
        parted += bool(faults(tied, one))
        assert not faults(tied, both)
        assert with_penalties(tied, both) >= with_penalties(alone, one) - 1e-9
        assert with_penalties(tied, both) == pytest.approx(best_of_all(tied))
    assert parted, "no case in which tying matters"


def test_a_search_bounded_by_iterations_repeats() -> None:
    problem = random_problem(12, 3, 5, penalty=80.0)
    first, again, other = (search(problem, seed=s, iterations=700) for s in (7, 7, 8))
    assert first == again
    assert first.iterations == 700
    assert not faults(problem, other)


def test_searching_longer_is_no_dearer_than_insertion() -> None:
    problem = random_problem(15, 4, 2, penalty=100.0)
    first, found = insertion(problem, 1), search(problem, seed=1, iterations=2_000)
    assert not faults(problem, first)
    assert not faults(problem, found)
    assert with_penalties(problem, found) < with_penalties(problem, first)


def test_a_search_starts_from_the_routes_given() -> None:
    problem = random_problem(10, 3, 4, penalty=90.0)
    good = search(problem, seed=1, iterations=3_000)
    kept = search(problem, good.routes, seed=9, iterations=1)
    assert with_penalties(problem, kept) <= with_penalties(problem, good) + 1e-9
    with pytest.raises(ValueError, match="cannot be driven"):
        search(problem, [[10, 0]], seed=1, iterations=1)


def test_fewest_vehicles_come_before_distance() -> None:
    base = random_problem(8, 1, 3, ride=np.inf, duty=100.0, wide=60.0)
    fleet = replace(base.fleet, **{k: np.repeat(getattr(base.fleet, k), 8) for k in vars(base.fleet)})
    problem = replace(base, fleet=fleet)
    few = search(problem, seed=1, iterations=2_000, fewest=True)
    assert not faults(problem, few)
    assert not few.absent
    assert few.vehicles > 1
    one_less = replace(
        problem, fleet=replace(fleet, **{k: v[: few.vehicles - 1] for k, v in vars(fleet).items()})
    )
    assert search(one_less, seed=2, iterations=2_000).absent


def test_set_partition_takes_the_cheapest_routes_met() -> None:
    """Two solutions in the pool whose better halves together are cheaper than either."""
    problem = random_problem(6, 4, 11, wide=200.0, penalty=500.0)
    run = Search(problem, 1)
    run.load([[0, 6], [1, 7], [2, 8, 3, 9], []])
    for _ in range(20):
        run.step(20, 5.0, 500.0)
    run.load([[0, 6], [], [], []])
    routes = best_partition(run, 5.0)
    assert routes is not None
    cost = cost_of(problem, routes)
    absent = [r for r in range(6) if all(r not in route for route in routes)]
    assert not faults(problem, Found(routes, cost, absent, 0))
    before = run.score[2, 0]
    run.load(routes)
    assert run.score[2, 0] < before


def test_the_check_names_every_fault() -> None:
    problem = random_problem(3, 1, 0, wide=240.0, duty=240.0, penalty=10.0)
    routes = [[0, 3]]
    cost = cost_of(problem, routes)
    assert not faults(problem, Found(routes, cost, [1, 2], 0))
    assert "cost" in faults(problem, Found(routes, cost + 1, [1, 2], 0))[0]
    assert "served once" in faults(problem, Found(routes, cost, [1], 0))[0]
    swapped = [[3, 0]]
    assert "before its pickup" in " ".join(
        faults(problem, Found(swapped, cost_of(problem, swapped), [1, 2], 0))
    )
    full = replace(problem, seats=np.full(3, 4.0))
    assert "too full" in " ".join(faults(full, Found(routes, cost, [1, 2], 0)))
    short = replace(problem, ride=np.full(3, 0.5))
    assert "no times" in " ".join(faults(short, Found(routes, cost, [1, 2], 0)))
    tied = replace(problem, group=np.array([0, 0, 1]))
    assert "in part" in " ".join(faults(tied, Found(routes, cost, [1, 2], 0)))


def test_timetable_delays_a_pickup_to_keep_the_ride_short() -> None:
    problem = random_problem(1, 1, 0, ride=30.0)
    minutes = np.array([[0.0, 10, 5], [10, 0, 5], [5, 5, 0.0]])
    problem = replace(
        problem, minutes=minutes, cost=minutes, opens=np.array([0.0, 100, 0]), closes=np.full(3, 200.0)
    )
    times = timetable(problem, 0, [0, 1])
    assert times is not None
    assert times.tolist() == [0.0, 68.0, 100.0, 107.0]  # leaves at 70, 30 minutes on board


def test_arrays_that_do_not_fit_are_named() -> None:
    problem = random_problem(2, 1, 0)
    with pytest.raises(UserError, match="arrays do not fit"):
        replace(problem, opens=np.zeros(3))
    with pytest.raises(UserError, match="arrays do not fit"):
        replace(problem, fleet=replace(problem.fleet, start=np.array([1])))


def test_no_requests_no_routes() -> None:
    problem = random_problem(2, 1, 0)
    none = Problem(
        problem.minutes[4:, 4:], problem.cost[4:, 4:], problem.opens[4:], problem.closes[4:],
        problem.service[4:], *(np.zeros(0) for _ in range(5)),
        replace(problem.fleet, start=np.zeros(1, int), end=np.zeros(1, int)),
    )  # fmt: skip
    assert search(none, seed=1, iterations=5) == Found([[]], 0.0, [], 0)
