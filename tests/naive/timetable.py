"""The plainest timetable search: one pass over all connections in order of departure.

Lives here: earliest arrival, and latest departure as the same search in reversed time. Not here:
walks to and from stops (offers). Labels: (time, rides, km by road, km by rail).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

RAIL = (1, 2)  # metro and rail; trams and buses count as road


@dataclass(frozen=True)
class Label:
    """How a stop is reached: when, after how many rides, over how many kilometres."""

    time: float
    rides: int
    road_km: float
    rail_km: float


@dataclass(frozen=True)
class Hop:
    """One connection of one run of a trip, in searching time."""

    run: tuple[int, int]
    origin: int
    goal: int
    depart: float
    arrive: float
    km: float
    rail: bool
    board: bool
    alight: bool


def hops_of(trips: Any, connections: Any, days: tuple[int, ...]) -> list[Hop]:
    """Connections that run on the days given, day k of the list shifted by k * 86,400 s."""
    out: list[Hop] = []
    for later, day in enumerate(days):
        for c in range(len(connections)):
            trip = int(connections.trip[c])
            if not int(trips.days[trip]) >> day & 1:
                continue
            out.append(
                Hop(
                    (trip, later),
                    int(connections.dep_stop[c]),
                    int(connections.arr_stop[c]),
                    float(connections.dep_s[c]) + 86400.0 * later,
                    float(connections.arr_s[c]) + 86400.0 * later,
                    float(connections.km[c]),
                    int(trips.mode[trip]) in RAIL,
                    bool(connections.pickup[c]),
                    bool(connections.dropoff[c]),
                )
            )
    return sorted(out, key=lambda h: (h.depart, h.arrive))


def reversed_hops(hops: list[Hop]) -> list[Hop]:
    """The same connections with time running backwards."""
    back = [
        Hop(h.run, h.goal, h.origin, -h.arrive, -h.depart, h.km, h.rail, h.alight, h.board)
        for h in reversed(hops)
    ]
    return sorted(back, key=lambda h: (h.depart, h.arrive))


def earliest(
    hops: list[Hop],
    start: Mapping[int, float],
    change_s: float,
    footpaths: Mapping[int, Mapping[int, float]],
) -> dict[int, Label]:
    """Earliest arrival at each stop by vehicle; once aboard a traveller keeps her seat.

    Args:
        hops: connections in order of departure.
        start: stop -> time at which one stands there at first.
        change_s: least time to change vehicles.
        footpaths: stop -> other stop -> seconds on foot, walked on top of change_s.

    Returns:
        stop -> label, for stops that can be reached by at least one ride.
    """
    ready = {stop: Label(time, 0, 0.0, 0.0) for stop, time in start.items()}
    reached: dict[int, Label] = {}
    aboard: dict[tuple[int, int], Label] = {}
    for hop in hops:
        if hop.run in aboard:
            was = aboard[hop.run]
        elif hop.board and hop.origin in ready and ready[hop.origin].time <= hop.depart:
            was = replace(ready[hop.origin], rides=ready[hop.origin].rides + 1)
        else:
            continue
        road, rail = (0.0, hop.km) if hop.rail else (hop.km, 0.0)
        ride = Label(hop.arrive, was.rides, was.road_km + road, was.rail_km + rail)
        aboard[hop.run] = ride
        if not hop.alight or (hop.goal in reached and reached[hop.goal].time <= hop.arrive):
            continue
        reached[hop.goal] = ride
        for stop, seconds in {hop.goal: 0.0, **footpaths.get(hop.goal, {})}.items():
            again = replace(ride, time=hop.arrive + change_s + seconds)
            if stop not in ready or again.time < ready[stop].time:
                ready[stop] = again
    return reached
