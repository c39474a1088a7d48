"""The flow benchmark as a person meets it: one JSON line, what is wrong with a table, bad arguments.

Not here: its figures on published tables (tests/validation/test_flows_published).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import embauche

REPOSITORY = Path(__file__).parents[2]
LAWS = {"uniform", "gravity", "radiation", "embauche"}


def benchmark(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(embauche.__file__).parents[1])}
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "benchmarks" / "flows.py"), *map(str, arguments)],
        capture_output=True, text=True, env=environment, timeout=300, check=False,
    )  # fmt: skip


def test_smoke_prints_one_line_with_all_laws_in_and_out_of_sample() -> None:
    done = benchmark("--smoke")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    answer = json.loads(done.stdout)
    assert set(answer["cpc"]) == set(answer["cpc_out_of_sample"]) == LAWS
    assert all(0 < v < 1 for v in [*answer["cpc"].values(), *answer["cpc_out_of_sample"].values()])
    assert answer["gain_over_uniform"]["embauche"] > 0


def test_a_table_that_is_wrong_is_said_without_traceback(tmp_path: Path) -> None:
    od, zones = tmp_path / "od.csv", tmp_path / "zones.csv"
    od.write_text("origin,destination,flow\na,b,many\nb,c,-3\n", encoding="utf-8")
    zones.write_text("id,x_km,y_km\na,0,0\nb,1,1\nc,2,2\n", encoding="utf-8")
    done = benchmark(od, zones)
    assert done.returncode == 2
    assert "od.csv:2: a flow" in done.stderr
    assert "od.csv:3: a flow" in done.stderr
    assert "Traceback" not in done.stderr


def test_tables_are_asked_for() -> None:
    done = benchmark()
    assert done.returncode == 2
    assert "give OD.csv, ZONES.csv" in done.stderr
