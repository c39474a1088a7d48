"""A scenario checked without running it: its territory, EPCIs, timetable, and what the run will cost.

Lives here: `embauche check` and its estimate. Not here: the fields' own checks (core.scenario).
Nothing here loads a model, so that the answer comes in under two seconds; only a service whose options
name places has its territory opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embauche.analysis.check_timetable import timetable_problems
from embauche.core.epci import match_epcis
from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.governance import AS_TODAY
from embauche.core.scenario import Scenario
from embauche.core.scenario_congestion import read_counts
from embauche.core.scenario_load import Draft
from embauche.core.scenario_variants import read_variants
from embauche.core.scenario_work import read_care
from embauche.core.scenario_yaml import Node
from embauche.territory.embedded_cache import cache_folder
from embauche.territory.load import COMMUNES, locate

# Persons of 15-64 and in-commuters an inhabitant: the embedded territories give 0.60 to 0.66.
PERSONS_PER_INHABITANT = 0.62
# Measured on two shared cores with the embedded Bresle-Vimeu (48,700 persons, 54 weeks of burn-in, 12
# weeks written), kernels compiled before. An order of magnitude for another machine, and said to be one.
SETUP_S_PER_PERSON = 80e-6  # population, offers and start state of a replication
BURN_IN_S_PER_PERSON_WEEK = 2e-6  # a week of the model
STEP_S_PER_PERSON_WEEK = 6e-6  # a week whose tables are written and counted
WRITTEN_BYTES_PER_PERSON_WEEK = 26.0  # Parquet, all weekly tables, workers every week
BASE_MIB = 300.0  # the interpreter with its libraries
BYTES_PER_PERSON = 12_500.0  # road times and timetable tables of the places, offers, state


@dataclass(frozen=True)
class Facts:
    """What is known of a territory without opening it.

    Attributes:
        name: of the territory.
        epcis: code -> name.
        population: code -> inhabitants.
        inflow: in-commuters through external zones.
        stylised: roads and timetable are made up.
    """

    name: str
    epcis: dict[str, str]
    population: dict[str, int]
    inflow: int
    stylised: bool


@dataclass(frozen=True)
class Estimate:
    """What a run will take: an order of magnitude.

    Attributes:
        persons: persons simulated.
        weeks: weeks simulated over all replications, burn-in at the middle of its bounds included.
        seconds: on one core, compilation left out.
        memory_mib: of one replication; replications run side by side on several cores.
        disk_mib: size of the run's folder.
    """

    persons: int
    weeks: int
    seconds: float
    memory_mib: float
    disk_mib: float


@dataclass(frozen=True)
class Checked:
    """A scenario without fault, what its run will cost, and remarks."""

    scenario: Scenario
    facts: Facts
    estimate: Estimate
    notes: tuple[str, ...]


def facts_of(name: str, folder: Path | None = None) -> Facts:
    """What is known of a territory from its manifest or embedded table alone.

    Raises:
        UserError: there is no such territory, or it is damaged.
    """
    place = locate(name, folder)
    if isinstance(place, str):
        text = (COMMUNES / f"{place.replace('-', '_')}.geojson").read_text(encoding="utf-8")
        rows = [f["properties"] for f in json.loads(text)["features"]]
        return _facts(place, [(r["epci"], r["epci_name"], r["population"], 0) for r in rows], True)
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        communes = pq.read_table(
            place / "communes.parquet", columns=["epci", "epci_name", "population", "inflow"]
        ).to_pydict()
        if not isinstance(manifest, dict):
            raise ValueError("manifest.json holds no mapping")
    except (OSError, ValueError, pa.ArrowException) as error:
        raise UserError(
            "this territory is damaged", file=place, found=str(error).splitlines()[0],
            expected="a folder that `embauche build` made", fix="build it again",
        ) from None  # fmt: skip
    rows = list(zip(*(communes[k] for k in ("epci", "epci_name", "population", "inflow")), strict=True))
    return _facts(str(manifest.get("name", place.name)), rows, bool(manifest.get("stylised")))


def _facts(name: str, rows: list[tuple[str, str, int, int]], stylised: bool) -> Facts:
    population: dict[str, int] = {}
    for code, _, people, _ in rows:
        population[code] = population.get(code, 0) + int(people)
    epcis = {code: title for code, title, _, _ in rows if code}
    return Facts(name, epcis, population, sum(int(r[3]) for r in rows), stylised)


def estimate(scenario: Scenario, facts: Facts) -> Estimate:
    """Time, memory and disk of a run, from persons x weeks x seeds."""
    codes, _ = match_epcis(scenario.epcis, facts.epcis)
    inhabitants = sum(n for code, n in facts.population.items() if not codes or code in codes)
    persons = round(inhabitants * PERSONS_PER_INHABITANT) + facts.inflow
    # How long burn-in lasts is known only once it passes its test: the middle of its bounds.
    burn_in = (scenario.burn_in.min_weeks + scenario.burn_in.max_weeks) // 2
    seconds = (
        SETUP_S_PER_PERSON + BURN_IN_S_PER_PERSON_WEEK * burn_in + STEP_S_PER_PERSON_WEEK * scenario.weeks
    )
    written = WRITTEN_BYTES_PER_PERSON_WEEK * persons * scenario.seeds * scenario.weeks
    return Estimate(
        persons,
        scenario.seeds * (scenario.weeks + burn_in),
        persons * scenario.seeds * seconds,
        BASE_MIB + BYTES_PER_PERSON * persons / 2**20,
        written / 2**20,
    )


def _territory_problems(tree: Node, folder: Path | None) -> list[Problem]:
    """Faults that show only beside the territory: its name, EPCIs, timetable."""
    territory = tree.at(("territory",))
    name = territory.value if isinstance(territory.value, str) else "bresle-vimeu"
    try:
        facts = facts_of(name, folder)
    except UserError as error:
        return [_placed(p, territory) for p in error.problems]
    problems: list[Problem] = []
    epcis = tree.at(("epcis",))
    for node in epcis.value if isinstance(epcis.value, list) else []:
        problems += [_placed(p, node) for p in match_epcis([str(node.value)], facts.epcis)[1]]
    if isinstance(tree.value, dict) and "timetable" in tree.value:
        place = locate(name, folder)
        place = cache_folder(place) if isinstance(place, str) else place
        if (place / "manifest.json").is_file():  # else the run will tell, once it has made the territory
            problems += timetable_problems(tree.value["timetable"], place)
    return problems


def _placed(problem: Problem, node: Node) -> Problem:
    file = problem.file if problem.file is not None else node.file
    line = node.line if problem.file is None else problem.line
    return Problem(problem.what, file, line, problem.found, problem.expected, problem.fix)


def _check_options(scenario: Scenario) -> None:
    """Raise what only the territory shows of the options of services and of levers."""
    settings = scenario.settings()
    asked = settings.options or settings.levers.on or settings.fares or settings.sites.on
    asked = asked or settings.residences.on or settings.recruitment.on or settings.training.on
    asked = asked or settings.apprentices.on
    if asked or settings.governance != AS_TODAY:
        from embauche.commuting.centre_spots import apprentice_faults
        from embauche.commuting.course_sites import course_faults
        from embauche.commuting.lever_faults import lever_faults, recruitment_faults
        from embauche.commuting.site_spots import site_faults
        from embauche.commuting.spots import residence_faults
        from embauche.services import faults
        from embauche.territory.authority_faults import PAID, governance_faults
        from embauche.territory.fare_faults import fare_faults
        from embauche.territory.load import territory_of

        territory = territory_of(scenario)
        found = faults(settings, territory, scenario.parameter_values())
        found += lever_faults(settings.levers, territory)
        found += site_faults(settings.sites, territory)
        found += residence_faults(settings.residences, territory)
        found += recruitment_faults(settings.recruitment, territory)
        found += course_faults(settings.training, territory, scenario.parameter_values())
        found += apprentice_faults(settings.apprentices, territory, scenario.parameter_values())
        blocks = {name: getattr(scenario, name) for name in PAID}
        found += governance_faults(scenario.governance, settings.options, territory, blocks)
        found += fare_faults(settings.fares, settings.governance, territory)
        raise_all(scenario.located(found))


def _further(draft: Draft) -> list[Problem]:
    """Faults beside the territory in what is left of a scenario without its faulty fields."""
    left = draft.sound()
    if left is not None:
        try:
            _check_options(left)
        except UserError as error:
            return [p for p in error.problems if p.line is not None]
    return []


def check(source: str | Path, changes: Mapping[str, Any] | None = None) -> Checked:
    """Check a scenario's file and estimate its run.

    Args:
        source: a file, or the name of a built-in scenario.
        changes: fields that replace the file's, such as options of the command line.

    Raises:
        UserError: every fault of the scenario at once, also those that show beside its territory.
    """
    drafts = read_variants(source, changes)
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for draft in drafts:
        try:
            one = draft.checked(_territory_problems(draft.tree, draft.folder))
        except UserError as error:
            problems += [*error.problems, *_further(draft)]
            continue
        try:
            if one.counts_file is not None:
                read_counts(one.counts_file)
            if one.care.table is not None:
                read_care((one.folder or Path()) / Path(one.care.table).expanduser())
            _check_options(one)
            scenarios.append(one)
        except UserError as error:
            problems += error.problems
    raise_all(dict.fromkeys(sorted(problems, key=lambda p: (str(p.file or ""), p.line or 0))))
    scenario = scenarios[0]
    facts = facts_of(scenario.territory, scenario.folder)
    notes = []
    if facts.stylised:
        notes.append("roads and timetable of this territory are stylised")
    if scenario.start_monday != scenario.start:
        notes.append(f"the run starts on Monday {scenario.start_monday}")
    if len(drafts) > 1:
        names = ", ".join(s.name for s in scenarios[1:])
        notes.append(f"`embauche compare FILE` runs {len(scenarios)} scenarios side by side: also {names}")
    if scenario.seeds == 1:
        notes.append("with one seed no interval can be given: use two or more")
    return Checked(scenario, facts, estimate(scenario, facts), tuple(notes))
