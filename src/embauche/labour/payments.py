"""What levers pay tour by tour after a week's travel: vouchers, employers' allowances and parking.

Lives here: the payments, allowances' caps, minutes of looking for a place. Not here: who holds a voucher
(labour.aids), what travellers expect of allowances and parking (commuting.employers).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from embauche.core.ledger import EMPLOYER, USER, Ledger
from embauche.core.scenario_aids import Voucher
from embauche.labour.aid_holders import Aid, a_tour, cents, holders
from embauche.labour.aids import enter
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
Tours = Callable[[tuple[str, ...], Array], Array]  # tours of the week by these services, of these persons
WORKING_DAYS = 5
YEAR = 52


def pay_tours(model: World, chosen: Array, ledger: Ledger) -> None:
    """Enter the week's payments; the state must be that of the week travelled.

    Args:
        model: the model.
        chosen: int8 [person, slot] row of the service of each tour, below 0 for none.
        ledger: takes the entries.
    """
    names = {service.name: row for row, service in enumerate(model.services)}

    def tours(services: tuple[str, ...], who: Array) -> Array:
        mine, out = chosen[who], np.zeros(len(who), np.int64)
        for service in services:
            if service in names:
                out += (mine == names[service]).sum(axis=1, dtype=np.int64)
        return out

    for voucher in model.settings.levers.vouchers:
        _pay_voucher(model, voucher, tours, ledger)
    if model.terms is not None and model.settings.levers.allowances:
        _pay_allowances(model, tours, ledger)
    if model.terms is not None and model.terms.parking_eur.any() and "car" in names:
        held = np.flatnonzero(model.state.post >= 0)
        firm = model.population.posts.firm[model.state.post[held]]
        price = np.floor(model.terms.parking_eur[firm] * 100.0 + 0.5).astype(np.int64)
        _enter(model, "car", "", USER, EMPLOYER, "parking", price * tours(("car",), held), held, ledger)


def _enter(
    model: World, service: str, system: str, payer: str, payee: str, what: str, amount: Array, who: Array,
    ledger: Ledger,
) -> None:  # fmt: skip
    codes, commune = model.territory.communes.code, model.population.persons.commune
    ledger.pay_many(service, system, payer, payee, what, amount, commune[who], codes)


def _pay_voucher(model: World, voucher: Voucher, tours: Tours, ledger: Ledger) -> None:
    """A part of the month's sum for each tour, up to the week's; by worker's id until the budget is out."""
    s = model.state
    who = np.flatnonzero(holders(s, voucher))
    who = who[np.argsort(s.worker_id[who], kind="stable")]
    amount = np.minimum(tours(voucher.services, who), WORKING_DAYS) * a_tour(voucher)
    aid = Aid.of(s, voucher)
    if voucher.budget_eur is not None:
        left = cents(voucher.budget_eur) - int(aid.spent[0])
        paid = np.minimum(np.cumsum(amount), left)
        amount = np.diff(paid, prepend=0)
    aid.spent[0] += int(amount.sum())
    enter(model, voucher, USER, "voucher", amount, who, ledger)


def _pay_allowances(model: World, tours: Tours, ledger: Ledger) -> None:
    """An employer's euros for each tour by the services that count, up to the cap of a year and employer."""
    s, terms = model.state, model.terms
    assert terms is not None
    n = len(s.worker_id)
    paid = s.kept.setdefault("allowance.cents", np.zeros(n, np.int32))
    of = s.kept.setdefault("allowance.firm", np.full(n, -1, np.int32))
    firm = np.where(s.post >= 0, model.population.posts.firm[np.maximum(s.post, 0)], -1).astype(np.int32)
    paid[(of != firm) | (int(s.week[0]) % YEAR == 0)] = 0
    of[:] = firm
    lever_of = np.where(firm >= 0, terms.allowance[np.maximum(firm, 0)], -1)
    for k, lever in enumerate(model.settings.levers.allowances):
        mine = np.flatnonzero(lever_of == k)
        for service in lever.services:
            left = cents(lever.cap_eur_year) - paid[mine]
            amount = np.minimum(tours((service,), mine) * cents(lever.eur_day), left)
            paid[mine] += amount.astype(np.int32)
            _enter(model, service, "", EMPLOYER, USER, "allowance", amount, mine, ledger)


def find_parking(model: World) -> bool:
    """Minutes of looking for a place at firms short of them, from the cars of the last week travelled.

    Cars are counted hour by hour of Monday to Friday; at the fullest hour those beyond the places look for
    `parking.search_min`, so the firm's drivers do in the mean by their share.

    Returns:
        Whether any changed, so that offers are to be priced anew.
    """
    terms, s, p = model.terms, model.state, model.parameters
    if terms is None or not np.isfinite(terms.places).any():
        return False
    minutes = s.kept.setdefault("parking.search_min", np.zeros(len(terms.places)))
    week = int(s.week[0])
    if week == 0 or week % int(p["parking.every_weeks"]):
        changed = bool((terms.search_min.max(initial=0.0) == 0.0) and minutes.any())
        terms.set_search(minutes)  # a model that starts from a saved state
        return changed
    peak = _fullest(model)
    over = np.divide(np.maximum(peak - terms.places, 0.0), peak, out=np.zeros(len(peak)), where=peak > 0.0)
    minutes += p["parking.smoothing"] * (p["parking.search_min"] * over - minutes)
    terms.set_search(minutes)
    return True


def _fullest(model: World) -> Array:
    """Cars at each firm in its fullest hour of a mean working day of the last week, float64 [firm]."""
    s, posts, cat = model.state, model.population.posts, model.catalogue
    person, slot = np.nonzero((s.driven[:, None] >> np.arange(2 * WORKING_DAYS)) & 1)
    post = s.driven_post[person]
    shift = model.post_shift[post]
    rota = (int(s.week[0]) - 1 + posts.team[post].astype(np.int64)) % cat.weeks[shift]
    window = cat.roster[shift, rota, slot]
    firms = len(model.population.firms)
    out = np.zeros(firms)
    for hour in range(24):
        at = np.arange(3) * 1440 + 60 * hour + 30
        start, end = cat.window_start_min[window][:, None], cat.window_end_min[window][:, None]
        there = ((at >= start) & (at < end)).any(axis=1)
        out = np.maximum(out, np.bincount(posts.firm[post[there]], minlength=firms) / WORKING_DAYS)
    return out
