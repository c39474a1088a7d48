"""What a run switches on besides parameters: its services, edits of the timetable, congestion.

Lives here: Settings, Congestion as plain data. Not here: the edits (timetable_plan), YAML (scenario).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from embauche.core.calendar import AS_USUAL, Calendar
from embauche.core.fare_plan import NO_FARES, FarePlan
from embauche.core.governance import AS_TODAY, Governance
from embauche.core.offerings import Options
from embauche.core.scenario_apprentices import ApprenticesBlock
from embauche.core.scenario_demand import Demand
from embauche.core.scenario_levers import Levers
from embauche.core.scenario_recruitment import Recruitment
from embauche.core.scenario_residences import ResidencesBlock
from embauche.core.scenario_sites import Sites
from embauche.core.scenario_training import Training
from embauche.core.scenario_work import Care
from embauche.core.timetable_plan import PlanEdit


@dataclass(frozen=True)
class Congestion:
    """Car times that follow the traffic of each hour.

    Attributes:
        counts: CSV file of other traffic (core.scenario_congestion), None for the general shares alone.
    """

    counts: Path | None = None


@dataclass(frozen=True)
class Settings:
    """What a run switches on.

    Attributes:
        services: names of registered services in use.
        timetable_edits: edits applied in order to the territory's timetable.
        congestion: None where car times are those of empty roads.
        levers: of employers and authorities.
        governance: who runs and pays what.
        sites: opened, moved, enlarged, closed.
        demand: shocks to that of sectors.
        care: near home, what it is worth.
        fares: of transit and shuttles; none: the services' own parameters.
        recruitment: how posts and people are matched, what employers share.
        options: of services in use that have fields besides parameters, by name.
        training: courses and other measures of training.
        calendar: dates of the weeks from the start of burn-in on.
        residences: beds, aids to lodgers and homes for employees.
        apprentices: centres and seats added, tutors shared.
        folder: where relative files start from.
    """

    services: tuple[str, ...] = ("car", "transit", "bike", "walk")
    timetable_edits: tuple[PlanEdit, ...] = ()
    congestion: Congestion | None = None
    levers: Levers = field(default_factory=Levers)
    sites: Sites = field(default_factory=Sites)
    care: Care = field(default_factory=Care)
    demand: Demand = field(default_factory=Demand)
    governance: Governance = AS_TODAY
    fares: FarePlan = NO_FARES
    recruitment: Recruitment = field(default_factory=Recruitment)
    options: Mapping[str, Options] = field(default_factory=dict)
    training: Training = field(default_factory=Training)
    calendar: Calendar = AS_USUAL
    folder: Path | None = None
    residences: ResidencesBlock = field(default_factory=ResidencesBlock)
    apprentices: ApprenticesBlock = field(default_factory=ApprenticesBlock)
