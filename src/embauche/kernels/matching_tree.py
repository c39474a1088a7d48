"""An alternating tree of the matching search: its blossoms, its duals, its events.

Lives here: the fields of a node, and what one node or one path takes. Not here: the search (matching).

A node is a vertex (below n) or a blossom, an odd circle of nodes that act as one (Edmonds 1965). Its 16
fields fill one cache line. Duals are kept as of the moment T0 at which the node's label last changed, so a
change of dual touches no vertex: with each tick of the tree's clock outer vertices fall by one, inner rise.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline

Y = 0  # dual of a vertex; of a blossom its z
T0 = 1  # clock at which Y held
TOP = 2  # outermost blossom that holds the node, itself where none does
LABEL = 3  # of an outermost node: 0 not in the tree, OUTER, INNER
LU, LV = 4, 5  # tree edge that reached the node: vertex of its parent, vertex of its own; -1 at the root
PARENT = 6  # blossom whose child it is, -1 for none
BASE = 7  # the vertex of a blossom that is matched outside it, or to nobody
NXT, PRV = 8, 9  # neighbours on the circle of the parent blossom
EU, EV = 10, 11  # edge of the circle from this node to NXT
FIRST = 12  # child of a blossom that holds its base
BEST = 13  # of a vertex outside the tree: clock of the first known event that reaches it
SEEN = 14  # whether the vertex is listed as touched
MATE = 15  # vertex matched to, -1 for none
FIELDS = 16
OUTER, INNER = 1, 2
NEVER = 1 << 30

# the search's counters
NOW, SIZE, LISTED, STOP, STOP_AT = 0, 1, 2, 3, 4
COUNTERS = 5


@inline
def leaves(s: np.ndarray, n: int, b: int, out: np.ndarray, lo: int) -> int:
    """Write the vertices of node b into out from place lo; the place after the last."""
    if b < n:
        out[lo] = b
        return lo + 1
    hi = lo
    c = s[b, FIRST]
    while True:
        while c >= n:
            c = s[c, FIRST]
        out[hi] = c
        hi += 1
        while True:
            p = s[c, PARENT]
            c = s[c, NXT]
            if c != s[p, FIRST]:
                break
            c = p
            if c == b:
                return hi


@inline
def dual(s: np.ndarray, v: int, now: int) -> int:
    """Dual of vertex v at this moment."""
    label = s[s[v, TOP], LABEL]
    y: int = s[v, Y]
    if label == OUTER:
        y -= now - s[v, T0]
    elif label == INNER:
        y += now - s[v, T0]
    return y


@inline
def settle(s: np.ndarray, v: int, c: np.ndarray) -> None:
    """Vertex v turns outer or leaves the tree: its dual as of now; who reaches zero first is kept."""
    s[v, T0] = c[NOW]
    if s[v, Y] + c[NOW] < c[STOP]:
        c[STOP] = s[v, Y] + c[NOW]
        c[STOP_AT] = v


@inline
def touch(s: np.ndarray, v: int, c: np.ndarray, seen: np.ndarray) -> None:
    """List vertex v among those to be put in order when the tree is done."""
    if s[v, SEEN] == 0:
        s[v, SEEN] = 1
        seen[c[LISTED]] = v
        c[LISTED] += 1


@inline
def rotate(s: np.ndarray, n: int, b: int, v: int, todo: np.ndarray) -> None:
    """Make vertex v the base of node b: the matched edges inside change places."""
    if b < n:
        return
    todo[0, 0], todo[0, 1] = b, v
    left = 1
    while left > 0:
        left -= 1
        b, v = todo[left, 0], todo[left, 1]
        t = v
        while s[t, PARENT] != b:
            t = s[t, PARENT]
        if t >= n:
            todo[left, 0], todo[left, 1] = t, v
            left += 1
        place = 0
        c = s[b, FIRST]
        while c != t:
            c = s[c, NXT]
            place += 1
        c = t
        while c != s[b, FIRST]:  # towards the old base over an even number of edges, every other gets matched
            if place & 1:
                p = s[c, NXT]
                q = s[p, NXT]
                c = q
            else:
                q = s[c, PRV]
                p = s[q, PRV]
                c = p
            u, w = s[p, EU], s[p, EV]
            s[u, MATE], s[w, MATE] = w, u
            if p >= n:
                todo[left, 0], todo[left, 1] = p, u
                left += 1
            if q >= n:
                todo[left, 0], todo[left, 1] = q, w
                left += 1
        s[b, FIRST] = t
        s[b, BASE] = v


@inline
def flip(s: np.ndarray, n: int, v: int, partner: int, todo: np.ndarray) -> None:
    """Match outer vertex v to partner (-1: to nobody), and change the path from it to the root."""
    while True:
        b = s[v, TOP]
        rotate(s, n, b, v, todo)
        s[v, MATE] = partner
        if s[b, LU] < 0:
            return
        t = s[s[b, LU], TOP]
        u, w = s[t, LU], s[t, LV]
        rotate(s, n, t, w, todo)
        s[w, MATE] = u
        v, partner = u, w
