"""Trips asked week after week, as from rooms and residences near work: priced once, and kept.

Lives here: AskedTrips. Not here: pricing and the offers of posts held (offers), who asks (labour.dwellings).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from embauche.commuting.offers import OfferBook, Offers, price
from embauche.core.parallel import run_blocks
from embauche.kernels.experience import add_expected

Array = np.ndarray[Any, Any]
KEPT_TRIPS = 1 << 20  # more are not kept: all are forgotten, and pricing starts over
SITE_BITS, CLASS_BITS = 26, 15


class AskedTrips:
    """What services quote for trips, kept for as long as the book keeps its own offers.

    What a service quotes for (place, site, class) changes only where the book of offers is told to forget
    (car times by the hour, minutes of looking for a place), and then these are forgotten too. What people
    expect of shared services changes from week to week; it is weighed at each call.
    """

    def __init__(self, book: OfferBook) -> None:
        """Nothing is known yet.

        Args:
            book: whose services, and whose forgetting, count here.
        """
        self._book = book
        self._forget()

    def _forget(self) -> None:
        self._as_of = self._book.times_forgotten
        self._key, self._cell = np.empty(0, np.int64), np.empty(0, np.int64)
        self._felt, self._eur = (np.empty((len(self._book.services), 0), np.float32) for _ in range(2))

    def __len__(self) -> int:
        return len(self._key)

    def offers(self, place: Array, site: Array, klass: Array) -> Offers:
        """Felt minutes and euros of trips as people see them now; the other fields are empty.

        Args:
            place, site: int32 [row] of the network's used places and sites.
            klass: int16 [row] trip class.
        """
        if self._as_of != self._book.times_forgotten:
            self._forget()
        key = (((place.astype(np.int64) << SITE_BITS) | site) << CLASS_BITS) | klass
        asked, first, row = np.unique(key, return_index=True, return_inverse=True)
        ends = (np.ascontiguousarray(a[first]) for a in (place, site, klass))
        place, site, klass = ends
        self._learn(asked, place, site, klass)
        cell = self._cell[np.searchsorted(self._key, asked)]
        felt, eur = (np.take(a, cell, axis=1) for a in (self._felt, self._eur))
        for k, service in self._book.shared.items():
            scratch = (np.empty(len(cell), np.float32) for _ in range(3))  # minutes, which nobody here reads
            run_blocks(
                add_expected, len(cell), service.expected, place, klass, *service.felt_weights(), *scratch,
                felt[k],
            )  # fmt: skip
        nothing = Offers.empty(len(felt), 0)
        return replace(nothing, felt_min=np.take(felt, row, axis=1), eur=np.take(eur, row, axis=1))

    def _learn(self, asked: Array, place: Array, site: Array, klass: Array) -> None:
        """Price those of these distinct trips, by key, that are not known yet."""
        if len(self._key) + len(asked) > max(KEPT_TRIPS, len(asked)):
            self._forget()
        new = np.flatnonzero(~np.isin(asked, self._key, assume_unique=True, kind="sort"))
        if not len(new):
            return
        offers = Offers.empty(len(self._book.services), len(new))
        price(self._book.services, place[new], site[new], klass[new], offers, quoted=True)
        cells = np.arange(len(self._cell), len(self._cell) + len(new))
        at = np.searchsorted(self._key, asked[new])
        self._key, self._cell = np.insert(self._key, at, asked[new]), np.insert(self._cell, at, cells)
        self._felt = np.concatenate([self._felt, offers.felt_min], axis=1)
        self._eur = np.concatenate([self._eur, offers.eur], axis=1)
