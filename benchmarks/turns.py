"""Times with turn restrictions and turn costs, all turns told apart, beside OSRM's table on an extract.

    python benchmarks/turns.py [--data FOLDER] [--peer-python PYTHON] [--nodes 1000]
    python benchmarks/turns.py --smoke

FOLDER holds osm/addison.osm.gz and osm/porto.osm.pbf. Both sides get the same drawn car nodes: embauche
by number, OSRM by coordinates, which it snaps to its roads within its own time. Turns cost what OSRM's
car profile charges; speeds are each side's own, so answers differ as the profiles do:
`median_ratio_of_times`. One JSON line an extract, side and number of threads; `ratio` is OSRM's seconds
over embauche's. Questions alternate, and medians are given. One thread is timed by its processor time,
two by the clock on the wall.

Lives here: embauche's side and the comparison. Not here: OSRM's calls (_turns_osrm).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from _common import show
from embauche.core.parallel import set_threads
from embauche.core.parameters import defaults
from embauche.routing import RoadHierarchy
from embauche.routing.turns import TurnGraph, turn_costs
from embauche.territory.network import build_network
from embauche.territory.osm import read_osm

HERE = Path(__file__).resolve().parent
EXTRACTS = {"addison": "addison.osm.gz", "porto": "porto.osm.pbf"}
COSTS = {"turn_s": 7.5, "bias": 1.075, "u_turn_s": 20.0}  # OSRM's car profile
TARGET_RATIO = 5.0
ROUNDS = 5
CHECKED = 20


class Roads(NamedTuple):
    """A car network: CSR, tenths of a second, metres, degrees, and banned turns."""

    indptr: np.ndarray
    indices: np.ndarray
    tenths: np.ndarray
    x: np.ndarray
    y: np.ndarray
    points: np.ndarray
    turn: np.ndarray
    arc: np.ndarray


def read(path: Path) -> Roads:
    """The car network of an extract as embauche builds it."""
    nodes, arcs, turns, _ = build_network(read_osm(path, defaults()), path)
    car = np.isfinite(arcs["car_s"])
    kept = np.flatnonzero(nodes["in_car"])
    row = np.full(len(nodes["in_car"]), -1)
    row[kept] = np.arange(len(kept))
    indptr = np.searchsorted(row[arcs["tail"][car]], np.arange(len(kept) + 1)).astype(np.int32)
    points = np.stack([nodes["lon"][kept], nodes["lat"][kept]], axis=1)
    return Roads(
        indptr, row[arcs["head"][car]].astype(np.int32), np.rint(arcs["car_s"][car] * 10),
        nodes["x_m"][kept], nodes["y_m"][kept], points, turns["turn"], (np.cumsum(car) - 1)[turns["arc"]],
    )  # fmt: skip


def generated(side: int) -> Roads:
    """A grid of streets both ways, 100 m apart, with one turn in twenty banned."""
    rng = np.random.default_rng(1)
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], 1),
            np.stack([node[:-1].ravel(), node[1:].ravel()], 1),
        ]
    )
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    indptr = np.searchsorted(both[:, 0], np.arange(side * side + 1)).astype(np.int32)
    into = rng.choice(len(both), len(both) // 5, replace=False)
    onto = indptr[both[into, 1]] + rng.integers(0, np.diff(indptr)[both[into, 1]])
    x, y = (np.arange(side * side) % side) * 100.0, (np.arange(side * side) // side) * 100.0
    return Roads(
        indptr, both[:, 1].astype(np.int32), rng.integers(50, 200, len(both)).astype(float), x, y,
        np.stack([x, y], 1) / 1e5, np.repeat(np.arange(len(into)), 2), np.stack([into, onto], 1).ravel(),
    )  # fmt: skip


class Side:
    """embauche, prepared: every turn told apart, in whole tenths of a second."""

    def __init__(self, roads: Roads) -> None:
        began = time.perf_counter()
        self.graph = TurnGraph(
            roads.indptr, roads.indices, roads.x, roads.y, turn=roads.turn, arc=roads.arc, every=True
        )
        self.seconds = self.graph.seconds(roads.tenths, np.rint(10 * turn_costs(self.graph, **COSTS)))
        expanded = time.perf_counter()
        self.hierarchy: RoadHierarchy = self.graph.hierarchy()
        ordered = time.perf_counter()
        self.weighting = self.hierarchy.customize(self.seconds)
        customised = time.perf_counter()
        self.costs = {
            "expand_s": expanded - began, "order_and_topology_s": ordered - expanded,
            "customise_s": customised - ordered,
        }  # fmt: skip

    def table(self, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Tenths of a second [source, target]."""
        return self.weighting.times(sources, self.graph.arrive[targets])

    def errors(self, sources: np.ndarray, targets: np.ndarray) -> float:
        """Greatest difference from scipy's Dijkstra on the same expanded graph, in tenths."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        g = self.graph
        open_ = np.isfinite(self.seconds)
        tail = np.repeat(np.arange(g.vertices), np.diff(g.indptr))[open_]
        weight = np.maximum(self.seconds[open_], 1e-9)  # scipy takes 0 for no arc
        matrix = csr_array((weight, (tail, g.indices[open_])), shape=(g.vertices, g.vertices))
        right = dijkstra(matrix, indices=sources)[:, g.arrive[targets]]
        found = self.table(sources, targets)
        both = np.isfinite(right)
        if (np.isfinite(found) != both).any():
            return float("inf")
        return float(np.abs(found[both] - np.rint(right[both])).max(initial=0.0))


class Osrm:
    """OSRM in a process of its own."""

    def __init__(self, python: Path, extract: Path, points: np.ndarray, cache: Path) -> None:
        cache.mkdir(parents=True, exist_ok=True)
        np.save(cache / "points.npy", points)
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        self.process = subprocess.Popen(
            [str(python), str(HERE / "_turns_osrm.py"), str(extract), str(cache / "points.npy"), str(cache)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        self.costs = self._hear()

    def _hear(self) -> dict[str, Any]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("OSRM ended before its time; its message is above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, word: str) -> dict[str, Any]:
        """Send one line and wait for the answer."""
        if self.process.stdin:
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
        return self._hear()

    def end(self) -> None:
        """Let the process go."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=60)


def compare(
    name: str, roads: Roads, count: int, rounds: int, extract: Path | None, python: Path | None
) -> bool:
    """Print the lines of one extract; whether embauche's answers are exact."""
    rng = np.random.default_rng(0)
    n = len(roads.x)
    sources, targets = rng.integers(0, n, count), rng.integers(0, n, count)
    side = Side(roads)
    side.table(sources, targets)
    error = side.errors(sources[:CHECKED], targets)
    folder = Path(tempfile.gettempdir()) / "embauche-benchmarks" / f"osrm-turns-{name}"
    points = roads.points[np.concatenate([sources, targets])]
    peer = Osrm(python, extract, points, folder) if python and extract else None
    common = {
        "benchmark": "turns", "graph": name, "nodes": n, "arcs": len(roads.indices),
        "banned_turns": len(np.unique(roads.turn)), "sources": count, "targets": count,
    }  # fmt: skip
    for threads in (1, 2):
        set_threads(threads)
        clock = time.process_time if threads == 1 else time.perf_counter
        mine, theirs = [], []
        for number in range(rounds + 1):
            began = clock()
            found = side.table(sources, targets)
            mine.append(clock() - began)
            if peer is not None:
                theirs.append(peer.ask(str(threads))["seconds"])
            if number == 0:  # the first warms
                mine, theirs = [], []
        seconds = statistics.median(mine)
        show(
            **common, peer="embauche", version=_version(), threads=threads, seconds=seconds,
            ns_a_pair=seconds / count**2 * 1e9, vertices=side.graph.vertices,
            expanded_arcs=len(side.graph.indices), error_tenths=error, **side.costs,
        )  # fmt: skip
        if peer is None:
            show(
                **common, peer="osrm", threads=threads, skipped="no Python with osrm-bindings: --peer-python"
            )
            continue
        other = statistics.median(theirs)
        figures: dict[str, Any] = {}
        if threads == 1:
            answer = folder / "answer.npy"
            peer.ask(f"answer {answer}")
            figures["median_ratio_of_times"] = _median_ratio(found / 10.0, np.load(answer))
            figures |= {"target_ratio": TARGET_RATIO, "pass_ratio": other / seconds >= TARGET_RATIO}
        show(
            **common, peer="osrm", threads=threads, seconds=other, ns_a_pair=other / count**2 * 1e9,
            ratio=other / seconds, note="OSRM snaps coordinates to its roads within this time",
            **figures, **peer.costs,
        )  # fmt: skip
    if peer is not None:
        peer.end()
    return error == 0


def _version() -> str:
    try:
        return version("embauche")
    except Exception:  # a checkout that is not installed
        return "source"


def _median_ratio(mine: np.ndarray, theirs: np.ndarray) -> float:
    both = np.isfinite(mine) & np.isfinite(theirs) & (theirs > 60)
    return float(np.median(mine[both] / theirs[both]))


def main() -> int:
    """Run; 1 where an answer is not exact."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--peer-python", type=Path, help="an interpreter with osrm-bindings")
    parser.add_argument("--nodes", type=int, default=1000, help="sources, and as many targets")
    parser.add_argument("--smoke", action="store_true", help="a small generated grid, without OSRM")
    arguments = parser.parse_args()
    Side(generated(8)).table(np.arange(4), np.arange(4))  # compiles, outside all figures
    if arguments.smoke:
        return 0 if compare("grid", generated(30), 100, 1, None, None) else 1
    exact = True
    for name, file in EXTRACTS.items():
        path = arguments.data / "osm" / file
        if path.is_file():
            exact &= compare(name, read(path), arguments.nodes, ROUNDS, path, arguments.peer_python)
        else:
            show(benchmark="turns", graph=name, skipped="no such extract: --data")
    return 0 if exact else 1


if __name__ == "__main__":
    sys.exit(main())
