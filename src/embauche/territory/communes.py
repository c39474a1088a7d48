"""Reads communes (GeoJSON, GeoPackage) and says which node lies in which.

Lives here: columns, projections, points inside. Not here: homes, external zones.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import Problem, UserError, raise_all
from embauche.territory.roads import distance_m

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
_LAMBERT_93 = (-400_000.0, 5_900_000.0, 1_500_000.0, 7_300_000.0)
_FIX = "export it as GeoJSON in WGS84 (EPSG:4326) with columns code, name, population"


@dataclass
class Communes:
    """Communes as read: one entry a commune, in order of code.

    Attributes:
        columns: code, name, population, epci, epci_name, departement, arrondissement, lon, lat.
        polygons: shapely polygons in WGS84 [commune].
        counts: repairs made.
        notes: sentences on them.
    """

    columns: dict[str, list[Any]]
    polygons: list[Any]
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def _load_geojson(path: Path) -> Any:
    """A GeoDataFrame from GeoJSON; read here, so that no other format can hide behind the name."""
    import geopandas

    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UserError(
            "this GeoJSON cannot be read",
            file=path,
            line=getattr(error, "lineno", None),
            found=str(error),
            fix=_FIX,
        ) from None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise UserError("this GeoJSON has no features", file=path, expected="a FeatureCollection", fix=_FIX)
    rows, shapes, problems = [], [], []
    for number, feature in enumerate(features, 1):
        try:
            properties = feature["properties"]
            shapes.append(_shape(feature["geometry"]))
            rows.append({str(k): v for k, v in properties.items()})
        except Exception as error:  # shapely raises many kinds for malformed coordinates
            problems.append(
                Problem(
                    f"feature {number} has no readable polygon and properties",
                    path,
                    found=repr(error)[:200],
                    fix=_FIX,
                )
            )
    raise_all(problems[:20])
    return geopandas.GeoDataFrame(rows, geometry=shapes, crs=_crs_of(data.get("crs"), path))


def _shape(geometry: Any) -> Any:
    from shapely.geometry import shape

    if not isinstance(geometry, dict):
        raise ValueError("no geometry")
    return shape(geometry)


def _crs_of(member: Any, path: Path) -> Any:
    import pyproj

    if member is None:
        return None
    try:
        return pyproj.CRS.from_user_input(member["properties"]["name"])
    except (KeyError, TypeError, pyproj.exceptions.CRSError) as error:
        raise UserError(
            "the projection is not known",
            file=path,
            found=str(error)[:200],
            expected="for example EPSG:4326",
            fix=_FIX,
        ) from None


def _load(path: Path) -> Any:
    import geopandas

    if not path.is_file():
        raise UserError("there is no such file of communes", file=path, fix="give a GeoJSON or GeoPackage")
    with path.open("rb") as handle:
        head = handle.read(16)
    if head != b"SQLite format 3\x00":
        return _load_geojson(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = geopandas.read_file(path, engine="pyogrio")
    except Exception as error:  # GDAL's errors have no common class
        raise UserError(
            "this GeoPackage cannot be read", file=path, found=str(error)[:200], fix=_FIX
        ) from None
    if not isinstance(frame, geopandas.GeoDataFrame) or frame.empty:
        raise UserError("this GeoPackage has no layer of polygons", file=path, fix=_FIX)
    return frame


def _to_wgs84(frame: Any, path: Path, out: Communes) -> Any:
    """Degrees WGS84, reprojected or, for an undeclared Lambert-93, repaired and counted."""
    bounds = frame.total_bounds
    in_degrees = bool(
        np.isfinite(bounds).all()
        and bounds[0] >= -180
        and bounds[2] <= 180
        and bounds[1] >= -90
        and bounds[3] <= 90
    )
    declared_degrees = frame.crs is None or frame.crs.is_geographic
    if declared_degrees and not in_degrees:
        low_x, low_y, high_x, high_y = _LAMBERT_93
        if (
            np.isfinite(bounds).all()
            and low_x <= bounds[0]
            and bounds[2] <= high_x
            and low_y <= bounds[1]
            and bounds[3] <= high_y
        ):
            out.counts["communes taken as Lambert-93 (undeclared)"] = len(frame)
            out.notes.append(
                "The communes' coordinates are metres and no projection is declared; "
                "they were taken as Lambert-93 (EPSG:2154)."
            )
            return frame.set_crs(2154, allow_override=True).to_crs(4326)
        raise UserError(
            "the communes' coordinates are no degrees, and their projection is not declared",
            file=path,
            found=f"x from {bounds[0]:.6g} to {bounds[2]:.6g}, y from {bounds[1]:.6g} to {bounds[3]:.6g}",
            expected="longitude -180 to 180, latitude -90 to 90",
            fix=_FIX,
        )
    if frame.crs is None or frame.crs.to_epsg() == 4326:
        return frame
    try:
        frame = frame.to_crs(4326)
    except Exception as error:  # pyproj and shapely errors of odd projections
        raise UserError(
            "the communes cannot be reprojected", file=path, found=str(error)[:200], fix=_FIX
        ) from None
    if not np.isfinite(frame.total_bounds).all():
        raise UserError("the communes lie outside their projection's reach", file=path, fix=_FIX)
    return frame


def _column(frame: Any, name: str) -> list[Any] | None:
    by_name = {str(c).lower(): c for c in frame.columns if c != frame.geometry.name}
    for alias in ALIASES[name]:
        if alias in by_name:
            return list(frame[by_name[alias]])
    return None


def _text(values: list[Any] | None, n: int) -> list[str]:
    if values is None:
        return [""] * n
    return [
        "" if v is None or v != v else str(int(v)) if isinstance(v, float) and v.is_integer() else str(v)
        for v in values
    ]


def _whole(value: Any) -> int | None:
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


def read_communes(path: Path) -> Communes:
    """Read a file of communes, in any declared projection.

    Columns: code, name, population; optional epci, epci_name, departement, arrondissement,
    hall_lon, hall_lat (degrees). French names such as insee, nom, pmun are known.

    Raises:
        UserError: unreadable, no polygons, codes twice, populations that are no numbers.
    """
    import shapely

    path = Path(path)
    out = Communes({}, [])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # shapely and pyproj warn of what is checked here
        frame = _load(path)
        problems = []
        columns = {name: _column(frame, name) for name in ALIASES}
        for name in ("code", "population"):
            if columns[name] is None:
                found = ", ".join(str(c) for c in frame.columns)
                problems.append(
                    Problem(
                        f"the communes lack a column {name}",
                        path,
                        found=found,
                        expected=" or ".join(ALIASES[name]),
                        fix=_FIX,
                    )
                )
        raise_all(problems)
        frame = _to_wgs84(frame, path, out)
        n = len(frame)
        codes, population = _text(columns["code"], n), [_whole(v) for v in columns["population"] or []]
        polygons = [None if g is None else shapely.make_valid(g) for g in frame.geometry]
    seen: set[str] = set()
    for i in range(n):
        label = f"commune {codes[i] or '?'} (feature {i + 1})"
        if population[i] is None:
            found = repr((columns["population"] or [])[i])
            problems.append(
                Problem(f"{label}: the population is no number", path, found=found, expected="0 or more")
            )
        polygon = polygons[i]
        if polygon is None or polygon.is_empty or polygon.area == 0 or not np.isfinite(polygon.bounds).all():
            problems.append(Problem(f"{label} has no polygon", path, expected="a Polygon or MultiPolygon"))
        if not codes[i]:
            problems.append(Problem(f"{label} has no code", path, expected="its INSEE code"))
        elif codes[i] in seen:
            problems.append(
                Problem(
                    f"{label} comes twice",
                    path,
                    found=codes[i],
                    expected="each code once",
                    fix="dissolve by code",
                )
            )
        seen.add(codes[i])
    raise_all(problems[:20])
    order = sorted(range(n), key=lambda i: codes[i])
    halls = [
        (_degrees(a), _degrees(b))
        for a, b in zip(columns["hall_lon"] or [None] * n, columns["hall_lat"] or [None] * n, strict=True)
    ]
    points = [_inside(polygons[i], *halls[i]) for i in order]
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
        "population": [population[i] for i in order],
        **{c: [values[i] for i in order] for c, values in texts.items()},
        "lon": [p[0] for p in points],
        "lat": [p[1] for p in points],
    }
    out.polygons = [polygons[i] for i in order]
    return out


def locate(lon: Any, lat: Any, polygons: list[Any]) -> Any:
    """Row of the polygon that holds each point, -1 if none; the first where several do, int32 [point]."""
    import shapely

    where = np.full(len(lon), -1, np.int32)
    tree = shapely.STRtree(shapely.points(lon, lat))
    polygon, point = tree.query(polygons, predicate="intersects")
    order = np.lexsort((-polygon, point))  # the lowest polygon is written last, and stays
    where[point[order]] = polygon[order]
    return where


def extract_hull(lon: Any, lat: Any) -> Any:
    """Convex hull of points, a little widened so that it is a polygon with all points inside."""
    import shapely

    return shapely.convex_hull(shapely.multipoints(np.column_stack([lon, lat]))).buffer(1e-4, quad_segs=2)
