"""The order in which a hierarchy contracts nodes, and the topology that follows from it.

Lives here: checks of the graph, nested dissection, Topology. Not here: weights (weighting).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.parallel import run_tree

Array = np.ndarray[Any, Any]
CELLS = 32  # cells smaller than this part of the graph are dissected in one go


@dataclass(frozen=True)
class Topology:
    """The contracted graph; nodes are named by rank, and a subtree is a run of ranks.

    Attributes:
        parent: int32 [rank] parent in the elimination tree, -1 at a root.
        up_ptr: int64 [rank + 1].
        head: int32 [slot] ascending within a row.
        tail: int32 [slot].
        down_ptr: int64 [rank + 1].
        down_slot: int32 [slot] slots leading to a rank.
        arc_slot: int32 [arc] see kernels.contraction.arc_slots.
        low: int32 ranks of small subtrees, ascending.
        blocks: parts of `low` that hold whole subtrees.
        top: int32 the other ranks, ascending; all above the small subtrees.
    """

    parent: Array
    up_ptr: Array
    head: Array
    tail: Array
    down_ptr: Array
    down_slot: Array
    arc_slot: Array
    low: Array
    blocks: list[tuple[int, int]]
    top: Array


def checked_graph(indptr: Array, indices: Array) -> tuple[Array, Array]:
    """The adjacency as int32 arrays.

    Raises:
        UserError: not a graph.
    """
    ptr, to = np.asarray(indptr), np.asarray(indices)
    if ptr.ndim != 1 or to.ndim != 1 or not (_whole(ptr) and _whole(to)) or len(ptr) == 0:
        raise UserError(
            "the graph is not two lists of whole numbers",
            found=f"indptr {ptr.dtype}{list(ptr.shape)}, indices {to.dtype}{list(to.shape)}",
            expected="indptr int32 [node + 1], starting with 0, and indices int32 [arc]",
        )
    falls = bool((ptr[1:] < ptr[:-1]).any())
    if ptr[0] != 0 or ptr[-1] != len(to) or falls:
        raise UserError(
            "indptr does not divide indices into rows",
            found=f"from {ptr[0]} to {ptr[-1]}" + (", falling" if falls else ""),
            expected=f"from 0 to {len(to)}, never falling",
        )
    nodes = len(ptr) - 1
    if max(nodes, len(to)) >= 2**31 - 1:
        raise UserError("the graph is too large", found=f"{len(to)} arcs", expected="fewer than 2^31")
    outside = np.flatnonzero((to < 0) | (to >= nodes))
    if len(outside):
        raise UserError(
            f"arc {outside[0]} leads to a node that does not exist",
            found=str(to[outside[0]]),
            expected=f"a node from 0 to {nodes - 1}" if nodes else "no arc in a graph without nodes",
        )
    return np.array(ptr, np.int32), np.array(to, np.int32)  # the caller may change theirs


def _whole(values: Array) -> bool:
    return values.dtype.kind in "iu" or values.size == 0


def checked_order(order: Array, nodes: int) -> Array:
    """A given order as int32 [rank] node.

    Raises:
        UserError: it does not name each node once.
    """
    given = np.ascontiguousarray(order, np.int32)
    if given.shape != (nodes,) or not np.array_equal(np.sort(given), np.arange(nodes)):
        raise UserError(
            "the order does not name each node once",
            found=f"{len(np.unique(given))} different nodes in {given.size}",
            expected=f"each of 0 to {nodes - 1} once",
        )
    return given


def dissection(ptr: Array, adj: Array, x: Array | None, y: Array | None) -> Array:
    """Nested dissection order, int32 [rank] node.

    Args:
        ptr, adj: undirected neighbours.
        x, y: float [node], or None.

    Raises:
        UserError: coordinates of a wrong length.
    """
    from embauche.kernels.dissection import dissect
    from embauche.kernels.reduction import reduce_graph

    adj = adj.copy()
    gone, degree = reduce_graph(ptr, adj)
    core = np.flatnonzero(degree >= 0).astype(np.int32)
    lists = np.stack([core[np.argsort(along[core], kind="stable")] for along in _directions(ptr, adj, x, y)])
    place = np.zeros(len(degree), np.int32)
    largest = len(core) // CELLS

    def cut(lo: int, hi: int) -> list[tuple[int, int]]:
        return [(int(a), int(b)) for a, b in dissect(lo, hi, largest, lists, ptr, degree, adj, place)]

    run_tree(cut, [(0, len(core))])
    return np.concatenate([gone, lists[0]])


def _directions(ptr: Array, adj: Array, x: Array | None, y: Array | None) -> list[Array]:
    """Values of nodes along which cells are cut: four directions of the plane, else levels of the graph."""
    nodes = len(ptr) - 1
    if x is not None and y is not None:
        for name, values in (("x", np.asarray(x)), ("y", np.asarray(y))):
            if values.dtype.kind not in "fiu" and values.size:
                raise UserError(
                    f"coordinates {name} are not numbers",
                    found=str(values.dtype),
                    expected=f"float [{nodes}], degrees or metres",
                )
        a, b = (np.ascontiguousarray(values, np.float64) for values in (x, y))
        if a.shape != (nodes,) or b.shape != (nodes,):
            raise UserError(
                "coordinates are not one pair a node",
                found=f"x {list(a.shape)}, y {list(b.shape)}",
                expected=f"float [{nodes}] each, or none",
            )
        if np.isfinite(a).all() and np.isfinite(b).all() and nodes and (np.ptp(a) > 0 or np.ptp(b) > 0):
            return [a, b, a + b, a - b]
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    level = np.empty(nodes)
    if nodes:
        graph = csr_matrix((np.ones(len(adj), np.int8), adj, ptr), shape=(nodes, nodes))
        level[reverse_cuthill_mckee(graph, symmetric_mode=True)] = np.arange(nodes)
    return [level]


def topology(indptr: Array, indices: Array, ptr: Array, adj: Array, order: Array) -> tuple[Array, Topology]:
    """Contract in the order given.

    Args:
        indptr, indices: the directed graph.
        ptr, adj: undirected neighbours.
        order: int32 [rank] node.

    Returns:
        The equivalent order in which subtrees are runs of ranks, and the topology.
    """
    from embauche.kernels.contraction import arc_slots, chordal, elimination_tree

    order, parent, below = elimination_tree(ptr, adj, order)
    up_ptr, head, down_ptr, down_slot = chordal(ptr, adj, order, parent)
    tail = np.repeat(np.arange(len(order), dtype=np.int32), np.diff(up_ptr))
    slots = arc_slots(indptr, indices, order, up_ptr, head)
    blocks, low, top = _subtrees(parent, below)
    return order, Topology(parent, up_ptr, head, tail, down_ptr, down_slot, slots, low, blocks, top)


def _subtrees(parent: Array, below: Array) -> tuple[list[tuple[int, int]], Array, Array]:
    """Blocks of whole subtrees that can be worked on side by side, and the ranks above them."""
    most = max(1, len(parent) // CELLS)
    small = below <= most
    roots = np.flatnonzero(small & ((parent < 0) | ~small[parent]))
    ends = np.cumsum(below[roots], dtype=np.int64)
    low, top = (np.flatnonzero(part).astype(np.int32) for part in (small, ~small))
    cuts = np.unique(np.append(ends[np.searchsorted(ends, np.arange(most, len(low), most))], len(low)))
    return list(pairwise([0, *cuts.tolist()])), low, top
