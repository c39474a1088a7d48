"""Channels of search in a scenario: local platforms opened, channels that nobody uses any more.

Lives here: the `recruitment.channels` block. Not here: what channels show (labour.channels, platforms).
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from embauche.core.scenario_aids import Lever, Paid, Payer, Share, Strict
from embauche.core.scenario_fields import different_names, fault

Name = Literal["neighbours", "colleagues", "platform", "school", "agency", "france_travail", "own"]


class LocalPlatform(Paid, Lever):
    """A local platform (Proch'emploi) that finds hidden vacancies around a town and follows people there."""

    commune: str = Field(min_length=1, description="name or INSEE code of its town")
    reach_km: float = Field(default=15.0, gt=0.0, le=100.0, description="how far it works, as the crow flies")
    users: Share = Field(default=0.15, description="share of the unemployed within its reach whom it follows")
    share: Share = Field(default=0.3, description="share of the vacancies within its reach that it knows")
    from_week: int = Field(default=0, ge=0, le=1040, description="week of the run in which it opens")
    weeks: int = Field(default=1040, ge=1, le=1040, description="weeks for which it is open")
    cost_eur_week: float = Field(default=2000.0, ge=0.0, le=1e6, description="what it costs a week")
    payer: Payer = Field(default="region", description="who pays: authority, employer, region, state")


class Channels(Strict):
    """How people hear of vacancies, where it differs from today; shares and reaches are parameters."""

    off: tuple[Name, ...] = Field(default=(), description="channels that tell nobody of anything")
    platforms: tuple[LocalPlatform, ...] = Field(default=(), description="local platforms beside today's")

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [x.name for x in self.platforms]
        different_names(names, "two local platforms have one name", "a name shows in the accounts")
        if "platform" in self.off and self.platforms:
            raise fault("a local platform is opened, and the channel is off", "off: platform",
                        "either, not both")  # fmt: skip
        return self
