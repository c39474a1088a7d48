"""RoadHierarchy against Dijkstra's algorithm on random directed graphs: times, metres, seeds, paths.

Lives here: dead ends, one-ways, islands, loops, parallel arcs, arcs of length zero, closed arcs, ties.
Not here: refusals and degenerate graphs (unit/test_hierarchy), real graphs (unit/test_hierarchy_real).
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embauche.routing import RoadHierarchy

Array = np.ndarray[Any, Any]
SEEDS = st.integers(0, 2**32)


def random_graph(rng: np.random.Generator, nodes: int, arcs: int) -> tuple[Array, Array, Array, Array]:
    """(indptr, indices, seconds, metres): small whole numbers, so that sums are exact and ties abound."""
    tail = np.sort(rng.integers(0, nodes, arcs))
    indptr = np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int32)
    near = rng.random(arcs) < 0.7  # mostly between neighbours, as roads are
    head = np.where(
        near, np.clip(tail + rng.integers(-2, 3, arcs), 0, nodes - 1), rng.integers(0, nodes, arcs)
    )
    seconds = rng.integers(0, 6, arcs).astype(float)
    seconds[rng.random(arcs) < 0.1] = np.inf
    return indptr, head.astype(np.int32), seconds, rng.integers(0, 4, arcs).astype(float)


def dijkstra(graph: tuple[Array, Array, Array, Array], starts: dict[int, tuple[float, float]]) -> Array:
    """Least (seconds, second value) from the starts to each node, float64 [node, 2]."""
    indptr, indices, seconds, metres = graph
    best = np.full((len(indptr) - 1, 2), np.inf)
    heap = [(*value, node) for node, value in starts.items() if np.isfinite(value[0])]
    heapq.heapify(heap)
    while heap:
        t, m, node = heapq.heappop(heap)
        if (t, m) >= tuple(best[node]):
            continue
        best[node] = t, m
        for a in range(indptr[node], indptr[node + 1]):
            if np.isfinite(seconds[a]):
                heapq.heappush(heap, (t + seconds[a], m + metres[a], int(indices[a])))
    return best


def reversed_graph(graph: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
    indptr, indices, seconds, metres = graph
    tail = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    by = np.argsort(indices, kind="stable")
    ptr = np.searchsorted(indices[by], np.arange(len(indptr))).astype(np.int32)
    return ptr, tail[by].astype(np.int32), seconds[by], metres[by]


def case(seed: int, nodes: int, density: float) -> tuple[tuple[Array, Array, Array, Array], RoadHierarchy]:
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, nodes, int(nodes * density))
    places = rng.random((2, nodes)).round(1)  # many nodes at one place
    return graph, RoadHierarchy(graph[0], graph[1], *places)


@given(seed=SEEDS, nodes=st.integers(1, 60), density=st.floats(0, 4))
def test_times_and_metres_are_dijkstras_both_ways(seed: int, nodes: int, density: float) -> None:
    graph, hierarchy = case(seed, nodes, density)
    weighting = hierarchy.customize(graph[2], graph[3])
    everyone = np.arange(nodes)
    expected = np.array([dijkstra(graph, {s: (0.0, 0.0)}) for s in range(nodes)])
    seconds, metres = weighting.times_and_metres(everyone, everyone)
    assert np.array_equal(seconds, expected[:, :, 0])
    assert np.array_equal(metres, expected[:, :, 1])
    assert np.array_equal(weighting.times(everyone, everyone), seconds)
    far = hierarchy.select(everyone)
    back, back_m = weighting.rows(everyone, far, backward=True, metres=True)
    assert np.array_equal(back, seconds.T)
    assert np.array_equal(back_m, metres.T)
    assert np.array_equal(weighting.rows(everyone, far, backward=True), seconds.T)


@given(seed=SEEDS, nodes=st.integers(1, 60), density=st.floats(0, 4))
def test_rows_to_a_few_nodes_are_columns_of_all(seed: int, nodes: int, density: float) -> None:
    graph, hierarchy = case(seed, nodes, density)
    rng = np.random.default_rng(seed)
    sources, targets = (rng.integers(0, nodes, rng.integers(0, 40)) for _ in range(2))
    weighting = hierarchy.customize(graph[2])
    everyone = np.arange(nodes)
    whole = weighting.times(everyone, everyone)
    part = weighting.times(sources, targets)
    assert part.shape == (len(sources), len(targets))
    assert part.dtype == np.float32
    assert np.array_equal(part, whole[np.ix_(sources, targets)])


@given(seed=SEEDS, nodes=st.integers(1, 50), density=st.floats(0, 4), lanes=st.integers(0, 40))
def test_seeds_with_head_starts(seed: int, nodes: int, density: float, lanes: int) -> None:
    graph, hierarchy = case(seed, nodes, density)
    rng = np.random.default_rng(seed)
    ptr = np.concatenate([[0], np.cumsum(rng.integers(0, 4, lanes))])
    node = rng.integers(0, nodes, ptr[-1])
    start = rng.integers(0, 9, ptr[-1]).astype(float)
    start[rng.random(ptr[-1]) < 0.1] = np.inf
    weighting = hierarchy.customize(graph[2])
    targets = rng.permutation(nodes)
    far = hierarchy.select(targets)
    for backward in (False, True):
        seconds, which = weighting.from_seeds(ptr, node, start, far, backward=backward)
        indptr, indices, arcs, _ = reversed_graph(graph) if backward else graph
        for lane in range(lanes):
            starts: dict[int, tuple[float, float]] = {}
            for i in range(ptr[lane], ptr[lane + 1]):
                starts[node[i]] = min(starts.get(node[i], (np.inf, 0.0)), (start[i], float(i)))
            expected = dijkstra((indptr, indices, arcs, np.zeros(len(arcs))), starts)[targets]
            assert np.array_equal(seconds[lane], expected[:, 0])
            assert np.array_equal(which[lane], np.where(np.isfinite(expected[:, 1]), expected[:, 1], -1))


@given(seed=SEEDS, nodes=st.integers(1, 30), density=st.floats(0, 4))
def test_paths_connect_and_add_up(seed: int, nodes: int, density: float) -> None:
    graph, hierarchy = case(seed, nodes, density)
    indptr, indices, seconds, metres = graph
    tail = np.repeat(np.arange(nodes), np.diff(indptr))
    weighting = hierarchy.customize(seconds, metres)
    everyone = np.arange(nodes)
    expected, expected_m = weighting.times_and_metres(everyone, everyone)
    ptr, arcs = weighting.paths(np.repeat(everyone, nodes), np.tile(everyone, nodes))
    assert len(ptr) == nodes * nodes + 1
    for i, (s, t) in enumerate(np.ndindex(nodes, nodes)):
        path = arcs[ptr[i] : ptr[i + 1]]
        stations = np.concatenate([[s], indices[path]])
        if np.isinf(expected[s, t]):
            assert len(path) == 0
            continue
        assert np.array_equal(tail[path], stations[:-1])
        assert stations[-1] == t
        assert len(np.unique(stations)) == len(stations), "a node is met twice"
        assert (seconds[path].sum(), metres[path].sum()) == (expected[s, t], expected_m[s, t])


@given(seed=SEEDS, nodes=st.integers(1, 60), density=st.floats(0, 4))
def test_topology_is_chordal_and_ranks_are_a_postorder(seed: int, nodes: int, density: float) -> None:
    _, hierarchy = case(seed, nodes, density)
    t = hierarchy.topology
    assert np.array_equal(np.sort(hierarchy.order), np.arange(nodes))
    rows = [set(t.head[t.up_ptr[r] : t.up_ptr[r + 1]].tolist()) for r in range(nodes)]
    size = np.ones(nodes, int)
    for r in range(nodes):
        assert all(h > r for h in rows[r])
        assert t.parent[r] == (min(rows[r]) if rows[r] else -1)
        if rows[r]:
            assert rows[r] - {t.parent[r]} <= rows[t.parent[r]]
            size[t.parent[r]] += size[r]
    for r in range(nodes):
        below = [c for c in range(nodes) if t.parent[c] == r]
        assert not below or max(below) == r - 1
        assert size[r] == 1 + sum(size[c] for c in below)
    for r in range(nodes):
        slots = t.down_slot[t.down_ptr[r] : t.down_ptr[r + 1]]
        assert (t.head[slots] == r).all()
        assert (np.diff(t.tail[slots]) > 0).all()
