"""Zones of the start state: communes, the wide ones cut into cells, and car minutes between them.

Lives here: StartZones. Not here: the draw of posts (labour.start).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from embauche.population.population import Population
    from embauche.routing.roads import RoadGraph
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
WIDE_M = 15_000.0  # a commune whose homes and firms spread over more is cut
CELL_M = 5_000.0
INTRA_SHARE = 0.5  # within a zone: half the way to the nearest other zone


@dataclass(frozen=True)
class StartZones:
    """Where persons live and firms sit, coarse enough for a doubly constrained model.

    Attributes:
        of_person: int32 [person] zone of the home.
        of_firm: int32 [firm] zone of the site.
        minutes: float64 [zone, zone] car minutes, gates included, inf where there is no way.
        external: bool [zone] stands for a pole outside.
    """

    of_person: Array
    of_firm: Array
    minutes: Array
    external: Array

    @classmethod
    def make(cls, territory: Territory, population: Population, graph: RoadGraph) -> StartZones:
        """Zones in use by these persons and firms."""
        t = territory
        home, work = t.places.node[population.persons.place], t.sites.node[population.firms.site]
        commune = np.concatenate([population.persons.commune, population.firms.commune]).astype(np.int64)
        node = np.concatenate([home, work])
        x, y = t.nodes.x_m[node], t.nodes.y_m[node]
        cell = np.where(_wide(commune, x, y)[commune], _cell(x, y), 0)
        _, first, zone = np.unique(np.stack([commune, cell]), axis=1, return_index=True, return_inverse=True)
        zone = zone.reshape(-1).astype(np.int32)
        commune_of = commune[first]
        centre = np.where(cell[first] == 0, t.communes.node[commune_of], _central(zone, node, x, y))
        external = t.communes.external[commune_of].astype(bool)
        gate = np.where(external, t.communes.gate_car_min[commune_of], 0.0).astype(np.float64)
        n = len(home)
        return cls(zone[:n], zone[n:], _minutes(graph, centre.astype(np.int32), gate), external)


def _cell(x: Array, y: Array) -> Array:
    """Number of the grid cell of each point, from 1."""
    column, row = (np.floor((v - v.min()) / CELL_M).astype(np.int64) for v in (x, y))
    number: Array = 1 + column + 100_000 * row
    return number


def _wide(commune: Array, x: Array, y: Array) -> Array:
    """Whether what is in use of each commune spreads over more than WIDE_M, bool [commune]."""
    n = int(commune.max()) + 1
    low, high = np.full((2, n), np.inf), np.full((2, n), -np.inf)
    for axis, values in enumerate((x, y)):
        np.minimum.at(low[axis], commune, values)
        np.maximum.at(high[axis], commune, values)
    with np.errstate(invalid="ignore"):
        wide: Array = np.hypot(*np.maximum(high - low, 0.0)) > WIDE_M
    return wide


def _central(zone: Array, node: Array, x: Array, y: Array) -> Array:
    """Node in use nearest to the mean point of each zone, ties to the lowest node, [zone]."""
    count = np.bincount(zone)
    mean_x, mean_y = np.bincount(zone, x) / count, np.bincount(zone, y) / count
    # whole metres: a mean depends on the order of its sum in the last bits
    away = np.round(np.hypot(x - mean_x[zone], y - mean_y[zone]))
    order = np.lexsort((node, away, zone))
    first = np.searchsorted(zone[order], np.arange(len(count)))
    return np.asarray(node[order][first])


def _minutes(graph: RoadGraph, nodes: Array, gate: Array) -> Array:
    minutes = graph.seconds("car", nodes, nodes) / 60.0 + gate[:, None] + gate[None, :]
    np.fill_diagonal(minutes, np.inf)
    nearest = minutes.min(axis=1, initial=np.inf)
    np.fill_diagonal(minutes, np.where(np.isfinite(nearest), nearest * INTRA_SHARE, 5.0))
    return np.asarray(minutes)
