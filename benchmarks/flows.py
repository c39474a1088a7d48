"""Commuting flows predicted from their margins: the product's law beside uniform, gravity and radiation.

Lives here: the comparison, in sample and out of sample. Not here: the laws (analysis.flow_laws, flow_fit).

    python benchmarks/flows.py OD.csv ZONES.csv [DISTANCE.csv] [--folds 10] [--seed 0]
    python benchmarks/flows.py --smoke

Prints one JSON line. CPC is the common part of commuters over flows between different zones; all four laws
are doubly constrained, with the margins of the whole table. Gravity is the better of exponential and power,
its size that of highest CPC; radiation has no parameter (its masses are those that fit best).
In sample: all flows are known. Out of sample: homes are split at random into `folds` parts; for each part the
laws are fitted to the flows of the other homes, and CPC counts what they say of the part's flows, all parts
together. A whole home is held out, not single flows: a planner who lacks a commune lacks all of it, and its
own other flows would tell too much. `cpc_from_margins` is the product's law without what neighbours tell,
that is from margins and distances alone: what is told uses flows of known homes beside the pair predicted.
Without a table of distances they are straight lines between the zones' coordinates.
"""

# ruff: noqa: E402
from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

# matrices are small: threads of linear algebra would wait for each other longer than they work
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

import numpy as np

from embauche.analysis.flow_fit import fit, gravity_flows, predicted
from embauche.analysis.flow_laws import balanced, common_part, margins, radiation, uniform
from embauche.analysis.flow_table import Flows, read_flows
from embauche.core.errors import UserError

Array = np.ndarray[Any, Any]


def all_laws(flow: Array, km: Array, known: Array) -> dict[str, Array]:
    """Flows by each law fitted to the known homes, float64 [home, work]."""
    law = fit(flow, km, known)
    ends = margins(flow)
    return {
        "uniform": balanced(uniform(km), *ends)[0],
        "gravity": gravity_flows(flow, km, known),
        "radiation": balanced(radiation(flow, km, known), *ends)[0],
        "embauche": predicted(flow, km, known, law),
        "from_margins": balanced(law.weight, *ends)[0],
    }


def compared(table: Flows, folds: int, seed: int) -> dict[str, Any]:
    """The figures of one table."""
    n = len(table.ids)
    everybody = np.ones(n, bool)
    inside = all_laws(table.flow, table.km, everybody)
    outside = {name: np.zeros_like(table.flow) for name in inside}
    part = np.random.default_rng(seed).permutation(n) % folds
    for k in range(folds):
        for name, guess in all_laws(table.flow, table.km, part != k).items():
            outside[name][part == k] = guess[part == k]
    within, beyond = (
        {name: round(common_part(table.flow, guess), 4) for name, guess in laws.items()}
        for laws in (inside, outside)
    )
    bare = {"in_sample": within.pop("from_margins"), "out_of_sample": beyond.pop("from_margins")}
    gains = {name: round(value - within["uniform"], 4) for name, value in within.items()}
    return {
        "cpc": within,
        "cpc_out_of_sample": beyond,
        "cpc_from_margins": bare,
        "gain_over_uniform": gains,
        "zones": n,
        "persons": float(table.flow.sum()),
        "folds_of_homes": folds,
    }


def made_up(folder: Path) -> tuple[Path, Path]:
    """A small table of flows that decay with distance."""
    rng = np.random.default_rng(3)
    xy = rng.uniform(0, 30, (24, 2))
    km = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    flow = rng.poisson(rng.uniform(20, 900, 24)[:, None] * rng.dirichlet(np.ones(24)) * np.exp(-km / 8))
    od, zones = folder / "od.csv", folder / "zones.csv"
    rows = [f"z{i},z{j},{flow[i, j]}" for i in range(24) for j in range(24)]
    od.write_text("\n".join(["origin,destination,flow", *rows]), encoding="utf-8")
    lines = [f"z{i},{x:.3f},{y:.3f}" for i, (x, y) in enumerate(xy)]
    zones.write_text("\n".join(["id,x_km,y_km", *lines]), encoding="utf-8")
    return od, zones


def main() -> int:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", nargs="*", type=Path, metavar="OD.csv ZONES.csv [DISTANCE.csv]")
    parser.add_argument("--folds", type=int, default=10, help="parts of the homes held out in turn")
    parser.add_argument("--seed", type=int, default=0, help="of the split")
    parser.add_argument("--smoke", action="store_true", help="a small made-up table")
    asked = parser.parse_args()
    if not asked.smoke and len(asked.tables) not in (2, 3):
        parser.error("give OD.csv, ZONES.csv and, if there is one, DISTANCE.csv")
    try:
        with tempfile.TemporaryDirectory() as folder:
            table = read_flows(*(made_up(Path(folder)) if asked.smoke else asked.tables))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    if not 2 <= asked.folds <= len(table.ids):
        parser.error(f"--folds {asked.folds} is out of range: 2 to {len(table.ids)}")
    for note in table.notes:
        print(f"note: {note}", file=sys.stderr)
    print(json.dumps(compared(table, asked.folds, asked.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
