"""Spreading seeds, branching from one state, and what a run's folder then says. Not here: the model's rules.

The model is the real one on the tiny territory, small and short; processes are real too.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embauche
from embauche.analysis import runner
from embauche.analysis.compare import compare
from embauche.analysis.replication import Task, thin
from embauche.analysis.runner import reference_of, run, run_many
from embauche.analysis.worker import dump, load, spread
from embauche.core import outputs
from embauche.core.errors import UserError
from embauche.core.files import sha256
from embauche.core.parameters import defaults
from embauche.core.results import SCHEMAS, Result
from embauche.core.run_writer import SeedWriter
from embauche.core.scenario_load import load_scenario
from embauche.core.table import Table
from embauche.territory.territory import FORMAT, Territory
from helpers import tiny_territory

SHORT = {"burn_in": {"min_weeks": 1, "max_weeks": 2}, "weeks": 2, "seeds": 2}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny territory as a folder, as `build` would leave it."""
    tiny = tiny_territory()
    known = {f.name for f in dataclasses.fields(Territory)}
    given = {k: v for k, v in vars(tiny).items() if k in known}
    folder = tmp_path_factory.mktemp("places") / "tiny"
    folder.mkdir()
    given |= {"name": "tiny", "stylised": True}
    given["manifest"] = {"format": FORMAT, "name": "tiny", "stylised": True, "notes": []}
    Territory(**given).save(folder)
    return folder


def scenarios(place: Path) -> list[dict[str, Any]]:
    base = {"territory": str(place), **SHORT}
    return [
        {"name": "today", **base},
        {"name": "no-bus", **base, "services": {"transit": False}},
    ]


@pytest.fixture(scope="module")
def runs(place: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    return run_many(scenarios(place), out=tmp_path_factory.mktemp("runs") / "out", processes=2)


def test_folders_say_how_to_run_again(runs: list[Result]) -> None:
    today, no_bus = runs
    assert [r.name for r in runs] == ["today", "no-bus"]
    assert [r.folder.name for r in runs] == ["today", "no-bus"]
    for result in runs:
        assert result.seeds == [1, 2]
        assert result.weeks == 2
        assert result.changed_files() == []
        assert {"territory", "notes", "parameters", "versions", "cpu", "burn_in", "names"} <= set(
            result.manifest
        )
        assert set(result.manifest["burn_in"]) == {"1", "2"}
        for seed in result.seeds:
            assert {w for w, _ in result.week_tables(seed)} == {0, 1}
    assert "transit" in today.manifest["names"]["services"]
    assert "transit" not in no_bus.manifest["names"]["services"]
    again = load_scenario(today.scenario)
    assert again.resolved() == today.scenario


def test_processes_do_not_change_results(runs: list[Result], place: Path, tmp_path: Path) -> None:
    again = run_many(scenarios(place), out=tmp_path / "out", processes=1)
    for a, b in zip(runs, again, strict=True):
        assert a.manifest["files"] == b.manifest["files"]
        assert sha256(a.folder / "manifest.json") == sha256(b.folder / "manifest.json")


def test_one_seed_in_this_process_is_the_same(runs: list[Result], place: Path) -> None:
    alone = run(scenarios(place)[0], seeds=[2])
    assert alone.seeds == [2]
    for name in ("workers", "trips", "hires"):
        a, b = alone.columns(name, 2), runs[0].columns(name, 2)
        for column in a.schema.names:
            np.testing.assert_array_equal(a[column], b[column])


def test_a_script_needs_no_main_guard(place: Path, tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(
        "import embauche\n"
        f"r = embauche.run({scenarios(place)[0]!r}, out={str(tmp_path / 'out')!r}, processes=2)\n"
        "print('ran', r.seeds)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ran [1, 2]\n"


def test_a_scenario_that_changes_nothing_differs_in_nothing(
    runs: list[Result], place: Path, tmp_path: Path
) -> None:
    """Luck is shared to the last bit, also by a run alone whose parameters were set, to what they are."""
    today, _ = scenarios(place)
    price = {"car.cost_eur_per_km": defaults()["car.cost_eur_per_km"]}
    same = run({**today, "name": "same", "parameters": price}, out=tmp_path / "same", processes=1)
    for seed in runs[0].seeds:
        for name in SCHEMAS:
            path = Path(f"seed={seed}") / f"{name}.parquet"
            assert (same.folder / path).read_bytes() == (runs[0].folder / path).read_bytes(), path
    frame = compare([runs[0], same]).frame
    assert len(frame) > 500
    assert (frame[["difference", "low", "high"]] == 0.0).all(axis=None)


def test_an_error_in_a_worker_reaches_the_user(place: Path, tmp_path: Path) -> None:
    good = load_scenario(scenarios(place)[0])
    task = Task(1, good.changed(territory="bresle-vimeu", epcis=("nowhere",)), (good,), (tmp_path,), 1)
    with pytest.raises(UserError, match="nowhere"):
        spread([task], 1, lambda weeks: None)


def test_a_task_survives_the_wire(place: Path, tmp_path: Path) -> None:
    a, b = (load_scenario(s) for s in scenarios(place))
    task = Task(7, a, (a, b), (tmp_path / "x", tmp_path / "y"), 2)
    back = load(dump(task))
    assert back.seed == 7
    assert back.threads == 2
    assert [s.hash() for s in back.scenarios] == [a.hash(), b.hash()]
    assert back.reference.resolved() == a.resolved()
    assert "\n" not in dump(task)


def test_scenarios_that_cannot_share_a_start_are_refused(place: Path) -> None:
    a, b = scenarios(place)
    with pytest.raises(UserError) as caught:
        run_many([a, {**b, "weeks": 3, "burn_in": {"min_weeks": 0, "max_weeks": 2}}])
    assert "weeks differs" in str(caught.value)
    assert "burn_in differs" in str(caught.value)
    with pytest.raises(UserError, match="one name"):
        run_many([a, a])
    with pytest.raises(UserError, match="no scenario"):
        run_many([])
    with pytest.raises(UserError, match="no seed"):
        run_many([a], seeds=[])


def test_nothing_runs_where_nothing_may_be_written(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("x")
    monkeypatch.setattr(runner, "replicate", lambda *_: pytest.fail("it ran"))
    with pytest.raises(UserError, match="nothing was changed"):
        run(scenarios(place)[0], seeds=1, out=out)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_policy_burns_in_under_its_base() -> None:
    policy = load_scenario("early-late-buses")
    assert policy.timetable
    reference = reference_of(policy)
    assert reference.name == "baseline"
    assert not reference.timetable
    base = load_scenario("baseline")
    assert reference_of(base) is base
    named = load_scenario({"name": "x", "overrides": [{"name": "longer", "set": {"weeks": 3}}]})
    assert reference_of(named) is named


@pytest.mark.parametrize(("every", "kept"), [(2, [0, 2, 4]), (0, [])])
def test_workers_can_be_thinned(tmp_path: Path, every: int, kept: list[int]) -> None:
    with SeedWriter(tmp_path) as writer:
        for week in range(5):
            columns = {c.name: np.full(3, week) for c in outputs.WORKERS}
            writer.write_week({"workers": Table.make(outputs.WORKERS, columns)})
    thin(tmp_path / "workers.parquet", every)
    left = Table.read(outputs.WORKERS, tmp_path / "workers.parquet")
    assert sorted(set(left.week.tolist())) == kept
    assert len(left) == 3 * len(kept)
    assert embauche.__version__
