"""Maximum-weight matching in a general graph, exact, in whole numbers.

Lives here: the start and the search by trees. Not here: a tree's nodes (matching_tree), blossoms.

Edmonds' blossom method (1965), one tree at a time, events in a heap (Galil, Micali, Gabow 1986): the tree of
a vertex alone grows along edges without slack while its duals change, until it meets another vertex alone or
a vertex whose dual is used up. Weights are doubled, so all duals stay whole: a tree's are of one parity.
Trees stay small where weights have a geography, and time then grows with the edges.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.heap import pop, push
from embauche.kernels.matching_blossoms import due, meet, shrink, undo
from embauche.kernels.matching_tree import (
    BASE,
    BEST,
    COUNTERS,
    INNER,
    LABEL,
    LISTED,
    LU,
    LV,
    MATE,
    NEVER,
    NOW,
    OUTER,
    PARENT,
    SEEN,
    SIZE,
    STOP,
    STOP_AT,
    T0,
    TOP,
    Y,
    dual,
    flip,
    leaves,
    rotate,
    settle,
    touch,
)  # fmt: skip

Graph = tuple[np.ndarray, np.ndarray, np.ndarray]  # ptr, head, weight


@kernel
def start_duals(n: int, ptr: np.ndarray, head: np.ndarray, weight: np.ndarray, s: np.ndarray) -> None:
    """Feasible duals, each as low as the others allow, and a matching of edges without slack.

    Args:
        n: vertices.
        ptr, head: neighbours, each edge from both ends, int64 [n + 1] and int32 [2 * edge].
        weight: doubled weights, int32 [2 * edge], positive, below 2**29.
        s: out, nodes, int32 [2 * n, FIELDS], zeros before.
    """
    for v in range(2 * n):
        s[v, TOP] = s[v, BASE] = v
        s[v, PARENT] = s[v, MATE] = -1
        s[v, BEST] = NEVER
    for v in range(n):
        most = 0
        for k in range(ptr[v], ptr[v + 1]):
            most = max(most, weight[k])
        s[v, Y] = most >> 1
    for v in range(n):
        most, mate = 0, -1
        for k in range(ptr[v], ptr[v + 1]):
            x = head[k]
            need = weight[k] - s[x, Y]
            if need > most or (need == most and s[x, MATE] < 0):
                most, mate = need, x
        s[v, Y] = most
        if mate >= 0 and s[v, MATE] < 0 and s[mate, MATE] < 0:
            s[v, MATE], s[mate, MATE] = mate, v


@inline
def _scan(s: np.ndarray, g: Graph, v: int, c: np.ndarray, heap: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Vertex v is outer now: note when its edges will have no slack. Later than the tree's end is never."""
    ptr, head, weight = g
    b, now, own = s[v, TOP], c[NOW], dual(s, v, c[NOW])
    for k in range(ptr[v], ptr[v + 1]):
        x = head[k]
        other = s[x, TOP]
        label = s[other, LABEL]
        if other == b or label == INNER:
            continue
        slack = own + dual(s, x, now) - weight[k]
        at = now + (slack >> 1 if label == OUTER else slack)
        if at >= c[STOP] or (label == 0 and at >= s[x, BEST]):
            continue
        if label == 0:
            s[x, BEST] = at
            touch(s, x, c, seen)
        heap = push(heap, c[SIZE], at, k)
        c[SIZE] += 1
    return heap


@inline
def _reached(s: np.ndarray, g: Graph, x: int, c: np.ndarray, heap: np.ndarray) -> np.ndarray:
    """Vertex x has left the tree: note when the tree reaches it again."""
    ptr, head, weight = g
    best, u = c[STOP], -1
    for k in range(ptr[x], ptr[x + 1]):
        o = head[k]
        if s[s[o, TOP], LABEL] == OUTER:
            at = c[NOW] + s[x, Y] + dual(s, o, c[NOW]) - weight[k]
            if at < best:
                best, u = at, o
    s[x, BEST] = NEVER
    if u >= 0:
        k = ptr[u]
        while head[k] != x:
            k += 1
        s[x, BEST] = best
        heap = push(heap, c[SIZE], best, k)
        c[SIZE] += 1
    return heap


@inline
def _grow(
    s: np.ndarray, n: int, u: int, v: int, c: np.ndarray, heap: np.ndarray, seen: np.ndarray, buf: np.ndarray
) -> tuple[np.ndarray, int]:
    """Take the node of v in as inner, its mate's as outer; the heap, how many in buf are outer now."""
    b = s[v, TOP]
    base = s[b, BASE]
    s[b, LABEL], s[b, LU], s[b, LV] = INNER, u, v
    heap = due(s, n, b, c, heap)
    for i in range(leaves(s, n, b, buf, 0)):
        s[buf[i], T0] = c[NOW]
        touch(s, buf[i], c, seen)
    mate = s[base, MATE]
    b = s[mate, TOP]
    s[b, LABEL], s[b, LU], s[b, LV], s[b, T0] = OUTER, base, mate, c[NOW]
    end = leaves(s, n, b, buf, 0)
    for i in range(end):
        settle(s, buf[i], c)
        touch(s, buf[i], c, seen)
    return heap, end


@inline
def _finish(s: np.ndarray, n: int, c: np.ndarray, seen: np.ndarray) -> None:
    """Duals as they are when the tree is done; all that it touched is out of it again."""
    for i in range(c[LISTED]):
        v = seen[i]
        s[v, Y] = dual(s, v, c[NOW])
        s[v, SEEN], s[v, BEST] = 0, NEVER
    for i in range(c[LISTED]):
        b = s[seen[i], TOP]
        if b >= n and s[b, LABEL] != 0:
            s[b, Y] += (2 if s[b, LABEL] == OUTER else -2) * (c[NOW] - s[b, T0])
        s[b, LABEL] = 0


@kernel
def match_all(
    n: int, ptr: np.ndarray, head: np.ndarray, tail: np.ndarray, weight: np.ndarray, s: np.ndarray
) -> None:
    """Make the matching one of maximum weight; duals at the end prove it.

    Args:
        n, ptr, head, weight: as in start_duals.
        tail: the vertex whose neighbour each is, int32 [2 * edge].
        s: in and out, nodes as start_duals leaves them. At the end, for each edge, Y of its ends and of the
            blossoms that hold both add up to its doubled weight or more, exactly where it is matched; Y is 0
            where a vertex is alone.
    """
    spare, spares, made = np.empty(n, np.int32), 0, n
    heap, g = np.empty((1024, 2), np.int64), (ptr, head, weight)
    todo, seen, buf = np.empty((2 * n + 2, 2), np.int32), np.empty(n, np.int32), np.empty(2 * n + 2, np.int32)
    mark, sign, c = np.zeros(2 * n, np.int32), 0, np.zeros(COUNTERS, np.int64)
    for root in range(n):
        if s[root, MATE] >= 0 or s[root, Y] == 0:
            continue
        c[:] = 0
        c[STOP] = NEVER
        b = s[root, TOP]
        s[b, LABEL], s[b, LU], s[b, LV], s[b, T0] = OUTER, -1, -1, 0
        end = leaves(s, n, b, buf, 0)
        for i in range(end):
            settle(s, buf[i], c)
            touch(s, buf[i], c, seen)
        while True:
            for i in range(end):
                x = buf[i]
                label = s[s[x, TOP], LABEL]
                if label == OUTER:
                    heap = _scan(s, g, x, c, heap, seen)
                elif label == 0:
                    heap = _reached(s, g, x, c, heap)
            end = 0
            if c[SIZE] == 0 or heap[0, 0] >= c[STOP]:
                c[NOW] = c[STOP]
                flip(s, n, c[STOP_AT], -1, todo)
                break
            at, k = heap[0, 0], heap[0, 1]
            c[SIZE] -= 1
            pop(heap, c[SIZE])
            if k < 0:
                b = -1 - k
                if s[b, TOP] == b and s[b, LABEL] == INNER and s[b, Y] == 2 * (at - s[b, T0]):
                    c[NOW] = at
                    heap, end = undo(s, n, b, c, heap, buf)
                    spare[spares] = b
                    spares += 1
                continue
            u, v = tail[k], head[k]
            top, other = s[u, TOP], s[v, TOP]
            if top == other or s[other, LABEL] == INNER or dual(s, u, at) + dual(s, v, at) != weight[k]:
                continue  # the event is stale
            c[NOW] = at
            if s[other, LABEL] == OUTER:
                sign += 1
                common = meet(s, top, other, mark, sign)
                if spares > 0:
                    spares -= 1
                    b = spare[spares]
                else:
                    b = made
                    made += 1
                mark[b] = 0
                end = shrink(s, n, u, v, b, common, c, buf)
            elif s[s[other, BASE], MATE] < 0:
                rotate(s, n, other, v, todo)
                s[v, MATE] = u
                flip(s, n, u, v, todo)
                break
            else:
                heap, end = _grow(s, n, u, v, c, heap, seen, buf)
        _finish(s, n, c, seen)
