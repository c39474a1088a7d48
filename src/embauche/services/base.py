"""What a service is: it states minutes, euros, kilometres and grams of a tour, and registers itself.

Lives here: Service, what it stands on, helpers of road services. Not here: any particular service.
This file and the services' own load nothing that computes until they are asked for offers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from embauche.core.draws import stable_id
from embauche.core.errors import Problem
from embauche.core.offerings import Fields, NoOptions, register
from embauche.core.parameters.registry import Parameter, Parameters

if TYPE_CHECKING:
    from embauche.commuting.employers import Terms
    from embauche.commuting.network import Network
    from embauche.commuting.offers import Tile
    from embauche.commuting.tour_ends import TourEnds
    from embauche.core.ledger import Ledger, Operations
    from embauche.core.settings import Settings
    from embauche.core.shifts import ShiftCatalogue
    from embauche.population.population import Population
    from embauche.services.accounting import Done
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]


class Needs(IntEnum):
    """What a person must have to be offered a service."""

    NOTHING = 0
    CAR = 1  # a licence and a car of the household that is free
    BIKE = 2
    KIT = 3  # what an aid lends or grants (`Service.kit`)


@dataclass(frozen=True)
class Ground:
    """What services stand on.

    Attributes:
        territory, population, catalogue, parameters, settings: what the model is made of.
        network: times between the places and sites in use.
        seed: the replication's seed.
        tour_ends: where persons' tours begin and end.
        terms: what employers add to offers, if anything.
    """

    territory: Territory
    population: Population
    catalogue: ShiftCatalogue
    parameters: Parameters
    settings: Settings
    network: Network
    seed: int
    tour_ends: TourEnds
    terms: Terms | None = None


class Service(ABC):
    """One way to travel. A subclass in its own file registers by its `name`, and nothing else is needed.

    Attributes:
        name: key in scenarios and results.
        label: shown to people, by language.
        needs: what a person must have.
        nest: name of the services that people take for much the same; its dissimilarity is the
            parameter `nest.NAME`. None of its own: a nest for itself.
        for_some: only for persons whom an aid has chosen: no part of what residents can reach.
        kit: with Needs.KIT the bit of what is lent or granted (core.scenario_aids.VEHICLES).
        order: rows of services in results go by this, then by name.
        default_on: whether it is in use where a scenario does not name it.
        parameters_of: its parameters, named `NAME.what`; `asc_eur`, `weight`, `late` and `fail` at least.
        Options: its fields in a scenario besides parameters.
    """

    name: ClassVar[str]
    label: ClassVar[dict[str, str]]
    needs: ClassVar[Needs] = Needs.NOTHING
    nest: ClassVar[str] = ""
    for_some: ClassVar[bool] = False
    kit: ClassVar[int] = 0
    order: ClassVar[int] = 100
    default_on: ClassVar[bool] = False
    parameters_of: ClassVar[tuple[Parameter, ...]] = ()
    Options: ClassVar[type[Fields]] = NoOptions

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.network = ground.network
        self.parameters = ground.parameters
        self.options: Any = ground.settings.options.get(self.name)

    def __init_subclass__(cls) -> None:
        if "name" in vars(cls):  # kinds of service in between have none
            register(cls)

    @classmethod
    def check(
        cls, options: Any, territory: Any, folder: Path | None, parameters: Parameters
    ) -> list[Problem]:
        """Faults of the options that only the territory, or a file that they name, shows.

        Args:
            options: an instance of `Options`.
            territory: the Territory.
            folder: where relative files start from.
            parameters: the run's parameters.

        Returns:
            All of them; `Problem.keys` says where below the service's name, and becomes file and line.
        """
        return []

    @classmethod
    def day_masks(cls, options: Any) -> tuple[int, ...]:
        """Sets of weekdays (bit masks) on which its offers differ: trip classes then tell them apart."""
        return ()

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

    def quote(self, tile: Tile) -> None:
        """Fill the tile, and weigh its minutes: felt_min."""
        from embauche.core.parallel import run_blocks
        from embauche.kernels.choice import felt_minutes

        tile.late[:] = 0.0
        self.fill(tile)
        if self.ground.terms is not None:
            self.ground.terms.apply(self.name, tile)
        p = self.parameters
        late_felt_min = p["commute.late_weight"] * p["commute.late_min"]
        late_felt_min += 60.0 * p["commute.late_eur"] / p["commute.vot_eur_h"]
        run_blocks(
            felt_minutes, len(tile.place), tile.out_min, tile.back_min, tile.early_min, tile.wait_min,
            tile.transfers, tile.late, self.value("weight"), p["commute.early_weight"],
            p["commute.wait_weight"], p["commute.change_min"], late_felt_min, tile.felt_min,
        )  # fmt: skip

    def offer(self, tile: Tile) -> None:
        """The offer as people see it: the quoted one, and what they have learned to expect of the service."""
        self.quote(tile)

    @abstractmethod
    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers; both ways or none."""

    def books(self, done: Done, ledger: Ledger, operations: Operations) -> None:
        """Enter what the week's tours by this service cost, and whom; here the traveller pays suppliers.

        Args:
            done: tours made.
            ledger, operations: the week's books.
        """
        from embauche.services.accounting import own_way

        own_way(self.name, done, ledger, operations, what="travel")


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
    from embauche.core.parallel import run_blocks
    from embauche.kernels.offers import road_km, road_minutes

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
