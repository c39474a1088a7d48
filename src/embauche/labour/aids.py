"""Aids to persons (solidarity mobility): loans, licence aid, e-bike grants, vouchers; who is served when.

Lives here: eligibility, waiting lists, stocks, budgets, what an aid lets a person do. Not here: what is paid
tour by tour (labour.payments), the ways to travel that a loan opens (services.scooter, services.ebike).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import REGION, STATE, SUPPLIER, USER, Ledger, authority
from embauche.core.scenario_aids import VEHICLES, BikeGrant, LicenceAid, Loan, Voucher, Who
from embauche.labour import social_fares
from embauche.labour.state import ADULT_WEEKS, State
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
Scheme = Loan | LicenceAid | BikeGrant | Voucher
SERVICE = "solidarity"  # under which the books show aids; the system is the scheme
FOREVER = int(np.iinfo(np.int32).max)
NO_MORE = -1  # tries of somebody who has had her aid
WEEKS_A_YEAR = 52
LEARNER_WEEKS = 17 * 52
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


def payer_of(scheme: Scheme) -> str:
    """The account that pays for a scheme."""
    if scheme.payer == "authority":
        return authority(scheme.authority)
    return {"region": REGION, "state": STATE}.get(scheme.payer, scheme.payer)


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


def step(model: World, ledger: Ledger) -> None:
    """One week of all schemes, before its search: ends, exams, applications, who is served next.

    Changes the state; whoever can travel otherwise than last week weighs the services anew.
    """
    s, week = model.state, int(model.state.week[0])
    schemes = model.settings.levers.schemes
    _admit(model)
    if not schemes:
        return
    before = kit(model, week - 1), s.licence.copy()
    entrants = s.age_weeks == 15 * WEEKS_A_YEAR
    for scheme in schemes:
        aid = Aid.of(s, scheme)
        aid.until[entrants] = aid.since[entrants] = -1
        aid.tries[entrants] = 0
        if isinstance(scheme, Voucher):
            holds = fits(model, scheme.who) & in_groups(s, scheme.who.groups)
            holds &= _draw(model, Purpose.TAKE_UP, 0, scheme) < scheme.take_up
            aid.until[holds] = week + scheme.weeks
        else:
            _end(model, scheme, aid, week)
            _queue(model, scheme, aid, week, ledger)
    s.shocked |= (kit(model) != before[0]) | (s.licence != before[1])


def _admit(model: World) -> None:
    """Who may ask for services that are for some only (`who` among their options), as of this week."""
    s = model.state
    for service in model.services:
        who = getattr(service.options, "who", None)
        if who is not None:
            now = fits(model, who) & in_groups(s, who.groups)
            s.shocked |= now != s.kept.get(f"{service.name}.admitted", now)
            s.kept[f"{service.name}.admitted"] = now


def _draw(model: World, purpose: Purpose, week: int, scheme: Scheme) -> Array:
    return uniforms(model.seed, purpose, week, model.state.worker_id, stable_id(scheme.name))


def _end(model: World, scheme: Scheme, aid: Aid, week: int) -> None:
    """Loans that are over, and exams."""
    s, p = model.state, model.parameters
    if isinstance(scheme, BikeGrant):
        return
    over = (aid.until >= 0) & ((aid.until <= week) | (s.status == Status.INACTIVE))
    if isinstance(scheme, LicenceAid):
        due = (aid.until >= 0) & (aid.until <= week)
        passed = due & ((_draw(model, Purpose.EXAM, week, scheme) < p["licence.pass_rate"]) | s.licence)
        s.licence[passed] = True
        aid.tries[due & ~passed] += 1
        over = passed | (due & (aid.tries >= int(p["licence.tries"])))
        aid.tries[over] = NO_MORE
        again = due & ~over
        aid.until[again] = week + int(p["licence.retry_weeks"])
    aid.until[over] = -1


def _queue(model: World, scheme: Loan | LicenceAid | BikeGrant, aid: Aid, week: int, ledger: Ledger) -> None:
    """Applications, the waiting list, and who is served from it while stock and budget last."""
    s, p = model.state, model.parameters
    fit = fits(model, scheme.who) & (aid.until < 0) & (aid.tries != NO_MORE)
    chance = p["aid.apply"]
    if isinstance(scheme, LicenceAid):
        fit &= ~s.licence & (s.age_weeks >= LEARNER_WEEKS)
    elif isinstance(scheme, BikeGrant):
        fit &= (kit(model) & VEHICLES["ebike"]) == 0
        share = min(1.0, scheme.grant_eur / p["grant.price_eur"])
        chance = p["grant.buy_year"] * share / WEEKS_A_YEAR
    elif scheme.vehicle == "car":
        fit &= s.licence & (s.age_weeks >= ADULT_WEEKS)
    chance = chance if scheme.apply is None else scheme.apply
    aid.since[~fit] = -1
    asks = fit & (aid.since < 0) & in_groups(s, scheme.who.groups)
    asks &= _draw(model, Purpose.APPLY, week, scheme) < chance
    aid.since[asks] = week
    waiting = np.flatnonzero(aid.since >= 0)
    luck = _draw(model, Purpose.AID_ORDER, 0, scheme)[waiting]
    later = ~in_groups(s, scheme.first)[waiting]
    order = waiting[np.lexsort((s.worker_id[waiting], luck, aid.since[waiting], later))]
    served = order[: _room(scheme, aid, week)]
    aid.since[served] = -1
    _give(model, scheme, aid, week, served, ledger)


def _room(scheme: Loan | LicenceAid | BikeGrant, aid: Aid, week: int) -> int:
    """How many more can be served: free stock or places, and what the budget still pays for."""
    room, price, promised = FOREVER, 0, 0
    if isinstance(scheme, Loan):
        a_week = cents(scheme.cost_eur_week) - cents(scheme.fee_eur_week)
        left = np.maximum(aid.until.astype(np.int64) - week, 0)
        room, price = scheme.stock - int((left > 0).sum()), a_week * scheme.weeks
        promised = a_week * int(left.sum())
    elif isinstance(scheme, LicenceAid):
        room, price = scheme.places - int((aid.until >= 0).sum()), cents(scheme.aid_eur)
    else:
        price = cents(scheme.grant_eur)
    if scheme.budget_eur is not None and price > 0:
        room = min(room, (cents(scheme.budget_eur) - int(aid.spent[0]) - promised) // price)
    return max(room, 0)


def _give(
    model: World, scheme: Loan | LicenceAid | BikeGrant, aid: Aid, week: int, served: Array, ledger: Ledger
) -> None:
    """Serve these, and pay: a licence or an e-bike when it is given, a loan week by week."""
    p = model.parameters
    commune, codes = model.population.persons.commune, model.territory.communes.code

    def pay(payer: str, who: Array, each: int) -> int:
        what = scheme.vehicle + " loan" if isinstance(scheme, Loan) else kinds[type(scheme)]
        amount = np.full(len(who), max(each, 0), np.int64)
        ledger.pay_many(SERVICE, scheme.name, payer, SUPPLIER, what, amount, commune[who], codes)
        return int(amount.sum())

    kinds: dict[type, str] = {LicenceAid: "licence", BikeGrant: "e-bike"}
    payer = payer_of(scheme)
    if isinstance(scheme, Loan):
        aid.until[served] = week + scheme.weeks
        lent = np.flatnonzero(aid.until > week)
        fee = cents(scheme.fee_eur_week)
        pay(USER, lent, fee)
        aid.spent[0] += pay(payer, lent, cents(scheme.cost_eur_week) - fee)
    elif isinstance(scheme, LicenceAid):
        aid.until[served] = week + (scheme.weeks or int(p["licence.weeks"]))
        aid.spent[0] += pay(payer, served, cents(scheme.aid_eur))
    else:
        aid.until[served], aid.tries[served] = FOREVER, NO_MORE
        aid.spent[0] += pay(payer, served, cents(scheme.grant_eur))
        pay(USER, served, cents(p["grant.price_eur"] - scheme.grant_eur))


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


def adjust(model: World, fixed_eur: Array) -> None:
    """Bring utilities that owe to no trip to the aids: who may use what is lent, or ask, and vouchers.

    Args:
        model: the model.
        fixed_eur: float64 [person, service], EUR a tour; changed in place.
    """
    levers, s = model.settings.levers, model.state
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


def a_tour(voucher: Voucher) -> int:
    """Cents of a voucher for one tour: a fifth of a week's part, half up."""
    return int(np.floor(voucher.eur_month * 1200.0 / WEEKS_A_YEAR / 5.0 + 0.5))


def holders(state: State, voucher: Voucher) -> Array:
    """Who has a voucher to spend this week, bool [person]; nobody once the budget is out."""
    aid = Aid.of(state, voucher)
    out = voucher.budget_eur is not None and int(aid.spent[0]) >= cents(voucher.budget_eur)
    return np.zeros(len(aid.until), bool) if out else np.asarray(aid.until > int(state.week[0]))
