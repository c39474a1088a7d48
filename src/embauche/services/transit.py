"""The service transit: timetabled buses and trains, walking to and from stops.

Lives here: what a transit tour takes and costs at a shift's real hours. Not here: the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embauche.core.parameters.registry import ADEME, FITTED, FROM_MEMORY, Parameter
from embauche.services.base import Service

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile

PARAMETERS = (
    Parameter("transit.asc_eur", 3.1, "EUR", -20, 20, FITTED, "constant of transit"),
    Parameter(
        "transit.weight", 1.0, "ratio", 0.5, 3, FROM_MEMORY,
        "weight of a minute by transit, walks included, waits not",
    ),
    Parameter(
        "transit.fare_eur", 2.0, "EUR", 0, 20, FROM_MEMORY,
        "what a tour costs its rider, after the employer's half of a pass",
    ),
    Parameter(
        "transit.max_min", 100.0, "min", 20, 240, FROM_MEMORY, "longest trip each way, wait at work included"
    ),
    Parameter("transit.late", 0.03, "share of tours", 0, 0.3, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("transit.fail", 0.005, "share of tours", 0, 0.1, FROM_MEMORY, "bus or train that does not run"),
    Parameter("transit.transfer_min", 3.0, "min", 0, 15, FROM_MEMORY, "least time to change vehicles"),
    Parameter("transit.bus_co2_g_per_km", 122.0, "g/km", 20, 300, ADEME, "diesel bus, a passenger-km"),
    Parameter("transit.rail_co2_g_per_km", 27.7, "g/km", 2, 100, ADEME, "TER, a passenger-km"),
    Parameter(
        "transit.bus_cost_eur_per_km", 4.5, "EUR/km", 1, 10, FROM_MEMORY, "public cost of a vehicle-km by bus"
    ),
    Parameter(
        "transit.rail_cost_eur_per_km", 16.0, "EUR/km", 5, 40, FROM_MEMORY, "public cost of a train-km"
    ),
)  # fmt: skip


class Transit(Service):
    """Latest departure that is in time for the shift, earliest arrival home after it."""

    name = "transit"
    label = {"fr": "transports en commun", "en": "transit"}  # noqa: RUF012
    order = 3
    default_on = True
    parameters_of = PARAMETERS
    nest = "public"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers: both ways within the longest trip, or none."""
        from embauche.core.parallel import run_blocks
        from embauche.kernels.transit import door_to_door

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
