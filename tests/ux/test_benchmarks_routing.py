"""The routing benchmarks as a person meets them: bad graphs and arguments named, lines that are JSON.

Not here: their figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import embauche

REPOSITORY = Path(__file__).parents[2]
SOURCE = Path(embauche.__file__).parents[1]
GOOD = {
    "indptr": np.array([0, 1, 2], np.int32),
    "indices": np.array([1, 0], np.int32),
    "weight": np.array([1.0, 2.0], np.float32),
    "x": np.array([0.0, 1.0]),
    "y": np.array([0.0, 0.0]),
}


def benchmark(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "200", "EMBAUCHE_PEERS": ""}
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "benchmarks" / f"{name}.py"), *map(str, arguments)],
        capture_output=True, text=True, env=environment, timeout=300, check=False,
    )  # fmt: skip


def refused(name: str, *arguments: object) -> str:
    done = benchmark(name, *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weight": None}, "no array weight"),
        ({"weight": np.array([1.0, -2.0], np.float32)}, "weight[1] is no time"),
        ({"weight": np.array([np.nan, 2.0], np.float32)}, "weight[0] is no time"),
        ({"weight": np.array([1.0], np.float32)}, "weight has the wrong length"),
        ({"indices": np.array([1, 2], np.int32)}, "indices[1] is no node"),
        ({"indices": np.array([1.0, 0.0])}, "indices is of type float64"),
        ({"indptr": np.array([0, 2, 1], np.int32)}, "indptr does not start at 0 and rise"),
        ({"indptr": np.array([], np.int32)}, "indptr does not start at 0 and rise"),
        ({"x": np.zeros((2, 2))}, "x has 2 dimensions"),
        ({"y": np.array([0.0, np.inf])}, "y[1] is no coordinate"),
    ],
)
def test_a_file_that_is_no_graph_is_named(tmp_path: Path, change: dict, words: str) -> None:
    path = tmp_path / "graph.npz"
    np.savez(path, **{name: array for name, array in {**GOOD, **change}.items() if array is not None})
    sys.path.insert(0, str(REPOSITORY / "benchmarks"))
    try:
        import _peers_graph as graphs
    finally:
        sys.path.pop(0)
    with pytest.raises(graphs.BadGraphError, match="expected:") as refusal:
        graphs.read(path)
    assert words in str(refusal.value)
    assert str(path) in str(refusal.value)


def test_bad_graphs_end_with_two(tmp_path: Path) -> None:
    text = tmp_path / "graph.npz"
    assert "no such file" in refused("many_to_many", text)
    text.write_text("not an archive")
    assert "cannot be read as .npz" in refused("many_to_many", text)
    np.savez(text, **{**GOOD, "weight": -GOOD["weight"]})
    assert "weight[0] is no time" in refused("many_to_many", text)
    assert "weight[0] is no time" in refused("order", text)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "give GRAPH.npz, or --smoke"),
        (("--smoke", "--rounds", "0"), "--rounds 0: expected 1 or more"),
        (("--smoke", "--threads", "two"), "--threads: expected whole numbers"),
        (("--smoke", "--peers", "google"), "--peers google: expected some of embauche, osrm"),
        (("--smoke", "--peers-python", "nowhere/python"), "no Python at nowhere/python"),
    ],
)
def test_bad_arguments_end_with_two(arguments: tuple[str, ...], words: str) -> None:
    assert words in refused("many_to_many", *arguments)


def test_smoke_prints_one_line_a_peer_and_agrees_with_scipy() -> None:
    done = benchmark("many_to_many", "--smoke", "--peers", "scipy,embauche,osrm", "--threads", "1")
    assert done.returncode == 0, done.stderr
    lines = {line["peer"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert list(lines) == ["embauche", "osrm", "scipy"]
    assert lines["embauche"]["tenths_that_differ"] == 0
    assert lines["embauche"]["reach_differs"] == 0
    assert lines["embauche"]["max_rel_error"] < 1e-5
    assert lines["scipy"]["ratio"] > 0
    assert "skipped" in lines["osrm"] or lines["osrm"]["max_rel_error_rounded_arcs"] < 1e-6


def test_the_page_of_figures_says_what_is_kept() -> None:
    done = benchmark("performance", "--smoke")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["page_is_current"] is True


def test_an_unknown_section_of_the_page_is_refused() -> None:
    assert "invalid choice: 'google'" in refused("performance", "--only", "google")
