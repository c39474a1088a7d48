"""Shared cars: in which order a driver picks up and sets down, how long it takes, whether all are in time.

Lives here: routes with riders, and the best way to take one more. Not here: who asks (carpooling.week).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.services.carpooling.roads import Legs

Array = np.ndarray[Any, Any]


@dataclass
class Trips:
    """Cars with the same number k of riders, all [car, ...]; by way of k homes and k workplaces to one's own.

    Attributes:
        place: int32 [car, k + 1] homes in order, the driver's first.
        site: int32 [car, k + 1] workplaces in order, the driver's last.
        picked: int64 [car, k] riders in the order of their homes.
        dropped: int64 [car, k + 1] persons in the order of their workplaces, the driver last.
        start, end: float64 [car, k + 1] shift of each of `dropped`, minutes after midnight.
    """

    place: Array
    site: Array
    picked: Array
    dropped: Array
    start: Array
    end: Array

    @classmethod
    def alone(cls, place: Array, site: Array, person: Array, start: Array, end: Array) -> Trips:
        """Drivers without riders, from arrays [car]."""
        n = len(place)
        return cls(
            place[:, None], site[:, None], np.empty((n, 0), np.int64), person[:, None].astype(np.int64),
            start[:, None].astype(np.float64), end[:, None].astype(np.float64),
        )  # fmt: skip

    @property
    def riders(self) -> int:
        """Riders in each car."""
        return int(self.picked.shape[1])

    def take(self, rows: Array) -> Trips:
        """Some of the cars."""
        return Trips(
            self.place[rows],
            self.site[rows],
            self.picked[rows],
            self.dropped[rows],
            self.start[rows],
            self.end[rows],
        )

    def with_rider(self, at: int, off: int, rider: Trips) -> Trips:
        """One more rider each: picked up after home `at`, set down before workplace `off`."""

        def put(old: Array, where: int, new: Array) -> Array:
            return np.concatenate([old[:, :where], new, old[:, where:]], axis=1)

        return Trips(
            put(self.place, at + 1, rider.place), put(self.site, off, rider.site),
            put(self.picked, at, rider.dropped), put(self.dropped, off, rider.dropped),
            put(self.start, off, rider.start), put(self.end, off, rider.end),
        )  # fmt: skip


@dataclass
class Driven:
    """How trips go, all [car, ...].

    Attributes:
        km: float64 [car] each way.
        out_min, back_min, wait_min: float64 [car, k + 1] of each of `dropped`: door to door each way, early
            arrival and late departure included, and the wait at work; the driver's too.
        picked_min: float64 [car, k + 1] minutes after midnight at the home of each of `dropped`.
        ok: bool [car] everybody arrives in time and not too early, and leaves not too late.
    """

    km: Array
    out_min: Array
    back_min: Array
    wait_min: Array
    picked_min: Array
    ok: Array


def drive(trips: Trips, legs: Legs, stop_min: float, flex_min: float) -> Driven:
    """Time the trips: as late as all can be on time, home as soon as all are free.

    The way home takes as long as the way out, in the reverse order.
    """
    n, k = len(trips.place), trips.riders
    at = np.zeros((n, 2 * k + 2))  # minutes from the driver's home to each stop
    km = np.zeros(n)
    for stop in range(1, 2 * k + 2):
        if stop <= k:
            minutes, length = legs.homes(trips.place[:, stop - 1], trips.place[:, stop])
            minutes = minutes + stop_min
        elif stop == k + 1:
            minutes, length = legs.home_work(trips.place[:, k], trips.site[:, 0])
        else:
            minutes, length = legs.works(trips.site[:, stop - k - 2], trips.site[:, stop - k - 1])
        at[:, stop] = at[:, stop - 1] + minutes
        km += length
    off = at[:, k + 1 :]
    home = np.zeros((n, k + 1))  # when each of `dropped` gets in
    for j in range(k):
        same = trips.picked == trips.dropped[:, j : j + 1]
        home[:, j] = at[np.arange(n), 1 + same.argmax(axis=1)]
    leave = (trips.start - off).min(axis=1, keepdims=True)
    early = trips.start - off - leave
    pass_by = off[:, -1:] - off  # minutes from the driver's work to each on the way home
    free = (trips.end - pass_by).max(axis=1, keepdims=True)
    wait = free + pass_by - trips.end
    ride = off - home
    ok = (early.max(axis=1) <= flex_min) & (wait.max(axis=1) <= flex_min) & np.isfinite(km)
    return Driven(km, ride + early + stop_min, ride + wait + stop_min, wait, leave + home, ok)


def insert(
    trips: Trips, riders: Trips, legs: Legs, stop_min: float, flex_min: float, most_km: Array
) -> tuple[Array, Array, Array]:
    """The shortest way of each car to take one more rider.

    Args:
        trips: cars with the same number of riders.
        riders: one a car, as `Trips.alone`.
        legs, stop_min, flex_min: see `drive`.
        most_km: float64 [car] longest route.

    Returns:
        km with the rider, inf where there is no way [car]; the places of her home and her work in the order.
    """
    n, k = len(trips.place), trips.riders
    best, where, off = np.full(n, np.inf), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for i in range(k + 1):
        for j in range(k + 1):
            tried = drive(trips.with_rider(i, j, riders), legs, stop_min, flex_min)
            better = tried.ok & (tried.km < best) & (tried.km <= most_km)
            best[better], where[better], off[better] = tried.km[better], i, j
    return best, where, off
