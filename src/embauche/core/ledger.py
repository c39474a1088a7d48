"""Who paid whom, in whole cents, and what services did for it: builders of a week's books.

Lives here: Ledger, Operations, exact splits. Not here: what a service costs (services), totals (analysis).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from embauche.core.accounts import EMPLOYER, REGION, STAFF, STATE, SUPPLIER, USER, authority, operator
from embauche.core.outputs import LEDGER, OPERATIONS
from embauche.core.table import Table

Array = np.ndarray[Any, Any]
__all__ = [
    "EMPLOYER",
    "REGION",
    "STAFF",
    "STATE",
    "SUPPLIER",
    "USER",
    "Ledger",
    "Operations",
    "authority",
    "operator",
    "split",
    "whole_cents",
]
Entry = tuple[str, str, str, str, str, str]  # service, system, payer, payee, what, commune


def whole_cents(eur: Array | float) -> Array:
    """Euros as cents, half up, int64."""
    cents: Array = np.floor(np.asarray(eur, np.float64) * 100.0 + 0.5).astype(np.int64)
    return cents


def split(cents: int, weights: Sequence[float] | Array) -> Array:
    """Whole cents in proportion to weights, exactly: largest remainders, ties to the first.

    Args:
        cents: what is split, not negative.
        weights: not negative, finite; all zero stands for equal parts.

    Returns:
        int64 [weight], whose sum is `cents`.

    Raises:
        ValueError: no weight, or one that is negative or not finite.
    """
    w = np.asarray(weights, np.float64)
    if not len(w) or not np.isfinite(w).all() or (w < 0).any() or cents < 0:
        raise ValueError(f"cannot split {cents} cents by {w}")
    if not w.any():
        w = np.ones(len(w))
    share = w / w.sum()
    exact = share * cents
    parts: Array = np.floor(exact).astype(np.int64)
    left = int(cents - parts.sum())  # rounding may put it a cent or two off either way
    order = np.argsort(parts - exact, kind="stable")
    order = order[w[order] > 0]
    step = 1 if left > 0 else -1
    for k in range(abs(left)):
        parts[order[k % len(order)] if step > 0 else order[-1 - k % len(order)]] += step
    return parts


class Ledger:
    """Entries of one week: each moves cents from a payer to a payee, so that all accounts sum to nothing.

    An operator only passes money on: `settle` pays what its riders' fares leave open as a subsidy, and hands
    back what is over.
    """

    def __init__(self) -> None:
        self.entries: dict[Entry, int] = {}

    def pay(
        self, service: str, system: str, payer: str, payee: str, what: str, cents: int, commune: str = ""
    ) -> None:
        """Enter one payment.

        Args:
            service, system: what it is for; system "" where a service has only one.
            payer, payee: accounts (core.accounts).
            what: fare, pass, subsidy, drivers, energy, vehicles, incentive, voucher ...
            cents: not negative; nothing is entered for 0.
            commune: code of the user's home, "" where it concerns no one user.

        Raises:
            ValueError: negative cents, or payer and payee are the same.
        """
        cents = int(cents)
        if cents < 0 or payer == payee:
            raise ValueError(f"{service}: {cents} cents from {payer} to {payee} for {what}")
        if cents:
            key = (service, system, payer, payee, what, commune)
            self.entries[key] = self.entries.get(key, 0) + cents

    def pay_many(
        self, service: str, system: str, payer: str, payee: str, what: str,
        cents: Array, commune: Array, codes: Sequence[str] | Array,
    ) -> None:  # fmt: skip
        """Enter many users' payments at once.

        Args:
            service, system, payer, payee, what: as in `pay`.
            cents: int [payment], not negative.
            commune: int [payment] row of codes: home of the user.
            codes: str [commune].
        """
        cents = np.asarray(cents, np.int64)
        if len(cents) and int(cents.min()) < 0:
            raise ValueError(f"{service}: {int(cents.min())} cents from {payer} to {payee} for {what}")
        total = np.zeros(len(codes), np.int64)
        np.add.at(total, commune, cents)  # whole numbers: bincount would go through floats
        for row in np.flatnonzero(total).tolist():
            self.pay(service, system, payer, payee, what, int(total[row]), str(codes[row]))

    def add(self, other: Ledger) -> None:
        """Enter all that another ledger holds."""
        for (service, system, payer, payee, what, commune), cents in other.entries.items():
            self.pay(service, system, payer, payee, what, cents, commune)

    def balances(self) -> dict[str, int]:
        """Cents that each account received less those that it paid."""
        out: dict[str, int] = {}
        for (_, _, payer, payee, _, _), cents in self.entries.items():
            out[payer] = out.get(payer, 0) - cents
            out[payee] = out.get(payee, 0) + cents
        return out

    def settle(self, payers: Callable[[str, str], Mapping[str, float]]) -> None:
        """Empty every operator's account at the week's end.

        Args:
            payers: (service, system) -> weights of the accounts that share its deficit or its surplus.
        """
        for account, left in sorted(self.balances().items()):
            kind, _, runs = account.partition(":")
            if kind != "operator" or not left:
                continue
            service, _, system = runs.partition("/")
            shares = payers(service, system)
            parts = split(abs(left), list(shares.values()))
            for payer, cents in zip(shares, parts.tolist(), strict=True):
                if left < 0:
                    self.pay(service, system, payer, account, "subsidy", cents)
                else:
                    self.pay(service, system, account, payer, "surplus", cents)

    def table(self, week: int) -> Table:
        """The entries, sorted, as a table of core.outputs.LEDGER."""
        rows = sorted(self.entries.items())
        names = ("service", "system", "payer", "payee", "what", "commune")
        columns: dict[str, Any] = {
            name: np.array([key[k] for key, _ in rows], object) for k, name in enumerate(names)
        }
        columns["week"] = np.full(len(rows), week, np.int16)
        columns["cents"] = np.array([cents for _, cents in rows], np.int64)
        return Table.make(LEDGER, columns)


FIGURES = ("driver_min", "km_with", "km_empty", "energy_kwh", "co2_g", "trips", "passenger_km")


class Operations:
    """What each system did in a week, by commune of its users; a service's rows add up to its total."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], dict[str, float]] = {}

    def add(self, service: str, system: str, commune: str = "", **figures: float) -> None:
        """Add figures (names in FIGURES) of a system; commune "" for what belongs to no one user's home.

        Raises:
            ValueError: a figure is unknown, negative or not finite.
        """
        row = self.rows.setdefault((service, system, commune), dict.fromkeys(FIGURES, 0.0))
        for name, value in figures.items():
            if name not in row or not (0 <= value < np.inf):
                raise ValueError(f"{service}: {name} {value}")
            row[name] += value

    def add_many(
        self, service: str, system: str, commune: Array, codes: Sequence[str] | Array, **figures: Array
    ) -> None:
        """Add figures [user] at once, by row of codes: the user's home."""
        sums = {name: np.bincount(commune, values, minlength=len(codes)) for name, values in figures.items()}
        for row in np.flatnonzero(np.bincount(commune, minlength=len(codes))).tolist():
            self.add(service, system, str(codes[row]), **{name: float(v[row]) for name, v in sums.items()})

    def extend(self, other: Operations) -> None:
        """Add all that another holds."""
        for (service, system, commune), row in other.rows.items():
            self.add(service, system, commune, **row)

    def table(self, week: int) -> Table:
        """The rows, sorted, as a table of core.outputs.OPERATIONS; minutes and trips are whole."""
        rows = sorted(self.rows.items())
        columns: dict[str, Any] = {
            name: np.array([key[k] for key, _ in rows], object)
            for k, name in enumerate(("service", "system", "commune"))
        }
        columns["week"] = np.full(len(rows), week, np.int16)
        for name in FIGURES:
            values = np.array([row[name] for _, row in rows], np.float64)
            columns[name] = np.floor(values + 0.5) if name in ("driver_min", "trips") else values
        return Table.make(OPERATIONS, columns)
