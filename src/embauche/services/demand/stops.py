"""Virtual stops: the fewest road nodes, by a greedy cover, such that everybody has one within a walk.

Lives here: the cover, the nearest stop on foot. Not here: which homes lie in a zone (demand.places).
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from embauche.routing.roads import RoadGraph

Array = np.ndarray[Any, Any]
TENTHS_A_MINUTE = 600.0


def _walks(
    graph: RoadGraph, x: Array, y: Array, near: Array, far: Array, walk_m: float
) -> tuple[Array, Array, Array, Array]:
    """Pairs of near and far nodes a walk of at most walk_m apart: rows of both, minutes, metres."""
    from scipy.spatial import cKDTree

    from embauche.routing.pairs import PairSearch

    tree = cKDTree(np.stack([x[far], y[far]], 1))
    # a street is no shorter than the straight line; a metre for what rounding does
    hits = tree.query_ball_point(np.stack([x[near], y[near]], 1), walk_m + 1.0, return_sorted=True)
    count = np.fromiter((len(h) for h in hits), np.int64, len(hits))
    a = np.repeat(np.arange(len(near), dtype=np.int32), count)
    b = np.fromiter((i for h in hits for i in h), np.int32, int(count.sum()))
    search = PairSearch(graph.hierarchy, graph.leave[near], graph.arrive[far])
    found = search.weigh(graph.weighting("walk"), metres=True)(a, b)
    near_enough = found.metres <= 10.0 * walk_m + 0.5  # tenths of a metre
    minutes = found.seconds[near_enough] / np.float32(TENTHS_A_MINUTE)
    return a[near_enough], b[near_enough], minutes, found.metres[near_enough]


def cover(graph: RoadGraph, x: Array, y: Array, ends: Array, candidates: Array, walk_m: float) -> Array:
    """Candidates such that each end that can be reached on foot has one within walk_m, sorted.

    Each time the candidate that serves most ends not yet served is taken, of those that tie the lowest node;
    at most ln(n) + 1 times as many as need be (Chvatal 1979).

    Args:
        graph: the roads.
        x, y: float64 [node of the territory] metres.
        ends: int32 nodes of homes and workplaces.
        candidates: int32 nodes where a vehicle may stop.
        walk_m: longest walk.
    """
    if not len(candidates):
        return np.empty(0, np.int32)
    end, stop, _, _ = _walks(graph, x, y, ends, candidates, walk_m)
    order = np.argsort(stop, kind="stable")
    ptr = np.searchsorted(stop[order], np.arange(len(candidates) + 1))
    end = end[order]
    served = np.zeros(len(ends), bool)
    heap = [(-int(ptr[k + 1] - ptr[k]), k) for k in range(len(candidates))]
    heapq.heapify(heap)
    chosen = []
    while heap:
        gain, k = heapq.heappop(heap)
        mine = end[ptr[k] : ptr[k + 1]]
        now = int((~served[mine]).sum())
        if now == 0:
            continue
        if -gain > now:  # others were served since: look again when it is its turn
            heapq.heappush(heap, (-now, k))
            continue
        chosen.append(k)
        served[mine] = True
    return np.sort(np.asarray(candidates)[chosen]).astype(np.int32)


def nearest_stop(
    graph: RoadGraph, x: Array, y: Array, node: Array, stop_node: Array, walk_m: float
) -> tuple[Array, Array]:
    """Nearest stop on foot, of those that tie the lowest row.

    Args:
        graph: the roads.
        x, y: float64 [node of the territory] metres.
        node: int32 [row] nodes of homes or workplaces.
        stop_node: int32 [stop].
        walk_m: longest walk.

    Returns:
        int32 [row] stop, -1 where none is near enough; float32 [row] minutes on foot.
    """
    nodes, of_row = np.unique(node, return_inverse=True)
    end, stop, minutes, metres = _walks(graph, x, y, nodes, stop_node, walk_m)
    order = np.lexsort((stop, metres, end))
    end, stop, minutes = end[order], stop[order], minutes[order]
    first = np.flatnonzero(np.diff(end, prepend=-1))
    best, walk = np.full(len(nodes), -1, np.int32), np.zeros(len(nodes), np.float32)
    best[end[first]], walk[end[first]] = stop[first], minutes[first]
    return best[of_row.reshape(-1)], walk[of_row.reshape(-1)]
