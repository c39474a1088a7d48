"""The command line: commands, their options and exit codes.

Lives here: typer commands that call the rooms below. Not here: any logic; what is printed (cli_show).
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from embauche import cli_guard as guard
from embauche import cli_show as show
from embauche.cli_compare import compare_folders, compare_variants, side_by_side
from embauche.cli_draw import draw
from embauche.cli_propose import propose
from embauche.core.progress import RichProgress

app = typer.Typer(
    cls=guard.Guarded,
    help="Simulate commuting and recruitment in a French bassin de mobilité.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
export = typer.Typer(help="Write what others can read.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(export, name="export")
app.add_typer(propose, name="propose")
app.add_typer(draw, name="draw")
DEMO = ("baseline", "early-late-buses", "dearer-fuel")
Seeds = Annotated[int | None, typer.Option(min=1, help="Replications, with paired seeds.")]
Weeks = Annotated[int | None, typer.Option(min=1, help="Weeks simulated after burn-in.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the output if it exists.")]
Language = Annotated[Literal["fr", "en"] | None, typer.Option("--lang", help="Language of the report.")]
OutFolder = Annotated[Path | None, typer.Option("--out", help="Folder to write; a new one by default.")]


def _version(asked: bool) -> None:
    if asked:
        from embauche import __version__

        show.say(f"embauche {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Nothing to do before a command: the options act by themselves."""


@app.command()
def demo(
    out: OutFolder = None,
    weeks: Weeks = None,
    seeds: Seeds = None,
    lang: Language = None,
    overwrite: Overwrite = False,
) -> None:
    """Run a baseline and two policies on the embedded Bresle-Vimeu, and write one report."""
    folder = show.output_folder(out, Path("results/demo"), overwrite)

    from embauche.core.scenario_load import load_scenario

    changes: dict[str, Any] = {"weeks": weeks, "seeds": seeds}
    given = {key: value for key, value in changes.items() if value is not None}
    side_by_side([load_scenario(name).changed(**given) for name in DEMO], folder, lang, overwrite)


@app.command()
def build(
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    osm: Annotated[
        Path | None, typer.Option(help="OpenStreetMap extract: .osm, .osm.gz, .osm.bz2, .osm.pbf.")
    ] = None,
    stylised: Annotated[
        bool, typer.Option("--stylised", help="Instead of --osm: make up roads and timetable for --communes.")
    ] = False,
    gtfs: Annotated[list[Path] | None, typer.Option(help="Timetable, zip or folder; repeatable.")] = None,
    day: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="A day of the week to take; else the median week."),
    ] = None,
    communes: Annotated[Path | None, typer.Option(help="Communes, GeoJSON or GeoPackage.")] = None,
    externals: Annotated[
        Path | None, typer.Option(help="Table of external zones (poles outside), CSV; else none.")
    ] = None,
    workers: Annotated[Path | None, typer.Option(help="Table of workers, CSV or Parquet.")] = None,
    households: Annotated[Path | None, typer.Option(help="Table of households.")] = None,
    firms: Annotated[Path | None, typer.Option(help="Table of firms.")] = None,
    posts: Annotated[Path | None, typer.Option(help="Table of posts.")] = None,
    residences: Annotated[Path | None, typer.Option(help="Table of existing residences.")] = None,
    centres: Annotated[Path | None, typer.Option(help="Table of training centres.")] = None,
    population: Annotated[int | None, typer.Option(min=1, help="Inhabitants, without communes.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the territory.")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Build a territory from files; scenarios then read its folder in seconds."""
    show.one_source(osm, stylised)

    from embauche.population.territory_tables import build_with_tables

    tables = {"workers": workers, "households": households, "firms": firms, "posts": posts,
              "residences": residences, "centres": centres}  # fmt: skip
    with RichProgress(sys.stderr) as progress:
        territory = build_with_tables(
            osm,
            gtfs or (),
            out=out,
            tables={key: path for key, path in tables.items() if path is not None},
            day=day.date() if day is not None else None,
            communes=communes,
            externals=externals,
            name=name,
            population=population,
            overwrite=overwrite,
            progress=progress,
        )
    show.territory(territory)
    show.written(out)


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A scenario's file, or the name of a built-in one.")],
    seeds: Seeds = None,
    weeks: Weeks = None,
    out: OutFolder = None,
    territory: Annotated[
        str | None, typer.Option(help="Run on this territory: a folder, or an embedded name.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Run a scenario and write its folder of results."""
    from embauche.analysis.check import check as check_scenario

    changes: dict[str, Any] = {"weeks": weeks, "seeds": seeds}
    if territory is not None:
        here = Path(territory).expanduser()
        changes["territory"] = str(here.resolve()) if here.is_dir() else territory
    given = {key: value for key, value in changes.items() if value is not None}
    asked = check_scenario(scenario, given)
    folder = show.output_folder(out, Path("results") / asked.scenario.name, overwrite)

    from embauche.analysis.runner import run as run_scenario

    with RichProgress(sys.stderr) as progress:
        result = run_scenario(asked.scenario, out=folder, overwrite=overwrite, progress=progress)
    show.result(result)
    show.written(folder)


@app.command()
def compare(
    runs: Annotated[
        list[Path], typer.Argument(help="Folders of runs, the baseline first; or one file with variants.")
    ],
    out: OutFolder = None,
    weeks: Weeks = None,
    seeds: Seeds = None,
    lang: Language = None,
    overwrite: Overwrite = False,
) -> None:
    """Compare runs with the first of them, seed by seed; or run one file's variants and compare them."""
    if len(runs) == 1 and runs[0].is_file():
        compare_variants(runs[0], out, {"weeks": weeks, "seeds": seeds}, lang, overwrite)
    else:
        compare_folders(runs, out, {"weeks": weeks, "seeds": seeds}, lang, overwrite)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a run, of a comparison, or of a demo.")],
    out: Annotated[Path | None, typer.Option(help="File to write; report.html in the folder.")] = None,
    lang: Language = None,
) -> None:
    """Write the report of a run or of a comparison as one HTML file."""
    from embauche.output.report import write_report

    path = out if out is not None else folder / "report.html"
    beside = folder / "comparison"  # the demo's folder holds its runs and their comparison
    source = beside if beside.is_dir() and not (folder / "manifest.json").exists() else folder
    write_report(source, path, lang or "fr")
    show.written(path)


@app.command()
def check(
    scenario: Annotated[str, typer.Argument(help="A scenario's file, or the name of a built-in one.")],
) -> None:
    """Report every error of a scenario at once, or say what its run will take."""
    from embauche.analysis.check import check as check_scenario

    show.checked(check_scenario(scenario))


@app.command()
def schema(
    kind: Annotated[
        Literal["scenario", "workers", "households", "firms", "posts", "residences", "centres", "parameters"],
        typer.Argument(help="What to describe."),
    ],
    out: Annotated[Path | None, typer.Option(help="File to write instead of the terminal.")] = None,
) -> None:
    """Describe a scenario (JSON schema, for editors), a table of yours, or every parameter."""
    words = show.schema(kind)
    if out is None:
        show.say(words)
        return
    from embauche.core.files import atomic_path

    with atomic_path(out) as path:
        path.write_text(words + "\n", encoding="utf-8")
    show.written(out)


@app.command()
def territories() -> None:
    """List the embedded territories."""
    from embauche.analysis.check import facts_of
    from embauche.territory.load import embedded_names

    show.territories([facts_of(name) for name in embedded_names()])


@app.command("export-territory")
def export_territory(
    name: Annotated[str, typer.Argument(help="An embedded territory.")],
    folder: Annotated[Path, typer.Argument(help="Folder to write.")],
    overwrite: Overwrite = False,
) -> None:
    """Write an embedded territory's stylised OpenStreetMap, GTFS and communes, to look at or build from."""
    from embauche.territory.embedded import write_stylised

    write_stylised(name, folder, overwrite=overwrite)
    show.written(folder)


@export.command("gtfs")
def export_gtfs(
    scenario: Annotated[str, typer.Argument(help="A scenario's file, or the name of a built-in one.")],
    out: Annotated[Path, typer.Option(help="Zip to write.")],
    overwrite: Overwrite = False,
) -> None:
    """Write a scenario's timetable and on-demand services as a GTFS feed, checked by the format's rules."""
    from embauche.analysis.check import check as check_scenario
    from embauche.output.gtfs_feed import export_feed

    counts = export_feed(check_scenario(scenario).scenario, out, overwrite=overwrite)
    show.feed(counts)
    show.written(out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 2 an error in what was given, 130 interrupted, 143 ended."""
    guard.utf8()
    with guard.tidy_end():
        app(args=None if arguments is None else list(arguments), prog_name="embauche")
