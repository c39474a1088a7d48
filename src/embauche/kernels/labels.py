"""Times of scattered pairs: labels along the elimination tree of a contraction hierarchy.

Lives here: labels of ends, where two ends' ways up meet, times of pairs. Not here: dense rows (sweep).

The label of a node holds the way up to each node above it, root first. A fastest path climbs to the
highest node on it, which stands above both ends, and descends: so a pair costs one pass over two labels
down to the lowest node above both (two-hop labels: Abraham, Delling, Goldberg, Werneck 2011; over a tree
decomposition: Ouyang et al. 2018). Labels are integers, so that passes are vectorised and sums exact.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel

FAR = np.int32(1 << 29)


@kernel
def tree_depths(parent: np.ndarray) -> np.ndarray:
    """Nodes above each rank, int32 [rank]; parent is int32 [rank], -1 at a root, else above the rank."""
    n = parent.shape[0]
    depth = np.zeros(n, np.int32)
    for r in range(n - 1, -1, -1):
        if parent[r] >= 0:
            depth[r] = depth[parent[r]] + 1
    return depth


@kernel
def meetings(rank: np.ndarray, parent: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Nodes that stand above or at both rank[i] and rank[i + 1], int32 [i]; 0 in different trees.

    rank goes up; ranks are postordered, so no tree arc is climbed twice.
    """
    out = np.zeros(max(0, rank.shape[0] - 1), np.int32)
    for i in range(out.shape[0]):
        a, b = rank[i], rank[i + 1]
        while a >= 0 and a != b:
            if a < b:
                a = parent[a]
            else:
                b = parent[b]
                if b < 0:
                    a = b
        out[i] = depth[a] + 1 if a >= 0 else 0
    return out


@kernel
def end_labels(
    lo: int,
    hi: int,
    order: np.ndarray,
    rank: np.ndarray,
    depth: np.ndarray,
    parent: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    weight: np.ndarray,
    metres: np.ndarray,
    deepest: int,
    ptr: np.ndarray,
    out_time: np.ndarray,
    out_metres: np.ndarray,
) -> None:
    """Labels of the ends order[lo:hi], at out_time[ptr[end] : ptr[end + 1]], root first, int32.

    Args:
        lo, hi: rows of `order`, which goes up by rank so that neighbours share their way.
        order: int32 ends; rank: int32 [end].
        depth, parent: int32 [rank]; up_ptr, head: slots.
        weight, metres: float32 [slot] whole numbers; metres are read only where they are wanted.
        deepest: greatest depth of all.
        ptr: int64 [end + 1].
        out_time, out_metres: int32, the latter empty where not wanted; of equal times the fewest metres.
    """
    with_metres = out_metres.shape[0] > 0
    time = np.empty((deepest + 1, deepest + 1), np.int32)  # [j, :j + 1]: label of path[j]
    length = np.empty((deepest + 1, deepest + 1) if with_metres else (0, 0), np.int32)
    path = np.full(deepest + 1, -1, np.int32)
    known = -1
    for i in range(lo, hi):
        end = order[i]
        deep = depth[rank[end]]
        for j in range(deep + 1, known + 1):
            path[j] = -1
        node, j = rank[end], deep
        while j >= 0 and path[j] != node:
            path[j] = node
            node = parent[node]
            j -= 1
        for k in range(j + 1, deep + 1):
            node = path[k]
            mine = time[k]
            mine[:k] = FAR
            mine[k] = 0
            if with_metres:
                length[k, : k + 1] = 0
            for e in range(up_ptr[node], up_ptr[node + 1]):
                if not weight[e] < FAR:
                    continue
                step = np.int32(weight[e])
                h = depth[head[e]]
                above = time[h]
                if not with_metres:
                    for c in range(h + 1):
                        new = np.int32(step + above[c])
                        mine[c] = new if new < mine[c] else mine[c]
                    continue
                metre = np.int32(metres[e])
                mine_m, above_m = length[k], length[h]
                for c in range(h + 1):
                    new, new_m = np.int32(step + above[c]), np.int32(metre + above_m[c])
                    better = (new < mine[c]) | ((new == mine[c]) & (new_m < mine_m[c]))
                    mine_m[c] = new_m if better else mine_m[c]
                    mine[c] = new if better else mine[c]
        known = deep
        begin = ptr[end]
        for c in range(deep + 1):
            out_time[begin + c] = time[deep, c]
        if with_metres:
            for c in range(deep + 1):
                out_metres[begin + c] = length[deep, c]


@kernel
def pair_times(
    lo: int,
    hi: int,
    near: np.ndarray,
    far: np.ndarray,
    near_at: np.ndarray,
    far_at: np.ndarray,
    level: np.ndarray,
    least: np.ndarray,
    near_ptr: np.ndarray,
    near_time: np.ndarray,
    near_metres: np.ndarray,
    far_ptr: np.ndarray,
    far_time: np.ndarray,
    far_metres: np.ndarray,
    out_time: np.ndarray,
    out_metres: np.ndarray,
) -> None:
    """Times of pairs lo..hi of a near and a far end.

    Args:
        lo, hi: pairs.
        near, far: int32 [pair] ends.
        near_at, far_at: int32 [end] position of the end's rank among all ends' ranks, ascending.
        level: uint8 [gap], whole part of the binary logarithm; least: int32 [level, position] least of the
            2**level meetings from there (so that of any two positions is found in two looks).
        near_ptr, near_time, near_metres, far_ptr, far_time, far_metres: labels of the ends.
        out_time, out_metres: int32 [pair], FAR where there is no way; out_metres is empty where not wanted.
    """
    with_metres = out_metres.shape[0] > 0
    for i in range(lo, hi):
        a, b = near_at[near[i]], far_at[far[i]]
        x, y = near_ptr[near[i]], far_ptr[far[i]]
        if a == b:
            common = far_ptr[far[i] + 1] - y
        else:
            a, b = min(a, b), max(a, b)
            k = level[b - a]
            common = np.int64(min(least[k, a], least[k, b - (1 << k)]))
        mine, theirs = near_time[x : x + common], far_time[y : y + common]
        best = FAR
        for c in range(common):
            new = np.int32(mine[c] + theirs[c])
            best = new if new < best else best
        out_time[i] = best
        if with_metres:
            mine_m, theirs_m = near_metres[x : x + common], far_metres[y : y + common]
            fewest = FAR
            for c in range(common):
                tie = np.int32(mine[c] + theirs[c]) == best
                new = np.int32(mine_m[c] + theirs_m[c])
                fewest = new if tie & (new < fewest) else fewest
            out_metres[i] = fewest
