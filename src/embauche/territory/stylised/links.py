"""Roads between communes: a near-planar graph of centres, its classes, its curves, its motorways.

Lives here: roads outside towns. Not here: streets (towns), zones, nodes and ways (lines).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.interpolate import CubicSpline
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from embauche.territory.stylised.ground import Floats, Ground, Ints
from embauche.territory.stylised.lines import BOTH, BRIDGED, Line
from embauche.territory.stylised.options import Corridor, Options

CLASSES = ("primary", "secondary", "tertiary", "unclassified")
REACH_M = 40_000.0  # traffic is assigned to pairs up to this distance


def join(ground: Ground, options: Options) -> tuple[Ints, Ints]:
    """Pairs of centres (then gateways) that a road joins, and each road's class.

    Returns:
        pairs [road, 2], rows of communes then gateways; class [road], index into CLASSES.
    """
    points = np.vstack([ground.centre, ground.gate])
    pairs = _pairs(ground, points, options.relax)
    length = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    mass = np.concatenate([ground.population, [g.mass for g in ground.gateways]])
    flow = _assign(pairs, length, points, mass, options.gravity)
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -np.round(flow, 6)))
    share = np.cumsum(length[order]) / length.sum()
    limits = np.cumsum([options.primary, options.secondary, options.tertiary])
    kind = np.empty(len(pairs), np.int64)
    kind[order] = np.searchsorted(limits, share)
    return pairs, kind


def _pairs(ground: Ground, points: Floats, relax: float) -> Ints:
    if len(points) < 4:  # too few for a triangulation: join all
        return np.array([(i, j) for j in range(len(points)) for i in range(j)], np.int64).reshape(-1, 2)
    corners = Delaunay(points).simplices
    edges = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    edges = np.unique(np.sort(edges, axis=1), axis=0)
    a, b = points[edges[:, 0]], points[edges[:, 1]]
    square = ((a - b) ** 2).sum(1)
    weight = csr_array((np.sqrt(square), (edges[:, 0], edges[:, 1])), shape=(len(points),) * 2)
    tree = minimum_spanning_tree(weight).tocoo()
    spanning = {(min(i, j), max(i, j)) for i, j in zip(tree.row, tree.col, strict=True)}
    near = cKDTree(ground.centre)
    home = shapely.buffer(shapely.union_all(ground.polygons), 300.0)
    inside = shapely.length(shapely.intersection(shapely.linestrings(np.stack([a, b], 1)), home))
    n = len(ground.centre)
    keep = np.zeros(len(edges), bool)
    for e, (i, j) in enumerate(edges):
        if (i, j) in spanning:
            keep[e] = True
            continue
        if i >= n and j >= n:
            continue
        others = [k for k in near.query_ball_point((a[e] + b[e]) / 2, square[e] ** 0.5) if k not in (i, j)]
        gap = ((points[others] - a[e]) ** 2).sum(1) + ((points[others] - b[e]) ** 2).sum(1)
        free = not others or float(gap.min()) >= relax * square[e]
        keep[e] = free and (j >= n or inside[e] > 0.8 * square[e] ** 0.5)
    return np.asarray(edges[keep], np.int64)


def _assign(pairs: Ints, length: Floats, points: Floats, mass: Floats, power: float) -> Floats:
    """Traffic of each road: gravity flows of all pairs on their shortest paths, [road]."""
    n = len(points)
    graph = csr_array((length, (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    graph = graph + graph.T
    index = {(int(i), int(j)): e for e, (i, j) in enumerate(pairs)}
    flow = np.zeros(len(pairs))
    for origin in range(n):
        both = dijkstra(graph, indices=[origin], return_predecessors=True, limit=REACH_M)
        far, before = both[0][0], both[1][0]
        reached = np.flatnonzero(np.isfinite(far) & (far > 0))
        load = np.zeros(n)
        load[reached] = mass[origin] * mass[reached] / np.maximum(far[reached], 1_000.0) ** power
        for node in reached[np.argsort(-far[reached], kind="stable")]:
            up = int(before[node])
            flow[index[min(up, int(node)), max(up, int(node))]] += load[node]
            load[up] += load[node]
    return np.asarray(flow / max(float(flow.max(initial=0.0)), 1e-300))


def draw_roads(ground: Ground, options: Options, pairs: Ints, kind: Ints) -> list[Line]:
    """The roads as curves from centre to centre, one line each."""
    points = np.vstack([ground.centre, ground.gate])
    ids = np.concatenate([ground.ids, 1_000_000_007 + np.arange(len(ground.gate))])
    names = [*ground.name, *(g.name for g in ground.gateways)]
    lines = []
    for (i, j), k in zip(pairs, kind, strict=True):
        bend = options.bend * (0.65, 0.85, 1.0, 1.15)[k]
        xy = _curve(ground, points[i], points[j], int(ids[i]) << 31 ^ int(ids[j]), bend, options.vertex_m)
        tags = {"highway": CLASSES[k], "name": f"Route de {names[i]} à {names[j]}"}
        if k < 3:
            tags["ref"] = f"D{1 + (int(ids[i]) ^ int(ids[j])) % 990}"
        lines.append(Line(xy, tags))
    return lines


def _curve(ground: Ground, a: Floats, b: Floats, identity: int, bend: float, step: float) -> Floats:
    """A curve from a to b that swings in a few harmonics, [vertex, 2]."""
    along = b - a
    length = float(np.hypot(*along))
    t = np.linspace(0.0, 1.0, max(2, round(length / step) + 1))
    waves = (1, 2, 3, 5, max(6, round(length / 500.0)))
    draws = 2.0 * ground.draw("bend", identity + np.arange(5)) - 1.0
    swing = np.zeros(len(t))
    for wave, draw in zip(waves, draws, strict=True):
        swing += bend * length * draw / wave * np.sin(wave * np.pi * t)
    across = np.array([-along[1], along[0]]) / max(length, 1.0)
    xy = np.round(a + t[:, None] * along + swing[:, None] * across, 2)
    xy[0], xy[-1] = a, b
    return np.asarray(xy)


def draw_corridor(ground: Ground, corridor: Corridor, roads: list[Line]) -> list[Line]:
    """Two carriageways with ramps to the roads that they cross (at least 2.5 km apart).

    Ends are joined to the nearest road, at a gateway to the roads that leave there. Without roads there
    is no motorway.
    """
    via = ground.to_m(np.array(corridor.points))
    if not roads:
        return []
    shapes = np.array([shapely.LineString(r.xy) for r in roads])
    for end in (0, -1):
        point = shapely.Point(via[end])
        nearest = shapes[int(np.argmin(shapely.distance(shapes, point)))]
        via[end] = np.round(shapely.get_coordinates(nearest.interpolate(nearest.project(point)))[0], 2)
    chord = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(via, axis=0).T))])
    spline = CubicSpline(chord, via)
    s = np.linspace(0.0, chord[-1], max(3, round(chord[-1] / 180.0)))
    middle = spline(s)
    heading = spline(s, 1)
    heading /= np.hypot(*heading.T)[:, None]
    right = np.stack([heading[:, 1], -heading[:, 0]], 1)
    tags = {
        "highway": corridor.highway,
        "ref": corridor.ref,
        "oneway": "yes",
        "maxspeed": str(corridor.maxspeed),
    }
    lines = []
    ways = []
    for side in (1.0, -1.0):
        xy = np.round(middle + side * 14.0 * right, 2)
        xy[0], xy[-1] = via[0], via[-1]
        ways.append(shapely.LineString(xy))
        lines.append(Line(xy if side > 0 else xy[::-1], tags, BRIDGED))
    return lines + _ramps(corridor, shapely.LineString(middle), ways, roads, shapes)


def _ramps(corridor: Corridor, axis: Any, ways: list[Any], roads: list[Line], shapes: Any) -> list[Line]:
    """Ramps at crossings: off 320 m before the road, on 320 m after it, for each carriageway."""
    found = []
    for row in np.flatnonzero(shapely.intersects(shapes, axis)).tolist():
        rank = CLASSES.index(roads[row].tags["highway"])
        points = shapely.get_parts(shapely.intersection(shapes[row], axis)) if rank < 3 else []
        found += [(rank, round(axis.project(p), 2), row, p) for p in points if p.geom_type == "Point"]
    taken: list[float] = []
    ramps = []
    tags = {"highway": f"{corridor.highway}_link", "oneway": "yes", "maxspeed": "70"}
    for _, at, row, point in sorted(found, key=lambda f: f[:3]):
        far_enough = all(abs(at - other) > 2_500.0 for other in taken)
        if not far_enough or not 700.0 < at < axis.length - 700.0:
            continue
        taken.append(at)
        road = shapes[row]
        middle = road.project(point)
        for way, forward in zip(ways, (True, False), strict=True):
            ends = [road.interpolate(np.clip(middle + d, 0, road.length)) for d in (-55.0, 55.0)]
            foot = min(ends, key=way.distance)
            before, after = (way.interpolate(way.project(point) + d) for d in (-320.0, 320.0))
            leave, enter = (before, after) if forward else (after, before)
            for p, q in ((leave, foot), (foot, enter)):
                ramps.append(Line(np.round([(p.x, p.y), (q.x, q.y)], 2), tags, BOTH))
    return ramps
