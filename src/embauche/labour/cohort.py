"""The yearly cohort: young people who seek an apprenticeship, with a wished domain, until the season ends.

Lives here: Young (their arrays), who joins, who gives up, how they search. Not here: contracts (apprentices).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.labour.seasons import WEEKS_A_YEAR, Season, trains
from embauche.population.schemas import SKILLS, Status

if TYPE_CHECKING:
    from embauche.labour.state import State
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
NONE = -1
LATEST_WEEKS = 4  # before the season's end: nobody begins to seek later
FIRST_PAY = 0.43  # of the net minimum wage: first year at 18-20 (Code du travail D6222-26)


@dataclass(frozen=True)
class Young:
    """What is known of apprentices and of who seeks to be one, int32 [person], views on `State.kept`.

    Attributes:
        joins: week in which she begins to seek this season, NONE.
        since: week since which she seeks, NONE where she does not.
        skill, wage: domain and usual wage (cents) that she had before.
        post, starts: post for which she has signed and the week in which she begins, NONE.
        end: week in which her contract ends, NONE without one.
    """

    joins: Array
    since: Array
    skill: Array
    wage: Array
    post: Array
    starts: Array
    end: Array

    @classmethod
    def of(cls, state: State) -> Young:
        """The state's arrays, made where they are missing."""
        for f in fields(cls):
            state.kept.setdefault(f"apprentices.{f.name}", np.full(len(state.worker_id), NONE, np.int32))
        return cls(*(state.kept[f"apprentices.{f.name}"] for f in fields(cls)))

    def forget(self, rows: Array) -> None:
        """Nothing is known of these persons (rows, or where true)."""
        for f in fields(self):
            getattr(self, f.name)[rows] = NONE


def seeking(model: World) -> Array:
    """Who seeks an apprenticeship and has not signed for one, bool [person]."""
    y = Young.of(model.state)
    out: Array = model.state.apprentice & (y.since >= 0) & (y.post < 0) & (model.state.post < 0)
    return out


def as_searchers(model: World) -> tuple[Array, Array]:
    """Status and weeks of search of everybody as search sees them, int8 and int32 [person].

    Pupils who seek an apprenticeship search like the unemployed; who has or has signed a contract does not.
    """
    s = model.state
    if model.seats is None:
        return s.status, s.spell
    now = seeking(model)
    status = np.where(now, Status.UNEMPLOYED, np.where(s.apprentice, Status.INACTIVE, s.status))
    spell = np.where(now, s.week[0] - Young.of(s).since, s.spell)
    return status.astype(s.status.dtype), spell.astype(s.spell.dtype)


def call_up(model: World, season: Season) -> None:
    """At a season's opening: who will seek an apprenticeship, and from which week."""
    s, p, y = model.state, model.parameters, Young.of(model.state)
    years = s.age_weeks // WEEKS_A_YEAR
    rate = np.select(
        [years < 15, years <= 17, years <= 21, years <= 29],
        [0.0, *(p[f"apprentices.seek_{ages}"] for ages in ("15_17", "18_21", "22_29"))], 0.0,
    )  # fmt: skip
    unemployed = (s.status == Status.UNEMPLOYED) & (years >= 16) & (years <= 29)
    rate = np.where(unemployed, p["apprentices.seek_unemployed"], rate)
    inside = ~model.territory.communes.external[model.population.persons.commune]
    able = inside & ~s.apprentice & (s.status != Status.EMPLOYED)
    luck = uniforms(model.seed, Purpose.SEEK, season.first, s.worker_id)
    late = uniforms(model.seed, Purpose.SEEK, season.first, s.worker_id, 1) ** 2
    weeks = max(1, season.last - LATEST_WEEKS - season.first)
    y.joins[:] = np.where(able & (luck < rate), season.first + np.floor(late * weeks), NONE)


def join(model: World) -> Array:
    """Those whose week has come begin to seek; their rows."""
    s, y, week = model.state, Young.of(model.state), int(model.state.week[0])
    due = np.flatnonzero((y.joins >= 0) & (y.joins <= week))
    y.joins[due] = NONE
    due = due[~s.apprentice[due] & (s.status[due] != Status.EMPLOYED)]
    seek(model, due)
    return np.asarray(due)


def seek(model: World, people: Array) -> None:
    """These people (rows) seek an apprenticeship from this week on, in a domain that each wishes."""
    s, p, y = model.state, model.parameters, Young.of(model.state)
    s.apprentice[people], y.since[people] = True, s.week[0]
    new = people[y.wage[people] < 0]
    y.skill[new], y.wage[new] = s.skill[new], s.wage_ref_cents[new]
    week, ids = int(s.week[0]), s.worker_id[people]
    weights = np.bincount(model.population.posts.skill[trains(model)], minlength=len(SKILLS))
    shares = np.cumsum(weights) / max(int(weights.sum()), 1)
    wish = np.searchsorted(shares, uniforms(model.seed, Purpose.WISH, week, ids, 1), side="right")
    own = uniforms(model.seed, Purpose.WISH, week, ids) < p["apprentices.wish_own"]
    s.skill[people] = np.where(own, y.skill[people], np.minimum(wish, len(SKILLS) - 1))
    s.wage_ref_cents[people] = round(FIRST_PAY * p["population.net_min_wage_eur"] * 100)


def stop(model: World, people: Array) -> None:
    """These people (rows) are no apprentices and seek to be none; what they were before holds."""
    s, y = model.state, Young.of(model.state)
    known = people[y.wage[people] >= 0]
    s.skill[known], s.wage_ref_cents[known] = y.skill[known], y.wage[known]
    s.apprentice[people] = False
    y.forget(people)
