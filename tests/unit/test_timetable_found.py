"""Arguments of a Timetable that once ended in a bare Python error, or were bent to fit.

Not here: feeds (test_timetable).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from embauche.core.errors import UserError
from embauche.routing import Timetable

FILES = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,A,http://a,Europe/Paris\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\na,A,50.0,2.0\nb,B,50.01,2.0\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nr,A,1,3\n",
    "trips.txt": "route_id,service_id,trip_id\nr,daily,t\n",
    "calendar_dates.txt": "service_id,date,exception_type\ndaily,20260106,1\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t,08:00:00,08:00:00,a,1\nt,08:10:00,08:10:00,b,2\n",
}


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "option", [{"change_s": -5}, {"walk_m": float("nan")}, {"walk_m": -1.0}, {"rides": -1}]
)
def test_options_below_nothing_are_refused(feed: Path, option: dict) -> None:
    with pytest.raises(UserError, match=f"the timetable's {next(iter(option))} cannot be used"):
        Timetable.from_gtfs(feed, "2026-01-06", **option)


def test_times_and_stops_that_are_none_are_named(feed: Path) -> None:
    day = Timetable.from_gtfs(feed, "2026-01-06")
    for time in ("08:00", float("nan"), 0.5, 1e9):
        with pytest.raises(UserError, match="a time of day cannot be used"):
            day.depart_at("a", time)
        with pytest.raises(UserError, match="a time of day cannot be used"):
            day.journey("a", "b", depart_at=time)
        with pytest.raises(UserError, match="a time of day cannot be used"):
            day.journey("a", "b", arrive_by=time)
    for stop in (1.5, None, -1, 2):
        with pytest.raises(UserError, match="no such row of stops"):
            day.depart_at(stop, 0)
    assert day.depart_at("a", 8 * 3600).tolist() == [28800.0, 29400.0]
