"""Who gets which of some vacancies when a group of employers chooses: of a lottery, who gains most by each.

Lives here: best_of. Not here: whose vacancies, and who may be chosen (labour.geiq, labour.geiq_trainees).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.labour.intensity import reservation
from embauche.labour.values import pair_utilities
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
MOST_PAIRS = 20_000


def best_of(model: World, name: str, people: Array, vacant: Array) -> tuple[Array, Array]:
    """For each vacancy in turn, of those looked at who would gain most by it, if anything.

    Args:
        model: the model.
        name: of the group, key of the lottery.
        people: rows of who may be chosen; who is in work has her present post for nothing.
        vacant: int32 rows of posts, first served first.

    Returns:
        Posts and persons (rows), int32 [match].
    """
    s, nobody = model.state, np.zeros(0, np.int32)
    if not len(vacant) or not len(people):
        return nobody, nobody
    luck = uniforms(model.seed, Purpose.GEIQ, int(s.week[0]), s.worker_id[people], stable_id(name))
    order = np.lexsort((s.worker_id[people], luck))
    people = people[order[: min(30 + 4 * len(vacant), MOST_PAIRS // len(vacant) + 1)]].astype(np.int32)
    pairs = np.tile(people, len(vacant)), np.repeat(vacant, len(people))
    gain = pair_utilities(model, *pairs) - reservation(model, pairs[0], np.zeros(len(s.worker_id)))
    gain = gain.reshape(len(vacant), len(people))
    where, who = [], []
    for row, post in enumerate(vacant.tolist()):
        best = int(np.argmax(gain[row]))
        if gain[row, best] > 0.0:
            where.append(post)
            who.append(int(people[best]))
            gain[:, best] = -np.inf
    return np.array(where, np.int32), np.array(who, np.int32)
