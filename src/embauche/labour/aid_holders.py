"""Who has which aid, and what it lets her do: lists of each scheme, eligibility, vehicles lent, vouchers.

Lives here: Aid, fits, kit, adjusted. Not here: who is served next, and what it costs (labour.aids).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.core.scenario_aids import VEHICLES, BikeGrant, LicenceAid, Loan, Voucher, Who
from embauche.core.scenario_work import Childcare
from embauche.labour import social_fares
from embauche.labour.state import State
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
Scheme = Loan | LicenceAid | BikeGrant | Voucher | Childcare
WEEKS_A_YEAR = 52
# name, length (0: persons), what stands there at first, kind
_LISTS: tuple[tuple[str, int, int, type], ...] = (
    ("until", 0, -1, np.int32),
    ("since", 0, -1, np.int32),
    ("tries", 0, 0, np.int8),
    ("spent", 1, 0, np.int64),
)


@dataclass(frozen=True)
class Aid:
    """A scheme's part of the state, views on `State.kept`.

    Attributes:
        until: int32 [person] first week in which she no longer has it, -1 where she has none.
        since: int32 [person] week since which she waits, -1 where she does not.
        tries: int8 [person] exams failed; NO_MORE where an aid is given once and she has had it.
        spent: int64 [1] cents paid.
    """

    until: Array
    since: Array
    tries: Array
    spent: Array

    @classmethod
    def of(cls, state: State, scheme: Scheme) -> Aid:
        """The arrays of a scheme; empty ones where it has just begun."""
        n, kept = len(state.worker_id), {}
        for what, size, start, kind in _LISTS:
            name = f"aid.{scheme.name}.{what}"
            if name not in state.kept:
                state.kept[name] = np.full(size or n, start, kind)
            kept[what] = state.kept[name]
        return cls(**kept)


def cents(eur: float) -> int:
    """Whole cents, half up."""
    return int(np.floor(eur * 100.0 + 0.5))


def fits(model: World, who: Who) -> Array:
    """Residents who fit every line of `who` but its groups, bool [person]."""
    s, persons, communes = model.state, model.population.persons, model.territory.communes
    years = s.age_weeks // WEEKS_A_YEAR
    out: Array = ~communes.external[persons.commune] & (s.status != Status.INACTIVE)
    out &= (years >= who.age_min) & (years <= who.age_max) & (persons.quintile <= who.quintile_max)
    if who.car is not None:
        out &= model.can_drive() == who.car
    if who.licence is not None:
        out &= s.licence == who.licence
    if who.communes:
        out &= np.isin(persons.commune, communes_called(who.communes, communes))
    return out


def in_groups(state: State, groups: tuple[str, ...]) -> Array:
    """Apprentices, and the others by status; bool [person]."""
    out = state.apprentice & ("apprentice" in groups)
    for group, status in (("unemployed", Status.UNEMPLOYED), ("employed", Status.EMPLOYED)):
        if group in groups:
            out = out | (~state.apprentice & (state.status == status))
    return np.asarray(out, bool)


def kit(model: World, week: int | None = None) -> Array:
    """What each person has been lent or has bought with a grant, bits of VEHICLES, uint8 [person].

    Args:
        model: the model.
        week: this one, or the last before its step.
    """
    s, week = model.state, int(model.state.week[0]) if week is None else week
    out = np.zeros(len(s.worker_id), np.uint8)
    for scheme in model.settings.levers.schemes:
        if isinstance(scheme, Loan | BikeGrant):
            vehicle = scheme.vehicle if isinstance(scheme, Loan) else "ebike"
            out[Aid.of(s, scheme).until > week] |= np.uint8(VEHICLES[vehicle])
    return out


def household_cars(model: World) -> Array:
    """Cars of each household, those lent to its members too, int8 [household]."""
    cars: Array = model.population.households.cars
    if any(loan.vehicle == "car" for loan in model.settings.levers.loans):
        lent = (kit(model) & VEHICLES["car"]) != 0
        household = model.population.persons.household[lent]
        cars = (cars + np.bincount(household, minlength=len(cars))).astype(np.int8)
    return cars


def adjusted(model: World, fixed_eur: Array) -> Array:
    """Utilities that owe to no trip with the aids: who may use what is lent, or ask, and vouchers.

    Args:
        model: the model.
        fixed_eur: float64 [person, service], EUR a tour; left as it is.

    Returns:
        The same array where nothing adds to it.
    """
    levers, s = model.settings.levers, model.state
    by_some = any(v.kit or f"{v.name}.admitted" in s.kept for v in model.services)
    if not (by_some or levers.vouchers or social_fares.any_paid_back(model)):
        return fixed_eur
    fixed_eur = fixed_eur.copy()
    social_fares.adjust(model, fixed_eur)
    has: Array | None = None
    for row, service in enumerate(model.services):
        if service.kit:
            has = kit(model) if has is None else has
            fixed_eur[(has & service.kit) == 0, row] = -np.inf
        admitted = s.kept.get(f"{service.name}.admitted")
        if admitted is not None:
            fixed_eur[~admitted, row] = -np.inf
    for voucher in levers.vouchers:
        holds = holders(s, voucher)
        for row, service in enumerate(model.services):
            if service.name in voucher.services:
                fixed_eur[holds, row] += a_tour(voucher) / 100.0
    return fixed_eur


def a_tour(voucher: Voucher) -> int:
    """Cents of a voucher for one tour: a fifth of a week's part, half up."""
    return int(np.floor(voucher.eur_month * 1200.0 / WEEKS_A_YEAR / 5.0 + 0.5))


def holders(state: State, voucher: Voucher) -> Array:
    """Who has a voucher to spend this week, bool [person]; nobody once the budget is out."""
    aid = Aid.of(state, voucher)
    out = voucher.budget_eur is not None and int(aid.spent[0]) >= cents(voucher.budget_eur)
    return np.zeros(len(aid.until), bool) if out else np.asarray(aid.until > int(state.week[0]))
