"""Groupements d'employeurs (GEIQ): they hire people without work, lend them to members in turn, pass them on.

Lives here: contracts, the week's ends and costs, who is lent where. Not here: the moves (labour.hiring).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.employers import meant
from embauche.core.causes import Cause
from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.scenario_recruitment import Geiq
from embauche.kernels.separations import ENTRY_WEEKS
from embauche.labour.aid_holders import fits, in_groups
from embauche.labour.ends import end_jobs
from embauche.labour.lottery import best_of
from embauche.labour.shared_costs import pay
from embauche.labour.state import State
from embauche.labour.values import pair_utilities
from embauche.labour.world import World
from embauche.population.schemas import Contract, Status

Array = np.ndarray[Any, Any]
_KEPT = (("until", -1), ("turn", -1), ("post", -1))


@dataclass(frozen=True)
class Contracts:
    """Whom a GEIQ employs; views on `State.kept`.

    Attributes:
        until: int32 [person] first week after her contract, -1 where she has none.
        turn: int32 [person] week in which she came to her (last) member, -1 never: each is taken on once.
        post: int32 [person] row of the member's post.
    """

    until: Array
    turn: Array
    post: Array

    @classmethod
    def of(cls, state: State, entry: Geiq) -> Contracts:
        """The arrays of a GEIQ; empty ones where it has just begun."""
        names = [f"geiq.{entry.name}.{what}" for what, _ in _KEPT]
        for name, (_, start) in zip(names, _KEPT, strict=True):
            state.kept.setdefault(name, np.full(len(state.worker_id), start, np.int32))
        return cls(*(state.kept[name] for name in names))


def step(model: World) -> None:
    """Before the search: contracts that are over or were left; who is trained has the post's trade; costs."""
    for entry in model.settings.recruitment.geiq:
        _begin(model, entry)


def _begin(model: World, entry: Geiq) -> None:
    s, posts, week = model.state, model.population.posts, int(model.state.week[0])
    c = Contracts.of(s, entry)
    c.until[s.age_weeks == ENTRY_WEEKS] = c.turn[s.age_weeks == ENTRY_WEEKS] = -1
    gone = np.flatnonzero((c.until >= 0) & ((s.status != Status.EMPLOYED) | (s.post != c.post)))
    model.shared_hr.add(entry.name, "left", s.worker_id[gone], c.post[gone])
    c.until[gone] = -1
    over = np.flatnonzero((c.until >= 0) & (c.until <= week))
    post = s.post[over]
    s.skill[over] = posts.skill[post]
    s.level[over] = np.maximum(s.level[over], posts.level[post])
    luck = uniforms(model.seed, Purpose.PASS_ON, week, s.worker_id[over], stable_id(entry.name))
    stays = luck < entry.pass_on
    model.post_contract[post[stays]] = Contract.CDI
    model.shared_hr.add(entry.name, "passed_on", s.worker_id[over[stays]], post[stays])
    model.shared_hr.add(entry.name, "ended", s.worker_id[over[~stays]], post[~stays])
    end_jobs(model, over[~stays], Cause.CONTRACT_END)
    c.until[over] = -1
    people = int((c.until >= 0).sum())
    own = entry.cost_eur_week - entry.aid_eur_week
    pay(model, entry.name, entry.payer, entry.authority, "geiq", own * people)
    pay(model, entry.name, "region", "", "geiq aid", entry.aid_eur_week * people)


def lend(model: World, post: Array, person: Array) -> tuple[Array, Array]:
    """Whom GEIQs put into members' vacancies that nobody took this week.

    Args:
        model: the model.
        post, person: rows of the week's other hires.

    Returns:
        Posts and persons (rows) more, int32 [hire].
    """
    free_post = model.state.active & (model.state.holder < 0)
    free_post[post] = False
    busy = np.zeros(len(model.state.worker_id), bool)
    busy[person] = True
    out: list[tuple[Array, Array]] = []
    for entry in model.settings.recruitment.geiq:
        for where, who, event in _lent_by(model, entry, free_post, busy):
            free_post[where], busy[who] = False, True
            model.shared_hr.add(entry.name, event, model.state.worker_id[who], where)
            out.append((where, who))
    none = np.zeros(0, np.int32)
    return (
        np.concatenate([none, *(where for where, _ in out)]).astype(np.int32),
        np.concatenate([none, *(who for _, who in out)]).astype(np.int32),
    )


def _lent_by(model: World, entry: Geiq, free_post: Array, busy: Array) -> list[tuple[Array, Array, str]]:
    s, posts, week = model.state, model.population.posts, int(model.state.week[0])
    members = meant(entry.employers, model.population, model.territory.communes)
    open_ = free_post & members[posts.firm] & (s.weeks_open >= entry.after_weeks)
    vacant = np.flatnonzero(open_ & (posts.contract != Contract.APPRENTICESHIP))
    vacant = vacant[np.lexsort((posts.post_id[vacant], -s.weeks_open[vacant]))].astype(np.int32)
    c = Contracts.of(s, entry)
    where, who = _in_turn(model, entry, c, vacant, busy)
    c.turn[who], c.post[who] = week, where
    left = vacant[~np.isin(vacant, where)][: max(0, entry.places - int((c.until >= 0).sum()))]
    new_where, new_who = _taken_on(model, entry, c, left, busy)
    c.until[new_who], c.turn[new_who], c.post[new_who] = week + entry.weeks, week, new_where
    return [(where, who, "lent"), (new_where, new_who, "hired")]


def _in_turn(model: World, entry: Geiq, c: Contracts, vacant: Array, busy: Array) -> tuple[Array, Array]:
    """Who goes to another member's vacancy of her trade: those longest with one first."""
    s, posts, week = model.state, model.population.posts, int(model.state.week[0])
    due = np.flatnonzero((c.until > week + 1) & (week - c.turn >= entry.turn_weeks) & ~busy)
    due = due[np.lexsort((s.worker_id[due], c.turn[due]))].astype(np.int32)
    where, who, left = [], [], vacant.tolist()
    for person in due.tolist():
        firm, skill = posts.firm[s.post[person]], posts.skill[s.post[person]]
        hit = next((v for v in left if posts.skill[v] == skill and posts.firm[v] != firm), None)
        if hit is not None:
            left.remove(hit)
            where.append(hit)
            who.append(person)
    place, people = np.array(where, np.int32), np.array(who, np.int32)
    can = np.isfinite(pair_utilities(model, people, place))
    return place[can], people[can]


def _taken_on(model: World, entry: Geiq, c: Contracts, vacant: Array, busy: Array) -> tuple[Array, Array]:
    """Whom it takes on for these vacancies, the oldest first: of a lottery, who would gain most by it."""
    s = model.state
    fit = fits(model, entry.who) & in_groups(s, entry.who.groups) & ~busy & (c.turn < 0)
    return best_of(model, entry.name, np.flatnonzero(fit), vacant)
