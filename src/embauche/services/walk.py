"""The service walk: on foot all the way.

Lives here: what a walk takes. Not here: walks to a stop (routing.timetable).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embauche.core.parameters.registry import FITTED, FROM_MEMORY, Parameter
from embauche.services.base import Service, inside_only, road_offer

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile

PARAMETERS = (
    Parameter("walk.asc_eur", 1.8, "EUR", -20, 20, FITTED, "constant of walking"),
    Parameter("walk.weight", 1.2, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute on foot"),
    Parameter("walk.max_min", 75.0, "min", 10, 180, FROM_MEMORY, "longest walk to work, each way"),
    Parameter("walk.late", 0.002, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("walk.fail", 0.0, "share of tours", 0, 0.05, FROM_MEMORY, "walks that fail"),
)  # fmt: skip


class Walk(Service):
    """Walking by the shortest path, up to a longest walk each way."""

    name = "walk"
    label = {"fr": "marche", "en": "walking"}  # noqa: RUF012
    order = 2
    default_on = True
    parameters_of = PARAMETERS
    nest = "active"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers; kilometres are those of the car's path."""
        road_offer(self, tile, "walk", 0.0, self.value("max_min"))
        inside_only(self, tile)
        tile.eur[:] = 0.0
        tile.g[:] = 0.0
