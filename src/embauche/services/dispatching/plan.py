"""What a fleet did in a day: every event of every vehicle, minutes and kilometres.

Lives here: Plan. Not here: how it came about (day), its proof (verify).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embauche.kernels.dispatch import NOBODY, Events, Routes
from embauche.services.dispatching.grid import Array, Grid

START, PICKUP, DELIVERY, BREAK, END = 0, 1, 2, 3, 4


@dataclass
class Halts:
    """Events of the vehicles that carry somebody, by vehicle and time; all [event].

    Attributes:
        vehicle, kind, leg: who, one of START, PICKUP, DELIVERY, BREAK, END; the leg (-1 none).
        stop: row of the stop (the depot's at start, break and end; -1 where a vehicle ends nowhere).
        arrive_min, time_min: when it arrives there, and when the doors close again, or the break ends.
        drive_min, km: driven from the event before.
        seats, wheelchairs: taken when it leaves.
    """

    vehicle: Array
    kind: Array
    leg: Array
    stop: Array
    arrive_min: Array
    time_min: Array
    drive_min: Array
    km: Array
    seats: Array
    wheelchairs: Array


@dataclass
class Moves:
    """Stretches driven, all [move]: between which stops, when, and with how many places taken."""

    vehicle: Array
    from_stop: Array
    to_stop: Array
    start_min: Array
    end_min: Array
    km: Array
    riders: Array


@dataclass
class Plan:
    """A day's outcome.

    Attributes:
        halts: every event.
        vehicle, pickup_min, delivery_min: of each leg [leg]; -1 and nan where it is not served.
        duty_min, driven_min: [vehicle] from leaving the depot to being back, and driving; 0 if unused.
    """

    halts: Halts
    vehicle: Array
    pickup_min: Array
    delivery_min: Array
    duty_min: Array
    driven_min: Array

    @property
    def moves(self) -> Moves:
        """Stretches between two different stops; where vehicles turn off on the way, as if they did not."""
        h = self.halts
        k = np.flatnonzero((h.kind != START) & (h.drive_min > 0.0))
        riders = np.maximum(h.seats, h.wheelchairs)[k - 1]
        begin = h.arrive_min[k] - h.drive_min[k]
        return Moves(h.vehicle[k], h.stop[k - 1], h.stop[k], begin, h.arrive_min[k], h.km[k], riders)

    @property
    def km_with(self) -> float:
        """Kilometres with riders aboard."""
        moves = self.moves
        return float(moves.km[moves.riders > 0].sum())

    @property
    def km_empty(self) -> float:
        """Kilometres without."""
        moves = self.moves
        return float(moves.km[moves.riders == 0].sum())

    @property
    def driver_min(self) -> float:
        """Minutes on duty of all vehicles that carry somebody."""
        return float(self.duty_min.sum())


def plan_of(grid: Grid, events: Events, routes: Routes) -> Plan:
    """The plan of a day's routes."""
    vehicles, width = routes.seq.shape
    used = np.zeros(vehicles, np.bool_)
    used[routes.where[routes.where >= 0]] = True
    take = (np.arange(width) < routes.n[:, None]) & used[:, None]
    vehicle, position = np.nonzero(take)
    event = routes.seq[take]
    own = event < 4 * vehicles
    kind = np.where(event & 1 == 0, PICKUP, DELIVERY)
    kind[own] = np.array([START, END, BREAK, END])[event[own] & 3]
    row, time = events.stop[event], routes.early[take].copy()
    follow = np.flatnonzero(kind != START)
    a, b = row[follow - 1], row[follow]
    halt, drive, km = np.zeros((3, len(event)))
    halt[follow] = np.where(a == b, 0.0, grid.halt[b])
    drive[follow] = grid.table[a, b] - halt[follow]
    km[follow] = grid.km_between(a, b)
    arrive = time - halt
    out, last = np.flatnonzero(kind == START), np.flatnonzero(kind == END)
    # it leaves the depot as late as its first event allows
    time[out] = arrive[out] = arrive[out + 1] - drive[out + 1]
    duty, driven = np.zeros((2, vehicles))
    duty[vehicle[out]] = time[last] - time[out]
    if len(grid.stops.xy):  # it turned off on the way
        ahead = (position > routes.head[vehicle]) & (kind != END)
        driven += routes.driven
        np.add.at(driven, vehicle[ahead], routes.leg[vehicle[ahead], position[ahead] - 1])
    else:
        np.add.at(driven, vehicle, drive)
    seats, chairs = routes.seats[take], routes.chairs[take] & (NOBODY - 1)
    halts = Halts(
        vehicle.astype(np.int32), kind.astype(np.int8),
        np.where(own, -1, (event >> 1) - 2 * vehicles).astype(np.int32), grid.stop_of[row],
        arrive, time, drive, km, seats, chairs,
    )  # fmt: skip
    up, down = times = np.full((2, len(events.ride) - 2 * vehicles), np.nan)
    for column, what in enumerate((PICKUP, DELIVERY)):
        times[column, halts.leg[kind == what]] = time[kind == what]
    return Plan(halts, routes.where[2 * vehicles :].copy(), up, down, duty, driven)
