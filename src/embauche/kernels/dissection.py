"""Nested dissection of a graph with coordinates: cells cut by inertial flow, separators last.

Lives here: dissect (Schild and Sommer 2015, "On balanced separators in road networks", here with vertex
cuts). Not here: nodes of small degree, which go first (reduction), the chordal graph (contraction).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel

LEAF = 6  # cells of so few nodes are not cut
SHARE = 0.25  # of a cell's nodes that are surely on either side
FREE, FROM_SOURCE, TO_SINK = -1, -2, -3
MIDDLE, SOURCE, SINK = 0, 1, 2


@inline
def _flow(
    ptr: np.ndarray,
    adj: np.ndarray,
    kind: np.ndarray,
    best: int,
    after: np.ndarray,
    before: np.ndarray,
    come: np.ndarray,
    root: np.ndarray,
    queue: np.ndarray,
) -> int:
    """Most paths from the SOURCE nodes to the SINK nodes that share no node, or `best` if as many.

    A node v is two states: 2v, where it is entered, and 2v + 1, where it is left. Each turn grows one
    tree from each free source node, breadth first; a tree that meets the sink adds a path.

    Args:
        ptr, adj: the cell's own neighbours.
        kind: int8 [node].
        best: give up at so many.
        after, before: int32 [node] next and last node of the path through each node, overwritten.
        come: int32 [2 node] the state that a state was reached from, -1 if it was not: on return, from
            the source in the residual graph.
        root, queue: int32 [2 node], work space.
    """
    n = kind.shape[0]
    after[:] = FREE
    before[:] = FREE
    flow = 0
    while True:
        come[:] = FREE
        size = 0
        for v in range(n):
            if kind[v] == SOURCE and before[v] == FREE:
                edge = False
                for k in range(ptr[v], ptr[v + 1]):
                    edge |= kind[adj[k]] != SOURCE
                if edge:
                    come[2 * v + 1] = FROM_SOURCE
                    root[2 * v + 1] = v
                    queue[size] = 2 * v + 1
                    size += 1
        flow_before = flow
        at = 0
        while at < size:
            state = queue[at]
            at += 1
            tree = root[state]
            if before[tree] != FREE:  # this tree has found its path
                continue
            v = state >> 1
            if state & 1 == 0:  # entered by a second path: only the first can be sent elsewhere
                to = 2 * before[v] + 1
                if come[to] == FREE:
                    come[to] = state
                    root[to] = tree
                    queue[size] = to
                    size += 1
                continue
            if before[v] >= 0 and come[state - 1] == FREE:
                come[state - 1] = state
                root[state - 1] = tree
                queue[size] = state - 1
                size += 1
            for k in range(ptr[v], ptr[v + 1]):
                w = adj[k]
                if kind[w] == SINK:
                    _augment(state, after, before, come)
                    flow += 1
                    break
                if kind[w] == MIDDLE:
                    to = 2 * w + (1 if before[w] == FREE else 0)
                    if come[to] == FREE:
                        come[to] = state
                        root[to] = tree
                        queue[size] = to
                        size += 1
            if flow >= best:
                return flow
        if flow == flow_before:
            return flow


@inline
def _augment(state: int, after: np.ndarray, before: np.ndarray, come: np.ndarray) -> None:
    """Turn the tree's way to `state`, a node left for the sink, into a path."""
    after[state >> 1] = TO_SINK
    while True:
        origin = come[state]
        v = state >> 1
        if origin == FROM_SOURCE:
            before[v] = FROM_SOURCE
            return
        u = origin >> 1
        if u == v:  # left again the way it was entered: no path runs here any more
            before[v] = FREE
            after[v] = FREE
        elif origin & 1 == 1:
            before[v] = u
            after[u] = v
        state = origin


@inline
def _side(v: int, kind: np.ndarray, before: np.ndarray, come: np.ndarray) -> int:
    """0 on the source's side of the least cut, 1 beyond it, 2 in it."""
    if come[2 * v + 1] != FREE or (kind[v] == SOURCE and before[v] == FREE):
        return 0
    return 2 if come[2 * v] != FREE or kind[v] == SOURCE else 1


@inline
def _local(
    lo: int,
    hi: int,
    lists: np.ndarray,
    ptr: np.ndarray,
    degree: np.ndarray,
    adj: np.ndarray,
    place: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The cell's own graph, CSR; its nodes are numbered as they stand in the first list."""
    size = hi - lo
    cell = lists[0, lo:hi]
    arcs = 0
    for i in range(size):
        place[cell[i]] = i
        arcs += degree[cell[i]]
    own_ptr = np.zeros(size + 1, np.int32)
    own_adj = np.empty(arcs, np.int32)
    count = 0
    for i in range(size):
        v = cell[i]
        for k in range(ptr[v], ptr[v] + degree[v]):
            # another cell's place may change meanwhile; whatever it is, it does not name w here
            j = place[adj[k]]
            if j < size and cell[j] == adj[k]:
                own_adj[count] = j
                count += 1
        own_ptr[i + 1] = count
    return own_ptr, own_adj[:count]


@kernel
def dissect(
    lo: int,
    hi: int,
    largest: int,
    lists: np.ndarray,
    ptr: np.ndarray,
    degree: np.ndarray,
    adj: np.ndarray,
    place: np.ndarray,
) -> np.ndarray:
    """Rearrange a cell so that its two halves come first and what separates them last, and so on.

    A cell of more than `largest` nodes is cut once and its halves are left to do; a smaller one is
    dissected to the end. Cells may be worked on side by side.

    Args:
        lo, hi: the cell lies in columns lo:hi of each list.
        largest: see above.
        lists: int32 [direction, position] nodes, each cell sorted along each direction; on return the
            order of contraction.
        ptr, degree, adj: undirected neighbours of node v: adj[ptr[v] : ptr[v] + degree[v]].
        place: int32 [node], work space shared by all cells, no value negative.

    Returns:
        int64 [cell, 2] cells left to do.
    """
    n = hi - lo
    after, before = np.empty(n, np.int32), np.empty(n, np.int32)
    kind, side = np.empty(n, np.int8), np.empty(n, np.int8)
    come, root, queue = np.empty(2 * n, np.int32), np.empty(2 * n, np.int32), np.empty(2 * n, np.int32)
    todo = np.empty((2 + n, 2), np.int64)
    todo[0, 0] = lo
    todo[0, 1] = hi
    height = 1
    while height > 0:
        height -= 1
        a, b = todo[height, 0], todo[height, 1]
        size = b - a
        if size <= LEAF:
            continue
        own_ptr, own_adj = _local(a, b, lists, ptr, degree, adj, place)
        ends = max(1, int(SHARE * size))
        best = np.inf
        left_best = right_best = 0
        for d in range(lists.shape[0]):
            kind[:size] = MIDDLE
            for i in range(ends):
                kind[place[lists[d, a + i]]] = SOURCE
                kind[place[lists[d, b - 1 - i]]] = SINK
            most = size if best == np.inf else int(best * size / 2) + 1
            flow = _flow(
                own_ptr,
                own_adj,
                kind[:size],
                most,
                after[:size],
                before[:size],
                come[: 2 * size],
                root,
                queue,
            )
            if flow >= most and best < np.inf:
                continue
            left = right = 0
            for v in range(size):
                s = _side(v, kind, before, come)
                left += s == 0
                right += s == 1
            score = flow / max(1, min(left, right))
            if score < best:
                best = score
                left_best, right_best = left, right
                for v in range(size):
                    side[v] = _side(v, kind, before, come)
        for d in range(lists.shape[0]):
            _part(a, b, lists[d], side, place, left_best, right_best, queue)
        todo[height, 0] = a
        todo[height, 1] = a + left_best
        todo[height + 1, 0] = a + left_best
        todo[height + 1, 1] = a + left_best + right_best
        height += 2
        if size > largest:
            return todo[:height].copy()
    return todo[:0].copy()


@inline
def _part(
    lo: int,
    hi: int,
    row: np.ndarray,
    side: np.ndarray,
    place: np.ndarray,
    left: int,
    right: int,
    space: np.ndarray,
) -> None:
    """Sort row[lo:hi], nodes, by side, otherwise as they were."""
    on_left, on_right, between = 0, left, left + right
    for i in range(lo, hi):
        s = side[place[row[i]]]
        if s == 0:
            space[on_left] = row[i]
            on_left += 1
        elif s == 1:
            space[on_right] = row[i]
            on_right += 1
        else:
            space[between] = row[i]
            between += 1
    for i in range(lo, hi):
        row[i] = space[i - lo]
