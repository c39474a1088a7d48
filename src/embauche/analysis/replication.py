"""One replication: population and model for a seed, burn-in once, then every scenario from that state.

Lives here: replicate, called in this process or by a worker. Not here: processes (runner, worker).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from embauche.analysis import indicators
from embauche.analysis.burn_in import Verdict, stationary
from embauche.core.outputs import POSTS, WORKERS
from embauche.core.parallel import set_threads
from embauche.core.results import seed_folder
from embauche.core.run_writer import SeedWriter
from embauche.core.scenario import Scenario
from embauche.core.table import Table

if TYPE_CHECKING:
    from embauche.model import Bassin
    from embauche.population.population import Population
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
Report = Callable[[int], None]
LEAST_WINDOW = 26
# One population for all seeds: it is the territory's, and seeds are the luck of its weeks.
POPULATION_SEED = 0


@dataclass(frozen=True)
class Task:
    """What one replication needs.

    Attributes:
        seed: the seed.
        reference: scenario under which the model burns in.
        scenarios: scenarios that branch from the state then reached.
        folders: the folder in which each scenario's run is being written.
        threads: threads to use; results do not depend on it.
    """

    seed: int
    reference: Scenario
    scenarios: tuple[Scenario, ...]
    folders: tuple[Path, ...]
    threads: int


def posts_table(territory: Territory, population: Population) -> Table:
    """Attributes of all posts, by which indicators are grouped (core.outputs.POSTS)."""
    posts, firms, communes = population.posts, population.firms, territory.communes
    firm = posts.firm
    commune = firms.commune[firm]
    columns = {
        "post_id": posts.post_id,
        "firm_id": firms.firm_id[firm],
        "commune": communes.code[commune],
        "epci": communes.epci[commune],
        "external": firms.external[firm] | communes.external[commune],
        "sector": firms.sector[firm],
        "size_class": firms.size_class[firm],
        "skill": posts.skill,
        "level": posts.level,
        "shift": posts.shift,
        "contract": posts.contract,
    }
    return Table.make(POSTS, columns)


def burn_in(model: Bassin, scenario: Scenario, report: Report) -> tuple[int, Verdict]:
    """Step until the series are stationary; the scenario says after which weeks it may be tested."""
    ends = scenario.burn_in.weeks
    weeks, verdict = 0, Verdict(ends[-1] == 0, {}, {}, 0)
    while weeks < ends[-1]:
        model.step()
        weeks += 1
        report(1)
        if weeks in ends:
            series = {name: np.asarray(values) for name, values in model.series().items()}
            # What matters is how far a series drifts in the weeks of the run: seasons and the economy's own
            # swings move it by more over years, and a short window cannot tell them from a trend.
            horizon = max(LEAST_WINDOW, scenario.weeks)
            verdict = stationary(series, window=max(LEAST_WINDOW, weeks // 2), horizon=horizon)
            if verdict.passed:
                break
    report(scenario.burn_in.max_weeks - weeks)
    return weeks, verdict


def _met(before: Table, after: Table) -> Table:
    """Everybody met in a run: those there at its start, as they were then, and who entered since."""
    new = after.take(~np.isin(after.worker_id, before.worker_id))
    both = {c: np.concatenate([before[c], new[c]]) for c in before.schema.names}
    rows = np.argsort(both["worker_id"], kind="stable")
    return Table(before.schema, both).take(rows)


def _write_seed(
    model: Bassin, population: Population, folder: Path, scenario: Scenario, seed: int, report: Report
) -> dict[str, Any]:
    where = seed_folder(folder, seed)
    from embauche.model_sites import site_tables

    people = model.people()
    with SeedWriter(where) as writer:
        for week in range(scenario.weeks):
            model.step()
            tables = {}
            for name, table in model.week_tables().items():
                # The model counts weeks from the start of burn-in, a result from its own.
                columns = {**table.columns, "week": np.full(len(table), week, np.int16)}
                tables[name] = Table(table.schema, columns)
            writer.write_week(tables)
            report(1)
        # Reach as it is at the end, when people have found out which services take them.
        shown = population if model.sites is None else model.sites.population
        posts = posts_table(model.territory, shown)  # a firm that moved stands where it went
        if model.sites is not None:
            posts.columns["site"][:] = model.sites.site_names()
        writer.write_once(_met(people, model.people()), posts, model.access(), *site_tables(model))
    names: dict[str, list[str]] = {
        "services": [s.name for s in model.services],
        "windows": [w.name for w in scenario.catalogue().windows],
        "hours": [f"{w.start_min}-{w.end_min}" for w in scenario.catalogue().windows],
        "shifts": [s.name for s in scenario.catalogue().shifts if not s.variant_of],
    }
    table = indicators.compute(folder, seed, scenario=scenario.name, weeks=scenario.weeks, names=names,
                               values=scenario.parameter_values())  # fmt: skip
    table.write(where / "indicators.parquet")
    if scenario.outputs.workers_every != 1:
        thin(where / "workers.parquet", scenario.outputs.workers_every)
    return {"names": names}


def thin(path: Path, every: int) -> None:
    """Keep every so many weeks of a workers table (0: none), once the indicators have been counted."""
    arrow = pq.read_table(path)
    week = arrow["week"].to_numpy()
    keep = week % every == 0 if every else np.zeros(len(week), bool)
    with SeedWriter(path.parent) as writer:
        for w in np.unique(week[keep]):
            rows = arrow.filter(week == w)
            writer.write_week(
                {"workers": Table.make(WORKERS, {c: rows[c].to_numpy() for c in WORKERS.names})}
            )
        if not keep.any():
            writer.write_week({"workers": Table.empty(WORKERS)})


def _matched(
    saved: dict[str, Array], before: Sequence[str], now: Sequence[str], scenario: Scenario
) -> dict[str, Array]:
    """The saved state for a scenario's services: what was learnt follows its service, a new one is fresh.

    A run begins with everybody ranking services anew, with the tastes she had: so that scenarios that branch
    from a state differ by their offers alone.
    """
    old = saved["expected_late"]
    values = scenario.parameter_values()
    rows = [
        old[before.index(name)] if name in before else np.full(old.shape[1], values[f"{name}.late"])
        for name in now
    ]
    late = np.array(rows).reshape(len(now), old.shape[1])
    return {**saved, "expected_late": late, "ranked": np.zeros_like(saved["ranked"])}


def warm(reference: Scenario, scenarios: Sequence[Scenario] = ()) -> None:
    """Compile what a replication runs, and leave the road times in the territory's cache.

    Called once before worker processes start, so that they load instead of doing both anew. Of the
    scenarios only those are tried whose services differ from those tried before.
    """
    from embauche.model import Bassin
    from embauche.population.territory_tables import start_population
    from embauche.territory.load import territory_of

    territory = territory_of(reference)
    catalogue, parameters = reference.catalogue(), reference.parameter_values()
    population = start_population(territory, catalogue, parameters, POPULATION_SEED)
    tried: set[tuple[str, ...]] = set()
    for scenario in (reference, *scenarios):
        if scenario.services_on not in tried:
            tried.add(scenario.services_on)
            values, settings = scenario.parameter_values(), scenario.settings()
            model = Bassin(territory, population, scenario.catalogue(), values, settings, rng=0)
            model.step()
            model.week_tables()


def replicate(task: Task, report: Report) -> dict[str, Any]:
    """Run one seed: burn in under the reference, then every scenario from the same state.

    Args:
        task: what to run.
        report: called with the number of weeks just done (burn-in counts as its greatest length).

    Returns:
        Plain values for the manifests: "burn_in", "timings", and by scenario "runs".

    Raises:
        UserError: the territory or the population do not fit.
    """
    from embauche.labour.state import State
    from embauche.model import Bassin
    from embauche.population.territory_tables import start_population
    from embauche.territory.load import territory_of

    set_threads(task.threads)
    clock = time.perf_counter()
    timings: dict[str, float] = {}

    def lap(stage: str) -> None:
        nonlocal clock
        now = time.perf_counter()
        timings[f"seed {task.seed}: {stage}"] = round(now - clock, 3)
        clock = now

    reference = task.reference
    territory = territory_of(reference)
    lap("territory")
    catalogue, parameters = reference.catalogue(), reference.parameter_values()
    population = start_population(territory, catalogue, parameters, POPULATION_SEED)
    lap("population")
    model = Bassin(territory, population, catalogue, parameters, reference.settings(), rng=task.seed)
    lap("model")
    weeks, verdict = burn_in(model, reference, report)
    saved, services = model.state.arrays(), [s.name for s in model.services]
    lap("burn-in")
    runs = []
    for scenario, folder in zip(task.scenarios, task.folders, strict=True):
        settings = scenario.settings()
        unchanged = (
            settings == reference.settings()
            and scenario.windows == reference.windows
            and scenario.parameters == reference.parameters
        )
        branch = Bassin(
            territory,
            population,
            scenario.catalogue(),
            scenario.parameter_values(),
            settings,
            rng=task.seed,
            network=model.network if unchanged else None,
            state=State.from_arrays(_matched(saved, services, settings.services, scenario)),
        )
        runs.append(_write_seed(branch, population, folder, scenario, task.seed, report))
        lap(scenario.name)
    return {
        "burn_in": {"weeks": weeks, "passed": bool(verdict.passed), **_figures(verdict)},
        "timings": timings,
        "runs": runs,
    }


def _figures(verdict: Verdict) -> dict[str, dict[str, float | None]]:
    """The test's figures by series; None where a series is too short for one, as JSON knows no NaN."""
    return {
        what: {name: value if math.isfinite(value) else None for name, value in by_series.items()}
        for what, by_series in (("z", verdict.z), ("drift", verdict.drift))
    }
