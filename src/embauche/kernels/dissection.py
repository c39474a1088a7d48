"""Nested dissection order of a graph with coordinates.

Lives here: cells halved by coordinates, separators last. Not here: the chordal graph (contraction).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel

LEAF = 8


@kernel
def dissect(ptr: np.ndarray, adj: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray) -> None:
    """Rearrange `order` (int32, all nodes) so that each cell's separator follows its two halves."""
    n = order.shape[0]
    side = np.zeros(n, np.int32)
    stack = [(0, n)]
    stamp = 1
    while len(stack) > 0:
        lo, hi = stack.pop()
        if hi - lo <= LEAF:
            continue
        cell = order[lo:hi].copy()
        cx, cy = x[cell], y[cell]
        by = np.argsort(cx if cx.max() - cx.min() >= cy.max() - cy.min() else cy, kind="mergesort")
        half = (hi - lo) // 2
        left, right = stamp + 1, stamp + 2
        stamp += 2
        for i in range(cell.shape[0]):
            side[cell[by[i]]] = left if i < half else right
        a = lo
        for i in range(half):
            v = cell[by[i]]
            touches = False
            for k in range(ptr[v], ptr[v + 1]):
                if side[adj[k]] == right:
                    touches = True
            if touches:
                side[v] = 0
            else:
                order[a] = v
                a += 1
        stack.append((lo, a))
        b = a
        for i in range(half, cell.shape[0]):
            order[b] = cell[by[i]]
            b += 1
        stack.append((a, b))
        for i in range(half):
            v = cell[by[i]]
            if side[v] == 0:
                order[b] = v
                b += 1
