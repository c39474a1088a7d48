"""What firms change about a post that stays empty: wage, requirement, hours, training, or they withdraw it.

Lives here: Retries and the week's changes. Not here: who is hired then (labour.hiring).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, pair_uniforms, uniforms
from embauche.labour.economy import has_centres
from embauche.labour.state import State
from embauche.labour.world import World
from embauche.population.schemas import Contract

Array = np.ndarray[Any, Any]
WAGE, REQUIREMENT, SHIFT, TRAIN = range(4)  # the turn in which a firm goes through them
_FIRST = ("retry.first_wage", "retry.first_requirement", "retry.first_shift", "retry.first_train")
_KEPT = (
    ("opening", np.int32, -1),
    ("raises", np.int8, 0),
    ("eased", np.int8, 0),
    ("trains", np.bool_, False),
)


@dataclass(frozen=True)
class Retries:
    """What firms have changed about the present openings; views on `State.kept`.

    Attributes:
        opening: int32 [post] opening that the others are about, -1 none yet.
        raises: int8 [post] rises of the wage.
        eased: int8 [post] steps by which less is asked.
        trains: bool [post] whether the firm hires below requirement and trains.
    """

    opening: Array
    raises: Array
    eased: Array
    trains: Array

    @classmethod
    def of(cls, state: State) -> Retries:
        """The state's arrays, made where they are missing."""
        for what, kind, start in _KEPT:
            state.kept.setdefault(f"retry.{what}@post", np.full(len(state.holder), start, kind))
        return cls(*(state.kept[f"retry.{what}@post"] for what, *_ in _KEPT))


def requirement(model: World, post: Array) -> Array:
    """Fit that each post asks now, training left out; float64 [post given]."""
    p, eased = model.parameters, Retries.of(model.state).eased[post]
    falls = p["hire.threshold_fall_per_week"] * model.state.weeks_open[post]
    return np.asarray(p["hire.threshold"] - falls - p["retry.requirement_step"] * eased)


def least(model: World, post: Array) -> Array:
    """Fit with which each post can be had: less than asked where the firm trains. float64 [post given]."""
    trains = Retries.of(model.state).trains[post]
    return requirement(model, post) - np.where(trains, model.parameters["retry.train_fit"], 0.0)


def retry(model: World) -> None:
    """The week's changes, after its separations; what was changed for an opening ends with it."""
    s, p = model.state, model.parameters
    posts, kept = model.population.posts, Retries.of(s)
    vacant = np.flatnonzero(s.active & (s.holder < 0))
    new = vacant[kept.opening[vacant] != s.opening[vacant]]
    kept.opening[new] = s.opening[new]
    kept.raises[new] = kept.eased[new] = 0
    kept.trains[new] = False
    _restore(model, new)
    inside = ~model.population.firms.external[posts.firm[vacant]]
    every = int(p["retry.every_weeks"])
    due = vacant[inside & (s.weeks_open[vacant] > 0) & (s.weeks_open[vacant] % every == 0)]
    luck = pair_uniforms(model.seed, Purpose.WITHDRAW, int(s.week[0]), posts.post_id[due], s.opening[due])
    season = has_centres(model) & (posts.contract[due] == Contract.APPRENTICESHIP)
    ends = (luck < p["retry.withdraw"]) & ~season
    s.active[due[ends]], s.weeks_open[due[ends]] = False, 0
    due, season = due[~ends], season[~ends]
    measure = (_first(model, due) + s.weeks_open[due] // every - 1) % 4
    measure[season] = REQUIREMENT  # the law sets their pay, the course their hours, the season when they end
    kept.raises[due[measure == WAGE]] += 1
    eased = _reshift(model, due[measure == SHIFT])
    train = due[measure == TRAIN]
    eased = np.concatenate([eased, train[kept.trains[train]], due[measure == REQUIREMENT]])
    kept.trains[train] = True
    kept.eased[eased] += 1
    rise = np.minimum(p["retry.raise_max"], p["retry.raise_share"] * kept.raises[due])
    s.wage_cents[due] = np.floor(model.grid_cents[due] * (1.0 + rise) + 0.5).astype(np.int32)


def _first(model: World, post: Array) -> Array:
    """The measure that each post's firm takes first, int64 [post given]."""
    weight = np.array([model.parameters[name] for name in _FIRST])
    firm_id = model.population.firms.firm_id[model.population.posts.firm[post]]
    luck = uniforms(model.seed, Purpose.RETRY, 0, firm_id) * weight.sum()
    return np.asarray(np.minimum(np.searchsorted(np.cumsum(weight), luck, side="right"), 3))


def _restore(model: World, post: Array) -> None:
    """Give posts whose hours were changed for an opening that is over their own again."""
    s = model.state
    changed = post[s.reshift[post] >= 0]
    model.reshift(changed, model.population.posts.shift[changed])
    s.reshift[changed] = -1


def _reshift(model: World, post: Array) -> Array:
    """Offer the firm's least unusual hours instead; returns posts that have these already, or no choice."""
    posts, cost = model.population.posts, model.traits.shift_eur[0]
    calm = model.hr.calmest[posts.firm[post]]
    better = (posts.contract[post] != Contract.APPRENTICESHIP) & (calm >= 0)
    better &= cost[calm] < cost[model.post_shift[post]]
    model.reshift(post[better], calm[better])
    return np.asarray(post[~better])
