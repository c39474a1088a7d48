"""What the way to anywhere costs persons: month's logsums of (person, workplace, hours), tile by tile.

Lives here: Ways, way_logsums. Not here: offers and choice (commuting), what is made of it (search, training).
"""

from __future__ import annotations

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

    def logsums(self, person: Array, site: Array, shift: Array) -> Array:
        """Month's logsum of the services between each person's home and a workplace at a shift's hours.

        Args:
            person: int [pair] rows.
            site: int32 [pair] rows of the network's used sites.
            shift: int [pair] rows of the catalogue.

        Returns:
            EUR a month, float64 [pair], -inf where a tour of the rotation has no service.
        """
        model, out = self.model, np.empty(len(person))
        if not len(person):
            return out
        for lo in range(0, len(person), PAIRS_A_TILE):
            hi = min(lo + PAIRS_A_TILE, len(person))
            ptr, pair, cell = expand(model.network.classes, shift[lo:hi])
            offers = Offers.empty(len(model.services), len(pair))
            price(
                model.services,
                model.place[person[lo:hi]][pair],
                np.ascontiguousarray(site[lo:hi][pair], np.int32),
                model.network.classes.shift_class[cell],
                offers,
            )
            model.logsums(
                np.ascontiguousarray(person[lo:hi], np.int32),
                ptr[:-1],
                ptr[1:],
                model.network.classes.shift_tours[cell],
                offers,
                *self._persons,
                out[lo:hi],
            )
        return out


def way_logsums(model: World, person: Array, site: Array, shift: Array) -> Array:
    """`Ways.logsums` of this moment."""
    return Ways(model).logsums(person, site, shift)
