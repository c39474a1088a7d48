"""Offers for the pairs that matter: priced tile by tile, kept for current posts only.

Lives here: Tile, pricing of (place, site, class) rows, OfferBook. Not here: any service's rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from embauche.commuting.classes import TripClasses
from embauche.commuting.roads import Ways
from embauche.commuting.tour_ends import TourEnds
from embauche.core.parallel import run_blocks
from embauche.kernels.choice import NEEDS_CAR
from embauche.kernels.experience import expect_rows
from embauche.kernels.offers import carry_rows

Array = np.ndarray[Any, Any]
TILE_ROWS = 1 << 18
UNPRICED = -2  # of a worker whose rows must be priced anew, with a post or without
FIELDS = ("out_min", "back_min", "eur", "km", "g", "late", "felt_min")
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
        late: float32 share of tours late beyond the service's own parameter; 0 unless a service fills it.
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
    late: Array
    felt_min: Array
    early_min: Array
    wait_min: Array
    transfers: Array


def new_tile(place: Array, site: Array, klass: Array) -> Tile:
    """A tile of these trips with arrays to be filled."""
    cells = {name: np.zeros(len(place), np.float32) for name in (*FIELDS, *DETAILS)}
    return Tile(place, site, klass, Ways(place, site, klass), **cells)


class Offering(Protocol):
    """What pricing needs of a service."""

    @property
    def needs(self) -> int:
        """What a person must have (services.base.Needs)."""

    def offer(self, tile: Tile) -> None:
        """Fill the tile's offers, felt minutes too."""

    def quote(self, tile: Tile) -> None:
        """The same without what people expect on top of what the service says."""


@dataclass
class Offers:
    """Offers of all services, float32 [service, row]; see Tile for the fields."""

    out_min: Array
    back_min: Array
    eur: Array
    km: Array
    g: Array
    late: Array
    felt_min: Array

    @classmethod
    def empty(cls, services: int, rows: int) -> Offers:
        """Arrays to be filled."""
        return cls(*(np.empty((services, rows), np.float32) for _ in FIELDS))


def price(
    services: Sequence[Offering],
    place: Array,
    site: Array,
    klass: Array,
    offers: Offers,
    *,
    quoted: bool = False,
) -> None:
    """Fill `offers` for rows (place, site, class), a tile at a time so that memory stays flat.

    Args:
        services: whose offers.
        place, site, klass: int32, int32, int16 [row].
        offers: filled, [service, row].
        quoted: leave out what people expect of shared services on top of what these quote.
    """
    for lo in range(0, len(place), TILE_ROWS):
        hi = min(lo + TILE_ROWS, len(place))
        ends = place[lo:hi], site[lo:hi], klass[lo:hi]
        ways = Ways(*ends)
        for s, service in enumerate(services):
            cells = [np.asarray(getattr(offers, name))[s, lo:hi] for name in FIELDS]
            details = (np.empty(hi - lo, np.float32) for _ in DETAILS)
            tile = Tile(*ends, ways, *cells, *details)
            if quoted:
                service.quote(tile)
            else:
                service.offer(tile)


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


class Expecting(Offering, Protocol):
    """A shared service, as the book sees it."""

    @property
    def expected(self) -> Array:
        """What people expect of it, float32 [3, place, class]."""

    def felt_weights(self) -> tuple[float, float, float]:
        """Felt minutes of a refusal, of a minute waited and of one ridden."""


class OfferBook:
    """Offers of every worker's current post, priced once when the post is taken.

    Rows of a post taken are appended; the book is packed when it is full. So a week
    costs as much as its hires, not as the workforce. Minutes and euros are as quoted; what is expected of
    shared services weighs in `felt_min`, as of the last `expect`.

    Attributes:
        start, end: int64 [worker], rows of each worker, one a trip class of the post's shift.
        offers: float32 [service, row] arrays, with spare rows at the end.
        tours: float64 [row] mean tours a week; klass: int16 [row] trip class; from_place: int32 [row].
        quoted_min: float32 [shared, row] felt minutes of shared services without what is expected of them.
        times_forgotten: how often all that services quote has been forgotten.
    """

    def __init__(
        self,
        services: Sequence[Offering],
        classes: TripClasses,
        ends: TourEnds,
        shared: Mapping[int, Expecting] | None = None,
    ) -> None:
        """An empty book.

        Args:
            services: the services in use.
            classes: trip classes.
            ends: where the workers' tours begin and end; it is read again when a row is priced.
            shared: those of them whose places are few, by row.
        """
        self.services, self.classes, self.ends = services, classes, ends
        self.shared = dict(shared or {})
        self.start = np.zeros(len(ends.place), np.int64)
        self.end = np.zeros(len(ends.place), np.int64)
        self.offers = Offers.empty(len(services), 0)
        self.tours, self.klass, self.from_place = np.empty(0), np.empty(0, np.int16), np.empty(0, np.int32)
        self.quoted_min = np.empty((len(self.shared), 0), np.float32)
        self._used, self.times_forgotten = 0, 0
        self._post = np.full(len(ends.place), -1, np.int32)

    def update(self, post: Array, post_shift: Array) -> None:
        """Bring the book to the posts now held.

        Args:
            post: int32 [worker] row of the post held, -1 if none.
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
        worker, klass = taken[pair], self.classes.shift_class[cell]
        rows = Offers(*(getattr(self.offers, name)[:, lo:hi] for name in FIELDS))
        place, site = self.ends.at(worker, post[worker], klass)
        price(self.services, place, site, klass, rows, quoted=True)
        left = self.ends.without_car(worker, klass)
        for row, service in enumerate(self.services):
            if service.needs == NEEDS_CAR and len(left):
                for minutes in (rows.out_min, rows.back_min, rows.felt_min):
                    minutes[row, left] = np.inf
        self.tours[lo:hi], self.klass[lo:hi] = self.classes.shift_tours[cell], klass
        self.from_place[lo:hi] = place
        for k, row in enumerate(self.shared):
            self.quoted_min[k, lo:hi] = self.offers.felt_min[row, lo:hi]
        self.start[taken] = lo + ptr[:-1]
        self.end[taken] = lo + ptr[1:]
        self._used = hi
        self.expect(taken)

    def expect(self, people: Array) -> None:
        """Weigh what is now expected of shared services in the rows of these workers, int64 [worker]."""
        for k, (row, service) in enumerate(self.shared.items()):
            run_blocks(
                expect_rows, len(people), people, self.start, self.end, self.from_place, self.klass,
                service.expected, *service.felt_weights(), self.quoted_min[k], self.offers.felt_min[row],
            )  # fmt: skip

    def forget(self) -> None:
        """Price every row anew at the next update, as when times have changed."""
        self.times_forgotten += 1
        self._post[:] = UNPRICED
        self.start[:] = self.end[:] = 0
        self._used = 0

    def forget_people(self, people: Array) -> None:
        """Price the rows of these workers (rows) anew at the next update, as when they have moved."""
        self._post[people] = UNPRICED

    def _make_room(self, rows: int) -> None:
        """Pack the rows in use into larger arrays if `rows` more do not fit."""
        if self._used + rows <= len(self.tours):
            return
        count = self.end - self.start
        live = int(count.sum())
        room = (live + rows) * 5 // 4 + 1024
        start = np.cumsum(count) - count
        offers, tours = Offers.empty(len(self.services), room), np.zeros(room)
        klass, from_place = np.zeros(room, np.int16), np.zeros(room, np.int32)
        quoted = np.empty((len(self.shared), room), np.float32)
        moved = [(getattr(self.offers, name), getattr(offers, name)) for name in FIELDS]
        for old, new in [*moved, (self.quoted_min, quoted)]:
            run_blocks(carry_rows, len(count), self.start, self.end, start, old, new)
        source = np.repeat(self.start - start, count) + np.arange(live)
        tours[:live], klass[:live] = self.tours[source], self.klass[source]
        from_place[:live] = self.from_place[source]
        self.offers, self.tours, self.klass, self.quoted_min = offers, tours, klass, quoted
        self.from_place = from_place
        self.start, self.end, self._used = start, start + count, live
