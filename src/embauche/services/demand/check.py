"""Faults of an on-demand system that only the territory or a file shows, all of them at once.

Lives here: problems_of. Not here: faults of the keys themselves (demand.options).
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import Problem, UserError
from embauche.core.units import format_clock
from embauche.services.demand.feed import from_feed
from embauche.services.demand.options import System
from embauche.services.demand.places import (
    OFF_NETWORK_M,
    area,
    beside,
    given_stops,
    match_communes,
    match_stops,
    snapped,
    stops_of_timetable,
)

if TYPE_CHECKING:
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
Keys = tuple[str | int, ...]


def problems_of(system: System, number: int, t: Territory, folder: Path | None) -> list[Problem]:
    """All faults of one system.

    Args:
        system: what the scenario says.
        number: its row below `systems:`.
        t: the territory.
        folder: where relative files start from.
    """
    at: Keys = ("systems", number)
    problems = _depots(system, t, at)
    if system.feeder is not None:
        problems += _placed(match_stops(system.feeder.stops, t)[1], (*at, "feeder", "stops"))
    try:
        system = from_feed(system, folder)
    except UserError as error:
        return [*problems, *_placed(error.problems, (*at, "gtfs_flex"))]
    try:
        inside = area(system, t, folder) & t.nodes.in_car
    except UserError as error:
        problems += _placed(error.problems, (*at, "zone"))
        _nodes(system, t, folder, t.nodes.in_car, at, problems)
        return problems
    if not inside.any():
        problems.append(
            Problem(
                "this zone contains no road", found=f"the zone of {system.name}",
                expected="roads open to cars inside",
                fix="look at its polygons: degrees WGS84, longitude first",
                keys=(*at, "zone"),
            )
        )  # fmt: skip
        _nodes(system, t, folder, t.nodes.in_car, at, problems)
        return problems
    nodes = _nodes(system, t, folder, inside, at, problems)
    if len(nodes):
        problems += _too_short(system, t, nodes, at)
    return problems


def _placed(problems: Any, keys: Keys) -> list[Problem]:
    """Faults that stand in no file of their own, at their key of the scenario."""
    return [replace(p, keys=keys) if p.file is None else p for p in problems]


def _depots(system: System, t: Territory, at: Keys) -> list[Problem]:
    out: list[Problem] = []
    for k, entry in enumerate(system.fleet):
        keys = (*at, "fleet", k, "depot")
        if isinstance(entry.depot, str):
            out += _placed(match_communes([entry.depot], t)[1], keys)
            continue
        lon, lat = entry.depot
        metres = float(snapped(t, np.array([lon]), np.array([lat]))[1][0])
        if not metres <= OFF_NETWORK_M:
            out.append(
                Problem(
                    "this depot is off the road network", found=f"{lon}, {lat}: {metres:,.0f} m from a road",
                    expected=f"at most {OFF_NETWORK_M:g} m", fix="type [longitude, latitude] in degrees",
                    keys=keys,
                )
            )  # fmt: skip
    return out


def _nodes(
    system: System, t: Territory, folder: Path | None, inside: Array, at: Keys, problems: list[Problem]
) -> Array:
    """Where people may board, as far as can be told without a search; faults of given stops are added."""
    if system.stops == "timetable":
        nodes = stops_of_timetable(t, inside).node
        if not len(nodes):
            problems.append(
                Problem(
                    "the timetable has no stop in this zone", found="stops: timetable",
                    expected="stops inside", fix="set stops: virtual", keys=(*at, "stops"),
                )
            )  # fmt: skip
        return nodes
    if system.gtfs_flex is None and system.stops not in ("virtual", "door"):
        known = ("virtual", "timetable", "door")
        if not beside(folder, system.stops).is_file():
            problems.append(
                Problem(
                    "there is no such file of stops", found=system.stops,
                    expected=", ".join(known) + ", or a CSV file", keys=(*at, "stops"),
                )
            )  # fmt: skip
            return np.empty(0, np.int32)
    if system.gtfs_flex is not None or system.stops not in ("virtual", "door"):
        try:
            given = given_stops(system, t, folder)
        except UserError as error:
            problems += _placed(error.problems, (*at, "stops"))
            return np.empty(0, np.int32)
        if given is not None:
            return given.node
    return np.flatnonzero(inside)


def _too_short(system: System, t: Territory, nodes: Array, at: Keys) -> list[Problem]:
    """Hours shorter than a direct ride: between the stops that lie farthest apart nobody could ever ride."""
    longest = _longest_ride_min(t, nodes)
    out = []
    for key, texts in system.hours.items():
        spans = System.model_validate(system.model_dump() | {"hours": {key: texts}}).spans()
        for text, (start, end) in zip(texts, next((s for s in spans if s), []), strict=False):
            if end - start < longest:
                out.append(
                    Problem(
                        "this window is shorter than the direct ride", found=f"{text}: {end - start} minutes",
                        expected=f"at least {math.ceil(longest)} minutes, the longest ride in the zone",
                        fix=f"end at {format_clock(start + math.ceil(longest))} or later",
                        keys=(*at, "hours", key),
                    )
                )  # fmt: skip
    return out


def _longest_ride_min(t: Territory, nodes: Array) -> float:
    """Minutes by car of a long direct ride in the zone: from one end to what is farthest from it."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    open_arcs = np.isfinite(t.arcs.car_s)
    graph = csr_array(
        (np.maximum(t.arcs.car_s[open_arcs], 0.01), (t.arcs.tail[open_arcs], t.arcs.head[open_arcs])),
        shape=(len(t.nodes), len(t.nodes)),
    )
    x, y = t.nodes.x_m[nodes], t.nodes.y_m[nodes]
    first = nodes[np.argmax((x - x.mean()) ** 2 + (y - y.mean()) ** 2)]
    seconds = dijkstra(graph, indices=np.array([first]))[0][nodes]
    return float(seconds[np.isfinite(seconds)].max(initial=0.0)) / 60.0
