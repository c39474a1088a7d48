"""The service bike: one's own bike on the bike network.

Lives here: what a bike tour takes. Not here: speeds (territory.roads).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embauche.core.parameters.registry import FITTED, FROM_MEMORY, Parameter
from embauche.services.base import Needs, Service, inside_only, road_offer

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile

PARAMETERS = (
    Parameter("bike.asc_eur", -7.0, "EUR", -20, 20, FITTED, "constant of the bike"),
    Parameter("bike.weight", 1.4, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute by bike"),
    Parameter("bike.max_min", 60.0, "min", 10, 120, FROM_MEMORY, "longest ride to work, each way"),
    Parameter("bike.late", 0.005, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("bike.fail", 0.002, "share of tours", 0, 0.05, FROM_MEMORY, "flat tyre, storm"),
)  # fmt: skip


class Bike(Service):
    """Riding by the fastest path, up to a longest ride each way."""

    name = "bike"
    label = {"fr": "vélo", "en": "bike"}  # noqa: RUF012
    order = 1
    default_on = True
    parameters_of = PARAMETERS
    needs = Needs.BIKE
    nest = "active"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers; kilometres are those of the car's path."""
        road_offer(self, tile, "bike", 0.0, self.value("max_min"))
        inside_only(self, tile)
        tile.eur[:] = 0.0
        tile.g[:] = 0.0
