"""The start state: who holds which post at week 0, by a doubly constrained commute model.

Lives here: draw_start, start_state. Not here: margins (population), who cannot get to her post (start_ways),
burn-in (analysis.burn_in).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.core.parallel import run_blocks
from embauche.core.parameters import Parameters
from embauche.core.table import Table
from embauche.kernels.start import balance, draw_posts
from embauche.labour.state import ADULT_WEEKS, State
from embauche.labour.zones import StartZones
from embauche.population.schemas import Contract, Status
from embauche.population.vacancies import vacant_at_start

if TYPE_CHECKING:
    from embauche.population.population import Population
    from embauche.routing.roads import RoadGraph
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
BALANCE_ROUNDS = 30


def draw_start(
    territory: Territory, population: Population, parameters: Parameters, seed: int, graph: RoadGraph
) -> tuple[Array, Table]:
    """Give the employed their posts.

    Vacancies are drawn first (more in small firms), then posts skill by skill; whoever is left takes what
    is left.

    Args:
        territory, population: where and who.
        parameters: `start.decay_min` and those of vacancies.
        seed: seed of all draws.
        graph: roads between the zones.

    Returns:
        post int32 [person], -1 for none, and the persons' table with the status of those for whom
        no post was left set to unemployed.
    """
    persons, posts = population.persons, population.posts
    zones = StartZones.make(territory, population, graph)
    friction = np.exp(-zones.minutes / parameters["start.decay_min"])
    # outsiders hold posts inside only: whoever lives in a zone and works in one is not modelled
    outside = np.flatnonzero(zones.external)
    friction[np.ix_(outside, outside)] = 0.0
    post_zone = zones.of_firm[posts.firm]
    apprentice_post = posts.contract == Contract.APPRENTICESHIP
    luck_person = uniforms(seed, Purpose.START, 0, persons.worker_id)
    luck_post = uniforms(seed, Purpose.START, 0, posts.post_id, 7)
    out = np.full(len(persons), -1, np.int32)
    free = posts.active & ~vacant_at_start(population, parameters, seed)
    waiting = persons.status == Status.EMPLOYED

    def give(who: Array, what: Array) -> None:
        """Draw posts among `what` for `who`, both masks."""
        people, jobs = np.flatnonzero(who), np.flatnonzero(what)
        if not len(people) or not len(jobs):
            return
        people = people[np.argsort(luck_person[people], kind="stable")]
        jobs = jobs[np.lexsort((luck_post[jobs], post_zone[jobs]))]
        n = len(zones.external)
        supply = np.bincount(post_zone[jobs], minlength=n)
        demand = np.bincount(zones.of_person[people], minlength=n)
        ptr = np.concatenate([[0], np.cumsum(supply)]).astype(np.int64)
        factor = balance(demand.astype(np.float64), supply.astype(np.float64), friction, BALANCE_ROUNDS)
        draw_posts(
            seed, int(Purpose.START), people, persons.worker_id, zones.of_person, friction, factor,
            ptr, jobs, out,
        )  # fmt: skip

    def by_skill(lo: int, hi: int) -> None:
        """Skills share neither persons nor posts, apprentices or not, so threads may take them apart."""
        for group in range(lo, hi):
            skill, apprentices = divmod(group, 2)
            give(
                waiting & (persons.skill == skill) & (persons.apprentice == apprentices),
                free & (posts.skill == skill) & (apprentice_post == apprentices),
            )

    run_blocks(by_skill, 2 * (int(posts.skill.max(initial=0)) + 1), least=2)
    free[out[out >= 0]] = False
    waiting &= out < 0
    for apprentices in (False, True):
        give(waiting & (persons.apprentice == apprentices), free & (apprentice_post == apprentices))
    waiting &= out < 0
    changed = persons.copy()
    changed.status[waiting] = Status.UNEMPLOYED
    changed.spell_weeks[waiting] = 0
    return out, changed


def start_state(
    territory: Territory, population: Population, parameters: Parameters, seed: int, graph: RoadGraph,
    late: Array,
) -> State:  # fmt: skip
    """The state before any week: `draw_start`, with what services say of their delays believed.

    Of those under 18 it is drawn who will hold a licence at 18, as it is of entrants later.

    Args:
        late: float64 [service] share late that each service starts with.
    """
    post, persons = draw_start(territory, population, parameters, seed, graph)
    young = np.flatnonzero(persons.age_weeks < ADULT_WEEKS)
    luck = uniforms(seed, Purpose.ENTRANT, 0, persons.worker_id[young], 1)
    persons.licence[young] |= luck < parameters["demography.entrant_licence"]
    expected = np.repeat(late[:, None], len(territory.communes), axis=1)
    return State.start(persons, population.posts, post, expected)
