"""Files that are hostile, unlucky or odd: each refused in words or read for what it says.

Lives here: what the plainer cases of test_territory_bad_input leave out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import territory_files as files
from embauche.core.errors import UserError
from embauche.territory.build import build_territory
from embauche.territory.communes import read_communes


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
