"""Small feeds written by hand: what a Timetable makes of each thing that GTFS may say.

Not here: random timetables (property/test_raptor), real feeds (test_timetable_real).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.routing import Timetable
from naive.gtfs import runs_on
from naive.rides import dijkstra

MONDAY = "2026-03-16"
STOPS = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding"
WEEKDAYS = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
TIMES = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type"


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def trip(name: str, *calls: str, service: str = "week") -> tuple[str, str, list[str]]:
    """A trip from calls "stop time", "stop arrives-departs", with -nopickup or -nodropoff after the stop."""
    rows = []
    for i, call in enumerate(calls):
        stop, when = call.split()
        arrives, _, departs = when.partition("-")
        stop, *marks = stop.split("!")
        rows.append(
            f"{name},{arrives}:00,{departs or arrives}:00,{stop},{i},"
            f"{int('nopickup' in marks)},{int('nodropoff' in marks)}"
        )
    return name, service, rows


def feed(folder: Path, *trips: tuple[str, str, list[str]], **files: str) -> Path:
    """A feed of these trips; stops A, B, ... of the trips unless `stops` is given; other files as text."""
    names = sorted({row.split(",")[3] for _, _, rows in trips for row in rows})
    text = {
        "stops": "\n".join([STOPS, *(f"{s},{s},50,{1.5 + i / 100},0,," for i, s in enumerate(names))]),
        "routes": "route_id,route_short_name,route_type\nr,7,3",
        "trips": "\n".join(
            ["route_id,service_id,trip_id,wheelchair_accessible"]
            + [f"r,{service},{name},{int(name.startswith('w'))}" for name, service, _ in trips]
        ),
        "stop_times": "\n".join([TIMES, *(row for _, _, rows in trips for row in rows)]),
        "calendar": WEEKDAYS + "week,1,1,1,1,1,0,0,20260101,20261231\nsunday,0,0,0,0,0,0,1,20260101,20261231",
        "agency": "agency_name,agency_url,agency_timezone\nA,https://a.example,Europe/Paris",
        **files,
    }
    for name, content in text.items():
        (folder / f"{name}.txt").write_text(content + "\n", encoding="utf-8")
    return folder


def test_there_and_back(tmp_path: Path) -> None:
    day = Timetable.from_gtfs(
        feed(tmp_path, trip("t1", "A 08:00", "B 08:10-08:12", "C 08:30"), trip("t2", "A 09:00", "C 09:20")),
        MONDAY,
    )
    assert day.depart_at("A", clock("7:00")).tolist() == [clock(t) for t in ("7:00", "8:10", "8:30")]
    assert day.depart_at("A", clock("8:01")).tolist() == [clock("8:01"), np.inf, clock("9:20")]
    assert day.arrive_by("C", clock("8:30")).tolist() == [clock(t) for t in ("8:00", "8:12", "8:30")]
    assert day.arrive_by("C", clock("8:29")).tolist() == [-np.inf, -np.inf, clock("8:29")]
    both = day.depart_at("A", [clock("7:00"), clock("8:01")])
    np.testing.assert_array_equal(both[0], day.depart_at(0, clock("7:00")))
    np.testing.assert_array_equal(both[1], day.depart_at(0, clock("8:01")))


def test_trips_that_overtake_are_all_found_and_counted(tmp_path: Path) -> None:
    slow, fast = trip("slow", "A 08:00", "B 08:30", "C 09:30"), trip("fast", "A 08:10", "B 08:25", "C 09:00")
    day = Timetable.from_gtfs(
        feed(tmp_path, slow, fast, trip("twin", "A 08:10", "B 08:25", "C 09:00")), MONDAY
    )
    assert day.depart_at("A", clock("8:00"))[2] == clock("9:00")
    assert day.arrive_by("C", clock("9:10"))[0] == clock("8:10")
    assert day.counts["lines added because trips overtake or repeat others"] == 2


def test_a_trip_back_in_time_is_left_out_and_counted(tmp_path: Path) -> None:
    back = trip("back", "A 08:00", "B 07:50")
    day = Timetable.from_gtfs(feed(tmp_path, back, trip("t", "A 09:00", "B 09:10")), MONDAY)
    assert day.depart_at("A", 0)[1] == clock("9:10")
    assert day.counts["trips that go back in time, left out"] == 1


def test_the_night_before_is_still_under_way(tmp_path: Path) -> None:
    night = trip("night", "A 23:50", "B 24:20", "C 25:00")
    path = feed(tmp_path, night, trip("sun", "A 24:05", "B 24:30", "C 25:30", service="sunday"))
    monday, tuesday = (Timetable.from_gtfs(path, d) for d in (MONDAY, dt.date(2026, 3, 17)))
    # Monday's small hours belong to Sunday's trip, Tuesday's to Monday's
    assert monday.depart_at("B", 0).tolist() == [np.inf, 0, clock("1:30")]
    assert tuesday.depart_at("B", 0).tolist() == [np.inf, 0, clock("1:00")]
    assert tuesday.arrive_by("C", clock("1:00"))[0] == clock("23:50") - 86_400
    assert monday.depart_at("A", clock("23:00"))[2] == clock("25:00")


def test_frequencies_are_written_out(tmp_path: Path) -> None:
    often = "trip_id,start_time,end_time,headway_secs,exact_times\nt,06:00:00,07:00:00,900,0"
    day = Timetable.from_gtfs(feed(tmp_path, trip("t", "A 00:00", "B 00:10"), frequencies=often), MONDAY)
    assert day.depart_at("A", clock("6:01"))[1] == clock("6:25")
    assert day.depart_at("A", clock("6:46"))[1] == np.inf
    journey = day.journey("A", "B", depart_at=clock("6:01"))
    assert journey is not None
    assert journey.legs[0].trip == "t#2"


def test_where_nobody_may_board_or_alight(tmp_path: Path) -> None:
    calls = ("A 08:00", "B!nopickup 08:10", "C!nodropoff 08:20", "D 08:30")
    day = Timetable.from_gtfs(feed(tmp_path, trip("t", *calls)), MONDAY)
    assert day.depart_at("A", 0).tolist() == [0, clock("8:10"), np.inf, clock("8:30")]
    assert day.arrive_by("D", clock("9:00")).tolist() == [
        clock("8:00"), -np.inf, clock("8:20"), clock("9:00")
    ]  # fmt: skip


LEGS = (trip("t1", "A 08:00", "B 08:10"), trip("t2", "B 08:11", "C 08:20"), trip("t3", "B 08:20", "C 08:30"))


@pytest.mark.parametrize(
    ("line", "arrives"),
    [
        ("", "8:20"),
        ("B,B,0,", "8:20"),
        ("B,B,2,120", "8:30"),
        ("B,B,3,", None),
    ],
)
def test_changes_at_a_stop(tmp_path: Path, line: str, arrives: str | None) -> None:
    text = f"from_stop_id,to_stop_id,transfer_type,min_transfer_time\n{line}"
    day = Timetable.from_gtfs(feed(tmp_path, *LEGS, transfers=text), MONDAY)
    want = clock(arrives) if arrives else np.inf
    assert day.depart_at("A", 0)[2] == want
    back = day.arrive_by("C", clock("8:20"))[0]
    assert back == (clock("8:00") if arrives == "8:20" else -np.inf)
    slower = Timetable.from_gtfs(feed(tmp_path, *LEGS, transfers=text), MONDAY, change_s=300)
    assert slower.depart_at("A", 0)[2] == (want if line in ("B,B,2,120", "B,B,3,") else clock("8:30"))


def station(folder: Path, **files: str) -> Path:
    stops = "\n".join(
        [
            STOPS, "A,A,50,1.5,0,,1", "B1,B1,50,1.6,0,S,", "B2,B2,50,1.601,0,S,2", "C,C,50,1.7,0,,1",
            "S,S,50,1.6,1,,1", "hall,hall,50,1.6,3,S,",
        ]
    )  # fmt: skip
    legs = (
        trip("w1", "A 08:00", "B1 08:10"),
        trip("w2", "B2 08:12", "C 08:20"),
        trip("w3", "B2 08:30", "C 08:40"),
    )
    return feed(folder, *legs, stops=stops, **files)


def test_platforms_are_joined_by_what_the_feed_says(tmp_path: Path) -> None:
    assert Timetable.from_gtfs(station(tmp_path), MONDAY).depart_at("A", 0)[3] == np.inf
    assert Timetable.from_gtfs(station(tmp_path), MONDAY, walk_m=100).depart_at("A", 0)[3] == clock("8:20")
    whole = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nS,S,2,600"
    assert Timetable.from_gtfs(station(tmp_path, transfers=whole), MONDAY).depart_at("A", 0)[3] == clock(
        "8:40"
    )
    own = whole + "\nB1,B2,2,60"
    assert Timetable.from_gtfs(station(tmp_path, transfers=own), MONDAY).depart_at("A", 0)[3] == clock("8:20")
    never = whole + "\nB1,B2,3,"
    assert Timetable.from_gtfs(station(tmp_path, transfers=never), MONDAY).depart_at("A", 0)[3] == np.inf


def test_pathways_are_walked_through_the_station(tmp_path: Path) -> None:
    ways = (
        "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time,length\n"
        "1,B1,hall,1,1,40,\n2,hall,B2,{mode},0,50,"
    )
    path = station(tmp_path, pathways=ways.format(mode=1))
    day = Timetable.from_gtfs(path, MONDAY)
    journey = day.journey("A", "C", depart_at=0)
    assert journey is not None
    assert [(leg.kind, leg.start, leg.end) for leg in journey.legs] == [
        ("ride", "A", "B1"), ("walk", "B1", "B2"), ("ride", "B2", "C")
    ]  # fmt: skip
    assert journey.legs[1].arrives - journey.legs[1].departs == 90
    assert journey.arrives == clock("8:20")
    assert day.arrive_by("B1", clock("9:00"))[2] == -np.inf, "the way down is one-way"
    assert day.depart_at("B1", 0)[2] == 90
    steps = Timetable.from_gtfs(station(tmp_path, pathways=ways.format(mode=2)), MONDAY)
    assert steps.depart_at("A", 0)[3] == clock("8:20")


def test_with_a_wheelchair_only_what_is_marked(tmp_path: Path) -> None:
    path = station(tmp_path, transfers="from_stop_id,to_stop_id,transfer_type,min_transfer_time\nB1,B2,2,60")
    day = Timetable.from_gtfs(path, MONDAY, wheelchair=True)
    assert day.stops["wheelchair"].tolist() == [1, 1, 2, 1], "a platform without a flag takes its station's"
    assert day.depart_at("A", 0).tolist() == [0, clock("8:10"), clock("8:11"), np.inf]
    plain = feed(tmp_path, trip("t", "A 08:00", "B 08:10"), trip("w", "A 09:00", "B 09:10"))
    (plain / "transfers.txt").unlink()
    flagged = "\n".join([STOPS, "A,A,50,1.5,0,,1", "B,B,50,1.6,0,,1"])
    (plain / "stops.txt").write_text(flagged)
    assert Timetable.from_gtfs(plain, MONDAY).depart_at("A", 0)[1] == clock("8:10")
    assert Timetable.from_gtfs(plain, MONDAY, wheelchair=True).depart_at("A", 0)[1] == clock("9:10")


def test_few_changes_or_an_early_arrival(tmp_path: Path) -> None:
    day = Timetable.from_gtfs(feed(tmp_path, *LEGS, trip("direct", "A 08:05", "C 09:00")), MONDAY)
    found = day.pareto("A", "C", depart_at=clock("7:55"))
    assert [(j.transfers, j.arrives) for j in found] == [(0, clock("9:00")), (1, clock("8:20"))]
    assert [leg.trip for leg in found[1].legs] == ["t1", "t2"]
    late = day.pareto("A", "C", arrive_by=clock("9:30"))
    assert [(j.transfers, j.departs, j.arrives) for j in late] == [(0, clock("8:05"), clock("9:00"))]
    assert day.pareto("C", "A", depart_at=0) == []
    assert day.journey("A", "A", depart_at=5).legs == ()  # type: ignore[union-attr]


def test_a_range_of_departures(tmp_path: Path) -> None:
    trips = [trip(f"t{h}", f"A 0{h}:00", f"B 0{h}:30") for h in (6, 7, 8)]
    late = trip("slow", "A 07:30", "B 09:00")  # leaves before 8:00 and arrives after its trip
    day = Timetable.from_gtfs(feed(tmp_path, *trips, late), MONDAY)
    profile = day.range("A", clock("6:30"), clock("9:00"))
    assert profile.departures.tolist() == [clock("7:00"), clock("7:30"), clock("8:00")]
    assert profile.pairs(1) == [(clock("7:00"), clock("7:30")), (clock("8:00"), clock("8:30"))]
    assert len(day.range("B", 0, 86_400).departures) == 0


def test_walks_from_roads_join_stops(tmp_path: Path) -> None:
    path = feed(tmp_path, trip("t1", "A 08:00", "B 08:10"), trip("t2", "C 08:20", "D 08:30"))
    day = Timetable.from_gtfs(path, MONDAY, walks=lambda lon, lat: {(1, 2): 300.2})
    assert day.depart_at("A", 0).tolist() == [0, clock("8:10"), clock("8:10") + 301, clock("8:30")]
    assert day.arrive_by("D", clock("8:30"))[0] == clock("8:00")
    assert day.arrive_by("A", clock("8:30"))[1] == -np.inf


def test_the_twin_reads_the_same_days(tmp_path: Path) -> None:
    from embauche.routing.gtfs import read_feed

    extra = "service_id,date,exception_type\nweek,20260316,2\nsunday,20260316,1"
    path = feed(
        tmp_path, *LEGS, trip("s", "A 10:00", "C 10:30", service="sunday"), calendar_dates=extra
    )  # fmt: skip
    day = Timetable.from_gtfs(path, MONDAY)
    found = dijkstra(runs_on(read_feed(path), dt.date(2026, 3, 16)), {0: 0}, {})
    assert found == {2: clock("10:30")}
    assert day.depart_at("A", 0).tolist() == [0, np.inf, clock("10:30")]


def test_a_day_without_service_says_which_days_have_it(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        Timetable.from_gtfs(feed(tmp_path, *LEGS), "2026-03-21")
    text = str(caught.value)
    assert "no trip runs on 2026-03-21, a Saturday" in text
    assert "from 2026-01-01 to 2026-12-31" in text
    assert "Monday, Tuesday, Wednesday, Thursday, Friday" in text
    assert "Saturday" not in text.split("found:")[1]
    assert "2026-03-20" in text
    with pytest.raises(UserError, match="ask for 2026-12-31"):
        Timetable.from_gtfs(feed(tmp_path, *LEGS), "2031-03-21")
    with pytest.raises(UserError, match="cannot be read"):
        Timetable.from_gtfs(feed(tmp_path, *LEGS), "21.3.2026")
    with pytest.raises(UserError, match="no trip of the feed ever runs"):
        Timetable.from_gtfs(
            feed(tmp_path, *LEGS, calendar=WEEKDAYS + "week,0,0,0,0,0,0,0,20260101,20261231"), MONDAY
        )


def test_wrong_questions_are_named(tmp_path: Path) -> None:
    day = Timetable.from_gtfs(feed(tmp_path, *LEGS), MONDAY)
    for stop, what in (("a", "no such stop"), (7, "0 to 2"), (-1, "0 to 2")):
        with pytest.raises(UserError, match=what):
            day.depart_at(stop, 0)
    for seconds in (np.nan, np.inf, 0.5, 1e12):
        with pytest.raises(UserError, match="time of day"):
            day.arrive_by("A", seconds)
    with pytest.raises(UserError, match="one time"):
        day.journey("A", "B")
    with pytest.raises(UserError, match="ends before"):
        day.range("A", 10, 0)


def test_a_stop_without_coordinates_is_left_out_and_counted(tmp_path: Path) -> None:
    stops = "\n".join([STOPS, "A,A,50,1.5,0,,", "B,B,,,0,,", "C,C,50,1.7,0,,"])
    path = feed(tmp_path, *LEGS, trip("t", "A 11:00", "B 11:10", "C 11:20"), stops=stops)
    day = Timetable.from_gtfs(path, MONDAY)
    assert day.counts["stops without coordinates, left out"] == 1
    assert day.depart_at("A", 0).tolist() == [0, clock("11:20")]
    with pytest.raises(UserError, match="with coordinates"):
        day.depart_at("B", 0)
