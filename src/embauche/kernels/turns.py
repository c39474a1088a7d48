"""Where the two ends of an arc part in a nested dissection: the order of a graph whose vertices are arcs.

Lives here: partings. Not here: the expanded graph (routing.turns), the dissection itself.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel


@kernel
def partings(
    ptr: np.ndarray,
    adj: np.ndarray,
    rank: np.ndarray,
    order: np.ndarray,
    parent: np.ndarray,
    tail: np.ndarray,
    head: np.ndarray,
) -> np.ndarray:
    """Rank at which the ends of each arc fall into different cells, int32 [arc].

    A node of a separator is given to the side to which most of its streets lead: so separators of
    nodes become cuts of streets, and the arcs of a cut street part at the cut's rank.

    Args:
        ptr, adj: int32 undirected neighbours.
        rank: int32 [node]; order: int32 [rank] node; parent: int32 [rank] in the elimination tree.
        tail, head: int32 [arc].
    """  # fmt: skip
    n = order.shape[0]
    home = np.empty(n, np.int32)  # [rank] the cell's lowest rank
    for r in range(n):
        v = order[r]
        home[r] = r
        most = 0
        branch = np.empty(ptr[v + 1] - ptr[v], np.int32)  # child of r below which each neighbour lies
        for k in range(ptr[v], ptr[v + 1]):
            b = rank[adj[k]]
            if b < r:
                while parent[b] != r:
                    b = parent[b]
            branch[k - ptr[v]] = b
        for k in range(branch.shape[0]):
            below = rank[adj[ptr[v] + k]]
            if below > r:
                continue
            count = 0
            for j in range(branch.shape[0]):
                count += branch[j] == branch[k]
            if count > most or (count == most and home[below] < home[r]):
                most = count
                home[r] = home[below]
    out = np.empty(tail.shape[0], np.int32)
    for a in range(tail.shape[0]):
        p, q = home[rank[tail[a]]], home[rank[head[a]]]
        while p != q:
            if p < q:
                p = parent[p]
            else:
                q = parent[q]
        out[a] = p
    return out
