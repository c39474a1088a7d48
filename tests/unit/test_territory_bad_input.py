"""Bad files, each with one clear error or a counted repair; never a traceback, nothing overwritten."""

from __future__ import annotations

import bz2
import errno
import gzip
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import osmium
import pyproj
import pytest

import territory_files as files
from embauche.core.errors import UserError
from embauche.routing import gtfs_archive as archive
from embauche.routing.gtfs import read_feed
from embauche.territory.build import build_territory
from embauche.territory.communes import read_communes
from embauche.territory.externals import ExternalZone


def pbf(folder: Path) -> bytes:
    source = files.write_osm(folder, name="whole.osm")
    with osmium.SimpleWriter(str(folder / "whole.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(source)):
            writer.add(thing)
    return (folder / "whole.osm.pbf").read_bytes()


def refused(path: Path, match: str, **options: object) -> UserError:
    """The build fails with this error, and what stood in the output folder stays."""
    out = path.parent / "mine"
    out.mkdir(exist_ok=True)
    (out / "thesis.txt").write_text("years of work")
    (out / "manifest.json").write_text("{}")
    with pytest.raises(UserError, match=match) as caught:
        build_territory(path, out=out, overwrite=True, **options)  # type: ignore[arg-type]
    assert sorted(p.name for p in out.iterdir()) == ["manifest.json", "thesis.txt"]
    assert not list(path.parent.glob(".mine*"))
    assert all(p.what for p in caught.value.problems)
    return caught.value


def test_truncated_pbf(tmp_path: Path) -> None:
    (tmp_path / "town.osm.pbf").write_bytes(pbf(tmp_path)[:-40])
    refused(tmp_path / "town.osm.pbf", "cannot be read")


@pytest.mark.parametrize("packer", [gzip, bz2])
def test_truncated_packed_xml(tmp_path: Path, packer: Any) -> None:
    path = tmp_path / ("town.osm.gz" if packer is gzip else "town.osm.bz2")
    path.write_bytes(packer.compress(files.osm_xml().encode())[:-60])
    refused(path, "cannot be read")


def test_corrupt_pbf(tmp_path: Path) -> None:
    data = bytearray(pbf(tmp_path))
    data[len(data) // 2 : len(data) // 2 + 30] = b"\xff" * 30
    (tmp_path / "town.osm.pbf").write_bytes(data)
    refused(tmp_path / "town.osm.pbf", "cannot be read")


def test_entity_bomb(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{"&" + chr(97 + i) + ";" * 1}{("&" + chr(97 + i) + ";") * 9}">'
        for i in range(9)
    )
    path = files.write_osm(
        tmp_path, bomb + ']><osm version="0.6"><node id="1" lat="1" lon="1" user="&j;"/></osm>'
    )
    refused(path, "cannot be read")


def test_truncated_xml_has_a_line(tmp_path: Path) -> None:
    text = files.osm_xml()
    error = refused(files.write_osm(tmp_path, text[: len(text) // 2]), "cannot be read")
    assert error.problems[0].line is not None
    assert error.problems[0].line > 10


@pytest.mark.parametrize(
    "ways", [[], [(1, [100, 101], {"building": "yes"})], [(1, [100, 101], {"highway": "proposed"})]]
)
def test_no_roads(tmp_path: Path, ways: list) -> None:
    refused(files.write_osm(tmp_path, files.osm_xml(ways)), "no roads")


def test_roads_without_nodes(tmp_path: Path) -> None:
    refused(files.write_osm(tmp_path, files.osm_xml(nodes={})), "no network")


def test_only_a_one_way_road(tmp_path: Path) -> None:
    refused(
        files.write_osm(tmp_path, files.osm_xml([(1, [100, 101], {"highway": "motorway"})])), "no network"
    )


@pytest.mark.parametrize("kind", ["way", "node"])
def test_negative_ids(tmp_path: Path, kind: str) -> None:
    text = files.osm_xml()
    text = text.replace('<way id="1"', '<way id="-1"') if kind == "way" else text.replace('"100"', '"-100"')
    refused(files.write_osm(tmp_path, text), "negative ids")


def test_id_too_large(tmp_path: Path) -> None:
    refused(files.write_osm(tmp_path, files.osm_xml().replace('"100"', f'"{1 << 60}"')), "cannot exist")


@pytest.mark.parametrize("name", ["town.csv", "town"])
def test_format_by_name(tmp_path: Path, name: str) -> None:
    refused(files.write_osm(tmp_path, name=name), "does not tell the format")


def test_absent_files(tmp_path: Path) -> None:
    refused(tmp_path / "no.osm", "no such OpenStreetMap")
    osm = files.write_osm(tmp_path)
    refused(osm, "no such timetable", gtfs=[tmp_path / "no.zip"])
    refused(osm, "no such file of communes", communes=tmp_path / "no.geojson")


def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    def full(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    osm = files.write_osm(tmp_path)
    monkeypatch.setattr(pq, "write_table", full)
    refused(osm, "the disk is full")


def test_zip_that_climbs_out(tmp_path: Path) -> None:
    for name in ("../evil.txt", "/etc/evil.txt", "..\\evil.txt", "C:/evil.txt"):
        refused(files.write_osm(tmp_path), "climbs out", gtfs=[files.write_gtfs(tmp_path, {name: "x"})])
    assert not (tmp_path.parent / "evil.txt").exists()


def test_zip_bomb(tmp_path: Path) -> None:
    bomb = files.write_gtfs(tmp_path, {"shapes.txt": b"0" * (20 << 20)})
    refused(files.write_osm(tmp_path), "far more than a timetable", gtfs=[bomb])


def test_zip_total(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 500)
    refused(files.write_osm(tmp_path), "far more than a timetable", gtfs=[files.write_gtfs(tmp_path)])


def test_no_zip(tmp_path: Path) -> None:
    (tmp_path / "bus.zip").write_text("hello")
    refused(files.write_osm(tmp_path), "no readable zip", gtfs=[tmp_path / "bus.zip"])


def test_corrupt_member(tmp_path: Path) -> None:
    path = files.write_gtfs(tmp_path)
    data = bytearray(path.read_bytes())
    at = data.index(b"stop_times.txt") + 30
    data[at : at + 20] = b"\x00" * 20
    path.write_bytes(data)
    refused(files.write_osm(tmp_path), "cannot be read from the feed", gtfs=[path])


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"calendar.txt": None, "calendar_dates.txt": None}, "neither calendar.txt nor"),
        ({"stop_times.txt": None}, "no stop_times.txt"),
        ({"trips.txt": "route_id,service_id,trip_id\n"}, "trips.txt has no rows"),
        ({"stops.txt": "stop_id,stop_name\ns1,A\n"}, "stop_lat, stop_lon"),
        ({"calendar.txt": "service_id,monday\nWK,1\n"}, "lacks columns"),
        ({"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt1,5:00:00,6:00:00,0\n"}, "headway"),
        (
            {"stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,5h00,,s1,1\n"},
            "stop_times.txt:2",
        ),
        ({"calendar_dates.txt": "service_id,date,exception_type\nWK,14/01/2026,2\n"}, "calendar_dates.txt:2"),
        ({"trips.txt": 'route_id,service_id,trip_id\nR,WK,"t1\n'}, "no well-formed CSV"),
        ({"trips.txt": "route_id,service_id,trip_id\nR,WK,t1,x,y\n"}, "no well-formed CSV"),
    ],
)  # fmt: skip
def test_broken_feeds(tmp_path: Path, changes: dict[str, str | None], match: str) -> None:
    refused(files.write_osm(tmp_path), match, gtfs=[files.write_gtfs(tmp_path, changes)])


def test_latin_1_and_no_agency(tmp_path: Path) -> None:
    stops = files.gtfs_files()["stops.txt"].encode("latin-1")
    path = files.write_gtfs(tmp_path, {"stops.txt": stops, "agency.txt": None})
    town = build_territory(files.write_osm(tmp_path), [path])
    assert "Église" in town.stops.name
    assert town.manifest["counts"]["stops.txt in Latin-1, not UTF-8"] == 1
    assert town.manifest["counts"]["missing agency.txt"] == 1
    assert town.trips.agency.tolist() == [""] * 3


def test_repairs_of_stop_times(tmp_path: Path) -> None:
    """Sequence out of order is sorted; a trip back in time goes; unknown stops and doubles go."""
    rows = files.gtfs_files()["stop_times.txt"].splitlines()
    rows[1], rows[2] = rows[2], rows[1]
    rows += [
        "t3,09:05:00,09:05:00,nowhere,3",
        "t1,05:12:00,05:12:00,s3,3",
        "t4,10:00:00,10:00:00,s1,1",
        "t4,09:00:00,09:00:00,s2,2",
    ]
    trips = files.gtfs_files()["trips.txt"] + "R,WK,t4\nR,WK,t1\n"
    feed = read_feed(files.write_gtfs(tmp_path, {"stop_times.txt": "\n".join(rows), "trips.txt": trips}))
    assert feed.times[feed.times["trip"] == "t1"]["stop"].tolist() == ["s1", "s2", "s3"]
    assert "t4" not in feed.trips.index
    expected = {
        "stop times out of order, sorted by stop_sequence": 1, "trips that go back in time, left out": 1,
        "stop times of unknown trips or stops, left out": 1, "stop times that came twice": 1,
        "trips that came twice": 1,
    }  # fmt: skip
    assert {k: feed.counts.get(k) for k in expected} == expected


def test_stops_without_coordinates(tmp_path: Path) -> None:
    stops = files.gtfs_files()["stops.txt"] + "s9,Nulle part,,\n"
    feed = read_feed(files.write_gtfs(tmp_path, {"stops.txt": stops}))
    assert feed.counts["stops without coordinates, left out"] == 1


def test_frequencies_and_folder(tmp_path: Path) -> None:
    """Every 20 minutes from 6 to 7 h makes three runs; the feed is a folder inside no zip."""
    folder = tmp_path / "feed"
    folder.mkdir()
    texts = files.gtfs_files() | {
        "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,07:00:00,1200\n"
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    town = build_territory(files.write_osm(tmp_path), [folder])
    assert town.trips.trip_id.tolist() == ["t1#1", "t1#2", "t1#3", "t2", "t3"]
    assert town.connections.dep_s[town.connections.trip == 1].tolist() == [22800, 23220]


def test_calendar_to_the_end_of_time(tmp_path: Path) -> None:
    calendar = files.gtfs_files()["calendar.txt"].replace("20260201", "21991231")
    town = build_territory(
        files.write_osm(tmp_path), [files.write_gtfs(tmp_path, {"calendar.txt": calendar})]
    )
    assert town.manifest["week"]["weeks_with_service"] > 9000


def test_two_feeds_keep_their_ids_apart(tmp_path: Path) -> None:
    feeds = [files.write_gtfs(tmp_path, name="a.zip"), files.write_gtfs(tmp_path, name="b.zip")]
    town = build_territory(files.write_osm(tmp_path), feeds)
    assert town.trips.trip_id.tolist() == ["1:t1", "1:t2", "1:t3", "2:t1", "2:t2", "2:t3"]
    assert len(town.stops) == 8


def lambert(x: float, y: float) -> tuple[float, float]:
    return pyproj.Transformer.from_crs(4326, 2154, always_xy=True).transform(x, y)


@pytest.mark.parametrize("declared", [True, False])
def test_communes_in_lambert_93(tmp_path: Path, declared: bool) -> None:
    data = files.communes_geojson("urn:ogc:def:crs:EPSG::2154" if declared else None, lambert)
    town = build_territory(files.write_osm(tmp_path), communes=files.write_communes(tmp_path, data))
    assert sorted(set(town.nodes.commune.tolist())) == [0, 1]
    assert town.manifest["counts"].get("communes taken as Lambert-93 (undeclared)", 0) == (
        0 if declared else 2
    )


def test_communes_as_geopackage(tmp_path: Path) -> None:
    import geopandas

    frame = (
        geopandas.read_file(files.write_communes(tmp_path))
        .to_crs(2154)
        .rename(columns={"code": "INSEE_COM", "name": "NOM"})
    )
    frame.to_file(tmp_path / "c.gpkg", driver="GPKG")
    got = read_communes(tmp_path / "c.gpkg")
    assert got.columns["code"] == ["80001", "80002"]
    assert got.columns["name"] == ["Ouest", "Est-lès-Bois"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda d: d["features"][0]["properties"].update(population="many"), "80001.*no number"),
        (lambda d: d["features"][0]["properties"].update(code="80002"), "comes twice"),
        (lambda d: d["features"][0].update(geometry=None), "feature 1"),
        (lambda d: [f["properties"].pop("code") for f in d["features"]], "column code"),
        (lambda d: d.update(features=[]), "no features"),
        (
            lambda d: d.update(crs={"type": "name", "properties": {"name": "EPSG:999999"}}),
            "projection is not known",
        ),
    ],
)
def test_bad_communes(tmp_path: Path, change: object, match: str) -> None:
    data = files.communes_geojson()
    change(data)  # type: ignore[operator]
    refused(files.write_osm(tmp_path), match, communes=files.write_communes(tmp_path, data))


def test_communes_elsewhere(tmp_path: Path) -> None:
    data = files.communes_geojson(project=lambda x, y: (x + 3, y))
    refused(files.write_osm(tmp_path), "do not overlap", communes=files.write_communes(tmp_path, data))


def test_communes_in_unknown_metres(tmp_path: Path) -> None:
    data = files.communes_geojson(project=lambda x, y: (x * 1e7, y * 1e7))
    refused(files.write_osm(tmp_path), "no degrees", communes=files.write_communes(tmp_path, data))


def test_town_hall_outside(tmp_path: Path) -> None:
    data = files.communes_geojson()
    data["features"][0]["properties"]["hall_lon"] = files.LON + 1
    got = read_communes(files.write_communes(tmp_path, data))
    assert got.counts["town halls outside their commune's polygon"] == 1
    assert got.columns["lon"][0] < files.LON + 2.5 * files.STEP


def test_all_errors_at_once(tmp_path: Path) -> None:
    data = files.communes_geojson()
    for feature in data["features"]:
        feature["properties"]["population"] = -1
    with pytest.raises(UserError) as caught:
        read_communes(files.write_communes(tmp_path, data))
    assert len(caught.value.problems) == 2


def test_bad_externals(tmp_path: Path) -> None:
    zones = [ExternalZone("X", "X", 500, 0), ExternalZone("X", "X", 1, 50, -1)]
    error = refused(files.write_osm(tmp_path), "code is empty or used twice", externals=zones)
    assert len(error.problems) == 3


def test_json_bomb(tmp_path: Path) -> None:
    path = tmp_path / "deep.geojson"
    path.write_text('{"type": "FeatureCollection", "features": ' + "[" * 200_000 + "]" * 200_000 + "}")
    refused(files.write_osm(tmp_path), "cannot be read|feature 1", communes=path)
    path.write_text(json.dumps([1]))
    refused(files.write_osm(tmp_path), "no features", communes=path)


def test_encrypted_zip(tmp_path: Path) -> None:
    path = files.write_gtfs(tmp_path)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive_:
        assert archive_.infolist()
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    refused(files.write_osm(tmp_path), "encrypted", gtfs=[path])
