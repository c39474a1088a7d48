"""Road kilometres and minutes of a shared car's legs: between homes, from a home to work, between workplaces.

Lives here: Legs. Not here: routes over several legs (carpooling.cars), the search (routing.pairs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.roads import DAM
from embauche.routing.pairs import PairSearch, PairTimes
from embauche.routing.roads import TENTHS, whole

if TYPE_CHECKING:
    from embauche.commuting.network import Network
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
Leg = tuple[Array, Array]  # minutes and kilometres, float64


class Legs:
    """Legs by the fastest path on empty roads; each kind is prepared when first asked for.

    Attributes:
        place_km, site_km: float64 [place, 2] and [site, 2], kilometres on the territory's plane.
    """

    def __init__(self, network: Network, territory: Territory) -> None:
        self.network = network
        nodes = territory.nodes
        self._place_node = territory.places.node[network.place_rows]
        self._site_node = territory.sites.node[network.site_rows]
        self.place_km = np.stack([nodes.x_m, nodes.y_m], 1)[self._place_node] / 1000.0
        self.site_km = np.stack([nodes.x_m, nodes.y_m], 1)[self._site_node] / 1000.0
        self._between: dict[str, PairTimes] = {}

    def home_work(self, place: Array, site: Array) -> Leg:
        """From places to sites, rows [pair]."""
        seconds, dam = self.network.roads.ways("car", place.astype(np.int32), site.astype(np.int32))
        return seconds / 60.0, dam / 100.0

    def homes(self, a: Array, b: Array) -> Leg:
        """From place to place."""
        return self._legs("homes", self._place_node, a, b)

    def works(self, a: Array, b: Array) -> Leg:
        """From site to site."""
        return self._legs("works", self._site_node, a, b)

    def _legs(self, kind: str, node: Array, a: Array, b: Array) -> Leg:
        if kind not in self._between:
            graph = self.network.roads.graph
            search = PairSearch(graph.hierarchy, graph.leave[node], graph.arrive[node])
            self._between[kind] = search.weigh(graph.weighting("car"), metres=True)
        found = self._between[kind](a.astype(np.int32), b.astype(np.int32))
        apart = node[a] != node[b]
        minutes = np.where(apart, whole(found.seconds, TENTHS) / 60.0, 0.0)
        return minutes, np.where(apart, whole(found.metres, DAM) / 100.0, 0.0)
