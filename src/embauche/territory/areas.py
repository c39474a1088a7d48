"""Points in polygons and hulls, for whole arrays.

Lives here: geometry that communes, homes and sites share. Not here: files.
"""

from __future__ import annotations

from typing import Any

import numpy as np


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
