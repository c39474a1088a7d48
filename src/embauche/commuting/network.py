"""The network as the week asks it: road times, stops nearby, timetable tables, trip classes.

Lives here: Network, built once per (territory, population, settings). Not here: what a trip costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.classes import TripClasses
from embauche.commuting.roads import Roads
from embauche.core.parameters import Parameters
from embauche.core.settings import Settings
from embauche.core.shifts import ShiftCatalogue
from embauche.routing.graph import Graph
from embauche.routing.roads import RoadGraph
from embauche.routing.timetable import (
    FOOTPATH_S,
    Connections,
    Near,
    TransitTables,
    near_stops,
    transit_tables,
)
from embauche.routing.timetable_edit import extend, vehicle_km_week

if TYPE_CHECKING:
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Network:
    """Times between the places and sites in use; rows below are rows of *used* places and sites.

    Attributes:
        classes: trip classes.
        place_rows, site_rows: int32, rows of the territory's tables that are in use, sorted.
        roads: road times of pairs of place and site.
        gate_place_min, gate_site_min: float32 car minutes beyond a gateway, 0 inside.
        gate_place_km, gate_site_km: float32 kilometres beyond a gateway, 0 inside.
        outside_place, outside_site: bool, stands for an external zone.
        access: stops near places.
        transit: timetable tables, None where the feed has no trips.
        vehicle_km: vehicle-kilometres a week by road and by rail.
    """

    classes: TripClasses
    place_rows: Array
    site_rows: Array
    roads: Roads
    gate_place_min: Array
    gate_site_min: Array
    gate_place_km: Array
    gate_site_km: Array
    outside_place: Array
    outside_site: Array
    access: Near
    transit: TransitTables | None
    vehicle_km: tuple[float, float]


def _zone_near(territory: Territory, communes: Array, near: Near) -> Near:
    """Replace the stops of external rows by their zone's own stops and its walk there."""
    outside = territory.communes.external[communes]
    if not outside.any():
        return near
    ptr, stops, seconds = [0], [], []
    for row, commune in enumerate(communes):
        if outside[row]:
            mine = np.flatnonzero(territory.stops.zone == commune).astype(np.int32)
            walk = float(territory.communes.gate_transit_min[commune]) * 60.0
            mine = mine if np.isfinite(walk) else mine[:0]
            stops.append(mine)
            seconds.append(np.full(len(mine), walk, np.float32))
        else:
            stops.append(near.stop[near.ptr[row] : near.ptr[row + 1]])
            seconds.append(near.seconds[near.ptr[row] : near.ptr[row + 1]])
        ptr.append(ptr[-1] + len(stops[-1]))
    return Near(np.array(ptr, np.int32), np.concatenate(stops), np.concatenate(seconds))


def build_network(
    territory: Territory,
    catalogue: ShiftCatalogue,
    parameters: Parameters,
    settings: Settings,
    places_used: Array,
    sites_used: Array,
    site_shift: Array,
) -> Network:
    """Compute (or load from the territory's cache) all that offers need.

    Args:
        territory: the territory.
        catalogue: shifts and windows.
        parameters: the run's parameters.
        settings: services and timetable edits.
        places_used, sites_used: int32 rows of places and sites in use, sorted.
        site_shift: int [pair, 2] distinct (row of sites_used, shift) of the posts.
    """
    t = territory
    trips, connections = extend(t.trips, t.connections, settings.timetable_edits)
    classes = TripClasses.make(catalogue, trips.days)
    cache = t.folder / "cache" if t.folder is not None else None
    place_commune, site_commune = t.places.commune[places_used], t.sites.commune[sites_used]
    graph = RoadGraph(t.nodes.x_m, t.nodes.y_m, t.arcs, cache)
    roads = Roads(graph, t.places.node[places_used], t.sites.node[sites_used], len(classes.window))

    def gate(name: str, communes: Array) -> Array:
        values = t.communes[name][communes]
        return np.where(t.communes.external[communes], values, 0.0).astype(np.float32)

    walk = Graph.make(len(t.nodes), t.arcs.tail, t.arcs.head, t.arcs.walk_s, t.arcs.length_m)
    limit_s = parameters["transit.access_max_min"] * 60.0

    def near(nodes: Array, limit: float) -> Near:
        return near_stops(walk, t.stops.node, t.stops.walk_s, nodes, limit)

    def with_zones(nodes: Array, communes: Array) -> Near:
        inside = np.where(t.communes.external[communes], -1, nodes).astype(np.int32)
        return _zone_near(t, communes, near(inside, limit_s))

    access = with_zones(t.places.node[places_used], place_commune)
    transit = None
    if "transit" in settings.services and len(connections):
        site_near = with_zones(t.sites.node[sites_used], site_commune)
        footpaths = _with_self(near(t.stops.node, FOOTPATH_S), t.stops.walk_s, len(t.stops))
        pairs = _site_classes(site_shift, classes)
        transit = transit_tables(
            Connections.make(trips, connections), footpaths, site_near, pairs, len(sites_used),
            classes.day.astype(np.int64), classes.next_day.astype(np.int64), classes.start_s, classes.end_s,
            parameters["transit.transfer_min"] * 60.0, parameters["transit.max_min"] * 60.0,
        )  # fmt: skip
    return Network(
        classes, places_used, sites_used, roads,
        gate("gate_car_min", place_commune), gate("gate_car_min", site_commune),
        gate("gate_car_km", place_commune), gate("gate_car_km", site_commune),
        t.communes.external[place_commune].astype(bool), t.communes.external[site_commune].astype(bool),
        access, transit, vehicle_km_week(trips, connections),
    )  # fmt: skip


def _with_self(near: Near, walk_s: Array, stops: int) -> Near:
    """Footpaths between stops, both stops' own walk to the road included, each stop to itself 0 s."""
    row = np.repeat(np.arange(stops), np.diff(near.ptr))
    seconds = near.seconds + np.asarray(walk_s, np.float32)[row]
    keep = (near.stop != row) & (seconds <= FOOTPATH_S)
    row = np.concatenate([row[keep], np.arange(stops)])
    stop = np.concatenate([near.stop[keep], np.arange(stops, dtype=np.int32)])
    seconds = np.concatenate([seconds[keep], np.zeros(stops, np.float32)])
    order = np.lexsort((stop, seconds, row))
    ptr = np.zeros(stops + 1, np.int32)
    np.cumsum(np.bincount(row, minlength=stops), out=ptr[1:])
    return Near(ptr, stop[order].astype(np.int32), seconds[order].astype(np.float32))


def _site_classes(site_shift: Array, classes: TripClasses) -> Array:
    """Distinct (site, class) pairs of distinct (site, shift) pairs, int64 [pair, 2]."""
    count = np.diff(classes.shift_ptr)[site_shift[:, 1]]
    site = np.repeat(site_shift[:, 0], count)
    first = np.repeat(
        classes.shift_ptr[site_shift[:, 1]] - np.concatenate([[0], np.cumsum(count)[:-1]]), count
    )
    klass = classes.shift_class[first + np.arange(len(site))]
    return np.unique(np.stack([site, klass], axis=1).astype(np.int64), axis=0)
