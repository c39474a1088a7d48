"""Stops as a scenario names them: found by id or name, or put on the roads where they are new.

Lives here: StopBook. Not here: trips (timetable_plan), walks from stops (access).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.geo import distance_m
from embauche.core.suggest import folded, nearest
from embauche.core.table import Table
from embauche.core.timetable_plan import StopAt

Array = np.ndarray[Any, Any]
SAME_M = 500.0  # platforms of one name within this are one stop to people


def join_point(
    nodes: Any, lon: float, lat: float, values: Mapping[str, float], what: str
) -> tuple[int, float]:
    """The nearest walkable node and the walk to it.

    Args:
        nodes: the territory's nodes.
        lon, lat: degrees.
        values: parameters `stops.join_max_m`, `roads.walk_kmh`.
        what: name for an error.

    Returns:
        Row of nodes, and seconds on foot.

    Raises:
        UserError: no walkable road is near.
    """
    usable = np.flatnonzero(nodes.in_walk)
    metres = distance_m(nodes.lon[usable], nodes.lat[usable], np.array([lon]), np.array([lat]))
    best = int(np.argmin(metres))
    if metres[best] > values["stops.join_max_m"]:
        raise UserError(
            f"the stop {what} lies off the network",
            found=f"{lon:.5f}, {lat:.5f}: {metres[best]:.0f} m from the nearest walkable road",
            expected=f"at most {values['stops.join_max_m']:.0f} m (parameter stops.join_max_m)",
            fix="check the order of lon and lat, or move the stop to a road",
        )
    return int(usable[best]), float(metres[best]) / (values["roads.walk_kmh"] / 3.6)


def drivable(nodes: Any, rows: Array) -> Array:
    """The node itself where cars may go, else the nearest one where they may, int64 [row]."""
    rows = np.asarray(rows, np.int64)
    out = rows.copy()
    open_ = np.flatnonzero(nodes.in_car)
    for k in np.flatnonzero(~nodes.in_car[rows]).tolist():
        metres = np.hypot(nodes.x_m[open_] - nodes.x_m[rows[k]], nodes.y_m[open_] - nodes.y_m[rows[k]])
        out[k] = open_[np.argmin(metres)]
    return out


def commune_row(communes: Any, name: str) -> int:
    """Row of a commune by code or name, external zones left out.

    Raises:
        UserError: no commune is called so.
    """
    inside = np.flatnonzero(~communes.external.astype(bool))
    for row in inside.tolist():
        if name in (communes.code[row], communes.name[row]):
            return row
    alike = [row for row in inside.tolist() if folded(str(communes.name[row])) == folded(name)]
    if len(alike) == 1:
        return alike[0]
    near = nearest(name, [str(communes.name[row]) for row in inside])
    raise UserError(
        "there is no such commune in the territory", found=name, expected="code or name of a commune",
        fix=f"did you mean {near}?" if near else "`embauche show communes` lists them",
    )  # fmt: skip


class StopBook:
    """The stops of a territory, to which new ones are added and in which some move.

    Attributes:
        columns: of the table of stops.
    """

    def __init__(self, territory: Any, values: Mapping[str, float]) -> None:
        self._territory, self._values = territory, values
        stops = territory.stops
        self._schema = stops.schema
        self.columns: dict[str, Array] = {name: stops[name].copy() for name in stops.schema.names}
        self._known = self._names()

    def _names(self) -> dict[str, list[int]]:
        known: dict[str, list[int]] = {}
        for row, name in enumerate(self.columns["name"]):
            known.setdefault(folded(str(name)), []).append(row)
        return known

    def table(self) -> Table:
        """The stops as they now are."""
        return Table.make(self._schema, self.columns)

    def rows(self, name: str) -> list[int]:
        """Rows of the stops of this id or name: platforms near one another.

        Raises:
            UserError: none is called so, or several that lie apart.
        """
        by_id = np.flatnonzero(self.columns["stop_id"] == name)
        if len(by_id):
            return [int(by_id[0])]
        found = self._known.get(folded(name), [])
        lon, lat = (self.columns[k][found] for k in ("lon", "lat"))
        if found and float(distance_m(lon, lat, lon[0], lat[0]).max()) <= SAME_M:
            return found
        if found:
            ids = ", ".join(f"{self.columns['stop_id'][r]}" for r in found[:8])
            raise UserError(
                f"{len(found)} stops that lie apart are called {name}", found=name, expected=f"one of {ids}",
                fix="write the stop's id",
            )  # fmt: skip
        names = {str(x) for x in self.columns["name"]} | {str(x) for x in self.columns["stop_id"]}
        near = nearest(name, names)
        raise UserError(
            "the territory has no such stop", found=name, expected="id or name of a stop, or lon and lat",
            fix=f"did you mean {near}?" if near else "write lon and lat for a new stop",
        )  # fmt: skip

    def row(self, point: StopAt, beside: int = -1) -> int:
        """Row of a stop; a new one is added. Of platforms of one name the nearest to `beside`.

        Raises:
            UserError: an unknown name, or a point off the network.
        """
        if point.stop is not None:
            rows = self.rows(point.stop)
            if beside < 0 or len(rows) == 1:
                return rows[0]
            lon, lat = self.columns["lon"], self.columns["lat"]
            metres = distance_m(lon[rows], lat[rows], lon[beside], lat[beside])
            return rows[int(np.argmin(metres))]
        return self._add(point)

    def _place(self, point: StopAt) -> tuple[str, float, float]:
        if point.commune is None:
            return (
                point.name or f"{point.lon:.5f} {point.lat:.5f}",
                float(point.lon or 0),
                float(point.lat or 0),
            )
        communes, nodes = self._territory.communes, self._territory.nodes
        row = commune_row(communes, point.commune)
        node = int(communes.node[row])
        return point.name or str(communes.name[row]), float(nodes.lon[node]), float(nodes.lat[node])

    def _add(self, point: StopAt) -> int:
        name, lon, lat = self._place(point)
        stop_id = f"new:{lon:.5f},{lat:.5f}"
        there = np.flatnonzero(self.columns["stop_id"] == stop_id)
        if len(there):
            return int(there[0])
        node, walk_s = join_point(self._territory.nodes, lon, lat, self._values, name)
        values = {
            "stop_id": stop_id, "name": name, "lon": lon, "lat": lat, "node": node, "walk_s": walk_s,
            "zone": -1, "wheelchair": 0,
        }  # fmt: skip
        for key, column in self.columns.items():
            self.columns[key] = np.append(column, np.array([values[key]], column.dtype))
        self._known.setdefault(folded(name), []).append(len(self.columns["name"]) - 1)
        return len(self.columns["name"]) - 1

    def move(self, name: str, to: StopAt) -> list[int]:
        """Move the stops of this name to where another stands, a commune's centre, or a point; their rows.

        Raises:
            UserError: an unknown name, or a point off the network.
        """
        rows = self.rows(name)
        if to.stop is not None:
            other = self.row(to)
            lon, lat = float(self.columns["lon"][other]), float(self.columns["lat"][other])
        else:
            _, lon, lat = self._place(to)
        node, walk_s = join_point(self._territory.nodes, lon, lat, self._values, name)
        for key, value in (("lon", lon), ("lat", lat), ("node", node), ("walk_s", walk_s)):
            self.columns[key][rows] = value
        return rows
