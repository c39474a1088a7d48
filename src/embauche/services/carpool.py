"""The service carpool: riding to work with a named driver who goes there anyway.

Lives here: the service, its parameters and what it quotes. Not here: what a scenario writes
(carpooling.options), who rides with whom (carpooling.week), money (carpooling.money).
"""

# ruff: noqa: E501 - one parameter, one line
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from embauche.core.errors import Problem, UserError
from embauche.core.parameters.registry import FROM_MEMORY, Parameter, Parameters
from embauche.services.base import inside_only, road_offer
from embauche.services.carpooling.options import CarpoolOptions
from embauche.services.shared import Answers, Prior, Requests, SharedService, WeekOfService

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile
    from embauche.services.base import Ground
    from embauche.services.carpooling.week import CarpoolWeek

Array = np.ndarray[Any, Any]
_P = Parameter
NO_DRIVER, NO_SEAT = 1, 2


class Carpool(SharedService):
    """Rides with drivers who enrolled, are on their way by car this week, and have a seat."""

    name = "carpool"
    label = {"fr": "covoiturage", "en": "carpool"}  # noqa: RUF012
    nest = "car"
    Options = CarpoolOptions
    reasons: ClassVar[dict[int, dict[str, str]]] = {
        NO_DRIVER: {"fr": "pas de conducteur sur ce trajet", "en": "no driver on this way"},
        NO_SEAT: {"fr": "plus de place", "en": "no seat left"},
    }
    parameters_of = (
        _P("carpool.asc_eur", -6.0, "EUR", -30, 20, "3 % of passengers declare carpooling (EMP 2019, FACTS)", "constant of riding with somebody"),
        _P("carpool.weight", 1.1, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute as a passenger"),
        _P("carpool.late", 0.02, "share of tours", 0, 0.3, FROM_MEMORY, "tours over ten minutes late"),
        _P("carpool.fail", 0.01, "share of tours", 0, 0.2, FROM_MEMORY, "the driver does not come in the morning"),
        _P("carpool.no_return", 0.01, "share of tours", 0, 0.2, FROM_MEMORY, "the driver cannot take her rider home: guaranteed return by taxi"),
        _P("carpool.enrolled", 0.06, "share", 0, 1, FROM_MEMORY, "car commuters who would take riders where it pays nothing"),
        _P("carpool.enrol_scale_eur", 1.5, "EUR", 0.1, 20, FROM_MEMORY, "scale of the choice to enrol, EUR a tour"),
        _P("carpool.driver_min", 6.0, "min", 0, 60, FROM_MEMORY, "detour and waiting that a driver reckons with, a tour"),
        _P("carpool.share_eur_per_km", 0.05, "EUR/km", 0, 0.5, FROM_MEMORY, "what a rider gives the driver"),
        _P("carpool.co2_g_per_km", 14.0, "g/km", 0, 100, "a tenth of a car's: the detour (from memory)", "CO2 of a rider's kilometre; the driver's own is the car's"),
        _P("carpool.stop_min", 1.0, "min", 0, 10, FROM_MEMORY, "minutes for each rider picked up"),
        _P("carpool.flex_min", 15.0, "min", 0, 60, FROM_MEMORY, "how much earlier one arrives, or later one leaves, for another"),
        _P("carpool.detour_km", 5.0, "km", 0, 30, FROM_MEMORY, "longest detour of a driver, each way"),
        _P("carpool.detour_share", 0.25, "share", 0, 1, FROM_MEMORY, "and as a share of her own way"),
        _P("carpool.least_km", 1.0, "km", 0, 20, FROM_MEMORY, "least saving of a match, each way"),
        _P("carpool.taxi_eur", 8.0, "EUR", 0, 50, FROM_MEMORY, "guaranteed return: call"),
        _P("carpool.taxi_eur_per_km", 2.0, "EUR/km", 0, 6, FROM_MEMORY, "guaranteed return: a kilometre"),
        _P("carpool.taxi_wait_min", 20.0, "min", 0, 120, FROM_MEMORY, "guaranteed return: waiting"),
        _P("carpool.informal", 0.25, "share", 0, 1, "fitted to 1.08 persons a car to work (FACTS)", "car commuters in the habit of sharing with colleagues or family"),
        _P("carpool.informal_detour_km", 2.0, "km", 0, 10, FROM_MEMORY, "longest detour in that habit, straight lines, each way"),
    )  # fmt: skip

    def __init__(self, ground: Ground) -> None:
        """Nothing is matched before a week is open."""
        super().__init__(ground)
        self.options = self.options or CarpoolOptions()
        self._week: CarpoolWeek | None = None

    @classmethod
    def check(
        cls, options: Any, territory: Any, folder: Path | None, parameters: Parameters
    ) -> list[Problem]:
        """Areas that the territory does not know."""
        from embauche.services.carpooling.money import inside

        found: list[Problem] = []
        for k, campaign in enumerate(options.campaigns):
            try:
                inside(campaign, territory, folder)
            except UserError as error:
                found += [
                    replace(p, keys=("campaigns", k, "area")) if p.file is None else p for p in error.problems
                ]
        return found

    @property
    def week(self) -> CarpoolWeek:
        """Cars and riders, made when first asked for."""
        if self._week is None:
            from embauche.services.carpooling.week import CarpoolWeek

            self._week = CarpoolWeek(self)
        return self._week

    def prior(self) -> Prior:
        """Half of those who ask find a driver; some minutes of waiting and of others' pick-ups."""
        return Prior(0.5, 0.25 * self.value("flex_min"), self.value("flex_min") / 2)

    def fill(self, tile: Tile) -> None:
        """The direct ride from door to door; the rider's share of its cost."""
        road_offer(self, tile, "car", 0.0, np.inf)
        inside_only(self, tile)
        tile.out_min += np.float32(self.value("stop_min"))
        tile.back_min += np.float32(self.value("stop_min"))
        np.multiply(tile.km, np.float32(self.value("share_eur_per_km")), out=tile.eur)
        np.multiply(tile.km, np.float32(self.value("co2_g_per_km")), out=tile.g)

    def fares(self, place: Array, site: Array, klass: Array) -> Array:
        """What riders give for a tour, EUR float64 [tour], bit by bit as the trips table has it."""
        from embauche.commuting.offers import new_tile

        rows, tour = np.unique(np.stack([place, site, klass], 1), axis=0, return_inverse=True)
        tile = new_tile(*(rows[:, k].astype(t) for k, t in enumerate((np.int32, np.int32, np.int16))))
        self.fill(tile)
        terms = self.ground.terms
        if terms is None or self.name not in terms.eur:
            return tile.eur.astype(np.float64)[tour.ravel()]
        terms.apply(self.name, tile)  # and off again: single precision loses what it loses in the trips
        eur: Array = tile.eur.astype(np.float64) - terms.eur[self.name][tile.site]
        return eur[tour.ravel()]

    def open_week(self, week: int) -> None:
        """No seat is taken."""
        self.week.open(self.scene)

    def book(self, requests: Requests) -> Answers:
        """Riders keep the driver they had; the others are matched so that most kilometres are saved."""
        return self.week.book(requests)

    def release(self, requests: Requests) -> None:
        """Seats are free again."""
        self.week.release(requests)

    def probe(self, requests: Requests) -> Answers:
        """The best seat left for each."""
        return self.week.probe(requests)

    def close_week(self) -> WeekOfService:
        """Matches, pick-ups, guaranteed returns, and what was paid for them."""
        from embauche.services.carpooling.books import close

        return close(self.week)

    def memory(self) -> dict[str, Array]:
        """Who rides with whom, and what campaigns have paid."""
        return self.week.memory()

    def recall(self, memory: dict[str, Array]) -> None:
        """Go on from there; afresh if empty."""
        self.week.recall(memory)
