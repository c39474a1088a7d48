"""Without a policy, after burn-in, stocks do not drift: DESIGN asks for under half a point in three years.

Source of the bound: the design of the model (docs/model.md, "Rates that close the stocks").
"""

from __future__ import annotations

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.model import Bassin
from embauche.population.synthesis import synthesise
from embauche.territory.embedded import load_embedded

BURN_IN, THREE_YEARS, WINDOW = 104, 156, 26
HALF_A_POINT = 0.005


@pytest.mark.long
def test_unemployment_and_vacancies_drift_by_under_half_a_point_in_three_years() -> None:
    territory, catalogue, parameters = load_embedded("bresle-vimeu"), default_catalogue(), defaults()
    population = synthesise(territory, catalogue, parameters, 0)
    drift = []
    for seed in (1, 2):
        model = Bassin(territory, population, catalogue, parameters, rng=seed)
        for _ in range(BURN_IN + THREE_YEARS):
            model.step()
        series = model.series()
        drift.append(
            [
                np.mean(series[name][-WINDOW:]) - np.mean(series[name][BURN_IN - WINDOW : BURN_IN])
                for name in ("unemployment", "vacancy_rate")
            ]
        )
    assert (np.abs(np.mean(drift, axis=0)) < HALF_A_POINT).all(), drift
