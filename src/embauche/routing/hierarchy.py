"""A road graph prepared once for many sets of speeds: a customizable contraction hierarchy.

Lives here: RoadHierarchy, Selection. Not here: times and paths (weighting), the order (ordering).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from embauche.core.errors import UserError
from embauche.core.files import atomic_path
from embauche.routing.ordering import checked_graph, checked_order, dissection, topology

if TYPE_CHECKING:
    from embauche.routing.weighting import Weighting

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Selection:
    """The part of a hierarchy that a sweep to some nodes needs; good for every weighting.

    Attributes:
        hierarchy: the hierarchy it is a part of.
        nodes: int32 [far] the nodes asked for, in the order asked.
        chosen: int32 [row] ranks, each after those above it.
        row_ptr: int64 [row + 1].
        row_head: int32 rows.
        place: int32 [far] the row of each node.
        spare: float32 [row, lane] for the work of sweeps, one a thread; fresh memory would cost as much
            as the sweep.
    """

    hierarchy: RoadHierarchy
    nodes: Array
    chosen: Array
    row_ptr: Array
    row_head: Array
    place: Array
    spare: list[Array] = field(default_factory=list, repr=False, compare=False)


class RoadHierarchy:
    """A directed graph, contracted (Dibbelt, Strasser, Wagner 2016).

    Attributes:
        indptr, indices: the graph, int32.
        nodes, arcs: how many.
        order: int32 [rank] node.
        rank: int32 [node].
        topology: the contracted graph.
    """

    def __init__(
        self,
        indptr: Array,
        indices: Array,
        x: Array | None = None,
        y: Array | None = None,
        *,
        order: Array | None = None,
    ) -> None:
        """Order and contract the graph.

        Args:
            indptr: int [node + 1].
            indices: int [arc] the node that each arc leads to; loops and parallel arcs may be there.
            x, y: float [node] longitude and latitude, or metres; they guide the order, no more.
            order: int [rank] node, an order found before; then x and y are not read.

        Raises:
            UserError: not a graph, or an order that does not name each node once.
        """
        from embauche.kernels.contraction import undirected

        self.indptr, self.indices = checked_graph(indptr, indices)
        self.nodes, self.arcs = len(self.indptr) - 1, len(self.indices)
        ptr, adj = undirected(self.indptr, self.indices)
        found = dissection(ptr, adj, x, y) if order is None else checked_order(order, self.nodes)
        self.order, self.topology = topology(self.indptr, self.indices, ptr, adj, found)
        self.rank = np.empty(self.nodes, np.int32)
        self.rank[self.order] = np.arange(self.nodes, dtype=np.int32)

    def customize(self, seconds: Array, metres: Array | None = None) -> Weighting:
        """Weigh the hierarchy.

        Args:
            seconds: float [arc] in the graph's own order, inf where closed; float32 from here on.
            metres: float [arc] a second value, summed along the fastest path.

        Raises:
            UserError: a wrong length, a NaN, a negative value or infinite metres.
        """
        from embauche.routing.weighting import Weighting

        return Weighting(self, seconds, metres)

    def select(self, nodes: Array) -> Selection:
        """The part of the sweep that leads to these nodes.

        Args:
            nodes: int [far].

        Raises:
            UserError: a node that does not exist.
        """
        from embauche.kernels.sweep import select

        far = self.checked_nodes(nodes)
        t, rank = self.topology, self.rank[far]
        return Selection(self, far, *select(t.parent, t.up_ptr, t.head, rank, np.sort(rank)))

    def checked_nodes(self, nodes: Array) -> Array:
        """Nodes as int32 [n].

        Raises:
            UserError: a node that does not exist.
        """
        given = np.asarray(nodes)
        if given.dtype.kind not in "iu" and given.size:
            raise UserError("nodes are not whole numbers", found=str(given.dtype), expected="int32 [node]")
        given = given.reshape(-1)
        outside = np.flatnonzero((given < 0) | (given >= self.nodes))
        if len(outside):
            raise UserError(
                "a node does not exist",
                found=f"{given[outside[0]]} at position {outside[0]}",
                expected=f"0 to {self.nodes - 1}" if self.nodes else "none: the graph has no nodes",
            )
        return np.ascontiguousarray(given, np.int32)

    def save(self, path: str | Path) -> None:
        """Write the graph and its order to one file (NumPy's .npz, whatever the name)."""
        with atomic_path(Path(path)) as tmp, tmp.open("wb") as file:
            np.savez(file, indptr=self.indptr, indices=self.indices, order=self.order)

    @classmethod
    def load(cls, path: str | Path) -> RoadHierarchy:
        """Read what save wrote.

        Raises:
            UserError: no such file, or not one that save wrote.
        """
        try:
            with np.load(path, allow_pickle=False) as data:
                return cls(data["indptr"], data["indices"], order=data["order"])
        except (OSError, ValueError, KeyError, TypeError, BadZipFile, EOFError) as error:
            raise UserError(
                "this is not a saved road hierarchy",
                file=path,
                found=type(error).__name__ + ": " + str(error).splitlines()[0] if str(error) else None,
                expected="a file that RoadHierarchy.save wrote",
                fix="build it again: RoadHierarchy(indptr, indices, x, y).save(path)",
            ) from None
