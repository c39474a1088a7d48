"""Timetable tables: for each (workplace, trip class), boarding and alighting times at every stop.

Lives here: DayTimetable and TransitTables. Not here: the scan (kernels.timetable), fares (services).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.parallel import run_blocks
from embauche.routing.graph import Graph

Array = np.ndarray[Any, Any]
DAY_S = 86_400
FOOTPATH_S = 600.0
RAIL_MODES = (1, 2)  # metro, rail: counted as rail in kilometres and grams


@dataclass(frozen=True)
class Near:
    """Stops within walking distance of each row (place or site), CSR.

    Attributes:
        ptr: int32 [row + 1].
        stop: int32 [pair].
        seconds: float32 [pair].
    """

    ptr: Array
    stop: Array
    seconds: Array


def near_stops(graph: Graph, stop_node: Array, stop_walk_s: Array, row_node: Array, limit_s: float) -> Near:
    """Walk times between stops and rows (places, sites, or stops), within limit_s.

    Args:
        graph: walk graph.
        stop_node: int32 [stop], -1 where the stop is off the network.
        stop_walk_s: float [stop] walk between stop and node.
        row_node: int32 [row], -1 for rows that have no stop on foot.
        limit_s: longest walk in seconds.
    """
    from embauche.kernels.shortest_path import reach

    nodes = len(graph.indptr) - 1
    used, first = np.unique(row_node[row_node >= 0], return_inverse=True)
    marks = np.full(nodes, -1, np.int32)
    marks[used] = np.arange(len(used), dtype=np.int32)
    starts = np.ascontiguousarray(stop_walk_s, np.float64)
    sources = np.ascontiguousarray(np.where(starts <= limit_s, stop_node, -1), np.int32)
    size = max(1024, 64 * len(sources))
    while True:
        out_source, out_mark = np.empty(size, np.int32), np.empty(size, np.int32)
        out_s = np.empty(size, np.float32)
        found = reach(
            graph.indptr,
            graph.head,
            graph.seconds,
            sources,
            starts,
            limit_s,
            marks,
            out_source,
            out_mark,
            out_s,
        )
        if found <= size:
            break
        size = found
    out_source, out_mark, out_s = out_source[:found], out_mark[:found], out_s[:found]
    # one list per distinct node, then handed to every row on that node
    order = np.lexsort((out_source, out_s, out_mark))
    counts = np.bincount(out_mark, minlength=len(used)) if len(used) else np.zeros(0, np.int64)
    node_ptr = np.concatenate([[0], np.cumsum(counts)])
    row_count = np.zeros(len(row_node), np.int64)
    on_foot = row_node >= 0
    row_count[on_foot] = counts[first] if len(used) else 0
    ptr = np.concatenate([[0], np.cumsum(row_count)])
    start = np.zeros(len(row_node), np.int64)
    start[on_foot] = node_ptr[first] if len(used) else 0
    gather = np.repeat(start - ptr[:-1], row_count) + np.arange(ptr[-1])
    return Near(
        ptr.astype(np.int32),
        out_source[order][gather].astype(np.int32),
        out_s[order][gather].astype(np.float32),
    )


@dataclass(frozen=True)
class Connections:
    """All connections twice: those of the service day, then the next day's shifted by 24 h.

    Attributes:
        trip, dep_stop, arr_stop, dep_s, arr_s: int32 [2 * connection].
        km: float32; rail: int64 [2 * trip]; pickup, dropoff: bool.
        days: uint8 [trip] bit mask.
        trips: number of trips, twice.
    """

    trip: Array
    dep_stop: Array
    arr_stop: Array
    dep_s: Array
    arr_s: Array
    km: Array
    rail: Array
    pickup: Array
    dropoff: Array
    days: Array
    trips: int

    @classmethod
    def make(cls, trips: Any, connections: Any) -> Connections:
        """From the tables TRIPS and CONNECTIONS."""
        n = len(trips)

        def twice(name: str, shift: int = 0) -> Array:
            values = connections[name]
            return np.concatenate([values, values + shift if shift else values])

        rail = np.isin(trips.mode, RAIL_MODES).astype(np.int64)
        return cls(
            twice("trip", n).astype(np.int32), twice("dep_stop"), twice("arr_stop"),
            twice("dep_s", DAY_S), twice("arr_s", DAY_S), twice("km"), np.concatenate([rail, rail]),
            twice("pickup"), twice("dropoff"), trips.days.astype(np.uint8), 2 * n,
        )  # fmt: skip

    def running(self, day: int, next_day: int) -> Array:
        """Rows of connections that run on weekday `day`, and on `next_day` (-1: not looked at)."""
        half = len(self.trip) // 2
        own = (self.days[self.trip[:half]] >> day) & 1 == 1
        after = np.zeros(half, bool) if next_day < 0 else (self.days[self.trip[:half]] >> next_day) & 1 == 1
        return np.flatnonzero(np.concatenate([own, after]))


@dataclass(frozen=True)
class TransitTables:
    """Boarding and alighting times by (site, class) row.

    Attributes:
        row: int32 [site, class], -1 where no table was asked.
        to_s, back_s: uint16 [row, stop] seconds before start (after end), 65535 where none.
        to_km, back_km: uint16 [row, stop, 2] tens of metres by road and by rail.
    """

    row: Array
    to_s: Array
    to_km: Array
    back_s: Array
    back_km: Array


def transit_tables(
    connections: Connections,
    footpaths: Near,
    site_near: Near,
    pairs: Array,
    sites: int,
    class_day: Array,
    class_next: Array,
    class_start_s: Array,
    class_end_s: Array,
    change_s: float,
    longest_s: float,
) -> TransitTables:
    """Scan the timetable for every (site, class) in use, both ways.

    Args:
        connections: from `Connections.make`.
        footpaths: stop to stop, itself included with 0 s.
        site_near: stops near each site.
        pairs: int [pair, 2] distinct (site, class) in use.
        sites: number of sites.
        class_day, class_next: weekday of each class and of the day after (-1 if not needed).
        class_start_s, class_end_s: seconds after the day's midnight.
        change_s: least time to change vehicles.
        longest_s: longest trip looked for.
    """
    from embauche.kernels.timetable import earliest_arrivals, latest_departures

    rows, stops = len(pairs), len(footpaths.ptr) - 1
    row = np.full((sites, len(class_day)), -1, np.int32)
    row[pairs[:, 0], pairs[:, 1]] = np.arange(rows)
    tables = {}
    for name in ("to", "back"):
        by_arrival = name == "to"
        key = connections.arr_s if by_arrival else connections.dep_s
        orders: list[Array] = []
        first, last = np.empty(rows, np.int32), np.empty(rows, np.int32)
        offset = 0
        time = (class_start_s if by_arrival else class_end_s)[pairs[:, 1]].astype(np.int64)
        for day, after in sorted(set(zip(class_day.tolist(), class_next.tolist(), strict=True))):
            which = connections.running(day, after)
            # within one trip, connections of equal times keep their order along the trip
            order = which[np.lexsort((which, connections.dep_s[which], connections.arr_s[which]))][::-1]
            if not by_arrival:
                order = which[np.lexsort((which, connections.arr_s[which], connections.dep_s[which]))]
            mine = (class_day[pairs[:, 1]] == day) & (class_next[pairs[:, 1]] == after)
            keys = -key[order] if by_arrival else key[order]
            first[mine] = offset + np.searchsorted(keys, -time[mine] if by_arrival else time[mine])
            last[mine] = offset + len(order)
            orders.append(order)
            offset += len(order)
        order = np.concatenate([*orders, np.zeros(0, np.int64)]).astype(np.int32)
        out_s = np.full((rows, stops), 65535, np.uint16)
        out_km = np.zeros((rows, stops, 2), np.uint16)
        c = connections
        run_blocks(
            latest_departures if by_arrival else earliest_arrivals, rows,
            pairs[:, 0].astype(np.int32), time, first, last, site_near.ptr, site_near.stop, site_near.seconds,
            order, c.trip, c.dep_stop, c.arr_stop, c.dep_s, c.arr_s, c.km, c.rail, c.pickup, c.dropoff,
            footpaths.ptr, footpaths.stop, footpaths.seconds, c.trips, change_s, longest_s, out_s, out_km,
            least=2,
        )  # fmt: skip
        tables[name] = (out_s, out_km)
    return TransitTables(row, *tables["to"], *tables["back"])
