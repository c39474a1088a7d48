"""What every service whose places are few keeps to, besides test_service_contract.

Lives here: answers, seats given back, books, threads; served trips on means of 20 paired seeds. Not here: the
rules of the rounds (test_shared_week).
"""

from __future__ import annotations

import numpy as np
import pytest

from embauche.core import parallel
from embauche.core.accounts import head
from embauche.core.offerings import kinds
from embauche.labour.booking import Bookings
from embauche.model import Bassin
from embauche.services.shared import Answers, SharedService
from one_count import one_count
from one_trip import same_trip
from service_examples import SIZE_PARAMETERS, SIZES, settings_with

NAMES = sorted(n for n, kind in kinds().items() if isinstance(kind, type) and issubclass(kind, SharedService))
LIVELY = {"commute.choice_scale_eur": 10.0}
ANSWERS = ("served", "out_min", "back_min", "wait_min", "reason")


def bassin(name: str, size: int, persons: int = 300, seed: int = 1, **changes: float) -> Bassin:
    """Everybody to one shift, with the service of that size beside cars, transit, bikes and walks."""
    values = LIVELY | {f"{name}.{what}": value for what, value in changes.items()}
    values |= SIZE_PARAMETERS[name](size) if name in SIZE_PARAMETERS else {}
    return same_trip(persons, values, settings=settings_with(name, **{name: SIZES[name](size)}), seed=seed)


def book_of(model: Bassin, name: str) -> Bookings:
    assert model.week_travel is not None
    return next(b for b in model.week_travel.bookings if b.service.name == name)


def test_each_shared_service_can_be_sized() -> None:
    assert set(SIZES) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_with_nothing_nobody_rides(name: str) -> None:
    model = bassin(name, 0)
    for _ in range(2):
        model.step()
        assert not book_of(model, name).held.any()
        events = model.week_tables()["events"]
        assert not np.isin(events.event, ("served", "boarding", "pickup", "taxi", "match")).any()


@pytest.mark.parametrize("name", NAMES)
def test_each_request_has_one_answer_and_each_rider_a_trip(name: str) -> None:
    model = bassin(name, 1)
    for _ in range(2):
        model.step()
        tables, book = model.week_tables(), book_of(model, name)
        mine = tables["events"].take(tables["events"].service == name)
        count = {kind: int((mine.event == kind).sum()) for kind in set(mine.event)}
        assert count["request"] == len(book.requests) > 0
        assert count["request"] == count.get("served", 0) + count.get("refused", 0)
        assert count.get("fallback", 0) == count.get("refused", 0) > 0, "too large: nobody was refused"
        trips = tables["trips"]
        assert trips.tours[trips.service == book.row].sum() == book.held.sum() > 0
        a = book.answers
        assert (a.reason[a.served] == 0).all()
        assert set(a.reason[~a.served].tolist()) <= set(book.service.reasons)
        minutes = np.concatenate([a.out_min[a.served], a.back_min[a.served]])
        assert (np.isfinite(minutes) & (minutes > 0)).all()
        assert (a.wait_min >= 0).all()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_tours_trips_boardings_and_fares_are_one_count(name: str, seed: int) -> None:
    """Where a tenth of all tours fail by an incident too."""
    model = bassin(name, 2, seed=seed, fail=0.1)
    for _ in range(3):
        model.step()
        tables, book = model.week_tables(), book_of(model, name)
        assert one_count(model, tables, book.row) == book.held.sum() > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_probe_books_nothing_and_places_given_back_are_free(name: str) -> None:
    model = bassin(name, 1)
    model.step()
    book = book_of(model, name)
    service, asked = book.service, book.requests

    def told(answers: Answers) -> list[bytes]:
        return [getattr(answers, field).tobytes() for field in ANSWERS]

    service.open_week(service.scene.week)
    first = told(service.book(asked))
    service.open_week(service.scene.week)
    assert told(service.probe(asked)) == told(service.probe(asked))
    answers = service.book(asked)
    assert told(answers) == first, "a probe took a place"
    service.release(asked.take(answers.served))
    assert service.book(asked).served.sum() == answers.served.sum(), "a place given back is not free"


@pytest.mark.parametrize("name", NAMES)
def test_its_operators_keep_nothing(name: str) -> None:
    model = bassin(name, 1)
    model.step()
    ledger = model.week_tables()["ledger"]
    assert (ledger.cents > 0).all()
    for account in set(ledger.payee[[head(a) == "operator" for a in ledger.payee]]):
        received, paid = (ledger.cents[ledger[side] == account].sum() for side in ("payee", "payer"))
        assert received == paid, account


@pytest.mark.parametrize("name", NAMES)
def test_the_same_week_whatever_the_threads(name: str) -> None:
    before, weeks = parallel.get_threads(), []
    try:
        for threads in (1, 2):
            parallel.set_threads(threads)
            model = bassin(name, 2, persons=2100)
            model.step()
            weeks.append(model.week_tables())
    finally:
        parallel.set_threads(before)
    for table, other in zip(weeks[0].values(), weeks[1].values(), strict=True):
        for column in table.schema.names:
            assert table[column].tolist() == other[column].tolist(), (table.schema.name, column)


SEEDS = range(1, 21)


def riders(name: str, size: int, weeks: int = 3, **changes: float) -> np.ndarray:
    """Tours ridden in the last of some weeks, by seed."""
    out = []
    for seed in SEEDS:
        model = bassin(name, size, persons=150, seed=seed, **changes)
        for _ in range(weeks):
            model.step()
        out.append(int(book_of(model, name).held.sum()))
    return np.array(out, float)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_more_places_carry_more_and_a_worse_service_fewer(name: str) -> None:
    """On the mean of 20 paired seeds; a twentieth the other way is allowed, for greedy days have luck."""
    few, many = riders(name, 1), riders(name, 3)
    assert many.mean() >= 0.95 * few.mean()
    assert many.mean() > few.mean() or few.mean() == 0, "the larger one is no larger"
    disliked = riders(name, 3, asc_eur=-20.0)
    assert disliked.mean() <= 1.05 * many.mean()
