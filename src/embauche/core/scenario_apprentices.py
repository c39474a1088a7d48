"""Apprentices in a scenario: training centres added, seats added at existing ones, tutors that firms share.

Lives here: the `apprentices:` block and its checks. Not here: where centres lie (commuting.centre_spots),
what they do (labour.centre_plan, labour.tutors), the season and its deadline (parameters `apprentices.*`).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from embauche.core.scenario_aids import Lever, Names, Paid, Payer, Strict, listed
from embauche.core.scenario_fields import different_names, fault
from embauche.core.scenario_firms import Domain, Employers
from embauche.core.scenario_stops import StopPoint
from embauche.core.scenario_training import town

Rhythm = Literal["apprentice", "apprentice_days", "apprentice_third", "apprentice_month"]
Domains = Annotated[tuple[Domain, ...], BeforeValidator(listed)]


class _Paid(Paid, Lever):
    authority: str = Field(
        default="", description="which authority; that of the place, or the territory's first, if left out"
    )
    payer: Payer = Field(default="region", description="who pays: authority, employer, region, state")
    from_week: int = Field(default=0, ge=0, le=1040, description="week of the run (0 its first) from which")


class _Seated(_Paid):
    seats: int = Field(ge=1, le=100_000, description="apprentices at a time, over all domains")
    cost_eur_seat_year: float = Field(
        default=7_000.0, ge=0.0, le=100_000.0,
        description="EUR a seat and year, taken or free, paid week by week (from memory)",
    )  # fmt: skip

    @property
    def cost_eur_week(self) -> float:
        """What all its seats cost a week."""
        return self.seats * self.cost_eur_seat_year / 52.0


class Centre(_Seated):
    """A training centre (CFA) that is not there yet; its seats are shared evenly by its domains."""

    at: Annotated[StopPoint, BeforeValidator(town)] = Field(
        description="where: a commune, or stop: or lon: and lat:; the workplace nearest to it stands for it"
    )
    domains: Domains = Field(min_length=1, description="domains taught")
    rhythm: Rhythm = Field(default="apprentice", description="weeks or days in the firm and at the centre")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if len(set(self.domains)) < len(self.domains):
            raise fault("a domain is named twice", ", ".join(self.domains), "each domain once")
        if self.seats < len(self.domains):
            raise fault("this centre has domains without a seat", f"{self.seats} seats",
                        f"{len(self.domains)} at least, one a domain")  # fmt: skip
        return self


class MoreSeats(_Seated):
    """Seats more at centres that exist, shared in proportion to those there are."""

    centres: Annotated[tuple[int, ...], BeforeValidator(listed)] = Field(
        default=(), description="only these, by centre_id; all if empty"
    )
    communes: Names = Field(default=(), description="only centres in these communes (names or INSEE codes)")
    domains: Domains = Field(default=(), description="only these domains; all if empty")


class PooledTutors(_Paid):
    """Tutors who go round firms that have none, or not enough: two apprentices each, as the law has it."""

    employers: Employers = Field(default=Employers(max_posts=9), description="firms that share them")
    tutors: int = Field(ge=1, le=10_000, description="tutors shared")
    cost_eur_week: float = Field(
        default=150.0, ge=0.0, le=5_000.0, description="EUR a tutor and week (from memory)"
    )


class ApprenticesBlock(Strict):
    """All of `apprentices:`; without it there are the centres and tutors of today."""

    centres: tuple[Centre, ...] = Field(default=(), description="training centres added")
    seats: tuple[MoreSeats, ...] = Field(default=(), description="seats added at centres that exist")
    tutors: tuple[PooledTutors, ...] = Field(default=(), description="tutors that small firms share")

    @property
    def on(self) -> bool:
        """Whether there is any of them."""
        return self != ApprenticesBlock()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [x.name for x in (*self.centres, *self.seats, *self.tutors)]
        different_names(names, "two of `apprentices` have one name", "they are keys and show in the accounts")
        return self
