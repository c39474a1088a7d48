"""Which drivers lie near which riders' ways: pairs worth a closer look, by straight lines, hours and days.

Lives here: candidates. Not here: the rules of one pair seen from both ends (matches), routes (fleet).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.services.carpooling.fleet import Fleet, Limits
from embauche.services.carpooling.matches import DRIVES, RIDES, Rules, find_pairs
from embauche.services.carpooling.roads import Legs
from embauche.services.carpooling.units import Units

Array = np.ndarray[Any, Any]
FASTEST_KM_H = 130.0
SLOWEST_KM_H = 20.0
LATER_MIN = 10.0  # a driver's other riders lie between
MOST_CANDIDATES = 48  # a rider
RIDERS_A_BLOCK = 4096
BLOCK_KM = 12.0  # side of the squares by which riders are put in order


def candidates(
    legs: Legs, limits: Limits, fleet: Fleet, units: Units, left: Array, firm: Array | None
) -> tuple[Array, Array]:
    """Pairs of car and rider that may do, by straight lines, hours, days and firm; by car, then rider.

    Of each rider's those that save most on straight lines (MOST_CANDIDATES). Riders are taken in blocks
    of neighbours, so that memory is bounded where many live close together, and each block with the cars that
    may pass there, so that work grows with the bassin and not with its square.

    Args:
        legs, limits: ways and the service's rules.
        fleet: the week's cars.
        units, left: who asks, and the days without a seat, bool [unit, slot].
        firm: where colleagues only ride together, int32 [person] row of the firm; else None.

    Returns:
        car, rider: rows of the fleet and of units, int64 [pair].
    """
    cars = np.flatnonzero(fleet.riders < limits.seats)
    riders = np.flatnonzero(left.any(axis=1))
    east, north = np.floor(legs.place_km[units.place[riders]] / BLOCK_KM).T
    riders = riders[np.lexsort((riders, east, north))]
    blocks = []
    for lo in range(0, len(riders), RIDERS_A_BLOCK):
        block = np.sort(riders[lo : lo + RIDERS_A_BLOCK])
        passing = cars[_may_pass(legs, limits, fleet, cars, legs.place_km[units.place[block]])]
        blocks.append(_near(legs, limits, fleet, units, left, firm, passing, block))
    if not blocks:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    car, rider = (np.concatenate(column) for column in zip(*blocks, strict=True))
    order = np.lexsort((rider, car))
    return car[order], rider[order]


def _may_pass(legs: Legs, limits: Limits, fleet: Fleet, cars: Array, homes: Array) -> Array:
    """Cars that can come to the box round these homes, km, within their greatest detour; bool [car].

    To who lives there and on to work is no shorter than to the box and from the box, on straight lines.
    """
    low, high, own = homes.min(axis=0), homes.max(axis=0), fleet.own_km[cars]
    longest = own + np.minimum(limits.detour_km, limits.detour_share * own)
    ends = legs.place_km[fleet.units.place[cars]], legs.site_km[fleet.units.site[cars]]
    gaps = (np.hypot(*np.maximum(np.maximum(low - end, end - high), 0.0).T) for end in ends)
    return np.asarray(sum(gaps) <= longest + 1e-6)


def _near(
    legs: Legs,
    limits: Limits,
    fleet: Fleet,
    units: Units,
    left: Array,
    firm: Array | None,
    cars: Array,
    riders: Array,
) -> tuple[Array, Array]:
    """The candidates of these riders (rows of units) among these cars (rows of the fleet)."""
    d, r = fleet.units.take(cars), units.take(riders)
    place = np.concatenate([d.place, r.place])
    site = np.concatenate([d.site, r.site])
    role = np.repeat(np.array([DRIVES, RIDES], np.int8), [len(d), len(r)])
    slack = limits.flex_min + LATER_MIN
    rules = Rules(FASTEST_KM_H, slack / 2, limits.detour_km, limits.detour_share, limits.least_km)
    direct = np.concatenate([fleet.own_km[cars], legs.home_work(r.place, r.site)[1]])
    start = np.concatenate([d.start, r.start])
    found = find_pairs(legs.place_km[place], legs.site_km[site], start, role, rules, direct)
    at = found.commuter[np.repeat(np.arange(len(found.commuter)), np.diff(found.ptr))]
    car, rider = cars[at], riders[found.commuter[found.rider] - len(cars)]
    both = fleet.free(car, left[rider]).any(axis=1)
    # a rider is set down before her driver, who comes back for her later by the same minutes
    apart = np.hypot(*(legs.site_km[fleet.units.site[car]] - legs.site_km[units.site[rider]]).T)
    least = apart / FASTEST_KM_H * 60.0 - limits.flex_min
    most = apart / SLOWEST_KM_H * 60.0 + LATER_MIN + limits.flex_min
    for later in (fleet.units.start[car] - units.start[rider], units.end[rider] - fleet.units.end[car]):
        both &= (later >= least) & (later <= most)
    both &= fleet.units.person[car] != units.person[rider]
    if firm is not None:
        both &= firm[fleet.units.person[car]] == firm[units.person[rider]]
    car, rider, saved = car[both], rider[both], found.saved_m[both]
    by = np.lexsort((car, -saved, rider))
    first = np.flatnonzero(np.append(True, rider[by[1:]] != rider[by[:-1]])[: len(by)])
    rank = np.arange(len(by)) - np.repeat(first, np.diff(first, append=len(by)))
    near = by[rank < MOST_CANDIDATES]
    return car[near], rider[near]
