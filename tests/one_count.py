"""A week's tables say the same of a service: its tours, trips, boardings and fares.

Lives here: one_count. Not here: the models that are asked (test_books, test_shared_contract).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest

from embauche.core.table import Table
from embauche.model import Bassin
from embauche.services.shared import SharedService

BOARDINGS = ("pickup", "boarding", "taxi")
BETWEEN = ("driver_share", "incentive")  # what users get of users or for driving others: no fare given back


def one_count(model: Bassin, tables: Mapping[str, Table], row: int) -> int:
    """Check a service's week by commune of home, and boardings by rider; its tours."""
    service, trips = model.services[row], tables["trips"]
    ledger, done = tables["ledger"], tables["operations"]
    order = np.argsort(model.week_worker_id, kind="stable")
    communes = model.territory.communes.code

    def home(worker_id: np.ndarray) -> np.ndarray:
        person = order[np.searchsorted(model.week_worker_id[order], worker_id)]
        return communes[model.population.persons.commune[person]]

    mine = trips.take(trips.service == row)
    lives, cents = home(mine.worker_id), mine.eur_cents.astype(np.int64) * mine.tours
    of_it = (ledger.service == service.name) & ~np.isin(ledger.what, BETWEEN)
    did = done.take(done.service == service.name)
    events = tables["events"].take(tables["events"].service == service.name)
    boarded = events.worker_id[np.isin(events.event, BOARDINGS)]
    for code in ["", *communes.tolist()]:
        tours = int(mine.tours[lives == code].sum())
        assert int(did.trips[did.commune == code].sum()) == 2 * tours, (service.name, code)
        here = of_it & (ledger.commune == code)
        paid = int(ledger.cents[here & (ledger.payer == "user")].sum())
        paid -= int(ledger.cents[here & (ledger.payee == "user")].sum())
        assert paid == int(cents[lives == code].sum()), (service.name, code)
    if not isinstance(service, SharedService):
        ridden = float((mine.km.astype(np.float64) * mine.tours).sum())
        assert did.passenger_km.sum() == pytest.approx(ridden)
    else:
        rides: Counter[int] = Counter()
        for worker, tours in zip(mine.worker_id.tolist(), mine.tours.tolist(), strict=True):
            rides[worker] += 2 * tours
        ids, counts = np.unique(boarded, return_counts=True)
        assert dict(zip(ids.tolist(), counts.tolist(), strict=True)) == rides, service.name
    return int(mine.tours.sum())
