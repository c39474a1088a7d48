"""Levers of employers and authorities: hours, telework, parking, allowances, bike lanes, aids to persons.

Lives here: the `levers:` block of a scenario, its checks. Not here: aids (core.scenario_aids), what a lever
does (core.hours, commuting.employers, commuting.lanes, labour.aids, labour.payments).
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from embauche.core.scenario_aids import (
    BikeGrant,
    Lever,
    LicenceAid,
    Loan,
    Names,
    Share,
    Strict,
    Voucher,
    listed,
    services_known,
)
from embauche.core.scenario_fields import different_names, fault
from embauche.core.scenario_firms import Employers
from embauche.core.scenario_work import Childcare, Conditions
from embauche.core.shifts import DEFAULT_SHIFTS

AT_HOME = ("day", "office")
FURTHEST_MIN = 240


class Hours(Lever):
    """Shifted hours (one number of minutes), or staggered ones (several: posts spread over them)."""

    employers: Employers = Field(default=Employers(), description="which firms")
    later_min: Annotated[tuple[int, ...], BeforeValidator(listed)] = Field(
        min_length=1, max_length=8, description="minutes later; below 0 earlier; several stagger the posts"
    )
    shifts: Names = Field(default=(), description="only posts of these shifts; all if empty")
    share: Share = Field(default=1.0, description="share of the posts chosen")

    @model_validator(mode="after")
    def _in_the_day(self) -> Self:
        _known_shifts(self.shifts, tuple(s.name for s in DEFAULT_SHIFTS))
        for minutes in self.later_min:
            if abs(minutes) > FURTHEST_MIN:
                raise fault(
                    "these hours are moved too far", minutes, f"-{FURTHEST_MIN} to {FURTHEST_MIN} minutes",
                    "give other hours altogether under `windows:`",
                )  # fmt: skip
        return self


class Telework(Lever):
    """Days a week worked at home, spread over the weekdays by a rotation of five weeks."""

    employers: Employers = Field(default=Employers(), description="which firms")
    days: int = Field(ge=0, le=5, description="days a week at home")
    shifts: Names = Field(default=AT_HOME, description="shifts whose work can be done at home: day, office")
    share: Share = Field(default=1.0, description="share of the posts chosen")

    @model_validator(mode="after")
    def _at_desks(self) -> Self:
        _known_shifts(self.shifts, AT_HOME)
        return self


def _known_shifts(names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise fault(f"shift {name} cannot be chosen here", name, ", ".join(known))


class Parking(Lever):
    """A firm's own parking: dear, or short of places, so that drivers search beyond its gates."""

    employers: Employers = Field(default=Employers(), description="which firms")
    eur_day: float = Field(default=0.0, ge=0.0, le=50.0, description="what a driver pays her employer a day")
    places_per_post: float | None = Field(
        default=None, ge=0.0, le=2.0, description="places over posts; none given: always a place"
    )


class Allowance(Lever):
    """Forfait mobilités durables: an employer's euros a day travelled otherwise, up to a sum a year.

    Code du travail, L3261-3-1: up to 800 EUR a year together with a transit pass (FACTS).
    """

    employers: Employers = Field(default=Employers(), description="which firms")
    services: Names = Field(
        default=("bike",), description="services that count: bike, ebike, carpool, transit"
    )
    eur_day: float = Field(gt=0.0, le=20.0, description="EUR for a day travelled by these services")
    cap_eur_year: float = Field(
        default=800.0, gt=0.0, le=2000.0, description="at most so much a year and person"
    )

    @model_validator(mode="after")
    def _by_services(self) -> Self:
        services_known(self.services)
        return self


class BikeLane(Lever):
    """Ways on which riding gets faster or more comfortable."""

    ways: Annotated[tuple[int, ...], BeforeValidator(listed)] = Field(
        default=(), description="OpenStreetMap way ids"
    )
    communes: Names = Field(default=(), description="or all ways of these classes in these communes")
    highways: Names = Field(default=(), description="classes of ways (OSM highway=), with communes")
    kmh: float | None = Field(default=None, gt=0.0, le=30.0, description="least riding speed there")
    felt: float | None = Field(
        default=None, gt=0.0, le=3.0, description="seconds as they feel over seconds that pass, at most"
    )

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if bool(self.communes) != bool(self.highways):
            found = "communes alone" if self.communes else "highways alone"
            raise fault("a bike lane needs its ways", found, "communes and highways together, or ways: ids")
        if self.kmh is None and self.felt is None:
            raise fault("this bike lane changes nothing", "neither kmh nor felt", "kmh, felt or both")
        return self


class Levers(Strict):
    """All levers of a scenario."""

    hours: tuple[Hours, ...] = Field(default=(), description="shifted or staggered hours")
    telework: tuple[Telework, ...] = Field(default=(), description="days a week at home")
    parking: tuple[Parking, ...] = Field(default=(), description="parking at firms")
    allowances: tuple[Allowance, ...] = Field(default=(), description="forfait mobilités durables")
    bike_lanes: tuple[BikeLane, ...] = Field(default=(), description="ways made better for bikes")
    loans: tuple[Loan, ...] = Field(default=(), description="vehicles lent")
    licence_aid: tuple[LicenceAid, ...] = Field(default=(), description="aid for the driving licence")
    bike_grants: tuple[BikeGrant, ...] = Field(default=(), description="grants on e-bikes")
    vouchers: tuple[Voucher, ...] = Field(default=(), description="fuel and transport vouchers")
    childcare: tuple[Childcare, ...] = Field(default=(), description="childcare places at shift hours")
    conditions: tuple[Conditions, ...] = Field(
        default=(), description="working conditions and automation at employers"
    )

    @property
    def of_posts(self) -> tuple[Hours | Telework, ...]:
        """Levers that move posts to other hours or days."""
        return (*self.hours, *self.telework)

    @property
    def of_firms(self) -> tuple[Parking | Allowance, ...]:
        """Levers that give firms terms of their own."""
        return (*self.parking, *self.allowances)

    @property
    def schemes(self) -> tuple[Loan | LicenceAid | BikeGrant | Voucher, ...]:
        """Aids to persons, in the order in which a week serves them."""
        return (*self.loans, *self.licence_aid, *self.bike_grants, *self.vouchers)

    @property
    def on(self) -> bool:
        """Whether there is any lever at all."""
        return self != Levers()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        of_work = (*self.childcare, *self.conditions)
        names = [lever.name for lever in (*self.hours, *self.telework, *self.parking, *self.allowances,
                                          *self.bike_lanes, *self.schemes, *of_work)]  # fmt: skip
        different_names(names, "two levers have one name", "a name is the key of its draws")
        return self

    def lent_for(self, services_on: tuple[str, ...]) -> None:
        """Refuse vehicles that nobody could use, since their service is off.

        Raises:
            PydanticCustomError: names the scheme and the service.
        """
        uses = [(s.name, s.vehicle) for s in self.loans if s.vehicle != "car"]
        for name, service in [*uses, *((s.name, "ebike") for s in self.bike_grants)]:
            if service not in services_on:
                raise fault(
                    f"scheme {name} gives what nobody may use", f"service {service} is off",
                    "the service on", f"add `{service}: on` below services",
                )  # fmt: skip
