"""Shortest road times by networkx, one mode at a time.

Lives here: the graph of a mode and its fastest paths. Not here: offers, stops.
"""

from __future__ import annotations

import math
from typing import Any

import networkx as nx

from naive.turns import turn_seconds

LONGER = 1 << 26  # more tenths of a metre than any path has: time first, then length; sums stay exact


def tenths(value: float) -> int:
    """Whole tenths, half up."""
    return math.floor(float(value) * 10.0 + 0.5)


def sequences(turns: Any) -> list[tuple[int, ...]]:
    """Banned sequences of arcs."""
    found: dict[int, list[int]] = {}
    for number, arc in zip(turns.turn, turns.arc, strict=True):
        found.setdefault(int(number), []).append(int(arc))
    return [tuple(arcs) for arcs in found.values()]


class Roads:
    """One mode's network: the arcs where it may go, in whole tenths of a second and of a metre.

    Of paths that tie in time the shortest counts. Riders take the path that feels shortest, of those
    that tie the fastest: by bike the second figure is the tenths of a second that pass.

    Args:
        arcs: table of arcs.
        mode: "car", "bike" or "walk".
        turns: table of turns that cars may not take, if any.
        times: seconds of the arcs that hold instead of the table's, if given.
    """

    def __init__(self, arcs: Any, mode: str, turns: Any = None, times: Any = None) -> None:
        self.graph = nx.DiGraph()
        self._banned = [] if turns is None or mode != "car" else sequences(turns)
        self._arcs = arcs
        self._bike = mode == "bike"
        first, second = ("bike_felt_s", "bike_s") if self._bike else (f"{mode}_s", "length_m")
        self._times = arcs[first] if times is None else times
        for tail, head, seconds, metres in zip(arcs.tail, arcs.head, self._times, arcs[second], strict=True):
            if not math.isfinite(seconds):
                continue
            cost = tenths(seconds) * LONGER + tenths(metres)
            known = self.graph.get_edge_data(int(tail), int(head))
            if known is None or cost < known["cost"]:
                self.graph.add_edge(int(tail), int(head), cost=cost)
        self._from: dict[int, dict[int, int]] = {}

    def _cost(self, origin: int, goal: int) -> int | None:
        if origin not in self._from:
            if self._banned:
                self._from[origin] = self._obeying(origin)
            elif origin not in self.graph:
                self._from[origin] = {origin: 0}
            else:
                self._from[origin] = nx.single_source_dijkstra_path_length(self.graph, origin, weight="cost")
        return self._from[origin].get(goal)

    def _obeying(self, origin: int) -> dict[int, int]:
        """Costs from a node where some sequences of arcs are banned."""
        arcs = self._arcs
        tail, head = arcs.tail.tolist(), arcs.head.tolist()
        cost = [
            tenths(s) * LONGER + tenths(m) if math.isfinite(s) else math.inf
            for s, m in zip(self._times, arcs.length_m, strict=True)
        ]
        found = turn_seconds(max([origin, *tail, *head]) + 1, tail, head, cost, self._banned, origin)
        return {node: int(c) for node, c in enumerate(found) if c < math.inf}

    def seconds(self, origin: int, goal: int) -> float:
        """Seconds by the fastest path, inf if there is none."""
        cost = self._cost(origin, goal)
        return float("inf") if cost is None else self._passed(cost) / 10.0

    def _passed(self, cost: int) -> int:
        return cost % LONGER if self._bike else cost // LONGER

    def whole_seconds(self, origin: int, goal: int) -> float:
        """The same in whole seconds, half up, as the product keeps times between doors."""
        cost = self._cost(origin, goal)
        return float("inf") if cost is None else float((self._passed(cost) + 5) // 10)

    def km(self, origin: int, goal: int) -> float:
        """Kilometres along the fastest path in whole tens of metres, inf if there is none."""
        cost = self._cost(origin, goal)
        return float("inf") if cost is None else (cost % LONGER + 50) // 100 / 100.0
