"""GTFS-Flex feeds: the rules that the canonical validator holds, drafts brought to the adopted format.

Lives here: one broken feed for each rule, the real feed. Not here: feeds written (test_gtfs_write).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from embauche.core.errors import UserError
from embauche.territory.gtfs_flex import read_flex
from embauche.territory.gtfs_rules import Feed, violations

SQUARE = [[[2.6, 50.5], [2.7, 50.5], [2.7, 50.6], [2.6, 50.6], [2.6, 50.5]]]
BOW = [[[2.6, 50.5], [2.7, 50.6], [2.7, 50.5], [2.6, 50.6], [2.6, 50.5]]]
FILES = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Tad,https://tad.example,Europe/Paris\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\ns1,One,50.51,2.61\ns2,Two,50.52,2.62\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nr1,A,TAD,3\n",
    "trips.txt": "route_id,service_id,trip_id\nr1,week,t1\n",
    "stop_times.txt": (
        "trip_id,stop_sequence,stop_id,location_group_id,location_id,arrival_time,departure_time,"
        "start_pickup_drop_off_window,end_pickup_drop_off_window,pickup_type,drop_off_type,"
        "pickup_booking_rule_id,drop_off_booking_rule_id\n"
        "t1,1,,g1,,,,06:00:00,09:30:00,2,1,b1,b1\n"
        "t1,2,,g1,,,,06:00:00,09:30:00,1,2,b1,b1\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "week,1,1,1,1,1,0,0,20260101,20261231\n"
    ),
    "booking_rules.txt": "booking_rule_id,booking_type,prior_notice_duration_min\nb1,1,90\n",
    "location_groups.txt": "location_group_id,location_group_name\ng1,All\n",
    "location_group_stops.txt": "location_group_id,stop_id\ng1,s1\ng1,s2\n",
}


def feed_in(folder: Path, **changes: Any) -> Path:
    """A small feed with (file, old text, new text) changes, `stop_times=(old, new)`."""
    for name, text in FILES.items():
        old, new = changes.get(name.removesuffix(".txt"), ("", ""))
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    for name, text in changes.items():
        if isinstance(text, str):
            (folder / f"{name}.geojson").write_text(text, encoding="utf-8")
    return folder


def area(shape: Any, kind: str = "Polygon", name: str = "z1") -> str:
    """A locations.geojson of one area."""
    feature = {
        "type": "Feature", "id": name, "properties": {}, "geometry": {"type": kind, "coordinates": shape},
    }  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_the_small_feed_keeps_the_rules_and_is_read(tmp_path: Path) -> None:
    feed = read_flex(feed_in(tmp_path))
    assert [s.stop_id for s in feed.stops] == ["s1", "s2"]
    assert feed.services[0].hours == (((360, 570),),) * 5 + ((), ())
    assert feed.services[0].rule is not None
    assert (feed.services[0].rule.kind, feed.services[0].rule.notice_min) == (1, 90.0)
    assert feed.counts == {}


BROKEN = {
    "forbidden_arrival_or_departure_time": {"stop_times": (",,,06:00", ",,06:10:00,06:00")},
    "invalid_pickup_drop_off_window": {"stop_times": ("09:30:00", "05:30:00")},
    "missing_pickup_or_drop_off_window": {"stop_times": ("09:30:00", "")},
    "forbidden_pickup_type": {"stop_times": ("2,1,b1", "3,1,b1")},
    "forbidden_drop_off_type": {"stop_times": ("2,1,b1", "2,,b1")},
    "forbidden_geography_id": {"stop_times": ("t1,1,,", "t1,1,s1,")},
    "missing_stop_times_record": {"stop_times": ("t1,2,,g1,,,,06:00:00,09:30:00,1,2,b1,b1\n", "")},
    "forbidden_real_time_booking_field_value": {"booking_rules": ("b1,1,90", "b1,0,90")},
    "missing_prior_notice_duration_min": {"booking_rules": ("b1,1,90", "b1,1,")},
    "forbidden_prior_day_booking_field_value": {"booking_rules": ("b1,1,90", "b1,2,90")},
    "missing_prior_notice_last_day": {"booking_rules": ("b1,1,90", "b1,2,")},
    "foreign_key_violation": {"location_group_stops": ("g1,s2", "g1,s9")},
    "duplicate_key": {"routes": ("r1,A,TAD,3", "r1,A,TAD,3\nr1,A,TAD,3")},
    "route_both_short_and_long_name_missing": {"routes": ("TAD", "")},
    "missing_required_field": {"agency": ("Tad", "")},
    "invalid_field": {"agency": ("Europe/Paris", "Europe/Bethune")},
    "missing_required_column": {"trips": ("trip_id", "trip")},
    "stop_without_location": {"stops": ("50.51", "")},
    "start_and_end_range_out_of_order": {"calendar": ("20261231", "20251231")},
    "duplicate_geography_id": {"locations": area(SQUARE, name="s1")},
    "invalid_geometry": {"locations": area(BOW)},
    "unsupported_geometry_type": {"locations": area([2.6, 50.5], "Point")},
    "unsupported_geo_json_type": {"locations": "[]"},
    "missing_required_element": {"locations": '{"type": "FeatureCollection", "features": [{}]}'},
}


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_a_broken_rule_is_named_with_its_file(rule: str, tmp_path: Path) -> None:
    found = violations(Feed.open(feed_in(tmp_path, **BROKEN[rule])))  # type: ignore[arg-type]
    assert any(f"({rule})" in p.what for p in found), [p.what for p in found]
    name = next(iter(BROKEN[rule]))
    assert any(name in str(p.file) for p in found if f"({rule})" in p.what)


def test_windows_and_times_together_are_one_error_with_its_line(tmp_path: Path) -> None:
    path = feed_in(tmp_path, stop_times=(",,,06:00", ",,06:10:00,06:00"))
    with pytest.raises(UserError) as caught:
        read_flex(path)
    (problem,) = caught.value.problems
    assert str(problem.file).endswith("stop_times.txt")
    assert problem.line == 2
    assert problem.found == "06:00:00-09:30:00 and 06:10:00"


def test_an_area_is_read_as_its_polygon(tmp_path: Path) -> None:
    rows = FILES["stop_times.txt"]
    path = feed_in(tmp_path, locations=area(SQUARE))
    (path / "stop_times.txt").write_text(rows.replace(",g1,,", ",,z1,"), encoding="utf-8")
    feed = read_flex(path)
    assert feed.stops == ()
    assert [a["type"] for a in feed.areas] == ["Polygon"]


def test_a_draft_is_brought_to_the_adopted_format(tmp_path: Path) -> None:
    path = feed_in(tmp_path)
    (path / "location_group_stops.txt").unlink()
    groups = "location_group_id,location_id,location_group_name\ng1,s1,All\ng1,s2,\ng1,s2,\n"
    (path / "location_groups.txt").write_text(groups, encoding="utf-8")
    draft = (
        "trip_id,stop_sequence,stop_id,start_pickup_dropoff_window,end_pickup_dropoff_window,pickup_type,"
        "drop_off_type\nt1,1,g1,06:00:00,09:30:00,2,2\n"
    )
    (path / "stop_times.txt").write_text(draft, encoding="utf-8")
    feed = read_flex(path)
    assert len(feed.stops) == 2
    assert feed.counts["stops named twice in a location group"] == 1
    assert feed.counts["trips within one area given a second row"] == 1


def test_the_real_feed(shared_data: Path) -> None:
    feed = read_flex(shared_data / "gtfs" / "bbnavi.flex.zip")
    assert [s.route for s in feed.services] == ["476", "477", "478", "487", "488"]
    assert feed.services[0].hours[0] == ((1050, 1320),)
    assert feed.services[3].hours[0] == ()
    assert len(feed.stops) == 378
    assert len(read_flex(shared_data / "gtfs" / "bbnavi.flex.zip", ("487",)).stops) == 71
    with pytest.raises(UserError, match="did you mean 487"):
        read_flex(shared_data / "gtfs" / "bbnavi.flex.zip", ("447",))


@pytest.mark.parametrize("name", ["heidelberg", "addison"])
def test_real_timetables_keep_the_rules(name: str, shared_data: Path) -> None:
    assert violations(Feed.open(shared_data / "gtfs" / f"{name}.gtfs.zip")) == []
