"""Distances on the globe.

Lives here: distance_m. Not here: projections (territory) or road lengths (territory.roads).
"""

from __future__ import annotations

from typing import Any

import numpy as np

Floats = np.ndarray[Any, Any]
EARTH_M = 6_371_009.0  # mean radius, as osmnx uses


def distance_m(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Great-circle distance in metres between points in degrees (haversine)."""
    a, b = np.radians(lat1), np.radians(lat2)
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    out: Floats = 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return out
