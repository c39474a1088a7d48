"""Authorities on a territory: areas, who runs a route, closed borders, fares, contracts, faults, variants.

Not here: the books of a week (test_books), the report (test_report).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.analysis.check import check
from embauche.core.errors import UserError
from embauche.core.governance import AuthorityRule, Contract, Governance
from embauche.core.scenario_governance import GovernanceBlock
from embauche.core.scenario_load import load_scenario, validated
from embauche.core.scenario_variants import load_variants
from embauche.routing.supply import supply_week
from embauche.territory.authorities import Jurisdiction
from embauche.territory.authority_faults import governance_faults
from helpers import tiny_territory

TINY: Any = tiny_territory()
WEST, EAST = (np.flatnonzero(TINY.communes.epci == e) for e in ("200000001", "200000002"))
OUTSIDE = np.flatnonzero(TINY.communes.external)


def who(**fields: Any) -> Jurisdiction:
    return Jurisdiction.of(GovernanceBlock.model_validate(fields).governance(), TINY)


def test_today_is_one_authority_where_nothing_is_known() -> None:
    found = who()
    assert [r.name for r in found.rules] == ["tiny"]
    assert (found.area[WEST] == 0).all()
    assert (found.area[EAST] == 0).all()
    assert (found.area[OUTSIDE] == -1).all()
    assert np.ptp(found.fares(2.0)) == 0


def test_what_is_assumed_or_counterfactual_is_noted() -> None:
    assert "counterfactual" in Governance("epcis").notes[0]
    assert "from memory" in Governance().notes[0]
    assert Governance("bassin").notes == ()


def test_known_authorities_stand_for_their_epcis() -> None:
    epcis = {"200072460": "CABBALR", "246200364": "CALL", "200033579": "CUA", "1": "Other"}
    rules = Governance().rules(epcis, "land")
    assert [(r.name, r.area) for r in rules] == [
        ("Artois Mobilités", ("200072460", "246200364")), ("CU Arras", ("200033579",)), ("land", ("1",)),
    ]  # fmt: skip
    assert [r.name for r in Governance("bassin", name="B").rules(epcis, "land")] == ["B"]
    alone = Governance("epcis").rules(epcis, "land")
    assert len(alone) == 4
    assert not any(r.crosses for r in alone)


def test_a_commune_named_goes_before_its_epci() -> None:
    code = str(TINY.communes.code[WEST[0]])
    found = who(authorities=[{"name": "A", "epcis": "CC West"}, {"name": "B", "communes": code}])
    assert found.area[WEST[0]] == 1
    assert (found.area[WEST[1:]] == 0).all()
    assert [r.name for r in found.rules] == ["A", "B", "tiny"]
    assert (found.area[EAST] == 2).all()


def test_who_runs_a_route_and_what_it_may_serve() -> None:
    alone, region = who(organisation="epcis"), who(organisation="region")
    for found in (alone, region):
        stop_area = found.area_of(found.stop_commune(TINY))
        runner = found.run_by(TINY.trips, TINY.connections, stop_area)
        road = TINY.trips.mode == 3
        crossing = {int(r) for r in runner[road]}
        lines = found.within_borders(TINY.connections, runner, stop_area)
        if found is region:
            assert crossing == {2}  # the one line crosses, so it is the region's
            assert lines is TINY.connections
            continue
        assert crossing == {0}
        mine = stop_area == 0
        bound = road[TINY.connections.trip]
        assert not (lines.pickup & bound & ~mine[lines.dep_stop]).any()
        assert not (lines.dropoff & bound & ~mine[lines.arr_stop]).any()
        assert (lines.pickup[bound] & mine[lines.dep_stop[bound]]).any()
        assert TINY.connections.pickup.sum() > lines.pickup.sum()
    named = who(organisation="epcis", authorities=[{"name": "X", "epcis": "CC East", "routes": "L1"}])
    stop_area = named.area_of(named.stop_commune(TINY))
    runner = named.run_by(TINY.trips, TINY.connections, stop_area)
    assert set(runner[TINY.trips.route == "L1"].tolist()) == {0}


def test_may_serve_keeps_within_closed_borders() -> None:
    home, work = (
        np.array([WEST[0], WEST[0], EAST[0], OUTSIDE[0]]),
        np.array([WEST[0], EAST[0], EAST[0], WEST[0]]),
    )
    assert who().may_serve("", home, work).all()
    alone = who(organisation="epcis")
    assert alone.may_serve("", home, work).tolist() == [True, False, True, False]
    assert alone.may_serve("CC West", home, work).tolist() == [True, False, False, False]
    assert alone.may_serve("region", home, work).all()


def test_fares_common_own_and_separate() -> None:
    assert np.ptp(who(fare_eur=1).fares(2.0)) == 0
    assert who(fare_eur=1).fares(2.0)[0, 0] == 1
    alone = who(organisation="epcis").fares(2.0)
    assert alone.tolist() == [[2, 4, 2], [4, 2, 2], [2, 2, 2]]
    own = who(authorities=[{"name": "A", "epcis": "CC West", "fare_eur": 0}]).fares(2.0)
    assert own.tolist() == [[0, 2, 0], [2, 2, 2], [0, 2, 2]]


@pytest.mark.parametrize("key", ["population", "riders", "vehicle_km"])
def test_contracts_share_by_their_key(key: Any) -> None:
    n = len(TINY.communes)
    riders, km = np.zeros(n), np.zeros(n)
    riders[WEST[0]], riders[EAST[0]] = 30.0, 10.0
    km[WEST[0]], km[EAST[0]] = 20.0, 80.0
    people = TINY.communes.population
    expected = {
        "riders": 0.75, "vehicle_km": 0.2,
        "population": people[WEST].sum() / (people[WEST].sum() + people[EAST].sum()),
    }[key]  # fmt: skip
    given = Governance(
        "bassin", "B", contracts=(Contract(("CC West", "CC East"), ("transit", "on_demand/north"), key),)
    )
    found = Jurisdiction.of(given, TINY)
    for service, system in (("transit", "B"), ("on_demand", "north")):
        shares = found.payers(service, system, "B", riders, km)
        assert sum(shares.values()) > 0
        assert shares["authority:CC West"] / sum(shares.values()) == pytest.approx(expected)
    assert found.payers("on_demand", "south", "B", riders, km) == {
        "authority:B": people[[*WEST, *EAST]].sum()
    } or (set(found.payers("on_demand", "south", "B", riders, km)) == {"authority:B"})
    assert found.payers("transit", "region", "region", riders, km) == {"region": 1.0}


def test_payer_shares_and_riders_where_nobody_is_named() -> None:
    rules = (AuthorityRule("A", ("200000001",), authority=0.5, region=0.3, state=0.2),)
    found = Jurisdiction.of(Governance("epcis", authorities=rules), TINY)
    riders = np.zeros(len(TINY.communes))
    riders[WEST[0]], riders[EAST[0]] = 3.0, 1.0
    shares = found.payers("on_demand", "", "", riders, riders)
    assert shares == pytest.approx(
        {"authority:A": 1.5, "region": 0.9, "state": 0.6, "authority:CC East": 1.0}
    )


def test_supply_is_split_where_it_runs() -> None:
    found = who(organisation="region")
    commune = found.stop_commune(TINY)
    runner = found.run_by(TINY.trips, TINY.connections, found.area_of(commune))
    supply = supply_week(TINY.trips, TINY.connections, runner, 3, commune, len(TINY.communes))
    assert supply.commune_km.sum() == pytest.approx(supply.km.sum())
    assert supply.km.sum(axis=1) == pytest.approx(supply.commune_km.sum(axis=1))
    runs = sum(bin(int(d)).count("1") for d in TINY.trips.days)
    first = np.full(len(TINY.trips), 10**9)
    last = np.zeros(len(TINY.trips))
    np.minimum.at(first, TINY.connections.trip, TINY.connections.dep_s)
    np.maximum.at(last, TINY.connections.trip, TINY.connections.arr_s)
    assert runs > 0
    minutes = sum(
        (b - a) / 60 * bin(int(d)).count("1") for a, b, d in zip(first, last, TINY.trips.days, strict=True)
    )
    assert supply.minutes.sum() == pytest.approx(minutes)


BAD = [
    ({"authorities": [{"name": "A", "fare_eur": -1}]}, "fare"),
    ({"authorities": [{"name": "A"}, {"name": "A"}]}, "one name"),
    ({"authorities": [{"name": "A", "epcis": "1"}, {"name": "B", "epcis": "1"}]}, "two authorities' areas"),
    ({"authorities": [{"name": "A", "pays": {"authority": 0.5}}]}, "whole"),
    ({"contracts": [{"between": ["A"]}]}, "two authorities at least"),
    ({"organisation": "anarchy"}, "organisation"),
    ({"organisations": "epcis"}, "did you mean organisation"),
]


@pytest.mark.parametrize(("fields", "words"), BAD, ids=[w for _, w in BAD])
def test_bad_fields_are_told(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        validated({"name": "x", "governance": fields})


def test_faults_that_the_territory_shows() -> None:
    block = GovernanceBlock.model_validate(
        {
            "authorities": [
                {"name": "A", "epcis": "CC Wset", "communes": "Nowhere", "routes": "Line 99"},
                {"name": "B", "epcis": "CC East"},
            ],
            "contracts": [{"between": ["B", "Bee"]}],
        }
    )
    found = governance_faults(block, {}, TINY)
    assert {p.keys for p in found} == {
        ("governance", "authorities", 0, "epcis", 0), ("governance", "authorities", 0, "communes", 0),
        ("governance", "authorities", 0, "routes", 0), ("governance", "contracts", 0, "between", 1),
    }  # fmt: skip
    assert governance_faults(GovernanceBlock(organisation="epcis"), {}, TINY) == []


def test_the_bassin_options_have_no_fault_and_are_told_at_their_line(
    repository: Path, tmp_path: Path
) -> None:
    text = (repository / "configs" / "bassin-options.yaml").read_text(encoding="utf-8")
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    variants = load_variants(tmp_path / "x.yaml", {"weeks": 3})
    assert {s.weeks for s in variants} == {3}
    names = [s.name for s in variants]
    assert names == ["bassin-options", "epcis-alone", "one-bassin", "region-run"]
    assert load_scenario(tmp_path / "x.yaml").governance.organisation == "today"
    bad = text.replace("Aumale]", "Aumalle]").replace("fare_eur: 1 EUR", "fare_eur: -1 EUR")
    (tmp_path / "x.yaml").write_text(bad, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        check(tmp_path / "x.yaml")
    lines = [k for k, t in enumerate(bad.splitlines(), 1) if "fare_eur" in t or "Aumalle]" in t]
    assert [p.line for p in caught.value.problems] == lines
    assert len(lines) == 2, "the field's fault and the territory's"


@pytest.mark.parametrize(
    ("variants", "words"),
    [
        ("variants: [{name: a}]", "not complete"),
        ("variants: [{name: a, sett: {weeks: 2}}]", "did you mean set"),
        ("variants: 3", "not a list"),
        ("variants: [{name: a, set: {wekks: 2}}]", "did you mean weeks"),
        ("weeks: 2", "nothing to compare"),
    ],
)
def test_bad_variants_are_told(tmp_path: Path, variants: str, words: str) -> None:
    (tmp_path / "x.yaml").write_text(f"name: x\n{variants}\n", encoding="utf-8")
    with pytest.raises(UserError, match=words):
        load_variants(tmp_path / "x.yaml")
