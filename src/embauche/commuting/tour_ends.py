"""Where tours begin and end: home and workplace, or in an apprentice's weeks at her centre that and her bed.

Lives here: TourEnds. Not here: what a tour costs (offers), which centre is whose (labour.centres).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from embauche.commuting.network import Network

Array = np.ndarray[Any, Any]
HOME_CENTRE = "housing.home_centre"  # of State.kept: row of the territory's places, int32 [person]

NO_CAR = "housing.no_car"  # of State.kept, as TourEnds.no_car


@dataclass
class TourEnds:
    """Used places and sites of persons' tours; the model keeps them in step with its state.

    Attributes:
        place: int32 [person] row of the network's used places, where she lives in weeks of work.
        place_centre: int32 [person] the same for days at a training centre.
        post_site: int32 [post] row of the network's used sites.
        site_centre: int32 [person] used site of her training centre; 0 where there are no centres.
        at_centre: bool [class] (commuting.classes).
        no_car: uint8 [person] bit 1: the household's car is not with her in weeks of work, bit 2: in those at
            the centre.
    """

    place: Array
    place_centre: Array
    post_site: Array
    site_centre: Array
    at_centre: Array
    no_car: Array

    def without_car(self, person: Array, klass: Array) -> Array:
        """Which of these tours begin where no car of the household is, int64 rows.

        Args:
            person, klass: int [tour] rows and trip classes.
        """
        bit = np.where(self.at_centre[klass], 2, 1).astype(np.uint8)
        return np.flatnonzero(self.no_car[person] & bit)

    @property
    def of_persons(self) -> tuple[Array, Array, Array]:
        """place, place_centre and site_centre: the arrays themselves."""
        return self.place, self.place_centre, self.site_centre

    @classmethod
    def of(cls, network: Network, home: Array, kept: dict[str, Array] | None, post_site: Array) -> TourEnds:
        """Those of a model at its start; training centres are known later (labour.centres).

        Args:
            network: with the homes among its places.
            home: int32 [person] row of the territory's places.
            kept: of the state that the model starts from, None without one.
            post_site: as the attribute, taken over as it is.
        """
        people, classes = len(home), network.classes
        place = np.searchsorted(network.place_rows, home).astype(np.int32)
        ends = cls(
            place, place.copy(), post_site, np.zeros(people, np.int32), classes.at_centre,
            np.zeros(people, np.uint8),
        )  # fmt: skip
        ends.slept(network, home, kept or {}, np.arange(people))
        return ends

    def slept(self, network: Network, home: Array, kept: dict[str, Array], people: Array) -> None:
        """Take over where these people (rows) sleep in weeks at their centre: at home, or as housing says."""
        bed = kept.get(HOME_CENTRE, home)[people]
        self.place_centre[people] = np.searchsorted(network.place_rows, bed)
        if NO_CAR in kept:
            self.no_car[people] = kept[NO_CAR][people]

    def at(
        self, person: Array, post: Array, klass: Array, site_centre: Array | None = None
    ) -> tuple[Array, Array]:
        """Place and site of tours of these persons (rows) to posts (rows) in these classes, int32 [tour].

        Args:
            person, post, klass: int [tour].
            site_centre: used sites of the centres, int32 [tour]; those that the persons go to if None.
        """
        place, site = self.place[person], self.post_site[post]
        away = np.flatnonzero(self.at_centre[klass])
        if len(away):
            place, site = place.copy(), site.copy()
            place[away], site[away] = self.place_centre[person[away]], self.site_centre[person[away]]
            if site_centre is not None:
                site[away] = site_centre[away]
        return place, site
