"""Streets of one commune: a jittered grid bent onto the country roads, grown from its centre.

Lives here: streets, paths, residential landuse. Not here: roads between communes (links), zones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from embauche.territory.stylised.ground import Bools, Floats, Ground, Ints
from embauche.territory.stylised.lines import Line
from embauche.territory.stylised.options import Options

NAMES = (
    "de la Mairie",
    "de l'Église",
    "des Écoles",
    "Jean Jaurès",
    "Victor Hugo",
    "de Verdun",
    "du Moulin",
    "des Lilas",
    "Pasteur",
    "de la Gare",
    "des Mineurs",
    "du Marais",
    "Émile Zola",
    "de la République",
    "des Tilleuls",
    "du Bois",
    "Louise Michel",
    "de la Paix",
    "des Peupliers",
    "du Calvaire",
    "Jules Ferry",
    "de la Fontaine",
    "des Hortensias",
    "du Stade",
    "Voltaire",
    "des Jardins",
    "de Picardie",
    "du Château",
    "Marie Curie",
    "des Acacias",
    "du Général de Gaulle",
    "de l'Abbaye",
)


def street_target_m(population: Ints, options: Options) -> Floats:
    """Street length that communes of this population have, m [commune]."""
    size = np.clip(np.log(np.maximum(population, 1) / 500.0) / np.log(60.0), 0.0, 1.0)
    per_head = options.street_m_village + size * (options.street_m_city - options.street_m_village)
    return np.asarray(np.maximum(population * per_head, 300.0))


def block_m(population: Ints, options: Options) -> Floats:
    """Distance between parallel streets, m [commune]."""
    size = np.clip(np.log(np.maximum(population, 1) / 500.0) / np.log(60.0), 0.0, 1.0)
    return np.asarray(options.block_m_village + size * (options.block_m_city - options.block_m_village))


def reach_m(population: Ints, options: Options) -> Floats:
    """Radius of a round town with that street length and block size, m [commune]."""
    area = street_target_m(population, options) * block_m(population, options) / 2.0
    return np.asarray(np.sqrt(area / np.pi) + 60.0)


@dataclass
class _Grid:
    """A commune's grid: node coordinates [side, side, 2], which may be built, snapped road (-1 none)."""

    xy: Floats
    free: Bools
    road: Ints
    to_road: Floats
    identity: Ints


def draw_town(
    ground: Ground, options: Options, c: int, roads: Any, road_tree: Any, blocked: Any
) -> tuple[list[Line], Any]:
    """Streets of commune c.

    Args:
        ground: communes.
        options: lengths and shares.
        c: row of the commune.
        roads: shapely lines of all country roads.
        road_tree: STRtree over them.
        blocked: polygon (m) where no street may lie: activity zones, motorways.

    Returns:
        lines, and the polygon (m) of the built-up area.
    """
    people = int(ground.population[c])
    spacing = float(block_m(ground.population[c : c + 1], options)[0])
    target = float(street_target_m(ground.population[c : c + 1], options)[0])
    near = np.sort(road_tree.query(ground.polygons[c], predicate="intersects"))
    grid = _lay(
        ground, c, spacing, float(reach_m(ground.population[c : c + 1], options)[0]), roads[near], blocked
    )
    tail, head, across = _grow(ground, options, c, grid, spacing, target)
    lines = _streets(ground, options, c, grid, tail, head, across, people)
    lines += _spurs(ground, options, grid, tail, head, across, spacing, people)
    flat = grid.xy.reshape(-1, 2)
    pieces = [shapely.LineString(flat[[a, b]]) for a, b in zip(tail, head, strict=True)]
    core = shapely.Point(ground.centre[c]).buffer(90.0)
    main = [shapely.intersection(r, core.buffer(60.0)) for r in roads[near]]
    built = shapely.union_all([*shapely.buffer(np.array(pieces + main), spacing * 0.42, quad_segs=1), core])
    built = shapely.intersection(shapely.simplify(built, 18.0), ground.polygons[c])
    parts = [p for p in shapely.get_parts(built) if p.geom_type == "Polygon"]
    filled = shapely.union_all([shapely.Polygon(p.exterior) for p in parts])
    return lines, shapely.difference(filled, shapely.buffer(blocked, 1.0))


def _lay(ground: Ground, c: int, spacing: float, reach: float, roads: Any, blocked: Any) -> _Grid:
    centre = ground.centre[c]
    box = np.array(ground.polygons[c].bounds).reshape(2, 2)
    far = float(np.abs(box - centre).max())
    half = int(np.ceil(min(far, 2.6 * reach) / spacing)) + 1
    i, j = np.meshgrid(np.arange(-half, half + 1), np.arange(-half, half + 1), indexing="ij")
    identity = ground.ids[c] * 1_000_003 + (i + 500) * 1_000 + (j + 500)
    shift = np.stack(
        [ground.draw(w, identity.ravel()).reshape(i.shape) - 0.5 for w in ("jitter x", "jitter y")], -1
    )
    shift[half, half] = 0.0
    angle = _angle(ground, c, roads)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    flat = ((np.stack([i, j], -1) + 0.36 * shift) * spacing).reshape(-1, 2) @ turn + centre
    inner = shapely.buffer(ground.polygons[c], -25.0)
    free = shapely.contains_xy(inner, flat[:, 0], flat[:, 1])
    free[half * (2 * half + 1) + half] = True
    points = shapely.points(flat)
    road, gap = np.full(len(flat), -1), np.full(len(flat), np.inf)
    for row, shape in enumerate(roads):
        d = shapely.distance(points, shape)
        closer = d < gap
        gap[closer], road[closer] = d[closer], row
    snapped = gap < 0.38 * spacing
    for row, shape in enumerate(roads):
        mine = np.flatnonzero(snapped & (road == row))
        on = shapely.line_interpolate_point(shape, shapely.line_locate_point(shape, points[mine]))
        flat[mine] = shapely.get_coordinates(on)
    road[~snapped] = -1
    shapely.prepare(blocked)
    free &= snapped | ~shapely.intersects_xy(blocked, flat[:, 0], flat[:, 1])
    shape2 = i.shape
    return _Grid(
        np.round(flat, 2).reshape(*shape2, 2),
        free.reshape(shape2),
        road.reshape(shape2),
        gap.reshape(shape2),
        identity,
    )


def _angle(ground: Ground, c: int, roads: Any) -> float:
    """The grid follows the longest road through the centre."""
    point = shapely.Point(ground.centre[c])
    through = [r for r in roads if r.distance(point) < 1.0]
    if not through:
        return float(ground.draw("angle", ground.ids[c : c + 1])[0] * np.pi)
    road = max(through, key=lambda r: (round(r.length, 1), r.wkb))
    at = road.project(point)
    other = road.interpolate(at + 250.0 if at < road.length / 2 else at - 250.0)
    return float(np.arctan2(other.y - point.y, other.x - point.x))


def _grow(
    ground: Ground, options: Options, c: int, grid: _Grid, spacing: float, target: float
) -> tuple[Ints, Ints, Ints]:
    """Edges of the grid that are built: nearest to the centre and to the roads first, until long enough."""
    side = grid.free.shape[0]
    row = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([row[:-1].ravel(), row[:, :-1].ravel()])
    head = np.concatenate([row[1:].ravel(), row[:, 1:].ravel()])
    across = np.concatenate([np.zeros(side * (side - 1), int), np.ones(side * (side - 1), int)])
    flat, road = grid.xy.reshape(-1, 2), grid.road.ravel()
    identity = grid.identity.ravel()[tail] * 2 + across
    ok = grid.free.ravel()[tail] & grid.free.ravel()[head]
    length = np.hypot(*(flat[head] - flat[tail]).T)
    on_road = (road[tail] >= 0) & (road[tail] == road[head])  # the country road is that street already
    keep = ground.draw("skip", identity) > options.skip_share
    middle = (flat[tail] + flat[head]) / 2
    away = np.hypot(*(middle - ground.centre[c]).T)
    along = np.minimum((grid.to_road.ravel()[tail] + grid.to_road.ravel()[head]) / 2, 3_000.0)
    score = (away + 0.9 * along) * (0.8 + 0.4 * ground.draw("growth", identity))
    ok &= keep & ~on_road & (length > 25.0)
    pick = np.flatnonzero(ok)
    pick = pick[np.lexsort((identity[pick], score[pick]))]
    budget = target
    for _ in range(3):  # pieces that hang on nothing are dropped, so ask for a little more
        chosen = pick[: int(np.searchsorted(np.cumsum(length[pick]), budget)) + 1]
        anchored = _anchored(tail[chosen], head[chosen], road, side)
        built = float(length[chosen[anchored]].sum())
        if built > 0.95 * target or len(chosen) == len(pick):
            break
        budget *= min(1.5, target / max(built, 1.0))
    chosen = np.sort(chosen[anchored])
    return tail[chosen], head[chosen], across[chosen]


def _anchored(tail: Ints, head: Ints, road: Ints, side: int) -> Bools:
    """Edges whose piece touches a country road or the centre."""
    n = side * side
    root = np.flatnonzero(road >= 0)
    root = np.append(root, n // 2)
    rows = np.concatenate([tail, root])
    cols = np.concatenate([head, np.full(len(root), n)])
    graph = coo_array((np.ones(len(rows), np.int8), (rows, cols)), shape=(n + 1, n + 1)).tocsr()
    _, part = connected_components(graph, directed=False)
    return np.asarray(part[tail] == part[n])


def _streets(
    ground: Ground, options: Options, c: int, grid: _Grid, tail: Ints, head: Ints, across: Ints, people: int
) -> list[Line]:
    """Edges in one row of the grid that follow each other make one street."""
    side = grid.free.shape[0]
    flat, half = grid.xy.reshape(-1, 2), grid.free.shape[0] // 2
    line_of = np.where(across == 1, tail // side, tail % side)
    step = np.where(across == 1, tail % side, tail // side)
    order = np.lexsort((step, line_of, across))
    new = np.ones(len(order), bool)
    a, b = order[:-1], order[1:]
    new[1:] = (across[a] != across[b]) | (line_of[a] != line_of[b]) | (step[b] != step[a] + 1)
    identity = grid.identity.ravel()[tail] * 2 + across
    swing = ground.draw("swing", identity) - 0.5
    reach = float(reach_m(ground.population[c : c + 1], options)[0])
    lines = []
    for group in np.split(order, np.flatnonzero(new)[1:]):
        draws = ground.draw("street", int(identity[group[0]]) * 8 + np.arange(4))
        tags = _tags(draws, people, int(line_of[group[0]]) - half)
        if tags["highway"] == "pedestrian" and len(group) > 4:
            tags = {"highway": "residential", "name": "Grand Rue"}
        middle = flat[tail[group[len(group) // 2]]]
        inner = float(np.hypot(*(middle - ground.centre[c]))) < 0.65 * reach
        if people >= options.town and inner and len(group) > 1 and draws[3] < options.one_way_share:
            tags["oneway"] = "yes"
        xy = [flat[tail[group[0]]]]
        for e in group:
            p, q = flat[tail[e]], flat[head[e]]
            xy += [_middle(p, q, swing[e]), q]
        points = np.array(xy)
        lines.append(Line(points[::-1] if line_of[group[0]] % 2 else points, tags))
    return lines


def _tags(u: Floats, people: int, line: int) -> dict[str, str]:
    tags = {"highway": "residential", "name": f"Rue {NAMES[int(u[0] * len(NAMES))]}"}
    if people >= 5_000 and line % 5 == 0 and line:
        return {
            **tags,
            "highway": "tertiary",
            "name": f"Avenue {NAMES[int(u[0] * len(NAMES))]}",
            "maxspeed": "50",
        }
    if people >= 5_000 and line == 0 and u[2] < 0.5:
        return {"highway": "pedestrian", "name": "Rue piétonne", "surface": "paving_stones"}
    if u[1] < 0.07:
        tags["highway"] = "living_street"
    elif u[1] < 0.5:
        tags["maxspeed"] = "30"
    if u[2] > 0.96:
        tags["surface"] = "sett"
    return tags


def _spurs(
    ground: Ground,
    options: Options,
    grid: _Grid,
    tail: Ints,
    head: Ints,
    across: Ints,
    spacing: float,
    people: int,
) -> list[Line]:
    """Dead ends off the middle of streets; in towns a footway or cycleway leads on through the block."""
    flat = grid.xy.reshape(-1, 2)
    identity = grid.identity.ravel()[tail] * 2 + across
    draws = ground.draw("spur", identity)
    swing = ground.draw("swing", identity) - 0.5
    lines = []
    for e in np.flatnonzero(draws < options.spur_share):
        p, q = flat[tail[e]], flat[head[e]]
        length = float(np.hypot(*(q - p)))
        if length < 90.0:
            continue
        side = 1.0 if draws[e] < options.spur_share / 2 else -1.0
        into = side * np.array([p[1] - q[1], q[0] - p[0]]) / length
        foot = _middle(p, q, swing[e])
        end = np.round(foot + into * 0.42 * spacing, 2)
        lines.append(Line(np.array([foot, end]), {"highway": "living_street", "name": "Impasse"}))
        if people >= 2_000:
            on = np.round(foot + into * 0.8 * spacing, 2)
            kind = "cycleway" if draws[e] < options.spur_share / 4 else "footway"
            lines.append(Line(np.array([end, on]), {"highway": kind}))
    return lines


def _middle(p: Floats, q: Floats, swing: float) -> Floats:
    """The bent middle of a street between two corners."""
    return np.asarray(np.round((p + q) / 2 + 0.12 * swing * np.array([p[1] - q[1], q[0] - p[0]]), 2))
