"""The service scooter: a moped of 50 cm3 that an aid lends (solidarity mobility).

Lives here: what a scooter tour takes and costs. Not here: stock and waiting list (labour.aids).
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

_FUEL = "about 3 l of petrol in 100 km at 1.9 EUR and 2.8 kg CO2e a litre (from memory)"
_SPEED = "45 km/h at most by law, less on the way (from memory)"
PARAMETERS = (
    Parameter("scooter.asc_eur", -3.0, "EUR", -20, 20, FROM_MEMORY, "constant of the lent scooter"),
    Parameter("scooter.weight", 1.3, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute: weather, risk"),
    Parameter("scooter.kmh", 32.0, "km/h", 15, 45, _SPEED, "mean speed on the fastest path by car"),
    Parameter("scooter.max_min", 45.0, "min", 10, 120, FROM_MEMORY, "longest ride to work, each way"),
    Parameter("scooter.cost_eur_per_km", 0.06, "EUR/km", 0, 0.3, _FUEL, "fuel that the user pays"),
    Parameter("scooter.co2_g_per_km", 84.0, "g/km", 0, 200, _FUEL, "CO2 of a scooter"),
    Parameter("scooter.kwh_per_km", 0.27, "kWh/km", 0, 1, _FUEL, "energy of a scooter"),
    Parameter("scooter.late", 0.01, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("scooter.fail", 0.005, "share of tours", 0, 0.05, FROM_MEMORY, "breakdown, frost"),
)  # fmt: skip


class Scooter(Service):
    """The way a car takes, at a scooter's speed where that is less."""

    name = "scooter"
    label = {"fr": "scooter prêté", "en": "lent scooter"}  # noqa: RUF012
    needs = Needs.KIT
    for_some = True
    kit = VEHICLES["scooter"]
    parameters_of = PARAMETERS

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers."""
        road_offer(self, tile, "car", 0.0, np.inf)
        inside_only(self, tile)
        slowest = tile.km * np.float32(30.0 / self.value("kmh"))  # half the tour's km, in minutes
        for minutes in (tile.out_min, tile.back_min):
            np.maximum(minutes, slowest, out=minutes)
        longest = np.maximum(tile.out_min, tile.back_min) > self.value("max_min")
        tile.out_min[longest] = tile.back_min[longest] = np.inf
        np.multiply(tile.km, np.float32(self.value("cost_eur_per_km")), out=tile.eur)
        np.multiply(tile.km, np.float32(self.value("co2_g_per_km")), out=tile.g)

    def books(self, done: Done, ledger: Ledger, operations: Operations) -> None:
        """Users pay the fuel; the loan itself is the aid's (labour.aids)."""
        own_way(
            self.name, done, ledger, operations, what="energy", vehicle=True,
            kwh_per_km=self.value("kwh_per_km"),
        )  # fmt: skip
