"""The model beside published figures: ten seeds of Grand Artois after burn-in; writes docs/validation.md.

Lives here: running the plan. Not here: the page (page), the fit (fit), measures (analysis.validation).

    python experiments/02_validation/run.py [--seeds 10] [--matching 4] [--processes 2] [--territory NAME]
        [--flows FOLDER]
    python experiments/02_validation/run.py --smoke

`--flows` is a folder with kansas_2000 and leeds_2011 (od.csv, zones.csv, distance_km.csv): their figures too.
Each seed takes some four minutes of a core, and six more with the figures of matching. `--smoke` runs a
small territory for a few weeks and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import page
from ruamel.yaml import YAML

from embauche.analysis.validation import measured, settled, summary
from embauche.core.parameters import defaults

HERE = Path(__file__).parent
BENCHMARK = HERE.parents[1] / "benchmarks" / "flows.py"


def one(
    territory: str, seed: int, burn: int, weeks: int, threads: int, matching: bool = True
) -> dict[str, float]:
    """Figures of one seed; those of matching need some 300 weeks besides."""
    from embauche.core.parallel import set_threads

    set_threads(threads)

    def report(words: str) -> None:
        print(f"seed {seed}: {words}", file=sys.stderr, flush=True)

    model = settled(territory, seed, burn)
    report(f"settled after {burn} weeks")
    return measured(model, weeks, matching=matching, report=report)


def flows(folder: Path) -> dict[str, Any]:
    """What the benchmark prints on each table of a folder."""
    answers = {}
    for name in ("kansas_2000", "leeds_2011"):
        tables = [folder / name / f for f in ("od.csv", "zones.csv", "distance_km.csv")]
        command = [sys.executable, str(BENCHMARK), *(str(t) for t in tables if t.is_file())]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        answers[name] = json.loads(done.stdout)
    return answers


def main() -> None:
    """Run and write the page."""
    plan = YAML(typ="safe").load(HERE / "plan.yaml")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=plan["seeds"])
    parser.add_argument(
        "--matching", type=int, help="seeds with figures of matching, the first; all if unsaid"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--territory", default=plan["territory"])
    parser.add_argument("--weeks", type=int, default=plan["weeks"])
    parser.add_argument("--burn-in", type=int, default=plan["burn_in_weeks"])
    parser.add_argument("--flows", type=Path, help="folder of flow tables")
    parser.add_argument("--smoke", action="store_true", help="a small territory, few weeks, nothing written")
    asked = parser.parse_args()
    if asked.smoke:
        print(json.dumps(one("bresle-vimeu", 0, 4, 24, 2)))
        return
    seeds: list[dict[str, float]] = []
    matching = asked.seeds if asked.matching is None else min(asked.matching, asked.seeds)
    if asked.seeds:
        with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
            jobs = [
                pool.submit(one, asked.territory, seed, asked.burn_in, asked.weeks, 1, seed < matching)
                for seed in range(asked.seeds)
            ]
            seeds = [job.result() for job in jobs]
    # read after the seeds have run: reasons may have been written meanwhile
    answer = json.loads(page.FIGURES.read_text(encoding="utf-8")) if page.FIGURES.is_file() else {}
    if seeds:
        answer["said"] = (
            f"{asked.territory}, {asked.seeds} seeds (matching: the first {matching}), "
            f"{asked.weeks} weeks after {asked.burn_in} of burn-in"
        )
        answer["figures"] = summary(seeds)
        answer["territory"], answer["seed_numbers"] = asked.territory, list(range(asked.seeds))
        answer["seeds"] = [{k: v if math.isfinite(v) else None for k, v in s.items()} for s in seeds]
        answer["parameters"] = dict(defaults())
    if asked.flows:
        answer["flows"] = flows(asked.flows)
    page.FIGURES.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    page.main()


if __name__ == "__main__":
    main()
