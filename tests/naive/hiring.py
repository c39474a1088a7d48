"""Hiring of the twin: what firms change, the pool, screening, rounds of offers, one list after the other.

Lives here: docs/model.md section 4 from a firm's side. Not here: search (agents), separations (model).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from embauche.core.draws import Purpose
from embauche.population.schemas import Contract, SizeClass, Status
from naive.agents import Application, FirmAgent, Post, Worker
from naive.search import distance, shift_cost

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


def advertise(model: NaiveBassin) -> None:
    """Before the search: the oldest vacancies, as many as HR handles, and all of agencies."""
    model.advertised = []
    for firm in model.firms:
        open_ = [x for x in firm.posts if x.vacant]
        model.advertised += [x for x in open_ if x.contract == Contract.AGENCY]
        mine = [x for x in open_ if x.contract != Contract.AGENCY]
        mine.sort(key=lambda x: (-x.weeks_open, x.post_id))
        most = len(mine) if firm.external else max(1, int(firm.screening * model.p["hire.handled_share"]))
        model.advertised += mine[:most]


def retry(model: NaiveBassin, post: Post) -> None:
    """One vacant post: nothing is left of earlier openings; every few weeks something changes."""
    p, draws = model.p, model.draws
    if post.retried != post.opening:
        post.retried, post.raises, post.eased, post.trains = post.opening, 0, 0, False
        post.shift = post.own_shift
    every = int(p["retry.every_weeks"])
    if post.firm.external or post.weeks_open == 0 or post.weeks_open % every:
        return
    if draws.uniform(Purpose.WITHDRAW, model.week, post.post_id, post.opening) < p["retry.withdraw"]:
        post.active, post.weeks_open = False, 0
        return
    measures = ("wage", "requirement", "shift", "train")
    luck = draws.uniform(Purpose.RETRY, 0, post.firm.firm_id, 0)
    shares = [p[f"retry.first_{name}"] for name in measures]
    first = next(k for k in range(4) if k == 3 or luck * sum(shares) < sum(shares[: k + 1]))
    measure = measures[(first + post.weeks_open // every - 1) % 4]
    if measure == "wage":
        post.raises += 1
    elif measure == "shift" and (calm := _calmer(model, post)) is not None:
        post.shift = calm
    elif measure == "train" and not post.trains:
        post.trains = True
    else:
        post.eased += 1
    rise = min(p["retry.raise_max"], p["retry.raise_share"] * post.raises)
    post.wage_cents = int(post.grid_cents * (1.0 + rise) + 0.5)


def _calmer(model: NaiveBassin, post: Post) -> int | None:
    """The firm's shift of least cost, where it costs less than the post's."""
    known = [x.own_shift for x in post.firm.posts if x.contract != Contract.APPRENTICESHIP]
    if post.contract == Contract.APPRENTICESHIP or not known:
        return None
    calm = min(known, key=lambda shift: (shift_cost(model, shift, child=False), shift))
    own = shift_cost(model, post.shift, child=False)
    return calm if shift_cost(model, calm, child=False) < own else None


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
    _receive(model)
    for firm in model.firms:
        screen(model, firm)
    for application in _rounds(model, shortlists(model)):
        worker, post = application.worker, application.post
        _record(model, worker.worker_id, post, worker.post)
        worker.true_fit = true_fit(model, worker, post)
        worker.take(post)
    for post in model.vacancies:
        if post.vacant and not post.opened_this_week:
            post.weeks_open += 1


def _receive(model: NaiveBassin) -> None:
    """Applications that wait still, and behind them this week's in random order."""

    def alive(a: Application) -> bool:
        w = a.worker
        looks = w.status == Status.UNEMPLOYED or (w.status == Status.EMPLOYED and w.post is a.left)
        fresh = a.came > model.week - int(model.p["hire.keep_weeks"]) - wait(model, a.post)
        return fresh and looks and a.post.vacant and a.post.opening == a.opening

    def arrival(a: Application) -> tuple[int, int, int]:
        bits = model.draws.bits(Purpose.ARRIVAL, model.week, a.worker.worker_id, a.post.post_id)
        return bits, a.worker.worker_id, a.post.post_id

    model.pool = [a for a in model.pool if alive(a)]
    known = {(a.worker.worker_id, a.post.post_id) for a in model.pool}
    new = [
        a
        for worker in model.workers
        for a in worker.applications
        if a.post.vacant and (a.worker.worker_id, a.post.post_id) not in known
    ]
    for a in sorted(new, key=arrival):
        a.came, a.opening, a.left = model.week, a.post.opening, a.worker.post
        model.pool.append(a)


def _record(model: NaiveBassin, worker_id: int, post: Post, old: Post | None) -> None:
    from_post = old.post_id if old is not None else -1
    model.hires.append(
        Hire(worker_id, post.post_id, post.opening, from_post, post.weeks_open, post.wage_cents)
    )


def screen(model: NaiveBassin, firm: FirmAgent) -> None:
    """The first applications not read yet that a firm's HR can read, judged; agencies read all of theirs."""
    p = model.p
    mine = [a for a in model.pool if a.post.firm is firm and a.screened < 0]
    by_agency = [a for a in mine if a.post.contract == Contract.AGENCY]
    by_firm = [a for a in mine if a.post.contract != Contract.AGENCY]
    for a in by_agency + (by_firm if firm.external else by_firm[: firm.screening]):
        a.screened = model.week
        noise = model.draws.normal(Purpose.FIT, 0, a.worker.worker_id, a.post.post_id)
        a.fit = true_fit(model, a.worker, a.post) + p["hire.noise"] * noise


def true_fit(model: NaiveBassin, worker: Worker, post: Post) -> float:
    """How well she fits the post now, 1 as asked."""
    p = model.p
    spell = min(worker.spell_weeks, 104) if worker.status == Status.UNEMPLOYED else 0
    return (
        1.0
        - p["hire.skill_gap"] * distance(worker.skill, post.skill)
        - p["hire.level_gap"] * max(0, post.level - worker.level)
        - p["hire.spell_penalty"] * spell / 104.0
    )


def wait(model: NaiveBassin, post: Post) -> int:
    """Weeks from screening to decision for the post's present opening."""
    weeks = model.p[f"hire.decide_weeks_{SizeClass(post.firm.size_class).name.lower()}"]
    if post.contract == Contract.AGENCY:
        weeks = min(weeks, model.p["hire.decide_weeks_agency"])
    luck = model.draws.uniform(Purpose.DECISION, 0, post.post_id, post.opening)
    return int(luck * (weeks + 1.0) if post.opening == 0 else weeks + luck)


def shortlists(model: NaiveBassin) -> dict[int, list[Application]]:
    """Candidates on whom firms decide by now and who are fit enough; by post, fittest first."""
    p, out = model.p, dict[int, list[Application]]()
    for a in model.pool:
        post = a.post
        if a.screened < 0 or model.week - a.screened < wait(model, post):
            continue
        asked = p["hire.threshold"] - p["hire.threshold_fall_per_week"] * post.weeks_open
        asked -= p["retry.requirement_step"] * post.eased
        if a.fit >= asked - (p["retry.train_fit"] if post.trains else 0.0):
            out.setdefault(post.post_id, []).append(a)
    for candidates in out.values():
        candidates.sort(key=lambda a: (-a.fit, a.worker.worker_id))
    return out


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


def deferred_acceptance(wishes: dict[int, list[int]], ranks: dict[tuple[int, int], int]) -> dict[int, int]:
    """Gale and Shapley 1962, persons proposing, all who are free at once; vacancy -> person.

    Args:
        wishes: person -> vacancies, dearest first.
        ranks: (vacancy, person) -> place on the vacancy's list, the lower the better.
    """
    left = {w: list(posts) for w, posts in wishes.items()}
    held: dict[int, int] = {}
    while True:
        free = [w for w, posts in left.items() if posts and w not in held.values()]
        if not free:
            return held
        for w in free:
            v = left[w].pop(0)
            if v not in held or ranks[v, w] < ranks[v, held[v]]:
                held[v] = w
