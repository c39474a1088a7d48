"""What a service is: it states minutes, euros, kilometres and grams of a tour, and registers itself.

Lives here: Service, its registry, helpers of road services. Not here: any particular service.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import IntEnum
from typing import Any, ClassVar

import numpy as np

from embauche.commuting.employers import Terms
from embauche.commuting.network import Network
from embauche.commuting.offers import Tile
from embauche.core.draws import stable_id
from embauche.core.parallel import run_blocks
from embauche.core.parameters import Parameters
from embauche.kernels.choice import felt_minutes
from embauche.kernels.offers import road_km, road_minutes

Array = np.ndarray[Any, Any]


class Needs(IntEnum):
    """What a person must have to be offered a service."""

    NOTHING = 0
    CAR = 1  # a licence and a car of the household that is free
    BIKE = 2


class Service(ABC):
    """One way to travel. A subclass in its own file registers by its `name`.

    Attributes:
        name: key in scenarios and results.
        label: shown to people, by language.
        needs: what a person must have.
        nest: name of the services that people take for much the same; its dissimilarity is the
            parameter `nest.NAME`. None of its own: a nest for itself.
    """

    name: ClassVar[str]
    label: ClassVar[dict[str, str]]
    needs: ClassVar[Needs] = Needs.NOTHING
    nest: ClassVar[str] = ""
    terms: Terms | None = None  # what employers add (commuting.employers)

    def __init__(self, network: Network, parameters: Parameters) -> None:
        self.network = network
        self.parameters = parameters

    def __init_subclass__(cls) -> None:
        REGISTRY[cls.name] = cls

    def value(self, what: str) -> float:
        """The service's own parameter `name.what`."""
        return self.parameters[f"{self.name}.{what}"]

    @property
    def service_id(self) -> int:
        """Stable id of the service: the key of its random draws."""
        return stable_id(self.name)

    @property
    def nest_name(self) -> str:
        """Its nest; one of its own where it declares none."""
        return self.nest or self.name

    @property
    def dissimilarity(self) -> float:
        """The parameter of its nest: near 0 its services are one and the same to people, at 1 unlike."""
        return self.parameters[f"nest.{self.nest}"] if self.nest else 1.0

    def offer(self, tile: Tile) -> None:
        """Fill the tile, and weigh its minutes: felt_min."""
        self.fill(tile)
        if self.terms is not None:
            self.terms.apply(self.name, tile)
        run_blocks(
            felt_minutes, len(tile.place), tile.out_min, tile.back_min, tile.early_min, tile.wait_min,
            tile.transfers, self.value("weight"), self.parameters["commute.early_weight"],
            self.parameters["commute.wait_weight"], self.parameters["commute.change_min"], tile.felt_min,
        )  # fmt: skip

    @abstractmethod
    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers; both ways or none."""


REGISTRY: dict[str, type[Service]] = {}


def road_offer(service: Service, tile: Tile, mode: str, terminal_min: float, max_min: float) -> None:
    """Fill minutes of a road service, and kilometres, which are those of the car's path.

    Who travels by road alone arrives when she wants, waits for nobody and changes nothing.

    Args:
        service: the service asked.
        tile: trips and arrays to fill.
        mode: "car", "bike" or "walk".
        terminal_min: minutes added each way.
        max_min: longest trip each way, inf for none.
    """
    n = service.network
    pair, to_s, back_s, *_ = tile.ways.of(n.roads, mode)
    run_blocks(
        road_minutes, len(tile.place), tile.site, tile.place, pair, to_s, back_s, n.gate_place_min,
        n.gate_site_min, terminal_min, max_min, tile.out_min, tile.back_min,
    )  # fmt: skip
    pair, _, _, to_dam, back_dam = tile.ways.of(n.roads, "car")
    run_blocks(
        road_km, len(tile.place), tile.site, tile.place, pair, to_dam, back_dam,
        n.gate_place_km, n.gate_site_km, tile.km,
    )  # fmt: skip
    tile.early_min[:] = 0.0
    tile.wait_min[:] = 0.0
    tile.transfers[:] = 0.0


def inside_only(service: Service, tile: Tile) -> None:
    """Withdraw the offer where either end lies in an external zone."""
    outside = service.network.outside_place[tile.place] | service.network.outside_site[tile.site]
    tile.out_min[outside] = np.inf
    tile.back_min[outside] = np.inf
