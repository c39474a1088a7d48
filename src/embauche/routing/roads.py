"""A territory's roads as one weighted hierarchy: car, bike and walk on the same structure.

Lives here: RoadGraph, where a territory becomes a graph, and its order on disk. Not here: speeds
(territory.roads), which pairs are asked (commuting.roads).
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.routing.hierarchy import RoadHierarchy
from embauche.routing.weighting import Weighting

Array = np.ndarray[Any, Any]
MODES = ("car", "bike", "walk")
TENTHS = 10.0  # times are whole tenths of a second and lengths tenths of a metre: sums are exact


def tenths(values: Array) -> Array:
    """Whole tenths, half up, as float32; inf stays inf."""
    return whole(values, 1.0 / TENTHS).astype(np.float32)


def whole(values: Array, unit: float) -> Array:
    """Values over `unit` in whole numbers, half up, as float64; inf stays inf."""
    return np.floor(np.asarray(values, np.float64) / unit + 0.5)


class RoadGraph:
    """The road network of a territory, contracted once, and its weightings.

    Attributes:
        hierarchy: all arcs, whichever modes may use them.
        arc: int64 [hierarchy's arc] row of the territory's arcs.
        leave, arrive: int32 [node of the territory] node of the hierarchy where a trip from it starts,
            and where a trip to it ends.
    """

    def __init__(self, x: Array, y: Array, arcs: Any, cache: Path | None = None) -> None:
        """Build the hierarchy, or read its order from `cache`.

        Args:
            x, y: float [node].
            arcs: table of territory.schemas.ARCS.
            cache: folder where the order is kept, None to keep it in memory alone.
        """
        nodes = len(x)
        self.arc = np.lexsort((arcs.head, arcs.tail))
        indptr = np.zeros(nodes + 1, np.int32)
        np.cumsum(np.bincount(arcs.tail, minlength=nodes), out=indptr[1:])
        indices = np.ascontiguousarray(arcs.head[self.arc], np.int32)
        self.hierarchy = _hierarchy(indptr, indices, x, y, cache)
        self.leave = self.arrive = np.arange(nodes, dtype=np.int32)
        self._tenths = {mode: tenths(arcs[f"{mode}_s"])[self.arc] for mode in MODES}
        self._decimetres = tenths(arcs.length_m)[self.arc]
        self._weightings: dict[str, Weighting] = {}

    def seconds(self, mode: str, sources: Array, targets: Array) -> Array:
        """Whole seconds, half up, float64 [source, target], inf where there is no way.

        Args:
            mode: "car", "bike" or "walk".
            sources, targets: int nodes of the territory.
        """
        found = self.weighting(mode).times(self.leave[sources], self.arrive[targets])
        return whole(found, TENTHS)

    def weighting(self, mode: str) -> Weighting:
        """The weighting of a mode by its own speeds, in tenths of a second and of a metre."""
        if mode not in self._weightings:
            self._weightings[mode] = self.weigh(self._tenths[mode])
        return self._weightings[mode]

    def weigh(self, arc_tenths: Array) -> Weighting:
        """A weighting by other times: float [hierarchy's arc], whole tenths of a second."""
        return self.hierarchy.customize(arc_tenths, self._decimetres)


def _hierarchy(indptr: Array, indices: Array, x: Array, y: Array, cache: Path | None) -> RoadHierarchy:
    if cache is None:
        return RoadHierarchy(indptr, indices, x, y)
    digest = hashlib.sha256(indptr.tobytes() + indices.tobytes())
    digest.update(np.ascontiguousarray(x).tobytes() + np.ascontiguousarray(y).tobytes())
    file = cache / f"roads-{digest.hexdigest()[:16]}.npz"
    if file.is_file():
        with contextlib.suppress(UserError):  # damaged: found anew below
            return RoadHierarchy.load(file)
    made = RoadHierarchy(indptr, indices, x, y)
    with contextlib.suppress(OSError, UserError):  # a read-only or full disk: the order is kept in memory
        cache.mkdir(parents=True, exist_ok=True)
        made.save(file)
    return made
