"""A week with shuttles: seats are really few, what was driven and paid is told, and adds up.

Not here: lines and their runs (test_shuttle_lines), refusals and expectations (labour).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.core.ledger import operator
from embauche.core.settings import Settings
from embauche.model import Bassin
from embauche.services.shuttle import Shuttle
from one_trip import same_trip
from service_examples import EXAMPLES, settings_with

LIVELY = {"commute.choice_scale_eur": 10.0, "shuttle.fail": 0.0}


def options(**changes: Any) -> Settings:
    """The example's line with some of its fields changed."""
    line = EXAMPLES["shuttle"]["lines"][0] | changes
    return settings_with("shuttle", shuttle={"lines": [line]})


def week(settings: Settings, weeks: int = 1, seed: int = 1) -> Bassin:
    model = same_trip(200, LIVELY, settings=settings, seed=seed)
    for _ in range(weeks):
        model.step()
    return model


def shuttle(model: Bassin) -> Shuttle:
    return next(s for s in model.services if isinstance(s, Shuttle))


@pytest.fixture(scope="module")
def full() -> Bassin:
    return week(options(seats=7), 2)


def test_no_stretch_holds_more_than_its_seats(full: Bassin) -> None:
    riders = shuttle(full).seats.riders(0)
    assert riders.max() == 7
    moves = full.week_tables()["moves"]
    assert moves.riders.max() == 7
    events = full.week_tables()["events"]
    count = {name: int((events.event == name).sum()) for name in set(events.event)}
    assert count["refused"] > 50
    assert count["served"] == 5 * 7 == count["boarding"] / 2 == count["alighting"] / 2
    on = (events.event == "boarding") & (events.vehicle >= 0)
    assert on.sum() == count["boarding"]


def test_trips_and_bookings_are_the_same_tours(full: Bassin) -> None:
    trips = full.week_tables()["trips"]
    row = [s.name for s in full.services].index("shuttle")
    assert int(trips.tours[trips.service == row].sum()) == len(shuttle(full).seats.booked) == 35


def test_books_hold_what_was_driven_and_paid(full: Bassin) -> None:
    tables = full.week_tables()
    ledger, operations, moves = (tables[k] for k in ("ledger", "operations", "moves"))
    account = operator("shuttle", "Middle street")
    received = ledger.cents[ledger.payee == account]
    assert received.sum() == ledger.cents[ledger.payer == account].sum() > 0
    fares = ledger.cents[(ledger.payee == account) & (ledger.what == "fare")].sum()
    assert fares == 35 * 200
    mine = operations.service == "shuttle"
    km = operations.km_with[mine].sum() + operations.km_empty[mine].sum()
    assert km == pytest.approx(moves.km.sum())
    assert operations.trips[mine].sum() == 70
    assert operations.km_with[mine].sum() == pytest.approx(moves.km[moves.riders > 0].sum())
    ridden = float((moves.km * moves.riders).sum())
    assert operations.passenger_km[mine].sum() == pytest.approx(ridden)


def test_without_seats_or_vehicles_nobody_rides() -> None:
    for none in ({"seats": 0}, {"vehicles": 0}):
        model = week(options(**none))
        assert len(model.week_tables()["moves"]) == 0
        assert model.week_travel is not None
        row = [s.name for s in model.services].index("shuttle")
        assert (model.week_travel.chosen != row).all()


def test_the_same_seed_gives_the_same_week() -> None:
    a, b = week(options(seats=7), 2), week(options(seats=7), 2)
    for name, table in a.week_tables().items():
        other = b.week_tables()[name]
        assert all(np.array_equal(table[c], other[c]) for c in table.schema.names), name


def test_released_seats_are_free_again(full: Bassin) -> None:
    service = shuttle(week(options(seats=7)))
    booked = dict(service.seats.booked)
    for person, slot in booked:
        service.seats.give_up(person, slot)
    assert service.seats.riders(0).sum() == 0
    assert not service.seats.booked
