"""Files that are hostile, unlucky or odd: each refused in words or read for what it says.

Lives here: what the plainer cases of test_territory_bad_input leave out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import territory_files as files
from embauche.core.errors import UserError
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
