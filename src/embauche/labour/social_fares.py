"""Social fares: part of what riders of some groups pay comes back to them from the authority.

Lives here: adjust, refund. Not here: fares themselves (commuting.fares).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.fares import reductions
from embauche.core.accounts import REGION, USER, authority
from embauche.core.ledger import Ledger

if TYPE_CHECKING:
    from embauche.labour.world import World
    from embauche.services.accounting import Done

Array = np.ndarray[Any, Any]


def any_paid_back(model: World) -> bool:
    """Whether any rider gets part of a fare back."""
    plan = model.settings.fares
    return bool(plan and plan.social)


def adjust(model: World, fixed_eur: Array) -> None:
    """Add what riders get back to the utility of the services that the fares hold for.

    Exact for who has a post and for flat fares; who has none is taken to pay the mean fare of the
    riders-to-be of her commune (of all, where nobody there has a post).

    Args:
        model: the model.
        fixed_eur: float64 [person, service], EUR a tour; changed in place.
    """
    if not any_paid_back(model):
        return
    plan = model.settings.fares
    share = reductions(plan.social, model.population.persons, model.state.age_weeks)
    for row, service in enumerate(model.services):
        if service.name in plan.services:
            fixed_eur[:, row] += share * own_fares(model, row)


def own_fares(model: World, service: int) -> Array:
    """What a tour by a service costs each person, EUR, float64 [person]: the mean over her post's classes."""
    book, commune = model.book, model.population.persons.commune
    count = book.end - book.start
    person = np.repeat(np.arange(len(count)), count)
    first = np.repeat(book.start - np.cumsum(count) + count, count)
    cell = first + np.arange(len(person))
    offered = np.isfinite(book.offers.out_min[service, cell])
    person, eur = person[offered], book.offers.eur[service, cell[offered]].astype(np.float64)
    n = np.bincount(person, minlength=len(count))
    mean = np.bincount(person, eur, minlength=len(count)) / np.maximum(n, 1)
    known = n > 0
    if not known.any():
        return np.zeros(len(count))
    places = int(commune.max()) + 1
    riders = np.bincount(commune[known], minlength=places)
    by_commune = np.bincount(commune[known], mean[known], minlength=places) / np.maximum(riders, 1)
    by_commune[riders == 0] = mean[known].mean()
    return np.where(known, mean, by_commune[commune])


def refund(model: World, service: str, done: Done, ledger: Ledger) -> None:
    """Enter what riders get back: from the authority where they live, else from the region.

    Args:
        model: the model.
        service: name of the service ridden.
        done: tours made by it.
        ledger: where to enter it.
    """
    plan = model.settings.fares
    if not plan.social or service not in plan.services:
        return
    share = reductions(plan.social, model.population.persons, model.state.age_weeks)[done.person]
    back = np.floor(done.cents * share + 0.5).astype(np.int64) * done.tours
    who = model.network.jurisdiction
    area = who.area[done.home]
    for k in np.unique(area).tolist():
        rows = np.flatnonzero(area == k)
        system = who.rules[k].name if k >= 0 else REGION
        payer = authority(system) if k >= 0 else REGION
        ledger.pay_many(service, system, payer, USER, "social fare", back[rows], done.home[rows], done.codes)
