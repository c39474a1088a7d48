"""How job-seekers come to courses: what is proposed to them, what it seems worth, and the way there.

Lives here: apply, may_enter. Not here: waiting lists and seats (labour.training).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.labour.aid_holders import fits
from embauche.labour.course_plan import ORDINARY
from embauche.labour.courses import Trainees
from embauche.labour.skills import distance
from embauche.labour.ways import Ways
from embauche.labour.world import World
from embauche.population.schemas import SKILLS, Contract, Status

Array = np.ndarray[Any, Any]


def free(model: World, t: Trainees) -> Array:
    """Resident job-seekers who are in no course and no apprentices, bool [person]."""
    s = model.state
    out: Array = (s.status == Status.UNEMPLOYED) & ~s.apprentice & (t.course == 0)
    inside: Array = ~model.territory.communes.external[model.population.persons.commune]
    return out & inside


def may_enter(model: World, row: int, who: Array) -> Array:
    """Which of these persons (rows), if free, may enter a course of the plan and learn there, bool [who]."""
    s, plan = model.state, model.course_plan
    out: Array = s.level[who] >= plan.level_min[row]
    out &= (s.skill[who] != plan.domain[row]) | (s.level[who] < plan.level[row])
    lever = plan.lever[row]
    return out if lever is ORDINARY else out & fits(model, lever.who)[who]


def prospects(model: World) -> Array:
    """Vacancies a job-seeker of each domain over those of all, within a half and two, float64 [domain]."""
    s, posts = model.state, model.population.posts
    vacant = s.active & (s.holder < 0) & (posts.contract != Contract.APPRENTICESHIP)
    seekers = np.bincount(s.skill[s.status == Status.UNEMPLOYED], minlength=len(SKILLS)).astype(np.float64)
    open_ = np.bincount(posts.skill[vacant], minlength=len(SKILLS)).astype(np.float64)
    if not open_.any() or not seekers.any():
        return np.ones(len(SKILLS))
    out: Array = np.clip((open_ / open_.sum()) / np.maximum(seekers / seekers.sum(), 1e-9), 0.5, 2.0)
    return out


def apply(model: World, t: Trainees, ways: Ways) -> None:
    """Some look at the courses that recruit, and join the list of the best whose way there is worth it."""
    s, p, plan, week = model.state, model.parameters, model.course_plan, int(model.state.week[0])
    ahead = plan.weeks_until(week, model.calendar)
    open_ = np.flatnonzero((ahead <= p["training.ahead_weeks"]) & (plan.seats > 0))
    who = np.flatnonzero(free(model, t) & (t.waits == 0))
    draw = uniforms(model.seed, Purpose.TRAIN_APPLY, week, s.worker_id[who])
    # who is counselled is spoken to of training as often as she is seen
    who = who[draw < p["training.apply"] * np.where(t.helped[who] > week, 4.0, 1.0)]
    if not len(who) or not len(open_):
        return
    looks = _proposed(model, who, open_)
    at, column = np.nonzero(looks >= 0)
    person, row = who[at], looks[at, column]
    ids = plan.id[row]
    noise = np.empty(len(row))
    for course in np.unique(ids).tolist():
        mine = ids == course
        u = uniforms(model.seed, Purpose.TRAIN_TASTE, 0, s.worker_id[person[mine]], course)
        noise[mine] = -np.log(-np.log(u))
    far = distance(s.skill[person], plan.domain[row])
    worth = p["training.worth_eur"] * prospects(model)[plan.domain[row]] - p["training.far_eur"] * far
    worth += plan.pay_cents[row] / 100.0 * 52.0 / 12.0 + p["training.noise_eur"] * noise
    way = ways.logsums(person, plan.site[row], plan.shift[row])
    _join(model, t, who, at, row, worth, way)


def _proposed(model: World, who: Array, open_: Array) -> Array:
    """Courses told of to each of these, rows of the plan, int64 [person, look], -1 behind the last.

    By keyed exponential races with rates of seats times exp(-km / training.reach_km): one course more takes
    others' places only where it wins.
    """
    s, p, plan, territory = model.state, model.parameters, model.course_plan, model.territory
    home = territory.places.node[model.network.place_rows[model.place[who]]]
    work = territory.sites.node[model.network.site_rows[plan.site[open_]]]
    x, y = territory.nodes.x_m, territory.nodes.y_m
    looks = min(int(p["training.looks"]), len(open_))
    race = np.empty((len(who), len(open_)))
    for k, row in enumerate(open_.tolist()):
        u = uniforms(model.seed, Purpose.TRAIN_LOOK, int(s.week[0]), s.worker_id[who], int(plan.id[row]))
        km = np.hypot(x[home] - x[work[k]], y[home] - y[work[k]]) / 1000.0
        race[:, k] = -np.log(u) / plan.seats[row] * np.exp(np.minimum(km / p["training.reach_km"], 500.0))
        race[~may_enter(model, row, who), k] = np.inf
    best = np.argsort(race, axis=1, kind="stable")[:, :looks]
    told = np.isfinite(np.take_along_axis(race, best, axis=1))
    return np.where(told, open_[best], -1)


def _join(model: World, t: Trainees, who: Array, at: Array, row: Array, worth: Array, way: Array) -> None:
    """Each joins the list of her best course whose way there is worth it; others decline for the way."""
    plan, record = model.course_plan, model.week_training
    value = worth + way
    order = np.lexsort((plan.id[row], -value, at))
    first = order[np.unique(at[order], return_index=True)[1]]
    joins = first[value[first] > 0.0]
    t.waits[who[at[joins]]], t.since[who[at[joins]]] = plan.id[row[joins]], int(model.state.week[0])
    t.way[who[at[joins]]] = np.maximum(0.0, -way[joins])
    record.of_rows(plan, row[joins], "applied")
    left = np.setdiff1d(first, joins, assume_unique=True)
    # the best course that she would have wanted without its way
    wanted = np.lexsort((plan.id[row], -worth, at))
    wanted = wanted[np.unique(at[wanted], return_index=True)[1]]
    wanted = wanted[np.isin(at[wanted], at[left]) & (worth[wanted] > 0.0)]
    record.of_rows(plan, row[wanted], "declined_way")
