"""A bassin where everybody makes the same trip: alone, with a car and a bike, five days a week.

Lives here: same_trip, its offers in plain numbers. Not here: the twin's population (twin_case).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.parameters import Parameters, defaults
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.schemas import FIRMS, HOUSEHOLDS, PERSONS, POSTS, Status
from helpers import tiny_territory

HOMES = (50, 45, 62, 90)  # nodes of the grid: at a stop, a walk from the workplace, off the bus line
WORK_NODE = 55


def same_trip(
    persons: int, changes: dict[str, float] | None = None, *, seed: int = 1, homes: tuple[int, ...] = HOMES,
    settings: Settings | None = None,
) -> Bassin:  # fmt: skip
    """One firm, one shift (8-16:30 h on weekdays), a post for each person, one person a household.

    Args:
        persons: number of persons; homes are dealt out in turn.
        changes: parameters that differ; services never fail unless said here.
        seed: of the draws.
        homes: nodes of the grid.
        settings: services in use and more; the defaults if none.
    """
    territory, catalogue = tiny_territory(), default_catalogue()
    node = np.resize(homes, persons)
    place = np.array([np.flatnonzero(territory.places.node == n)[0] for n in homes])[
        np.arange(persons) % len(homes)
    ]
    site = int(np.flatnonzero(territory.sites.node == WORK_NODE)[0])
    commune = territory.nodes.commune[node]
    ones, ids = np.ones(persons, np.int64), np.arange(persons)
    population = Population(
        Table.make(
            HOUSEHOLDS,
            {
                "household_id": ids, "place": place, "commune": commune, "members": ones, "cars": ones,
                "under_six": 0 * ones, "quintile": 3 * ones,
            },
        ),
        Table.make(
            PERSONS,
            {
                "worker_id": 7 * ids, "household": ids, "commune": commune, "place": place, "sex": ids % 2,
                "age_weeks": 2000 * ones, "licence": ones > 0, "bike": ones > 0, "skill": ones,
                "quintile": 3 * ones, "status": int(Status.EMPLOYED) * ones, "apprentice": ones == 0,
                "wage_ref_cents": 180_000 * ones, "spell_weeks": ones,
            },
        ),
        Table.make(
            FIRMS,
            {
                "firm_id": [9], "commune": [int(territory.sites.commune[site])], "site": [site],
                "sector": [1], "size_class": [3], "screening": [10], "external": [False],
            },
        ),
        Table.make(
            POSTS,
            {
                "post_id": 1000 + ids, "firm": 0 * ids, "skill": ones,
                "shift": catalogue.shift_row("day") * ones, "team": 0 * ones, "contract": 0 * ones,
                "wage_cents": 180_000 * ones, "active": ones > 0,
            },
        ),
    )  # fmt: skip
    parameters = same_trip_parameters(changes or {})
    return Bassin(territory, population, catalogue, parameters, settings, rng=seed)  # type: ignore[arg-type]


def same_trip_parameters(changes: dict[str, float]) -> Parameters:
    """The defaults, with nobody failing, all posts filled at the start, and these changes."""
    still: dict[str, float] = {n: 0.0 for n in defaults() if n.endswith(".fail")}
    return defaults().replaced(still | changes)


def systematic_eur(model: Bassin, person: int) -> dict[str, float]:
    """Systematic utility of each service for a person's first trip, from the formula of docs/model.md."""
    p, row = model.parameters, model.book.start[person]
    minute = p["commute.vot_eur_h"] / 60.0  # quintile 3: the mean
    out: dict[str, float] = {}
    for s, service in enumerate(model.services):
        o: Any = model.book.offers
        minutes = float(o.felt_min[s, row])
        if np.isfinite(minutes):
            name = service.name
            out[name] = (
                p[f"{name}.asc_eur"]
                - minute * minutes
                - float(o.eur[s, row])
                - (p["commute.late_eur"] + minute * p["commute.late_weight"] * p["commute.late_min"])
                * p[f"{name}.late"]
                - p["commute.fail_eur"] * p[f"{name}.fail"]
            )
    return out
