"""Faults of fields and faults that only the territory shows are told together, each at its line.

Lives here: one file with both kinds. Not here: each fault by itself (the tests of each service).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from embauche.analysis.check import check
from embauche.core.errors import UserError

SEA = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon",'
    '"coordinates":[[[1.0,50.2],[1.1,50.2],[1.1,50.3],[1.0,50.3],[1.0,50.2]]]}}]}'
)
MINE = """\
base: baseline
services:
  on_demand:
    systems:
      - name: no depot
        fleet: [{vehicles: 2}]
      - name: at sea
        zone: {file: sea.geojson}
        fleet: [{vehicles: 2, depot: Eu}]
      - name: negative
        fare_eur: -1
        fleet: [{vehicles: 2, depot: Eu}]
      - name: too short
        hours: {all: "08:00-08:01"}
        fleet: [{vehicles: 2, depot: Eu}]
  carpool:
    campaigns: [{name: c, budget_eur: 0}]
  shuttle:
    lines:
      - name: far
        windows: [morning]
        stops: [{lon: 0.5, lat: 50.9}, {commune: Eu}]
fares:
  tickets: [{single_eur: -2}]
"""


def test_fields_and_territory_in_one_check(tmp_path: Path) -> None:
    (tmp_path / "sea.geojson").write_text(SEA)
    file = tmp_path / "mine.yaml"
    file.write_text(MINE)
    with pytest.raises(UserError) as caught:
        check(file)
    told = [(p.line, p.what) for p in caught.value.problems]
    assert [line for line, _ in told] == sorted(line or 0 for line, _ in told)
    wanted = {
        6: "depot is missing", 8: "contains no road", 11: "a fare is negative",
        14: "shorter than the direct ride", 17: "no budget", 22: "off the network", 24: "fare is negative",
    }  # fmt: skip
    assert {line for line, _ in told} == set(wanted)
    assert all(wanted[line or 0] in what for line, what in told), told


def test_a_wrong_territory_hides_what_stands_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(MINE.replace("base: baseline", "base: baseline\nterritory: nowhere"))
    with pytest.raises(UserError) as caught:
        check(file)
    assert not any("no road" in p.what for p in caught.value.problems)
    assert any("nowhere" in str(p) for p in caught.value.problems)
