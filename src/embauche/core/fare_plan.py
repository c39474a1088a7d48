"""Fares as plain data: tickets of authorities, passes, the employer's part, social reductions.

Lives here: Ticket, FarePlan. Not here: their YAML (scenario_fares), what a tour costs (commuting.fares).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Groups that may have a reduction; not job-seekers: the model's trips are those to work.
GROUPS = (
    "quintile_1", "quintile_2", "quintile_3", "quintile_4", "quintile_5", "apprentices", "under_26",
    "over_60",
)  # fmt: skip


@dataclass(frozen=True)
class Ticket:
    """The fares of one authority's network.

    Attributes:
        authority: its name; empty for every authority without a ticket of its own.
        single_eur: a ride at one price; zone_eur: by number of zones; per_km_eur: by distance; one of them
            counts, in this order, and none of them makes a ride free.
        zones: communes (codes or names) by zone, in the order in which zones lie; those not named are in
            the last one.
        base_eur, most_eur: of a ride by distance: least and most.
        pass_month_eur: a month's pass, None without passes.
    """

    authority: str = ""
    single_eur: float | None = None
    zone_eur: tuple[float, ...] = ()
    zones: tuple[tuple[str, ...], ...] = ()
    per_km_eur: float | None = None
    base_eur: float = 0.0
    most_eur: float = 50.0
    pass_month_eur: float | None = None


@dataclass(frozen=True)
class FarePlan:
    """All fares of a scenario.

    Attributes:
        tickets: of authorities.
        services: services to which these fares apply.
        integrated: one ticket, the dearer one, for a tour between two authorities; else one of each.
        employer_share: part of a pass that employers refund.
        social: part of what is left that the authority refunds, by group (GROUPS); the highest counts.
    """

    tickets: tuple[Ticket, ...] = ()
    services: tuple[str, ...] = ("transit",)
    integrated: bool = True
    employer_share: float = 0.5
    social: Mapping[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.tickets)


NO_FARES = FarePlan()
