"""Reads communes: their codes, populations, EPCIs, polygons and a point inside each.

Lives here: columns and town halls. Not here: formats, projections (polygons), points in areas (areas).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import Problem, raise_all
from embauche.core.geo import distance_m
from embauche.territory.polygons import FIX, open_polygons, to_wgs84

HALL_TOLERANCE_M = 300.0  # a polygon generalised to 20 vertices is off by about this
# Accepted names of each column, the first being ours.
ALIASES: dict[str, tuple[str, ...]] = {
    "code": ("code", "insee", "code_insee", "insee_com", "codgeo", "com"),
    "name": ("name", "nom", "libgeo", "nom_com", "libelle"),
    "population": ("population", "pop", "pmun", "ptot"),
    "epci": ("epci", "siren_epci", "code_epci", "codes_siren_epci"),
    "epci_name": ("epci_name", "nom_epci", "libepci"),
    "departement": ("departement", "dep", "insee_dep", "code_dept"),
    "arrondissement": ("arrondissement", "arr", "insee_arr"),
    "hall_lon": ("hall_lon", "lon_mairie", "mairie_lon"),
    "hall_lat": ("hall_lat", "lat_mairie", "mairie_lat"),
}  # fmt: skip


@dataclass
class Communes:
    """Communes as read: one entry a commune, in order of code.

    Attributes:
        columns: code, name, population, epci, epci_name, departement, arrondissement, lon, lat, and the
            town hall as given (hall_lon, hall_lat; NaN where none is).
        polygons: shapely polygons in WGS84 [commune].
        counts: repairs made.
        notes: sentences on them.
    """

    columns: dict[str, list[Any]]
    polygons: list[Any]
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def _column(frame: Any, name: str) -> list[Any] | None:
    by_name = {str(c).lower(): c for c in frame.columns if c != frame.geometry.name}
    for alias in ALIASES[name]:
        if alias in by_name:
            return list(frame[by_name[alias]])
    return None


def _text(values: list[Any] | None, n: int) -> list[str]:
    if values is None:
        return [""] * n

    def text(value: Any) -> str:
        if value is None or value != value:
            return ""
        whole = isinstance(value, float) and value.is_integer()
        return str(int(value) if whole else value).strip()

    return [text(v) for v in values]


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if 0 <= number <= 100_000_000 else None


def _degrees(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def _inside(polygon: Any, lon: float, lat: float) -> tuple[float, float, bool]:
    """The town hall if it lies inside or near the polygon, else a point inside; whether it was moved."""
    import shapely

    if np.isfinite(lon) and np.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90:
        near = shapely.shortest_line(polygon, shapely.Point(lon, lat))
        (a, b), (c, d) = near.coords[0], near.coords[-1]
        if float(distance_m(*(np.array([v]) for v in (a, b, c, d)))[0]) <= HALL_TOLERANCE_M:
            return lon, lat, False
        point = polygon.representative_point()
        return point.x, point.y, True
    point = polygon.representative_point()
    return point.x, point.y, False


def _missing_columns(frame: Any, columns: dict[str, list[Any] | None], path: Path) -> list[Problem]:
    found = ", ".join(str(c) for c in frame.columns)
    return [
        Problem(f"the communes lack a column {name}", path, None, found, " or ".join(ALIASES[name]), FIX)
        for name in ("code", "population")
        if columns[name] is None
    ]


def _faults(codes: list[str], population: list[Any], polygons: list[Any], path: Path) -> list[Problem]:
    """Every fault of every commune."""
    problems = []
    seen: set[str] = set()
    for number, (code, persons, polygon) in enumerate(zip(codes, population, polygons, strict=True), 1):
        label = f"commune {code or '?'} (feature {number})"
        if _whole(persons) is None:
            problems.append(
                Problem(f"{label}: the population is no number", path, None, repr(persons), "0 or more")
            )
        if polygon is None or polygon.is_empty or polygon.area == 0 or not np.isfinite(polygon.bounds).all():
            expected = "a Polygon or MultiPolygon whose coordinates are numbers"
            problems.append(Problem(f"{label} has no polygon", path, expected=expected))
        if not code:
            problems.append(Problem(f"{label} has no code", path, expected="its INSEE code"))
        elif code in seen:
            problems.append(
                Problem(f"{label} comes twice", path, None, code, "each code once", "dissolve by code")
            )
        seen.add(code)
    if not problems and not any(_whole(persons) for persons in population):
        problems.append(
            Problem("nobody lives in the communes", path, None, "population 0 everywhere", "inhabitants", FIX)
        )
    return problems


def _valid(polygon: Any) -> Any:
    """The polygon made valid; None for none, or where a coordinate is NaN or infinite, which GEOS refuses."""
    import shapely

    if polygon is None or not np.isfinite(shapely.get_coordinates(polygon)).all():
        return None
    return shapely.make_valid(polygon)


def read_communes(path: Path) -> Communes:
    """Read a file of communes, in any declared projection.

    Columns: code, name, population; optional epci, epci_name, departement, arrondissement,
    hall_lon, hall_lat (degrees). French names such as insee, nom, pmun are known.

    Raises:
        UserError: unreadable, no polygons, codes twice, populations that are no numbers, or nobody at all.
    """
    path = Path(path)
    out = Communes({}, [])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # shapely and pyproj warn of what is checked here
        frame = open_polygons(path)
        columns = {name: _column(frame, name) for name in ALIASES}
        raise_all(_missing_columns(frame, columns, path))
        frame = to_wgs84(frame, path, out.counts, out.notes)
        polygons = [_valid(g) for g in frame.geometry]
    n = len(frame)
    codes, population = _text(columns["code"], n), columns["population"] or []
    raise_all(_faults(codes, population, polygons, path)[:20])
    order = sorted(range(n), key=lambda i: codes[i])
    halls = [[_degrees(v) for v in columns[c] or [None] * n] for c in ("hall_lon", "hall_lat")]
    points = [_inside(g, a, b) for g, a, b in zip(polygons, *halls, strict=True)]
    moved = sum(p[2] for p in points)
    if moved:
        out.counts["town halls outside their commune's polygon"] = moved
        out.notes.append(
            f"{moved} town halls lie over {HALL_TOLERANCE_M:.0f} m outside their commune's polygon; "
            "a point inside stands for them."
        )
    names = _text(columns["name"], n)
    texts = {c: _text(columns[c], n) for c in ("epci", "epci_name", "departement", "arrondissement")}
    out.columns = {
        "code": [codes[i] for i in order],
        "name": [names[i] or codes[i] for i in order],
        "population": [_whole(population[i]) for i in order],
        **{c: [values[i] for i in order] for c, values in texts.items()},
        "lon": [points[i][0] for i in order],
        "lat": [points[i][1] for i in order],
        "hall_lon": [halls[0][i] for i in order],
        "hall_lat": [halls[1][i] for i in order],
    }
    out.polygons = [polygons[i] for i in order]
    return out
