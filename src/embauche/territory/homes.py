"""Where people may live and firms may sit: places and sites on road nodes of each commune.

Lives here: eligibility, weights, fallbacks. Not here: who lives there (population).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.territory.areas import locate
from embauche.territory.highways import CODE, STREETS

_ZONE_REACH_M = 300.0  # a zone whose streets run only around it belongs to the nearest node


@dataclass
class Spots:
    """Rows of places or sites: node, commune, weight (sums to 1 a commune), zone."""

    node: Any
    commune: Any
    weight: Any
    zone: Any


def street_metres(nodes: Mapping[str, Any], arcs: Mapping[str, Any]) -> Any:
    """Half the length of the residential streets that meet at each node, float64 [node]."""
    street = np.isin(arcs["highway"], [CODE[c] for c in STREETS]) & np.isfinite(arcs["walk_s"])
    n = len(nodes["osm_id"])
    # Walking arcs run both ways, so each street adds half its length at each end.
    weight: Any = np.bincount(arcs["tail"][street], arcs["length_m"][street] / 2, n)
    return weight


def lived_weight(nodes: Mapping[str, Any], arcs: Mapping[str, Any]) -> Any:
    """Kilometres of residential street at each node times their density around it, float64 [node].

    Density (km a km2, in cells of 1 km) tells towns from country roads, along which few people live
    though OSM calls many of them residential; summed, this is the square of km a km2, cell by cell.
    """
    km = street_metres(nodes, arcs) / 1000
    cells = np.stack([np.floor(nodes["x_m"] / 1000), np.floor(nodes["y_m"] / 1000)]).astype(np.int64)
    _, cell = np.unique(cells, axis=1, return_inverse=True)
    cell = cell.reshape(-1)
    return km * np.bincount(cell, km)[cell]


def _share(values: Any, commune: Any, n: int) -> Any:
    """Values over their commune's sum, equal shares where that is 0."""
    total = np.bincount(commune, values, n)
    count = np.bincount(commune, minlength=n)
    return np.where(
        total[commune] > 0, values / np.where(total > 0, total, 1)[commune], 1 / np.maximum(count, 1)[commune]
    )


def nearest(nodes: Mapping[str, Any], rows: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Nearest of some nodes to each point: (row of nodes, metres); ties go to the lowest row."""
    from scipy.spatial import cKDTree

    xy = np.column_stack([nodes["x_m"][rows], nodes["y_m"][rows]])
    k = min(2, len(rows))
    found: Any = cKDTree(xy).query(np.column_stack([x, y]), k=[*range(1, k + 1)])
    metres, at = found
    tie = (metres[:, -1] == metres[:, 0]) & (at[:, -1] < at[:, 0])
    return rows[np.where(tie, at[:, -1], at[:, 0])], metres[:, 0]


def make_places(
    nodes: Mapping[str, Any],
    arcs: Mapping[str, Any],
    housing: list[Any],
    centre: tuple[Any, Any],
    counts: dict[str, Any],
) -> Spots:
    """Homes: nodes on residential streets, within residential land where the commune has some.

    Args:
        nodes: columns, with `commune`.
        arcs: columns.
        housing: polygons of residential land.
        centre: x, y of each commune's point.
        counts: added to.
    """
    n = len(centre[0])
    lived = nodes["in_car"] & nodes["in_bike"] & nodes["in_walk"] & (nodes["commune"] >= 0)
    homes = lived_weight(nodes, arcs)
    row = np.flatnonzero(lived & (homes > 0))
    if housing:
        inside = locate(nodes["lon"][row], nodes["lat"][row], housing) >= 0
        has_land = np.bincount(nodes["commune"][row[inside]], minlength=n) > 0
        row = row[inside | ~has_land[nodes["commune"][row]]]
    row, lone = _with_fallback(nodes, row, n, centre)
    counts["communes with homes at the nearest node only"] = lone
    commune = nodes["commune"][row].copy()
    commune[len(row) - lone :] = np.setdiff1d(np.arange(n), commune[: len(row) - lone])
    return Spots(row, commune, _share(homes[row], commune, n), np.full(len(row), -1))


def _with_fallback(nodes: Mapping[str, Any], row: Any, n: int, centre: tuple[Any, Any]) -> tuple[Any, int]:
    """Rows, then the node nearest to the centre of each commune that had none; how many of these."""
    without = np.setdiff1d(np.arange(n), nodes["commune"][row])
    if not len(without):
        return row, 0
    usable = np.flatnonzero(nodes["in_car"] & nodes["in_walk"])
    extra, _ = nearest(nodes, usable, centre[0][without], centre[1][without])
    return np.concatenate([row, extra]), len(without)


def _zone_nodes(nodes: Mapping[str, Any], usable: Any, zones: list[Any]) -> tuple[Any, Any]:
    """(row of nodes, zone) of the nodes in activity zones, or nearest to one that has none."""
    import shapely

    from embauche.territory.network import project, utm_epsg

    if not zones:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    zone = locate(nodes["lon"][usable], nodes["lat"][usable], zones)
    rows, zone = usable[zone >= 0], zone[zone >= 0].astype(np.int64)
    empty = np.setdiff1d(np.arange(len(zones)), zone)
    if len(empty):
        points = shapely.point_on_surface([zones[z] for z in empty])
        epsg = utm_epsg(nodes["lon"], nodes["lat"])
        x, y = project(shapely.get_x(points), shapely.get_y(points), epsg)
        near, metres = nearest(nodes, usable, x, y)
        close = metres <= _ZONE_REACH_M
        fresh = close & ~np.isin(near, rows)
        near, empty = near[fresh], empty[fresh]
        _, single = np.unique(near, return_index=True)  # one zone a node: the first
        rows, zone = np.concatenate([rows, near[single]]), np.concatenate([zone, empty[single]])
    return rows, zone


def make_sites(
    nodes: Mapping[str, Any],
    places: Spots,
    zones: list[Any],
    centre: tuple[Any, Any],
    values: Mapping[str, float],
    counts: dict[str, Any],
    *,
    one_zone: bool,
) -> Spots:
    """Firms' sites: nodes in activity zones, and home nodes around the commune's centre.

    A commune's zones together weigh `sites.zone_share` (by area), its centre the rest (falling with
    distance); all is in the centre where OSM has no zone. An extract that is one zone has many
    centres, so there firms outside activity zones sit where people live densest.
    """
    import shapely

    n = len(centre[0])
    usable = np.flatnonzero(nodes["in_car"] & nodes["in_walk"] & (nodes["commune"] >= 0))
    zone_row, zone = _zone_nodes(nodes, usable, zones)
    zone_commune = nodes["commune"][zone_row]
    per_node = np.bincount(zone, minlength=max(len(zones), 1))
    area = shapely.area(zones)[zone] / per_node[zone] if len(zones) else np.empty(0)
    metres = np.hypot(
        nodes["x_m"][places.node] - centre[0][places.commune],
        nodes["y_m"][places.node] - centre[1][places.commune],
    )
    closest = np.full(n, np.inf)
    np.minimum.at(closest, places.commune, metres)
    # The ring starts at the nearest home, so that every commune has a centre.
    near = metres <= closest[places.commune] + values["sites.centre_m"]
    in_centre = (near | one_zone) & ~np.isin(places.node, zone_row)
    row = np.concatenate([zone_row, places.node[in_centre]])
    commune = np.concatenate([zone_commune, places.commune[in_centre]])
    fade = np.exp(-(metres - closest[places.commune])[in_centre] / (values["sites.centre_m"] / 2))
    if one_zone:
        fade = np.asarray(places.weight)[in_centre]
    share = values["sites.zone_share"]
    weight = np.concatenate(
        [share * _share(area, zone_commune, n), (1 - share) * _share(fade, places.commune[in_centre], n)]
    )
    number = np.concatenate([zone, np.full(int(in_centre.sum()), -1)])
    missing = np.setdiff1d(np.arange(n), commune)
    if len(missing):  # all its homes lie in its zones, and none of its own
        first = np.array([int(np.flatnonzero(places.commune == c)[0]) for c in missing])
        row, commune = np.concatenate([row, places.node[first]]), np.concatenate([commune, missing])
        weight, number = (
            np.concatenate([weight, np.ones(len(missing))]),
            np.concatenate([number, np.full(len(missing), -1)]),
        )
    counts["activity zones"] = len(np.unique(zone))
    counts["communes without an activity zone"] = int(n - len(np.unique(zone_commune)))
    return Spots(row, commune, _share(weight, commune, n), number)
