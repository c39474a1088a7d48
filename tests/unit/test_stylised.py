"""Stylised territories: deterministic files that pass through the real reader and look like a territory."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import platformdirs
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from embauche.core.errors import UserError
from embauche.territory import embedded
from embauche.territory.build import build_territory
from embauche.territory.stylised import SPECS, generate
from embauche.territory.stylised.ground import read_ground
from embauche.territory.stylised.lines import BRIDGED, Line, add_roundabouts, assemble, repair_one_ways
from embauche.territory.stylised.patterns import PATTERNS, departures
from embauche.territory.stylised.specs import communes_file
from embauche.territory.territory import Territory

NAME = "bresle-vimeu"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder of this module's own, so that the first call really generates."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platformdirs, "user_cache_dir", lambda *a, **k: str(folder))
        yield folder


@pytest.fixture(scope="module")
def bresle(home: Path) -> Territory:
    return embedded.load_embedded(NAME)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return embedded.write_stylised(NAME, tmp_path_factory.mktemp("files") / "out")


def _hashes(folder: Path) -> dict[str, str]:
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


# --- lines to nodes and ways -------------------------------------------------------------------


def _line(points: list[tuple[float, float]], level: int = 0, **tags: str) -> Line:
    return Line(np.array(points, float), {"highway": "residential", **tags}, level)


def test_crossing_lines_share_a_node_and_bridges_do_not() -> None:
    flat = assemble([_line([(0, 0), (100, 100)]), _line([(0, 100), (100, 0)])])
    assert [len(rows) for rows, _ in flat.ways] == [3, 3]
    assert set(flat.ways[0][0]) & set(flat.ways[1][0]) == {int(np.flatnonzero((flat.xy == 50).all(1))[0])}
    bridge = assemble([_line([(0, 0), (100, 100)]), _line([(0, 100), (100, 0)], BRIDGED)])
    assert not set(bridge.ways[0][0]) & set(bridge.ways[1][0])


def test_a_vertex_on_another_line_joins_it_even_a_few_centimetres_off() -> None:
    net = assemble([_line([(0, 0), (100, 0)]), _line([(40, 0.05), (40, 60)]), _line([(100, 0.1), (150, 0)])])
    assert set(net.ways[0][0]) & set(net.ways[1][0])
    assert set(net.ways[0][0]) & set(net.ways[2][0])


def test_a_roundabout_keeps_all_arms_connected_and_is_one_way() -> None:
    net = assemble([_line([(-100, 0), (0, 0), (100, 0)]), _line([(0, 0), (0, 100)])])
    centre = int(np.flatnonzero((net.xy == 0).all(1))[0])
    ring = add_roundabouts(net, [centre])
    circle = next(rows for rows, tags in ring.ways if tags.get("junction") == "roundabout")
    assert circle[0] == circle[-1]
    assert len(circle) == 9
    arms = [rows for rows, tags in ring.ways if tags.get("junction") != "roundabout"]
    assert len(arms) == 3
    assert all(set(arm) & set(circle) for arm in arms)
    assert not any(centre in rows for rows, _ in ring.ways)
    x, y = ring.xy[circle[:-1]].T
    assert (np.diff(np.unwrap(np.arctan2(y, x))) > 0).all()  # anticlockwise, as in France


def test_one_way_dead_ends_are_made_two_way() -> None:
    net = assemble([_line([(0, 0), (100, 0)]), _line([(100, 0), (200, 0)], oneway="yes")])
    assert all("oneway" not in tags for _, tags in repair_one_ways(net).ways)


# --- files -------------------------------------------------------------------------------------


def test_same_bytes_whatever_the_order_of_communes(tmp_path: Path) -> None:
    spec = SPECS[NAME]
    source = json.loads(communes_file(NAME).read_text(encoding="utf-8"))
    source["features"] = [f for f in source["features"] if f["properties"]["epci"] == "200070944"]
    names = {f["properties"]["name"] for f in source["features"]}
    routes = [r for r in spec.routes if set(r.calls) <= names]
    hashes = []
    for turn in (1, -1):
        file = tmp_path / f"communes{turn}.geojson"
        file.write_text(json.dumps({**source, "features": source["features"][::turn]}), encoding="utf-8")
        generate(file, tmp_path / str(turn), options=spec.options, poles=spec.poles[:1], routes=routes)
        hashes.append(_hashes(tmp_path / str(turn)))
    assert hashes[0] == hashes[1]
    generate(file, tmp_path / "seed", options=spec.options, poles=spec.poles[:1], routes=routes, seed=1)
    assert _hashes(tmp_path / "seed")["roads.osm.gz"] != hashes[0]["roads.osm.gz"]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_few_communes_are_enough(count: int, tmp_path: Path) -> None:
    source = json.loads(communes_file(NAME).read_text(encoding="utf-8"))
    source["features"] = source["features"][:count]
    (tmp_path / "communes.geojson").write_text(json.dumps(source), encoding="utf-8")
    files = generate(tmp_path / "communes.geojson", tmp_path / "out")
    territory = build_territory(files.osm, files.gtfs, communes=tmp_path / "communes.geojson", stylised=True)
    assert len(territory.communes) == count
    assert (np.bincount(territory.places.commune, minlength=count) >= 1).all()


def test_osm_file_has_what_a_reader_looks_for(written: Path) -> None:
    text = gzip.decompress((written / "roads.osm.gz").read_bytes()).decode()
    nodes = len(re.findall("<node ", text))
    assert 12_000 <= nodes <= 22_000
    found = set(re.findall(r'<tag k="highway" v="(\w+)"/>', text))
    assert {"motorway", "motorway_link", "primary", "secondary", "tertiary", "unclassified"} <= found
    assert {"residential", "living_street", "service", "footway", "cycleway", "pedestrian"} <= found
    for pair in (
        ("oneway", "yes"),
        ("junction", "roundabout"),
        ("landuse", "industrial"),
        ("landuse", "residential"),
    ):
        assert f'<tag k="{pair[0]}" v="{pair[1]}"/>' in text
    assert {"30", "50", "80"} <= set(re.findall(r'k="maxspeed" v="(\d+)"', text))
    assert (written / "roads.osm.gz").read_bytes()[4:8] == bytes(4)  # no timestamp


def test_gtfs_is_valid_and_thin_on_sundays(written: Path) -> None:
    with zipfile.ZipFile(written / "timetable.gtfs.zip") as archive:
        table = {n[:-4]: pd.read_csv(BytesIO(archive.read(n)), dtype=str) for n in archive.namelist()}
    times, trips = table["stop_times"], table["trips"]
    assert set(times["stop_id"]) == set(table["stops"]["stop_id"])
    assert set(times["trip_id"]) == set(trips["trip_id"])
    assert set(trips["route_id"]) == set(table["routes"]["route_id"])
    assert set(table["routes"]["agency_id"]) == set(table["agency"]["agency_id"])
    seconds = pd.to_timedelta(times["arrival_time"]).dt.total_seconds()
    assert (seconds.groupby(times["trip_id"]).diff().dropna() > 0).all()
    by_day = trips["service_id"].value_counts()
    assert by_day["sunday"] < 0.2 * by_day["week"]
    assert by_day["sunday"] < by_day["saturday"] < by_day["week"]
    first = seconds.groupby(times["trip_id"]).min() / 3600
    week = first[first.index.isin(trips.loc[trips["service_id"] == "week", "trip_id"])]
    assert 5.0 <= week.min() <= 6.5
    assert 19.0 <= week.max() <= 22.0


def test_patterns_thin_out_towards_sunday() -> None:
    for level in PATTERNS:
        week, saturday, sunday = (len(departures(level, d, 0)) for d in ("week", "saturday", "sunday"))
        assert week > saturday >= sunday


def test_every_named_line_and_factor_names_a_place() -> None:
    for name, spec in SPECS.items():
        places = set(gpd.read_file(communes_file(name))["name"]) | {p.name for p in spec.poles}
        assert {c for r in spec.routes for c in r.calls} <= places
        assert set(spec.options.industry) <= places
        assert {r.level for r in spec.routes} <= set(PATTERNS)


def test_unknown_place_in_a_line_is_refused(tmp_path: Path) -> None:
    spec = SPECS[NAME]
    with pytest.raises(ValueError, match="unknown places"):
        generate(communes_file(NAME), tmp_path, options=spec.options, routes=spec.routes)


# --- the built territory -----------------------------------------------------------------------


def test_populations_and_epcis_are_those_of_the_data(bresle: Territory) -> None:
    source = gpd.read_file(communes_file(NAME)).sort_values("code")
    inside = ~bresle.communes.external
    got = dict(zip(bresle.communes.code[inside], bresle.communes.population[inside], strict=True))
    assert got == dict(zip(source["code"], source["population"], strict=True))
    assert set(bresle.communes.epci[inside]) == set(source["epci"])
    assert bresle.communes.population.sum() == 78_616


def test_nothing_much_is_dropped_and_every_commune_has_streets(bresle: Territory) -> None:
    nodes, arcs = bresle.nodes, bresle.arcs
    can = np.isfinite(arcs.car_s)
    used = np.unique(np.concatenate([arcs.tail[can], arcs.head[can]]))
    assert nodes.in_car[used].mean() > 0.995
    inside = int((~bresle.communes.external).sum())
    assert (np.bincount(bresle.places.commune, minlength=inside)[:inside] >= 5).all()
    assert (np.bincount(bresle.sites.commune, minlength=inside)[:inside] >= 1).all()
    assert (bresle.sites.zone >= 0).sum() > 200


def test_walk_network_is_one_piece(bresle: Territory) -> None:
    arcs = bresle.arcs
    can = np.isfinite(arcs.walk_s)
    n = len(bresle.nodes)
    graph = csr_array((np.ones(can.sum()), (arcs.tail[can], arcs.head[can])), shape=(n, n))
    _, part = connected_components(graph, directed=True, connection="strong")
    assert len(np.unique(part[np.unique(arcs.tail[can])])) <= 3


def test_detour_and_speed_are_plausible(bresle: Territory) -> None:
    arcs, nodes, communes = bresle.arcs, bresle.nodes, bresle.communes
    can, n = np.isfinite(arcs.car_s), len(bresle.nodes)
    towns = communes.node[~communes.external]
    some = towns[:: len(towns) // 8]
    km = dijkstra(
        csr_array((arcs.length_m[can] / 1e3, (arcs.tail[can], arcs.head[can])), shape=(n, n)), indices=some
    )
    hours = dijkstra(
        csr_array((arcs.car_s[can] / 3600, (arcs.tail[can], arcs.head[can])), shape=(n, n)), indices=some
    )
    x, y = nodes.x_m, nodes.y_m
    straight = np.hypot(x[some][:, None] - x[towns], y[some][:, None] - y[towns]) / 1e3
    far = straight > 2.0
    detour = (km[:, towns][far] / straight[far]).mean()
    assert 1.15 <= detour <= 1.6
    speed = np.median(km[:, towns][far] / hours[:, towns][far])
    assert 40 <= speed <= 75


def test_external_zones_have_a_gateway_and_a_stop(bresle: Territory) -> None:
    communes = bresle.communes
    outside = np.flatnonzero(communes.external)
    assert sorted(communes.name[outside]) == sorted(p.name for p in SPECS[NAME].poles)
    assert bresle.nodes.in_car[communes.node[outside]].all()
    assert set(outside) <= set(bresle.stops.zone)
    stops_served = set(bresle.connections.arr_stop) & set(np.flatnonzero(bresle.stops.zone >= 0))
    assert {int(bresle.stops.zone[s]) for s in stops_served} == set(outside.tolist())


def test_stylised_is_said_and_the_cache_gives_the_same(bresle: Territory, home: Path) -> None:
    assert bresle.stylised
    assert any("stylised" in note for note in bresle.notes)
    assert any("INSEE" in note for note in bresle.notes)
    folder = embedded.cache_folder(NAME)
    assert folder.parent.parent == home
    before = _hashes(folder)
    again = embedded.load_embedded(NAME)
    assert again.manifest == bresle.manifest
    assert _hashes(folder) == before
    assert not [p for p in folder.parent.iterdir() if p.name.startswith(".")]  # no scratch left


def test_a_rebuild_gives_the_same_bytes(bresle: Territory, tmp_path: Path) -> None:
    first = _hashes(embedded.cache_folder(NAME))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platformdirs, "user_cache_dir", lambda *a, **k: str(tmp_path))
        embedded.load_embedded(NAME)
        assert _hashes(embedded.cache_folder(NAME)) == first


def test_who_comes_second_keeps_the_first(tmp_path: Path) -> None:
    for name in ("built", "kept"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(name)
    embedded._publish(tmp_path / "built", tmp_path / "kept")
    assert (tmp_path / "kept" / "manifest.json").read_text() == "kept"


def test_without_a_cache_it_still_loads(bresle: Territory, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platformdirs, "user_cache_dir", lambda *a, **k: str(blocked))
        territory = embedded.load_embedded(NAME)
    assert territory.folder is None
    assert np.array_equal(territory.nodes.osm_id, bresle.nodes.osm_id)
    assert blocked.read_text() == "not a folder"


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(UserError, match="bresle-vimeu or grand-artois"):
        embedded.load_embedded("atlantis")


def test_halls_outside_their_polygon_are_moved_inside() -> None:
    import shapely

    ground = read_ground(communes_file(NAME))
    points = shapely.points(ground.centre)
    assert shapely.contains(ground.polygons, points).all()
    assert np.allclose(ground.to_m(ground.to_degrees(ground.centre)), ground.centre, atol=0.02)


@pytest.mark.long
def test_grand_artois(home: Path) -> None:
    territory = embedded.load_embedded("grand-artois")
    assert territory.communes.population.sum() == 752_718
    assert 50_000 <= len(territory.nodes) <= 85_000
    arcs = territory.arcs
    can = np.isfinite(arcs.car_s)
    assert territory.nodes.in_car[np.unique(arcs.tail[can])].mean() > 0.995
    outside = territory.communes.external
    assert territory.communes.inflow[outside].sum() > 35_300  # the Pôle alone, 2015 (FACTS)
