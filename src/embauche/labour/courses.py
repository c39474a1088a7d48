"""Who is in which course, or has been: the state of training, and what search and hiring read of it.

Lives here: Trainees, Record, search_factor, shown, known_fit. Not here: a week of courses (labour.training).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.labour.course_plan import Plan
from embauche.labour.state import State
from embauche.labour.world import World
from embauche.population.schemas import Contract, Status

Array = np.ndarray[Any, Any]
ON_HIRE = -1  # in place of a course's id: trained by the firm that hired her
SHOWN = 5  # vacancies of a firm that one hears of at its gate
_LISTS: tuple[tuple[str, int, type], ...] = (
    ("course", 0, np.int32),
    ("until", -1, np.int32),
    ("skill", 0, np.int8),
    ("level", 0, np.int8),
    ("post", -1, np.int32),
    ("way", 0, np.float32),
    ("waits", 0, np.int32),
    ("since", -1, np.int32),
    ("ended", -1, np.int32),
    ("source", 0, np.int32),
    ("firm", -1, np.int32),
    ("firm_until", -1, np.int32),
    ("helper", 0, np.int32),
    ("helped", -1, np.int32),
)


@dataclass(frozen=True)
class Trainees:
    """Training's part of the state, [person], views on `State.kept`.

    Attributes:
        course: id of the course she is in, ON_HIRE in training by her employer, 0 in none.
        until: week in which it ends, -1 none.
        skill, level: int8, what she has if she passes.
        post: row of the post for which her employer trains her, -1 none.
        way: float32 EUR a month that the way to the course costs her, above 0.
        waits, since: id of the course for which she waits, 0 none, and since which week.
        ended, source: week of the last course passed without a job yet, -1 none; id of the last one passed.
        firm, firm_until: firm in which she has spent an immersion, and until which week they remember.
        helper, helped: id of the redeployment or outreach that follows her, and until which week.
    """

    course: Array
    until: Array
    skill: Array
    level: Array
    post: Array
    way: Array
    waits: Array
    since: Array
    ended: Array
    source: Array
    firm: Array
    firm_until: Array
    helper: Array
    helped: Array

    @classmethod
    def of(cls, state: State) -> Trainees:
        """The arrays; empty ones where nobody has been trained yet."""
        kept = {}
        for what, start, kind in _LISTS:
            name = f"training.{what}"
            if name not in state.kept:
                state.kept[name] = np.full(len(state.worker_id), start, kind)
            kept[what] = state.kept[name]
        return cls(**kept)

    def forget(self, rows: Array) -> None:
        """Somebody else lives in these rows."""
        for what, start, _ in _LISTS:
            getattr(self, what)[rows] = start

    def leave(self, rows: Array) -> None:
        """These are in no course any more."""
        self.course[rows], self.until[rows], self.post[rows], self.way[rows] = 0, -1, -1, 0.0


class Record:
    """What happened in a week's training, by (kind, name, domain row or -1): core.outputs_labour.COURSES."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, int], dict[str, int]] = {}

    def add(self, kind: str, name: str, domain: int, figure: str, count: int = 1) -> None:
        """Count something; nothing is entered for 0."""
        if count:
            row = self.rows.setdefault((kind, name, domain), {})
            row[figure] = row.get(figure, 0) + int(count)

    def of_rows(self, plan: Plan, rows: Array, figure: str) -> None:
        """Count trainees by row of the plan, int [trainee]; -1, a course that is no more, is left out."""
        found, count = np.unique(rows[rows >= 0], return_counts=True)
        for row, n in zip(found.tolist(), count.tolist(), strict=True):
            self.add(*plan.key(row), figure, n)


def search_factor(model: World) -> Array:
    """By what each unemployed person's search is multiplied this week, float64 [person].

    Who is in a course searches less until its last weeks (lock-in); who has passed, or is counselled, more.
    """
    s, p = model.state, model.parameters
    t, week = Trainees.of(s), int(s.week[0])
    out = np.ones(len(s.worker_id))
    out[t.ended >= 0] = p["training.fresh"]
    out[t.helped > week] = np.maximum(out[t.helped > week], p["training.counselled"])
    out[(t.course > 0) & (t.until - week > p["training.last_weeks"])] = p["training.search"]
    return out


def open_vacancies(model: World) -> Array:
    """Vacancies to be seen this week but apprenticeships, bool [post]."""
    s = model.state
    out: Array = s.active & (s.holder < 0) & (model.population.posts.contract != Contract.APPRENTICESHIP)
    return out & s.kept.get("hiring.advertised@post", np.ones(len(out), bool))


def _graduates(model: World, t: Trainees) -> Array:
    """Unemployed who have passed an academy's course lately, rows."""
    s = model.state
    late = (t.ended >= 0) & (int(s.week[0]) - t.ended <= model.parameters["immersion.recall_weeks"])
    return np.flatnonzero(late & (s.status == Status.UNEMPLOYED))


def shown(model: World) -> tuple[Array, Array]:
    """Vacancies that some see for certain this week: of the firm of their immersion, of their academy.

    Returns:
        Rows of persons and of posts, int32 [pair] each, each pair once.
    """
    s, posts, plan = model.state, model.population.posts, model.course_plan
    t, week = Trainees.of(s), int(s.week[0])
    vacancy = np.flatnonzero(open_vacancies(model))
    # a firm tells of its oldest vacancies first
    vacancy = vacancy[np.lexsort((posts.post_id[vacancy], -s.weeks_open[vacancy], posts.firm[vacancy]))]
    firm = posts.firm[vacancy]
    known = np.flatnonzero((t.firm_until > week) & (s.status == Status.UNEMPLOYED))
    first, last = (np.searchsorted(firm, t.firm[known], side) for side in ("left", "right"))
    count = np.minimum(last - first, SHOWN)
    person = [np.repeat(known, count)]
    post = [vacancy[np.repeat(first - np.cumsum(count) + count, count) + np.arange(int(count.sum()))]]
    for who in _graduates(model, t).tolist():
        row = plan.row_of(t.source[[who]])[0]
        if row >= 0 and plan.firms[row] is not None:
            mine = vacancy[plan.firms[row][firm] & (posts.skill[vacancy] == plan.domain[row])][:SHOWN]
            post.append(mine[~np.isin(mine, post[0][person[0] == who])])
            person.append(np.full(len(post[-1]), who))
    return np.concatenate(person).astype(np.int32), np.concatenate(post).astype(np.int32)


def known_fit(model: World, person: Array, post: Array) -> Array:
    """Fit that an applicant gains because the firm knows her, float64 [pair].

    Args:
        model: the model.
        person, post: int [pair] rows.
    """
    s, plan = model.state, model.course_plan
    t, week, firm = Trainees.of(s), int(s.week[0]), model.population.posts.firm[post]
    out = (t.firm[person] == firm) & (t.firm_until[person] > week)
    row = plan.row_of(np.where(np.isin(person, _graduates(model, t)), t.source[person], 0))
    for k in np.unique(row[row >= 0]).tolist():
        if plan.firms[k] is not None:
            mine = row == k
            out[mine] |= plan.firms[k][firm[mine]]
    return np.where(out, model.parameters["training.known_fit"], 0.0)
