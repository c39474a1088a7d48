"""Walks and changes of vehicle between the stops of a feed.

Lives here: walks over pathways and in a straight line, footpaths from them and transfers.txt. Not here:
reading the files (gtfs_changes), walks over roads (access).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from embauche.core.geo import EARTH_M, distance_m
from embauche.routing.gtfs_changes import WALK_MS
from embauche.routing.lines import Footpaths

Array = np.ndarray[Any, Any]
IMPOSSIBLE = 3  # transfer_type


def feed_walks(
    rows: Mapping[str, int], parent: Mapping[str, str], pathways: pd.DataFrame, *, wheelchair: bool
) -> dict[tuple[int, int], float]:
    """Seconds between stops over the feed's pathways, which may pass entrances and nodes of a station.

    Args:
        rows: stop id -> row.
        parent: id -> parent; a boarding area stands for its platform.
        pathways: from `read_pathways`.
        wheelchair: leave out stairs and escalators.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    if wheelchair:
        pathways = pathways[~pathways["steps"]]
    if pathways.empty:
        return {}
    names = pd.Index(pd.unique(pd.concat([pathways["start"], pathways["end"]])))
    platform = [rows.get(n, rows.get(parent.get(n, ""), -1)) for n in names]
    ends = [names.get_indexer(pathways[c]) for c in ("start", "end")]
    # csgraph takes a stored zero for no arc; a microsecond is none after rounding
    order = np.lexsort((pathways["seconds"], *ends))
    first = np.append(True, np.diff(np.stack([e[order] for e in ends]), axis=1).any(axis=0))
    kept = order[first]
    graph = coo_array(
        (pathways["seconds"].to_numpy()[kept] + 1e-6, tuple(e[kept] for e in ends)), (len(names), len(names))
    ).tocsr()
    near = [i for i, row in enumerate(platform) if row >= 0]
    out: dict[tuple[int, int], float] = {}
    for i, times in zip(near, dijkstra(graph, indices=near) if near else (), strict=True):
        for j in near:
            pair = (platform[i], platform[j])
            if pair[0] != pair[1] and np.isfinite(times[j]):
                out[pair] = min(out.get(pair, np.inf), float(np.round(times[j], 3)))
    return out


def near_walks(lon: Array, lat: Array, walk_m: float, speed_ms: float) -> dict[tuple[int, int], float]:
    """Seconds between stops at most walk_m apart in a straight line."""
    if walk_m <= 0 or len(lon) < 2:
        return {}
    from scipy.spatial import cKDTree

    lo, la = np.radians(lon), np.radians(lat)
    globe = EARTH_M * np.stack([np.cos(la) * np.cos(lo), np.cos(la) * np.sin(lo), np.sin(la)], axis=1)
    a, b = cKDTree(globe).query_pairs(walk_m, output_type="ndarray").T  # chords are shorter: checked below
    metres = distance_m(lon[a], lat[a], lon[b], lat[b])
    out = {}
    for i, j, m in zip(a.tolist(), b.tolist(), metres.tolist(), strict=True):
        if m <= walk_m:
            out[i, j] = out[j, i] = m / speed_ms
    return out


def changes(
    rows: Mapping[str, int], parent: Mapping[str, str], transfers: pd.DataFrame,
    walks: Mapping[tuple[int, int], float], change_s: int, lon: Array, lat: Array,
) -> Footpaths:  # fmt: skip
    """All changes of vehicle: at a stop, over walks, and as transfers.txt says, which goes before.

    Args:
        rows: stop id -> row.
        parent: stop id -> station.
        transfers: from `read_transfers`; a station stands for all its platforms, but a row that names the
            platforms themselves goes before.
        walks: seconds between stops (rows).
        change_s: least time between two vehicles, at one stop or on top of a walk; not added to the time
            of transfers.txt.
        lon, lat: float [stop]: a recommended transfer without a time is walked in a straight line.
    """
    paths = {(s, s): (change_s, 0) for s in rows.values()}
    for pair, seconds in walks.items():
        walk = int(np.ceil(seconds))
        paths[pair] = (walk + change_s, walk)
    children: dict[str, list[int]] = {}
    for stop, station in parent.items():
        if stop in rows and station:
            children.setdefault(station, []).append(rows[stop])
    stated: dict[tuple[int, int], tuple[int, int, int]] = {}
    for start, end, kind, seconds in transfers.itertuples(index=False):
        ends = [[rows[s]] if s in rows else children.get(s, []) for s in (start, end)]
        named = (start in rows) + (end in rows)
        for a in ends[0]:
            for b in ends[1]:
                if a == b and start != end and named == 0:
                    continue
                held = stated.get((a, b))
                if held is None or named > held[0]:
                    stated[a, b] = (named, kind, int(np.ceil(seconds)))
    for pair, (_, kind, seconds) in stated.items():
        if kind == IMPOSSIBLE:
            paths.pop(pair, None)
        elif kind == 2:
            paths[pair] = (seconds, 0 if pair[0] == pair[1] else seconds)
        elif kind == 1:  # timed: the second vehicle waits
            paths[pair] = (0, 0)
        elif pair not in paths:
            a, b = pair
            walk = int(np.ceil(distance_m(lon[a], lat[a], lon[b], lat[b]) / WALK_MS))
            paths[pair] = (walk + change_s, walk)
    table = np.array([(a, b, s, w) for (a, b), (s, w) in paths.items()], np.int64).reshape(-1, 4)
    return Footpaths.make(*table.T)
