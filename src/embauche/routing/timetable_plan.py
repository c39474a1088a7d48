"""A territory with an edited timetable: every edit in order, new lines and moved stops too.

Lives here: edited. Not here: edits of trips that exist (timetable_edit), stops by name (stops_named).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.geo import distance_m
from embauche.core.table import Table
from embauche.core.timetable_plan import Cut, Headway, MovedStop, NewLine, PlanEdit, TimetableEdit
from embauche.routing.access import RAIL_MODES
from embauche.routing.roads import RoadGraph
from embauche.routing.stops_named import StopBook, drivable
from embauche.routing.timetable_edit import cut, extend, space_out

Array = np.ndarray[Any, Any]
DWELL_S = 30  # at each stop of a new line whose times follow from the roads


def edited(territory: Any, edits: Sequence[PlanEdit], values: Mapping[str, float], graph: RoadGraph) -> Any:
    """The territory with stops, trips and connections as the edits leave them; itself without edits.

    Args:
        territory: the territory.
        edits: applied in order.
        values: parameters.
        graph: its roads, for new lines without times.

    Raises:
        UserError: a route or stop that there is not, a stop off the network; says which edit.
    """
    if not edits:
        return territory
    book = StopBook(territory, values)
    trips, connections = territory.trips, territory.connections
    for i, edit in enumerate(edits):
        try:
            trips, connections = _apply(trips, connections, edit, book, values, graph, territory.nodes)
        except UserError as error:
            where = f"timetable.{i}: "
            raise UserError(dataclasses.replace(p, what=where + p.what) for p in error.problems) from None
    return dataclasses.replace(territory, stops=book.table(), trips=trips, connections=connections)


def _apply(
    trips: Table, connections: Table, edit: PlanEdit, book: StopBook, values: Mapping[str, float],
    graph: RoadGraph, nodes: Any,
) -> tuple[Table, Table]:  # fmt: skip
    if isinstance(edit, TimetableEdit):
        return extend(trips, connections, edit)
    if isinstance(edit, Headway):
        return space_out(trips, connections, edit)
    if isinstance(edit, Cut):
        return cut(trips, connections, edit)
    if isinstance(edit, MovedStop):
        rows = book.move(edit.stop, edit.to)
        return trips, _measured(trips, connections, rows, book, values)
    return _new_line(trips, connections, edit, book, values, graph, nodes)


def _km(a: Array, b: Array, rail: Array, book: StopBook, values: Mapping[str, float]) -> Array:
    """Kilometres between stops: straight line times the mode's detour, as for a feed's trips."""
    lon, lat = book.columns["lon"], book.columns["lat"]
    detour = np.where(rail, values["transit.detour_rail"], values["transit.detour_road"])
    out: Array = distance_m(lon[a], lat[a], lon[b], lat[b]) / 1000 * detour
    return out


def _measured(
    trips: Table, connections: Table, moved: Sequence[int], book: StopBook, values: Mapping[str, float]
) -> Table:
    """Connections with the kilometres to and from stops that moved."""
    touched = np.isin(connections.dep_stop, moved) | np.isin(connections.arr_stop, moved)
    rail = np.isin(trips.mode, RAIL_MODES)[connections.trip[touched]]
    km = connections.km.copy()
    km[touched] = _km(connections.dep_stop[touched], connections.arr_stop[touched], rail, book, values)
    return Table(connections.schema, connections.columns | {"km": km})


def stop_rows(edit: NewLine, book: StopBook) -> list[int]:
    """Rows of a line's stops; of platforms of one name the nearest to the stop before.

    Raises:
        UserError: an unknown stop, one off the network, or one twice in a row.
    """
    rows: list[int] = []
    for point in edit.stops:
        rows.append(book.row(point, rows[-1] if rows else -1))
        if len(rows) > 1 and rows[-1] == rows[-2]:
            raise UserError(
                f"line {edit.name} stops at one place twice in a row", found=point.label,
                expected="stops that follow one another on the way",
            )  # fmt: skip
    return rows


def driven_s(nodes: Array, graph: RoadGraph, name: str) -> Array:
    """Seconds after the first stop by car along the roads, with DWELL_S at each stop, int64 [stop].

    Raises:
        UserError: no way by car between two stops.
    """
    legs = np.array(
        [graph.seconds("car", nodes[k : k + 1], nodes[k + 1 : k + 2])[0, 0] for k in range(len(nodes) - 1)]
    )
    if not np.isfinite(legs).all():
        k = int(np.flatnonzero(~np.isfinite(legs))[0])
        raise UserError(
            f"no road leads from stop {k + 1} to stop {k + 2} of line {name}", found="no way by car",
            expected="stops on roads that cars may take", fix="write the times: `at` for every stop",
        )  # fmt: skip
    return np.concatenate([[0], np.cumsum(legs + DWELL_S)]).astype(np.int64)


def _new_line(
    trips: Table, connections: Table, edit: NewLine, book: StopBook, values: Mapping[str, float],
    graph: RoadGraph, nodes: Any,
) -> tuple[Table, Table]:  # fmt: skip
    """Add the runs of a new line, there and back; back takes as long."""
    if edit.name in set(map(str, trips.route)) | set(map(str, trips.route_name)):
        raise UserError(
            f"there already is a line {edit.name}", found=edit.name, expected="a name of its own",
            fix="choose another name, or edit the line with `routes:`",
        )  # fmt: skip
    rows = np.array(stop_rows(edit, book), np.int64)
    at = np.array([s.at_s or 0 for s in edit.stops], np.int64)
    if any(s.at_s is None for s in edit.stops[1:]):
        at = driven_s(drivable(nodes, book.columns["node"][rows]), graph, edit.name)
    directions = [("out", rows, at - at[0], edit.departures_s)]
    directions.append(("back", rows[::-1], (at[-1] - at)[::-1], edit.back_s))
    columns: dict[str, list[Any]] = {name: [] for name in trips.schema.names}
    parts: list[dict[str, Array]] = []
    for way, stops, times, departures in directions:
        rail = np.full(len(stops) - 1, edit.mode in RAIL_MODES)
        km = _km(stops[:-1], stops[1:], rail, book, values)
        for start in departures:
            row = len(trips) + len(columns["route"])
            trip = {
                "trip_id": f"{edit.name}:{way}:{start // 3600:02d}{start // 60 % 60:02d}", "route": edit.name,
                "route_name": edit.name, "agency": "", "mode": edit.mode, "days": edit.days,
            }  # fmt: skip
            for key, value in trip.items():
                columns[key].append(value)
            open_ = np.ones(len(km), bool)
            parts.append({
                "trip": np.full(len(km), row), "dep_stop": stops[:-1], "arr_stop": stops[1:],
                "dep_s": start + times[:-1], "arr_s": start + times[1:], "km": km,
                "pickup": open_, "dropoff": open_,
            })  # fmt: skip
    added = Table.make(trips.schema, columns)
    lines = {n: np.concatenate([connections[n], *(p[n] for p in parts)]) for n in connections.schema.names}
    both = {n: np.concatenate([trips[n], added[n]]) for n in trips.schema.names}
    return Table.make(trips.schema, both), Table.make(connections.schema, lines)
