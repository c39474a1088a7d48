"""Builds a territory from files, once: OSM, GTFS, communes, external zones into one folder.

Lives here: build_territory and the order of its steps. Not here: the steps (osm, gtfs, ...).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.files import atomic_folder, sha256
from embauche.core.parameters import defaults
from embauche.core.table import Table
from embauche.territory import schemas
from embauche.territory.communes import Communes, extract_hull, locate, read_communes
from embauche.territory.externals import ExternalZone, check_externals, external_rows, zones_of_stops
from embauche.territory.homes import Spots, lived_weight, make_places, make_sites, nearest, street_metres
from embauche.territory.network import build_network, project
from embauche.territory.osm import read_osm
from embauche.territory.roads import RawRoads
from embauche.territory.territory import FORMAT, Territory

Progress = Callable[[str, float], None]
_VERSIONS = ("embauche", "geopandas", "numpy", "osmium", "pandas", "pyarrow", "pyproj", "scipy", "shapely")
_NEAR_M = 2000.0  # a commune without a node of its own stays if one is this near


@dataclass
class _Draft:
    """What the steps fill."""

    values: Mapping[str, float]
    source: Path | str
    counts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    week: dict[str, Any] | None = None


def build_territory(
    osm: Path | str,
    gtfs: Sequence[Path | str] = (),
    *,
    day: dt.date | str | None = None,
    communes: Path | str | None = None,
    out: Path | str | None = None,
    name: str | None = None,
    externals: Sequence[ExternalZone] = (),
    stylised: bool = False,
    population: int | None = None,
    overwrite: bool = False,
    parameters: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Territory:
    """Build a territory from files; the same files give the same bytes.

    Args:
        osm: OpenStreetMap extract (.osm, .osm.gz, .osm.bz2, .osm.pbf).
        gtfs: timetable feeds (zip or folder).
        day: a day (YYYY-MM-DD) of the week to take from the calendars; without it the week with
            median service.
        communes: GeoJSON or GeoPackage; without it the extract is one zone.
        out: folder to write; without it nothing is written.
        name: of the territory; by default the extract's file name.
        externals: zones outside.
        stylised: roads and timetable are made up.
        population: inhabitants of the extract, where there are no communes; else estimated from
            the length of its residential streets.
        overwrite: replace `out` if it exists.
        parameters: values by name, defaults where None.
        progress: called with (what, share done) along the way.

    Raises:
        UserError: what is wrong in which file; nothing is written then.
    """
    osm = Path(osm)
    values = defaults() if parameters is None else parameters

    def make() -> Territory:
        _say(progress, "reading roads", 0.0)
        raw = read_osm(osm, values)
        inputs = {
            "osm": [osm],
            "gtfs": [Path(g) for g in gtfs],
            "communes": [Path(communes)] if communes else [],
        }
        return assemble(
            raw, osm, gtfs, day=day, communes=communes, name=name or _stem(osm), externals=externals,
            stylised=stylised, population=population, values=values, inputs=inputs, progress=progress,
        )  # fmt: skip

    return write_or_return(make, out, overwrite)


def write_or_return(make: Callable[[], Territory], out: Path | str | None, overwrite: bool) -> Territory:
    """Make a territory and write it to `out`, if given, whole or not at all."""
    if out is None:
        return make()
    with atomic_folder(Path(out), overwrite=overwrite) as folder:
        territory = make()
        territory.save(folder)
    return replace(territory, folder=Path(out))


def _say(progress: Progress | None, what: str, share: float) -> None:
    if progress is not None:
        progress(what, share)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a source tree
        return "not installed"


def _stem(path: Path) -> str:
    return path.name.split(".")[0] or "extract"


def assemble(
    raw: RawRoads,
    source: Path | str,
    gtfs: Sequence[Path | str],
    *,
    day: dt.date | str | None,
    communes: Path | str | None,
    name: str,
    externals: Sequence[ExternalZone],
    stylised: bool,
    population: int | None,
    values: Mapping[str, float],
    inputs: Mapping[str, Sequence[Path]],
    progress: Progress | None = None,
) -> Territory:
    """A territory from raw roads and the other files; see `build_territory`."""
    draft = _Draft(values, source)
    if stylised:
        draft.notes.append(
            "Roads and timetable are stylised: made up in the style of the place, not observed."
        )
    _say(progress, "connecting roads", 0.3)
    nodes, arcs, counts = build_network(raw, source)
    draft.counts |= counts
    _say(progress, "placing communes, homes and sites", 0.5)
    towns = _towns(nodes, arcs, communes, population, name, draft)
    check_externals(externals, towns.columns["code"])
    places, sites = _spots(nodes, arcs, raw, towns, draft)
    commune_table = _commune_table(nodes, towns, externals, draft)
    first = len(towns.polygons)
    gates = commune_table.node[first:]
    rows = np.arange(first, len(commune_table))
    _say(progress, "reading timetables", 0.7)
    stops, trips, connections = _timetable(nodes, gtfs, day, externals, first, draft)
    _say(progress, "writing", 0.95)
    tables: dict[str, Any] = {
        "nodes": Table.make(schemas.NODES, nodes),
        "arcs": Table.make(schemas.ARCS, arcs),
        "communes": commune_table,
        "places": _spot_table(schemas.PLACES, places, gates, rows),
        "sites": _spot_table(schemas.SITES, sites, gates, rows),
        "stops": stops,
        "trips": trips,
        "connections": connections,
    }
    draft.counts |= {
        "places": len(places.node),
        "sites": len(sites.node),
        "communes": first,
        "external zones": len(rows),
    }
    manifest = {
        "format": FORMAT,
        "name": name,
        "stylised": stylised,
        "inputs": {
            kind: [{"name": p.name, "sha256": sha256(p)} for p in paths] for kind, paths in inputs.items()
        },
        "options": {
            "day": str(day) if day else None,
            "population": population,
            "externals": sorted(z.code for z in externals),
            "parameters": {k: values[k] for k in sorted(values) if k.split(".")[0] in _TOPICS},
        },
        "versions": {package: _version(package) for package in _VERSIONS},
        "counts": draft.counts,
        "week": draft.week,
        "notes": draft.notes,
    }
    return Territory(**tables, name=name, stylised=stylised, manifest=manifest)


_TOPICS = ("roads", "homes", "sites", "stops", "transit")


def _towns(
    nodes: dict[str, Any],
    arcs: dict[str, Any],
    path: Path | str | None,
    population: int | None,
    name: str,
    draft: _Draft,
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
    nodes: dict[str, Any], arcs: dict[str, Any], population: int | None, name: str, draft: _Draft
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


def _spots(
    nodes: dict[str, Any], arcs: dict[str, Any], raw: RawRoads, towns: Communes, draft: _Draft
) -> tuple[Spots, Spots]:
    centre = project(towns.columns["lon"], towns.columns["lat"], draft.counts["epsg"])
    places = make_places(nodes, arcs, [p for _, p in raw.housing], centre, draft.counts)
    zones = [p for _, p in raw.zones]
    sites = make_sites(nodes, places, zones, centre, draft.values, draft.counts)
    if not draft.counts["activity zones"]:
        draft.notes.append(
            "The extract has no land use for activities: firms sit around the communes' centres."
        )
    if not raw.housing:
        draft.notes.append(
            "The extract has no residential land use: homes lie along all residential streets."
        )
    return places, sites


def _spot_table(schema: Any, spots: Spots, gates: Any, rows: Any) -> Table:
    """Places or sites in order of (commune, node), then one at the gateway of each external zone."""
    order = np.lexsort((spots.zone, spots.node, spots.commune))
    columns = {
        "node": np.concatenate([spots.node[order], gates]),
        "commune": np.concatenate([spots.commune[order], rows]),
        "weight": np.concatenate([spots.weight[order], np.ones(len(rows))]),
        "zone": np.concatenate([spots.zone[order], np.full(len(rows), -1)]),
    }
    return Table.make(schema, {c.name: columns[c.name] for c in schema})


def _commune_table(
    nodes: dict[str, Any], towns: Communes, externals: Sequence[ExternalZone], draft: _Draft
) -> Table:
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


def _timetable(
    nodes: dict[str, Any],
    gtfs: Sequence[Path | str],
    day: dt.date | str | None,
    externals: Sequence[ExternalZone],
    first: int,
    draft: _Draft,
) -> tuple[Table, Table, Table]:
    if not gtfs:
        draft.notes.append("No timetable was given: there is no public transport.")
        return Table.empty(schemas.STOPS), Table.empty(schemas.TRIPS), Table.empty(schemas.CONNECTIONS)
    from embauche.territory.timetable_week import read_week

    week = read_week([Path(g) for g in gtfs], day, draft.values)
    draft.counts |= week.counts
    draft.notes += week.notes
    draft.week = week.described
    stops = week.stops
    stops["zone"] = zones_of_stops(
        externals, first, stops["stop_id"], stops["lon"], stops["lat"], draft.values["stops.zone_max_m"]
    )
    _join_stops(nodes, stops, draft)
    return (
        Table.make(schemas.STOPS, stops),
        Table.make(schemas.TRIPS, week.trips),
        Table.make(schemas.CONNECTIONS, week.connections),
    )


def _join_stops(nodes: dict[str, Any], stops: dict[str, Any], draft: _Draft) -> None:
    """Fill node and walk_s of stops; those of external zones are no repair."""
    n = len(stops["stop_id"])
    stops["node"], stops["walk_s"] = np.full(n, -1, np.int32), np.full(n, np.inf, np.float32)
    if not n:
        return
    usable = np.flatnonzero(nodes["in_walk"])
    x, y = project(stops["lon"], stops["lat"], draft.counts["epsg"])
    node, metres = nearest(nodes, usable, x, y)
    near = metres <= draft.values["stops.join_max_m"]
    stops["node"][near] = node[near]
    stops["walk_s"][near] = metres[near] / (draft.values["roads.walk_kmh"] / 3.6)
    far = int((~near & (stops["zone"] < 0)).sum())
    draft.counts["stops"] = n
    draft.counts["stops too far from walkable roads"] = far
    if far:
        draft.notes.append(
            f"{far} of {n} stops ({100 * far / n:.0f} %) lie over {draft.values['stops.join_max_m']:.0f} m "
            "from a walkable road of the extract: nobody boards or alights there."
        )
