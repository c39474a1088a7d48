"""Distances between trades: a table that is symmetric, zero only with itself, and equal to the twin's."""

from __future__ import annotations

import numpy as np

from embauche.labour.skills import DISTANCE, distance, lacking
from embauche.population.schemas import SKILLS
from naive.search import distance as plain_distance


def test_distances_are_symmetric_and_zero_with_oneself_only() -> None:
    np.testing.assert_array_equal(DISTANCE, DISTANCE.T)
    assert ((DISTANCE == 0) == np.eye(len(SKILLS), dtype=bool)).all()
    assert DISTANCE.max() == 1.0


def test_distances_are_those_written_out_in_the_twin() -> None:
    n = len(SKILLS)
    assert [[plain_distance(a, b) for b in range(n)] for a in range(n)] == DISTANCE.tolist()


def test_every_trade_has_a_near_one() -> None:
    assert (np.sort(DISTANCE, axis=1)[:, 1] < 1.0).all()


def test_distance_and_levels_go_element_by_element() -> None:
    a, b = np.array([2, 8], np.int8), np.array([2, 9], np.int8)
    assert distance(a, b).tolist() == [0.0, 0.3]
    assert lacking(np.array([0, 3], np.int8), np.array([2, 1], np.int8)).tolist() == [2, 0]
