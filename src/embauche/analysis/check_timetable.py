"""Edits of a timetable checked beside the territory's tables: routes, stops, points off the network.

Lives here: timetable_problems. Not here: the fields' own checks (core.scenario_timetable), edits (routing).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import Problem
from embauche.core.geo import distance_m
from embauche.core.parameters import defaults
from embauche.core.scenario_yaml import Node
from embauche.core.suggest import folded, nearest

Array = np.ndarray[Any, Any]


def timetable_problems(changes: Node, folder: Path) -> list[Problem]:
    """What of the edits the territory's folder does not have, each at its line.

    Args:
        changes: the scenario's `timetable`.
        folder: of a built territory.
    """
    import pyarrow.parquet as pq

    def names(table: str, *columns: str) -> frozenset[str]:
        read = pq.read_table(folder / f"{table}.parquet", columns=list(columns))
        return frozenset(str(x) for c in columns for x in read[c].to_pylist())

    items = changes.value if isinstance(changes.value, list) else []
    known: dict[str, frozenset[str]] = {}
    problems: list[Problem] = []
    for change in items:
        for kind, node in _named(change):
            if kind not in known:
                columns = {"route": ("trips", "route", "route_name"), "stop": ("stops", "stop_id", "name"),
                           "commune": ("communes", "code", "name")}[kind]  # fmt: skip
                known[kind] = names(*columns)
            problems += _unknown(kind, node, known[kind])
    points = [p for change in items for p in _points(change)]
    if points:
        problems += _off_network(points, folder)
    return problems


def _list(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return node.value if isinstance(node.value, list) else [node]


def _stops(change: Node) -> Iterator[Node]:
    if isinstance(change.value, dict):
        yield from _list(change.value.get("stops"))
        yield from _list(change.value.get("to"))


def _named(change: Node) -> Iterator[tuple[str, Node]]:
    """Names that an edit mentions, with their kind."""
    if not isinstance(change.value, dict):
        return
    yield from (("route", node) for node in _list(change.value.get("routes")) if str(node.value) != "all")
    if "move_stop" in change.value:
        yield "stop", change.value["move_stop"]
    for stop in _stops(change):
        if not isinstance(stop.value, dict):
            yield "stop", stop
            continue
        yield from ((kind, stop.value[kind]) for kind in ("stop", "commune") if kind in stop.value)


def _unknown(kind: str, node: Node, known: frozenset[str]) -> list[Problem]:
    name = str(node.value)
    if name in known or (kind != "route" and folded(name) in {folded(k) for k in known}):
        return []
    near = nearest(name, known)
    where = {"route": "timetable", "stop": "territory", "commune": "territory"}[kind]
    some = "all, or names such as " + ", ".join(sorted(known)[:20])
    expected = {"route": some, "stop": "id or name of a stop, or lon and lat", "commune": "a code or name"}
    fix = f"did you mean {near}?" if near else None
    return [Problem(f"the {where} has no such {kind}", node.file, node.line, name, expected[kind], fix)]


def _points(change: Node) -> Iterator[tuple[float, float, Node]]:
    for stop in _stops(change):
        where = stop.value if isinstance(stop.value, dict) else {}
        lon, lat = (where[k].value if k in where else None for k in ("lon", "lat"))
        if isinstance(lon, int | float) and isinstance(lat, int | float):
            yield float(lon), float(lat), stop


def _off_network(points: list[tuple[float, float, Node]], folder: Path) -> list[Problem]:
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "nodes.parquet", columns=["lon", "lat", "in_walk"])
    lon, lat, usable = (np.asarray(table[c]) for c in ("lon", "lat", "in_walk"))
    lon, lat = lon[usable], lat[usable]
    longest = defaults()["stops.join_max_m"]
    problems = []
    for x, y, node in points:
        metres = float(distance_m(lon, lat, np.array([x]), np.array([y])).min())
        if metres > longest:
            found = f"{x:g}, {y:g}: {metres:,.0f} m from the nearest walkable road"
            expected = f"lon and lat at most {longest:.0f} m from a road of the territory"
            fix = "check the order of lon and lat, or move the stop to a road"
            problems.append(
                Problem("this stop lies off the network", node.file, node.line, found, expected, fix)
            )
    return problems
