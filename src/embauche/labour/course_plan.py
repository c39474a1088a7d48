"""The courses there are: the region's ordinary plan and those of the scenario, as columns.

Lives here: Plan and how it is made. Not here: who attends (labour.courses), a week of it (labour.training).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.centre_sites import centre_rows
from embauche.commuting.course_sites import course_pairs, nearest_sites
from embauche.commuting.employers import meant
from embauche.core.calendar import WEEKS_A_YEAR, Calendar
from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import split
from embauche.core.scenario_training import Academy, Course, Training
from embauche.core.shifts import ShiftCatalogue
from embauche.labour.equipment import equipped
from embauche.labour.world import World
from embauche.population.schemas import SKILLS

Array = np.ndarray[Any, Any]
NEVER = 1 << 20
PLAN_SEED = 0  # which courses there are belongs to the territory, not to a replication's luck
ORDINARY = Course.model_validate(
    {"name": "region", "domain": "agriculture", "at": "region", "seats": 0, "weeks": 1}
)  # who pays for, and who may enter, courses of the ordinary plan
OPEN_WEEKS = np.array(
    [w for w in range(1, 51) if not 27 <= w <= 33]
)  # no session starts in summer or at Christmas


@dataclass(frozen=True)
class Plan:
    """Courses, one row each.

    Attributes:
        lever: of each row, who pays and who may enter.
        id: int32 [course] key of its draws, above 0.
        domain, level, level_min: int8 [course].
        site: int32 [course] used site that stands for its place; shift: int16 [course] its hours.
        seats, weeks: int32 [course].
        every, first: int32 [course]: starts in weeks of the year w with (w - first) % every = 0; every is 0
            where `starts` tells the weeks.
        starts: weeks since the start of burn-in, by row, where the scenario tells them.
        pay_cents, seat_cents: int64 [course] a week to each trainee, a seat.
        success: float64 [course].
        firms: by row, bool [firm] of an academy, None of a course.
    """

    lever: tuple[Course | Academy, ...]
    id: Array
    domain: Array
    level: Array
    level_min: Array
    site: Array
    shift: Array
    seats: Array
    weeks: Array
    every: Array
    first: Array
    starts: tuple[tuple[int, ...], ...]
    pay_cents: Array
    seat_cents: Array
    success: Array
    firms: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.id)

    @property
    def ordinary(self) -> Array:
        """Rows of the region's ordinary plan, bool [course]."""
        return np.array([lever is ORDINARY for lever in self.lever], bool)

    def key(self, row: int) -> tuple[str, str, int]:
        """(Kind, name, domain) under which results count a course."""
        kind = "academy" if self.firms[row] is not None else "course"
        return kind, self.lever[row].name, int(self.domain[row])

    def row_of(self, ids: Array) -> Array:
        """Row of each course's id, -1 where there is none, int64 [id]."""
        if not len(self.id):
            return np.full(len(ids), -1, np.int64)
        order = np.argsort(self.id, kind="stable")
        at = order[np.minimum(np.searchsorted(self.id[order], ids), len(order) - 1)]
        return np.where(self.id[at] == ids, at, -1)

    def weeks_until(self, week: int, calendar: Calendar) -> Array:
        """Weeks from this one until each course's next session starts, 0 this week, int64 [course]; NEVER."""
        out = np.full(len(self.id), NEVER, np.int64)
        regular = np.flatnonzero(self.every > 0)
        january = min(range(WEEKS_A_YEAR), key=calendar.week_of_year)
        place = (week - january + np.arange(2 * WEEKS_A_YEAR)) % WEEKS_A_YEAR
        for every in np.unique(self.every[regular]).tolist():
            rows = regular[self.every[regular] == every]
            out[rows] = np.argmax((place - self.first[rows][:, None]) % every == 0, axis=1)
        for row in np.flatnonzero(self.every == 0).tolist():
            left = [w - week for w in self.starts[row] if w >= week]
            out[row] = min(left, default=NEVER)
        return out


def plan_for(model: World) -> Plan:
    """All courses of a model: the ordinary plan where the scenario leaves it on, then its own."""
    training = model.settings.training
    rows = _ordinary(model) if training.plan else []
    rows += _of_scenario(model, training)
    more, better = equipped(training)
    domain = np.array([r["domain"] for r in rows], np.int8)

    def column(name: str, kind: type) -> Array:
        return np.array([r[name] for r in rows], kind)

    seats = np.floor(column("seats", np.float64) * (1.0 + more[domain]) + 1e-9)
    return Plan(
        lever=tuple(r["lever"] for r in rows),
        id=column("id", np.int32),
        domain=domain,
        level=column("level", np.int8),
        level_min=column("level_min", np.int8),
        site=column("site", np.int32),
        shift=column("shift", np.int16),
        seats=seats.astype(np.int32),
        weeks=column("weeks", np.int32),
        every=column("every", np.int32),
        first=column("first", np.int32),
        starts=tuple(r["starts"] for r in rows),
        pay_cents=column("pay_cents", np.int64),
        seat_cents=column("seat_cents", np.int64),
        success=np.minimum(1.0, column("success", np.float64) + better[domain]),
        firms=tuple(r["firms"] for r in rows),
    )


def _cents(eur: float) -> int:
    return int(np.floor(eur * 100.0 + 0.5))


def _ordinary(model: World) -> list[dict[str, Any]]:
    """The region's ordinary courses: as many a year as residents ask for, by domain and town as its posts."""
    p, persons, posts, firms = model.parameters, *_tables(model)
    communes = model.territory.communes
    residents = int((~communes.external[persons.commune]).sum())
    inside = posts.active & ~firms.external[posts.firm]
    actions = int(np.floor(p["training.actions"] * residents / 1000.0 + 0.5))
    if not actions or not inside.any():
        return []
    jobs = np.bincount(firms.commune[posts.firm[inside]], minlength=len(communes)).astype(np.float64)
    towns = min(max(1, int(np.floor(residents / p["training.town"] + 0.5))), int((jobs > 0).sum()))
    town = np.lexsort((np.arange(len(jobs)), -jobs))[:towns]
    by_day = _sites_by_day(model)
    site = nearest_sites(model.territory, model.network.site_rows[by_day], communes.node[town])
    share = np.cumsum(jobs[town]) / jobs[town].sum()
    number = split(actions, np.bincount(posts.skill[inside], minlength=len(SKILLS)))
    domain = np.repeat(np.arange(len(SKILLS)), number)
    nth = np.arange(actions) - np.repeat(np.cumsum(number) - number, number)
    ids = np.array([stable_id(f"region/{SKILLS[d]}/{k}") for d, k in zip(domain, nth, strict=True)], np.int64)

    def draw(what: int) -> Array:
        return uniforms(PLAN_SEED, Purpose.COURSE, 0, ids, what)

    which = np.minimum(np.searchsorted(share, draw(0)), towns - 1)
    high = draw(1)
    highest = p["training.share_2"]
    level = (high < p["training.share_1"] + highest).astype(np.int8) + (high < highest)
    weeks = np.floor(p["training.weeks"] + level * p["training.weeks_more"] + 0.5)
    first = OPEN_WEEKS[np.minimum((draw(2) * len(OPEN_WEEKS)).astype(np.int64), len(OPEN_WEEKS) - 1)]
    return [
        {
            "lever": ORDINARY, "id": max(int(ids[k]), 1), "domain": int(domain[k]), "level": int(level[k]),
            "level_min": max(0, int(level[k]) - 1), "site": int(by_day[site[which[k]]]),
            "shift": model.catalogue.shift_row("day"), "seats": p["training.seats"], "weeks": int(weeks[k]),
            "every": 52, "first": int(first[k]), "starts": (), "firms": None,
            "pay_cents": _cents(p["training.pay_eur_week"]), "seat_cents": _cents(p["training.seat_eur"]),
            "success": p["training.success"],
        }
        for k in range(actions)
    ]  # fmt: skip


def _tables(model: World) -> tuple[Any, Any, Any]:
    return model.population.persons, model.population.posts, model.population.firms


def _sites_by_day(model: World) -> Array:
    """Used sites where somebody works by day, for transit is known there then; all where nobody does."""
    posts, day = model.population.posts, model.catalogue.shift_row("day")
    external = model.population.firms.external[posts.firm]
    rows = np.unique(model.post_site[(posts.shift == day) & ~external])
    return rows if len(rows) else np.arange(len(model.network.site_rows))


def _of_scenario(model: World, training: Training) -> list[dict[str, Any]]:
    """The courses and academies of a scenario's `training:`."""
    catalogue: ShiftCatalogue = model.catalogue
    # rows of training centres come after those of firms: courses are held where somebody works
    worked = len(model.network.site_rows) - len(centre_rows(model.population, 0)[0])
    sites = model.network.site_rows[:worked]
    pairs = course_pairs(model.territory, training, catalogue, sites, model.parameters)
    rows = []
    for course, (site, shift) in zip(training.sessions, pairs.tolist(), strict=True):
        firms = None
        if isinstance(course, Academy):
            firms = meant(course.employers, model.population, model.territory.communes)
        success = model.parameters["training.success"] if course.success is None else course.success
        rows.append({
            "lever": course, "id": max(stable_id(course.name), 1), "domain": SKILLS.index(course.domain),
            "level": course.level, "level_min": course.level_min, "site": site, "shift": shift,
            "seats": course.seats, "weeks": course.weeks, "every": 0 if course.starts else course.every_weeks,
            "first": 0, "starts": tuple(model.first_week + w for w in course.starts),
            "pay_cents": _cents(course.allowance_eur_week), "seat_cents": _cents(course.cost_eur_seat),
            "success": success,
            "firms": firms,
        })  # fmt: skip
    return rows
