"""What people expect of services whose places are few, added to what those quote.

Lives here: expected waiting, extra ride and refusals in offers. Not here: how they are learned
(labour.experience).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel

ACCEPT, WAIT, EXTRA = 0, 1, 2  # rows of a table of expectations


@inline
def felt_on_top(
    expected: np.ndarray, place: int, klass: int, refused_min: float, wait_weight: float, weight: float
) -> float:
    """Felt minutes that expectations of a (place, class) add to a quoted tour; float32 [3, place, class]."""
    refused = 1.0 - np.float64(expected[ACCEPT, place, klass])
    wait, extra = np.float64(expected[WAIT, place, klass]), np.float64(expected[EXTRA, place, klass])
    return refused_min * refused + wait_weight * wait + weight * extra


@kernel
def add_expected(
    lo: int,
    hi: int,
    expected: np.ndarray,
    place: np.ndarray,
    klass: np.ndarray,
    refused_min: float,
    wait_weight: float,
    weight: float,
    out_min: np.ndarray,
    back_min: np.ndarray,
    wait_min: np.ndarray,
    felt_min: np.ndarray,
) -> None:
    """Add expected waiting and extra ride to offers lo..hi, half each way, and their weight to felt_min."""
    for r in range(lo, hi):
        p, c = place[r], klass[r]
        wait = np.float64(expected[WAIT, p, c])
        half = 0.5 * (wait + np.float64(expected[EXTRA, p, c]))
        felt_min[r] += felt_on_top(expected, p, c, refused_min, wait_weight, weight)
        out_min[r] += half
        back_min[r] += half
        wait_min[r] += wait


@kernel
def expect_rows(
    lo: int,
    hi: int,
    people: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    row_place: np.ndarray,
    row_class: np.ndarray,
    expected: np.ndarray,
    refused_min: float,
    wait_weight: float,
    weight: float,
    quoted_min: np.ndarray,
    felt_min: np.ndarray,
) -> None:
    """Felt minutes of the rows of people[lo:hi] for one service: quoted and expected, float32 [row]."""
    for i in range(lo, hi):
        p = people[i]
        for r in range(start[p], end[p]):
            felt_min[r] = quoted_min[r] + felt_on_top(
                expected, row_place[r], row_class[r], refused_min, wait_weight, weight
            )
