"""Seconds a simulated week and peak memory at 100,000 and 1,000,000 workers, beside the plain twin.

Lives here: timing of the week after compilation. Not here: compilation (compile) or building (build).

    python benchmarks/step.py [--smoke]

Each size runs in a process of its own, so that peak memory is its own: it is that of the whole process,
synthesis and set-up included. The twin is the textbook Mesa model of the tests, one object a worker, on the
same small case and in the same process as the model it is compared with.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from _common import child, peak_mib, show

LIMITS = {100_000: (0.5, None), 1_000_000: (4.0, 2048.0)}  # workers: seconds a week, MiB
WARM, TIMED = 2, 5  # weeks before the clock starts, weeks timed


def measure(workers: int, timed: int, territory: str) -> None:
    """Time some weeks of one size and print a JSON line."""
    from _models import active, model_of

    began = time.perf_counter()
    model, population = model_of(workers, name=territory)
    set_up_mib = peak_mib()
    for _ in range(WARM):
        model.step()
    setup_s = time.perf_counter() - began
    weeks = []
    for _ in range(timed):
        began = time.perf_counter()
        model.step()
        weeks.append(time.perf_counter() - began)
    figures: dict[str, Any] = {
        "benchmark": "step",
        "territory": territory,
        "workers": active(population),
        "persons": len(population.persons),
        "posts": len(population.posts),
        "setup_s": setup_s,
        "week_s": statistics.median(weeks),
        "week_s_worst": max(weeks),
        "set_up_mib": set_up_mib,
        "peak_mib": peak_mib(),
    }
    seconds, mib = LIMITS.get(workers, (None, None))
    limits = {"limit_week_s": seconds, "limit_peak_mib": mib}
    show(**figures, **{name: limit for name, limit in limits.items() if limit is not None})


def beside_twin(households: int, weeks: int) -> None:
    """Time the same weeks of the same small case in the model and in its plain twin."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    from embauche.core.parameters import defaults
    from embauche.core.settings import Settings
    from embauche.core.shifts import default_catalogue
    from embauche.model import Bassin
    from embauche.population.population import Population
    from helpers import tiny_territory
    from naive.model import NaiveBassin
    from twin_case import twin_population

    territory, catalogue, parameters = tiny_territory(), default_catalogue(), defaults()
    made = twin_population(territory, households, firms=max(12, households // 4))
    population = Population(made.households, made.persons, made.firms, made.posts)
    seconds = {}
    models = {
        "naive": NaiveBassin(territory, population, catalogue, parameters, rng=1),
        "model": Bassin(territory, population, catalogue, parameters, Settings(), rng=1),
    }
    for name, model in models.items():
        model.step()  # the first week compiles kernels and fills the twin's tables of times
        began = time.perf_counter()
        for _ in range(weeks):
            model.step()
        seconds[name] = (time.perf_counter() - began) / weeks
    show(
        benchmark="step beside the plain twin",
        persons=len(population.persons),
        naive_week_s=seconds["naive"],
        model_week_s=seconds["model"],
        ratio=seconds["naive"] / seconds["model"],
    )


def main() -> None:
    """Print one JSON line a size, and one for the twin."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, help="measure this size in this process")
    parser.add_argument("--territory", default="grand-artois", help="embedded territory, populations scaled")
    parser.add_argument("--weeks", type=int, default=TIMED, help="weeks timed")
    parser.add_argument("--smoke", action="store_true", help="a small size on the smaller territory")
    arguments = parser.parse_args()
    if arguments.workers:
        measure(arguments.workers, arguments.weeks, arguments.territory)
        return
    sizes = (5_000,) if arguments.smoke else tuple(LIMITS)
    territory = "bresle-vimeu" if arguments.smoke else arguments.territory
    weeks = 2 if arguments.smoke else arguments.weeks
    for workers in sizes:
        asked = ["--workers", str(workers), "--weeks", str(weeks), "--territory", territory]
        show(**child(__file__, *asked))
    beside_twin(households=48 if arguments.smoke else 500, weeks=2 if arguments.smoke else 5)


if __name__ == "__main__":
    main()
