"""Fastest paths as lists of arcs, pair by pair: two climbs of the elimination tree, then unpacking.

Lives here: paths. Not here: what each slot stands for (customise.customise_fully).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.contraction import find_slot, grown

INF = np.float32(np.inf)


@inline
def _climb(
    start: int,
    parent: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    weight: np.ndarray,
    second: np.ndarray,
    time: np.ndarray,
    metres: np.ndarray,
    by: np.ndarray,
) -> None:
    """Least (time, metres) to each rank above start, and the slot that gave it; inf on entry."""
    time[start] = 0.0
    metres[start] = 0.0
    by[start] = -1
    r = start
    while r >= 0:
        if time[r] < INF:
            for e in range(up_ptr[r], up_ptr[r + 1]):
                w = head[e]
                t = time[r] + weight[e]
                m = metres[r] + second[e]
                if t < time[w] or (t == time[w] and m < metres[w]):
                    time[w] = t
                    metres[w] = m
                    by[w] = e
        r = parent[r]


@kernel
def paths(
    lo: int,
    hi: int,
    source: np.ndarray,
    target: np.ndarray,
    parent: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    tail: np.ndarray,
    up: np.ndarray,
    down: np.ndarray,
    up_m: np.ndarray,
    down_m: np.ndarray,
    up_via: np.ndarray,
    down_via: np.ndarray,
    order: np.ndarray,
    indices: np.ndarray,
    length: np.ndarray,
) -> np.ndarray:
    """Arcs of the fastest path of each pair lo:hi, one after the other; none where unreachable.

    Args:
        lo, hi: rows of source and target (int32 [pair] ranks).
        parent, up_ptr, head, tail, up, down, up_m, down_m, up_via, down_via: the weighted hierarchy.
        order: int32 [rank] node.
        indices: int32 [arc] node that each arc leads to.
        length: int32 [pair], set to the number of arcs, -1 where unreachable.

    Returns:
        int32 arcs of all pairs.
    """
    n = parent.shape[0]
    time = np.full((2, n), INF, np.float32)
    metres = np.full((2, n), INF, np.float32)
    by = np.empty((2, n), np.int32)
    mark = np.full(n, -1, np.int64)  # how many arcs lead to a node of this path
    out = np.empty(1024, np.int32)
    total = 0
    slots = np.empty(256, np.int32)  # to unpack, the last first; ~slot if travelled down
    for pair in range(lo, hi):
        s, t = source[pair], target[pair]
        _climb(s, parent, up_ptr, head, up, up_m, time[0], metres[0], by[0])
        _climb(t, parent, up_ptr, head, down, down_m, time[1], metres[1], by[1])
        best, best_m, meet = INF, INF, -1
        r = s
        while r >= 0:
            both, both_m = time[0, r] + time[1, r], metres[0, r] + metres[1, r]
            if both < best or (both == best and both < INF and both_m < best_m):
                best, best_m, meet = both, both_m, r
            r = parent[r]
        size = 0
        if meet >= 0:
            r = meet
            while by[1, r] >= 0:
                if size + 2 > slots.shape[0]:
                    slots = grown(slots, 2 * size + 2)
                slots[size] = ~by[1, r]
                size += 1
                r = tail[by[1, r]]
            for i in range(size // 2):  # the last to travel lies at the bottom
                slots[i], slots[size - 1 - i] = slots[size - 1 - i], slots[i]
            r = meet
            while by[0, r] >= 0:
                if size + 2 > slots.shape[0]:
                    slots = grown(slots, 2 * size + 2)
                slots[size] = by[0, r]
                size += 1
                r = tail[by[0, r]]
        for side in range(2):
            r = s if side == 0 else t
            while r >= 0:
                time[side, r] = INF
                metres[side, r] = INF
                r = parent[r]
        begin = total
        mark[order[s]] = 0
        while size > 0:
            size -= 1
            e = slots[size]
            via = up_via[e] if e >= 0 else down_via[~e]
            if via >= 0:
                u = tail[via]
                end = head[e] if e >= 0 else head[~e]
                f = find_slot(up_ptr, head, u, end)
                if size + 2 > slots.shape[0]:
                    slots = grown(slots, 2 * size + 2)
                slots[size] = f if e >= 0 else via
                slots[size + 1] = ~via if e >= 0 else ~f
                size += 2
                continue
            arc = ~via
            node = indices[arc]
            if mark[node] >= 0:  # a loop of no length: leave it out
                while total - begin > mark[node]:
                    total -= 1
                    mark[indices[out[total]]] = -1
                mark[node] = total - begin
                continue
            if total == out.shape[0]:
                out = grown(out, 2 * total)
            out[total] = arc
            total += 1
            mark[node] = total - begin
        for i in range(begin, total):
            mark[indices[out[i]]] = -1
        mark[order[s]] = -1
        length[pair] = total - begin if meet >= 0 else -1
    return out[:total].copy()
