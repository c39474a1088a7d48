"""A month of a bassin of 276,000 inhabitants, everybody simulated, with all services on: seconds by service.

Lives here: the bassin of Béthune-Bruay with on-demand buses, carpools, shuttles, loans and transit at once.
Not here: the week without them (step), dispatch and matching alone (on_demand, carpool).

    python benchmarks/month.py [--threads 2] [--weeks 4] [--smoke]

The clock runs after compilation and after a few weeks in which people find out about the services. A
service's share is the time spent in its answers (book, probe, close_week) and offers (fill).
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from _common import peak_mib, show

LIMIT_S = 12.0  # four weeks and a third, on two cores
MONTH_WEEKS = 52.0 / 12.0
TIMED = ("fill", "open_week", "book", "release", "probe", "close_week")
HOURS = ["03:45-09:30", "11:30-14:30", "16:00-22:30"]


def services(depots: list[str], towns: list[str], works: str) -> dict[str, Any]:
    """Options of every service that shares capacity, around some towns."""
    return {
        "on_demand": {
            "systems": [
                {
                    "name": "bassin",
                    "hours": {"all": HOURS},
                    "fleet": [{"vehicles": 10, "depot": d, "seats": 8} for d in depots],
                }
            ]
        },
        "carpool": {"campaigns": [{"name": "campaign", "budget_eur": 100_000}]},
        "shuttle": {
            "lines": [
                {
                    "name": f"{town} - {works}",
                    "stops": [{"commune": town}, {"commune": works}],
                    "windows": ["morning", "afternoon", "night"],
                }
                for town in towns
            ]
        },
        "scooter": "on",
        "ebike": "on",
        "volunteers": {"schemes": [{"name": "neighbours", "volunteers": 60, "hours_week": 8, "days": "all"}]},
    }


LOANS = {
    "loans": [
        {"name": "scooters", "vehicle": "scooter", "stock": 200, "cost_eur_week": 25,
         "who": {"groups": ["apprentice", "unemployed"], "car": "off", "age_max": 30}},
        {"name": "e-bikes", "vehicle": "ebike", "stock": 200, "cost_eur_week": 10,
         "who": {"groups": ["apprentice", "unemployed"], "car": "off"}},
    ]
}  # fmt: skip
BETHUNE = {
    "territory": "grand-artois",
    "epcis": ["Béthune-Bruay"],
    "services": services(
        ["Béthune", "Bruay-la-Buissière", "Lillers"], ["Auchel", "Isbergues", "Nœux-les-Mines"], "Béthune"
    ),
    "levers": LOANS,
}
SMALL = {
    "territory": "bresle-vimeu",
    "services": services(["Eu"], ["Gamaches"], "Friville-Escarbotin"),
    "levers": LOANS,
}


def watched(model: Any) -> dict[str, float]:
    """Seconds spent in each service from now on, by name; filled as the model steps."""
    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return call(*arguments)
            finally:
                spent[name] += time.perf_counter() - began

        return run

    for service in model.services:
        for method in TIMED:
            if hasattr(service, method):
                setattr(service, method, timed(service.name, getattr(service, method)))
    return spent


def main() -> None:
    """Print one JSON line: seconds a month, by service, memory, and what was carried."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weeks", type=int, default=5, help="weeks timed; figures are those of 52/12 weeks")
    parser.add_argument("--warm", type=int, default=20, help="weeks before the clock starts")
    parser.add_argument("--smoke", action="store_true", help="the smaller territory, a week")
    arguments = parser.parse_args()

    from embauche.core.offerings import kinds
    from embauche.core.parallel import set_threads
    from embauche.core.scenario_load import load_scenario
    from embauche.model import Bassin
    from embauche.population.territory_tables import start_population
    from embauche.territory.load import territory_of

    set_threads(arguments.threads)
    wanted = SMALL if arguments.smoke else BETHUNE
    known = kinds()
    asked = {k: v for k, v in wanted["services"].items() if k in known}
    scenario = load_scenario({**wanted, "name": "month", "services": asked})
    warm, weeks = (1, 1) if arguments.smoke else (arguments.warm, arguments.weeks)
    territory, catalogue, values = territory_of(scenario), scenario.catalogue(), scenario.parameter_values()
    population = start_population(territory, catalogue, values, 0)
    model = Bassin(territory, population, catalogue, values, scenario.settings(), rng=1)
    for _ in range(warm):
        model.step()
    spent = watched(model)
    began = time.perf_counter()
    for _ in range(weeks):
        model.step()
    week_s = (time.perf_counter() - began) / weeks
    by_service = {s.name: round(spent[s.name] / weeks * MONTH_WEEKS, 3) for s in model.services}
    events = model.week_tables()["events"]
    carried = {
        name: int(((events.service == name) & (events.event == "served")).sum())
        for name in sorted(set(events.service.tolist()))
    }
    show(
        benchmark="month of a bassin with all services", threads=arguments.threads,
        persons=len(population.persons), services=[s.name for s in model.services],
        month_s=week_s * MONTH_WEEKS, limit_month_s=LIMIT_S, month_s_by_service=by_service,
        served_last_week=carried, peak_mib=peak_mib(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
