"""A scenario: which territory, how long, which seeds, and what is changed in it.

Lives here: its fields and their checks (pydantic). Not here: files and overrides (scenario_load).
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from embauche.core.calendar import WEEKS_A_YEAR, Calendar
from embauche.core.errors import Problem
from embauche.core.hours import with_variants
from embauche.core.offerings import kinds
from embauche.core.parameters import REGISTRY, Parameters, defaults
from embauche.core.scenario_apprentices import ApprenticesBlock
from embauche.core.scenario_congestion import SCHEMA as CONGESTION_SCHEMA
from embauche.core.scenario_congestion import CongestionSwitch, switched
from embauche.core.scenario_demand import Demand
from embauche.core.scenario_fares import FaresBlock
from embauche.core.scenario_fields import (
    WINDOW_NAMES,
    WINDOW_SCHEMA,
    ParameterValue,
    WindowHours,
    check_rosters,
    closed,
    fault,
    named,
    parameter_schema,
    texts,
)
from embauche.core.scenario_governance import GovernanceBlock
from embauche.core.scenario_levers import Levers
from embauche.core.scenario_recruitment import Recruitment
from embauche.core.scenario_residences import ResidencesBlock
from embauche.core.scenario_services import Services, ServicesBase
from embauche.core.scenario_sites import Sites
from embauche.core.scenario_timetable import TimetableChange
from embauche.core.scenario_training import Training
from embauche.core.scenario_work import Care
from embauche.core.scenario_yaml import Node, placed
from embauche.core.settings import Congestion, Settings
from embauche.core.shifts import ShiftCatalogue, default_catalogue


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


class Texts(_Strict):
    """A text in French and English."""

    fr: str = ""
    en: str = ""


class BurnIn(_Strict):
    """How long the model runs before its results count, until a named test says it is stationary.

    The test is made after min_weeks and every 52 weeks more, so that results begin in the season of `start`.
    """

    min_weeks: int = Field(default=78, ge=0, le=1040, description="burn in at least so long")
    max_weeks: int = Field(
        default=130, ge=0, le=1040, description="and at most so long; in whole years more than min_weeks"
    )

    @property
    def weeks(self) -> range:
        """Numbers of weeks after which it may end."""
        return range(self.min_weeks, self.max_weeks + 1, WEEKS_A_YEAR)

    @model_validator(mode="after")
    def _ordered(self) -> BurnIn:
        if self.min_weeks > self.max_weeks:
            found = f"min_weeks {self.min_weeks}, max_weeks {self.max_weeks}"
            raise fault("the burn-in is reversed", found, "min_weeks at most max_weeks")
        return self


class Outputs(_Strict):
    """What the run writes."""

    workers_every: int = Field(default=1, ge=0, le=520, description="write the workers table every n weeks")
    language: Literal["fr", "en"] = Field(default="fr", description="language of the report")


class Scenario(_Strict):
    """One scenario, complete: nothing else is needed to run it again."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="short name, used for folders")
    title: Annotated[Texts, BeforeValidator(texts)] = Field(default=Texts(), description="title, fr and en")
    question: Annotated[Texts, BeforeValidator(texts)] = Field(
        default=Texts(), description="what the scenario asks, fr and en"
    )
    territory: str = Field(default="bresle-vimeu", min_length=1, description="embedded name, or folder")
    epcis: tuple[str, ...] = Field(default=(), description="only these EPCIs (codes or names); all if empty")
    weeks: int = Field(default=26, ge=1, le=1040, description="weeks simulated after burn-in")
    start: datetime.date = Field(
        default=datetime.date(2026, 9, 7), description="first day; moved to the Monday on or after it"
    )
    seeds: int = Field(default=3, ge=1, le=1000, description="replications")
    seed: int = Field(default=1, ge=0, le=2**31, description="seed of the first; the others follow")
    sample: float = Field(default=1.0, gt=0, le=1, description="share of the population; 1.0 only for now")
    burn_in: BurnIn = Field(default=BurnIn(), description="weeks before results count")
    parameters: Annotated[
        dict[str, ParameterValue],
        BeforeValidator(named),
        closed({name: parameter_schema(name) for name in sorted(REGISTRY)}),
    ] = Field(default={}, description="values that replace the model's defaults")
    windows: Annotated[
        dict[str, WindowHours],
        BeforeValidator(named),
        closed(dict.fromkeys(WINDOW_NAMES, WINDOW_SCHEMA)),
    ] = Field(default={}, description="hours that replace those of a shift window")
    services: Services = Field(
        default_factory=Services, description="services switched on or off, or given options"
    )
    timetable: tuple[TimetableChange, ...] = Field(default=(), description="edits of the timetable, in order")
    congestion: Annotated[CongestionSwitch, BeforeValidator(switched), WithJsonSchema(CONGESTION_SCHEMA)] = (
        Field(default=CongestionSwitch(on=False), description="car times follow traffic; off by default")
    )
    levers: Levers = Field(
        default=Levers(), description="levers of employers and authorities, aids to persons"
    )
    sites: Sites = Field(default=Sites(), description="sites opened, firms moved, enlarged or closed")
    residences: ResidencesBlock = Field(
        default=ResidencesBlock(),
        description="beds for apprentices, interns and new hires; homes for employees",
    )
    apprentices: ApprenticesBlock = Field(
        default=ApprenticesBlock(), description="training centres and seats added, tutors shared"
    )
    recruitment: Recruitment = Field(
        default=Recruitment(), description="matching mechanism, wages of named firms, shared HR"
    )
    demand: Demand = Field(default=Demand(), description="named shocks to the demand of sectors")
    care: Care = Field(default=Care(), description="access to care near home, from a table of yours")
    fares: FaresBlock = Field(
        default=FaresBlock(), description="fares of transit: by ride, zone, distance, passes, social"
    )
    governance: GovernanceBlock = Field(
        default=GovernanceBlock(), description="who runs and pays the services"
    )
    training: Training = Field(
        default=Training(), description="courses, academies, immersions, guidance, redeployment, outreach"
    )
    outputs: Outputs = Field(default=Outputs(), description="what the run writes")
    history: tuple[str, ...] = Field(default=(), description="bases and overrides that led here")
    _folder: Path | None = PrivateAttr(None)
    _tree: Node | None = PrivateAttr(None)

    @field_validator("epcis", mode="before")
    @classmethod
    def _as_texts(cls, value: Any) -> Any:
        if isinstance(value, str | int) and not isinstance(value, bool):
            value = [value]
        return tuple(str(v) for v in value) if isinstance(value, list | tuple) else value

    @field_validator("sample")
    @classmethod
    def _whole(cls, value: float) -> float:
        if value != 1.0:
            raise fault("this version simulates everybody", value, "1.0", "leave `sample` out")
        return value

    @field_validator("services")
    @classmethod
    def _some_service(cls, value: ServicesBase) -> ServicesBase:
        if not value.on:
            raise fault("every service is off", "no service", "at least one of " + ", ".join(kinds()))
        return value

    @model_validator(mode="after")
    def _shifts_fit(self) -> Scenario:
        check_rosters(self.catalogue())
        self.levers.lent_for(self.services_on)
        return self

    @property
    def seed_list(self) -> list[int]:
        """The seeds of the replications."""
        return list(range(self.seed, self.seed + self.seeds))

    @property
    def start_monday(self) -> datetime.date:
        """The Monday on or after `start`."""
        return self.start + datetime.timedelta(days=-self.start.weekday() % 7)

    @property
    def services_on(self) -> tuple[str, ...]:
        """The services offered."""
        return self.services.on

    @property
    def folder(self) -> Path | None:
        """Folder of the scenario's file: a relative territory folder starts from there."""
        return self._folder

    @property
    def territory_folder(self) -> Path | None:
        """The territory's folder, if it is one; None for an embedded territory."""
        path = Path(self.territory).expanduser()
        path = self._folder / path if self._folder is not None else path
        return path if (path / "manifest.json").is_file() else None

    def parameter_values(self) -> Parameters:
        """Every parameter with this scenario's values."""
        return defaults().replaced(self.parameters)

    def catalogue(self) -> ShiftCatalogue:
        """Windows, shifts and rosters with this scenario's hours."""
        return with_variants(default_catalogue(self.windows), self.levers)

    def settings(self) -> Settings:
        """Services, timetable edits and congestion in the plain form that the model reads."""
        edits = tuple(change.edit() for change in self.timetable)
        congestion = Congestion(self.counts_file) if self.congestion.on else None
        return Settings(
            self.services_on, edits, congestion, self.levers, self.sites,
            governance=self.governance.governance(), fares=self.fares.plan(),
            recruitment=self.recruitment, options=self.services.options,
            training=self.training,
            calendar=Calendar.of(self.start_monday, self.burn_in.min_weeks), folder=self._folder,
            residences=self.residences, care=self.care, demand=self.demand,
            apprentices=self.apprentices,
        )  # fmt: skip

    @property
    def counts_file(self) -> Path | None:
        """The file of traffic counts, if one is given."""
        counts = self.congestion.counts
        return None if counts is None else (self._folder or Path()) / Path(counts).expanduser()

    def text(self, which: Literal["title", "question"], language: str) -> str:
        """The title or question in a language, else in the other, else the name."""
        both: Texts = getattr(self, which)
        asked, other = (both.fr, both.en) if language == "fr" else (both.en, both.fr)
        return asked or other or (self.name if which == "title" else "")

    def resolved(self) -> dict[str, Any]:
        """The whole scenario as plain data that `load_scenario` reads back."""
        return self.model_dump(mode="json")

    def hash(self) -> str:
        """SHA-256 of what can change a result: texts and languages are left out."""
        data = self.resolved()
        for key in ("name", "title", "question", "history", "outputs"):
            del data[key]
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()

    def changed(self, **values: Any) -> Scenario:
        """The same scenario with some fields replaced, checked again.

        Raises:
            UserError: a value does not fit.
        """
        from embauche.core.scenario_load import validated

        changed = validated(self.resolved() | values, folder=self._folder)
        changed._tree = self._tree
        return changed

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems that only name keys, with the file and line where these stand."""
        tree = self._tree
        return [p if tree is None or not p.keys or p.file is not None else placed(p, tree) for p in problems]
