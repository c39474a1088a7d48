"""A whole stylised road network from communes, step by step.

Lives here: the order of the steps. Not here: the steps (links, zones, towns, lines), transit (feed).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from embauche.territory.stylised.grid import reach_m
from embauche.territory.stylised.ground import Floats, Ground, Ints
from embauche.territory.stylised.lines import (
    GROUND,
    Line,
    Net,
    add_roundabouts,
    assemble,
    compact,
    repair_one_ways,
)
from embauche.territory.stylised.links import draw_corridor, draw_roads, join
from embauche.territory.stylised.options import Options
from embauche.territory.stylised.towns import draw_town
from embauche.territory.stylised.zones import Zone, draw_zones

Progress = Callable[[str, float], None]
COUNTRY = ("primary", "secondary", "tertiary", "unclassified")


@dataclass(frozen=True)
class Drawing:
    """What the generator drew.

    Attributes:
        ground: the communes.
        net: nodes, ways and landuse areas.
        centre_node: road node at each commune's centre, row of net.xy [commune].
        gate_node: road node of each gateway [gateway].
        pairs: country roads' ends, rows of communes then gateways [road, 2].
        reach_m: radius of each town [commune].
        zones: activity zones.
    """

    ground: Ground
    net: Net
    centre_node: Ints
    gate_node: Ints
    pairs: Ints
    reach_m: Floats
    zones: tuple[Zone, ...]


def draw(ground: Ground, options: Options | None = None, progress: Progress | None = None) -> Drawing:
    """Draw roads, streets and activity zones.

    Args:
        ground: communes and gateways.
        options: the generator's numbers.
        progress: called with a message and a share done.
    """
    options = options or Options()
    tell = progress or (lambda message, share: None)
    tell("roads between communes", 0.0)
    pairs, kind = join(ground, options)
    roads = draw_roads(ground, options, pairs, kind)
    motorways: list[Line] = []
    for corridor in options.corridors:
        motorways += draw_corridor(ground, corridor, roads)
    fast = [shapely.LineString(m.xy) for m in motorways if m.level != GROUND]
    free = shapely.union_all(shapely.buffer(np.array(fast), 45.0, quad_segs=2)) if fast else shapely.Polygon()
    reach = reach_m(ground.population, options)
    ends: list[list[int]] = [[] for _ in ground.code]
    for row, (i, j) in enumerate(pairs):
        for end in (i, j):
            if end < len(ends):
                ends[end].append(row)
    tell("activity zones", 0.1)
    zones, service = draw_zones(ground, options, roads, ends, reach, free)
    lines = roads + motorways + service
    areas = [(shapely.get_coordinates(z.polygon), {"landuse": z.landuse}) for z in zones]
    shapes = np.array([shapely.LineString(r.xy) for r in roads])
    tree = shapely.STRtree(shapes)
    town_of: list[int] = []
    for c in range(len(ground.code)):
        tell("streets", 0.15 + 0.6 * c / len(ground.code))
        own = [z.polygon for z in zones if z.commune == c]
        blocked = shapely.union_all(
            [shapely.buffer(p, 8.0) for p in own]
            + [shapely.intersection(free, ground.polygons[c].buffer(100.0))]
        )
        streets, homes = draw_town(ground, options, c, shapes, tree, blocked)
        lines += streets
        town_of += [c] * len(streets)
        areas += [(ring, {"landuse": "residential"}) for ring in _rings(homes)]
    tell("crossings", 0.8)
    lines += _stitch(lines[-len(town_of) :], np.array(town_of), [z.polygon for z in zones])
    net = assemble(lines)
    net.areas = areas
    net = _speeds(ground, net, reach)
    entrances = _rows(net, np.array([z.entrance for z in zones if z.big]).reshape(-1, 2))
    net = compact(repair_one_ways(add_roundabouts(net, [int(e) for e in np.unique(entrances)])))
    tell("done", 1.0)
    return Drawing(
        ground, net, _rows(net, ground.centre), _rows(net, ground.gate), pairs, reach, tuple(zones)
    )


def _stitch(streets: list[Line], town: Ints, zones: list[Any]) -> list[Line]:
    """Streets over the border: dead ends of neighbouring communes up to 220 m apart are joined."""
    from scipy.spatial import cKDTree

    own = [k for k, s in enumerate(streets) if s.tags["highway"] in ("residential", "tertiary")]
    ends = np.array([streets[k].xy[side] for k in own for side in (0, -1)]).reshape(-1, 2)
    of = np.repeat(town[own], 2)
    vertices = np.round(np.vstack([np.zeros((0, 2)), *(s.xy for s in streets)]) * 100).astype(np.int64)
    seen, count = np.unique(vertices, axis=0, return_counts=True)
    once = {tuple(v) for v in seen[count == 1].tolist()}
    dead = np.array([tuple(v) in once for v in np.round(ends * 100).astype(np.int64).tolist()], bool)
    ends, of = ends[dead], of[dead]
    if len(ends) < 2:
        return []
    pairs = cKDTree(ends).query_pairs(220.0, output_type="ndarray")
    pairs = pairs[of[pairs[:, 0]] != of[pairs[:, 1]]]
    gap = np.hypot(*(ends[pairs[:, 0]] - ends[pairs[:, 1]]).T)
    barrier = shapely.STRtree(zones)
    used: set[int] = set()
    out = []
    for row in np.lexsort((pairs[:, 1], pairs[:, 0], np.round(gap, 2))):
        a, b = (int(k) for k in pairs[row])
        if a in used or b in used:
            continue
        xy = ends[[a, b]]
        if not len(barrier.query(shapely.LineString(xy), predicate="intersects")):
            used |= {a, b}
            out.append(Line(xy, {"highway": "residential", "name": "Rue du Pont"}))
    return out


def _rings(homes: Any) -> list[Floats]:
    """Outer rings of the built-up area; pieces under half a hectare are left out."""
    parts = [p for p in shapely.get_parts(homes) if p.geom_type == "Polygon" and p.area > 5_000.0]
    rings = []
    while parts:
        part = parts.pop()
        if not part.interiors:
            rings.append(np.round(shapely.get_coordinates(part.exterior), 2))
            continue
        # A closed way has no holes: cut through the first one.
        west, south, east, north = part.bounds
        at = part.interiors[0].centroid.x
        halves = (shapely.box(west, south, at, north), shapely.box(at, south, east, north))
        cut = shapely.get_parts(shapely.intersection(np.array(halves), part))
        parts += [p for p in cut if p.geom_type == "Polygon"]
    return sorted(rings, key=lambda r: (tuple(r.min(0)), tuple(r.max(0))))


def _rows(net: Net, points: Floats) -> Ints:
    """The nearest node on a road for cars of each point."""
    from scipy.spatial import cKDTree

    tail, head, _ = net.segments()
    used = np.unique(np.concatenate([tail, head]))
    if not len(points):
        return np.zeros(0, np.int64)
    return np.asarray(used[cKDTree(net.xy[used]).query(points)[1]])


def _speeds(ground: Ground, net: Net, reach: Floats) -> Net:
    """Split country roads where they enter towns: 50 km/h inside (30 in the core of towns), 80 outside."""
    from scipy.spatial import cKDTree

    inside = np.zeros(len(net.xy), bool)
    core = np.zeros(len(net.xy), bool)
    tree = cKDTree(net.xy)
    for c in range(len(ground.code)):
        inside[tree.query_ball_point(ground.centre[c], reach[c])] = True
        if ground.population[c] >= 3_000:
            core[tree.query_ball_point(ground.centre[c], 0.3 * reach[c])] = True
    ways: list[tuple[Ints, dict[str, str]]] = []
    for rows, tags in net.ways:
        country = tags["highway"] in COUNTRY and "maxspeed" not in tags and "oneway" not in tags
        if not country:
            ways.append((rows, tags))
            continue
        zone = np.where(
            core[rows[:-1]] & core[rows[1:]], 30, np.where(inside[rows[:-1]] | inside[rows[1:]], 50, 80)
        )
        cuts = [0, *(np.flatnonzero(np.diff(zone)) + 1).tolist(), len(zone)]
        for a, b in pairwise(cuts):
            ways.append((rows[a : b + 1], {**tags, "maxspeed": str(zone[a])}))
    return Net(net.xy, ways, net.areas)
