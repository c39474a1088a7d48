"""What a week's tours mean for the books where people travel by themselves.

Lives here: Done, own_way. Not here: entries (core.ledger), each service's own costs (its file).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.accounts import SUPPLIER, USER

if TYPE_CHECKING:
    from embauche.core.ledger import Ledger, Operations

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Done:
    """Tours that were made by one service in a week, all [row] of the trips table.

    Attributes:
        home: int64 row of the traveller's commune.
        codes: str [commune].
        tours: int64 tours of the row.
        km: float64 kilometres of one tour.
        cents: int64 what the traveller pays for one tour.
        co2_g: float64 of one tour.
        person: int64 row of the traveller; work: int64 row of the workplace's commune; window: int64.
    """

    home: Array
    codes: Array
    tours: Array
    km: Array
    cents: Array
    co2_g: Array
    person: Array
    work: Array
    window: Array

    def take(self, rows: Array) -> Done:
        """Some of the rows."""
        return Done(
            self.home[rows], self.codes, self.tours[rows], self.km[rows], self.cents[rows], self.co2_g[rows],
            self.person[rows], self.work[rows], self.window[rows],
        )  # fmt: skip


def own_way(
    service: str, done: Done, ledger: Ledger, operations: Operations, *,
    what: str = "driving", vehicle: bool = False, kwh_per_km: float = 0.0,
) -> None:  # fmt: skip
    """Enter tours that travellers make by their own means: they pay suppliers, and nobody else.

    Args:
        service: its name.
        done: its tours.
        ledger, operations: where to enter them.
        what: what is paid for.
        vehicle: a motor vehicle is driven for each tour: its kilometres are those of the tour.
        kwh_per_km: energy that it uses.
    """
    ledger.pay_many(service, "", USER, SUPPLIER, what, done.cents * done.tours, done.home, done.codes)
    km = done.km * done.tours
    operations.add_many(
        service, "", done.home, done.codes, trips=2 * done.tours, passenger_km=km,
        km_with=km if vehicle else 0.0 * km, energy_kwh=kwh_per_km * km, co2_g=done.co2_g * done.tours,
    )  # fmt: skip
