"""Activity zones: industrial and commercial landuse on the roads at the edge of towns.

Lives here: where zones lie and the service roads in them. Not here: which firms sit there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from embauche.territory.stylised.ground import Floats, Ground
from embauche.territory.stylised.lines import Line
from embauche.territory.stylised.options import Options


@dataclass(frozen=True)
class Zone:
    """One activity zone.

    Attributes:
        commune: row.
        polygon: in local metres.
        landuse: `industrial`, `commercial` or `retail`.
        entrance: point on the road, m [2].
        big: whether a roundabout gives access.
    """

    commune: int
    polygon: Any
    landuse: str
    entrance: Floats
    big: bool


def wanted(ground: Ground, options: Options) -> list[list[float]]:
    """Areas of the zones that each commune asks for, m2, largest first, [commune][zone]."""
    spread = ground.draw("zone area", ground.ids)
    some = ground.draw("small zone", ground.ids)
    areas = []
    for c, people in enumerate(ground.population):
        factor = options.industry.get(ground.name[c], 1.0)
        total = people * options.zone_m2 * factor * float(np.exp(1.2 * (spread[c] - 0.5)))
        if people < options.zone_from and factor == 1.0 and some[c] > 0.25:
            total = 0.0
        total = max(total, options.zone_min_m2) if total else 0.0
        count = int(np.clip(np.ceil(total / 120_000.0), 1, 9)) if total else 0
        share = 0.5 ** (np.arange(count) * 0.4)
        area = np.clip(total * share / max(share.sum(), 1e-9), options.zone_min_m2, options.zone_max_m2)
        areas.append([float(a) for a in area])
    return areas


def draw_zones(
    ground: Ground, options: Options, roads: list[Line], ends: list[list[int]], radius: Floats, free: Any
) -> tuple[list[Zone], list[Line]]:
    """Place zones along the roads that leave each commune's centre, and draw their service roads.

    Args:
        ground: communes.
        options: areas.
        roads: country roads.
        ends: rows of roads that touch each commune's centre, [commune][road].
        radius: reach of each town's streets, m [commune].
        free: polygon (m) where zones must not lie (motorways).

    Returns:
        zones, and lines inside them.
    """
    shapes = np.array([shapely.LineString(r.xy) for r in roads])
    tree = shapely.STRtree(shapes)
    centres = shapely.points(ground.centre)
    busy = shapely.STRtree(centres)
    zones: list[Zone] = []
    lines: list[Line] = []
    for c, areas in enumerate(wanted(ground, options)):
        placed: list[Any] = []
        for k, area in enumerate(areas):
            for attempt in range(24):
                draws = ground.draw(f"zone {k} {attempt}", ground.ids[c] * 8 + np.arange(6))
                shrink = 1.0 if attempt < 8 else 0.6 if attempt < 16 else 0.3
                zone = _propose(ground, c, roads, shapes, ends[c], radius[c], area * shrink, draws)
                if zone is None or not _fits(zone, ground.polygons[c], placed, tree, shapes, busy, free):
                    continue
                placed.append(zone.polygon)
                zones.append(zone)
                lines += _service(zone, shapes)
                break
    return zones, lines


def _propose(
    ground: Ground,
    c: int,
    roads: list[Line],
    shapes: Any,
    ends: list[int],
    radius: float,
    area: float,
    u: Floats,
) -> Zone | None:
    if not ends:
        return None
    rank = {"primary": 4.0, "secondary": 3.0, "tertiary": 2.0}
    weight = np.cumsum([rank.get(roads[e].tags["highway"], 1.0) for e in ends])
    road = ends[int(np.searchsorted(weight, u[0] * weight[-1]))]
    shape = shapes[road]
    centre = shapely.Point(ground.centre[c])
    distance = radius * (0.75 + 0.9 * u[1]) + 120.0
    from_start = shape.project(centre) < shape.length / 2
    at = distance if from_start else shape.length - distance
    if not 80.0 < at < shape.length - 80.0:
        return None
    p = np.array(shape.interpolate(at).coords[0])
    q = np.array(shape.interpolate(at + 60.0).coords[0])
    along = (q - p) / np.hypot(*(q - p))
    side = 1.0 if u[2] < 0.5 else -1.0
    into = side * np.array([-along[1], along[0]])
    width = float(np.sqrt(area * (1.0 + 0.8 * u[3])))
    depth = area / width
    gap = 18.0
    corners = [(-0.5, 0.0), (0.5, 0.0), (0.5, 1.0), (-0.5, 1.0)]
    ring = [p + along * width * a + into * (gap + depth * b) for a, b in corners]
    entrance = np.round(p, 2)
    town = ground.population[c] >= 4_000
    landuse = "retail" if town and u[4] < 0.2 else "commercial" if u[4] < 0.35 else "industrial"
    return Zone(c, shapely.Polygon(np.round(ring, 2)), landuse, entrance, bool(area > 130_000 and u[5] < 0.8))


def _fits(zone: Zone, polygon: Any, placed: list[Any], tree: Any, shapes: Any, busy: Any, free: Any) -> bool:
    box = zone.polygon
    if shapely.area(shapely.intersection(polygon, box)) < 0.97 * box.area or free.intersects(box):
        return False
    if any(box.distance(other) < 40.0 for other in placed):
        return False
    if len(busy.query(box, predicate="dwithin", distance=150.0)):
        return False
    return not len(tree.query(box, predicate="dwithin", distance=6.0))


def _service(zone: Zone, shapes: Any) -> list[Line]:
    """A spine from the road into the zone, with cross streets about every 110 m."""
    ring = shapely.get_coordinates(zone.polygon)
    along = ring[1] - ring[0]
    width = float(np.hypot(*along))
    into = ring[3] - ring[0]
    depth = float(np.hypot(*into))
    along, into = along / width, into / depth
    start = zone.entrance
    gap = float((ring[0] - start) @ into)
    rows = np.arange(min(70.0, depth * 0.5), max(depth - 25.0, 30.0), 110.0)
    if not len(rows):
        rows = np.array([depth * 0.5])
    spine = np.round([start, *(start + into * (gap + r) for r in rows)], 2)
    name = {"industrial": "Zone industrielle", "commercial": "Zone d'activité", "retail": "Zone commerciale"}
    base = {"name": name[zone.landuse]}
    lines = [Line(spine, {"highway": "unclassified", "maxspeed": "50", **base})]
    reach = width * 0.5 - 20.0
    steps = np.unique(np.append(np.arange(0.0, reach, 90.0), reach)) if reach > 25.0 else np.array([0.0])
    steps = np.concatenate([-steps[:0:-1], steps])
    for k in range(len(rows)):
        street = np.round(spine[k + 1] + steps[:, None] * along, 2)
        if len(street) > 1:
            lines.append(
                Line(street, {"highway": "service" if k else "unclassified", "maxspeed": "30", **base})
            )
    if len(rows) > 1 and len(steps) > 1:  # close the loop on one side
        loop = np.round([spine[1] + steps[-1] * along, spine[-1] + steps[-1] * along], 2)
        lines.append(Line(loop, {"highway": "service", "maxspeed": "30", **base}))
    return lines
