"""Hiring of the twin: outsiders, screening, rounds of offers, one plain list after the other.

Lives here: docs/model.md section 4 from a firm's side. Not here: search (agents), separations (model).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from embauche.core.draws import Purpose
from embauche.population.schemas import Status
from naive.agents import Application, FirmAgent, Post

if TYPE_CHECKING:
    from naive.model import NaiveBassin


@dataclass(frozen=True)
class Hire:
    """Who took which opening this week; worker -1 is someone from outside the model."""

    worker_id: int
    post_id: int
    opening: int
    from_post_id: int
    weeks_open: int
    wage_cents: int


def hire(model: NaiveBassin) -> None:
    """Outsiders, screening, rounds of offers, hires, older vacancies."""
    model.hires = []
    for post in model.vacancies:
        if post.firm.external and (
            model.draws.uniform(Purpose.OUTSIDER, model.week, post.post_id, post.opening)
            < model.p["external.fill_rate"]
        ):
            _record(model, -1, post, None)
            post.active, post.weeks_open = False, 0
            post.firm.inbox = [a for a in post.firm.inbox if a.post is not post]
    shortlist: dict[int, list[Application]] = {}
    for firm in model.firms:
        shortlist |= screen(model, firm)
    for application in _rounds(model, shortlist):
        worker, post = application.worker, application.post
        _record(model, worker.worker_id, post, worker.post)
        worker.take(post)
    for post in model.vacancies:
        if post.vacant and not post.opened_this_week:
            post.weeks_open += 1
            raises = post.weeks_open // int(model.p["hire.raise_every_weeks"])
            rise = min(model.p["hire.raise_max"], model.p["hire.raise_share"] * raises)
            post.wage_cents = int(post.grid_cents * (1.0 + rise) + 0.5)


def _record(model: NaiveBassin, worker_id: int, post: Post, old: Post | None) -> None:
    from_post = old.post_id if old is not None else -1
    model.hires.append(
        Hire(worker_id, post.post_id, post.opening, from_post, post.weeks_open, post.wage_cents)
    )


def screen(model: NaiveBassin, firm: FirmAgent) -> dict[int, list[Application]]:
    """The first applications that a firm's HR can read, judged; fit ones by post, fittest first."""
    p, week = model.p, model.week

    def arrival(a: Application) -> tuple[int, int, int]:
        bits = model.draws.bits(Purpose.ARRIVAL, week, a.worker.worker_id, a.post.post_id)
        return bits, a.worker.worker_id, a.post.post_id

    shortlist: dict[int, list[Application]] = {}
    for a in sorted(firm.inbox, key=arrival)[: firm.screening]:
        spell = min(a.worker.spell_weeks, 104) if a.worker.status == Status.UNEMPLOYED else 0
        a.fit = (
            1.0
            - p["hire.skill_gap"] * (a.worker.skill != a.post.skill)
            - p["hire.spell_penalty"] * spell / 104.0
            + p["hire.noise"] * model.draws.normal(Purpose.FIT, 0, a.worker.worker_id, a.post.post_id)
        )
        if a.fit >= p["hire.threshold"] - p["hire.threshold_fall_per_week"] * a.post.weeks_open:
            shortlist.setdefault(a.post.post_id, []).append(a)
    for candidates in shortlist.values():
        candidates.sort(key=lambda a: (-a.fit, a.worker.worker_id))
    return shortlist


def _rounds(model: NaiveBassin, shortlist: dict[int, list[Application]]) -> list[Application]:
    """Offers and answers; returns the applications that end in a hire, by person."""
    hired: dict[int, Application] = {}
    filled: set[int] = set()
    for _ in range(int(model.p["hire.rounds"])):
        offers: dict[int, list[Application]] = {}
        for post_id in sorted(shortlist):
            left = [a for a in shortlist[post_id] if a.worker.worker_id not in hired]
            shortlist[post_id] = left
            if left and post_id not in filled:
                offers.setdefault(left[0].worker.worker_id, []).append(left[0])
        for worker_id, offered in offers.items():
            best = min(offered, key=lambda a: (-a.utility, a.post.post_id))
            hired[worker_id] = best
            filled.add(best.post.post_id)
    return [hired[worker_id] for worker_id in sorted(hired)]
