"""Search: who looks this week, which vacancies they see, where they apply.

Lives here: the week's search over columns. Not here: kernels, hiring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.core.parallel import run_blocks
from embauche.kernels import search as k
from embauche.labour.hr import ADVERTISED
from embauche.labour.values import but_travel, pair_logsums, reservation
from embauche.labour.world import World
from embauche.population.schemas import SKILLS, Contract, Status

Array = np.ndarray[Any, Any]


@dataclass
class Applications:
    """What came out of a week's search.

    Attributes:
        searched: bool [person].
        declined: bool [person] a post seen was refused for the way there alone.
        person, post: int32 [application] rows.
        utility: float64 [application].
        vacancy: int32 [vacancy] rows of the posts open this week, by post id.
        opening, weeks_open, wage_cents: int32 [vacancy] as they stood in the search.
    """

    searched: Array
    declined: Array
    person: Array
    post: Array
    utility: Array
    vacancy: Array
    opening: Array
    weeks_open: Array
    wage_cents: Array


def _ring(
    group: Array, groups: int, position: Array, post: Array, post_id: Array
) -> tuple[Array, Array, Array]:
    order = np.lexsort((post_id[post], position, group))
    ptr = np.zeros(groups + 1, np.int64)
    np.cumsum(np.bincount(group, minlength=groups), out=ptr[1:])
    return ptr, position[order], post[order]


def _looks(model: World, searcher: Array, vacancy: Array) -> Array:
    """Posts that each searcher looks at, int32 [searcher, look], -1 for none."""
    s, posts, p = model.state, model.population.posts, model.parameters
    position = np.empty(len(vacancy), np.uint64)
    week = int(s.week[0])
    k.ring_positions(
        model.seed, int(Purpose.RING), week, posts.post_id[vacancy], s.opening[vacancy], position
    )
    kind = (posts.contract[vacancy] == Contract.APPRENTICESHIP).astype(np.int64)
    own = _ring(posts.skill[vacancy] + len(SKILLS) * kind, 2 * len(SKILLS), position, vacancy, posts.post_id)
    common = _ring(kind, 2, position, vacancy, posts.post_id)
    looks_own, looks_any = int(p["search.looks_own"]), int(p["search.looks_any"])
    looks = np.full((len(searcher), max(1, looks_own + looks_any)), -1, np.int32)
    mine = s.apprentice.astype(np.int64)
    run_blocks(
        k.look,
        len(searcher),
        model.seed,
        int(Purpose.LOOK),
        week,
        searcher,
        s.worker_id,
        model.state.skill + len(SKILLS) * mine,
        mine,
        *own,
        *common,
        looks_own,
        looks_any,
        looks,
    )
    return looks


def _seen(model: World, person: Array, post: Array) -> Array:
    """Whether each look (a person's row, a post's row) tells of the post, bool [look]."""
    s, p, net = model.state, model.parameters, model.network
    place, site = model.place[person], model.post_site[post]
    out = np.ones(len(person), bool)
    near = np.flatnonzero(~net.outside_place[place]) if p["search.decay_on"] > 0 else np.zeros(0, np.int64)
    seconds, _ = net.roads.ways("car", place[near], site[near])
    minutes = (
        seconds.astype(np.float64)
        / 60.0
        * np.where(net.outside_site[site[near]], p["search.pole_share"], 1.0)
    )
    found = np.empty(len(near), bool)
    run_blocks(
        k.really_seen, len(near), model.seed, int(Purpose.SEEN), int(s.week[0]), s.worker_id[person[near]],
        model.population.posts.post_id[post[near]], minutes, p["search.decay_min"], found,
    )  # fmt: skip
    out[near] = found
    return out


def _who(model: World, utility: Array) -> Array:
    """Whether each person searches this week, bool [person]; utility is that of the present post."""
    s, p = model.state, model.parameters
    rate = np.zeros(len(s.worker_id))
    idle = s.status == Status.UNEMPLOYED
    rate[idle] = p["search.intensity"] * np.exp(-s.spell[idle] / p["search.fade_weeks"]) + p["search.floor"]
    held = s.status == Status.EMPLOYED
    strain = s.wage_ref_cents[held] / 100.0 * p["search.reservation_floor"] - utility[held]
    rate[held] = p["search.on_the_job"] * np.exp(np.clip(strain / p["search.stress_eur"], -2.0, 2.0))
    return uniforms(model.seed, Purpose.SEARCH, int(s.week[0]), s.worker_id) < rate


def search(model: World, utility: Array) -> Applications:
    """One week's search.

    Args:
        model: the model.
        utility: float64 [person] utility of the present post, -inf where none.
    """
    s, posts, p = model.state, model.population.posts, model.parameters
    searched = _who(model, utility)
    searcher = np.flatnonzero(searched)
    vacancy = np.flatnonzero(s.active & (s.holder < 0)).astype(np.int32)
    looks = _looks(model, searcher, vacancy[s.kept[ADVERTISED][vacancy]])
    row, column = np.nonzero(looks >= 0)
    seen = _seen(model, searcher[row], looks[row, column])
    row = row[seen]
    post = looks[row, column[seen]]
    person = searcher[row]
    ptr = np.zeros(len(searcher) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(searcher)), out=ptr[1:])
    rest, logsum = but_travel(model, person, post), pair_logsums(model, person, post)
    best = np.full((len(searcher), int(p["search.applications"])), -1)
    refused = np.full(len(searcher), -1)
    run_blocks(
        k.choose_applications, len(searcher), ptr, post, rest, logsum,
        reservation(model, searcher, utility), posts.post_id, best, refused,
    )  # fmt: skip
    sent = best[best >= 0]
    declined = np.zeros(len(s.worker_id), bool)
    declined[searcher[refused >= 0]] = True
    return Applications(
        searched,
        declined,
        person[sent].astype(np.int32),
        post[sent],
        (rest + logsum)[sent],
        vacancy,
        s.opening[vacancy],
        s.weeks_open[vacancy],
        s.wage_cents[vacancy],
    )
