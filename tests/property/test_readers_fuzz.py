"""Mutated files thrown at every reader: the outcome is a sound territory or a UserError, nothing else."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import territory_files as files
from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.territory.build import build_territory
from embauche.territory.territory import Territory

# Pieces that break parsers more often than random bytes do.
NASTY = [
    b"", b"\x00", b"\xff\xfe", b'"', b"\n", b"\r\n", b",", b",,,,", b"-1", b"-0.0", b"NaN", b"Infinity",
    b"1e400", b"99999999999999999999",
    b"18446744073709551615", b"{", b"[]", b"null", b"</way>", b"<nd/>", b"&amp;&x;", b"25:61:00",
    b"99:00:00", b"20260230",
    "é".encode("latin-1"),
    "１２".encode(), b"181.0", b"0", b"yes;no", b"\xf0\x9f\x9a\x8c",
]  # fmt: skip
EDIT = st.tuples(
    st.floats(0, 1),
    st.integers(0, 40),
    st.one_of(st.sampled_from(NASTY), st.binary(max_size=6)),
    st.booleans(),
)
EDITS = st.lists(EDIT, min_size=1, max_size=4)


def mutate(data: bytes, edits: list[tuple[float, int, bytes, bool]]) -> bytes:
    """Replace a stretch by a piece, or (flag) also cut or double what follows."""
    for where, length, piece, flag in edits:
        at = int(where * len(data))
        tail = data[at + length :]
        data = data[:at] + piece + (data[at : at + 3 * length] + tail if flag else tail)
    return data


def check_error(error: UserError) -> None:
    """It says something."""
    assert error.problems
    assert all(p.what for p in error.problems)


def outcome(make: Callable[[], Territory]) -> None:
    """Sound or refused."""
    try:
        town = make()
    except UserError as error:
        check_error(error)
        return
    n = len(town.nodes)
    assert n >= 2
    for values, low, high in (
        (town.arcs.tail, 0, n), (town.arcs.head, 0, n), (town.places.node, 0, n), (town.sites.node, 0, n),
        (town.nodes.commune, -1, len(town.communes)), (town.stops.node, -1, n),
        (town.connections.trip, 0, len(town.trips)), (town.connections.dep_stop, 0, len(town.stops)),
    ):  # fmt: skip
        assert ((values >= low) & (values < high)).all()
    for column in ("car_s", "bike_s", "walk_s", "length_m"):
        assert (town.arcs[column] >= 0).all()
    assert np.isfinite(town.nodes.x_m).all()
    assert (town.connections.arr_s >= town.connections.dep_s).all()
    assert (
        set(town.places.commune.tolist())
        == set(range(len(town.communes)))
        == set(town.sites.commune.tolist())
    )


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of unharmed files of each kind."""
    folder = tmp_path_factory.mktemp("sound")
    files.write_osm(folder)
    files.write_gtfs(folder)
    files.write_communes(folder)
    target = osmium.io.File(str(folder / "town.osm.pbf"), "pbf,pbf_compression=none,pbf_dense_nodes=false")
    with osmium.SimpleWriter(target) as writer:
        for thing in osmium.FileProcessor(str(folder / "town.osm")):
            writer.add(thing)
    return folder


def thrown(sound: Path, name: str, data: bytes) -> None:
    """Build with one of the files replaced by these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        osm = path if ".osm" in name else sound / "town.osm"
        gtfs = [path] if name.endswith(".zip") else []
        communes = path if name.endswith(".geojson") else None
        outcome(lambda: build_territory(osm, gtfs, communes=communes, parameters=defaults()))


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf", "communes.geojson", "bus.zip"])
@given(edits=EDITS)
@settings(max_examples=40)
def test_mutated_bytes(sound: Path, name: str, edits: list[tuple[float, int, bytes, bool]]) -> None:
    thrown(sound, name, mutate((sound / name).read_bytes(), edits))


@pytest.mark.parametrize("name", sorted(files.gtfs_files()))
@given(edits=EDITS)
@settings(max_examples=25)
def test_mutated_tables_of_a_feed(
    sound: Path, name: str, edits: list[tuple[float, int, bytes, bool]]
) -> None:
    """Inside the zip, where its checksum does not shield the parsers."""
    with tempfile.TemporaryDirectory() as folder:
        changed: dict[str, str | bytes | None] = {name: mutate(files.gtfs_files()[name].encode(), edits)}
        path = files.write_gtfs(Path(folder), changed)
        assert zipfile.is_zipfile(path)
        outcome(lambda: build_territory(sound / "town.osm", [path], parameters=defaults()))


@given(edits=EDITS)
@settings(max_examples=20)
def test_mutated_folder_of_a_territory(sound: Path, edits: list[tuple[float, int, bytes, bool]]) -> None:
    """A territory damaged after it was built loads or is refused."""
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "town"
        build_territory(sound / "town.osm", out=built, population=100)
        for name in ("manifest.json", "arcs.parquet"):
            data = (built / name).read_bytes()
            (built / name).write_bytes(mutate(data, edits))
            try:
                Territory.load(built)
            except UserError as error:
                check_error(error)
            (built / name).write_bytes(data)
