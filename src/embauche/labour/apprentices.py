"""Apprentices' contracts: signed with a seat, begun in September, broken or completed, kept by the firm.

Lives here: apprentices_week, agreements, breaks. Not here: who seeks (cohort), which posts are offered
(seasons), seats (centres).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.causes import Cause
from embauche.core.draws import Purpose, uniforms
from embauche.labour import centres
from embauche.labour.apprentice_events import ApprenticeEvents
from embauche.labour.apprentice_pay import pay
from embauche.labour.centre_plan import open_seats, pay_levers
from embauche.labour.centres import Seats
from embauche.labour.cohort import NONE, Young, call_up, join, seek, stop
from embauche.labour.ends import end_jobs
from embauche.labour.equipment import equipped
from embauche.labour.geiq_trainees import kept_share
from embauche.labour.seasons import OFFERED, OPEN, PROMISED, WEEKS_A_YEAR, Season, season_step, trains
from embauche.population.schemas import Status

if TYPE_CHECKING:
    from embauche.labour.hiring import Hires
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
FIRST_WEEKS = 6  # 45 days
# shares of contracts begun in the first, second, third week of courses; else the fourth
START_SPREAD = (0.75, 0.9, 0.97)


def settle(model: World) -> Seats | None:
    """A model's seats at its start, and where apprentices go (centres.settle)."""
    return centres.settle(model)


def apprentices_week(model: World) -> ApprenticeEvents:
    """The week of apprentices begins: ends of contracts, the season, who joins, pay; what happens in it."""
    model.week_apprentices = ApprenticeEvents()
    if model.seats is None:
        return model.week_apprentices
    open_seats(model)
    pay_levers(model)
    s, y = model.state, Young.of(model.state)
    season = Season.of(model)
    if OPEN not in s.kept:
        start(model, season)
    y.forget(s.age_weeks == 15 * WEEKS_A_YEAR)
    void = np.flatnonzero((y.post >= 0) & (s.kept["economy.closed"][model.population.posts.firm[y.post]] > 0))
    s.kept[PROMISED][y.post[void]] = False
    y.post[void] = y.starts[void] = NONE
    _lost(model, season)
    _complete(model, season)
    opening = season.on and not s.kept[OPEN][0]
    if season_step(model, season):
        out = np.flatnonzero(s.apprentice & (y.since >= 0) & (y.post < 0) & (s.post < 0))
        model.week_apprentices.add("gave_up", out)
        stop(model, out)
    if opening:
        call_up(model, season)
    model.week_apprentices.add("joined", join(model))
    pay(model)
    return model.week_apprentices


def start(model: World, season: Season) -> None:
    """Contracts of the start: begun in past Septembers, of one to three years; seekers only in a season."""
    s, y = model.state, Young.of(model.state)
    n = len(s.active)
    s.kept[OFFERED], s.kept[PROMISED] = np.zeros(n, bool), np.zeros(n, bool)
    s.kept[OPEN] = np.zeros(1, bool)
    under = np.flatnonzero(s.post >= 0)
    under = under[trains(model)[s.post[under]]]
    ids, seed = s.worker_id[under], model.seed
    length = _years(model, uniforms(seed, Purpose.APPRENTICE_START, 0, ids))
    gone = np.floor(length * uniforms(seed, Purpose.APPRENTICE_START, 0, ids, 1)).astype(np.int64)
    last = season.start - (WEEKS_A_YEAR if season.start > season.week else 0)
    late = np.floor(8 * uniforms(seed, Purpose.APPRENTICE_START, 0, ids, 2) ** 2).astype(np.int64)
    begun = last - WEEKS_A_YEAR * gone
    s.since[under] = np.minimum(begun + late, season.week - 1)
    y.end[under] = begun + WEEKS_A_YEAR * length
    y.skill[under], s.apprentice[under] = s.skill[under], True
    y.wage[under] = round(model.parameters["population.net_min_wage_eur"] * 100)
    posts = s.post[under]
    _rhythm(model, under, posts)
    waiting = np.flatnonzero(s.apprentice & (s.post < 0))
    s.apprentice[waiting] = False
    if season.on:
        seek(model, waiting)


def _years(model: World, luck: Array) -> Array:
    """Length of contracts, years, int64, from uniforms."""
    p = model.parameters
    one, three = p["apprentices.one_year"], p["apprentices.three_years"]
    return np.where(luck < one, 1, np.where(luck < one + three, 3, 2)).astype(np.int64)


def _rhythm(model: World, people: Array, posts: Array) -> None:
    """Posts (rows) are worked in the rhythm of the centres of these people (rows)."""
    seats, cat = model.seats, model.catalogue
    assert seats is not None
    shift = seats.shift[centres.held(model)[people]]
    rows = {shape.name: row for row, shape in enumerate(cat.shifts)}
    for k, post in enumerate(posts.tolist()):
        own = cat.shifts[model.population.posts.shift[post]]
        if own.variant_of:  # an employer's lever has moved the hours in the firm
            moved = cat.shifts[shift[k]].name + own.name.removeprefix(own.variant_of)
            shift[k] = rows.get(moved, shift[k])
    model.reshift(posts, shift)
    model.book.forget_people(people)


def agreements(model: World, post: Array, person: Array) -> tuple[Array, Array, Array]:
    """Seats for this week's matches of apprentices; who begins this week, and who stays with her firm.

    A match without a free seat of the post's domain comes to nothing; the others begin in September, or at
    once if it is past.

    Args:
        model: the model.
        post, person: int [match] rows of all matches of the week.

    Returns:
        Whether each match is a hire this week, bool [match]; posts and persons (rows) hired besides, int32.
    """
    none = np.zeros(0, np.int32)
    if model.seats is None:
        return np.ones(len(post), bool), none, none
    mine = np.flatnonzero(trains(model)[post])
    _sign(model, post[mine], person[mine])
    due = _due(model)
    stays, where = _keepers(model, post, person)
    hired = np.ones(len(post), bool)
    hired[mine] = False
    s, y = model.state, Young.of(model.state)
    posts = y.post[due]
    s.kept[PROMISED][posts] = False
    s.active[posts] = True
    _rhythm(model, due, posts)
    y.post[due] = y.starts[due] = NONE
    model.week_apprentices.add("started", due, posts)
    model.week_apprentices.add("kept", stays, where)
    return (
        hired,
        np.concatenate([posts, where]).astype(np.int32),
        np.concatenate([due, stays]).astype(np.int32),
    )


def _sign(model: World, post: Array, person: Array) -> None:
    """Contracts signed this week, in a keyed order while there are seats."""
    s, y, seats, season = model.state, Young.of(model.state), model.seats, Season.of(model)
    assert seats is not None
    posts, held = model.population.posts, centres.held(model)
    ids = s.worker_id[person]
    order = np.lexsort((ids, uniforms(model.seed, Purpose.SEAT_ORDER, season.week, ids)))
    post, person = post[order], person[order]
    left = np.arange(len(person))
    while len(left):
        free = seats.free(centres.held_from_start(model))
        row = seats.nearest(model.place[person[left]], posts.skill[post[left]], free)
        n = centres.in_turn(row, free)
        lost, got = left[:n][row[:n] < 0], left[:n][row[:n] >= 0]
        centres.take(model, person[got], row[:n][row[:n] >= 0])
        model.week_apprentices.add("no_seat", person[lost], post[lost])
        left = left[n:]
    signed = held[person] >= 0
    post, person, ids = post[signed], person[signed], s.worker_id[person[signed]]
    luck = uniforms(model.seed, Purpose.LENGTH, season.week, ids, 1)
    begins = season.start + np.searchsorted(START_SPREAD, luck, side="right")
    y.post[person], y.starts[person] = post, np.maximum(season.week, begins)
    length = _years(model, uniforms(model.seed, Purpose.LENGTH, season.week, ids))
    y.end[person] = season.start + WEEKS_A_YEAR * length
    s.kept[OFFERED][post], s.kept[PROMISED][post] = False, True
    model.week_apprentices.add("signed", person, post)


def _due(model: World) -> Array:
    """Who begins this week (rows): the contract's week has come, and the post is free."""
    s, y = model.state, Young.of(model.state)
    due = np.flatnonzero((y.post >= 0) & (y.starts <= int(s.week[0])))
    return due[s.holder[y.post[due]] < 0]


def _keepers(model: World, post: Array, person: Array) -> tuple[Array, Array]:
    """Who has completed her contract and takes a vacant ordinary post of her firm: persons, posts (rows)."""
    s, posts = model.state, model.population.posts
    who, firm = model.week_apprentices.wanted
    free = who[(s.post[who] < 0) & ~np.isin(who, person)]
    firm = firm[(s.post[who] < 0) & ~np.isin(who, person)]
    open_ = np.flatnonzero(s.active & (s.holder < 0) & ~trains(model) & np.isin(posts.firm, firm))
    open_ = open_[~np.isin(open_, post)]
    stays, where = [], []
    for one, its in zip(free.tolist(), firm.tolist(), strict=True):
        mine = open_[posts.firm[open_] == its]
        if len(mine):
            best = mine[np.lexsort((posts.post_id[mine], posts.skill[mine] != s.skill[one]))[0]]
            stays.append(one)
            where.append(int(best))
            open_ = open_[open_ != best]
    return np.array(stays, np.int32), np.array(where, np.int32)


def breaks(model: World, utility: Array, hires: Hires) -> None:
    """Contracts broken this week: more in the first 45 days, and the less the post is worth to her.

    Better workshops in the domain keep some of them.

    Args:
        model: the model.
        utility: float64 [person] utility of the post held at the start of the week.
        hires: this week's hires, who stay for a week at least.
    """
    if model.seats is None:
        return
    s, p = model.state, model.parameters
    under = np.flatnonzero((s.post >= 0) & s.apprentice & ~hires.hired)
    first = s.week[0] - s.since[under] <= FIRST_WEEKS
    rate = np.where(first, p["apprentices.break_first"], p["apprentices.break_later"])
    worst = s.wage_ref_cents[under] / 100.0 * p["search.reservation_floor"]
    gap = np.clip((worst - utility[under]) / p["apprentices.break_scale_eur"], -1.5, 1.5)
    better = equipped(model.settings.training)[1][model.population.posts.skill[s.post[under]]]
    rate *= np.maximum(0.0, 1.0 - p["apprentices.equipment"] * better)
    luck = uniforms(model.seed, Purpose.APPRENTICE_BREAK, int(s.week[0]), s.worker_id[under])
    broken = luck < rate * np.exp(gap)
    for what, mine in (("broken_first", broken & first), ("broken_later", broken & ~first)):
        model.week_apprentices.add(what, under[mine], s.post[under[mine]])
    end_jobs(model, under[broken], Cause.APPRENTICE_BREAK, reopen=False)


def _lost(model: World, season: Season) -> None:
    """Who lost her contract since last week seeks again in a season, goes to school or looks for work."""
    s, p, y = model.state, model.parameters, Young.of(model.state)
    lost = np.flatnonzero((y.end >= 0) & (y.post < 0) & (s.post < 0))
    centres.take(model, lost, np.full(len(lost), NONE, np.int32))
    luck = uniforms(model.seed, Purpose.AFTERWARDS, season.week, s.worker_id[lost])
    again = (luck < p["apprentices.again"]) & (season.week < season.last) & season.on
    school = uniforms(model.seed, Purpose.AFTERWARDS, season.week, s.worker_id[lost], 1)
    back = lost[~again & (school < p["apprentices.back_to_school"]) & (s.status[lost] == Status.UNEMPLOYED)]
    s.status[back], s.spell[back] = Status.INACTIVE, 0
    y.end[lost] = NONE
    stop(model, lost[~again])
    seek(model, lost[again])


def _complete(model: World, season: Season) -> None:
    """Contracts that are over: a new trade and level; then to the firm, to studies, or to look for work."""
    s, p, y = model.state, model.parameters, Young.of(model.state)
    posts = model.population.posts
    done = np.flatnonzero((y.end >= 0) & (y.end <= season.week) & (s.post >= 0))
    where = s.post[done]
    firm, skill = posts.firm[where], posts.skill[where]
    model.week_apprentices.add("completed", done, where)
    end_jobs(model, done, Cause.APPRENTICE_END, reopen=False)
    waits = s.kept[PROMISED][where] | s.kept[OFFERED][where]
    s.active[where[waits]] = True
    centres.take(model, done, np.full(len(done), NONE, np.int32))
    stop(model, done)
    s.skill[done] = skill
    adult = s.age_weeks[done] >= 18 * WEEKS_A_YEAR
    s.level[done] = np.minimum(s.level[done] + adult, 3)
    ids = s.worker_id[done]
    study = uniforms(model.seed, Purpose.AFTERWARDS, season.week, ids, 2) < p["apprentices.study"]
    wanted = kept_share(model, done, where)
    stays = ~study & (uniforms(model.seed, Purpose.AFTERWARDS, season.week, ids, 3) < wanted)
    back = done[study]
    s.status[back], s.spell[back] = Status.INACTIVE, 0
    model.week_apprentices.wanted = (done[stays], firm[stays])
