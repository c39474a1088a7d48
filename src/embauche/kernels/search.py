"""Job search: who searches, what they see on the ring of vacancies, where they apply.

Lives here: consistent hashing of vacancies, utilities of posts seen. Not here: hiring.
"""

from __future__ import annotations

import math

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.random import bits, gumbel, prefix, uniform

UNEMPLOYED = 1
EMPLOYED = 2


@kernel
def who_searches(
    lo: int,
    hi: int,
    seed: int,
    purpose: int,
    week: int,
    worker_id: np.ndarray,
    status: np.ndarray,
    spell: np.ndarray,
    utility: np.ndarray,
    wage_ref_eur: np.ndarray,
    intensity: float,
    fade_weeks: float,
    floor: float,
    on_the_job: float,
    stress_eur: float,
    reservation_floor: float,
    out: np.ndarray,
) -> None:
    """Set out[w] for persons lo..hi who search this week; utility is that of the present post."""
    head = prefix(seed, purpose, week)
    for w in range(lo, hi):
        out[w] = False
        if status[w] == UNEMPLOYED:
            rate = intensity * math.exp(-spell[w] / fade_weeks) + floor
        elif status[w] == EMPLOYED:
            gap = (wage_ref_eur[w] * reservation_floor - utility[w]) / stress_eur
            rate = on_the_job * math.exp(min(2.0, max(-2.0, gap)))
        else:
            continue
        out[w] = uniform(head, worker_id[w], 0) < rate


@kernel
def ring_positions(
    seed: int, purpose: int, week: int, post_id: np.ndarray, opening: np.ndarray, out: np.ndarray
) -> None:
    """Position of each vacancy on the ring this week, uint64."""
    head = prefix(seed, purpose, week)
    for v in range(post_id.shape[0]):
        out[v] = bits(head, post_id[v], opening[v])


@inline
def next_on_ring(ring: np.ndarray, lo: int, hi: int, position: np.uint64) -> int:
    """Index of the first entry of ring[lo:hi] at or after position, cyclically."""
    a, b = lo, hi
    while a < b:
        mid = (a + b) >> 1
        if ring[mid] < position:
            a = mid + 1
        else:
            b = mid
    return a if a < hi else lo


@kernel
def look(
    lo: int,
    hi: int,
    seed: int,
    purpose: int,
    week: int,
    searcher: np.ndarray,
    worker_id: np.ndarray,
    group: np.ndarray,
    common: np.ndarray,
    own_ptr: np.ndarray,
    own_ring: np.ndarray,
    own_post: np.ndarray,
    all_ptr: np.ndarray,
    all_ring: np.ndarray,
    all_post: np.ndarray,
    looks_own: int,
    looks_any: int,
    out: np.ndarray,
) -> None:
    """Posts that searchers lo..hi look at, each once, int32 [searcher, look], -1 behind the last."""
    head = prefix(seed, purpose, week)
    for i in range(lo, hi):
        w = searcher[i]
        n = 0
        for j in range(looks_own + looks_any):
            out[i, j] = -1
        for j in range(looks_own + looks_any):
            position = bits(head, worker_id[w], j)
            if j < looks_own:
                a, b = own_ptr[group[w]], own_ptr[group[w] + 1]
                if a == b:
                    continue
                p = own_post[next_on_ring(own_ring, a, b, position)]
            else:
                a, b = all_ptr[common[w]], all_ptr[common[w] + 1]
                if a == b:
                    continue
                p = all_post[next_on_ring(all_ring, a, b, position)]
            twice = False
            for m in range(n):
                if out[i, m] == p:
                    twice = True
            if twice:
                continue
            out[i, n] = p
            n += 1


@kernel
def really_seen(
    lo: int,
    hi: int,
    seed: int,
    purpose: int,
    week: int,
    worker_id: np.ndarray,
    post_id: np.ndarray,
    minutes: np.ndarray,
    decay_min: float,
    out: np.ndarray,
) -> None:
    """Set out [pair] where a look at a post that is so many minutes away tells, for pairs lo..hi."""
    head = prefix(seed, purpose, week)
    for i in range(lo, hi):
        out[i] = uniform(head, worker_id[i], post_id[i]) < math.exp(-minutes[i] / decay_min)


@inline
def post_utility(
    head_match: np.uint64,
    worker_id: int,
    post_id: int,
    wage_cents: int,
    logsum: float,
    shift_cost: float,
    shift_kids: float,
    kids: bool,
    skill_gap: bool,
    skill_cost: float,
    noise: float,
) -> float:
    """Utility of a post for a person, EUR a month."""
    u = wage_cents / 100.0 + logsum - (shift_kids if kids else shift_cost)
    if skill_gap:
        u -= skill_cost
    if noise > 0.0:
        u += noise * gumbel(head_match, worker_id, post_id)
    return u


@kernel
def current_utilities(
    lo: int,
    hi: int,
    seed: int,
    purpose_match: int,
    worker_id: np.ndarray,
    post: np.ndarray,
    post_id: np.ndarray,
    wage_cents: np.ndarray,
    post_skill: np.ndarray,
    post_shift: np.ndarray,
    skill: np.ndarray,
    kids: np.ndarray,
    shift_cost: np.ndarray,
    shift_kids: np.ndarray,
    skill_cost: float,
    noise: float,
    out: np.ndarray,
) -> None:
    """Add to out[w] (the month's logsum on entry) the rest of the present post's utility."""
    head = prefix(seed, purpose_match, 0)
    for w in range(lo, hi):
        p = post[w]
        if p < 0:
            out[w] = -np.inf
            continue
        out[w] = post_utility(
            head, worker_id[w], post_id[p], wage_cents[p], out[w], shift_cost[post_shift[p]],
            shift_kids[post_shift[p]], kids[w], skill[w] != post_skill[p], skill_cost, noise,
        )  # fmt: skip


@kernel
def choose_applications(
    lo: int,
    hi: int,
    seed: int,
    purpose_match: int,
    searcher: np.ndarray,
    pair_ptr: np.ndarray,
    pair_post: np.ndarray,
    pair_logsum: np.ndarray,
    worker_id: np.ndarray,
    status: np.ndarray,
    spell: np.ndarray,
    utility: np.ndarray,
    wage_ref_eur: np.ndarray,
    skill: np.ndarray,
    kids: np.ndarray,
    post_id: np.ndarray,
    wage_cents: np.ndarray,
    post_skill: np.ndarray,
    post_shift: np.ndarray,
    shift_cost: np.ndarray,
    shift_kids: np.ndarray,
    skill_cost: float,
    noise: float,
    switch_eur: float,
    reservation_start: float,
    reservation_fall: float,
    reservation_floor: float,
    out_post: np.ndarray,
    out_utility: np.ndarray,
    declined: np.ndarray,
) -> None:
    """Best posts of searchers lo..hi above their reservation, [searcher, application].

    declined[i] is set where a post was refused for the way there alone.
    """
    head = prefix(seed, purpose_match, 0)
    most = out_post.shape[1]
    for i in range(lo, hi):
        w = searcher[i]
        if status[w] == UNEMPLOYED:
            share = max(reservation_floor, reservation_start - reservation_fall * spell[w])
            reservation = wage_ref_eur[w] * share
        else:
            reservation = utility[w] + switch_eur
        n = 0
        declined[i] = False
        for a in range(most):
            out_post[i, a] = -1
        for k in range(pair_ptr[i], pair_ptr[i + 1]):
            p = pair_post[k]
            rest = post_utility(
                head, worker_id[w], post_id[p], wage_cents[p], 0.0, shift_cost[post_shift[p]],
                shift_kids[post_shift[p]], kids[w], skill[w] != post_skill[p], skill_cost, noise,
            )  # fmt: skip
            u = rest + pair_logsum[k]
            if not u > reservation:
                if rest > reservation:
                    declined[i] = True
                continue
            a = min(n, most)
            while a > 0 and (
                out_utility[i, a - 1] < u
                or (out_utility[i, a - 1] == u and post_id[out_post[i, a - 1]] > post_id[p])
            ):
                if a < most:
                    out_post[i, a], out_utility[i, a] = out_post[i, a - 1], out_utility[i, a - 1]
                a -= 1
            if a < most:
                out_post[i, a], out_utility[i, a] = p, u
                n = min(n + 1, most)
