"""Who gets which bed: each asks in the order of her wishes, each residence keeps its first by its own order.

Lives here: allot, beds taken by week of a cycle of rhythms. Not here: wishes (dwellings), the week (lodgers).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from embauche.labour.dwelling_costs import BED
from embauche.labour.residences import Residences, Rhythm

Array = np.ndarray[Any, Any]
MOST_CYCLE = 60  # weeks after which all rhythms have met; longer ones are taken to need a bed always


def cycle_weeks(rhythm: Rhythm) -> int:
    """Weeks after which the rotations of shifts with weeks away from the firm meet again."""
    lengths = (rhythm.use > 0).sum(axis=1)[rhythm.centre > 0]
    return min(int(np.lcm.reduce(np.append(lengths, 1))), MOST_CYCLE)


def bed_weeks(residences: Residences, residence: Array, code: Array, shift: Array, team: Array) -> Array:
    """Weeks of the cycle in which these need a bed in their residence, bool [row, week of the cycle].

    A let is for all weeks, but where double lets are offered it is for those weeks alone in which she sleeps
    there.

    Args:
        residences: all.
        residence: int [row] row of the residence. code: int8 [row] where she sleeps.
        shift, team: of her post.
    """
    rhythm, cycle = residences.rhythm, cycle_weeks(residences.rhythm)
    weeks = (rhythm.use > 0).sum(axis=1)[shift].astype(np.int64)
    phase = (np.arange(cycle)[None, :] + team[:, None].astype(np.int64)) % weeks[:, None]
    use = rhythm.use[shift[:, None].astype(np.int64), phase]
    asleep = ((use & 1) > 0) & (code // 4 == BED)[:, None] | ((use & 2) > 0) & (code % 4 == BED)[:, None]
    fits = cycle % weeks == 0
    shared = residences.table.shared[residence] & fits if len(residences) else np.zeros(len(code), bool)
    return np.asarray(asleep | ~shared[:, None], bool)


def allot(want: Array, need: Array, room: Array, order: Callable[[int, Array], Array]) -> tuple[Array, Array]:
    """Deferred acceptance (Gale and Shapley 1962), persons asking.

    Args:
        want: int [asker, wish] residence asked, best wish first; -1 needs no bed and is always had. Each row
            has a -1.
        need: bool [asker, wish, week of the cycle] weeks in which the bed is needed.
        room: int [residence, week of the cycle] beds free.
        order: (residence, askers) -> the same askers, first served first.

    Returns:
        number of the wish that each gets, int64 [asker], and bool [asker, wish]: refused for want of a bed.
    """
    at = np.zeros(len(want), np.int64)
    refused = np.zeros(want.shape, bool)
    rows = np.arange(len(want))
    again = len(want) > 0
    while again:
        again = False
        current = want[rows, at]
        for r in np.unique(current[current >= 0]).tolist():
            left = room[r].copy()
            for i in order(r, np.flatnonzero(current == r)).tolist():
                mine = need[i, at[i]]
                if (left[mine] >= 1).all():
                    left -= mine
                else:
                    refused[i, at[i]] = True
                    at[i] += 1
                    again = True
    return at, refused
