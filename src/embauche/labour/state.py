"""The state of the model between weeks: columns of persons and posts that kernels step.

Lives here: State, its start and its copy. Not here: any rule that changes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from embauche.core.table import Table

Array = np.ndarray[Any, Any]
ADULT_WEEKS = 18 * 52


@dataclass
class State:
    """All that a week reads and writes; a saved state is these arrays and nothing else.

    Attributes:
        week: weeks since the start of burn-in, int64 [1].
        worker_id, status, post, spell, age_weeks, sex, licence, apprentice, wage_ref_cents,
        missed_quarters: [person]; post is the row of the post held, -1 if none.
        driven: int16 [person] bit k: the tour of slot k of the last week travelled was by car.
        driven_post: int32 [person] row of the post worked at then.
        active, opening, weeks_open, wage_cents, holder: [post]; holder is the person's row or -1.
        expected_late: float64 [service, commune].
    """

    week: Array
    worker_id: Array
    status: Array
    post: Array
    spell: Array
    age_weeks: Array
    sex: Array
    licence: Array
    apprentice: Array
    wage_ref_cents: Array
    missed_quarters: Array
    driven: Array
    driven_post: Array
    active: Array
    opening: Array
    weeks_open: Array
    wage_cents: Array
    holder: Array
    expected_late: Array

    @classmethod
    def start(cls, persons: Table, posts: Table, post: Array, expected_late: Array) -> State:
        """The state at week 0 from the population and the posts drawn."""
        holder = np.full(len(posts), -1, np.int32)
        held = np.flatnonzero(post >= 0)
        holder[post[held]] = held
        return cls(
            np.zeros(1, np.int64), persons.worker_id.copy(), persons.status.copy(), post.copy(),
            persons.spell_weeks.copy(), persons.age_weeks.copy(), persons.sex.copy(), persons.licence.copy(),
            persons.apprentice.copy(), persons.wage_ref_cents.copy(), np.zeros(len(persons), np.int32),
            np.zeros(len(persons), np.int16), post.astype(np.int32),
            posts.active.copy(), np.zeros(len(posts), np.int32), np.zeros(len(posts), np.int32),
            posts.wage_cents.copy(), holder, expected_late.copy(),
        )  # fmt: skip

    def arrays(self) -> dict[str, Array]:
        """Copies of all arrays, by name."""
        return {f.name: getattr(self, f.name).copy() for f in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, Array]) -> State:
        """The state whose `arrays()` these are (copied)."""
        return cls(**{f.name: arrays[f.name].copy() for f in fields(cls)})

    def drivers(self, household: Array, households: int) -> Array:
        """Active licence holders of each household, int64 [household]."""
        can = self.licence & (self.age_weeks >= ADULT_WEEKS) & (self.status > 0)
        return np.bincount(household[can], minlength=households)
