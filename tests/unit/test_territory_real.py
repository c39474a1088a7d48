"""Builds from real extracts and feeds: Addison, Heidelberg, Porto, and the region's communes."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from embauche.territory.areas import locate
from embauche.territory.build import build_territory
from embauche.territory.communes import read_communes
from embauche.territory.territory import Territory


@pytest.fixture(scope="module")
def addison(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Territory:
    out = tmp_path_factory.mktemp("real") / "addison"
    build_territory(shared_data / "osm/addison.osm.gz", [shared_data / "gtfs/addison.gtfs.zip"], out=out)
    return Territory.load(out)


def test_addison(addison: Territory) -> None:
    """Figures of the data's README: 197k nodes and 4,381 km of car roads before private drives go."""
    counts = addison.manifest["counts"]
    assert len(addison.nodes) == pytest.approx(197_000, rel=0.15)
    assert counts["car km of road"] == pytest.approx(4381, rel=0.12)
    assert counts["stops"] == 114
    assert counts["stops too far from walkable roads"] == 0
    assert "2015" <= addison.manifest["week"]["monday"] <= "2018-12-31"
    assert len(addison.trips) <= 330


def test_addison_is_one_strong_part(addison: Territory) -> None:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(addison.nodes)
    for mode in ("car", "bike", "walk"):
        open_ = np.isfinite(addison.arcs[f"{mode}_s"])
        graph = coo_array(
            (np.ones(open_.sum()), (addison.arcs.tail[open_], addison.arcs.head[open_])), shape=(n, n)
        )
        _, label = connected_components(graph.tocsr(), directed=True, connection="strong")
        assert len(np.unique(label[addison.nodes[f"in_{mode}"]])) == 1


def test_speeds_are_plausible(addison: Territory) -> None:
    arcs = addison.arcs
    driven = np.isfinite(arcs.car_s) & (arcs.length_m > 1)
    half = 0.05  # seconds: arcs last whole tenths
    kmh = arcs.length_m[driven] * 3.6 / (arcs.car_s[driven] + half)
    assert kmh.min() >= 4
    assert kmh.max() <= 130
    buses = addison.connections
    ridden = buses.arr_s - buses.dep_s
    far = buses.km > 1
    assert (ridden >= 0).all()
    assert np.median(buses.km[far] * 3600 / np.maximum(ridden[far], 1)) == pytest.approx(45, abs=30)


def test_a_route_agrees_with_networkx(addison: Territory) -> None:
    graph = addison.to_networkx("car")
    ids = sorted(graph)
    seconds = nx.shortest_path_length(graph, ids[0], ids[len(ids) // 2], weight="travel_time")
    assert 0 < seconds < 3 * 3600


@pytest.mark.long
def test_heidelberg(shared_data: Path) -> None:
    """30 % of its stops lie outside the roads."""
    town = build_territory(shared_data / "osm/heidelberg.osm.pbf", [shared_data / "gtfs/heidelberg.gtfs.zip"])
    counts = town.manifest["counts"]
    assert counts["stops too far from walkable roads"] / counts["stops"] == pytest.approx(0.3, abs=0.05)
    assert counts["car nodes dropped, off the largest strong part"] > 0
    assert town.manifest["week"]["monday"].startswith("2022")


@pytest.mark.long
def test_porto(shared_data: Path) -> None:
    town = build_territory(shared_data / "osm/porto.osm.pbf", population=1_300_000)
    assert town.manifest["counts"]["car km of road"] == pytest.approx(9420, rel=0.03)
    assert len(town.nodes) > 300_000


def test_communes_of_the_region(shared_data: Path) -> None:
    region = read_communes(shared_data / "communes/hauts_de_france.geojson")
    assert len(region.polygons) == 3782
    assert sum(region.columns["population"]) == 5_992_194
    lon, lat = np.array(region.columns["lon"]), np.array(region.columns["lat"])
    where = locate(lon, lat, region.polygons)
    assert (where == np.arange(3782)).mean() > 0.98  # the others lie within 300 m of a generalised border


def test_moved_town_halls(shared_data: Path) -> None:
    """The data's README counts 6 of 196 and 5 of 97 outside by over 300 m, or outside at all."""
    artois = read_communes(shared_data / "communes/grand_artois.geojson")
    assert artois.counts.get("town halls outside their commune's polygon") == 6
    bresle = read_communes(shared_data / "communes/bresle_vimeu.geojson")
    assert bresle.counts.get("town halls outside their commune's polygon", 0) <= 5
