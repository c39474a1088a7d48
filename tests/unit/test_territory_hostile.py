"""Files that are hostile, unlucky or odd: each refused in words or read for what it says.

Lives here: what the plainer cases of test_territory_bad_input leave out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import territory_files as files
from embauche.core.errors import UserError
from embauche.routing.gtfs import read_feed
from embauche.territory.build import build_territory
from embauche.territory.communes import read_communes
from embauche.territory.timetable_week import read_week


def first(data: dict[str, Any]) -> dict[str, Any]:
    return data["features"][0]


@pytest.mark.parametrize(
    ("number", "match"), [(float("nan"), "80001 .feature 1. has no pol"), (float("inf"), "no degrees")]
)
def test_polygon_with_a_corner_that_is_no_number(tmp_path: Path, number: float, match: str) -> None:
    data = files.communes_geojson()
    first(data)["geometry"]["coordinates"][0][1][0] = number
    with pytest.raises(UserError, match=match):
        read_communes(files.write_communes(tmp_path, data))


def test_communes_without_inhabitants(tmp_path: Path) -> None:
    """One empty commune is real (Verdun's); if all are, the wrong column was exported."""
    data = files.communes_geojson()
    first(data)["properties"]["population"] = 0
    assert read_communes(files.write_communes(tmp_path, data)).columns["population"] == [0, 400]
    for feature in data["features"]:
        feature["properties"]["population"] = 0
    with pytest.raises(UserError, match="nobody lives"):
        read_communes(files.write_communes(tmp_path, data))
    first(data)["properties"]["population"] = True
    with pytest.raises(UserError, match="no number"):
        read_communes(files.write_communes(tmp_path, data))


def test_codes_with_blanks_around_are_the_same_code(tmp_path: Path) -> None:
    data = files.communes_geojson()
    first(data)["properties"]["code"] = " 80002 "
    with pytest.raises(UserError, match="comes twice"):
        read_communes(files.write_communes(tmp_path, data))


def test_ways_that_come_twice_count_once(tmp_path: Path) -> None:
    """Extracts joined end to end hold ways twice; the newest version counts, wherever it stands."""
    land, corners = files.land_xml()
    nodes = {100 + i * files.SIDE + j: files.place(i, j) for i in range(5) for j in range(5)} | corners
    nodes[200] = files.place(0.5, 0.4)
    once = build_territory(files.write_osm(tmp_path, files.osm_xml(nodes=nodes, extra=land)))
    old = '<way id="3" version="0"><nd ref="100"/><nd ref="124"/><tag k="highway" v="motorway"/></way>'
    doubled = files.osm_xml([*files.town_ways()[::-1], *files.town_ways()], nodes, old + land + land)
    twice = build_territory(files.write_osm(tmp_path, doubled))
    assert twice.manifest["counts"] == once.manifest["counts"] | {
        "ways that came twice": len(files.town_ways()) + 1
    }
    for name in ("nodes", "places", "sites", "communes"):
        for column, values in getattr(once, name).columns.items():
            assert getattr(twice, name).columns[column].tolist() == values.tolist(), (name, column)
    assert len(twice.arcs) == len(once.arcs)


def test_upper_case_names(tmp_path: Path) -> None:
    assert len(build_territory(files.write_osm(tmp_path, name="TOWN.OSM")).nodes) > 20


@pytest.mark.parametrize(
    ("name", "old", "new", "match"),
    [
        ("calendar.txt", "WK,1,", "WK,x,", "calendar.txt:2: monday cannot be read"),
        ("calendar_dates.txt", "20260114,2", "20260114,3", "calendar_dates.txt:2: exception_type cannot"),
    ],
)
def test_flags_that_are_none(tmp_path: Path, name: str, old: str, new: str, match: str) -> None:
    """They were once taken as 'does not run', and a service vanished without a word."""
    text = files.gtfs_files()[name]
    with pytest.raises(UserError, match=match):
        read_feed(files.write_gtfs(tmp_path, {name: text.replace(old, new)}))


def test_odd_rows_of_a_feed_are_counted(tmp_path: Path) -> None:
    texts = files.gtfs_files()
    service = texts["calendar.txt"].splitlines()[1]
    changes = {
        "calendar.txt": texts["calendar.txt"] + service + "\n",
        "calendar_dates.txt": texts["calendar_dates.txt"] + "WK,20260114,1\n",
        "routes.txt": texts["routes.txt"].replace(",3\n", ",bus\n"),
        "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt1,7:00:00,6:00:00,600\n",
    }
    counts = read_feed(files.write_gtfs(tmp_path, changes)).counts
    expected = {
        "calendars of a service that came twice", "calendar dates of a service that came twice",
        "routes of unreadable type, taken as buses",
        "frequencies that end before they start, so that nothing runs",
    }  # fmt: skip
    assert {what for what, n in counts.items() if n == 1} >= expected


def test_calendars_that_never_run_are_named_as_the_cause(tmp_path: Path) -> None:
    calendar = files.gtfs_files()["calendar.txt"].replace("20260105,20260201", "20260201,20260105")
    feed = files.write_gtfs(tmp_path, {"calendar.txt": calendar, "calendar_dates.txt": None})
    with pytest.raises(UserError, match="no trip of the feed ever runs") as caught:
        read_week([feed], None, {})
    assert caught.value.problems[0].found == "3 trips whose calendars have no day of service"


def test_several_feeds_in_one_zip(tmp_path: Path) -> None:
    """Files of two feeds must not be mixed, whichever comes first."""
    texts = files.gtfs_files()
    both = {f"{side}/{name}": text for side in ("north", "south") for name, text in texts.items()}
    with pytest.raises(UserError, match="several feeds in folders"):
        read_feed(files.write_gtfs(tmp_path, both | dict.fromkeys(texts)))
    inner = files.write_gtfs(tmp_path, name="inner.zip").read_bytes()
    with pytest.raises(UserError, match="holds another zip"):
        read_feed(files.write_gtfs(tmp_path, {"inner.zip": inner} | dict.fromkeys(texts)))


def test_a_wrong_path_is_said_before_the_roads_are_read(tmp_path: Path) -> None:
    """A large extract takes a minute; the error comes first even where the extract is broken too."""
    broken = files.write_osm(tmp_path, "broken")
    with pytest.raises(UserError, match="no such timetable"):
        build_territory(broken, [tmp_path / "no.zip"])
    with pytest.raises(UserError, match="no such file of communes"):
        build_territory(broken, communes=tmp_path / "no.geojson")
