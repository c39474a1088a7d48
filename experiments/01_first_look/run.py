"""First look: do the hours of buses or of shifts decide who has a way to work? See plan.yaml.

Lives here: running the plan with the public API and printing the table of NOTE.md. Not here: the model.

    python experiments/01_first_look/run.py [--out FOLDER] [--smoke]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import embauche
from embauche.analysis.compare import Comparison

PLAN = Path(__file__).with_name("plan.yaml")


def run_plan(plan: dict[str, Any], out: Path) -> Comparison:
    """Run the baseline and every scenario of the plan, and compare them."""
    names = [plan["baseline"], *plan["scenarios"]]
    runs = [embauche.run(name, seeds=plan["seeds"], weeks=plan["weeks"], out=out / name) for name in names]
    return embauche.compare(runs, out=out / "comparison")


def table(answer: Comparison, plan: dict[str, Any]) -> str:
    """The plan's measures as a Markdown table: difference from the baseline with its interval."""
    lines = [
        "| scenario | measure | group | baseline | difference | 95 % interval | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for scenario in plan["scenarios"]:
        for dimension, measures in (("all", plan["measures"]), ("window", plan["by_window"])):
            rows = answer.of(scenario, dimension)
            rows = rows[rows["indicator"].isin(measures) & rows["statistic"].isin(["value", "mean"])]
            lines.extend(
                f"| {scenario} | {row.indicator} ({row.unit}) | {row.group} | {row.baseline_mean:,.4g} "
                f"| {row.difference:+,.4g} | {row.low:+,.4g} to {row.high:+,.4g} | {row.verdict} |"
                for row in rows.itertuples()
            )
    return "\n".join(lines)


def main() -> None:
    """Run the plan and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("results/01_first_look"))
    parser.add_argument(
        "--smoke", action="store_true", help="two seeds and two weeks, into a temporary folder"
    )
    arguments = parser.parse_args()
    plan = YAML(typ="safe").load(PLAN)
    if arguments.smoke:
        plan |= {"seeds": 2, "weeks": 2}
        with tempfile.TemporaryDirectory() as folder:
            print(table(run_plan(plan, Path(folder)), plan))
    else:
        print(table(run_plan(plan, arguments.out), plan))


if __name__ == "__main__":
    main()
