"""Static assignment as textbooks first give it: Frank-Wolfe with shortest paths by networkx.

Lives here: the twin of routing.assignment. Not here: anything that is fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np

from embauche.routing.assignment import Links


@dataclass
class Plain:
    """Flows, their objective, and the best lower bound seen on any objective."""

    flow: np.ndarray
    objective: float
    bound: float


def cost_of(links: Links, flow: np.ndarray) -> np.ndarray:
    return np.array(
        [
            fixed + factor * (x + base) ** power
            for fixed, factor, power, base, x in zip(
                links.fixed, links.factor, links.power, links.base, flow, strict=True
            )
        ]
    )


def all_or_nothing(links: Links, cost: np.ndarray, trips: dict[tuple[int, int], float]) -> np.ndarray:
    """Everybody on a shortest path at these costs; zones are not passed through."""
    flow = np.zeros(len(links.tail))
    cheapest: dict[tuple[int, int], int] = {}
    for row, ends in enumerate(zip(links.tail.tolist(), links.head.tolist(), strict=True)):
        if ends not in cheapest or cost[row] < cost[cheapest[ends]]:
            cheapest[ends] = row
    for origin in sorted({o for o, _ in trips}):
        graph = nx.DiGraph()
        graph.add_weighted_edges_from(
            (a, b, cost[row]) for (a, b), row in cheapest.items() if a >= links.through or a == origin
        )
        paths = nx.single_source_dijkstra_path(graph, origin)
        for (o, d), demand in trips.items():
            if o == origin:
                for ends in pairwise(paths[d]):
                    flow[cheapest[ends]] += demand
    return flow


def frank_wolfe(
    links: Links, origin: np.ndarray, destination: np.ndarray, demand: np.ndarray, *, rounds: int
) -> Plain:
    """Frank and Wolfe 1956; the step to where the objective's slope is zero, by bisection."""
    trips: dict[tuple[int, int], float] = {}
    for o, d, v in zip(origin.tolist(), destination.tolist(), demand.tolist(), strict=True):
        if v > 0 and o != d:
            trips[o, d] = trips.get((o, d), 0.0) + v
    flow = all_or_nothing(links, cost_of(links, np.zeros(len(links.tail))), trips)
    bound = -np.inf
    for _ in range(rounds):
        cost = cost_of(links, flow)
        way = all_or_nothing(links, cost, trips) - flow
        bound = max(bound, links.objective(flow) + float(cost @ way))
        low, high = 0.0, 1.0
        if float(cost_of(links, flow + way) @ way) > 0:
            for _ in range(40):
                step = (low + high) / 2
                low, high = (
                    (low, step) if float(cost_of(links, flow + step * way) @ way) > 0 else (step, high)
                )
        else:
            low = 1.0
        flow = flow + low * way
    return Plain(flow, links.objective(flow), bound)
