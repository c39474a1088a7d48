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
_NO_LABEL = np.empty(0, np.int32)


class PairSearch:
    """Near and far ends on a hierarchy; memory grows with ends and depth, never with their product.

    Attributes:
        hierarchy: the hierarchy.
        near, far: int32 nodes.
        depth: int32 [rank] nodes above each node.
        lowest: int32 [rank] least rank of its subtree.
    """

    def __init__(self, hierarchy: RoadHierarchy, near: Array, far: Array) -> None:
        """Prepare the search.

        Raises:
            UserError: a node that does not exist.
        """
        from embauche.kernels.labels import tree_depths

        self.hierarchy = hierarchy
        self.near, self.far = hierarchy.checked_nodes(near), hierarchy.checked_nodes(far)
        self.depth, self.lowest = tree_depths(hierarchy.topology.parent)
        self.deepest = int(self.depth.max(initial=0))
        rank, self.far_rank = hierarchy.rank[self.near], hierarchy.rank[self.far]
        self.near_ranks, key = np.unique(rank, return_inverse=True)
        self.near_key = key.reshape(-1).astype(np.int32)
        self.far_ptr = np.zeros(len(self.far) + 1, np.int64)
        np.cumsum(self.depth[self.far_rank] + 1, out=self.far_ptr[1:])
        self.far_order = np.argsort(self.far_rank, kind="stable").astype(np.int32)

    def weigh(self, weighting: Weighting, *, backward: bool = False, metres: bool = False) -> PairTimes:
        """Times under a weighting of whole numbers, from near to far, or from far to near if backward."""
        return PairTimes(self, weighting, backward=backward, metres=metres)


@dataclass(frozen=True)
class Found:
    """What a search of pairs gives, float32 [pair], in the weighting's units.

    Attributes:
        seconds: inf where there is no way.
        metres: of the shortest of the fastest paths; empty where not asked for.
    """

    seconds: Array
    metres: Array


class PairTimes:
    """Times of pairs one way under one weighting; labels of the far ends are kept."""

    def __init__(self, search: PairSearch, weighting: Weighting, *, backward: bool, metres: bool) -> None:
        from embauche.kernels.labels import fixed_labels

        self.search, self.metres = search, metres
        up, down, up_m, down_m = weighting.slots(metres=metres)
        self._climb, fall = ((down, down_m), (up, up_m)) if backward else ((up, up_m), (down, down_m))
        cells = int(search.far_ptr[-1])
        self._labels = np.empty(cells, np.int32), np.empty(cells, np.int32) if metres else _NO_LABEL
        t = search.hierarchy.topology
        run_blocks(
            fixed_labels, len(search.far), search.far_order, search.far_rank, search.depth, t.parent,
            t.up_ptr, t.head, *fall, search.deepest, search.far_ptr, *self._labels, least=256,
        )  # fmt: skip

    def __call__(self, near: Array, far: Array) -> Found:
        """Times of pairs.

        Args:
            near, far: int32 [pair] rows of the search's near and far ends.
        """
        from embauche.kernels.labels import FAR, group_pairs, pair_times

        s, t = self.search, self.search.hierarchy.topology
        present, ptr, pair = group_pairs(s.near_key[near], len(s.near_ranks))
        out = np.empty(len(near), np.int32)
        out_m = np.empty(len(near) if self.metres else 0, np.int32)
        run_blocks(
            pair_times, len(present), s.near_ranks[present], ptr, pair, np.ascontiguousarray(far, np.int32),
            s.depth, t.parent, s.lowest, t.up_ptr, t.head, *self._climb, s.deepest, s.far_rank, s.far_ptr,
            *self._labels, out, out_m, least=512,
        )  # fmt: skip
        seconds = np.where(out < FAR, out, np.inf).astype(np.float32)
        return Found(seconds, out_m.astype(np.float32))
