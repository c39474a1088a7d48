"""Times of scattered pairs: labels along the elimination tree of a contraction hierarchy.

Lives here: labels of fixed ends, times of pairs grouped by their other end. Not here: dense rows (sweep).

The label of a node holds the way up to each node above it, root first. A fastest path climbs to the
highest node on it, which stands above both ends, and descends: so a pair costs one pass over the labels
down to the lowest node above both (two-hop labels: Abraham, Delling, Goldberg, Werneck 2011; over a tree
decomposition: Ouyang et al. 2018). Labels are integers, so that passes are vectorised and sums exact.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel

FAR = np.int32(1 << 29)


@kernel
def tree_depths(parent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes above each rank, and the least rank of its subtree, both int32 [rank].

    parent is int32 [rank], -1 at a root; ranks are postordered, so each subtree is a run of them.
    """
    n = parent.shape[0]
    depth = np.zeros(n, np.int32)
    lowest = np.arange(n).astype(np.int32)
    for r in range(n):
        if parent[r] >= 0:
            lowest[parent[r]] = min(lowest[parent[r]], lowest[r])
    for r in range(n - 1, -1, -1):
        if parent[r] >= 0:
            depth[r] = depth[parent[r]] + 1
    return depth, lowest


@inline
def climb(
    rank: int,
    known: int,
    path: np.ndarray,
    depth: np.ndarray,
    parent: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    weight: np.ndarray,
    metres: np.ndarray,
    time: np.ndarray,
    length: np.ndarray,
) -> int:
    """Make time[j, :j + 1] the label of path[j], the node at depth j above rank or itself.

    And length too, unless it has no rows. `known` is the depth down to which path holds from the call
    before, -1 at first. Returns rank's depth.
    """
    deep: int = depth[rank]
    for j in range(deep + 1, known + 1):
        path[j] = -1
    node, j = rank, deep
    while j >= 0 and path[j] != node:
        path[j] = node
        node = parent[node]
        j -= 1
    for k in range(j + 1, deep + 1):
        node = path[k]
        mine = time[k]
        mine[:k] = FAR
        mine[k] = 0
        if length.shape[0] > 0:
            length[k, : k + 1] = 0
        for e in range(up_ptr[node], up_ptr[node + 1]):
            if not weight[e] < FAR:
                continue
            step = np.int32(weight[e])
            h = depth[head[e]]
            above = time[h]
            if length.shape[0] == 0:
                for c in range(h + 1):
                    new = step + above[c]
                    mine[c] = new if new < mine[c] else mine[c]
                continue
            metre = np.int32(metres[e])
            mine_m, above_m = length[k], length[h]
            for c in range(h + 1):
                new, new_m = step + above[c], metre + above_m[c]
                better = (new < mine[c]) | ((new == mine[c]) & (new_m < mine_m[c]))
                mine_m[c] = new_m if better else mine_m[c]
                mine[c] = new if better else mine[c]
    return deep


@kernel
def fixed_labels(
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
        out_time, out_metres: int32, the latter empty where not wanted.
    """
    with_metres = out_metres.shape[0] > 0
    time = np.empty((deepest + 1, deepest + 1), np.int32)
    length = np.empty((deepest + 1, deepest + 1) if with_metres else (0, 0), np.int32)
    path = np.full(deepest + 1, -1, np.int32)
    known = -1
    for i in range(lo, hi):
        end = order[i]
        known = climb(
            rank[end], known, path, depth, parent, up_ptr, head, weight, metres, time, length
        )  # fmt: skip
        begin = ptr[end]
        out_time[begin : begin + known + 1] = time[known, : known + 1]
        if with_metres:
            out_metres[begin : begin + known + 1] = length[known, : known + 1]


@kernel
def pair_times(
    lo: int,
    hi: int,
    group_rank: np.ndarray,
    group_ptr: np.ndarray,
    pair: np.ndarray,
    far: np.ndarray,
    depth: np.ndarray,
    parent: np.ndarray,
    lowest: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    weight: np.ndarray,
    metres: np.ndarray,
    deepest: int,
    far_rank: np.ndarray,
    far_ptr: np.ndarray,
    far_time: np.ndarray,
    far_metres: np.ndarray,
    out_time: np.ndarray,
    out_metres: np.ndarray,
) -> None:
    """Times of the pairs of groups lo..hi; pairs of a group share their near end.

    Args:
        lo, hi: groups, in ascending order of group_rank.
        group_rank: int32 [group] rank of the near end; group_ptr: int64 [group + 1].
        pair: int64 pairs, group by group; far: int32 [pair] far end.
        depth, parent, up_ptr, head, weight, metres, deepest: as in fixed_labels, for the near ends' way.
        lowest: int32 [rank] least rank of its subtree.
        far_rank: int32 [far end]; far_ptr, far_time, far_metres: their labels.
        out_time, out_metres: int32 [pair], FAR where there is no way; of equal times the fewest metres.
    """
    with_metres = out_metres.shape[0] > 0
    time = np.empty((deepest + 1, deepest + 1), np.int32)
    length = np.empty((deepest + 1, deepest + 1) if with_metres else (0, 0), np.int32)
    path = np.full(deepest + 1, -1, np.int32)
    known = -1
    for g in range(lo, hi):
        known = climb(
            group_rank[g], known, path, depth, parent, up_ptr, head, weight, metres, time, length
        )  # fmt: skip
        mine = time[known]
        mine_m = length[known] if with_metres else mine
        for k in range(group_ptr[g], group_ptr[g + 1]):
            i = pair[k]
            end = far[i]
            r = far_rank[end]
            # the subtrees of the path's nodes are nested runs of ranks: how many of them hold r
            a, b = 0, known + 1
            while a < b:
                middle = (a + b) >> 1
                if lowest[path[middle]] <= r <= path[middle]:
                    a = middle + 1
                else:
                    b = middle
            theirs = far_time[far_ptr[end] : far_ptr[end] + a]
            best = FAR
            for c in range(a):
                whole = mine[c] + theirs[c]
                best = whole if whole < best else best
            out_time[i] = best
            if with_metres:
                theirs_m = far_metres[far_ptr[end] : far_ptr[end] + a]
                least = FAR
                for c in range(a):
                    metre = mine_m[c] + theirs_m[c]
                    least = metre if (mine[c] + theirs[c] == best) & (metre < least) else least
                out_metres[i] = least


@kernel
def group_pairs(key: np.ndarray, keys: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs by key: keys present int32 [group], group_ptr int64 [group + 1], pair int64 (in order)."""
    count = np.zeros(keys + 1, np.int64)
    for i in range(key.shape[0]):
        count[key[i] + 1] += 1
    groups = 0
    for k in range(keys):
        groups += count[k + 1] > 0
        count[k + 1] += count[k]
    present = np.empty(groups, np.int32)
    ptr = np.zeros(groups + 1, np.int64)
    g = 0
    for k in range(keys):
        if count[k + 1] > count[k]:
            present[g] = k
            g += 1
            ptr[g] = count[k + 1]
    pair = np.empty(key.shape[0], np.int64)
    for i in range(key.shape[0]):
        pair[count[key[i]]] = i
        count[key[i]] += 1
    return present, ptr, pair
