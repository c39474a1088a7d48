"""A small town built from files: networks, homes, sites, timetable, manifest, same bytes."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import territory_files as files
from embauche.core.errors import UserError
from embauche.territory.build import build_territory
from embauche.territory.convert import build_place, territory_from_networkx
from embauche.territory.externals import ExternalZone
from embauche.territory.territory import Territory


def hashes(folder: Path) -> dict[str, str]:
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture
def town(tmp_path: Path) -> Territory:
    return build_territory(
        files.write_osm(tmp_path),
        [files.write_gtfs(tmp_path)],
        communes=files.write_communes(tmp_path),
        out=tmp_path / "town",
        externals=[
            ExternalZone(
                "LILLE", "Lille", files.LON - 0.1, files.LAT, 1000, 200, 40, 50, 10, *files.place(0, 2)
            )
        ],
    )


def test_networks(town: Territory) -> None:
    # 25 crossings and one node of the footway; the footway is no road for cars or bikes.
    assert town.nodes.osm_id.tolist() == [*range(100, 125), 200]
    assert (town.nodes.in_car.sum(), town.nodes.in_bike.sum(), town.nodes.in_walk.sum()) == (25, 25, 26)
    # 40 blocks both ways by car but the four of the one-way street; two links of footway on foot.
    assert np.isfinite(town.arcs.car_s).sum() == 76
    assert np.isfinite(town.arcs.walk_s).sum() == 84
    # One block north: 0.003 degrees of 6,371.009 km of radius = 333.6 m; 28 km/h, in tenths.
    block = np.flatnonzero(
        (town.nodes.osm_id[town.arcs.tail] == 100) & (town.nodes.osm_id[town.arcs.head] == 101)
    )
    assert town.arcs.length_m[block] == pytest.approx([333.586], abs=0.01)
    assert town.arcs.car_s[block] == pytest.approx([42.9], abs=1e-5)
    assert not (
        (town.nodes.osm_id[town.arcs.tail] == 106)
        & (town.nodes.osm_id[town.arcs.head] == 105)
        & np.isfinite(town.arcs.car_s)
    ).any()


def test_communes_homes_and_sites(town: Territory) -> None:
    assert town.communes.code.tolist() == ["80001", "80002", "LILLE"]
    assert town.communes.population.tolist() == [600, 400, 0]
    assert town.communes.external.tolist() == [False, False, True]
    column = (town.nodes.osm_id[:25] - 100) // files.SIDE
    assert (town.nodes.commune[:25] == np.where(column <= 2, 0, 1)).all()
    for table in (town.places, town.sites):
        assert np.bincount(table.commune, table.weight) == pytest.approx([1, 1, 1], abs=1e-5)
        inside = table.commune < 2
        assert (town.nodes.commune[table.node[inside]] == table.commune[inside]).all()
        assert table.node[~inside].tolist() == [town.communes.node[2]]
    # The gateway is on the western edge.
    assert town.nodes.osm_id[town.communes.node[2]] in {100, 101, 102, 103, 104}


def test_timetable(town: Territory) -> None:
    assert town.manifest["week"]["monday"] == "2026-01-05"  # weeks of 11, 9, 11, 11 trips
    assert dict(zip(town.trips.trip_id, town.trips.days, strict=True)) == {"t1": 31, "t2": 31, "t3": 32}
    assert town.trips.agency.tolist() == ["Bus du bourg"] * 3
    first = town.connections.take(town.connections.trip == 0)
    assert (first.dep_s.tolist(), first.arr_s.tolist()) == ([18000, 18420], [18360, 18720])
    night = town.connections.take(town.connections.trip == 1)
    assert (night.dep_s.tolist(), night.arr_s.tolist()) == ([86100, 86460], [86460, 86820])
    assert town.stops.stop_id.tolist() == ["far", "s1", "s2", "s3"]
    assert (town.stops.node >= 0).tolist() == [False, True, True, True]
    assert town.stops.walk_s[1:] == pytest.approx(0, abs=0.1)
    assert town.stops.zone.tolist() == [-1, 2, 2, 2]  # within 3 km of the zone's station
    assert town.manifest["counts"]["stops too far from walkable roads"] == 1
    assert town.manifest["counts"]["stop times interpolated"] == 1


def test_asked_week(tmp_path: Path) -> None:
    osm, gtfs = files.write_osm(tmp_path), files.write_gtfs(tmp_path)
    holiday = build_territory(osm, [gtfs], day="2026-01-14")
    assert dict(zip(holiday.trips.trip_id, holiday.trips.days, strict=True)) == {"t1": 27, "t2": 27, "t3": 32}
    with pytest.raises(UserError, match="2026-01-05 to 2026-02-01"):
        build_territory(osm, [gtfs], day="2027-01-14")


def test_saved_and_loaded(town: Territory, tmp_path: Path) -> None:
    again = Territory.load(tmp_path / "town")
    for name in ("nodes", "arcs", "communes", "places", "sites", "stops", "trips", "connections"):
        for column, values in getattr(town, name).columns.items():
            assert np.array_equal(getattr(again, name)[column], values), (name, column)
    assert again.manifest == town.manifest
    assert not any(str(tmp_path) in p.read_text("utf-8") for p in [tmp_path / "town" / "manifest.json"])
    with pytest.raises(UserError, match="exists already"):
        build_territory(files.write_osm(tmp_path), out=tmp_path / "town")


def test_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    """Twice the same, and from a file with ways before nodes and everything backwards."""
    lines = files.osm_xml().splitlines()
    text = "\n".join(lines)
    osm, gtfs, communes = (
        files.write_osm(tmp_path),
        files.write_gtfs(tmp_path),
        files.write_communes(tmp_path),
    )
    build_territory(osm, [gtfs], communes=communes, out=tmp_path / "a")
    build_territory(osm, [gtfs], communes=communes, out=tmp_path / "b")
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
    nodes = [line for line in lines if line.startswith("<node")]
    body = text[text.index("<way") : text.index("</osm>")]
    ways = [w + "</way>" for w in body.split("</way>")[:-1]]
    osm.write_text("\n".join([*lines[:2], *reversed(ways), *reversed(nodes), "</osm>"]), "utf-8")
    shuffled = {}
    for name, table in files.gtfs_files().items():
        head, *rows = table.splitlines()
        shuffled[name] = "\n".join([head, *reversed(rows)]) + "\n"
    data = files.communes_geojson()
    data["features"].reverse()
    build_territory(
        osm,
        [files.write_gtfs(tmp_path, shuffled)],
        communes=files.write_communes(tmp_path, data),
        out=tmp_path / "c",
    )
    a, c = hashes(tmp_path / "a"), hashes(tmp_path / "c")
    assert {k: v for k, v in a.items() if k != "manifest.json"} == {
        k: v for k, v in c.items() if k != "manifest.json"
    }


def test_formats(tmp_path: Path) -> None:
    import osmium

    text = files.osm_xml().encode()
    plain = build_territory(files.write_osm(tmp_path))
    (tmp_path / "town.osm.gz").write_bytes(gzip.compress(text))
    (tmp_path / "town.osm.bz2").write_bytes(bz2.compress(text))
    with osmium.SimpleWriter(str(tmp_path / "town.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(tmp_path / "town.osm")):
            writer.add(thing)
    for suffix in ("osm.gz", "osm.bz2", "osm.pbf"):
        other = build_territory(tmp_path / f"town.{suffix}")
        assert all(np.array_equal(other.arcs[c], plain.arcs[c]) for c in plain.arcs.columns)


def test_without_communes(tmp_path: Path) -> None:
    one = build_territory(files.write_osm(tmp_path), population=5000)
    assert (one.communes.code.tolist(), one.communes.population.tolist()) == (["extract"], [5000])
    assert (one.nodes.commune == 0).all()
    assert any("one zone" in note for note in one.notes)
    guess = build_territory(files.write_osm(tmp_path))
    assert guess.communes.population[0] > 0
    assert any("estimate" in note for note in guess.notes)


def test_land_use(tmp_path: Path) -> None:
    extra, corners = files.land_xml()
    nodes = {files.node_id(i, j): files.place(i, j) for i in range(5) for j in range(5)} | corners
    nodes[200] = files.place(0.5, 0.4)
    town = build_territory(files.write_osm(tmp_path, files.osm_xml(nodes=nodes, extra=extra)))
    works = town.nodes.osm_id[town.sites.node[town.sites.zone >= 0]].tolist()
    assert works == [files.node_id(i, j) for i in (3, 4) for j in (3, 4)]
    assert town.sites.weight[town.sites.zone >= 0].sum() == pytest.approx(0.5)
    homes = set(town.nodes.osm_id[town.places.node].tolist())
    assert homes == {files.node_id(i, j) for i in (0, 1) for j in range(5)}


def test_dropped_parts_and_absent_nodes(tmp_path: Path) -> None:
    """A road that hangs nowhere is dropped, one that leaves the extract is cut; both are counted."""
    nodes = {files.node_id(i, j): files.place(i, j) for i in range(5) for j in range(5)}
    nodes |= {200: files.place(0.5, 0.4), 401: files.place(20, 20), 402: files.place(21, 20)}
    ways = [
        *files.town_ways(),
        (70, [401, 402], {"highway": "residential"}),
        (71, [100, 999], {"highway": "tertiary"}),
    ]
    town = build_territory(files.write_osm(tmp_path, files.osm_xml(ways, nodes)))
    counts = town.manifest["counts"]
    assert counts["car nodes dropped, off the largest strong part"] == 2
    assert counts["links cut at nodes absent from the extract"] == 1
    assert counts["nodes named by ways but absent"] == 1
    assert 401 not in town.nodes.osm_id


def test_strong_parts(town: Territory) -> None:
    for mode in ("car", "bike", "walk"):
        assert nx.is_strongly_connected(town.to_networkx(mode))


def test_networkx_and_back(town: Territory) -> None:
    graph = town.to_networkx("car")
    assert graph.graph["crs"] == "epsg:4326"
    assert set(graph.nodes[100]) == {"x", "y", "street_count"}
    assert {"osmid", "length", "travel_time", "highway"} <= set(graph.edges[100, 101, 0])
    back = territory_from_networkx(graph)
    assert back.nodes.osm_id.tolist() == list(range(100, 125))
    assert np.isfinite(back.arcs.car_s).sum() == 76
    assert np.isfinite(back.arcs.walk_s).sum() == 80  # pedestrians may go against the one-way street
    assert back.arcs.length_m == pytest.approx(town.arcs.length_m[(town.arcs.way != 30)], rel=1e-6)


def test_osmnx_reads_what_we_write(town: Territory) -> None:
    import osmnx

    stats = osmnx.basic_stats(town.to_networkx("car"))
    assert stats["n"] == 25
    assert stats["streets_per_node_counts"] == {0: 0, 1: 0, 2: 4, 3: 12, 4: 9}


def test_place_by_name(town: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    import osmnx

    asked = {}

    def fake(query: str, **options: object) -> nx.MultiDiGraph:
        asked[query] = options
        return town.to_networkx("walk")

    before = list(osmnx.settings.useful_tags_way)
    monkeypatch.setattr(osmnx, "graph_from_place", fake)
    made = build_place("Bourg, France")
    assert made.name == "Bourg, France"
    assert asked["Bourg, France"]["simplify"] is False
    assert list(osmnx.settings.useful_tags_way) == before

    def broken(query: str, **options: object) -> nx.MultiDiGraph:
        raise ValueError("Nominatim found nothing")

    monkeypatch.setattr(osmnx, "graph_from_place", broken)
    with pytest.raises(UserError, match="Nominatim found nothing"):
        build_place("Nulle part")


def test_restrict(town: Territory) -> None:
    east = town.restrict(["200080002"])
    assert east.communes.code.tolist() == ["80002", "LILLE"]
    assert len(east.nodes) == len(town.nodes)
    assert set(east.places.commune.tolist()) == {0, 1}
    assert (east.nodes.commune == np.where(town.nodes.commune == 1, 0, -1)).all()
    assert east.stops.zone.tolist() == [-1, 1, 1, 1]
    people, before = town.communes.population, {c: int(town.communes[c][-1]) for c in ("jobs", "inflow")}
    for column, whole in before.items():  # poles are shared with those who are left out
        assert whole > 0
        assert east.communes[column][-1] == round(whole * people[1] / people[:2].sum())
    with pytest.raises(UserError, match="write 200080002"):
        town.restrict(["200080003"])


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 99}'])
def test_damaged_folder(town: Territory, tmp_path: Path, damage: str) -> None:
    (tmp_path / "town" / "manifest.json").write_text(damage)
    with pytest.raises(UserError):
        Territory.load(tmp_path / "town")


def test_tables_of_two_territories(town: Territory, tmp_path: Path) -> None:
    arcs = town.arcs.copy()
    arcs.head[0] = 10_000
    arcs.write(tmp_path / "town" / "arcs.parquet")
    with pytest.raises(UserError, match="do not belong together"):
        Territory.load(tmp_path / "town")


def test_progress_rises(tmp_path: Path) -> None:
    shares: list[float] = []
    build_territory(files.write_osm(tmp_path), progress=lambda _what, share: shares.append(share))
    assert shares == sorted(shares)
    assert len(shares) >= 4


def test_manifest_names_inputs(town: Territory, tmp_path: Path) -> None:
    digest = hashlib.sha256((tmp_path / "town.osm").read_bytes()).hexdigest()
    assert town.manifest["inputs"]["osm"] == [{"name": "town.osm", "sha256": digest}]
    json.dumps(town.manifest)
