"""Volunteers of a scheme: where they live, when they are on the road, who takes which tour.

Lives here: Crew, Tour. Not here: money and events (week), what a rider is offered (services.volunteers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.routing.roads import TENTHS, RoadGraph
from embauche.services.volunteering.options import Drivers

Array = np.ndarray[Any, Any]
DAY_MIN = 1440.0


@dataclass(frozen=True)
class Tour:
    """One rider's tour with a volunteer; times in minutes of the week.

    Attributes:
        volunteer: row of the crew.
        person, worker_id: who rides; place, site: rows used; day: 0 Monday to 6.
        lead_min, tail_min: drives without the rider before and after the way out; likewise back.
        out_start, out_end, back_start, back_end: when the rider is aboard.
    """

    volunteer: int
    person: int
    worker_id: int
    place: int
    site: int
    day: int
    lead_min: tuple[float, float]
    tail_min: tuple[float, float]
    out_start: float
    out_end: float
    back_start: float
    back_end: float

    @property
    def busy(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """When the volunteer is away from home."""
        return (
            (self.out_start - self.lead_min[0], self.out_end + self.tail_min[0]),
            (self.back_start - self.lead_min[1], self.back_end + self.tail_min[1]),
        )

    @property
    def minutes(self) -> float:
        """Minutes that the volunteer drives."""
        return sum(b - a for a, b in self.busy)


class Crew:
    """The volunteers of one scheme, from week to week the same.

    Attributes:
        home: int32 [volunteer] node where each lives.
        to_place, from_place, to_site, from_site: (minutes, km) float64 [volunteer, place or site] by car.
        tours: those booked this week by (person, slot).
    """

    def __init__(
        self, scheme: Drivers, graph: RoadGraph, place_node: Array, site_node: Array, lives: Array
    ) -> None:
        """Draw where volunteers live, and find their ways.

        Args:
            scheme: the scheme.
            graph: roads.
            place_node, site_node: int [place], [site] nodes of places and sites used.
            lives: float64 [place] residents where volunteers may live: where they do is drawn by it.
        """
        self.scheme = scheme
        n = scheme.volunteers if lives.sum() > 0 else 0
        luck = uniforms(0, Purpose.VOLUNTEER, 0, np.arange(n), stable_id(scheme.name))
        share = np.cumsum(lives) / max(float(lives.sum()), 1.0)
        at = np.minimum(np.searchsorted(share, luck, side="right"), max(len(lives) - 1, 0))
        self.home = place_node[at].astype(np.int32)
        car = graph.weighting("car")

        def ways(a: Array, b: Array) -> tuple[Array, Array]:
            tenths, decimetres = car.times_and_metres(graph.leave[a], graph.arrive[b])
            return np.asarray(tenths, np.float64) / TENTHS / 60.0, np.asarray(
                decimetres, np.float64
            ) / 10_000.0

        self.to_place, self.to_site = ways(self.home, place_node), ways(self.home, site_node)
        self.from_place = tuple(x.T for x in ways(place_node, self.home))
        self.from_site = tuple(x.T for x in ways(site_node, self.home))
        # minutes without the rider, there and back: rows side by side for whoever asks
        self._by_place = np.ascontiguousarray((self.to_place[0] + self.from_place[0]).T)
        self._by_site = np.ascontiguousarray((self.to_site[0] + self.from_site[0]).T)
        self.open_week()

    def open_week(self) -> None:
        """Everybody is at home, nothing is booked."""
        self.driven = np.zeros(len(self.home))
        self.busy: list[list[tuple[float, float]]] = [[] for _ in self.home]
        self.tours: dict[tuple[int, int], Tour] = {}

    def offer(
        self, person: int, worker_id: int, slot: int, place: int, site: int, out: tuple[float, float],
        back: tuple[float, float],
    ) -> Tour | None:  # fmt: skip
        """The tour by whoever is free and has driven least this week, ties by row; None if nobody is.

        Args:
            person, worker_id, slot: who asks, and for when.
            place, site: rows used.
            out, back: minutes of the week between which the rider is aboard.
        """
        most, day = 60.0 * self.scheme.hours_week + 1e-9, slot // 2
        minutes = self._by_place[place] + self._by_site[site] + (out[1] - out[0] + back[1] - back[0])
        if not (self.driven + minutes <= most).any():  # soon the answer to nearly everybody
            return None
        lead = self.to_place[0][:, place], self.to_site[0][:, site]
        tail = self.from_site[0][:, site], self.from_place[0][:, place]
        begin = out[0] - lead[0], back[0] - lead[1]
        end = out[1] + tail[0], back[1] + tail[1]
        fits = (begin[0] >= DAY_MIN * day + self.scheme.first) & (end[1] <= DAY_MIN * day + self.scheme.last)
        fits &= (end[0] <= begin[1]) & (self.driven + minutes <= most)
        for v in sorted(np.flatnonzero(fits).tolist(), key=lambda row: (self.driven[row], row)):
            spans = [(float(begin[k][v]), float(end[k][v])) for k in (0, 1)]
            if all(b <= x or y <= a for a, b in spans for x, y in self.busy[v]):
                return Tour(
                    v, person, worker_id, place, site, day, (float(lead[0][v]), float(lead[1][v])),
                    (float(tail[0][v]), float(tail[1][v])), *out, *back,
                )  # fmt: skip
        return None

    def take(self, slot: int, tour: Tour) -> None:
        """Book a tour."""
        self.tours[tour.person, slot] = tour
        self.driven[tour.volunteer] += tour.minutes
        self.busy[tour.volunteer] += tour.busy

    def give_up(self, person: int, slot: int) -> None:
        """Free the volunteer of a tour; nothing happens where none is booked."""
        tour = self.tours.pop((person, slot), None)
        if tour is not None:
            mine = self.busy[tour.volunteer]
            for span in tour.busy:
                mine.remove(span)
            # summed anew: what is added and taken away again would not be the same number
            self.driven[tour.volunteer] = sum(
                t.minutes for t in self.tours.values() if t.volunteer == tour.volunteer
            )
