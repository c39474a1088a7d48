"""How each library is asked for road times: one class a peer, and embauche's own.

Lives here: preparation and the timed calls, each beside the library's own terms. Not here: clocks and
child processes (_peers_child, _peers). Loaded by the Python that has the library: NumPy only besides it.
"""

from __future__ import annotations

import importlib.metadata
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from _peers_graph import Graph, generate


def clock_of(threads: int) -> Callable[[], float]:
    """Processor time for one thread, which other work on the machine disturbs less; else the wall's."""
    return time.process_time if threads == 1 else time.perf_counter


class Peer:
    """One library; `graph`, `threads` and `cache` are set before `prepare`."""

    package: ClassVar[str]  # its name on PyPI
    module: ClassVar[str]  # what is imported
    threaded: ClassVar[bool] = False  # whether a second thread can help
    most_sources: ClassVar[int | None] = None  # a slow one is asked fewer, and its seconds are scaled
    most_targets: ClassVar[int | None] = None
    all_nodes: ClassVar[bool] = True  # whether it has one source to all nodes
    note: ClassVar[str] = ""
    note_to_all: ClassVar[str] = ""  # the same of one source to all nodes

    def __init__(self, graph: Graph, threads: int, cache: Path) -> None:
        self.graph, self.threads, self.cache = graph, threads, cache
        self.costs: dict[str, float] = {}

    def version(self) -> str:
        """Version of the library."""
        try:
            return importlib.metadata.version(self.package)
        except importlib.metadata.PackageNotFoundError:
            return "source"  # embauche from a checkout

    def timed(self, name: str, call: Callable[[], Any]) -> Any:
        """Run a part of the preparation and keep its seconds as `name`, by the clock of questions."""
        clock = clock_of(self.threads)
        began = clock()
        answer = call()
        self.costs[name] = clock() - began
        return answer

    def prepare(self) -> None:
        """Everything before the first question; its parts are in `costs`."""
        raise NotImplementedError

    def fit(self, sources: np.ndarray, targets: np.ndarray) -> None:
        """Preparation that has to know the nodes asked; not in the time of a question."""

    def searches(self, sources: np.ndarray) -> int:
        """How many sources' worth of work one question does."""
        return len(sources)

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        """Times [source, target] in the library's own form."""
        raise NotImplementedError

    def to_all(self, sources: np.ndarray) -> Iterator[Any]:
        """Times [some sources, node], some sources at a time."""
        for source in sources:
            yield self.table(np.array([source]), np.arange(self.graph.nodes, dtype=np.int32))

    def seconds_of(self, answer: Any, rows: int) -> np.ndarray:
        """The first rows of an answer of `table` as float64 seconds, NaN where none."""
        return np.asarray(answer, dtype=np.float64)[:rows]


class Embauche(Peer):
    """RoadHierarchy of this repository."""

    package, module, threaded = "embauche", "embauche.routing", True
    lanes: ClassVar[int] = 64
    note_to_all = "tile by tile of some sources, each consumed at once: all are written to the same memory"

    def prepare(self) -> None:
        from embauche.core.parallel import set_threads
        from embauche.routing import RoadHierarchy

        set_threads(self.threads)
        for nodes in (400, 10_000):  # compile, or read what was compiled before
            small = generate(nodes)
            warm = RoadHierarchy(small.indptr, small.indices, small.x, small.y)
            weighting = warm.customize(small.weight)
            weighting.times(np.arange(200), np.arange(200))
            weighting.rows(np.arange(64), warm.select(np.arange(small.nodes)))
        g = self.graph
        self.hierarchy = self.timed(
            "order_and_topology_s", lambda: RoadHierarchy(g.indptr, g.indices, g.x, g.y)
        )
        order = self.hierarchy.order
        self.timed("topology_s", lambda: RoadHierarchy(g.indptr, g.indices, g.x, g.y, order=order))
        self.costs["order_s"] = self.costs["order_and_topology_s"] - self.costs["topology_s"]
        self.costs["arcs_of_hierarchy"] = len(self.hierarchy.topology.head)
        runs = []
        for _ in range(3):
            self.weighting = self.timed("customise_s", lambda: self.hierarchy.customize(g.weight))
            runs.append(self.costs["customise_s"])
        self.costs.update(customise_first_s=runs[0], customise_s=sorted(runs)[1])

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        return self.weighting.times(sources, targets)

    def to_all(self, sources: np.ndarray) -> Iterator[Any]:
        nodes = self.hierarchy.select(np.arange(self.graph.nodes, dtype=np.int32))
        step = self.lanes * self.threads
        tile = np.empty((step, self.graph.nodes), np.float32)
        for lo in range(0, len(sources), step):
            some = sources[lo : lo + step]
            yield self.weighting.rows(some, nodes, out=tile[: len(some)])

    def tenths(self, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """The table again for arcs of whole tenths of a second, whose sums are exact in float32."""
        whole = self.hierarchy.customize(np.rint(self.graph.weight.astype(np.float64) * 10))
        return np.asarray(whole.times(sources, targets), dtype=np.float64)


class Osrm(Peer):
    """OSRM's contraction hierarchy and its Table service."""

    package, module, threaded, all_nodes = "osrm-bindings", "osrm", True, False
    note = (
        "edge-based and snaps coordinates in its own time; its arcs are rounded to 0.1 s; its answer is "
        "not turned into an array in the time; two threads are two requests of half the sources"
    )

    def prepare(self) -> None:
        import osrm

        from _peers_osrm import degrees, prepare

        tools = Path(osrm.__file__).parent / "bin"
        base, self.costs = prepare(self.graph, tools, self.cache, self.threads)
        self.lon, self.lat = degrees(self.graph)
        self.engine = self.timed(
            "load_s",
            lambda: osrm.OSRM(
                algorithm="CH",
                storage_config=str(base),
                max_locations_distance_table=1_000_000,
                use_shared_memory=False,
            ),
        )

    def request(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        """One Table request."""
        import osrm

        nodes = np.concatenate([sources, targets])
        asked = osrm.TableParameters(
            coordinates=list(zip(self.lon[nodes].tolist(), self.lat[nodes].tolist(), strict=True)),
            sources=list(range(len(sources))),
            destinations=list(range(len(sources), len(nodes))),
            annotations=["duration"],
            generate_hints=False,
        )
        return self.engine.Table(asked)

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        if self.threads == 1:
            return [self.request(sources, targets)]
        with ThreadPoolExecutor(self.threads) as pool:
            parts = np.array_split(sources, self.threads)
            return list(pool.map(lambda part: self.request(part, targets), parts))

    def seconds_of(self, answer: Any, rows: int) -> np.ndarray:
        found: list[list[float]] = []
        for part in answer:
            durations = part["durations"]
            for i in range(min(len(durations), rows - len(found))):
                row = durations[i]
                found.append([np.nan if cell is None else float(cell) for cell in row])
        return np.array(found)


class RoutingKit(Peer):
    """RoutingKit's customizable contraction hierarchy by way of routingkit-cch."""

    package, module = "routingkit_cch", "routingkit_cch"
    note = "its Python binding holds the interpreter, so one thread only; arcs in hundredths of a second"

    def prepare(self) -> None:
        import routingkit_cch as rk

        g = self.graph
        tail, head = g.tails.tolist(), g.indices.tolist()
        lat, lon = g.y.tolist(), g.x.tolist()
        weights = np.rint(g.weight.astype(np.float64) * 100).astype(np.uint32).tolist()
        order = self.timed("order_s", lambda: rk.compute_order_inertial(g.nodes, tail, head, lat, lon))
        self.cch = self.timed("topology_s", lambda: rk.CCH(order, tail, head, False))
        self.costs["order_and_topology_s"] = self.costs["order_s"] + self.costs["topology_s"]
        self.metric = self.timed("customise_s", lambda: rk.CCHMetric(self.cch, weights))

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        import routingkit_cch as rk

        pinned = rk.CCHOneToMany(self.metric, targets.tolist())
        return [pinned.distances_from(source) for source in sources.tolist()]

    def to_all(self, sources: np.ndarray) -> Iterator[Any]:
        import routingkit_cch as rk

        pinned = rk.CCHOneToMany(self.metric, list(range(self.graph.nodes)))
        for source in sources.tolist():
            yield [pinned.distances_from(source)]

    def seconds_of(self, answer: Any, rows: int) -> np.ndarray:
        return np.array(answer[:rows], dtype=np.float64) / 100


class Pandana(Peer):
    """Pandana's contraction hierarchy, pair by pair as its shortest_path_lengths does."""

    package, module, threaded, most_sources, all_nodes = "pandana", "pandana", True, 100, False
    note = "the network and its hierarchy in one call; keeps thousandths of a second"

    def prepare(self) -> None:
        import pandana
        import pandas as pd

        g = self.graph
        links = pd.DataFrame({"seconds": g.weight.astype(np.float64)})
        x, y, tail, head = (pd.Series(array) for array in (g.x, g.y, g.tails, g.indices))
        self.network = self.timed(
            "order_and_topology_s", lambda: pandana.Network(x, y, tail, head, links, twoway=False)
        )

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        there, back = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
        lengths = self.network.shortest_path_lengths(there, back, imp_name="seconds")
        return np.array(lengths).reshape(len(sources), len(targets))

    def seconds_of(self, answer: Any, rows: int) -> np.ndarray:
        found = np.asarray(answer, dtype=np.float64)[:rows]
        return np.where(found > 4e6, np.nan, found)  # its mark for no way is 2**32 - 1 thousandths


class Scipy(Peer):
    """scipy.sparse.csgraph.dijkstra, one to all in float64."""

    package, module, most_sources = "scipy", "scipy", 20

    def prepare(self) -> None:
        from scipy.sparse import csr_matrix

        g = self.graph
        shape = (g.nodes, g.nodes)
        self.matrix = self.timed(
            "graph_s", lambda: csr_matrix((g.weight.astype(np.float64), g.indices, g.indptr), shape=shape)
        )

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self.matrix, indices=sources)[:, targets]

    def to_all(self, sources: np.ndarray) -> Iterator[Any]:
        from scipy.sparse.csgraph import dijkstra

        yield dijkstra(self.matrix, indices=sources)


class Igraph(Peer):
    """igraph's Dijkstra."""

    package, module, most_sources = "igraph", "igraph", 20

    def prepare(self) -> None:
        import igraph

        g = self.graph
        edges = np.stack([g.tails, g.indices], axis=1)
        self.network = self.timed("graph_s", lambda: igraph.Graph(n=g.nodes, edges=edges, directed=True))
        self.seconds = g.weight.astype(np.float64).tolist()

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        return self.network.distances(sources.tolist(), targets.tolist(), weights=self.seconds)


class Networkit(Peer):
    """NetworKit's SPSP, one to all or to some."""

    package, module, threaded, most_sources = "networkit", "networkit", True, 20

    def prepare(self) -> None:
        import networkit

        networkit.setNumberOfThreads(self.threads)
        g = self.graph
        rows = (g.weight.astype(np.float64), (g.tails.astype(np.uint64), g.indices.astype(np.uint64)))
        self.network = self.timed(
            "graph_s", lambda: networkit.GraphFromCoo(rows, n=g.nodes, weighted=True, directed=True)
        )

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        import networkit

        search = networkit.distance.SPSP(self.network, sources.tolist())
        search.setTargets(targets.tolist())
        search.run()
        return search.getDistances(asarray=True)

    def to_all(self, sources: np.ndarray) -> Iterator[Any]:
        import networkit

        search = networkit.distance.SPSP(self.network, sources.tolist())
        search.run()
        yield search.getDistances(asarray=True)

    def seconds_of(self, answer: Any, rows: int) -> np.ndarray:
        found = np.asarray(answer, dtype=np.float64)[:rows]
        return np.where(found > 1e300, np.nan, found)


class Aequilibrae(Peer):
    """AequilibraE's network skimming between centroids."""

    package, module, threaded, most_sources, most_targets = "aequilibrae", "aequilibrae", True, 20, 20
    note = "skims between centroids: half of them sources, half targets; each search counts as a source"

    def prepare(self) -> None:
        os.environ["AEQ_SHOW_PROGRESS"] = "FALSE"
        import aequilibrae.paths  # noqa: F401

    def searches(self, sources: np.ndarray) -> int:
        return len(self.centroids)

    def fit(self, sources: np.ndarray, targets: np.ndarray) -> None:
        import pandas as pd
        from aequilibrae.paths import Graph as AequilibraeGraph

        g = self.graph
        links = np.arange(1, len(g.indices) + 1)
        network = pd.DataFrame(
            {
                "link_id": links,
                "a_node": g.tails.astype(np.int64) + 1,
                "b_node": g.indices.astype(np.int64) + 1,
                "direction": np.ones(len(links), np.int8),
                "seconds": g.weight.astype(np.float64),
                "id": links,
            }
        )
        self.centroids = np.unique(np.concatenate([sources, targets])).astype(np.int64) + 1
        self.network = AequilibraeGraph()
        self.network.network = network
        self.timed("graph_s", lambda: self.network.prepare_graph(self.centroids))
        self.network.set_graph("seconds")
        self.network.set_skimming(["seconds"])
        self.network.set_blocked_centroid_flows(False)

    def table(self, sources: np.ndarray, targets: np.ndarray) -> Any:
        from aequilibrae.paths import NetworkSkimming

        skims = NetworkSkimming(self.network)
        skims.set_cores(self.threads)
        skims.execute()
        row = np.searchsorted(self.centroids, sources + 1)
        column = np.searchsorted(self.centroids, targets + 1)
        return np.array(skims.results.skims.matrix["seconds"])[np.ix_(row, column)]


PEERS: dict[str, type[Peer]] = {
    "embauche": Embauche,
    "osrm": Osrm,
    "routingkit": RoutingKit,
    "pandana": Pandana,
    "scipy": Scipy,
    "igraph": Igraph,
    "networkit": Networkit,
    "aequilibrae": Aequilibrae,
}
