"""Entries in the week's books for recruitment: who pays for platforms, shared HR, higher wages.

Lives here: pay. Not here: what it buys (labour.platform, geiq, pools, network, wages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embauche.core.ledger import EMPLOYER, REGION, STATE, SUPPLIER, authority, whole_cents

if TYPE_CHECKING:
    from embauche.labour.world import World

SERVICE = "recruitment"  # under which the books show all this; the system is the entry's name


def pay(model: World, name: str, payer: str, of: str, what: str, eur: float) -> None:
    """Enter a payment that concerns no one user.

    Args:
        model: the model.
        name: of the entry in the scenario.
        payer: authority, employer, region or state.
        of: name of the authority, "" for the first of the territory.
        what: key shown in the accounts.
        eur: not negative.
    """
    accounts = {"employer": EMPLOYER, "region": REGION, "state": STATE}
    account = accounts.get(payer) or authority(of or _first(model))
    model.ledger.pay(SERVICE, name, account, SUPPLIER, what, int(whole_cents(eur)))


def _first(model: World) -> str:
    rules = model.network.jurisdiction.rules
    return rules[0].name if rules else ""
