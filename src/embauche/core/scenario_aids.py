"""Aids to persons in a scenario (solidarity mobility): loans, licence aid, e-bike grants, vouchers.

Lives here: their fields and checks, and what all levers have in common. Not here: other levers
(core.scenario_levers), what an aid does (labour.aids).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from embauche.core.scenario_fields import fault
from embauche.core.suggest import nearest

Payer = Literal["authority", "employer", "region", "state"]
Group = Literal["apprentice", "unemployed", "employed"]
VEHICLES = {"scooter": 1, "ebike": 2, "car": 4}  # bits of what a person has been lent or granted
Share = Annotated[float, Field(ge=0.0, le=1.0)]


def listed(value: Any) -> Any:
    """One value as a list of one."""
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


Names = Annotated[tuple[str, ...], BeforeValidator(listed)]


class Strict(BaseModel):
    """Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Lever(Strict):
    """Anything that a scenario names below `levers:`."""

    name: str = Field(min_length=1, max_length=64, description="shown in the accounts; key of its draws")


class Paid(Strict):
    """Anything that somebody pays for."""

    authority: str = Field(
        default="", description="which authority, where payer is authority; that of the place if left out"
    )
    payer: Payer = Field(default="authority", description="who pays: authority, employer, region, state")

    @model_validator(mode="after")
    def _one_payer(self) -> Self:
        if self.authority and self.payer != "authority":
            raise fault("an authority is named, but another pays", f"payer {self.payer}", "payer: authority",
                        "add `payer: authority`, or leave `authority` out")  # fmt: skip
        return self


def services_known(names: tuple[str, ...]) -> None:
    """Refuse names of services that do not exist.

    Raises:
        PydanticCustomError: names one, and the nearest.
    """
    from embauche.core.offerings import kinds

    for name in names:
        if name not in kinds():
            near = nearest(name, kinds())
            raise fault(f"there is no service {name}", name, ", ".join(kinds()),
                        f"did you mean {near}?" if near else "")  # fmt: skip


class Who(Strict):
    """Who is eligible; a person must fit every line that is given. Only residents."""

    groups: Annotated[tuple[Group, ...], BeforeValidator(listed)] = Field(
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


class _Scheme(Paid, Lever):
    authority: str = Field(
        default="", description="which authority, where payer is authority; that of each user's home if empty"
    )
    who: Who = Field(default=Who(), description="who is eligible")
    budget_eur: float | None = Field(default=None, description="at most so much in all; no bound if left out")

    @model_validator(mode="after")
    def _some_money(self) -> Self:
        if self.budget_eur is not None and self.budget_eur <= 0.0:
            raise fault("this budget pays for nobody", f"{self.budget_eur:g} EUR", "more than 0 EUR",
                        "leave budget_eur out for no bound")  # fmt: skip
        return self


class Queued(_Scheme):
    """Aids with a waiting list."""

    first: Annotated[tuple[Group, ...], BeforeValidator(listed)] = Field(
        default=(), description="groups served before the others on the waiting list"
    )
    apply: float | None = Field(
        default=None,
        ge=0.0,
        le=1.0,
        description="share of those eligible who apply in a week; aid.apply if left out",
    )


class Loan(Queued):
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


class LicenceAid(Queued):
    """Aid for the driving licence: a course, an exam with a chance to fail, retries."""

    aid_eur: float = Field(default=500.0, ge=0.0, le=5000.0, description="aid a person (FACTS: 500 EUR)")
    places: int = Field(ge=0, le=100_000, description="persons in training at a time")
    weeks: int | None = Field(
        default=None, ge=1, le=520, description="weeks until the exam; licence.weeks if left out"
    )


class BikeGrant(Queued):
    """A grant on buying an e-bike, which the buyer keeps; how many buy depends on the sum (docs/model.md)."""

    grant_eur: float = Field(ge=0.0, le=5000.0, description="EUR a person")


class Voucher(_Scheme):
    """Fuel or transport vouchers: EUR a month, a part for each tour, until the budget runs out."""

    services: Names = Field(default=("car",), description="services on which it is spent")
    eur_month: float = Field(gt=0.0, le=1000.0, description="EUR a month and person")
    weeks: int = Field(
        default=26,
        ge=1,
        le=520,
        description="weeks for which it is kept after eligibility ends, as with a job",
    )
    take_up: Share = Field(default=1.0, description="share of those eligible who claim it")

    @model_validator(mode="after")
    def _on_services(self) -> Self:
        services_known(self.services)
        return self
