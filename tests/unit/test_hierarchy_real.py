"""RoadHierarchy on graphs of roads against other libraries' Dijkstra: exactness, not speed.

Lives here: New York, Addison and an embedded territory against scipy in float64, small multigraphs
against networkx. Not here: made-up graphs (property/test_hierarchy_property), speed (benchmarks).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from embauche.routing import RoadHierarchy
from embauche.territory.build import build_territory
from embauche.territory.embedded import load_embedded
from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]


def scipys_times(graph: tuple[Array, Array, Array], sources: Array, targets: Array) -> Array:
    """Float64 [source, target]; no arc may be of length zero, which scipy takes for none."""
    indptr, indices, seconds = graph
    nodes = len(indptr) - 1
    matrix = csr_matrix((seconds, indices, indptr), shape=(nodes, nodes))
    return dijkstra(matrix, indices=sources)[:, targets]


def check_modes(territory: Any, sources: int, targets: int) -> None:
    """All modes of a territory, in whole tenths and as they are."""
    rng = np.random.default_rng(1)
    nodes, arcs = territory.nodes, territory.arcs
    for mode in ("car", "bike", "walk"):
        seconds = np.maximum(arcs[f"{mode}_s"].astype(np.float64), 0.1)
        by = np.lexsort((seconds, arcs.head, arcs.tail))
        tail, head, seconds = arcs.tail[by], arcs.head[by], seconds[by]
        ends = np.arange(len(nodes) + 1)
        everywhere = RoadHierarchy(np.searchsorted(tail, ends), head, nodes.lon, nodes.lat)
        tenths = np.round(seconds * 10)
        doubled = everywhere.customize(tenths)
        # of parallel arcs the fastest, open ones only, since scipy would add them up or take inf for an arc
        first = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])) & np.isfinite(seconds)
        tail, head, seconds, tenths = (array[first] for array in (tail, head, seconds, tenths))
        indptr = np.searchsorted(tail, ends)
        hierarchy = RoadHierarchy(indptr, head, nodes.lon, nodes.lat)
        one, two = rng.integers(0, len(nodes), sources), rng.integers(0, len(nodes), targets)
        expected = scipys_times((indptr, head, tenths), one, two)
        assert np.array_equal(hierarchy.customize(tenths).times(one, two), expected)
        assert np.array_equal(doubled.times(one, two), expected), "parallel and closed arcs change nothing"
        expected = scipys_times((indptr, head, seconds), one, two)
        found = hierarchy.customize(seconds).times(one, two)
        assert np.array_equal(np.isinf(found), np.isinf(expected))
        reached = np.isfinite(expected)
        assert np.allclose(found[reached], expected[reached], rtol=1e-5, atol=0)


def test_an_embedded_territory_agrees_with_scipy() -> None:
    check_modes(load_embedded("bresle-vimeu"), 20, 200)


@pytest.mark.long
def test_addison_agrees_with_scipy(shared_data: Path, tmp_path: Path) -> None:
    build_territory(shared_data / "osm/addison.osm.gz", [], out=tmp_path / "addison")
    check_modes(Territory.load(tmp_path / "addison"), 50, 500)


@pytest.mark.parametrize("seed", range(5))
def test_small_multigraphs_agree_with_networkx(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nodes, arcs = 40, 40 * seed
    tail = np.sort(rng.integers(0, nodes, arcs))
    head = rng.integers(0, nodes, arcs)
    seconds = rng.integers(0, 5, arcs).astype(float)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), seconds.tolist(), strict=True))
    expected = np.full((nodes, nodes), np.inf)
    for source, times in nx.all_pairs_dijkstra_path_length(graph):
        expected[source, list(times)] = list(times.values())
    indptr = np.searchsorted(tail, np.arange(nodes + 1))
    hierarchy = RoadHierarchy(indptr, head, rng.random(nodes), rng.random(nodes))
    everyone = np.arange(nodes)
    assert np.array_equal(hierarchy.customize(seconds).times(everyone, everyone), expected)


@pytest.mark.long
def test_new_york_agrees_with_scipy(shared_data: Path) -> None:
    file = shared_data / "graphs" / "ny.npz"
    if not file.is_file():
        pytest.skip("the New York graph is not here: ../shared/data/graphs/ny.npz")
    with np.load(file) as data:
        indptr, indices, weight = data["indptr"], data["indices"], data["weight"].astype(np.float64)
        hierarchy = RoadHierarchy(indptr, indices, data["x"], data["y"])
    rng = np.random.default_rng(1)
    sources, targets = rng.choice(hierarchy.nodes, (2, 200), replace=False)
    for seconds, tolerance in ((np.round(weight * 10), 0.0), (weight, 1e-5)):
        found = hierarchy.customize(seconds).times(sources, targets)
        expected = scipys_times((indptr, indices, seconds), sources, targets)
        assert np.isfinite(expected).all()
        assert np.all(np.abs(found - expected) <= tolerance * expected)
