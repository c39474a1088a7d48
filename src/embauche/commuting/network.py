"""The network as the week asks it: road times, stops nearby, timetable tables, trip classes.

Lives here: Network, built once per (territory, population, settings). Not here: what a trip costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.classes import TripClasses
from embauche.commuting.roads import Roads
from embauche.core.offerings import kinds
from embauche.core.parameters import Parameters
from embauche.core.settings import Settings
from embauche.core.shifts import ShiftCatalogue
from embauche.routing.access import NearStops, changes_on_foot, near_stops, walks
from embauche.routing.delays import delay_chances
from embauche.routing.roads import RoadGraph
from embauche.routing.supply import Supply, supply_week
from embauche.routing.timetable_plan import edited
from embauche.routing.transit_rows import TransitRows, stop_times
from embauche.territory.authorities import Jurisdiction

if TYPE_CHECKING:
    from embauche.core.table import Table
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Network:
    """Times between the places and sites in use; rows below are rows of *used* places and sites.

    Attributes:
        classes: trip classes.
        place_rows, site_rows: int32, rows of the territory's tables that are in use; places sorted, sites
            repeated for firms with terms of their own (commuting.employers), training centres last.
        roads: road times of pairs of place and site.
        gate_place_min, gate_site_min: float32 car minutes beyond a gateway, 0 inside.
        gate_place_km, gate_site_km: float32 kilometres beyond a gateway, 0 inside.
        outside_place, outside_site: bool, stands for an external zone.
        transit: timetable rows by site and class, None where the feed has no trips.
        jurisdiction: who is in charge where.
        place_area, site_area: int32 rows of the jurisdiction's authorities, -1 outside all areas.
        supply: what the timetable runs in a week, by who runs it.
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
    transit: TransitRows | None
    jurisdiction: Jurisdiction
    place_area: Array
    site_area: Array
    supply: Supply


def build_network(
    territory: Territory,
    catalogue: ShiftCatalogue,
    parameters: Parameters,
    settings: Settings,
    places_used: Array,
    sites_used: Array,
    site_shift: Array,
    centres: int = 0,
) -> Network:
    """Compute (or load from the territory's cache) all that offers need.

    Args:
        territory: the territory.
        catalogue: shifts and windows.
        parameters: the run's parameters.
        settings: services and timetable edits.
        places_used, sites_used: int32 rows of places (sorted) and sites in use.
        site_shift: int [pair, 2] distinct (row of sites_used, shift) of the posts.
        centres: how many of sites_used, the last ones, are training centres.
    """
    cache = territory.folder / "cache" if territory.folder is not None else None
    graph = RoadGraph.of(territory, cache)
    t = edited(territory, settings.timetable_edits, parameters, graph)
    trips = t.trips
    who = Jurisdiction.of(settings.governance, t)
    stop_commune = who.stop_commune(t)
    stop_area = who.area_of(stop_commune)
    runner = who.run_by(trips, t.connections, stop_area)
    supply = supply_week(trips, t.connections, runner, len(who.rules) + 1, stop_commune, len(t.communes))
    connections = who.within_borders(t.connections, runner, stop_area)
    longest_s = int(parameters["transit.max_min"] * 60.0)
    first_s = int(connections.dep_s.min()) if len(connections) else 0
    last_s = int(connections.arr_s.max()) if len(connections) else 0
    masks = [m for s in settings.services for m in kinds()[s].day_masks(settings.options.get(s))]
    days = np.append(trips.days, np.array(masks, np.uint8))
    classes = TripClasses.make(catalogue, days, first_s, last_s, longest_s)
    place_commune, site_commune = t.places.commune[places_used], t.sites.commune[sites_used]
    roads = Roads(graph, t.places.node[places_used], t.sites.node[sites_used], len(classes.window))

    def gate(name: str, communes: Array) -> Array:
        values = t.communes[name][communes]
        return np.where(t.communes.external[communes], values, 0.0).astype(np.float32)

    transit = None
    if "transit" in settings.services and len(connections):
        pairs = _site_classes(site_shift, classes)
        pairs = pairs[classes.at_centre[pairs[:, 1]] == (pairs[:, 0] >= len(sites_used) - centres)]
        transit = _transit(
            t, graph, trips, connections, classes, parameters, places_used, sites_used, pairs
        )  # fmt: skip
    return Network(
        classes, places_used, sites_used, roads,
        gate("gate_car_min", place_commune), gate("gate_car_min", site_commune),
        gate("gate_car_km", place_commune), gate("gate_car_km", site_commune),
        t.communes.external[place_commune].astype(bool), t.communes.external[site_commune].astype(bool),
        transit, who, who.area[place_commune], who.area[site_commune], supply,
    )  # fmt: skip


def _transit(
    t: Territory, graph: RoadGraph, trips: Table, connections: Table, classes: TripClasses,
    parameters: Parameters, places_used: Array, sites_used: Array, pairs: Array,
) -> TransitRows:  # fmt: skip
    """Timetable rows of (site, class) pairs, with walks to stops of at most the longest trip."""
    longest_s = int(parameters["transit.max_min"] * 60.0)
    change_s = round(parameters["transit.transfer_min"] * 60.0)

    def near(nodes: Array, communes: Array) -> NearStops:
        outside = t.communes.external[communes]
        on_foot = walks(graph, t.stops.node, t.stops.walk_s, np.where(outside, -1, nodes), longest_s)
        gate = _zone_walks(t, communes, longest_s)
        return near_stops(len(nodes), *(np.concatenate(x) for x in zip(on_foot, gate, strict=True)))

    return TransitRows(
        stop_times(trips, connections), trips.days,
        changes_on_foot(graph, t.stops.node, t.stops.walk_s, change_s),
        near(t.sites.node[sites_used], t.sites.commune[sites_used]),
        near(t.places.node[places_used], t.places.commune[places_used]),
        pairs, (len(sites_used), len(classes.window)), classes.days, classes.start_s, classes.end_s,
        longest_s, chance=delay_chances(parameters),
    )  # fmt: skip


def _zone_walks(t: Territory, communes: Array, longest_s: int) -> tuple[Array, Array, Array]:
    """Pairs of stop and row of external zones: a zone's own stops, at its own distance (see access.walks)."""
    stops, rows, seconds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for row in np.flatnonzero(t.communes.external[communes]).tolist():
        walk = np.floor(float(t.communes.gate_transit_min[communes[row]]) * 60.0 + 0.5)
        mine = np.flatnonzero(t.stops.zone == communes[row])
        if walk <= longest_s:
            stops.append(mine)
            rows.append(np.full(len(mine), row))
            seconds.append(np.full(len(mine), int(walk)))
    return np.concatenate(stops), np.concatenate(rows), np.concatenate(seconds)


def _site_classes(site_shift: Array, classes: TripClasses) -> Array:
    """Distinct (site, class) pairs of distinct (site, shift) pairs, int64 [pair, 2]."""
    count = np.diff(classes.shift_ptr)[site_shift[:, 1]]
    site = np.repeat(site_shift[:, 0], count)
    first = np.repeat(
        classes.shift_ptr[site_shift[:, 1]] - np.concatenate([[0], np.cumsum(count)[:-1]]), count
    )
    klass = classes.shift_class[first + np.arange(len(site))]
    return np.unique(np.stack([site, klass], axis=1).astype(np.int64), axis=0)
