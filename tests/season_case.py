"""A small territory where every third post trains and half the people are young, with centres of few seats.

Lives here: the case of the season's and the employers' groups' twins. Not here: the twins (naive).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.shifts import RHYTHMS, default_catalogue
from embauche.core.table import Table
from embauche.population.population import Population
from embauche.population.schemas import CENTRES, Contract
from helpers import tiny_territory
from twin_case import twin_population

Array = np.ndarray[Any, Any]
TERRITORY = tiny_territory()
KEEN = {
    "apprentices.seek_15_17": 0.9, "apprentices.seek_18_21": 0.9, "apprentices.seek_22_29": 0.7,
    "apprentices.seek_unemployed": 0.7, "apprentices.break_first": 0.05, "apprentices.break_later": 0.02,
    "apprentices.kept": 1.0, "apprentices.study": 0.1, "apprentices.one_year": 0.7,
    "apprentices.intensity": 1.0,
}  # fmt: skip


def population(households: int = 150, firms: int = 24) -> Population:
    """Every third post trains; half the people are 15 to 29; three centres with few seats."""
    made = twin_population(TERRITORY, households=households, firms=firms)
    catalogue, rng = default_catalogue(), np.random.default_rng(5)
    posts, persons, n = made.posts, made.persons, len(made.persons)
    trains = np.arange(len(posts)) % 3 == 0
    contract = np.where(trains, Contract.APPRENTICESHIP, np.minimum(posts.contract, Contract.AGENCY))
    shift = np.where(trains, catalogue.shift_row(RHYTHMS[0]), np.minimum(posts.shift, 2))
    age = np.where(rng.random(n) < 0.5, rng.integers(15 * 52 + 1, 30 * 52, n), persons.age_weeks)
    status = np.where(rng.random(n) < 0.3, 0, persons.status)
    sites = np.flatnonzero(~TERRITORY.communes.external[TERRITORY.sites.commune])[[0, -1, 0]]
    centres = Table.make(
        CENTRES,
        {
            "centre_id": np.array([3, 4, 5]), "commune": TERRITORY.sites.commune[sites], "site": sites,
            "skill": np.array([0, 0, 1]), "seats": np.array([9, 5, 12]), "rhythm": np.array([0, 1, 2]),
        },
    )  # fmt: skip
    return Population(
        made.households,
        replaced(persons, age_weeks=age, status=status, apprentice=np.zeros(n, bool)),
        made.firms,
        replaced(
            posts,
            contract=contract,
            shift=shift,
            skill=np.arange(len(posts)) % 9 // 3 % 2,
            team=posts.team * 0,
        ),
        centres=centres,
    )


def replaced(table: Table, **columns: Array) -> Table:
    return Table.make(table.schema, {name: getattr(table, name) for name in table.schema.names} | columns)
