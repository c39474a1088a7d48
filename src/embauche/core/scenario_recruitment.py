"""Recruitment in a scenario: the matching mechanism, wages of named firms, shared HR (GEIQ, pools, network).

Lives here: the `recruitment:` block, its checks. Not here: what it does (labour.hr, platform, geiq, network).
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from embauche.core.scenario_aids import Lever, Paid, Payer, Share, Strict, Who
from embauche.core.scenario_channels import Channels
from embauche.core.scenario_fields import different_names, fault
from embauche.core.scenario_firms import Employers


class _Paid(Paid, Lever):
    employers: Employers = Field(default=Employers(), description="its members")
    authority: str = Field(
        default="", description="which authority, where payer is authority; the territory's first if empty"
    )
    payer: Payer = Field(default="employer", description="who pays: authority, employer, region, state")
    cost_eur_week: float = Field(
        default=0.0, ge=0.0, le=5000.0, description="what it costs a member and week"
    )


class Platform(Paid):
    """A central platform that matches applicants and posts once a week (deferred acceptance)."""

    share: Share = Field(default=1.0, description="share of firms that take part")
    payer: Payer = Field(default="region", description="who pays for it")
    cost_eur_week: float = Field(default=0.0, ge=0.0, le=1e6, description="what it costs a week")


class Wages(Lever):
    """Employers who raise what they pay, to those in post and to those whom they look for."""

    employers: Employers = Field(default=Employers(), description="which firms")
    raise_pct: float = Field(ge=0.0, le=100.0, description="per cent above what they pay now")


class Geiq(_Paid):
    """A groupement d'employeurs pour l'insertion et la qualification.

    It hires people without work, lends them to its members in turn, trains them, and passes them on; and it
    signs with apprentices for members' posts that nobody took.
    """

    who: Who = Field(default=Who(groups=("unemployed",)), description="whom it takes on")
    places: int = Field(ge=0, le=10_000, description="people employed at a time")
    apprentices: int = Field(
        default=0, ge=0, le=10_000, description="apprentices at a time besides, of all who seek a contract"
    )
    weeks: int = Field(default=52, ge=4, le=260, description="weeks of a contract")
    turn_weeks: int = Field(default=26, ge=1, le=260, description="weeks with one member before the next")
    after_weeks: int = Field(default=4, ge=0, le=104, description="it takes vacancies open so long")
    pass_on: Share = Field(
        default=0.7, description="share of contracts after which the member hires (GEIQ 2023: 70 %, FACTS)"
    )
    cost_eur_week: float = Field(
        default=90.0, ge=0.0, le=2000.0, description="training and support a person and week"
    )
    aid_eur_week: float = Field(
        default=30.0, ge=0.0, le=2000.0, description="of which the region pays; the payer pays the rest"
    )

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.aid_eur_week > self.cost_eur_week:
            raise fault("the region pays more than a place costs", f"{self.aid_eur_week:g} EUR a week",
                        f"at most cost_eur_week, {self.cost_eur_week:g}")  # fmt: skip
        if set(self.who.groups) != {"unemployed"}:
            raise fault("a GEIQ takes on people without work", ", ".join(self.who.groups), "unemployed")
        return self


class Pool(_Paid):
    """Small firms that share one HR service, which decides as fast as that of one firm of their size."""

    employers: Employers = Field(default=Employers(max_posts=49), description="its members")
    cost_eur_week: float = Field(
        default=20.0, ge=0.0, le=5000.0, description="what it costs a member and week"
    )


class Directors(_Paid):
    """A network of HR directors: who is refused is passed on to members that look for the same domain."""

    employers: Employers = Field(default=Employers(min_posts=50), description="its members")
    posts: int = Field(default=2, ge=1, le=20, description="vacancies that hear of a person refused")
    cost_eur_week: float = Field(
        default=5.0, ge=0.0, le=5000.0, description="what it costs a member and week"
    )


class Recruitment(Strict):
    """How posts and people are matched, and what employers share."""

    mechanism: Literal["decentralised", "platform"] = Field(
        default="decentralised",
        description="decentralised: firms make offers, people answer; or a platform",
    )
    platform: Platform = Field(default=Platform(), description="the platform, where there is one")
    channels: Channels = Field(default=Channels(), description="how people hear of vacancies")
    wages: tuple[Wages, ...] = Field(default=(), description="wages raised by named employers")
    geiq: tuple[Geiq, ...] = Field(default=(), description="employers' groups that hire, lend and pass on")
    pools: tuple[Pool, ...] = Field(default=(), description="HR services shared by small firms")
    network: tuple[Directors, ...] = Field(default=(), description="networks of HR directors")

    @property
    def on(self) -> bool:
        """Whether the scenario says anything about recruitment."""
        return self != Recruitment()

    @property
    def shared(self) -> tuple[Geiq | Pool | Directors, ...]:
        """All that employers share."""
        return (*self.geiq, *self.pools, *self.network)

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [x.name for x in (*self.wages, *self.shared)]
        different_names(
            names,
            "two entries of recruitment have one name",
            "a name is the key of its draws and shows in the accounts",
        )
        if self.mechanism != "platform" and self.platform != Platform():
            raise fault("a platform is described but not used", self.mechanism, "mechanism: platform",
                        "add `mechanism: platform`")  # fmt: skip
        return self
