"""Proposed shuttle lines for a scenario: from its file to a scenario with these lines, ready to run.

Lives here: propose_for, the table in words, the file. Not here: how lines are found (shuttle_proposals).
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from embauche.analysis.shuttle_need import Zone
from embauche.analysis.shuttle_proposals import Proposal, Wish, propose
from embauche.core.errors import UserError
from embauche.core.files import atomic_path
from embauche.core.scenario import Scenario

HEAD = ("line", "windows", "stops", "persons", "posts", "reached", "open", "EUR/week", "km", "per EUR")


def propose_for(scenario: Scenario, wish: Wish) -> tuple[Zone, list[Proposal]]:
    """Lines for a scenario's territory and people as they are at the start.

    Raises:
        UserError: the territory or the wish do not fit (shuttle_proposals.propose).
    """
    from embauche.analysis.replication import POPULATION_SEED
    from embauche.model import Bassin
    from embauche.population.territory_tables import start_population
    from embauche.territory.load import territory_of

    territory, values = territory_of(scenario), scenario.parameter_values()
    population = start_population(territory, scenario.catalogue(), values, POPULATION_SEED)
    model = Bassin(
        territory, population, scenario.catalogue(), values, scenario.settings(), rng=scenario.seed
    )
    return propose(model, wish)


def table_of(proposals: Sequence[Proposal]) -> str:
    """The proposals as lines of text, best first."""
    rows: list[tuple[str, ...]] = [HEAD]
    for p in proposals:
        figures = (p.persons, p.posts, p.reached, p.reached_vacant, p.eur_week, p.km_week)
        words = (p.line.name, "+".join(p.line.windows), str(len(p.line.stops)))
        rows.append((*words, *(f"{x:,.0f}" for x in figures), f"{p.per_euro:.1f}"))
    width = [max(len(r[c]) for r in rows) for c in range(len(HEAD))]
    return "\n".join("  ".join(x.ljust(w) for x, w in zip(r, width, strict=True)).rstrip() for r in rows)


def write_proposals(
    base: str, zone: Zone, proposals: Sequence[Proposal], out: Path, *, overwrite: bool = False
) -> str:
    """Write a scenario with the lines; returns the table that stands at its top.

    Args:
        base: the scenario that they were proposed for: a file or a built-in name.
        zone: the workplaces.
        proposals: best first.
        out: YAML file to write.
        overwrite: replace the file if it exists.

    Raises:
        UserError: the file exists, or cannot be written.
    """
    from ruamel.yaml import YAML

    if out.exists() and not overwrite:
        raise UserError(
            "this file exists", file=out, expected="a new file", fix="add --overwrite, or name another one"
        )
    beside = os.path.relpath(base, out.parent) if Path(base).is_file() else base
    lines = [p.line.model_dump(mode="json", exclude_none=True, exclude_defaults=True) for p in proposals]
    scenario: dict[str, Any] = {
        "base": beside,
        "title": {"fr": f"Navettes proposées pour {zone.name}", "en": f"Shuttles proposed for {zone.name}"},
        "services": {"shuttle": {"lines": lines}},
    }
    table = table_of(proposals)
    words = (
        f"Shuttle lines proposed for the posts of {zone.name} ({', '.join(zone.windows)}), best first,\n"
        "each beside those before it. persons: active, without a car, for whom posts come within\n"
        "reach; posts: of the zone in the line's windows; reached: posts brought within reach, summed\n"
        "over these persons; open: vacant ones among them; per EUR: reached over euros of a week.\n"
    )
    buffer = io.StringIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 110
    writer.dump(scenario, buffer)
    comment = "".join(f"# {line}".rstrip() + "\n" for line in (words + table).splitlines())
    with atomic_path(out) as path:
        path.write_text(comment + buffer.getvalue(), encoding="utf-8")
    return table
