"""Names of the accounts between which money moves.

Lives here: the names. Not here: entries (core.ledger), who shares what (core.governance).
"""

from __future__ import annotations

USER, EMPLOYER, REGION, STATE, SUPPLIER = "user", "employer", "region", "state", "supplier"
STAFF = "staff"  # drivers' pay goes to people, the rest of the costs to suppliers
LABOUR_BOOKS = (
    "apprentices",
    "conditions",
    "housing",
    "recruitment",
    "sites",
    "training",
)  # services of the books that carry nobody
PUBLIC = ("authority", REGION, STATE)  # heads of the accounts whose money is the public's


def operator(service: str, system: str = "") -> str:
    """The account of who runs a system of a service; it is empty at each week's end."""
    return f"operator:{service}/{system}"


def authority(name: str) -> str:
    """The account of a mobility authority."""
    return f"authority:{name}"


def head(account: str) -> str:
    """The kind of an account: user, employer, authority, region, state, operator, supplier, staff."""
    return account.partition(":")[0]
