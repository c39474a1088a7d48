"""Faults of a scenario's fares that only the territory shows: authorities and communes that there are not.

Lives here: fare_faults. Not here: the fields' own checks (core.scenario_fares), prices (fares).
"""

from __future__ import annotations

from typing import Any

from embauche.core.errors import Problem, UserError
from embauche.core.fare_plan import FarePlan
from embauche.core.governance import Governance
from embauche.core.suggest import nearest
from embauche.routing.stops_named import commune_row
from embauche.territory.authorities import Jurisdiction


def fare_faults(plan: FarePlan, governance: Governance, territory: Any) -> list[Problem]:
    """All faults of the tickets, with their keys in the scenario.

    Args:
        plan: the scenario's fares.
        governance: who is in charge.
        territory: the territory.
    """
    if not plan:
        return []
    names = [rule.name for rule in Jurisdiction.of(governance, territory).rules]
    found: list[Problem] = []
    for k, ticket in enumerate(plan.tickets):
        at: tuple[str | int, ...] = ("fares", "tickets", k)
        if ticket.authority and ticket.authority not in names:
            near = nearest(ticket.authority, names)
            what = f"there is no authority {ticket.authority}"
            fix = f"did you mean {near}?" if near else None
            keys = (*at, "authority")
            found.append(Problem(what, None, None, ticket.authority, ", ".join(names), fix, keys))
        for z, zone in enumerate(ticket.zones):
            for commune in zone:
                try:
                    commune_row(territory.communes, commune)
                except UserError as error:
                    p = error.problems[0]
                    found.append(Problem(p.what, None, None, commune, p.expected, p.fix, (*at, "zones", z)))
    owners = {ticket.authority for ticket in plan.tickets}
    bare = [name for name in names if name not in owners]
    if bare and "" not in owners:
        fix = "add a ticket without `authority`: it holds for all others"
        found.append(Problem(
            f"{bare[0]} has no ticket", None, None, ", ".join(sorted(owners)), "a ticket for each authority",
            fix, ("fares", "tickets"),
        ))  # fmt: skip
    return found
