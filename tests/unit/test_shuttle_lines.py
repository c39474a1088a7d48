"""Lines of shuttles: stops on the roads, the best run for everybody, seats, vehicles and drivers.

Not here: a week of riders (test_shuttle).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.commuting.classes import TripClasses
from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.scenario_load import load_scenario
from embauche.core.shifts import default_catalogue
from embauche.routing.roads import RoadGraph
from embauche.services.shuttles.fleet import plan_week
from embauche.services.shuttles.layout import Layout
from embauche.services.shuttles.options import ShuttleLine
from embauche.services.shuttles.rides import rides
from embauche.services.shuttles.seats import Booking, Seats, legs_in_order
from helpers import tiny_territory

TINY = tiny_territory()
GRAPH = RoadGraph.of(TINY)
CATALOGUE = default_catalogue()
NODES = np.arange(len(TINY.nodes))


def point(node: int, at: float | None = None) -> dict[str, Any]:
    where = {"lon": float(TINY.nodes.lon[node]), "lat": float(TINY.nodes.lat[node])}
    return where if at is None else where | {"at": at}


def line(**fields: Any) -> ShuttleLine:
    base = {"name": "A", "stops": [point(0), point(3, 4), point(55, 12)], "windows": ["morning"]}
    return ShuttleLine.model_validate(base | fields)


def layout(*lines: ShuttleLine) -> Layout:
    return Layout.make(lines, TINY, GRAPH, CATALOGUE, defaults(), NODES, NODES)


CLASSES = TripClasses.make(CATALOGUE, np.array([0b11111, 0b1100000, 0b1000000], np.uint8))


def walk_min(a: int, b: int) -> float:
    return float(GRAPH.seconds("walk", np.array([a]), np.array([b]))[0, 0]) / 60.0


def test_a_line_arrives_before_its_shift_and_leaves_after_it() -> None:
    (made,) = layout(line(windows=["morning", "night"])).lines
    assert made.there.tolist() == [300 - 10 - 12, 1260 - 10 - 12]
    assert made.back.tolist() == [780 + 10, 1740 + 10]
    assert made.km[1] == pytest.approx(1.5, abs=0.01)
    driven = layout(line(stops=[point(0), point(3), point(55)])).lines[0]
    seconds = GRAPH.seconds("car", np.array([0, 3]), np.array([3, 55]))
    assert driven.at_min * 60 == pytest.approx([0, seconds[0, 0] + 30, seconds[0, 0] + seconds[1, 1] + 60])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, len(CLASSES.window) - 1), st.integers(0, 2))
def test_everybody_takes_the_best_run(place: int, site: int, klass: int, which: int) -> None:
    """Against every pair of stops and every run, one after the other."""
    lines = (
        line(windows=["morning", "afternoon", "day"], days="weekdays"),
        line(name="B", stops=[point(90), point(60, 9), point(33, 20)], departures=["04:10", "07:00"],
             departures_back=["13:40", "17:00", "05:30+1"], days="all"),
        line(name="C", stops=[point(9), point(55, 9)], windows=["weekend"], days="weekend"),
    )  # fmt: skip
    made = layout(*lines)
    found = rides(made, CLASSES, np.array([place]), np.array([site]), np.array([klass]), 90.0)
    start, end = CLASSES.start_s[klass] / 60, CLASSES.end_s[klass] / 60
    day = int(CLASSES.days[klass, 1])
    at, stops = made.lines[which], [int(n) for n in made.lines[which].node[:-1]]
    works = [walk_min(s, site) for s in stops[1:]]
    best_out, best_back = np.inf, np.inf
    if min(works) <= 20 and at.day_mask >> day & 1:
        j = 1 + int(np.argmin(works))
        for i in range(j):
            home = walk_min(stops[i], place)
            if home > 20:
                continue
            for run in at.there:
                arrives = run + at.at_min[j]
                if arrives + works[j - 1] <= start + 1e-9:
                    best_out = min(best_out, start - (run + at.at_min[i] - home))
            for run in at.back:
                leaves = run + at.length_min - at.at_min[j]
                if leaves >= end + works[j - 1] - 1e-9:
                    best_back = min(best_back, run + at.length_min - at.at_min[i] + home - end)
    for mine, best in ((found.out_min[which, 0], best_out), (found.back_min[which, 0], best_back)):
        assert mine == pytest.approx(best if best <= 90 else np.inf, abs=1e-3)


def test_seats_are_counted_from_stop_to_stop() -> None:
    made = layout(line(seats=1))
    seats = Seats(made)
    klass = int(CLASSES.shift_class[CLASSES.shift_ptr[CATALOGUE.shift_row("two_by_eight")]])
    place = np.array([0, 3, 0])
    found = rides(made, CLASSES, place, np.array([55, 55, 3]), np.full(3, klass), 90.0)
    out, back = legs_in_order(found)
    assert out[0] == [(0, 0, 0, 2)]
    assert back[0] == [(0, 1, 2, 0)]
    assert out[1] == [(0, 0, 1, 2)]
    seats.take(0, Booking(7, 70, 0, out[1][0], back[1][0]))
    assert not seats.free(0, out[0][0])  # the second stretch is taken
    assert seats.free(1, out[0][0])
    assert seats.free(0, (0, 0, 0, 1))  # the first one is not
    seats.give_up(7, 0)
    assert seats.free(0, out[0][0])
    assert seats.riders(0).sum() == 0


def test_a_vehicle_goes_back_to_its_depot_unless_the_next_run_is_near() -> None:
    (made,) = layout(line(windows=["morning", "afternoon"], depot=point(0), days=["Tue"])).lines
    day = plan_week(made, GRAPH, 60.0)
    # there 4:38-4:50 and 12:38-12:50; back 13:10-13:22 and 21:10-21:22
    back_min = float(GRAPH.seconds("car", np.array([55]), np.array([0]))[0, 0]) / 60.0
    assert day.vehicles == 1
    assert day.driver_min == pytest.approx((12 + back_min) + (12 + 20 + 12) + (back_min + 12))
    assert day.km_run == pytest.approx(4 * made.km[-1])
    km = float(made.km[-1])
    assert day.km_empty == pytest.approx(2 * km, rel=0.3)
    starts = [s.start_min for s in day.stretches]
    assert starts == sorted(starts)
    for before, after in zip(day.stretches, day.stretches[1:], strict=False):
        assert before.end_min <= after.start_min + 1e-9
        assert before.to_node == after.from_node


def test_one_duty_brings_the_morning_team_and_takes_the_night_team_home() -> None:
    (made,) = layout(line(windows=["morning", "night"], depot=point(0), days=["Mon", "Tue"])).lines
    week = plan_week(made, GRAPH, 60.0)
    assert week.vehicles == 1
    # Tuesday 4:38-4:50 there, then 5:10-5:22 back with Monday's night team
    early = [s for s in week.stretches if 1440 + 270 < s.start_min < 1440 + 360]
    assert [s.run for s in early] == [0, 0, 3, 3]
    assert [s.day for s in early] == [1, 1, 0, 0]


def test_runs_at_once_take_vehicles_of_their_own() -> None:
    runs = {"departures": ["05:00", "05:05"], "departures_back": ["13:00", "18:00"], "windows": []}
    assert plan_week(layout(line(**runs)).lines[0], GRAPH, 60.0).vehicles == 2
    with pytest.raises(UserError, match="too few vehicles"):
        plan_week(layout(line(**runs, vehicles=1)).lines[0], GRAPH, 60.0)
    nobody = layout(line(**runs, vehicles=0)).lines[0]
    assert plan_week(nobody, GRAPH, 60.0).driver_min == 0.0


BAD = {
    "never": ("lines: [{name: A, stops: [W, C]}]", "never leaves", "A"),
    "one way": ("lines: [{name: A, stops: [W, C], departures: [5h]}]", "nobody both ways", "A"),
    "twice": (
        "lines: [{name: A, stops: [W, C], windows: [day]}, {name: A, stops: [W, C], windows: [day]}]",
        "2 shuttles are called A", "A",
    ),
    "window": ("lines: [{name: A, stops: [W, C], windows: [mornin]}]", "no window mornin", "mornin"),
    "one stop": ("lines: [{name: A, stops: [W], windows: [day]}]", "two stops", "A"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_bad_lines_are_refused(tmp_path: Path, case: tuple[str, str, str]) -> None:
    text, what, _ = case
    path = tmp_path / "s.yaml"
    path.write_text(f"services:\n  shuttle:\n    {text}\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.line == 3
