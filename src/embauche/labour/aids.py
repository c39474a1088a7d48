"""A week of aids to persons (solidarity mobility): what ends, who applies, who is served next, who pays.

Lives here: waiting lists, stocks, budgets, exams. Not here: who has what (labour.aid_holders), what is paid
tour by tour (labour.payments), the ways to travel that a loan opens (services.scooter, services.ebike).
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import REGION, STATE, SUPPLIER, USER, Ledger, authority
from embauche.core.scenario_aids import VEHICLES, BikeGrant, LicenceAid, Loan, Voucher
from embauche.labour.aid_holders import WEEKS_A_YEAR, Aid, Scheme, cents, fits, in_groups, kit
from embauche.labour.state import ADULT_WEEKS
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
SERVICE = "solidarity"  # under which the books show aids; the system is the scheme
FOREVER = int(np.iinfo(np.int32).max)
NO_MORE = -1  # tries of somebody who has had her aid
LEARNER_WEEKS = 17 * 52


class Payable(Protocol):
    """Whoever pays: a scheme of aids, a lever of training."""

    @property
    def name(self) -> str:
        """Shown in the books."""

    @property
    def payer(self) -> str:
        """authority, employer, region or state."""

    @property
    def authority(self) -> str:
        """Name of the authority, empty for that of each user's home."""


def enter(
    model: World, scheme: Payable, payee: str, what: str, amount: Array, who: Array, ledger: Ledger,
    service: str = SERVICE,
) -> None:  # fmt: skip
    """Enter what a scheme pays: the authority that it names, or that of each user's home, or another payer.

    Args:
        model: the model.
        scheme: who pays.
        payee, what: as in Ledger.pay.
        amount: int64 [payment] cents.
        who: int [payment] rows of persons.
        ledger: where to enter it.
        service: under which the books show it.
    """
    commune, codes = model.population.persons.commune[who], model.territory.communes.code

    def pay(payer: str, mine: Array) -> None:
        ledger.pay_many(service, scheme.name, payer, payee, what, amount[mine], commune[mine], codes)

    everybody = np.ones(len(who), bool)
    if scheme.payer != "authority":
        pay({"region": REGION, "state": STATE}.get(scheme.payer, scheme.payer), everybody)
    elif scheme.authority:
        pay(authority(scheme.authority), everybody)
    else:
        charge = model.network.jurisdiction
        area = charge.area[commune]
        pay(authority(""), area < 0)
        for row, rule in enumerate(charge.rules):
            pay(authority(rule.name), area == row)


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
    served = order[: _room(scheme, aid, week, p["grant.price_eur"])]
    aid.since[served] = -1
    _give(model, scheme, aid, week, served, ledger)


def _room(scheme: Loan | LicenceAid | BikeGrant, aid: Aid, week: int, price_eur: float) -> int:
    """How many more can be served: free stock or places, and what the budget still pays for."""
    room, price, promised = FOREVER, _price(scheme, price_eur), 0
    if isinstance(scheme, Loan):
        left = np.maximum(aid.until.astype(np.int64) - week, 0)
        room, promised, price = (
            scheme.stock - int((left > 0).sum()),
            price * int(left.sum()),
            price * scheme.weeks,
        )
    elif isinstance(scheme, LicenceAid):
        room = scheme.places - int((aid.until >= 0).sum())
    if scheme.budget_eur is not None and price > 0:
        room = min(room, (cents(scheme.budget_eur) - int(aid.spent[0]) - promised) // price)
    return max(room, 0)


def _price(scheme: Loan | LicenceAid | BikeGrant, price_eur: float) -> int:
    """Cents that a scheme pays for one person: a week of a loan, an aid, a grant of at most the price."""
    if isinstance(scheme, Loan):
        return cents(scheme.cost_eur_week) - cents(scheme.fee_eur_week)
    return cents(scheme.aid_eur if isinstance(scheme, LicenceAid) else min(scheme.grant_eur, price_eur))


def _give(
    model: World, scheme: Loan | LicenceAid | BikeGrant, aid: Aid, week: int, served: Array, ledger: Ledger
) -> None:
    """Serve these, and pay: a licence or an e-bike when it is given, a loan week by week."""
    p, codes = model.parameters, model.territory.communes.code
    paid, own = served, 0
    if isinstance(scheme, Loan):
        what, own = f"{scheme.vehicle} loan", cents(scheme.fee_eur_week)
        aid.until[served] = week + scheme.weeks
        paid = np.flatnonzero(aid.until > week)
    elif isinstance(scheme, LicenceAid):
        what = "licence"
        aid.until[served] = week + (scheme.weeks or int(p["licence.weeks"]))
    else:
        what, own = "e-bike", max(0, cents(p["grant.price_eur"]) - cents(scheme.grant_eur))
        aid.until[served], aid.tries[served] = FOREVER, NO_MORE
    amount = np.full(len(paid), _price(scheme, p["grant.price_eur"]), np.int64)
    aid.spent[0] += int(amount.sum())
    enter(model, scheme, SUPPLIER, what, amount, paid, ledger)
    commune = model.population.persons.commune[paid]
    ledger.pay_many(SERVICE, scheme.name, USER, SUPPLIER, what, np.full(len(paid), own), commune, codes)
