"""External zones: poles outside the territory that are entered at a gateway on its roads.

Lives here: ExternalZone and its row of communes. Not here: the posts there (population).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.errors import Problem, raise_all
from embauche.core.geo import distance_m
from embauche.territory.homes import nearest
from embauche.territory.network import project


@dataclass(frozen=True)
class ExternalZone:
    """A pole outside the territory, Lille for Grand Artois.

    Attributes:
        code: its code; must differ from all communes' codes.
        name: its name.
        lon, lat: a point whose nearest car node is the gateway.
        jobs: posts there that residents hold or may take.
        inflow: workers who live there and work in the territory.
        car_min, car_km: minutes and kilometres by car beyond the gateway.
        transit_walk_min: walk from its stop to work, inf if transit does not serve it.
        stop_lon, stop_lat: its own station, if any; stops near it serve the zone.
        stop_ids: stops that serve the zone besides (ids as in `stops`).
    """

    code: str
    name: str
    lon: float
    lat: float
    jobs: int = 0
    inflow: int = 0
    car_min: float = 0.0
    car_km: float = 0.0
    transit_walk_min: float = float("inf")
    stop_lon: float | None = None
    stop_lat: float | None = None
    stop_ids: tuple[str, ...] = ()


def check_externals(externals: Sequence[ExternalZone], codes: Sequence[str]) -> None:
    """Refuse codes used twice, points off the globe and negative figures, all at once."""
    problems, used = [], set(codes)
    for zone in externals:
        label = f"external zone {zone.code or '?'}"
        if not zone.code or zone.code in used:
            problems.append(
                Problem(f"{label}: the code is empty or used twice", fix="give each zone its own code")
            )
        used.add(zone.code)
        if not (abs(zone.lon) <= 180 and abs(zone.lat) <= 90):
            problems.append(
                Problem(
                    f"{label}: no point on the globe",
                    found=f"{zone.lon}, {zone.lat}",
                    expected="lon, lat in degrees",
                )
            )
        if not (
            min(zone.jobs, zone.inflow) >= 0 and min(zone.car_min, zone.car_km, zone.transit_walk_min) >= 0
        ):
            problems.append(
                Problem(
                    f"{label}: a negative or missing figure",
                    expected="jobs, inflow, minutes, kilometres from 0",
                )
            )
    raise_all(problems)


def external_rows(
    externals: Sequence[ExternalZone], nodes: Mapping[str, Any], epsg: int
) -> dict[str, list[Any]]:
    """Columns of communes for the zones, in order of code; `node` is the gateway."""
    zones = sorted(externals, key=lambda z: z.code)
    if not zones:
        return {}
    x, y = project([z.lon for z in zones], [z.lat for z in zones], epsg)
    usable = np.flatnonzero(nodes["in_car"] & nodes["in_walk"])
    gate, _ = nearest(nodes, usable, x, y)
    n = len(zones)
    return {
        "code": [z.code for z in zones],
        "name": [z.name for z in zones],
        "population": [0] * n,
        **{c: [""] * n for c in ("epci", "epci_name", "departement", "arrondissement")},
        "external": [True] * n,
        "lon": [z.lon for z in zones],
        "lat": [z.lat for z in zones],
        "node": [int(g) for g in gate],
        "jobs": [z.jobs for z in zones],
        "inflow": [z.inflow for z in zones],
        "gate_car_min": [z.car_min for z in zones],
        "gate_car_km": [z.car_km for z in zones],
        "gate_transit_min": [z.transit_walk_min for z in zones],
        "geometry": [b""] * n,
    }


def zones_of_stops(
    externals: Sequence[ExternalZone], first_row: int, stop_id: Any, lon: Any, lat: Any, reach_m: float
) -> Any:
    """Row of communes of the zone each stop serves, -1 if none, int32 [stop].

    Args:
        externals: the zones.
        first_row: row of communes of the first zone by code.
        stop_id: ids [stop].
        lon: degrees [stop].
        lat: degrees [stop].
        reach_m: how far a stop may lie from a zone's own station.
    """
    serves = np.full(len(stop_id), -1, np.int32)
    best = np.full(len(stop_id), np.inf)
    for row, zone in enumerate(sorted(externals, key=lambda z: z.code), first_row):
        metres = np.full(len(stop_id), np.inf)
        if zone.stop_lon is not None and zone.stop_lat is not None:
            metres = distance_m(lon, lat, np.full(len(lon), zone.stop_lon), np.full(len(lat), zone.stop_lat))
            metres = np.where(metres <= reach_m, metres, np.inf)
        metres[np.isin(stop_id.astype(str), np.array(zone.stop_ids, str))] = 0.0
        nearer = metres < best
        serves[nearer], best[nearer] = row, metres[nearer]
    return serves
