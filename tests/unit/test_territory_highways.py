"""What OSM tags allow, against values stated by hand."""

from __future__ import annotations

import pytest

from embauche.core.parameters import defaults
from embauche.territory.highways import classify, parse_incline, parse_maxspeed

VALUES = defaults()


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50), ("50 km/h", 50), ("30 mph", 48.28032), ("FR:urban", 50), ("FR:rural", 80),
        ("FR:motorway", 130),
        ("FR:zone30", 30), ("FR:zone:30", 30), ("DE:30", 30), ("walk", 6), ("none", 130), ("50;30", 30),
        ("signals", None), ("", None), ("-5", None), ("999", None), ("fifty", None), ("0", None),
    ],
)  # fmt: skip
def test_maxspeed(text: str, kmh: float | None) -> None:
    assert parse_maxspeed(text) == (pytest.approx(kmh) if kmh is not None else None)


def both(tags: dict[str, str]) -> tuple[tuple[bool, bool], tuple[bool, bool], bool]:
    way = classify(tags, VALUES)
    assert way is not None
    car, bike = way.car_kmh, way.bike_kmh
    return (car[0] > 0, car[1] > 0), (bike[0] > 0, bike[1] > 0), way.walk_kmh > 0


YES, NO, ALONG, AGAINST = (True, True), (False, False), (True, False), (False, True)


@pytest.mark.parametrize(
    ("tags", "car", "bike", "walk"),
    [
        ({"highway": "residential"}, YES, YES, True),
        ({"highway": "residential", "oneway": "yes"}, ALONG, ALONG, True),
        ({"highway": "residential", "oneway": "-1"}, AGAINST, AGAINST, True),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, ALONG, YES, True),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"}, ALONG, YES, True),
        ({"highway": "tertiary", "junction": "roundabout"}, ALONG, ALONG, True),
        ({"highway": "motorway"}, ALONG, NO, False),
        ({"highway": "trunk", "motorroad": "yes"}, YES, NO, False),
        ({"highway": "residential", "access": "private", "foot": "yes"}, NO, NO, True),
        ({"highway": "residential", "motor_vehicle": "no"}, NO, YES, True),
        ({"highway": "residential", "access": "no", "motorcar": "yes"}, YES, NO, False),
        ({"highway": "footway"}, NO, NO, True),
        ({"highway": "footway", "bicycle": "yes"}, NO, YES, True),
        ({"highway": "pedestrian"}, NO, YES, True),
        ({"highway": "cycleway"}, NO, YES, True),
        ({"highway": "steps"}, NO, NO, True),
        ({"highway": "track"}, NO, YES, True),
        ({"highway": "track", "motor_vehicle": "yes"}, YES, YES, True),
        ({"highway": "path", "bicycle": "no"}, NO, NO, True),
    ],
)
def test_permissions(
    tags: dict[str, str], car: tuple[bool, bool], bike: tuple[bool, bool], walk: bool
) -> None:
    assert both(tags) == (car, bike, walk)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "proposed"},
        {"route": "ferry"},
        {"highway": "pedestrian", "area": "yes"},
        {"highway": "bus_stop"},
        {"highway": "service", "access": "private"},
    ],
)
def test_no_road(tags: dict[str, str]) -> None:
    assert classify(tags, VALUES) is None


def test_speeds() -> None:
    slow = classify({"highway": "secondary", "maxspeed:forward": "50", "maxspeed:backward": "70"}, VALUES)
    assert slow is not None
    assert slow.car_kmh == pytest.approx((45.0, 63.0))
    gravel = classify({"highway": "primary", "maxspeed": "80", "surface": "gravel"}, VALUES)
    assert gravel is not None
    assert gravel.car_kmh[0] == VALUES["roads.unpaved_kmh"]
    assert gravel.bike_kmh[0] == VALUES["roads.bike_unpaved_kmh"]
    yard = classify({"highway": "living_street", "maxspeed": "20"}, VALUES)
    assert yard is not None
    assert yard.car_kmh[0] == VALUES["roads.living_street_kmh"]


@pytest.mark.parametrize(
    ("tags", "kmh", "felt"),
    [
        ({"highway": "residential"}, 15.0, 1.0),
        ({"highway": "residential", "surface": "sett"}, 11.0, 1.0),
        ({"highway": "residential", "surface": "gravel"}, 10.0, 1.0),
        ({"highway": "residential", "surface": "gravel", "smoothness": "good"}, 15.0, 1.0),
        ({"highway": "residential", "smoothness": "bad"}, 10.0, 1.0),
        ({"highway": "residential", "smoothness": "horrible"}, 6.0, 1.0),
        ({"highway": "track", "surface": "sand"}, 6.0, 1.0),
        ({"highway": "path"}, 10.0, 1.0),
        ({"highway": "path", "surface": "asphalt", "bicycle": "designated"}, 15.0, 0.84),
        ({"highway": "cycleway"}, 15.0, 0.84),
        ({"highway": "primary"}, 15.0, 1.37),
        ({"highway": "primary", "cycleway:right": "lane"}, 15.0, 1.0),
        ({"highway": "primary", "cycleway:both": "track"}, 15.0, 0.84),
    ],
)
def test_bikes_on_grounds_and_cycleways(tags: dict[str, str], kmh: float, felt: float) -> None:
    way = classify(tags, VALUES)
    assert way is not None
    assert (way.bike_kmh[0], way.bike_felt) == (kmh, felt)


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("10%", 0.1), ("-5 %", -0.05), ("+3,5%", 0.035), ("45°", None), ("5°", 0.08748866), ("up", None),
        ("down", None), ("90%", None), ("", None), ("1:10", None),
    ],
)  # fmt: skip
def test_incline(text: str, slope: float | None) -> None:
    assert parse_incline(text) == (None if slope is None else pytest.approx(slope))
