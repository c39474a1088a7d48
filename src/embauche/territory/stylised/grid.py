"""A commune's street grid: jittered, bent onto the country roads, and grown from its centre.

Lives here: sizes of towns, which streets of the grid are built. Not here: their tags (towns).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from embauche.territory.stylised.ground import Bools, Floats, Ground, Ints
from embauche.territory.stylised.options import Options


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
class Grid:
    """A commune's grid: node coordinates [side, side, 2], which may be built, snapped road (-1 none)."""

    xy: Floats
    free: Bools
    road: Ints
    to_road: Floats
    identity: Ints


def lay(ground: Ground, c: int, spacing: float, reach: float, roads: Any, blocked: Any) -> Grid:
    """The grid of commune c: corners within its polygon, those near a country road moved onto it."""
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
    return Grid(
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


def grow(
    ground: Ground, options: Options, c: int, grid: Grid, spacing: float, target: float
) -> tuple[Ints, Ints, Ints]:
    """Edges of the grid that are built: nearest to the centre and to the roads first, until long enough.

    Returns:
        first and second corner, and 0 or 1 for the direction, [edge] each.
    """
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
