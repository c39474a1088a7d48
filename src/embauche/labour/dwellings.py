"""Which dwelling suits: her own home, a bed, a room near firm or centre, or two of these; by cost and time.

Lives here: options and their utilities, what a seeker may expect. Not here: what a dwelling costs
(dwelling_costs), who gets a bed (lets), employees' moves (moving).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.offers import expand
from embauche.core.draws import Purpose, uniforms
from embauche.core.scenario_residences import LODGERS
from embauche.labour.centres import pair_tours
from embauche.labour.dwelling_costs import (
    BED,
    OWN,
    ROOM_CENTRE,
    ROOM_FIRM,
    Wishes,
    left_without_car,
    terms,
)
from embauche.labour.interns import Known
from embauche.labour.residences import Lodging
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
# (where she sleeps in firm weeks, where in weeks at the centre), with and without a bed; OWN, OWN is first
WITHOUT_BED = (
    (OWN, OWN), (ROOM_FIRM, ROOM_FIRM), (ROOM_CENTRE, ROOM_CENTRE), (ROOM_FIRM, OWN), (OWN, ROOM_CENTRE),
    (ROOM_FIRM, ROOM_CENTRE),
)  # fmt: skip
WITH_BED = ((BED, BED), (BED, OWN), (OWN, BED), (BED, ROOM_CENTRE), (ROOM_FIRM, BED))
NO_WAY_EUR = -1500.0  # what it weighs in an expectation that there is no way to work at all


@dataclass(frozen=True)
class DwellingOptions:
    """Dwellings that each of some pairs may have, [pair, option]; the first is her own home.

    Attributes:
        residence: int32 row of the residence, -1 where no bed is in it.
        code: int8 [option] 4 * in firm weeks + in weeks at the centre.
        utility: float64 EUR a month, -inf where not to be had.
        too_near: bool only the distance rule is against it; `utility` is what it would be.
        km: float64 [pair] the way by car from her own home to firm or centre, whichever is longer.
    """

    residence: Array
    code: Array
    utility: Array
    too_near: Array
    km: Array


def ways_eur(
    model: World,
    person: Array,
    place: Array,
    site: Array,
    shift: Array,
    centre: bool,
    no_car: Array,
) -> Array:
    """Month's logsum of the ways to the firm, or to the centre, of (person, place, site), float64 [pair].

    Args:
        model: the model.
        person: rows. place, site: int32 rows of used places and sites. shift: int16 of the post.
        centre: the days at the centre, else those at the firm.
        no_car: bool [pair] the household's car is not there.
    """
    if not len(person):
        return np.zeros(0)
    classes = model.network.classes
    ptr, pair, cell = expand(classes, shift)
    klass = classes.shift_class[cell]
    keep = classes.at_centre[klass] == centre
    pair, cell, klass = pair[keep], cell[keep], klass[keep]
    ptr = np.searchsorted(pair, np.arange(len(person) + 1)).astype(np.int64)
    offers = model.asked.offers(place[pair], site[pair], klass)
    tours, fixed, share = classes.shift_tours[cell], model.fixed_eur(), model.car_share()
    out = np.zeros(len(person))
    for rows, car in ((np.flatnonzero(~no_car), share), (np.flatnonzero(no_car), np.zeros_like(share))):
        if len(rows):
            got = np.empty(len(rows))
            model.logsums(
                np.ascontiguousarray(person[rows], np.int32), ptr[rows], ptr[rows + 1], tours, offers, fixed,
                car, got,
            )  # fmt: skip
            out[rows] = got
    return out


def own_ways_eur(model: World, w: Wishes) -> Array:
    """What the ways to firm and centre from her own home weigh, EUR a month, float64 [pair]."""
    own = np.searchsorted(model.network.place_rows, w.lodging.own[w.person]).astype(np.int32)
    shift, stays = w.shift, np.zeros(len(own), bool)
    out = ways_eur(model, w.person, own, model.post_site[w.post], shift, False, stays)
    mine = np.flatnonzero(w.centre >= 0)
    out[mine] += ways_eur(model, w.person[mine], own[mine], w.centre[mine], shift[mine], True, stays[mine])
    return out


def _noise(model: World, w: Wishes, near: Array) -> Array:
    """Constant error of (person, dwelling) over its scale: own, rooms, residences, [pair, 3 + near]."""
    ids = model.state.worker_id[w.person]
    out = np.zeros((len(ids), 3 + near.shape[1]))

    def draw(who: Array, alternative: int) -> Array:
        drawn = uniforms(model.seed, Purpose.DWELLING, 0, ids[who], alternative)
        return np.asarray(-np.log(-np.log(drawn)))

    everybody = np.arange(len(ids))
    for k in range(3):
        out[:, k] = draw(everybody, k)
    for r in np.unique(near[near >= 0]).tolist():
        row, column = np.nonzero(near == r)
        out[row, 3 + column] = draw(row, 3 + int(model.residences.table.residence_id[r]))
    return out


def dwelling_options(model: World, w: Wishes) -> DwellingOptions:
    """All dwellings that these pairs may think of, with their utilities (docs/model_labour.md)."""
    net, res, p = model.network, model.residences, model.parameters
    n, shift, firm_site = len(w.person), w.shift, model.post_site[w.post]
    has_centre = w.centre >= 0
    c_site = np.where(has_centre, w.centre, 0)
    near = np.concatenate([res.near[firm_site], np.where(has_centre[:, None], res.near[c_site], -1)], axis=1)
    k = res.near.shape[1]
    near[:, k:][(near[:, k:, None] == near[:, None, :k]).any(axis=2)] = -1
    own = np.searchsorted(net.place_rows, w.lodging.own[w.person]).astype(np.int32)
    rooms = np.stack([res.room[firm_site], np.where(has_centre, res.room[c_site], -1)], axis=1)
    bed_place = res.place[np.maximum(near, 0)] if len(res) else near
    place = np.concatenate([own[:, None], rooms, np.where(near >= 0, bed_place, -1)], axis=1).astype(np.int32)
    row, column = np.nonzero(place >= 0)
    no_car = (column > 0) & left_without_car(model, w.person)[row]
    ways = np.full((2, *place.shape), -np.inf)
    for week, site in ((0, firm_site), (1, c_site)):
        asked = np.flatnonzero(has_centre[row]) if week else np.arange(len(row))
        ways[week][row, column] = 0.0
        r, c = row[asked], column[asked]
        ways[week][r, c] = ways_eur(
            model, w.person[r], place[r, c], site[r], shift[r], bool(week), no_car[asked]
        )  # fmt: skip
    km = np.zeros(n)
    for site, mine in ((firm_site, np.ones(n, bool)), (c_site, has_centre)):
        metres = net.roads.ways("car", own[mine], site[mine])[1] * 10.0
        km[mine] = np.maximum(km[mine], metres / 1000.0)
    liked = p["housing.noise_eur"] * _noise(model, w, near) + np.where(place >= 0, res.care[place], 0.0)
    return _weighed(model, w, near, ways, km, liked)


def _weighed(model: World, w: Wishes, near: Array, ways: Array, km: Array, liked: Array) -> DwellingOptions:
    """Utilities of all pairs of dwellings from those of each in firm weeks and in weeks at the centre.

    Args:
        model, w: of whom. near: int32 [pair, near] residences.
        ways: float64 [2, pair, dwelling] logsums to firm and centre.
        km: float64 [pair] from her own home.
        liked: float64 [pair, dwelling] what she likes of each beside ways and costs, EUR a month.
    """
    res, rhythm = model.residences, model.residences.rhythm
    shift, ids = w.shift, model.state.worker_id[w.person]
    options = [(f, c, -1) for f, c in WITHOUT_BED]
    options += [(f, c, j) for j in range(near.shape[1]) for f, c in WITH_BED]
    firm, centre, bed = np.array(options, np.int8).T
    column = [np.where(kind == BED, 3 + bed, np.where(kind > 0, kind - 1, 0)) for kind in (firm, centre)]
    lone, mixed = w.group == LODGERS["new_hire"], rhythm.mixed[shift]
    can = (firm == centre) | (~mixed & (not lone))[:, None]
    for kind in (ROOM_FIRM, ROOM_CENTRE):
        found = uniforms(model.seed, Purpose.ROOM, 0, ids, kind) < model.parameters["housing.room_chance"]
        can &= ((firm != kind) & (centre != kind)) | (found & (not lone))[:, None]
    residence = np.where(bed >= 0, near[:, bed], -1).astype(np.int32)
    too_near = np.zeros(can.shape, bool)
    if len(res):
        row = np.maximum(residence, 0)
        opened = res.open(model.calendar.week_of_year(int(model.state.week[0])))
        takes = opened & ((res.table.who & w.group) > 0)
        can &= (bed < 0) | ((residence >= 0) & takes[row])
        too_near = can & (bed >= 0) & (km[:, None] < res.table.least_km[row])
    else:
        can &= bed < 0
    rent, aid, unease = terms(model, w, residence, firm, centre)
    value = ways[0][:, column[0]] + ways[1][:, column[1]] + (aid - rent) / 100.0 - unease
    shares = rhythm.firm[shift][:, None], rhythm.centre[shift][:, None]
    value += shares[0] * liked[:, column[0]] + shares[1] * liked[:, column[1]]
    return DwellingOptions(residence, 4 * firm + centre, np.where(can, value, -np.inf), too_near, km)


def with_beds(model: World, person: Array, post: Array, logsum: Array) -> Array:
    """Logsums of apprentices' pairs once they may sleep elsewhere, EUR a month, float64 [pair].

    A room that she would find counts in full, a bed by the chance that residences had beds of late.

    Args:
        model: the model.
        person, post: rows, int [pair]; those of others than apprentices stay as they are.
        logsum: float64 [pair] from her own home.
    """
    if not model.residences.on:
        return logsum
    out, chance = logsum.copy(), Known.of(model.state, model.residences).chances(model)
    look = model.state.apprentice[person] & (logsum < -model.parameters["housing.look_eur"])
    look &= ~model.network.outside_place[model.place[person]]
    rows = np.flatnonzero(look)
    if not len(rows):
        return out
    shift, centre = pair_tours(model, person[rows], post[rows])
    centre = np.full(len(rows), -1, np.int32) if centre is None else centre
    w = Wishes(person[rows], post[rows], shift, centre, LODGERS["apprentice"], Lodging.of(model.state))
    o = dwelling_options(model, w)
    own = np.maximum(logsum[rows], NO_WAY_EUR)
    base = np.where(np.isfinite(o.utility[:, :1]), o.utility[:, :1], NO_WAY_EUR)
    gain = np.where(o.too_near, 0.0, np.maximum(o.utility - base, 0.0))
    bed = o.residence >= 0
    sure = np.where(bed, 0.0, gain).max(axis=1)
    likely = np.zeros(len(rows))
    if len(chance):
        hoped = np.where(bed, (gain - sure[:, None]) * chance[np.maximum(o.residence, 0)], 0.0)
        likely = np.maximum(hoped.max(axis=1), 0.0)
    better = sure + likely
    out[rows] = np.where(better > 0.0, own + better, logsum[rows])
    return out
