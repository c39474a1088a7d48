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
from embauche.routing.turns import TurnGraph
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

    Cars obey the territory's banned turns; bikes and pedestrians may take them.

    Attributes:
        hierarchy: all arcs, whichever modes may use them, and what tells banned turns (routing.turns).
        arc: int64 [hierarchy's arc] row of the territory's arcs, -1 where nothing is driven.
        leave, arrive: int32 [node of the territory] node of the hierarchy where a trip from it starts,
            and where a trip to it ends.
    """

    def __init__(self, x: Array, y: Array, arcs: Any, turns: Any, cache: Path | None = None) -> None:
        """Build the hierarchy, or read its order from `cache`.

        Args:
            x, y: float [node].
            arcs, turns: tables of territory.schemas.ARCS and TURNS.
            cache: folder where the order is kept, None to keep it in memory alone.

        Raises:
            UserError: a banned turn that is no path of the graph.
        """
        nodes = len(x)
        row = np.lexsort((arcs.head, arcs.tail))
        indptr = np.zeros(nodes + 1, np.int32)
        np.cumsum(np.bincount(arcs.tail, minlength=nodes), out=indptr[1:])
        place = np.empty(len(row), np.int64)
        place[row] = np.arange(len(row))
        graph = TurnGraph(indptr, arcs.head[row], x, y, turn=turns.turn, arc=place[turns.arc])
        self.hierarchy = _hierarchy(graph, cache)
        self.arc = np.append(row, -1)[graph.base_arc]
        self.leave, self.arrive = np.arange(nodes, dtype=np.int32), graph.arrive
        self._banned = graph.banned
        self._tenths = {mode: tenths(arcs[f"{mode}_s"]) for mode in MODES}
        self._felt = tenths(arcs.bike_felt_s)
        self._decimetres = np.append(tenths(arcs.length_m), np.float32(0.0))[self.arc]
        self._weightings: dict[str, Weighting] = {}

    @classmethod
    def of(cls, territory: Any, cache: Path | None = None) -> RoadGraph:
        """The roads of a territory; their order is read from `cache` or kept there, if it is given."""
        nodes = territory.nodes
        return cls(nodes.x_m, nodes.y_m, territory.arcs, territory.turns, cache)

    def seconds(self, mode: str, sources: Array, targets: Array) -> Array:
        """Whole seconds, half up, float64 [source, target], inf where there is no way.

        Args:
            mode: "car", "bike" or "walk".
            sources, targets: int nodes of the territory.
        """
        weighting, ends = self.weighting(mode), (self.leave[sources], self.arrive[targets])
        found = weighting.times_and_metres(*ends)[1] if mode == "bike" else weighting.times(*ends)
        return whole(found, TENTHS)

    def weighting(self, mode: str) -> Weighting:
        """The weighting of a mode by its own speeds, in tenths of a second and of a metre.

        Riders take the path that feels shortest: the bike's weighting is in tenths of a second as they
        feel, and its second value, in place of metres, is the tenths that pass.
        """
        if mode == "bike" and mode not in self._weightings:
            ridden = np.where(np.isfinite(self._felt), self._tenths[mode], 0.0)
            felt, passed = (np.append(values, np.float32(0.0))[self.arc] for values in (self._felt, ridden))
            self._weightings[mode] = self.hierarchy.customize(felt, passed)
        if mode not in self._weightings:
            made = self._weigh(self._tenths[mode], obey=mode == "car", metres=True)
            self._weightings[mode] = made
        return self._weightings[mode]

    def weigh_cars(self, arc_tenths: Array, *, metres: bool = True) -> Weighting:
        """A weighting for cars by other times; what is closed to them stays closed.

        Args:
            arc_tenths: float [arc of the territory] tenths of a second.
            metres: carry lengths along, for kilometres.
        """
        open_to_cars = np.isfinite(self._tenths["car"])
        return self._weigh(np.where(open_to_cars, arc_tenths, np.inf), obey=True, metres=metres)

    def _weigh(self, arc_tenths: Array, *, obey: bool, metres: bool) -> Weighting:
        given = np.append(arc_tenths, 0.0)[self.arc]  # arcs that nobody drives take no time
        seconds = np.where(self._banned, np.inf, given) if obey else given
        return self.hierarchy.customize(seconds.astype(np.float32), self._decimetres if metres else None)


def _hierarchy(graph: TurnGraph, cache: Path | None) -> RoadHierarchy:
    if cache is None:
        return graph.hierarchy()
    digest = hashlib.sha256()
    for values in (graph.indptr, graph.indices, graph.x, graph.y):
        digest.update(np.ascontiguousarray(values).tobytes())
    file = cache / f"roads-{digest.hexdigest()[:16]}.npz"
    if file.is_file():
        with contextlib.suppress(UserError):  # damaged: found anew below
            return RoadHierarchy.load(file)
    made = graph.hierarchy()
    with contextlib.suppress(OSError, UserError):  # a read-only or full disk: the order is kept in memory
        cache.mkdir(parents=True, exist_ok=True)
        made.save(file)
    return made
