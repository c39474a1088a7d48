"""Carpools at their best: exact matchings and their bounds against plain solvers, pairs against brute force.

Lives here: the matching, the candidates, the benchmark's instances. Not here: the service (test_carpool).
"""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from embauche.core.parallel import get_threads, set_threads
from embauche.services.carpooling.matches import Matching, Pairs, Rules, bound, find_pairs, match

Array = np.ndarray[Any, Any]
Edges = list[tuple[int, int, int]]


def pairs_of(n: int, edges: Edges) -> Pairs:
    """Pairs from (driver, rider, metres)."""
    edges = sorted(edges)
    tail = np.array([e[0] for e in edges], np.int64)
    return Pairs(
        np.arange(n),
        np.searchsorted(tail, np.arange(n + 1)).astype(np.int64),
        np.array([e[1] for e in edges], np.int32),
        np.array([e[2] for e in edges], np.int32),
    )


def checked(n: int, edges: Edges, found: Matching) -> int:
    """What the mates save together; each is the other's mate, and the two are a pair."""
    best: dict[tuple[int, int], int] = {}
    for a, b, w in edges:
        best[min(a, b), max(a, b)] = max(w, best.get((min(a, b), max(a, b)), 0))
    total = 0
    for v in range(n):
        mate = int(found.mate[v])
        if mate >= 0:
            assert found.mate[mate] == v
            if v < mate:
                total += best[v, mate]
    return total


def by_all_matchings(left: tuple[int, ...], edges: Edges) -> int:
    """The twin: the best of all matchings."""
    if not left:
        return 0
    first, rest = left[0], left[1:]
    best = by_all_matchings(rest, edges)
    for a, b, w in edges:
        if first in (a, b) and (other := b if a == first else a) in rest:
            best = max(best, w + by_all_matchings(tuple(x for x in rest if x != other), edges))
    return best


@st.composite
def graphs(draw: st.DrawFn, most: int) -> tuple[int, Edges]:
    n = draw(st.integers(2, most))
    heaviest = draw(st.sampled_from([1, 3, 40, 10**6]))
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(1, heaviest))
    return n, [e for e in draw(st.lists(ends, max_size=3 * n)) if e[0] != e[1]]


@settings(max_examples=80)
@given(graphs(8))
def test_no_matching_saves_more(graph: tuple[int, Edges]) -> None:
    n, edges = graph
    found = match(pairs_of(n, edges))
    assert checked(n, edges, found) == found.saving_m == by_all_matchings(tuple(range(n)), edges)
    assert found.exact


@pytest.mark.parametrize("heaviest", [2, 12, 1000])
def test_matching_agrees_with_networkx_where_odd_circles_nest(heaviest: int) -> None:
    rng = np.random.default_rng(heaviest)
    for _ in range(60):
        n = int(rng.integers(10, 45))
        u, v = rng.integers(0, n, (2, int(rng.integers(n, 5 * n))))
        w = rng.integers(1, heaviest, len(u), endpoint=True)
        edges = [(int(a), int(b), int(c)) for a, b, c in zip(u, v, w, strict=True) if a != b]
        graph = nx.Graph()
        for a, b, c in edges:
            graph.add_edge(a, b, weight=max(c, graph.get_edge_data(a, b, {"weight": 0})["weight"]))
        best = sum(graph[a][b]["weight"] for a, b in nx.max_weight_matching(graph))
        found = match(pairs_of(n, edges))
        assert checked(n, edges, found) == found.saving_m == best
        assert found.exact


def test_fixed_roles_are_an_assignment() -> None:
    rng = np.random.default_rng(4)
    for _ in range(40):
        drivers, riders = int(rng.integers(1, 30)), int(rng.integers(1, 30))
        table = rng.integers(1, 50, (drivers, riders)) * (rng.random((drivers, riders)) < 0.3)
        edges = [(int(i), int(drivers + j), int(table[i, j])) for i, j in np.argwhere(table)]
        found = match(pairs_of(drivers + riders, edges))
        assert found.saving_m == table[linear_sum_assignment(table, maximize=True)].sum()
        assert found.exact


def test_a_bound_is_claimed_only_where_duals_prove_it() -> None:
    """Duals that leave one edge uncovered, are negative, or sit on an even set prove nothing."""
    from embauche.kernels.matching_tree import FIELDS, PARENT, TOP, Y

    nodes = np.zeros((6, FIELDS), np.int32)
    nodes[:, TOP], nodes[:, PARENT] = np.arange(6), -1
    nodes[:3, Y] = 4
    tail, head, weight = np.array([[0, 1, 2], [1, 2, 0], [8, 8, 8]])
    assert bound(nodes, tail, head, weight) == 6
    assert bound(nodes, tail, head, weight + np.array([1, 0, 0])) == math.inf
    nodes[0, Y], nodes[1, Y], nodes[2, Y] = -1, 9, 9
    assert bound(nodes, tail, head, weight) == math.inf
    nodes[:3, Y], nodes[:3, TOP], nodes[:3, PARENT], nodes[3, Y] = 2, 3, 3, 4  # a blossom of all three
    assert bound(nodes, tail, head, weight) == 5
    nodes[2, PARENT] = -1
    assert bound(nodes, tail, head, weight) == math.inf


def by_brute_force(home: Array, work: Array, arrive: Array, role: Array, rules: Rules) -> set[Any]:
    """The twin: every pair of commuters looked at."""
    speed, found = rules.speed_km_h / 60, set()
    own = np.hypot(*(home - work).T)
    for x in range(len(arrive)):
        for y in range(len(arrive)):
            dx, dy = home[x] - home[y]
            a, b = math.sqrt(dx * dx + dy * dy), math.hypot(*(work[x] - work[y]))
            keeps = (
                x != y
                and role[x] & 1 != 0
                and role[y] & 2 != 0
                and own[x] - a - b > rules.least_km
                and a + b + own[y] - own[x] <= min(rules.detour_km, rules.detour_share * own[x])
                and abs(arrive[x] - b / speed - arrive[y]) <= 2 * rules.flex_min
                and abs(arrive[x] - arrive[y]) <= rules.apart_min
            )
            if keeps:
                found.add((x, y, int((own[x] - a - b) * 1000)))
    return found


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(0, 60), st.sampled_from([2.0, 25.0, 90.0]), st.floats(0.0, 30.0))
def test_pairs_are_those_of_brute_force(seed: int, n: int, side: float, detour_km: float) -> None:
    rng = np.random.default_rng(seed)
    home, work = rng.uniform(-side, side, (2, n, 2))
    work[: n // 4] = home[: n // 4]  # some work at home
    arrive, role = rng.normal(500, 30, n), rng.integers(0, 4, n).astype(np.int8)
    rules = Rules(detour_km=detour_km, detour_share=0.5, apart_min=math.inf if seed % 2 else 40.0)
    found = find_pairs(home, work, arrive, role, rules)
    x = found.commuter[np.repeat(np.arange(n), np.diff(found.ptr))]
    rows = zip(x.tolist(), found.commuter[found.rider].tolist(), found.saved_m.tolist(), strict=True)
    assert set(rows) == by_brute_force(home, work, arrive, role, rules)
    assert len(found.rider) == len(set(zip(x.tolist(), found.rider.tolist(), strict=True)))


@pytest.fixture(scope="module")
def benchmark(repository: Path) -> ModuleType:
    return module_of(repository / "benchmarks" / "carpool.py")


def module_of(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_{path.stem}_file", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


@pytest.mark.parametrize("kind", ["free", "fixed"])
def test_instances_are_those_of_the_reference(benchmark: ModuleType, repository: Path, kind: str) -> None:
    file = repository.parent / "shared" / "tools" / "bench_carpool.py"
    if not file.exists():
        pytest.skip("the reference instances' generator is not here")
    reference = module_of(file)
    for mine, theirs in zip(benchmark.commuters(1000, 7), reference.gen(1000, 7), strict=True):
        assert np.array_equal(mine, theirs)
    (u, v, w), _, _ = reference.edges(1000, 7, kind == "fixed")
    theirs = sorted(zip(u.tolist(), v.tolist(), w.tolist(), strict=True))
    _, pairs, _ = benchmark.solve(1000, 7, kind)
    assert [tuple(e) for e in np.array(benchmark.edges(pairs)).T.tolist()] == theirs


def test_ten_thousand_are_matched_exactly_at_one_and_two_threads(benchmark: ModuleType) -> None:
    threads = get_threads()
    try:
        set_threads(1)
        one, _, a = benchmark.solve(10_000, 1, "free")
        set_threads(2)
        two, _, b = benchmark.solve(10_000, 1, "free")
    finally:
        set_threads(threads)
    assert np.array_equal(a.mate, b.mate)
    assert one["exact"]
    assert one["saving_m"] == two["saving_m"] == one["bound_m"]


def test_savings_too_heavy_are_refused() -> None:
    with pytest.raises(ValueError, match="takes less"):
        match(pairs_of(2, [(0, 1, 2**28)]))
