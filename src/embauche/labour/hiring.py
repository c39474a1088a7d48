"""Hiring: outsiders, screening within HR capacity, rounds of offers, and the moves that follow.

Lives here: the week's hiring over columns. Not here: search, separations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.kernels import hiring as k
from embauche.kernels.separations import VACATE
from embauche.labour.search import Applications
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]


@dataclass
class Hires:
    """Who was hired this week.

    Attributes:
        person: int32 [hire] row, -1 someone from outside the model.
        post, from_post: int32 [hire] rows, from_post -1 if none was left.
        opening, weeks_open: int32 [hire] of the vacancy.
        wage_cents: int32 [hire].
        hired: bool [person].
        post_fate: int8 [post] VACATE where the holder left for another post.
    """

    person: Array
    post: Array
    from_post: Array
    opening: Array
    weeks_open: Array
    wage_cents: Array
    hired: Array
    post_fate: Array


def _outsiders(model: World, vacancy: Array) -> Array:
    """Rows of external vacancies that someone from outside takes this week."""
    s, posts = model.state, model.population.posts
    external = vacancy[model.population.firms.external[posts.firm[vacancy]]]
    draws = np.empty(len(external))
    for opening in np.unique(s.opening[external]):
        mine = s.opening[external] == opening
        draws[mine] = uniforms(
            model.seed, Purpose.OUTSIDER, int(s.week[0]), posts.post_id[external[mine]], int(opening)
        )
    taken: Array = external[draws < model.parameters["external.fill_rate"]]
    return taken


def _screened(model: World, person: Array, post: Array) -> Array:
    """Whether each application is among those that the firm's HR can screen this week."""
    s, posts, firms = model.state, model.population.posts, model.population.firms
    key = np.empty(len(person), np.uint64)
    ids, post_ids = s.worker_id[person], posts.post_id[post]
    k.arrival_keys(model.seed, int(Purpose.ARRIVAL), int(s.week[0]), ids, post_ids, key)
    firm = posts.firm[post]
    order = np.lexsort((post_ids, ids, key, firm))
    sorted_firm = firm[order]
    first = np.searchsorted(sorted_firm, sorted_firm)
    out = np.zeros(len(person), bool)
    out[order] = np.arange(len(order)) - first < firms.screening[sorted_firm]
    return out


def hire(model: World, applications: Applications) -> Hires:
    """One week's hiring; changes the state and returns the hires."""
    s, posts, p = model.state, model.population.posts, model.parameters
    taken_outside = _outsiders(model, applications.vacancy)
    void = np.zeros(len(posts), bool)
    void[taken_outside] = True
    keep = ~void[applications.post]
    person, post, utility = applications.person[keep], applications.post[keep], applications.utility[keep]
    seen = _screened(model, person, post)
    person, post, utility = person[seen], post[seen], utility[seen]
    fit = np.empty(len(person))
    idle = np.where(s.status[person] == Status.UNEMPLOYED, s.spell[person], 0)
    gap = s.skill[person] != posts.skill[post]
    k.fits(
        model.seed, int(Purpose.FIT), s.worker_id[person], posts.post_id[post], gap, idle,
        p["hire.skill_gap"], p["hire.spell_penalty"], p["hire.noise"], fit,
    )  # fmt: skip
    good = fit >= p["hire.threshold"] - p["hire.threshold_fall_per_week"] * s.weeks_open[post]
    person, post, utility, fit = person[good], post[good], utility[good], fit[good]
    order = np.lexsort((s.worker_id[person], -fit, posts.post_id[post]))
    person, post, utility = person[order], post[order], utility[order]
    vacancy, start = np.unique(posts.post_id[post], return_index=True)
    ptr = np.append(start, len(post)).astype(np.int64)
    offered = post[start] if len(start) else np.zeros(0, np.int32)
    holder = np.full(len(vacancy), -1, np.int32)
    taken = np.full(len(s.worker_id), -1, np.int32)
    k.offer_rounds(int(p["hire.rounds"]), ptr, offered, posts.post_id, person, utility, holder, taken)
    return _move(model, offered[holder >= 0], holder[holder >= 0], taken_outside)


def _move(model: World, post: Array, person: Array, outside: Array) -> Hires:
    """Put the hired in their posts, and take out of the market what outsiders took."""
    s, posts = model.state, model.population.posts
    fate = np.zeros(len(posts), np.int8)
    left = s.post[person].copy()
    moved = left[left >= 0]
    fate[moved] = VACATE
    s.holder[moved] = -1
    hires = Hires(
        np.concatenate([person, np.full(len(outside), -1)]).astype(np.int32),
        np.concatenate([post, outside]).astype(np.int32),
        np.concatenate([left, np.full(len(outside), -1)]).astype(np.int32),
        np.concatenate([s.opening[post], s.opening[outside]]),
        np.concatenate([s.weeks_open[post], s.weeks_open[outside]]),
        np.concatenate([s.wage_cents[post], s.wage_cents[outside]]),
        np.zeros(len(s.worker_id), bool),
        fate,
    )
    hires.hired[person] = True
    s.spell[person[s.status[person] == Status.UNEMPLOYED]] = 0
    s.status[person] = Status.EMPLOYED
    s.missed_quarters[person] = 0
    s.post[person] = post
    s.since[person] = s.week[0]
    s.holder[post] = person
    s.active[outside] = False
    s.weeks_open[outside] = 0
    return hires
