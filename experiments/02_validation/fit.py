"""Fits defaults in the stages of docs/validation.md, one seed that is not reported; prints what to write.

Lives here: the search for values. Not here: which figures fit what (embauche.analysis.validation_targets).

    python experiments/02_validation/fit.py STAGE [NAME=VALUE ...] [--steps 3] [--territory NAME]

STAGE is modes, distance or labour. NAME=VALUE are the values to begin with, the defaults otherwise. A step
runs the model once for each parameter moved by a seventh (or by half a euro), solves the weighted least
squares of the stage's figures for all of them together (Gauss-Newton, damped), and prints values and figures.
What it finds is written into core/parameters by hand: a default is a decision.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from embauche.analysis.validation import measured, settled
from embauche.analysis.validation_targets import STAGES, TARGETS
from embauche.core.parameters import defaults

SHORT = dict(zip(("modes", "distance", "labour"), STAGES, strict=True))
PLAN = YAML(typ="safe").load(Path(__file__).with_name("plan.yaml"))["fit"]
MOVE, MOVE_EUR, DAMPED, MOST = 0.15, 0.5, 0.02, 0.5


def figures(territory: str, values: dict[str, float]) -> dict[str, float]:
    """All figures but those of matching, with these values."""
    model = settled(territory, PLAN["seed"], PLAN["burn_in_weeks"], values, PLAN["epcis"])
    return measured(model, PLAN["weeks"], matching=False)


def main() -> None:
    """Fit one stage."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stage", choices=SHORT)
    parser.add_argument("values", nargs="*", metavar="NAME=VALUE")
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--territory", default=PLAN["territory"])
    asked = parser.parse_args()
    stage, parameters = SHORT[asked.stage], defaults()
    values = {k: float(v) for k, v in (pair.split("=") for pair in asked.values)}
    names = list(STAGES[stage])
    values = {n: parameters[n] for n in names} | values
    targets = [t for t in TARGETS if t.stage == stage]

    def missed(found: dict[str, float]) -> np.ndarray:
        """By how many slacks each figure is off; what was not measured counts nothing."""
        off = np.array([(found[t.name] - (t.low + t.high) / 2) / t.slack for t in targets])
        return np.nan_to_num(off)

    for step in range(asked.steps):
        found = figures(asked.territory, values)
        here = missed(found)
        print(json.dumps({"step": step, "values": values, "figures": found, "missed": float(here @ here)}))
        slopes, moves = [], []
        for name in names:
            move = MOVE_EUR if name.endswith("asc_eur") else MOVE * values[name]
            other = figures(asked.territory, values | {name: values[name] + move})
            slopes.append((missed(other) - here) / MOVE)
            moves.append(move / MOVE)
        a = np.array(slopes).T
        change = np.linalg.solve(a.T @ a + DAMPED * len(targets) * np.eye(len(names)), -a.T @ here)
        for name, by, move in zip(names, np.clip(change, -MOST, MOST), moves, strict=True):
            values[name] = round(values[name] + float(by) * move, 6)
    print(json.dumps({"values": values, "figures": figures(asked.territory, values)}))


if __name__ == "__main__":
    main()
