"""Times, second values and paths between nodes of a weighted road hierarchy.

Lives here: Weighting. Not here: checks of arrays given (weighting_input), the topology
(hierarchy), the kernels (customise, sweep, unpack).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from embauche.core.errors import UserError
from embauche.core.parallel import run_blocks, run_tree
from embauche.kernels import customise as kernels
from embauche.kernels import sweep
from embauche.kernels.lanes import LANES
from embauche.kernels.unpack import paths as unpack
from embauche.routing.weighting_input import checked_out, checked_values

if TYPE_CHECKING:
    from embauche.routing.hierarchy import RoadHierarchy, Selection

Array = np.ndarray[Any, Any]


class Weighting:
    """One set of seconds on a RoadHierarchy; made by RoadHierarchy.customize.

    Times are sums of float32: exact as long as arcs are whole numbers (of seconds, or of tenths) and
    sums stay under 2**24, else to a relative 1e-5.
    """

    def __init__(self, hierarchy: RoadHierarchy, seconds: Array, metres: Array | None) -> None:
        self.hierarchy = hierarchy
        self.seconds = checked_values(hierarchy, seconds, "seconds")
        self.metres = None if metres is None else checked_values(hierarchy, metres, "metres")
        t = hierarchy.topology
        self._up = np.empty(len(t.head), np.float32)
        self._down = np.empty(len(t.head), np.float32)
        kernels.lay_arcs(t.arc_slot, self.seconds, self._up, self._down)
        self._customise(kernels.customise, self._up, self._down)

    def _customise(self, kernel: Any, *weights: Array) -> None:
        t = self.hierarchy.topology

        def work(lo: int, hi: int, ranks: Array = t.low) -> list[tuple[int, int]]:
            kernel(lo, hi, ranks, t.up_ptr, t.head, t.down_ptr, t.down_slot, t.tail, *weights)
            return []

        run_tree(work, t.blocks)
        work(0, len(t.top), t.top)

    @cached_property
    def _full(self) -> tuple[Array, ...]:
        """Metres and vias of all slots, up and down; worked out when first asked for."""
        t = self.hierarchy.topology
        up, down, up_m, down_m = (np.empty(len(t.head), np.float32) for _ in range(4))
        up_via, down_via = (np.empty(len(t.head), np.int32) for _ in range(2))
        metres = np.zeros(self.hierarchy.arcs, np.float32) if self.metres is None else self.metres
        weights = (up, down, up_m, down_m, up_via, down_via)
        kernels.lay_arcs_fully(t.arc_slot, self.seconds, metres, *weights)
        self._customise(kernels.customise_fully, *weights)
        return up_m, down_m, up_via, down_via

    def slots(self, *, metres: bool = False) -> tuple[Array, Array, Array, Array]:
        """What the hierarchy's slots cost, float32 [slot]: up, down, and metres up and down (if asked)."""
        none = np.empty(0, np.float32)
        up_m, down_m = self._full[:2] if metres else (none, none)
        return self._up, self._down, up_m, down_m

    def times(self, sources: Array, targets: Array) -> Array:
        """Seconds, float32 [source, target], inf where unreachable."""
        return self.rows(sources, self.hierarchy.select(targets))

    def times_and_metres(self, sources: Array, targets: Array) -> tuple[Array, Array]:
        """Seconds and metres along the fastest path, float32 [source, target], inf where unreachable.

        Of paths that tie in seconds the shortest counts.
        """
        return self.rows(sources, self.hierarchy.select(targets), metres=True)

    @overload
    def rows(
        self,
        near: Array,
        far: Selection,
        *,
        backward: bool = False,
        metres: Literal[False] = False,
        out: Array | None = None,
    ) -> Array: ...

    @overload
    def rows(
        self, near: Array, far: Selection, *, backward: bool = False, metres: Literal[True]
    ) -> tuple[Array, Array]: ...

    def rows(
        self,
        near: Array,
        far: Selection,
        *,
        backward: bool = False,
        metres: bool = False,
        out: Array | None = None,
    ) -> Array | tuple[Array, Array]:
        """Seconds between each near node and each far node, float32 [near, far].

        Args:
            near: int [near], any number.
            far: of RoadHierarchy.select.
            backward: times from far to near instead of from near to far.
            metres: give metres too, as a second array.
            out: float32 [near, far] to write seconds to and return. From many nodes to all, tile by
                tile and each consumed at once, writing to the same memory halves the time.

        Raises:
            UserError: no such node, a selection of another hierarchy, metres that are not there, an
                `out` of another form, `out` with metres.
        """
        nodes = self.hierarchy.checked_nodes(near)
        start = np.zeros(len(nodes), np.float32)
        seed_ptr = np.arange(len(nodes) + 1, dtype=np.int64)
        if not metres:
            return self._sweep(seed_ptr, nodes, start, far, backward, out)
        if out is not None:
            raise UserError("out is for seconds alone", found="metres=True", fix="leave out=... away")
        if self.metres is None:
            raise UserError(
                "this weighting has no metres",
                expected="metres given with the seconds",
                fix="hierarchy.customize(seconds, metres)",
            )
        up_m, down_m = self._full[:2]
        return self._sweep_pairs(seed_ptr, nodes, start, start, (up_m, down_m), far, backward)

    def from_seeds(
        self,
        seed_ptr: Array,
        seed_node: Array,
        seed_seconds: Array,
        far: Selection,
        *,
        backward: bool = False,
    ) -> tuple[Array, Array]:
        """Least head start + seconds from the seeds of each lane to each far node.

        Args:
            seed_ptr: int [lane + 1]; lane l has seeds seed_ptr[l]:seed_ptr[l + 1].
            seed_node: int [seed].
            seed_seconds: float [seed] head starts, inf for a seed that does not count.
            far: of RoadHierarchy.select.
            backward: seconds from far to the seeds instead of from the seeds to far.

        Returns:
            float32 [lane, far], inf where unreachable; int32 [lane, far] the seed that gave it, an
            index into the seed arrays, the first of those that tie; -1 where unreachable.

        Raises:
            UserError: arrays of lengths that do not match, a NaN among the head starts.
        """
        ptr = np.ascontiguousarray(seed_ptr, np.int64)
        nodes = self.hierarchy.checked_nodes(seed_node)
        start = np.ascontiguousarray(seed_seconds, np.float32)
        whole = len(ptr) > 0 and ptr[0] == 0 and ptr[-1] == len(nodes) and not (np.diff(ptr) < 0).any()
        if not whole or start.shape != nodes.shape or np.isnan(start).any():
            raise UserError(
                "seeds of lanes do not fit together",
                found=f"{len(nodes)} nodes, {len(start)} head starts, {len(ptr)} ends of lanes",
                expected="a head start (not NaN) for each node, lanes that divide them",
            )
        within = np.arange(len(nodes), dtype=np.int64) - np.repeat(ptr[:-1], np.diff(ptr))
        none = np.zeros(len(self.hierarchy.topology.head), np.float32)
        seconds, which = self._sweep_pairs(
            ptr, nodes, start, within.astype(np.float32), (none, none), far, backward
        )
        seed = np.full(which.shape, -1, np.int32)
        np.add(which, ptr[:-1, None], out=seed, where=np.isfinite(which), casting="unsafe")
        return seconds, seed

    def _lanes(self, seed_ptr: Array, nodes: Array) -> tuple[Array, Array, Array]:
        """Lanes in the order worked on (neighbours in the tree side by side), their ends, their seeds."""
        rank = self.hierarchy.rank[nodes]
        count = np.diff(seed_ptr)
        first = np.zeros(len(count), np.int32)
        first[count > 0] = rank[seed_ptr[:-1][count > 0]]
        lane_of = np.argsort(first, kind="stable").astype(np.int32)
        ends = np.zeros(len(seed_ptr), np.int64)
        np.cumsum(count[lane_of], out=ends[1:])
        seeds = np.repeat(seed_ptr[:-1][lane_of] - ends[:-1], count[lane_of]) + np.arange(len(nodes))
        return lane_of, ends, seeds

    def _sweep(
        self, seed_ptr: Array, nodes: Array, start: Array, far: Selection, backward: bool, out: Array | None
    ) -> Array:
        t = self._of(far)
        lane_of, ends, seeds = self._lanes(seed_ptr, nodes)
        found = checked_out(out, (len(lane_of), len(far.place)))
        climb, fall = (self._down, self._up) if backward else (self._up, self._down)
        rank, start = self.hierarchy.rank[nodes[seeds]], start[seeds]

        def work(lo: int, hi: int) -> None:
            try:
                rows = far.spare.pop()
            except IndexError:
                rows = np.empty((len(far.chosen), LANES), np.float32)
            sweep.sweep(
                lo, hi, lane_of, ends, rank, start, t.parent, t.up_ptr, t.head, climb, fall,
                far.chosen, far.row_ptr, far.row_head, far.place, found, rows,
            )  # fmt: skip
            far.spare.append(rows)

        run_blocks(work, -(-len(lane_of) // LANES), least=2)
        return found

    def _sweep_pairs(
        self,
        seed_ptr: Array,
        nodes: Array,
        start: Array,
        second: Array,
        seconds_values: tuple[Array, Array],
        far: Selection,
        backward: bool,
    ) -> tuple[Array, Array]:
        t = self._of(far)
        lane_of, ends, seeds = self._lanes(seed_ptr, nodes)
        out, out_second = (np.empty((len(lane_of), len(far.place)), np.float32) for _ in range(2))
        climb, fall = (self._down, self._up) if backward else (self._up, self._down)
        climb_m, fall_m = seconds_values[::-1] if backward else seconds_values
        run_blocks(
            sweep.sweep_pairs, -(-len(lane_of) // LANES), lane_of, ends,
            self.hierarchy.rank[nodes[seeds]], start[seeds], second[seeds], t.parent, t.up_ptr, t.head,
            climb, fall, climb_m, fall_m, far.chosen, far.row_ptr, far.row_head, far.place, out, out_second,
            least=2,
        )  # fmt: skip
        return out, out_second

    def _of(self, far: Selection) -> Any:
        if far.hierarchy is not self.hierarchy:
            raise UserError(
                "the selection belongs to another hierarchy",
                expected="a selection of this weighting's own hierarchy",
                fix="weighting.hierarchy.select(nodes)",
            )
        return self.hierarchy.topology

    def paths(self, sources: Array, targets: Array) -> tuple[Array, Array]:
        """Fastest paths pair by pair: (ptr int64 [pair + 1], arcs int32); none where unreachable.

        Pair i travels arcs[ptr[i]:ptr[i + 1]], which are rows of the graph's indices. Of paths that tie
        in seconds one with the fewest metres is given, always the same; no node is met twice.
        """
        ptr, arcs, _ = self._paths(sources, targets)
        return ptr, arcs

    def _paths(self, sources: Array, targets: Array) -> tuple[Array, Array, Array]:
        h, t = self.hierarchy, self.hierarchy.topology
        source, target = h.rank[h.checked_nodes(sources)], h.rank[h.checked_nodes(targets)]
        if len(source) != len(target):
            raise UserError(
                "paths go pair by pair",
                found=f"{len(source)} sources, {len(target)} targets",
                expected="as many of one as of the other",
            )
        length = np.empty(len(source), np.int32)
        parts: dict[int, Array] = {0: np.empty(0, np.int32)}

        def work(lo: int, hi: int) -> None:
            parts[lo] = unpack(
                lo, hi, source, target, t.parent, t.up_ptr, t.head, t.tail, self._up, self._down,
                *full, h.order, h.indices, length,
            )  # fmt: skip

        full = self._full
        run_blocks(work, len(source), least=256)
        ptr = np.zeros(len(source) + 1, np.int64)
        np.cumsum(np.maximum(length, 0), out=ptr[1:])
        return ptr, np.concatenate([parts[lo] for lo in sorted(parts)]), length

    def path_arcs(self, source: int, target: int) -> Array:
        """Arcs of a fastest path, int32, rows of the graph's indices; none where unreachable."""
        return self.paths(np.array([source]), np.array([target]))[1]

    def path(self, source: int, target: int) -> Array:
        """Nodes of a fastest path, int32, both ends included; none where unreachable."""
        _, arcs, length = self._paths(np.array([source]), np.array([target]))
        if length[0] < 0:
            return np.empty(0, np.int32)
        return np.concatenate([np.array([source], np.int32), self.hierarchy.indices[arcs]])
