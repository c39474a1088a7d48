"""HR capacity: how many applications a firm can screen, vacancies it can handle, how fast it decides.

Lives here: Hr, and which vacancies are handled. Not here: applications themselves (labour.applications).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, pair_uniforms
from embauche.core.parameters import Parameters
from embauche.population.population import Population
from embauche.population.schemas import Contract, SizeClass

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
ADVERTISED = "hiring.advertised@post"
NO_BOUND = int(np.iinfo(np.int32).max)


@dataclass(frozen=True)
class Hr:
    """HR services: each firm's own.

    Attributes:
        unit: int32 [firm] row of the HR service.
        screening: int64 [unit] applications that it can screen in a week.
        handled: int64 [unit] vacancies that it can handle at once.
        decide_weeks: float64 [unit] weeks from screening to decision, in the mean.
        calmest: int16 [firm] the shift of its posts with the least unusual hours, -1 without any.
    """

    unit: Array
    screening: Array
    handled: Array
    decide_weeks: Array
    calmest: Array

    @classmethod
    def make(cls, population: Population, p: Parameters, shift_cost: Array) -> Hr:
        """One service a firm; an external firm stands for many, each with few vacancies."""
        firms, posts = population.firms, population.posts
        screening = firms.screening.astype(np.int64)
        handled = np.maximum(1, np.floor(screening * p["hire.handled_share"])).astype(np.int64)
        handled[firms.external] = NO_BOUND
        weeks = np.array([p[f"hire.decide_weeks_{s.name.lower()}"] for s in SizeClass])
        calmest = np.full(len(firms), -1, np.int16)
        own = np.flatnonzero(posts.contract != Contract.APPRENTICESHIP)
        own = own[np.lexsort((-posts.shift[own].astype(np.int64), -shift_cost[posts.shift[own]]))]
        calmest[posts.firm[own]] = posts.shift[own]  # the last of each firm stays
        unit = np.arange(len(firms), dtype=np.int32)
        return cls(unit, screening, handled, weeks[firms.size_class], calmest)

    def wait(self, model: World, post: Array) -> Array:
        """Weeks from screening to decision for the present openings of posts, int64 [post given]."""
        posts = model.population.posts
        mean = self.decide_weeks[self.unit[posts.firm[post]]]
        luck = pair_uniforms(model.seed, Purpose.DECISION, 0, posts.post_id[post], model.state.opening[post])
        weeks: Array = np.floor(mean + luck).astype(np.int64)
        return weeks


def rank_within(group: Array) -> Array:
    """How many of the same group stand before each, in the order given; int64 [member]."""
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], group[order])
    out = np.empty(len(group), np.int64)
    out[order] = np.arange(len(group)) - first
    return out


def advertise(model: World, hr: Hr) -> None:
    """Say which vacancies are handled this week: the oldest that each HR service has room for."""
    s, posts = model.state, model.population.posts
    vacant = np.flatnonzero(s.active & (s.holder < 0))
    vacant = vacant[np.lexsort((posts.post_id[vacant], -s.weeks_open[vacant]))]
    unit = hr.unit[posts.firm[vacant]]
    out = np.zeros(len(posts), bool)
    out[vacant[rank_within(unit) < hr.handled[unit]]] = True
    s.kept[ADVERTISED] = out
