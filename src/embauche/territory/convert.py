"""Territories to and from networkx graphs in osmnx's conventions, and the online path by place name.

Lives here: to_networkx, territory_from_networkx, build_place. Not here: files (build).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.geo import distance_m
from embauche.core.parameters import defaults
from embauche.territory.build import assemble, write_or_return
from embauche.territory.highways import HIGHWAYS, KEYS, Way, classify
from embauche.territory.network import MODES
from embauche.territory.roads import RawRoads

if TYPE_CHECKING:
    import networkx as nx

    from embauche.territory.territory import Territory

_LINK = ("tail", "head", "way", "highway", "length_m", "car_s", "bike_s", "walk_s", "bike_felt_s")


def to_networkx(territory: Territory, mode: str = "car") -> nx.MultiDiGraph[int]:
    """The network of a mode as osmnx has it.

    Nodes are OSM ids with x, y (degrees) and street_count; edges have osmid, highway,
    length (m), travel_time (s) and speed_kph; graph["crs"] is WGS84. Any osmnx or networkx function
    takes it.

    Args:
        territory: the territory.
        mode: car, bike or walk.

    Raises:
        UserError: no such mode.
    """
    import networkx as nx

    if mode not in MODES:
        raise UserError("there is no such network", found=mode, expected=", ".join(MODES))
    nodes, arcs = territory.nodes, territory.arcs
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(
        crs="epsg:4326", simplified=False, name=f"{territory.name}, {mode}"
    )
    inside = np.flatnonzero(nodes[f"in_{mode}"])
    ids = nodes.osm_id.tolist()
    lon, lat = nodes.lon.tolist(), nodes.lat.tolist()
    seconds = arcs[f"{mode}_s"].astype(float)
    open_ = np.flatnonzero(np.isfinite(seconds))
    ends = np.sort(np.stack([arcs.tail[open_], arcs.head[open_]]), axis=0)
    streets = np.unique(np.stack([*ends.astype(np.int64), arcs.way[open_]]), axis=1)[:2]
    count = np.bincount(streets.ravel(), minlength=len(nodes)).tolist()
    graph.add_nodes_from(
        (ids[i], {"x": lon[i], "y": lat[i], "street_count": count[i]}) for i in inside.tolist()
    )
    columns = (arcs.tail, arcs.head, arcs.length_m.astype(float), seconds, arcs.way, arcs.highway)
    graph.add_edges_from(
        (
            ids[tail],
            ids[head],
            {
                "osmid": way,
                "highway": HIGHWAYS[highway],
                "length": length,
                "travel_time": second,
                "speed_kph": length * 3.6 / second if second > 0 else 0.0,
            },
        )
        for tail, head, length, second, way, highway in zip(
            *(c[open_].tolist() for c in columns), strict=True
        )
    )
    return graph


def _first(value: Any) -> Any:
    """Simplified osmnx graphs hold lists where joined ways differ; their first value stands."""
    return value[0] if isinstance(value, list) and value else value


def _way(data: Mapping[str, Any], values: Mapping[str, float]) -> Way | None:
    """What an edge allows along its own direction; one-way streets are directed edges already."""
    tags = {k: str(_first(data[k])) for k in KEYS if k in data and data[k] is not None}
    tags["oneway"] = "no"
    tags.setdefault("highway", "unclassified")
    if data.get("reversed") is True and "maxspeed:backward" in tags:
        tags["maxspeed:forward"] = tags["maxspeed:backward"]
    return classify(tags, values)


def raw_from_networkx(graph: nx.MultiDiGraph[Any], values: Mapping[str, float]) -> RawRoads:
    """Raw roads of an osmnx graph in degrees; pedestrians may also walk against one-way edges.

    Raises:
        UserError: nodes without x, y in degrees or with ids that are no whole numbers above 0.
    """
    crs = str(graph.graph.get("crs", "epsg:4326")).lower()
    if not re.search(r"4326|crs84|wgs ?84", crs):
        raise UserError(
            "the graph is not in degrees",
            found=crs,
            expected="epsg:4326",
            fix="osmnx.project_graph(G, to_latlong=True)",
        )
    try:
        table = sorted((int(n), float(d["x"]), float(d["y"])) for n, d in graph.nodes(data=True))
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            "the graph's nodes are not as osmnx makes them",
            found=repr(error),
            expected="whole numbers as ids, x and y in degrees",
        ) from None
    if not table or table[0][0] <= 0 or not all(abs(x) <= 180 and abs(y) <= 90 for _, x, y in table):
        raise UserError("the graph has no nodes, or ids or degrees out of range", expected="ids above 0")
    node_id = np.array([t[0] for t in table], np.int64)
    lon, lat = np.array([t[1] for t in table]), np.array([t[2] for t in table])
    row = {int(n): i for i, n in enumerate(node_id)}
    links: list[tuple[Any, ...]] = []
    for tail, head, data in graph.edges(data=True):
        allowed = _way(data, values)
        a, b = row[int(tail)], row[int(head)]
        if allowed is None or a == b:
            continue
        metres = float(data.get("length", 0.0)) or float(
            distance_m(lon[a : a + 1], lat[a : a + 1], lon[b : b + 1], lat[b : b + 1])[0]
        )
        osmid = _first(data.get("osmid", 0))
        way = int(osmid) if isinstance(osmid, int | np.integer) else 0
        car, bike, walk = (
            metres * 3.6 / kmh if kmh > 0 else np.inf
            for kmh in (allowed.car_kmh[0], allowed.bike_kmh[0], allowed.walk_kmh)
        )
        links.append((a, b, way, allowed.highway, metres, car, bike, walk, bike * allowed.bike_felt))
        if np.isfinite(walk) and not graph.has_edge(head, tail):
            links.append((b, a, way, allowed.highway, metres, np.inf, np.inf, walk, np.inf))
    if not links:
        raise UserError("the graph has no roads", expected="edges with a highway attribute")
    columns: dict[str, Any] = {n: np.array(c) for n, c in zip(_LINK, zip(*links, strict=True), strict=True)}
    return RawRoads(node_id, lon, lat, **columns, counts={"edges read": len(links)})


def territory_from_networkx(
    graph: nx.MultiDiGraph[Any],
    *,
    gtfs: Sequence[Path | str] = (),
    communes: Path | str | None = None,
    out: Path | str | None = None,
    name: str | None = None,
    overwrite: bool = False,
    parameters: Mapping[str, float] | None = None,
    **options: Any,
) -> Territory:
    """A territory from an osmnx graph; other arguments as `build_territory`.

    Raises:
        UserError: the graph is not as osmnx makes it, or a file is at fault.
    """
    values = defaults() if parameters is None else parameters
    settings: dict[str, Any] = {"day": None, "externals": (), "stylised": False, "population": None} | options

    def make() -> Territory:
        raw = raw_from_networkx(graph, values)
        inputs = {
            "osm": [],
            "gtfs": [Path(g) for g in gtfs],
            "communes": [Path(communes)] if communes else [],
        }
        title = name or str(graph.graph.get("name") or "graph")
        territory = assemble(
            raw, "the graph", gtfs, communes=communes, name=title, values=values, inputs=inputs, **settings
        )
        territory.manifest["notes"].append("Roads come from a networkx graph, not from a file.")
        return territory

    return write_or_return(make, out, overwrite)


def build_place(place: str, *, out: Path | str | None = None, **options: Any) -> Territory:
    """Download a place's roads by name through osmnx, and build it: the only path that goes online.

    Args:
        place: what OpenStreetMap calls it, "Béthune, France".
        out: folder to write.
        options: as `territory_from_networkx`.

    Raises:
        UserError: the place is not found or cannot be downloaded.
    """
    import osmnx

    extra = [k for k in KEYS if k not in osmnx.settings.useful_tags_way]
    before = list(osmnx.settings.useful_tags_way)
    osmnx.settings.useful_tags_way = before + extra
    try:
        graph = osmnx.graph_from_place(place, network_type="all", simplify=False, retain_all=True)
    except Exception as error:  # osmnx, requests and geocoder errors share no class
        raise UserError(
            "the place could not be downloaded",
            found=f"{place}: {str(error)[:200]}",
            expected="a place that OpenStreetMap knows, and a connection",
            fix="check the name on openstreetmap.org, or download an extract and use --osm",
        ) from None
    finally:
        osmnx.settings.useful_tags_way = before
    return territory_from_networkx(graph, out=out, **({"name": place} | options))
