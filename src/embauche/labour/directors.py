"""Networks of HR directors: who came second with one member is passed on to others that look for her trade.

Lives here: pass_on. Not here: the pool that her application joins (labour.applications).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import meant
from embauche.core.channels import Channel
from embauche.core.scenario_recruitment import Directors
from embauche.labour.applications import Pool
from embauche.labour.hr import ADVERTISED
from embauche.labour.intensity import reservation
from embauche.labour.residences import eur_month
from embauche.labour.values import but_travel, pair_utilities
from embauche.labour.world import World
from embauche.population.schemas import Contract, Status

if TYPE_CHECKING:
    from embauche.labour.hiring import Hires

Array = np.ndarray[Any, Any]


def pass_on(model: World, pool: Pool, hires: Hires) -> Pool:
    """The pool with the applications that networks add, behind all others.

    Who still looks is passed on, without work or in the post that she applied from, but nobody whom a member
    employs; and only to posts that are worth it to her.

    Args:
        model: the model, after the week's moves.
        pool: the week's.
        hires: the week's; a post left for another is open from next week on.
    """
    for entry in model.settings.recruitment.network:
        pool = _by(model, entry, pool, hires)
    return pool


def _by(model: World, entry: Directors, pool: Pool, hires: Hires) -> Pool:
    s, posts = model.state, model.population.posts
    members = meant(entry.employers, model.population, model.territory.communes)
    lost = np.isin(pool.post, hires.post) & members[posts.firm[pool.post]] & (pool.screened >= 0)
    lost &= posts.contract[pool.post] != Contract.APPRENTICESHIP
    held = s.post[pool.person]
    stays = (held >= 0) & (held == pool.left) & ~members[posts.firm[np.maximum(held, 0)]]
    lost &= (s.status[pool.person] == Status.UNEMPLOYED) | stays
    rows = np.flatnonzero(lost)
    rows = rows[np.lexsort((posts.post_id[pool.post[rows]], pool.worker_id[rows]))]
    rows = rows[np.unique(pool.worker_id[rows], return_index=True)[1]]  # each person once, by id
    open_ = s.active & (s.holder < 0) & (hires.post_fate == 0) & s.kept[ADVERTISED] & members[posts.firm]
    vacant = np.flatnonzero(open_ & (posts.contract != Contract.APPRENTICESHIP))
    vacant = vacant[np.lexsort((posts.post_id[vacant], -s.weeks_open[vacant]))]
    person, post = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for skill in np.unique(posts.skill[pool.post[rows]]).tolist():
        who = pool.person[rows[posts.skill[pool.post[rows]] == skill]]
        where = vacant[posts.skill[vacant] == skill][: entry.posts]
        person.append(np.repeat(who, len(where)).astype(np.int32))
        post.append(np.tile(where, len(who)).astype(np.int32))
    people, places = np.concatenate(person), np.concatenate(post)
    asked = pool.person * np.int64(len(posts)) + pool.post
    new = ~np.isin(people * np.int64(len(posts)) + places, asked)
    people, places = people[new], places[new]
    utility = pair_utilities(model, people, places)
    worth = utility > reservation(model, people, _present(model, people))
    people, places, utility = people[worth], places[worth], utility[worth]
    model.shared_hr.add(entry.name, "passed", s.worker_id[people], places)
    channel = np.full(len(people), int(Channel.SHARED_HR), np.int8)
    return pool.join(model, people, places, utility, channel)


def _present(model: World, people: Array) -> Array:
    """Utility of the posts that these (rows) hold, as when they searched; 0 elsewhere, float64 [person]."""
    s, out = model.state, np.zeros(len(model.state.worker_id))
    held = np.unique(people[s.post[people] >= 0])
    out[held] = model.present_logsum[held] + but_travel(model, held, s.post[held]) + eur_month(s)[held]
    return out
