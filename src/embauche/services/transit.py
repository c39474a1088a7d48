"""The service transit: timetabled buses and trains, walking to and from stops.

Lives here: what a transit tour takes and costs at a shift's real hours. Not here: the search.
"""

from __future__ import annotations

import numpy as np

from embauche.commuting.offers import Tile
from embauche.core.parallel import run_blocks
from embauche.kernels.transit import door_to_door
from embauche.services.base import Service


class Transit(Service):
    """Latest departure that is in time for the shift, earliest arrival home after it."""

    name = "transit"
    label = {"fr": "transports en commun", "en": "transit"}  # noqa: RUF012
    nest = "public"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers: both ways within the longest trip, or none."""
        n, rows = self.network, self.network.transit
        fares = n.jurisdiction.fares(self.value("fare_eur"))
        tile.eur[:] = fares[n.place_area[tile.place], n.site_area[tile.site]]
        tile.out_min[:] = tile.back_min[:] = np.inf
        for field in (tile.km, tile.g, tile.early_min, tile.wait_min, tile.transfers):
            field[:] = 0.0
        if rows is None:
            return
        near, asked = rows.near, rows.row[tile.site, tile.klass]
        for pair, table in rows.tiles(asked):
            run_blocks(
                door_to_door, len(pair), pair, np.ascontiguousarray(tile.place[pair]),
                asked[pair].astype(np.int64), near.ptr, near.stop, near.seconds, *table,
                self.value("bus_co2_g_per_km"), self.value("rail_co2_g_per_km"), rows.longest_s,
                tile.out_min, tile.back_min, tile.km, tile.g, tile.early_min, tile.wait_min, tile.transfers,
            )  # fmt: skip
