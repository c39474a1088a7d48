"""What an extra post costs: only where posts are told from none, by payer, with a paired interval.

Not here: differences of single figures (test_compare), how it is said (test_report).
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from embauche.analysis.cost_effect import CostPerPost, cost_per_post, interval, ratio_interval
from embauche.cli_show import _cost_per_post

SEEDS = [4, 7, 9, 12, 13]


def run(name: str, **figures: Any) -> Any:
    """A result with whole-run figures by seed; payers are accounts with `paid__`."""
    rows = []
    for key, values in figures.items():
        paid = key.startswith("paid__")
        of = ("paid_eur_week", "payer", key[6:].replace("_", ":")) if paid else (key, "all", "all")
        rows += [(-1, *of, "value", seed, float(v)) for seed, v in zip(SEEDS, values, strict=True)]
    columns = ["week", "indicator", "dimension", "group", "statistic", "seed", "value"]
    return SimpleNamespace(name=name, indicators=pd.DataFrame(rows, columns=columns))


def effect(posts: list[float], cost: list[float], **more: Any) -> CostPerPost:
    base = run(
        "b",
        posts_filled_end=[100] * 5,
        public_cost_eur_week=[50] * 5,
        hires_gross=[7] * 5,
        paid__user=[3] * 5,
    )
    other = run(
        "s", posts_filled_end=100 + np.array(posts), public_cost_eur_week=50 + np.array(cost),
        hires_gross=[7 + 2 * p for p in posts], paid__user=[3] * 5, **more,
    )  # fmt: skip
    return cost_per_post(base, other, SEEDS)


def test_where_posts_are_sure_the_ratio_has_an_interval_about_it() -> None:
    found = effect([8, 9, 10, 11, 12], [600, 610, 590, 620, 580])
    assert found.eur_per_post_week == pytest.approx(60)
    assert found.eur_low < 60 < found.eur_high
    assert found.eur_low > 45
    assert found.eur_high < 75
    assert found.bound_eur_per_post_week is None
    assert (found.gross_hires, found.net_posts) == (20, 10)
    assert found.gross_low < 20 < found.gross_high


@pytest.mark.parametrize("posts", [[-2, 9, -1, 12, 2], [3, 3, 3, 3, 3]])
def test_posts_that_may_be_none_have_a_bound_and_no_ratio(posts: list[float]) -> None:
    found = effect(posts, [600] * 5)
    assert found.eur_per_post_week is None
    assert np.isnan(found.eur_low)
    assert found.bound_eur_per_post_week == pytest.approx(600 / found.high)
    assert all(p.eur_per_post_week is None for p in found.payers)


def test_posts_lost_have_neither() -> None:
    found = effect([-8, -9, -10, -11, -12], [600] * 5)
    assert found.eur_per_post_week is None
    assert found.bound_eur_per_post_week is None


def test_one_seed_tells_nothing() -> None:
    base, other = (
        run(n, posts_filled_end=[p] * 5, public_cost_eur_week=[p] * 5) for n, p in (("b", 1), ("s", 9))
    )
    found = cost_per_post(base, other, SEEDS[:1])
    assert found.net_posts == 8
    assert np.isnan(found.low)
    assert found.eur_per_post_week is None
    assert found.bound_eur_per_post_week is None


def test_payers_by_kind_whatever_the_authorities_are_called() -> None:
    found = effect(
        [8, 9, 10, 11, 12],
        [600] * 5,
        **{"paid__authority_A": [100, 90, 110, 100, 100], "paid__region": [500] * 5},
    )
    payers = {p.payer: p for p in found.payers}
    assert payers["authority"].eur_week == pytest.approx(100)
    assert payers["authority"].low < 100 < payers["authority"].high
    assert payers["region"].eur_per_post_week == pytest.approx(50)
    assert payers["user"].eur_week == 0


def test_the_bootstrap_is_keyed_paired_and_covers() -> None:
    rng = np.random.default_rng(3)
    bottom = rng.normal(10, 2, 30)
    assert ratio_interval(3 * bottom, bottom) == pytest.approx((3, 3))
    top = 3 * bottom + rng.normal(0, 4, 30)
    assert ratio_interval(top, bottom) == ratio_interval(top, bottom)
    held = 0
    for _ in range(200):
        bottom = rng.normal(10, 2, 20)
        top = 3 * bottom + rng.normal(0, 4, 20)
        low, high = ratio_interval(top, bottom, 400)
        held += low <= 3 <= high
    assert held > 170  # about 93 % of 95 % intervals of twenty pairs
    low, high = ratio_interval(np.array([5.0, 5.0]), np.array([-1.0, 3.0]))
    assert np.isinf(high)


@pytest.mark.parametrize(
    ("posts", "words"),
    [
        ([8.0, 9, 10, 11, 12], "60.0 EUR a week ("),
        ([-2.0, 9, -1, 12, 2], "posts not distinguishable from none; "),
        ([-8.0, -9, -10, -11, -12], "posts are lost"),
    ],
)
def test_the_terminal_says_it(posts: list[float], words: str) -> None:
    assert words in _cost_per_post(effect(posts, [600, 600, 600, 600, 600]))


def test_interval_is_students() -> None:
    low, high = interval(np.array([[1.0, 2.0, 3.0]]))
    assert (low[0], high[0]) == pytest.approx((2 - 2.484, 2 + 2.484), abs=1e-3)
