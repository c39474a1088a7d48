"""The service car: driving alone in a car of the household.

Lives here: what a car tour takes and costs. Not here: which member gets the car (kernels.travel).
"""

from __future__ import annotations

import numpy as np

from embauche.commuting.offers import Tile
from embauche.services.base import Needs, Service, road_offer


class Car(Service):
    """Node-to-node driving by the fastest path, plus terminal minutes each way."""

    name = "car"
    label = {"fr": "voiture", "en": "car"}  # noqa: RUF012
    needs = Needs.CAR
    nest = "car"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers."""
        road_offer(self, tile, "car", self.value("terminal_min"), np.inf)
        np.multiply(tile.km, np.float32(self.value("cost_eur_per_km")), out=tile.eur)
        np.multiply(tile.km, np.float32(self.value("co2_g_per_km")), out=tile.g)
