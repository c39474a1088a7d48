"""A week of childcare at shift hours: who applies, who gets a place, what unusual hours then cost her.

Lives here: step. Not here: the block (core.scenario_work), what hours cost (labour.traits).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import SUPPLIER, USER
from embauche.core.scenario_work import Childcare
from embauche.labour.aid_holders import WEEKS_A_YEAR, Aid, cents, fits, in_groups
from embauche.labour.aids import FOREVER, SERVICE, enter
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
WITH_CHILD = 1  # row of traits.shift_eur; schemes follow in their order


def step(model: World) -> None:
    """One week of all schemes, before its search; families' rows of `traits.shift_eur` follow."""
    schemes = model.settings.levers.childcare
    if not schemes:
        return
    s, t, week = model.state, model.traits, int(model.state.week[0])
    entrants = s.age_weeks == 15 * WEEKS_A_YEAR
    t.family[:] = t.kids
    for k, scheme in reversed(list(enumerate(schemes))):
        aid = Aid.of(s, scheme)
        aid.until[entrants] = aid.since[entrants] = -1
        aid.until[(aid.until >= 0) & ~(t.kids & (s.status != Status.INACTIVE))] = -1
        _queue(model, scheme, aid, week)
        _pay(model, scheme, aid)
        t.family[aid.until >= 0] = WITH_CHILD + 1 + k


def _queue(model: World, scheme: Childcare, aid: Aid, week: int) -> None:
    """Applications of parents whose hours, or whose search, need it; who is served next."""
    s, t, household = model.state, model.traits, model.population.persons.household
    key = stable_id(scheme.name)
    hours = t.shift_eur[WITH_CHILD] > t.shift_eur[0]
    needs = (s.status == Status.UNEMPLOYED) | ((s.post >= 0) & hours[model.post_shift[np.maximum(s.post, 0)]])
    fit = fits(model, scheme.who) & in_groups(s, scheme.who.groups) & t.kids & needs & (aid.until < 0)
    served = np.bincount(household[aid.until >= 0], minlength=len(model.population.households)) > 0
    fit &= ~served[household]
    aid.since[~fit] = -1
    asked = np.bincount(household[aid.since >= 0], minlength=len(served)) > 0
    chance = model.parameters["aid.apply"] if scheme.apply is None else scheme.apply
    asks = fit & (aid.since < 0) & ~asked[household]
    asks &= uniforms(model.seed, Purpose.APPLY, week, s.worker_id, key) < chance
    both = np.flatnonzero(asks)  # of two parents who ask in one week the first by id
    both = both[np.lexsort((s.worker_id[both], household[both]))]
    asks[both[np.flatnonzero(np.diff(household[both], prepend=-1) == 0)]] = False
    aid.since[asks] = week
    waiting = np.flatnonzero(aid.since >= 0)
    luck = uniforms(model.seed, Purpose.AID_ORDER, 0, s.worker_id, key)[waiting]
    later = ~in_groups(s, scheme.first)[waiting]
    order = waiting[np.lexsort((s.worker_id[waiting], luck, aid.since[waiting], later))]
    given = order[: max(0, _room(scheme, aid))]
    aid.since[given], aid.until[given] = -1, FOREVER


def _room(scheme: Childcare, aid: Aid) -> int:
    """Free places, as far as the budget pays for this week."""
    held = int((aid.until >= 0).sum())
    room = scheme.places - held
    price = cents(scheme.cost_eur_week) - cents(scheme.fee_eur_week)
    if scheme.budget_eur is not None and price:
        left = (cents(scheme.budget_eur) - int(aid.spent[0])) // price
        if left < held:  # the budget is out: places close
            aid.until[:] = -1
            return 0
        room = min(room, left - held)
    return room


def _pay(model: World, scheme: Childcare, aid: Aid) -> None:
    """A week of every place held."""
    holders = np.flatnonzero(aid.until >= 0)
    own = cents(scheme.fee_eur_week)
    amount = np.full(len(holders), cents(scheme.cost_eur_week) - own, np.int64)
    aid.spent[0] += int(amount.sum())
    enter(model, scheme, SUPPLIER, "childcare", amount, holders, model.ledger)
    commune, codes = model.population.persons.commune[holders], model.territory.communes.code
    fees = np.full(len(holders), own, np.int64)
    model.ledger.pay_many(SERVICE, scheme.name, USER, SUPPLIER, "childcare", fees, commune, codes)
