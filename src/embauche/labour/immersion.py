"""Immersion periods: a job-seeker spends a week or two in a firm that has a vacancy (PMSMP).

Lives here: who goes where. Not here: what it changes in search and hiring (labour.courses, labour.image).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import SUPPLIER, whole_cents
from embauche.core.scenario_training import Immersion
from embauche.labour import image
from embauche.labour.aid_holders import fits
from embauche.labour.applying import free
from embauche.labour.courses import Trainees, open_vacancies
from embauche.labour.training_money import pay_people
from embauche.labour.ways import Ways
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
ORDINARY = "ordinary"


def step(model: World, t: Trainees, ways: Ways) -> None:
    """A week of immersions: the ordinary ones, and those of the scenario, a number of places each."""
    s, p, week = model.state, model.parameters, int(model.state.week[0])
    able = free(model, t) & (t.firm_until <= week)
    rows = np.flatnonzero(able)
    draw = uniforms(model.seed, Purpose.IMMERSION, week, s.worker_id[rows])
    who = rows[draw < p["immersion.apply"]]
    able[who] = False
    groups: list[tuple[Immersion | None, Array]] = [(None, who)]
    for lever in model.settings.training.immersions:
        rows = np.flatnonzero(able & fits(model, lever.who))
        ids = s.worker_id[rows]
        draw = uniforms(model.seed, Purpose.IMMERSION, week, ids, stable_id(lever.name))
        who = rows[np.lexsort((ids, draw))][: lever.places_week]
        able[who] = False
        groups.append((lever, who))
    person = np.concatenate([who for _, who in groups])
    if len(person):
        which = np.repeat(np.arange(len(groups)), [len(who) for _, who in groups])
        _go(model, t, ways, person, which, [lever for lever, _ in groups])


def _go(
    model: World, t: Trainees, ways: Ways, person: Array, which: Array, levers: list[Immersion | None]
) -> None:
    """Each takes the firm with the best way of those that she is told of, if that way is worth it."""
    s, p, posts, week = model.state, model.parameters, model.population.posts, int(model.state.week[0])
    sector = model.population.firms.sector[posts.firm]
    asked = [
        np.uint16(0xFFFF if lever is None or not lever.sectors else image.bits(lever.sectors))
        for lever in levers
    ]
    post = _told(model, person, np.array(asked, np.uint16)[which], sector)
    at, column = np.nonzero(post >= 0)
    chosen = post[at, column]
    way = ways.logsums(person[at], model.post_site[chosen], model.post_shift[chosen])
    order = np.lexsort((posts.post_id[chosen], -way, at))
    best = order[np.unique(at[order], return_index=True)[1]]
    goes = best[way[best] + p["immersion.worth_eur"] > 0.0]
    who, firm = person[at[goes]], posts.firm[chosen[goes]]
    t.firm[who], t.firm_until[who] = firm, week + int(p["immersion.recall_weeks"])
    image.known(s)[who] |= (1 << sector[chosen[goes]].astype(np.uint16)).astype(np.uint16)
    for k, lever in enumerate(levers):
        name = ORDINARY if lever is None else lever.name
        mine = which[at[goes]] == k
        for figure, n in (("applied", int((which == k).sum())), ("started", int(mine.sum())),
                          ("declined_way", int((which[at[best]] == k).sum() - mine.sum()))):  # fmt: skip
            model.week_training.add("immersion", name, -1, figure, n)
        if lever is not None:
            pay_people(model, lever, SUPPLIER, "immersion", int(whole_cents(lever.cost_eur)), who[mine])


def _told(model: World, person: Array, asked: Array, sector: Array) -> Array:
    """Vacancies that each is told of, posts' rows [person, look], -1 for none, of the sectors asked.

    Vacancies stand on a ring, as in the week's search: one more is told of where a look falls on its arc.
    """
    s, posts, week = model.state, model.population.posts, int(model.state.week[0])
    looks = int(model.parameters["immersion.looks"])
    out = np.full((len(person), looks), -1, np.int64)
    firms = model.population.firms
    everything = np.flatnonzero(open_vacancies(model) & ~firms.external[posts.firm])
    for bits in np.unique(asked).tolist():
        vacancy = everything[(bits >> sector[everything].astype(np.int64)) & 1 != 0]
        mine = np.flatnonzero(asked == bits)
        if not len(vacancy):
            continue
        stands = uniforms(model.seed, Purpose.IMMERSION, week, posts.post_id[vacancy], 1)
        order = np.lexsort((posts.post_id[vacancy], stands))
        for k in range(looks):
            look = uniforms(model.seed, Purpose.IMMERSION, week, s.worker_id[person[mine]], 2 + k)
            out[mine, k] = vacancy[order[np.searchsorted(stands[order], look) % len(vacancy)]]
    return out
