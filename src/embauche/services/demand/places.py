"""Names and files of on-demand systems put on the map: areas, depots, stops given or of the timetable.

Lives here: matching names to communes and stops, reading a file of stops. Not here: virtual stops
(demand.stops), faults as a person reads them (demand.check).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.csv_rows import csv_table
from embauche.core.epci import match_epcis
from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.geo import EARTH_M
from embauche.core.suggest import folded, nearest

if TYPE_CHECKING:
    from embauche.services.demand.options import System
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
OFF_NETWORK_M = 500.0
COLUMNS = ("id", "name", "lon", "lat")


@dataclass(frozen=True)
class Stops:
    """Stops on the road network: stop_id and name str [stop], node int32 [stop]."""

    stop_id: Array
    name: Array
    node: Array


def beside(folder: Path | None, name: str) -> Path:
    """A file that a scenario names."""
    return (folder or Path()) / Path(name).expanduser()


def snapped(t: Territory, lon: Array, lat: Array) -> tuple[Array, Array]:
    """Nearest node that cars reach from everywhere, int32 [point], and its distance in metres."""
    from scipy.spatial import cKDTree

    nodes = np.flatnonzero(t.nodes.in_car)
    shrink = math.cos(math.radians(float(t.nodes.lat.mean())))
    scale = math.radians(EARTH_M)
    tree = cKDTree(np.stack([t.nodes.lon[nodes] * shrink, t.nodes.lat[nodes]], 1) * scale)
    metres, row = tree.query(np.stack([np.asarray(lon) * shrink, np.asarray(lat)], 1) * scale)
    return nodes[row].astype(np.int32), np.asarray(metres)


def match_communes(asked: Iterable[str], t: Territory) -> tuple[list[int], list[Problem]]:
    """Rows of communes by name, by a part of it that fits one alone, or by code; a Problem for each other.

    External zones are left out.
    """
    inside = np.flatnonzero(~t.communes.external)
    names = {folded(str(t.communes.name[i])): int(i) for i in inside}
    codes = {str(t.communes.code[i]): int(i) for i in inside}
    rows, problems = [], []
    for word in asked:
        row = codes.get(word, names.get(folded(word)))
        part = [r for name, r in names.items() if f" {folded(word)} " in f" {name} "]
        if row is not None or len(part) == 1:
            rows.append(part[0] if row is None else row)
            continue
        full = [str(t.communes.name[i]) for i in inside]
        near = nearest(word, [*full, *(p for name in full for p in name.split("-") if len(p) > 4)])
        problems.append(
            Problem(
                "the territory has no such commune", found=word,
                expected=f"one of its {len(inside)} communes, by name or INSEE code",
                fix=f"did you mean {near}?" if near else "look at the territory's communes",
            )
        )  # fmt: skip
    return rows, problems


def zone_communes(system: System, t: Territory) -> Array:
    """Whether each commune is named by the system's zone, bool [commune]; all inside without a zone.

    Raises:
        UserError: unknown communes or EPCIs.
    """
    if system.zone is None:
        return np.asarray(~t.communes.external)
    rows, problems = match_communes(system.zone.communes, t)
    known = {str(c): str(n) for c, n in zip(t.communes.epci, t.communes.epci_name, strict=True) if c}
    codes, more = match_epcis(system.zone.epcis, known)
    raise_all([*problems, *more])
    wanted = np.isin(t.communes.epci, codes) if codes else np.zeros(len(t.communes), bool)
    wanted[rows] = True
    return np.asarray(wanted)


def area(system: System, t: Territory, folder: Path | None) -> Array:
    """Whether each road node lies in the system's zone, bool [node]; everywhere without a zone.

    Raises:
        UserError: unknown communes or EPCIs, or a file that holds no polygons.
    """
    if system.zone is None:
        if system.gtfs_flex is not None:
            return _in_feed(system, t, beside(folder, system.gtfs_flex))
        return np.ones(len(t.nodes), bool)
    wanted = zone_communes(system, t)
    inside = np.append(wanted, False)[t.nodes.commune]
    if system.zone.file is not None:
        inside |= _in_polygons(t, beside(folder, system.zone.file))
    return np.asarray(inside)


def _in_feed(system: System, t: Territory, path: Path) -> Array:
    """Nodes within the feed's areas; all, where the feed names stops alone."""
    import json

    import shapely

    from embauche.territory.gtfs_flex import read_flex

    feed = read_flex(path, system.routes)
    if not feed.areas:
        return np.ones(len(t.nodes), bool)
    shape = shapely.union_all([shapely.from_geojson(json.dumps(area)) for area in feed.areas])
    shapely.prepare(shape)
    return np.asarray(shapely.contains_xy(shape, t.nodes.lon, t.nodes.lat))


def _in_polygons(t: Territory, path: Path) -> Array:
    import shapely

    from embauche.territory.polygons import open_polygons, to_wgs84

    frame = to_wgs84(open_polygons(path), path, {}, [])
    shape = shapely.make_valid(shapely.union_all(frame.geometry.values))
    shapely.prepare(shape)
    return np.asarray(shapely.contains_xy(shape, t.nodes.lon, t.nodes.lat))


def depot_nodes(system: System, t: Territory) -> Array:
    """The road node of each entry of the fleet, int32.

    Raises:
        UserError: an unknown commune.
    """
    lon, lat = [], []
    for entry in system.fleet:
        if isinstance(entry.depot, str):
            rows, problems = match_communes([entry.depot], t)
            raise_all(problems)
            lon.append(float(t.communes.lon[rows[0]]))
            lat.append(float(t.communes.lat[rows[0]]))
        else:
            lon.append(entry.depot[0])
            lat.append(entry.depot[1])
    return snapped(t, np.array(lon), np.array(lat))[0]


def stops_of_timetable(t: Territory, inside: Array) -> Stops:
    """Stops of the timetable in the zone and on roads open to cars."""
    on_road = (t.stops.node >= 0) & (t.stops.zone < 0)
    rows = np.flatnonzero(on_road & inside[t.stops.node])
    node, _ = snapped(t, t.stops.lon[rows], t.stops.lat[rows]) if len(rows) else (np.empty(0, np.int32), None)
    return Stops(t.stops.stop_id[rows], t.stops.name[rows], node)


def stops_named(system: System, t: Territory) -> Array:
    """Rows of the timetable's stops that the system feeds, int64; several of one name are one each.

    Raises:
        UserError: a stop that the timetable does not have, or off the roads.
    """
    if system.feeder is None:
        return np.empty(0, np.int64)
    rows, problems = match_stops(system.feeder.stops, t)
    raise_all(problems)
    return rows


def match_stops(asked: Iterable[str], t: Territory) -> tuple[Array, list[Problem]]:
    """Rows of the timetable's stops by stop_id or name, and a Problem for each that cannot be used."""
    rows: list[int] = []
    problems = []
    names = np.array([folded(str(n)) for n in t.stops.name], object)
    for word in asked:
        hits = np.flatnonzero((t.stops.stop_id == word) | (names == folded(word)))
        usable = hits[t.stops.node[hits] >= 0]
        if not len(hits):
            near = nearest(word, [*map(str, t.stops.name), *map(str, t.stops.stop_id)])
            problems.append(
                Problem("the timetable has no such stop", found=word, expected="a stop's name or stop_id",
                        fix=f"did you mean {near}?" if near else "look at the territory's stops")
            )  # fmt: skip
        elif not len(usable):
            problems.append(
                Problem("this stop is off the road network", found=word, expected="a stop near a road")
            )
        rows += [int(i) for i in usable]
    return np.unique(np.array(rows, np.int64)), problems


def read_stops(path: Path, t: Territory) -> Stops:
    """A CSV file of stops, UTF-8: id,name,lon,lat.

    Raises:
        UserError: all that is wrong in the file, each with its line.
    """
    rows = csv_table(path, "stops", COLUMNS, fix="look at stops: in the scenario")
    found: dict[str, tuple[str, float, float, int]] = {}
    problems = []
    for line, words in rows:
        try:
            stop, name, lon, lat = words[0], words[1], float(words[2]), float(words[3])
            fine = len(words) == 4 and stop != "" and -180 <= lon <= 180 and -90 <= lat <= 90
        except (IndexError, ValueError):
            fine = False
        if not fine:
            problems.append(
                Problem("this is no stop", path, line, ",".join(words)[:80], "id,name,lon,lat in degrees")
            )
        elif stop in found:
            problems.append(Problem("this stop is there twice", path, line, stop, "each id once"))
        else:
            found[stop] = (name, lon, lat, line)
    if not found and not problems:
        problems.append(Problem("this table has no stops", path, expected="a line for each stop"))
    raise_all(problems)
    return placed_stops(path, t, list(found), *zip(*found.values(), strict=True))


def placed_stops(path: Path, t: Territory, ids: Any, name: Any, lon: Any, lat: Any, line: Any) -> Stops:
    """Stops on the roads.

    Raises:
        UserError: stops too far from a road, each with its line.
    """
    node, metres = snapped(t, np.array(lon), np.array(lat))
    raise_all(
        Problem("this stop is off the road network", path, line[k],
                f"{ids[k]}, {metres[k]:,.0f} m from a road",
                f"at most {OFF_NETWORK_M:g} m", "move it, or leave it out")
        for k in np.flatnonzero(metres > OFF_NETWORK_M).tolist()
    )  # fmt: skip
    return Stops(np.array(ids, object), np.array(name, object), node)


def given_stops(system: System, t: Territory, folder: Path | None) -> Stops | None:
    """Stops of the system's file or feed; None for a feed that names areas only."""
    if system.gtfs_flex is None:
        return read_stops(beside(folder, system.stops), t)
    from embauche.territory.gtfs_flex import read_flex

    path = beside(folder, system.gtfs_flex)
    feed = read_flex(path, system.routes)
    if not feed.stops:
        return None
    lon, lat = (np.array([getattr(s, c) for s in feed.stops]) for c in ("lon", "lat"))
    node, metres = snapped(t, lon, lat)
    keep = np.flatnonzero(metres <= OFF_NETWORK_M)
    if not len(keep):
        raise UserError(
            "no stop of this feed is near a road of the territory", file=path,
            found=f"{len(feed.stops)} stops", expected=f"stops within {OFF_NETWORK_M:g} m of a road",
        )  # fmt: skip
    ids, names = ([getattr(feed.stops[k], c) for k in keep.tolist()] for c in ("stop_id", "name"))
    return Stops(np.array(ids, object), np.array(names, object), node[keep])
