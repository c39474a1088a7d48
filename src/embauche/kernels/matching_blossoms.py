"""Blossoms of the matching search: made of a circle of odd length, and undone when their dual is used up.

Lives here: due, meet, shrink, undo. Not here: what a node is (matching_tree), the search (matching).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline
from embauche.kernels.heap import push
from embauche.kernels.matching_tree import (
    BASE,
    EU,
    EV,
    FIRST,
    INNER,
    LABEL,
    LU,
    LV,
    NOW,
    NXT,
    OUTER,
    PARENT,
    PRV,
    SIZE,
    STOP,
    T0,
    TOP,
    Y,
    leaves,
    settle,
)  # fmt: skip


@inline
def due(s: np.ndarray, n: int, b: int, c: np.ndarray, heap: np.ndarray) -> np.ndarray:
    """Blossom b is inner from now on: note when its dual is used up and it has to be undone."""
    if b >= n:
        s[b, T0] = c[NOW]
        at = c[NOW] + (s[b, Y] >> 1)
        if at < c[STOP]:
            heap = push(heap, c[SIZE], at, -1 - b)
            c[SIZE] += 1
    return heap


@inline
def meet(s: np.ndarray, p: int, q: int, mark: np.ndarray, sign: int) -> int:
    """The outer node where the ways from outer nodes p and q to the root meet; nodes passed get the sign."""
    while True:
        if p >= 0:
            if mark[p] == sign:
                return p
            mark[p] = sign
            p = s[s[s[s[p, LU], TOP], LU], TOP] if s[p, LU] >= 0 else -1
        if q >= 0:
            p, q = q, p


@inline
def undo(
    s: np.ndarray, n: int, b: int, c: np.ndarray, heap: np.ndarray, buf: np.ndarray
) -> tuple[np.ndarray, int]:
    """Dissolve inner blossom b: children on the even way from entry to base stay; (heap, vertices in buf)."""
    first, u, v = s[b, FIRST], s[b, LU], s[b, LV]
    entry = v
    while s[entry, PARENT] != b:
        entry = s[entry, PARENT]
    child, place, i = first, 0, 0
    while True:
        if child == entry:
            place = i
        s[child, LABEL] = 0
        child = s[child, NXT]
        i += 1
        if child == first:
            break
    child = entry
    s[child, LABEL], s[child, LU], s[child, LV] = INNER, u, v
    while child != first:
        if place & 1:
            d = s[child, NXT]
            e = s[d, NXT]
            s[d, LU], s[d, LV] = s[child, EU], s[child, EV]
            s[e, LU], s[e, LV] = s[d, EU], s[d, EV]
        else:
            d = s[child, PRV]
            e = s[d, PRV]
            s[d, LU], s[d, LV] = s[d, EV], s[d, EU]
            s[e, LU], s[e, LV] = s[e, EV], s[e, EU]
        s[d, LABEL], s[e, LABEL] = OUTER, INNER
        child = e
    hi = 0
    while True:
        s[child, PARENT], s[child, TOP] = -1, child
        label, lo = s[child, LABEL], hi
        hi = leaves(s, n, child, buf, lo)
        for i in range(lo, hi):
            x = buf[i]
            s[x, TOP] = child
            if label != INNER:
                s[x, Y] += c[NOW] - s[x, T0]
                s[x, T0] = c[NOW]
                if label == OUTER:
                    settle(s, x, c)
        s[child, T0] = c[NOW] if child >= n else s[child, T0]
        if label == INNER:
            heap = due(s, n, child, c, heap)
        child = s[child, NXT]
        if child == first:
            break
    s[b, TOP], s[b, LABEL] = -1, 0
    return heap, hi


@inline
def shrink(s: np.ndarray, n: int, u: int, v: int, b: int, top: int, c: np.ndarray, buf: np.ndarray) -> int:
    """Make blossom b of the circle that edge (u, v) closes below outer node `top`; new outer ones in buf."""
    child, su, sv, after = s[u, TOP], u, v, s[v, TOP]
    while True:
        s[child, NXT], s[after, PRV], s[child, EU], s[child, EV] = after, child, su, sv
        if child == top:
            break
        after, su, sv = child, s[child, LU], s[child, LV]
        child = s[su, TOP]
    child = s[v, TOP]
    while child != top:
        after = s[s[child, LU], TOP]
        s[child, NXT], s[after, PRV], s[child, EU], s[child, EV] = after, child, s[child, LV], s[child, LU]
        child = after
    s[b, Y], s[b, T0], s[b, LABEL], s[b, PARENT] = 0, c[NOW], OUTER, -1
    s[b, LU], s[b, LV], s[b, BASE], s[b, FIRST], s[b, TOP] = s[top, LU], s[top, LV], s[top, BASE], top, b
    hi = 0
    while True:
        label, lo = s[child, LABEL], hi
        if child >= n:
            s[child, Y] += (2 if label == OUTER else -2) * (c[NOW] - s[child, T0])
        hi = leaves(s, n, child, buf, lo)
        s[child, PARENT], s[child, TOP] = b, b
        for i in range(lo, hi):
            s[buf[i], TOP] = b
            if label == INNER:
                s[buf[i], Y] += c[NOW] - s[buf[i], T0]
                settle(s, buf[i], c)
        if label == OUTER:
            hi = lo
        child = s[child, NXT]
        if child == top:
            return hi
