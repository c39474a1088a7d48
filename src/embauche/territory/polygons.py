"""Opens files of polygons (GeoJSON, GeoPackage) that a stranger made, in degrees WGS84.

Lives here: formats and projections. Not here: what the columns mean (communes).
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import Problem, UserError, raise_all

FIX = "export it as GeoJSON in WGS84 (EPSG:4326) with columns code, name, population"
_LAMBERT_93 = (-400_000.0, 5_900_000.0, 1_500_000.0, 7_300_000.0)


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
            fix=FIX,
        ) from None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise UserError("this GeoJSON has no features", file=path, expected="a FeatureCollection", fix=FIX)
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
                    fix=FIX,
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
            fix=FIX,
        ) from None


def check_polygons(path: Path) -> None:
    """Refuse a file that is not there.

    Raises:
        UserError: there is no such file.
    """
    if not path.is_file():
        raise UserError("there is no such file of communes", file=path, fix="give a GeoJSON or GeoPackage")


def open_polygons(path: Path) -> Any:
    """A GeoDataFrame of a GeoJSON or GeoPackage file, told apart by content.

    Raises:
        UserError: absent, unreadable, or without polygons.
    """
    import geopandas

    check_polygons(path)
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
            "this GeoPackage cannot be read", file=path, found=str(error)[:200], fix=FIX
        ) from None
    if not isinstance(frame, geopandas.GeoDataFrame) or frame.empty:
        raise UserError("this GeoPackage has no layer of polygons", file=path, fix=FIX)
    return frame


def to_wgs84(frame: Any, path: Path, counts: dict[str, int], notes: list[str]) -> Any:
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
            counts["communes taken as Lambert-93 (undeclared)"] = len(frame)
            notes.append(
                "The communes' coordinates are metres and no projection is declared; "
                "they were taken as Lambert-93 (EPSG:2154)."
            )
            return frame.set_crs(2154, allow_override=True).to_crs(4326)
        raise UserError(
            "the communes' coordinates are no degrees, and their projection is not declared",
            file=path,
            found=f"x from {bounds[0]:.6g} to {bounds[2]:.6g}, y from {bounds[1]:.6g} to {bounds[3]:.6g}",
            expected="longitude -180 to 180, latitude -90 to 90",
            fix=FIX,
        )
    if frame.crs is None or frame.crs.to_epsg() == 4326:
        return frame
    try:
        frame = frame.to_crs(4326)
    except Exception as error:  # pyproj and shapely errors of odd projections
        raise UserError(
            "the communes cannot be reprojected", file=path, found=str(error)[:200], fix=FIX
        ) from None
    if not np.isfinite(frame.total_bounds).all():
        raise UserError("the communes lie outside their projection's reach", file=path, fix=FIX)
    return frame
