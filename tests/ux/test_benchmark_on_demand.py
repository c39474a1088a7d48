"""The on-demand benchmark as a person meets it: one JSON line a day, its keys, its events, bad arguments.

Not here: its figures; routing's benchmarks (test_benchmarks_routing).
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import embauche

REPOSITORY = Path(__file__).parents[2]


def benchmark(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(embauche.__file__).parents[1])}
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "benchmarks" / "on_demand.py"), *map(str, arguments)],
        capture_output=True, text=True, env=environment, timeout=300, check=False,
    )  # fmt: skip


def test_a_small_day_prints_its_figures_and_writes_its_events(tmp_path: Path) -> None:
    done = benchmark("--requests", 200, "--vehicles", 5, "--events", tmp_path / "events.csv")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert {"requests_per_s", "served_share", "km_per_served", "driven_min"} <= set(figures)
    assert figures["faults"] == 0
    with (tmp_path / "events.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["request", "vehicle", "pickup_min", "delivery_min"]
    assert len(rows) == round(figures["served_share"] * 200)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--vehicles", 0), "--vehicles 0 is out of range"), (("--booked", 2), "--booked 2.0 is out of range")],
)
def test_bad_arguments_are_named(arguments: tuple[object, ...], words: str) -> None:
    done = benchmark(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
