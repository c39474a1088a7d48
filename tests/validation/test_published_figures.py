"""The model beside published figures: seeds of Grand Artois after burn-in.

Sources: each Target of embauche.analysis.validation_targets names its own (INSEE, Dares, Petrongolo &
Pissarides 2001, Manning & Petrongolo 2017 ...). The seeds are in docs/validation.json, written by
`python experiments/02_validation/run.py` (ten, if nothing else is said); here they are held against the
targets, and two of them are lived again (`long`), so that figures and code cannot part. MISSED lists what
is known not to be met, with the bound that holds; docs/validation.md gives the reasons.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from embauche.analysis.validation import WATCHED_WEEKS, measured, settled
from embauche.analysis.validation_targets import TARGETS, Target
from embauche.core.parameters import defaults

FIGURES = Path(__file__).parents[2] / "docs" / "validation.json"
LIVED_AGAIN, BURN_IN = (2, 3), 78
AGAIN = "run `python experiments/02_validation/run.py` again"
# what is missed by more than its slack: the most by which the mean may be off
MISSED: dict[str, float] = {
    "left_18_months": 0.14,
    "elasticity_unemployed": 0.15,
    "outside_commune": 0.13,
    "wage_commute": 0.24,
}


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return found


def test_figures_are_of_the_defaults_as_they_are(answer: dict[str, Any]) -> None:
    assert answer["territory"] == "grand-artois"
    assert len(answer["seeds"]) == len(answer["seed_numbers"])
    assert set(LIVED_AGAIN) <= set(answer["seed_numbers"])
    now = dict(defaults())
    changed = {k for k in now if answer["parameters"].get(k) != now[k]} | (
        set(answer["parameters"]) - set(now)
    )
    assert not changed, f"defaults have changed since: {sorted(changed)}; {AGAIN}"


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.name)
def test_the_mean_of_seeds_meets_what_is_published(target: Target, answer: dict[str, Any]) -> None:
    mean, slack = answer["figures"][target.name]["mean"], MISSED.get(target.name, target.slack)
    assert mean is not None, f"{target.name} was not measured"
    assert target.low - slack <= mean <= target.high + slack, target.source


def one(seed: int) -> dict[str, float]:
    """Figures of a seed; runs in a process of its own."""
    from embauche.core.parallel import set_threads

    set_threads(1)
    return measured(settled("grand-artois", seed, BURN_IN), WATCHED_WEEKS, matching=False)


@pytest.mark.long
def test_two_of_the_seeds_give_the_same_figures_again(answer: dict[str, Any]) -> None:
    """Equal to six digits: other processors and libraries may round otherwise."""
    with ProcessPoolExecutor(len(LIVED_AGAIN), mp_context=get_context("spawn")) as pool:
        lived = list(pool.map(one, LIVED_AGAIN))
    for seed, figures in zip(LIVED_AGAIN, lived, strict=True):
        before = answer["seeds"][answer["seed_numbers"].index(seed)]
        before = {k: v for k, v in before.items() if v is not None and k in figures}
        found = {k: figures[k] for k in before}
        assert len(found) > 20
        assert found == pytest.approx(before, rel=1e-6, abs=1e-9), f"seed {seed}: {AGAIN}"
