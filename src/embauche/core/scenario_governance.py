"""The scenario's `governance:` block: organisation, authorities, payer shares, contracts.

Lives here: its fields and their checks. Not here: what they mean on a territory (territory.authorities).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from embauche.core.governance import AuthorityRule, Contract, Governance, Organisation
from embauche.core.scenario_fields import fault, faulty
from embauche.core.units import QuantityError, parse_quantity

FARE_MOST_EUR = 50.0


def _number(value: Any, unit: str, low: float, high: float, what: str) -> float:
    try:
        number = float(parse_quantity(value, unit))
    except QuantityError as error:
        raise faulty(error) from None
    if not low <= number <= high:
        raise fault(f"{what} is out of its range", value, f"{low:g} to {high:g} {unit}")
    return number


def _fare(value: Any) -> float | None:
    return None if value is None else _number(value, "EUR", 0.0, FARE_MOST_EUR, "this fare")


def _share(value: Any) -> float:
    return _number(value, "share", 0.0, 1.0, "this share")


def _texts(value: Any) -> Any:
    if isinstance(value, str | int) and not isinstance(value, bool):
        value = [value]
    return tuple(str(v) for v in value) if isinstance(value, list | tuple) else value


_NUMBER = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}]})
Fare = Annotated[float | None, BeforeValidator(_fare), _NUMBER]
Share = Annotated[float, BeforeValidator(_share), _NUMBER]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PayerShares(_Strict):
    """Who pays the deficit of an authority's services; shares that sum to 1."""

    authority: Share = Field(default=1.0, description="the authority itself")
    region: Share = Field(default=0.0, description="the region")
    state: Share = Field(default=0.0, description="the state")

    @model_validator(mode="after")
    def _whole(self) -> PayerShares:
        total = self.authority + self.region + self.state
        if abs(total - 1.0) > 1e-9:
            raise fault("these shares do not make a whole", f"{total:g} in all", "shares that sum to 1")
        return self


class AuthorityEntry(_Strict):
    """A mobility authority (AOM) and what it is in charge of."""

    name: str = Field(min_length=1, max_length=80, description="its name")
    epcis: Texts = Field(default=(), description="EPCIs of its area, SIREN codes or names")
    communes: Texts = Field(default=(), description="further communes of its area, INSEE codes or names")
    serves: Literal["own", "across"] = Field(
        default="across", description="own: picks up and drops off in its own area only; across: beyond it"
    )
    fare_eur: Fare = Field(default=None, description="a tour by transit within its area, EUR")
    pays: PayerShares = Field(default=PayerShares(), description="who pays its services' deficit")
    routes: Texts = Field(default=(), description="transit routes or agencies it runs, wherever they go")

    def rule(self) -> AuthorityRule:
        """The same as plain data."""
        p = self.pays
        return AuthorityRule(
            self.name, (*self.epcis, *self.communes), self.serves == "across", self.fare_eur,
            p.authority, p.region, p.state, self.routes,
        )  # fmt: skip


class ContractEntry(_Strict):
    """Authorities that share the cost of services by a stated key."""

    between: Texts = Field(description="names of the authorities, two or more")
    services: Texts = Field(default=(), description="services, or SERVICE/SYSTEM; all they run if empty")
    key: Literal["population", "vehicle_km", "riders"] = Field(
        default="population", description="population, vehicle-km in each area, or riders living in each"
    )

    @model_validator(mode="after")
    def _several(self) -> ContractEntry:
        if len(set(self.between)) < 2:
            raise fault("a contract is between two authorities at least", ", ".join(self.between) or "none",
                        "names of two or more authorities")  # fmt: skip
        return self


class GovernanceBlock(_Strict):
    """Who runs and pays the services."""

    organisation: Organisation = Field(
        default="today",
        description="today; epcis: each alone behind closed borders (counterfactual); bassin; region",
    )
    name: str = Field(default="", max_length=80, description="name of a bassin's one authority")
    authorities: tuple[AuthorityEntry, ...] = Field(default=(), description="authorities that are named")
    contracts: tuple[ContractEntry, ...] = Field(default=(), description="how costs are shared")
    fare_eur: Fare = Field(default=None, description="common fare of a tour by transit, across borders, EUR")

    @model_validator(mode="after")
    def _apart(self) -> GovernanceBlock:
        names = [a.name for a in self.authorities]
        for name in sorted({n for n in names if names.count(n) > 1}):
            raise fault("two authorities have one name", name, "a name of its own for each")
        areas = [place for a in self.authorities for place in (*a.epcis, *a.communes)]
        for place in sorted({a for a in areas if areas.count(a) > 1}):
            raise fault(
                "this place lies in two authorities' areas", place, "each EPCI or commune in one area"
            )
        return self

    def governance(self) -> Governance:
        """The same in the plain form that the model reads."""
        contracts = tuple(Contract(c.between, c.services, c.key) for c in self.contracts)
        rules = tuple(a.rule() for a in self.authorities)
        return Governance(self.organisation, self.name, rules, contracts, self.fare_eur)
