"""Measures of validation: the split, verdicts, means of seeds, weeks watched on a small bassin.

Not here: published figures (tests/validation/test_published_figures).
"""

from __future__ import annotations

import numpy as np
import pytest

from embauche.analysis.validation import measured, summary
from embauche.analysis.validation_labour import Watch
from embauche.analysis.validation_matching import Market, branched, elasticities
from embauche.analysis.validation_targets import STAGES, TARGETS, Target, verdict
from embauche.core.parameters import defaults
from embauche.labour.economy import Economy, groups
from embauche.population.schemas import Status
from paired import bassin


def test_the_split_names_parameters_that_exist_and_sources() -> None:
    known = defaults()
    for names in STAGES.values():
        assert all(known[name] is not None for name in names)
    assert {t.stage for t in TARGETS} == {*STAGES, ""}
    assert len({t.name for t in TARGETS}) == len(TARGETS)
    assert all(t.source and t.low <= t.high and t.slack >= 0 for t in TARGETS)


def test_a_verdict_says_by_how_much() -> None:
    target = Target("x", 0.2, 0.4, 0.05, "share", "somebody", "", "something")
    assert verdict(target, 0.44) == "met"
    assert verdict(target, 0.16) == "met"
    assert verdict(target, 0.5) == "missed by +0.1"
    assert verdict(target, 0.1) == "missed by -0.1"
    assert verdict(target, float("nan")) == "not measured"


def test_intervals_are_students_over_seeds() -> None:
    row = summary([{"a": 1.0, "b": float("nan")}, {"a": 3.0, "b": float("nan")}])
    assert row["b"] == {"mean": None, "low": None, "high": None}
    assert row["a"]["mean"] == 2.0
    assert row["a"]["high"] == pytest.approx(2 + 12.7062, abs=1e-3)  # t of one degree of freedom, s.e. 1


def test_every_target_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embauche.analysis.validation_matching.SHOCK_WEEKS", 30)
    model = bassin({}, 0)
    for _ in range(12):
        model.step()
    figures = measured(model, 14, matching=True)
    assert {t.name for t in TARGETS} <= set(figures)
    assert np.isnan(figures["left_18_months"])  # fourteen weeks do not tell
    assert 0 < figures["unemployment"] < 1
    assert 0 < figures["left_month"] < 1
    assert figures["car_share_5km"] + figures["transit_share_5km"] + figures["active_share_5km"] <= 1 + 1e-9


def test_a_watch_counts_what_the_state_says() -> None:
    model = bassin({}, 1)
    watch = Watch(model)
    before = model.state.status.copy()
    model.step()
    watch.week()
    hires = model.week_hires
    assert hires is not None
    assert watch.found[0] == (watch.resident & (before == Status.UNEMPLOYED) & hires.hired).sum()
    resident = model.state.status[watch.resident]
    assert watch.unemployed[0] == (resident == Status.UNEMPLOYED).sum()


def test_a_branch_leaves_its_model_alone_and_thins_as_said() -> None:
    """Stocks at once, and week by week what joins them; nobody opens posts in the place of those taken."""
    model = bassin({}, 2)
    for _ in range(4):
        model.step()
    kept = model.state.arrays()
    whole, half = Market(branched(model), 1.0, 1.0), Market(branched(model), 0.5, 0.5)
    assert 0.3 * whole.idle().sum() < half.idle().sum() < 0.7 * whole.idle().sum()
    assert 0.2 * whole.vacant().sum() < half.vacant().sum() < 0.8 * whole.vacant().sum()
    wanted = [Economy.of(m.model.state).wanted.sum() for m in (whole, half)]
    of_sector = groups(model) >= 0
    assert wanted[0] - wanted[1] == (whole.vacant() & of_sector).sum() - (half.vacant() & of_sector).sum()
    came, stayed = 0, 0
    for _ in range(12):
        half.model.step()
        old, new = half.idle() & (half.model.state.spell > 0), half.idle() & (half.model.state.spell == 0)
        half.thin(new_only=True)
        assert half.idle()[old].all()
        came, stayed = came + new.sum(), stayed + (half.idle() & new).sum()
    assert 0 < stayed < 0.8 * came
    whole.week()
    assert (
        whole.rows[0][1]
        == (kept["status"] == Status.UNEMPLOYED).sum()
        - (kept["apprentice"].astype(bool) & (kept["status"] == Status.UNEMPLOYED)).sum()
    )
    assert all(np.array_equal(a, kept[name]) for name, a in model.state.arrays().items())


def test_elasticities_of_a_market_that_is_known_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hires by a Cobb-Douglas law of 0.6 and 0.4 in the branches: the estimate is these."""

    def known(model: object, seekers: float, vacancies: float) -> np.ndarray:
        u, v = 1000 * seekers * np.linspace(1, 1.1, 5), 200 * vacancies * np.linspace(1.2, 1, 5) ** 2
        return np.stack([u**0.6 * v**0.4, u, v], 1)

    monkeypatch.setattr("embauche.analysis.validation_matching.branch", known)
    found = elasticities(None)  # type: ignore[arg-type]
    assert found["elasticity_unemployed"] == pytest.approx(0.6)
    assert found["returns_to_scale"] == pytest.approx(1.0)
