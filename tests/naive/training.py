"""The plain twin of a week of courses, one person after another, from docs/model_labour.md, "Training".

Lives here: ends, applications, waiting lists, seats. Not here: the ways there (the model's), payments.
"""

from __future__ import annotations

import math
from typing import Any

from embauche.core.draws import Purpose, stable_id
from embauche.labour.skills import DISTANCE
from embauche.population.schemas import SKILLS
from naive.draws import Draws

UNEMPLOYED, EMPLOYED = 1, 2


class Courses:
    """Who is where: dictionaries by person's row, and counts by (course's name, figure)."""

    def __init__(self, model: Any) -> None:
        rows = range(len(model.state.worker_id))
        self.course = dict.fromkeys(rows, 0)
        self.until = dict.fromkeys(rows, -1)
        self.waits = dict.fromkeys(rows, 0)
        self.since = dict.fromkeys(rows, -1)
        self.way = dict.fromkeys(rows, 0.0)
        self.ended = dict.fromkeys(rows, -1)
        self.skill = dict(zip(rows, model.state.skill.tolist(), strict=True))
        self.level = dict(zip(rows, model.state.level.tolist(), strict=True))
        self.counts: dict[tuple[str, str], int] = {}
        self.cents = 0

    def count(self, name: str, figure: str, n: int = 1) -> None:
        if n:
            self.counts[name, figure] = self.counts.get((name, figure), 0) + n


def _starts(course: Any, week: int, calendar: Any) -> bool:
    january = min(range(52), key=calendar.week_of_year)
    return bool((week - january) % 52 % course.every_weeks == 0)


def _until(course: Any, week: int, calendar: Any) -> int:
    return next(k for k in range(105) if _starts(course, week + k, calendar))


def _free(model: Any, twin: Courses, i: int) -> bool:
    s = model.state
    outside = model.territory.communes.external[model.population.persons.commune[i]]
    return bool(s.status[i] == UNEMPLOYED and not s.apprentice[i] and not outside and twin.course[i] == 0)


def _may(model: Any, twin: Courses, course: Any, i: int) -> bool:
    years, domain = int(model.state.age_weeks[i]) // 52, SKILLS.index(course.domain)
    able = course.who.age_min <= years <= course.who.age_max and twin.level[i] >= course.level_min
    learns = twin.skill[i] != domain or twin.level[i] < course.level
    return _free(model, twin, i) and able and learns


def week_of_courses(model: Any, twin: Courses, ways: dict[tuple[int, str], float], week: int) -> None:
    """One week, as the first thing of it.

    Args:
        model: before its step; nothing of it is changed.
        twin: changed.
        ways: EUR a month of the way of each person (row) to each course (name).
        week: since the start of burn-in.
    """
    s, p, draws = model.state, model.parameters, Draws(model.seed)
    courses = {stable_id(c.name): c for c in model.settings.training.courses}
    agent = {i: int(s.worker_id[i]) for i in twin.course}
    twin.counts = {}
    for i in twin.course:
        if s.age_weeks[i] == 15 * 52:
            twin.course[i], twin.until[i], twin.waits[i], twin.since[i], twin.ended[i] = 0, -1, 0, -1, -1
            twin.way[i] = 0.0
        if twin.ended[i] >= 0 and (
            s.status[i] == EMPLOYED or week - twin.ended[i] >= p["training.within_weeks"]
        ):
            twin.ended[i] = -1
    for i, key in twin.course.items():
        if key == 0:
            continue
        course, left = courses[key], s.status[i] != UNEMPLOYED
        over = not left and twin.until[i] <= week
        weight = math.exp(min(twin.way[i] / p["training.way_scale_eur"], 2.0))
        draw = draws.uniform(Purpose.TRAIN_LEAVE, week, agent[i], key)
        drops = not left and not over and draw < p["training.dropout"] * weight
        passes = over and draws.uniform(Purpose.TRAIN_PASS, week, agent[i], key) < p["training.success"]
        if passes:
            twin.skill[i] = SKILLS.index(course.domain)
            twin.level[i] = max(twin.level[i], course.level)
            twin.ended[i] = week
        for what, true in (("left", left), ("completed", over), ("passed", passes), ("dropped", drops)):
            twin.count(course.name, what, int(true))
        if left or over or drops:
            twin.course[i], twin.until[i], twin.way[i] = 0, -1, 0.0
    _apply(model, twin, ways, week)
    for key, course in courses.items():
        if not _starts(course, week, model.calendar):
            continue
        for i in twin.waits:
            if twin.waits[i] == key and not _may(model, twin, course, i):
                twin.waits[i], twin.since[i] = 0, -1
        queue = sorted(
            (i for i in twin.waits if twin.waits[i] == key),
            key=lambda i: (
                twin.since[i],
                draws.uniform(Purpose.TRAIN_ORDER, 0, agent[i], key),
                agent[i],
            ),
        )
        for place, i in enumerate(queue):
            if place < course.seats:
                twin.course[i], twin.until[i], twin.waits[i], twin.since[i] = key, week + course.weeks, 0, -1
                twin.count(course.name, "started")
            else:
                ahead = 1 + _until(course, week + 1, model.calendar)
                if week + ahead - twin.since[i] > p["training.wait_weeks"]:
                    twin.waits[i], twin.since[i], twin.way[i] = 0, -1, 0.0
                    twin.count(course.name, "refused")
        twin.cents += course.seats * round(course.cost_eur_seat * 100)
    for key in twin.course.values():
        if key:
            twin.cents += round(courses[key].allowance_eur_week * 100)


def _apply(model: Any, twin: Courses, ways: dict[tuple[int, str], float], week: int) -> None:
    """Who looks at courses this week, what she is told of, and the list that she joins."""
    s, p, draws = model.state, model.parameters, Draws(model.seed)
    nodes, worth = model.territory.nodes, _prospects(model, twin)
    for i in twin.course:
        who = int(s.worker_id[i])
        if not _free(model, twin, i) or twin.waits[i]:
            continue
        if draws.uniform(Purpose.TRAIN_APPLY, week, who, 0) >= p["training.apply"]:
            continue
        races = []
        for row, course in enumerate(model.settings.training.courses):
            key = stable_id(course.name)
            recruits = _until(course, week, model.calendar) <= p["training.ahead_weeks"]
            if recruits and course.seats and _may(model, twin, course, i):
                home = int(model.territory.places.node[model.network.place_rows[model.place[i]]])
                site = model.network.site_rows[model.course_plan.site[row]]
                work = int(model.territory.sites.node[site])
                km = math.hypot(nodes.x_m[home] - nodes.x_m[work], nodes.y_m[home] - nodes.y_m[work]) / 1000
                u = draws.uniform(Purpose.TRAIN_LOOK, week, who, key)
                races.append(
                    (-math.log(u) / course.seats * math.exp(km / p["training.reach_km"]), key, course)
                )
        best: tuple[float, int] | None = None
        wanted: tuple[float, str] | None = None
        for _, key, course in sorted(races, key=lambda r: r[0])[: int(p["training.looks"])]:
            domain = SKILLS.index(course.domain)
            noise = -math.log(-math.log(draws.uniform(Purpose.TRAIN_TASTE, 0, who, key)))
            gain = (
                p["training.worth_eur"] * worth[domain]
                - p["training.far_eur"] * DISTANCE[twin.skill[i], domain]
                + course.allowance_eur_week * 52 / 12
                + p["training.noise_eur"] * noise
            )
            if best is None or gain + ways[i, course.name] > best[0]:
                best = (gain + ways[i, course.name], key)
            if wanted is None or gain > wanted[0]:
                wanted = (gain, course.name)
        if best is not None and best[0] > 0:
            name = next(c.name for c in model.settings.training.courses if stable_id(c.name) == best[1])
            twin.waits[i], twin.since[i], twin.way[i] = best[1], week, max(0.0, -ways[i, name])
            twin.count(name, "applied")
        elif wanted is not None and wanted[0] > 0:
            twin.count(wanted[1], "declined_way")
    for i in twin.waits:
        if twin.waits[i] and week - twin.since[i] > p["training.wait_weeks"]:
            twin.waits[i], twin.since[i] = 0, -1


def _prospects(model: Any, twin: Courses) -> list[float]:
    """Vacancies a seeker of each domain over those of all, within a half and two."""
    s, posts = model.state, model.population.posts
    seekers = [0] * len(SKILLS)
    vacant = [0] * len(SKILLS)
    for i in range(len(s.status)):
        seekers[twin.skill[i]] += int(s.status[i] == UNEMPLOYED)
    for post in range(len(posts)):
        vacant[posts.skill[post]] += int(s.active[post] and s.holder[post] < 0 and posts.contract[post] != 3)
    if not sum(seekers) or not sum(vacant):
        return [1.0] * len(SKILLS)
    return [
        min(2.0, max(0.5, (v / sum(vacant)) / max(n / sum(seekers), 1e-9)))
        for v, n in zip(vacant, seekers, strict=True)
    ]
