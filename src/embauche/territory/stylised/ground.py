"""The ground a stylised territory is drawn on: communes in local metres, and keyed draws.

Lives here: reading communes, the local projection, draws. Not here: any road.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from embauche.core.draws import Purpose, uniforms
from embauche.territory.communes import read_communes

EARTH_M = 6_371_008.8  # mean radius (IUGG); a sphere is enough for a stylised drawing
Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Gateway:
    """A point on the border where roads leave towards a pole outside.

    Attributes:
        name: the pole's name.
        lon, lat: the point, WGS84.
        mass: how strongly the pole draws traffic, in inhabitants.
    """

    name: str
    lon: float
    lat: float
    mass: float


@dataclass(frozen=True)
class Ground:
    """Communes (sorted by code) and gateways in local metres.

    Attributes:
        code, name: [commune].
        ids: keys of the communes' draws, int64 [commune].
        population: [commune].
        centre: town hall, or a point inside where the hall lies outside, m [commune, 2].
        polygons: shapely polygons in m [commune].
        gateways: points where roads leave the territory.
        gate: gateways in m [gateway, 2].
        lon0, lat0: origin of the local metres.
        seed: first part of every draw's key.
    """

    code: tuple[str, ...]
    name: tuple[str, ...]
    ids: Ints
    population: Ints
    centre: Floats
    polygons: np.ndarray[Any, np.dtype[np.object_]]
    gateways: tuple[Gateway, ...]
    gate: Floats
    lon0: float
    lat0: float
    seed: int

    def draw(self, what: str, ids: Ints) -> Floats:
        """Uniform draws on (0, 1) keyed by the seed, a label and ids, [id]."""
        return uniforms(self.seed, Purpose.STYLISED, 0, ids, zlib.crc32(what.encode()))

    def to_m(self, lonlat: Floats) -> Floats:
        """Degrees [n, 2] to local metres [n, 2], rounded to the centimetre."""
        return to_m(lonlat, self.lon0, self.lat0)

    def to_degrees(self, xy: Floats) -> Floats:
        """Local metres [n, 2] to degrees [n, 2]."""
        scale = np.array([EARTH_M * np.cos(np.radians(self.lat0)), EARTH_M])
        return np.asarray(np.degrees(np.asarray(xy) / scale) + np.array([self.lon0, self.lat0]))

    def find(self, name: str) -> int:
        """Row of the commune of that name, -1 if there is none."""
        return self.name.index(name) if name in self.name else -1


def to_m(lonlat: Floats, lon0: float, lat0: float) -> Floats:
    """Degrees [n, 2] to metres around an origin [n, 2], rounded to the centimetre."""
    scale = np.array([EARTH_M * np.cos(np.radians(lat0)), EARTH_M])
    return np.asarray(np.round(np.radians(np.asarray(lonlat) - np.array([lon0, lat0])) * scale, 2))


def key(text: str) -> int:
    """A draw's id for a text: independent of any order."""
    return zlib.crc32(text.encode())


def read_ground(communes: Path, gateways: Sequence[Gateway] = (), seed: int = 0) -> Ground:
    """Read communes, with the columns and the checks of any other build (territory.communes).

    Args:
        communes: the file; its row order does not matter.
        gateways: points on the border where roads leave.
        seed: another seed draws another territory.

    Raises:
        UserError: what is wrong in the file.
    """
    towns = read_communes(communes)
    west, south, east, north = shapely.total_bounds(np.array(towns.polygons))
    lon0, lat0 = round((west + east) / 2, 4), round((south + north) / 2, 4)
    polygons = shapely.transform(np.array(towns.polygons), lambda c: to_m(c, lon0, lat0))
    polygons = shapely.make_valid(polygons)
    halls = np.stack([towns.columns["hall_lon"], towns.columns["hall_lat"]], 1)
    centre = to_m(halls, lon0, lat0)
    # A hall within 50 m of the border leaves no room for streets; one outside is an error of the source.
    inside = shapely.contains_xy(shapely.buffer(polygons, -50.0), centre[:, 0], centre[:, 1])
    point = shapely.get_coordinates(shapely.point_on_surface(polygons))
    centre = np.where(inside[:, None], centre, np.round(point, 2))
    gate = to_m(np.array([(g.lon, g.lat) for g in gateways]).reshape(-1, 2), lon0, lat0)
    codes = tuple(towns.columns["code"])
    return Ground(
        code=codes,
        name=tuple(towns.columns["name"]),
        ids=np.array([key(c) for c in codes], np.int64),
        population=np.array(towns.columns["population"], np.int64),
        centre=centre,
        polygons=polygons,
        gateways=tuple(gateways),
        gate=gate,
        lon0=lon0,
        lat0=lat0,
        seed=seed,
    )
