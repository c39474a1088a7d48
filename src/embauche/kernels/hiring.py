"""Hiring: screening order, fit, and rounds of offers.

Lives here: the sequential part over applications. Not here: search, what happens to posts left.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel
from embauche.kernels.random import bits, normal, prefix


@kernel
def arrival_keys(
    seed: int, purpose: int, week: int, worker_id: np.ndarray, post_id: np.ndarray, out: np.ndarray
) -> None:
    """Random order of arrival of each application, uint64."""
    head = prefix(seed, purpose, week)
    for i in range(worker_id.shape[0]):
        out[i] = bits(head, worker_id[i], post_id[i])


@kernel
def fits(
    seed: int,
    purpose: int,
    worker_id: np.ndarray,
    post_id: np.ndarray,
    true_fit: np.ndarray,
    noise: float,
    out: np.ndarray,
) -> None:
    """A firm's view of each application: her true fit, seen with an error that stays."""
    head = prefix(seed, purpose, 0)
    for i in range(worker_id.shape[0]):
        out[i] = true_fit[i]
        if noise > 0.0:
            out[i] += noise * normal(head, worker_id[i], post_id[i])


@kernel
def offer_rounds(
    rounds: int,
    post_ptr: np.ndarray,
    post: np.ndarray,
    post_id: np.ndarray,
    applicant: np.ndarray,
    utility: np.ndarray,
    holder: np.ndarray,
    taken: np.ndarray,
    refused: np.ndarray,
) -> None:
    """Rounds of offers over applications sorted by (post, fittest first).

    Args:
        rounds: number of rounds.
        post_ptr: int64 [vacancy + 1] rows of applications of each vacancy.
        post: int32 [vacancy] row of the post.
        post_id: int64 [post].
        applicant: int32 [application] row of the person.
        utility: float64 [application] utility of the post for the person.
        holder: int32 [vacancy], set to the row of the person hired, -1 if none.
        taken: int32 [worker], set to the vacancy taken, -1 on entry.
        refused: bool [application], set where an offer was refused for a better one.
    """
    vacancies = post.shape[0]
    best = np.full(taken.shape[0], -1, np.int64)
    at = post_ptr[:-1].copy()
    holder[:] = -1
    refused[:] = False
    for _ in range(rounds):
        for v in range(vacancies):
            if holder[v] >= 0:
                continue
            while at[v] < post_ptr[v + 1] and taken[applicant[at[v]]] >= 0:
                at[v] += 1
            if at[v] == post_ptr[v + 1]:
                continue
            w = applicant[at[v]]
            b = best[w]
            if b < 0:
                best[w] = v
            else:
                u_new, u_old = utility[at[v]], utility[at[b]]
                if u_new > u_old or (u_new == u_old and post_id[post[v]] < post_id[post[b]]):
                    best[w] = v
        for v in range(vacancies):
            if holder[v] >= 0 or at[v] == post_ptr[v + 1]:
                continue
            w = applicant[at[v]]
            if best[w] == v:
                holder[v] = w
            else:
                refused[at[v]] = True
                at[v] += 1
        for v in range(vacancies):
            if holder[v] >= 0:
                taken[holder[v]] = v
                best[holder[v]] = -1
