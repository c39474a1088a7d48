"""The dial-a-ride benchmark as a person meets it: formats told apart, faults with their line, routes written.

Lives here: the command. Not here: the search (tests/unit/test_darp).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import embauche

SOURCE = Path(embauche.__file__).parents[1]
# two requests: 1 -> 3 and 2 -> 4, the depot again as last row
CORDEAU = """1 2 480 3 30
0 0.0 0.0 0 0 0 1440
1 1.0 0.0 3 1 0 1440
2 0.0 1.0 3 1 0 1440
3 2.0 0.0 3 -1 60 75
4 0.0 2.0 3 -1 60 75
5 0.0 0.0 0 0 0 1440
"""
LI_LIM = """3 10 1
0 0 0 0 0 500 0 0 0
1 3 4 -5 0 400 10 2 0
2 0 4 5 0 400 10 0 1
3 3 0 5 0 400 10 0 4
4 6 0 -5 0 400 10 3 0
"""


def run(repository: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    script = repository / "benchmarks" / "dial_a_ride.py"
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "cost", "nodes"),
    [(CORDEAU, 5 + 5**0.5, {1, 2, 3, 4}), (LI_LIM, 20.0, {1, 2, 3, 4})],
    ids=["Cordeau and Laporte", "Li and Lim"],
)
def test_both_formats_are_read_and_routes_written(
    repository: Path, tmp_path: Path, text: str, cost: float, nodes: set[int]
) -> None:
    instance, out = tmp_path / "small.txt", tmp_path / "out.json"
    instance.write_text(text)
    (tmp_path / "best_values.csv").write_text(f"instance,cost,status,vehicles\nsmall,{cost},optimal,1\n")
    done = run(repository, instance, "--seconds", 0.2, "--out", out)
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert line["feasible"]
    assert line["vehicles"] == 1
    assert line["cost"] == pytest.approx(cost, abs=1e-3)
    assert abs(line["gap_pct"]) < 0.01
    routes = json.loads(out.read_text())["routes"]
    assert len(routes) == 1
    assert set(routes[0]) == nodes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Not a dial-a-ride instance"),
        ("1 2 3\n4 5\n", "Not a dial-a-ride instance"),
        (CORDEAU.replace("2 0.0 1.0", "2 0.0 x"), ":4: Not a number"),
        (CORDEAU.replace("\n3 2.0", "\n7 2.0"), ":5: A node's line does not fit"),
        (CORDEAU.replace("3 -1 60 75\n4", "3 -1\n4"), ":5: A node's line does not fit"),
        (CORDEAU.replace("3 -1 60 75\n5", "3 -2 60 75\n5"), "Pickups and deliveries do not pair"),
        (LI_LIM.replace("10 0 4\n", "10 0 2\n"), "Pickups and deliveries do not pair"),
        (LI_LIM.replace("10 0 4\n", "10 0 9\n"), "Pickups and deliveries do not pair"),
    ],
)
def test_faults_of_a_file_are_named(repository: Path, tmp_path: Path, text: str, words: str) -> None:
    instance = tmp_path / "bad.txt"
    instance.write_text(text)
    done = run(repository, instance)
    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_other_faults_are_named(repository: Path, tmp_path: Path) -> None:
    for arguments, words in (
        (["--generate", "bus:1:1"], "Not an instance to generate"),
        ([], "name an instance"),
    ):
        done = run(repository, *arguments)
        assert done.returncode == 2
        assert words in done.stderr
    assert "Cannot read" in run(repository, tmp_path / "none.txt").stderr
