"""Shortest road times by networkx, one mode at a time.

Lives here: the graph of a mode and its fastest paths. Not here: offers, stops.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np


class Roads:
    """One mode's network: the arcs where it may go, the fastest of parallel ones.

    Args:
        arcs: table of arcs.
        mode: "car", "bike" or "walk".
    """

    def __init__(self, arcs: Any, mode: str) -> None:
        self.graph = nx.DiGraph()
        for tail, head, seconds, metres in zip(
            arcs.tail, arcs.head, arcs[f"{mode}_s"], arcs.length_m, strict=True
        ):
            if not np.isfinite(seconds):
                continue
            known = self.graph.get_edge_data(int(tail), int(head))
            if known is None or (float(seconds), float(metres)) < (known["s"], known["m"]):
                self.graph.add_edge(int(tail), int(head), s=float(seconds), m=float(metres))
        self._from: dict[int, tuple[dict[int, float], dict[int, list[int]]]] = {}

    def _tree(self, origin: int) -> tuple[dict[int, float], dict[int, list[int]]]:
        if origin not in self._from:
            if origin not in self.graph:
                self._from[origin] = ({origin: 0.0}, {origin: [origin]})
            else:
                self._from[origin] = nx.single_source_dijkstra(self.graph, origin, weight="s")
        return self._from[origin]

    def seconds(self, origin: int, goal: int) -> float:
        """Seconds by the fastest path, inf if there is none."""
        return self._tree(origin)[0].get(goal, float("inf"))

    def whole_seconds(self, origin: int, goal: int) -> float:
        """The same in whole seconds, half up, as the product keeps times between doors."""
        seconds = self.seconds(origin, goal)
        return math.floor(seconds + 0.5) if seconds < float("inf") else seconds

    def km(self, origin: int, goal: int) -> float:
        """Kilometres along the fastest path in whole tens of metres, inf if there is none."""
        path = self._tree(origin)[1].get(goal)
        if path is None:
            return float("inf")
        metres = sum(self.graph.edges[a, b]["m"] for a, b in pairwise(path))
        return math.floor(metres / 10.0 + 0.5) / 100.0
