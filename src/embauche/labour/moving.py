"""Homes for employees near work: whose household moves there, who waits, who pays.

Lives here: step. Not here: lodgers who keep their own home (lodgers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.commuting.spots import spot
from embauche.core.accounts import SUPPLIER
from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import Ledger, whole_cents
from embauche.core.scenario_residences import Homes
from embauche.labour.dwellings import ways_eur
from embauche.labour.lodging_books import SERVICE, a_week, payer
from embauche.labour.residences import OF_SCENARIO, Lodging
from embauche.labour.state import State
from embauche.labour.world import World
from embauche.population.schemas import Status

if TYPE_CHECKING:
    from embauche.labour.housing_week import BedWeek

Array = np.ndarray[Any, Any]
NONE = -1


def homes_id(homes: Homes) -> int:
    """Id under which the state and tables know these homes."""
    return OF_SCENARIO + stable_id(homes.name)


def kept(state: State, what: str, start: int) -> Array:
    """A view of the state, int64 [person]: moved_to, waits_for (ids of homes), waits_since, waits_post."""
    name = f"housing.{what}"
    if name not in state.kept:
        state.kept[name] = np.full(len(state.worker_id), start, np.int64)
    return state.kept[name]


def let(model: World, homes: Homes) -> int:
    """How many of these homes are let: households that moved there."""
    mine = kept(model.state, "moved_to", NONE) == homes_id(homes)
    return len(np.unique(model.population.persons.household[mine]))


def step(model: World, lodging: Lodging, records: dict[int, BedWeek], ledger: Ledger) -> None:
    """One week of all homes, before where everybody sleeps is worked out.

    Args:
        model: the model.
        lodging: its `own` is changed for households that move.
        records: of each homes' id, the week's record (one row each), filled.
        ledger: where costs are entered.
    """
    for homes in model.settings.residences.homes:
        record = records[homes_id(homes)]
        _drop(model, homes)
        _ask(model, homes, lodging, record)
        _serve(model, homes, lodging, record)
        record.let[0] = record.used[0] = let(model, homes)
        record.waiting[0] = int((kept(model.state, "waits_for", NONE) == homes_id(homes)).sum())
        commune = int(model.territory.places.commune[spot(homes, model.territory)])
        cost = int(a_week(whole_cents(homes.cost_eur_month))) * int(record.let[0])
        account = payer(model, homes.payer, homes.authority, commune)
        ledger.pay(SERVICE, homes.name, account, SUPPLIER, "homes", cost)


def _drop(model: World, homes: Homes) -> None:
    """Who waits and no longer has the post that she waited for leaves the list."""
    s = model.state
    wait, post = kept(s, "waits_for", NONE), kept(s, "waits_post", NONE)
    ids = model.population.posts.post_id
    gone = (wait == homes_id(homes)) & ((s.post < 0) | (ids[np.maximum(s.post, 0)] != post))
    wait[gone] = NONE


def _ask(model: World, homes: Homes, lodging: Lodging, record: BedWeek) -> None:
    """Households of one worker with a long way, for whom the homes save more than the move weighs."""
    s, net, p, persons = model.state, model.network, model.parameters, model.population.persons
    active = np.bincount(persons.household[s.status > 0], minlength=len(model.population.households))
    who = (s.status == Status.EMPLOYED) & ~s.apprentice & (active[persons.household] == 1)
    who &= (kept(s, "moved_to", NONE) < 0) & (kept(s, "waits_for", NONE) < 0) & (lodging.code == 0)
    who &= ~net.outside_place[model.place] & (s.age_weeks >= 18 * 52)
    draw = uniforms(model.seed, Purpose.MOVE, int(s.week[0]), s.worker_id, stable_id(homes.name))
    rows = np.flatnonzero(who & (draw < p["housing.move_year"] / 52.0))
    site = model.post_site[s.post[rows]]
    keep = ~net.outside_site[site]
    if homes.work:
        named = communes_called(homes.work, model.territory.communes)
        keep &= np.isin(model.territory.sites.commune[net.site_rows[site]], named)
    rows, site = rows[keep], site[keep]
    own = np.searchsorted(net.place_rows, lodging.own[rows]).astype(np.int32)
    km = net.roads.ways("car", own, site)[1] / 100.0
    far = km >= homes.least_km
    rows, site, own = rows[far], site[far], own[far]
    there = np.full(len(rows), np.searchsorted(net.place_rows, spot(homes, model.territory)), np.int32)
    shift, with_car = model.post_shift[s.post[rows]], np.zeros(len(rows), bool)
    now = ways_eur(model, rows, own, site, shift, False, with_car)
    then = ways_eur(model, rows, there, site, shift, False, with_car)
    care = model.residences.care
    with np.errstate(invalid="ignore"):  # no way now, and none then
        better = (
            then - now + care[there] - care[own] > p["housing.move_eur_month"] + homes.rent_more_eur_month
        )
    asks = rows[better]
    kept(s, "waits_for", NONE)[asks] = homes_id(homes)
    kept(s, "waits_since", 0)[asks] = int(s.week[0])
    kept(s, "waits_post", NONE)[asks] = model.population.posts.post_id[s.post[asks]]
    record.asked[0] += len(asks)


def _serve(model: World, homes: Homes, lodging: Lodging, record: BedWeek) -> None:
    """Who waits longest is served while homes are free; her whole household moves."""
    s, household = model.state, model.population.persons.household
    wait, since = kept(s, "waits_for", NONE), kept(s, "waits_since", 0)
    who = np.flatnonzero(wait == homes_id(homes))
    luck = uniforms(model.seed, Purpose.BED_ORDER, 0, s.worker_id[who], stable_id(homes.name))
    who = who[np.lexsort((s.worker_id[who], luck, since[who]))]
    served = who[: max(0, homes.units - let(model, homes))]
    record.served[0] += len(served)
    record.full[0] += len(who) - len(served)
    members = np.flatnonzero(np.isin(household, household[served]))
    kept(s, "moved_to", NONE)[members] = homes_id(homes)
    wait[members] = NONE
    lodging.own[members] = spot(homes, model.territory)
