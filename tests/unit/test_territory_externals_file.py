"""External zones from a user's table: read, refused with lines, and built into a territory."""

from __future__ import annotations

from pathlib import Path

import pytest

from embauche.core.errors import UserError
from embauche.population.territory_tables import build_with_tables
from embauche.territory.externals_file import read_externals
from territory_files import place, write_communes, write_osm

HEAD = "code,name,lon,lat,jobs,inflow,car_min,car_km\n"


def write(folder: Path, text: str) -> Path:
    file = folder / "poles.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_reads_zones_and_leaves_defaults(tmp_path: Path) -> None:
    (lille,) = read_externals(write(tmp_path, HEAD + "X1,Lille,3.0,50.6,1200,300,25,31.5\n"))
    assert (lille.code, lille.name, lille.jobs, lille.inflow) == ("X1", "Lille", 1200, 300)
    assert (lille.car_min, lille.car_km, lille.stop_lon) == (25.0, 31.5, None)
    assert lille.transit_walk_min == float("inf")


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("code,name,lon\nX1,Lille,3.0\n", 1, "lat"),
        (HEAD.replace("jobs", "job") + "X1,Lille,3,50,1,2,3,4\n", 1, "job"),
        (HEAD + "X1,Lille,3.0,50.6,many,300,25,31\n", 2, "many"),
        (HEAD + "X1,Lille,3.0,50.6,1,2,3,4\n,Douai,3.1,50.4,1,2,3,4\n", 3, "code"),
    ],
)
def test_each_fault_names_its_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(UserError) as raised:
        read_externals(write(tmp_path, text))
    assert raised.value.problems[0].line == line
    assert word in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", HEAD.encode()])
def test_no_table(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "poles.csv"
    file.write_bytes(content)
    with pytest.raises(UserError):
        read_externals(file)


def test_built_into_a_territory(tmp_path: Path) -> None:
    lon, lat = place(0, 0)
    poles = write(tmp_path, HEAD + f"X1,Lille,{lon},{lat},120,30,25,31.5\n")
    territory = build_with_tables(
        write_osm(tmp_path), (), out=tmp_path / "town", tables={}, externals=poles,
        communes=write_communes(tmp_path),
    )  # fmt: skip
    (row,) = territory.communes.external.nonzero()[0]
    assert territory.communes.name[row] == "Lille"
    assert territory.communes.gate_car_min[row] == 25.0
    assert territory.manifest["inputs"]["externals"][0]["name"] == "poles.csv"


def test_a_cell_too_long_for_csv_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "poles.csv"
    path.write_text("code,name,lon,lat\n" + "x" * 200_000 + ",Lille,3.06,50.63\n", encoding="utf-8")
    with pytest.raises(UserError, match="no CSV") as caught:
        read_externals(path)
    assert "poles.csv:2" in str(caught.value).replace(", line ", ":")
