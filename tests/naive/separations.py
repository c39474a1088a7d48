"""Separations, posts that come and go, and demography: step 7 of the plain model.

Lives here: Separating, what docs/model.md section 7 says. Not here: the rest of the week (model).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from embauche.core.draws import Purpose
from embauche.population.levels import shares_at
from embauche.population.schemas import Contract, Status
from naive.agents import FirmAgent, Household, Post, Worker
from naive.draws import Draws
from naive.economy import Economy
from naive.search import fallback_eur

RETIREMENT, ENTRY = 3380, 780  # weeks: 65 and 15 years
COHORT = 0xFFF << 24  # the bits of an id that tell the cohort
BIRTHDAYS = (18, 20, 21, 22, 25)  # years at which levels are reached
AGE_EDGES = (1300, 2860)  # weeks: 25 and 55 years
LEAVE = ("demography.leave_young", "demography.leave_adult", "demography.leave_senior")


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
        economy: Economy
        ends: list[tuple[int, int, str]]

    def _close_stocks(self) -> None:
        """Rates of entering and leaving activity by year of age and sex that keep the start's profile."""
        self.leave_rate: dict[tuple[int, int], float] = {}
        self.enter_rate: dict[tuple[int, int], float] = {}
        self.first_share: dict[int, float] = {}
        for sex in (0, 1):
            mine = [w for w in self.workers if w.sex == sex and not self._outsider(w)]
            people = [[w for w in mine if w.age_weeks // 52 == year] for year in range(15, 65)]
            busy = [sum(w.status != Status.INACTIVE for w in year) for year in people]
            share = [self._share(people, busy, k) for k in range(50)]
            self.first_share[sex] = share[0]
            for k, year in enumerate(range(15, 65)):
                low, high = max(k - 1, 0), min(k + 1, 49)
                slope = (share[high] - share[low]) / (high - low) * self.p["demography.by_age"]
                base = self.p[LEAVE[age_group(year * 52)]]
                flow = base * share[k] + slope / 52.0
                enter = min(1.0, max(0.0, flow) / (1.0 - share[k])) if share[k] < 1.0 else 0.0
                more = max(0.0, -flow) / share[k] if share[k] > 0.0 else 0.0
                self.leave_rate[year, sex] = min(1.0, base + more)
                self.enter_rate[year, sex] = enter
        self.licence_gain = [self._licence_gain(sex) for sex in (0, 1)]

    def _share(self, people: list[list[Worker]], busy: list[int], k: int) -> float:
        """Active share at the k-th year of age: the years around it, and the group's for five persons."""
        group = [j for j in range(50) if age_group((15 + j) * 52) == age_group((15 + k) * 52)]
        of_group = sum(busy[j] for j in group) / max(1, sum(len(people[j]) for j in group))
        near = {j: 3 - abs(j - k) for j in range(max(k - 2, 0), min(k + 3, 50))}
        active = sum(weight * busy[j] for j, weight in near.items())
        return (active + 5 * of_group) / (sum(w * len(people[j]) for j, w in near.items()) + 5)

    def _outsider(self, worker: Worker) -> bool:
        return bool(self.territory.communes.external[self.territory.places.commune[worker.place]])

    def separate(self) -> None:
        """Step 7: who leaves, which posts come and go, who enters; everyone a week older."""
        vacant = [post for post in self.posts if post.vacant and not post.opened_this_week]
        idle = [post for post in self.posts if not post.active and not post.opened_this_week]
        chance = self.economy.openings(idle)
        before = {w.worker_id: w.status for w in self.workers}
        for worker in list(self.workers):
            worker.age_weeks += 1
            self._separate_one(worker)
        for post in vacant:
            if self._destroyed(post):
                post.active = False
        opened = [
            post
            for post in idle
            if self.draws.uniform(Purpose.POST_CREATED, self.week, post.post_id, 0) < chance[post.post_id]
        ]
        for post in opened:
            post.reopen()
        self.economy.close_week(opened)
        for worker in list(self.workers):
            if worker.age_weeks >= RETIREMENT:
                self._replace(worker)
            else:
                changed = worker.status != before[worker.worker_id]
                worker.spell_weeks = 0 if changed else worker.spell_weeks + 1
                self._study(worker)

    def _u(self, purpose: Purpose, worker: Worker, alt: int = 0) -> float:
        return self.draws.uniform(purpose, self.week, worker.worker_id, alt)

    def _destroyed(self, post: Post) -> bool:
        u = self.draws.uniform(Purpose.POST_DESTROYED, self.week, post.post_id, 0)
        return u < self.economy.destruction(post)

    def _licence_gain(self, sex: int) -> float:
        """Chance to get a licence at 25 that keeps the share of 25-54."""
        young = self.p["demography.entrant_licence"]
        adults = [w.licence for w in self.workers if age_group(w.age_weeks) == 1 and w.sex == sex]
        held = sum(adults) / len(adults) if adults else young
        return max(0.0, (held - young) / (1.0 - young))

    def _activity_rates(self, worker: Worker) -> tuple[float, float]:
        """Chances to leave and to enter activity this week."""
        if self._outsider(worker):
            return 0.0, 1.0
        key = min(worker.age_weeks // 52, 64), worker.sex
        return self.leave_rate[key], self.enter_rate[key]

    def _separate_one(self, worker: Worker) -> None:
        leave, enter = self._activity_rates(worker)
        if worker.age_weeks == 25 * 52 and not worker.licence:
            worker.licence = self._u(Purpose.ENTRANT, worker, 3) < self.licence_gain[worker.sex]
        if worker.age_weeks >= RETIREMENT:
            self._leave(worker, Status.INACTIVE, "retired")
        elif worker.status == Status.INACTIVE:
            if self._u(Purpose.ENTER_ACTIVITY, worker) < enter:
                worker.status = int(Status.UNEMPLOYED)
        elif self._u(Purpose.LEAVE_ACTIVITY, worker) < leave:
            self._leave(worker, Status.INACTIVE, "withdrew")
        elif worker.post is not None:
            post = worker.post
            if self._destroyed(post):
                worker.post, worker.status, worker.missed_recent = None, int(Status.UNEMPLOYED), 0
                post.holder, post.active = None, False
                self.ends.append((worker.worker_id, post.post_id, "destroyed"))
            elif not worker.hired_this_week and (cause := self._job_ends(worker, post)):
                self._leave(worker, Status.UNEMPLOYED, cause)

    def _study(self, worker: Worker) -> None:
        """Birthdays of the young bring them to the next level as often as the start's shares rise."""
        now, birthday = [1.0, 0.0, 0.0, 0.0], worker.age_weeks / 52
        if birthday not in BIRTHDAYS:
            return
        for years in BIRTHDAYS:
            wanted = shares_at(years)[worker.skill].tolist()
            lack = [sum(wanted[k + 1 :]) - sum(now[k + 1 :]) for k in range(4)]
            rise = [min(1.0, max(0.0, lack[k]) / now[k]) if now[k] > 0.0 else 0.0 for k in range(4)]
            if years == birthday:
                break
            up = [rise[k] * now[k] for k in range(4)]
            now = [now[k] - up[k] + (up[k - 1] if k else 0.0) for k in range(4)]
        if self._u(Purpose.ENTRANT, worker, 4) < rise[worker.level]:
            worker.level += 1

    def _job_ends(self, worker: Worker, post: Post) -> str:
        """The first of rules 4 to 7 that ends the job, or nothing."""
        if post.contract == Contract.APPRENTICESHIP:
            broken = (
                self._u(Purpose.CONTRACT_END, worker, post.post_id) < self.p["contracts.apprentice_break"]
            )
            return "apprentice_break" if broken else ""
        if post.contract != Contract.CDI and self._term_ends(worker, post):
            kind = "cdd" if post.contract == Contract.CDD else "agency"
            x = self._u(Purpose.CONTRACT_END, worker, post.post_id)
            if x < self.p[f"contracts.{kind}_end"]:
                return "contract_end"
            if x < self.p[f"contracts.{kind}_end"] + self.p[f"contracts.{kind}_to_cdi"]:
                post.contract = int(Contract.CDI)
                return self._dismissed_or_quits(worker, self._trial_of(worker, post, kind))
        return self._dismissed_or_quits(worker, self._trial_of(worker, post))

    def _term_ends(self, worker: Worker, post: Post) -> bool:
        """Whether one of the terms that follow each other since she came ends this week."""
        mean = self.p["contracts.cdd_weeks" if post.contract == Contract.CDD else "contracts.agency_weeks"]
        end, k = worker.since, 0
        while end < self.week:
            x = self.draws.uniform(Purpose.CONTRACT_TERM, k, worker.worker_id, post.post_id)
            end, k = end + 1 + math.floor(x * (2.0 * mean - 1.0) + 0.5), k + 1
        return end == self.week and k > 0

    def _trial_of(self, worker: Worker, post: Post, kind: str = "") -> tuple[Post, bool]:
        """The post and whether she is on trial in it, by the contract that it had when the week began."""
        by_level = ("employee", "technician", "technician", "manager")[post.level]
        kind = kind or {Contract.CDD: "cdd", Contract.AGENCY: "agency"}.get(Contract(post.contract), by_level)
        return post, self.week - worker.since < self.p[f"trial.weeks_{kind}"]

    def _dismissed_or_quits(self, worker: Worker, tried: tuple[Post, bool]) -> str:
        post, trial = tried
        if trial:
            rate = self.p["trial.failure"] * math.exp(self.p["trial.misfit"] * (1.0 - worker.true_fit))
            if self._u(Purpose.TRIAL, worker, post.post_id) < rate:
                return "trial_employer"
        at_risk = worker.missed_recent >= self.p["dismissal.quarter_shifts"]
        if at_risk and self._u(Purpose.DISMISSAL, worker) < self.p["dismissal.rate"]:
            return "missed_shifts"
        return self._quits(worker, post, trial)

    def _quits(self, worker: Worker, post: Post, trial: bool) -> str:
        p = self.p
        base = (
            p["quits.base"] * self.economy.turnover[post.firm.sector] * (p["trial.quits"] if trial else 1.0)
        )

        def hazard(utility: float) -> float:
            strain = (fallback_eur(worker) - utility) / p["quits.scale_eur"]
            return base * math.exp(min(3.0, max(-3.0, strain)))

        hours = sum(t.out_min + t.back_min for t in worker.tours if t.offer is not None) / 60.0
        x = self._u(Purpose.QUIT, worker)
        if x >= hazard(worker.utility_now) + p["quits.extra_per_hour"] * hours:
            return ""
        near = base if worker.logsum_now == -math.inf else hazard(worker.utility_now - worker.logsum_now)
        if x >= near:
            return "quit_transport"
        return "trial_worker" if trial else "quit"

    def _leave(self, worker: Worker, status: Status, cause: str) -> None:
        if worker.post is not None:
            self.ends.append((worker.worker_id, worker.post.post_id, cause))
            worker.post.leave()
            worker.post, worker.missed_recent = None, 0
        worker.status = int(status)

    def _replace(self, worker: Worker) -> None:
        """An entrant of 15 takes the place of who turns 65, in the same household."""
        new_id = worker.worker_id & ~COHORT | (self.week + 1 << 24 & COHORT)
        kept = {n: getattr(worker, n) for n in ("place", "commune", "bike", "quintile", "skill")}
        sex = int(self.draws.uniform(Purpose.ENTRANT, self.week, new_id, 0) < 0.5)
        first = 1.0 if self._outsider(worker) else self.first_share[sex]
        seeks = self.draws.uniform(Purpose.ENTRANT, self.week, new_id, 2) < first
        entrant = Worker(
            self, worker.household, worker_id=new_id, age_weeks=ENTRY,
            status=int(Status.UNEMPLOYED if seeks else Status.INACTIVE), sex=sex,
            licence=self.draws.uniform(Purpose.ENTRANT, self.week, new_id, 1)
            < self.p["demography.entrant_licence"],
            apprentice=False, spell_weeks=0, level=0,
            wage_ref_cents=round(self.p["demography.entrant_wage_eur"] * 100.0),
            **kept,
        )  # fmt: skip
        worker.household.members.remove(worker)
        worker.remove()
        self.by_first_id[self.by_first_id.index(worker)] = entrant
        self.workers = sorted(
            (*(w for w in self.workers if w is not worker), entrant), key=lambda w: w.worker_id
        )
