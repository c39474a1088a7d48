"""The plain twin by itself: its stocks close, its cars serve one driver at a time, seeds repeat."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.population.schemas import Status
from helpers import tiny_territory
from naive import NaiveBassin
from naive.draws import Draws
from naive.rides import Run, Search
from twin_case import TwinPopulation, twin_population

BUSY = {
    "search.on_the_job": 0.2,
    "quits.base": 0.01,
    "posts.destruction": 0.005,
    "external.fill_rate": 0.3,
    "car.fail": 0.02,
    "transit.late": 0.2,
    "transit.asc_eur": 6.0,  # the grid is so small that nobody would ride otherwise
    "walk.max_min": 40.0,
    "hire.threshold": 0.7,
}


def live(seed: int, weeks: int, population: TwinPopulation | None = None) -> NaiveBassin:
    territory = tiny_territory()
    model = NaiveBassin(
        territory,
        population or twin_population(territory),
        default_catalogue(),
        defaults().replaced(BUSY),
        rng=seed,
    )
    for _ in range(weeks):
        model.step()
    return model


def state(model: NaiveBassin) -> list[tuple[object, ...]]:
    return [
        (
            w.worker_id,
            w.status,
            w.post.post_id if w.post else -1,
            tuple(w.services),
            w.spell_weeks,
            w.missed_recent,
        )
        for w in model.workers
    ]


@pytest.fixture(scope="module")
def model() -> NaiveBassin:
    return live(seed=3, weeks=0)


def test_weeks_keep_the_books(model: NaiveBassin) -> None:
    hired = travelled = 0
    for _ in range(12):
        model.step()
        hired += len(model.hires)
        held = [w.post for w in model.workers if w.post is not None]
        assert max(Counter(post.post_id for post in held).values()) == 1
        for w in model.workers:
            assert (w.post is not None) == (w.status == Status.EMPLOYED)
            assert w.post is None or (w.post.holder is w and w.post.active)
            assert w.post is None or w.may_see(w.post)
            travelled += len(w.tours)
            assert w.missed == w.services.count("missed")
        assert len(held) == sum(p.holder is not None for p in model.posts)
        assert all(p.holder is None for p in model.posts if not p.active)
        for home in model.households:
            for moment, _ in home.out:
                assert sum(a <= moment < b for a, b in home.out) <= home.cars
    assert hired > 5
    assert travelled > 1000


def test_every_service_is_used_and_some_shifts_are_missed() -> None:
    model = live(seed=3, weeks=3)
    used = Counter(s for w in model.workers for s in w.services if s is not None)
    assert set(used) == {"car", "bike", "walk", "transit", "missed"}


def test_same_seed_same_lives_whatever_the_order_of_rows() -> None:
    territory = tiny_territory()
    plain = twin_population(territory, households=16, firms=5)
    order = np.random.default_rng(1).permutation(len(plain.persons))
    shuffled = replace(plain, persons=plain.persons.take(order))
    assert state(live(5, 3, plain)) == state(live(5, 3, shuffled))
    assert state(live(5, 3, plain)) != state(live(6, 3, plain))


def test_turning_65_brings_an_entrant_of_15() -> None:
    territory = tiny_territory()
    population = twin_population(territory, households=16, firms=5)
    population.persons.age_weeks[0] = 3379
    old = int(population.persons.worker_id[0])
    model = live(5, 1, population)
    assert old not in {w.worker_id for w in model.workers}
    assert len(model.workers) == len(population.persons)
    assert min(w.age_weeks for w in model.workers) == 780
    assert sum(len(h.members) for h in model.households) == len(model.workers)


def test_search_agrees_with_a_time_expanded_graph() -> None:
    """Earliest arrivals and latest departures of random timetables, against networkx."""
    draws = Draws(11)
    reached = 0
    for case in range(30):
        runs = []
        for trip in range(12):
            time, at = int(draws.uniform(40, case, trip, 0) * 100), int(draws.uniform(40, case, trip, 1) * 6)
            stops, leave, come = [at], [], [time]
            for leg in range(3):
                stops.append((at + 1 + int(draws.uniform(40, case, trip, 2 + leg) * 5)) % 6)
                leave.append(time)
                come.append(time + 7)
                time, at = time + 9, stops[-1]
            here = (True,) * 4
            runs.append(
                Run((0, trip), tuple(stops), tuple(come), (*leave, come[-1]), here, here, ((0, 100),) * 3)
            )
        feet = {s: {s: (3, 0)} for s in range(6)}
        feet[0][1] = feet[1][0] = (8, 5)
        forward = Search(runs, {0: 0}, 10, feet, 8, 10_000, back=False)
        graph = _expanded(runs, feet)
        arrivals = _reachable_times(graph, 0, 10.0)
        assert {s: found.time for s, found in forward.reached[-1].items()} == arrivals
        reached += len(arrivals)
        back = Search(runs, {5: 0}, 100, feet, 8, 10_000, back=True)
        for stop, found in back.reached[-1].items():
            # leaving at the time found one is in time; a moment later one is not
            assert _reachable_times(graph, stop, -found.time).get(5, math.inf) <= 100.0
            assert _reachable_times(graph, stop, -found.time + 0.5).get(5, math.inf) > 100.0
    assert reached > 60


def _expanded(runs: list[Run], feet: dict[int, dict[int, tuple[int, int]]]) -> nx.DiGraph:
    """Nodes: (run, leg) with origin, goal, departure and arrival; arcs: stay aboard, or change in time."""
    hops = {
        (r, p): (run.stops[p], run.stops[p + 1], run.dep[p], run.arr[p + 1])
        for r, run in enumerate(runs)
        for p in range(len(run.stops) - 1)
    }
    graph = nx.DiGraph()
    for i, a in hops.items():
        graph.add_node(i, hop=a)
        for j, b in hops.items():
            change = feet.get(a[1], {}).get(b[0], (math.inf, 0))[0]
            if j == (i[0], i[1] + 1) or a[3] + change <= b[2]:
                graph.add_edge(i, j)
    return graph


def _reachable_times(graph: nx.DiGraph, stop: int, leave: float) -> dict[int, float]:
    first = [i for i, d in graph.nodes(data=True) if d["hop"][0] == stop and d["hop"][2] >= leave]
    found: dict[int, float] = {}
    for i in set(first).union(*(nx.descendants(graph, i) for i in first)):
        _, goal, _, arrives = graph.nodes[i]["hop"]
        found[goal] = min(found.get(goal, math.inf), arrives)
    return found
