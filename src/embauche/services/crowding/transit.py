"""Transit whose vehicles can be full: each rider takes a place on every run of her journey, stop to stop.

Lives here: CrowdedTransit. Not here: offers and fares (services.transit), journeys (routing.transit_legs).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from embauche.routing.access import RAIL_MODES
from embauche.routing.timetable_plan import edited
from embauche.routing.transit_legs import LegFinder, Ride
from embauche.services.shared import Answers, Prior, Requests, SharedService, WeekOfService, events
from embauche.services.transit import Transit

Array = np.ndarray[Any, Any]
Tour = list[tuple[int, Ride]]  # weekday of each ride's run


class CrowdedTransit(Transit, SharedService):
    """A rider gets the quickest journey each way if all its runs have a place, else she is refused.

    Attributes:
        booked: rides of each tour booked, with the traveller's id, by (person, slot).
    """

    booked: dict[tuple[int, int], tuple[int, Tour]]

    @cached_property
    def _finder(self) -> LegFinder | None:
        rows = self.network.transit
        return None if rows is None else LegFinder(rows)

    @cached_property
    def _places(self) -> Array:
        """Places of each trip's vehicle, int64 [trip]."""
        g = self.ground
        t = edited(g.territory, g.settings.timetable_edits, g.parameters, self.network.roads.graph)
        rail = np.isin(t.trips.mode, RAIL_MODES)
        p = self.parameters
        return np.where(rail, p["transit.rail_places"], p["transit.bus_places"]).astype(np.int64)

    def prior(self) -> Prior:
        """Most vehicles have room."""
        return Prior(accept=0.98)

    def open_week(self, week: int) -> None:
        """All places are free."""
        self._riders: dict[tuple[int, int], Array] = {}
        self.booked = {}

    def riders(self, weekday: int, trip: int) -> Array:
        """Riders between one stop and the next of a run, int32 [stop - 1]."""
        key = (weekday, trip)
        if key not in self._riders:
            rows = self.network.transit
            assert rows is not None
            stops = int(rows.times.ptr[trip + 1] - rows.times.ptr[trip])
            self._riders[key] = np.zeros(stops - 1, np.int32)
        return self._riders[key]

    def book(self, requests: Requests) -> Answers:
        """Places in the order of the requests; both ways or none."""
        return self._answer(requests, hold=True)

    def probe(self, requests: Requests) -> Answers:
        """Whether there is a place now."""
        return self._answer(requests, hold=False)

    def _answer(self, requests: Requests, *, hold: bool) -> Answers:
        answers = Answers.refused(len(requests))
        if self._finder is None or not len(requests):
            return answers
        rows = self.network.transit
        assert rows is not None
        quoted = self.quoted(requests)
        found = self._finder.journeys(requests.place, rows.row[requests.site, requests.klass])
        for i, (there_and_back, slot) in enumerate(zip(found, requests.slot.tolist(), strict=True)):
            if there_and_back is None:
                continue
            tour = [((slot // 2 + ride.offset) % 7, ride) for way in there_and_back for ride in way]
            if not all(self._free(weekday, ride) for weekday, ride in tour):
                continue
            answers.served[i], answers.reason[i] = True, 0
            answers.out_min[i], answers.back_min[i] = quoted.out_min[i], quoted.back_min[i]
            answers.wait_min[i] = quoted.wait_min[i]
            if hold:
                self._add(tour, 1)
                self.booked[int(requests.person[i]), slot] = (int(requests.worker_id[i]), tour)
        return answers

    def _free(self, weekday: int, ride: Ride) -> bool:
        aboard = self.riders(weekday, ride.trip)[ride.start : ride.end]
        return bool((aboard < self._places[ride.trip]).all())

    def _add(self, tour: Tour, number: int) -> None:
        for weekday, ride in tour:
            self.riders(weekday, ride.trip)[ride.start : ride.end] += number

    def release(self, requests: Requests) -> None:
        """Give places up."""
        for key in zip(requests.person.tolist(), requests.slot.tolist(), strict=True):
            held = self.booked.pop(key, None)
            if held is not None:
                self._add(held[1], -1)

    def close_week(self) -> WeekOfService:
        """Boardings and alightings; what is paid and driven is entered from the trips made (`books`)."""
        rows = self.network.transit
        out = WeekOfService()
        rides = [(worker, day, ride) for worker, tour in self.booked.values() for day, ride in tour]
        if rows is None or not rides:
            return out
        times, node = rows.times, self.ground.territory.stops.node
        worker = np.array([w for w, _, _ in rides], np.int64)
        day = np.array([d for _, d, _ in rides])
        trip, start, end = (np.array([r[k] for _, _, r in rides]) for k in (1, 2, 3))
        known = len(node)
        for event, at, clock in (("boarding", start, times.dep), ("alighting", end, times.arr)):
            cell = times.ptr[trip] + at
            stop = times.stop[cell]
            where = np.where(stop < known, node[np.minimum(stop, known - 1)], -1)  # new stops lie after these
            minute = 1440.0 * day + clock[cell] / 60.0
            out.events.append(
                events(
                    self.scene.week, self.name, event, len(rides), day=day, worker_id=worker, vehicle=trip,
                    node=where, minute=minute,
                )
            )  # fmt: skip
        return out
