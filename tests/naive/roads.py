"""Shortest road times by networkx, one mode at a time.

Lives here: the graph of a mode and its fastest paths. Not here: offers, stops.
"""

from __future__ import annotations

import math
from typing import Any

import networkx as nx

LONGER = 1 << 40  # more tenths of a metre than any path has: time first, then length


def tenths(value: float) -> int:
    """Whole tenths, half up."""
    return math.floor(float(value) * 10.0 + 0.5)


class Roads:
    """One mode's network: the arcs where it may go, in whole tenths of a second and of a metre.

    Of paths that tie in time the shortest counts.

    Args:
        arcs: table of arcs.
        mode: "car", "bike" or "walk".
    """

    def __init__(self, arcs: Any, mode: str) -> None:
        self.graph = nx.DiGraph()
        for tail, head, seconds, metres in zip(
            arcs.tail, arcs.head, arcs[f"{mode}_s"], arcs.length_m, strict=True
        ):
            if not math.isfinite(seconds):
                continue
            cost = tenths(seconds) * LONGER + tenths(metres)
            known = self.graph.get_edge_data(int(tail), int(head))
            if known is None or cost < known["cost"]:
                self.graph.add_edge(int(tail), int(head), cost=cost)
        self._from: dict[int, dict[int, int]] = {}

    def _cost(self, origin: int, goal: int) -> int | None:
        if origin not in self._from:
            if origin not in self.graph:
                self._from[origin] = {origin: 0}
            else:
                self._from[origin] = nx.single_source_dijkstra_path_length(self.graph, origin, weight="cost")
        return self._from[origin].get(goal)

    def seconds(self, origin: int, goal: int) -> float:
        """Seconds by the fastest path, inf if there is none."""
        cost = self._cost(origin, goal)
        return float("inf") if cost is None else (cost // LONGER) / 10.0

    def whole_seconds(self, origin: int, goal: int) -> float:
        """The same in whole seconds, half up, as the product keeps times between doors."""
        cost = self._cost(origin, goal)
        return float("inf") if cost is None else float((cost // LONGER + 5) // 10)

    def km(self, origin: int, goal: int) -> float:
        """Kilometres along the fastest path in whole tens of metres, inf if there is none."""
        cost = self._cost(origin, goal)
        return float("inf") if cost is None else (cost % LONGER + 50) // 100 / 100.0
