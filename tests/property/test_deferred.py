"""Deferred acceptance: as the plain twin, stable, best for persons, whatever the order of rows."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embauche.kernels.deferred import deferred_acceptance
from naive.hiring import deferred_acceptance as plainly

Array = np.ndarray[Any, Any]
Wishes = dict[int, list[int]]
Ranks = dict[tuple[int, int], int]


def market(seed: int, people: int, vacancies: int) -> tuple[Wishes, Ranks]:
    rng = np.random.default_rng(seed)
    wishes = {w: rng.permutation(vacancies)[: rng.integers(0, vacancies + 1)].tolist() for w in range(people)}
    order = [rng.permutation(people).tolist() for _ in range(vacancies)]
    return wishes, {(v, w): order[v].index(w) for v in range(vacancies) for w in range(people)}


def solve(wishes: Wishes, ranks: Ranks, vacancies: int, names: list[int]) -> dict[int, int]:
    """By the kernel, persons standing in the order of `names`."""
    sender = np.array([i for i, w in enumerate(names) for _ in wishes[w]], np.int32)
    vacancy = np.array([v for w in names for v in wishes[w]], np.int32)
    rank = np.array([ranks[v, w] for w in names for v in wishes[w]], np.int64)
    ptr = np.concatenate([[0], np.cumsum([len(wishes[w]) for w in names])]).astype(np.int64)
    held = np.empty(vacancies, np.int64)
    deferred_acceptance(ptr, sender, vacancy, rank, held)
    return {v: names[sender[a]] for v, a in enumerate(held.tolist()) if a >= 0}


def blocking(wishes: Wishes, ranks: Ranks, held: dict[int, int]) -> list[tuple[int, int]]:
    """Pairs who would both rather have each other."""
    mine = {w: v for v, w in held.items()}
    return [
        (v, w)
        for w, posts in wishes.items()
        for v in (posts[: posts.index(mine[w])] if w in mine else posts)
        if v not in held or ranks[v, w] < ranks[v, held[v]]
    ]


@given(st.integers(0, 2**32), st.integers(0, 9), st.integers(1, 7))
def test_as_the_twin_stable_and_in_any_order(seed: int, people: int, vacancies: int) -> None:
    wishes, ranks = market(seed, people, vacancies)
    held = solve(wishes, ranks, vacancies, list(range(people)))
    assert held == plainly(wishes, ranks)
    assert blocking(wishes, ranks, held) == []
    assert all(v in wishes[w] for v, w in held.items())
    shuffled = np.random.default_rng(seed).permutation(people).tolist()
    assert solve(wishes, ranks, vacancies, shuffled) == held


@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 4))
def test_nobody_does_better_in_another_stable_matching(seed: int, people: int, vacancies: int) -> None:
    wishes, ranks = market(seed, people, vacancies)
    found = {w: v for v, w in solve(wishes, ranks, vacancies, list(range(people))).items()}
    seats = [*range(vacancies), *(-1 - w for w in range(people))]
    for taken in permutations(seats, people):
        held = {v: w for w, v in enumerate(taken) if v >= 0}
        if any(v not in wishes[w] for v, w in held.items()) or blocking(wishes, ranks, held):
            continue
        for w in range(people):  # in a stable matching the same people are matched, none better than here
            place = {v: k for k, v in enumerate(wishes[w])}
            other = taken[w] if taken[w] >= 0 else None
            assert (other is None) == (w not in found)
            assert other is None or place[found[w]] <= place[other]
