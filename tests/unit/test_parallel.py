"""Threads over rows: every part is worked on once, also from within a thread of the pool.

Lives here: run_blocks and run_tree. Not here: that results do not depend on threads (test_model_determinism).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from embauche.core.parallel import get_threads, run_blocks, run_tree, set_threads


@pytest.fixture(params=[1, 2, 5], autouse=True)
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = get_threads()
    set_threads(request.param)
    yield request.param
    set_threads(before)


def test_blocks_cover_each_row_once() -> None:
    done = np.zeros(10_007, int)

    def work(lo: int, hi: int) -> None:
        done[lo:hi] += 1

    run_blocks(work, len(done))
    assert (done == 1).all()


def test_a_tree_of_parts_is_worked_off() -> None:
    done = np.zeros(1000, int)

    def work(lo: int, hi: int) -> list[tuple[int, int]]:
        if hi - lo > 7:
            return [(lo, (lo + hi) // 2), ((lo + hi) // 2, hi)]
        done[lo:hi] += 1
        return []

    run_tree(work, [(0, 400), (400, 1000)])
    assert (done == 1).all()
    run_tree(work, [])


def test_work_within_work_does_not_wait_for_ever() -> None:
    done = np.zeros((20, 5000), int)

    def inner(lo: int, hi: int, row: int) -> None:
        done[row, lo:hi] += 1

    def outer(lo: int, hi: int) -> None:
        for row in range(lo, hi):
            run_blocks(inner, 5000, row)
            run_tree(lambda a, b: [], [(0, 1), (1, 2)])

    run_blocks(outer, len(done), least=2)
    assert (done == 1).all()


def test_an_error_reaches_the_caller() -> None:
    def work(lo: int, hi: int) -> list[tuple[int, int]]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_tree(work, [(0, 1), (1, 2)])
    with pytest.raises(ZeroDivisionError):
        run_blocks(work, 5000)  # type: ignore[arg-type]
