"""Carpools matched at their best: seconds, kilometres saved, and the bound that proves them.

Lives here: made-up commuters, the product's matching, peers on the same pairs. Not here: the service.

    python benchmarks/carpool.py [--smoke] [--commuters 10000] [--seed 1] [--roles free|fixed] [--peers]

Towns of Pareto sizes on a square of constant density (one town to 100 commuters); homes and workplaces are
scattered round them, work is more often near; 40 km/h on the straight line; all have a car and may arrive
10 minutes off. Free roles: anyone may drive or ride, one rider a car (a matching in a general graph).
Fixed: even ids drive, odd ones ride (a bipartite one). A joint trip's detour is at most 5 km and a quarter of
the driver's own, and saves over 100 m. `seconds` is all but making up the commuters and compilation,
`seconds_candidates` the search for pairs; `bound_m` is a dual solution's value, checked against every
pair: no matching saves more. Peers get the same pairs ready made.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from _common import show
from embauche.services.carpooling.matches import Matching, Pairs, Rules, find_pairs, match

Array = np.ndarray[Any, Any]
# the instances' rules look no further than 51 minutes: 2 * 10 of tolerance, 4 * 5 km driven, and one
RULES = Rules(speed_km_h=40.0, flex_min=10.0, detour_km=5.0, detour_share=0.25, least_km=0.1, apart_min=51.0)
PEERS_UP_TO = 20_000  # HiGHS takes minutes beyond, a dense matrix gigabytes


def commuters(n: int, seed: int) -> tuple[Array, Array, Array]:
    """Homes and workplaces in km, float64 [n, 2], and wished arrivals in minutes [n]."""
    rng = np.random.default_rng([77, n, seed])
    towns, side = max(8, n // 100), 30 * math.sqrt(n / 1000)
    town = rng.uniform(0, side, (towns, 2))
    size = np.minimum(rng.pareto(1.5, towns) + 0.2, 20)
    size /= size.sum()
    lives = rng.choice(towns, n, p=size)
    apart = np.hypot(town[:, None, 0] - town[None, :, 0], town[:, None, 1] - town[None, :, 1])
    pull = size[None, :] * np.exp(-apart / 8.0)
    pull /= pull.sum(1, keepdims=True)
    below, u = pull.cumsum(1), rng.random(n)
    works = np.empty(n, np.int64)
    for t in range(towns):
        mine = lives == t
        works[mine] = np.minimum(towns - 1, np.searchsorted(below[t], u[mine]))
    home = town[lives] + rng.normal(0, 2.0, (n, 2))
    work = town[works] + rng.normal(0, 1.5, (n, 2))
    return home, work, 510 + rng.normal(0, 35, n)


def roles(n: int, kind: str) -> Array:
    """Free: 3; fixed: 1 (drives) of even ids, 2 (rides) of odd ones; int8 [n]."""
    return np.full(n, 3, np.int8) if kind == "free" else (1 + np.arange(n) % 2).astype(np.int8)


def solve(n: int, seed: int, kind: str) -> tuple[dict[str, Any], Pairs, Matching]:
    """One instance from commuters to proven matching."""
    home, work, arrive = commuters(n, seed)
    t0 = time.perf_counter()
    pairs = find_pairs(home, work, arrive, roles(n, kind), RULES)
    t1 = time.perf_counter()
    found = match(pairs)
    t2 = time.perf_counter()
    gap = (found.bound_m - found.saving_m) / found.bound_m if found.bound_m else 0.0
    return {
        "benchmark": "carpool", "commuters": n, "seed": seed, "roles": kind, "seats": 1,
        "saving_m": found.saving_m, "bound_m": found.bound_m, "gap": gap, "exact": found.exact,
        "edges": len(edges(pairs)[0]),
        "pairs": int((found.mate >= 0).sum()) // 2, "seconds": t2 - t0, "seconds_candidates": t1 - t0,
    }, pairs, found  # fmt: skip


def edges(pairs: Pairs) -> tuple[Array, Array, Array]:
    """Pairs once each with the better role's saving: rows u < v, int64, and whole metres, by (u, v)."""
    n = len(pairs.commuter)
    x = pairs.commuter[np.repeat(np.arange(n), np.diff(pairs.ptr))]
    y = pairs.commuter[pairs.rider]
    u, v = np.minimum(x, y), np.maximum(x, y)
    order = np.lexsort((-pairs.saved_m, v, u))
    u, v, w = u[order], v[order], pairs.saved_m[order].astype(np.int64)
    first = np.append(True, (u[1:] != u[:-1]) | (v[1:] != v[:-1]))[: len(u)]
    return u[first], v[first], w[first]


def compare(n: int, kind: str, graph: tuple[Array, Array, Array], found: Matching) -> None:
    """Other solvers on the same pairs, one line each."""
    u, v, w = graph
    peers: dict[str, tuple[str, Callable[[], float]]] = {
        "greedy": ("numpy", lambda: greedy(n, u, v, w)),
        "HiGHS, fractional": ("scipy", lambda: highs(n, u, v, w, whole=False)),
        "HiGHS": ("scipy", lambda: highs(n, u, v, w, whole=True)),
    }
    if kind == "free":
        peers["rustworkx"] = ("rustworkx", lambda: by_rustworkx(n, u, v, w))
    else:
        peers["scipy sparse"] = ("scipy", lambda: by_scipy(n, u, v, w))
        peers["OR-Tools"] = ("ortools", lambda: by_ortools(n, u, v, w))
    for name, (module, call) in peers.items():
        line: dict[str, Any] = {"benchmark": "carpool", "peer": name, "commuters": n, "roles": kind}
        if importlib.util.find_spec(module) is None:
            show(**line, skipped=f"{module} is not installed")
        elif n > PEERS_UP_TO and name not in ("greedy", "scipy sparse", "OR-Tools"):
            show(**line, skipped=f"minutes beyond {PEERS_UP_TO} commuters")
        else:
            t0 = time.perf_counter()
            value = call()
            seconds = time.perf_counter() - t0
            show(**line, saving_m=value, seconds=seconds, saving_over_ours=value / max(found.saving_m, 1))


def greedy(n: int, u: Array, v: Array, w: Array) -> float:
    """The pair that saves most, then the next of those still alone."""
    used, total = np.zeros(n, bool), 0
    for k in np.argsort(-w, kind="stable"):
        if not used[u[k]] and not used[v[k]]:
            used[u[k]] = used[v[k]] = True
            total += int(w[k])
    return total


def highs(n: int, u: Array, v: Array, w: Array, whole: bool) -> float:
    """Integer or linear programme, each commuter at most once."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_matrix

    m = len(w)
    ends = csc_matrix((np.ones(2 * m), (np.r_[u, v], np.r_[np.arange(m), np.arange(m)])), shape=(n, m))
    limits = {"time_limit": 300, "mip_rel_gap": 0.0}
    found = milp(
        -w.astype(float), constraints=LinearConstraint(ends, -np.inf, 1), bounds=Bounds(0, 1),
        integrality=np.full(m, int(whole)), options=limits,
    )  # fmt: skip
    return -float(found.fun) if found.x is not None else math.nan


def by_rustworkx(n: int, u: Array, v: Array, w: Array) -> float:
    """Maximum-weight matching of a general graph."""
    import rustworkx as rx

    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    graph.add_edges_from(list(zip(u.tolist(), v.tolist(), w.tolist(), strict=True)))
    mates = rx.max_weight_matching(graph, max_cardinality=False, weight_fn=int)
    return float(sum(graph.get_edge_data(a, b) for a, b in mates))


def by_scipy(n: int, u: Array, v: Array, w: Array) -> float:
    """Sparse assignment; a driver may stay alone for a thousandth of a metre."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    drivers, riders = (n + 1) // 2, n // 2
    row, col = np.where(u % 2 == 0, u, v) // 2, np.where(u % 2 == 0, v, u) // 2
    alone = np.arange(drivers)
    matrix = coo_matrix(
        (np.r_[w * 1000.0, np.ones(drivers)], (np.r_[row, alone], np.r_[col, riders + alone])),
        shape=(drivers, riders + drivers),
    ).tocsr()
    a, b = min_weight_full_bipartite_matching(matrix, maximize=True)
    with_rider = b < riders
    return float(np.rint(np.asarray(matrix[a[with_rider], b[with_rider]]).sum() / 1000))


def by_ortools(n: int, u: Array, v: Array, w: Array) -> float:
    """Minimum-cost flow from drivers to riders."""
    from ortools.graph.python import min_cost_flow

    flow, source, sink, m = min_cost_flow.SimpleMinCostFlow(), n, n + 1, len(w)
    even, odd = np.arange(0, n, 2), np.arange(1, n, 2)
    tails = np.r_[np.where(u % 2 == 0, u, v), np.full(len(even), source), odd, source]
    heads = np.r_[np.where(u % 2 == 0, v, u), even, np.full(len(odd), sink), sink]
    room = np.r_[np.ones(len(tails) - 1), len(even)].astype(np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(
        tails, heads, room, np.r_[-w, np.zeros(len(tails) - m, np.int64)]
    )
    flow.set_node_supply(source, len(even))
    flow.set_node_supply(sink, -len(even))
    flow.solve()
    return float((flow.flows(np.arange(m)) * w).sum())


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, solve, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--commuters", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--roles", choices=["free", "fixed"], default="free")
    parser.add_argument("--peers", action="store_true", help="other solvers on the same pairs")
    parser.add_argument("--smoke", action="store_true", help="300 commuters, all roles, peers that are there")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.commuters, options.peers = 300, True
    kinds = ["free", "fixed"] if options.smoke else [options.roles]
    solve(100, 1, "free")  # compile
    for kind in kinds:
        figures, pairs, found = solve(options.commuters, options.seed, kind)
        show(**figures)
        if options.peers:
            compare(options.commuters, kind, edges(pairs), found)


if __name__ == "__main__":
    main()
