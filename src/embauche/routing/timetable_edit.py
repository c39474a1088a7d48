"""Longer hours of service: copies of a route's first and last trips, outwards.

Lives here: extend. Not here: GTFS reading (territory) or scenario files (core.scenario).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.settings import TimetableEdit
from embauche.core.table import Table

Array = np.ndarray[Any, Any]


def _patterns(trips: Table, connections: Table) -> tuple[Array, Array, Array]:
    """Pattern number of each trip (same route and stops), first departure, first connection row."""
    order = np.lexsort((np.arange(len(connections)), connections.trip))
    trip = connections.trip[order]
    first = np.concatenate([[0], np.flatnonzero(np.diff(trip)) + 1]) if len(trip) else np.zeros(0, int)
    stops = [
        (
            str(trips.route[t]),
            connections.dep_stop[rows].tobytes() + connections.arr_stop[rows][-1:].tobytes(),
        )
        for t, rows in zip(trip[first], np.split(order, first[1:]), strict=True)
    ]
    names = {key: i for i, key in enumerate(sorted(set(stops)))}
    pattern = np.full(len(trips), -1, np.int64)
    pattern[trip[first]] = [names[s] for s in stops]
    start = np.zeros(len(trips), np.int64)
    start[trip[first]] = connections.dep_s[order][first]
    return pattern, start, order


def _added_times(edit: TimetableEdit, starts: Array) -> list[int]:
    """Departures to add on a day whose existing first departures are `starts` (may be empty)."""
    lo, hi, step = edit.first_departure_s, edit.last_departure_s, edit.every_s
    if len(starts) == 0:
        return list(range(lo, hi + 1, step)) if lo is not None and hi is not None else []
    early = list(range(lo, int(starts.min()), step)) if lo is not None else []
    late = list(range(hi, int(starts.max()), -step))[::-1] if hi is not None else []
    return early + late


def _applies(edit: TimetableEdit, trips: Table) -> Array:
    chosen = np.ones(len(trips), bool)
    if edit.mode is not None:
        chosen &= trips.mode == edit.mode
    if edit.routes:
        chosen &= np.isin(trips.route, edit.routes) | np.isin(trips.route_name, edit.routes)
    return chosen


def extend(trips: Table, connections: Table, edits: Sequence[TimetableEdit]) -> tuple[Table, Table]:
    """Apply edits in order and return new tables; trips that exist are never changed.

    A pattern (route and stops) that does not run on an edited day runs on it between the two ends, if
    both are given. Added trips are copies of the pattern's earliest (or latest) trip of any day.
    """
    for edit in edits:
        trips, connections = _extend_one(trips, connections, edit)
    return trips, connections


def _extend_one(trips: Table, connections: Table, edit: TimetableEdit) -> tuple[Table, Table]:
    pattern, start, order = _patterns(trips, connections)
    chosen = _applies(edit, trips) & (pattern >= 0)
    if not chosen.any() and (edit.routes or edit.mode is not None):
        raise UserError(
            "an edit of the timetable matches no trip",
            found=f"routes {', '.join(edit.routes) or 'all'}, mode {edit.mode}",
            expected=f"one of the routes {', '.join(sorted(set(map(str, trips.route_name))))[:300]}",
            fix="name a route of this territory, or leave `routes: all`",
        )
    by_trip = np.searchsorted(connections.trip[order], np.arange(len(trips) + 1))
    new_trips: dict[str, list[Any]] = {name: [] for name in trips.schema.names}
    new_parts: list[dict[str, Array]] = []
    for p in np.unique(pattern[chosen]):
        mine = np.flatnonzero(chosen & (pattern == p))
        mine = mine[np.lexsort((trips.trip_id[mine].astype(str), start[mine]))]
        masks: dict[int, int] = {}
        for day in range(7):
            if not edit.days >> day & 1:
                continue
            starts = start[mine][(trips.days[mine] >> day) & 1 == 1]
            for time in _added_times(edit, starts):
                masks[time] = masks.get(time, 0) | 1 << day
        for time, mask in sorted(masks.items()):
            template = mine[0] if time <= start[mine[0]] else mine[-1]
            for name in trips.schema.names:
                new_trips[name].append(trips[name][template])
            new_trips["trip_id"][-1] = f"{trips.trip_id[template]}+{time // 60}"
            new_trips["days"][-1] = mask
            rows = order[by_trip[template] : by_trip[template + 1]]
            part = {name: connections[name][rows] for name in connections.schema.names}
            shift = np.int32(time - start[template])
            part["dep_s"], part["arr_s"] = part["dep_s"] + shift, part["arr_s"] + shift
            part["trip"] = np.full(len(rows), len(trips) + len(new_trips["trip_id"]) - 1, np.int32)
            new_parts.append(part)
    if not new_parts:
        return trips, connections
    joined = {
        n: np.concatenate([trips[n], np.array(new_trips[n], trips[n].dtype)]) for n in trips.schema.names
    }
    lines = {
        n: np.concatenate([connections[n], *(part[n] for part in new_parts)])
        for n in connections.schema.names
    }
    return Table.make(trips.schema, joined), Table.make(connections.schema, lines)


def vehicle_km_week(trips: Table, connections: Table) -> tuple[float, float]:
    """Vehicle-kilometres a week by road and by rail."""
    runs = np.array([bin(int(d)).count("1") for d in trips.days], np.float64)
    km = connections.km.astype(np.float64) * runs[connections.trip]
    rail = np.isin(trips.mode, (1, 2))[connections.trip]
    return float(km[~rail].sum()), float(km[rail].sum())
