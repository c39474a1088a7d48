"""RoadHierarchy on the New York graph against scipy's Dijkstra in float64.

Lives here: exactness on a real graph. Not here: speed (benchmarks/many_to_many).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from embauche.routing import RoadHierarchy


@pytest.mark.long
def test_new_york_agrees_with_dijkstra(shared_data: Path) -> None:
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
        graph = csr_matrix((seconds, indices, indptr))
        expected = dijkstra(graph, indices=sources)[:, targets]
        assert np.isfinite(expected).all()
        assert np.abs(found - expected).max() <= tolerance * expected.max()
        assert np.all(np.abs(found - expected) <= tolerance * expected)
