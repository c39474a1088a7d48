"""Runs scenarios: seeds spread over processes, each scenario's results in a folder of its own.

Lives here: run, run_many. Not here: one replication (replication), the processes (worker).
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from embauche.analysis.replication import Task, replicate, warm
from embauche.analysis.worker import spread
from embauche.commuting.site_spots import site_faults
from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.messages import MESSAGES
from embauche.core.outputs import INDICATORS
from embauche.core.progress import SILENT, Progress
from embauche.core.results import COMMUNE_FILE, Result, seed_folder
from embauche.core.run_writer import RunWriter
from embauche.core.scenario import Scenario
from embauche.core.scenario_load import load_scenario
from embauche.core.table import Table
from embauche.services import faults

ScenarioLike = str | Path | Mapping[str, Any] | Scenario


def reference_of(scenario: Scenario) -> Scenario:
    """The scenario under which the model burns in: the first base, on the scenario's own territory.

    A policy must start from today's state, also when its scenario is run alone: so that runs made one by
    one pair as well as runs made together. A scenario without a base is its own reference, but for what
    happens in a week of the run.
    """
    for name in scenario.history[:1]:
        beside = scenario.folder / name if scenario.folder is not None else None
        try:
            base = load_scenario(beside if beside is not None and beside.is_file() else name)
        except UserError:  # the first entry is an override's name: there is no base
            break
        same = {k: scenario.resolved()[k] for k in ("territory", "epcis", "burn_in", "sample", "start")}
        changed = base.changed(**same)
        changed._folder = scenario.folder
        return _without_weeks(changed)
    return _without_weeks(scenario)


def _without_weeks(scenario: Scenario) -> Scenario:
    """The scenario without what happens in a week of the run itself: sites, centres, work, shocks."""
    dated = scenario.sites.on or scenario.levers.conditions or scenario.demand.shocks
    if not dated and not scenario.apprentices.on:
        return scenario
    levers = {**scenario.resolved()["levers"], "conditions": []}
    return scenario.changed(sites={}, demand={}, apprentices={}, levers=levers)


def _chosen(scenario: Scenario, seeds: int | Sequence[int] | None, weeks: int | None) -> Scenario:
    changes: dict[str, Any] = {}
    if isinstance(seeds, int):
        changes["seeds"] = seeds
    if weeks is not None:
        changes["weeks"] = weeks
    return scenario.changed(**changes) if changes else scenario


def _same(scenarios: Sequence[Scenario]) -> None:
    """Scenarios that run together branch from one state, so they share territory, weeks and seeds."""
    first = scenarios[0]
    problems = [
        Problem(
            f"scenarios {first.name} and {other.name} cannot run together: {key} differs",
            found=str(getattr(other, key)),
            expected=str(getattr(first, key)),
            fix=f"give both the same {key}, or run them one by one",
        )
        for other in scenarios[1:]
        for key in ("territory", "epcis", "weeks", "seeds", "seed", "burn_in", "sample")
        if getattr(first, key) != getattr(other, key)
    ]
    names = [s.name for s in scenarios]
    problems += [
        Problem("two scenarios have one name", found=name, expected="different names")
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    raise_all(problems)


def _territory_entry(territory: Any) -> dict[str, str]:
    text = json.dumps(territory.manifest, sort_keys=True, ensure_ascii=False, default=str)
    return {"name": str(territory.name), "hash": hashlib.sha256(text.encode()).hexdigest()}


def _manifest(
    scenario: Scenario, reference: Scenario, territory: Any, seeds: Sequence[int],
    answers: Sequence[Mapping[str, Any]], row: int,
) -> dict[str, Any]:  # fmt: skip
    runs = [a["runs"][row] for a in answers]
    notes = [str(n) for n in territory.manifest.get("notes", [])]
    if territory.stylised and not any("stylised" in n for n in notes):
        notes.insert(0, MESSAGES["note.stylised"][1])
    notes += scenario.settings().governance.notes
    for seed, answer in zip(seeds, answers, strict=True):
        verdict = answer["burn_in"]
        if not verdict["passed"]:
            notes.append(
                f"seed {seed}: burn-in ended after {verdict['weeks']} weeks without passing Geweke's test"
            )
    communes = territory.communes
    return {
        "name": scenario.name,
        "seeds": list(seeds),
        "weeks": scenario.weeks,
        "start": scenario.start_monday.isoformat(),
        "territory": _territory_entry(territory),
        "epcis": {str(k): str(v) for k, v in zip(communes.epci, communes.epci_name, strict=True) if k},
        "stylised": bool(territory.stylised),
        "notes": notes,
        "names": runs[0]["names"],
        "burn_in": {str(s): a["burn_in"] for s, a in zip(seeds, answers, strict=True)},
        "reference": reference.resolved(),
        "parameters": [
            {"name": p.name, "value": v, "default": p.value, "unit": p.unit, "low": p.low, "high": p.high,
             "source": p.source, "doc": p.doc}
            for p, v in scenario.parameter_values().described()
        ],
    }  # fmt: skip


def _gather(folder: Path, seeds: Sequence[int]) -> Table:
    tables = []
    for seed in seeds:
        path = seed_folder(folder, seed) / "indicators.parquet"
        tables.append(Table.read(INDICATORS, path))
        path.unlink()
    return Table.make(INDICATORS, {c: np.concatenate([t[c] for t in tables]) for c in INDICATORS.names})


def run_many(
    scenarios: Sequence[ScenarioLike],
    seeds: int | Sequence[int] | None = None,
    weeks: int | None = None,
    out: Path | str | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
    *,
    folders: Sequence[Path] | None = None,
    overwrite: bool = False,
) -> list[Result]:
    """Run scenarios that branch from one burnt-in state per seed.

    Args:
        scenarios: files, built-in names, mappings or Scenarios; the baseline first.
        seeds: number of replications, or the seeds; the scenarios' own if None.
        weeks: weeks after burn-in; the scenarios' own if None.
        out: folder; each scenario's run goes into a folder of its name in it. None: temporary folders
            that live as long as the results.
        processes: processes at a time, at most the seeds; if None the cores, or all seeds at once where they
            are fewer than twice the cores, so that no core waits for the last. No result depends on it.
        progress: who is told.
        folders: the folder of each run, instead of `out`.
        overwrite: replace folders that have something in them.

    Returns:
        One result a scenario, in order.

    Raises:
        UserError: a scenario is wrong, scenarios do not fit together, or a folder cannot be written.
    """
    from embauche.territory.load import territory_of

    started = time.perf_counter()
    listed = [_chosen(load_scenario(s), seeds, weeks) for s in scenarios]
    if not listed:
        raise UserError("there is no scenario to run", expected="one or more scenarios")
    _same(listed)
    first = listed[0]
    chosen = first.seed_list if seeds is None or isinstance(seeds, int) else sorted(set(map(int, seeds)))
    if not chosen:
        raise UserError("there is no seed to run", expected="one seed or more")
    reference = reference_of(first)
    cores = os.cpu_count() or 1
    usual = cores if len(chosen) >= 2 * cores else len(chosen)
    processes = max(1, min(processes or usual, len(chosen)))
    bars = progress or SILENT
    outs: list[Path | None] = [None if out is None else Path(out) / s.name for s in listed]
    if folders is not None:
        outs = list(folders)
    with bars.task("territory"):
        territory = territory_of(reference)
    raise_all(p for s in listed for p in s.located(faults(s.settings(), territory, s.parameter_values())))
    raise_all(p for s in listed for p in s.located(site_faults(s.sites, territory)))
    with ExitStack() as stack:
        writers = [stack.enter_context(RunWriter(o, overwrite=overwrite)) for o in outs]
        tasks = [
            # Seeds that run alone at the end may use all cores.
            Task(seed, reference, tuple(listed), tuple(w.folder for w in writers), max(cores // processes, 1)
                 if k < len(chosen) - len(chosen) % processes else max(cores // (len(chosen) % processes), 1))
            for k, seed in enumerate(chosen)
        ]  # fmt: skip
        alone = processes == 1 and len(tasks) == 1
        if not alone:
            with bars.task("kernels and road times"):
                warm(reference, listed)
        total = len(chosen) * (reference.burn_in.max_weeks + len(listed) * first.weeks)
        names = ", ".join(s.name for s in listed)
        with bars.task(f"{names}: {len(chosen)} x {first.weeks} weeks", total) as task:
            lock = threading.Lock()

            def report(done: int) -> None:
                with lock:
                    task.advance(done)

            answers = [replicate(tasks[0], report)] if alone else spread(tasks, processes, report)
        timings = {k: v for a in answers for k, v in a["timings"].items()}
        timings["all"] = round(time.perf_counter() - started, 3)
        for row, (scenario, writer) in enumerate(zip(listed, writers, strict=True)):
            # The report draws its map from the run's folder alone: the territory may be gone by then.
            territory.communes.write(writer.folder / COMMUNE_FILE)
            writer.finish(
                scenario=scenario.changed(seed=chosen[0], seeds=len(chosen)).resolved(),
                indicators=_gather(writer.folder, chosen),
                manifest=_manifest(scenario, reference, territory, chosen, answers, row),
                timings=timings,
            )
    return [writer.result() for writer in writers]


def run(
    scenario: ScenarioLike,
    seeds: int | Sequence[int] | None = None,
    weeks: int | None = None,
    out: Path | str | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
) -> Result:
    """Run one scenario; see `run_many` for the arguments.

    Args:
        scenario: a file, a built-in name, a mapping or a Scenario.
        seeds: number of replications, or the seeds.
        weeks: weeks after burn-in.
        out: the run's own folder.
        processes: processes at a time.
        progress: who is told.
        overwrite: replace a folder that has something in it.

    Returns:
        The result, read from its folder.

    Raises:
        UserError: the scenario is wrong or the folder cannot be written.
    """
    folders = None if out is None else [Path(out)]
    return run_many(
        [scenario], seeds, weeks, None, processes, progress, folders=folders, overwrite=overwrite
    )[0]
