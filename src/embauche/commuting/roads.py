"""Road times between homes and workplaces, only for the pairs asked: no table of all pairs exists.

Lives here: Roads (pairs of used places and sites), Ways (the pairs of a tile, shared by its services).
Not here: the search (routing.pairs), what a trip costs (services).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.routing.pairs import PairSearch, PairTimes
from embauche.routing.roads import TENTHS, RoadGraph, whole
from embauche.routing.weighting import Weighting

Array = np.ndarray[Any, Any]
DAM = 100.0  # tenths of a metre in ten metres


class Roads:
    """Times by car, bike and on foot between used places and sites.

    A trip class may have car times of its own: `car_slot_out` and `car_slot_back` name the weighting of
    each class's way to work and home, all 0 without congestion.

    Attributes:
        graph: the road network.
        car_slot_out, car_slot_back: int32 [class].
    """

    def __init__(self, graph: RoadGraph, place_node: Array, site_node: Array, classes: int) -> None:
        """Prepare the search of pairs.

        Args:
            graph: the road network.
            place_node, site_node: int32, nodes of the used places and sites.
            classes: number of trip classes.
        """
        self.graph = graph
        self.car_slot_out = np.zeros(classes, np.int32)
        self.car_slot_back = np.zeros(classes, np.int32)
        h = graph.hierarchy
        self._to = PairSearch(h, graph.leave[place_node], graph.arrive[site_node])
        same = np.array_equal(graph.leave, graph.arrive)
        self._back = self._to if same else PairSearch(h, graph.arrive[place_node], graph.leave[site_node])
        self._cars: list[Weighting] | None = None
        self._times: dict[tuple[str, int, bool], PairTimes] = {}

    def set_cars(self, weightings: list[Weighting], slot_out: Array, slot_back: Array) -> None:
        """Use these car weightings of `graph` from now on; offers already priced stay as they are.

        Args:
            weightings: one a slot.
            slot_out, slot_back: int32 [class] slot of each class's way to work, and home.
        """
        self._cars = weightings
        self.car_slot_out, self.car_slot_back = slot_out, slot_back
        self._times = {key: times for key, times in self._times.items() if key[0] != "car"}

    @property
    def one_car_slot(self) -> bool:
        """Whether car times are the same at all hours."""
        return self._cars is None or len(self._cars) == 1

    def _pair_times(self, mode: str, slot: int, back: bool) -> PairTimes:
        key = (mode, slot, back)
        if key not in self._times:
            cars = self._cars
            weighting = cars[slot] if mode == "car" and cars is not None else self.graph.weighting(mode)
            search = self._back if back else self._to
            self._times[key] = search.weigh(weighting, backward=back, metres=mode != "walk")
        return self._times[key]

    def ways(
        self, mode: str, place: Array, site: Array, *, back: bool = False, slot: int = 0
    ) -> tuple[Array, Array]:
        """Whole seconds of pairs and, by car, tens of metres; float32 [pair], inf where there is no way.

        Args:
            mode: "car", "bike" or "walk".
            place, site: int32 [pair] rows of used places and sites.
            back: from the site to the place instead.
            slot: which car weighting.
        """
        found = self._pair_times(mode, slot, back)(place, site)
        if mode == "bike":  # the seconds that pass on the path that feels shortest
            return whole(found.metres, TENTHS).astype(np.float32), np.empty(0, np.float32)
        return whole(found.seconds, TENTHS).astype(np.float32), whole(found.metres, DAM).astype(np.float32)


class Ways:
    """Road figures of a tile's rows; rows side by side with the same ends share a pair."""

    def __init__(self, place: Array, site: Array, klass: Array) -> None:
        """Take the tile's rows, all [row]; nothing is searched yet."""
        self.place, self.site, self.klass = place, site, klass
        self._pairs: dict[bool, tuple[Array, Array]] = {}
        self._known: dict[str, tuple[Array, ...]] = {}

    def _pair(self, by_class: bool) -> tuple[Array, Array]:
        """First row of each pair, and the pair of each row, int64."""
        if by_class not in self._pairs:
            n = len(self.place)
            new = np.ones(n, bool)
            new[1:] = (self.place[1:] != self.place[:-1]) | (self.site[1:] != self.site[:-1])
            if by_class:
                new[1:] |= self.klass[1:] != self.klass[:-1]
            self._pairs[by_class] = np.flatnonzero(new), np.cumsum(new) - 1
        return self._pairs[by_class]

    def of(self, roads: Roads, mode: str) -> tuple[Array, ...]:
        """Road figures of the rows.

        Pair of each row, int64 [row]; then, float32 [pair], seconds out, seconds back, and by car tens of
        metres out and back. Walking home is taken to last as long as walking to work.
        """
        if mode not in self._known:
            by_class = mode == "car" and not roads.one_car_slot
            first, pair = self._pair(by_class)
            place, site = self.place[first], self.site[first]
            if by_class:
                klass = self.klass[first]
                to = _by_slot(roads, place, site, roads.car_slot_out[klass], back=False)
                home = _by_slot(roads, place, site, roads.car_slot_back[klass], back=True)
            else:
                to = roads.ways(mode, place, site)
                home = to if mode == "walk" else roads.ways(mode, place, site, back=True)
            self._known[mode] = (pair, to[0], home[0], to[1], home[1])
        return self._known[mode]


def _by_slot(roads: Roads, place: Array, site: Array, slot: Array, *, back: bool) -> tuple[Array, Array]:
    """Car seconds and tens of metres of pairs, each by the weighting of its slot."""
    seconds, dam = np.empty(len(place), np.float32), np.empty(len(place), np.float32)
    for s in np.unique(slot):
        mine = np.flatnonzero(slot == s)
        seconds[mine], dam[mine] = roads.ways("car", place[mine], site[mine], back=back, slot=int(s))
    return seconds, dam
