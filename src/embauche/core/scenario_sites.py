"""The scenario's `sites:` block: sites opened, firms moved, enlarged or closed, and the land that they take.

Lives here: its fields and their checks. Not here: where a site lies (population.site_spots), what a week does
with it (labour.sites).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from embauche.core.scenario_aids import Lever, Paid, Payer, Strict
from embauche.core.scenario_fields import different_names, fault
from embauche.core.scenario_firms import Domain, Sector
from embauche.core.shifts import DEFAULT_SHIFTS
from embauche.core.suggest import nearest

Land = Literal["brownfield", "greenfield", "built"]
CONTRACTS = {"cdi": 0, "cdd": 1, "agency": 2, "apprenticeship": 3}
MOST_POSTS = 20_000  # of one line: a firm's slots must fit in 16 bits
MOST_FIRMS = 200


class Jobs(Strict):
    """Posts of one kind."""

    posts: int = Field(ge=1, le=MOST_POSTS, description="number of posts")
    skill: Domain = Field(description="training domain asked")
    shift: str = Field(default="day", description="shift template: day, office, two_by_eight, night, ...")
    contract: Literal["cdi", "cdd", "agency", "apprenticeship"] = Field(default="cdi", description="contract")
    level: int | None = Field(
        default=None, ge=0, le=3,
        description="level asked: 0 none or CAP-BEP, 1 bac, 2 bac+2, 3 bac+3; usual ones if left out",
    )  # fmt: skip
    wage_eur: float | None = Field(
        default=None, ge=300.0, le=20_000.0,
        description="net monthly wage; usual for domain, size and shift if left out",
    )  # fmt: skip

    @model_validator(mode="after")
    def _known_shift(self) -> Self:
        known = [s.name for s in DEFAULT_SHIFTS]
        if self.shift not in known:
            near = nearest(self.shift, known)
            raise fault(f"there is no shift {self.shift}", self.shift, ", ".join(known),
                        f"did you mean {near}?" if near else "")  # fmt: skip
        trains = self.contract == "apprenticeship"
        if trains != self.shift.startswith("apprentice"):
            raise fault("apprentices have shifts of their own", f"{self.contract} in {self.shift}",
                        "contract: apprenticeship with shift: apprentice, and no other with it")  # fmt: skip
        return self


class Option(Paid, Lever):
    """What all options have in common: a name, a week, land, what making it costs."""

    week: int = Field(default=0, ge=0, le=1039, description="week of the run in which it happens, from 0")
    ha: float | None = Field(default=None, gt=0.0, le=5000.0, description="land taken, hectares")
    land: Land = Field(default="greenfield", description="what the land was: brownfield, greenfield, built")
    homes: int = Field(default=0, ge=0, le=100_000, description="homes built on it, for densities only")
    cost_eur: float = Field(default=0.0, ge=0.0, le=1e10, description="what making it costs, once")
    payer: Payer = Field(default="authority", description="who pays that: authority, employer, region, state")


class Where(Strict):
    """A place: lon and lat, or a commune (its centre, or its activity zone)."""

    lon: float | None = Field(default=None, ge=-180, le=180, description="longitude, degrees WGS84")
    lat: float | None = Field(default=None, ge=-90, le=90, description="latitude, degrees WGS84")
    commune: str | None = Field(default=None, description="or a commune, by name or INSEE code")
    zone: bool = Field(default=False, description="in that commune's activity zone, not its centre")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [k for k in ("lon", "lat", "commune") if getattr(self, k) is not None]
        if given not in (["lon", "lat"], ["commune"]):
            found = ", ".join(given) or "nothing that says where"
            raise fault("a site is at one place", found, "`lon` and `lat`, or `commune`")
        if self.zone and self.commune is None:
            raise fault("an activity zone is a commune's", "zone with lon and lat", "`commune` with `zone`")
        return self


class FirmChoice(Strict):
    """One firm: its id, or the largest (or second largest, ...) of a sector or a commune."""

    id: int | None = Field(default=None, description="firm_id, as in a run's firms.parquet")
    sector: Sector | None = Field(default=None, description="or the largest firm of this sector")
    commune: str | None = Field(default=None, description="in this commune (name or INSEE code)")
    rank: int = Field(default=1, ge=1, le=1000, description="1 the largest, 2 the second, ...")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.id is None) == (self.sector is None and self.commune is None):
            found = "nothing that says which" if self.id is None else "an id and a description"
            raise fault("this must mean one firm", found, "`id`, or `sector` or `commune`, or both of these")
        return self


class Open(Option):
    """A new site with firms of its own."""

    at: Where = Field(description="where it lies")
    sector: Sector = Field(description="sector of its firms")
    firms: int = Field(default=1, ge=1, le=MOST_FIRMS, description="firms over which its posts are spread")
    jobs: tuple[Jobs, ...] = Field(min_length=1, description="its posts, kind by kind")

    @model_validator(mode="after")
    def _posts_for_all(self) -> Self:
        total = sum(j.posts for j in self.jobs)
        if total < self.firms:
            raise fault("firms without posts", f"{total} posts for {self.firms} firms", "a post a firm")
        return self


class Move(Option):
    """A firm that goes elsewhere: who works there keeps her post, and commutes anew or quits."""

    firm: FirmChoice = Field(description="which firm")
    at: Where = Field(description="where it goes")


class Enlarge(Option):
    """More posts in a firm, where it is."""

    firm: FirmChoice = Field(description="which firm")
    jobs: tuple[Jobs, ...] = Field(min_length=1, description="its new posts, kind by kind")


class Close(Option):
    """A firm that closes: its posts are gone, who held them is out of work."""

    firm: FirmChoice = Field(description="which firm")


class Sites(Strict):
    """All options of a scenario for land and sites."""

    open: tuple[Open, ...] = Field(default=(), description="new sites")
    move: tuple[Move, ...] = Field(default=(), description="firms that move")
    enlarge: tuple[Enlarge, ...] = Field(default=(), description="firms that grow on their site")
    close: tuple[Close, ...] = Field(default=(), description="firms that close")

    @property
    def on(self) -> bool:
        """Whether there is any option."""
        return self != Sites()

    def options(self) -> Iterator[tuple[str, int, Option]]:
        """All of them with the list that each stands in and its place there."""
        for kind in ("open", "move", "enlarge", "close"):
            for k, option in enumerate(getattr(self, kind)):
                yield kind, k, option

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [option.name for _, _, option in self.options()]
        different_names(names, "two sites have one name", "a name is the key of their draws")
        return self
