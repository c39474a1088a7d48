"""Streets of one commune: the built part of its grid as tagged ways, dead ends, paths, landuse.

Lives here: streets, paths, residential landuse. Not here: the grid, roads between communes (links).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from embauche.territory.stylised.grid import Grid, block_m, grow, lay, reach_m, street_target_m
from embauche.territory.stylised.ground import Floats, Ground, Ints
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
    grid = lay(
        ground, c, spacing, float(reach_m(ground.population[c : c + 1], options)[0]), roads[near], blocked
    )
    tail, head, across = grow(ground, options, c, grid, spacing, target)
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


def _streets(
    ground: Ground, options: Options, c: int, grid: Grid, tail: Ints, head: Ints, across: Ints, people: int
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
    grid: Grid,
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
