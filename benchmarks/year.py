"""A year of recruitment and commuting of the bassin of Béthune-Bruay, everybody simulated, all services on.

Lives here: the year at its own size and at ten times its people, each in a process of its own. Not here:
a month by service (month), the week without services (step).

    python benchmarks/year.py [--threads 2] [--weeks 52] [--weeks-large 6] [--smoke]

The clock runs after compilation and after a few weeks in which people find out about the services: a line
for each size with seconds of a year (`year_s`: the steps; `tables_s`: the weekly tables of the results
on top) and peak memory, then one with the ratio of a week's seconds, to be set against ten.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from typing import Any

import numpy as np

import month
from _common import child, peak_mib, show

YEAR_WEEKS = 52
LIMIT_YEAR_S = 180.0
LIMIT_MIB = 3 * 1024.0
LARGE = 10
DEPOTS = ["Béthune", "Bruay-la-Buissière", "Lillers"]
TOWNS = ["Auchel", "Isbergues", "Nœux-les-Mines"]


def wanted(times: int, smoke: bool) -> dict[str, Any]:
    """The scenario, with fleets for so many times the people."""
    if smoke:
        return {**month.SMALL, "services": month.services(["Eu"], ["Gamaches"], "Friville-Escarbotin", times)}
    return {**month.BETHUNE, "services": month.services(DEPOTS, TOWNS, "Béthune", times)}


def larger(territory: Any, times: int) -> Any:
    """The territory with so many times the people, and jobs and workers of its external zones."""
    from embauche.core.table import Table

    columns = dict(territory.communes.columns)
    for column in ("population", "jobs", "inflow"):
        columns[column] = columns[column] * times
    return replace(territory, communes=Table(territory.communes.schema, columns))


def model_of(times: int, smoke: bool) -> Any:
    """The bassin at its start."""
    from embauche.core.scenario_load import load_scenario
    from embauche.model import Bassin
    from embauche.population.territory_tables import start_population
    from embauche.territory.load import territory_of

    scenario = load_scenario({**wanted(times, smoke), "name": "year"})
    territory, catalogue, values = territory_of(scenario), scenario.catalogue(), scenario.parameter_values()
    if times > 1:
        territory = larger(territory, times)
    population = start_population(territory, catalogue, values, 0)
    return Bassin(territory, population, catalogue, values, scenario.settings(), rng=1)


def live(times: int, weeks: int, warm: int, threads: int, smoke: bool) -> None:
    """Print seconds and memory of a size."""
    from embauche.core.parallel import set_threads

    set_threads(threads)
    began = time.perf_counter()
    model = model_of(times, smoke)
    start_s = time.perf_counter() - began
    for _ in range(warm):
        model.step()
        model.week_tables()
    step_s = tables_s = 0.0
    for _ in range(weeks):
        began = time.perf_counter()
        model.step()
        stepped = time.perf_counter()
        model.week_tables()
        step_s, tables_s = step_s + stepped - began, tables_s + time.perf_counter() - stepped
    status = model.state.status
    figures = {
        "persons": len(status), "active": int(np.count_nonzero(status)), "services": len(model.services),
        "weeks": weeks, "threads": threads, "start_s": start_s, "week_s": step_s / weeks,
        "year_s": step_s / weeks * YEAR_WEEKS, "tables_s": tables_s / weeks * YEAR_WEEKS,
        "peak_mib": peak_mib(),
    }  # fmt: skip
    limits = {"limit_year_s": LIMIT_YEAR_S, "limit_peak_mib": LIMIT_MIB} if times == 1 else {}
    show(benchmark="year", times=times, **figures, **limits)


def main() -> None:
    """Print a JSON line for each size, and one for the ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weeks", type=int, default=YEAR_WEEKS, help="weeks timed at the bassin's own size")
    parser.add_argument(
        "--weeks-large", type=int, default=6, help="weeks timed at ten times the size; 0: none"
    )
    parser.add_argument("--warm", type=int, default=12, help="weeks before the clock starts")
    parser.add_argument("--smoke", action="store_true", help="the smaller territory, a week of each")
    parser.add_argument("--times", type=int, default=0, help=argparse.SUPPRESS)  # set by this file itself
    a = parser.parse_args()
    if a.smoke:
        a.weeks, a.weeks_large, a.warm = 1, 1, 1
    if a.times:
        live(a.times, a.weeks, a.warm, a.threads, a.smoke)
        return
    week_s = {}
    for times, weeks in ((1, a.weeks), (LARGE, a.weeks_large)):
        if weeks:
            arguments = ["--times", str(times), "--weeks", str(weeks), "--warm", str(a.warm)]
            more = ["--smoke"] if a.smoke else []
            figures = child(__file__, *arguments, "--threads", str(a.threads), *more)
            show(**figures)
            week_s[times] = float(figures["week_s"])
    if LARGE in week_s:
        show(
            benchmark="year, ratio", times=LARGE, seconds_times=week_s[LARGE] / week_s[1], limit=float(LARGE)
        )


if __name__ == "__main__":
    main()
