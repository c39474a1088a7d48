"""Feeds written: the timetable and on-demand systems keep the format's rules, and read back as they were.

Lives here: export of a small territory. Not here: the rules one by one (test_gtfs_flex).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.scenario_load import validated
from embauche.output.gtfs_feed import Tables, export_feed, timetable, write
from embauche.output.gtfs_flex_write import system_tables
from embauche.output.gtfs_shuttles import shuttle_tables
from embauche.routing.roads import RoadGraph
from embauche.services.demand.check import problems_of
from embauche.services.demand.feed import from_feed
from embauche.services.demand.layout import lay_out
from embauche.services.demand.options import System
from embauche.territory.gtfs_flex import read_flex
from embauche.territory.gtfs_rules import Feed, violations
from embauche.territory.timetable_week import read_week
from helpers import tiny_territory

T: Any = tiny_territory()
HOURS = {"weekdays": ["04:00-06:00", "20:00-23:00"], "Sat": "05:00-12:00", "Sun": "20:00-02:00+1"}


def written(out: Path, **keys: Any) -> Feed:
    """A feed of one system."""
    graph = RoadGraph(T.nodes.x_m, T.nodes.y_m, T.arcs, T.turns)
    system = System.model_validate({"name": "tad", "fleet": {"vehicles": 1, "depot": "Bourg"}} | keys)
    tables = Tables(date(2026, 9, 7))
    system_tables(tables, system, T, graph, None)
    write(tables, out)
    return Feed.open(out)


@pytest.mark.parametrize(
    ("booking", "kind"),
    [({"kind": "real_time"}, 0), ({"kind": "same_day", "notice_min": 45}, 1), ({"cut_off": "16:30"}, 2)],
)
def test_a_system_reads_back_with_its_hours_stops_and_rule(
    booking: dict[str, Any], kind: int, tmp_path: Path
) -> None:
    feed = written(tmp_path / "f.zip", hours=HOURS, booking=booking, walk_m=500)
    assert violations(feed) == []
    read = read_flex(tmp_path / "f.zip")
    (service,) = read.services
    weekdays = ((240, 360), (1200, 1380))
    assert service.hours == (*(weekdays,) * 5, ((300, 720),), ((1200, 1560),))
    assert service.rule is not None
    assert service.rule.kind == kind
    assert service.rule.notice_min == (45 if kind == 1 else 0)
    assert service.rule.cut_off_min == (990 if kind == 2 else 0)
    assert len(read.stops) == len(feed.tables["location_group_stops.txt"]) > 10
    nodes = {(round(x, 6), round(y, 6)) for x, y in zip(T.nodes.lon, T.nodes.lat, strict=True)}
    assert {(s.lon, s.lat) for s in read.stops} <= nodes
    assert read.counts == {}


def test_door_to_door_is_an_area(tmp_path: Path) -> None:
    feed = written(tmp_path / "f.zip", stops="door", zone={"communes": ["Aville", "Champs"]})
    assert violations(feed) == []
    (shape,) = read_flex(tmp_path / "f.zip").areas
    assert shape["type"] == "MultiPolygon"
    assert len(shape["coordinates"]) == 2  # Bourg lies between them


def test_feeder_stops_are_of_the_group(tmp_path: Path) -> None:
    written(tmp_path / "f.zip", feeder={"stops": "Edge"}, zone={"communes": ["Aville"]})
    assert "X" in {s.stop_id for s in read_flex(tmp_path / "f.zip").stops}


def test_a_timetable_reads_back_as_it_was(tmp_path: Path) -> None:
    tables = Tables(date(2026, 9, 7))
    timetable(tables, T)
    write(tables, tmp_path / "f.zip")
    assert violations(Feed.open(tmp_path / "f.zip")) == []
    again = read_week([tmp_path / "f.zip"], date(2026, 9, 9), defaults())
    days = dict(zip(again.trips["trip_id"], again.trips["days"], strict=True))
    assert days == dict(zip(T.trips.trip_id, T.trips.days, strict=True))
    for column in ("dep_s", "arr_s"):
        assert sorted(again.connections[column]) == sorted(T.connections[column].tolist())
    assert set(again.counts) == {"timetable trips", "timetable connections"}  # nothing repaired


def test_shuttles_run_there_and_back_at_their_times(tmp_path: Path) -> None:
    line = {
        "name": "Middle street", "stops": ["W", "C", "E"], "days": "weekdays", "seats": 20,
        "windows": ["morning"],
    }  # fmt: skip
    scenario = validated({"name": "shuttles", "services": {"shuttle": {"lines": [line]}}})
    tables = Tables(date(2026, 9, 7))
    shuttle_tables(tables, scenario, T, RoadGraph(T.nodes.x_m, T.nodes.y_m, T.arcs, T.turns))
    write(tables, tmp_path / "f.zip")
    rows = Feed.open(tmp_path / "f.zip").tables["stop_times.txt"]
    runs: dict[str, list[str]] = {}
    for row in rows:
        runs.setdefault(row["trip_id"], []).append(f"{row['stop_id']} {row['arrival_time']}")
    assert {"".join(r[0] for r in run) for run in runs.values()} == {"WCE", "ECW"}
    there = next(run for run in runs.values() if run[0].startswith("W"))
    assert there == sorted(there, key=lambda r: r.split()[1])
    assert all("04:00:00" < r.split()[1] <= "05:00:00" for r in there)


def test_a_feed_that_would_break_a_rule_is_not_written(tmp_path: Path) -> None:
    tables = Tables(date(2026, 9, 7))
    timetable(tables, T)
    tables.rows["stop_times.txt"][0]["stop_id"] = "nowhere"
    with pytest.raises(UserError, match="foreign_key_violation"):
        write(tables, tmp_path / "f.zip")
    assert not (tmp_path / "f.zip").exists()


def test_an_output_that_exists_stays(tmp_path: Path) -> None:
    from embauche.core.scenario_load import load_scenario

    (tmp_path / "f.zip").write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="exists already"):
        export_feed(load_scenario("baseline"), tmp_path / "f.zip")
    assert (tmp_path / "f.zip").read_text(encoding="utf-8") == "mine"


def test_a_feed_written_is_a_system_again(tmp_path: Path) -> None:
    booking = {"kind": "same_day", "notice_min": 45}
    written(tmp_path / "f.zip", hours=HOURS, booking=booking, walk_m=500, zone={"communes": ["Aville"]})
    fleet = {"vehicles": 1, "depot": "Bourg"}
    asked = System.model_validate({"name": "again", "gtfs_flex": "f.zip", "fleet": fleet, "walk_m": 500})
    system = from_feed(asked, tmp_path)
    first = System.model_validate({"name": "tad", "hours": HOURS, "fleet": fleet})
    assert system.spans() == first.spans()
    assert system.booking.kind == "same_day"
    assert system.booking.notice_min == 45
    graph = RoadGraph(T.nodes.x_m, T.nodes.y_m, T.arcs, T.turns)
    layout = lay_out(system, T, graph, tmp_path, 1.0)
    west = np.flatnonzero(T.places.commune == 0)
    assert (layout.place_stop[west] >= 0).all()
    assert problems_of(asked, 0, T, tmp_path) == []
    broken = asked.model_copy(update={"routes": ("tod",)})
    assert "did you mean tad?" in (problems_of(broken, 0, T, tmp_path)[0].fix or "")
