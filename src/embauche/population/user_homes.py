"""Households and persons' tables for workers that a user brings.

Lives here: settle_given. Not here: reading the tables (user_tables), or households that are formed
from nothing (households).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from embauche.core.errors import raise_all
from embauche.core.table import Table
from embauche.population import households as homes
from embauche.population import persons as people_of
from embauche.population.ground import Ground
from embauche.population.levels import levels_held
from embauche.population.persons import People
from embauche.population.quotas import Array
from embauche.population.schemas import HOUSEHOLDS, PERSONS
from embauche.population.user_files import Rows
from embauche.population.user_places import Located


def settle_given(
    workers: Rows, households: Rows | None, home: Located, ground: Ground, people: People, apprentice: Array,
    skill: Array, parameters: Mapping[str, float], seed: int,
) -> tuple[Table, Table]:  # fmt: skip
    """Households and persons' tables: the user's columns, and draws for those that are not given.

    A household lives where its worker of lowest id does. Workers of external zones that were drawn
    have a household each.

    Args:
        workers, households: the user's tables.
        home: homes of the user's workers.
        ground, people, apprentice, skill, parameters, seed: as `synthesis.settle`.
    """
    mine = np.searchsorted(people.worker_id, workers["worker_id"])
    drawn = np.ones(len(people), bool)
    drawn[mine] = False
    columns, household, row = _given_households(workers, households, home)
    extra, extra_household = homes.form_households(ground, people.take(drawn), parameters, seed)
    clash = np.isin(columns["household_id"], extra["household_id"])
    where = households if households is not None else workers
    ids = where["household_id"] if "household_id" in where else where["worker_id"]
    where.fault(
        np.isin(ids, columns["household_id"][clash]),
        "this household_id is one of an external zone's workers",
        lambda i: str(ids[i]),
        "another id, best below 16,777,216",
    )
    raise_all(where.problems)
    of_person = np.empty(len(people), np.int64)
    of_person[mine] = household
    of_person[drawn] = extra_household + len(columns["household_id"])
    joined = {k: np.concatenate([columns[k], extra[k]]) for k in extra}
    licence = _given(workers, "licence", mine, people_of.licences(seed, people, parameters))
    wage = people_of.usual_wages(seed, people, skill, apprentice, parameters)
    if "wage_ref_eur" in workers:
        wage[mine] = np.rint(workers["wage_ref_eur"] * 100)
    quintile = homes.fifths(seed, joined, of_person, people, wage)
    n = len(columns["household_id"])
    if households is not None and "quintile" in households:
        quintile[:n] = households["quintile"][row]
    joined["quintile"] = quintile
    drivers = homes.drivers_of(of_person, licence, len(quintile))
    joined["cars"] = homes.cars(seed, ground, joined, drivers, parameters)
    if households is not None:
        joined["cars"][:n] = households["cars"][row]
    persons = {
        "worker_id": people.worker_id,
        "household": of_person,
        "commune": joined["commune"][of_person],
        "place": joined["place"][of_person],
        "sex": people.sex,
        "age_weeks": people.age_weeks,
        "licence": licence,
        "bike": _given(workers, "bike", mine, people_of.bikes(seed, people, parameters)),
        "skill": skill,
        "level": _given(workers, "level", mine, levels_held(seed, people, skill)),
        "quintile": quintile[of_person],
        "status": people.status,
        "apprentice": apprentice,
        "wage_ref_cents": wage,
        "spell_weeks": _given(workers, "spell_weeks", mine, people_of.spells(seed, people, parameters)),
    }
    return Table.make(HOUSEHOLDS, joined), Table.make(PERSONS, persons)


def _given(workers: Rows, name: str, mine: Array, drawn: Array) -> Array:
    """The user's column where there is one, else what was drawn."""
    if name in workers:
        drawn[mine] = workers[name]
    return drawn


def _given_households(
    workers: Rows, households: Rows | None, home: Located
) -> tuple[dict[str, Array], Array, Array]:
    """Columns of households, the household of each of the user's workers, and rows in its own table.

    Households without a worker are left out: nobody of theirs is modelled.
    """
    own = workers["household_id"] if "household_id" in workers else workers["worker_id"]
    ids, first, household, count = np.unique(own, return_index=True, return_inverse=True, return_counts=True)
    columns = {
        "household_id": ids,
        "place": home.row[first],
        "commune": home.commune[first],
        "members": count,
        "under_six": np.zeros(len(ids), np.int64),
    }
    if households is None:
        return columns, household, np.empty(0, np.int64)
    row = np.searchsorted(households["household_id"], ids)
    columns["members"] = households["members"][row]
    if "under_six" in households:
        columns["under_six"] = households["under_six"][row]
    return columns, household, row
