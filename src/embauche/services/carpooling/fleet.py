"""The cars of a week with their riders so far.

Lives here: Fleet: seats, routes, taking a rider in and out. Not here: who gets which seat (carpooling.week).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.services.carpooling.cars import Driven, Trips, drive, insert
from embauche.services.carpooling.roads import Legs
from embauche.services.carpooling.units import Units

Array = np.ndarray[Any, Any]
MOST = 4  # riders a car
PAIRS_A_BLOCK = 1 << 16


@dataclass(frozen=True)
class Limits:
    """What drivers and riders put up with, each way: see the service's parameters."""

    seats: int
    stop_min: float
    flex_min: float
    detour_km: float
    detour_share: float
    least_km: float


class Fleet:
    """Drivers and the routes that they have agreed to.

    A car has one route a week, with all its riders; on days on which one of them does not ride it is driven
    past her all the same, so minutes and kilometres are on the safe side.

    Attributes:
        units: the drivers.
        own_km: float64 [car] each way alone; km: with the riders.
        riders: int64 [car]; taken: int8 [car, slot] seats taken.
        runs: bool [car, slot] whether it is driven; who asks keeps it up to date.
    """

    def __init__(self, units: Units, legs: Legs, limits: Limits) -> None:
        n = len(units)
        self.units, self.legs, self.limits = units, legs, limits
        self.own_km = legs.home_work(units.place, units.site)[1].astype(np.float64)
        self.km = self.own_km.copy()
        self.most_km = self.own_km + np.minimum(limits.detour_km, limits.detour_share * self.own_km)
        self.riders = np.zeros(n, np.int64)
        self.taken = np.zeros((n, 14), np.int8)
        self.runs = units.slots
        self._place, self._site = np.zeros((2, n, MOST + 1), np.int32)
        self._picked = np.full((n, MOST), -1, np.int64)
        self._dropped = np.full((n, MOST + 1), -1, np.int64)
        self._start, self._end = np.zeros((2, n, MOST + 1))
        self._put(np.arange(n), Trips.alone(units.place, units.site, units.person, units.start, units.end))

    def __len__(self) -> int:
        return len(self.units)

    def trips(self, rows: Array, k: int) -> Trips:
        """Cars that have k riders each."""
        return Trips(
            self._place[rows, : k + 1], self._site[rows, : k + 1], self._picked[rows, :k],
            self._dropped[rows, : k + 1], self._start[rows, : k + 1], self._end[rows, : k + 1],
        )  # fmt: skip

    def _put(self, rows: Array, trips: Trips) -> None:
        k = trips.riders
        self._place[rows, : k + 1], self._site[rows, : k + 1] = trips.place, trips.site
        self._picked[rows, :k], self._dropped[rows, : k + 1] = trips.picked, trips.dropped
        self._start[rows, : k + 1], self._end[rows, : k + 1] = trips.start, trips.end
        self.riders[rows] = k

    def free(self, rows: Array, slots: Array) -> Array:
        """Slots [pair, slot] of `slots` on which these cars run with a seat left."""
        room: Array = slots & self.runs[rows] & (self.taken[rows] < self.limits.seats)
        return room & (self.riders[rows] < self.limits.seats)[:, None]

    def aboard(self, rows: Array, person: Array) -> Array:
        """Whether a person [pair] already rides in a car [pair] on some day, or drives it."""
        found: Array = (self._dropped[rows] == person[:, None]).any(axis=1)
        return found

    def ways(self, rows: Array, riders: Units) -> tuple[Array, Array, Array]:
        """The best way of cars to take riders [pair]: km saved (-inf if none), home's and work's places."""
        saved = np.full(len(rows), -np.inf)
        where, off = np.zeros((2, len(rows)), np.int64)
        direct = self.legs.home_work(riders.place, riders.site)[1]
        for k, mine in self._blocks(rows):
            cars, one = rows[mine], riders.take(mine)
            alone = Trips.alone(one.place, one.site, one.person, one.start, one.end)
            km, where[mine], off[mine] = insert(
                self.trips(cars, k),
                alone,
                self.legs,
                self.limits.stop_min,
                self.limits.flex_min,
                self.most_km[cars],
            )
            saved[mine] = direct[mine] + self.km[cars] - km
        saved[saved <= self.limits.least_km] = -np.inf
        return saved, where, off

    def _blocks(self, rows: Array) -> Iterator[tuple[int, Array]]:
        """Places in `rows` of cars with a seat, by riders aboard, some at a time: memory is bounded."""
        for k in np.unique(self.riders[rows]).tolist():
            mine = np.flatnonzero(self.riders[rows] == k) if k < self.limits.seats else rows[:0]
            for lo in range(0, len(mine), PAIRS_A_BLOCK):
                yield k, mine[lo : lo + PAIRS_A_BLOCK]

    def board(self, rows: Array, riders: Units, where: Array, off: Array, slots: Array) -> None:
        """Riders [pair], at most one a car, take seats on `slots` [pair, slot], as `ways` said."""
        had = self.riders[rows]  # before anybody boards
        for k, i, j in sorted(set(zip(had.tolist(), where.tolist(), off.tolist(), strict=True))):
            mine = np.flatnonzero((had == k) & (where == i) & (off == j))
            cars, one = rows[mine], riders.take(mine)
            alone = Trips.alone(one.place, one.site, one.person, one.start, one.end)
            longer = self.trips(cars, k).with_rider(i, j, alone)
            self._put(cars, longer)
            self.km[cars] = self.drive(longer).km
        self.taken[rows] += slots

    def leave(self, car: int, person: int) -> None:
        """A person who rides on no day any more is not driven to."""
        k = int(self.riders[car])
        home = int(np.flatnonzero(self._picked[car, :k] == person)[0])
        work = int(np.flatnonzero(self._dropped[car, :k] == person)[0])
        row, old = np.array([car]), self.trips(np.array([car]), k)
        shorter = Trips(
            np.delete(old.place, home + 1, 1), np.delete(old.site, work, 1), np.delete(old.picked, home, 1),
            np.delete(old.dropped, work, 1), np.delete(old.start, work, 1), np.delete(old.end, work, 1),
        )  # fmt: skip
        self._picked[car], self._dropped[car] = -1, -1
        self._put(row, shorter)
        self.km[car] = self.drive(shorter).km[0]

    def drive(self, trips: Trips) -> Driven:
        """Times of trips."""
        return drive(trips, self.legs, self.limits.stop_min, self.limits.flex_min)
