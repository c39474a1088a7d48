"""The service transit: timetabled buses and trains, walking to and from stops.

Lives here: what a transit tour takes and costs at a shift's real hours. Not here: the scan.
"""

from __future__ import annotations

import numpy as np

from embauche.commuting.offers import Tile
from embauche.core.parallel import run_blocks
from embauche.kernels.timetable import door_to_door
from embauche.services.base import Service


class Transit(Service):
    """Latest departure that is in time for the shift, earliest arrival home after it."""

    name = "transit"
    label = {"fr": "transports en commun", "en": "transit"}  # noqa: RUF012
    nest = "public"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers: both ways within the longest trip, or none."""
        tables, access = self.network.transit, self.network.access
        if tables is None:
            tile.out_min[:] = np.inf
            tile.back_min[:] = np.inf
            tile.early_min[:] = tile.wait_min[:] = tile.transfers[:] = 0.0
            return
        row = tables.row[tile.site, tile.klass]
        run_blocks(
            door_to_door, len(tile.place), tile.place, row, access.ptr, access.stop, access.seconds,
            tables.to_s, tables.to_km, tables.back_s, tables.back_km,
            self.value("bus_co2_g_per_km"), self.value("rail_co2_g_per_km"), self.value("max_min"),
            tile.out_min, tile.back_min, tile.km, tile.g,
        )  # fmt: skip
        tile.eur[:] = self.value("fare_eur")
        tile.early_min[:] = 0.0  # the timetable's tables do not tell them apart yet
        tile.wait_min[:] = 0.0
        tile.transfers[:] = 0.0
