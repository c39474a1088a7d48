"""Hiring: outsiders, rounds of offers to those who wait in the pool, and the moves that follow.

Lives here: the week's hiring over columns. Not here: the pool (applications), HR capacity (hr), separations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.channels import Channel
from embauche.core.draws import Purpose, uniforms
from embauche.kernels import hiring as k
from embauche.kernels.separations import VACATE
from embauche.labour import apprentices, directors, geiq, geiq_trainees, platform, training
from embauche.labour.applications import Pool, accepted, true_fit
from embauche.labour.retry import least, requirement
from embauche.labour.search import Applications
from embauche.labour.values import but_travel
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
FIT = "hiring.fit"  # float32 [person] true fit at her last hire, 1 as asked


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
        to_train: bool [hire] hired below requirement: the firm trains.
        refused: int32 [post] offers made this week that were refused for a better one.
        declined_person, declined_post: int32 [offer] rows, those refused for the way there alone.
        waited: int32 [hire] weeks since she applied.
        channel: int8 [hire] what told her of the post (core.channels.Channel).
    """

    person: Array
    post: Array
    from_post: Array
    opening: Array
    weeks_open: Array
    wage_cents: Array
    hired: Array
    post_fate: Array
    to_train: Array
    refused: Array
    declined_person: Array
    declined_post: Array
    waited: Array
    channel: Array


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


def hire(model: World, applications: Applications) -> Hires:
    """One week's hiring; changes the state and returns the hires."""
    s = model.state
    taken_outside = _outsiders(model, applications.vacancy)
    void = np.zeros(len(s.holder), bool)
    void[taken_outside] = True
    pool = Pool.of(s).lapse(model)
    pool = pool.only(~void[pool.post]).join(model, *accepted(applications, void))
    pool.screen(model, model.hr)
    good = pool.decided(model, model.hr)
    good[good] = pool.fit[good] >= least(model, pool.post[good])
    won, refused = _matches(model, pool.only(good))
    offered = geiq_trainees.offer(model, won.post, won.person)
    posts = np.concatenate([won.post, *(where for _, where, _ in offered)])
    people = np.concatenate([won.person, *(who for _, _, who in offered)])
    hired, post, person = apprentices.agreements(model, posts, people)
    geiq_trainees.sign(model, offered)
    won = won.only(hired[: len(won.post)])
    lent = geiq.lend(model, np.concatenate([won.post, post]), np.concatenate([won.person, person]))
    hires = _move(model, won, lent, (post, person), refused, taken_outside)
    training.train_on_hire(model, hires.person[hires.to_train], hires.post[hires.to_train])
    directors.pass_on(model, pool, hires).keep(s)
    return hires


def _matches(model: World, pool: Pool) -> tuple[Pool, Pool]:
    """Applications that end in a hire, by post_id; those whose offers were refused.

    A central platform clears first, among firms that take part; the others make offers to who is left.
    """
    posts = model.population.posts
    part = platform.members(model)[posts.firm[pool.post]]
    if not part.any():
        return _rounds(model, pool)
    candidates = pool.only(part)
    one = candidates.only(platform.clear(model, candidates))
    two, refused = _rounds(model, pool.only(~part & ~np.isin(pool.person, one.person)))
    both = one.behind(two)
    return both.only(np.argsort(posts.post_id[both.post])), refused


def _rounds(model: World, pool: Pool) -> tuple[Pool, Pool]:
    """Offers and answers: applications that end in a hire, by post_id; those whose offers were refused."""
    s, posts = model.state, model.population.posts
    pool = pool.only(np.lexsort((pool.worker_id, -pool.fit, posts.post_id[pool.post])))
    vacancy, start = np.unique(posts.post_id[pool.post], return_index=True)
    ptr = np.append(start, len(pool.post)).astype(np.int64)
    offered = pool.post[start]
    holder, refused = np.full(len(vacancy), -1, np.int32), np.zeros(len(pool.post), bool)
    taken = np.full(len(s.worker_id), -1, np.int32)
    k.offer_rounds(
        int(model.parameters["hire.rounds"]), ptr, offered, posts.post_id, pool.person, pool.utility, holder,
        taken, refused,
    )  # fmt: skip
    took = np.flatnonzero(taken[pool.person] >= 0)  # of who takes one, the application that she takes
    took = took[offered[taken[pool.person[took]]] == pool.post[took]]
    return pool.only(took), pool.only(refused)


def _for_the_way(model: World, won: Pool, refused: Pool) -> tuple[Array, Array]:
    """Persons and posts of offers refused that were worth more than those taken but for the way there."""
    taken = np.full(len(model.state.worker_id), -1, np.int32)
    taken[won.person] = won.post
    refused = refused.only(taken[refused.person] >= 0)
    person, post = refused.person, refused.post
    better = but_travel(model, person, post) > but_travel(model, person, taken[person])
    return person[better], post[better]


def _move(
    model: World, won: Pool, lent: tuple[Array, Array], agreed: tuple[Array, Array], refused: Pool,
    outside: Array,
) -> Hires:  # fmt: skip
    """Put the hired in their posts, and take out of the market what outsiders took."""
    s = model.state
    post = np.concatenate([won.post, lent[0], agreed[0]])
    person = np.concatenate([won.person, lent[1], agreed[1]])
    fate = np.zeros(len(s.holder), np.int8)
    left = s.post[person].copy()
    moved = left[left >= 0]
    fate[moved] = VACATE
    s.holder[moved] = -1
    filled, others = np.concatenate([post, outside]), len(post) + len(outside) - len(won.post)
    waited = int(s.week[0]) - won.came
    below = won.fit < requirement(model, won.post)
    channel = np.repeat(
        [Channel.SHARED_HR, Channel.SCHOOL, Channel.OWN], [len(lent[0]), len(agreed[0]), len(outside)]
    )
    hires = Hires(
        np.concatenate([person, np.full(len(outside), -1)]).astype(np.int32),
        filled.astype(np.int32),
        np.concatenate([left, np.full(len(outside), -1)]).astype(np.int32),
        s.opening[filled],
        s.weeks_open[filled],
        s.wage_cents[filled],
        np.zeros(len(s.worker_id), bool),
        fate,
        np.concatenate([below, np.zeros(others, bool)]),
        np.bincount(refused.post, minlength=len(s.holder)).astype(np.int32),
        *_for_the_way(model, won, refused),
        np.concatenate([waited, np.zeros(others)]).astype(np.int32),
        np.concatenate([won.channel, channel]).astype(np.int8),
    )
    hires.hired[person] = True
    s.kept.setdefault(FIT, np.ones(len(s.worker_id), np.float32))[person] = true_fit(model, person, post)
    s.spell[person[s.status[person] == Status.UNEMPLOYED]] = 0
    s.status[person] = Status.EMPLOYED
    s.missed_quarters[person] = 0
    s.post[person] = post
    s.since[person] = s.week[0]
    s.holder[post] = person
    s.active[outside] = False
    s.weeks_open[outside] = 0
    return hires
