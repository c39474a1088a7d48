"""Routes through stops that bring most people within reach for the driving that they take.

Lives here: Ground plan of stops, the search of a route. Not here: who needs what (shuttle_need), euros
(shuttle_proposals).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
SEEDS = 12  # routes begun from so many of the stops with most need around them


@dataclass(frozen=True)
class Stops:
    """Stops that a route may take, before the stops at work.

    Attributes:
        walk: float64 [stop, place] minutes on foot, inf where too far.
        drive: float64 [stop, stop] minutes, halt included.
        to_work: float64 [stop] minutes to the last stop at work.
        limit_min: longest way from home to the last stop, walk included.
        longest_min: longest ride of the line.
        fixed_min: minutes that a run costs whatever its route: to and from the depot, turning round.
    """

    walk: Array
    drive: Array
    to_work: Array
    limit_min: float
    longest_min: float
    fixed_min: float

    def rides(self, route: tuple[int, ...]) -> Array:
        """Minutes from each stop of the route to the last stop at work."""
        steps = [self.drive[a, b] for a, b in pairwise(route)]
        return np.cumsum(np.array([self.to_work[route[-1]], *steps[::-1]]))[::-1]

    def length(self, route: tuple[int, ...]) -> float:
        """Minutes from its first stop to work."""
        return float(self.rides(route)[0]) if route else 0.0

    def covered(self, route: tuple[int, ...]) -> Array:
        """Places within reach by the route, bool [place]."""
        ways = self.walk[list(route)] + self.rides(route)[:, None]
        return np.asarray((ways <= self.limit_min).any(axis=0))

    def worth(self, route: tuple[int, ...], weight: Array) -> float:
        """Weight brought within reach a minute driven; below 0 for a route that takes too long."""
        if not route:
            return 0.0
        length = self.length(route)
        if not length <= self.longest_min:
            return -1.0
        return float(weight[self.covered(route)].sum()) / (length + self.fixed_min)


def best_route(stops: Stops, weight: Array, most_stops: int) -> tuple[tuple[int, ...], float]:
    """A route of most worth, by insertion from several beginnings and exchange of stops.

    Args:
        stops: stops that it may take.
        weight: float64 [place] what bringing each within reach is worth.
        most_stops: stops before those at work, at most.

    Returns:
        The route and its worth; the empty one where no stop is worth anything.
    """
    alone = [stops.worth((s,), weight) for s in range(len(stops.to_work))]
    seeds = sorted(range(len(alone)), key=lambda s: (-alone[s], s))[:SEEDS]
    best: tuple[tuple[int, ...], float] = ((), 0.0)
    for seed in seeds:
        if alone[seed] > 0:
            found = _climb(stops, weight, (seed,), most_stops)
            if found[1] > best[1]:
                best = found
    return best


def _climb(
    stops: Stops, weight: Array, route: tuple[int, ...], most_stops: int
) -> tuple[tuple[int, ...], float]:
    """The best of all neighbours, until none is better."""
    worth = stops.worth(route, weight)
    while True:
        near = _neighbours(route, len(stops.to_work), most_stops)
        scored = [(stops.worth(r, weight), r) for r in near]
        top = max(scored, key=lambda x: (x[0], [-s for s in x[1]]))
        if top[0] <= worth * (1 + 1e-12):
            return route, worth
        worth, route = top


def _neighbours(route: tuple[int, ...], stops: int, most: int) -> list[tuple[int, ...]]:
    """Routes with one stop more, less, moved, or exchanged."""
    left = [s for s in range(stops) if s not in route]
    near = []
    for k in range(len(route) + 1):
        if len(route) < most:
            near += [(*route[:k], s, *route[k:]) for s in left]
        if k < len(route):
            rest = route[:k] + route[k + 1 :]
            near += [(*route[:k], s, *route[k + 1 :]) for s in left]
            near += [rest] if rest else []
            near += [(*rest[:j], route[k], *rest[j:]) for j in range(len(rest) + 1) if j != k]
    return near
