"""Order and topology of a road graph, and its customisation: embauche beside RoutingKit and pandana.

    python benchmarks/order.py [GRAPH.npz] [--generated 1000000] [--threads 1,2]
    python benchmarks/order.py --smoke

Without a graph New York's is taken where it is there. One JSON line a peer, graph and number of threads, each
in a process of its own; `ratio` is the peer's seconds of order and topology over embauche's. pandana has no
order apart from its weights: its figure is that of the whole hierarchy. The generated graph is a grid, which
has no road network's separators: its lines are reported, not passed or failed.

Lives here: preparation alone. Not here: questions (many_to_many).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from _common import show
from _peers import one_core, pythons, run
from _peers_graph import BadGraphError, Graph, generate, read

NEW_YORK = Path(__file__).resolve().parents[2] / "shared" / "data" / "graphs" / "ny.npz"
PEERS = ("embauche", "routingkit", "pandana")
TARGET_CUSTOMISE_S = 0.3  # New York, all that precedes the first question
TARGET_RATIO = 1.0  # New York, as fast as RoutingKit on one thread


def measure(graph: Graph, path: Path, threads: int, arguments: argparse.Namespace) -> None:
    """Prepare one graph with every peer and print the lines."""
    asked: dict[str, Any] = {
        "sources": 1,
        "targets": 1,
        "seed": 1,
        "threads": threads,
        "cpu": one_core() if threads == 1 else None,
        "to_all": False,
        "check": 1,
        "cache": tempfile.gettempdir(),
        "prepare_only": True,
    }
    figures = run(PEERS, arguments.pythons, path, asked, 1, arguments.patience)
    ours = figures["embauche"].get("order_and_topology_s")
    for name, found in figures.items():
        line: dict[str, Any] = {
            "benchmark": "order",
            "peer": name,
            "graph": "generated" if path != arguments.graph else path.name,
            "nodes": graph.nodes,
            "arcs": len(graph.indices),
            "threads": threads,
            "clock": "processor" if threads == 1 else "wall",
            **{key: value for key, value in found.items() if key not in ("answer", "before_mib")},
        }
        seconds = line.get("order_and_topology_s")
        if seconds is not None and ours and name != "embauche":
            line["ratio"] = seconds / ours
        if path == arguments.graph == NEW_YORK:
            if name == "embauche" and "customise_first_s" in line:
                line["limit_customise_first_s"] = TARGET_CUSTOMISE_S
            if name == "routingkit" and "ratio" in line:
                line.update(target_ratio=TARGET_RATIO, pass_ratio=bool(line["ratio"] >= TARGET_RATIO))
        show(**line)


def main() -> int:
    """Run and print; 2 where the graph is no graph."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("graph", type=Path, nargs="?", metavar="GRAPH.npz")
    parser.add_argument("--generated", type=int, default=1_000_000, help="nodes; 0 for none")
    parser.add_argument("--threads", default="1,2", help="numbers of threads, comma between (default 1,2)")
    parser.add_argument("--peers-python", type=Path, action="append", default=[], metavar="PYTHON")
    parser.add_argument("--patience", type=float, default=3600.0, help="seconds to wait for one peer")
    parser.add_argument("--smoke", action="store_true", help="a small generated graph, in seconds")
    arguments = parser.parse_args()
    if arguments.generated < 0:
        parser.error(f"--generated {arguments.generated}: expected 0 or more nodes")
    try:
        threads = [int(text) for text in arguments.threads.split(",")]
    except ValueError:
        threads = [0]
    if min(threads) < 1:
        parser.error("--threads: expected whole numbers of 1 or more, such as 1,2")
    try:
        arguments.pythons = pythons(arguments.peers_python)
    except FileNotFoundError as error:
        parser.error(f"no Python at {error}: give an interpreter's path")
    if arguments.smoke:
        arguments.graph, arguments.generated = None, 2_500
    elif arguments.graph is None and NEW_YORK.is_file():
        arguments.graph = NEW_YORK
    elif arguments.graph is None:
        show(benchmark="order", skipped=f"no graph given and none at {NEW_YORK.name} of the shared data")
    for count in threads:
        if arguments.graph is not None:
            try:
                measure(read(arguments.graph), arguments.graph, count, arguments)
            except BadGraphError as error:
                print(error, file=sys.stderr)
                return 2
        if arguments.generated:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"generated-{os.getpid()}.npz"
                graph = generate(arguments.generated)
                graph.save(path)
                measure(graph, path, count, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
