"""Separations and demography: whose job ends after a week of work, and why; which posts open again.

Lives here: the week's separations over columns. Not here: ends at other moments (ends), kernels, rates of
posts (economy).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.causes import Cause
from embauche.core.draws import Purpose
from embauche.core.parallel import run_blocks
from embauche.core.table import Table
from embauche.kernels.openings import posts_week
from embauche.kernels.separations import people_week
from embauche.labour import apprentices
from embauche.labour.economy import count_posts, has_centres, week_rates
from embauche.labour.hiring import FIT, Hires
from embauche.labour.state import State
from embauche.labour.world import World
from embauche.population.schemas import Contract, Status

Array = np.ndarray[Any, Any]
OF_PEOPLE = (
    Purpose.LEAVE_ACTIVITY,
    Purpose.ENTER_ACTIVITY,
    Purpose.POST_DESTROYED,
    Purpose.CONTRACT_END,
    Purpose.DISMISSAL,
    Purpose.QUIT,
    Purpose.ENTRANT,
    Purpose.CONTRACT_TERM,
    Purpose.TRIAL,
)
OF_POSTS = (Purpose.POST_DESTROYED, Purpose.REPLACED, Purpose.OFFERED_AS)


def trial_rates(model: World) -> Array:
    """Chance that each person's trial period fails this week, 0 where she is in none. float64 [person]."""
    s, p, posts = model.state, model.parameters, model.population.posts
    out = np.zeros(len(s.worker_id))
    by_level = [p[f"trial.weeks_{x}"] for x in ("employee", "technician", "technician", "manager")]
    of_cdd, of_agency = p["trial.weeks_cdd"], p["trial.weeks_agency"]
    tenure = int(s.week[0]) - s.since
    people = np.flatnonzero((s.status == Status.EMPLOYED) & (tenure < max(*by_level, of_cdd, of_agency)))
    post = s.post[people]
    contract, asked = model.post_contract[post], posts.level[post]
    weeks = np.where(contract == Contract.CDD, of_cdd, np.asarray(by_level)[asked])
    weeks = np.where(contract == Contract.AGENCY, of_agency, weeks)
    tried = (tenure[people] < weeks) & (contract != Contract.APPRENTICESHIP)
    people = people[tried]
    fit = s.kept[FIT][people] if FIT in s.kept else np.ones(len(people))
    out[people] = p["trial.failure"] * np.exp(p["trial.misfit"] * (1.0 - fit))
    return out


def separate(model: World, utility: Array, hires: Hires, missed: Array, commute_min: Array) -> None:
    """One week's separations; changes the state and records the ends.

    Args:
        model: the model.
        utility: float64 [person] utility of the post held at the start of the week.
        hires: this week's hires.
        missed: int32 [person] missed shifts.
        commute_min: float64 [person] minutes travelled this week.
    """
    apprentices.breaks(model, utility, hires)
    s, posts, p, t = model.state, model.population.posts, model.parameters, model.traits
    fate, sector = hires.post_fate, model.population.firms.sector[posts.firm]
    filled = (s.holder >= 0) | (fate != 0)
    week, rates = int(s.week[0]), week_rates(model)
    cause = np.zeros(len(s.worker_id), np.int8)
    was, post, since = s.worker_id.copy(), s.post.copy(), s.since.copy()
    term_end = t.term_end.copy()
    if has_centres(model):
        term_end[Contract.APPRENTICESHIP] = 0.0
    run_blocks(
        people_week, len(s.worker_id), model.seed, week, np.array([int(x) for x in OF_PEOPLE], np.int64),
        s.worker_id, s.status, s.post, s.spell, s.age_weeks, s.sex, missed, s.missed_quarters, s.since,
        hires.hired, trial_rates(model), utility, model.present_logsum, s.wage_ref_cents, commute_min,
        s.licence, s.apprentice, posts.post_id, model.post_contract, t.quit_rate[sector], rates.destruction,
        fate, cause, t.outsider, t.activity.leave.ravel(), t.activity.enter.ravel(),
        t.activity.entrants.ravel(), t.licence_gain, t.term_weeks, term_end, t.term_cdi,
        p["search.reservation_floor"], p["dismissal.quarter_shifts"], p["dismissal.rate"], p["trial.quits"],
        p["quits.scale_eur"], p["quits.extra_per_hour"], round(p["demography.entrant_wage_eur"] * 100),
        p["demography.entrant_licence"],
    )  # fmt: skip
    left = np.flatnonzero(cause)
    model.ends.add(was[left], post[left], cause[left], week - since[left])
    s.holder[post[left]] = -1
    run_blocks(
        posts_week, len(posts), model.seed, week, np.array([int(x) for x in OF_POSTS], np.int64),
        posts.post_id, fate, filled, rates.opens, s.active, s.opening, s.weeks_open, s.wage_cents,
        model.post_contract, model.grid_cents, posts.contract, rates.destruction, rates.not_replaced,
        t.offered_cdd[sector], t.offered_agency[sector],
    )  # fmt: skip
    count_posts(model, rates.opens)
    changed = model.post_contract != posts.contract
    s.kept["economy.contract@post"] = np.where(changed, 1 + model.post_contract, 0).astype(np.int8)


def record_moves(model: World, hires: Hires, since: Array) -> None:
    """Write down who left a post for another one.

    Args:
        model: the model.
        hires: this week's.
        since: int32 [person] state.since before them.
    """
    moved = np.flatnonzero(hires.from_post >= 0)
    cause = np.full(len(moved), int(Cause.BETTER_OFFER))
    people = hires.person[moved]
    held = int(model.state.week[0]) - since[people]
    model.ends.add(model.state.worker_id[people], hires.from_post[moved], cause, held)


def contracts_now(state: State, posts: Table) -> Array:
    """Contract of each post as it is now, int8 [post]: the population's unless the state says otherwise."""
    grid = posts.contract
    kept = state.kept.setdefault("economy.contract@post", np.zeros(len(grid), np.int8))
    return np.where(kept > 0, kept - 1, grid).astype(np.int8)
