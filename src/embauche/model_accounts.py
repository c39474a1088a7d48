"""The books of a model's week: who paid whom, what services did, and who is in charge.

Lives here: settled, week_books, systems. Not here: entries (core.ledger), sums over weeks (analysis).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.accounts import REGION, authority
from embauche.core.ledger import Ledger, Operations, split
from embauche.core.table import Table
from embauche.labour.social_fares import refund
from embauche.services.accounting import Done

if TYPE_CHECKING:
    from embauche.model import Bassin
    from embauche.services.base import Service

Array = np.ndarray[Any, Any]
Payers = Callable[[str, str], Mapping[str, float]]


def systems(model: Bassin, service: Service) -> dict[str, str]:
    """Systems of a service with the name of the authority of each, "" for whichever is in charge."""
    who, supply = model.network.jurisdiction, model.network.supply
    if service.name == "transit":
        names = [*(rule.name for rule in who.rules), REGION]
        return {name: name for name, km in zip(names, supply.km.sum(axis=1), strict=True) if km > 0}
    out: dict[str, str] = {}
    options = getattr(service, "options", None)
    for value in vars(options).values() if options is not None else ():
        for item in value if isinstance(value, list | tuple) else ():
            if hasattr(item, "name") and hasattr(item, "authority"):
                out[str(item.name)] = str(item.authority)
    return out or {"": ""}


def settled(model: Bassin, trips: Table | None = None) -> tuple[Ledger, Operations]:
    """The books of the last week travelled, made when first asked for; empty before the first.

    Args:
        model: the model.
        trips: the week's trips where they are made already.
    """
    from embauche.model_tables import trips_table

    if model.week_travel is None:
        return Ledger(), Operations()
    if model.books_kept is None or model.books_kept[0] != model.travelled_week:
        books = week_books(model, trips_table(model) if trips is None else trips)
        model.books_kept = (model.travelled_week, *books)
    return model.books_kept[1:]


def week_books(model: Bassin, trips: Table) -> tuple[Ledger, Operations]:
    """The settled books of the last week, from its trips and from what services and aids entered in it.

    Args:
        model: a model that has stepped.
        trips: the week's trips (core.outputs.TRIPS).
    """
    ledger, operations = Ledger(), Operations()
    ledger.add(model.ledger)
    operations.extend(model.operations)
    played = [] if model.week_travel is None else list(model.week_travel.services.values())
    for week in played:
        ledger.add(week.ledger)
        operations.extend(week.operations)
    order = np.argsort(model.week_worker_id, kind="stable")
    person = order[np.searchsorted(model.week_worker_id[order], trips.worker_id)]
    post = model.week_post[person]
    work = model.population.firms.commune[model.population.posts.firm[post]].astype(np.int64)
    done = Done(
        model.population.persons.commune[person].astype(np.int64), model.territory.communes.code,
        trips.tours.astype(np.int64), trips.km.astype(np.float64), trips.eur_cents.astype(np.int64),
        trips.co2_g.astype(np.float64), person, work, trips.window.astype(np.int64),
    )  # fmt: skip
    for row, service in enumerate(model.services):
        mine = done.take(np.flatnonzero(trips.service == row))
        service.books(mine, ledger, operations)
        refund(model, service.name, mine, ledger)
    payers = _payers(model, operations, [moves for week in played for moves in week.moves])
    ledger = _named(ledger, payers)
    ledger.settle(payers)
    return ledger, operations


def _named(ledger: Ledger, payers: Payers) -> Ledger:
    """The entries with whoever is in charge in the place of the authority without a name."""
    out, nobody = Ledger(), authority("")
    for (service, system, payer, payee, what, commune), cents in ledger.entries.items():
        if nobody not in (payer, payee):
            out.pay(service, system, payer, payee, what, cents, commune)
            continue
        shares = payers(service, system)
        for account, part in zip(shares, split(cents, list(shares.values())).tolist(), strict=True):
            giver, taker = (account if end == nobody else end for end in (payer, payee))
            out.pay(service, system, giver, taker, what, part, commune)
    return out


def _driven(model: Bassin, moves: Sequence[Table]) -> dict[tuple[str, str], Array]:
    """Vehicle-km in each commune by (service, system): half of a move where it begins, half where it ends."""
    commune, out = model.territory.nodes.commune, dict[tuple[str, str], Array]()
    for table in moves:
        names = np.array([f"{s}\n{y}" for s, y in zip(table.service, table.system, strict=True)], object)
        for name in sorted(set(names.tolist())):
            mine = names == name
            service, _, system = name.partition("\n")
            total = out.setdefault((service, system), np.zeros(len(model.territory.communes) + 1))
            for end in ("from_node", "to_node"):
                node = table[end][mine]
                np.add.at(total, np.where(node >= 0, commune[node], -1), table.km[mine] / 2.0)
    return out


def _payers(model: Bassin, operations: Operations, moves: Sequence[Table]) -> Payers:
    """(service, system) -> accounts that share its deficit."""
    who, codes = model.network.jurisdiction, [str(c) for c in model.territory.communes.code]
    row_of = {code: row for row, code in enumerate(codes)}
    charge = {s.name: systems(model, s) for s in model.services}
    driven_by = _driven(model, moves)
    runners = [*(rule.name for rule in who.rules), REGION]

    def payers(service: str, system: str) -> Mapping[str, float]:
        riders = np.zeros(len(codes))
        for (s, y, commune), done in operations.rows.items():
            if (s, y) == (service, system) and commune in row_of:
                riders[row_of[commune]] += done["trips"]
        driven = driven_by.get((service, system), riders)
        if service == "transit" and system in runners:
            driven = model.network.supply.commune_km[runners.index(system)]
        name = charge.get(service, {}).get(system, "")
        return who.payers(service, system, name, riders, driven[: len(codes)])

    return payers
