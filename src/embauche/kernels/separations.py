"""Ends of jobs, entries and exits: one pass over persons.

Lives here: the hazards of one week. Not here: posts (openings), hiring, the names of the rates (labour).
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
LICENCE_WEEKS = 25 * 52  # the age at which who has no licence may get one
YEARS = RETIRE_WEEKS // 52 - ENTRY_WEEKS // 52
CDI, CDD, AGENCY, APPRENTICESHIP = 0, 1, 2, 3
# Codes of core.causes.Cause.
STAYED, RETIRED, WITHDREW, DESTROYED, CONTRACT_ENDED, TRIAL_EMPLOYER, TRIAL_WORKER = 0, 1, 2, 3, 5, 6, 7
MISSED_SHIFTS, QUIT, QUIT_TRANSPORT, APPRENTICE_BREAK = 8, 9, 10, 12


@inline
def rate_row(outsider: bool, age_weeks: int, sex: int) -> int:
    """Row of rates by residents and outsiders, year of age and sex (labour.activity)."""
    year = min(max(age_weeks, ENTRY_WEEKS), RETIRE_WEEKS - 1) // 52 - ENTRY_WEEKS // 52
    return ((YEARS if outsider else 0) + year) * 2 + sex


@inline
def term_ends(
    seed: int, purpose: int, worker_id: int, post_id: int, since: int, week: int, mean_weeks: float
) -> bool:
    """Whether one of the terms that follow each other from `since` ends this week.

    The k-th lasts 1 to 2 * mean_weeks weeks, drawn at its start by u(purpose, k, worker_id, post_id).
    """
    end, k = since, 0
    while end < week:
        x = uniform(prefix(seed, purpose, k), worker_id, post_id)
        end += 1 + math.floor(x * (2.0 * mean_weeks - 1.0) + 0.5)
        k += 1
    return end == week and k > 0


@inline
def quit_cause(
    x: float, rate: float, gap_eur: float, logsum: float, commute_h: float, scale: float, per_hour: float,
    trial: bool,
) -> int:  # fmt: skip
    """Cause of a quit, or STAYED: rule 6. The way is the cause where she would not have quit without it."""
    hazard = rate * math.exp(min(3.0, max(-3.0, gap_eur / scale))) + per_hour * commute_h
    if x >= hazard:
        return STAYED
    calm = rate
    if logsum > -math.inf:
        calm = rate * math.exp(min(3.0, max(-3.0, (gap_eur + logsum) / scale)))
    if x >= calm:
        return QUIT_TRANSPORT
    return TRIAL_WORKER if trial else QUIT


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
    since: np.ndarray,
    hired: np.ndarray,
    trial_rate: np.ndarray,
    utility: np.ndarray,
    logsum: np.ndarray,
    wage_ref_cents: np.ndarray,
    commute_min: np.ndarray,
    licence: np.ndarray,
    apprentice: np.ndarray,
    post_id: np.ndarray,
    contract: np.ndarray,
    quit_rate: np.ndarray,
    destruction: np.ndarray,
    post_fate: np.ndarray,
    cause: np.ndarray,
    outsider: np.ndarray,
    leave_rate: np.ndarray,
    enter_rate: np.ndarray,
    entrant_active: np.ndarray,
    licence_gain: np.ndarray,
    term_weeks: np.ndarray,
    term_end: np.ndarray,
    term_cdi: np.ndarray,
    reservation_floor: float,
    quarter_shifts: float,
    dismissal: float,
    quits_trial: float,
    quits_scale: float,
    quits_per_hour: float,
    entrant_wage_cents: int,
    entrant_licence: float,
) -> None:
    """Apply docs/model.md step 7 to persons lo..hi, and age everybody by one week.

    post_fate[p] is set to VACATE or DESTROY where the holder leaves, cause[w] says why, contract[p] becomes
    CDI where she is kept for good. purposes holds the codes of LEAVE_ACTIVITY, ENTER_ACTIVITY,
    POST_DESTROYED, CONTRACT_END, DISMISSAL, QUIT, ENTRANT, CONTRACT_TERM, TRIAL.

    Args:
        outsider: bool [person] who lives in an external zone.
        leave_rate, enter_rate: float64 [rate_row] chance a week to leave and to enter activity.
        entrant_active: float64 [residents' sexes, outsiders'] share of entrants who seek work.
        trial_rate: float64 [person] chance that her trial fails this week, 0 without one.
        logsum: float64 [person] what the way is worth, EUR a month, part of utility.
        term_weeks, term_end, term_cdi: float64 [contract] mean length of a term, shares of terms after which
            she leaves and stays for good; of apprenticeships term_end is the rate of breaks a week.
    """
    head_leave = prefix(seed, purposes[0], week)
    head_enter = prefix(seed, purposes[1], week)
    head_destroy = prefix(seed, purposes[2], week)
    head_contract = prefix(seed, purposes[3], week)
    head_dismissal = prefix(seed, purposes[4], week)
    head_quit = prefix(seed, purposes[5], week)
    head_entrant = prefix(seed, purposes[6], week)
    head_trial = prefix(seed, purposes[8], week)
    for w in range(lo, hi):
        before = status[w]
        missed_quarters[w] = (missed_quarters[w] * 3) // 4 + 4 * missed[w]
        age_weeks[w] += 1
        why = STAYED
        row = rate_row(outsider[w], age_weeks[w], sex[w])
        if age_weeks[w] == LICENCE_WEEKS and not licence[w]:
            licence[w] = uniform(head_entrant, worker_id[w], 3) < licence_gain[sex[w]]
        if age_weeks[w] >= RETIRE_WEEKS:
            why = RETIRED
            _renew(
                head_entrant, w, week, worker_id, age_weeks, sex, licence, apprentice, wage_ref_cents,
                entrant_wage_cents, entrant_licence,
            )  # fmt: skip
            active = (
                uniform(head_entrant, worker_id[w], 2) < entrant_active[(2 if outsider[w] else 0) + sex[w]]
            )
            status[w] = UNEMPLOYED if active else INACTIVE
            before = -1
        elif before == INACTIVE:
            if uniform(head_enter, worker_id[w], 0) < enter_rate[row]:
                status[w] = UNEMPLOYED
        elif uniform(head_leave, worker_id[w], 0) < leave_rate[row]:
            why = WITHDREW
            status[w] = INACTIVE
        elif before == EMPLOYED:
            p = post[w]
            c = contract[p]
            if uniform(head_destroy, post_id[p], 0) < destruction[p]:
                why = DESTROYED
            elif not hired[w] and c == APPRENTICESHIP:
                if term_end[c] > 0.0 and uniform(head_contract, worker_id[w], post_id[p]) < term_end[c]:
                    why = APPRENTICE_BREAK
            elif not hired[w]:
                if c != CDI and term_ends(
                    seed, purposes[7], worker_id[w], post_id[p], since[w], week, term_weeks[c]
                ):
                    x = uniform(head_contract, worker_id[w], post_id[p])
                    if x < term_end[c]:
                        why = CONTRACT_ENDED
                    elif x < term_end[c] + term_cdi[c]:
                        contract[p] = CDI
                trial = trial_rate[w] > 0.0
                if why == STAYED and trial and uniform(head_trial, worker_id[w], post_id[p]) < trial_rate[w]:
                    why = TRIAL_EMPLOYER
                if (
                    why == STAYED
                    and missed_quarters[w] >= quarter_shifts
                    and uniform(head_dismissal, worker_id[w], 0) < dismissal
                ):
                    why = MISSED_SHIFTS
                if why == STAYED:
                    rate = quit_rate[p] * (quits_trial if trial else 1.0)
                    gap = wage_ref_cents[w] / 100.0 * reservation_floor - utility[w]
                    why = quit_cause(
                        uniform(head_quit, worker_id[w], 0), rate, gap, logsum[w], commute_min[w] / 60.0,
                        quits_scale, quits_per_hour, trial,
                    )  # fmt: skip
            if why != STAYED:
                status[w] = UNEMPLOYED
        if why != STAYED and post[w] >= 0:
            post_fate[post[w]] = DESTROY if why == DESTROYED else VACATE
            cause[w] = why
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
