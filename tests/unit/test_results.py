"""Run folders: whole or not at all, same bytes for the same input, clear errors. Not here: indicators."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from embauche.analysis.check import facts_of
from embauche.core import outputs
from embauche.core.errors import UserError
from embauche.core.files import atomic_folder, sha256, write_json
from embauche.core.results import Result
from embauche.core.run_writer import RunWriter, SeedWriter
from embauche.core.table import Table
from helpers_results import week_tables, world, write_run


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", seeds=(3, 5), weeks=2)
    assert run.seeds == [3, 5]
    assert run.weeks == 2
    rng = np.random.default_rng(3)
    where = world(rng)
    weeks = [week_tables(rng, where, week) for week in range(2)]
    for name in ("workers", "trips", "hires", "vacancies", "firms"):
        found = run.columns(name, 3)
        for column in found.schema.names:
            whole = np.concatenate([w[name][column] for w in weeks])
            np.testing.assert_array_equal(found[column], whole)
    assert len(run.table("people", 5)) == 400
    assert run.changed_files() == []


def test_weeks_stream_one_by_one_and_an_empty_week_stays_empty(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    where = world(rng)
    with SeedWriter(tmp_path / "seed=1") as writer:
        for week in range(3):
            tables = week_tables(rng, where, week)
            if week == 1:
                tables["hires"] = Table.empty(outputs.HIRES)
            writer.write_week(tables)
    run = Result(tmp_path, {"seeds": [1], "weeks": 3})
    found = dict(run.week_tables())
    assert [len(found[w]["hires"]) > 0 for w in range(3)] == [True, False, True]
    assert all((found[w]["workers"].week == w).all() for w in range(3))


def test_same_input_same_bytes(tmp_path: Path) -> None:
    a, b = write_run(tmp_path / "a"), write_run(tmp_path / "b")
    assert a.manifest["files"] == b.manifest["files"]
    assert sha256(a.folder) == sha256(b.folder)
    assert "files" in a.manifest
    assert "timings.json" not in a.manifest["files"]


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "run"
    write_run(out)
    before = sha256(out)

    def fail() -> None:
        with RunWriter(out, overwrite=True) as writer:
            with writer.seed(1) as seed:
                seed.write_week({"hires": Table.empty(outputs.HIRES)})
            raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        fail()
    assert sha256(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_nothing_is_overwritten_unless_asked(tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / "mine.txt").write_text("precious")
    with pytest.raises(UserError, match="nothing was changed"), RunWriter(out):
        pass
    assert (out / "mine.txt").read_text() == "precious"


def test_a_temporary_run_goes_with_its_result() -> None:
    run = write_run(None)
    folder = run.folder
    assert folder.exists()
    del run
    assert not folder.exists()


@pytest.mark.parametrize("text", [None, "{", '{"format": 99, "seeds": []}', "[]"])
def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(UserError):
        Result.open(tmp_path)


def test_unknown_table_or_seed_is_named(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", seeds=(1,))
    with pytest.raises(UserError, match="table persons"):
        run.table("persons")
    with pytest.raises(UserError, match="seed 9"):
        run.table("trips", 9)


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", seeds=(1,))
    path = run.folder / "seed=1" / "hires.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    assert run.changed_files() == ["seed=1/hires.parquet"]
    with pytest.raises(UserError, match="cannot be read"):
        list(run.week_tables(1))


def test_only_what_embauche_wrote_is_overwritten(tmp_path: Path) -> None:
    """`--out . --overwrite` must not cost a person the folder that holds her own files."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "extract.osm").write_text("precious")
    (tmp_path / "file").write_text("precious")
    for path in (mine, tmp_path / "file"):
        with pytest.raises(UserError, match="not written by embauche"), atomic_folder(path, overwrite=True):
            pass
    assert (mine / "extract.osm").read_text() == (tmp_path / "file").read_text() == "precious"
    (mine / "manifest.json").write_text("{}")
    (tmp_path / "link").symlink_to(mine, target_is_directory=True)
    with atomic_folder(tmp_path / "link", overwrite=True) as folder:
        (folder / "new").write_text("new")
    assert [p.name for p in mine.iterdir()] == ["new"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "link", "mine"]


def test_a_territory_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 1, "week": null}')
    with pytest.raises(UserError, match="not a run's folder") as caught:
        Result.open(tmp_path)
    assert caught.value.problems[0].found == "a territory"


def test_a_territory_whose_manifest_is_a_list(tmp_path: Path) -> None:
    for name in ("communes", "trips"):
        columns = ("epci", "epci_name", "population", "inflow", "route", "route_name")
        pq.write_table(
            pa.table({c: pa.array([], pa.string()) for c in columns}), tmp_path / f"{name}.parquet"
        )
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(UserError, match="damaged"):
        facts_of(str(tmp_path))


def test_json_that_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_json(path, {"b": None, "a": "é"})
    assert path.read_text(encoding="utf-8") == '{\n  "a": "é",\n  "b": null\n}\n'
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match=r"x\.json cannot be written"):
            write_json(path, {"deep": [value]})
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": "é", "b": None}
