"""Builds a territory from files, once: OSM, GTFS, communes, external zones into one folder.

Lives here: build_territory and the order of its steps. Not here: the steps (osm, gtfs, ...).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.files import atomic_folder, sha256
from embauche.core.parameters import defaults
from embauche.core.table import Table
from embauche.core.versions import versions_of
from embauche.routing.gtfs_archive import Archive
from embauche.territory import schemas
from embauche.territory.communes import Communes
from embauche.territory.externals import ExternalZone, check_externals, zones_of_stops
from embauche.territory.homes import Spots, make_places, make_sites, nearest
from embauche.territory.network import build_network, project
from embauche.territory.origin import is_stylised
from embauche.territory.osm import read_osm
from embauche.territory.polygons import check_polygons
from embauche.territory.roads import RawRoads
from embauche.territory.territory import FORMAT, Territory
from embauche.territory.towns import Draft, commune_table, place_communes

Progress = Callable[[str, float], None]
_VERSIONS = ("embauche", "geopandas", "numpy", "osmium", "pandas", "pyarrow", "pyproj", "scipy", "shapely")


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
        stylised: roads and timetable are made up; taken as said where the extract names us as its maker.
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
        for feed in gtfs:  # a wrong path or no zip is said before a large extract is read
            Archive(Path(feed)).close()
        if communes is not None:
            check_polygons(Path(communes))
        _say(progress, "reading roads", 0.0)
        raw = read_osm(osm, values)
        inputs = {
            "osm": [osm],
            "gtfs": [Path(g) for g in gtfs],
            "communes": [Path(communes)] if communes else [],
        }
        return assemble(
            raw, osm, gtfs, day=day, communes=communes, name=name or _stem(osm), externals=externals,
            stylised=stylised or is_stylised(osm), population=population, values=values, inputs=inputs,
            progress=progress,
        )  # fmt: skip

    return write_or_return(make, out, overwrite)


def write_or_return(make: Callable[[], Territory], out: Path | str | None, overwrite: bool) -> Territory:
    """Make a territory and write it to `out`, if given, whole or not at all."""
    if out is None:
        return make()
    from embauche.routing.roads import RoadGraph

    with atomic_folder(Path(out), overwrite=overwrite) as folder:
        territory = make()
        territory.save(folder)
        # the order of the roads is found once, here, so that no run waits for it
        RoadGraph.of(territory, folder / "cache")
    return replace(territory, folder=Path(out))


def _say(progress: Progress | None, what: str, share: float) -> None:
    if progress is not None:
        progress(what, share)


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
    draft = Draft(values, source)
    if stylised:
        draft.notes.append(
            "Roads and timetable are stylised: made up in the style of the place, not observed."
        )
    _say(progress, "connecting roads", 0.3)
    nodes, arcs, turns, counts = build_network(raw, source)
    draft.counts |= counts
    _say(progress, "placing communes, homes and sites", 0.5)
    towns = place_communes(nodes, arcs, communes, population, name, draft)
    check_externals(externals, towns.columns["code"])
    places, sites = _spots(nodes, arcs, raw, towns, draft, one_zone=communes is None)
    table = commune_table(nodes, towns, externals, draft)
    first = len(towns.polygons)
    gates = table.node[first:]
    rows = np.arange(first, len(table))
    _say(progress, "reading timetables", 0.7)
    stops, trips, connections = _timetable(nodes, gtfs, day, externals, first, draft)
    _say(progress, "writing", 0.95)
    tables: dict[str, Any] = {
        "nodes": Table.make(schemas.NODES, nodes),
        "arcs": Table.make(schemas.ARCS, arcs),
        "turns": Table.make(schemas.TURNS, turns),
        "communes": table,
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
        "versions": versions_of(_VERSIONS),
        "counts": draft.counts,
        "week": draft.week,
        "notes": draft.notes,
    }
    return Territory(**tables, name=name, stylised=stylised, manifest=manifest)


_TOPICS = ("roads", "homes", "sites", "stops", "transit")


def _spots(
    nodes: dict[str, Any],
    arcs: dict[str, Any],
    raw: RawRoads,
    towns: Communes,
    draft: Draft,
    *,
    one_zone: bool,
) -> tuple[Spots, Spots]:
    centre = project(towns.columns["lon"], towns.columns["lat"], draft.counts["epsg"])
    places = make_places(nodes, arcs, [p for _, p in raw.housing], centre, draft.counts)
    zones = [p for _, p in raw.zones]
    sites = make_sites(nodes, places, zones, centre, draft.values, draft.counts, one_zone=one_zone)
    if not draft.counts["activity zones"]:
        draft.notes.append(
            "The extract has no land use for activities: firms sit "
            + ("where people live densest." if one_zone else "around the communes' centres.")
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


def _timetable(
    nodes: dict[str, Any],
    gtfs: Sequence[Path | str],
    day: dt.date | str | None,
    externals: Sequence[ExternalZone],
    first: int,
    draft: Draft,
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


def _join_stops(nodes: dict[str, Any], stops: dict[str, Any], draft: Draft) -> None:
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
