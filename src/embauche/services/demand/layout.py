"""Where an on-demand system runs: its area, its stops and the walks to them, minutes between them.

Lives here: Layout, made of a system's options and the territory. Not here: the options (demand.options),
faults in them (demand.check), what is driven (on_demand).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import UserError
from embauche.services.demand.places import (
    area,
    depot_nodes,
    given_stops,
    stops_named,
    stops_of_timetable,
)
from embauche.services.demand.stops import cover, nearest_stop

if TYPE_CHECKING:
    from embauche.routing.roads import RoadGraph
    from embauche.services.demand.options import System
    from embauche.services.demand.places import Stops
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
MAX_STOPS = 5000
TENTHS_A_MINUTE = 600.0
TENTHS_A_KM = 10_000.0


@dataclass(frozen=True)
class Layout:
    """A system on the ground; stops below are rows of its own list: boarding stops, feeders, depots.

    Attributes:
        stop_id, stop_name: str [stop].
        node: int32 [stop] road nodes.
        boarding: number of stops where people of the zone board; they come first.
        place_stop, site_stop: int32 [place], [site] of the territory: the stop of each, -1 outside.
        place_walk_min, site_walk_min: float32, the walk to it.
        feeder: int32 [feeder] stops where the timetable's vehicles call.
        feeder_stop: int32 [feeder] rows of the territory's stops.
        depot: int32 [entry of the fleet] stops.
        minutes, km: float32 [stop, stop] of direct rides.
    """

    stop_id: Array
    stop_name: Array
    node: Array
    boarding: int
    place_stop: Array
    site_stop: Array
    place_walk_min: Array
    site_walk_min: Array
    feeder: Array
    feeder_stop: Array
    depot: Array
    minutes: Array
    km: Array


def lay_out(
    system: System, territory: Territory, graph: RoadGraph, folder: Path | None, slower: float
) -> Layout:
    """Put a system on the ground.

    Args:
        system: what the scenario says of it.
        territory: the territory.
        graph: its roads.
        folder: where relative files start from.
        slower: minutes of a ride over a car's.

    Raises:
        UserError: more stops than can be planned for, or a file that cannot be read.
    """
    t = territory
    inside = area(system, t, folder)
    place_in, site_in = inside[t.places.node], inside[t.sites.node]
    for rows, mask in ((t.places.commune, place_in), (t.sites.commune, site_in)):
        mask &= ~t.communes.external[rows]
    homes, works = t.places.node[place_in], t.sites.node[site_in]
    stops = _stops(system, t, graph, folder, np.unique(np.concatenate([homes, works])), inside)
    limit = system.walk_m if system.stops != "door" else 0.0
    place_stop, place_walk = _nearest(graph, t, t.places.node, place_in, stops.node, limit)
    site_stop, site_walk = _nearest(graph, t, t.sites.node, site_in, stops.node, limit)
    feeder_stop = stops_named(system, t)
    depot = depot_nodes(system, t)
    node = np.concatenate([stops.node, t.stops.node[feeder_stop], depot]).astype(np.int32)
    if len(node) > MAX_STOPS:
        raise UserError(
            f"the on-demand system {system.name} has more stops than can be planned for",
            found=f"{len(node):,}", expected=f"at most {MAX_STOPS:,}",
            fix="set stops: virtual and a longer walk_m, or a smaller zone",
        )  # fmt: skip
    tenths, metres = graph.weighting("car").times_and_metres(graph.leave[node], graph.arrive[node])
    boarding, feeders = len(stops.node), len(feeder_stop)
    names = [
        stops.name,
        t.stops.name[feeder_stop],
        np.array([f"depot {k + 1}" for k in range(len(depot))], object),
    ]
    ids = [
        stops.stop_id,
        t.stops.stop_id[feeder_stop],
        np.array([f"depot-{k + 1}" for k in range(len(depot))], object),
    ]
    return Layout(
        np.concatenate(ids), np.concatenate(names), node, boarding,
        place_stop, site_stop, place_walk, site_walk,
        np.arange(boarding, boarding + feeders, dtype=np.int32), feeder_stop.astype(np.int32),
        np.arange(boarding + feeders, len(node), dtype=np.int32),
        (tenths * np.float32(slower / TENTHS_A_MINUTE)).astype(np.float32),
        (metres / np.float32(TENTHS_A_KM)).astype(np.float32),
    )  # fmt: skip


def _nearest(
    graph: RoadGraph, t: Territory, node: Array, mask: Array, stop_node: Array, walk_m: float
) -> tuple[Array, Array]:
    """Nearest stop on foot of each row, -1 where none, and the walk in minutes."""
    stop, minutes = np.full(len(node), -1, np.int32), np.zeros(len(node), np.float32)
    if mask.any() and len(stop_node):
        stop[mask], minutes[mask] = nearest_stop(
            graph, t.nodes.x_m, t.nodes.y_m, node[mask], stop_node, walk_m
        )
    return stop, minutes


def _stops(
    system: System, t: Territory, graph: RoadGraph, folder: Path | None, ends: Array, inside: Array
) -> Stops:
    """The stops where people of the zone board."""
    from embauche.services.demand.places import Stops

    if system.stops == "timetable":
        return stops_of_timetable(t, inside)
    if system.gtfs_flex is not None or system.stops not in ("virtual", "door"):
        given = given_stops(system, t, folder)
        if given is not None:
            return given
    open_ends = ends[t.nodes.in_car[ends]]
    node = open_ends if system.stops == "door" else cover(
        graph, t.nodes.x_m, t.nodes.y_m, ends, open_ends, system.walk_m
    )  # fmt: skip
    name = t.communes.name[np.maximum(t.nodes.commune[node], 0)] if len(node) else np.empty(0, object)
    label = np.array([f"{n} {k + 1}" for k, n in enumerate(name)], object)
    ids = np.array([f"{system.name}-{int(i)}" for i in t.nodes.osm_id[node]], object)
    return Stops(ids, label, node.astype(np.int32))
