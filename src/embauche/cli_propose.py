"""The command line's proposals: what could be run, ranked, and written as a scenario.

Lives here: `embauche propose`. Not here: how proposals are found (analysis), the other commands (cli).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from embauche import cli_show as show

propose = typer.Typer(help="Propose services for a scenario.", no_args_is_help=True, rich_markup_mode=None)


@propose.command("shuttles")
def shuttles(
    scenario: Annotated[str, typer.Argument(help="A scenario's file, or the name of a built-in one.")],
    out: Annotated[Path, typer.Option(help="Scenario to write (YAML), with the lines proposed.")],
    zone: Annotated[
        list[str] | None, typer.Option(help="Commune of the workplaces; the one with most such posts.")
    ] = None,
    radius_km: Annotated[
        float, typer.Option(min=0, max=50, help="Workplaces around the communes' centres instead.")
    ] = 0.0,
    window: Annotated[
        list[str] | None, typer.Option(help="Shift window to serve; morning, afternoon and night.")
    ] = None,
    budget: Annotated[float, typer.Option(min=1, help="EUR a week for all lines.")] = 8000.0,
    vehicles: Annotated[int, typer.Option(min=1, max=99, help="Vehicles for all lines.")] = 4,
    seats: Annotated[int, typer.Option(min=1, max=90, help="Seats of a vehicle.")] = 19,
    lines: Annotated[int, typer.Option(min=1, max=20, help="Lines at most.")] = 5,
    limit: Annotated[float, typer.Option(min=15, max=180, help="Longest way to work, minutes.")] = 60.0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
) -> None:
    """Propose shuttle lines to a zone at shift hours, ranked by posts brought within reach per euro."""
    from embauche.analysis.check import check
    from embauche.analysis.shuttle_files import propose_for, write_proposals
    from embauche.analysis.shuttle_proposals import Wish

    wish = Wish(
        zone=tuple(zone or ()), radius_km=radius_km, budget_eur_week=budget, vehicles=vehicles, seats=seats,
        lines=lines, limit_min=limit, windows=tuple(window or Wish.windows),
    )  # fmt: skip
    asked = check(scenario).scenario
    where, proposals = propose_for(asked, wish)
    show.say(write_proposals(scenario, where, proposals, out, overwrite=overwrite))
    show.written(out)
