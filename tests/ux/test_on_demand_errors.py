"""Faults of on-demand systems in a scenario's file: each with its line and what to type, all at once.

Lives here: `embauche check` on files that are wrong. Not here: each fault by itself (test_demand_layout).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from embauche.analysis.check import check
from embauche.core.errors import UserError

BESIDE = """\
base: baseline
services:
  on_demand:
    systems:
      - name: one
        zone: {communes: [Gamache, Eu]}
        fleet: {vehicles: 2, depot: Frivile}
        feeder: {stops: [Trepor]}
      - name: two
        zone: {file: sea.geojson}
        fleet: {vehicles: 2, depot: Friville}
        stops: nowhere.csv
      - name: three
        hours: "04:00-04:10"
        fleet: {vehicles: 2, depot: Eu}
"""
ALONE = """\
base: baseline
services:
  on_demand:
    systems:
      - name: one
        hours: "12:00-04:10"
        fare_eur: -2
        fleet: {vehicles: 2, seats: 0}
      - name: two
        fleet: []
        detour: 1.5
"""


def told(path: Path, text: str) -> list[tuple[int | None, str, str]]:
    """Line, what and fix of each fault of a scenario."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        check(path)
    assert {str(p.file) for p in caught.value.problems} == {str(path)}
    return [(p.line, p.what, p.fix or "") for p in caught.value.problems]


def test_faults_that_show_beside_the_territory(tmp_path: Path) -> None:
    ring = [[-20, 40], [-19, 40], [-19, 41], [-20, 41], [-20, 40]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    sea = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (tmp_path / "sea.geojson").write_text(sea, encoding="utf-8")
    found = told(tmp_path / "a.yaml", BESIDE)
    words = sorted((line, what.split(",")[0]) for line, what, _ in found)
    assert words == [
        (6, "the territory has no such commune"),
        (7, "the territory has no such commune"),
        (8, "the timetable has no such stop"),
        (10, "this zone contains no road"),
        (12, "there is no such file of stops"),
        (14, "this window is shorter than the direct ride"),
    ]
    fixes = " ".join(fix for _, _, fix in found)
    assert "Gamaches" in fixes
    assert "did you mean Friville?" in fixes


def test_faults_of_the_keys_alone(tmp_path: Path) -> None:
    found = told(tmp_path / "b.yaml", ALONE)
    assert [line for line, _, _ in found] == [6, 7, 8, 8, 10, 11]
    words = " ".join(what for _, what, _ in found)
    for part in (
        "end before they start",
        "fare is negative",
        "depot is missing",
        "seats",
        "no vehicles",
        "detour",
    ):
        assert part in words
