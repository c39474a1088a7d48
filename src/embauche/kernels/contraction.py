"""Topology of a customizable contraction hierarchy: elimination tree, chordal arcs, slots of arcs.

Lives here: what depends on the graph and the order alone (Dibbelt, Strasser, Wagner 2016, "Customizable
contraction hierarchies"). Not here: the order itself (dissection), weights (customise), times (sweep).

Nodes are named by rank here: 0 is contracted first. Each undirected arc {v, w} with v < w is stored once,
in the row of v; its index is called its slot.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel

LOOP = np.int32(-(2**31))


@kernel
def undirected(indptr: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours of each node either way, without loops and doubles: CSR (int32 [node + 1], int32)."""
    n = indptr.shape[0] - 1
    ptr = np.zeros(n + 1, np.int64)
    for v in range(n):
        for a in range(indptr[v], indptr[v + 1]):
            w = indices[a]
            if w != v:
                ptr[v + 1] += 1
                ptr[w + 1] += 1
    for v in range(n):
        ptr[v + 1] += ptr[v]
    fill = ptr[:n].copy()
    both = np.empty(ptr[n], np.int32)
    for v in range(n):
        for a in range(indptr[v], indptr[v + 1]):
            w = indices[a]
            if w != v:
                both[fill[v]] = w
                fill[v] += 1
                both[fill[w]] = v
                fill[w] += 1
    seen = np.full(n, -1, np.int32)
    out = np.zeros(n + 1, np.int32)
    size = 0
    for v in range(n):
        for a in range(ptr[v], ptr[v + 1]):
            w = both[a]
            if seen[w] != v:
                seen[w] = v
                both[size] = w
                size += 1
        out[v + 1] = size
    return out, both[:size].copy()


@kernel
def elimination_tree(
    ptr: np.ndarray, adj: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An equivalent order in which each subtree is a run of ranks, each rank's parent and subtree.

    Liu's algorithm with path compression. Postordering the tree changes neither its arcs nor its depth.

    Args:
        ptr, adj: undirected neighbours.
        order: int32 [rank] node.

    Returns:
        int32 [rank] node in postorder; int32 [rank] parent (-1 at a root); int32 [rank] nodes of the
        subtree, which ends with its root.
    """
    n = order.shape[0]
    rank = np.empty(n, np.int32)
    for r in range(n):
        rank[order[r]] = r
    parent = np.full(n, -1, np.int32)
    top = np.full(n, -1, np.int32)  # compressed path to the root so far
    for r in range(n):
        v = order[r]
        for a in range(ptr[v], ptr[v + 1]):
            s = rank[adj[a]]
            while s < r:
                above = top[s]
                top[s] = r
                if above == -1:
                    parent[s] = r
                    break
                if above == r:
                    break
                s = above
    first = np.full(n, -1, np.int32)  # children, the lowest first
    after = np.full(n, -1, np.int32)
    for r in range(n - 1, -1, -1):
        if parent[r] >= 0:
            after[r] = first[parent[r]]
            first[parent[r]] = r
    new = np.empty(n, np.int32)
    count = 0
    for root in range(n):
        if parent[root] >= 0:
            continue
        r = root
        while True:
            while first[r] >= 0:
                r = first[r]
            new[r] = count
            count += 1
            while r != root and after[r] < 0:
                r = parent[r]
                new[r] = count
                count += 1
            if r == root:
                break
            r = after[r]
    out = np.empty(n, np.int32)
    up = np.full(n, -1, np.int32)
    for r in range(n):
        out[new[r]] = order[r]
        if parent[r] >= 0:
            up[new[r]] = new[parent[r]]
    below = np.ones(n, np.int32)
    for r in range(n):
        if up[r] >= 0:
            below[up[r]] += below[r]
    return out, up, below


@inline
def grown(values: np.ndarray, size: int) -> np.ndarray:
    """An int32 array of this size that begins with these values."""
    out = np.empty(size, np.int32)
    for i in range(values.shape[0]):
        out[i] = values[i]
    return out


@kernel
def chordal(
    ptr: np.ndarray, adj: np.ndarray, order: np.ndarray, parent: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """All arcs of the contracted graph.

    Args:
        ptr, adj: undirected neighbours.
        order: int32 [rank] node, postordered.
        parent: int32 [rank].

    Returns:
        up_ptr int64 [rank + 1]; head int32 [slot], ascending in each row (the first is the parent);
        down_ptr int64 [rank + 1]; down_slot int32 [slot]: slots that lead to a rank, by ascending tail.
    """
    n = order.shape[0]
    rank = np.empty(n, np.int32)
    for r in range(n):
        rank[order[r]] = r
    first = np.full(n, -1, np.int32)
    after = np.full(n, -1, np.int32)
    seen = np.full(n, -1, np.int32)
    start = np.zeros(n + 1, np.int64)
    rows = np.empty(2 * adj.shape[0] + 16, np.int32)
    degree = np.zeros(n + 1, np.int64)
    size = 0
    for r in range(n):
        v = order[r]
        most = ptr[v + 1] - ptr[v]
        child = first[r]
        while child >= 0:
            most += start[child + 1] - start[child] - 1
            child = after[child]
        if size + most > rows.shape[0]:
            rows = grown(rows, 2 * rows.shape[0] + most)
        seen[r] = r
        for a in range(ptr[v], ptr[v + 1]):
            s = rank[adj[a]]
            if s > r and seen[s] != r:
                seen[s] = r
                rows[size] = s
                degree[s + 1] += 1
                size += 1
        child = first[r]
        while child >= 0:
            for a in range(start[child], start[child + 1]):
                s = rows[a]
                if seen[s] != r:
                    seen[s] = r
                    rows[size] = s
                    degree[s + 1] += 1
                    size += 1
            child = after[child]
        start[r + 1] = size
        if parent[r] >= 0:
            after[r] = first[parent[r]]
            first[parent[r]] = r
    for r in range(n):
        degree[r + 1] += degree[r]
    fill = degree[:n].copy()
    tail = np.empty(size, np.int32)  # by head
    for r in range(n):
        for a in range(start[r], start[r + 1]):
            s = rows[a]
            tail[fill[s]] = r
            fill[s] += 1
    fill = start[:n].copy()
    head = rows[:size].copy()
    down_slot = np.empty(size, np.int32)
    for s in range(n):
        for a in range(degree[s], degree[s + 1]):
            r = tail[a]
            head[fill[r]] = s
            down_slot[a] = fill[r]
            fill[r] += 1
    return start, head, degree, down_slot


@inline
def find_slot(up_ptr: np.ndarray, head: np.ndarray, low: int, high: int) -> int:
    """The slot from rank low to rank high, which is there."""
    a, b = int(up_ptr[low]), int(up_ptr[low + 1])
    while b - a > 1:
        middle = (a + b) >> 1
        if head[middle] <= high:
            a = middle
        else:
            b = middle
    return a


@kernel
def arc_slots(
    indptr: np.ndarray, indices: np.ndarray, order: np.ndarray, up_ptr: np.ndarray, head: np.ndarray
) -> np.ndarray:
    """Where each arc of the graph goes: its slot if it leads up, ~slot if down, LOOP for a loop."""
    n = order.shape[0]
    rank = np.empty(n, np.int32)
    for r in range(n):
        rank[order[r]] = r
    out = np.empty(indices.shape[0], np.int32)
    for v in range(n):
        for a in range(indptr[v], indptr[v + 1]):
            r, s = rank[v], rank[indices[a]]
            if r == s:
                out[a] = LOOP
                continue
            low, high = (r, s) if r < s else (s, r)
            slot = find_slot(up_ptr, head, low, high)
            out[a] = slot if r < s else ~slot
    return out
