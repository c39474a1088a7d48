"""Job search: who searches, what they see on the ring of vacancies, where they apply.

Lives here: consistent hashing of vacancies, utilities of posts seen. Not here: hiring.
"""

from __future__ import annotations

import math

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.random import bits, gumbel, prefix, uniform


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
    worker_id: np.ndarray,
    group: np.ndarray,
    ptr: np.ndarray,
    ring: np.ndarray,
    post: np.ndarray,
    out: np.ndarray,
) -> None:
    """Set out[i, j] to the post of ring group[i, j] on which look j of searcher i falls, or -1; lo..hi."""
    head = prefix(seed, purpose, week)
    for i in range(lo, hi):
        for j in range(group.shape[1]):
            out[i, j] = -1
            g = group[i, j]
            if g < 0 or ptr[g] == ptr[g + 1]:
                continue
            out[i, j] = post[next_on_ring(ring, ptr[g], ptr[g + 1], bits(head, worker_id[i], j))]


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
    decay_min: np.ndarray,
    out: np.ndarray,
) -> None:
    """Set out [pair] where a look at a post that is so many minutes away tells, for pairs lo..hi."""
    head = prefix(seed, purpose, week)
    for i in range(lo, hi):
        out[i] = uniform(head, worker_id[i], post_id[i]) < math.exp(-minutes[i] / decay_min[i])


@kernel
def post_values(
    lo: int,
    hi: int,
    seed: int,
    purpose_match: int,
    purpose_taste: int,
    person: np.ndarray,
    post: np.ndarray,
    worker_id: np.ndarray,
    skill: np.ndarray,
    level: np.ndarray,
    family: np.ndarray,
    post_id: np.ndarray,
    wage_cents: np.ndarray,
    post_skill: np.ndarray,
    post_level: np.ndarray,
    post_shift: np.ndarray,
    post_contract: np.ndarray,
    post_sector: np.ndarray,
    shift_eur: np.ndarray,
    distance: np.ndarray,
    contract_eur: np.ndarray,
    skill_eur: float,
    level_eur: float,
    taste_eur: float,
    noise_eur: float,
    out: np.ndarray,
) -> None:
    """Set out[i] to what posts are worth to persons but for the way there, EUR a month, for pairs lo..hi."""
    head, head_taste = prefix(seed, purpose_match, 0), prefix(seed, purpose_taste, 0)
    for i in range(lo, hi):
        w, p = person[i], post[i]
        u = wage_cents[p] / 100.0 - shift_eur[family[w], post_shift[p]] - contract_eur[post_contract[p]]
        u -= skill_eur * distance[skill[w], post_skill[p]]
        u -= level_eur * abs(np.int64(level[w]) - np.int64(post_level[p]))
        if taste_eur > 0.0:
            u += taste_eur * (2.0 * uniform(head_taste, worker_id[w], post_sector[p]) - 1.0)
        if noise_eur > 0.0:
            u += noise_eur * gumbel(head, worker_id[w], post_id[p])
        out[i] = u


@kernel
def choose_applications(
    lo: int,
    hi: int,
    ptr: np.ndarray,
    post: np.ndarray,
    rest: np.ndarray,
    logsum: np.ndarray,
    reservation: np.ndarray,
    post_id: np.ndarray,
    out: np.ndarray,
    declined: np.ndarray,
) -> None:
    """Best pairs of searchers lo..hi above their reservation, int64 [searcher, application], -1 behind.

    declined[i] is the pair refused for the way there alone whose post is worth most but for it, or -1.
    """
    most = out.shape[1]
    for i in range(lo, hi):
        n = 0
        declined[i] = -1
        for a in range(most):
            out[i, a] = -1
        for k in range(ptr[i], ptr[i + 1]):
            u = rest[k] + logsum[k]
            if not u > reservation[i]:
                if rest[k] > reservation[i]:
                    d = declined[i]
                    if (
                        d < 0
                        or rest[k] > rest[d]
                        or (rest[k] == rest[d] and post_id[post[k]] < post_id[post[d]])
                    ):
                        declined[i] = k
                continue
            a = min(n, most)
            while a > 0:
                b = out[i, a - 1]
                v = rest[b] + logsum[b]
                if v > u or (v == u and post_id[post[b]] < post_id[post[k]]):
                    break
                if a < most:
                    out[i, a] = b
                a -= 1
            if a < most:
                out[i, a] = k
                n = min(n + 1, most)
