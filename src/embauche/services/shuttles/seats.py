"""Seats of a week's runs: who rides which run, stop to stop, in the order in which they ask.

Lives here: Seats. Not here: which runs would suit somebody (rides), vehicles (fleet).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.services.shuttles.layout import Layout
from embauche.services.shuttles.rides import Rides

Array = np.ndarray[Any, Any]
Leg = tuple[int, int, int, int]  # line, run, from stop, to stop (rows of the line, in the way's order)


@dataclass(frozen=True)
class Booking:
    """One tour booked.

    Attributes:
        person: row; worker_id: id; day: 0 Monday to 6.
        out, back: the two legs.
    """

    person: int
    worker_id: int
    day: int
    out: Leg
    back: Leg


class Seats:
    """Free seats of every run on every day of a week.

    Attributes:
        booked: by (person, slot).
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        # riders between one stop and the next: [day, run, stretch]
        self._riders = [
            np.zeros((7, len(line.there) + len(line.back), line.stops - 1), np.int32) for line in layout.lines
        ]
        self.booked: dict[tuple[int, int], Booking] = {}

    def riders(self, line: int) -> Array:
        """Riders of a line, int32 [day, run, stretch]; stretches count from the first stop, homewards too."""
        return self._riders[line]

    def _stretches(self, day: int, leg: Leg) -> Array:
        line, run, a, b = leg
        out: Array = self._riders[line][day, run, min(a, b) : max(a, b)]
        return out

    def free(self, day: int, leg: Leg) -> bool:
        """Whether a leg has a seat from end to end."""
        return bool((self._stretches(day, leg) < self._layout.lines[leg[0]].seats).all())

    def first_free(self, day: int, legs: list[Leg]) -> Leg | None:
        """The first of several legs that has a seat."""
        return next((leg for leg in legs if self.free(day, leg)), None)

    def take(self, slot: int, booking: Booking) -> None:
        """Hold the seats of a tour."""
        for leg in (booking.out, booking.back):
            self._stretches(booking.day, leg)[:] += 1
        self.booked[booking.person, slot] = booking

    def give_up(self, person: int, slot: int) -> None:
        """Free the seats of a tour; nothing happens where none is booked."""
        booking = self.booked.pop((person, slot), None)
        if booking is not None:
            for leg in (booking.out, booking.back):
                self._stretches(booking.day, leg)[:] -= 1


def legs_in_order(found: Rides) -> tuple[list[list[Leg]], list[list[Leg]]]:
    """Legs that would suit each row, out and back: the shortest first, ties by line."""

    def ordered(minutes: Array, run: Array, a: Array, b: Array) -> list[list[Leg]]:
        line = np.argsort(minutes, axis=0, kind="stable")
        count = np.isfinite(minutes).sum(axis=0).tolist()
        table = [line, *(np.take_along_axis(x, line, axis=0) for x in (run, a, b))]
        rows = np.stack(table, axis=2).transpose(1, 0, 2).tolist()  # [row, line, 4]
        return [[(k, r, x, y) for k, r, x, y in legs[:n]] for legs, n in zip(rows, count, strict=True)]

    return (
        ordered(found.out_min, found.out_run, found.home_stop, found.work_stop),
        ordered(found.back_min, found.back_run, found.work_stop, found.home_stop),
    )
