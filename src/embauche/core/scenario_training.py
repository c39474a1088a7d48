"""Training in a scenario: courses, academies, immersions, guidance, redeployment, outreach, equipment.

Lives here: the `training:` block and its checks. Not here: what it does (labour.training), the region's
ordinary plan (labour.course_plan).
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from embauche.core.scenario_aids import Lever, Names, Paid, Payer, Share, Strict, Who, listed
from embauche.core.scenario_fields import different_names, fault
from embauche.core.scenario_firms import Domain, Employers, Sector
from embauche.core.scenario_stops import StopPoint
from embauche.core.shifts import DEFAULT_SHIFTS

HOURS = tuple(s.name for s in DEFAULT_SHIFTS if len(s.pattern) == 1)
Level = Annotated[int, Field(ge=0, le=3)]


def town(value: Any) -> Any:
    """A bare text is a commune."""
    return {"commune": str(value)} if isinstance(value, str | int) and not isinstance(value, bool) else value


class _Paid(Paid, Lever):
    payer: Payer = Field(default="region", description="who pays: authority, employer, region, state")


class _Session(_Paid):
    domain: Domain = Field(description="skill domain taught")
    level: Level = Field(
        default=0, description="level reached: 0 CAP or BEP, 1 bac, 2 two years more, 3 three and more"
    )
    level_min: Level = Field(default=0, description="level that one must have to enter")
    at: Annotated[StopPoint, BeforeValidator(town)] = Field(
        description="where: a commune, or stop: or lon: and lat:; the workplace nearest to it stands for it"
    )
    seats: int = Field(ge=0, le=10_000, description="seats of a session")
    weeks: int = Field(ge=1, le=156, description="weeks of a session")
    hours: str = Field(default="day", description="hours attended, by the name of a shift: day, office ...")
    every_weeks: int = Field(
        default=13,
        ge=1,
        le=52,
        description="a session every n weeks, counted from the first Monday of a year",
    )
    starts: Annotated[tuple[Annotated[int, Field(ge=0, le=1040)], ...], BeforeValidator(listed)] = Field(
        default=(),
        description="weeks of the run (0 its first) in which sessions start, instead of every_weeks",
    )
    allowance_eur_week: float = Field(
        default=0.0, ge=0.0, le=1_000.0, description="EUR a week to each trainee"
    )
    cost_eur_seat: float = Field(
        default=0.0,
        ge=0.0,
        le=100_000.0,
        description="price of a seat, filled or empty, when a session starts",
    )
    who: Who = Field(default=Who(groups=("unemployed",)), description="who may enter")
    success: Share | None = Field(
        default=None, description="of those who stay to the end, who reach it; training.success if left out"
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.hours not in HOURS:
            raise fault(f"there are no course hours {self.hours}", self.hours, ", ".join(HOURS))
        if self.level_min > self.level:
            raise fault("this course asks more than it teaches", f"level_min {self.level_min}",
                        f"at most level, {self.level}")  # fmt: skip
        if set(self.who.groups) != {"unemployed"}:
            raise fault("courses are for job-seekers", ", ".join(self.who.groups), "groups: unemployed",
                        "leave groups out; apprentices have centres, employees their employers")  # fmt: skip
        return self


class Course(_Session):
    """A course: sessions of some weeks, with seats, a place, and a way there."""


class Academy(_Session):
    """Sessions of a firm, or of several, that end in a post of theirs if there is a vacancy."""

    employers: Employers = Field(default=Employers(), description="whose vacancies are shown at the end")
    payer: Payer = Field(default="employer", description="who pays: authority, employer, region, state")

    @model_validator(mode="after")
    def _of_some(self) -> Self:
        if self.employers == Employers():
            raise fault(
                "this academy is everybody's", "no employers", "employers: firms, sectors or communes"
            )
        return self


class Immersion(_Paid):
    """Periods of a week or two in a firm with a vacancy (PMSMP), beside the ordinary ones."""

    places_week: int = Field(ge=0, le=100_000, description="places that begin each week")
    sectors: Annotated[tuple[Sector, ...], BeforeValidator(listed)] = Field(
        default=(), description="only firms of these sectors"
    )
    who: Who = Field(default=Who(groups=("unemployed",)), description="who is eligible")
    cost_eur: float = Field(default=50.0, ge=0.0, le=5_000.0, description="EUR a period")


class Guidance(_Paid):
    """Career guidance at school: pupils of 15 to 17 learn what work in these sectors is like."""

    sectors: Annotated[tuple[Sector, ...], BeforeValidator(listed)] = Field(
        min_length=1, description="sectors shown"
    )
    communes: Names = Field(default=(), description="only pupils who live in these communes")
    share_year: Share = Field(description="of pupils whom it reaches in a year")
    cost_eur: float = Field(default=30.0, ge=0.0, le=5_000.0, description="EUR a pupil reached")


class Redeployment(_Paid):
    """For those whose firm has closed: priority for seats, counselling, an aid on taking a job."""

    communes: Names = Field(default=(), description="only residents of these communes")
    weeks: int = Field(default=52, ge=1, le=260, description="weeks after the closure")
    cost_eur_week: float = Field(
        default=40.0, ge=0.0, le=1_000.0, description="counselling, EUR a person and week"
    )
    transition_eur: float = Field(
        default=0.0, ge=0.0, le=20_000.0, description="aid to who takes a job in these weeks"
    )


class Outreach(_Paid):
    """Young people of 16 to 25 outside work, school and training are met, and some seek work then."""

    contacts_week: int = Field(ge=0, le=100_000, description="young people met a week")
    communes: Names = Field(default=(), description="only residents of these communes")
    weeks: int = Field(default=26, ge=1, le=260, description="weeks of allowance and counselling")
    allowance_eur_week: float = Field(
        default=110.0, ge=0.0, le=500.0,
        description="to who follows and has no job (contrat d'engagement jeune, from memory)",
    )  # fmt: skip
    cost_eur: float = Field(default=150.0, ge=0.0, le=10_000.0, description="EUR a young person met")


class Equipment(_Paid):
    """Workshops of vocational schools and centres: more seats, more success in these domains."""

    domains: Annotated[tuple[Domain, ...], BeforeValidator(listed)] = Field(
        min_length=1, description="domains taught there"
    )
    seats_share: float = Field(default=0.0, ge=0.0, le=2.0, description="seats more, over those there are")
    success: float = Field(default=0.0, ge=0.0, le=0.5, description="success more, in shares of one")
    cost_eur_year: float = Field(ge=0.0, le=1e8, description="EUR a year, paid week by week")


class Training(Strict):
    """All that a scenario says of training."""

    plan: bool = Field(default=True, description="the region's ordinary plan (training.actions) is there")
    courses: tuple[Course, ...] = Field(default=(), description="courses beside it")
    academies: tuple[Academy, ...] = Field(default=(), description="academies of firms")
    immersions: tuple[Immersion, ...] = Field(default=(), description="immersion periods")
    guidance: tuple[Guidance, ...] = Field(default=(), description="career guidance at school")
    redeployment: tuple[Redeployment, ...] = Field(default=(), description="for those of closed firms")
    outreach: tuple[Outreach, ...] = Field(default=(), description="to young people outside work and school")
    equipment: tuple[Equipment, ...] = Field(default=(), description="workshops of vocational schools")

    @property
    def sessions(self) -> tuple[Course | Academy, ...]:
        """Courses and academies, in order."""
        return (*self.courses, *self.academies)

    @property
    def levers(self) -> tuple[_Paid, ...]:
        """All that has a name."""
        return (*self.sessions, *self.immersions, *self.guidance, *self.redeployment, *self.outreach,
                *self.equipment)  # fmt: skip

    @property
    def on(self) -> bool:
        """Whether there is any of them."""
        return bool(self.levers)

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [lever.name for lever in self.levers]
        different_names(names, "two levers of training have one name", "a name is the key of its draws")
        return self
