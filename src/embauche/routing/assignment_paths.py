"""Sets of paths for static assignment, and the searches that add to them.

Lives here: PathSets, PathSearch, FoundPaths. Not here: when to search and when to stop (routing.assignment).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.parallel import run_blocks

if TYPE_CHECKING:
    from embauche.routing.assignment import Equilibrium, Links

Array = np.ndarray[Any, Any]
NewPaths = tuple[Array, Array, Array]  # from, length int64 [OD], links int32, as merge_paths takes them
# (cost float64 [link], origin, destination int32 [OD]) -> (ptr int64 [OD + 1], links int32) of shortest paths
PathFinder = Callable[[Array, Array, Array], tuple[Array, Array]]
ORDERS = 50_000_000  # the orders of the last searches are kept up to this many (root, node), 200 MB


def pointers(counts: Array) -> Array:
    """Starts of consecutive blocks of these sizes, and the end of the last, int64."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _ranges(starts: Array, counts: Array) -> Array:
    """The whole numbers of starts[i] .. starts[i] + counts[i], one range after another."""
    ends = np.cumsum(counts)
    return np.repeat(starts - (ends - counts), counts) + np.arange(ends[-1] if len(ends) else 0)


@dataclass
class PathSets:
    """The paths of all OD, laid out as kernels.assignment says.

    Attributes:
        od_path: int64 [OD + 1]; ptr: int64 [path + 1]; link: int32 [path link]; flow: float64 [path].
    """

    od_path: Array
    ptr: Array
    link: Array
    flow: Array

    @classmethod
    def none(cls, ods: int) -> PathSets:
        """No path for any of so many OD."""
        return cls(np.zeros(ods + 1, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0))

    @classmethod
    def carried(cls, start: Equilibrium, links: Links, keys: Array, demand: Array) -> PathSets:
        """The paths of a former result for the OD of `keys`, flows in proportion to the demand."""
        if len(start.origin) == 0:
            return cls.none(len(keys))
        old = start.origin.astype(np.int64) * links.nodes + start.destination
        by_key = np.argsort(old, kind="stable")
        at = np.minimum(np.searchsorted(old, keys, sorter=by_key), len(old) - 1)
        row = by_key[at]
        known = old[row] == keys
        count = np.where(known, np.diff(start.od_path)[row], 0)
        paths = _ranges(start.od_path[row], count)
        length = np.diff(start.path_ptr)[paths]
        link = start.path_link[_ranges(start.path_ptr[paths], length)]
        owner = np.repeat(np.arange(len(keys)), count)
        flow = start.path_flow[paths]
        total = np.bincount(owner, weights=flow, minlength=len(keys))
        flow = flow * (demand / np.where(total > 0.0, total, 1.0))[owner]
        return cls(pointers(count), pointers(length), link, flow)

    def equalise(self, sweeps: int, target: float, x: Array, links: Links, cost: Array, slope: Array) -> int:
        """Sweeps until the gap over these paths is under target; flows, x, cost and slope change."""
        from embauche.kernels.assignment import equalise

        return int(
            equalise(
                sweeps, target, self.od_path, self.ptr, self.link, self.flow, x, *links.terms, cost, slope
            )
        )

    def merged(self, demand: Array, new: NewPaths, x: Array) -> PathSets:
        """These paths and new ones (from, length, links), without those of no flow; x the link flows."""
        from embauche.kernels.assignment import merge_paths

        paths, links = len(self.flow) + len(demand), len(self.link) + int(new[1].sum())
        out = PathSets(
            np.empty_like(self.od_path),
            np.empty(paths + 1, np.int64),
            np.empty(links, np.int32),
            np.empty(paths),
        )
        count = merge_paths(
            demand, *new, self.od_path, self.ptr, self.link, self.flow,
            out.od_path, out.ptr, out.link, out.flow, x,
        )  # fmt: skip
        out.ptr = out.ptr[: count + 1]
        out.link, out.flow = out.link[: out.ptr[-1]], out.flow[:count]
        return out


class PathSearch:
    """Shortest paths from the fewer ends of all OD, each round along the order of the last."""

    def __init__(self, links: Links, roots: Array, root_od: Array, od_end: Array, *, backward: bool):
        tail, head = (links.head, links.tail) if backward else (links.tail, links.head)
        by_tail = np.lexsort((head, tail)).astype(np.int32)
        indptr = pointers(np.bincount(tail, minlength=links.nodes)).astype(np.int32)
        self._graph = (indptr, tail[by_tail], head[by_tail], by_tail, links.through)
        self._ends = (roots, root_od, od_end)
        kept = len(roots) * links.nodes <= ORDERS
        self._order = np.empty((len(roots), links.nodes) if kept else (0, 0), np.int32)
        self._warm = 0
        self._room = pointers(np.diff(root_od) * (int(links.nodes**0.5) + 32))

    def __call__(self, cost: Array, paths: PathSets) -> tuple[Array, NewPaths]:
        """Least cost of each OD, and the paths that are new."""
        from embauche.kernels.assignment_paths import cheaper_paths

        roots, root_od, od_end = self._ends
        ods = len(od_end)
        least, start, length = np.empty(ods), np.empty(ods, np.int64), np.empty(ods, np.int64)
        needed = np.empty(len(roots), np.int64)
        while True:
            link = np.empty(self._room[-1], np.int32)
            run_blocks(
                cheaper_paths, len(roots), *self._graph, cost, roots, root_od, od_end, self._warm,
                self._order, paths.od_path, paths.ptr, paths.link, self._room,
                least, start, length, link, needed, least=2,
            )  # fmt: skip
            self._warm = int(self._order.size > 0)
            short = needed > np.diff(self._room)
            if not short.any():
                return least, (start, length, link)
            self._room = pointers(np.maximum(np.diff(self._room), needed))


class FoundPaths:
    """Shortest paths pair by pair from a finder, such as a hierarchy that serves large networks."""

    def __init__(self, finder: PathFinder, origin: Array, destination: Array) -> None:
        self._finder, self._ends = finder, (origin, destination)

    def __call__(self, cost: Array, paths: PathSets) -> tuple[Array, NewPaths]:
        """Least cost of each OD, and the paths that are new."""
        from embauche.kernels.assignment_paths import better_paths

        ptr, link = self._finder(cost, *self._ends)
        ods = len(ptr) - 1
        least, length = np.empty(ods), np.empty(ods, np.int64)
        run_blocks(better_paths, ods, ptr, link, paths.od_path, paths.ptr, paths.link, cost, least, length)
        return least, (ptr[:-1], length, link)
