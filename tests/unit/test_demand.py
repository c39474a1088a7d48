"""Named shocks to demand: posts of a sector fall and come back, others stay; faults are told.

Lives here: the `demand:` block. Not here: demand that moves by chance (test_ends).
"""

from __future__ import annotations

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.scenario_demand import Demand, Shock
from embauche.core.scenario_load import validated
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour.economy import groups
from embauche.model import Bassin
from embauche.population.schemas import SECTORS
from embauche.population.synthesis import synthesise
from helpers import tiny_territory


def test_posts_fall_with_a_shock_and_come_back() -> None:
    territory = tiny_territory(4)
    population = synthesise(territory, default_catalogue(), defaults(), 1)  # type: ignore[arg-type]
    shock = Shock(name="crisis", sectors=("trade", "construction"), week=2, weeks=30, posts_pct=-30.0)
    models = [
        Bassin(territory, population, default_catalogue(), defaults(), settings, rng=5)  # type: ignore[arg-type]
        for settings in (Settings(), Settings(demand=Demand(shocks=(shock,))))
    ]
    hit = np.isin(groups(models[0]), [SECTORS.index(s) for s in shock.sectors])
    others = (groups(models[0]) >= 0) & ~hit
    share, calm = [], []
    for _ in range(70):
        for model in models:
            model.step()
        base, shocked = (model.state.active for model in models)
        share.append(shocked[hit].sum() / base[hit].sum())
        calm.append(shocked[others].sum() / base[others].sum())
    assert share[1] == 1.0
    assert 0.65 < np.mean(share[26:32]) < 0.78
    assert np.mean(share[65:]) > 0.93
    assert np.abs(np.array(calm) - 1.0).max() < 0.03


def test_shocks_at_a_time_add_up() -> None:
    demand = Demand(
        shocks=(
            Shock(name="a", week=3, weeks=2, posts_pct=-10.0),
            Shock(name="b", sectors=("trade",), week=4, posts_pct=-85.0),
        )
    )
    found = [demand.posts_share("trade", week) for week in (2, 3, 4, 5)]
    assert found == pytest.approx([1.0, 0.9, 0.1, 0.15])
    assert demand.posts_share("industry", 4) == pytest.approx(0.9)


def test_faults_of_a_shock_are_told_all_at_once() -> None:
    with pytest.raises(UserError) as caught:
        validated(
            {"name": "x", "demand": {"shocks": [{"name": "a", "sectors": ["trad"], "posts_pct": -5},
                                                {"name": "b", "posts_pct": 0}, {"name": "c", "pct": 3}]}}
        )  # fmt: skip
    text = str(caught.value)
    assert "trad" in text
    assert "changes nothing" in text
    assert "posts_pct" in text


def test_two_shocks_have_two_names() -> None:
    block = {"shocks": [{"name": "a", "posts_pct": -5}, {"name": "a", "posts_pct": 5}]}
    with pytest.raises(UserError, match="one name"):
        validated({"name": "x", "demand": block})
