"""Who starts in a post that she cannot get to changes places with somebody who can.

Lives here: give_ways. Not here: the first draw of posts, which knows car minutes only (start).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.labour.ways import Ways
from embauche.population.schemas import Status

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
ROUNDS = 24  # partners tried by each: those who work first, then those who look for work
OF_WORKERS = 16
ALTERNATIVE = 8  # of Purpose.START; 0 and 7 are the first draw's


def give_ways(model: World) -> None:
    """Exchange posts, at the start, so that hardly anybody holds one without a way there.

    Whoever has no service for a tour of her shift is put beside drivers of her commune, her domain and her
    contract, one a round: first those who work, with whom she changes posts, then those who look for work,
    who take hers while she looks. A change is made where nobody is left without a way. So the start is as
    burn-in would leave it (those without a car in posts that they reach, or without one), not as hundreds
    of dismissals for missed shifts in its first weeks would.

    Args:
        model: at the start, before any week.
    """
    s, persons = model.state, model.population.persons
    ways = Ways(model)
    held = np.flatnonzero(s.post >= 0)
    stuck = held[~np.isfinite(_logsums(model, ways, held, s.post[held]))]
    kind = (persons.commune.astype(np.int64) * (1 + int(s.skill.max(initial=0))) + s.skill) * 2 + s.apprentice
    drives = np.asarray(model.can_drive())
    for k in range(ROUNDS):
        if not len(stuck):
            return
        works = k < OF_WORKERS
        able = drives & (s.status == (Status.EMPLOYED if works else Status.UNEMPLOYED))
        able &= (s.post >= 0) == works
        able[stuck] = False
        pair = _partners(model, stuck, np.flatnonzero(able), kind, k)
        mine, other = stuck[pair >= 0], pair[pair >= 0]
        good = np.isfinite(_logsums(model, ways, other, s.post[mine]))
        if works:
            good &= np.isfinite(_logsums(model, ways, mine, s.post[other]))
        _exchange(model, mine[good], other[good])
        stuck = stuck[~np.isin(stuck, mine[good])]


def _logsums(model: World, ways: Ways, person: Array, post: Array) -> Array:
    def ends(at: Array, klass: Array) -> tuple[Array, Array]:
        return model.tour_ends.at(person[at], post[at], klass)

    return ways.to(person, model.post_shift[post], ends)


def _partners(model: World, stuck: Array, able: Array, kind: Array, k: int) -> Array:
    """A row of `able` of the same kind for each of the stuck, drawn anew each round; -1 for none, [stuck].

    Nobody is drawn twice in a round: the first of the stuck in the order of ids has her.
    """
    ids = model.state.worker_id
    able = able[np.lexsort((ids[able], kind[able]))]
    first = np.searchsorted(kind[able], kind[stuck], side="left")
    count = np.searchsorted(kind[able], kind[stuck], side="right") - first
    luck = uniforms(model.seed, Purpose.START, k + 1, ids[stuck], ALTERNATIVE)
    at = first + np.minimum((luck * count).astype(np.int64), np.maximum(count - 1, 0))
    out = np.full(len(stuck), -1, np.int64)
    some = np.flatnonzero(count > 0)
    some = some[np.argsort(ids[stuck[some]], kind="stable")]
    _, once = np.unique(at[some], return_index=True)
    out[some[once]] = able[at[some[once]]]
    return out


def _exchange(model: World, mine: Array, other: Array) -> None:
    """These people (rows) change posts, status and spells with each other."""
    s = model.state
    for column in (s.post, s.status, s.spell, s.since):
        column[mine], column[other] = column[other], column[mine]
    for people in (mine, other):
        held = people[s.post[people] >= 0]
        s.holder[s.post[held]] = held
