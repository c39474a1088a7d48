"""What a dwelling costs a month: rent, aids, being away from home; and whether the car comes along.

Lives here: terms, aid_parts, the codes of dwellings. Not here: ways and utilities (dwellings), who pays
whom (lodgers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import whole_cents
from embauche.core.scenario_residences import LODGERS
from embauche.labour.centres import held as seats_held
from embauche.labour.residences import Lodging
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
OWN, BED, ROOM_FIRM, ROOM_CENTRE = 0, 1, 2, 3  # where she sleeps; 4 * in firm weeks + in weeks at the centre


@dataclass(frozen=True)
class Wishes:
    """Whose dwelling is weighed, and for which post; all [pair].

    Attributes:
        person, post: rows. shift: int16 row of the catalogue. centre: int32 used site of the centre, -1 none.
        group: bit of LODGERS, apprentices or newly hired. lodging: where everybody lodges.
    """

    person: Array
    post: Array
    shift: Array
    centre: Array
    group: int
    lodging: Lodging

    @classmethod
    def held(cls, model: World, person: Array, group: int, lodging: Lodging) -> Wishes:
        """For the posts that these persons hold, apprentices with the centre that they go to."""
        post = model.state.post[person]
        centre = np.full(len(person), -1, np.int32)
        if model.seats is not None and group == LODGERS["apprentice"]:
            centre = np.where(seats_held(model)[person] >= 0, model.site_centre[person], -1).astype(np.int32)
        return cls(person, post, model.post_shift[post], centre, group, lodging)


def left_without_car(model: World, person: Array) -> Array:
    """Whose car stays with the household when they sleep elsewhere: no car a driver there, bool [person]."""
    household = model.population.persons.household[person]
    return np.asarray(model.population.households.cars[household] < model.drivers()[household], bool)


def terms(
    model: World, w: Wishes, residence: Array, firm: Array, centre: Array
) -> tuple[Array, Array, Array]:
    """What dwellings cost these pairs a month: rent and aids (int64 cents), unease (float64 EUR).

    Args:
        model: the model.
        w: pairs.
        residence: int32 [pair] or [pair, option] row, -1 for no bed.
        firm, centre: int8 [pair], or [option], where she sleeps in which weeks.
    """
    p, table, rhythm = model.parameters, model.residences.table, model.residences.rhythm
    each = (-1, *(1,) * (residence.ndim - 1))  # a pair's own figures, for all of its options
    shift, years = w.shift.reshape(each), (model.state.age_weeks[w.person] // 52).reshape(each)
    has_bed = residence >= 0
    r = np.maximum(residence, 0)
    whole = (firm == centre) | ~has_bed
    hosts = np.zeros(r.shape, bool)
    rent = np.zeros(r.shape, np.int64)
    if len(table):
        half = np.floor(table.rent_cents[r] * p["housing.shared_rent"] + 0.5).astype(np.int64)
        rent = np.where(has_bed, np.where(table.shared[r] & ~whole, half, table.rent_cents[r]), 0)
        hosts = has_bed & table.hosts[r]
    room = int(whole_cents(p["housing.room_eur_month"]))
    rooms = (firm >= ROOM_FIRM).astype(np.int64) + ((centre >= ROOM_FIRM) & (centre != firm))
    rent = rent + room * rooms
    away = rhythm.firm[shift] * (firm != OWN) + rhythm.centre[shift] * (centre != OWN)
    weight = p["housing.away_eur_month"] + np.where((years < 18) & ~hosts, p["housing.away_minor_eur"], 0.0)
    return rent, _aids(model, w, rent, years), away * weight


def _aids(model: World, w: Wishes, rent: Array, years: Array) -> Array:
    """Cents a month that come back to who pays this rent: housing benefit, Mobili-Jeune, further aids."""
    left = rent.copy()
    for cents in (part for _, part in aid_parts(model, w, rent, years)):
        left -= cents
    return np.asarray(rent - left, np.int64)


def aid_parts(model: World, w: Wishes, rent: Array, years: Array) -> list[tuple[str, Array]]:
    """The same by aid, in the order in which they are paid; each at most what is left of the rent.

    Args:
        model: the model.
        w: pairs.
        rent: int64 [pair] or [pair, option] cents.
        years: int [pair] or [pair, 1].
    """
    p, block, ids = model.parameters, model.settings.residences, model.state.worker_id[w.person]
    left, out = rent.copy(), list[tuple[str, Array]]()

    def claims(purpose: Purpose, alternative: int, take_up: float) -> Array:
        return np.asarray(uniforms(model.seed, purpose, 0, ids, alternative) < take_up).reshape(years.shape)

    def give(name: str, most: Array) -> None:
        cents = np.minimum(left, most)
        left[:] -= cents
        out.append((name, cents))

    if w.group == LODGERS["apprentice"]:
        give("apl", np.full(left.shape, int(whole_cents(p["housing.apl_eur_month"]))))
        if block.mobili_jeune:
            asks = claims(Purpose.MOBILI, 0, p["housing.mobili_take_up"])
            least, most = (int(whole_cents(p[f"housing.mobili_{x}_eur"])) for x in ("least", "most"))
            give("mobili", np.where(asks & (years < 30), np.clip(left, least, most), 0))
    for aid in block.aids:
        if any(LODGERS[g] == w.group for g in aid.who):
            asks = claims(Purpose.LODGING_AID, stable_id(aid.name), aid.take_up)
            give(aid.name, np.where(asks & (years <= aid.age_max), int(whole_cents(aid.eur_month)), 0))
    return out
