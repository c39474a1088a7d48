"""Seconds that numba needs to compile from an empty cache: what the demo runs, and every kernel.

Lives here: compile times and the number of signatures. Not here: speed after compilation (step).

    python benchmarks/compile.py [--smoke]

Two child processes run the same weeks with the same cache folder, empty for the first. The compile time
of the first is counted by numba's own events, and the second must compile nothing. A kernel with two
signatures is compiled twice, which is a fault. The embedded territory is generated and built too, so that
the readers' kernels are among those compiled; `all` adds those of features that a scenario switches on, and
`not_run` names what is left.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import tempfile
import time
from typing import Any

import numpy as np

import embauche
from _common import child, show

LIMIT_S = 45.0  # what the demo compiles; the whole of embauche may take 120 s
LIMIT_ALL_S = 120.0


def work() -> None:
    """Load, populate and run two weeks of the demo's territory; print what numba compiled for it."""
    from numba.core import event

    began = time.perf_counter()
    listener = event.TimingListener()
    event.register("numba:compile", listener)
    from _models import model_of
    from embauche.territory.embedded import load_embedded

    model, _ = model_of(2_000, name="bresle-vimeu")
    for _ in range(2):
        model.step()
    model.people()
    model.access()
    model.week_tables()
    demo_s = listener.duration if listener.done else 0.0
    optional(model)
    road_core(load_embedded("bresle-vimeu"))
    show(
        compile_s=demo_s,
        compile_all_s=listener.duration if listener.done else 0.0,
        total_s=time.perf_counter() - began,
        **kernels(),
    )


def road_core(territory: Any) -> None:
    """What the public face of the road hierarchy offers, on a territory, and all turns told apart."""
    from embauche.routing import RoadHierarchy
    from embauche.routing.turns import TurnGraph

    nodes, arcs = territory.nodes, territory.arcs
    by = np.argsort(arcs.tail, kind="stable")
    indptr = np.searchsorted(arcs.tail[by], np.arange(len(nodes) + 1))
    hierarchy = RoadHierarchy(indptr, arcs.head[by], nodes.lon, nodes.lat)
    weighting = hierarchy.customize(arcs.car_s[by], arcs.length_m[by])
    some = np.arange(min(len(nodes), 40))
    weighting.times(some, some)
    weighting.times_and_metres(some, some)
    weighting.paths(some, some[::-1])
    ends = np.arange(2.0)
    TurnGraph(np.array([0, 1, 2]), np.array([1, 0]), ends, ends, every=True).hierarchy()


def optional(model: Any) -> None:
    """Use what a run compiles only when asked for: roads that congest, shared services, a platform."""
    from _dial_a_ride import generate
    from assignment import grid, solve
    from carpool import solve as match_carpools
    from embauche.core.scenario_recruitment import Recruitment
    from embauche.core.settings import Congestion, Settings
    from embauche.services.darp.search import search
    from on_demand import instance, play

    solve(grid(4), 1e-3)
    match_carpools(60, 1, "free")
    day = {"firm": True, "care": 0.2, "again": 1, "booked": 0.5, "improve": 1e-3, "seed": 1}
    play(instance(20, 2, 1), argparse.Namespace(**day))
    parameters = model.parameters.replaced({"congestion.every_weeks": 1.0})
    given = model.territory, model.population, model.catalogue, parameters
    busy = type(model)(*given, Settings(congestion=Congestion()), rng=1, network=model.network)
    for _ in range(2):
        busy.step()
    more = Settings(
        services=(*Settings().services, "on_demand", "carpool"), recruitment=Recruitment(mechanism="platform")
    )
    few = type(model)(*given, more, rng=1)
    for _ in range(2):
        few.step()
    search(generate("ride:6:2").problem, seed=1, iterations=10)


def kernels() -> dict[str, Any]:
    """Which of all kernels this process has used, and with how many signatures."""
    for module in pkgutil.walk_packages(embauche.__path__, "embauche."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    from embauche.kernels import REGISTRY

    return {
        "kernels": len(REGISTRY),
        "not_run": sorted(k.__name__ for k in REGISTRY if not k.signatures),
        "several_signatures": {k.__name__: len(k.signatures) for k in REGISTRY if len(k.signatures) > 1},
    }


def main() -> int:
    """Compile from nothing, run again from the cache, print one JSON line; 1 if a promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--child", action="store_true", help="do the work in this process")
    parser.add_argument("--smoke", action="store_true", help="the same: it is short")
    arguments = parser.parse_args()
    if arguments.child:
        work()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "NUMBA_CACHE_DIR": f"{folder}/numba", "XDG_CACHE_HOME": f"{folder}/xdg"}
        cold, warm = (child(__file__, "--child", env=env) for _ in range(2))
    show(
        benchmark="compile",
        cold_compile_s=cold["compile_s"],
        warm_compile_s=warm["compile_s"],
        limit_cold_compile_s=LIMIT_S,
        cold_compile_all_s=cold["compile_all_s"],
        limit_cold_compile_all_s=LIMIT_ALL_S,
        limit_warm_compile_s=0.0,
        cold_total_s=cold["total_s"],
        warm_total_s=warm["total_s"],
        kernels=cold["kernels"],
        not_run=cold["not_run"],
        several_signatures=cold["several_signatures"],
    )
    return 1 if cold["several_signatures"] else 0


if __name__ == "__main__":
    sys.exit(main())
