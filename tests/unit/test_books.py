"""The books of a model's weeks balance to the cent, whoever runs the services.

Not here: the ledger by itself (property/test_ledger), words and intervals (test_cost_effect, test_report).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from embauche.analysis.accounts import UNALLOCATED, Accounts
from embauche.core.accounts import PUBLIC, head
from embauche.core.governance import AuthorityRule, Contract, Governance
from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.model import Bassin
from embauche.population.synthesis import synthesise
from helpers import tiny_territory
from one_count import one_count
from service_examples import settings_with

WEEKS = 3
EAST_WEST = (
    AuthorityRule("West", ("200000001",), fare_eur=1.0, authority=0.5, region=0.3, state=0.2),
    AuthorityRule("East", ("200000002",), crosses=False),
)
GOVERNANCE = {
    "today": Governance(),
    "alone": Governance("epcis"),
    "bassin": Governance("bassin", name="B", fare_eur=0.0),
    "contract": Governance(
        "region", authorities=EAST_WEST, contracts=(Contract(("West", "East"), ("transit",), "riders"),)
    ),
}


@pytest.fixture(scope="module", params=GOVERNANCE, ids=list(GOVERNANCE))
def weeks(request: pytest.FixtureRequest) -> tuple[Bassin, list[dict[str, Table]]]:
    territory, catalogue = tiny_territory(scale=4), default_catalogue()
    population = synthesise(territory, catalogue, defaults(), 0)
    settings = replace(settings_with(), governance=GOVERNANCE[request.param])
    model = Bassin(territory, population, catalogue, defaults(), settings, rng=3)
    tables = []
    for _ in range(WEEKS):
        model.step()
        tables.append(model.week_tables())
    return model, tables


def test_operators_are_left_with_nothing(weeks: tuple[Bassin, list[dict[str, Table]]]) -> None:
    for tables in weeks[1]:
        ledger, balance = tables["ledger"], defaultdict(int)
        for payer, payee, cents in zip(ledger.payer, ledger.payee, ledger.cents.tolist(), strict=True):
            assert cents > 0
            balance[payer] -= cents
            balance[payee] += cents
        assert not any(balance[a] for a in balance if a.startswith("operator:"))
        assert sum(balance.values()) == 0


def test_each_service_is_counted_once(weeks: tuple[Bassin, list[dict[str, Table]]]) -> None:
    model, weekly = weeks
    for tables in weekly:
        for row in range(len(model.services)):
            one_count(model, tables, row)


def test_subsidies_are_costs_less_revenue(weeks: tuple[Bassin, list[dict[str, Table]]]) -> None:
    for tables in weeks[1]:
        ledger = tables["ledger"]
        assert (ledger.service == "transit").any()
        operators = {str(a) for a in (*ledger.payer, *ledger.payee) if head(str(a)) == "operator"}
        public = np.array([head(str(a)) in PUBLIC for a in ledger.payer])
        back = np.array([head(str(a)) in PUBLIC for a in ledger.payee])
        for account in operators:
            pays, gets = ledger.payer == account, ledger.payee == account
            spent = int(ledger.cents[pays & ~back].sum())
            earned = int(ledger.cents[gets & ~public].sum())
            subsidy = int(ledger.cents[gets & public].sum()) - int(ledger.cents[pays & back].sum())
            assert subsidy == spent - earned


def test_communes_add_up_to_services(weeks: tuple[Bassin, list[dict[str, Table]]]) -> None:
    accounts = Accounts()
    for tables in weeks[1]:
        accounts.add_week(tables["ledger"], tables["operations"])
    money, figures = accounts.by_commune()
    for service in accounts.services():
        for kind in ("cost", "fares", "public", "employer", "user"):
            whole = sum(row[kind] for cell, row in accounts.cents.items() if cell[0] == service)
            assert sum(row[kind] for (s, _), row in money.items() if s == service) == whole
        for name in ("km_with", "trips", "co2_g"):
            total = sum(row[name] for cell, row in accounts.figures.items() if cell[0] == service)
            parts = sum(row[name] for (s, _), row in figures.items() if s == service)
            assert parts == pytest.approx(total)
    paid = sum(accounts.by_payer.values())
    assert paid == sum(row["cost"] for row in accounts.cents.values())
    assert any(code != UNALLOCATED for _, code in money)


def test_who_pays_follows_the_governance(weeks: tuple[Bassin, list[dict[str, Table]]]) -> None:
    model, weekly = weeks
    given = model.settings.governance
    payers = {str(a) for t in weekly for a in t["ledger"].payer if head(str(a)) in PUBLIC}
    who = model.network.jurisdiction
    assert payers <= {f"authority:{r.name}" for r in who.rules} | {"region", "state"}
    transit_payers = {
        str(a)
        for t in weekly
        for a in t["ledger"].payer[t["ledger"].service == "transit"]
        if head(str(a)) in PUBLIC
    }
    if given.organisation == "bassin":
        transit = [service.name for service in model.services].index("transit")
        rides = [t["trips"].take(t["trips"].service == transit) for t in weekly]
        assert any(len(r) for r in rides)
        assert not any(r.eur_cents.any() for r in rides)
    if given.contracts:
        ledger = weekly[0]["ledger"]
        assert set(ledger.system[ledger.service == "transit"]) == {"region"}  # the one route crosses
        assert transit_payers == {"region"}
    if given.organisation == "epcis":
        assert transit_payers == {"authority:CC West"}  # most of its stops
