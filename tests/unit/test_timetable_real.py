"""Earliest arrivals and latest departures on real feeds against a time-expanded Dijkstra, pair by pair.

Not here: what a feed may hold (test_timetable), random timetables (property/test_raptor).
"""

from __future__ import annotations

import datetime as dt
import itertools
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.routing import Timetable
from embauche.routing.gtfs import read_feed
from naive.gtfs import runs_on
from naive.rides import Run, dijkstra

FEEDS = {"addison": dt.date(2016, 3, 16), "heidelberg": dt.date(2022, 7, 12)}


@cache
def _case(shared: Path, name: str) -> tuple[Timetable, list[Run], list[Run]]:
    path = shared / "gtfs" / f"{name}.gtfs.zip"
    runs = runs_on(read_feed(Path(path)), FEEDS[name])
    return Timetable.from_gtfs(path, FEEDS[name]), runs, [run.reversed() for run in runs]


def _agrees(shared: Path, name: str, stops: Any, times: tuple[int, ...]) -> int:
    timetable, runs, back = _case(shared, name)
    n = len(timetable.stop_ids)
    feet = {s: {s: (0, 0)} for s in range(n)}
    reached = 0
    for stop in stops:
        for time in times:
            for reverse in (False, True):
                mine = back if reverse else runs
                found = dijkstra(mine, {stop: -time if reverse else time}, feet)
                want = np.full(n, -np.inf if reverse else np.inf)
                for s, at in found.items():
                    want[s] = -at if reverse else at
                want[stop] = time
                got = timetable.arrive_by(stop, time) if reverse else timetable.depart_at(stop, time)
                np.testing.assert_array_equal(got, want)
                reached += len(found)
    return reached


@pytest.mark.parametrize("name", FEEDS)
def test_sampled_stops_agree_with_the_twin(shared_data: Path, name: str) -> None:
    stops = np.random.default_rng(3).integers(0, len(_case(shared_data, name)[0].stop_ids), 4).tolist()
    assert _agrees(shared_data, name, stops, (5 * 3600, 13 * 3600)) > 100


@pytest.mark.long
@pytest.mark.parametrize("name", FEEDS)
def test_every_pair_agrees_with_the_twin(shared_data: Path, name: str) -> None:
    assert (
        _agrees(
            shared_data,
            name,
            range(len(_case(shared_data, name)[0].stop_ids)),
            (5 * 3600, 8 * 3600, 23 * 3600),
        )
        > 10_000
    )


@pytest.mark.parametrize("name", FEEDS)
def test_journeys_are_made_of_runs_and_arrive_when_the_search_says(shared_data: Path, name: str) -> None:
    timetable, runs, _ = _case(shared_data, name)
    calls = {}
    for run in runs:
        for i, stop in enumerate(run.stops):
            calls.setdefault((stop, run.dep[i]), set()).add(run.order)
    rng, seen = np.random.default_rng(5), 0
    for start, end in rng.integers(0, len(timetable.stop_ids), (60, 2)).tolist():
        by_arrival = timetable.depart_at(start, 8 * 3600)[end]
        found = timetable.pareto(start, end, depart_at=8 * 3600)
        assert (found[-1].arrives if found else np.inf) == by_arrival
        assert [j.rides for j in found] == sorted({j.rides for j in found})
        late = timetable.journey(start, end, arrive_by=18 * 3600)
        assert (late.departs if late else -np.inf) == timetable.arrive_by(end, 18 * 3600)[start]
        for journey in [*found, *([late] if late else [])]:
            at, now = timetable.stop_ids[start], journey.departs
            for leg in journey.legs:
                assert leg.start == at
                assert leg.departs >= now
                assert leg.kind == "walk" or (timetable.row(at), leg.departs) in calls
                assert leg.kind == "walk" or (leg.stops[0], leg.stops[-1]) == (leg.start, leg.end)
                at, now, seen = leg.end, leg.arrives, seen + 1
            assert (at, now) == (timetable.stop_ids[end], journey.arrives)
    assert seen > 20


def test_a_range_query_is_the_same_as_each_departure_alone(shared_data: Path) -> None:
    timetable, _, _ = _case(shared_data, "heidelberg")
    stop = int(timetable.times.stop[50])
    profile = timetable.range(stop, 7 * 3600, 9 * 3600)
    assert len(profile.departures) > 5
    for time, arrivals in zip(profile.departures, profile.arrivals, strict=True):
        alone = timetable.depart_at(stop, time)
        alone[stop] = arrivals[stop]
        np.testing.assert_array_equal(arrivals, alone)
    some = int(np.argmax(np.isfinite(profile.arrivals).sum(axis=0) * (np.arange(len(alone)) != stop)))
    pairs = profile.pairs(some)
    assert pairs
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))
