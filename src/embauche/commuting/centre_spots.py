"""Training centres that a scenario adds: rows after the population's, and what is wrong with the block.

Lives here: with_added, apprentice_faults. Not here: seats and weeks (labour.centre_plan), the network's sites
of centres (centre_sites).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.course_sites import nearest_sites, node_of
from embauche.commuting.employers import meant
from embauche.commuting.lever_faults import commune_faults
from embauche.core.draws import stable_id
from embauche.core.errors import Problem, UserError
from embauche.core.scenario_apprentices import ApprenticesBlock, Centre
from embauche.core.shifts import RHYTHMS
from embauche.core.table import Table
from embauche.population.quotas import largest_remainder
from embauche.population.schemas import CENTRES, SKILLS

if TYPE_CHECKING:
    from embauche.core.parameters import Parameters
    from embauche.population.population import Population
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
OF_SCENARIO = 1 << 40  # ids of centres that a scenario adds lie beyond those of tables


def centre_id(centre: Centre) -> int:
    """Id of a centre that a scenario adds."""
    return OF_SCENARIO + stable_id(centre.name)


def with_added(
    population: Population, block: ApprenticesBlock, territory: Territory, parameters: Parameters
) -> Population:
    """The population with the scenario's centres after its own, in the order of the file, and no others.

    Rows of saved states still hold; a population that has them already comes back with the same.

    Raises:
        UserError: a place or firm that is not there, or apprentices have no centres at all.
    """
    if not block.on:
        return population
    for pool in block.tutors:  # a firm that is not there is told now, not when a season opens
        meant(pool.employers, population, territory.communes)
    own = population.centres
    own = None if own is None else own.take(own.centre_id < OF_SCENARIO)
    if own is None or not len(own):
        raise UserError(
            "apprentices have no training centres here, so none can be added to them",
            found="a population without centres", expected="a table of centres",
            fix="give it to `embauche build --centres`",
        )  # fmt: skip
    if not block.centres:
        return population
    nodes = [node_of(territory, c.at.plain(), parameters) for c in block.centres]
    sites = nearest_sites(territory, np.arange(len(territory.sites)), nodes)
    tables = [own]
    for centre, site in zip(block.centres, sites.tolist(), strict=True):
        skill = sorted(SKILLS.index(d) for d in centre.domains)
        n = len(skill)
        columns = {
            "centre_id": np.full(n, centre_id(centre)),
            "commune": np.full(n, territory.sites.commune[site]),
            "site": np.full(n, site),
            "skill": skill,
            "seats": largest_remainder(centre.seats, np.ones(n)),
            "rhythm": np.full(n, RHYTHMS.index(centre.rhythm)),
        }
        tables.append(Table.make(CENTRES, columns))
    both = {c: np.concatenate([t[c] for t in tables]) for c in CENTRES.names}
    return replace(population, centres=Table(CENTRES, both))


def apprentice_faults(
    block: ApprenticesBlock, territory: Territory, parameters: Parameters
) -> list[Problem]:  # fmt: skip
    """Places and communes of the block that the territory does not have, with the keys where they stand."""
    named = [(("apprentices", "seats", k), x.communes) for k, x in enumerate(block.seats)]
    firms = [(("apprentices", "tutors", k, "employers"), x.employers.communes)
             for k, x in enumerate(block.tutors)]  # fmt: skip
    found = commune_faults([*named, *firms], territory)
    for k, centre in enumerate(block.centres):
        try:
            node_of(territory, centre.at.plain(), parameters)
        except UserError as error:
            found += [replace(p, keys=("apprentices", "centres", k, "at")) for p in error.problems]
    return found
