"""The books: whole cents, exact splits, accounts that sum to nothing, operators left with none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embauche.core.ledger import Ledger, Operations, authority, operator, split, whole_cents

WEIGHTS = st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e6)), min_size=1, max_size=12)


@given(st.integers(0, 10**12), WEIGHTS)
def test_split_is_exact_and_fair(cents: int, weights: list[float]) -> None:
    parts = split(cents, weights)
    assert int(parts.sum()) == cents
    assert (parts >= 0).all()
    total = sum(weights)
    if total:
        exact = np.array(weights) / total * cents
        assert np.abs(parts - exact).max() < 1.0 + 1e-3
        assert not parts[np.array(weights) == 0].any()
    else:
        assert parts.max() - parts.min() <= 1


@pytest.mark.parametrize(("cents", "weights"), [(5, []), (5, [-1.0, 2.0]), (5, [float("nan")]), (-1, [1.0])])
def test_split_refuses(cents: int, weights: list[float]) -> None:
    with pytest.raises(ValueError, match="cannot split"):
        split(cents, weights)


ENTRY = st.tuples(
    st.sampled_from(["bus", "tad"]),
    st.sampled_from(["", "north"]),
    st.booleans(),
    st.sampled_from(["fare", "drivers", "energy"]),
    st.integers(0, 10**9),
    st.sampled_from(["", "62119", "62510"]),
)


@given(st.lists(ENTRY, max_size=30), WEIGHTS)
def test_settled_books_balance(
    entries: list[tuple[str, str, bool, str, int, str]], weights: list[float]
) -> None:
    books = Ledger()
    for service, system, to_operator, what, cents, commune in entries:
        account = operator(service, system)
        payer, payee = ("user", account) if to_operator else (account, "supplier")
        books.pay(service, system, payer, payee, what, cents, commune)
    paid = sum(e[4] for e in entries if e[2])
    spent = sum(e[4] for e in entries if not e[2])
    books.settle(lambda *_: {authority(str(k)): w for k, w in enumerate(weights)})
    balances = books.balances()
    assert sum(balances.values()) == 0
    assert not any(v for k, v in balances.items() if k.startswith("operator:"))
    assert balances.get("user", 0) == -paid
    assert balances.get("supplier", 0) == spent
    public = sum(v for k, v in balances.items() if k.startswith("authority:"))
    assert public == paid - spent
    assert all(cents > 0 for cents in books.entries.values())
    table = books.table(3)
    assert int(table.cents.sum()) == sum(books.entries.values())
    assert (table.week == 3).all()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 10**15)), max_size=40))
def test_many_payments_are_those_one_by_one(rows: list[tuple[int, int]]) -> None:
    codes = ["62119", "62510", "X-LILLE"]
    one, many = Ledger(), Ledger()
    for row, cents in rows:
        one.pay("bus", "", "user", operator("bus"), "fare", cents, codes[row])
    commune = np.array([r for r, _ in rows], np.int64)
    many.pay_many("bus", "", "user", operator("bus"), "fare", np.array([c for _, c in rows]), commune, codes)
    assert one.entries == many.entries
    twice = Ledger()
    twice.add(one)
    twice.add(many)
    assert twice.entries == {k: 2 * v for k, v in one.entries.items()}


def test_an_operator_paid_by_another_service_is_settled_too() -> None:
    books = Ledger()
    books.pay("tad", "north", "user", operator("bus"), "fare", 250)  # the bus that a ride feeds
    books.settle(lambda service, system: {authority(f"{service}{system}"): 1.0})
    assert books.balances() == {"user": -250, operator("bus"): 0, authority("bus"): 250}


def test_refusals() -> None:
    books = Ledger()
    with pytest.raises(ValueError, match="-1 cents"):
        books.pay("bus", "", "user", "supplier", "fare", -1)
    with pytest.raises(ValueError, match="from user to user"):
        books.pay("bus", "", "user", "user", "fare", 1)
    with pytest.raises(ValueError, match="km_with"):
        Operations().add("bus", "", km_with=-1.0)
    with pytest.raises(ValueError, match="wheels"):
        Operations().add("bus", "", wheels=1.0)


def test_operations_add_up() -> None:
    done = Operations()
    done.add("bus", "", km_with=12.5, driver_min=59.6)
    done.add_many("bus", "", np.array([1, 1, 0]), ["A", "B", "C"], trips=np.array([2, 2, 2]),
                  passenger_km=np.array([1.5, 2.0, 4.0]))  # fmt: skip
    done.add("bus", "", "B", trips=4)
    more = Operations()
    more.extend(done)
    table = more.table(0)
    assert [str(c) for c in table.commune] == ["", "A", "B"]
    assert table.trips.tolist() == [0, 2, 8]
    assert table.passenger_km.tolist() == [0.0, 4.0, 3.5]
    assert table.driver_min.tolist() == [60, 0, 0]


def test_whole_cents_rounds_half_up() -> None:
    assert whole_cents(np.array([0.005, 1.0, 2.494999])).tolist() == [1, 100, 249]
