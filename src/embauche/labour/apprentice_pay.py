"""What apprentices are paid: a share of the minimum wage by age and year of the contract.

Lives here: pay, GRID. Source: Code du travail D6222-26 (27 to 100 %). Not here: other wages (labour.wages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.labour.seasons import WEEKS_A_YEAR, trains

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
AGES = (18, 21, 26)
GRID = np.array([[0.27, 0.39, 0.55], [0.43, 0.51, 0.67], [0.53, 0.61, 0.78], [1.0, 1.0, 1.0]])


def share(age_weeks: Array, weeks: Array) -> Array:
    """Share of the minimum wage, float64, by age and weeks since the contract began."""
    row = np.digitize(age_weeks // WEEKS_A_YEAR, AGES)
    year: Array = np.clip(weeks // WEEKS_A_YEAR, 0, GRID.shape[1] - 1)
    return np.asarray(GRID[row, year])


def pay(model: World) -> None:
    """Bring wages of apprentices to their age and year."""
    s = model.state
    held = np.flatnonzero(trains(model) & (s.holder >= 0))
    who = s.holder[held]
    part = share(s.age_weeks[who], int(s.week[0]) - s.since[who])
    s.wage_cents[held] = np.rint(part * model.parameters["population.net_min_wage_eur"] * 100)
