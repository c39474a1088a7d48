"""The plainest timetable search: rounds of rides over every run, and a time-expanded Dijkstra beside it.

Lives here: runs, earliest arrivals with the journeys that docs/model.md chooses among equals, and latest
departures as the same search in reversed time. Not here: walks to and from stops (offers).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

RAIL = (1, 2)  # metro and rail; trams and buses count as road
DAY_S = 86_400
Feet = Mapping[int, Mapping[int, tuple[int, int]]]  # from stop, to stop: (seconds in all, seconds walked)


@dataclass(frozen=True)
class Run:
    """One run of one trip on one day, in searching time; `order` decides between equals: the lowest."""

    order: tuple[int, int]
    stops: tuple[int, ...]
    arr: tuple[int, ...]
    dep: tuple[int, ...]
    board: tuple[bool, ...]
    alight: tuple[bool, ...]
    legs: tuple[tuple[int, int], ...]  # to the next stop: tens of metres by road, by rail

    def alike(self) -> tuple[Any, ...]:
        """Runs of one line have the same."""
        return (self.stops, self.board, self.alight, self.legs)

    def reversed(self) -> Run:
        """The same run with time running backwards."""
        return Run(
            self.order, self.stops[::-1], tuple(-t for t in self.dep[::-1]),
            tuple(-t for t in self.arr[::-1]), self.alight[::-1], self.board[::-1], self.legs[::-1],
        )  # fmt: skip


def runs_of(trips: Any, connections: Any, days: Mapping[int, int]) -> list[Run]:
    """Runs of the territory's trips on some days.

    Args:
        trips, connections: the territory's tables.
        days: offset in days (-1 the day before) -> weekday.
    """
    rows: dict[int, list[int]] = {}
    for c in range(len(connections)):
        rows.setdefault(int(connections.trip[c]), []).append(c)
    out: list[Run] = []
    for place, offset in enumerate(sorted(days)):
        for trip in sorted(rows):
            if not int(trips.days[trip]) >> days[offset] & 1:
                continue
            c, shift = rows[trip], offset * DAY_S
            dep = [int(connections.dep_s[i]) + shift for i in c]
            arr = [int(connections.arr_s[i]) + shift for i in c]
            metres = [int(float(connections.km[i]) * 100 + 0.5) for i in c]
            rail = int(trips.mode[trip]) in RAIL
            out.append(
                Run(
                    (place, trip),
                    tuple([int(connections.dep_stop[i]) for i in c] + [int(connections.arr_stop[c[-1]])]),
                    tuple([dep[0], *arr]),
                    tuple([*dep, arr[-1]]),
                    tuple([bool(connections.pickup[i]) for i in c] + [False]),
                    tuple([False] + [bool(connections.dropoff[i]) for i in c]),
                    tuple((0, m) if rail else (m, 0) for m in metres),
                )
            )
    return out


def lines_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs in lines: each strictly later at every stop than the one before, the first line that fits."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.dep[0], r.arr[-1], r.order)):
        for line in lines:
            last = line[-1]
            if last.alike() == run.alike() and all(
                a < b for a, b in zip(last.arr + last.dep, run.arr + run.dep, strict=True)
            ):
                line.append(run)
                break
        else:
            lines.append([run])
    return lines


@dataclass(frozen=True)
class Arrival:
    """How a stop is reached by vehicle: when, on which run, boarded and left at which of its stops."""

    time: int
    order: tuple[int, int]
    seat: int
    leave: int
    run: Run
    rides: int


@dataclass(frozen=True)
class Ready:
    """From when one can board at a stop: after a ride to `source` and a change, or from the start (None)."""

    time: int
    source: int | None
    rides: int


@dataclass(frozen=True)
class Label:
    """A journey to or from a stop, in seconds since the start (or before it) and tens of metres."""

    seconds: int
    early: int
    wait: int
    rides: int
    road: int
    rail: int
    late: float = 0.0  # chance to be late at work: of the way out alone
    lost: float = 0.0  # seconds that missed connections add on average: of the way home alone


class Search:
    """Earliest arrivals with at most so many rides, in searching time.

    Args:
        runs: all runs; where `back` is set, runs, times and footpaths as they are: they are reversed here.
        start: stop -> seconds on foot from the start to it.
        time: the start, real time.
        feet: footpaths in real time.
        rides: most rides.
        limit_s: longest journey.
        back: search the latest departures that are at the start's place in time.
        chance: that a train (else a bus) is at most so many seconds late.
    """

    def __init__(
        self, runs: list[Run], start: Mapping[int, int], time: int, feet: Feet, rides: int, limit_s: int,
        *, back: bool, chance: Callable[[bool, int], float] = lambda by_rail, seconds: 1.0,
    ) -> None:  # fmt: skip
        self.back, self.start, self.chance = back, start, chance
        self.time = -time if back else time
        self.feet = _turned(feet) if back else feet
        self.lines = lines_of(runs)
        if back:
            self.lines = [[run.reversed() for run in line[::-1]] for line in self.lines]
        limit = self.time + limit_s
        ready = {s: Ready(self.time + w, None, 0) for s, w in start.items() if w <= limit_s}
        reached: dict[int, Arrival] = {}
        self.ready, self.reached = [ready], [reached]
        for k in range(1, rides + 1):
            if k < 2 or self.reached[-1] != self.reached[-2]:
                reached = self._ride(ready, reached, k, limit)
                ready = self._change(ready, reached, k, limit)
            self.ready.append(ready)
            self.reached.append(reached)

    def _ride(
        self, ready: dict[int, Ready], before: dict[int, Arrival], k: int, limit: int
    ) -> dict[int, Arrival]:
        best: dict[int, Arrival] = {}
        for run in (run for line in self.lines for run in line):
            seat = None
            for p, stop in enumerate(run.stops):
                if seat is not None and run.alight[p] and run.arr[p] <= limit:
                    found = Arrival(run.arr[p], run.order, seat, p, run, k)
                    if stop not in best or _rank(found) < _rank(best[stop]):
                        best[stop] = found
                if seat is None and run.board[p] and stop in ready and ready[stop].time <= run.dep[p]:
                    seat = p
        better = {s: a for s, a in best.items() if s not in before or a.time < before[s].time}
        return before | better

    def _change(
        self, before: dict[int, Ready], reached: dict[int, Arrival], k: int, limit: int
    ) -> dict[int, Ready]:
        ready = dict(before)
        for source in sorted(reached):
            for stop, (seconds, _) in self.feet.get(source, {}).items():
                found = Ready(reached[source].time + seconds, source, reached[source].rides)
                if found.time > limit or found.rides < k:
                    continue
                if stop not in ready or found.time < ready[stop].time:
                    ready[stop] = found
        return ready

    def label(self, stop: int) -> Label | None:
        """The journey of a stop, None where no ride reaches it."""
        if stop not in self.reached[-1]:
            return None
        end = self.reached[-1][stop]
        early = wait = road = rail = 0
        here, ride, board, path = stop, end, 0, (0, 0)
        in_time, lost, gap, last_by_rail = 1.0, 0.0, 0, False
        while True:
            run = ride.run
            if here != stop or ride is not end:
                if self.back:
                    run = self._first_trip(ride, board - path[0])
                wait += board - run.arr[ride.leave] - path[1]
            by_rail = any(leg[1] for leg in run.legs[ride.seat : ride.leave])
            if here != stop or ride is not end:
                made = self.chance(
                    last_by_rail if self.back else by_rail, board - run.arr[ride.leave] - path[0]
                )
                in_time, lost = in_time * made, lost + (1.0 - made) * gap
            gap, last_by_rail = self._until_next(run, ride), by_rail
            for road_dam, rail_dam in run.legs[ride.seat : ride.leave]:
                road, rail = road + road_dam, rail + rail_dam
            board = run.dep[ride.seat]
            at = run.stops[ride.seat]
            came = self.ready[ride.rides - 1][at]
            if came.source is None:
                slack = board - self.time - self.start[at]
                early, wait = (slack, wait) if self.back else (0, wait + slack)
                if self.back:
                    late, lost = 1.0 - in_time * self.chance(last_by_rail, slack + 600), 0.0
                else:
                    late = 0.0
                return Label(end.time - self.time, early, wait, end.rides, road, rail, late, lost)
            path = self.feet[came.source][at]
            here, ride = came.source, self.reached[came.rides][came.source]

    def _until_next(self, run: Run, ride: Arrival) -> int:
        """Seconds until the line's next run leaves the stop where this one was boarded; two hours at most."""
        line = next(line for line in self.lines if any(ride.run is r for r in line))
        later = [r.dep[ride.seat] for r in line if r.dep[ride.seat] > run.dep[ride.seat]]
        return min([7200, *(t - run.dep[ride.seat] for t in later)])

    def _first_trip(self, ride: Arrival, latest: int) -> Run:
        """In reversed time the walk back runs forwards: she takes the line's first trip that she catches."""
        line = next(line for line in self.lines if any(run is ride.run for run in line))
        return [run for run in line if run.arr[ride.leave] <= latest][-1]


def _rank(a: Arrival) -> tuple[Any, ...]:
    return (a.time, a.order, a.seat, a.leave)


def _turned(feet: Feet) -> Feet:
    back: dict[int, dict[int, tuple[int, int]]] = {}
    for a, ends in feet.items():
        for b, cost in ends.items():
            back.setdefault(b, {})[a] = cost
    return back


def dijkstra(runs: Iterable[Run], start: Mapping[int, int], feet: Feet) -> dict[int, int]:
    """Earliest arrival by vehicle at each stop, by Dijkstra over events: at a stop, aboard at a position.

    Args:
        runs: runs.
        start: stop -> time from which one can board there.
        feet: footpaths.
    """
    runs = list(runs)
    calls: dict[int, list[tuple[int, int]]] = {}
    for r, run in enumerate(runs):
        for p, stop in enumerate(run.stops):
            calls.setdefault(stop, []).append((r, p))
    reached: dict[int, int] = {}
    seen: set[tuple[int, int, int]] = set()
    queue = [(time, 0, stop, 0) for stop, time in start.items()]
    heapq.heapify(queue)
    while queue:
        time, kind, a, p = heapq.heappop(queue)
        if (kind, a, p) in seen:
            continue
        seen.add((kind, a, p))
        if kind == 0:  # ready at stop a
            for r, q in calls.get(a, ()):
                if runs[r].board[q] and runs[r].dep[q] >= time and q + 1 < len(runs[r].stops):
                    heapq.heappush(queue, (runs[r].arr[q + 1], 1, r, q + 1))
            continue
        run = runs[a]
        stop = run.stops[p]
        if run.alight[p]:
            reached.setdefault(stop, time)
            for w, (seconds, _) in feet.get(stop, {}).items():
                heapq.heappush(queue, (time + seconds, 0, w, 0))
        if p + 1 < len(run.stops):
            heapq.heappush(queue, (run.arr[p + 1], 1, a, p + 1))
    return reached
