"""Offers of road services for pairs of place and site.

Lives here: minutes and kilometres of tours by road. Not here: timetable trips (kernels.timetable).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel


@kernel
def road_minutes(
    lo: int,
    hi: int,
    site: np.ndarray,
    place: np.ndarray,
    pair: np.ndarray,
    to_s: np.ndarray,
    back_s: np.ndarray,
    extra_place_min: np.ndarray,
    extra_site_min: np.ndarray,
    terminal_min: float,
    max_min: float,
    out_min: np.ndarray,
    back_min: np.ndarray,
) -> None:
    """Minutes out and back for rows lo..hi; inf where either way is missing or over max_min.

    place and site are [row]; pair [row] is the row's entry in to_s and back_s.
    """
    for i in range(lo, hi):
        to = np.float64(to_s[pair[i]])
        back = np.float64(back_s[pair[i]])
        extra = np.float64(extra_place_min[place[i]]) + np.float64(extra_site_min[site[i]]) + terminal_min
        out_min[i] = np.inf
        back_min[i] = np.inf
        if to < np.inf and back < np.inf:
            a = to / 60.0 + extra
            b = back / 60.0 + extra
            if a <= max_min and b <= max_min:
                out_min[i] = a
                back_min[i] = b


@kernel
def road_km(
    lo: int,
    hi: int,
    site: np.ndarray,
    place: np.ndarray,
    pair: np.ndarray,
    to_dam: np.ndarray,
    back_dam: np.ndarray,
    extra_place_km: np.ndarray,
    extra_site_km: np.ndarray,
    km: np.ndarray,
) -> None:
    """Kilometres of the tour (both ways) for rows lo..hi."""
    for i in range(lo, hi):
        extra = np.float64(extra_place_km[place[i]]) + np.float64(extra_site_km[site[i]])
        km[i] = (np.float64(to_dam[pair[i]]) + back_dam[pair[i]]) / 100.0 + 2.0 * extra


@kernel
def carry_rows(
    lo: int,
    hi: int,
    start: np.ndarray,
    end: np.ndarray,
    new_start: np.ndarray,
    source: np.ndarray,
    target: np.ndarray,
) -> None:
    """Copy the rows of workers lo..hi from the old layout to the new, [service, row]."""
    for w in range(lo, hi):
        shift = start[w] - new_start[w]
        for r in range(new_start[w], new_start[w] + end[w] - start[w]):
            for s in range(source.shape[0]):
                target[s, r] = source[s, r + shift]
