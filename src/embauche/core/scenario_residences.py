"""Beds, lets and homes in a scenario: residences, host families, shared double lets, aids, employees' homes.

Lives here: the `residences:` block, its fields and checks. Not here: where things lie (labour.residences),
what they do (labour.dwellings, labour.lets, labour.moving).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from embauche.core.scenario_aids import Lever, Names, Paid, Payer, Share, Strict, listed
from embauche.core.scenario_fields import different_names, fault

Lodger = Literal["apprentice", "intern", "new_hire"]
LODGERS = {"apprentice": 1, "intern": 2, "new_hire": 4}  # bits of RESIDENCES' `who` and `first`
Lodgers = Annotated[tuple[Lodger, ...], BeforeValidator(listed)]
Order = Literal["waiting", "farthest"]


def bits(groups: tuple[Lodger, ...]) -> int:
    """Groups as bits."""
    return sum(LODGERS[g] for g in set(groups))


class _Spot(Paid, Lever):
    """Something at a commune's busiest spot, or at lon, lat; somebody pays what rents leave open."""

    commune: str | None = Field(default=None, description="code or name of a commune: its busiest spot")
    lon: float | None = Field(default=None, ge=-180, le=180, description="or longitude, degrees WGS84")
    lat: float | None = Field(default=None, ge=-90, le=90, description="and latitude, degrees WGS84")
    payer: Payer = Field(
        default="authority", description="who pays what rents do not: authority, employer, region, state"
    )

    @model_validator(mode="after")
    def _one_spot(self) -> Self:
        given = [k for k in ("commune", "lon", "lat") if getattr(self, k) is not None]
        if given not in (["commune"], ["lon", "lat"]):
            found = ", ".join(given) or "nothing that says where"
            raise fault(f"{self.name} is at one place", found, "`commune`, or `lon` and `lat`")
        return self


class Beds(_Spot):
    """A residence with beds, or host families (intermediate homes)."""

    kind: Literal["residence", "hosts"] = Field(
        default="residence", description="hosts: rooms in families; people under 18 mind it less"
    )
    beds: int = Field(ge=1, le=10_000, description="beds")
    rent_eur_month: float = Field(
        default=380.0, ge=0.0, le=3000.0, description="rent of a bed, charges included"
    )
    cost_eur_month: float | None = Field(
        default=None, ge=0.0, le=10_000.0, description="what a bed costs, let or not; as its rent if left out"
    )  # fmt: skip
    who: Lodgers = Field(default=("apprentice",), min_length=1, description="apprentice, intern, new_hire")
    first: Lodgers = Field(default=(), description="groups served before the others")
    order: Order = Field(default="waiting", description="then who waits longest, or who lives farthest away")
    least_km: float = Field(
        default=15.0, ge=0.0, le=200.0, description="only for whom home is so far by car from firm or centre"
    )
    stay_weeks: int = Field(default=52, ge=1, le=260, description="longest stay; she may apply again")
    open_from: int = Field(default=1, ge=1, le=52, description="first week of the year in which it is open")
    open_to: int = Field(default=52, ge=1, le=52, description="last; before open_from: past New Year")
    shared: bool = Field(
        default=False, description="double lets: two apprentices of opposite rhythms may share a bed"
    )

    @model_validator(mode="after")
    def _first_admitted(self) -> Self:
        for group in self.first:
            if group not in self.who:
                raise fault(f"{group} is served first but not admitted", group, ", ".join(self.who))
        return self


class LodgingAid(Paid, Lever):
    """An aid to lodgers beyond housing benefit and Mobili-Jeune."""

    eur_month: float = Field(gt=0.0, le=2000.0, description="EUR a month, at most the rent left to pay")
    who: Lodgers = Field(default=("apprentice",), min_length=1, description="apprentice, new_hire")
    age_max: int = Field(default=29, ge=15, le=64, description="age in years at most")
    take_up: Share = Field(default=1.0, description="share of lodgers who claim it")


class Homes(_Spot):
    """Homes near work for employees, to which their household may move."""

    units: int = Field(ge=1, le=100_000, description="homes")
    cost_eur_month: float = Field(
        default=0.0, ge=0.0, le=10_000.0, description="public cost of a home a month"
    )
    rent_more_eur_month: float = Field(
        default=0.0, ge=-2000.0, le=2000.0, description="rent of such a home less the rent paid before"
    )
    work: Names = Field(
        default=(), description="only for those who work in these communes; anywhere if empty"
    )
    least_km: float = Field(
        default=15.0, ge=0.0, le=200.0, description="only for a way to work of at least this"
    )


class ResidencesBlock(Strict):
    """All of `residences:`; without it the existing residences are there, and nothing else."""

    existing: bool = Field(default=True, description="off: without the residences that exist already")
    mobili_jeune: bool = Field(default=True, description="off: without the aid Mobili-Jeune")
    beds: tuple[Beds, ...] = Field(default=(), description="residences and host families added")
    aids: tuple[LodgingAid, ...] = Field(default=(), description="further aids to lodgers")
    homes: tuple[Homes, ...] = Field(default=(), description="homes for employees near work")

    @property
    def on(self) -> bool:
        """Whether the scenario changes anything here."""
        return self != ResidencesBlock()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        entries: tuple[Lever, ...] = (*self.beds, *self.aids, *self.homes)
        names = [x.name for x in entries]
        different_names(names, "two of `residences` have one name", "a name is a key of draws")
        return self
