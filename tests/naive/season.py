"""The plain twin of a week of apprentices, one after another, from docs/model_labour.md, "Apprentices".

Lives here: Season (what is known of everybody), its week, signatures, breaks. Not here: ways and utilities
(the model's), who agrees with whom (naive.hiring).
"""

from __future__ import annotations

import itertools
import math
from typing import Any

from embauche.core.draws import Purpose
from embauche.population.schemas import SKILLS
from naive.draws import Draws

INACTIVE, UNEMPLOYED, EMPLOYED = 0, 1, 2
APPRENTICESHIP, TPE, YEAR, NONE = 3, 0, 52, -1
YOUNG = ("joins", "since", "skill", "wage", "post", "starts", "end")
PERSON = (
    "worker_id", "age_weeks", "status", "apprentice", "post", "skill", "level", "wage_ref_cents", "spell",
    "since",
)  # fmt: skip
POST = ("active", "holder", "opening", "weeks_open", "wage_cents")
GRID = ((0.27, 0.39, 0.55), (0.43, 0.51, 0.67), (0.53, 0.61, 0.78), (1.0, 1.0, 1.0))


def now(model: Any) -> dict[str, list[Any]]:
    """What is known of persons and posts, lists by name."""
    s, n = model.state, len(model.state.worker_id)
    out = {name: getattr(s, name).tolist() for name in PERSON + POST}
    nobody = [NONE] * n
    for name in YOUNG:
        known = s.kept.get(f"apprentices.{name}")
        out[f"y_{name}"] = list(nobody) if known is None else known.tolist()
    out["seat"] = s.kept["apprentices.centre"].tolist()
    for name in ("offered@post", "promised@post", "open"):
        out[name] = s.kept[f"apprentices.{name}"].tolist()
    out["post_shift"] = model.post_shift.tolist()
    return out


class Season:
    """Everybody at a moment of a week; each method does one step of it.

    Args:
        model: at that moment; nothing of it is changed.
    """

    def __init__(self, model: Any) -> None:
        self.model, self.p, self.draws = model, model.parameters, Draws(model.seed)
        self.x = now(model)
        self.week = int(model.state.week[0])
        self.events: list[tuple[str, int, int]] = []
        self.wanted: list[tuple[int, int]] = []
        posts, firms = model.population.posts, model.population.firms
        self.firm, self.domain, self.post_id = (
            posts.firm.tolist(),
            posts.skill.tolist(),
            posts.post_id.tolist(),
        )
        self.trains = [c == APPRENTICESHIP for c in posts.contract.tolist()]
        self.inside = [not firms.external[f] for f in self.firm]
        # the season's first week is the last one of the year's week so called whose season is not yet over
        self.first = self.week
        while self._of_year(self.first) != self._week("season"):
            self.first -= 1
        self.start, self.last = (
            next(w for w in itertools.count(self.first) if self._of_year(w) == self._week(name))
            for name in ("start", "last")
        )
        if self.week >= self.last:
            self.first, self.start, self.last = self.first + YEAR, self.start + YEAR, self.last + YEAR
        self.on = self.first <= self.week < self.last

    def _of_year(self, week: int) -> int:
        return int(self.model.calendar.week_of_year(week))

    def _week(self, name: str) -> int:
        return int(self.p[f"apprentices.{name}_week"])

    def _u(self, purpose: Purpose, step: int, who: int, alt: int = 0) -> float:
        return self.draws.uniform(purpose, step, who, alt)

    def _people(self) -> range:
        return range(len(self.x["worker_id"]))

    def _event(self, what: str, person: int, post: int = NONE) -> None:
        self.events.append((what, person, post))

    def begins(self) -> None:
        """What comes first in a week: ends of contracts, the season, who joins, pay."""
        x = self.x
        opening, closing = self.on and not x["open"][0], x["open"][0] and not self.on
        for i in self._people():
            if x["age_weeks"][i] == 15 * YEAR:
                self._forget(i)
        closed = self.model.state.kept["economy.closed"].tolist()
        for i in self._people():
            post = x["y_post"][i]
            if post >= 0 and closed[self.firm[post]] > 0:
                x["promised@post"][post] = False
                x["y_post"][i] = x["y_starts"][i] = NONE
        for i in self._people():
            if x["y_end"][i] >= 0 and x["y_post"][i] < 0 and x["post"][i] < 0:
                self._lost(i)
        for i in self._people():
            if 0 <= x["y_end"][i] <= self.week and x["post"][i] >= 0:
                self._completes(i)
        if opening:
            self._offers()
        if closing:
            x["offered@post"] = [False] * len(self.post_id)
        x["open"] = [self.on]
        for post, trains in enumerate(self.trains):
            needed = x["offered@post"][post] or x["promised@post"][post]
            if trains and x["holder"][post] < 0 and not needed:
                x["active"][post] = False
        for i in self._people():
            if (
                closing
                and x["apprentice"][i]
                and x["y_since"][i] >= 0
                and x["y_post"][i] < 0
                and x["post"][i] < 0
            ):
                self._event("gave_up", i)
                self._stops(i)
        if opening:
            self._cohort()
        for i in self._people():
            if 0 <= x["y_joins"][i] <= self.week:
                x["y_joins"][i] = NONE
                if not x["apprentice"][i] and x["status"][i] != EMPLOYED:
                    self._seeks(i)
                    self._event("joined", i)
        least = self.p["population.net_min_wage_eur"]
        for post, i in enumerate(x["holder"]):
            if self.trains[post] and i >= 0:
                years = x["age_weeks"][i] // YEAR
                row = sum(years >= age for age in (18, 21, 26))
                year = min((self.week - x["since"][i]) // YEAR, 2)
                x["wage_cents"][post] = round(GRID[row][max(year, 0)] * least * 100)

    def _forget(self, i: int) -> None:
        for name in YOUNG:
            self.x[f"y_{name}"][i] = NONE

    def _stops(self, i: int) -> None:
        x = self.x
        if x["y_wage"][i] >= 0:
            x["skill"][i], x["wage_ref_cents"][i] = x["y_skill"][i], x["y_wage"][i]
        x["apprentice"][i] = False
        self._forget(i)

    def _seeks(self, i: int) -> None:
        x, who = self.x, self.x["worker_id"][i]
        x["apprentice"][i], x["y_since"][i] = True, self.week
        if x["y_wage"][i] < 0:
            x["y_skill"][i], x["y_wage"][i] = x["skill"][i], x["wage_ref_cents"][i]
        if self._u(Purpose.WISH, self.week, who) < self.p["apprentices.wish_own"]:
            x["skill"][i] = x["y_skill"][i]
        else:
            taught = sorted(d for d, trains in zip(self.domain, self.trains, strict=True) if trains)
            x["skill"][i] = taught[int(self._u(Purpose.WISH, self.week, who, 1) * len(taught))]
        x["wage_ref_cents"][i] = round(0.43 * self.p["population.net_min_wage_eur"] * 100)

    def _lost(self, i: int) -> None:
        x, who = self.x, self.x["worker_id"][i]
        x["seat"][i] = x["y_end"][i] = NONE
        again = self.on and self._u(Purpose.AFTERWARDS, self.week, who) < self.p["apprentices.again"]
        if again:
            self._seeks(i)
            return
        school = self._u(Purpose.AFTERWARDS, self.week, who, 1) < self.p["apprentices.back_to_school"]
        if school and x["status"][i] == UNEMPLOYED:
            x["status"][i], x["spell"][i] = INACTIVE, 0
        self._stops(i)

    def _ends(self, i: int) -> int:
        """Her job is over and the post put away; the post."""
        x, post = self.x, self.x["post"][i]
        x["post"][i], x["status"][i], x["spell"][i] = NONE, UNEMPLOYED, 0
        x["holder"][post], x["active"][post], x["weeks_open"][post] = NONE, False, 0
        return int(post)

    def _completes(self, i: int) -> None:
        x, who = self.x, self.x["worker_id"][i]
        post = self._ends(i)
        self._event("completed", i, post)
        if x["promised@post"][post] or x["offered@post"][post]:
            x["active"][post] = True
        x["seat"][i] = NONE
        self._stops(i)
        x["skill"][i] = self.domain[post]
        if x["age_weeks"][i] >= 18 * YEAR:
            x["level"][i] = min(x["level"][i] + 1, 3)
        if self._u(Purpose.AFTERWARDS, self.week, who, 2) < self.p["apprentices.study"]:
            x["status"][i], x["spell"][i] = INACTIVE, 0
        elif self._u(Purpose.AFTERWARDS, self.week, who, 3) < self.p["apprentices.kept"]:
            self.wanted.append((i, self.firm[post]))

    def _offers(self) -> None:
        x, p, firms = self.x, self.p, self.model.population.firms
        x["offered@post"] = [False] * len(self.post_id)
        active = x["active"].copy()
        for f in range(len(firms)):
            mine = [k for k in range(len(self.firm)) if self.firm[k] == f]
            if firms.size_class[f] == TPE:
                tutors = int(self._u(Purpose.TUTOR, 0, int(firms.firm_id[f])) < p["apprentices.tutor_tpe"])
            else:
                tutors = 1 + int(sum(active[k] for k in mine) / p["apprentices.posts_a_tutor"])
            mine = [k for k in mine if self.trains[k] and self.inside[k]]
            stay = [k for k in mine if x["holder"][k] >= 0 and x["y_end"][x["holder"][k]] > self.start]
            room = tutors * int(p["apprentices.per_tutor"]) - len(stay)
            for k in sorted(mine, key=lambda k: self.post_id[k]):
                likes = self._u(Purpose.OFFERED, self.first, self.post_id[k]) < p["apprentices.offered"]
                if k in stay or x["promised@post"][k] or not likes or room <= 0:
                    continue
                room -= 1
                x["offered@post"][k] = True
                x["opening"][k] += 1
                x["weeks_open"][k] = 0
                if x["holder"][k] < 0:
                    x["active"][k], x["wage_cents"][k] = True, int(self.model.grid_cents[k])

    def _cohort(self) -> None:
        x, p, population = self.x, self.p, self.model.population
        for i in self._people():
            years, who = x["age_weeks"][i] // YEAR, x["worker_id"][i]
            x["y_joins"][i] = NONE
            outside = self.model.territory.communes.external[population.persons.commune[i]]
            if not 15 <= years <= 29 or outside or x["apprentice"][i] or x["status"][i] == EMPLOYED:
                continue
            ages = "15_17" if years <= 17 else "18_21" if years <= 21 else "22_29"
            if x["status"][i] == UNEMPLOYED and years >= 16:
                ages = "unemployed"
            if self._u(Purpose.SEEK, self.first, who) < p[f"apprentices.seek_{ages}"]:
                late = self._u(Purpose.SEEK, self.first, who, 1)
                x["y_joins"][i] = self.first + math.floor(late * late * (self.last - 4 - self.first))

    def _length(self, luck: float) -> int:
        one, three = self.p["apprentices.one_year"], self.p["apprentices.three_years"]
        return 1 if luck < one else 3 if luck < one + three else 2

    def agree(self, matches: list[tuple[int, int]]) -> tuple[list[bool], list[tuple[int, int]]]:
        """Signatures of the week and who begins.

        Args:
            matches: (post, person).

        Returns:
            Whether each match is a hire; (post, person) of those who begin or are kept.
        """
        x, model, ids = self.x, self.model, self.x["worker_id"]
        mine = [(post, i) for post, i in matches if self.trains[post]]
        for post, i in sorted(
            mine, key=lambda m: (self._u(Purpose.SEAT_ORDER, self.week, ids[m[1]]), ids[m[1]])
        ):
            row = self._seat(i, self.domain[post])
            if row == NONE:
                self._event("no_seat", i, post)
                continue
            luck = self._u(Purpose.LENGTH, self.week, ids[i], 1)
            begins = self.start + sum(luck >= share for share in (0.75, 0.9, 0.97))
            length = self._length(self._u(Purpose.LENGTH, self.week, ids[i]))
            x["seat"][i], x["y_post"][i], x["y_starts"][i] = row, post, max(self.week, begins)
            x["y_end"][i] = self.start + YEAR * length
            x["offered@post"][post], x["promised@post"][post] = False, True
            self._event("signed", i, post)
        moves = []
        for i in self._people():
            post = x["y_post"][i]
            if post >= 0 and x["y_starts"][i] <= self.week and x["holder"][post] < 0:
                x["promised@post"][post], x["active"][post] = False, True
                x["y_post"][i] = x["y_starts"][i] = NONE
                x["post_shift"][post] = int(model.seats.shift[x["seat"][i]])
                moves.append((post, i))
                self._event("started", i, post)
        return [not self.trains[post] for post, _ in matches], moves + self._kept(matches)

    def _seat(self, i: int, domain: int) -> int:
        """The centre's row nearest to her that has a seat of the domain when courses begin."""
        seats, x = self.model.seats, self.x
        best, least = NONE, math.inf
        for row, number in enumerate(seats.seats.tolist()):
            taken = sum(
                1 for j in self._people() if x["seat"][j] == row and not 0 <= x["y_end"][j] <= self.start
            )
            minutes = float(seats.minutes[self.model.place[i], row])
            if seats.skill[row] == domain and taken < number and minutes < least:
                best, least = row, minutes
        return best

    def _kept(self, matches: list[tuple[int, int]]) -> list[tuple[int, int]]:
        x, moves = self.x, []
        gone, hired = {post for post, _ in matches}, {i for _, i in matches}
        for i, firm in self.wanted:
            mine = [
                k for k in range(len(self.firm))
                if self.firm[k] == firm and x["active"][k] and x["holder"][k] < 0
                and not self.trains[k] and k not in gone
            ]  # fmt: skip
            if x["post"][i] < 0 and i not in hired and mine:
                post = min(mine, key=lambda k: (self.domain[k] != x["skill"][i], self.post_id[k]))
                gone.add(post)
                moves.append((post, i))
                self._event("kept", i, post)
        return moves

    def breaks(self, utility: list[float], hired: list[bool]) -> None:
        """Contracts broken: each apprentice but those who were hired this week.

        Args:
            utility: of the post that each person holds.
            hired: by person.
        """
        x, p = self.x, self.p
        for i in self._people():
            if x["post"][i] < 0 or not x["apprentice"][i] or hired[i]:
                continue
            first = self.week - x["since"][i] <= 6
            worst = x["wage_ref_cents"][i] / 100 * p["search.reservation_floor"]
            gap = min(max((worst - utility[i]) / p["apprentices.break_scale_eur"], -1.5), 1.5)
            rate = p["apprentices.break_first" if first else "apprentices.break_later"]
            better = sum(
                lever.success
                for lever in self.model.settings.training.equipment
                if SKILLS[self.domain[x["post"][i]]] in lever.domains
            )
            rate *= max(0.0, 1 - p["apprentices.equipment"] * better)
            if self._u(Purpose.APPRENTICE_BREAK, self.week, x["worker_id"][i]) < rate * math.exp(gap):
                post = self._ends(i)
                self._event("broken_first" if first else "broken_later", i, post)
