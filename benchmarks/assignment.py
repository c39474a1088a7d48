"""Static user equilibrium on a TNTP network: objective, relative gap, rounds, seconds.

Lives here: the assignment's speed, and aequilibrae's on the same folder. Not here: its correctness (tests).

    python benchmarks/assignment.py FOLDER [--gap 1e-6] [--warm] [--peer] [--peer-python PATH]
    python benchmarks/assignment.py --smoke

FOLDER has one `*_net.tntp` and one `*_trips.tntp`. Seconds are those of the assignment alone: kernels are
loaded on a small network before, files are read before. `--warm` solves once more, from the result, with
demand up by 1 %. `--peer` runs aequilibrae's bi-conjugate Frank-Wolfe (`bfw`) in a child process, its set-up
left out of its seconds, and prints the ratio; `--peer-python` names an interpreter that has it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from _common import peak_mib, show
from embauche.core.errors import UserError
from embauche.core.parallel import get_threads
from embauche.routing.assignment import Equilibrium, Links, equilibrium
from embauche.routing.tntp import Tntp, read_tntp


def grid(side: int = 12) -> Tntp:
    """A square grid with two-way links of uneven times and capacities, and demand between its rim nodes."""
    nodes = side * side
    number = np.arange(nodes).reshape(side, side)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
    row = np.arange(len(tail))
    links = Links.bpr(nodes, tail, head, 1.0 + row * 7 % 5, 300.0 + 40.0 * (row * 11 % 13))
    rim = np.unique(np.concatenate([number[0], number[-1], number[:, 0], number[:, -1]]))
    origin, destination = (ends.ravel() for ends in np.meshgrid(rim, rim, indexing="ij"))
    demand = 1.0 + (origin * 31 + destination * 17) % 9
    return Tntp(links, origin, destination, demand, ())


def solve(case: Tntp, gap: float, start: Equilibrium | None = None, more: float = 1.0) -> dict[str, object]:
    """One assignment and its figures; `more` scales the demand."""
    began = time.perf_counter()
    result = equilibrium(case.links, case.origin, case.destination, case.demand * more, gap=gap, start=start)
    seconds = time.perf_counter() - began
    return {
        "objective": result.objective,
        "relative_gap": result.relative_gap,
        "iterations": result.iterations,
        "seconds": seconds,
        "result": result,
    }


def peer(folder: Path, gap: float, threads: int) -> None:
    """Aequilibrae's bfw on the same files; runs in the interpreter that has it."""
    import pandas as pd
    from aequilibrae.matrix import AequilibraeMatrix
    from aequilibrae.paths import Graph, TrafficAssignment, TrafficClass

    case = read_tntp(folder)
    links = case.links
    zones = max(int(max(case.origin.max(), case.destination.max())) + 1, links.through)
    b, power = links.factor / np.maximum(links.fixed, 1e-300), links.power
    capacity = np.where(b > 0, (0.15 / np.maximum(b, 1e-300)) ** (1.0 / power), 1.0)
    graph = Graph()
    graph.network = pd.DataFrame(
        {
            "link_id": np.arange(1, len(links.tail) + 1),
            "a_node": links.tail + 1,
            "b_node": links.head + 1,
            "direction": 1,
            "capacity": capacity,
            "free_flow_time": np.maximum(links.fixed, 1e-9),
            "b": np.where(b > 0, 0.15, 0.0),
            "power": power,
        }
    )
    graph.prepare_graph(np.arange(1, zones + 1))
    graph.set_graph("free_flow_time")
    graph.set_skimming(["free_flow_time"])
    graph.set_blocked_centroid_flows(links.through > 0)
    matrix = AequilibraeMatrix()
    matrix.create_empty(zones=zones, matrix_names=["trips"], memory_only=True)
    matrix.index[:] = np.arange(1, zones + 1)
    matrix.matrices[:, :, 0] = 0.0
    np.add.at(matrix.matrices[:, :, 0], (case.origin, case.destination), case.demand)
    np.fill_diagonal(matrix.matrices[:, :, 0], 0.0)
    matrix.computational_view(["trips"])
    assignment = TrafficAssignment()
    assignment.set_classes([TrafficClass("car", graph, matrix)])
    assignment.set_vdf("BPR")
    assignment.set_vdf_parameters({"alpha": "b", "beta": "power"})
    assignment.set_capacity_field("capacity")
    assignment.set_time_field("free_flow_time")
    assignment.set_algorithm("bfw")
    assignment.set_cores(threads)
    assignment.max_iter = 20_000
    assignment.rgap_target = gap
    began = time.perf_counter()
    assignment.execute()
    seconds = time.perf_counter() - began
    report = assignment.report()
    loads = assignment.results()["PCE_AB"].to_numpy(float)
    print(json.dumps({
        "seconds": seconds, "relative_gap": float(report["rgap"].iloc[-1]),
        "iterations": int(report["iteration"].iloc[-1]), "objective": links.objective(loads),
    }))  # fmt: skip


def compare(folder: Path, gap: float, python: str | None, seconds: float) -> None:
    """Print aequilibrae's line and the ratio, or that it is not there."""
    if python is None and importlib.util.find_spec("aequilibrae") is None:
        show(benchmark="assignment", peer="aequilibrae bfw", skipped="aequilibrae is not installed here")
        return
    command = [python or sys.executable, __file__, str(folder), "--gap", str(gap), "--as-peer"]
    command += ["--threads", str(get_threads())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        show(benchmark="assignment", peer="aequilibrae bfw", skipped=done.stderr.strip().splitlines()[-1:])
        return
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    show_exact(
        benchmark="assignment", peer="aequilibrae bfw", network=folder.name, gap=gap, **figures,
        ratio=figures["seconds"] / seconds, threads=get_threads(),
    )  # fmt: skip


def main() -> int:
    """Solve, print one JSON line; 1 if the gap was not reached, 2 if the files cannot be used."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--gap", type=float, default=1e-6, help="relative gap to reach")
    parser.add_argument("--warm", action="store_true", help="once more from the result, demand up by 1 %%")
    parser.add_argument("--peer", action="store_true", help="compare with aequilibrae")
    parser.add_argument("--peer-python", help="an interpreter that has aequilibrae")
    parser.add_argument("--threads", type=int, default=get_threads(), help=argparse.SUPPRESS)
    parser.add_argument("--as-peer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--smoke", action="store_true", help="without a folder: a small generated network")
    arguments = parser.parse_args()
    folder: Path | None = arguments.folder
    if folder is None and not arguments.smoke:
        parser.error("give the folder of a TNTP network, or --smoke")
    try:
        if arguments.as_peer and folder is not None:
            peer(folder, arguments.gap, arguments.threads)
            return 0
        case = grid() if folder is None else read_tntp(folder)
        solve(grid(6), 1e-3)  # loads the kernels
        cold = solve(case, arguments.gap)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    result = cold.pop("result")
    assert isinstance(result, Equilibrium)
    name = "generated grid" if folder is None else folder.name
    line = {"benchmark": "assignment", "network": name, "gap": arguments.gap}
    show_exact(**line, **cold, links=len(case.links.tail), pairs=len(result.origin), threads=get_threads(),
        peak_mib=peak_mib(), notes=list(case.notes))  # fmt: skip
    if arguments.warm or folder is None:
        again, fresh = solve(case, arguments.gap, result, 1.01), solve(case, arguments.gap, None, 1.01)
        show_exact(**line, demand="+1 %", start="former result", **without_result(again))
        show_exact(**line, demand="+1 %", start="none", **without_result(fresh))
    if arguments.peer and folder is not None:
        compare(folder, arguments.gap, arguments.peer_python, float(str(cold["seconds"])))
    return 0 if result.relative_gap <= arguments.gap else 1


def without_result(figures: dict[str, object]) -> dict[str, object]:
    """The figures without the flows."""
    return {k: v for k, v in figures.items() if k != "result"}


def show_exact(**figures: object) -> None:
    """One JSON line with every digit: objectives are compared to 1e-9 and gaps to 1e-10."""
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    sys.exit(main())
