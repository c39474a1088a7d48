"""The command line as a person meets it: words, exit codes, and nothing of theirs lost.

Not here: what a run computes; whole runs (test_cli_runs).
"""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import embauche
from embauche.cli import main
from embauche.core.errors import UserError
from embauche.core.progress import SILENT, RichProgress, shares

SOURCE = Path(embauche.__file__).parents[1]
REPOSITORY = Path(__file__).parents[2]


def embauche_command(
    *arguments: object, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, with warnings as errors."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "200", "NO_COLOR": "1", **variables}
    return subprocess.run(
        [sys.executable, "-m", "embauche", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=environment, timeout=60, check=False,
    )  # fmt: skip


def refused(*arguments: object, cwd: Path | None = None) -> str:
    """What a command says that must end with 2 and without a traceback."""
    done = embauche_command(*arguments, cwd=cwd)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


def test_version_and_help() -> None:
    assert embauche_command("--version").stdout.strip() == f"embauche {embauche.__version__}"
    words = embauche_command("--help").stdout
    for command in ("demo", "build", "run", "compare", "report", "check", "schema", "territories"):
        assert f"\n  {command} " in words
        assert embauche_command(command, "--help").returncode == 0
    assert "export-territory" in words


def test_console_script_is_the_same_command() -> None:
    script = shutil.which("embauche", path=str(Path(sys.executable).parent))
    if script is None:
        pytest.skip("the package is on the path but not installed: no console script here")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("embauche ")


@pytest.mark.parametrize(
    "arguments",
    [("dance",), ("check",), ("run", "baseline", "--seeds", "0"), ("run", "baseline", "--seeds", "x"),
     ("build", "--osm", "a.osm"), ("demo", "--lang", "de"), ("schema", "poems"),
     ("build", "--osm", "a.osm", "--out", "b", "--day", "tomorrow")],
)  # fmt: skip
def test_usage_errors_exit_with_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert "Usage" in refused(*arguments, cwd=tmp_path)
    assert not list(tmp_path.iterdir())


def test_check_says_what_a_run_takes_in_under_two_seconds() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = embauche_command("check", "baseline")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)  # its own processor time, whoever else is at work
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2
    assert done.returncode == 0
    for words in ("no error", "persons", "MiB", "stylised", "3 seeds x 26 weeks"):
        assert words in done.stdout


def test_check_loads_no_model() -> None:
    code = (
        "import sys\nfrom embauche.cli import main\n"
        "try:\n    main(['check', 'baseline'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "print([m for m in ('numba', 'geopandas', 'mesa', 'pandas', 'scipy', 'osmium') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


def test_check_reports_every_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        'base: baseline\nweekz: 12\nwindows:\n  morning: "13:00-05:00"\n  night: "05:00-11:00+1"\n'
        "parameters:\n  car.cost_eur_per_km: 0.2 EUR/h\nepcis: [Vimou]\n",
        encoding="utf-8",
    )
    words = refused("check", "mine.yaml", cwd=tmp_path)
    for line, fault in ((2, "weekz"), (4, "reversed"), (5, "30 h"), (7, "another unit"), (8, "EPCI")):
        assert any(row.startswith(f"mine.yaml:{line}: ") and fault in row for row in words.splitlines()), (
            words
        )
    assert "did you mean weeks?" in words
    assert "5 errors" in words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"weeks: [3\n", "not valid YAML"),
        (b"weeks: 3\nweeks: 4\n", "stands twice"),
        (b"title: \xe9t\xe9\n", "UTF-8"),
        (b"\x00\x01\x02", "not valid YAML"),
        (b"- 1\n", "not a mapping"),
        (b'windows: {night: "21:00-05:00"}\n', '21:00-05:00+1 if it ends the next day'),
        (b'windows: {day: "00:00-30:00"}\n', "a shift of 30 h is too long"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["check", "run"])
def test_bad_scenarios(command: str, content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    assert words in refused(command, path, cwd=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["bad.yaml"]
    assert path.read_bytes() == content


def test_a_scenario_that_is_not_there(tmp_path: Path) -> None:
    assert "did you mean baseline?" in refused("check", "basline", cwd=tmp_path)
    assert "no such scenario" in refused("run", "none.yaml", cwd=tmp_path)


@pytest.mark.parametrize("command", [("run", "baseline"), ("demo",)])
def test_a_full_output_folder_is_refused_before_any_work(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    start = time.perf_counter()
    words = refused(*command, "--out", "mine", cwd=tmp_path)
    assert time.perf_counter() - start < 10
    assert "exists already; nothing was changed" in words
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
    assert [p.name for p in tmp_path.rglob("*")] == ["mine", "thesis.txt"]


def test_compare_needs_two_runs_that_are_there(tmp_path: Path) -> None:
    assert "nothing to compare" in refused("compare", "a", cwd=tmp_path)
    assert "not a run's folder" in refused("compare", "a", "b", cwd=tmp_path)
    assert not list(tmp_path.iterdir())


def test_build_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "none.osm.pbf" in refused("build", "--osm", "none.osm.pbf", "--out", "land", cwd=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "neither --osm nor --stylised"),
        (("--osm", "a.osm", "--stylised"), "--osm and --stylised"),
        (("--stylised",), "give --communes FILE"),
        (("--stylised", "--communes", "c.geojson", "--gtfs", "bus.zip"), "leave --gtfs out"),
        (("--stylised", "--communes", "c.geojson", "--population", "9"), "leave --population out"),
        (("--stylised", "--communes", "c.geojson"), "c.geojson"),
    ],
)
def test_build_takes_an_extract_or_makes_one_up(options: tuple[str, ...], words: str, tmp_path: Path) -> None:
    assert words in refused("build", *options, "--out", "land", cwd=tmp_path)
    assert not list(tmp_path.iterdir())


def test_schema_of_a_scenario_names_every_parameter(tmp_path: Path) -> None:
    from embauche.core.parameters import REGISTRY

    schema = json.loads(embauche_command("schema", "scenario").stdout)
    assert set(schema["properties"]["parameters"]["properties"]) == set(REGISTRY)
    done = embauche_command("schema", "scenario", "--out", "s.json", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == schema
    rows = embauche_command("schema", "parameters").stdout.splitlines()
    assert len(rows) == len(REGISTRY) + 1


def test_territories_lists_inhabitants() -> None:
    words = embauche_command("territories").stdout
    assert "78,616" in words
    assert "752,718" in words
    assert "200072460" in words


def test_a_pipe_that_closes_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m embauche schema scenario | head -c 10"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", [("schema", "scenario"), ("check", "baseline")])
def test_a_full_disk_is_said_so(command: tuple[str, ...]) -> None:
    """/dev/full accepts nothing: writing there, much or little, is writing to a full disk."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "embauche", *command],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
        )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


def test_progress_in_a_log_is_one_line_a_stage() -> None:
    stream = io.StringIO()
    with RichProgress(stream) as progress:
        with progress.task("reading", 3) as task:
            task.advance(3)
        say = shares(progress)
        for label, share in (("roads", 0.2), ("roads", 0.4), ("stops", 1.0)):
            say(label, share)
    assert [line.split(" (")[0] for line in stream.getvalue().splitlines()] == [
        "reading: done", "roads: done", "stops: done"
    ]  # fmt: skip
    with SILENT.task("nothing") as task:
        task.advance()
    shares(None)("nothing", 1.0)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(28, "No space left on device", "out.parquet"), 2, "found:    No space left on device"),
        (MemoryError(), 2, "not enough memory"),
        (UserError("this is wrong", file="a.yaml", line=3, fix="type b"), 2, "a.yaml:3: this is wrong"),
        (ZeroDivisionError("division by zero"), 1, "a fault of embauche, not of your files"),
    ],
)
def test_no_error_reaches_a_person_as_a_traceback(
    error: BaseException,
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(source: object) -> None:
        raise error

    monkeypatch.delenv("EMBAUCHE_DEBUG", raising=False)
    monkeypatch.setattr("embauche.analysis.check.check", fail)
    with pytest.raises(SystemExit) as end:
        main(["check", "baseline"])
    assert end.value.code == code
    said = capsys.readouterr()
    assert words in said.err
    assert "Traceback" not in said.err


def test_progress_on_a_terminal_is_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with RichProgress(stream) as progress:
        with progress.task("weeks", 4) as task:
            task.advance(4)
        with progress.task("reading"):
            progress.bars.refresh()
    assert "weeks" in stream.getvalue()
    assert "4/4" in stream.getvalue()
    assert "reading" in stream.getvalue()
