"""Edits of a timetable: headways, cuts, moved stops, new lines; what is checked, and at which line.

Not here: longer hours in words (test_changes_words), the search (test_timetable).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.analysis.check_timetable import timetable_problems
from embauche.core.errors import Problem, UserError
from embauche.core.parameters import defaults
from embauche.core.scenario_load import load_scenario, validated
from embauche.core.scenario_yaml import read_yaml
from embauche.output.changes import timetable_line
from embauche.output.page import Page
from embauche.routing.roads import RoadGraph
from embauche.routing.supply import supply_week
from embauche.routing.timetable_plan import edited
from helpers import WEEKDAYS, tiny_territory

TINY = tiny_territory()
GRAPH = RoadGraph.of(TINY)


def plan(*changes: dict[str, Any]) -> Any:
    edits = validated({"name": "x", "timetable": list(changes)}).settings().timetable_edits
    return edited(TINY, edits, defaults(), GRAPH)


def starts(territory: Any, day: int, first_stop: str = "W", route: str = "L1") -> list[int]:
    """Departures in minutes on a day of trips that begin at a stop, sorted."""
    c, t = territory.connections, territory.trips
    first = np.flatnonzero(np.append(True, c.trip[1:] != c.trip[:-1]))
    begins = territory.stops.stop_id[c.dep_stop[first]] == first_stop
    trip = c.trip[first]
    keep = begins & (t.days[trip] >> day & 1 == 1) & (t.route[trip] == route)
    return sorted((c.dep_s[first][keep] // 60).tolist())


def _km(territory: Any) -> tuple[float, float]:
    """Vehicle-kilometres a week by road and by rail."""
    nobody, nowhere = np.zeros(len(territory.trips), np.int32), np.full(len(territory.stops), -1, np.int32)
    road, rail = supply_week(territory.trips, territory.connections, nobody, 1, nowhere, 0).km[0]
    return float(road), float(rail)


def test_no_edit_is_the_territory_itself() -> None:
    assert plan() is TINY


def test_a_headway_replaces_the_departures_of_its_hours() -> None:
    made = plan({"routes": ["1"], "headway_min": 20, "between": "06:00-08:00", "days": "weekdays"})
    hourly = [60 * h for h in range(6, 21)]
    assert starts(made, 0) == [360, 380, 400, 420, 440, 460, 480, *[h for h in hourly if h > 480]]
    assert starts(made, 5) == starts(TINY, 5)
    assert starts(made, 6) == []
    road, rail = _km(made)
    # out: 4 trips more a day; back begins at 6:30 and 7:30: the hours then hold 7 in place of 2
    assert road - _km(TINY)[0] == pytest.approx(5 * (4 + 5) * 22.5)
    assert rail == 0.0
    assert len(set(made.trips.trip_id)) == len(made.trips)


def test_a_headway_without_hours_keeps_the_span_and_idle_days_idle() -> None:
    made = plan({"headway_min": 30})
    assert starts(made, 0) == list(range(360, 1201, 30))
    assert starts(made, 5) == list(range(480, 1081, 30))
    assert starts(made, 6) == []
    sunday = plan({"headway_min": 60, "between": "10:00-12:00", "days": ["Sun"]})
    assert starts(sunday, 6) == [600, 660, 720]
    assert starts(sunday, 0) == starts(TINY, 0)


def test_a_cut_takes_a_line_away_on_its_days_and_hours() -> None:
    gone = plan({"routes": ["1"], "cut": True, "days": ["Sat"]})
    assert starts(gone, 5) == []
    assert starts(gone, 0) == starts(TINY, 0)
    assert len(gone.trips) == int((TINY.trips.days == WEEKDAYS).sum())
    evening = plan({"routes": ["1"], "cut": True, "between": "19:00-24:00"})
    assert starts(evening, 0) == [60 * h for h in range(6, 19)]
    assert len(plan({"cut": True}).connections) == 0


def test_a_moved_stop_has_a_new_node_and_new_kilometres_but_its_old_times() -> None:
    node = 37
    lon, lat = float(TINY.nodes.lon[node]), float(TINY.nodes.lat[node])
    made = plan({"move_stop": "centre", "to": {"lon": lon, "lat": lat}})
    assert made.stops.node[1] == node
    assert TINY.stops.node[1] != node
    assert (made.connections.dep_s == TINY.connections.dep_s).all()
    touched = (made.connections.dep_stop == 1) | (made.connections.arr_stop == 1)
    assert (made.connections.km[~touched] == TINY.connections.km[~touched]).all()
    dx, dy = (node % 10 - 0) * 0.5, (node // 10 - 5) * 0.5
    from_west = (made.connections.dep_stop == 0) & touched
    assert made.connections.km[from_west] == pytest.approx(1.3 * np.hypot(dx, dy), rel=2e-2)
    assert plan({"move_stop": "C", "to": "East"}).stops.node[1] == TINY.stops.node[2]


def test_a_new_line_runs_both_ways_at_its_times() -> None:
    corner = {"lon": float(TINY.nodes.lon[0]), "lat": float(TINY.nodes.lat[0]), "name": "Corner", "at": 9}
    made = plan({
        "line": "N1", "stops": ["West", corner], "departures": ["04:20", "05:00"],
        "departures_back": ["13:10"], "days": "weekdays",
    })  # fmt: skip
    assert starts(made, 0, "W", "N1") == [260, 300]
    new = made.stops.stop_id[-1]
    assert made.stops.name[-1] == "Corner"
    assert made.stops.node[-1] == 0
    assert starts(made, 4, new, "N1") == [790]
    assert starts(made, 5, new, "N1") == []
    rows = np.flatnonzero(made.connections.trip >= len(TINY.trips))
    assert (made.connections.arr_s[rows] - made.connections.dep_s[rows] == 540).all()
    assert made.connections.km[rows] == pytest.approx(1.3 * 2.5, rel=1e-2)
    assert len(
        plan({"line": "N", "stops": ["W", "C"], "departures": ["05:00"], "both_ways": False}).trips
    ) == (len(TINY.trips) + 1)


def test_a_new_line_without_times_is_driven_along_the_roads() -> None:
    made = plan({"line": "N1", "stops": ["W", "E"], "headway_min": 60, "between": "05:00-07:00"})
    rows = made.connections.trip >= len(TINY.trips)
    seconds = GRAPH.seconds("car", TINY.stops.node[:1], TINY.stops.node[2:3])[0, 0]
    assert (made.connections.arr_s[rows] - made.connections.dep_s[rows] == seconds + 30).all()
    assert starts(made, 0, "W", "N1") == [300, 360, 420] == starts(made, 6, "E", "N1")


def test_edits_apply_in_order() -> None:
    made = plan({"line": "N1", "stops": ["W", "E"], "departures": ["05:00"]}, {"routes": ["N1"], "cut": True})
    assert len(made.trips) == len(TINY.trips)
    assert "N1" not in set(made.trips.route)


def line(*stops: Any) -> dict[str, Any]:
    return {"line": "2", "stops": list(stops), "departures": ["5h"]}


@pytest.mark.parametrize(
    ("change", "what", "fix"),
    [
        ({"routes": ["2"], "cut": True}, "matches no trip", None),
        ({"move_stop": "Centr", "to": "W"}, "no such stop", "Centre"),
        ({"line": "1", "stops": ["W", "C"], "departures": ["5h"]}, "already is a line 1", None),
        (line("W", "West"), "twice in a row", None),
        (line("W", {"lon": 9.0, "lat": 50.0}), "off the network", "lon"),
        (line("W", {"commune": "Nowhere"}), "no such commune", None),
    ],
)  # fmt: skip
def test_what_the_territory_does_not_have(change: dict[str, Any], what: str, fix: str | None) -> None:
    with pytest.raises(UserError) as caught:
        plan({"headway_min": 30}, change)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.what.startswith("timetable.1: ")
    assert fix is None or fix in str(problem.fix)


BAD: dict[str, tuple[str, int, str, str | None]] = {
    "two edits": ("- {headway_min: 20, cut: true}", 2, "does not go with", "headway_min"),
    "no move": ("- {move_stop: W}", 2, "moves somewhere", None),
    "no departures": ("- {line: N, stops: [A, B]}", 2, "never leaves", None),
    "one stop": ("- {line: N, stops: [A], departures: [5h]}", 2, "two stops", "1 stops"),
    "times": (
        "- line: N\n    departures: [5h]\n    stops: [A, {stop: B, at: 9}, {stop: C, at: 4}]", 2,
        "out of order", "C at 4 min",
    ),
    "half timed": ("- {line: N, departures: [5h], stops: [A, {stop: B, at: 9}, C]}", 2, "no time", "C"),
    "two places": ("- {move_stop: A, to: {stop: B, lon: 2}}", 2, "at one place", "stop, lon"),
    "reversed": ("- {headway_min: 20, between: 20:00-06:00}", 2, "end before they begin", "20:00-06:00"),
    "headway": ("- {headway_min: 0}", 2, "timetable.0.headway_min", "0"),
    "unknown key": ("- {headway: 20}", 2, "unknown key", "headway"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_bad_edits_name_their_line(tmp_path: Path, case: tuple[str, int, str, str | None]) -> None:
    text, line, what, found = case
    path = tmp_path / "s.yaml"
    path.write_text(f"timetable:\n  {text}\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_scenario(path)
    problem: Problem = caught.value.problems[0]
    assert problem.line is not None
    assert problem.line >= line
    assert what in problem.what
    assert found is None or found in str(problem.found)


def test_edits_survive_being_written_and_read() -> None:
    changes = [
        {"headway_min": 20, "between": "20:00-01:00+1"},
        {"line": "N", "stops": ["A", {"lon": 2, "lat": 50, "at": 4}], "departures": ["04:10"]},
        {"move_stop": "A", "to": {"commune": "Eu"}},
        {"cut": True, "routes": ["3"], "days": ["Sun"]},
    ]
    scenario = validated({"name": "x", "timetable": changes})
    assert validated(scenario.resolved()).settings() == scenario.settings()
    page = Page(lang="en", runs=[], found=None, shape=None)
    assert [timetable_line(page, c) for c in scenario.resolved()["timetable"]] == [
        "all routes, a departure every 20 min, from 20:00 to 01:00+1, every day",
        "new line N, A - 2 50, departures 04:10, every day",
        "the stop A moves to Eu",
        "routes 3, withdrawn, Sunday",
    ]


def test_check_names_the_line_of_what_the_territory_lacks(tmp_path: Path) -> None:
    for table in ("nodes", "stops", "trips", "communes"):
        getattr(TINY, table).write(tmp_path / f"{table}.parquet")
    tree = read_yaml_text(
        tmp_path,
        "timetable:\n"
        "  - {routes: [1], headway_min: 20}\n"
        "  - move_stop: Wset\n"
        "    to: {lon: 9, lat: 50.5}\n"
        "  - line: N\n"
        "    departures: [5h]\n"
        "    stops: [west, {stop: C}, {commune: nowhere}, Lost]\n",
    )
    found = [(p.line, p.what, p.found) for p in timetable_problems(tree, tmp_path)]
    assert [(line, what.split("such ")[-1]) for line, what, _ in found] == [
        (3, "stop"), (7, "commune"), (7, "stop"), (4, "this stop lies off the network"),
    ]  # fmt: skip
    assert [f for _, _, f in found][:3] == ["Wset", "nowhere", "Lost"]


def read_yaml_text(folder: Path, text: str) -> Any:
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    tree = read_yaml(path)
    assert isinstance(tree.value, dict)
    return tree.value["timetable"]
