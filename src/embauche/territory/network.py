"""Turns raw links into the nodes and arcs of a territory: largest strong parts, sorted by id.

Lives here: connectivity, projection, tables. Not here: reading (osm), communes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.territory.roads import RawRoads

MODES = ("car", "bike", "walk")


def utm_epsg(lon: Any, lat: Any) -> int:
    """EPSG code of the UTM zone (WGS84) of the middle of some points."""
    middle = float(np.median(lon))
    zone = min(60, max(1, int((middle + 180) // 6) + 1))
    return (32600 if float(np.median(lat)) >= 0 else 32700) + zone


def project(lon: Any, lat: Any, epsg: int) -> tuple[Any, Any]:
    """Metric x, y of points in degrees; points that cannot be projected come back as 1e9."""
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(np.asarray(lon), np.asarray(lat))
    x, y = np.atleast_1d(x).astype(float), np.atleast_1d(y).astype(float)
    return np.where(np.isfinite(x), x, 1e9), np.where(np.isfinite(y), y, 1e9)


def largest_part(n: int, tail: Any, head: Any) -> Any:
    """Mask [node] of the largest strongly connected part (ties: the one with the lowest node)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(tail):
        return np.zeros(n, bool)
    graph = coo_array((np.ones(len(tail), np.int8), (tail, head)), shape=(n, n)).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    used = np.zeros(n, bool)
    used[tail] = used[head] = True
    size = np.bincount(label[used], minlength=label.max() + 1)
    best = np.flatnonzero(size == size.max())
    rank = {int(lab): int(np.flatnonzero(label == lab)[0]) for lab in best[:1000]}
    return label == min(rank, key=lambda lab: rank[lab])


def _count_dropped(mode: str, mask: Any, raw: RawRoads, open_: Any, counts: dict[str, Any]) -> None:
    used = np.zeros(len(raw.node_id), bool)
    used[raw.tail[open_]] = used[raw.head[open_]] = True
    inside = open_ & mask[raw.tail] & mask[raw.head]
    km = raw.length_m / 1000
    counts[f"{mode} nodes"] = int(mask.sum())
    counts[f"{mode} nodes dropped, off the largest strong part"] = int((used & ~mask).sum())
    counts[f"{mode} km of directed road"] = round(float(km[inside].sum()), 1)
    counts[f"{mode} km dropped"] = round(float(km[open_ & ~inside].sum()), 1)
    first, second = np.minimum(raw.tail, raw.head), np.maximum(raw.tail, raw.head)
    at = np.flatnonzero(inside)
    order = at[np.lexsort((raw.way[at], second[at], first[at]))]
    keys = np.stack([first[order], second[order], raw.way[order]])
    new = np.ones(len(order), bool)
    new[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    counts[f"{mode} km of road"] = round(float(km[order][new].sum()), 1)


def tenths(seconds: Any) -> Any:
    """Seconds rounded half up to whole tenths, so that their sums are exact whoever adds them."""
    return np.floor(seconds * 10 + 0.5) / 10


def _turns(raw: RawRoads, order: Any, car_s: Any) -> dict[str, Any]:
    """Columns of turns: raw links as arcs; a sequence that cars cannot drive needs no ban any more."""
    arc = np.full(len(raw.tail), -1, np.int64)
    arc[order] = np.where(np.isfinite(car_s[order]), np.arange(len(order)), -1)
    mapped = [(tuple(arc[list(links)].tolist()), relation) for relation, links in raw.turns]
    found = sorted((arcs, relation) for arcs, relation in mapped if min(arcs) >= 0)
    size = np.array([len(arcs) for arcs, _ in found], np.int64)
    return {
        "turn": np.repeat(np.arange(len(found)), size),
        "arc": np.array([row for arcs, _ in found for row in arcs], np.int64),
        "relation": np.repeat(np.array([relation for _, relation in found], np.int64), size),
    }


def build_network(
    raw: RawRoads, source: Path | str
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Columns of nodes, arcs and turns, and counts.

    Nodes in no mode's largest part go; a mode's seconds are inf on arcs outside its part, so each
    mode's graph is one strongly connected part (turn restrictions aside). Nodes are in order of OSM
    id, arcs of (tail, head, way, seconds), their seconds whole tenths.

    Raises:
        UserError: no network for cars or none for pedestrians.
    """
    counts: dict[str, Any] = dict(raw.counts)
    seconds = {"car": tenths(raw.car_s), "bike": tenths(raw.bike_s), "walk": tenths(raw.walk_s)}
    masks = {}
    for mode in MODES:
        open_ = np.isfinite(seconds[mode])
        mask = largest_part(len(raw.node_id), raw.tail[open_], raw.head[open_])
        _count_dropped(mode, mask, raw, open_, counts)
        seconds[mode][~(mask[raw.tail] & mask[raw.head])] = np.inf
        masks[mode] = mask
    both = int((masks["car"] & masks["walk"]).sum())
    if both < 2:
        raise UserError(
            "the roads make no network on which people live and drive",
            file=source,
            found=f"{both} nodes where one can both drive and walk, in the largest connected parts",
            expected="at least two",
            fix="take an extract with ordinary streets, both ways",
        )
    keep = masks["car"] | masks["bike"] | masks["walk"]
    row = np.cumsum(keep) - 1
    arc = keep[raw.tail] & keep[raw.head]
    arc &= np.isfinite(np.minimum(np.minimum(seconds["car"], seconds["bike"]), seconds["walk"]))
    at = np.flatnonzero(arc)
    order = at[
        np.lexsort(
            (
                seconds["walk"][at],
                seconds["bike"][at],
                seconds["car"][at],
                raw.way[at],
                raw.head[at],
                raw.tail[at],
            )
        )
    ]
    epsg = utm_epsg(raw.lon[keep], raw.lat[keep])
    x, y = project(raw.lon[keep], raw.lat[keep], epsg)
    nodes = {
        "osm_id": raw.node_id[keep], "lon": raw.lon[keep], "lat": raw.lat[keep], "x_m": x, "y_m": y,
        "in_car": masks["car"][keep], "in_bike": masks["bike"][keep], "in_walk": masks["walk"][keep],
    }  # fmt: skip
    arcs = {
        "tail": row[raw.tail[order]], "head": row[raw.head[order]], "length_m": raw.length_m[order],
        "way": raw.way[order], "highway": raw.highway[order],
        "car_s": seconds["car"][order], "bike_s": seconds["bike"][order], "walk_s": seconds["walk"][order],
        "bike_felt_s": np.where(np.isfinite(seconds["bike"]), tenths(raw.bike_felt_s), np.inf)[order],
    }  # fmt: skip
    turns = _turns(raw, order, seconds["car"])
    banned = int(turns["turn"][-1]) + 1 if len(turns["turn"]) else 0
    counts |= {"nodes": int(keep.sum()), "arcs": len(order), "turns banned": banned, "epsg": epsg}
    return nodes, arcs, turns, counts
