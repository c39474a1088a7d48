"""The scenario's `demand:` block: named shocks to the demand of sectors.

Lives here: its fields and their checks. Not here: what a shock does to posts (labour.economy).
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from embauche.core.scenario_aids import Lever, Strict
from embauche.core.scenario_fields import fault
from embauche.core.scenario_firms import Sector


class Shock(Lever):
    """Demand that changes for some weeks: posts wanted in a sector inside the territory."""

    sectors: tuple[Sector, ...] = Field(default=(), description="sectors that it hits; all if left out")
    week: int = Field(default=0, ge=0, le=1039, description="week of the run in which it begins, from 0")
    weeks: int = Field(default=1040, ge=1, le=1040, description="weeks; to the end if left out")
    posts_pct: float = Field(ge=-90.0, le=100.0, description="posts wanted, per cent more or, below 0, fewer")

    @model_validator(mode="after")
    def _some_change(self) -> Self:
        if self.posts_pct == 0.0:
            raise fault("a shock that changes nothing", "posts_pct: 0", "per cent above or below 0")
        return self


class Demand(Strict):
    """Shocks to demand; several at a time add up."""

    shocks: tuple[Shock, ...] = Field(default=(), description="named shocks")

    @model_validator(mode="after")
    def _one_name_each(self) -> Self:
        names = [shock.name for shock in self.shocks]
        twice = next((n for n in names if names.count(n) > 1), None)
        if twice is not None:
            raise fault("two shocks have one name", twice, "a name of its own for each")
        return self

    def posts_share(self, sector: str, week: int) -> float:
        """Posts wanted in a sector in a week of the run, over those without any shock; at least a tenth."""
        hit = [
            shock.posts_pct
            for shock in self.shocks
            if (not shock.sectors or sector in shock.sectors) and 0 <= week - shock.week < shock.weeks
        ]
        return max(0.1, 1.0 + sum(hit) / 100.0)
