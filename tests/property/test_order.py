"""The order of contraction against its plain twin: which nodes go first, where cells are cut.

Not here: times on the contracted graph (test_hierarchy_property), real graphs (unit/test_hierarchy_real).
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.kernels.dissection import dissect
from embauche.kernels.reduction import reduce_graph
from naive.order import Graph, cut, dissected, reduced

SEEDS = st.integers(0, 2**32)


def random_graph(seed: int, nodes: int, density: float) -> tuple[Graph, np.ndarray]:
    """Mostly between neighbours on a plane, as roads are; and where nodes lie."""
    rng = np.random.default_rng(seed)
    where = rng.integers(0, 9, (nodes, 2)).astype(float)
    graph: Graph = [set() for _ in range(nodes)]
    for _ in range(int(density * nodes)):
        a = int(rng.integers(nodes))
        far = np.abs(where - where[a]).sum(axis=1) + rng.random(nodes) * 3
        far[a] = np.inf
        b = int(far.argmin()) if rng.random() < 0.5 else int(rng.integers(nodes))
        if a != b:
            graph[a].add(b)
            graph[b].add(a)
    return graph, where


def rows_of(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    ptr = np.cumsum([0, *(len(near) for near in graph)]).astype(np.int32)
    return ptr, np.array([w for near in graph for w in sorted(near)], np.int32)


@given(SEEDS, st.integers(1, 40), st.floats(0.0, 2.5))
def test_small_degrees_go_first(seed: int, nodes: int, density: float) -> None:
    graph, _ = random_graph(seed, nodes, density)
    ptr, adj = rows_of(graph)
    gone, degree = reduce_graph(ptr, adj)
    order, left = reduced(graph)
    assert gone.tolist() == order
    for v in range(nodes):
        kept = set(adj[ptr[v] : ptr[v] + max(degree[v], 0)].tolist())
        assert (degree[v] < 0) == (v in order)
        assert kept == left[v]


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 45), st.floats(0.5, 3.0), st.booleans())
def test_cells_are_cut_as_by_the_twin(seed: int, nodes: int, density: float, one_go: bool) -> None:
    graph, where = random_graph(seed, nodes, density)
    ptr, adj = rows_of(graph)
    degree = np.diff(ptr).astype(np.int32)
    along = (where[:, 0], where[:, 1], where.sum(axis=1))
    lines = [np.argsort(a, kind="stable").astype(np.int32) for a in along]
    lists, place = np.stack(lines), np.zeros(nodes, np.int32)
    cells = [(0, nodes)]
    while cells:
        lo, hi = cells.pop()
        most = nodes if one_go else hi - lo - 1
        cells += [(int(a), int(b)) for a, b in dissect(lo, hi, most, lists, ptr, degree, adj, place)]
    assert lists[0].tolist() == dissected(graph, [line.tolist() for line in lines])


@given(SEEDS, st.integers(4, 14), st.floats(0.5, 3.0))
def test_the_twins_cut_parts_and_no_smaller_one_does(seed: int, nodes: int, density: float) -> None:
    """By trying all sets of nodes: the twin itself is right."""
    graph, _ = random_graph(seed, nodes, density)
    cell, ends = list(range(nodes)), max(1, nodes // 4)
    side, between, paths = cut(graph, cell)
    assert paths == len(between)
    source, sink = set(range(ends)), set(range(nodes - ends, nodes))

    def parts(gone: set[int]) -> bool:
        seen = queue = list(source - gone)
        for v in queue:
            queue += [w for w in graph[v] - gone if w not in seen]
        return not sink & set(seen)

    assert parts(between)
    assert not side & sink
    free = [v for v in cell if v not in sink]
    for bits in range(2 ** len(free)):
        gone = {v for k, v in enumerate(free) if bits >> k & 1}
        if len(gone) < paths:
            assert not parts(gone)
