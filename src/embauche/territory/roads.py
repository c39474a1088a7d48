"""Roads as read, before any graph: nodes, one-way links with seconds by mode, land use.

Lives here: RawRoads, the hand-over from readers (osm, convert) to network. Not here: reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from embauche.core.geo import distance_m
from embauche.territory.highways import Way

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class RawRoads:
    """Links between located nodes, in any order.

    Attributes:
        node_id: int64 [node], sorted, unique.
        lon, lat: degrees WGS84 [node].
        tail, head: rows of nodes [link].
        way: id of the way [link].
        highway: row of HIGHWAYS [link].
        length_m: [link].
        car_s, bike_s, walk_s: seconds, inf where the mode may not go [link].
        zones: (source id, polygon) of land for activities, WGS84.
        housing: likewise of residential land.
        turns: (source id, links) of each sequence of links that no car may drive.
        counts: what was read, and what was repaired or left out.
    """

    node_id: Ints
    lon: Floats
    lat: Floats
    tail: Ints
    head: Ints
    way: Ints
    highway: Ints
    length_m: Floats
    car_s: Floats
    bike_s: Floats
    walk_s: Floats
    zones: list[tuple[int, Any]] = field(default_factory=list)
    housing: list[tuple[int, Any]] = field(default_factory=list)
    turns: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def links_of_ways(
    node_id: Ints,
    lon: Floats,
    lat: Floats,
    refs: Ints,
    first: Ints,
    way_id: Ints,
    rule: Ints,
    rules: list[Way],
    counts: dict[str, int],
) -> RawRoads:
    """Cut ways into one-way links between consecutive nodes.

    Args:
        node_id: located nodes, sorted.
        lon: degrees [node].
        lat: degrees [node].
        refs: node ids of all ways, end to end.
        first: where each way begins in refs, plus the end [way + 1].
        way_id: id of each way.
        rule: row of `rules` of each way.
        rules: what each combination of tags allows.
        counts: added to: links cut at absent nodes, links of no length.
    """
    row = np.searchsorted(node_id, refs)
    row[row == len(node_id)] = 0
    known = node_id[row] == refs if len(node_id) else np.zeros(len(refs), bool)
    owner = np.repeat(np.arange(len(way_id)), np.diff(first))
    same = owner[:-1] == owner[1:]
    whole = same & known[:-1] & known[1:]
    counts["links cut at nodes absent from the extract"] = int(same.sum() - whole.sum())
    whole &= row[:-1] != row[1:]
    at = np.flatnonzero(whole)
    tail, head, owner = row[at], row[at + 1], owner[at]
    length = distance_m(lon[tail], lat[tail], lon[head], lat[head])
    tables = {
        name: np.array([getter(r) for r in rules], float).reshape(len(rules), 2)
        for name, getter in _SPEEDS.items()
    }
    highway = np.array([r.highway for r in rules], np.int64)[rule[owner]]

    def both(a: Any, b: Any) -> Any:
        return np.concatenate([a, b])

    seconds = {}
    for name, table in tables.items():
        kmh = both(table[rule[owner], 0], table[rule[owner], 1])
        with np.errstate(divide="ignore"):
            seconds[name] = np.where(
                kmh > 0, both(length, length) * 3.6 / np.where(kmh > 0, kmh, 1.0), np.inf
            )
    usable = np.isfinite(seconds["car_s"]) | np.isfinite(seconds["bike_s"]) | np.isfinite(seconds["walk_s"])
    return RawRoads(
        node_id, lon, lat,
        both(tail, head)[usable], both(head, tail)[usable], both(way_id[owner], way_id[owner])[usable],
        both(highway, highway)[usable], both(length, length)[usable],
        seconds["car_s"][usable], seconds["bike_s"][usable], seconds["walk_s"][usable],
        counts=counts,
    )  # fmt: skip


_SPEEDS: Mapping[str, Any] = {
    "car_s": lambda r: r.car_kmh,
    "bike_s": lambda r: r.bike_kmh,
    "walk_s": lambda r: (r.walk_kmh, r.walk_kmh),
}
