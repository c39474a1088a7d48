"""Deferred acceptance with persons proposing (Gale & Shapley 1962), one place a vacancy.

Lives here: the algorithm over lists of wishes. Not here: who takes part, what they prefer (labour.platform).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel


@kernel
def deferred_acceptance(
    ptr: np.ndarray, sender: np.ndarray, vacancy: np.ndarray, rank: np.ndarray, held: np.ndarray
) -> None:
    """Match persons with vacancies: stable, and best for persons of all stable matchings.

    Args:
        ptr: int64 [person + 1] rows of applications of each person, dearest first.
        sender: int32 [application] the person.
        vacancy: int32 [application].
        rank: int64 [application] how far down the vacancy's own list it stands; different within a vacancy.
        held: int64 [vacancy], set to the application that it takes, -1 for none.
    """
    held[:] = -1
    at = ptr[:-1].copy()
    for first in range(ptr.shape[0] - 1):
        w = first
        while w >= 0 and at[w] < ptr[w + 1]:
            a = at[w]
            at[w] += 1
            v = vacancy[a]
            before = held[v]
            if before < 0:
                held[v] = a
                w = -1
            elif rank[a] < rank[before]:
                held[v] = a
                w = sender[before]
