"""The week of one on-demand system: tours booked day by day, given back, probed, and driven in the end.

Lives here: SystemWeek, which keeps what is booked. Not here: windows (demand.legs), the planner of a day
(services.dispatching), money (demand.books).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.parallel import run_blocks
from embauche.services.demand.legs import (
    BACK,
    NO_RETURN,
    NO_VEHICLE,
    OUT,
    OUTSIDE_HOURS,
    TOO_LATE,
    WHEELCHAIR,
    Legs,
    Rules,
    known_at,
)
from embauche.services.shared import Answers

if TYPE_CHECKING:
    from embauche.services.demand.fleet import DayFleet
    from embauche.services.demand.rides import Reach, Rides
    from embauche.services.dispatching.day import Day
    from embauche.services.shared import Requests

Array = np.ndarray[Any, Any]


@dataclass
class Booked:
    """Tours held, one list entry a tour; those given back have `held` False.

    Attributes:
        person, worker_id, slot: whose tour.
        day, leg: out and back: operating day, handle in the day's plan.
        rides: the rides, in parts that follow one another.
    """

    row: dict[tuple[int, int], int] = field(default_factory=dict)
    person: list[int] = field(default_factory=list)
    worker_id: list[int] = field(default_factory=list)
    slot: list[int] = field(default_factory=list)
    day: list[tuple[int, int]] = field(default_factory=list)
    leg: list[tuple[int, int]] = field(default_factory=list)
    rides: list[Rides] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)


class SystemWeek:
    """Seven days of one system."""

    def __init__(self, reach: Reach, rules: Rules, fleets: list[DayFleet], seed: int, search: int) -> None:
        """Open a week.

        Args:
            reach: the system.
            rules: its rules.
            fleets: vehicles of each weekday.
            seed: of the planner's search.
            search: iterations of improvement of what is booked the day before.
        """
        self.reach, self.rules, self.fleets, self.seed, self.search = reach, rules, fleets, seed, search
        self.days: dict[int, Day] = {}
        self.booked = Booked()

    def _day(self, day: int) -> Day:
        from embauche.services.dispatching.day import Day

        if day not in self.days:
            self.days[day] = Day(self.fleets[day].grid, seed=self.seed * 7 + day, search=self.search)
        return self.days[day]

    def book(self, asked: Requests, rides: Rides, wheelchair: Array, hurried: Array) -> Answers:
        """Answer tours; those served are held.

        Args:
            asked: the tours.
            rides: their rides by this system.
            wheelchair: bool, who travels in one.
            hurried: see demand.legs.known_at.
        """
        answers = self._answer(asked, rides, wheelchair, hurried, 0.0, keep=True)
        again = np.flatnonzero(answers.reason == NO_VEHICLE)
        if self.rules.shift_by_min > 0 and len(again):
            other = self._answer(
                asked.take(again), rides.take(again), wheelchair[again], hurried[again],
                self.rules.shift_by_min, keep=True,
            )  # fmt: skip
            for name in ("served", "out_min", "back_min", "wait_min", "reason"):
                getattr(answers, name)[again] = getattr(other, name)
        return answers

    def probe(self, asked: Requests, rides: Rides, wheelchair: Array, hurried: Array) -> Answers:
        """What each tour alone would be answered; nothing is held."""
        return self._answer(asked, rides, wheelchair, hurried, self.rules.shift_by_min, keep=False)

    def _answer(
        self, asked: Requests, rides: Rides, wheelchair: Array, hurried: Array, more_min: float, *, keep: bool
    ) -> Answers:
        legs = Legs.of(self.reach, self.rules, rides, asked.start_min, asked.end_min, more_min)
        known, in_time = known_at(self.rules, legs, hurried)
        answers = Answers.refused(len(asked), NO_VEHICLE)
        answers.reason[~in_time] = TOO_LATE
        answers.reason[~legs.open] = OUTSIDE_HOURS
        fine = np.flatnonzero(legs.open & in_time)
        handle = np.full((2, len(asked)), -1, np.int64)
        times = np.full((2, 2, len(asked)), np.nan)  # [way, pickup or delivery]
        served, failed = np.zeros((2, 2, len(asked)), bool)
        into = (handle, times, served, failed, answers)
        whole = legs.day[OUT] == legs.day[BACK]
        days = np.unique(legs.day[:, fine]).tolist()
        for day in days:
            self._day(day)  # in this order whatever the threads

        def work(lo: int, hi: int) -> None:
            for day in days[lo:hi]:
                out, back = (fine[legs.day[way, fine] == day] for way in (OUT, BACK))
                asks = (
                    ((OUT, BACK), out[whole[out]]),
                    ((OUT,), out[~whole[out]]),
                    ((BACK,), back[~whole[back]]),
                )
                for ways, rows in asks:
                    if len(rows):
                        self._ask(day, ways, rows, legs, known, wheelchair, keep, into)

        run_blocks(work, len(days), least=2)  # a day's legs are written by that day alone
        done: Array = np.asarray(served.all(axis=0))
        if keep:
            self._drop_halves(legs.day, handle, served)
        answers.reason[failed[BACK] & ~failed[OUT]] = NO_RETURN
        answers.reason[done] = 0
        answers.served[:] = done
        self._minutes(answers, asked, rides, legs, times, done)
        if keep:
            self._hold(asked, rides, legs.day, handle, np.flatnonzero(done))
        return answers

    def _ask(
        self, day: int, ways: tuple[int, ...], rows: Array, legs: Legs, known: Array, wheelchair: Array,
        keep: bool, into: tuple[Array, Array, Array, Array, Answers],
    ) -> None:  # fmt: skip
        """Put the legs of some tours that fall on one day to its planner."""
        from embauche.services.dispatching.day import NO_PLACE, DayRequests
        from embauche.services.dispatching.day import NO_VEHICLE as NOBODY

        handle, times, served, failed, answers = into
        way = np.tile(np.array(ways), len(rows))
        row = np.repeat(rows, len(ways))
        cell = way, row
        chair = wheelchair[row].astype(np.int8)
        request = DayRequests(
            legs.pickup[cell].astype(np.int32), legs.delivery[cell].astype(np.int32),
            (1 - chair).astype(np.int8), chair,
            legs.pickup_from[cell], legs.pickup_until[cell],
            legs.delivery_from[cell], legs.delivery_until[cell],
            legs.max_ride[cell], np.repeat(np.arange(len(rows), dtype=np.int32), len(ways)),
            known[row] - legs.shift[cell],
        )  # fmt: skip
        planner = self._day(day)
        got = planner.book(request) if keep else planner.probe(request)
        served[cell] = got.served
        handle[cell] = np.where(got.served, got.leg, -1)
        times[way, 0, row], times[way, 1, row] = got.pickup_min, got.delivery_min
        answers.reason[row[got.reason == NO_PLACE]] = WHEELCHAIR
        failed[cell] = got.reason == NOBODY

    def _drop_halves(self, day: Array, handle: Array, served: Array) -> None:
        """Give back one way of tours whose other way was refused on another day."""
        for way in (OUT, BACK):
            half = np.flatnonzero(served[way] & ~served[1 - way])
            for d in np.unique(day[way, half]).tolist():
                self._day(d).release(handle[way, half[day[way, half] == d]].astype(np.int32))

    def _minutes(
        self, answers: Answers, asked: Requests, rides: Rides, legs: Legs, times: Array, done: Array
    ) -> None:
        """Minutes door to door of those served."""
        leave = times[OUT, 0] + legs.shift[OUT] - rides.walk_min
        home = times[BACK, 1] + legs.shift[BACK] + rides.walk_min
        ready = asked.end_min + rides.after_min
        wait = times[BACK, 0] + legs.shift[BACK] - ready + rides.wait_min
        answers.out_min[done] = (asked.start_min - leave)[done]
        answers.back_min[done] = (home - asked.end_min)[done]
        answers.wait_min[done] = np.maximum(wait, 0.0)[done]

    def _hold(self, asked: Requests, rides: Rides, day: Array, handle: Array, done: Array) -> None:
        b = self.booked
        for i in done.tolist():
            b.row[int(asked.person[i]), int(asked.slot[i])] = len(b.person)
            b.person.append(int(asked.person[i]))
            b.worker_id.append(int(asked.worker_id[i]))
            b.slot.append(int(asked.slot[i]))
            b.day.append((int(day[OUT, i]), int(day[BACK, i])))
            b.leg.append((int(handle[OUT, i]), int(handle[BACK, i])))
            b.held.append(True)
        b.rides.append(rides.take(done))

    def release(self, asked: Requests) -> Array:
        """Give tours back; bool [request], whether this system held them."""
        b = self.booked
        mine = np.zeros(len(asked), bool)
        given: dict[int, list[int]] = {}
        for i, key in enumerate(zip(asked.person.tolist(), asked.slot.tolist(), strict=True)):
            row = b.row.pop(key, None)
            if row is not None:
                mine[i], b.held[row] = True, False
                for way in (OUT, BACK):
                    given.setdefault(b.day[row][way], []).append(b.leg[row][way])
        for day, legs in given.items():
            self._day(day).release(np.array(legs, np.int32))
        return mine
