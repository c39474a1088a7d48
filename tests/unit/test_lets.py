"""Beds go by waiting lists, and rhythms that never meet share them.

Lives here: labour.lets against its plain twin, double lets. Not here: the week of dwellings (test_lodgers).
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.core.shifts import Shift, ShiftCatalogue, Window
from embauche.labour.dwelling_costs import BED, OWN
from embauche.labour.lets import allot, bed_weeks, cycle_weeks
from embauche.labour.residences import Rhythm
from naive.beds import beds

CYCLE = 2


@st.composite
def markets(draw: Any) -> tuple[Any, ...]:
    """Askers with wishes, weeks needed, beds free, and ranks."""
    askers, residences = draw(st.integers(0, 7)), draw(st.integers(1, 3))
    width = residences + 1
    wishes = [[*draw(st.permutations(range(residences))), -1] for _ in range(askers)]
    week = st.sampled_from([[True, True], [True, False], [False, True]])
    needs = [[draw(week) for _ in range(width)] for _ in range(askers)]
    free = [[draw(st.integers(0, 2))] * CYCLE for _ in range(residences)]
    luck = [[draw(st.integers(0, 3)) for _ in range(askers)] for _ in range(residences)]
    return wishes, needs, free, luck, width


@settings(max_examples=150, deadline=None)
@given(markets())
def test_agrees_with_the_plain_twin(market: tuple[Any, ...]) -> None:
    wishes, needs, free, luck, width = market
    want = np.array(wishes, np.int64).reshape(len(wishes), width)
    need = np.array(needs, bool).reshape(len(wishes), width, CYCLE)

    def order(residence: int, askers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return askers[np.lexsort((askers, np.array(luck[residence], np.int64)[askers]))]

    at, refused = allot(want, need, np.array(free), order)
    expected, lost = beds(wishes, needs, free, lambda r, i: (luck[r][i], i))
    assert at.tolist() == expected
    assert {(int(i), int(a)) for i, a in zip(*np.nonzero(refused), strict=True)} == lost


def test_nobody_waits_for_a_bed_that_is_free() -> None:
    at, refused = allot(
        np.array([[0, -1], [0, -1]]), np.ones((2, 2, 1), bool), np.array([[2]]), lambda r, a: a
    )
    assert at.tolist() == [0, 0]
    assert not refused.any()


DAY, CENTRE = Window("day", 480, 960), Window("centre", 480, 960, at_centre=True)
WEEK, AWAY = ((("day",),) * 5 + ((),) * 2), ((("centre",),) * 5 + ((),) * 2)
TURNS = ShiftCatalogue.make((DAY, CENTRE), (Shift("turns", (WEEK, AWAY)), Shift("day", (WEEK,))))


def _residences(shared: bool) -> Any:
    table = SimpleNamespace(shared=np.array([shared]))
    return type("R", (), {"rhythm": Rhythm.of(TURNS), "table": table, "__len__": lambda self: 1})()


def test_opposite_rhythms_share_a_bed_where_lets_are_double() -> None:
    assert cycle_weeks(Rhythm.of(TURNS)) == 2
    one, two = (np.array([0, 0]), np.array([4 * BED + OWN] * 2, np.int8))
    weeks = bed_weeks(_residences(True), one, two, np.array([0, 0]), np.array([0, 1]))
    assert weeks.tolist() == [[True, False], [False, True]]
    room = np.array([[1, 1]])
    got, _ = allot(np.array([[0, -1], [0, -1]]), np.stack([weeks, weeks], axis=1), room, lambda r, a: a)
    assert got.tolist() == [0, 0]


def test_a_single_let_is_for_all_weeks() -> None:
    weeks = bed_weeks(
        _residences(False), np.array([0]), np.array([4 * BED + OWN], np.int8), np.array([0]), np.array([0])
    )
    assert weeks.all()


def test_days_in_the_firm_and_at_the_centre_are_told_apart() -> None:
    rhythm = Rhythm.of(TURNS)
    assert rhythm.use.tolist() == [[1, 2], [1, 0]]
    assert rhythm.firm.tolist() == [0.5, 1.0]
    assert not rhythm.mixed.any()
