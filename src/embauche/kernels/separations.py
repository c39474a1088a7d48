"""Ends of jobs, entries and exits, creation and destruction of posts, one pass over rows.

Lives here: the hazards of one week. Not here: hiring, the names of the rates (labour).
"""

from __future__ import annotations

import math

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.random import prefix, uniform

INACTIVE, UNEMPLOYED, EMPLOYED = 0, 1, 2
KEEP, VACATE, DESTROY = 0, 1, 2
RETIRE_WEEKS = 65 * 52
ENTRY_WEEKS = 15 * 52
ADULT_GROUP, SENIOR_GROUP = 25 * 52, 55 * 52
CDD, AGENCY, APPRENTICESHIP = 1, 2, 3


@inline
def age_group(age_weeks: int) -> int:
    """0 for 15-24, 1 for 25-54, 2 for 55 and over."""
    if age_weeks < ADULT_GROUP:
        return 0
    return 1 if age_weeks < SENIOR_GROUP else 2


@inline
def job_ends(
    head_contract: np.uint64,
    head_dismissal: np.uint64,
    head_quit: np.uint64,
    worker_id: int,
    post_id: int,
    contract: int,
    rate: np.ndarray,
    missed_quarters: int,
    gap_eur: float,
    commute_h: float,
    quarter_shifts: float,
    dismissal: float,
    quits: float,
    quits_scale: float,
    quits_per_hour: float,
) -> bool:
    """Whether one of rules 4 to 6 ends the job this week."""
    if rate[contract] > 0.0 and uniform(head_contract, worker_id, post_id) < rate[contract]:
        return True
    if missed_quarters >= quarter_shifts and uniform(head_dismissal, worker_id, 0) < dismissal:
        return True
    hazard = quits * math.exp(min(3.0, max(-3.0, gap_eur / quits_scale))) + quits_per_hour * commute_h
    return bool(uniform(head_quit, worker_id, 0) < hazard)


@kernel
def people_week(
    lo: int,
    hi: int,
    seed: int,
    week: int,
    purposes: np.ndarray,
    worker_id: np.ndarray,
    status: np.ndarray,
    post: np.ndarray,
    spell: np.ndarray,
    age_weeks: np.ndarray,
    sex: np.ndarray,
    missed: np.ndarray,
    missed_quarters: np.ndarray,
    hired: np.ndarray,
    utility: np.ndarray,
    wage_ref_cents: np.ndarray,
    commute_min: np.ndarray,
    licence: np.ndarray,
    apprentice: np.ndarray,
    post_id: np.ndarray,
    contract: np.ndarray,
    post_fate: np.ndarray,
    leave_rate: np.ndarray,
    enter_rate: np.ndarray,
    cross_leave: np.ndarray,
    cross_enter: np.ndarray,
    entrant_active: np.ndarray,
    licence_gain: np.ndarray,
    contract_rate: np.ndarray,
    destruction: float,
    reservation_floor: float,
    quarter_shifts: float,
    dismissal: float,
    quits: float,
    quits_scale: float,
    quits_per_hour: float,
    entrant_wage_cents: int,
    entrant_licence: float,
) -> None:
    """Apply docs/model.md step 7 to persons lo..hi, and age everybody by one week.

    post_fate[p] is set to VACATE or DESTROY where the holder leaves. purposes holds the codes of
    LEAVE_ACTIVITY, ENTER_ACTIVITY, POST_DESTROYED, CONTRACT_END, DISMISSAL, QUIT, ENTRANT.
    """
    head_leave = prefix(seed, purposes[0], week)
    head_enter = prefix(seed, purposes[1], week)
    head_destroy = prefix(seed, purposes[2], week)
    head_contract = prefix(seed, purposes[3], week)
    head_dismissal = prefix(seed, purposes[4], week)
    head_quit = prefix(seed, purposes[5], week)
    head_entrant = prefix(seed, purposes[6], week)
    for w in range(lo, hi):
        before = status[w]
        missed_quarters[w] = (missed_quarters[w] * 3) // 4 + 4 * missed[w]
        age_weeks[w] += 1
        group = 2 * age_group(age_weeks[w]) + sex[w]
        fate = KEEP
        leaves, enters = leave_rate[group], enter_rate[group]
        if age_weeks[w] == ADULT_GROUP or age_weeks[w] == SENIOR_GROUP:
            leaves, enters = cross_leave[group], cross_enter[group]
            if age_weeks[w] == ADULT_GROUP and not licence[w]:
                licence[w] = uniform(head_entrant, worker_id[w], 3) < licence_gain[sex[w]]
        if age_weeks[w] >= RETIRE_WEEKS:
            fate = VACATE
            _renew(
                head_entrant, w, week, worker_id, age_weeks, sex, licence, apprentice, wage_ref_cents,
                entrant_wage_cents, entrant_licence,
            )  # fmt: skip
            active = uniform(head_entrant, worker_id[w], 2) < entrant_active[sex[w]]
            status[w] = UNEMPLOYED if active else INACTIVE
            before = -1
        elif before == INACTIVE:
            if uniform(head_enter, worker_id[w], 0) < enters:
                status[w] = UNEMPLOYED
        elif uniform(head_leave, worker_id[w], 0) < leaves:
            fate = VACATE
            status[w] = INACTIVE
        elif before == EMPLOYED:
            p = post[w]
            if uniform(head_destroy, post_id[p], 0) < destruction:
                fate = DESTROY
                status[w] = UNEMPLOYED
            elif not hired[w] and job_ends(
                head_contract, head_dismissal, head_quit, worker_id[w], post_id[p], contract[p],
                contract_rate, missed_quarters[w], wage_ref_cents[w] / 100.0 * reservation_floor - utility[w],
                commute_min[w] / 60.0, quarter_shifts, dismissal, quits, quits_scale, quits_per_hour,
            ):  # fmt: skip
                fate = VACATE
                status[w] = UNEMPLOYED
        if fate != KEEP and post[w] >= 0:
            post_fate[post[w]] = fate
            post[w] = -1
            missed_quarters[w] = 0
        spell[w] = spell[w] + 1 if status[w] == before else 0


@inline
def _renew(
    head: np.uint64,
    w: int,
    week: int,
    worker_id: np.ndarray,
    age_weeks: np.ndarray,
    sex: np.ndarray,
    licence: np.ndarray,
    apprentice: np.ndarray,
    wage_ref_cents: np.ndarray,
    entrant_wage_cents: int,
    entrant_licence: float,
) -> None:
    """Put an entrant aged 15 in the row of a person who retires; the id's cohort is week + 1."""
    cohort = np.int64((week + 1) & 0xFFF) << np.int64(24)
    worker_id[w] = (worker_id[w] & ~(np.int64(0xFFF) << np.int64(24))) | cohort
    age_weeks[w] = ENTRY_WEEKS
    sex[w] = np.int8(1) if uniform(head, worker_id[w], 0) < 0.5 else np.int8(0)
    licence[w] = uniform(head, worker_id[w], 1) < entrant_licence
    apprentice[w] = False
    wage_ref_cents[w] = entrant_wage_cents


@kernel
def posts_week(
    lo: int,
    hi: int,
    seed: int,
    week: int,
    purpose_destroyed: int,
    purpose_created: int,
    post_id: np.ndarray,
    holder_fate: np.ndarray,
    filled: np.ndarray,
    active: np.ndarray,
    opening: np.ndarray,
    weeks_open: np.ndarray,
    wage_cents: np.ndarray,
    grid_cents: np.ndarray,
    destruction: float,
    creation: np.ndarray,
) -> None:
    """Open, withdraw, destroy and create posts lo..hi after people_week.

    filled[p]: held during the week; posts vacant all week that stay grow older.
    """
    head_destroy = prefix(seed, purpose_destroyed, week)
    head_create = prefix(seed, purpose_created, week)
    for p in range(lo, hi):
        if not active[p]:
            if uniform(head_create, post_id[p], 0) < creation[p]:
                active[p] = True
                opening[p] += 1
                weeks_open[p] = 0
                wage_cents[p] = grid_cents[p]
        elif holder_fate[p] == DESTROY:
            active[p] = False
            weeks_open[p] = 0
        elif holder_fate[p] == VACATE:
            opening[p] += 1
            weeks_open[p] = 0
            wage_cents[p] = grid_cents[p]
        elif not filled[p]:
            if uniform(head_destroy, post_id[p], 0) < destruction:
                active[p] = False
                weeks_open[p] = 0
            else:
                weeks_open[p] += 1
