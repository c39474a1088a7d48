"""What the command line prints when all is well: words, tables, where results are.

Lives here: words and tables on the terminal. Not here: commands (cli), errors (cli_guard), reports.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embauche.cli_guard import console
from embauche.core.errors import UserError
from embauche.core.messages import text

if TYPE_CHECKING:
    from embauche.analysis.check import Checked, Facts
    from embauche.analysis.compare import Comparison
    from embauche.analysis.cost_effect import CostPerPost
    from embauche.core.results import Result
    from embauche.territory.territory import Territory


def say(words: str) -> None:
    """A line on standard output, as it is."""
    sys.stdout.write(words + "\n")


def output_folder(asked: Path | None, usual: Path, overwrite: bool) -> Path:
    """The folder to write: the one asked for, or the usual one, numbered if it is taken.

    Raises:
        UserError: the folder asked for has something in it, said before any work is done.
    """
    if asked is None:
        folder, number = usual, 1
        while not overwrite and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            number += 1
            folder = usual.with_name(f"{usual.name}-{number}")
        return folder
    if not overwrite and asked.exists() and (not asked.is_dir() or any(asked.iterdir())):
        raise UserError(
            "the output exists already; nothing was changed", file=asked,
            expected="a new or empty folder", fix="choose another --out, or add --overwrite",
        )  # fmt: skip
    return asked


def one_source(osm: Path | None, stylised: bool) -> None:
    """Refuse a build without roads, or with real and made-up ones.

    Raises:
        UserError: neither or both of --osm and --stylised.
    """
    if (osm is None) == (not stylised):
        raise UserError(
            "roads come from an extract or are made up, one of the two",
            found="neither --osm nor --stylised" if osm is None else "--osm and --stylised",
            expected="--osm FILE, or --stylised with --communes FILE",
            fix="give --osm FILE" if osm is None else "leave one of them out",
        )


def written(*paths: Path) -> None:
    """Say where results are."""
    for path in paths:
        say(f"written: {path}")


def _figure(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for k, column in enumerate(columns):
        table.add_column(column, justify="left" if k == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(
            *(
                f"{v:,}" if isinstance(v, int) else f"{v:,.1f}" if isinstance(v, float) else str(v)
                for v in row
            )
        )
    console().print(table)


def checked(answer: Checked) -> None:
    """A scenario without fault and what its run takes."""
    scenario, cost = answer.scenario, answer.estimate
    say(f"{scenario.name}: no error")
    say(f"  territory {answer.facts.name}, about {cost.persons:,} persons")
    say(f"  {scenario.seeds} seeds x {scenario.weeks} weeks after burn-in, from {scenario.start_monday}")
    say(
        f"  about {_duration(cost.seconds)} of computing on one core,"
        f" {cost.memory_mib:,.0f} MiB of memory a replication, {cost.disk_mib:,.0f} MiB on disk"
    )
    say("  an order of magnitude; the first run of a version compiles for about a minute more")
    for note in answer.notes:
        say(f"  note: {note}")


def _duration(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )


def territory(built: Territory) -> None:
    """What was built: counts, the week chosen, repairs and notes."""
    manifest = built.manifest
    flat: list[tuple[str, object]] = []
    for section in ("counts", "repairs"):
        values = manifest.get(section) or {}
        flat += [
            (str(k), str(v) if k == "epsg" else v)
            for k, v in values.items()
            if isinstance(v, str | int | float)
        ]
    _table(f"territory {built.name}", ("what", "count"), flat)
    week = manifest.get("week")
    if week:
        parts = week.items() if isinstance(week, dict) else [("week", week)]
        say("timetable: " + ", ".join(f"{str(key).replace('_', ' ')} {value}" for key, value in parts))
    for note in built.notes:
        say(f"note: {note}")


def feed(counts: Mapping[str, int]) -> None:
    """Rows by file of a feed written."""
    _table("feed, no rule broken", ("file", "rows"), sorted(counts.items()))


def territories(all_facts: Sequence[Facts]) -> None:
    """The embedded territories."""
    rows = [(f.name, len(f.epcis), sum(f.population.values())) for f in all_facts]
    _table("embedded territories (roads and timetable are stylised)", ("name", "EPCIs", "inhabitants"), rows)
    for facts in all_facts:
        for code, name in sorted(facts.epcis.items()):
            say(f"  {facts.name}: {code} {name} ({facts.population[code]:,})")


def _label(row: Any) -> str:
    """Words of an indicator's row, without its group."""
    from embauche.analysis.indicators_catalogue import CATALOGUE

    words = CATALOGUE[row.indicator].en
    return words if row.statistic == "value" else f"{words}, {row.statistic}"


def _headline(frame: Any) -> list[Any]:
    from embauche.analysis.indicators_catalogue import CATALOGUE

    return [row for row in frame.itertuples() if CATALOGUE[row.indicator].headline]


def _unit(name: str) -> str:
    """A unit as it stands in a table: shares are shown as percentages."""
    return "%" if name == "share" else name


def _short(value: float, unit: str, *, signed: bool = False) -> str:
    """A figure without its unit: shares times 100, never a power of ten, small differences kept."""
    from embauche.output.words import number

    return number(value, unit, "en", signed=signed).replace("\u2212", "-").replace("\u2013", "-")


def result(run: Result) -> None:
    """The headline figures of a run: mean over seeds, least and greatest."""
    rows = [
        (
            _label(r),
            _unit(r.unit),
            _short(r.mean, r.unit),
            f"{_short(r.min, r.unit)} to {_short(r.max, r.unit)}",
        )
        for r in _headline(run.summary())
    ]
    _table(
        f"{run.name}: seeds {', '.join(map(str, run.seeds))}",
        ("indicator", "unit", "mean", "range over seeds"),
        rows,
    )
    for note in run.manifest.get("notes", []):
        say(f"note: {note}")


def _cost_per_post(cost: CostPerPost) -> str:
    """What an extra post costs, or that posts cannot be told from none."""
    what = f"{cost.scenario}: public cost of an extra post"

    def eur(value: float) -> str:
        return f"{_short(value, 'EUR')} EUR a week"

    if cost.eur_per_post_week is not None:
        ends = f"{_short(cost.eur_low, 'EUR')} to {_short(cost.eur_high, 'EUR')}"
        return f"{what}: {eur(cost.eur_per_post_week)} ({ends})"
    if cost.bound_eur_per_post_week is not None and cost.extra_cost_eur_week > 0:
        return f"{what}: posts not distinguishable from none; {eur(cost.bound_eur_per_post_week)} at least"
    lost = cost.high < 0 and cost.low < cost.high
    return f"{what}: none, posts are lost" if lost else f"{what}: posts not distinguishable from none"


def comparison(answer: Comparison) -> None:
    """What changed among the headline figures, with intervals, for each scenario."""
    for scenario in answer.scenarios:
        frame = answer.of(scenario.name)
        rows = [
            (
                _label(r),
                _unit(r.unit),
                _short(r.baseline_mean, r.unit),
                _short(r.difference, r.unit, signed=True),
                f"{_short(r.low, r.unit, signed=True)} to {_short(r.high, r.unit, signed=True)}",
            )
            for r in _headline(frame[frame["distinguishable"]])
        ]
        title = f"{scenario.name} against {answer.baseline.name}"
        if rows:
            columns = ("indicator", "unit", "baseline", "difference", "95 % interval")
            _table(f"{title}: headline figures whose interval excludes zero", columns, rows)
            if any(row[1] == "%" for row in rows):
                say("differences of percentages are in points")
        else:
            say(f"{title}: no headline figure can be told from no change")
        for cost in answer.costs:
            if cost.scenario == scenario.name:
                say(_cost_per_post(cost))
    notes = list(answer.notes)
    if answer.baseline.manifest.get("stylised"):
        notes.insert(0, text("note.stylised", "en"))
    for note in notes:
        say(f"note: {note}")


def schema(kind: str) -> str:
    """A description to read, or a JSON schema for editors."""
    if kind == "scenario":
        from embauche.core.scenario_load import scenario_schema

        return json.dumps(scenario_schema(), indent=2, ensure_ascii=False)
    if kind == "parameters":
        from embauche.core.parameters import REGISTRY

        head = ("name", "default", "unit", "low", "high", "meaning", "source")
        rows = [
            (p.name, f"{p.value:g}", p.unit, f"{p.low:g}", f"{p.high:g}", p.doc, p.source)
            for p in (REGISTRY[name] for name in sorted(REGISTRY))
        ]
        return "\n".join("\t".join(row) for row in [head, *rows])
    from embauche.population.user_tables import print_schema

    return str(print_schema(kind))
