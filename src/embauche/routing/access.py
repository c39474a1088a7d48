"""Ways to and from stops over the roads: on foot however far, by bike, by car to a station.

Lives here: walks between stops and homes or workplaces, changes on foot, first and last ways by any mode.
Not here: the timetable (transit_rows), the road search (weighting).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.routing.lines import Footpaths
from embauche.routing.roads import TENTHS, whole

if TYPE_CHECKING:
    from embauche.routing.hierarchy import Selection
    from embauche.routing.roads import RoadGraph
    from embauche.routing.weighting import Weighting

Array = np.ndarray[Any, Any]
CHANGE_WALK_S = 600  # longest walk between two vehicles
LANES = 64
RAIL_MODES = (1, 2)  # metro, rail: counted as rail in kilometres and grams


@dataclass(frozen=True)
class NearStops:
    """Stops that can be walked to from each row (a place or a site), nearest first.

    Attributes:
        ptr: int64 [row + 1].
        stop: int32 [pair].
        seconds: int32 [pair] on foot, the stop's own way to the road included.
    """

    ptr: Array
    stop: Array
    seconds: Array


def _own(stop_node: Array, stop_walk_s: Array) -> Array:
    """Whole seconds between stops and their nodes, half up; of no meaning for stops off the network."""
    return whole(np.where(np.asarray(stop_node) >= 0, stop_walk_s, 0.0), 1.0).astype(np.int64)


def walks(
    graph: RoadGraph, stop_node: Array, stop_walk_s: Array, node: Array, longest_s: float
) -> tuple[Array, Array, Array]:
    """Pairs of stop and row that a walk of at most longest_s joins: stop, row, whole seconds (int64).

    Args:
        graph: the roads.
        stop_node: int [stop], -1 where the stop is off the network.
        stop_walk_s: float [stop] walk between the stop and its node.
        node: int [row] nodes, -1 for rows that nobody walks to.
        longest_s: longest walk.
    """
    nodes, of_row = np.unique(node, return_inverse=True)
    inside = nodes >= 0
    far = graph.hierarchy.select(graph.arrive[nodes[inside]])
    column = np.cumsum(inside)[of_row] - 1
    on_foot = np.flatnonzero(np.asarray(node) >= 0)
    on_foot = on_foot[np.argsort(column[on_foot], kind="stable")]  # rows by column
    rows_ptr = np.searchsorted(column[on_foot], np.arange(int(inside.sum()) + 1))
    weighting = graph.weighting("walk")
    own = _own(stop_node, stop_walk_s)
    usable = np.flatnonzero((np.asarray(stop_node) >= 0) & (own <= longest_s))
    usable = usable[np.argsort(np.asarray(stop_node)[usable], kind="stable")]
    parts = []
    for lo in range(0, len(usable) if inside.any() else 0, LANES):
        stops = usable[lo : lo + LANES]
        tenths = weighting.rows(graph.leave[stop_node[stops]], far)
        left = np.floor(longest_s - own[stops])
        # what rounds half up to at most `left` seconds; few pairs do, so only these are rounded
        lane, at = np.nonzero(tenths < (TENTHS * (left + 0.5)).astype(np.float32)[:, None])
        count = rows_ptr[at + 1] - rows_ptr[at]
        again = np.repeat(np.arange(len(at)), count)
        cell = np.repeat(rows_ptr[at] - np.cumsum(count) + count, count) + np.arange(len(again))
        found = whole(tenths[lane, at], TENTHS).astype(np.int64) + own[stops][lane]
        parts.append((stops[lane][again], on_foot[cell], found[again]))
    if not parts:
        return (np.zeros(0, np.int64),) * 3
    stop, row, found = (np.concatenate(x) for x in zip(*parts, strict=True))
    return stop, row, found


def near_stops(rows: int, stop: Array, row: Array, seconds: Array) -> NearStops:
    """From pairs (see `walks`), by row and then by walk, ties by stop."""
    ptr = np.zeros(rows + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=rows), out=ptr[1:])
    # one number a pair: a plain sort of millions is ten times faster than an order by three keys
    stops, longest = (int(x.max(initial=0)) + 1 for x in (stop, seconds))
    key = np.sort((np.asarray(row, np.int64) * longest + seconds) * stops + stop)
    return NearStops(ptr, (key % stops).astype(np.int32), (key // stops % longest).astype(np.int32))


def changes_on_foot(
    graph: RoadGraph, stop_node: Array, stop_walk_s: Array, change_s: int, longest_s: int = CHANGE_WALK_S
) -> Footpaths:
    """Changes of vehicle: at every stop, and between stops at most a walk of longest_s apart.

    Args:
        graph: the roads.
        stop_node: int [stop], -1 where the stop is off the network.
        stop_walk_s: float [stop] walk between the stop and its node.
        change_s: least time between two vehicles, walk left out.
        longest_s: longest walk between two vehicles.
    """
    own = _own(stop_node, stop_walk_s)
    start, end, seconds = walks(graph, stop_node, stop_walk_s, np.asarray(stop_node), longest_s)
    seconds = seconds + own[end]
    keep = (start != end) & (seconds <= longest_s)
    every = np.arange(len(own))
    start, end = np.concatenate([every, start[keep]]), np.concatenate([every, end[keep]])
    walk = np.concatenate([0 * every, seconds[keep]])
    return Footpaths.make(start, end, walk + change_s, walk)


def stations(stops: int, trips: Any, connections: Any) -> Array:
    """Stops where a metro or train calls: those that park and ride looks at, bool [stop].

    Args:
        stops: number of stops.
        trips, connections: the territory's tables.
    """
    out = np.zeros(stops, bool)
    rail = np.isin(trips.mode, RAIL_MODES)[connections.trip]
    out[connections.dep_stop[rail]] = True
    out[connections.arr_stop[rail]] = True
    return out


def doors(
    weighting: Weighting, stop_node: Array, own_s: Array, seconds: Array, far: Selection, *, backward: bool
) -> tuple[Array, Array]:
    """Least time between far nodes and a workplace through any stop, by the mode of a weighting.

    On foot however far, by bike, or by car (pass `seconds` of stations alone for park and ride).

    Args:
        weighting: of the mode, in tenths of a second.
        stop_node: int [stop] the graph's `leave` of each stop's node, or `arrive` if backward; -1 where the
            stop is off the network.
        own_s: float [stop] time between the stop and its node (parking the car, walking to the platform).
        seconds: float [row, stop] by timetable between each stop and the row's workplace, inf where none.
        far: homes.
        backward: from the homes to the stops (the way out) instead of from the stops (the way home).

    Returns:
        float64 [row, far] seconds, inf where none; int32 [row, far] the stop (the lowest of those that tie),
        -1 where none.
    """
    seeds = np.flatnonzero(np.asarray(stop_node) >= 0)
    rows = len(seconds)
    start = whole(np.asarray(seconds)[:, seeds] + np.asarray(own_s)[seeds], 1.0 / TENTHS)
    best, which = weighting.from_seeds(
        np.arange(rows + 1) * len(seeds), np.tile(np.asarray(stop_node)[seeds], rows), start.ravel(), far,
        backward=backward,
    )  # fmt: skip
    if not len(seeds):
        return np.full(best.shape, np.inf), np.full(best.shape, -1, np.int32)
    stop = np.where(which < 0, -1, seeds[which % len(seeds)])
    return best.astype(np.float64) / TENTHS, stop.astype(np.int32)
