"""HR capacity: how many applications a firm can screen, vacancies it can handle, how fast it decides.

Lives here: Hr, and which vacancies are handled. Not here: applications themselves (labour.applications).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import meant
from embauche.core.draws import Purpose, pair_uniforms
from embauche.core.parameters import Parameters
from embauche.core.settings import Settings
from embauche.core.table import Table
from embauche.labour.seasons import vacant
from embauche.labour.shared_costs import pay
from embauche.population.population import Population
from embauche.population.schemas import Contract, SizeClass

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
ADVERTISED = "hiring.advertised@post"
_LARGER = np.array([10, 50, 250])  # posts from which a firm is of the next size class
NO_BOUND = int(np.iinfo(np.int32).max)


@dataclass(frozen=True)
class Hr:
    """HR services: each firm's own, or a pool's.

    Attributes:
        unit: int32 [firm] row of the HR service.
        screening: int64 [unit] applications that it can screen in a week.
        handled: int64 [unit] vacancies that it can handle at once.
        decide_weeks: float64 [unit] weeks from screening to decision, in the mean.
        agency_weeks: the most that an agency takes to decide on its posts, in the mean.
        calmest: int16 [firm] the shift of its posts with the least unusual hours, -1 without any.
    """

    unit: Array
    screening: Array
    handled: Array
    decide_weeks: Array
    agency_weeks: float
    calmest: Array

    @classmethod
    def make(
        cls, population: Population, p: Parameters, shift_cost: Array, settings: Settings, communes: Table
    ) -> Hr:
        """One service a firm, and one for the members of each pool together; of several the first holds.

        An external firm stands for many, each with few vacancies.

        Raises:
            UserError: a pool names a commune or a firm that is not there.
        """
        firms, posts = population.firms, population.posts
        screening = firms.screening.astype(np.int64)
        handled = np.maximum(1, np.floor(screening * p["hire.handled_share"])).astype(np.int64)
        screening[firms.external] = handled[firms.external] = NO_BOUND
        weeks = np.array([p[f"hire.decide_weeks_{s.name.lower()}"] for s in SizeClass])
        calmest = np.full(len(firms), -1, np.int16)
        own = np.flatnonzero(posts.contract != Contract.APPRENTICESHIP)
        own = own[np.lexsort((-posts.shift[own].astype(np.int64), -shift_cost[posts.shift[own]]))]
        calmest[posts.firm[own]] = posts.shift[own]  # the last of each firm stays
        unit = np.arange(len(firms), dtype=np.int32)
        decide = weeks[firms.size_class]
        size = np.bincount(posts.firm[posts.active], minlength=len(firms))
        free = np.ones(len(firms), bool)
        for pool in settings.recruitment.pools:
            mine = np.flatnonzero(meant(pool.employers, population, communes) & free)
            free[mine] = False
            if len(mine):
                first = mine[np.argmin(firms.firm_id[mine])]
                unit[mine] = first
                screening[first], handled[first] = screening[mine].sum(), handled[mine].sum()
                decide[first] = weeks[np.searchsorted(_LARGER, size[mine].sum(), side="right")]
        return cls(unit, screening, handled, decide, p["hire.decide_weeks_agency"], calmest)

    def wait(self, model: World, post: Array) -> Array:
        """Weeks from screening to decision for the present openings of posts, int64 [post given].

        An agency chooses from its own books, so that it keeps no client waiting longer than it needs itself.
        Vacancies of the start (first openings) have been open for some time: a random part of it is left.
        """
        posts = model.population.posts
        mean = self.decide_weeks[self.unit[posts.firm[post]]]
        mean = np.where(by_agency(model)[post], np.minimum(mean, self.agency_weeks), mean)
        opening = model.state.opening[post]
        luck = pair_uniforms(model.seed, Purpose.DECISION, 0, posts.post_id[post], opening)
        left = np.where(opening == 0, luck * (mean + 1.0), mean + luck)
        weeks: Array = np.floor(left).astype(np.int64)
        return weeks


def by_agency(model: World) -> Array:
    """Posts for which an agency recruits now, bool [post]: it advertises, screens and decides itself."""
    out: Array = model.post_contract == Contract.AGENCY
    return out


def rank_within(group: Array) -> Array:
    """How many of the same group stand before each, in the order given; int64 [member]."""
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], group[order])
    out = np.empty(len(group), np.int64)
    out[order] = np.arange(len(group)) - first
    return out


def advertise(model: World, hr: Hr) -> None:
    """Say which vacancies are handled this week: the oldest that each HR service has room for.

    Those of agencies take none of that room.
    """
    s, posts = model.state, model.population.posts
    open_ = np.flatnonzero(vacant(model))
    out = np.zeros(len(posts), bool)
    out[open_[by_agency(model)[open_]]] = True
    open_ = open_[~out[open_]]
    open_ = open_[np.lexsort((posts.post_id[open_], -s.weeks_open[open_]))]
    unit = hr.unit[posts.firm[open_]]
    out[open_[rank_within(unit) < hr.handled[unit]]] = True
    s.kept[ADVERTISED] = out


def pay_pools(model: World) -> None:
    """Enter a week's cost of pools and networks: so much a member."""
    recruitment, communes = model.settings.recruitment, model.territory.communes
    for entry in (*recruitment.pools, *recruitment.network):
        members = int(meant(entry.employers, model.population, communes).sum())
        eur = entry.cost_eur_week * members
        pay(model, entry.name, entry.payer, entry.authority, "shared HR", eur)
