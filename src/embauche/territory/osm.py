"""Reads OpenStreetMap extracts (.osm, .osm.gz, .osm.bz2, .osm.pbf) in two streams by pyosmium.

Lives here: files to RawRoads. Not here: what tags mean (highways), graphs (network).

The first stream keeps ways and relations with a highway or land use, the second the nodes that they
name; filters run in C++ and what is kept goes straight into arrays, so memory follows the roads, not
the file, and the order of the file does not matter. Negative ids (unsaved edits of JOSM) are refused:
they change from one save to the next, so nothing built on them could be reproduced.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.territory import highways, restrictions
from embauche.territory.highways import Way
from embauche.territory.restrictions import Restrictions
from embauche.territory.roads import RawRoads, links_of_ways
from embauche.territory.slopes import parse_height

SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf", ".xml")
ZONES = ("industrial", "commercial", "retail")
HOUSING = ("residential",)
HIGHEST_ID = 1 << 40  # far above any id in use; a larger one is damage, and would cost memory


@dataclass
class _Ways:
    """Ways as flat arrays: refs end to end, where each begins, its id, version and rule."""

    refs: array[int] = field(default_factory=lambda: array("q"))
    first: array[int] = field(default_factory=lambda: array("q", [0]))
    ids: array[int] = field(default_factory=lambda: array("q"))
    version: array[int] = field(default_factory=lambda: array("q"))
    rule: array[int] = field(default_factory=lambda: array("q"))
    rules: list[Way] = field(default_factory=list)
    seen: dict[tuple[str | None, ...], int] = field(default_factory=dict)


@dataclass
class _Land:
    """Outlines of land use: id, use, node ids of each ring or line, outer or inner."""

    outlines: list[tuple[int, str, list[array[int]], list[array[int]]]] = field(default_factory=list)
    relations: list[tuple[int, str, list[int], list[int]]] = field(default_factory=list)


def _stream(path: Path, entities: Any, *filters: Any) -> Iterator[Any]:
    """Objects of a file, with pyosmium's errors turned into ours."""
    import osmium

    name = path.name.lower()  # pyosmium itself does not know a town.OSM
    kind = next((s[1:] for s in SUFFIXES if name.endswith(s)), "")
    try:
        reader = osmium.FileProcessor(osmium.io.File(str(path), kind), entities)
        for one in filters:
            reader = reader.with_filter(one)
        yield from reader
    except Exception as error:  # pyosmium's errors share no class of their own
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        line = re.search(r"line (\d+)", text)
        raise UserError(
            "this OpenStreetMap file cannot be read",
            file=path,
            line=int(line[1]) if line else None,
            found=text,
            expected="a whole .osm, .osm.gz, .osm.bz2 or .osm.pbf file (no XML entities)",
            fix="download the extract again, or check it with `osmium fileinfo -e`",
        ) from None


def _check_path(path: Path) -> None:
    if not path.is_file():
        raise UserError(
            "there is no such OpenStreetMap file", file=path, fix="give the path of an extract to --osm"
        )
    if not path.name.lower().endswith(SUFFIXES):
        raise UserError(
            "the name does not tell the format",
            file=path,
            found=path.suffix or "no suffix",
            expected=", ".join(SUFFIXES[:4]),
            fix="rename the file after its format",
        )


def _negative(path: Path, kind: str, number: int) -> UserError:
    return UserError(
        "this file has negative ids, as JOSM gives to edits not yet saved",
        file=path,
        found=f"{kind} {number}",
        expected="ids above 0, so that a territory built twice is the same",
        fix="renumber the file: osmium renumber -s 1 IN -o OUT",
    )


def _check_refs(path: Path, refs: Any) -> None:
    if refs.min() <= 0:
        raise _negative(path, "node", int(refs.min()))
    if refs.max() > HIGHEST_ID:
        raise UserError(
            "this file names a node that cannot exist",
            file=path,
            found=f"node {int(refs.max())}",
            expected=f"ids up to {HIGHEST_ID}",
            fix="download the extract again",
        )


def _read_ways(path: Path, values: Mapping[str, float]) -> tuple[_Ways, _Land, Restrictions]:
    import osmium

    ways, land, turns = _Ways(), _Land(), Restrictions()
    keep = osmium.filter.KeyFilter("highway", "landuse", *restrictions.KEYS, *restrictions.CONDITIONAL)
    for thing in _stream(path, osmium.osm.WAY | osmium.osm.RELATION, keep):
        tags = thing.tags
        if thing.is_relation():
            _keep_relation(thing, tags, land)
            turns.keep(thing, tags)
            continue
        if thing.id <= 0:
            raise _negative(path, "way", thing.id)
        if "highway" in tags:
            _keep_road(thing, tags, ways, values)
        else:
            use = tags.get("landuse")
            if use in ZONES or use in HOUSING:
                ring = array("q", [n.ref for n in thing.nodes])
                if len(ring) > 3 and ring[0] == ring[-1]:
                    land.outlines.append((thing.id, use, [ring], []))
    return ways, land, turns


def _keep_road(thing: Any, tags: Any, ways: _Ways, values: Mapping[str, float]) -> None:
    key = tuple(tags.get(k) for k in highways.KEYS)
    rule = ways.seen.get(key)
    if rule is None:
        given = {k: v for k, v in zip(highways.KEYS, key, strict=True) if v is not None}
        allowed = highways.classify(given, values)
        rule = -1 if allowed is None else len(ways.rules)
        if allowed is not None:
            ways.rules.append(allowed)
        ways.seen[key] = rule
    if rule < 0:
        return
    ways.refs.extend(n.ref for n in thing.nodes)
    ways.first.append(len(ways.refs))
    ways.ids.append(thing.id)
    ways.version.append(thing.version)
    ways.rule.append(rule)


def _once(ways: _Ways) -> tuple[Any, Any, Any, Any, int]:
    """refs, first, ids and rules of each way once, and how many came again.

    Extracts joined end to end hold the ways of their border twice; twice the streets would be twice
    the inhabitants. The newest version stays, the first of several.
    """
    refs, first = np.array(ways.refs, np.int64), np.array(ways.first, np.int64)
    ids, rule = np.array(ways.ids, np.int64), np.array(ways.rule, np.int64)
    order = np.lexsort((-np.array(ways.version, np.int64), ids))
    again = order[1:][ids[order[1:]] == ids[order[:-1]]]
    if not len(again):
        return refs, first, ids, rule, 0
    keep = np.ones(len(ids), bool)
    keep[again] = False
    size = np.diff(first)
    first = np.concatenate([[0], np.cumsum(size[keep])])
    return refs[np.repeat(keep, size)], first, ids[keep], rule[keep], len(again)


def _keep_relation(thing: Any, tags: Any, land: _Land) -> None:
    use = tags.get("landuse")
    if tags.get("type") != "multipolygon" or (use not in ZONES and use not in HOUSING):
        return
    members = [(m.ref, m.role) for m in thing.members if m.type == "w"]
    outer = [ref for ref, role in members if role != "inner"]
    land.relations.append((thing.id, use, outer, [ref for ref, role in members if role == "inner"]))


def _read_members(path: Path, land: _Land) -> None:
    """Outlines of the relations, whose ways may carry no tag of their own."""
    import osmium

    wanted = sorted(
        {r for _, _, outer, inner in land.relations for r in (*outer, *inner) if 0 < r <= HIGHEST_ID}
    )
    if not wanted:
        return
    lines = {
        way.id: array("q", [n.ref for n in way.nodes])
        for way in _stream(path, osmium.osm.WAY, osmium.filter.IdFilter(wanted))
    }
    for number, use, outer, inner in land.relations:
        rings = [lines[r] for r in outer if r in lines]
        if rings and len(rings) == len(outer):
            # Way and relation ids overlap; the sign keeps them apart.
            land.outlines.append((-number, use, rings, [lines[r] for r in inner if r in lines]))


def _read_nodes(path: Path, wanted: Any) -> tuple[Any, Any, Any, Any, int]:
    """Sorted ids, lon, lat, height of the wanted nodes that the file has, and how many came twice."""
    import osmium

    ids, lons, lats, heights = array("q"), array("d"), array("d"), array("d")
    for node in _stream(path, osmium.osm.NODE, osmium.filter.IdFilter(int(i) for i in wanted)):
        where = node.location
        if where.valid():
            ids.append(node.id)
            lons.append(where.lon_without_check())
            lats.append(where.lat_without_check())
            heights.append(parse_height(node.tags.get("ele", "")) if node.tags else np.nan)
    node_id, lon, lat, height = np.array(ids, np.int64), *(np.array(v, float) for v in (lons, lats, heights))
    order = np.lexsort((height, lat, lon, node_id))
    node_id, lon, lat, height = node_id[order], lon[order], lat[order], height[order]
    single = np.ones(len(node_id), bool)
    single[1:] = node_id[1:] != node_id[:-1]
    return node_id[single], lon[single], lat[single], height[single], int((~single).sum())


def _polygons(land: _Land, node_id: Any, lon: Any, lat: Any, uses: tuple[str, ...]) -> list[tuple[int, Any]]:
    """Polygons of some land uses, by id; outlines that do not close are left out."""
    import shapely

    def lines(parts: list[array[int]]) -> list[Any]:
        out = []
        for part in parts:
            refs = np.array(part, np.int64)
            row = np.minimum(np.searchsorted(node_id, refs), max(len(node_id) - 1, 0))
            if len(refs) < 2 or not len(node_id) or (node_id[row] != refs).any():
                continue
            out.append(shapely.linestrings(lon[row], lat[row]))
        return out

    found: list[tuple[int, Any]] = []
    for number, use, outer, inner in sorted(land.outlines, key=lambda o: (o[0], o[1])):
        if use not in uses or (found and found[-1][0] == number):  # extracts joined end to end
            continue
        area = shapely.union_all(shapely.get_parts(shapely.polygonize(lines(outer))))
        if inner and not area.is_empty:
            area = shapely.difference(
                area, shapely.union_all(shapely.get_parts(shapely.polygonize(lines(inner))))
            )
        if not area.is_empty:
            found.append((number, area))
    return found


def read_osm(path: Path, values: Mapping[str, float]) -> RawRoads:
    """Read the roads and the land use of an extract.

    Args:
        path: .osm, .osm.gz, .osm.bz2 or .osm.pbf.
        values: parameters `roads.*`.

    Raises:
        UserError: absent, damaged, no roads, or negative ids.
    """
    path = Path(path)
    _check_path(path)
    ways, land, turns = _read_ways(path, values)
    refs, first, way_id, rule, again = _once(ways)
    if not len(refs):
        raise UserError(
            "this OpenStreetMap file has no roads",
            file=path,
            found="no way with a highway tag that cars, bikes or pedestrians may use",
            expected="an extract with ways such as highway=residential",
            fix="cut the extract without a tag filter that drops highways",
        )
    _check_refs(path, refs)
    _read_members(path, land)
    rings = [np.array(part, np.int64) for _, _, outer, inner in land.outlines for part in (*outer, *inner)]
    wanted = np.unique(np.concatenate([refs, *rings]))
    node_id, lon, lat, height, twice = _read_nodes(path, wanted[(wanted > 0) & (wanted <= HIGHEST_ID)])
    counts = {
        "ways read": len(way_id),
        "nodes named by ways but absent": len(np.setdiff1d(refs, node_id)),
        "nodes that came twice": twice,
        "ways that came twice": again,
    }
    raw = links_of_ways(node_id, lon, lat, height, refs, first, way_id, rule, ways.rules, values, counts)
    restrictions.resolve(turns, raw)
    raw.zones = _polygons(land, node_id, lon, lat, ZONES)
    raw.housing = _polygons(land, node_id, lon, lat, HOUSING)
    return raw
