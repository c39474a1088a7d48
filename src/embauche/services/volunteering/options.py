"""Schemes of volunteer drivers as a scenario writes them.

Lives here: Drivers, VolunteerOptions. Not here: where volunteers live and drive (crew).
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from embauche.core.offerings import Options
from embauche.core.scenario_aids import Lever, Names, Who
from embauche.core.scenario_fields import Clock, days_of, fault
from embauche.core.shifts import DAY_NAMES


class Drivers(Lever):
    """Volunteers who drive people to work and home in their own cars, one tour at a time."""

    authority: str = Field(default="", description="who pays; empty for whoever is in charge")
    communes: Names = Field(default=(), description="where volunteers and riders live; all communes if empty")
    volunteers: int = Field(ge=0, le=500, description="number of volunteers")
    hours_week: float = Field(
        default=6.0, gt=0.0, le=60.0, description="hours a week that each drives at most"
    )
    first: Clock = Field(default=360, description="nobody drives before")
    last: Clock = Field(default=1260, description="nor after")
    days: Annotated[tuple[str, ...], BeforeValidator(days_of)] = Field(
        default=DAY_NAMES[:5], description="all, weekdays, weekend, or a list of Mon ... Sun"
    )

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if self.first >= self.last:
            raise fault(
                f"volunteers of {self.name} never drive", "`first` not before `last`", "first before last"
            )
        return self

    @property
    def day_mask(self) -> int:
        """Bit mask of its days, bit 0 Monday."""
        return sum(1 << DAY_NAMES.index(day) for day in self.days)


class VolunteerOptions(Options):
    """Who may ask, and the schemes; a commune is served by the first scheme that names it."""

    who: Who = Field(
        default=Who(groups=("apprentice", "unemployed", "employed"), car=False, quintile_max=2),
        description="who may ask for a driver",
    )
    schemes: tuple[Drivers, ...] = Field(default=(), description="schemes of volunteer drivers")

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [s.name for s in self.schemes]
        for name in names:
            if names.count(name) > 1:
                raise fault("two schemes have one name", name, "a name for each scheme")
        return self
