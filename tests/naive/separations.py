"""Separations, posts that come and go, and demography: step 7 of the plain model.

Lives here: Separating, what docs/model.md section 7 says. Not here: the rest of the week (model).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from embauche.core.draws import Purpose
from embauche.population.schemas import Contract, Status
from naive.agents import FirmAgent, Household, Post, Worker
from naive.draws import Draws
from naive.search import fallback_eur

RETIREMENT, ENTRY = 3380, 780  # weeks: 65 and 15 years
COHORT = 0xFFF << 24  # the bits of an id that tell the cohort
AGE_EDGES = (1300, 2860)  # weeks: 25 and 55 years
LEAVE = ("demography.leave_young", "demography.leave_adult", "demography.leave_senior")
CONTRACT_END = {
    Contract.CDD: "contracts.cdd_end",
    Contract.AGENCY: "contracts.agency_end",
    Contract.APPRENTICESHIP: "contracts.apprentice_break",
}


def age_group(age_weeks: int) -> int:
    """0 for 15-24, 1 for 25-54, 2 for 55-64."""
    return sum(age_weeks >= edge for edge in AGE_EDGES)


class Separating:
    """The part of the plain model that lives step 7."""

    if TYPE_CHECKING:
        p: Mapping[str, float]
        draws: Draws
        week: int
        workers: list[Worker]
        households: list[Household]
        firms: list[FirmAgent]
        posts: list[Post]

    def _close_stocks(self) -> None:
        """Enter and creation rates that balance the start's outflows."""
        self.enter_rate: dict[tuple[int, int], float] = {}
        self.active_share: dict[tuple[int, int], float] = {}
        for group, name in enumerate(LEAVE):
            for sex in (0, 1):
                mine = [w for w in self.workers if age_group(w.age_weeks) == group and w.sex == sex]
                idle = sum(w.status == Status.INACTIVE for w in mine)
                rate = min(1.0, self.p[name] * (len(mine) - idle) / idle) if idle else 0.0
                self.enter_rate[group, sex] = rate
                self.active_share[group, sex] = (len(mine) - idle) / len(mine) if mine else 0.0
        self.licence_gain = [self._licence_gain(sex) for sex in (0, 1)]
        closing = {
            False: self.p["posts.destruction"],
            True: self.p["posts.destruction"]
            + self.p["external.vacancy_rate"] * self.p["external.fill_rate"],
        }
        self.creation: dict[bool, float] = {}
        for external, rate in closing.items():
            mine = [post.active for post in self.posts if post.firm.external == external]
            spare = mine.count(False)
            self.creation[external] = min(1.0, rate * mine.count(True) / spare) if spare else 0.0

    def separate(self) -> None:
        """Step 7: who leaves, which posts come and go, who enters; everyone a week older."""
        vacant = [post for post in self.posts if post.vacant and not post.opened_this_week]
        inactive = [post for post in self.posts if not post.active]
        before = {w.worker_id: w.status for w in self.workers}
        for worker in list(self.workers):
            worker.age_weeks += 1
            self._separate_one(worker)
        for post in vacant:
            if self._destroyed(post):
                post.active = False
        for post in inactive:
            u = self.draws.uniform(Purpose.POST_CREATED, self.week, post.post_id, 0)
            if u < self.creation[post.firm.external]:
                post.reopen()
        for worker in list(self.workers):
            if worker.age_weeks >= RETIREMENT:
                self._replace(worker)
            else:
                changed = worker.status != before[worker.worker_id]
                worker.spell_weeks = 0 if changed else worker.spell_weeks + 1

    def _u(self, purpose: Purpose, worker: Worker, alt: int = 0) -> float:
        return self.draws.uniform(purpose, self.week, worker.worker_id, alt)

    def _destroyed(self, post: Post) -> bool:
        u = self.draws.uniform(Purpose.POST_DESTROYED, self.week, post.post_id, 0)
        return u < self.p["posts.destruction"]

    def _licence_gain(self, sex: int) -> float:
        """Chance to get a licence at 25 that keeps the share of 25-54."""
        young = self.p["demography.entrant_licence"]
        adults = [w.licence for w in self.workers if age_group(w.age_weeks) == 1 and w.sex == sex]
        held = sum(adults) / len(adults) if adults else young
        return max(0.0, (held - young) / (1.0 - young))

    def _activity_rates(self, worker: Worker) -> tuple[float, float]:
        """Chances to leave and to enter activity this week."""
        group = age_group(worker.age_weeks)
        if worker.age_weeks not in (25 * 52, 55 * 52):
            return self.p[LEAVE[group]], self.enter_rate[group, worker.sex]
        old, new = self.active_share[group - 1, worker.sex], self.active_share[group, worker.sex]
        leave = (old - new) / old if new < old else 0.0
        return leave, (new - old) / (1.0 - old) if new > old else 0.0

    def _separate_one(self, worker: Worker) -> None:
        leave, enter = self._activity_rates(worker)
        if worker.age_weeks == 25 * 52 and not worker.licence:
            worker.licence = self._u(Purpose.ENTRANT, worker, 3) < self.licence_gain[worker.sex]
        if worker.age_weeks >= RETIREMENT:
            self._leave(worker, Status.INACTIVE)
        elif worker.status == Status.INACTIVE:
            if self._u(Purpose.ENTER_ACTIVITY, worker) < enter:
                worker.status = int(Status.UNEMPLOYED)
        elif self._u(Purpose.LEAVE_ACTIVITY, worker) < leave:
            self._leave(worker, Status.INACTIVE)
        elif worker.post is not None:
            post = worker.post
            if self._destroyed(post):
                worker.post, worker.status, worker.missed_recent = None, int(Status.UNEMPLOYED), 0
                post.holder, post.active = None, False
            elif not worker.hired_this_week and (
                self._contract_ends(worker, post) or self._dismissed(worker) or self._quits(worker)
            ):
                self._leave(worker, Status.UNEMPLOYED)

    def _contract_ends(self, worker: Worker, post: Post) -> bool:
        name = CONTRACT_END.get(Contract(post.contract))
        return name is not None and self._u(Purpose.CONTRACT_END, worker, post.post_id) < self.p[name]

    def _dismissed(self, worker: Worker) -> bool:
        at_risk = worker.missed_recent >= self.p["dismissal.quarter_shifts"]
        return at_risk and self._u(Purpose.DISMISSAL, worker) < self.p["dismissal.rate"]

    def _quits(self, worker: Worker) -> bool:
        strain = (fallback_eur(worker) - worker.utility_now) / self.p["quits.scale_eur"]
        hours = sum(t.out_min + t.back_min for t in worker.tours if t.offer is not None) / 60.0
        rate = self.p["quits.base"] * math.exp(min(3.0, max(-3.0, strain)))
        return self._u(Purpose.QUIT, worker) < rate + self.p["quits.extra_per_hour"] * hours

    def _leave(self, worker: Worker, status: Status) -> None:
        if worker.post is not None:
            worker.post.reopen()
            worker.post, worker.missed_recent = None, 0
        worker.status = int(status)

    def _replace(self, worker: Worker) -> None:
        """An entrant of 15 takes the place of who turns 65, in the same household."""
        new_id = worker.worker_id & ~COHORT | (self.week + 1 << 24 & COHORT)
        kept = {n: getattr(worker, n) for n in ("place", "commune", "bike", "quintile", "skill", "level")}
        sex = int(self.draws.uniform(Purpose.ENTRANT, self.week, new_id, 0) < 0.5)
        seeks = self.draws.uniform(Purpose.ENTRANT, self.week, new_id, 2) < self.active_share[0, sex]
        entrant = Worker(
            self, worker.household, worker_id=new_id, age_weeks=ENTRY,
            status=int(Status.UNEMPLOYED if seeks else Status.INACTIVE), sex=sex,
            licence=self.draws.uniform(Purpose.ENTRANT, self.week, new_id, 1)
            < self.p["demography.entrant_licence"],
            apprentice=False, spell_weeks=0,
            wage_ref_cents=round(self.p["demography.entrant_wage_eur"] * 100.0),
            **kept,
        )  # fmt: skip
        worker.household.members.remove(worker)
        worker.remove()
        self.workers = sorted(
            (*(w for w in self.workers if w is not worker), entrant), key=lambda w: w.worker_id
        )
