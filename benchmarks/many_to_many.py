"""Times between many nodes of a road graph: embauche's RoadHierarchy beside other libraries, in one run.

    python benchmarks/many_to_many.py GRAPH.npz [--sources 1000] [--targets 1000] [--one-to-all]
    python benchmarks/many_to_many.py --smoke

GRAPH.npz holds indptr, indices (a CSR), weight (seconds), x, y. One JSON line a peer and number of threads,
embauche first; `ratio` is the peer's seconds over embauche's with as many threads. Each peer runs in a
process of its own, pinned to one core when alone; all get the same drawn nodes, in turn, round by round, and
medians are given. A slow peer is asked fewer sources and its seconds are scaled: `asked_sources` says so.
One thread is timed by its processor time, several by the clock on the wall. Peers are looked for in the
interpreters of `--peers-python` and of EMBAUCHE_PEERS; one that is not there is skipped in its line.

Lives here: the arguments, the comparison with scipy's float64 Dijkstra, the lines. Not here: the peers.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from _common import show
from _peers import NAMES, one_core, pythons, run
from _peers_graph import BadGraphError, Graph, generate, read, sample

NEW_YORK_NODES = 264_346  # the targets hold on this graph: 9th DIMACS challenge, New York, travel time
TARGET_RATIOS = {"osrm": 15.0, "pandana": 300.0, "scipy": 800.0}  # one thread, 1,000 x 1,000
TARGET_NS = 15.0  # a pair, 5,000 x 5,000, two threads
TARGET_ONE_TO_ALL_S = 0.0005  # a source
TARGET_CUSTOMISE_S = 0.3
TARGET_ERROR = 1e-5


def reference(
    graph: Graph, sources: np.ndarray, targets: np.ndarray, cache: Path, scale: float
) -> np.ndarray:
    """Float64 [source, target] of scipy's Dijkstra; whole tenths where scale is 10, else seconds. Kept."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    weight = graph.weight.astype(np.float64)
    weight = np.rint(weight * scale) if scale != 1 else weight
    digest = hashlib.sha256()
    for array in (graph.indptr, graph.indices, weight, sources, targets):
        digest.update(np.ascontiguousarray(array).tobytes())
    kept = cache / f"reference-{digest.hexdigest()[:16]}.npy"
    if kept.is_file():
        return np.load(kept)
    matrix = csr_matrix((weight, graph.indices, graph.indptr), shape=(graph.nodes, graph.nodes))
    times = np.concatenate(
        [dijkstra(matrix, indices=sources[lo : lo + 16])[:, targets] for lo in range(0, len(sources), 16)]
    )
    np.save(kept, times)
    return times


def errors_of(found: np.ndarray, right: np.ndarray, suffix: str = "") -> dict[str, Any]:
    """Greatest relative difference where both have a way, and the pairs where only one of them has."""
    reached, reachable = np.isfinite(found), np.isfinite(right)
    both = reached & reachable
    gap = np.abs(found[both] - right[both]) / np.maximum(right[both], 1e-3)
    return {
        f"max_rel_error{suffix}": float(gap.max()) if gap.size else 0.0,
        f"reach_differs{suffix}": int((reached != reachable).sum()),
    }


def compare(figures: dict[str, Any], graph: Graph, arguments: argparse.Namespace) -> dict[str, Any]:
    """Errors of a peer's kept answer against scipy."""
    path = Path(figures.pop("answer", ""))
    if not path.is_file() or "skipped" in figures:
        return {}
    found = np.load(path)
    path.unlink()
    sources, targets = sample(graph.nodes, arguments.sources, arguments.targets, arguments.seed)
    sources, targets = sources[: found.shape[0]], targets[: found.shape[1]]
    errors: dict[str, Any] = {"checked_sources": len(sources), "checked_targets": len(targets)}
    errors.update(errors_of(found, reference(graph, sources, targets, arguments.cache, 1)))
    if figures["peer"] == "osrm":
        tenths = reference(graph, sources, targets, arguments.cache, 10)
        errors.update(errors_of(found, tenths / 10, "_rounded_arcs"))
    whole = Path(f"{path}.tenths.npy")
    if whole.is_file():
        exact = reference(graph, sources, targets, arguments.cache, 10)
        errors["tenths_that_differ"] = int((np.load(whole) != exact).sum())
        whole.unlink()
    return errors


def targets_of(line: dict[str, Any], graph: Graph, arguments: argparse.Namespace) -> dict[str, Any]:
    """What the line has to reach, where the graph and the size are those that a target was set for."""
    checks: dict[str, Any] = {}
    ours, size = line["peer"] == "embauche", (arguments.sources, arguments.targets)
    if ours:
        checks.update(limit_max_rel_error=TARGET_ERROR, limit_reach_differs=0, limit_tenths_that_differ=0)
        checks = {key: limit for key, limit in checks.items() if key.removeprefix("limit_") in line}
    if graph.nodes != NEW_YORK_NODES:
        return checks
    if ours:
        checks["limit_customise_s"] = TARGET_CUSTOMISE_S
        if arguments.one_to_all:
            checks["limit_seconds_a_source"] = TARGET_ONE_TO_ALL_S
        elif size == (5000, 5000) and line["threads"] == 2:
            checks["limit_ns_a_pair"] = TARGET_NS
    elif (
        line["threads"] == 1
        and size == (1000, 1000)
        and line["peer"] in TARGET_RATIOS
        and not arguments.one_to_all
    ):
        checks["target_ratio"] = TARGET_RATIOS[line["peer"]]
        if line.get("ratio") is not None:
            checks["pass_ratio"] = bool(line["ratio"] >= checks["target_ratio"])
    return checks


def report(
    figures: dict[str, dict[str, Any]], threads: int, graph: Graph, arguments: argparse.Namespace
) -> None:
    """Print the lines of one number of threads."""
    from _peers_calls import PEERS

    ours = figures.get("embauche", {}).get("seconds")
    for name, found in figures.items():
        line: dict[str, Any] = {
            "benchmark": "many_to_many" if not arguments.one_to_all else "one_to_all",
            "peer": name,
            "graph": arguments.graph.name if arguments.graph else "generated",
            "nodes": graph.nodes,
            "arcs": len(graph.indices),
            "sources": arguments.sources,
            "targets": graph.nodes if arguments.one_to_all else arguments.targets,
            "threads": threads,
        }
        errors = compare({**found, "peer": name}, graph, arguments)
        line.update({key: value for key, value in found.items() if key != "answer"})
        if "seconds" in line:
            line["clock"] = "processor" if threads == 1 else "wall"
            line["seconds_a_source"] = line["seconds"] / line["sources"]
            line["ns_a_pair"] = line["seconds"] / line["sources"] / line["targets"] * 1e9
            line["scaled"] = line["asked_sources"] < arguments.sources
            line["ratio"] = line["seconds"] / ours if ours and name != "embauche" else None
            line.update(errors)
            line.update(targets_of(line, graph, arguments))
            peer = PEERS[name]
            if note := (peer.note_to_all if arguments.one_to_all else "") or peer.note:
                line["note"] = note
        show(**line)


def parsed() -> argparse.Namespace:
    """The arguments, checked; exits with 2 where they are wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("graph", type=Path, nargs="?", metavar="GRAPH.npz")
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--targets", type=int, default=1000)
    parser.add_argument("--one-to-all", action="store_true", help="from each source to every node")
    parser.add_argument("--threads", default="1,2", help="numbers of threads, comma between (default 1,2)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", type=int, default=1000, help="sources compared with scipy (default 1000)")
    parser.add_argument("--peers", default=",".join(NAMES), help=f"of {', '.join(NAMES)}")
    parser.add_argument("--peers-python", type=Path, action="append", default=[], metavar="PYTHON")
    parser.add_argument("--patience", type=float, default=3600.0, help="seconds to wait for one answer")
    default_cache = Path(tempfile.gettempdir()) / "embauche-peers"
    parser.add_argument("--cache", type=Path, default=default_cache, help="folder for what is prepared")
    parser.add_argument("--smoke", action="store_true", help="a small generated graph, in seconds")
    arguments = parser.parse_args()
    if arguments.graph is None and not arguments.smoke:
        parser.error("give GRAPH.npz, or --smoke for a generated one")
    for name in ("sources", "targets", "rounds", "check"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name} {getattr(arguments, name)}: expected 1 or more")
    try:
        arguments.threads = [int(text) for text in arguments.threads.split(",")]
    except ValueError:
        arguments.threads = [0]
    if min(arguments.threads) < 1:
        parser.error("--threads: expected whole numbers of 1 or more, such as 1,2")
    arguments.peers = arguments.peers.split(",")
    for name in arguments.peers:
        if name not in NAMES:
            parser.error(f"--peers {name}: expected some of {', '.join(NAMES)}")
    try:
        arguments.pythons = pythons(arguments.peers_python)
    except FileNotFoundError as error:
        parser.error(f"no Python at {error}: give an interpreter's path")
    if arguments.smoke:
        arguments.graph, arguments.rounds = None, 1
        arguments.sources = arguments.targets = arguments.check = 40
    return arguments


def main() -> int:
    """Run and print; 2 where the graph is no graph."""
    arguments = parsed()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    try:
        graph = read(arguments.graph) if arguments.graph else generate(2_500)
    except BadGraphError as error:
        print(error, file=sys.stderr)
        return 2
    path = arguments.graph or arguments.cache / f"generated-{os.getpid()}.npz"
    if arguments.graph is None:
        graph.save(path)
    names = sorted(arguments.peers, key=lambda name: NAMES.index(name))
    for threads in arguments.threads:
        asked = {
            "sources": arguments.sources,
            "targets": arguments.targets,
            "seed": arguments.seed,
            "threads": threads,
            "cpu": one_core() if threads == 1 else None,
            "to_all": arguments.one_to_all,
            "check": arguments.check if not arguments.one_to_all else min(arguments.check, 20),
            "cache": str(arguments.cache),
            "prepare_only": False,
        }
        figures = run(names, arguments.pythons, path, asked, arguments.rounds, arguments.patience)
        report(figures, threads, graph, arguments)
    if arguments.graph is None:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
