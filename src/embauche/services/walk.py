"""The service walk: on foot all the way.

Lives here: what a walk takes. Not here: walks to a stop (routing.timetable).
"""

from __future__ import annotations

from embauche.commuting.offers import Tile
from embauche.services.base import Service, inside_only, road_offer


class Walk(Service):
    """Walking by the shortest path, up to a longest walk each way."""

    name = "walk"
    label = {"fr": "marche", "en": "walking"}  # noqa: RUF012
    nest = "active"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers; kilometres are those of the car's path."""
        road_offer(self, tile, "walk", 0.0, self.value("max_min"))
        inside_only(self, tile)
        tile.eur[:] = 0.0
        tile.g[:] = 0.0
