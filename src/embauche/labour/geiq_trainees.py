"""Apprentices of employers' groups: a GEIQ signs with young people whom no member took, for members' posts.

Lives here: whom it signs with, who is its apprentice, what they cost. Not here: seats, pay and the contract's
course (labour.apprentices), people without work whom it lends (labour.geiq).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import meant
from embauche.core.scenario_recruitment import Geiq
from embauche.labour.cohort import Young, seeking
from embauche.labour.lottery import best_of
from embauche.labour.seasons import trains, vacant
from embauche.labour.shared_costs import pay

if TYPE_CHECKING:
    from embauche.labour.state import State
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
Signed = list[tuple[Geiq, Array, Array]]
NONE = -1


def trainees(state: State, entry: Geiq) -> Array:
    """Row of the post for which each person has signed with a GEIQ, -1 none, int32 [person]; a view."""
    none = np.full(len(state.worker_id), NONE, np.int32)
    return state.kept.setdefault(f"geiq.{entry.name}.trainee", none)


def step(model: World) -> None:
    """Before the search: whose contract is over or broken is no longer the group's; what the others cost."""
    s = model.state
    for entry in model.settings.recruitment.geiq:
        if model.seats is None or not entry.apprentices:
            continue
        mine, ahead = trainees(s, entry), Young.of(s).post
        mine[~s.apprentice | ((mine != s.post) & (mine != ahead))] = NONE
        people = int(((mine >= 0) & (mine == s.post)).sum())
        own = entry.cost_eur_week - entry.aid_eur_week
        pay(model, entry.name, entry.payer, entry.authority, "geiq", own * people)
        pay(model, entry.name, "region", "", "geiq aid", entry.aid_eur_week * people)


def offer(model: World, post: Array, person: Array) -> Signed:
    """Members' posts on offer that nobody took this week, and who seeks and would gain most by each.

    Args:
        model: the model.
        post, person: rows of the week's matches.

    Returns:
        By group: posts and persons (rows), int32, in addition; seats decide whether they sign.
    """
    out: Signed = []
    groups = [g for g in model.settings.recruitment.geiq if g.apprentices] if model.seats is not None else []
    if not groups:
        return out
    s, posts = model.state, model.population.posts
    free, looks = vacant(model) & trains(model), seeking(model)
    free[post] = looks[person] = False
    for entry in groups:
        members = meant(entry.employers, model.population, model.territory.communes)
        open_ = np.flatnonzero(free & members[posts.firm] & (s.weeks_open >= entry.after_weeks))
        open_ = open_[np.lexsort((posts.post_id[open_], -s.weeks_open[open_]))].astype(np.int32)
        room = max(0, entry.apprentices - int((trainees(s, entry) >= 0).sum()))
        where, who = best_of(model, entry.name, np.flatnonzero(looks), open_[:room])
        free[where] = looks[who] = False
        out.append((entry, where, who))
    return out


def sign(model: World, offered: Signed) -> None:
    """Take note of who of these got a seat, and so has signed."""
    s = model.state
    ahead = Young.of(s).post
    for entry, where, who in offered:
        here = (ahead[who] == where) | (s.post[who] == where)
        trainees(s, entry)[who[here]] = where[here]
        model.shared_hr.add(entry.name, "signed", s.worker_id[who[here]], where[here])


def kept_share(model: World, people: Array, post: Array) -> Array:
    """Share of these (rows), who complete contracts in posts (rows), that the firm wants to keep, float64."""
    out = np.full(len(people), model.parameters["apprentices.kept"])
    for entry in model.settings.recruitment.geiq:
        if entry.apprentices:
            out[trainees(model.state, entry)[people] == post] = entry.pass_on
    return out
