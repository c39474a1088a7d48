"""Inputs of RoadHierarchy that once ended in a bare Python error.

Not here: times and paths (test_hierarchy).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.routing import RoadHierarchy

INDPTR, INDICES = np.array([0, 1, 2, 2], np.int32), np.array([1, 2], np.int32)


def test_coordinates_that_are_words_are_named() -> None:
    with pytest.raises(UserError, match="coordinates y are not numbers"):
        RoadHierarchy(INDPTR, INDICES, np.zeros(3), np.array(["north", "south", "west"]))


def test_a_plain_array_is_no_saved_hierarchy(tmp_path: Path) -> None:
    path = tmp_path / "roads.npy"
    np.save(path, np.arange(3))
    with pytest.raises(UserError, match="not a saved road hierarchy"):
        RoadHierarchy.load(path)


def test_seconds_beyond_float32_are_refused_rather_than_closed() -> None:
    roads = RoadHierarchy(INDPTR, INDICES, np.zeros(3), np.zeros(3))
    with pytest.raises(UserError, match=r"seconds of arc 1 \(from node 1 to node 2\)"):
        roads.customize(np.array([1.0, 1e39]))


def test_sums_beyond_float32_are_unreachable_and_great_integers_are_times() -> None:
    roads = RoadHierarchy(INDPTR, INDICES, np.zeros(3), np.zeros(3))
    assert np.isinf(roads.customize(np.array([3e38, 3e38])).times([0], [2])).all()
    assert roads.customize(np.array([2**62, 2**62])).times([0], [2])[0, 0] == np.float32(2.0**63)
