"""What lodgers, aids and residences pay in a week.

Lives here: entries in the ledger. Not here: sums a month (dwelling_costs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.accounts import EMPLOYER, REGION, STATE, SUPPLIER, USER, authority
from embauche.core.ledger import Ledger
from embauche.core.scenario_residences import LODGERS
from embauche.labour.dwelling_costs import Wishes, aid_parts
from embauche.labour.residences import Lodging
from embauche.labour.world import World

if TYPE_CHECKING:
    from embauche.labour.housing_week import BedWeek

Array = np.ndarray[Any, Any]
SERVICE = "housing"  # under which the books show dwellings; the system is the residence, the aid, or rooms
ROOMS = "rooms"


def a_week(cents_month: Array) -> Array:
    """A month's whole cents as a week's, half up, int64."""
    return (np.asarray(cents_month, np.int64) * 24 + 52) // 104


def pay(model: World, lodging: Lodging, record: BedWeek, ledger: Ledger) -> None:
    """Rents by lodgers and interns, aids to lodgers, and what rents leave open of a residence's cost."""
    res = model.residences
    who = np.flatnonzero(lodging.code != 0)
    row, rent = res.rows(lodging.bed[who]), a_week(lodging.rent[who])
    commune, codes = model.population.persons.commune, model.territory.communes.code
    names = [str(n) for n in res.table.name]
    taken = np.zeros(len(res), np.int64)
    for r, name in enumerate(names):
        mine = row == r
        ledger.pay_many(SERVICE, name, USER, SUPPLIER, "rent", rent[mine], commune[who[mine]], codes)
        interns = int(a_week(res.table.rent_cents[r])) * int(record.interns[r])
        ledger.pay(SERVICE, name, USER, SUPPLIER, "rent", interns)
        taken[r] = int(rent[mine].sum()) + interns
    mine = row < 0
    ledger.pay_many(SERVICE, ROOMS, USER, SUPPLIER, "rent", rent[mine], commune[who[mine]], codes)
    for r, name in enumerate(names):
        cost = int(a_week(res.table.cost_cents[r])) * int(res.table.beds[r])
        if res.table.cost_cents[r] > res.table.rent_cents[r]:  # else rents are to bear it
            account = payer(model, res.payer[r], res.authority[r], int(res.table.commune[r]))
            ledger.pay(SERVICE, name, account, SUPPLIER, "beds", max(0, cost - int(taken[r])))
    _aids(model, lodging, who, ledger)


def _aids(model: World, lodging: Lodging, who: Array, ledger: Ledger) -> None:
    s, commune = model.state, model.population.persons.commune
    named = {aid.name: aid for aid in model.settings.residences.aids}
    usual = {"apl": (STATE, "housing benefit"), "mobili": (EMPLOYER, "Mobili-Jeune")}
    for group in ("apprentice", "new_hire"):
        mine = who[s.apprentice[who] == (group == "apprentice")]
        if not len(mine):
            continue
        w = Wishes.held(model, mine, LODGERS[group], lodging)
        rent = lodging.rent[mine].astype(np.int64)
        for name, cents in aid_parts(model, w, rent, s.age_weeks[mine] // 52):
            week = a_week(cents)
            for c in np.unique(commune[mine[week > 0]]).tolist():
                here = commune[mine] == c
                account, what = usual.get(name, ("", "aid"))
                if not account:
                    account = payer(model, named[name].payer, named[name].authority, c)
                code = str(model.territory.communes.code[c])
                ledger.pay(SERVICE, name, account, USER, what, int(week[here].sum()), code)


def payer(model: World, kind: str, name: str, commune: int) -> str:
    """The account that pays: another's, the authority named, or that of a commune (else the region)."""
    if kind != "authority":
        return {"region": REGION, "state": STATE, "employer": EMPLOYER}[kind]
    if name:
        return authority(name)
    who = model.network.jurisdiction
    area = int(who.area[commune])
    return authority(who.rules[area].name) if area >= 0 else REGION
