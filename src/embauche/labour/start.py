"""The start state: who holds which post at week 0, by a doubly constrained commute model.

Lives here: draw_start. Not here: margins (population), burn-in (analysis.burn_in).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.core.parallel import run_blocks
from embauche.core.parameters import Parameters
from embauche.core.table import Table
from embauche.kernels.start import balance, draw_posts
from embauche.population.schemas import Contract, Status
from embauche.population.vacancies import vacant_at_start
from embauche.routing.graph import Graph

if TYPE_CHECKING:
    from embauche.population.population import Population
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
INTRA_SHARE = 0.5  # within a commune: half the way to the nearest other commune
BALANCE_ROUNDS = 30


def commune_minutes(territory: Territory) -> Array:
    """Car minutes between communes' central nodes, gates included, float64 [commune, commune]."""
    from embauche.kernels.shortest_path import time_rows

    t = territory
    graph = Graph.make(len(t.nodes), t.arcs.tail, t.arcs.head, t.arcs.car_s, t.arcs.length_m)
    nodes = np.ascontiguousarray(t.communes.node, np.int32)
    seconds = np.empty((len(nodes), len(nodes)), np.uint16)
    none = np.empty((0, 0), np.uint16)
    run_blocks(
        time_rows, len(nodes), graph.indptr, graph.head, graph.seconds, graph.metres, nodes, nodes,
        4 * 3600.0, seconds, none, least=2,
    )  # fmt: skip
    minutes = np.where(seconds == 65535, np.inf, seconds / 60.0)
    gate = np.where(t.communes.external, t.communes.gate_car_min, 0.0).astype(np.float64)
    minutes = minutes + gate[:, None] + gate[None, :]
    np.fill_diagonal(minutes, np.inf)
    nearest = minutes.min(axis=1, initial=np.inf)
    np.fill_diagonal(minutes, np.where(np.isfinite(nearest), nearest * INTRA_SHARE, 5.0))
    return minutes


def draw_start(
    territory: Territory, population: Population, parameters: Parameters, seed: int
) -> tuple[Array, Table]:
    """Give the employed their posts.

    Vacancies are drawn first (more in small firms), then posts skill by skill; whoever is left takes what
    is left.

    Returns:
        post int32 [person], -1 for none, and the persons' table with the status of those for whom
        no post was left set to unemployed.
    """
    persons, posts, firms = population.persons, population.posts, population.firms
    friction = np.exp(-commune_minutes(territory) / parameters["start.decay_min"])
    # outsiders hold posts inside only: whoever lives in a zone and works in one is not modelled
    outside = np.flatnonzero(territory.communes.external)
    friction[np.ix_(outside, outside)] = 0.0
    post_commune = firms.commune[posts.firm]
    apprentice_post = posts.contract == Contract.APPRENTICESHIP
    luck_person = uniforms(seed, Purpose.START, 0, persons.worker_id)
    luck_post = uniforms(seed, Purpose.START, 0, posts.post_id, 7)
    out = np.full(len(persons), -1, np.int32)
    free = posts.active & ~vacant_at_start(population, parameters, seed)
    waiting = persons.status == Status.EMPLOYED
    for skill in [*range(int(posts.skill.max(initial=0)) + 1), None]:
        for apprentices in (False, True):
            who = waiting & (persons.apprentice == apprentices)
            what = free & (apprentice_post == apprentices)
            if skill is not None:
                who &= persons.skill == skill
                what &= posts.skill == skill
            people, jobs = np.flatnonzero(who), np.flatnonzero(what)
            if not len(people) or not len(jobs):
                continue
            people = people[np.argsort(luck_person[people], kind="stable")]
            jobs = jobs[np.lexsort((luck_post[jobs], post_commune[jobs]))]
            n = len(territory.communes)
            supply = np.bincount(post_commune[jobs], minlength=n)
            demand = np.bincount(persons.commune[people], minlength=n)
            ptr = np.concatenate([[0], np.cumsum(supply)]).astype(np.int64)
            factor = balance(demand.astype(np.float64), supply.astype(np.float64), friction, BALANCE_ROUNDS)
            draw_posts(
                seed, int(Purpose.START), people, persons.worker_id, persons.commune, friction, factor,
                ptr, jobs, out,
            )  # fmt: skip
            free[out[people][out[people] >= 0]] = False
            waiting[people] = out[people] < 0
    changed = persons.copy()
    changed.status[waiting] = Status.UNEMPLOYED
    changed.spell_weeks[waiting] = 0
    return out, changed
