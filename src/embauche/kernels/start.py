"""The start state: employed persons drawn to posts by a doubly constrained commute model.

Lives here: balancing and the draw. Not here: minutes between communes (labour.start).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel
from embauche.kernels.random import prefix, uniform


@kernel
def balance(origins: np.ndarray, destinations: np.ndarray, friction: np.ndarray, rounds: int) -> np.ndarray:
    """Destination factors b of T_ij = a_i O_i b_j D_j f_ij (Furness 1965), float64 [destination]."""
    n, m = friction.shape
    b = np.ones(m)
    for _ in range(rounds):
        a = np.zeros(n)
        for i in range(n):
            total = 0.0
            for j in range(m):
                total += b[j] * destinations[j] * friction[i, j]
            a[i] = 1.0 / total if total > 0.0 else 0.0
        for j in range(m):
            total = 0.0
            for i in range(n):
                total += a[i] * origins[i] * friction[i, j]
            b[j] = 1.0 / total if total > 0.0 else 0.0
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
    for k in range(person.shape[0]):
        w = person[k]
        i = origin[w]
        total = 0.0
        for j in range(m):
            total += factor[j] * (post_ptr[j + 1] - at[j]) * friction[i, j]
        if total <= 0.0:
            continue
        x = uniform(head, worker_id[w], 1) * total
        chosen = -1
        for j in range(m):
            left = post_ptr[j + 1] - at[j]
            if left == 0:
                continue
            chosen = j
            x -= factor[j] * left * friction[i, j]
            if x < 0.0:
                break
        out[w] = post[at[chosen]]
        at[chosen] += 1
