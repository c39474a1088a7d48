"""Nodes of at most two neighbours, which a contraction order takes first.

Lives here: reduce_graph. Not here: cutting what is left into cells (dissection).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel

ROUNDS = 64  # each of which takes a share of a chain or tree


@kernel
def reduce_graph(ptr: np.ndarray, adj: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eliminate nodes of at most two neighbours, in rounds of nodes that do not touch each other.

    Chains and trees shrink to nothing in a logarithmic number of rounds; no arc is added that does not
    replace two. On return the rows of the nodes that are left hold their neighbours in what is left.

    Args:
        ptr: int32 [node + 1].
        adj: int32 undirected neighbours, changed in place.

    Returns:
        int32 nodes eliminated, in order; int32 [node] neighbours left, -1 for those eliminated.
    """
    n = ptr.shape[0] - 1
    degree = np.empty(n, np.int32)
    for v in range(n):
        degree[v] = ptr[v + 1] - ptr[v]
    gone = np.empty(n, np.int32)
    count = 0
    waiting = np.arange(n).astype(np.int32)
    held = np.full(n, -1, np.int32)
    for turn in range(ROUNDS):
        before = count
        left = 0
        for i in range(waiting.shape[0]):
            v = waiting[i]
            if degree[v] > 2 or held[v] == turn:
                waiting[left] = v
                left += 1
                continue
            gone[count] = v
            count += 1
            first = ptr[v]
            for k in range(degree[v]):
                w = adj[first + k]
                held[w] = turn
                other = adj[first + 1 - k] if degree[v] == 2 else -1
                _replace(ptr[w], degree, adj, w, v, other)
            degree[v] = -1
        waiting = waiting[:left]
        if count == before:
            break
    return gone[:count].copy(), degree


@inline
def _replace(first: int, degree: np.ndarray, adj: np.ndarray, w: int, old: int, new: int) -> None:
    """In the row of w put new for old; drop old if new is -1 or there already."""
    place = -1
    for k in range(first, first + degree[w]):
        if adj[k] == old:
            place = k
        elif adj[k] == new:
            new = -1
    if new >= 0:
        adj[place] = new
    else:
        degree[w] -= 1
        adj[place] = adj[first + degree[w]]
