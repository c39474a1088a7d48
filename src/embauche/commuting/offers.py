"""Offers for the pairs that matter: priced tile by tile, kept for current posts only.

Lives here: Tile, pricing of (place, site, class) rows, OfferBook. Not here: any service's rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from embauche.commuting.classes import TripClasses
from embauche.commuting.roads import Ways
from embauche.core.parallel import run_blocks
from embauche.kernels.offers import carry_rows

Array = np.ndarray[Any, Any]
TILE_ROWS = 1 << 18
FIELDS = ("out_min", "back_min", "eur", "km", "g", "felt_min")
DETAILS = ("early_min", "wait_min", "transfers")  # weighed in felt_min, then forgotten


@dataclass
class Tile:
    """Trips for which offers are asked, and the arrays to fill, all [row].

    Attributes:
        place, site: int32 rows of the network's used places and sites.
        klass: int16 trip class.
        ways: road figures of these rows, worked out when a service first asks.
        out_min, back_min: float32 minutes each way, door to door; inf where not offered.
        eur: float32 what the traveller pays for the tour.
        km: float32 kilometres of the tour.
        g: float32 grams of CO2 of the tour.
        felt_min: float32 minutes as they weigh on the traveller (kernels.choice.felt_minutes); inf where not
            offered. Not for a service to fill: it follows from the rest.
        early_min: float32 minutes of out_min spent at the workplace before the start.
        wait_min: float32 minutes of both ways spent waiting for vehicles, after the end of work too.
        transfers: float32 changes of vehicle, both ways.
    """

    place: Array
    site: Array
    klass: Array
    ways: Ways
    out_min: Array
    back_min: Array
    eur: Array
    km: Array
    g: Array
    felt_min: Array
    early_min: Array
    wait_min: Array
    transfers: Array


class Offering(Protocol):
    """What pricing needs of a service."""

    def offer(self, tile: Tile) -> None:
        """Fill the tile's offers, felt minutes too."""


@dataclass
class Offers:
    """Offers of all services, float32 [service, row]; see Tile for the fields."""

    out_min: Array
    back_min: Array
    eur: Array
    km: Array
    g: Array
    felt_min: Array

    @classmethod
    def empty(cls, services: int, rows: int) -> Offers:
        """Arrays to be filled."""
        return cls(*(np.empty((services, rows), np.float32) for _ in FIELDS))


def price(services: Sequence[Offering], place: Array, site: Array, klass: Array, offers: Offers) -> None:
    """Fill `offers` for rows (place, site, class), a tile at a time so that memory stays flat."""
    for lo in range(0, len(place), TILE_ROWS):
        hi = min(lo + TILE_ROWS, len(place))
        ends = place[lo:hi], site[lo:hi], klass[lo:hi]
        ways = Ways(*ends)
        for s, service in enumerate(services):
            cells = [np.asarray(getattr(offers, name))[s, lo:hi] for name in FIELDS]
            details = (np.empty(hi - lo, np.float32) for _ in DETAILS)
            service.offer(Tile(*ends, ways, *cells, *details))


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
    """Offers of every worker's current post, priced once when the post is taken.

    Rows of a post taken are appended; the book is packed when it is full. So a week
    costs as much as its hires, not as the workforce.

    Attributes:
        start, end: int64 [worker], rows of each worker, one a trip class of the post's shift.
        offers: float32 [service, row] arrays, with spare rows at the end.
        tours: float64 [row] mean tours a week.
    """

    def __init__(self, services: Sequence[Offering], classes: TripClasses, workers: int) -> None:
        self.services = services
        self.classes = classes
        self.start = np.zeros(workers, np.int64)
        self.end = np.zeros(workers, np.int64)
        self.offers = Offers.empty(len(services), 0)
        self.tours = np.empty(0)
        self._used = 0
        self._post = np.full(workers, -1, np.int32)

    def update(self, post: Array, place: Array, post_site: Array, post_shift: Array) -> None:
        """Bring the book to the posts now held.

        Args:
            post: int32 [worker] row of the post held, -1 if none.
            place: int32 [worker] row of the network's used places.
            post_site: int32 [post] row of the network's used sites.
            post_shift: int16 [post].
        """
        changed = np.flatnonzero(post != self._post)
        if not len(changed):
            return
        self._post[changed] = post[changed]
        self.end[changed] = self.start[changed]
        taken = changed[post[changed] >= 0]
        ptr, pair, cell = expand(self.classes, post_shift[post[taken]])
        self._make_room(len(pair))
        lo, hi = self._used, self._used + len(pair)
        worker = taken[pair]
        rows = Offers(*(getattr(self.offers, name)[:, lo:hi] for name in FIELDS))
        price(self.services, place[worker], post_site[post[worker]], self.classes.shift_class[cell], rows)
        self.tours[lo:hi] = self.classes.shift_tours[cell]
        self.start[taken] = lo + ptr[:-1]
        self.end[taken] = lo + ptr[1:]
        self._used = hi

    def forget(self) -> None:
        """Price every row anew at the next update, as when times have changed."""
        self._post[:] = -1
        self.start[:] = self.end[:] = 0
        self._used = 0

    def _make_room(self, rows: int) -> None:
        """Pack the rows in use into larger arrays if `rows` more do not fit."""
        if self._used + rows <= len(self.tours):
            return
        count = self.end - self.start
        live = int(count.sum())
        room = (live + rows) * 5 // 4 + 1024
        start = np.cumsum(count) - count
        offers, tours = Offers.empty(len(self.services), room), np.zeros(room)
        for name in FIELDS:
            run_blocks(
                carry_rows,
                len(count),
                self.start,
                self.end,
                start,
                getattr(self.offers, name),
                getattr(offers, name),
            )
        source = np.repeat(self.start - start, count) + np.arange(live)
        tours[:live] = self.tours[source]
        self.offers, self.tours = offers, tours
        self.start, self.end, self._used = start, start + count, live
