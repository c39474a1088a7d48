"""Shortest paths of static assignment: one search an origin, the paths that beat those in use.

Lives here: the search from scratch and from the last round's order, the comparison of paths. Not here:
flows (kernels.assignment), hierarchies (routing.RoadHierarchy).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.heap import sift_down, sift_up

# A path must be cheaper than those in use by this relative margin to count as new: less is the
# rounding of a sum of costs, and would add the same path twice.
MARGIN = 1e-12


@inline
def _cheapest(
    d: int, od_path: np.ndarray, path_ptr: np.ndarray, path_link: np.ndarray, cost: np.ndarray
) -> float:
    best = np.inf
    for p in range(od_path[d], od_path[d + 1]):
        total = 0.0
        for i in range(path_ptr[p], path_ptr[p + 1]):
            total += cost[path_link[i]]
        best = min(best, total)
    return best


@inline
def _settle(
    root: int,
    through: int,
    indptr: np.ndarray,
    head: np.ndarray,
    link: np.ndarray,
    cost: np.ndarray,
    dist: np.ndarray,
    entry: np.ndarray,
    order: np.ndarray,
    heap: np.ndarray,
    where: np.ndarray,
) -> None:
    """Dijkstra; `order` becomes the nodes as they are settled, -1 after the last reached."""
    where[:] = -1
    heap[0] = root
    where[root] = 0
    size = 1
    settled = 0
    while size > 0:
        node = heap[0]
        size -= 1
        where[node] = -2
        order[settled] = node
        settled += 1
        if size > 0:
            heap[0] = heap[size]
            where[heap[0]] = 0
            sift_down(heap, where, dist, size)
        if node < through and node != root:
            continue
        for a in range(indptr[node], indptr[node + 1]):
            other = head[a]
            new = dist[node] + cost[link[a]]
            if new < dist[other]:
                dist[other] = new
                entry[other] = a
                if where[other] == -1:
                    heap[size] = other
                    where[other] = size
                    size += 1
                sift_up(heap, where, dist, where[other])
    order[settled:] = -1


@inline
def _correct(
    root: int,
    through: int,
    indptr: np.ndarray,
    head: np.ndarray,
    link: np.ndarray,
    cost: np.ndarray,
    dist: np.ndarray,
    entry: np.ndarray,
    order: np.ndarray,
    waiting: np.ndarray,
) -> None:
    """Label correcting along the order of the last search, then that order sorted anew.

    Costs change little between rounds, so that the old order is nearly right: a few passes give
    the same distances as Dijkstra in a fifth of the time.
    """
    waiting[:] = -1
    waiting[root] = 0
    left = 1
    while left > 0:
        for i in range(order.shape[0]):
            node = order[i]
            if node < 0:
                break
            if waiting[node] < 0:
                continue
            waiting[node] = -1
            left -= 1
            if node < through and node != root:
                continue
            for a in range(indptr[node], indptr[node + 1]):
                other = head[a]
                new = dist[node] + cost[link[a]]
                if new < dist[other]:
                    dist[other] = new
                    entry[other] = a
                    if waiting[other] < 0:
                        waiting[other] = 0
                        left += 1
    for i in range(1, order.shape[0]):
        node = order[i]
        if node < 0:
            break
        j = i
        while j > 0 and dist[order[j - 1]] > dist[node]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = node


@kernel
def cheaper_paths(
    lo: int,
    hi: int,
    indptr: np.ndarray,
    near: np.ndarray,
    head: np.ndarray,
    link: np.ndarray,
    through: int,
    cost: np.ndarray,
    roots: np.ndarray,
    root_od: np.ndarray,
    od_end: np.ndarray,
    warm: int,
    order: np.ndarray,
    od_path: np.ndarray,
    path_ptr: np.ndarray,
    path_link: np.ndarray,
    room: np.ndarray,
    least: np.ndarray,
    new_from: np.ndarray,
    new_len: np.ndarray,
    new_link: np.ndarray,
    needed: np.ndarray,
) -> None:
    """Least cost of each OD of roots[lo:hi], and a shortest path where it beats those in use.

    The graph is CSR by entries: `near`, `head` int32 [entry] its ends, `link` int32 [entry] its link;
    nodes below `through` are ends of paths only. OD root_od[r]:root_od[r + 1] run from roots[r] to
    od_end. `order` is int32 [root, node], from the last search if `warm`, or [0, 0] if the graph is too
    large to keep it. The new path of OD d is new_link[new_from[d]:][:new_len[d]]; those of root r stand in
    new_link[room[r]:room[r + 1]], and needed[r] is the room that they want: where there is less, the caller
    makes more and calls again.
    """
    n = indptr.shape[0] - 1
    dist = np.empty(n, np.float64)
    entry = np.empty(n, np.int32)
    heap = np.empty(n, np.int32)
    where = np.empty(n, np.int32)
    scratch = np.empty(n, np.int32)
    for r in range(lo, hi):
        root = roots[r]
        mine = order[r] if order.shape[0] > 0 else scratch
        dist[:] = np.inf
        dist[root] = 0.0
        if warm > 0:
            _correct(root, through, indptr, head, link, cost, dist, entry, mine, where)
        else:
            _settle(root, through, indptr, head, link, cost, dist, entry, mine, heap, where)
        k = room[r]
        for d in range(root_od[r], root_od[r + 1]):
            best = _cheapest(d, od_path, path_ptr, path_link, cost)
            node = od_end[d]
            least[d] = dist[node]
            new_from[d] = k
            new_len[d] = 0
            if dist[node] < np.inf and (best == np.inf or dist[node] < best * (1.0 - MARGIN)):
                while node != root:
                    if k < room[r + 1]:
                        new_link[k] = link[entry[node]]
                    k += 1
                    new_len[d] += 1
                    node = near[entry[node]]
        needed[r] = k - room[r]


@kernel
def better_paths(
    lo: int,
    hi: int,
    given_ptr: np.ndarray,
    given_link: np.ndarray,
    od_path: np.ndarray,
    path_ptr: np.ndarray,
    path_link: np.ndarray,
    cost: np.ndarray,
    least: np.ndarray,
    new_len: np.ndarray,
) -> None:
    """Least cost of OD lo..hi given a path for each, and the given path's length where it is new.

    OD d was given the links given_link[given_ptr[d]:given_ptr[d + 1]], none where there is no path. Each may
    be dearer than the best by the rounding of float32 that a hierarchy computes in.
    """
    for d in range(lo, hi):
        best = _cheapest(d, od_path, path_ptr, path_link, cost)
        total = 0.0 if given_ptr[d + 1] > given_ptr[d] else np.inf
        for i in range(given_ptr[d], given_ptr[d + 1]):
            total += cost[given_link[i]]
        new = total < np.inf and (best == np.inf or total < best * (1.0 - MARGIN))
        new_len[d] = given_ptr[d + 1] - given_ptr[d] if new else 0
        least[d] = min(best, total)
