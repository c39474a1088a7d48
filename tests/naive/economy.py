"""Firms of the twin: demand, closures, and the rates at which posts come and go.

Lives here: docs/model.md section 7 from a firm's side. Not here: who leaves a job (separations).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from embauche.core.draws import Purpose, stable_id
from embauche.population.margins import CONTRACT_WEIGHT
from embauche.population.schemas import SECTORS, Contract, SizeClass, Status

if TYPE_CHECKING:
    from naive.agents import FirmAgent, Post
    from naive.model import NaiveBassin

# Quits of a sector against the mean (docs/model.md section 7).
TURNOVER = (1.2, 0.6, 0.9, 1.0, 0.9, 2.0, 1.3, 0.4, 0.9, 1.3)
INSIDE = range(len(SECTORS))


class Economy:
    """Demand by sector, posts that each sector has in the mean, had a week ago, and loses."""

    def __init__(self, model: NaiveBassin) -> None:
        self.model, self.p = model, model.p
        self.sector = [self._normal(Purpose.SECTOR_DEMAND, -1, stable_id(name)) for name in SECTORS]
        for firm in model.firms:
            firm.demand = self._normal(Purpose.FIRM_DEMAND, -1, firm.firm_id)
        self.wanted = self.count(model.posts)
        self.before = list(self.wanted)
        self.loss = [n * self.p["posts.destruction"] for n in self.wanted]
        self.turnover = self._factor(
            TURNOVER, [x for x in model.posts if x.active], self.p["quits.by_sector"]
        )
        permanent = [x for x in model.posts if x.active and x.contract == Contract.CDI]
        self.as_cdd, self.as_agency = (
            self._factor([CONTRACT_WEIGHT[name][k] for name in SECTORS], permanent, 1.0) for k in (0, 1)
        )
        outside = [x.active for x in model.posts if x.firm.external]
        spare = outside.count(False)
        closing = self.p["posts.destruction"] + self.p["external.vacancy_rate"] * self.p["external.fill_rate"]
        self.external_opening = min(1.0, closing * outside.count(True) / spare) if spare else 0.0

    def _normal(self, purpose: Purpose, week: int, agent: int) -> float:
        return NormalDist().inv_cdf(self.model.draws.uniform(purpose, week + 1, agent, 0))

    def _factor(self, weights: object, posts: list[Post], power: float) -> list[float]:
        values = [float(w) ** power for w in weights]  # type: ignore[attr-defined]
        mean = sum(values[x.firm.sector] for x in posts) / max(len(posts), 1)
        return [v / mean if mean > 0 else 0.0 for v in values]

    def count(self, posts: list[Post]) -> list[float]:
        """Active posts inside by sector; one left for another post counts until the week is over."""
        return [
            float(
                sum(
                    not x.firm.external and x.firm.sector == s and (x.active or x.opened_this_week)
                    for x in posts
                )
            )
            for s in INSIDE
        ]

    def step(self) -> None:
        """The week begins: demand moves, firms close, others take the place of those that did."""
        p, week, draws = self.p, self.model.week, self.model.draws
        keep = p["economy.sector_memory"]
        for s, name in enumerate(SECTORS):
            shock = self._normal(Purpose.SECTOR_DEMAND, week, stable_id(name))
            self.sector[s] = keep * self.sector[s] + (1.0 - keep * keep) ** 0.5 * shock
        keep = p["economy.firm_memory"]
        for firm in self.model.firms:
            shock = self._normal(Purpose.FIRM_DEMAND, week, firm.firm_id)
            firm.demand = keep * firm.demand + (1.0 - keep * keep) ** 0.5 * shock
            rate = p[f"firms.close_{SizeClass(firm.size_class).name.lower()}"]
            if firm.closed:
                if draws.uniform(Purpose.FIRM_OPENED, week, firm.firm_id, 0) < p["firms.take_over"]:
                    firm.closed, firm.demand = False, p["firms.new_demand"]
            elif not firm.external and draws.uniform(Purpose.FIRM_CLOSED, week, firm.firm_id, 0) < rate:
                self._close(firm)

    def _close(self, firm: FirmAgent) -> None:
        firm.closed = True
        for post in firm.posts:
            if post.holder is not None:
                worker = post.holder
                worker.post, worker.status = None, int(Status.UNEMPLOYED)
                worker.spell_weeks, worker.missed_recent = 0, 0
                self.model.ends.append((worker.worker_id, post.post_id, "closed"))
            post.holder, post.active, post.weeks_open = None, False, 0

    def spread(self, firm: FirmAgent) -> float:
        """Spread of a firm's demand in log points."""
        return self.p[f"economy.firm_sd_{SizeClass(firm.size_class).name.lower()}"]

    def down(self, firm: FirmAgent) -> float:
        """How much more than in the mean a firm lets posts go."""
        sd, of_sector = self.spread(firm), self.p["economy.sector_sd"]
        demand = sd * firm.demand + of_sector * self.sector[firm.sector]
        return math.exp(-(demand + (sd * sd + of_sector * of_sector) / 2.0))

    def destruction(self, post: Post) -> float:
        """Chance that a post disappears this week."""
        return self.p["posts.destruction"] * (1.0 if post.firm.external else self.down(post.firm))

    def replaced(self, post: Post) -> bool:
        """Whether a post that is left is filled again."""
        if post.firm.external:
            return True
        u = self.model.draws.uniform(Purpose.REPLACED, self.model.week, post.post_id, post.opening)
        return u >= min(1.0, self.p["firms.not_replaced"] * self.down(post.firm))

    def openings(self, idle: list[Post]) -> dict[int, float]:
        """Chance that each of these inactive slots opens this week, by post_id."""
        found: dict[int, float] = {}
        now = self.count(self.model.posts)
        weight = {
            f.firm_id: 0 if f.closed else math.floor(math.exp(self.spread(f) * f.demand) * (1 << 20))
            for f in self.model.firms
        }
        for s in INSIDE:
            slots = [x for x in idle if not x.firm.external and x.firm.sector == s]
            total = sum(weight[x.firm.firm_id] for x in slots)
            wanted = self.wanted[s] * (1.0 + self.p["economy.sector_swing"] * self.sector[s])
            flow = max(0.0, self.loss[s] + self.p["economy.catch_up"] * (wanted - now[s]))
            for x in slots:
                found[x.post_id] = weight[x.firm.firm_id] * (flow / total) if total else 0.0
        return found | {x.post_id: self.external_opening for x in idle if x.firm.external}

    def close_week(self, opened: list[Post]) -> None:
        """How many posts each sector has now, and has lost."""
        now = [
            float(sum(not x.firm.external and x.firm.sector == s and x.active for x in self.model.posts))
            for s in INSIDE
        ]
        for s in INSIDE:
            gained = sum(not x.firm.external and x.firm.sector == s for x in opened)
            loss = max(0.0, self.before[s] - now[s] + gained)
            self.loss[s] += self.p["economy.smoothing"] * (loss - self.loss[s])
        self.before = now

    def offered_as(self, post: Post) -> int:
        """Contract under which a vacancy's present opening is offered."""
        if post.grid_contract != Contract.CDI:
            return post.grid_contract
        x = self.model.draws.uniform(Purpose.OFFERED_AS, 0, post.post_id, post.opening)
        cdd = min(1.0, self.p["contracts.cdi_as_cdd"] * self.as_cdd[post.firm.sector])
        agency = min(1.0, self.p["contracts.cdi_as_agency"] * self.as_agency[post.firm.sector])
        return int(Contract.CDD if x < cdd else Contract.AGENCY if x < cdd + agency else Contract.CDI)
