"""Transit minutes on an embedded territory against a search written anew, from homes to workplaces.

Not here: the week's plain twin (tests/naive); this one relaxes whole trips until nothing changes, and walks
by its own Dijkstra. Source of the rules: docs/model.md, "Offers".
"""

from __future__ import annotations

import heapq
from collections import defaultdict

import numpy as np
import pytest

from embauche.commuting.offers import Offers, price
from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.model import Bassin
from embauche.population.synthesis import synthesise
from embauche.territory.embedded import load_embedded

PAIRS, OFFERED = 40, 25
CHANGE_WALK_S = 600.0
Ride = tuple[float, float, int, int, bool, bool]  # departs, arrives, from stop, to stop, pickup, dropoff


class Search:
    """Door-to-door minutes of one territory, asked pair by pair."""

    def __init__(self, model: Bassin) -> None:
        t = self.t = model.territory
        self.model = model
        self.access_s = model.parameters["transit.max_min"] * 60
        self.change_s = model.parameters["transit.transfer_min"] * 60
        self.streets: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        for tail, head, seconds in zip(
            t.arcs.tail.tolist(), t.arcs.head.tolist(), t.arcs.walk_s.tolist(), strict=True
        ):
            if seconds < np.inf:
                self.streets[tail].append((head, seconds))
        self.stops: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        for stop, (node, walk) in enumerate(zip(t.stops.node.tolist(), t.stops.walk_s.tolist(), strict=True)):
            self.stops[node].append((stop, walk))
        # Walks between stops, both ways round (streets are walked in both directions).
        self.feet: dict[int, dict[int, float]] = {}
        for stop, (node, walk) in enumerate(zip(t.stops.node.tolist(), t.stops.walk_s.tolist(), strict=True)):
            near = self.near(node, CHANGE_WALK_S) if node >= 0 else {}
            self.feet[stop] = {s: d + walk for s, d in near.items() if d + walk <= CHANGE_WALK_S}
            self.feet[stop][stop] = 0.0

    def near(self, node: int, limit: float) -> dict[int, float]:
        """Stops within a walk of so many seconds from a node."""
        best, queue = {node: 0.0}, [(0.0, node)]
        while queue:
            so_far, here = heapq.heappop(queue)
            for there, seconds in self.streets[here] if so_far <= best[here] else ():
                if so_far + seconds < best.get(there, limit + 0.5):
                    best[there] = so_far + seconds
                    heapq.heappush(queue, (best[there], there))
        return {s: d + w for n, d in best.items() for s, w in self.stops.get(n, ()) if d + w <= limit}

    def ends(self, commune: int, node: int) -> dict[int, float]:
        """Stops at which a home or workplace is left or reached, and the walk there."""
        if not self.t.communes.external[commune]:
            return self.near(node, self.access_s)
        walk = float(self.t.communes.gate_transit_min[commune]) * 60
        return {int(s): walk for s in np.flatnonzero(self.t.stops.zone == commune) if walk < np.inf}

    def trips(self, days: list[int]) -> list[list[Ride]]:
        """Rides by run of a trip, on the day before, the day and the day after (-1: not looked at)."""
        out: defaultdict[tuple[int, int], list[Ride]] = defaultdict(list)
        c = self.t.connections
        rows = zip(c.trip, c.dep_s, c.arr_s, c.dep_stop, c.arr_stop, c.pickup, c.dropoff, strict=True)
        for trip, dep, arr, u, v, on, off in rows:
            for k, d in zip((-1, 0, 1), days, strict=True):
                if d >= 0 and self.t.trips.days[trip] >> d & 1:
                    out[int(trip), k].append(
                        (float(dep) + 86400 * k, float(arr) + 86400 * k, int(u), int(v), bool(on), bool(off))
                    )
        return [sorted(rides) for rides in out.values()]

    def arrival_s(self, trips: list[list[Ride]], start: dict[int, float], goal: dict[int, float]) -> float:
        """Earliest time at the goal, having waited at `start`'s stops from the times given."""
        ready, alight = dict(start), dict[int, float]()
        changed = True
        while changed:
            changed = False
            for rides in trips:
                aboard = False
                for dep, arr, u, v, on, off in rides:
                    aboard = aboard or (on and dep >= ready.get(u, np.inf))
                    if aboard and off and arr < alight.get(v, np.inf):
                        alight[v], changed = arr, True
                        for stop, walk in self.feet[v].items():
                            ready[stop] = min(ready.get(stop, np.inf), arr + self.change_s + walk)
        return min((alight[s] + walk for s, walk in goal.items() if s in alight), default=np.inf)

    def minutes(self, place: int, site: int, klass: int) -> tuple[float, float]:
        """Minutes out and back, inf where there is no way."""
        net, t = self.model.network, self.t
        p, s, classes = net.place_rows[place], net.site_rows[site], net.classes
        home = self.ends(int(t.places.commune[p]), int(t.places.node[p]))
        work = self.ends(int(t.sites.commune[s]), int(t.sites.node[s]))
        days = classes.days[klass].tolist()
        start, end = float(classes.start_s[klass]), float(classes.end_s[klass])
        back = self.arrival_s(self.trips(days), {x: end + w for x, w in work.items()}, home)
        # The way out is the way home of a world in which time runs backwards.
        mirror = [
            sorted((-arr, -dep, v, u, off, on) for dep, arr, u, v, on, off in rides)
            for rides in self.trips(days)
        ]
        out = self.arrival_s(mirror, {x: w - start for x, w in work.items()}, home)
        return (out + start) / 60, (back - end) / 60


@pytest.mark.long
def test_transit_minutes_of_random_pairs() -> None:
    territory, catalogue, parameters = load_embedded("bresle-vimeu"), default_catalogue(), defaults()
    population = synthesise(territory, catalogue, parameters, 0)
    model = Bassin(territory, population, catalogue, parameters, rng=1)
    transit = [s.name for s in model.services].index("transit")
    search, longest = Search(model), parameters["transit.max_min"]
    assert model.network.transit is not None
    asked = np.argwhere(model.network.transit.row >= 0)
    overnight = model.network.classes.days[asked[:, 1], 2] >= 0
    luck = np.random.default_rng(8)
    n = 4000
    chosen = asked[luck.integers(len(asked), size=n)]
    nights = asked[overnight]
    chosen[::2] = nights[luck.integers(len(nights), size=len(chosen[::2]))]
    place, (site, klass) = luck.choice(model.place, n), chosen.T
    offers = Offers.empty(len(model.services), n)
    price(model.services, place.astype(np.int32), site.astype(np.int32), klass.astype(np.int16), offers)
    out, back = offers.out_min[transit], offers.back_min[transit]
    offered = np.flatnonzero(out < np.inf)[:OFFERED]
    rows = [*offered, *np.flatnonzero(out == np.inf)[: PAIRS - len(offered)]]
    assert len(offered) == OFFERED
    assert (model.network.classes.days[klass[offered], 2] >= 0).sum() >= 3, "no way home in the morning"
    for row in rows:
        found = search.minutes(int(place[row]), int(site[row]), int(klass[row]))
        if max(found) > longest:
            found = (np.inf, np.inf)
        assert (out[row], back[row]) == pytest.approx(found, abs=0.02), row
