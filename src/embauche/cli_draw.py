"""The command line's pictures of single things out of a run.

Lives here: `embauche draw`. Not here: the drawings (output), reports of runs (cli).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from embauche import cli_show as show

draw = typer.Typer(help="Draw a single thing out of a run.", no_args_is_help=True, rich_markup_mode=None)
Day = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@draw.command("day")
def day(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Annotated[Path | None, typer.Option(help="File to write; day.html in the folder.")] = None,
    service: Annotated[str, typer.Option(help="Service; the only one that drives if not given.")] = "",
    system: Annotated[str, typer.Option(help="System or line of the service, likewise.")] = "",
    week: Annotated[int | None, typer.Option(min=0, help="Week of the run; the last by default.")] = None,
    on: Annotated[Day, typer.Option("--day", help="Day of the week.")] = "Mon",
    seed: Annotated[int | None, typer.Option(help="Replication; the first by default.")] = None,
    lang: Annotated[Literal["fr", "en"], typer.Option(help="Language of the page.")] = "fr",
) -> None:
    """Draw a day of a system's vehicles: time against distance, and the roads driven."""
    from embauche.output.schedules import write_day

    path = out if out is not None else run / "day.html"
    write_day(run, path, service=service, system=system, week=week, day=on, seed=seed, lang=lang)
    show.written(path)
