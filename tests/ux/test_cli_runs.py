"""From a person's files to a report: build, check, run, compare, by the command line and in Python.

Not here: errors of the command line (test_cli), figures (unit). The town has a thousand inhabitants.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import embauche
from embauche.cli_show import output_folder
from embauche.core.errors import UserError
from territory_files import write_communes, write_gtfs, write_osm

SOURCE = Path(embauche.__file__).parents[1]
TOWN = "territory: land\nweeks: 2\nseeds: 2\nburn_in: {min_weeks: 0, max_weeks: 1}\n"
POLICY = """
base: town.yaml
overrides:
  - name: later
    set:
      windows.morning: "06:00-14:00"
      windows.afternoon: "14:00-22:00"
      windows.night: "22:00-06:00+1"
  - name: buses all day
    set:
      timetable: [{mode: bus, first_departure: "04:30", last_departure: "23:00", every_min: 30}]
"""


def command(*arguments: object, cwd: Path, expect: int = 0) -> str:
    """Run the command line; what it says, on either stream."""
    done = subprocess.run(
        [sys.executable, "-m", "embauche", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"},
    )  # fmt: skip
    words = done.stdout + done.stderr
    assert done.returncode == expect, words
    assert "Traceback" not in words
    return words


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a town's files, its territory `land`, and two scenarios."""
    folder = tmp_path_factory.mktemp("desk")
    write_osm(folder)
    write_gtfs(folder)
    write_communes(folder)
    (folder / "town.yaml").write_text(TOWN, encoding="utf-8")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    words = command(
        "build", "--osm", "town.osm", "--gtfs", "bus.zip", "--communes", "communes.geojson", "--out", "land",
        cwd=folder,
    )  # fmt: skip
    for said in ("arcs", "2026-01-05", "written: land", "over 500 m"):
        assert said in words
    return folder


@pytest.fixture(scope="module")
def runs(desk: Path) -> Path:
    """The same folder with both scenarios run."""
    for name in ("town", "policy"):
        words = command("run", f"{name}.yaml", "--out", f"runs/{name}", cwd=desk)
        assert "Residents in work" in words
        assert f"written: runs/{name}" in words
    return desk


def test_build_twice_same_bytes(desk: Path) -> None:
    options = ("--osm", "town.osm", "--gtfs", "bus.zip", "--communes", "communes.geojson", "--out", "again")
    command("build", *options, cwd=desk)
    assert content(desk / "again") == content(desk / "land")
    assert "exists already" in command("build", *options, cwd=desk, expect=2)
    command("build", *options, "--overwrite", cwd=desk)
    assert content(desk / "again") == content(desk / "land")


def test_a_failed_build_leaves_what_was_there(desk: Path) -> None:
    before = content(desk / "land")
    (desk / "cut.osm").write_text((desk / "town.osm").read_text()[:600])
    command("build", "--osm", "cut.osm", "--out", "land", "--overwrite", cwd=desk, expect=2)
    (desk / "bad.csv").write_text("worker_id,commune,sex,age\n1,80001,woman,340\n1,80009,dog,34\n")
    words = command(
        "build", "--osm", "town.osm", "--communes", "communes.geojson", "--workers", "bad.csv",
        "--out", "land", "--overwrite", cwd=desk, expect=2,
    )  # fmt: skip
    assert "bad.csv" in words
    assert "status" in words
    assert content(desk / "land") == before
    assert not [p.name for p in desk.iterdir() if p.name.startswith(".")]


def test_tables_of_ones_own_are_kept_and_used(desk: Path) -> None:
    rows = ["worker_id,commune,sex,age,status"]
    rows += [f"{i},8000{1 + i % 2},{'man' if i % 3 else 'woman'},{20 + i % 40},employed" for i in range(150)]
    (desk / "workers.csv").write_text("\n".join(rows) + "\n")
    command(
        "build", "--osm", "town.osm", "--communes", "communes.geojson", "--workers", "workers.csv",
        "--out", "mine", cwd=desk,
    )  # fmt: skip
    manifest = json.loads((desk / "mine" / "manifest.json").read_text())
    assert manifest["inputs"]["workers"][0]["name"] == "workers.csv"
    command("run", "town.yaml", "--territory", "mine", "--seeds", 1, "--weeks", 1, "--out", "own", cwd=desk)
    people = embauche.Result.open(desk / "own").table("people")
    assert sorted(people["worker_id"]) == list(range(150))


def test_one_line_lets_roads_congest(desk: Path) -> None:
    """Other traffic at one and a half times the capacity: all by car take longer than on empty roads."""
    text = "base: town.yaml\ncongestion: on\nparameters: {congestion.background_day: 1.5}\n"
    (desk / "busy.yaml").write_text(text)
    assert "no error" in command("check", "busy.yaml", cwd=desk)
    minutes = []
    for name in ("town", "busy"):
        command("run", f"{name}.yaml", "--seeds", 1, "--weeks", 1, "--out", f"once/{name}", cwd=desk)
        trips = embauche.Result.open(desk / "once" / name).table("trips")
        car = trips["service"] == 0
        minutes.append(float(trips["out_min"][car].mean()))
    assert minutes[1] > minutes[0] + 0.05
    (desk / "busy.yaml").write_text(text.replace("congestion: on", "congestion: {counts: counts.csv}"))
    (desk / "counts.csv").write_text("way,hour,vehicles\n1,7,many\n")
    words = command("check", "busy.yaml", cwd=desk, expect=2)
    assert "counts.csv:2: vehicles is no number" in words


def test_check_knows_the_routes_and_epcis_of_a_folder(desk: Path) -> None:
    (desk / "odd.yaml").write_text(
        "base: town.yaml\nepcis: [CC Ouset]\n"
        "timetable:\n  - {first_departure: 4h,\n     routes: [no such line]}\n"
    )  # fmt: skip
    words = command("check", "odd.yaml", cwd=desk, expect=2)
    assert "odd.yaml:2: the territory has no such EPCI" in words
    assert "did you mean CC Ouest?" in words
    assert "odd.yaml:5: the timetable has no such route" in words
    assert "no error" in command("check", "policy.yaml", cwd=desk)


def test_a_run_of_some_epcis(desk: Path) -> None:
    (desk / "west.yaml").write_text("base: town.yaml\nepcis: [ouest]\n")
    command("run", "west.yaml", "--seeds", 1, "--weeks", 1, "--out", "west", cwd=desk)
    people = embauche.Result.open(desk / "west").table("people")
    assert set(people["commune"]) == {"80001"}


def test_manifests_are_json_that_anything_reads(runs: Path) -> None:
    """Python alone reads NaN, which a burn-in too short to be tested once put there."""

    def refused(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    for file in [*runs.rglob("manifest.json"), *runs.rglob("timings.json")]:
        json.loads(file.read_text(encoding="utf-8"), parse_constant=refused)


def test_compare_and_report(runs: Path) -> None:
    words = command("compare", "runs/town", "runs/policy", "--out", "cmp", "--lang", "en", cwd=runs)
    assert "policy against town" in words
    for path in (runs / "cmp" / "report.html", runs / "one.html"):
        if path.name == "one.html":
            command("report", "runs/policy", "--out", "one.html", cwd=runs)
        assert path.stat().st_size < 2_000_000
        page = path.read_text(encoding="utf-8")
        assert page.lstrip().lower().startswith("<!doctype html>")
        assert "https://" not in page.split("<body", 1)[0]
    assert "exists already" in command(
        "compare", "runs/town", "runs/policy", "--out", "cmp", cwd=runs, expect=2
    )


def test_python_gives_the_same_bytes(runs: Path, tmp_path: Path) -> None:
    result = embauche.run(runs / "town.yaml", out=tmp_path / "again")
    for name in ("indicators.parquet", "scenario.yaml", "seed=2/trips.parquet"):
        assert (result.folder / name).read_bytes() == (runs / "runs" / "town" / name).read_bytes()
    territory = embauche.load(runs / "land")
    assert len(territory.communes) == 2
    assert len(embauche.load(runs / "land", ["CC Ouest"]).communes) == 1
    comparison = embauche.compare([result, embauche.Result.open(runs / "runs" / "policy")])
    assert comparison.seeds == [1, 2]


def test_a_usual_folder_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    usual = tmp_path / "demo"
    assert output_folder(None, usual, False) == usual
    (usual / "x").mkdir(parents=True)
    assert output_folder(None, usual, False) == tmp_path / "demo-2"
    assert output_folder(None, usual, True) == usual
    with pytest.raises(UserError, match="exists already"):
        output_folder(usual, usual, False)


def test_public_names_load_when_asked_for() -> None:
    assert {"load", "build", "run", "compare", "Result"} <= set(dir(embauche))
    with pytest.raises(AttributeError):
        embauche.nothing  # noqa: B018
    with pytest.raises(UserError, match="no such territory"):
        embauche.load("bresle")


@pytest.mark.long
def test_demo_writes_one_report(tmp_path: Path) -> None:
    words = command("demo", "--weeks", 2, "--seeds", 2, "--lang", "en", cwd=tmp_path)
    assert "written: results/demo/report.html" in words
    demo = tmp_path / "results" / "demo"
    page = (demo / "report.html").read_text(encoding="utf-8")
    assert "stylised" in page
    assert "stylisé" in page
    for name in ("baseline", "early-late-buses", "dearer-fuel"):
        assert (demo / name / "manifest.json").is_file()
    (demo / "report.html").unlink()
    command("report", "results/demo", "--lang", "en", cwd=tmp_path)
    assert (demo / "report.html").is_file()


@pytest.mark.long
def test_export_territory_can_be_built_again(tmp_path: Path) -> None:
    command("export-territory", "bresle-vimeu", "land", cwd=tmp_path)
    names = sorted(p.name for p in (tmp_path / "land").iterdir())
    osm = next(n for n in names if ".osm" in n)
    gtfs = next(n for n in names if n.endswith(".zip"))
    command("build", "--osm", f"land/{osm}", "--gtfs", f"land/{gtfs}", "--communes", "land/communes.geojson",
            "--out", "built", cwd=tmp_path)  # fmt: skip
    built = embauche.load(tmp_path / "built")
    assert len(built.communes) == 97
    assert built.stylised, "made-up roads stay so, whoever built from them"


def test_communes_alone_make_a_stylised_territory(desk: Path) -> None:
    words = command("build", "--stylised", "--communes", "communes.geojson", "--out", "drawn", cwd=desk)
    assert "written: drawn" in words
    drawn = embauche.load(desk / "drawn")
    assert drawn.stylised
    assert drawn.name == "communes"
    assert len(drawn.communes) == len(embauche.load(desk / "land").communes)


def test_files_of_others_are_not_called_stylised(desk: Path) -> None:
    assert not embauche.load(desk / "land").stylised


def test_variants_of_one_file_run_side_by_side(desk: Path) -> None:
    (desk / "options.yaml").write_text(
        "base: town.yaml\nname: options\nvariants:\n"
        "  - {name: alone, set: {governance.organisation: epcis}}\n"
        "  - {name: free, set: {governance.fare_eur: 0}}\n",
        encoding="utf-8",
    )
    words = command("compare", "options.yaml", "--weeks", 1, "--out", "options", cwd=desk)
    assert "alone against options" in words
    assert "public cost of an extra post" in words
    assert sorted(p.name for p in (desk / "options").iterdir()) == [
        "alone", "comparison", "free", "options", "report.html",
    ]  # fmt: skip
    page = (desk / "options" / "report.html").read_text(encoding="utf-8")
    assert "Ce que coûte un poste pourvu de plus" in page
    assert "Who pays, a week (EUR)" in page
