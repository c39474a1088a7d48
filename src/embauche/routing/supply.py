"""What a timetable runs in a week: kilometres and hours of vehicles, by who runs them and where.

Lives here: Supply. Not here: what it costs (services.transit), who runs a route (territory.authorities).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.table import Table
from embauche.routing.access import RAIL_MODES

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Supply:
    """A week's service by runner (authorities in order, last the region) and kind (0 road, 1 rail).

    Attributes:
        km: float64 [runner, kind] vehicle-kilometres in service.
        minutes: float64 [runner, kind] from each trip's first departure to its last arrival.
        commune_km: float64 [runner, commune] vehicle-kilometres by commune (last: outside all), half of each
            stretch where it begins and half where it ends.
    """

    km: Array
    minutes: Array
    commune_km: Array


def supply_week(
    trips: Table, connections: Table, runner: Array, runners: int, stop_commune: Array, communes: int
) -> Supply:
    """Add up a week's trips.

    Args:
        trips, connections: the timetable.
        runner: int32 [trip], below runners.
        runners: number of those who run trips.
        stop_commune: int32 [stop] row of communes, -1 outside all.
        communes: number of communes.
    """
    runs = np.unpackbits(trips.days.astype(np.uint8)[:, None], axis=1).sum(axis=1).astype(np.float64)
    kind = np.isin(trips.mode, RAIL_MODES).astype(np.int64)
    cell = runner.astype(np.int64) * 2 + kind
    trip = connections.trip
    stretch = connections.km.astype(np.float64) * runs[trip]
    km = np.bincount(cell[trip], stretch, minlength=2 * runners).reshape(runners, 2)
    first = np.full(len(trips), np.iinfo(np.int64).max)
    last = np.full(len(trips), np.iinfo(np.int64).min)
    np.minimum.at(first, trip, connections.dep_s.astype(np.int64))
    np.maximum.at(last, trip, connections.arr_s.astype(np.int64))
    minutes = np.where(last >= first, last - first, 0) / 60.0 * runs
    commune_km = np.zeros((runners, communes + 1))
    for stop in ("dep_stop", "arr_stop"):
        np.add.at(commune_km, (runner[trip], stop_commune[connections[stop]]), stretch / 2)  # -1: the last
    spent = np.bincount(cell, minutes, minlength=2 * runners).reshape(runners, 2)
    return Supply(km, spent, commune_km)
