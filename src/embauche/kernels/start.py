"""The start state: employed persons drawn to posts by a doubly constrained commute model.

Lives here: balancing and the draw. Not here: minutes between communes (labour.start).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.random import prefix, uniform

BLOCK = 64  # destinations whose weights are summed together


@inline
def _dot(a: np.ndarray, b: np.ndarray, lo: int, hi: int) -> float:
    """Sum of a * b over lo:hi in eight chains, so that additions need not wait for each other."""
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = 0.0
    end = hi - (hi - lo) % 8
    for j in range(lo, end, 8):
        s0 += a[j] * b[j]
        s1 += a[j + 1] * b[j + 1]
        s2 += a[j + 2] * b[j + 2]
        s3 += a[j + 3] * b[j + 3]
        s4 += a[j + 4] * b[j + 4]
        s5 += a[j + 5] * b[j + 5]
        s6 += a[j + 6] * b[j + 6]
        s7 += a[j + 7] * b[j + 7]
    for j in range(end, hi):
        s0 += a[j] * b[j]
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))


@kernel
def balance(origins: np.ndarray, destinations: np.ndarray, friction: np.ndarray, rounds: int) -> np.ndarray:
    """Destination factors b of T_ij = a_i O_i b_j D_j f_ij (Furness 1965), float64 [destination]."""
    n, m = friction.shape
    b, attraction, arrivals = np.ones(m), np.empty(m), np.empty(m)
    for _ in range(rounds):
        for j in range(m):
            attraction[j] = b[j] * destinations[j]
            arrivals[j] = 0.0
        for i in range(n):  # each row is read once for both sums: the matrix is larger than any cache
            total = _dot(attraction, friction[i], 0, m) if origins[i] > 0.0 else 0.0
            if total > 0.0:
                row, scale = friction[i], origins[i] / total
                for j in range(m):
                    arrivals[j] += scale * row[j]
        for j in range(m):
            b[j] = 1.0 / arrivals[j] if arrivals[j] > 0.0 else 0.0
    return b


@kernel
def draw_posts(
    seed: int,
    purpose: int,
    person: np.ndarray,
    worker_id: np.ndarray,
    origin: np.ndarray,
    friction: np.ndarray,
    factor: np.ndarray,
    post_ptr: np.ndarray,
    post: np.ndarray,
    out: np.ndarray,
) -> None:
    """Persons in order draw a destination among posts left, then that destination's next post.

    post[post_ptr[j]:post_ptr[j + 1]] are the posts of destination j in their keyed order.
    out[person] is set to the post, or left where none remains.
    """
    head = prefix(seed, purpose, 0)
    m = factor.shape[0]
    at = post_ptr[:-1].copy()
    weight = factor * (post_ptr[1:] - at)
    part = np.empty((m + BLOCK - 1) // BLOCK)
    for k in range(person.shape[0]):
        w = person[k]
        row = friction[origin[w]]
        total = 0.0
        for block in range(part.shape[0]):
            part[block] = _dot(weight, row, block * BLOCK, min((block + 1) * BLOCK, m))
            total += part[block]
        if total <= 0.0:
            continue
        x = uniform(head, worker_id[w], 1) * total
        block = 0
        while block < part.shape[0] - 1 and x >= part[block]:
            x -= part[block]
            block += 1
        chosen = -1
        # what rounding leaves over goes to the next destination with posts, or else to the last one
        for j in range(block * BLOCK, m):
            if weight[j] * row[j] > 0.0:
                chosen = j
                x -= weight[j] * row[j]
                if x < 0.0:
                    break
        if chosen < 0:
            for j in range(block * BLOCK):
                if weight[j] * row[j] > 0.0:
                    chosen = j
        out[w] = post[at[chosen]]
        at[chosen] += 1
        weight[chosen] = factor[chosen] * (post_ptr[chosen + 1] - at[chosen])
