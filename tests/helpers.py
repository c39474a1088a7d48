"""Small made-up territories for tests, built by hand: a grid of streets, communes, one bus line.

Lives here: tiny_territory and its parts. Not here: real files, or the hand-checked example.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.table import Table
from embauche.territory.schemas import (
    ARCS,
    COMMUNES,
    CONNECTIONS,
    NODES,
    PLACES,
    SITES,
    STOPS,
    TRIPS,
    TURNS,
)

LON0, LAT0 = 2.60, 50.50
M_PER_DEGREE = 111_195.0
SPACING_M = 500.0
CAR_KMH, BIKE_KMH, WALK_KMH = 50.0, 15.0, 4.8
FELT = np.array([1.0, 0.84, 1.37])  # how long a second by bike feels, by turns
WEEKDAYS, SATURDAY = 0b0011111, 0b0100000


@dataclass(frozen=True)
class TinyTerritory:
    """The attributes of a Territory that the layers above territory read."""

    nodes: Table
    arcs: Table
    communes: Table
    places: Table
    sites: Table
    stops: Table
    trips: Table
    connections: Table
    name: str = "tiny"
    stylised: bool = True
    turns: Table = field(default_factory=lambda: Table.empty(TURNS))
    manifest: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = None


def _square(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> bytes:
    import shapely

    return bytes(shapely.to_wkb(shapely.box(lon_a, lat_a, lon_b, lat_b)))


def grid_nodes(side: int, bands: tuple[int, ...]) -> Table:
    """Nodes of a side x side grid, row by row; columns below bands[k] are of commune k.

    The node of row r and column c is r * side + c; rows go north, columns east.
    """
    row, col = np.divmod(np.arange(side * side), side)
    cos = np.cos(np.radians(LAT0))
    everywhere = np.ones(side * side, bool)
    return Table.make(
        NODES,
        {
            "osm_id": 1_000 + np.arange(side * side),
            "lon": LON0 + col * SPACING_M / (M_PER_DEGREE * cos),
            "lat": LAT0 + row * SPACING_M / M_PER_DEGREE,
            "x_m": 470_000.0 + col * SPACING_M,
            "y_m": 5_594_000.0 + row * SPACING_M,
            "commune": np.searchsorted(np.array(bands), col, side="right"),
            "in_car": everywhere,
            "in_bike": everywhere,
            "in_walk": everywhere,
        },
    )


def grid_arcs(side: int) -> Table:
    """Both directions of every street of the grid, sorted by (tail, head)."""
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], 1),
            np.stack([node[:-1, :].ravel(), node[1:, :].ravel()], 1),
        ]
    )
    way = np.arange(len(pairs)) + 1
    tail = np.concatenate([pairs[:, 0], pairs[:, 1]])
    head = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((head, tail))
    n = len(tail)

    def seconds(kmh: float) -> np.ndarray[Any, Any]:
        return np.full(n, SPACING_M / kmh * 3.6)

    return Table.make(
        ARCS,
        {
            "tail": tail[order],
            "head": head[order],
            "length_m": np.full(n, SPACING_M),
            "way": np.concatenate([way, way])[order],
            "highway": np.zeros(n),
            "car_s": seconds(CAR_KMH),
            "bike_s": seconds(BIKE_KMH),
            "walk_s": seconds(WALK_KMH),
            "bike_felt_s": seconds(BIKE_KMH) * FELT[np.arange(len(tail)) % 3],
        },
    )


def _communes(
    nodes: Table, side: int, bands: tuple[int, ...], population: tuple[int, ...], scale: int
) -> Table:
    count = len(population)
    starts = (0, *bands[:-1])
    centre_col = [(a + b - 1) // 2 for a, b in zip(starts, bands, strict=True)]
    centre = [(side // 2) * side + c for c in centre_col]
    gateway = side * side - 1
    node = np.array([*centre, gateway])
    half = 0.5 * SPACING_M / M_PER_DEGREE
    shapes = []
    for k in range(count):
        inside = nodes.commune == k
        lon, lat = nodes.lon[inside], nodes.lat[inside]
        shapes.append(_square(lon.min() - half, lat.min() - half, lon.max() + half, lat.max() + half))
    inf = np.inf
    return Table.make(
        COMMUNES,
        {
            "code": np.array([f"6290{k + 1}" for k in range(count)] + ["X59350"], object),
            "name": np.array([*("Aville", "Bourg", "Champs", "Dunes", "Essarts")[:count], "Outside"], object),
            "population": [*population, 0],
            "epci": np.array(["200000001"] * (count - 1) + ["200000002", ""], object),
            "epci_name": np.array(["CC West"] * (count - 1) + ["CC East", ""], object),
            "departement": np.array(["62"] * count + ["59"], object),
            "arrondissement": np.array(["622"] * count + ["595"], object),
            "external": [False] * count + [True],
            "lon": nodes.lon[node],
            "lat": nodes.lat[node],
            "node": node,
            "jobs": [0] * count + [60 * scale],
            "inflow": [0] * count + [40 * scale],
            "gate_car_min": [0.0] * count + [20.0],
            "gate_car_km": [0.0] * count + [18.0],
            "gate_transit_min": [inf] * count + [8.0],
            "geometry": np.array([*shapes, b""], object),
        },
    )


def _places_sites(nodes: Table, communes: Table, side: int) -> tuple[Table, Table]:
    homes = np.arange(side * side)
    external = np.flatnonzero(communes.external)
    place_commune = np.concatenate([nodes.commune[homes], external])
    place_node = np.concatenate([homes, communes.node[external]])
    weight = 1.0 + (np.arange(len(place_node)) % 3)
    centre = communes.node[~communes.external]
    zone_nodes = np.arange(side)[1::3]  # the southern street: activity zones
    site_node = np.concatenate([centre, centre + side, zone_nodes, communes.node[external]])
    site_commune = np.concatenate([nodes.commune[site_node[: -len(external)]], external])
    is_zone = np.isin(np.arange(len(site_node)), 2 * len(centre) + np.arange(len(zone_nodes)))
    places = Table.make(PLACES, {"node": place_node, "commune": place_commune, "weight": weight})
    sites = Table.make(
        SITES,
        {
            "node": site_node,
            "commune": site_commune,
            "weight": np.where(is_zone, 3.0, 1.0),
            "zone": np.where(is_zone, site_commune, -1),
        },
    )
    return places, sites


def _bus(nodes: Table, side: int, zone: int) -> tuple[Table, Table, Table]:
    """One line along the middle street and on to the outside pole, hourly, thin on Saturday."""
    row = side // 2
    cols = [0, side // 3, 2 * side // 3, side - 1]
    node = np.array([row * side + c for c in cols])
    stops = Table.make(
        STOPS,
        {
            "stop_id": np.array(["W", "C", "E", "X", "OUT"], object),
            "name": np.array(["West", "Centre", "East", "Edge", "Outside"], object),
            "lon": np.append(nodes.lon[node], nodes.lon[node[-1]] + 0.2),
            "lat": np.append(nodes.lat[node], nodes.lat[node[-1]]),
            "node": np.append(node, -1),
            "walk_s": np.zeros(5),
            "zone": [-1, -1, -1, -1, zone],
            "wheelchair": np.zeros(5),
        },
    )
    ride_min = [4, 4, 4, 25]  # 1.5 km at about 23 km/h between stops, then the coach to the pole
    km = [1.5, 1.5, 1.5, 18.0]
    trips: dict[str, list[Any]] = {k: [] for k in TRIPS.names}
    rows: list[tuple[int, int, int, int, int, float]] = []
    for days, hours in ((WEEKDAYS, range(6, 21)), (SATURDAY, range(8, 19, 2))):
        for hour in hours:
            for back in (False, True):
                trip = len(trips["trip_id"])
                trips["trip_id"].append(f"{'R' if back else 'A'}{days}-{hour:02d}")
                for key, value in (
                    ("route", "L1"),
                    ("route_name", "1"),
                    ("agency", "Tiny bus"),
                    ("mode", 3),
                    ("days", days),
                ):
                    trips[key].append(value)
                time = hour * 3600 + (1800 if back else 0)
                path = list(range(5))[::-1] if back else list(range(5))
                for a, b in itertools.pairwise(path):
                    leg = min(a, b)
                    arrive = time + ride_min[leg] * 60
                    rows.append((trip, a, b, time, arrive, km[leg]))
                    time = arrive
    table = np.array(rows)
    connections = Table.make(
        CONNECTIONS,
        {
            "trip": table[:, 0],
            "dep_stop": table[:, 1],
            "arr_stop": table[:, 2],
            "dep_s": table[:, 3],
            "arr_s": table[:, 4],
            "km": table[:, 5],
            "pickup": np.ones(len(rows), bool),
            "dropoff": np.ones(len(rows), bool),
        },
    )
    made = {
        k: np.array(v, object) if k in ("trip_id", "route", "route_name", "agency") else v
        for k, v in trips.items()
    }
    return stops, Table.make(TRIPS, made), connections


def tiny_territory(scale: int = 1, side: int = 10) -> TinyTerritory:
    """Three communes on a grid of streets 500 m apart, one pole outside, one hourly bus line.

    Columns 0-3 are commune 62901 (450 inhabitants), 4-6 are 62902 (250), 7-9 are 62903 (100; its
    own EPCI); row 3 of communes is the external zone X59350 (60 posts, 40 in-commuters), entered at
    the north-east corner. The bus runs along the middle street (stops at columns 0, 3, 6, 9) and on
    to the pole: weekdays on the hour 6-20 h out and half past back, Saturdays 8-18 h every two
    hours, no Sunday. Every node is a place; activity zones lie on the southern street.

    Args:
        scale: multiplies populations, outside posts and in-commuters.
        side: nodes along a side of the grid.
    """
    bands = (4 * side // 10, 7 * side // 10, side)
    population = (450 * scale, 250 * scale, 100 * scale)
    nodes = grid_nodes(side, bands)
    communes = _communes(nodes, side, bands, population, scale)
    places, sites = _places_sites(nodes, communes, side)
    stops, trips, connections = _bus(nodes, side, zone=len(population))
    return TinyTerritory(nodes, grid_arcs(side), communes, places, sites, stops, trips, connections)


def with_communes(territory: TinyTerritory, **columns: Any) -> TinyTerritory:
    """The same territory with columns of communes replaced."""
    communes = territory.communes.copy()
    for name, values in columns.items():
        communes.columns[name] = np.asarray(values, communes.schema[name].numpy_dtype)
    return replace(territory, communes=communes)


def with_turns(territory: TinyTerritory) -> TinyTerritory:
    """The same territory with one turn in eleven banned to cars, and a few paths of three arcs."""
    arcs = territory.arcs
    words: list[tuple[int, ...]] = []
    for a in range(len(arcs)):
        for b in np.flatnonzero(arcs.tail == arcs.head[a]).tolist():
            if (7 * a + 13 * b) % 11 == 0:
                words.append((a, b))
            elif (a + b) % 17 == 0:
                words += [(a, b, c) for c in np.flatnonzero(arcs.tail == arcs.head[b])[:1].tolist()]
    size = [len(word) for word in words]
    columns = {
        "turn": np.repeat(np.arange(len(words)), size),
        "arc": [arc for word in words for arc in word],
        "relation": np.repeat(np.arange(len(words)), size),
    }
    return replace(territory, turns=Table.make(TURNS, columns))
