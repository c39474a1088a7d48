"""Road times between places and workplaces, row by row, kept beside the territory.

Lives here: RoadTimes (car, bike, walk). Not here: the search itself (kernels), offers (services).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.files import atomic_path
from embauche.core.parallel import run_blocks
from embauche.routing.graph import Graph

Array = np.ndarray[Any, Any]
NAMES = ("car_to_s", "car_back_s", "car_to_dam", "car_back_dam", "bike_to_s", "bike_back_s", "walk_s")
LIMIT_S = {"car": 3 * 3600.0, "bike": 5400.0, "walk": 5400.0}


@dataclass(frozen=True)
class RoadTimes:
    """Whole seconds and tens of metres between sites and places, 65535 where none.

    Every array is uint16 [site, place]: `to` from the place to the site, `back` from the site to
    the place. Walking is taken as symmetric.
    """

    car_to_s: Array
    car_back_s: Array
    car_to_dam: Array
    car_back_dam: Array
    bike_to_s: Array
    bike_back_s: Array
    walk_s: Array


def _graph(nodes: int, arcs: Any, mode: str, *, backward: bool) -> Graph:
    return Graph.make(nodes, arcs.tail, arcs.head, arcs[f"{mode}_s"], arcs.length_m, backward=backward)


def _compute(nodes: int, arcs: Any, sites: Array, places: Array, out: dict[str, Array]) -> None:
    from embauche.kernels.shortest_path import time_rows

    none = np.empty((0, 0), np.uint16)
    for mode in ("car", "bike", "walk"):
        for way, backward in (("to", True), ("back", False)):
            if mode == "walk" and way == "back":
                continue
            graph = _graph(nodes, arcs, mode, backward=backward)
            seconds = out["walk_s" if mode == "walk" else f"{mode}_{way}_s"]
            dam = out[f"car_{way}_dam"] if mode == "car" else none
            run_blocks(
                time_rows, len(sites), graph.indptr, graph.head, graph.seconds, graph.metres,
                sites, places, LIMIT_S[mode], seconds, dam, least=2,
            )  # fmt: skip


def road_times(
    nodes: int, arcs: Any, site_nodes: Array, place_nodes: Array, folder: Path | None
) -> RoadTimes:
    """Times between sites and places, from the cache in `folder` if they are there.

    Args:
        nodes: number of nodes.
        arcs: table of territory.schemas.ARCS.
        site_nodes: int32 [site] node of each site.
        place_nodes: int32 [place] node of each place.
        folder: where the tables are kept as memory-mapped files, None to keep them in memory.

    Returns:
        The tables, [site, place].
    """
    site_nodes = np.ascontiguousarray(site_nodes, np.int32)
    place_nodes = np.ascontiguousarray(place_nodes, np.int32)
    shape = (len(site_nodes), len(place_nodes))
    if folder is None or 0 in shape:
        arrays = {name: np.empty(shape, np.uint16) for name in NAMES}
        _compute(nodes, arcs, site_nodes, place_nodes, arrays)
        return RoadTimes(**arrays)
    digest = hashlib.sha256(site_nodes.tobytes() + b"|" + place_nodes.tobytes())
    for name in ("tail", "head", "car_s", "bike_s", "walk_s", "length_m"):
        digest.update(np.ascontiguousarray(arcs[name]).tobytes())
    file = folder / f"roads-{digest.hexdigest()[:16]}.npy"
    if not file.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with atomic_path(file) as tmp:
                table = np.lib.format.open_memmap(tmp, mode="w+", dtype=np.uint16, shape=(len(NAMES), *shape))
                _compute(nodes, arcs, site_nodes, place_nodes, dict(zip(NAMES, table, strict=True)))
                table.flush()
                del table
        except PermissionError:  # a read-only territory: keep the tables in memory
            return road_times(nodes, arcs, site_nodes, place_nodes, None)
    # copy-on-write, so that numba sees the same writable type as for tables in memory
    stored = np.load(file, mmap_mode="c")
    return RoadTimes(**{name: np.asarray(stored[i]) for i, name in enumerate(NAMES)})
