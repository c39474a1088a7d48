"""Compares runs by paired seeds: each difference with its 95 % interval.

Lives here: compare and Comparison. Not here: the cost of a post (cost_effect), pictures (output).

Seeds share their draws between scenarios, so a difference is taken seed by seed; its interval is Student's t
over seeds. It covers luck only, not what is unknown about parameters.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from embauche.analysis.cost_effect import CostPerPost, cost_per_post, interval
from embauche.analysis.indicators_catalogue import CATALOGUE
from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.files import atomic_folder, sha256, write_json
from embauche.core.outputs import COMPARISON
from embauche.core.results import MANIFEST, Result
from embauche.core.table import Table

RUNS_FILE = "comparison.json"
_KEY = ["indicator", "dimension", "group", "statistic", "unit"]
NOT_DISTINGUISHABLE = "not distinguishable"
DRAWLESS = ("jobs_reach", "land_")  # figures that depend on no draw of a week


@dataclass
class Comparison:
    """Differences of scenarios from a baseline.

    Attributes:
        frame: one row a figure (core.outputs.COMPARISON).
        baseline: the baseline's run.
        scenarios: the other runs.
        seeds: seeds common to all.
        costs: cost per extra post of each scenario.
        notes: what a reader must know (seeds left out, a single seed ...).
    """

    frame: pd.DataFrame
    baseline: Result
    scenarios: list[Result]
    seeds: list[int]
    costs: list[CostPerPost]
    notes: list[str] = field(default_factory=list)

    def of(self, scenario: str, dimension: str = "all") -> pd.DataFrame:
        """The rows of one scenario and one dimension."""
        frame = self.frame
        return frame[(frame["scenario"] == scenario) & (frame["dimension"] == dimension)]

    def winners(self, scenario: str, indicator: str = "residents_employed_end") -> pd.DataFrame:
        """Groups whose indicator changes distinguishably, the greatest gain first."""
        frame = self.frame
        chosen = frame[
            (frame["scenario"] == scenario) & (frame["indicator"] == indicator) & frame["distinguishable"]
        ]
        better = CATALOGUE[indicator].better or 1
        order = np.argsort(-better * chosen["difference"].to_numpy(), kind="stable")
        return chosen.iloc[order]


def _refuse_unlike(results: Sequence[Result]) -> None:
    first = results[0]
    problems: list[Problem] = []
    names = [r.name for r in results]
    problems += [
        Problem(
            "two of these runs have one name",
            found=name,
            expected="a different name for each run",
            fix="change `name:` in one of the scenarios and run it again",
        )
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    for other in results[1:]:
        for what, mine, theirs in (
            ("territory", first.manifest["territory"], other.manifest["territory"]),
            ("number of weeks", first.weeks, other.weeks),
        ):
            if mine != theirs:
                problems.append(
                    Problem(
                        f"this run's {what} is not the baseline's",
                        file=other.folder,
                        found=_short(theirs),
                        expected=_short(mine),
                        fix=f"run both scenarios with the same {what}",
                    )
                )
    raise_all(problems)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(v)[:16] for v in value.values())
    return str(value)


def _common_seeds(results: Sequence[Result], notes: list[str]) -> list[int]:
    sets = [set(r.seeds) for r in results]
    common = sorted(set.intersection(*sets))
    if not common:
        raise UserError(
            "these runs have no seed in common, so nothing can be paired",
            found="; ".join(f"{r.name}: {', '.join(map(str, r.seeds))}" for r in results),
            expected="the same seeds in every run",
            fix="run the scenarios again with the same --seeds",
        )
    for result, seeds in zip(results, sets, strict=True):
        if left := sorted(seeds - set(common)):
            notes.append(f"{result.name}: seeds {', '.join(map(str, left))} have no pair and are left out")
    if len(common) == 1:
        notes.append("one seed only: differences have no interval, luck cannot be told from effect")
    return common


def _wide(result: Result, seeds: Sequence[int]) -> pd.DataFrame:
    frame = result.indicators
    frame = frame[(frame["week"] == -1) & frame["seed"].isin(seeds)]
    wide: pd.DataFrame = frame.set_index([*_KEY, "seed"])["value"].unstack("seed")
    found: pd.DataFrame = wide.reindex(columns=list(seeds))
    return found


def _differences(baseline: pd.DataFrame, result: Result, seeds: Sequence[int]) -> pd.DataFrame:
    other = _wide(result, seeds)
    # A group that is empty in one of the seeds (nobody of it at work) cannot be paired.
    index = baseline.index.intersection(other.index, sort=False)
    a, b = baseline.loc[index].to_numpy(float), other.loc[index].to_numpy(float)
    whole = ~(np.isnan(a).any(axis=1) | np.isnan(b).any(axis=1))
    index, a, b = index[whole], a[whole], b[whole]
    d = b - a
    # Sums in another order differ in their last digits: that is no difference.
    d[np.abs(d) <= 1e-12 * np.maximum(np.abs(a), np.abs(b))] = 0.0
    low, high = interval(d)
    out = index.to_frame(index=False)
    out["seeds"] = len(seeds)
    out["baseline_mean"], out["scenario_mean"] = a.mean(axis=1), b.mean(axis=1)
    out["difference"], out["low"], out["high"] = d.mean(axis=1), low, high
    # Two or three seeds may agree to the unit by luck: an interval without width proves nothing, unless
    # the figure depends on no draw.
    certain = out["indicator"].str.startswith(DRAWLESS).to_numpy(bool) | (low < high)
    out["distinguishable"] = ((low > 0) | (high < 0)) & certain
    better = out["indicator"].map({k: i.better for k, i in CATALOGUE.items()}).fillna(0).to_numpy(int)
    sign = np.sign(out["difference"].to_numpy()) * better
    verdict = np.where(sign > 0, "better", np.where(sign < 0, "worse", "changed"))
    out["verdict"] = np.where(out["distinguishable"], verdict, NOT_DISTINGUISHABLE)
    out.insert(0, "scenario", result.name)
    answer: pd.DataFrame = out
    return answer


def compare(
    results: Sequence[Result | Path | str], out: Path | str | None = None, *, overwrite: bool = False
) -> Comparison:
    """Compare runs with the first one, seed by seed.

    Args:
        results: two or more runs (or their folders), the baseline first.
        out: folder for comparison.parquet and comparison.csv; nothing is written if None.
        overwrite: replace that folder if it has something in it.

    Returns:
        The comparison.

    Raises:
        UserError: fewer than two runs, or runs of different territories, weeks or seeds.
    """
    runs = [r if isinstance(r, Result) else Result.open(r) for r in results]
    if len(runs) < 2:
        raise UserError(
            "a comparison needs two runs at least",
            found=f"{len(runs)}",
            expected="a baseline and one or more scenarios",
            fix="embauche compare BASELINE SCENARIO",
        )
    _refuse_unlike(runs)
    notes: list[str] = []
    seeds = _common_seeds(runs, notes)
    baseline = _wide(runs[0], seeds)
    frame = pd.concat([_differences(baseline, r, seeds) for r in runs[1:]], ignore_index=True)
    frame.insert(1, "baseline", runs[0].name)
    frame = frame[list(COMPARISON.names)]
    costs = [cost_per_post(runs[0], r, seeds) for r in runs[1:]]
    comparison = Comparison(frame, runs[0], runs[1:], seeds, costs, notes)
    if out is not None:
        write(comparison, Path(out), overwrite=overwrite)
    return comparison


def write(comparison: Comparison, out: Path, *, overwrite: bool = False) -> None:
    """Write a comparison's folder whole or not at all: Parquet, CSV, and which runs were compared."""
    frame = comparison.frame
    table = Table.make(COMPARISON, {c: frame[c].to_numpy() for c in COMPARISON.names})
    target = out.resolve()
    runs = [comparison.baseline, *comparison.scenarios]
    with atomic_folder(out, overwrite=overwrite) as folder:
        table.write(folder / "comparison.parquet")
        frame.to_csv(folder / "comparison.csv", index=False, float_format="%.10g", lineterminator="\n")
        write_json(
            folder / RUNS_FILE,
            {
                "runs": [Path(os.path.relpath(r.folder.resolve(), target)).as_posix() for r in runs],
                "manifests": {r.name: sha256(r.folder / MANIFEST) for r in runs},
                "seeds": comparison.seeds,
                "notes": comparison.notes,
            },
        )


def open_comparison(folder: Path | str) -> Comparison:
    """The comparison of a folder, computed again from the runs it names.

    Raises:
        UserError: it is no comparison's folder, or a run is gone.
    """
    folder = Path(folder)
    try:
        runs = json.loads((folder / RUNS_FILE).read_text(encoding="utf-8"))["runs"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(
            "this is not a comparison's folder",
            file=folder,
            found=f"no readable {RUNS_FILE}",
            expected="a folder that `embauche compare --out FOLDER` wrote",
        ) from None
    return compare([folder / run for run in runs])
