"""How hard people search: what it costs, benefits and their end, weariness, giving up and coming back.

Lives here: Effort, chances to search, reservation. Not here: what they see (channels), the week (search).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.labour.cohort import as_searchers, seeking
from embauche.labour.courses import search_factor
from embauche.population.schemas import Status

if TYPE_CHECKING:
    from embauche.core.parameters import Parameters
    from embauche.labour.state import State
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
WHOLE = 64  # weariness of who has searched in vain every week for long
SENIOR_WEEKS = 55 * 52
MONTH = 52.0 / 12.0


@dataclass(frozen=True)
class Effort:
    """Search's part of the state, [person], views on `State.kept`.

    Attributes:
        benefit: int16 weeks of unemployment benefit that she may still draw.
        weary: int16 weariness, eighths of weeks searched in vain, fading by an eighth a week.
        gave_up: uint8 whether she has left activity because she found nothing.
    """

    benefit: Array
    weary: Array
    gave_up: Array

    @classmethod
    def of(cls, state: State, p: Parameters) -> Effort:
        """The state's; at first benefit follows from the time spent in the present status."""
        kept, n = state.kept, len(state.worker_id)
        if "search.benefit" not in kept:
            most = most_weeks(state.age_weeks, p)
            left = np.where(state.status == Status.EMPLOYED, state.spell, most - state.spell)
            left = np.where(state.status == Status.INACTIVE, 0, np.clip(left, 0, most))
            kept["search.benefit"] = left.astype(np.int16)
            kept["search.weary"] = np.zeros(n, np.int16)
            kept["search.gave_up"] = np.zeros(n, np.uint8)
        return cls(kept["search.benefit"], kept["search.weary"], kept["search.gave_up"])


def most_weeks(age_weeks: Array, p: Parameters) -> Array:
    """Longest benefit at an age, weeks, int64."""
    weeks = round(p["benefit.most_weeks"]), round(p["benefit.most_weeks_senior"])
    return np.where(age_weeks >= SENIOR_WEEKS, weeks[1], weeks[0])


def live_on(model: World) -> None:
    """Start of a week: benefits are earned and used up; some of the weary give up, some come back."""
    s, p = model.state, model.parameters
    effort, week = Effort.of(s, p), int(s.week[0])
    effort.benefit[:] = np.where(
        s.status == Status.EMPLOYED,
        np.minimum(effort.benefit + 1, most_weeks(s.age_weeks, p)),
        np.maximum(effort.benefit - (s.status == Status.UNEMPLOYED), 0),
    )
    new = s.age_weeks == 15 * 52
    effort.benefit[new] = 0
    effort.weary[new | (s.status != Status.UNEMPLOYED)] = 0
    effort.gave_up[new | (s.status != Status.INACTIVE)] = 0
    weary = np.flatnonzero((effort.weary > 0) & ~s.apprentice)
    luck = uniforms(model.seed, Purpose.GIVE_UP, week, s.worker_id[weary])
    leave = weary[luck < p["search.give_up"] * effort.weary[weary] / WHOLE]
    away = np.flatnonzero(effort.gave_up)
    back = away[uniforms(model.seed, Purpose.COME_BACK, week, s.worker_id[away]) < p["search.come_back"]]
    s.status[leave], s.status[back] = Status.INACTIVE, Status.UNEMPLOYED
    s.spell[leave] = s.spell[back] = 0
    effort.gave_up[leave], effort.gave_up[back], effort.weary[leave] = 1, 0, 0


def means_eur(model: World, person: Array) -> Array:
    """What people without work (rows) live on, EUR a month, float64."""
    s, p = model.state, model.parameters
    drawn = s.wage_ref_cents[person] / 100.0 * p["search.reservation_floor"]
    entitled = Effort.of(s, p).benefit[person] > 0
    return np.where(entitled, drawn, np.minimum(p["benefit.rsa_eur"], drawn))


def who_searches(model: World, utility: Array) -> Array:
    """Whether each person searches this week, bool [person].

    Args:
        model: the model.
        utility: float64 [person] utility of the present post.
    """
    s, p = model.state, model.parameters
    effort = Effort.of(s, p)
    rate = np.zeros(len(s.worker_id))
    bound = s.apprentice & (model.seats is not None)  # an apprentice, or she seeks to be one and nothing else
    idle = np.flatnonzero((s.status == Status.UNEMPLOYED) & ~bound)
    fading = p["search.intensity"] * np.exp(-s.spell[idle] / p["search.fade_weeks"]) + p["search.floor"]
    afford = np.maximum(0.0, 1.0 - p["search.cost_eur"] * MONTH / means_eur(model, idle))
    keen = np.exp(-p["search.weariness"] * effort.weary[idle] / WHOLE)
    rate[idle] = fading * afford * keen * search_factor(model)[idle]
    held = np.flatnonzero((s.status == Status.EMPLOYED) & ~bound)
    strain = s.wage_ref_cents[held] / 100.0 * p["search.reservation_floor"] - utility[held]
    rate[held] = p["search.on_the_job"] * np.exp(np.clip(strain / p["search.stress_eur"], -2.0, 2.0))
    if model.seats is not None:
        rate[seeking(model)] = p["apprentices.intensity"]
    out = uniforms(model.seed, Purpose.SEARCH, int(s.week[0]), s.worker_id) < rate
    effort.weary[idle] = effort.weary[idle] * 7 // 8 + 8 * out[idle]
    return out


def reservation(model: World, person: Array, utility: Array) -> Array:
    """Least utility for which each person (rows) would take a post, EUR a month, float64.

    It falls with time, to the benefit while she draws it, then on to social assistance (RSA).

    Args:
        model: the model.
        person: rows of persons in work or who want work.
        utility: float64 [all persons] utility of the present post.
    """
    s, p = model.state, model.parameters
    wage_ref, floor = s.wage_ref_cents[person] / 100.0, p["search.reservation_floor"]
    falling = (
        p["search.reservation_start"] - p["search.reservation_fall_per_week"] * as_searchers(model)[1][person]
    )
    least = np.minimum(p["benefit.rsa_eur"], wage_ref * floor)
    after = np.maximum(least, wage_ref * np.minimum(floor, falling))
    entitled = Effort.of(s, p).benefit[person] > 0
    idle = np.where(entitled, wage_ref * np.maximum(floor, falling), after)
    return np.where(s.post[person] >= 0, utility[person] + p["search.switch_eur"], idle)
