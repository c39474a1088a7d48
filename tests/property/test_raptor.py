"""Random timetables: RAPTOR against the plain search by rounds and a time-expanded Dijkstra, field by field.

Not here: GTFS files (test_timetable), the model's offers (test_twin_model).
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.kernels.lines import FAR
from embauche.routing.lines import Footpaths, Lines, StopTimes, day_lines, search
from naive.rides import DAY_S, Label, Run, Search, dijkstra

STOPS, RIDES = 6, 5
LONGEST_S = 4000


starts = st.lists(st.integers(-5, 90), min_size=1, max_size=4)


@st.composite
def timetables(draw: st.DrawFn) -> tuple[list[list[tuple[int, ...]]], list[int], dict[Any, Any]]:
    """Trips as rows (stop, arr, dep, board, alight, leg), the days they run on, footpaths."""
    path = st.lists(st.integers(0, STOPS - 1), min_size=2, max_size=5)
    paths = draw(st.lists(path, min_size=1, max_size=4))
    trips, days = [], []
    for path in paths:
        marks = [(draw(st.integers(0, 5)) > 0, draw(st.integers(0, 5)) > 0) for _ in path]
        legs = [draw(st.integers(0, 3)) for _ in path]
        for _ in range(draw(st.integers(1, 4))):
            time = draw(st.integers(0, 30)) * 60 + draw(st.sampled_from([0, 0, DAY_S]))
            rows = []
            for i, stop in enumerate(path):
                arr = time + 60 * (draw(st.integers(0, 6)) if i else 0)
                time = arr + 60 * draw(st.integers(0, 2))
                rows.append((stop, arr, time, marks[i][0], marks[i][1], legs[i]))
            trips.append(rows)
            days.append(draw(st.integers(1, 7)))
    feet: dict[int, dict[int, tuple[int, int]]] = {}
    for a in range(STOPS):
        for b in range(STOPS):
            if a == b or draw(st.integers(0, 6)) == 0:
                walk = 0 if a == b else 60 * draw(st.integers(0, 5))
                feet.setdefault(a, {})[b] = (walk + 60, walk)
    return trips, days, feet


def as_lines(
    trips: list[list[tuple[int, ...]]], days: list[int], feet: dict[Any, Any]
) -> tuple[tuple[Lines, Lines], list[Run]]:
    """Arrays for the kernel and runs for the twin."""
    ptr = np.concatenate([[0], np.cumsum([len(t) for t in trips])])
    rows = np.array([r for t in trips for r in t])
    along = np.concatenate([np.concatenate([[0], np.cumsum([r[5] for r in t[:-1]])]) for t in trips])
    times = StopTimes.make(
        ptr, rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 4], along // 2 * 2, along
    )
    day_sets = [np.flatnonzero(np.array(days) >> d & 1) for d in range(3)]
    paths = np.array([(a, b, s, w) for a, ends in feet.items() for b, (s, w) in ends.items()])
    both = day_lines(times, day_sets, (-DAY_S, 0, DAY_S), Footpaths.make(*paths.T), STOPS)
    runs = []
    for d, shift in enumerate((-DAY_S, 0, DAY_S)):
        for t in day_sets[d].tolist():
            r, last = trips[t], len(trips[t]) - 1
            cells = [(int(times.road[i]), int(times.rail[i])) for i in range(ptr[t], ptr[t + 1])]
            runs.append(
                Run(
                    (d, t), tuple(x[0] for x in r), tuple(x[1] + shift for x in r),
                    tuple(x[2] + shift for x in r),
                    tuple(bool(x[3]) and i < last for i, x in enumerate(r)),
                    tuple(bool(x[4]) and i > 0 for i, x in enumerate(r)),
                    tuple((b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(cells)),
                )
            )  # fmt: skip
    return both, runs


CHANCE = 1.0 - np.exp(-np.arange(3600.0) / np.array([[150.0], [90.0]]))  # of buses, of trains


def in_time(by_rail: bool, seconds: int) -> float:
    return float(CHANCE[int(by_rail), min(seconds, 3599)])


@given(timetables(), st.integers(0, STOPS - 1), starts, st.data())
@settings(max_examples=150, deadline=None)
def test_rows_agree_with_the_twin(case: Any, stop: int, minutes: list[int], data: st.DataObject) -> None:
    both, runs = as_lines(*case)
    other = data.draw(st.integers(0, STOPS - 1))
    seeds = {stop: 0, other: 120} if other != stop else {stop: 0}
    for lines in both:
        back = lines.mirrored
        starts = sorted((60 * m * (-1 if back else 1) for m in minutes), reverse=True)
        found = search(
            lines, np.array([0, len(starts)]), np.array(starts), np.array([0, len(seeds)]),
            np.array(list(seeds)), np.array(list(seeds.values())), LONGEST_S, RIDES, described=True,
            chance=CHANCE,
        )  # fmt: skip
        for r, time in enumerate(starts):
            mine = slice(found.ptr[r], found.ptr[r + 1])
            stop = found.stop[mine].tolist()
            assert stop == sorted(set(stop))
            journeys = dict(zip(stop, found.fields[mine].tolist(), strict=True))
            twin = Search(
                runs, seeds, -time if back else time, case[2], RIDES, LONGEST_S, back=back, chance=in_time
            )
            for s in range(STOPS):
                want = twin.label(s)
                assert (want is None) == (s not in journeys)
                if want is not None:
                    *fields, risk = journeys[s]
                    plain = replace(want, late=0.0, lost=0.0)
                    assert Label(*fields) == plain, (lines.mirrored, time, s)
                    exact = want.late * 65535 if back else want.lost
                    assert risk == pytest.approx(exact, abs=0.51), (lines.mirrored, time, s)


@given(timetables(), st.integers(0, STOPS - 1), st.integers(-5, 90))
@settings(max_examples=100, deadline=None)
def test_times_agree_with_a_time_expanded_dijkstra(case: Any, stop: int, minute: int) -> None:
    both, runs = as_lines(*case)
    for lines in both:
        time = -60 * minute if lines.mirrored else 60 * minute
        one = np.array([0, 1])
        alight = np.empty((1, STOPS), np.int32)
        search(lines, one, np.array([time]), one, np.array([stop]), np.array([0]), 10**6, 16, alight=alight)
        feet = case[2]
        mine = [run.reversed() for run in runs] if lines.mirrored else runs
        if lines.mirrored:
            feet = {b: {a: feet[a][b] for a in feet if b in feet[a]} for b in range(STOPS)}
        want = dijkstra(mine, {stop: time}, feet)
        assert {s: int(t) for s, t in enumerate(alight[0]) if t < FAR} == want
