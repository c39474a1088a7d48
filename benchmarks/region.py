"""A whole region on one machine: stylised Hauts-de-France built, populated, and all its commutes priced.

Lives here: seconds and peak memory of build and week. Not here: the week of an embedded territory (step).

    python benchmarks/region.py [FOLDER] [--communes FILE] [--smoke]

Two child processes, so that peak memory is each one's own. The first draws and builds the territory from
communes alone and finds the order of its roads (FOLDER keeps it; what is there already is used again). The
second synthesises the population, draws the start state and prices the week: `offers_s` is all that the
offers of one week need, from a network not yet weighted to the utility of every current post and of every
vacancy seen, by all services, both ways, for each trip class. `step_s` is the first week of the model
itself. No peer does this on one machine. `--smoke` takes a dozen communes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _common import child, peak_mib, show

COMMUNES = Path(__file__).resolve().parents[2] / "shared" / "data" / "communes" / "hauts_de_france.geojson"
VERTEX_M = 45.0  # of country roads, so that the region has about a million nodes, as OSM's would
LIMITS = {"limit_build_s": 600.0, "limit_offers_s": 60.0, "limit_peak_mib": 16 * 1024.0}
DOZEN = 12


def smaller(folder: Path) -> Path:
    """Write the dozen largest communes of an embedded territory to a file."""
    from embauche.territory.stylised.specs import communes_file

    source = json.loads(communes_file("bresle-vimeu").read_text(encoding="utf-8"))
    largest = sorted(source["features"], key=lambda f: -f["properties"]["population"])
    source["features"] = largest[:DOZEN]
    path = folder / "dozen.geojson"
    path.write_text(json.dumps(source), encoding="utf-8")
    return path


def build(communes: Path, folder: Path) -> None:
    """Draw and build the territory, and find the order of its roads."""
    began = time.perf_counter()
    from embauche.territory.stylised import Options
    from embauche.territory.stylised_build import build_stylised

    made = build_stylised(communes, out=folder, options=Options(vertex_m=VERTEX_M), overwrite=True)
    drawn_s = time.perf_counter() - began
    roads_of(made)
    show(
        benchmark="region build",
        communes=len(made.communes),
        inhabitants=int(made.communes.population.sum()),
        nodes=len(made.nodes),
        arcs=len(made.arcs),
        stops=len(made.stops),
        connections=len(made.connections),
        draw_and_read_s=drawn_s,
        order_s=time.perf_counter() - began - drawn_s,
        build_s=time.perf_counter() - began,
        peak_mib=peak_mib(),
        **limits("build_s", "peak_mib"),
    )


def roads_of(territory: Any) -> Any:
    """The contracted roads of a territory; their order is kept beside it."""
    from embauche.routing.roads import RoadGraph

    return RoadGraph.of(territory, territory.folder / "cache")


def limits(*names: str) -> dict[str, float]:
    """The limits of these figures."""
    return {f"limit_{name}": LIMITS[f"limit_{name}"] for name in names}


def model_of(territory: Any, laps: dict[str, float]) -> Any:
    """A model of a territory at its start, offers not yet priced; seconds by stage go to `laps`."""
    from embauche.commuting.used import network_for
    from embauche.core.parameters import defaults
    from embauche.core.settings import Settings
    from embauche.core.shifts import default_catalogue
    from embauche.model import Bassin
    from embauche.population.synthesis import synthesise

    catalogue, parameters, settings = default_catalogue(), defaults(), Settings()
    began = time.perf_counter()
    population = synthesise(territory, catalogue, parameters, 1)
    laps["population_s"] = time.perf_counter() - began
    began = time.perf_counter()
    network = network_for(territory, population, catalogue, parameters, settings)
    laps["network_s"] = time.perf_counter() - began
    began = time.perf_counter()
    model = Bassin(territory, population, catalogue, parameters, settings, rng=1, network=network)
    laps["start_s"] = time.perf_counter() - began
    return model


def price(model: Any, laps: dict[str, float]) -> Any:
    """Price current posts, then what this week's searchers see; their applications."""
    from embauche.labour.search import search

    began = time.perf_counter()
    utility = model.present_utilities()
    laps["current_posts_s"] = time.perf_counter() - began
    model.step()  # the season, HR and channels that a search reads
    began = time.perf_counter()
    applications = search(model, utility)
    laps["search_s"] = time.perf_counter() - began
    return applications


def week(folder: Path) -> None:
    """Populate a territory, price all commutes of a week, live the week."""
    import numpy as np

    from embauche.territory.stylised_build import build_stylised
    from embauche.territory.territory import Territory

    with tempfile.TemporaryDirectory() as scratch:  # compile what the clock must not count
        small = model_of(build_stylised(smaller(Path(scratch))), {})
        price(small, {})
        small.step()
    began = time.perf_counter()
    territory = Territory.load(folder)
    laps = {"load_s": time.perf_counter() - began}
    model = model_of(territory, laps)
    applications = price(model, laps)
    began = time.perf_counter()
    model.step()
    laps["step_s"] = time.perf_counter() - began
    population = model.population
    show(
        benchmark="region week",
        persons=len(population.persons),
        workers=int((population.persons.status > 0).sum()),
        posts_held=int((model.state.post >= 0).sum()),
        places=len(model.network.place_rows),
        workplaces=len(model.network.site_rows),
        rows_of_current_posts=int((model.book.end - model.book.start).sum()),
        services=len(model.services),
        searchers=int(np.count_nonzero(applications.searched)),
        applications=len(applications.person),
        **laps,
        offers_s=laps["network_s"] + laps["current_posts_s"] + laps["search_s"],
        peak_mib=peak_mib(),
        **limits("offers_s", "peak_mib"),
    )


def main() -> None:
    """Run both stages, a JSON line each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help="where the territory is kept; else thrown away")
    parser.add_argument("--communes", type=Path, default=COMMUNES, help="GeoJSON or GeoPackage")
    parser.add_argument("--smoke", action="store_true", help="a dozen communes")
    parser.add_argument("--stage", choices=("build", "week"), help="do this in this process")
    given = parser.parse_args()
    if given.stage:
        build(given.communes, given.folder) if given.stage == "build" else week(given.folder)
        return
    with tempfile.TemporaryDirectory() as scratch:
        communes = smaller(Path(scratch)) if given.smoke else given.communes
        if not communes.is_file():
            show(benchmark="region", skipped=f"no communes: {communes.name}; give --communes FILE")
            return
        folder = given.folder or Path(scratch) / "region"
        asked = [str(folder), "--communes", str(communes)]
        if not (folder / "manifest.json").is_file():
            show(**child(sys.argv[0], *asked, "--stage", "build"))
        show(**child(sys.argv[0], *asked, "--stage", "week"))


if __name__ == "__main__":
    main()
