"""Slopes of links from elevations and incline tags, and what they do to speeds by bike and on foot.

Lives here: heights along ways, slopes, factors of speed. Not here: reading tags (osm, highways).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]

STEEPEST = 0.4  # steeper between two nodes is a mistake of a height, and counts as flat
LOWEST_M, HIGHEST_M = -450.0, 9000.0  # of land
_HEIGHT = re.compile(r"^([+-]?\d{1,4}(?:\.\d+)?)\s*(m|ft|')?$")


def parse_height(text: str) -> float:
    """An `ele` tag in metres, NaN if it gives none."""
    found = _HEIGHT.match(text.strip())
    if not found:
        return float("nan")
    metres = float(found[1]) * (1.0 if found[2] in (None, "m") else 0.3048)
    return metres if LOWEST_M <= metres <= HIGHEST_M else float("nan")


def heights_along(height: Floats, metres: Floats, owner: Any) -> Floats:
    """Heights of all nodes of ways, those between two known ones of the same way interpolated.

    Args:
        height: [node of way] metres, NaN where unknown; ways end to end.
        metres: [node of way] position along all ways.
        owner: int [node of way] row of the way.

    Returns:
        [node of way], NaN before the first and after the last known height of a way.
    """
    n = len(height)
    known = np.isfinite(height)
    if not known.any():
        return np.full(n, np.nan)
    at = np.arange(n)
    before = np.maximum.accumulate(np.where(known, at, 0))
    after = np.minimum.accumulate(np.where(known, at, n - 1)[::-1])[::-1]
    usable = known[before] & known[after] & (owner[before] == owner) & (owner[after] == owner)
    span = metres[after] - metres[before]
    share = np.where(span > 0, (metres - metres[before]) / np.where(span > 0, span, 1.0), 0.0)
    found = height[before] + share * (height[after] - height[before])
    out: Floats = np.where(usable, found, np.nan)
    return out


def slopes(incline: Floats, rise_m: Floats, length_m: Floats) -> Floats:
    """Rise over length of links: what the way's tag says, else from heights, else flat.

    Args:
        incline: [link] of the way's tag, NaN where it says nothing.
        rise_m: [link] height of the head over the tail, NaN where unknown.
        length_m: [link].
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        measured = np.where(length_m > 0, rise_m / length_m, 0.0)
    out = np.where(np.isfinite(incline), incline, measured)
    return np.where(np.abs(out) <= STEEPEST, out, 0.0)  # NaN is flat too


def bike_factor(slope: Floats, values: Mapping[str, float]) -> Floats:
    """Speed by bike over that on the flat: it falls and rises with the percent, as far as brakes allow."""
    percent = 100.0 * slope
    up = 1.0 - values["roads.bike_up_share"] * np.maximum(percent, 0.0)
    down = values["roads.bike_down_share"] * np.maximum(-percent, 0.0)
    out: Floats = np.minimum(up + down, values["roads.bike_down_most"])
    return out


def walk_factor(slope: Floats, values: Mapping[str, float]) -> Floats:
    """Walking speed over that on the flat (Tobler 1993)."""
    best = values["roads.walk_slope_best"]
    out: Floats = np.exp(-values["roads.walk_slope"] * (np.abs(slope - best) - abs(best)))
    return out
