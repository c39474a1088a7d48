"""Applications that wait with firms from week to week, in the order in which they arrived.

Lives here: Pool: what is kept, what has lapsed, what HR reads, what is decided. Not here: offers (hiring).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from embauche.core.draws import Purpose
from embauche.kernels import hiring as k
from embauche.labour.cohort import as_searchers
from embauche.labour.courses import known_fit
from embauche.labour.hr import Hr, by_agency, rank_within
from embauche.labour.search import Applications
from embauche.labour.seasons import trains, vacant
from embauche.labour.skills import distance, lacking
from embauche.labour.state import State
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
_KEPT = "hiring.pool."


@dataclass(frozen=True)
class Pool:
    """Applications by order of arrival; arrays [application], kept in `State.kept`.

    Attributes:
        person, post: int32 rows.
        worker_id: int64, tells an entrant in a retired person's row.
        opening: int32 of the post.
        came: int32 week of arrival.
        left: int32 row of the post that she held then, -1 none.
        utility: float64 what the post was worth to her then, EUR a month.
        channel: int8 what told her of it (core.channels.Channel).
        screened: int32 week in which HR read it, -1 not yet.
        fit: float64 the firm's view of her since then.
    """

    person: Array
    post: Array
    worker_id: Array
    opening: Array
    came: Array
    left: Array
    utility: Array
    channel: Array
    screened: Array
    fit: Array

    @classmethod
    def of(cls, state: State) -> Pool:
        """What the state keeps; nothing at first."""
        if f"{_KEPT}person" not in state.kept:
            none, real = np.zeros(0, np.int32), np.zeros(0)
            told = np.zeros(0, np.int8)
            return cls(none, none, np.zeros(0, np.int64), none, none, none, real, told, none, real)
        return cls(*(state.kept[_KEPT + f.name] for f in fields(cls)))

    def keep(self, state: State) -> None:
        """Store it until next week."""
        for f in fields(self):
            state.kept[_KEPT + f.name] = getattr(self, f.name)

    def only(self, rows: Array) -> Pool:
        """Those of some rows, or where true."""
        return Pool(*(getattr(self, f.name)[rows] for f in fields(self)))

    def behind(self, other: Pool) -> Pool:
        """These, and others behind them."""
        return Pool(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def lapse(self, model: World) -> Pool:
        """Without those too old, for openings that are gone, or from who no longer looks.

        Who has lost her post since still does; who has found another does not.
        """
        s = model.state
        kept = int(model.parameters["hire.keep_weeks"]) + model.hr.wait(model, self.post)
        fresh = self.came > int(s.week[0]) - kept
        open_ = vacant(model)[self.post] & (s.opening[self.post] == self.opening)
        open_ &= (model.seats is None) | (s.apprentice[self.person] == trains(model)[self.post])
        status, now = as_searchers(model)[0][self.person], s.post[self.person]
        looks = (status == Status.UNEMPLOYED) | ((status == Status.EMPLOYED) & (now == self.left))
        return self.only(fresh & open_ & looks & (s.worker_id[self.person] == self.worker_id))

    def join(self, model: World, person: Array, post: Array, utility: Array, channel: Array) -> Pool:
        """With this week's behind them in random order; who has applied to an opening does not again."""
        s, posts = model.state, model.population.posts
        pair = self.person * np.int64(len(posts)) + self.post
        new = ~np.isin(person * np.int64(len(posts)) + post, pair)
        person, post = person[new], post[new]
        ids, post_ids = s.worker_id[person], posts.post_id[post]
        key = np.empty(len(person), np.uint64)
        week = int(s.week[0])
        k.arrival_keys(model.seed, int(Purpose.ARRIVAL), week, ids, post_ids, key)
        order = np.lexsort((post_ids, ids, key))
        person, post = person[order], post[order]
        n = len(order)
        late = Pool(
            person, post, ids[order], s.opening[post], np.full(n, week, np.int32), s.post[person],
            utility[new][order], channel[new][order], np.full(n, -1, np.int32), np.zeros(n),
        )  # fmt: skip
        return self.behind(late)

    def screen(self, model: World, hr: Hr) -> None:
        """HR services read the first applications that they have not read yet, and judge them.

        Agencies read all that come to their posts.
        """
        s, posts, p = model.state, model.population.posts, model.parameters
        unread = np.flatnonzero(self.screened < 0)
        own = unread[~by_agency(model)[self.post[unread]]]
        unit = hr.unit[posts.firm[self.post[own]]]
        late = own[rank_within(unit) >= hr.screening[unit]]
        read = np.setdiff1d(unread, late, assume_unique=True)
        self.screened[read] = int(s.week[0])
        person, post = self.person[read], self.post[read]
        fit = np.empty(len(read))
        k.fits(
            model.seed, int(Purpose.FIT), s.worker_id[person], posts.post_id[post],
            true_fit(model, person, post), p["hire.noise"], fit,
        )  # fmt: skip
        self.fit[read] = fit + known_fit(model, person, post)

    def decided(self, model: World, hr: Hr) -> Array:
        """Whether the firm decides on each by now, bool [application]."""
        week = int(model.state.week[0])
        out = self.screened >= 0
        read = np.flatnonzero(out)
        out[read] = week - self.screened[read] >= hr.wait(model, self.post[read])
        return out


def true_fit(model: World, person: Array, post: Array) -> Array:
    """How well persons fit posts, 1 as asked; without the firm's error. float64 [pair]."""
    s, posts, p = model.state, model.population.posts, model.parameters
    idle = np.where(s.status[person] == Status.UNEMPLOYED, np.minimum(s.spell[person], 104), 0)
    far = p["hire.skill_gap"] * distance(s.skill[person], posts.skill[post])
    low = p["hire.level_gap"] * lacking(s.level[person], posts.level[post])
    return np.asarray(1.0 - far - low - p["hire.spell_penalty"] * idle / 104.0)


def accepted(applications: Applications, void: Array) -> tuple[Array, Array, Array, Array]:
    """This week's applications but those to posts that are void: persons, posts, utilities, channels."""
    a, keep = applications, ~void[applications.post]
    return a.person[keep], a.post[keep], a.utility[keep], a.channel[keep]
