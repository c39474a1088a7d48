"""What the way to anywhere costs persons: month's logsums of (person, workplace, hours), tile by tile.

Lives here: Ways. Not here: offers and choice (commuting), what is made of it (search, training).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from embauche.commuting.offers import Offers, expand, price
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
PAIRS_A_TILE = 1 << 17


class Ways:
    """Ways of a moment: what persons' utilities of services owe to no trip is worked out once.

    Attributes:
        model: as it stands; to be forgotten when statuses, licences or aids change.
    """

    def __init__(self, model: World) -> None:
        self.model = model

    @cached_property
    def _persons(self) -> tuple[Array, Array]:
        return self.model.fixed_eur(), self.model.car_share()

    def to(self, person: Array, shift: Array, ends: Callable[[Array, Array], tuple[Array, Array]]) -> Array:
        """Month's logsum of the services for each person's tours of a shift, tile by tile.

        Args:
            person: int [pair] rows.
            shift: int [pair] rows of the catalogue.
            ends: (pair int64 [row], trip class int16 [row]) -> used places and used sites, int32 [row].

        Returns:
            EUR a month, float64 [pair], -inf where a tour of the rotation has no service.
        """
        model, out = self.model, np.empty(len(person))
        classes = model.network.classes
        for lo in range(0, len(person), PAIRS_A_TILE):
            hi = min(lo + PAIRS_A_TILE, len(person))
            ptr, pair, cell = expand(classes, shift[lo:hi])
            offers = Offers.empty(len(model.services), len(pair))
            klass = classes.shift_class[cell]
            price(model.services, *ends(lo + pair, klass), klass, offers)
            model.logsums(
                np.ascontiguousarray(person[lo:hi], np.int32),
                ptr[:-1],
                ptr[1:],
                classes.shift_tours[cell],
                offers,
                *self._persons,
                out[lo:hi],
            )
        return out

    def logsums(self, person: Array, site: Array, shift: Array) -> Array:
        """`to` a workplace, from where each person lives.

        Args:
            person: int [pair] rows.
            site: int32 [pair] rows of the network's used sites.
            shift: int [pair] rows of the catalogue.
        """
        place, site = self.model.place[person], np.ascontiguousarray(site, np.int32)
        return self.to(person, shift, lambda pair, _: (place[pair], site[pair]))
