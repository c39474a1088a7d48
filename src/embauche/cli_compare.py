"""Commands that end in a comparison: runs already made, or scenarios run side by side.

Lives here: what `demo` and `compare` do. Not here: their options (cli), what is printed (cli_show).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from embauche import cli_show as show
from embauche.core.errors import UserError
from embauche.core.progress import RichProgress

if TYPE_CHECKING:
    from embauche.core.scenario import Scenario


def side_by_side(scenarios: Sequence[Scenario], folder: Path, lang: str | None, overwrite: bool) -> None:
    """Run scenarios from the same states, compare them with the first, and write one report."""
    from embauche.analysis.compare import compare
    from embauche.analysis.runner import run_many
    from embauche.output.report import write_report

    with RichProgress(sys.stderr) as progress:
        results = run_many(scenarios, out=folder, overwrite=overwrite, progress=progress)
        comparison = compare(results, out=folder / "comparison")
        report = folder / "report.html"
        write_report(comparison, report, lang or scenarios[0].outputs.language)
    show.comparison(comparison)
    show.written(folder, report)


def compare_variants(
    file: Path, out: Path | None, changes: Mapping[str, int | None], lang: str | None, overwrite: bool
) -> None:
    """Run a scenario's file and its variants side by side.

    Raises:
        UserError: every fault of the file, or it has no variants.
    """
    from embauche.core.scenario_variants import load_variants

    scenarios = load_variants(file, {k: v for k, v in changes.items() if v is not None})
    folder = show.output_folder(out, Path("results") / scenarios[0].name, overwrite)
    side_by_side(scenarios, folder, lang, overwrite)


def compare_folders(
    runs: Sequence[Path], out: Path | None, changes: Mapping[str, int | None], lang: str | None,
    overwrite: bool,
) -> None:  # fmt: skip
    """Compare runs that were made, the first of which is the baseline.

    Raises:
        UserError: fewer than two, no runs, or changes that come too late.
    """
    from embauche.core.results import Result

    if len(runs) < 2 or any(v is not None for v in changes.values()):
        few = len(runs) < 2
        raise UserError(
            "there is nothing to compare" if few else "these runs are made: their weeks and seeds stand",
            found=f"{len(runs)} run" if few else "--weeks or --seeds",
            expected="a baseline and at least one run, or one file with `variants:`",
            fix="embauche compare RUN_A RUN_B",
        )
    results = [Result.open(folder) for folder in runs]
    folder = show.output_folder(out, Path("results/comparison"), overwrite)

    from embauche.analysis.compare import compare
    from embauche.output.report import write_report

    comparison = compare(results, out=folder)
    report = folder / "report.html"
    language = lang or results[0].scenario.get("outputs", {}).get("language", "fr")
    write_report(comparison, report, language)
    show.comparison(comparison)
    show.written(folder, report)
