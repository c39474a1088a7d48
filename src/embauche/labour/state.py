"""The state of the model between weeks: columns of persons and posts that kernels step.

Lives here: State, its start and its copy. Not here: any rule that changes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from embauche.core.table import Table
from embauche.population.schemas import Contract

Array = np.ndarray[Any, Any]
ADULT_WEEKS = 18 * 52
KEPT = "kept:"
BY_POST = "@post"


@dataclass
class State:
    """All that a week reads and writes; a saved state is these arrays and nothing else.

    Attributes:
        week: weeks since the start of burn-in, int64 [1].
        worker_id, status, post, spell, age_weeks, sex, licence, apprentice, wage_ref_cents,
        missed_quarters: [person]; post is the row of the post held, -1 if none.
        driven: int16 [person] bit k: the tour of slot k of the last week travelled was by car.
        driven_post: int32 [person] row of the post worked at then.
        considered: int32 [person] week in which she last weighed services against each other, -1 never.
        ranked: uint64 [person, trip class of the shift] services as she ranked them then (kernels.ranking), 0
            where she has yet to.
        shocked: bool [person] a service refused her in the last week travelled, or she missed a shift.
        skill, level: int8 [person] as they are now; courses change them.
        home: int32 [person] row of the territory's places where she lives now.
        since: int32 [person] week in which her present post was taken, of no meaning without one.
        active, opening, weeks_open, wage_cents, holder: [post]; holder is the person's row or -1.
        reshift: int16 [post] shift that an employer has changed the post to, -1 the population's.
        expected_late: float64 [service, commune].
        kept: what only some services or steps need, by "TOPIC.WHAT"; "TOPIC.WHAT@post" is by post.
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
    considered: Array
    ranked: Array
    shocked: Array
    skill: Array
    level: Array
    home: Array
    since: Array
    active: Array
    opening: Array
    weeks_open: Array
    wage_cents: Array
    holder: Array
    reshift: Array
    expected_late: Array
    kept: dict[str, Array]

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
            np.full(len(persons), -1, np.int32), np.zeros((len(persons), 0), np.uint64),
            np.zeros(len(persons), bool), persons.skill.copy(), persons.level.copy(),
            persons.place.astype(np.int32), -persons.spell_weeks.astype(np.int32),
            posts.active.copy(), np.zeros(len(posts), np.int32), np.zeros(len(posts), np.int32),
            posts.wage_cents.copy(), holder, np.full(len(posts), -1, np.int16), expected_late.copy(), {},
        )  # fmt: skip

    def arrays(self) -> dict[str, Array]:
        """Copies of all arrays, by name; those kept for services as "kept:NAME"."""
        own = {name: getattr(self, name).copy() for name in columns()}
        return own | {KEPT + name: values.copy() for name, values in self.kept.items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, Array]) -> State:
        """The state whose `arrays()` these are (copied)."""
        kept = {name[len(KEPT) :]: a.copy() for name, a in arrays.items() if name.startswith(KEPT)}
        return cls(**{name: arrays[name].copy() for name in columns()}, kept=kept)

    def fit_posts(self, posts: Table) -> None:
        """Make room for posts that a scenario adds after those that the state knows: vacant, not active."""
        known, n = len(self.active), len(posts) - len(self.active)
        if not n:
            return
        new = {"wage_cents": posts.wage_cents[known:], "holder": np.full(n, -1), "reshift": np.full(n, -1)}
        for name in ("active", "opening", "weeks_open", "wage_cents", "holder", "reshift"):
            old = getattr(self, name)
            more = np.asarray(new.get(name, np.zeros(n))).astype(old.dtype)
            setattr(self, name, np.concatenate([old, more]))
        for name, old in self.kept.items():
            if name.endswith(BY_POST):
                self.kept[name] = np.concatenate([old, np.zeros((n, *old.shape[1:]), old.dtype)])

    def raise_wages(self, posts: Table, grid_cents: Array) -> None:
        """Bring wages up to the grid, int32 [post], where a scenario has raised it above the population's."""
        raised = np.flatnonzero(grid_cents > posts.wage_cents)
        self.wage_cents[raised] = np.maximum(self.wage_cents[raised], grid_cents[raised])

    def fit_classes(self, most: int) -> None:
        """Make room for rankings of `most` trip classes a shift; rankings of other classes are forgotten."""
        if self.ranked.shape[1] != most:
            self.ranked = np.zeros((len(self.worker_id), most), np.uint64)

    def forget(self, new: Array) -> None:
        """Somebody else lives in these rows: she has weighed nothing, and no place is kept for her."""
        self.considered[new], self.ranked[new], self.shocked[new] = -1, 0, False
        for name, values in self.kept.items():
            if name.endswith(".standing"):
                values[new] = 0

    def renew(self, new: Array, persons: Table) -> Array:
        """Entrants in these rows have the household's home and trade, no level yet; rows that move for it."""
        self.forget(new)
        self.skill[new], self.level[new] = persons.skill[new], 0
        away: Array = new[self.home[new] != persons.place[new]]
        self.home[away] = persons.place[away]
        return away

    def licensed(self) -> Array:
        """Who has a licence and the age to drive alone, bool [person]."""
        able: Array = self.licence & (self.age_weeks >= ADULT_WEEKS)
        return able


def columns() -> list[str]:
    """Names of the arrays that every state has."""
    return [f.name for f in fields(State) if f.name != "kept"]


def shifts_now(state: State, post_site: Array, posts: Table) -> Array:
    """Shifts of posts as they are now, int16 [post]; forgets changes that the network does not know.

    A state saved under other hours may have posts changed to a shift that no post at their site has any more.
    Apprenticeships have the rhythm that their centre gives them, which the network knows everywhere.

    Args:
        state: its reshift may change.
        post_site: int32 [post] row of the network's used sites.
        posts: the population's.
    """
    shift = posts.shift
    n = int(shift.max(initial=0)) + 1
    known = np.unique(post_site.astype(np.int64) * n + shift)
    changed = np.flatnonzero((state.reshift >= 0) & (posts.contract != Contract.APPRENTICESHIP))
    pair = post_site[changed].astype(np.int64) * n + state.reshift[changed]
    lost = changed[(state.reshift[changed] >= n) | ~np.isin(pair, known)]
    state.reshift[lost] = -1
    return np.where(state.reshift >= 0, state.reshift, shift).astype(np.int16)
