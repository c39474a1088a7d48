"""From drawn lines to nodes and ways: crossings become shared nodes, roundabouts, one-way repair.

Lives here: Line, Net and how one becomes the other. Not here: where lines run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from embauche.territory.stylised.ground import Floats, Ints

GROUND, BRIDGED, BOTH = 0, 1, 2  # levels: streets, motorways on bridges, ramps that join the two
TOUCH_M = 0.3  # a vertex this near to a line is on it
CAR = frozenset(
    ("motorway", "motorway_link", "trunk", "trunk_link", "primary", "secondary", "tertiary", "unclassified",
     "residential", "living_street", "service")
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A drawn way.

    Attributes:
        xy: vertices in local metres, rounded to the centimetre [vertex, 2].
        tags: OSM tags.
        level: GROUND, BRIDGED or BOTH.
    """

    xy: Floats
    tags: dict[str, str]
    level: int = GROUND


@dataclass
class Net:
    """Nodes and ways in OSM's sense.

    Attributes:
        xy: node coordinates in local metres [node, 2].
        ways: (rows of nodes, tags) of each way.
        areas: (ring in local metres [vertex, 2], tags) of each closed landuse way.
    """

    xy: Floats
    ways: list[tuple[Ints, dict[str, str]]]
    areas: list[tuple[Floats, dict[str, str]]] = field(default_factory=list)

    def segments(self, keep: frozenset[str] = CAR) -> tuple[Ints, Ints, Ints]:
        """Tail, head and way row of each segment of ways of these classes, [segment] each."""
        rows = [w for w, (_, tags) in enumerate(self.ways) if tags["highway"] in keep]
        none = [np.zeros(0, np.int64)]
        tail = np.concatenate(none + [self.ways[w][0][:-1] for w in rows])
        head = np.concatenate(none + [self.ways[w][0][1:] for w in rows])
        way = np.repeat(np.array(rows, np.int64), [len(self.ways[w][0]) - 1 for w in rows])
        return tail, head, way


def assemble(lines: Sequence[Line]) -> Net:
    """Split lines where they meet at ground level and give equal points one node.

    Nodes are sorted by coordinate, so they do not depend on the order in which lines were drawn.
    """
    xy = [line.xy for line in lines]
    level = np.array([line.level for line in lines])
    count = np.array([len(c) for c in xy])
    flat = np.vstack(xy)
    owner = np.repeat(np.arange(len(xy)), count)
    first = np.flatnonzero(owner[1:] == owner[:-1])  # segment k runs from vertex first[k] to first[k] + 1
    segments = shapely.linestrings(np.stack([flat[first], flat[first + 1]], 1))
    tree = shapely.STRtree(segments)
    seg_at, points = _meetings(tree, segments, flat, first, owner, level)
    t = ((points - flat[first[seg_at]]) * (flat[first[seg_at] + 1] - flat[first[seg_at]])).sum(1)
    # One sort puts original vertices (t = 0 of their own index) and inserted points into line order.
    position = np.concatenate([np.arange(len(flat)), first[seg_at]])
    along = np.concatenate([np.full(len(flat), -1.0), t])
    everything = np.vstack([flat, points])
    order = np.lexsort((everything[:, 1], everything[:, 0], along, position))
    everything, owner_of = everything[order], owner[position[order]]
    cents = np.round(everything * 100).astype(np.int64)
    unique, node = np.unique(cents, axis=0, return_inverse=True)
    node = _merged(unique / 100.0)[node.reshape(-1)]
    ways = []
    bounds = np.searchsorted(owner_of, np.arange(len(xy) + 1))
    for row, line in enumerate(lines):
        part = node[bounds[row] : bounds[row + 1]]
        part = part[np.concatenate([[True], part[1:] != part[:-1]])]
        if len(part) > 1:
            ways.append((part, dict(line.tags)))
    return Net(unique / 100.0, ways)


def _merged(xy: Floats) -> Ints:
    """For each point the first of those within reach of it: touching is sharing a node."""
    pairs = cKDTree(xy).query_pairs(1.5 * TOUCH_M, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs), np.int8), tuple(pairs.T)), shape=(len(xy),) * 2)
    _, part = connected_components(graph, directed=False)
    return np.unique(part, return_index=True)[1][part]


def _meetings(
    tree: shapely.STRtree, segments: Floats, flat: Floats, first: Ints, owner: Ints, level: Ints
) -> tuple[Ints, Floats]:
    """Points to insert: vertices that touch other segments, and crossings of ground-level segments."""
    vertex, touched = tree.query(shapely.points(flat), predicate="dwithin", distance=TOUCH_M)
    a, b = flat[first[touched]], flat[first[touched] + 1]
    near_end = np.minimum(np.hypot(*(flat[vertex] - a).T), np.hypot(*(flat[vertex] - b).T)) < TOUCH_M
    joins = level[owner[vertex]] == level[owner[first[touched]]]
    joins |= level[owner[vertex]] == BOTH
    ok = joins & ~near_end & (owner[vertex] != owner[first[touched]])
    ground = level[owner[first]] == GROUND
    one, two = tree.query(segments, predicate="crosses")
    cross = (one < two) & ground[one] & ground[two]
    one, two = one[cross], two[cross]
    at = shapely.get_coordinates(shapely.intersection(segments[one], segments[two]))
    at = np.round(at, 2)
    # A crossing within 4 m of a vertex uses that vertex, so no stubs of a few centimetres arise.
    ends = np.stack([flat[first[one]], flat[first[one] + 1], flat[first[two]], flat[first[two] + 1]], 1)
    gap = np.hypot(ends[:, :, 0] - at[:, None, 0], ends[:, :, 1] - at[:, None, 1])
    best = gap.argmin(1)
    snap = gap[np.arange(len(gap)), best] < 4.0
    at[snap] = ends[np.arange(len(at)), best][snap]
    seg_at = np.concatenate([touched[ok], one, two])
    return seg_at, np.vstack([flat[vertex[ok]], at, at])


def add_roundabouts(net: Net, nodes: Sequence[int], radius_m: float = 16.0) -> Net:
    """Replace nodes where ways meet by one-way rings of eight nodes (driven anticlockwise)."""
    chosen = set(nodes)
    rings: dict[int, Ints] = {}
    xy = list(net.xy)
    ways: list[tuple[Ints, dict[str, str]]] = []
    turn = np.radians(np.arange(8) * 45.0)
    circle = radius_m * np.stack([np.cos(turn), np.sin(turn)], 1)
    for n in sorted(chosen):
        rings[n] = np.arange(len(xy), len(xy) + 8)
        xy.extend(np.round(net.xy[n] + circle, 2))
        ways.append(
            (
                np.append(rings[n], rings[n][0]),
                {"highway": "tertiary", "junction": "roundabout", "oneway": "yes", "maxspeed": "30"},
            )
        )

    def entry(n: int, towards: int) -> int:
        dx, dy = net.xy[towards] - net.xy[n]
        return int(rings[n][round(np.degrees(np.arctan2(dy, dx)) / 45.0) % 8])

    for rows, tags in net.ways:
        cuts = [k for k in range(len(rows)) if int(rows[k]) in chosen]
        if not cuts:
            ways.append((rows, tags))
            continue
        for a, b in zip([0, *cuts], [*cuts, len(rows) - 1], strict=True):
            if b <= a:
                continue
            part = rows[a : b + 1].copy()
            if int(rows[a]) in chosen:
                part[0] = entry(int(rows[a]), int(rows[a + 1]))
            if int(rows[b]) in chosen:
                part[-1] = entry(int(rows[b]), int(rows[b - 1]))
            ways.append((part, tags))
    return Net(np.array(xy), ways, net.areas)


def compact(net: Net) -> Net:
    """Leave out nodes that no way uses (merged points, centres of roundabouts)."""
    used = np.unique(np.concatenate([rows for rows, _ in net.ways]))
    row = np.full(len(net.xy), -1)
    row[used] = np.arange(len(used))
    return Net(net.xy[used], [(row[rows], tags) for rows, tags in net.ways], net.areas)


def repair_one_ways(net: Net) -> Net:
    """Make streets two-way where one-way streets would cut a node off from the rest by car."""
    for _ in range(20):
        tail, head, way = net.segments()
        single = np.array([tags.get("oneway") == "yes" for _, tags in net.ways])[way]
        rows = np.concatenate([tail, head[~single]])
        cols = np.concatenate([head, tail[~single]])
        graph = coo_array((np.ones(len(rows), np.int8), (rows, cols)), shape=(len(net.xy),) * 2).tocsr()
        _, part = connected_components(graph, directed=True, connection="strong")
        main = np.bincount(part[np.unique(rows)]).argmax()
        cut = np.unique(way[single & ((part[tail] != main) | (part[head] != main))])
        loose = [
            w
            for w in cut.tolist()
            if net.ways[w][1]["highway"] in ("residential", "living_street", "unclassified")
        ]
        if not loose:
            break
        for w in loose:
            del net.ways[w][1]["oneway"]
    return net
