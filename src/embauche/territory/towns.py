"""Which commune each node is in, and the table of communes and external zones.

Lives here: the step from communes as read to communes on the roads. Not here: reading (communes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.table import Table
from embauche.territory import schemas
from embauche.territory.areas import extract_hull, locate
from embauche.territory.communes import Communes, read_communes
from embauche.territory.externals import ExternalZone, external_rows
from embauche.territory.homes import lived_weight, nearest, street_metres
from embauche.territory.network import project

_NEAR_M = 2000.0  # a commune without a node of its own stays if one is this near


@dataclass
class Draft:
    """What the steps fill."""

    values: Mapping[str, float]
    source: Path | str
    counts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    week: dict[str, Any] | None = None


def place_communes(
    nodes: dict[str, Any],
    arcs: dict[str, Any],
    path: Path | str | None,
    population: int | None,
    name: str,
    draft: Draft,
) -> Communes:
    """Communes with at least a node near; fills nodes["commune"]."""
    towns = read_communes(Path(path)) if path else _extract_zone(nodes, arcs, population, name, draft)
    draft.counts |= towns.counts
    draft.notes += towns.notes
    where = locate(nodes["lon"], nodes["lat"], towns.polygons)
    if path is not None and not (where >= 0).any():
        raise UserError(
            "the communes and the roads do not overlap",
            file=path,
            found=f"{len(towns.polygons)} communes, none with a road of {draft.source}",
            expected="communes of the extract's area",
            fix="take the communes of the same area, or leave --communes out",
        )
    usable = np.flatnonzero(nodes["in_car"] & nodes["in_walk"])
    _, metres = nearest(
        nodes, usable, *project(towns.columns["lon"], towns.columns["lat"], draft.counts["epsg"])
    )
    own = np.bincount(where[usable][where[usable] >= 0], minlength=len(towns.polygons)) > 0
    keep = own | (metres <= _NEAR_M)
    if not keep.all():
        draft.counts["communes off the roads, left out"] = int((~keep).sum())
        draft.notes.append(f"{int((~keep).sum())} communes have no road in the extract and were left out.")
    row = np.append(np.where(keep, np.cumsum(keep) - 1, -1), -1)
    nodes["commune"] = row[where].astype(np.int32)
    kept = np.flatnonzero(keep)
    draft.counts["nodes in no commune"] = int((nodes["commune"] < 0).sum())
    columns = {c: [v[i] for i in kept] for c, v in towns.columns.items()}
    return Communes(columns, [towns.polygons[i] for i in kept])


def _extract_zone(
    nodes: dict[str, Any], arcs: dict[str, Any], population: int | None, name: str, draft: Draft
) -> Communes:
    hull = extract_hull(nodes["lon"], nodes["lat"])
    homes = lived_weight(nodes, arcs)
    if population is None:
        km = float(street_metres(nodes, arcs).sum()) / 1000
        population = max(1, round(float(homes.sum()) * draft.values["homes.persons_at_street_density"]))
        draft.notes.append(
            f"No communes were given: the extract is one zone, and its {population} inhabitants are a "
            f"rough estimate from {km:.0f} km of residential street and their density; "
            "give the true figure if known."
        )
    else:
        draft.notes.append(f"No communes were given: the extract is one zone with {population} inhabitants.")
    weight = homes if homes.sum() > 0 else np.ones(len(homes))
    lon, lat = (
        float(np.average(nodes["lon"], weights=weight)),
        float(np.average(nodes["lat"], weights=weight)),
    )
    texts = {c: [""] for c in ("epci", "epci_name", "departement", "arrondissement")}
    return Communes(
        {
            "code": ["extract"],
            "name": [name],
            "population": [population],
            **texts,
            "lon": [lon],
            "lat": [lat],
        },
        [hull],
    )


def commune_table(
    nodes: dict[str, Any], towns: Communes, externals: Sequence[ExternalZone], draft: Draft
) -> Table:
    """The table of communes, then external zones, each with its nearest node."""
    import shapely

    n = len(towns.polygons)
    usable = np.flatnonzero(nodes["in_car"] & nodes["in_walk"])
    node, _ = nearest(
        nodes, usable, *project(towns.columns["lon"], towns.columns["lat"], draft.counts["epsg"])
    )
    columns: dict[str, list[Any]] = {
        **towns.columns,
        "external": [False] * n,
        "node": [int(i) for i in node],
        "jobs": [0] * n,
        "inflow": [0] * n,
        "gate_car_min": [0.0] * n,
        "gate_car_km": [0.0] * n,
        "gate_transit_min": [float("inf")] * n,
        "geometry": [shapely.to_wkb(p) for p in towns.polygons],
    }
    extra = external_rows(externals, nodes, draft.counts["epsg"])
    arrays = {}
    for column in schemas.COMMUNES:
        cells = columns[column.name] + extra.get(column.name, [])
        array = np.empty(len(cells), column.numpy_dtype)
        array[:] = cells
        arrays[column.name] = array
    return Table.make(schemas.COMMUNES, arrays)
