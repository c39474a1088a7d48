"""A year of recruitment and commuting of the bassin of Béthune-Bruay, everybody simulated, all services on.

Lives here: the year at its own size, and weeks of a bassin of ten times as many people, each in a process of
its own. Not here: a month by service (month), the week without services (step).

    python benchmarks/year.py [FOLDER] [--communes FILE] [--threads 2] [--weeks 52] [--smoke]

Every EPCI has on-demand buses (a vehicle for 9,000 inhabitants), shuttles to its largest commune and
volunteers; a carpool campaign, loans and aids are everywhere. The larger bassin is the EPCIs nearest to
Béthune with ten times its people, drawn and built into FOLDER first (what is there already is used again);
without FILE it is left out. The clock runs after compilation and after the weeks in which people find out
about the services. `year_s` are the steps, `tables_s` the weekly tables of the results on top. The last
line sets the seconds of a week against the persons.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from _common import child, peak_mib, show

COMMUNES = Path(__file__).resolve().parents[2] / "shared" / "data" / "communes" / "hauts_de_france.geojson"
BETHUNE = "200072460"
LARGE = 13  # times the inhabitants: ten times the persons, as fewer come to work from outside a larger bassin
YEAR_WEEKS = 52
LIMIT_YEAR_S, LIMIT_MIB = 180.0, 3 * 1024.0
PEOPLE_A_BUS = 9_000
HOURS = ["03:45-09:30", "11:30-14:30", "16:00-22:30"]
Features = list[dict[str, Any]]


def by_epci(features: Features) -> dict[str, Features]:
    """Properties of communes by EPCI, the largest communes first."""
    found: dict[str, Features] = defaultdict(list)
    for properties in sorted((f["properties"] for f in features), key=lambda p: -p["population"]):
        found[properties["epci"]].append(properties)
    return dict(found)


def nearest(features: Features, times: int, around: str) -> Features:
    """Communes of the EPCIs nearest to one that have so many times its people."""
    groups = {epci: communes for epci, communes in by_epci(features).items() if epci}
    people = {epci: sum(c["population"] for c in communes) for epci, communes in groups.items()}
    centre = {
        epci: np.average([(c["hall_lon"], c["hall_lat"]) for c in communes], axis=0,
                         weights=[c["population"] for c in communes])
        for epci, communes in groups.items()
    }  # fmt: skip
    order = sorted(groups, key=lambda e: float(np.hypot(*(centre[e] - centre[around]))))
    total = np.cumsum([people[e] for e in order])
    chosen = set(order[: int(np.searchsorted(total, times * people[around])) + 1])
    return [f for f in features if f["properties"]["epci"] in chosen]


def services(groups: dict[str, Features]) -> dict[str, Any]:
    """Options of every service that shares capacity, for all these EPCIs."""
    systems, lines, schemes, people = [], [], [], 0
    for epci, communes in groups.items():
        inhabitants = sum(c["population"] for c in communes)
        depots = [c["code"] for c in communes[:3]]
        buses = max(1, round(inhabitants / PEOPLE_A_BUS / len(depots)))
        fleet = [{"vehicles": buses, "depot": d, "seats": 8} for d in depots]
        systems.append({"name": epci, "zone": {"epcis": [epci]}, "hours": {"all": HOURS}, "fleet": fleet})
        lines += [
            {"name": f"{c['code']} {epci}",
             "stops": [{"commune": c["code"]}, {"commune": communes[0]["code"]}],
             "windows": ["morning", "afternoon", "night"]}
            for c in communes[1:4]
        ]  # fmt: skip
        drivers = min(500, max(1, inhabitants // 4500))
        schemes.append({"name": epci, "volunteers": drivers, "hours_week": 8, "days": "all",
                        "communes": [c["code"] for c in communes]})  # fmt: skip
        people += inhabitants
    return {
        "on_demand": {"systems": systems}, "shuttle": {"lines": lines}, "volunteers": {"schemes": schemes},
        "carpool": {"campaigns": [{"name": "campaign", "budget_eur": round(people * 0.36)}]},
        "scooter": "on", "ebike": "on",
    }  # fmt: skip


def scenario_of(territory: str, epcis: list[str], features: Features) -> Any:
    """The scenario of a territory with all that there is."""
    from embauche.core.scenario_load import load_scenario

    groups = {e: c for e, c in by_epci(features).items() if e and (not epcis or e in epcis)}
    people = sum(c["population"] for communes in groups.values() for c in communes)
    who = {"groups": ["apprentice", "unemployed"], "car": "off"}
    loans = [
        {"name": name, "vehicle": kind, "stock": people // 1400, "cost_eur_week": cost, "who": who}
        for name, kind, cost in (("scooters", "scooter", 25), ("e-bikes", "ebike", 10))
    ]
    return load_scenario(
        {"name": "year", "territory": territory, "epcis": epcis, "services": services(groups),
         "levers": {"loans": loans}}
    )  # fmt: skip


def model_of(scenario: Any) -> Any:
    """The bassin at its start."""
    from embauche.model import Bassin
    from embauche.population.territory_tables import start_population
    from embauche.territory.load import territory_of

    territory, catalogue, values = territory_of(scenario), scenario.catalogue(), scenario.parameter_values()
    population = start_population(territory, catalogue, values, 0)
    return Bassin(territory, population, catalogue, values, scenario.settings(), rng=1)


def live(scenario: Any, weeks: int, warm: int, threads: int) -> None:
    """Print seconds and memory."""
    from embauche.core.parallel import set_threads

    set_threads(threads)
    began = time.perf_counter()
    model = model_of(scenario)
    start_s = time.perf_counter() - began
    for _ in range(warm):
        model.step()
        model.week_tables()
    step_s = tables_s = 0.0
    for _ in range(weeks):
        began = time.perf_counter()
        model.step()
        stepped = time.perf_counter()
        model.week_tables()
        step_s, tables_s = step_s + stepped - began, tables_s + time.perf_counter() - stepped
    status = model.state.status
    show(
        benchmark="year", persons=len(status), active=int(np.count_nonzero(status)), weeks=weeks,
        services=[s.name for s in model.services], threads=threads, start_s=start_s, week_s=step_s / weeks,
        year_s=step_s / weeks * YEAR_WEEKS, tables_s=tables_s / weeks * YEAR_WEEKS, peak_mib=peak_mib(),
    )  # fmt: skip


def embedded(name: str) -> Features:
    """Communes of an embedded territory."""
    from embauche.territory.stylised.specs import communes_file

    found: Features = json.loads(communes_file(name).read_text(encoding="utf-8"))["features"]
    return found


def built(features: Features, folder: Path) -> Path:
    """A stylised territory of these communes, drawn and built unless it is there already."""
    from embauche.routing.roads import RoadGraph
    from embauche.territory.stylised_build import build_stylised

    if not (folder / "manifest.json").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        communes = folder.parent / f"{folder.name}.geojson"
        communes.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        began = time.perf_counter()
        made = build_stylised(communes, out=folder)
        RoadGraph.of(made, made.folder / "cache")
        show(benchmark="year, larger bassin built", build_s=time.perf_counter() - began,
             communes=len(features), nodes=len(made.nodes))  # fmt: skip
    return folder


def part(a: argparse.Namespace) -> None:
    """One size, in a process of its own."""
    small = "bresle-vimeu" if a.smoke else "grand-artois"
    if a.part == "own":
        features = embedded(small)
        epcis = [next(iter(by_epci(features)))] if a.smoke else [BETHUNE]
        live(scenario_of(small, epcis, features), a.weeks, a.warm, a.threads)
    else:
        features = embedded(small) if a.smoke else json.loads(a.communes.read_text("utf-8"))["features"]
        around = next(iter(by_epci(features))) if a.smoke else BETHUNE
        features = nearest(features, 2 if a.smoke else LARGE, around)
        folder = built(features, a.folder / f"larger-{LARGE}")  # another size is another folder
        live(scenario_of(str(folder), [], features), a.weeks_large, a.warm, a.threads)


def main() -> None:
    """Print a JSON line for each size, and one for the ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help="where the larger bassin is kept")
    parser.add_argument("--communes", type=Path, default=COMMUNES)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weeks", type=int, default=YEAR_WEEKS, help="weeks timed at the bassin's own size")
    parser.add_argument("--weeks-large", type=int, default=6, help="weeks timed of the larger; 0: none")
    parser.add_argument("--warm", type=int, default=12, help="weeks before the clock starts")
    parser.add_argument("--smoke", action="store_true", help="the smaller territory, a week of each")
    parser.add_argument("--part", choices=("own", "larger"), help=argparse.SUPPRESS)  # set by this file
    a = parser.parse_args()
    if a.smoke:
        a.weeks, a.weeks_large, a.warm = 1, 1, 1
    if a.part:
        part(a)
        return
    with tempfile.TemporaryDirectory() as scratch:
        given = [str(a.folder or scratch), "--communes", str(a.communes), "--threads", str(a.threads),
                 "--weeks", str(a.weeks), "--weeks-large", str(a.weeks_large), "--warm", str(a.warm),
                 *(["--smoke"] if a.smoke else [])]  # fmt: skip
        own = child(__file__, *given, "--part", "own")
        limits = {} if a.smoke else {"limit_year_s": LIMIT_YEAR_S, "limit_peak_mib": LIMIT_MIB}
        show(**own, **limits)
        if not a.weeks_large or not (a.smoke or a.communes.is_file()):
            show(benchmark="year, larger bassin", skipped="no weeks asked, or no file of communes")
            return
        larger = child(__file__, *given, "--part", "larger")
        show(**larger)
    persons, seconds = larger["persons"] / own["persons"], larger["week_s"] / own["week_s"]
    show(benchmark="year, ratio", persons_times=persons, seconds_times=seconds, limit_seconds_times=persons)


if __name__ == "__main__":
    main()
