"""Weights of a customizable contraction hierarchy from the seconds of the graph's arcs.

Lives here: basic customisation by lower triangles; the second value and what each slot stands for.
Not here: the topology (contraction), times between nodes (sweep).

A rank writes its own slots and reads those of the ranks below it in the tree, so disjoint subtrees run
side by side. Minima do not depend on the order in which they are taken.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel
from embauche.kernels.contraction import LOOP

INF = np.float32(np.inf)
NOTHING = np.int32(-(2**31))  # a slot that no path uses


@kernel
def lay_arcs(slots: np.ndarray, seconds: np.ndarray, up: np.ndarray, down: np.ndarray) -> None:
    """Put each arc's seconds (float32 [arc]) at its slot of up or down (float32 [slot]); the least wins."""
    up[:] = INF
    down[:] = INF
    for a in range(slots.shape[0]):
        s = slots[a]
        if s >= 0:
            up[s] = min(up[s], seconds[a])
        elif s != LOOP:
            down[~s] = min(down[~s], seconds[a])


@kernel
def customise(
    lo: int,
    hi: int,
    ranks: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    down_ptr: np.ndarray,
    down_slot: np.ndarray,
    tail: np.ndarray,
    up: np.ndarray,
    down: np.ndarray,
) -> None:
    """Shorten the slots of ranks[lo:hi] by the lower triangles; what lies below them is done.

    Args:
        lo, hi: rows of `ranks`.
        ranks: int32, ascending.
        up_ptr, head, down_ptr, down_slot: the topology.
        tail: int32 [slot].
        up, down: float32 [slot], changed in place.
    """
    n = up_ptr.shape[0] - 1
    there = np.empty(n, np.float32)
    back = np.empty(n, np.float32)
    for i in range(lo, hi):
        v = ranks[i]
        begin, end = up_ptr[v], up_ptr[v + 1]
        for e in range(begin, end):
            there[head[e]] = up[e]
            back[head[e]] = down[e]
        for k in range(down_ptr[v], down_ptr[v + 1]):
            e = down_slot[k]
            u = tail[e]
            to_u, from_u = down[e], up[e]
            if to_u == INF and from_u == INF:
                continue
            for f in range(e + 1, up_ptr[u + 1]):
                w = head[f]
                there[w] = min(there[w], to_u + up[f])
                back[w] = min(back[w], down[f] + from_u)
        for e in range(begin, end):
            up[e] = there[head[e]]
            down[e] = back[head[e]]


@kernel
def lay_arcs_fully(
    slots: np.ndarray,
    seconds: np.ndarray,
    metres: np.ndarray,
    up: np.ndarray,
    down: np.ndarray,
    up_m: np.ndarray,
    down_m: np.ndarray,
    up_via: np.ndarray,
    down_via: np.ndarray,
) -> None:
    """As lay_arcs, with metres (float32, the least of those that tie) and the arc: via is ~arc, int32."""
    up[:] = INF
    down[:] = INF
    up_m[:] = INF
    down_m[:] = INF
    up_via[:] = NOTHING
    down_via[:] = NOTHING
    for a in range(slots.shape[0]):
        s = slots[a]
        t, m = seconds[a], metres[a]
        if s == LOOP or t == INF:
            continue
        if s >= 0:
            if t < up[s] or (t == up[s] and m < up_m[s]):
                up[s] = t
                up_m[s] = m
                up_via[s] = ~a
        else:
            s = ~s
            if t < down[s] or (t == down[s] and m < down_m[s]):
                down[s] = t
                down_m[s] = m
                down_via[s] = ~a


@kernel
def customise_fully(
    lo: int,
    hi: int,
    ranks: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    down_ptr: np.ndarray,
    down_slot: np.ndarray,
    tail: np.ndarray,
    up: np.ndarray,
    down: np.ndarray,
    up_m: np.ndarray,
    down_m: np.ndarray,
    up_via: np.ndarray,
    down_via: np.ndarray,
) -> None:
    """As customise; of equal seconds the fewest metres win, then the lowest node between.

    A slot's via is ~arc for an arc of the graph, else the slot below it that shares its tail: the path
    goes over that slot's tail, the lowest rank of a triangle.
    """
    n = up_ptr.shape[0] - 1
    place = np.empty(n, np.int64)
    for i in range(lo, hi):
        v = ranks[i]
        for e in range(up_ptr[v], up_ptr[v + 1]):
            place[head[e]] = e
        for k in range(down_ptr[v], down_ptr[v + 1]):
            e = down_slot[k]
            u = tail[e]
            for f in range(e + 1, up_ptr[u + 1]):
                g = place[head[f]]
                t, m = down[e] + up[f], down_m[e] + up_m[f]
                if t < INF and (t < up[g] or (t == up[g] and m < up_m[g])):
                    up[g] = t
                    up_m[g] = m
                    up_via[g] = e
                t, m = down[f] + up[e], down_m[f] + up_m[e]
                if t < INF and (t < down[g] or (t == down[g] and m < down_m[g])):
                    down[g] = t
                    down_m[g] = m
                    down_via[g] = e
