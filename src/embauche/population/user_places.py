"""Where a user's rows lie: nearest home or firm's node, or a spot drawn in the commune named.

Lives here: locate. Not here: reading the rows (user_files).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np

from embauche.core.errors import Problem
from embauche.population.ground import Ground
from embauche.population.quotas import Array, Draw, spread_over, stratified
from embauche.population.user_files import Rows

MOST_M = 2_000.0  # farthest from a road
_M_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class Located:
    """Commune (row of communes) and spot (row of places, or of sites) of each row."""

    commune: Array
    row: Array


def locate(rows: Rows, ground: Ground, spots: str, seed: int) -> Located:
    """Find the spot of each row of a user's table; faults go to `rows.problems`.

    Coordinates are taken to the nearest place (or site) inside the territory; they must lie within
    2 km of a road. A row that names a commune (or external zone) has a spot drawn there by weight.

    Args:
        rows: the table, with lon and lat, or commune.
        ground: the territory.
        spots: "places" or "sites".
        seed: seed of the spots drawn.
    """
    table = ground.places if spots == "places" else ground.sites
    key = rows[rows.kind.rstrip("s") + "_id"]
    if "commune" in rows and "lon" not in rows:
        commune = _communes(rows, ground, np.unique(table.commune[table.weight > 0]))
        if rows.problems:
            return Located(commune, np.zeros(len(rows), np.int64))
        v = stratified(seed, Draw.PLACE, key, ground.number[commune])
        return Located(commune, spread_over(v, commune, table.weight, table.commune))
    if "lon" not in rows or "lat" not in rows or "commune" in rows:
        rows.problems.append(
            Problem(
                "no way to tell where these rows lie",
                rows.path,
                1,
                ", ".join(rows.columns),
                "either lon and lat, or commune",
                "add the columns lon and lat (WGS84 degrees), or commune (INSEE code)",
            )
        )
        return Located(np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64))
    return _nearest(rows, ground, table.node, table.commune)


def _communes(rows: Rows, ground: Ground, with_spots: Array) -> Array:
    codes = [str(c) for c in ground.communes.code]
    row_of = {codes[r]: int(r) for r in with_spots}
    given = rows["commune"]
    # Spreadsheets drop the leading zero of codes such as 01004.
    rows_found = np.array([row_of.get(c, row_of.get(c.zfill(5), -1)) for c in given], np.int64)

    def nearest(i: int) -> str:
        near = difflib.get_close_matches(given[i], list(row_of), 1)
        return f"{given[i] or 'nothing'}" + (f" (did you mean {near[0]}?)" if near else "")

    rows.fault(
        rows_found < 0, "this commune is not in the territory", nearest, "a commune or external zone of it"
    )
    return np.where(rows_found < 0, 0, rows_found)


def _nearest(rows: Rows, ground: Ground, node: Array, commune: Array) -> Located:
    from scipy.spatial import cKDTree

    nodes = ground.nodes
    middle = np.radians(float(nodes.lat.mean()))

    def metres(lon: Array, lat: Array) -> Array:
        return np.stack([lon * np.cos(middle), lat], 1) * _M_PER_DEGREE

    here = metres(rows["lon"], rows["lat"])
    on_road = np.asarray(nodes.in_car | nodes.in_walk | nodes.in_bike, bool)
    gap = np.asarray(cKDTree(metres(nodes.lon[on_road], nodes.lat[on_road])).query(here)[0])
    rows.fault(
        gap > MOST_M,
        f"farther than {MOST_M / 1000:g} km from any road of the territory",
        lambda i: f"lon {rows['lon'][i]:g}, lat {rows['lat'][i]:g}: {gap[i] / 1000:,.1f} km",
        "longitude and latitude in WGS84 degrees, inside the territory",
        "check that lon and lat are not exchanged, or leave these rows out",
    )
    inside = np.flatnonzero(~ground.communes.external[commune])
    tree = cKDTree(metres(nodes.lon[node[inside]], nodes.lat[node[inside]]))
    # Ties go to the lowest row: the tree does not promise an order among equal distances.
    distance, found = tree.query(here, k=min(4, len(inside)))
    distance = np.asarray(distance).reshape(len(here), -1)
    found = np.asarray(found).reshape(len(here), -1)
    found = np.where(distance <= distance[:, :1] + 1e-6, found, len(inside)).min(1)
    spot = inside[found]
    return Located(commune[spot].astype(np.int64), spot)
