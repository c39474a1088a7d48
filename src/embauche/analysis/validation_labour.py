"""What the labour market of a model does week by week, measured as published figures are.

Lives here: Watch and its figures. Not here: trips (validation_trips), matching (validation_matching).
Everything is of residents, and of posts inside; apprentices and their posts are counted apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.causes import Cause
from embauche.population.schemas import Contract, SizeClass, Status

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]
ENTRY_WEEKS, COHORT_WEEKS = 4, 78  # 18 months
STOCK_EVERY = 6  # weeks from one count of the stock to the next
YEAR = 52
MONTH_WEEKS = YEAR / 12
BETHUNE = "622"  # arrondissement
YOUNG, ADULT = 25 * 52, 55 * 52


class Watch:
    """Follows a model: call `week()` after each step.

    Attributes:
        unemployed, vacant, found: int by week: residents without work, posts open at the week's end (those
            of apprentices left out), people without work who were hired.
    """

    def __init__(self, model: Bassin) -> None:
        persons, posts, firms = model.population.persons, model.population.posts, model.population.firms
        communes = model.territory.communes
        self.model = model
        self.resident = ~communes.external[persons.commune]
        inside = ~firms.external[posts.firm]
        self.apprenticeship = inside & (posts.contract == Contract.APPRENTICESHIP)
        self.inside = inside & ~self.apprenticeship
        self.small = self.inside & (firms.size_class[posts.firm] == SizeClass.TPE)
        self.bethune = self.resident & (communes.arrondissement[persons.commune].astype(str) == BETHUNE)
        if not self.bethune.any():
            self.bethune = self.resident  # another territory: all of it
        self.unemployed: list[int] = []
        self.vacant: list[int] = []
        self.found: list[int] = []
        self.rates: list[list[float]] = []
        self.hires: list[list[int]] = []
        self.hazards: list[list[int]] = []
        self.stocks: list[tuple[int, Array]] = []
        self.left: list[float] = []
        self.entered = np.full(len(persons), -1, np.int32)
        self.got = np.full(len(persons), -1, np.int32)
        self.contracts: list[list[int]] = []
        self.weeks = 0
        self.remember()

    def remember(self) -> None:
        """Take the people as they are now for those of the week's start."""
        s = self.model.state
        self.status, self.spell, self.ids = s.status.copy(), s.spell.copy(), s.worker_id.copy()

    def week(self) -> None:
        """Count the week just done."""
        s, hires = self.model.state, self.model.week_hires
        same = s.worker_id == self.ids
        looking = same & self.resident & (self.status == Status.UNEMPLOYED)
        hired = np.zeros(len(s.status), bool) if hires is None else hires.hired
        found = looking & (hired | (s.status == Status.EMPLOYED))
        self.entered[~same], self.got[~same] = -1, -1
        if self.weeks < ENTRY_WEEKS:
            came = self.resident & (s.status == Status.UNEMPLOYED) & ((self.status != s.status) | ~same)
            self.entered[came & (self.entered < 0)] = self.weeks
        now = found & (self.entered >= 0) & (self.got < 0)
        self.got[now] = self.weeks
        self._month(looking, found)
        active = s.active & self.inside
        vacant = active & (s.holder < 0)
        self.unemployed.append(int((self.resident & (s.status == Status.UNEMPLOYED)).sum()))
        self.vacant.append(int(vacant.sum()))
        self.found.append(int(found.sum()))
        self.rates.append(
            [
                vacant.sum() / max(active.sum(), 1),
                (vacant & self.small).sum() / max((active & self.small).sum(), 1),
                self._apprentices(),
            ]
        )
        self.hazards.append(
            [int((x & m).sum()) for m in (self.spell < 13, self.spell >= 52) for x in (found, looking)]
        )
        cause = self.model.ends.columns()[2]
        self.contracts.append(
            [int((cause == c).sum()) for c in (Cause.APPRENTICE_BREAK, Cause.APPRENTICE_END)]
        )
        if hires is not None:
            kept = (hires.person >= 0) & self.inside[hires.post]
            self.hires.append([int((hires.from_post[kept] >= 0).sum()), int(kept.sum())])
        self.weeks += 1
        self.remember()

    def _apprentices(self) -> float:
        held = self.model.state.holder >= 0
        held_in = (held & self.apprenticeship).sum()
        return float(held_in / max(held_in + (held & self.inside).sum(), 1))

    def _month(self, looking: Array, found: Array) -> None:
        """Who of a week's stock has been hired within a month: four weeks and a third of the fifth."""
        if self.weeks % STOCK_EVERY == 0:
            self.stocks.append((self.weeks, looking.copy()))
            self.left.append(0.0)
        began, stock = self.stocks[-1]
        k = self.weeks - began
        weight = min(max(MONTH_WEEKS - k, 0.0), 1.0)
        self.left[-1] += weight * float((stock & found).sum())
        stock &= ~found

    def figures(self) -> dict[str, float]:
        """Measures by name (analysis.validation_targets); NaN where the weeks do not suffice."""
        rates = np.array(self.rates).mean(axis=0)
        hazards, hires = np.array(self.hazards).sum(axis=0), np.array(self.hires).sum(axis=0)
        whole = [k for k, (w, _) in enumerate(self.stocks) if w + 5 <= self.weeks]
        stock = [int(self.unemployed[max(self.stocks[k][0] - 1, 0)]) for k in whole]
        cohort = self.entered >= 0
        in_time = cohort & (self.got >= 0) & (self.got - self.entered <= COHORT_WEEKS)
        broken, completed = np.array(self.contracts[-YEAR:]).sum(axis=0)
        done = self.weeks >= COHORT_WEEKS + ENTRY_WEEKS
        return {
            "vacancy_rate": float(rates[0]),
            "vacancy_rate_1_9": float(rates[1]),
            "apprentices_share": float(rates[2]),
            "apprentices_broken": float(broken / (broken + completed)) if completed else float("nan"),
            "left_month": float(np.sum([self.left[k] for k in whole]) / max(sum(stock), 1)),
            "left_18_months": float(in_time.sum() / max(cohort.sum(), 1)) if done else float("nan"),
            "duration_dependence": float((hazards[2] / hazards[3]) / (hazards[0] / hazards[1])),
            "job_to_job": float(hires[0] / max(hires[1], 1)),
            **self.people(),
        }

    def people(self) -> dict[str, float]:
        """Unemployment and employment of those of Béthune's arrondissement, by sex and age, now."""
        s = self.model.state
        age, here = s.age_weeks, self.bethune
        groups = {
            "": here,
            "_men": here & (s.sex == 0),
            "_women": here & (s.sex == 1),
            "_15_24": here & (age < YOUNG),
            "_25_54": here & (age >= YOUNG) & (age < ADULT),
            "_55_64": here & (age >= ADULT),
        }
        out = {
            f"unemployment{name}": float(
                (s.status[m] == Status.UNEMPLOYED).sum() / max((s.status[m] != Status.INACTIVE).sum(), 1)
            )
            for name, m in groups.items()
        }
        return out | {"employment_15_64": float((s.status[here] == Status.EMPLOYED).mean())}
