"""Search: who looks this week, which vacancies they see, where they apply.

Lives here: the week's search over columns. Not here: kernels, hiring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.offers import Offers, expand, price
from embauche.core.draws import Purpose
from embauche.core.parallel import run_blocks
from embauche.kernels import search as k
from embauche.labour.hr import ADVERTISED
from embauche.labour.world import World
from embauche.population.schemas import SKILLS, Contract

Array = np.ndarray[Any, Any]
PAIRS_A_TILE = 1 << 17


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


def pair_logsums(model: World, person: Array, post: Array) -> Array:
    """Month's logsum of (person, post) pairs, EUR, tile by tile, float64 [pair]."""
    out = np.empty(len(person))
    shift = model.post_shift[post]
    fixed_eur, car_share = model.fixed_eur(), model.car_share()
    for lo in range(0, len(person), PAIRS_A_TILE):
        hi = min(lo + PAIRS_A_TILE, len(person))
        ptr, pair, cell = expand(model.network.classes, shift[lo:hi])
        offers = Offers.empty(len(model.services), len(pair))
        price(
            model.services,
            model.place[person[lo:hi]][pair],
            model.post_site[post[lo:hi]][pair],
            model.network.classes.shift_class[cell],
            offers,
        )
        model.logsums(
            np.ascontiguousarray(person[lo:hi], np.int32),
            ptr[:-1],
            ptr[1:],
            model.network.classes.shift_tours[cell],
            offers,
            fixed_eur,
            car_share,
            out[lo:hi],
        )
    return out


def search(model: World, utility: Array) -> Applications:
    """One week's search.

    Args:
        model: the model.
        utility: float64 [person] utility of the present post, -inf where none.
    """
    s, posts, p, t = model.state, model.population.posts, model.parameters, model.traits
    n = len(s.worker_id)
    week = int(s.week[0])
    wage_ref = s.wage_ref_cents / 100.0
    searched = np.empty(n, bool)
    run_blocks(
        k.who_searches,
        n,
        model.seed,
        int(Purpose.SEARCH),
        week,
        s.worker_id,
        s.status,
        s.spell,
        utility,
        wage_ref,
        p["search.intensity"],
        p["search.fade_weeks"],
        p["search.floor"],
        p["search.on_the_job"],
        p["search.stress_eur"],
        p["search.reservation_floor"],
        searched,
    )
    searcher = np.flatnonzero(searched)
    vacancy = np.flatnonzero(s.active & (s.holder < 0)).astype(np.int32)
    looks = _looks(model, searcher, vacancy[s.kept[ADVERTISED][vacancy]])
    row, column = np.nonzero(looks >= 0)
    seen = _seen(model, searcher[row], looks[row, column])
    row = row[seen]
    pair_post = looks[row, column[seen]]
    pair_person = searcher[row]
    ptr = np.zeros(len(searcher) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(searcher)), out=ptr[1:])
    logsum = pair_logsums(model, pair_person, pair_post)
    most = int(p["search.applications"])
    best = np.full((len(searcher), most), -1, np.int32)
    value = np.zeros((len(searcher), most))
    declined_here = np.zeros(len(searcher), bool)
    run_blocks(
        k.choose_applications,
        len(searcher),
        model.seed,
        int(Purpose.MATCH),
        searcher,
        ptr,
        pair_post,
        logsum,
        s.worker_id,
        s.status,
        s.spell,
        utility,
        wage_ref,
        model.state.skill,
        t.kids,
        posts.post_id,
        s.wage_cents,
        posts.skill,
        model.post_shift,
        t.shift_cost,
        t.shift_kids,
        p["match.skill_cost_eur"],
        p["match.noise_eur"],
        p["search.switch_eur"],
        p["search.reservation_start"],
        p["search.reservation_fall_per_week"],
        p["search.reservation_floor"],
        best,
        value,
        declined_here,
    )
    sent = best >= 0
    declined = np.zeros(n, bool)
    declined[searcher] = declined_here
    return Applications(
        searched,
        declined,
        np.repeat(searcher, sent.sum(axis=1)).astype(np.int32),
        best[sent],
        value[sent],
        vacancy,
        s.opening[vacancy],
        s.weeks_open[vacancy],
        s.wage_cents[vacancy],
    )
