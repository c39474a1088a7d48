"""The service ebike: an electric bike that an aid lends, or that was bought with a grant.

Lives here: what a tour takes and costs. Not here: grants and loans (labour.aids), bikes (bike).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embauche.core.parameters.registry import FROM_MEMORY, Parameter
from embauche.core.scenario_aids import VEHICLES
from embauche.services.accounting import own_way
from embauche.services.base import Needs, Service, inside_only, road_offer

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile
    from embauche.core.ledger import Ledger, Operations
    from embauche.services.accounting import Done

_ADEME = "ADEME base empreinte, g CO2e a passenger-km (FACTS)"
_BETWEEN = "between the bike's constant and none (from memory), to be swept"
_EFFORT = "less effort than bike.weight (from memory)"
_SPEED = "order of measured trips: 18 to 20 km/h over 14 to 15 (from memory)"
PARAMETERS = (
    Parameter("ebike.asc_eur", -5.0, "EUR", -20, 20, _BETWEEN, "constant of the e-bike"),
    Parameter("ebike.weight", 1.2, "ratio", 0.5, 3, _EFFORT, "weight of a minute by e-bike"),
    Parameter("ebike.faster", 1.3, "ratio", 1, 2, _SPEED, "speed over that of a bike"),
    Parameter("ebike.max_min", 60.0, "min", 10, 120, FROM_MEMORY, "longest ride to work, each way"),
    Parameter("ebike.cost_eur_per_km", 0.01, "EUR/km", 0, 0.2, FROM_MEMORY, "current and battery"),
    Parameter("ebike.co2_g_per_km", 11.0, "g/km", 0, 50, _ADEME, "CO2 of an e-bike"),
    Parameter("ebike.kwh_per_km", 0.008, "kWh/km", 0, 0.1, FROM_MEMORY, "energy of an e-bike"),
    Parameter("ebike.late", 0.005, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("ebike.fail", 0.002, "share of tours", 0, 0.05, FROM_MEMORY, "flat tyre, flat battery, storm"),
)  # fmt: skip


class EBike(Service):
    """The path that a bike takes, faster by a ratio, up to a longest ride each way."""

    name = "ebike"
    label = {"fr": "vélo électrique", "en": "e-bike"}  # noqa: RUF012
    needs = Needs.KIT
    for_some = True
    kit = VEHICLES["ebike"]
    nest = "active"
    parameters_of = PARAMETERS

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers; kilometres are those of the car's path."""
        faster = self.value("faster")
        road_offer(self, tile, "bike", 0.0, self.value("max_min") * faster)
        inside_only(self, tile)
        tile.out_min /= np.float32(faster)
        tile.back_min /= np.float32(faster)
        np.multiply(tile.km, np.float32(self.value("cost_eur_per_km")), out=tile.eur)
        np.multiply(tile.km, np.float32(self.value("co2_g_per_km")), out=tile.g)

    def books(self, done: Done, ledger: Ledger, operations: Operations) -> None:
        """Users pay the current."""
        own_way(self.name, done, ledger, operations, what="energy", kwh_per_km=self.value("kwh_per_km"))
