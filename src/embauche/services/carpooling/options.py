"""What a scenario may say of carpools: between which people, and campaigns that pay drivers.

Lives here: the YAML keys below `services: carpool:` and their own checks. Not here: parameters
(services.carpool), what a campaign pays in a week (carpooling.money).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from embauche.core.offerings import Fields
from embauche.core.scenario_areas import Area, euros
from embauche.core.scenario_fields import fault


def _euros(value: Any) -> Any:
    return euros(value, "a campaign cannot pay a negative amount")


def _budget(value: Any) -> Any:
    if (euros := _euros(value)) == 0:
        raise fault("this campaign has no budget", value, "more than 0", "or leave the campaign out")
    return euros


Euros = Annotated[float, BeforeValidator(_euros)]
Budget = Annotated[float, BeforeValidator(_budget)]


class Campaign(BaseModel):
    """Money for drivers, by rider carried one way."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[^/]{1,60}$", description="name of the campaign")
    authority: str = Field(default="", description="authority that pays; the territory's own if empty")
    area: Area | None = Field(default=None, description="where it pays; the whole territory if not given")
    both_ends: bool = Field(default=True, description="home and work of the rider inside; else one is enough")
    from_km: float = Field(default=4.0, ge=0, le=200, description="shortest rider's trip that is paid")
    eur_per_trip: Euros = Field(default=1.0, description="a rider carried one way")
    beyond_km: float = Field(default=20.0, ge=0, le=500, description="kilometres that eur_per_trip covers")
    eur_per_km: Euros = Field(default=0.1, description="and for each kilometre beyond")
    most_eur_per_trip: Euros = Field(default=3.0, description="at most so much a rider and trip")
    most_eur_per_day: Euros | None = Field(default=None, description="cap of a driver's day")
    most_eur_per_month: Euros | None = Field(default=100.0, description="cap of a driver's month")
    budget_eur: Budget = Field(default=100_000.0, description="what there is in all; nothing is paid beyond")

    @model_validator(mode="after")
    def _consistent(self) -> Campaign:
        if self.eur_per_trip == self.eur_per_km == 0:
            raise fault("this campaign pays nothing", "eur_per_trip: 0, eur_per_km: 0", "one of them above 0")
        caps = ("most_eur_per_trip", "most_eur_per_day", "most_eur_per_month", "budget_eur")
        for name in caps:
            cap, least = getattr(self, name), self.eur_per_trip
            if cap is not None and cap < least:
                raise fault(
                    f"{name} is below the amount of one trip",
                    f"{cap:g} EUR",
                    f"at least {least:g} EUR",
                )
        return self


class CarpoolOptions(Fields):
    """Keys below `services: carpool:` that are no parameters."""

    between: Literal["all", "firm"] = Field(
        default="all", description="all, or firm: colleagues of one firm only"
    )
    seats: int = Field(default=3, ge=0, le=4, description="seats that a driver offers")
    campaigns: tuple[Campaign, ...] = Field(default=(), description="campaigns that pay drivers")

    @model_validator(mode="after")
    def _names(self) -> CarpoolOptions:
        names = [c.name for c in self.campaigns]
        for name in names:
            if names.count(name) > 1:
                raise fault("two campaigns have one name", name, "a name for each")
        return self
