"""Offers for the pairs that matter: priced tile by tile, kept for current posts only.

Lives here: Tile, pricing of (place, site, class) rows, OfferBook. Not here: any service's rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from embauche.commuting.classes import TripClasses
from embauche.core.parallel import run_blocks
from embauche.kernels.offers import carry_rows

Array = np.ndarray[Any, Any]
TILE_ROWS = 1 << 18
FIELDS = ("out_min", "back_min", "eur", "km", "g")


@dataclass
class Tile:
    """Trips for which offers are asked, and the arrays to fill, all [row].

    Attributes:
        place, site: int32 rows of the network's used places and sites.
        klass: int16 trip class.
        out_min, back_min: float32 minutes each way, door to door; inf where not offered.
        eur: float32 what the traveller pays for the tour.
        km: float32 kilometres of the tour.
        g: float32 grams of CO2 of the tour.
    """

    place: Array
    site: Array
    klass: Array
    out_min: Array
    back_min: Array
    eur: Array
    km: Array
    g: Array


class Offering(Protocol):
    """What pricing needs of a service."""

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers."""


@dataclass
class Offers:
    """Offers of all services, float32 [service, row]; see Tile for the fields."""

    out_min: Array
    back_min: Array
    eur: Array
    km: Array
    g: Array

    @classmethod
    def empty(cls, services: int, rows: int) -> Offers:
        """Arrays to be filled."""
        return cls(*(np.empty((services, rows), np.float32) for _ in FIELDS))


def price(services: Sequence[Offering], place: Array, site: Array, klass: Array, offers: Offers) -> None:
    """Fill `offers` for rows (place, site, class), a tile at a time so that memory stays flat."""
    for lo in range(0, len(place), TILE_ROWS):
        hi = min(lo + TILE_ROWS, len(place))
        for s, service in enumerate(services):
            cells = [np.asarray(getattr(offers, name))[s, lo:hi] for name in FIELDS]
            service.fill(Tile(place[lo:hi], site[lo:hi], klass[lo:hi], *cells))


def expand(classes: TripClasses, shift: Array) -> tuple[Array, Array, Array]:
    """Rows of pairs by their shift's trip classes.

    Args:
        classes: the trip classes.
        shift: int [pair] shift of each pair's post.

    Returns:
        ptr int64 [pair + 1], pair int64 [row], index into shift_class int64 [row].
    """
    count = np.diff(classes.shift_ptr)[shift].astype(np.int64)
    ptr = np.zeros(len(shift) + 1, np.int64)
    np.cumsum(count, out=ptr[1:])
    pair = np.repeat(np.arange(len(shift), dtype=np.int64), count)
    cell = np.repeat(classes.shift_ptr[shift].astype(np.int64) - ptr[:-1], count) + np.arange(len(pair))
    return ptr, pair, cell


class OfferBook:
    """Offers of every worker's current post, repriced only where the post changed.

    Attributes:
        ptr: int64 [worker + 1], rows of each worker, one a trip class of the post's shift.
        offers: float32 [service, row] arrays.
        tours: float64 [row] mean tours a week.
    """

    def __init__(self, services: Sequence[Offering], classes: TripClasses, workers: int) -> None:
        self.services = services
        self.classes = classes
        self.ptr = np.zeros(workers + 1, np.int64)
        self.offers = Offers.empty(len(services), 0)
        self.tours = np.empty(0)
        self._post = np.full(workers, -1, np.int32)

    def update(self, post: Array, place: Array, post_site: Array, post_shift: Array) -> None:
        """Bring the book to the posts now held.

        Args:
            post: int32 [worker] row of the post held, -1 if none.
            place: int32 [worker] row of the network's used places.
            post_site: int32 [post] row of the network's used sites.
            post_shift: int16 [post].
        """
        changed = post != self._post
        if not changed.any():
            return
        held = np.flatnonzero(post >= 0)
        ptr_held, who, cell = expand(self.classes, post_shift[post[held]])
        ptr = np.zeros(len(post) + 1, np.int64)
        count = np.zeros(len(post), np.int64)
        count[held] = np.diff(ptr_held)
        np.cumsum(count, out=ptr[1:])
        offers = Offers.empty(len(self.services), int(ptr[-1]))
        worker = held[who]
        fresh = changed[worker]
        for name in FIELDS:
            run_blocks(
                carry_rows,
                len(post),
                changed,
                self.ptr,
                ptr,
                getattr(self.offers, name),
                getattr(offers, name),
            )
        rows = np.flatnonzero(fresh)
        if len(rows):
            w = worker[rows]
            new = Offers.empty(len(self.services), len(rows))
            price(self.services, place[w], post_site[post[w]], self.classes.shift_class[cell[rows]], new)
            for name in FIELDS:
                for s in range(len(self.services)):
                    getattr(offers, name)[s, rows] = getattr(new, name)[s]
        self.ptr, self.offers = ptr, offers
        self.tours = self.classes.shift_tours[cell]
        self._post = post.copy()
