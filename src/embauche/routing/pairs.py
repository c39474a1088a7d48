"""Times of scattered pairs: many near ends, fewer far ends, only the pairs asked for.

Lives here: PairSearch (ends on a hierarchy), PairTimes (one weighting, one way). Not here: dense rows
(Weighting.rows), what the ends stand for (commuting).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.parallel import run_blocks
from embauche.routing.hierarchy import RoadHierarchy
from embauche.routing.weighting import Weighting

Array = np.ndarray[Any, Any]
KEPT_CELLS = 1 << 24  # labels of near ends are kept up to this size (64 MiB), else made for each call


@dataclass(frozen=True)
class Ends:
    """Nodes whose labels stand one behind another.

    Attributes:
        rank: int32 [end].
        order: int32, the ends by rank.
        ptr: int64 [end + 1] where each label begins; a label has a cell for each node above its end.
    """

    rank: Array
    order: Array
    ptr: Array

    @classmethod
    def make(cls, rank: Array, depth: Array) -> Ends:
        """From ranks, int32 [end], and depths, int32 [rank]."""
        ptr = np.zeros(len(rank) + 1, np.int64)
        np.cumsum(depth[rank] + 1, out=ptr[1:])
        return cls(rank, np.argsort(rank, kind="stable").astype(np.int32), ptr)


class PairSearch:
    """Near and far ends on a hierarchy; memory grows with ends and depth, never with their product.

    Attributes:
        hierarchy: the hierarchy.
        depth: int32 [rank] nodes above each node.
        near, far: the ends.
    """

    def __init__(self, hierarchy: RoadHierarchy, near: Array, far: Array) -> None:
        """Prepare the search.

        Args:
            hierarchy: a contracted graph.
            near, far: int nodes.

        Raises:
            UserError: a node that does not exist.
        """
        from embauche.kernels.labels import meetings, tree_depths

        self.hierarchy = hierarchy
        parent = hierarchy.topology.parent
        self.depth = tree_depths(parent)
        self.deepest = int(self.depth.max(initial=0))
        self.near, self.far = (
            Ends.make(hierarchy.rank[hierarchy.checked_nodes(nodes)], self.depth) for nodes in (near, far)
        )
        ranks = np.unique(np.concatenate([self.near.rank, self.far.rank]))
        self.near_at = np.searchsorted(ranks, self.near.rank).astype(np.int32)
        self.far_at = np.searchsorted(ranks, self.far.rank).astype(np.int32)
        gaps = np.maximum(np.arange(max(1, len(ranks))), 1)
        self.level = (np.frexp(gaps)[1] - 1).astype(np.uint8)
        self.least = _least(meetings(ranks, parent, self.depth), int(self.level[-1]) + 1)

    def weigh(self, weighting: Weighting, *, backward: bool = False, metres: bool = False) -> PairTimes:
        """Times under a weighting of whole numbers, from near to far, or from far to near if backward."""
        return PairTimes(self, weighting, backward=backward, metres=metres)


def _least(values: Array, levels: int) -> Array:
    """Least of values[i : i + 2**k], int32 [k, i]; entries that reach past the end are not to be read."""
    out = np.zeros((levels, len(values)), np.int32)
    out[0] = values
    for k in range(1, levels):
        half = 1 << (k - 1)
        out[k] = out[k - 1]
        np.minimum(out[k - 1, :-half], out[k - 1, half:], out=out[k, :-half])
    return out


@dataclass(frozen=True)
class Found:
    """What a search of pairs gives, float32 [pair], in the weighting's units.

    Attributes:
        seconds: inf where there is no way.
        metres: of the shortest of the fastest paths, inf where there is none; empty where not asked for.
    """

    seconds: Array
    metres: Array


class PairTimes:
    """Times of pairs one way under one weighting."""

    def __init__(self, search: PairSearch, weighting: Weighting, *, backward: bool, metres: bool) -> None:
        self.search, self.metres = search, metres
        up, down, up_m, down_m = weighting.slots(metres=metres)
        self._climb, fall = ((down, down_m), (up, up_m)) if backward else ((up, up_m), (down, down_m))
        self._far = self._labels(search.far, *fall)
        kept = int(search.near.ptr[-1]) <= KEPT_CELLS
        self._near = self._labels(search.near, *self._climb) if kept else None

    def _labels(self, ends: Ends, weight: Array, metres: Array) -> tuple[Array, Array]:
        from embauche.kernels.labels import end_labels

        s, t = self.search, self.search.hierarchy.topology
        cells = int(ends.ptr[-1])
        out = np.empty(cells, np.int32), np.empty(cells if self.metres else 0, np.int32)
        run_blocks(
            end_labels, len(ends.order), ends.order, ends.rank, s.depth, t.parent, t.up_ptr, t.head,
            weight, metres, s.deepest, ends.ptr, *out, least=256,
        )  # fmt: skip
        return out

    def __call__(self, near: Array, far: Array) -> Found:
        """Times of pairs.

        Args:
            near, far: int32 [pair] rows of the search's near and far ends.
        """
        from embauche.kernels.labels import FAR, pair_times

        s = self.search
        ends, labels, near_at = s.near, self._near, s.near_at
        if labels is None:
            used = np.zeros(len(ends.rank), bool)
            used[near] = True
            row = (np.cumsum(used) - 1).astype(np.int32)
            ends, near_at, near = Ends.make(ends.rank[used], s.depth), near_at[used], row[near]
            labels = self._labels(ends, *self._climb)
        out = np.empty(len(near), np.int32)
        out_m = np.empty(len(near) if self.metres else 0, np.int32)
        run_blocks(
            pair_times, len(near), np.ascontiguousarray(near, np.int32), np.ascontiguousarray(far, np.int32),
            near_at, s.far_at, s.level, s.least, ends.ptr, *labels, s.far.ptr, *self._far, out, out_m,
        )  # fmt: skip
        away = out >= FAR
        seconds, length = out.astype(np.float32), out_m.astype(np.float32)
        seconds[away] = np.inf
        if self.metres:
            length[away] = np.inf
        return Found(seconds, length)
