"""The service bike: one's own bike on the bike network.

Lives here: what a bike tour takes. Not here: speeds (territory.roads).
"""

from __future__ import annotations

from embauche.commuting.offers import Tile
from embauche.services.base import Needs, Service, inside_only, road_offer


class Bike(Service):
    """Riding by the fastest path, up to a longest ride each way."""

    name = "bike"
    label = {"fr": "vélo", "en": "bike"}  # noqa: RUF012
    needs = Needs.BIKE
    nest = "active"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers; kilometres are those of the car's path."""
        road_offer(self, tile, "bike", 0.0, self.value("max_min"))
        inside_only(self, tile)
        tile.eur[:] = 0.0
        tile.g[:] = 0.0
