"""Offline search on dial-a-ride instances: cost beside the best known, in a given processor time.

Lives here: the figures and their files. Not here: the search (services.darp), formats and generator
(_dial_a_ride).

    python benchmarks/dial_a_ride.py INSTANCE... [--seconds 30] [--seed 1] [--out SOLUTION.json]
    python benchmarks/dial_a_ride.py --generate ride:48:4 town:48:5 goods:50:12 [--seconds 30]
    python benchmarks/dial_a_ride.py --smoke

Instances are files of Cordeau & Laporte or of Li & Lim, told apart by their content, or generated ones,
KIND:REQUESTS:VEHICLES[:SEED]. One thread; seconds are processor time of this process, reading and compiling
left out, so that others on the machine do not change what is searched. `feasible` is by a check that shares
nothing with the kernels. `best_values.csv` beside the instance, if there is one, gives the best known cost;
`gap_pct` is to it (for Li & Lim at equal vehicles only, else null), `insertion_gap_pct` that of one pass of
insertion alone, whatever its vehicles. `--out` writes {"routes": [[node, ...], ...]} in the file's own
numbers, without depots.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

from _common import show
from _dial_a_ride import Instance, generate, read
from embauche.core.errors import UserError
from embauche.services.darp.problem import Found, faults
from embauche.services.darp.search import insertion, search

SMOKE = ("ride:8:2", "town:8:2", "goods:8:4")


def best_known(path: Path) -> dict[str, str] | None:
    """The row of best_values.csv beside an instance, if there is one."""
    table = path.parent / "best_values.csv"
    if not table.is_file():
        return None
    with table.open(newline="") as file:
        return next((row for row in csv.DictReader(file) if row.get("instance") == path.stem), None)


def gap(instance: Instance, found: Found, best: dict[str, str] | None) -> float | None:
    """Percent above the best known cost; none where it is unknown, or vehicles or requests differ."""
    if best is None or found.absent or (instance.fewest and str(found.vehicles) != best.get("vehicles")):
        return None
    return 100.0 * (found.cost / float(best["cost"]) - 1.0)


def figures(instance: Instance, path: Path, seconds: float, seed: int, *, search_too: bool) -> Found:
    """Search one instance and print its line."""
    problem, best = instance.problem, best_known(path)
    first = insertion(problem, seed)
    found, took = first, 0.0
    if search_too:
        search(problem, seed=seed, iterations=1, fewest=instance.fewest)  # compiles
        began = time.process_time()
        found = search(problem, seed=seed, seconds=seconds, fewest=instance.fewest)
        took = time.process_time() - began
    wrong = faults(problem, found)
    show(
        benchmark="dial_a_ride",
        instance=instance.name,
        cost=found.cost,
        vehicles=found.vehicles,
        feasible=not wrong and not found.absent,
        seconds=took,
        gap_pct=gap(instance, found, best),
        best_cost=None if best is None else float(best["cost"]),
        best_vehicles=int(best["vehicles"]) if best and best.get("vehicles") else None,
        iterations=found.iterations,
        insertion_cost=first.cost,
        insertion_vehicles=first.vehicles,
        insertion_absent=len(first.absent),
        insertion_gap_pct=None
        if best is None or first.absent
        else 100.0 * (first.cost / float(best["cost"]) - 1.0),
        **({"faults": wrong[:5]} if wrong else {}),
    )
    return found


def write(instance: Instance, found: Found, path: Path) -> None:
    """Write the routes in the numbers of the instance's file."""
    routes = [[instance.number[v] for v in route] for route in found.routes if route]
    path.write_text(json.dumps({"routes": routes}) + "\n", encoding="utf-8")


def main() -> int:
    """Print one line for each instance; 1 if a solution keeps not all rules, 2 for bad input."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("instances", nargs="*", type=Path, metavar="INSTANCE")
    parser.add_argument("--seconds", type=float, default=30.0, help="processor seconds for each instance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="solution of the (last) instance")
    parser.add_argument("--generate", nargs="+", default=[], metavar="KIND:REQUESTS:VEHICLES[:SEED]")
    parser.add_argument("--insertion-only", action="store_true", help="one pass of insertion, no search")
    parser.add_argument(
        "--smoke", action="store_true", help="three tiny generated instances, half a second each"
    )
    arguments = parser.parse_args()
    if arguments.smoke:
        arguments.generate, arguments.seconds = list(SMOKE), 0.5
    if not arguments.instances and not arguments.generate:
        parser.error("name an instance, or --generate or --smoke")
    status = 0
    try:
        cases: list[tuple[Any, Instance]] = [(path, read(path)) for path in arguments.instances]
        cases += [(Path(word), generate(word)) for word in arguments.generate]
        for path, instance in cases:
            found = figures(
                instance, path, arguments.seconds, arguments.seed, search_too=not arguments.insertion_only
            )
            status |= bool(found.absent) or bool(faults(instance.problem, found))
            if arguments.out is not None:
                write(instance, found, arguments.out)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
