"""Wages that a scenario's employers raise: the grid from which offers start, and what the rises cost.

Lives here: grid_cents, pay_rises. Not here: rises of posts that stay empty (labour.retry).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.commuting.employers import meant
from embauche.core.ledger import EMPLOYER, USER
from embauche.core.scenario_recruitment import Recruitment
from embauche.core.table import Table
from embauche.labour.shared_costs import SERVICE
from embauche.labour.world import World
from embauche.population.population import Population

Array = np.ndarray[Any, Any]


def grid_cents(population: Population, recruitment: Recruitment, communes: Table) -> Array:
    """Wage of each post before any rise for want of applicants, EUR cents a month, int32 [post].

    The same array object as the posts' where nobody raises wages; of several entries the highest counts.

    Raises:
        UserError: a commune or a firm that is not there.
    """
    posts = population.posts
    out: Array = posts.wage_cents
    for entry in recruitment.wages:
        mine = meant(entry.employers, population, communes)[posts.firm]
        raised = np.floor(posts.wage_cents * (1.0 + entry.raise_pct / 100.0) + 0.5).astype(np.int32)
        out = np.where(mine, np.maximum(out, raised), out)
    return out


def pay_rises(model: World) -> None:
    """Enter what employers pay above the wages of old to those in post, a week's part in whole cents."""
    s, population, communes = model.state, model.population, model.territory.communes
    own: Array = population.posts.wage_cents
    left = np.ones(len(own), bool)
    for entry in model.settings.recruitment.wages:
        mine = meant(entry.employers, population, communes)[population.posts.firm] & left
        left &= ~mine  # where several mean a firm, the first pays
        held = np.flatnonzero(mine & (s.holder >= 0))
        extra = (model.grid_cents[held] - own[held]).astype(np.int64) * 12 // 52
        home = population.persons.commune[s.holder[held]]
        model.ledger.pay_many(SERVICE, entry.name, EMPLOYER, USER, "wages", extra, home, communes.code)
