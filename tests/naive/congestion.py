"""Car times under traffic as docs/model.md states them, by Frank-Wolfe on plain lists.

Lives here: section 8 of docs/model.md. Not here: who drives (model), the assignment (naive.assignment).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from embauche.routing.assignment import Links
from embauche.territory.highways import HIGHWAYS
from naive.assignment import cost_of, frank_wolfe
from naive.offers import hours_of
from naive.roads import tenths


class Congestion:
    """Seconds of the arcs by clock hour.

    Args:
        territory: for nodes and arcs.
        catalogue: windows; only the hours of their starts and ends matter.
        p: values by name.
        counts: other traffic by (way, hour).
        rounds: of Frank-Wolfe.
    """

    def __init__(
        self,
        territory: Any,
        catalogue: Any,
        p: Mapping[str, float],
        counts: Mapping[tuple[int, int], float],
        rounds: int,
    ) -> None:
        self.arcs, self.nodes, self.rounds = territory.arcs, len(territory.nodes), rounds
        windows = {int(w) for w in np.unique(catalogue.roster) if w >= 0}
        self.hours = sorted({hour for w in windows for hour in hours_of(catalogue, w)})
        self.open = [a for a in range(len(self.arcs)) if math.isfinite(self.arcs.car_s[a])]
        self.links = {hour: self._links(hour, p, counts) for hour in self.hours}

    def _links(self, hour: int, p: Mapping[str, float], counts: Mapping[tuple[int, int], float]) -> Links:
        share = p["congestion.background_day" if 6 <= hour < 20 else "congestion.background_night"]
        rows = []
        for a in self.open:
            capacity = p[f"congestion.{HIGHWAYS[self.arcs.highway[a]]}_veh_h"]
            free = tenths(self.arcs.car_s[a]) / 10
            factor = free * p["congestion.alpha"] / capacity ** p["congestion.beta"]
            rows.append((free, factor, counts.get((int(self.arcs.way[a]), hour), share * capacity)))
        free, factor, base = (np.array(column) for column in zip(*rows, strict=True))
        power = np.full(len(rows), p["congestion.beta"])
        return Links(
            self.nodes, self.arcs.tail[self.open], self.arcs.head[self.open], free, factor, power, base
        )

    def times(self, trips: Mapping[tuple[int, int, int], float]) -> dict[int, np.ndarray]:
        """Seconds in whole tenths by hour, float64 [arc], inf where cars may not go."""
        out = {}
        for hour in self.hours:
            mine = [(o, d, v) for (h, o, d), v in sorted(trips.items()) if h == hour]
            origin, destination, vehicles = (np.array([row[k] for row in mine]) for k in range(3))
            links = self.links[hour]
            flow = frank_wolfe(links, origin, destination, vehicles, rounds=self.rounds).flow
            out[hour] = np.full(len(self.arcs), math.inf)
            out[hour][self.open] = [tenths(c) / 10 for c in cost_of(links, flow)]
        return out
