"""Proof that a day's plan can be driven, from what was asked and the events alone.

Lives here: faults. It shares no code with the dispatch; not here: how a plan is found (day).
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from embauche.services.dispatching.plan import BREAK, DELIVERY, END, PICKUP, START

if TYPE_CHECKING:
    from embauche.services.dispatching.day import DayRequests
    from embauche.services.dispatching.grid import Array, Fleet
    from embauche.services.dispatching.plan import Plan

TOLERANCE_MIN = 1e-3


def faults(plan: Plan, requests: DayRequests, fleet: Fleet, minutes: Array, stop_min: float) -> list[str]:
    """What is wrong with a plan; an empty list proves it.

    requests are all legs of the day in the order in which they came. Checked: windows, ride limits, seats and
    wheelchair places at every moment, shift, depot, break with nobody aboard, driving and halting
    minutes from each event to the next, pickup before delivery in one vehicle, groups whole or not at all.
    """
    routes = defaultdict(list)
    for k, vehicle in enumerate(plan.halts.vehicle):
        routes[int(vehicle)].append(k)
    found: list[str] = []
    seen: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for vehicle, events in routes.items():
        found += [f"vehicle {vehicle}: {what}" for what in _vehicle(plan, vehicle, events, fleet)]
        found += [f"vehicle {vehicle}: {what}" for what in _driving(plan, events, minutes, stop_min)]
        found += [f"vehicle {vehicle}: {what}" for what in _load(plan, vehicle, events, requests, fleet)]
        for k in events:
            if plan.halts.kind[k] in (PICKUP, DELIVERY):
                seen[int(plan.halts.leg[k])].append(
                    (int(plan.halts.kind[k]), vehicle, float(plan.halts.time_min[k]))
                )
                found += _at_its_stop(plan, k, requests)
    for leg in range(len(requests)):
        found += [f"leg {leg}: {what}" for what in _leg(leg, seen.get(leg, []), requests)]
    whole = defaultdict(set)
    for leg in range(len(requests)):
        whole[int(requests.group[leg])].add(leg in seen)
    found += [f"group {group}: some legs served, some not" for group, both in whole.items() if len(both) > 1]
    return found


def _vehicle(plan: Plan, vehicle: int, events: list[int], fleet: Fleet) -> list[str]:
    """Starts and ends at its depot within its shift; takes its break there."""
    h, found = plan.halts, []
    kinds = [int(h.kind[k]) for k in events]
    if kinds[0] != START or kinds[-1] != END or kinds.count(START) + kinds.count(END) != 2:
        found.append("does not start and end once")
    depot = int(fleet.depot[vehicle])
    if any(int(h.stop[k]) not in (depot, -1) for k in events if h.kind[k] in (START, BREAK, END)):
        found.append("starts, ends or rests away from its depot")
    if h.time_min[events[0]] < fleet.shift_from[vehicle] - TOLERANCE_MIN:
        found.append("leaves before its shift")
    if h.time_min[events[-1]] > fleet.shift_until[vehicle] + TOLERANCE_MIN:
        found.append("is back after its shift")
    rests = [k for k in events if h.kind[k] == BREAK]
    length = float(fleet.break_min[vehicle])
    if len(rests) != (0 if math.isnan(length) else 1):
        found.append(f"has {len(rests)} breaks")
    for k in rests:
        began, ended = float(h.arrive_min[k]), float(h.time_min[k])
        if ended - began < length - TOLERANCE_MIN:
            found.append("has too short a break")
        if ended - length < fleet.break_from[vehicle] - TOLERANCE_MIN:
            found.append("rests too early")
        if ended > fleet.break_until[vehicle] + TOLERANCE_MIN:
            found.append("rests too late")
    return found


def _driving(plan: Plan, events: list[int], minutes: Array, stop_min: float) -> list[str]:
    """From each event to the next there is time to drive, and to halt."""
    h, found = plan.halts, []
    for a, b in pairwise(events):
        kind, before = int(h.kind[b]), int(h.kind[a])
        if int(h.stop[b]) < 0:
            continue
        need = float(minutes[int(h.stop[a]), int(h.stop[b])])
        arrived = float(h.time_min[a]) + need
        if h.arrive_min[b] < arrived - TOLERANCE_MIN:
            found.append(f"arrives at event {b} sooner than it can drive")
        same = h.stop[a] == h.stop[b] and before in (PICKUP, DELIVERY)
        halt = stop_min if kind in (PICKUP, DELIVERY) and not same else 0.0
        if h.time_min[b] < max(float(h.arrive_min[b]), arrived) + halt - TOLERANCE_MIN:
            found.append(f"leaves event {b} before its halt is over")
    return found


def _load(plan: Plan, vehicle: int, events: list[int], requests: DayRequests, fleet: Fleet) -> list[str]:
    """Never more aboard than it has places, and nobody during a break."""
    h, found = plan.halts, []
    seats = chairs = 0
    for k in events:
        sign = {PICKUP: 1, DELIVERY: -1}.get(int(h.kind[k]), 0)
        if sign:
            leg = int(h.leg[k])
            seats += sign * int(requests.seats[leg])
            chairs += sign * int(requests.wheelchairs[leg])
        if seats > fleet.seats[vehicle] or chairs > fleet.wheelchair_places[vehicle]:
            found.append(f"carries too many after event {k}")
        if seats != h.seats[k] or chairs != h.wheelchairs[k]:
            found.append(f"states another load than it has after event {k}")
        if (seats or chairs) and h.kind[k] in (BREAK, END, START):
            found.append(f"has riders aboard at event {k}")
    return found


def _at_its_stop(plan: Plan, k: int, requests: DayRequests) -> list[str]:
    leg = int(plan.halts.leg[k])
    stop = requests.pickup[leg] if plan.halts.kind[k] == PICKUP else requests.delivery[leg]
    return [] if plan.halts.stop[k] == stop else [f"leg {leg}: event {k} is at another stop"]


def _leg(leg: int, events: list[tuple[int, int, float]], requests: DayRequests) -> list[str]:
    """Picked up, then delivered, once, by one vehicle, in its windows and within its ride limit."""
    if not events:
        return []
    if [kind for kind, _, _ in events] != [PICKUP, DELIVERY] or events[0][1] != events[1][1]:
        return ["is not picked up and delivered once by one vehicle, in this order"]
    found = []
    up, down = events[0][2], events[1][2]
    if not _within(up, requests.pickup_from[leg], requests.pickup_until[leg]):
        found.append("is picked up outside its window")
    if not _within(down, requests.delivery_from[leg], requests.delivery_until[leg]):
        found.append("is delivered outside its window")
    if down - up > requests.max_ride_min[leg] + TOLERANCE_MIN:
        found.append("rides too long")
    return found


def _within(time: float, opens: float, closes: float) -> bool:
    return bool(opens - TOLERANCE_MIN <= time <= closes + TOLERANCE_MIN)
