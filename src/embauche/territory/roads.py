"""Roads as read, before any graph: nodes, one-way links with seconds by mode, land use.

Lives here: RawRoads, the hand-over from readers (osm, convert) to network. Not here: reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from embauche.core.geo import distance_m
from embauche.territory.highways import CODE, Way
from embauche.territory.slopes import bike_factor, heights_along, slopes, walk_factor

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
        bike_felt_s: seconds by bike as they feel, inf where bikes may not go [link].
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
    bike_felt_s: Floats
    zones: list[tuple[int, Any]] = field(default_factory=list)
    housing: list[tuple[int, Any]] = field(default_factory=list)
    turns: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def links_of_ways(
    node_id: Ints,
    lon: Floats,
    lat: Floats,
    height: Floats,
    refs: Ints,
    first: Ints,
    way_id: Ints,
    rule: Ints,
    rules: list[Way],
    values: Mapping[str, float],
    counts: dict[str, int],
) -> RawRoads:
    """Cut ways into one-way links between consecutive nodes.

    Args:
        node_id: located nodes, sorted.
        lon, lat: degrees [node].
        height: metres [node], NaN where unknown.
        refs: node ids of all ways, end to end.
        first: where each way begins in refs, plus the end [way + 1].
        way_id: id of each way.
        rule: row of `rules` of each way.
        rules: what each combination of tags allows.
        values: parameters `roads.*`.
        counts: added to: links cut at absent nodes, links with a slope.
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
    tail, head, way = row[at], row[at + 1], owner[at]
    length = distance_m(lon[tail], lat[tail], lon[head], lat[head])
    step = np.zeros(len(refs))
    step[at + 1] = length
    heights = np.where(known, height[row], np.nan) if len(node_id) else np.zeros(0)
    heights = heights_along(heights, np.cumsum(step), owner)
    incline = np.array([np.nan if r.incline is None else r.incline for r in rules])[rule[way]]
    slope = slopes(incline, heights[at + 1] - heights[at], length)
    counts["links with a slope"] = int((slope != 0).sum())

    def both(a: Any, b: Any) -> Any:
        return np.concatenate([a, b])

    rules_of, slope, metres = both(rule[way], rule[way]), both(slope, -slope), both(length, length)
    against = np.repeat([0, 1], len(at))
    kmh = {
        name: np.array([getter(r) for r in rules], float).reshape(len(rules), 2)[rules_of, against]
        for name, getter in _SPEEDS.items()
    }
    least = np.minimum(kmh["bike_s"], values["roads.bike_least_kmh"])
    kmh["bike_s"] = np.maximum(kmh["bike_s"] * bike_factor(slope, values), least)
    flat = np.array([r.highway == CODE["steps"] for r in rules])[rules_of]  # their speed is measured as steep
    kmh["walk_s"] *= np.where(flat, 1.0, walk_factor(slope, values))
    seconds = {n: np.where(v > 0, metres * 3.6 / np.where(v > 0, v, 1.0), np.inf) for n, v in kmh.items()}
    felt = seconds["bike_s"] * np.array([r.bike_felt for r in rules])[rules_of]
    highway = np.array([r.highway for r in rules], np.int64)[rules_of]
    usable = np.isfinite(seconds["car_s"]) | np.isfinite(seconds["bike_s"]) | np.isfinite(seconds["walk_s"])
    return RawRoads(
        node_id, lon, lat,
        both(tail, head)[usable], both(head, tail)[usable], both(way_id[way], way_id[way])[usable],
        highway[usable], metres[usable],
        seconds["car_s"][usable], seconds["bike_s"][usable], seconds["walk_s"][usable], felt[usable],
        counts=counts,
    )  # fmt: skip


_SPEEDS: Mapping[str, Any] = {
    "car_s": lambda r: r.car_kmh,
    "bike_s": lambda r: r.bike_kmh,
    "walk_s": lambda r: (r.walk_kmh, r.walk_kmh),
}
