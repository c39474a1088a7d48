"""On-demand systems on the ground: zones, stops within a walk, hours of legs, faults of a scenario.

Lives here: layouts against plain searches on a grid, legs against a plain rule. Not here: bookings
(test_on_demand), the feed's format (test_gtfs_flex).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from embauche.routing.roads import RoadGraph
from embauche.services.demand.check import problems_of
from embauche.services.demand.layout import Layout, lay_out
from embauche.services.demand.legs import BACK, OUT, Legs, Rules
from embauche.services.demand.options import OnDemandOptions, System, span_of
from embauche.services.demand.rides import DAY_MIN, Reach, Rides
from helpers import LAT0, LON0, SPACING_M, tiny_territory

T = tiny_territory()
GRAPH = RoadGraph(T.nodes.x_m, T.nodes.y_m, T.arcs, T.turns)
FLEET = {"vehicles": 2, "depot": "Aville"}


def system(**keys: Any) -> System:
    """A system with a fleet at Aville."""
    return System.model_validate({"name": "tad", "fleet": FLEET} | keys)


def laid(asked: System) -> Layout:
    """It, on the grid."""
    return lay_out(asked, T, GRAPH, None, 1.0)  # type: ignore[arg-type]


def steps(a: int, b: int) -> int:
    """Streets between two nodes of the grid."""
    return abs(a // 10 - b // 10) + abs(a % 10 - b % 10)


@pytest.mark.parametrize("walk_m", [0.0, 500.0, 1000.0])
def test_virtual_stops_serve_every_home_within_the_walk(walk_m: float) -> None:
    layout = laid(system(walk_m=walk_m, zone={"communes": ["Aville", "62902"]}))
    inside = np.isin(T.places.commune, (0, 1))
    assert np.array_equal(layout.place_stop >= 0, inside)
    for place in np.flatnonzero(inside):
        node, stop = T.places.node[place], layout.node[layout.place_stop[place]]
        assert steps(node, stop) * SPACING_M <= walk_m
        nearest = min(steps(node, s) for s in layout.node[: layout.boarding])
        assert steps(node, stop) == nearest
        walked = steps(node, stop) * SPACING_M / 80.0  # 4.8 km/h
        assert layout.place_walk_min[place] == pytest.approx(walked, abs=0.01)
    assert layout.boarding < inside.sum() / 2 if walk_m else layout.boarding == inside.sum()


def test_minutes_between_stops_are_the_cars_and_the_depot_is_a_stop() -> None:
    layout = laid(system(walk_m=500.0))
    for a, b in ((0, 5), (7, 3), (2, len(layout.node) - 1)):
        minutes = steps(layout.node[a], layout.node[b]) * SPACING_M / 50_000 * 60
        assert layout.minutes[a, b] == pytest.approx(minutes, abs=0.01)
        assert layout.km[a, b] == pytest.approx(steps(layout.node[a], layout.node[b]) * 0.5)
    assert layout.node[layout.depot[0]] == T.communes.node[0]


def test_stops_of_a_file_of_the_timetable_and_door_to_door(tmp_path: Path) -> None:
    lon, lat = T.nodes.lon[[11, 44]], T.nodes.lat[[11, 44]]
    rows = "".join(f"s{k},Stop {k},{lon[k]},{lat[k]}\n" for k in (0, 1))
    (tmp_path / "stops.csv").write_text("id,name,lon,lat\n" + rows, encoding="utf-8")
    given_ones = lay_out(system(stops="stops.csv"), T, GRAPH, tmp_path, 1.0)  # type: ignore[arg-type]
    assert given_ones.node[:2].tolist() == [11, 44]
    assert given_ones.place_stop[11] == 0
    assert laid(system(stops="timetable")).stop_name[:4].tolist() == ["West", "Centre", "East", "Edge"]
    assert laid(system(stops="door")).boarding == 100


def test_a_zone_of_polygons(tmp_path: Path) -> None:
    box = [[LON0 - 1, LAT0 - 1], [T.nodes.lon[4] + 1e-4, LAT0 - 1], [T.nodes.lon[4] + 1e-4, LAT0 + 1],
           [LON0 - 1, LAT0 + 1], [LON0 - 1, LAT0 - 1]]  # fmt: skip
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [box]}}
    file = tmp_path / "zone.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    layout = lay_out(system(zone={"file": file.name}, walk_m=0.0), T, GRAPH, tmp_path, 1.0)  # type: ignore[arg-type]
    assert np.array_equal(layout.place_stop[:100] >= 0, np.arange(100) % 10 <= 4)


HOURS = {"weekdays": ["04:00-06:00", "20:00-23:00"], "Sat": "05:00-12:00", "Sun": "20:00-02:00+1"}


@given(
    start=st.integers(0, 7 * DAY_MIN - 1), length=st.integers(60, 600), wait=st.sampled_from([0.0, 15.0]),
    ride=st.integers(1, 40),
)  # fmt: skip
def test_legs_lie_within_hours_or_have_no_day(start: int, length: int, wait: float, ride: int) -> None:
    asked = system(hours=HOURS, max_wait_min=wait, stop_min=1.0, detour_alpha=1.5, detour_beta_min=10)
    rules = Rules.of(asked, lambda name: 0.0)
    rides = Rides.empty(1)
    rides.system[:], rides.out_ride_min[:], rides.back_ride_min[:] = 0, ride, ride
    rides.ahead_min[:] = rides.after_min[:] = 3.0
    spans = asked.spans()
    none = np.zeros(0)
    reach = Reach(
        0,
        laid(system()),
        spans,
        none,
        none,
        none,
        none,
        1.0,
        5.0,
        None,
        none,
        none,
        none,
        lambda a, b: a == b,
    )
    ends = np.array([float(start)]), np.array([float(start + length)])
    legs = Legs.of(reach, rules, rides, *ends)
    # plainly: is there a second of the day's hours in which the ride fits?
    for way, low, high in (
        (OUT, start - 3.0 - wait - 1 - 1.5 * ride - 10 - 1, start - 3.0),
        (BACK, start + length + 3.0, start + length + 3.0 + wait + 1.5 * ride + 10 + 1 + 1),
    ):
        possible = False
        for day in range(-1, 9):
            for a, b in spans[day % 7]:
                lo, hi = max(low, a + DAY_MIN * day), min(high, b + DAY_MIN * day)
                if way == OUT:
                    possible |= hi - lo >= ride + 1 and hi >= start - 3.0 - wait
                else:
                    possible |= hi - lo >= ride + 1 and lo <= start + length + 3.0 + wait
        day = int(legs.day[way, 0])
        assert (day >= 0) == possible
        if day >= 0:
            span = [s for s in spans[day] if s[0] <= legs.pickup_from[way, 0] <= s[1]]
            assert span
            assert legs.delivery_until[way, 0] <= span[0][1]
            assert legs.pickup_from[way, 0] <= legs.pickup_until[way, 0]
            assert legs.pickup_until[way, 0] + ride + 1 <= span[0][1] + 1e-6


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"hours": "12:00-10:00"}, "end before they start"),
        ({"hours": {"weekdays": ["04:00-06:00", "05:00-07:00"]}}, "overlap"),
        ({"hours": {"weekdays": "04:00-06:00", "Mon": "07:00-08:00"}}, "hours twice"),
        ({"hours": {"Monn": "04:00-06:00"}}, "there is no day"),
        ({"fare_eur": -1}, "fare is negative"),
        ({"fare_eur_per_km": "-0.1 EUR/km"}, "fare is negative"),
        ({"fleet": {"vehicles": 2}}, "depot"),
        ({"fleet": []}, "no vehicles"),
        ({"fleet": FLEET | {"seats": 0}}, "greater than or equal to 1"),
        ({"detour_alpha": 0.5}, "greater than or equal to 1"),
        ({"zone": {}}, "this area is empty"),
        (
            {"fleet": FLEET | {"shifts": {"hours": "04:00-08:00", "pause": "07:55-08:00"}}},
            "break does not fit",
        ),
        ({"booking": {"kind": "fax"}}, "real_time"),
    ],
)
def test_keys_that_make_no_sense(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        system(**keys)


def test_two_systems_of_one_name() -> None:
    with pytest.raises(ValidationError, match="two systems have one name"):
        OnDemandOptions.model_validate({"systems": [system().model_dump()] * 2})


@pytest.mark.parametrize(
    ("keys", "what", "fix"),
    [
        ({"zone": {"communes": "Avile"}}, "no such commune", "did you mean Aville?"),
        ({"zone": {"epcis": "CC Wset"}}, "no such EPCI", "CC West"),
        ({"fleet": {"vehicles": 1, "depot": "Bourgg"}}, "no such commune", "did you mean Bourg?"),
        ({"fleet": {"vehicles": 1, "depot": [50.5, 2.6]}}, "depot is off the road network", "longitude"),
        ({"feeder": {"stops": "Centr"}}, "no such stop", "did you mean Centre?"),
        ({"feeder": {"stops": "Outside"}}, "off the road network", ""),
        ({"stops": "there.csv"}, "no such file of stops", ""),
        ({"hours": "08:00-08:05"}, "shorter than the direct ride", "end at 08:1"),
        ({"zone": {"file": "sea.geojson"}}, "contains no road", "longitude first"),
        ({"stops": "far.csv"}, "off the road network", "move it"),
    ],
)
def test_faults_beside_the_territory(keys: dict[str, Any], what: str, fix: str, tmp_path: Path) -> None:
    sea = [[[-20, 40], [-19, 40], [-19, 41], [-20, 41], [-20, 40]]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": sea}}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (tmp_path / "sea.geojson").write_text(text, encoding="utf-8")
    (tmp_path / "far.csv").write_text(f"id,name,lon,lat\na,Far,{LON0},{LAT0 + 1}\n", encoding="utf-8")
    found = problems_of(system(**keys), 0, T, tmp_path)  # type: ignore[arg-type]
    assert len(found) == 1, found
    assert what in found[0].what
    assert fix in (found[0].fix or "")
    assert found[0].file is not None or found[0].keys[:2] == ("systems", 0)


def test_a_fault_of_each_kind_is_told_at_once() -> None:
    asked = system(fleet={"vehicles": 1, "depot": "Nowhere"}, zone={"communes": ["X", "Y"]},
                   feeder={"stops": ["Z"]})  # fmt: skip
    assert len(problems_of(asked, 3, T, None)) == 4  # type: ignore[arg-type]


def test_a_fine_system_has_no_fault_and_defaults_come_from_parameters() -> None:
    asked = system(hours=HOURS, feeder={"stops": "Centre"})
    assert problems_of(asked, 0, T, None) == []  # type: ignore[arg-type]
    assert System.model_validate(asked.model_dump(mode="json")) == asked
    assert Rules.of(asked, lambda name: 7.0).max_wait_min == 7.0
    assert Rules.of(system(max_wait_min="5 min"), lambda name: 7.0).max_wait_min == 5.0
    assert span_of("20:00-02:00+1") == (1200, 1560)
