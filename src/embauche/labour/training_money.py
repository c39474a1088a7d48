"""Who pays for training: what a lever pays once, and what it pays for persons.

Lives here: entries in the week's ledger. Not here: what training is (labour.training).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.ledger import REGION, STATE, SUPPLIER, authority
from embauche.labour import aids
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
SERVICE = "training"  # under which the books show it


def pay_once(model: World, lever: aids.Payable, what: str, cents: int, commune: int = -1) -> None:
    """Enter what a lever pays for no one user; its authority is that of the commune (row) where it is.

    Without a commune the payer is the authority that the lever names, or the territory's own.
    """
    if not cents:
        return
    payer = {"region": REGION, "state": STATE}.get(lever.payer, lever.payer)
    if payer == "authority":
        charge = model.network.jurisdiction
        area = int(charge.area[commune]) if commune >= 0 and not lever.authority else -1
        payer = authority(charge.rules[area].name if area >= 0 else lever.authority)
    model.ledger.pay(SERVICE, lever.name, payer, SUPPLIER, what, cents)


def pay_people(model: World, lever: aids.Payable, payee: str, what: str, cents: int, who: Array) -> None:
    """Enter the same sum for each of these persons (rows)."""
    if cents and len(who):
        amount = np.full(len(who), cents, np.int64)
        aids.enter(model, lever, payee, what, amount, who, model.ledger, SERVICE)
