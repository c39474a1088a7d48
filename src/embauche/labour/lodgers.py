"""A week of dwellings, before its search: stays that end, who looks, who gets a bed, where everybody sleeps.

Lives here: step, the week's record by residence. Not here: utilities (dwellings), beds by rhythm (lets),
money (lodging_books), employees' moves (moving).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.core.ledger import Ledger
from embauche.core.scenario_residences import LODGERS
from embauche.labour import lodging_books, moving
from embauche.labour.dwelling_costs import BED, OWN, ROOM_FIRM, Wishes, left_without_car, terms
from embauche.labour.dwellings import dwelling_options, own_ways_eur
from embauche.labour.housing_week import BedWeek, HousingWeek
from embauche.labour.interns import Known, take_interns
from embauche.labour.lets import allot, bed_weeks, cycle_weeks
from embauche.labour.residences import Lodging
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
ENTRANT_WEEKS = 15 * 52


def step(model: World, ledger: Ledger) -> HousingWeek:
    """One week of dwellings; changes where people live, and enters what they pay."""
    s, res = model.state, model.residences
    homes = {moving.homes_id(h): BedWeek.empty(1) for h in model.settings.residences.homes}
    record = BedWeek.empty(len(res))
    if not res.on:
        return HousingWeek(record, homes)
    lodging, week = Lodging.of(s), int(s.week[0])
    if not np.isin(res.table.residence_id, s.kept.get("housing.residence_id", res.table.residence_id)).all():
        lodging.chosen[lodging.bed < 0] = -1  # new beds: who has none chooses anew
    known = Known.of(s, res)
    entrants = np.flatnonzero(s.age_weeks == ENTRANT_WEEKS)
    lodging.leave(entrants)
    lodging.forget_wish(entrants)
    lodging.chosen_for[entrants] = lodging.chosen[entrants] = -1
    before = s.home.copy(), lodging.home_centre.copy(), lodging.no_car.copy()
    held = _post_ids(model, np.arange(len(s.post)))
    _end(model, lodging, held, week)
    _choose(model, lodging, record, LODGERS["apprentice"], _apprentices(model, lodging, held, week), week)
    _choose(model, lodging, record, LODGERS["new_hire"], _hired(model, lodging, held, week), week)
    take_interns(model, known, _spare(model, lodging), record.interns)
    moving.step(model, lodging, homes, ledger)
    _sleep(model, lodging, record, week)
    known.learn(model, record.asked, record.served, _spare(model, lodging) > 0)
    record.waiting[:] = _count(res.rows(lodging.wish), len(res))
    changed = (s.home != before[0]) | (lodging.home_centre != before[1]) | (lodging.no_car != before[2])
    moved = np.flatnonzero(changed)
    if len(moved):
        model.moved(moved)
    lodging_books.pay(model, lodging, record, ledger)
    return HousingWeek(record, homes)


def _count(rows: Array, n: int) -> Array:
    return np.bincount(rows[rows >= 0], minlength=n)


def _post_ids(model: World, who: Array) -> Array:
    """Id of the post that each of these persons holds, -1 none, int64 [person]."""
    post, ids = model.state.post[who], model.population.posts.post_id
    return np.where(post >= 0, ids[np.maximum(post, 0)] if len(ids) else -1, -1)


def _end(model: World, lodging: Lodging, held: Array, week: int) -> None:
    """Stays end with their time, with the post that they were for, and with the residence."""
    s = model.state
    lodger = lodging.code != 0
    changed = held != lodging.chosen_for
    gone = (lodging.bed >= 0) & (model.residences.rows(lodging.bed) < 0)
    left = np.flatnonzero(lodger & (changed | gone | (lodging.until <= week) | (s.status != Status.EMPLOYED)))
    lodging.leave(left)
    lodging.chosen[left] = -1
    waits = lodging.wish >= 0
    late = week >= lodging.wish_since + int(model.parameters["housing.wait_weeks"])
    gone = model.residences.rows(lodging.wish) < 0
    lodging.forget_wish(np.flatnonzero(waits & (changed | late | gone)))


def _residents(model: World) -> Array:
    """Residents with a post inside the territory, bool [person]."""
    s, net = model.state, model.network
    post = np.maximum(s.post, 0)
    out: Array = (s.status == Status.EMPLOYED) & (s.post >= 0) & ~net.outside_place[model.place]
    if len(model.post_site):
        out &= ~net.outside_site[model.post_site[post]]
    return out


def _apprentices(model: World, lodging: Lodging, held: Array, week: int) -> Array:
    """Apprentices with a contract who choose a dwelling now: a new contract, or a stay or a year is over."""
    s = model.state
    again = week >= lodging.chosen + int(model.parameters["housing.again_weeks"])
    due = (lodging.chosen_for != held) | (lodging.chosen < 0) | (again & (lodging.bed < 0))
    return np.flatnonzero(s.apprentice & _residents(model) & due)


def _hired(model: World, lodging: Lodging, held: Array, week: int) -> Array:
    """The young newly hired near a residence that takes them."""
    s, res = model.state, model.residences
    takes = (res.table.who & LODGERS["new_hire"]) > 0
    if not takes.any():
        return np.zeros(0, np.int64)
    who = ~s.apprentice & _residents(model) & (s.since >= week - 1) & (lodging.chosen_for != held)
    rows = np.flatnonzero(who & (s.age_weeks < 52 * model.parameters["housing.hire_age"]))
    near = res.near[model.post_site[s.post[rows]]]
    out: Array = rows[((near >= 0) & takes[np.maximum(near, 0)]).any(axis=1)]
    return out


def _free(model: World, lodging: Lodging) -> Array:
    """Beds that nobody of the model and no intern has, int64 [residence, week of the cycle]."""
    s, res, known = model.state, model.residences, Known.of(model.state, model.residences)
    row = res.rows(lodging.bed)
    tenant = np.flatnonzero(row >= 0)
    out = np.repeat(res.table.beds[:, None].astype(np.int64), cycle_weeks(res.rhythm), axis=1)
    post = s.post[tenant]
    need = bed_weeks(
        res, row[tenant], lodging.code[tenant], model.post_shift[post], model.population.posts.team[post]
    )
    np.subtract.at(out, row[tenant], need.astype(np.int64))
    return np.asarray(out - known.interns.sum(axis=1)[:, None])


def _spare(model: World, lodging: Lodging) -> Array:
    """Beds free in all weeks, int64 [residence]."""
    return np.asarray(_free(model, lodging).min(axis=1), np.int64)


def _choose(model: World, lodging: Lodging, record: BedWeek, group: int, who: Array, week: int) -> None:
    """These weigh their dwellings; they and those of the group who wait ask for beds."""
    s = model.state
    waits = np.flatnonzero((lodging.wish >= 0) & (s.apprentice == (group == LODGERS["apprentice"])))
    waits = waits[~np.isin(waits, who)]
    if not len(who) and not len(waits):
        return
    lodging.chosen[who], lodging.chosen_for[who] = week, _post_ids(model, who)
    lodging.forget_wish(who)
    w = Wishes.held(model, who, group, lodging)
    far = own_ways_eur(model, w) < -model.parameters["housing.look_eur"]
    lodging.leave(who[~far])
    who = who[far]
    if not len(who) and not len(waits):
        return
    if not len(who):
        none = np.zeros((0, 2), np.int64)
        _give(model, lodging, record, group, who, none, none.astype(np.int8), np.zeros(0), waits, week)
        return
    w = Wishes.held(model, who, group, lodging)
    o = dwelling_options(model, w)
    near = o.too_near & (
        o.utility > np.where(o.too_near, -np.inf, o.utility).max(axis=1, initial=-np.inf)[:, None]
    )
    for r in (np.unique(o.residence[i][near[i]]) for i in np.flatnonzero(near.any(axis=1)).tolist()):
        record.too_near[r] += 1
    utility = np.where(o.too_near, -np.inf, o.utility)
    utility[:, 0] = np.maximum(utility[:, 0], -1e300)  # her own home is always there
    order = np.argsort(-utility, axis=1, kind="stable")
    residence = np.take_along_axis(o.residence, order, axis=1)
    residence[np.take_along_axis(utility, order, axis=1) == -np.inf] = -1
    _give(model, lodging, record, group, who, residence, o.code[order], o.km, waits, week)


def _give(
    model: World, lodging: Lodging, record: BedWeek, group: int, who: Array, residence: Array,
    code: Array, km: Array, waits: Array, week: int,
) -> None:  # fmt: skip
    """Beds for who chose, in order of her wishes, and for who waits, for her one wish."""
    s, res = model.state, model.residences
    person = np.concatenate([who, waits]).astype(np.int64)
    width = max(residence.shape[1], 2)
    want, codes = np.full((len(person), width), -1, np.int64), np.zeros((len(person), width), np.int8)
    want[: len(who), : residence.shape[1]], codes[: len(who), : residence.shape[1]] = residence, code
    want[len(who) :, 0] = res.rows(lodging.wish[waits])
    codes[len(who) :, 0] = lodging.wish_code[waits]
    since = np.concatenate([np.full(len(who), week), lodging.wish_since[waits]])
    away = np.concatenate([km, np.zeros(len(waits))])
    if len(waits):
        away[len(who) :] = lodging.wish_km[waits]
    post = s.post[person]
    shift, team = model.post_shift[post], model.population.posts.team[post]
    cycle = cycle_weeks(res.rhythm)
    need = np.zeros((*want.shape, cycle), bool)
    row, wish = np.nonzero(want >= 0)
    need[row, wish] = bed_weeks(res, want[row, wish], codes[row, wish], shift[row], team[row])

    def order(r: int, askers: Array) -> Array:
        luck = uniforms(
            model.seed, Purpose.BED_ORDER, 0, s.worker_id[person[askers]], int(res.table.residence_id[r])
        )
        later = np.full(len(askers), (int(res.table.first[r]) & group) == 0)
        rank = -away[askers] if res.table.farthest[r] else since[askers]
        return np.asarray(askers[np.lexsort((s.worker_id[person[askers]], luck, rank, later))])

    at, refused = allot(want, need, _free(model, lodging), order)
    got = want[np.arange(len(at)), at]
    asked = refused.copy()
    asked[np.arange(len(at)), at] |= got >= 0
    record.asked += _count(want[asked], len(res))
    record.full += _count(want[refused], len(res))
    record.served += _count(got, len(res))
    new = np.arange(len(person)) < len(who)
    settled = np.flatnonzero(new | (got >= 0))
    _settle(model, lodging, group, person[settled], got[settled], codes[settled, at[settled]], week)
    first = refused.argmax(axis=1)
    lost = np.flatnonzero(new & refused.any(axis=1))
    lodging.wish[person[lost]] = res.table.residence_id[want[lost, first[lost]]] if len(lost) else -1
    lodging.wish_code[person[lost]] = codes[lost, first[lost]]
    lodging.wish_since[person[lost]], lodging.wish_km[person[lost]] = week, away[lost]
    lodging.forget_wish(person[np.flatnonzero(~new & (got >= 0))])


def _settle(
    model: World, lodging: Lodging, group: int, who: Array, residence: Array, code: Array, week: int
) -> None:
    """These take their dwellings."""
    res, p = model.residences, model.parameters
    lodging.leave(who)
    w = Wishes.held(model, who, group, lodging)
    rent, aid, unease = terms(model, w, residence, code // 4, code % 4)
    bed = residence >= 0
    r = np.maximum(residence, 0)
    lodging.bed[who] = np.where(bed, res.table.residence_id[r] if len(res) else -1, -1)
    lodging.code[who], lodging.rent[who], lodging.aid[who], lodging.unease[who] = code, rent, aid, unease
    stay = np.full(len(who), int(p["housing.again_weeks"]))
    if len(res):
        stay = np.where(bed, res.table.stay_weeks[r], stay)
    if group == LODGERS["new_hire"]:
        stay = np.minimum(stay, int(p["housing.hire_weeks"]))
    lodging.until[who] = np.where(code != 0, week + stay, -1)


def _sleep(model: World, lodging: Lodging, record: BedWeek, week: int) -> None:
    """Where everybody sleeps this week; who has a bed in a residence that is closed is at home."""
    s, res, net = model.state, model.residences, model.network
    away = np.flatnonzero(lodging.code != 0)
    home = lodging.own.copy()
    centre, no_car = lodging.own.copy(), np.zeros(len(home), np.uint8)
    row, post = res.rows(lodging.bed[away]), s.post[away]
    opened = np.append(res.open(model.calendar.week_of_year(week)), True)[row]
    firm_site = model.post_site[post]
    spots = np.full((len(away), 4), -1, np.int64)  # by code of dwelling: rows of places
    spots[:, OWN] = lodging.own[away]
    spots[:, BED] = np.append(res.table.place, -1)[row]
    spots[:, ROOM_FIRM] = net.place_rows[res.room[firm_site]]
    spots[:, ROOM_FIRM + 1] = net.place_rows[res.room[model.site_centre[away]]]
    rows, left = np.arange(len(away)), left_without_car(model, away)
    slept = np.zeros(len(away), bool)
    rhythm, shift = res.rhythm, model.post_shift[post].astype(np.int64)
    weeks = (rhythm.use > 0).sum(axis=1)[shift]
    use = rhythm.use[shift, (week + model.population.posts.team[post].astype(np.int64)) % weeks]
    for bit, kind, where in ((1, lodging.code[away] // 4, home), (2, lodging.code[away] % 4, centre)):
        kind = np.where((kind == BED) & ~opened, OWN, kind)
        where[away] = spots[rows, kind]
        no_car[away] |= np.where(left & (kind != OWN), bit, 0).astype(np.uint8)
        slept |= ((use & bit) > 0) & (kind == BED)
    s.home[:], lodging.home_centre[:], lodging.no_car[:] = home, centre, no_car
    record.let += _count(row, len(res))
    record.used += _count(np.where(slept, row, -1), len(res)) + record.interns
