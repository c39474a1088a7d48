"""The service car: driving alone in a car of the household.

Lives here: what a car tour takes and costs. Not here: which member gets the car (kernels.travel).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embauche.core.parameters.registry import ADEME, FROM_MEMORY, Parameter
from embauche.services.accounting import Done, own_way
from embauche.services.base import Needs, Service, road_offer

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile
    from embauche.core.ledger import Ledger, Operations

PARAMETERS = (
    Parameter("car.terminal_min", 3.0, "min", 0, 15, FROM_MEMORY, "walk to and from the car, each way"),
    Parameter(
        "car.cost_eur_per_km", 0.16, "EUR/km", 0.08, 0.6, "marginal 0.12-0.20 EUR/km (FACTS, from memory)",
        "cost of driving that users perceive",
    ),
    Parameter("car.co2_g_per_km", 142.0, "g/km", 60, 250, ADEME, "CO2 of driving alone"),
    Parameter("car.asc_eur", 0.0, "EUR", -20, 20, "reference", "constant of the car"),
    Parameter("car.weight", 1.0, "ratio", 0.5, 3, "reference", "weight of a minute by car"),
    Parameter("car.late", 0.01, "share of tours", 0, 0.2, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("car.fail", 0.001, "share of tours", 0, 0.05, FROM_MEMORY, "car does not start"),
)  # fmt: skip


class Car(Service):
    """Node-to-node driving by the fastest path, plus terminal minutes each way."""

    name = "car"
    label = {"fr": "voiture", "en": "car"}  # noqa: RUF012
    order = 0
    default_on = True
    parameters_of = PARAMETERS
    needs = Needs.CAR
    nest = "car"

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers."""
        road_offer(self, tile, "car", self.value("terminal_min"), np.inf)
        np.multiply(tile.km, np.float32(self.value("cost_eur_per_km")), out=tile.eur)
        np.multiply(tile.km, np.float32(self.value("co2_g_per_km")), out=tile.g)

    def books(self, done: Done, ledger: Ledger, operations: Operations) -> None:
        """A vehicle-kilometre for each kilometre: who drives alone pays her energy and upkeep."""
        own_way(
            self.name, done, ledger, operations, vehicle=True,
            kwh_per_km=self.parameters["cost.car_kwh_per_km"],
        )  # fmt: skip
