"""Journeys leg by leg, sets of them that none beats in time and rides, and profiles over a window.

Lives here: Leg, Journey, Profile and how they are read from labels. Not here: the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import UserError
from embauche.kernels.lines import Labels

if TYPE_CHECKING:
    from embauche.routing.timetable_day import Timetable

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Leg:
    """A walk or a ride.

    Attributes:
        kind: "walk" or "ride".
        start, end: stop ids.
        departs, arrives: seconds after midnight.
        trip, route, route_name: of a ride, else empty; the k-th run of a frequency is trip `id#k`.
        mode: 0 tram, 1 metro, 2 rail, 3 bus and others; -1 for a walk.
        stops, times: of a ride, every stop from start to end and (arrival, departure) there.
    """

    kind: str
    start: str
    end: str
    departs: int
    arrives: int
    trip: str = ""
    route: str = ""
    route_name: str = ""
    mode: int = -1
    stops: tuple[str, ...] = ()
    times: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Journey:
    """Legs in order; a journey from a stop to itself has none.

    Attributes:
        departs: seconds after midnight at which the traveller leaves.
        arrives: seconds after midnight at which she is there.
    """

    legs: tuple[Leg, ...]
    departs: int
    arrives: int

    @property
    def rides(self) -> int:
        """Number of vehicles."""
        return sum(leg.kind == "ride" for leg in self.legs)

    @property
    def transfers(self) -> int:
        """Changes of vehicle."""
        return max(0, self.rides - 1)


@dataclass(frozen=True)
class Profile:
    """Departures from one stop in a window and the earliest arrivals that they allow.

    Attributes:
        departures: float64 [departure] seconds after midnight, rising.
        arrivals: float64 [departure, stop], inf where not reached; journeys on foot alone left out.
    """

    departures: Array
    arrivals: Array

    def pairs(self, row: int) -> list[tuple[float, float]]:
        """(departure, arrival) at a stop's row, without those that a later departure equals or beats."""
        best, out = np.inf, []
        for d in range(len(self.departures) - 1, -1, -1):
            if self.arrivals[d, row] < best:
                best = float(self.arrivals[d, row])
                out.append((float(self.departures[d]), best))
        return out[::-1]


def profile(timetable: Timetable, stop: int, first_s: int, last_s: int) -> Profile:
    """Search from every moment between first_s and last_s at which to leave for a vehicle."""
    if not first_s <= last_s:
        raise UserError(
            "the window ends before it begins",
            found=f"{first_s} to {last_s}",
            expected="first_s <= last_s",
            fix="swap the two",
        )
    arrays = timetable.lines[0].arrays
    at, walk = timetable.seeds(stop, back=False)
    moments = []
    for s, seconds in zip(at.tolist(), walk.tolist(), strict=True):
        for j in range(arrays.at_ptr[s], arrays.at_ptr[s + 1]):
            line, p = arrays.at_line[j], arrays.at_position[j] - arrays.first[arrays.at_line[j]]
            column = int(arrays.base[line]) + p * int(arrays.trips[line])
            moments.append(arrays.dep[column : column + arrays.trips[line]].astype(np.int64) - seconds)
    starts = np.unique(np.concatenate([*moments, np.zeros(0, np.int64)]))
    starts = starts[(starts >= first_s) & (starts <= last_s)]
    if not len(starts):
        return Profile(np.zeros(0), np.zeros((0, len(timetable.stop_ids))))
    found = timetable.scan(stop, starts[::-1], back=False, walked=False)[::-1]
    return Profile(starts.astype(np.float64), found)


def pareto(
    timetable: Timetable, start: int, end: int, depart_at: float | None, arrive_by: float | None
) -> list[Journey]:
    """See `Timetable.pareto`."""
    if (depart_at is None) == (arrive_by is None):
        raise UserError(
            "a journey needs one time",
            found="both" if depart_at is not None else "none",
            expected="either depart_at or arrive_by",
            fix="give one of them",
        )
    from embauche.routing.timetable_day import whole_seconds

    if depart_at is not None:
        return _from(timetable, start, end, int(whole_seconds(depart_at)[0]))
    assert arrive_by is not None
    arrive_by = int(whole_seconds(arrive_by)[0])
    # the latest departure with each number of rides, then the first arrival from it
    labels = timetable.labels()
    timetable.scan(end, np.array([-arrive_by]), back=True, labels=labels)
    out: list[Journey] = []
    rounds = _best_by_rides(timetable, labels, end, start, -arrive_by, back=True)
    for rides, (time, _) in enumerate(rounds):
        leaves = -time
        if np.isfinite(leaves) and all(j.departs < leaves for j in out):
            found = _from(timetable, start, end, int(leaves), rides)
            if found:
                out.append(found[-1])
    return out


def _from(timetable: Timetable, start: int, end: int, time: int, most: int | None = None) -> list[Journey]:
    labels = timetable.labels()
    timetable.scan(start, np.array([time]), back=False, labels=labels)
    out: list[Journey] = []
    rounds = _best_by_rides(timetable, labels, start, end, time, back=False)
    for rides, (arrives, last) in enumerate(rounds):
        if most is not None and rides > most:
            break
        if np.isfinite(arrives) and (not out or arrives < out[-1].arrives):
            out.append(_unpack(timetable, labels, start, end, time, rides, last))
    return out


def _best_by_rides(
    timetable: Timetable, labels: Labels, start: int, end: int, time: int, *, back: bool
) -> list[tuple[float, int]]:
    """For each number of rides at most: earliest time at `end`, and the stop where the last ride ends.

    The stop is -1 where no ride is taken; it is `end` itself where the last ride goes there.
    """
    arrays = timetable.lines[back].arrays
    into = np.flatnonzero((arrays.foot_to == end) & (arrays.foot_from != end))
    at, walk = timetable.seeds(start, back=back)
    on_foot = [time + int(w) for s, w in zip(at.tolist(), walk.tolist(), strict=True) if s == end]
    best: list[tuple[float, int]] = [(float(on_foot[0]) if on_foot else np.inf, -1)]
    for k in range(1, labels.alight.shape[0]):
        options = [best[-1]]
        if labels.alight[k, end] < 2**30:
            options.append((float(labels.alight[k, end]), end))
        for j in into.tolist():
            v = int(arrays.foot_from[j])
            if labels.alight[k, v] < 2**30:
                options.append((float(labels.alight[k, v]) + float(arrays.walk_s[j]), v))
        best.append(min(options, key=lambda option: option[0]))
    return best


def _unpack(
    timetable: Timetable, labels: Labels, start: int, end: int, time: int, rides: int, last: int
) -> Journey:
    """Legs from the end back to the start."""
    ids, a = timetable.stop_ids, timetable.lines[0].arrays
    if last < 0:
        seconds = dict(zip(*(x.tolist() for x in timetable.seeds(start, back=False)), strict=True))[end]
        legs = () if start == end else (Leg("walk", ids[start], ids[end], time, time + seconds),)
        return Journey(legs, time, time + seconds)
    out: list[Leg] = []
    v, k = last, rides
    arrives = int(labels.alight[rides, last])
    if last != end:
        mine = slice(a.foot_ptr[last], a.foot_ptr[last + 1])
        walk = int(a.walk_s[mine][a.foot_to[mine] == end][0])
        out.append(Leg("walk", ids[last], ids[end], arrives, arrives + walk))
        arrives += walk
    while True:
        while labels.trip[k, v] < 0:
            k -= 1
        out.append(_ride(timetable, labels, v, k))
        u = int(a.stop[labels.seat[k, v]])
        k -= 1
        while k > 0 and labels.walk[k, u] < 0:
            k -= 1
        if k == 0:
            walk = dict(zip(*(x.tolist() for x in timetable.seeds(start, back=False)), strict=True))[u]
            if u != start:
                out.append(Leg("walk", ids[start], ids[u], time, time + walk))
            break
        j = int(labels.walk[k, u])
        v = int(a.foot_from[j])
        if v != u:
            at = int(labels.alight[k, v])
            out.append(Leg("walk", ids[v], ids[u], at, at + int(a.walk_s[j])))
    return Journey(tuple(out[::-1]), time, arrives)


def _ride(timetable: Timetable, labels: Labels, v: int, k: int) -> Leg:
    lines = timetable.lines[0]
    a, ids = lines.arrays, timetable.stop_ids
    trip, seat, leave = (int(x[k, v]) for x in (labels.trip, labels.seat, labels.leave))
    line = int(np.searchsorted(a.first, seat, side="right")) - 1
    row, shift = int(lines.run_trip[trip]), (int(lines.run_day[trip]) - 1) * 86_400
    first = int(timetable.times.ptr[row]) - int(a.first[line])
    cells = range(first + seat, first + leave + 1)
    times = tuple((int(timetable.times.arr[c]) + shift, int(timetable.times.dep[c]) + shift) for c in cells)
    info = timetable.trips.iloc[row]
    return Leg(
        "ride", ids[a.stop[seat]], ids[v], times[0][1], times[-1][0], str(timetable.trips.index[row]),
        str(info["route"]), str(info["route_name"]), int(info["mode"]),
        tuple(ids[s] for s in a.stop[seat : leave + 1]), times,
    )  # fmt: skip
