"""A replication's books added up: who paid what, what services did, in total and by commune.

Lives here: Accounts and its rows of indicators. Not here: entries (core.ledger), words (the catalogue).

What a system costs without concerning one user (drivers, vehicles, subsidies ...) is laid on communes by
the kilometres that their people rode with it, in whole cents; where nobody rode it stays unallocated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from embauche.core.accounts import EMPLOYER, LABOUR_BOOKS, PUBLIC, USER, head
from embauche.core.ledger import FIGURES, split
from embauche.core.table import Table

Array = np.ndarray[Any, Any]
Row = tuple[int, str, str, str, str, float]
Cell = tuple[str, str, str]  # service, system, commune
UNALLOCATED, OUTSIDE = "unallocated", "outside"
# figure of OPERATIONS -> (indicator, divisor)
SHOWN = {
    "driver_min": ("driver_hours_week", 60.0),
    "km_with": ("km_with_riders_week", 1.0),
    "km_empty": ("km_empty_week", 1.0),
    "energy_kwh": ("energy_kwh_week", 1.0),
    "co2_g": ("co2_kg_week", 1000.0),
    "trips": ("trips_week", 1.0),
    "passenger_km": ("passenger_km_week", 1.0),
}
MONEY = ("cost", "fares", "public", "employer", "user")


class Accounts:
    """Adds up LEDGER and OPERATIONS week by week.

    Attributes:
        cents: money by (service, system, commune), then by kind: cost (to staff and suppliers), fares (what
            operators got of users and employers), public, employer and user (what each paid, net).
        by_payer: net cents that each account paid, by (service, account); operators, staff, suppliers apart.
        figures: sums of FIGURES by (service, system, commune).
        weeks: weeks added.
    """

    def __init__(self) -> None:
        self.cents: dict[Cell, dict[str, int]] = defaultdict(lambda: dict.fromkeys(MONEY, 0))
        self.by_payer: dict[tuple[str, str], int] = defaultdict(int)
        self.figures: dict[Cell, dict[str, float]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0.0))
        self.weeks = 0

    def add_week(self, ledger: Table, operations: Table) -> None:
        """Add one week's tables."""
        self.weeks += 1
        keys = ("service", "system", "payer", "payee", "commune")
        columns = (ledger[k].astype(str).tolist() for k in keys)
        for service, system, payer, payee, commune, cents in zip(
            *columns, ledger.cents.tolist(), strict=True
        ):
            into = self.cents[service, system, commune]
            giver, taker = head(payer), head(payee)
            for account, kind, sign in ((payer, giver, 1), (payee, taker, -1)):
                party = "public" if kind in PUBLIC else kind
                if party in ("public", EMPLOYER, USER):
                    into[party] += sign * cents
                    self.by_payer[service, account] += sign * cents
            if taker in ("staff", "supplier"):
                into["cost"] += cents
            if taker == "operator" and giver in (USER, EMPLOYER):
                into["fares"] += cents
            if giver == "operator" and taker in (USER, EMPLOYER):
                into["fares"] -= cents
        columns = (operations[k].astype(str).tolist() for k in ("service", "system", "commune"))
        for row, cell in enumerate(zip(*columns, strict=True)):
            done = self.figures[cell]
            for name in FIGURES:
                done[name] += float(operations[name][row])

    def services(self) -> list[str]:
        """Services that have any entry, sorted."""
        return sorted({cell[0] for cell in (*self.cents, *self.figures)})

    def by_commune(self) -> tuple[dict[tuple[str, str], dict[str, int]], dict[tuple[str, str], Any]]:
        """Money and figures by (service, commune), what concerns no one user laid on communes.

        Sums over communes (`UNALLOCATED` too) are those of the services, money to the cent.
        """
        money: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(MONEY, 0))
        figures: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0.0))
        rode: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for (service, system, commune), row in sorted(self.figures.items()):
            if commune and row["passenger_km"] > 0:
                rode[service, system][commune] = row["passenger_km"]
        for (service, system, commune), cents in sorted(self.cents.items()):
            keys = {commune: 1.0} if commune else rode[service, system] or {UNALLOCATED: 1.0}
            for kind, value in cents.items():
                parts = split(abs(value), list(keys.values())).tolist()
                for code, part in zip(keys, parts, strict=True):
                    money[service, code][kind] += part if value >= 0 else -part
        for (service, system, commune), done in sorted(self.figures.items()):
            keys = {commune: 1.0} if commune else rode[service, system] or {UNALLOCATED: 1.0}
            whole = sum(keys.values())
            for name, figure in done.items():
                for code, weight in keys.items():
                    figures[service, code][name] += figure * weight / whole
        return money, figures


def _sum_money(rows: Iterator[Mapping[str, int]] | list[Mapping[str, int]]) -> dict[str, int]:
    out = dict.fromkeys(MONEY, 0)
    for row in rows:
        for kind in MONEY:
            out[kind] += row[kind]
    return out


def rows(accounts: Accounts, epci_of: Mapping[str, str]) -> list[Row]:
    """Indicators of the whole run from its books.

    Args:
        accounts: all weeks added.
        epci_of: EPCI of each commune met, "" for an external zone.
    """
    out: list[Row] = []
    weeks = max(accounts.weeks, 1)
    by_money, by_figure = accounts.by_commune()
    services = accounts.services()
    for dimension in ("all", "service", "commune", "epci"):
        grouped: dict[str, tuple[dict[str, int], dict[str, float], dict[str, int]]] = {}
        for service, code in sorted({*by_money, *by_figure}):
            group = {
                "all": "all", "service": service, "commune": code,
                "epci": UNALLOCATED if code == UNALLOCATED else (epci_of.get(code, "") or OUTSIDE),
            }[dimension]  # fmt: skip
            money, done, moved = grouped.setdefault(
                group, (dict.fromkeys(MONEY, 0), dict.fromkeys(FIGURES, 0.0), dict.fromkeys(MONEY, 0))
            )
            for kind, cents in by_money.get((service, code), {}).items():
                money[kind] += cents
                moved[kind] += cents * (service not in LABOUR_BOOKS)
            for name, value in by_figure.get((service, code), {}).items():
                done[name] += value
        for group, (money, done, moved) in grouped.items():
            out += _figures(dimension, group, money, done, moved, weeks)
    payers: dict[str, int] = defaultdict(int)
    for (_, account), cents in sorted(accounts.by_payer.items()):
        payers[account] += cents
    out += [(-1, "paid_eur_week", "payer", a, "value", c / 100.0 / weeks) for a, c in payers.items()]
    for service in services:
        shares: dict[str, int] = defaultdict(int)
        for (s, account), cents in sorted(accounts.by_payer.items()):
            if s == service:
                shares[head(account)] += cents
        out += [
            (-1, "paid_eur_week", "service_payer", f"{service}/{kind}", "value", c / 100.0 / weeks)
            for kind, c in shares.items()
        ]
    return out


def _figures(
    dimension: str,
    group: str,
    money: Mapping[str, int],
    done: Mapping[str, float],
    moved: Mapping[str, int],
    weeks: int,
) -> list[Row]:
    """Rows of a group; what a trip costs is of `moved`, the money of services that carry people."""

    def row(key: str, value: float) -> Row:
        return (-1, key, dimension, group, "value", float(value))

    eur = {kind: cents / 100.0 for kind, cents in money.items()}
    of_trips = {kind: cents / 100.0 for kind, cents in moved.items()}
    out = [
        row("service_cost_eur_week", eur["cost"] / weeks),
        row("fares_eur_week", eur["fares"] / weeks),
        row("public_cost_eur_week", eur["public"] / weeks),
    ]
    out += [row(key, done[name] / by / weeks) for name, (key, by) in SHOWN.items()]
    if done["trips"] > 0:
        out += [
            row("cost_per_trip_eur", of_trips["cost"] / done["trips"]),
            row("public_cost_per_trip_eur", of_trips["public"] / done["trips"]),
        ]
    if done["passenger_km"] > 0:
        out += [
            row("cost_per_passenger_km_eur", of_trips["cost"] / done["passenger_km"]),
            row("public_cost_per_passenger_km_eur", of_trips["public"] / done["passenger_km"]),
        ]
    driven = done["km_with"] + done["km_empty"]
    if driven > 0:
        out.append(row("co2_g_per_vehicle_km", done["co2_g"] / driven))
    return out
