"""A week of training: who leaves a course, who passes, who applies and is taken, who pays.

Lives here: the week, and training of hires by their employers. Not here: which courses there are
(labour.course_plan), the state (labour.courses), how one is proposed courses (labour.applying).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.core.ledger import EMPLOYER, STATE, SUPPLIER, USER, whole_cents
from embauche.kernels.separations import ENTRY_WEEKS
from embauche.labour import image, immersion, outreach
from embauche.labour.applying import apply, free, may_enter
from embauche.labour.courses import ON_HIRE, Record, Trainees
from embauche.labour.skills import distance, lacking
from embauche.labour.training_money import SERVICE, pay_once, pay_people
from embauche.labour.ways import Ways
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]


def step(model: World) -> None:
    """One week of training, before its search; changes the state, and starts a new record of the week."""
    s = model.state
    t = Trainees.of(s)
    model.week_training = Record()
    new = np.flatnonzero(s.age_weeks == ENTRY_WEEKS)
    t.forget(new)
    image.step(model, new)
    outreach.step(model, t)
    _count_hired(model, t)
    _end(model, t)
    ways = Ways(model)
    apply(model, t, ways)
    _start(model, t)
    _pay(model, t)
    immersion.step(model, t, ways)
    _count_present(model, t)


def _draw(model: World, purpose: Purpose, rows: Array, ids: Array) -> Array:
    """Uniform draws of persons (rows), each for a course of hers, this week; float64 [row]."""
    out = np.empty(len(rows))
    for course in np.unique(ids).tolist():
        mine = ids == course
        out[mine] = uniforms(
            model.seed, purpose, int(model.state.week[0]), model.state.worker_id[rows[mine]], course
        )
    return out


def _count_hired(model: World, t: Trainees) -> None:
    """Who has passed a course and holds a post since: counted once, within training.within_weeks."""
    s, plan = model.state, model.course_plan
    passed = np.flatnonzero(t.ended >= 0)
    hired = passed[s.status[passed] == Status.EMPLOYED]
    model.week_training.of_rows(plan, plan.row_of(t.source[hired]), "hired")
    t.ended[hired] = -1
    late = int(s.week[0]) - t.ended[passed] >= model.parameters["training.within_weeks"]
    t.ended[passed[late]] = -1


def _end(model: World, t: Trainees) -> None:
    """Courses that are over, or that people leave: for a job, for inactivity, or before their end."""
    s, p, plan, record, week = (
        model.state, model.parameters, model.course_plan, model.week_training, int(model.state.week[0])
    )  # fmt: skip
    hires = np.flatnonzero(t.course == ON_HIRE)
    gone = hires[s.post[hires] != t.post[hires]]
    over = hires[(s.post[hires] == t.post[hires]) & (t.until[hires] <= week)]
    _reach(model, t, over)
    for rows, figure in ((gone, "left"), (over, "completed"), (over, "passed")):
        _count_hires(model, rows, t.skill[rows], figure)
    t.leave(np.concatenate([gone, over]))
    rows = np.flatnonzero(t.course > 0)
    row = plan.row_of(t.course[rows])
    gone = s.status[rows] != Status.UNEMPLOYED
    record.of_rows(plan, row[gone], "left")
    over = ~gone & (t.until[rows] <= week)
    record.of_rows(plan, row[over], "completed")
    success = np.where(row >= 0, plan.success[row] if len(plan) else 0.0, p["training.success"])
    passed = over & (_draw(model, Purpose.TRAIN_PASS, rows, t.course[rows]) < success)
    record.of_rows(plan, row[passed], "passed")
    _reach(model, t, rows[passed])
    t.ended[rows[passed]], t.source[rows[passed]] = week, t.course[rows[passed]]
    draw = _draw(model, Purpose.TRAIN_LEAVE, rows, t.course[rows])
    weight = np.exp(np.minimum(t.way[rows] / p["training.way_scale_eur"], 2.0))
    drops = ~gone & ~over & (draw < p["training.dropout"] * weight)
    record.of_rows(plan, row[drops], "dropped")
    record.of_rows(plan, row[drops & (draw >= p["training.dropout"])], "dropped_way")
    t.leave(rows[gone | over | drops])


def _reach(model: World, t: Trainees, rows: Array) -> None:
    """These have the domain now, and at least the level of what they have passed."""
    s = model.state
    s.skill[rows] = t.skill[rows]
    s.level[rows] = np.maximum(s.level[rows], t.level[rows])


def _start(model: World, t: Trainees) -> None:
    """Sessions that start this week: seats go along the waiting list; who cannot wait longer gives up."""
    s, p, plan, record = model.state, model.parameters, model.course_plan, model.week_training
    week = int(s.week[0])
    until = plan.weeks_until(week, model.calendar)
    after = plan.weeks_until(week + 1, model.calendar) + 1
    t.since[(t.waits != 0) & (week - t.since > p["training.wait_weeks"])] = -1
    t.waits[t.since < 0] = 0
    everybody, able = np.flatnonzero(t.waits != 0), free(model, t)
    for row in np.flatnonzero(until == 0).tolist():
        waiting = everybody[t.waits[everybody] == plan.id[row]]
        fit = able[waiting] & may_enter(model, row, waiting)
        t.waits[waiting[~fit]], t.since[waiting[~fit]] = 0, -1
        waiting = waiting[fit]
        ids = s.worker_id[waiting]
        luck = uniforms(model.seed, Purpose.TRAIN_ORDER, 0, ids, int(plan.id[row]))
        order = waiting[np.lexsort((ids, luck, t.since[waiting], t.helped[waiting] <= week))]
        taken, rest = order[: plan.seats[row]], order[plan.seats[row] :]
        t.course[taken], t.until[taken] = plan.id[row], week + plan.weeks[row]
        t.skill[taken], t.level[taken] = plan.domain[row], plan.level[row]
        t.waits[taken], t.since[taken] = 0, -1
        cannot = rest[week + after[row] - t.since[rest] > p["training.wait_weeks"]]
        t.waits[cannot], t.since[cannot], t.way[cannot] = 0, -1, 0.0
        key = plan.key(row)
        for figure, count in (
            ("seats", int(plan.seats[row])),
            ("started", len(taken)),
            ("refused", len(cannot)),
        ):
            record.add(*key, figure, count)
        commune = int(model.territory.sites.commune[model.network.site_rows[plan.site[row]]])
        pay_once(model, plan.lever[row], "seats", int(plan.seats[row]) * int(plan.seat_cents[row]), commune)


def _pay(model: World, t: Trainees) -> None:
    """Allowances of the week, workshops, and what employers' training of hires costs."""
    p, plan = model.parameters, model.course_plan
    rows = np.flatnonzero(t.course > 0)
    row = plan.row_of(t.course[rows])
    paid = row >= 0
    ordinary = plan.ordinary[np.maximum(row, 0)] if len(plan) else paid
    alike = np.where(ordinary, -1, row)  # the ordinary plan pays all alike
    for k in np.unique(alike[paid]).tolist():
        mine = paid & (alike == k)
        first = int(row[mine][0])
        pay_people(model, plan.lever[first], USER, "allowance", int(plan.pay_cents[first]), rows[mine])
    for lever in model.settings.training.equipment:
        pay_once(model, lever, "workshop", int(whole_cents(lever.cost_eur_year / 52.0)))
    hires = np.flatnonzero(t.course == ON_HIRE)
    total, commune = int(whole_cents(p["training.hire_eur_week"])), model.population.persons.commune[hires]
    public = int(whole_cents(p["training.hire_eur_week"] * p["training.hire_public"]))
    for payer, cents in ((STATE, public), (EMPLOYER, total - public)):
        amount = np.full(len(hires), cents, np.int64)
        model.ledger.pay_many(
            SERVICE, "on hire", payer, SUPPLIER, "training", amount, commune, model.territory.communes.code
        )


def train_on_hire(model: World, person: Array, post: Array) -> None:
    """Employers train these hires, who were below what the posts ask; they have it when training is over.

    It takes `training.hire_weeks` times the distance of domains or a third of the gap of levels, whichever is
    more, and is in vain if she leaves the post before.

    Args:
        model: the model.
        person, post: int [hire] rows.
    """
    s, posts, t = model.state, model.population.posts, Trainees.of(model.state)
    far = distance(s.skill[person], posts.skill[post])
    lacks = lacking(s.level[person], posts.level[post]) / 3.0
    weeks = np.ceil(model.parameters["training.hire_weeks"] * np.maximum(far, lacks)).astype(np.int32)
    needed = weeks > 0
    person, post, weeks = person[needed], post[needed], weeks[needed]
    busy = person[t.course[person] > 0]
    model.week_training.of_rows(model.course_plan, model.course_plan.row_of(t.course[busy]), "left")
    t.course[person], t.post[person] = ON_HIRE, post
    t.until[person] = int(s.week[0]) + weeks
    t.skill[person], t.level[person] = posts.skill[post], posts.level[post]
    t.waits[person], t.since[person] = 0, -1
    _count_hires(model, person, posts.skill[post], "started")


def _count_hires(model: World, rows: Array, domain: Array, figure: str) -> None:
    for d, n in zip(*np.unique(domain[: len(rows)], return_counts=True), strict=True):
        model.week_training.add("on hire", "on hire", int(d), figure, int(n))


def _count_present(model: World, t: Trainees) -> None:
    """Who is in a course, and who waits for one, after this week's starts."""
    plan, record = model.course_plan, model.week_training
    for ids, figure in ((t.course[t.course > 0], "present"), (t.waits[t.waits != 0], "waiting")):
        record.of_rows(plan, plan.row_of(ids), figure)
    hires = np.flatnonzero(t.course == ON_HIRE)
    _count_hires(model, hires, t.skill[hires], "present")
