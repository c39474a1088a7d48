"""The scenario's `fares:` block: tickets by ride, zone or distance, passes, social fares.

Lives here: its fields and their checks. Not here: what a tour costs (commuting.fares).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from embauche.core.fare_plan import GROUPS, FarePlan, Ticket
from embauche.core.scenario_fields import fault, faulty
from embauche.core.suggest import nearest
from embauche.core.units import QuantityError, parse_quantity

MOST_EUR = 500.0
SERVICES = ("transit", "shuttle")


def _quantity(value: Any, unit: str, most: float, what: str) -> float:
    try:
        number = float(parse_quantity(value, unit))
    except QuantityError as error:
        raise faulty(error) from None
    if number < 0.0:
        raise fault(f"{what} is negative", value, f"0 to {most:g} {unit}")
    if number > most:
        raise fault(f"{what} is out of its range", value, f"0 to {most:g} {unit}")
    return number


def _eur(value: Any) -> Any:
    return None if value is None else _quantity(value, "EUR", MOST_EUR, "this fare")


def _per_km(value: Any) -> Any:
    return None if value is None else _quantity(value, "EUR/km", 5.0, "this fare")


def _share(value: Any) -> Any:
    return _quantity(value, "share", 1.0, "this share")


def _zones(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        raise fault(
            "these are no zones", value, "a list of lists of communes, in the order in which they lie"
        )
    return tuple((str(z),) if isinstance(z, str | int) else tuple(map(str, z)) for z in value)


_NUMBER = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}]})
Eur = Annotated[float, BeforeValidator(_eur), _NUMBER]
PerKm = Annotated[float, BeforeValidator(_per_km), _NUMBER]
Share = Annotated[float, BeforeValidator(_share), _NUMBER]
Zones = Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_zones)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TicketRule(_Strict):
    """What a ride costs on an authority's network: free, flat, by zones or by distance."""

    authority: str = Field(default="", description="name of the authority; empty: all without their own")
    free: bool = Field(default=False, description="nobody pays")
    single_eur: Eur | None = Field(default=None, description="a ride, whatever its length")
    zones: Zones = Field(default=(), description="communes by zone, in the order in which zones lie")
    zone_eur: tuple[Eur, ...] = Field(default=(), description="a ride through one zone, two zones, ...")
    per_km_eur: PerKm | None = Field(default=None, description="a ride by distance")
    base_eur: Eur = Field(default=0.0, description="least price of a ride by distance")
    most_eur: Eur = Field(default=50.0, description="most of a ride by distance")
    pass_month_eur: Eur | None = Field(default=None, description="a month's pass")

    @model_validator(mode="after")
    def _one_kind(self) -> TicketRule:
        kinds = {
            "free": self.free, "single_eur": self.single_eur is not None, "zone_eur": bool(self.zone_eur),
            "per_km_eur": self.per_km_eur is not None,
        }  # fmt: skip
        given = [k for k, on in kinds.items() if on]
        if len(given) != 1:
            found = ", ".join(given) or "none"
            raise fault("a ticket has one kind of price", found, "one of " + ", ".join(kinds))
        if bool(self.zones) != bool(self.zone_eur):
            found = "zones without prices" if self.zones else "prices without zones"
            raise fault("zones and their prices go together", found, "`zones` and `zone_eur`")
        if list(self.zone_eur) != sorted(self.zone_eur):
            raise fault("a longer ride is cheaper", self.zone_eur, "prices that rise with the zones")
        if self.base_eur > self.most_eur:
            raise fault("the least price is above the most", self.base_eur, f"at most {self.most_eur:g}")
        named = [commune for zone in self.zones for commune in zone]
        twice = next((c for c in named if named.count(c) > 1), None)
        if twice is not None:
            raise fault(f"{twice} is in two zones", twice, "each commune in one zone")
        return self

    def ticket(self) -> Ticket:
        """The same in the plain form that the model reads."""
        return Ticket(
            self.authority, self.single_eur, self.zone_eur, self.zones, self.per_km_eur, self.base_eur,
            self.most_eur, self.pass_month_eur,
        )  # fmt: skip


def _groups(value: Any) -> Any:
    if not isinstance(value, dict):
        raise fault("social fares are given by group", value, ", ".join(GROUPS))
    for name in value:
        if name not in GROUPS:
            near = nearest(str(name), GROUPS)
            fix = f"did you mean {near}?" if near else ""
            raise fault(f"there is no group {name}", name, ", ".join(GROUPS), fix)
    return value


class FaresBlock(_Strict):
    """Fares of transit, and of shuttles if asked."""

    tickets: tuple[TicketRule, ...] = Field(default=(), description="what rides cost, by authority")
    services: tuple[str, ...] = Field(default=("transit",), description="services that these fares hold for")
    integrated: bool = Field(default=True, description="one ticket between authorities, else one of each")
    employer_share: Share = Field(default=0.5, description="part of a pass that employers refund")
    social: Annotated[dict[str, Share], BeforeValidator(_groups)] = Field(
        default={}, description="part that the authority refunds, by group"
    )

    @model_validator(mode="after")
    def _complete(self) -> FaresBlock:
        names = [ticket.authority for ticket in self.tickets]
        twice = next((n for n in names if names.count(n) > 1), None)
        if twice is not None:
            raise fault("an authority has two tickets", twice or "no authority named", "one ticket each")
        odd = next((s for s in self.services if s not in SERVICES), None)
        if odd is not None:
            raise fault(f"fares do not hold for {odd}", odd, ", ".join(SERVICES))
        if (self.social or not self.integrated) and not self.tickets:
            raise fault("these fares name no ticket", "no tickets", "`tickets:` and a price")
        return self

    def plan(self) -> FarePlan:
        """The same in the plain form that the model reads."""
        tickets = tuple(t.ticket() for t in self.tickets)
        return FarePlan(tickets, self.services, self.integrated, self.employer_share, dict(self.social))
