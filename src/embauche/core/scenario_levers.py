"""Levers of employers and authorities: hours, telework, parking, allowances, bike lanes, mobility aids.

Lives here: the `levers:` block of a scenario and its checks. Not here: what a lever does (core.hours,
commuting.terms, commuting.lanes, labour.programmes), ways to travel that a loan opens (services).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from embauche.core.scenario_fields import fault
from embauche.core.shifts import DEFAULT_SHIFTS

Sector = Literal[
    "agriculture", "industry", "construction", "trade", "transport_logistics",
    "hotel_catering", "business_services", "public_education", "health_social", "other_services",
]  # fmt: skip
Payer = Literal["authority", "employer", "region", "state"]
Group = Literal["apprentice", "unemployed", "employed"]
AT_HOME = ("day", "office")
FURTHEST_MIN = 240
Share = Annotated[float, Field(ge=0.0, le=1.0)]


def _listed(value: Any) -> Any:
    """One value as a list of one."""
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Employers(_Strict):
    """Which firms; a firm must fit every line that is given. Firms of external zones are never meant."""

    firms: Annotated[tuple[int, ...], BeforeValidator(_listed)] = Field(
        default=(), description="firm ids; all firms if empty"
    )
    sectors: Annotated[tuple[Sector, ...], BeforeValidator(_listed)] = Field(
        default=(), description="only these sectors"
    )
    communes: Names = Field(default=(), description="only firms in these communes (names or INSEE codes)")
    min_posts: int = Field(default=0, ge=0, description="only firms with at least so many posts")


class _Lever(_Strict):
    name: str = Field(min_length=1, max_length=64, description="shown in the accounts; key of its draws")


class Hours(_Lever):
    """Shifted hours (one number of minutes), or staggered ones (several: posts spread over them)."""

    employers: Employers = Field(default=Employers(), description="which firms")
    later_min: Annotated[tuple[int, ...], BeforeValidator(_listed)] = Field(
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


class Telework(_Lever):
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


class Parking(_Lever):
    """A firm's own parking: dear, or short of places, so that drivers search beyond its gates."""

    employers: Employers = Field(default=Employers(), description="which firms")
    eur_day: float = Field(default=0.0, ge=0.0, le=50.0, description="what a driver pays her employer a day")
    places_per_post: float | None = Field(
        default=None, ge=0.0, le=2.0, description="places over posts; none given: always a place"
    )


class Allowance(_Lever):
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


class BikeLane(_Lever):
    """Ways on which riding gets faster or more comfortable."""

    ways: Annotated[tuple[int, ...], BeforeValidator(_listed)] = Field(
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


class Who(_Strict):
    """Who is eligible; a person must fit every line that is given. Only residents."""

    groups: Annotated[tuple[Group, ...], BeforeValidator(_listed)] = Field(
        default=("apprentice", "unemployed"), description="apprentice, unemployed, employed: any of these"
    )
    quintile_max: int = Field(default=5, ge=1, le=5, description="income quintile of the household at most")
    age_min: int = Field(default=0, ge=0, le=120, description="age in years at least")
    age_max: int = Field(default=120, ge=0, le=120, description="and at most")
    car: bool | None = Field(
        default=None, description="on: only who may drive a car of the household; off: only who may not"
    )
    licence: bool | None = Field(
        default=None, description="on: only with a driving licence; off: only without"
    )
    communes: Names = Field(default=(), description="only residents of these communes (names or INSEE codes)")

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.age_min > self.age_max:
            raise fault("nobody has this age", f"{self.age_min} to {self.age_max}", "age_min at most age_max")
        if not self.groups:
            raise fault("no group is eligible", "an empty list", "apprentice, unemployed, employed")
        return self


class _Scheme(_Lever):
    authority: str = Field(
        default="", description="name of the authority that runs it; the territory's own if empty"
    )
    payer: Payer = Field(default="authority", description="who pays: authority, employer, region, state")
    who: Who = Field(default=Who(), description="who is eligible")
    budget_eur: float | None = Field(default=None, description="at most so much in all; no bound if left out")

    @model_validator(mode="after")
    def _some_money(self) -> Self:
        if self.budget_eur is not None and self.budget_eur <= 0.0:
            raise fault("this budget pays for nobody", f"{self.budget_eur:g} EUR", "more than 0 EUR",
                        "leave budget_eur out for no bound")  # fmt: skip
        return self


class _Queued(_Scheme):
    first: Annotated[tuple[Group, ...], BeforeValidator(_listed)] = Field(
        default=(), description="groups served before the others on the waiting list"
    )
    apply: float | None = Field(
        default=None,
        ge=0.0,
        le=1.0,
        description="share of those eligible who apply in a week; aid.apply if left out",
    )


class Loan(_Queued):
    """Vehicles lent for some weeks, with a waiting list."""

    vehicle: Literal["scooter", "ebike", "car"] = Field(default="scooter", description="what is lent")
    stock: int = Field(ge=0, le=100_000, description="vehicles")
    weeks: int = Field(default=26, ge=1, le=520, description="weeks of a loan")
    cost_eur_week: float = Field(
        default=25.0, ge=0.0, le=500.0, description="what a lent vehicle costs a week"
    )
    fee_eur_week: float = Field(default=0.0, ge=0.0, le=500.0, description="of which its user pays")

    @model_validator(mode="after")
    def _fee(self) -> Self:
        if self.fee_eur_week > self.cost_eur_week:
            raise fault("users pay more than a loan costs", f"{self.fee_eur_week:g} EUR a week",
                        f"at most cost_eur_week, {self.cost_eur_week:g}")  # fmt: skip
        return self


class LicenceAid(_Queued):
    """Aid for the driving licence: a course, an exam with a chance to fail, retries."""

    aid_eur: float = Field(default=500.0, ge=0.0, le=5000.0, description="aid a person (FACTS: 500 EUR)")
    places: int = Field(ge=0, le=100_000, description="persons in training at a time")
    weeks: int | None = Field(
        default=None, ge=1, le=520, description="weeks until the exam; licence.weeks if left out"
    )


class BikeGrant(_Queued):
    """A grant on buying an e-bike, which the buyer keeps; how many buy depends on the sum (docs/model.md)."""

    grant_eur: float = Field(ge=0.0, le=5000.0, description="EUR a person")


class Voucher(_Scheme):
    """Fuel or transport vouchers: EUR a month, a part for each tour, until the budget runs out."""

    services: Names = Field(default=("car",), description="services on which it is spent")
    eur_month: float = Field(gt=0.0, le=1000.0, description="EUR a month and person")
    take_up: Share = Field(default=1.0, description="share of those eligible who claim it")


class Levers(_Strict):
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
        names = [lever.name for lever in (*self.hours, *self.telework, *self.parking, *self.allowances,
                                          *self.bike_lanes, *self.schemes)]  # fmt: skip
        for name in names:
            if names.count(name) > 1:
                raise fault(
                    "two levers have one name", name, "different names: a name is the key of its draws"
                )
        return self
