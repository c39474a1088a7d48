"""Static user equilibrium (Wardrop 1952) on a road network whose link costs grow with flow.

Lives here: Links, Equilibrium, equilibrium. Not here: sets of paths (assignment_paths), the moves
themselves (kernels.assignment), files (tntp), which hours and cars (commuting.congestion).

Method: gradient projection over explicit paths (Jayakrishnan, Tsai, Prashker, Rajadhyaksha 1994),
Gauss-Seidel over origin-destination pairs as Florian, Constantin, Florian (2009): rounds of shortest
paths that add what is cheaper, then sweeps that equalise the costs of the paths known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.routing.assignment_paths import (
    FoundPaths,
    PathFinder,
    PathSearch,
    PathSets,
    pointers,
)

Array = np.ndarray[Any, Any]
SWEEPS = 20  # at most, between two searches
INNER = 0.1  # sweeps end where the gap over the known paths is this share of the last gap


def _refuse(bad: Array, values: Array, what: str, expected: str) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise UserError(
            f"{what} of row {row} is not usable ({int(bad.sum())} rows in all)",
            found=str(values[row]),
            expected=expected,
            fix="mend the array, or leave the row out",
        )


@dataclass(frozen=True)
class Links:
    """Directed links with costs `fixed + factor * (flow + base) ** power`.

    Attributes:
        nodes: number of nodes.
        tail, head: int32 [link].
        fixed: float64 [link] cost at no flow (time, and tolls in time where there are any).
        factor, power: float64 [link].
        base: float64 [link] flow that is there whatever is assigned.
        through: nodes below this number are ends of trips only (the zones of TNTP files).
        first_id: number that the user gives to node 0, for messages.
    """

    nodes: int
    tail: Array
    head: Array
    fixed: Array
    factor: Array
    power: Array
    base: Array
    through: int = 0
    first_id: int = 0

    @classmethod
    def bpr(
        cls,
        nodes: int,
        tail: Array,
        head: Array,
        free: Array,
        capacity: Array,
        b: Array | float = 0.15,
        power: Array | float = 4.0,
        *,
        extra: Array | float = 0.0,
        base: Array | float = 0.0,
        through: int = 0,
        first_id: int = 0,
    ) -> Links:
        """Links with time `free * (1 + b * ((flow + base) / capacity) ** power)` (BPR 1964) plus `extra`.

        Args:
            nodes: number of nodes.
            tail, head: int [link], from 0.
            free: float [link] time at no flow, not negative.
            capacity: float [link], positive where b is.
            b, power: float [link] or one for all; BPR's own are 0.15 and 4.
            extra: float [link] part of the cost that does not depend on flow (tolls).
            base, through, first_id: see Links.

        Raises:
            UserError: a value is negative, NaN or infinite, or an end is no node.
        """
        links = len(tail)
        given = {"free time": free, "capacity": capacity, "b": b, "power": power, "extra cost": extra}
        given["base flow"] = base
        values = {k: np.broadcast_to(np.asarray(v, np.float64), links).copy() for k, v in given.items()}
        for name, value in values.items():
            bad = ~np.isfinite(value) | (value < 0.0)
            _refuse(bad, value, f"the {name}", "a finite number, not negative")
        for name, end in (("start node", np.asarray(tail)), ("end node", np.asarray(head))):
            _refuse((end < 0) | (end >= nodes), end + first_id, f"the {name}", f"one of {nodes} nodes")
        f, c, b_, p, e, other = values.values()
        _refuse((c == 0.0) & (b_ > 0.0), c, "the capacity", "more than 0")
        _refuse((p > 0.0) & (p < 1.0), p, "the power", "0, or 1 and more (a finite slope at no flow)")
        grows = (b_ > 0.0) & (p > 0.0) & (f > 0.0)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            factor = np.where(grows, f * b_ / c**p, 0.0)
        _refuse(~np.isfinite(factor), factor, "free * b / capacity ** power", "a finite number")
        ends = (np.ascontiguousarray(tail, np.int32), np.ascontiguousarray(head, np.int32))
        fixed = np.where(p > 0.0, f, f * (1.0 + b_)) + e
        return cls(nodes, *ends, fixed, factor, np.maximum(p, 1.0), other, through, first_id)

    def costs(self, flow: Array) -> tuple[Array, Array]:
        """Cost and its derivative by flow, float64 [link] each, at float64 [link] flows."""
        from embauche.kernels.assignment import link_costs

        cost, slope = np.empty(len(self.tail)), np.empty(len(self.tail))
        link_costs(np.ascontiguousarray(flow, np.float64), *self.terms, cost, slope)
        return cost, slope

    @property
    def terms(self) -> tuple[Array, Array, Array, Array]:
        """What the kernels ask of the costs: base, fixed, factor, power."""
        return self.base, self.fixed, self.factor, self.power

    def objective(self, flow: Array) -> float:
        """Beckmann's sum of the integrals of the costs up to the flows (Beckmann et al. 1956)."""
        more = self.power + 1.0
        risen = (flow + self.base) ** more - self.base**more  # what flows already is no part of the integral
        return float(np.sum(self.fixed * flow + self.factor * risen / more))


@dataclass(frozen=True)
class Equilibrium:
    """Flows at which no path in use is dearer than another by more than the gap.

    Attributes:
        flow, cost: float64 [link].
        relative_gap: total cost / total cost on shortest paths - 1 (Boyles, Lownes, Unnikrishnan,
            Transportation Network Analysis, section 6.1, from memory; Patil, Ross, Boyles 2021).
        iterations: rounds of shortest paths that changed flows.
        objective: Beckmann's, see Links.objective.
        origin, destination: int32 [OD]; least: float64 [OD] cost of the cheapest path.
        od_path, path_ptr, path_link, path_flow: the paths in use, as kernels.assignment lays them out.
    """

    flow: Array
    cost: Array
    relative_gap: float
    iterations: int
    objective: float
    origin: Array
    destination: Array
    least: Array
    od_path: Array
    path_ptr: Array
    path_link: Array
    path_flow: Array


def _pairs(links: Links, origin: Array, destination: Array, demand: Array) -> tuple[Array, Array]:
    """Distinct pairs with demand as origin * nodes + destination, int64, ascending; their demand."""
    flow = np.ascontiguousarray(demand, np.float64)
    _refuse(~np.isfinite(flow) | (flow < 0.0), flow, "the demand", "a finite number, not negative")
    for name, end in (("origin", np.asarray(origin)), ("destination", np.asarray(destination))):
        bad = (end < 0) | (end >= links.nodes)
        _refuse(bad, end + links.first_id, f"the {name}", f"one of {links.nodes} nodes")
    used = (flow > 0.0) & (np.asarray(origin) != np.asarray(destination))
    keys = np.asarray(origin, np.int64)[used] * links.nodes + np.asarray(destination, np.int64)[used]
    distinct, row = np.unique(keys, return_inverse=True)
    # of no pairs bincount makes whole numbers
    return distinct, np.bincount(row, weights=flow[used], minlength=len(distinct)).astype(np.float64)


def _unreachable(links: Links, origin: Array, destination: Array, demand: Array, least: Array) -> None:
    cut = ~np.isfinite(least)
    if cut.any():
        d = int(np.flatnonzero(cut)[0])
        o, t = origin[d] + links.first_id, destination[d] + links.first_id
        raise UserError(
            f"no path leads from {o} to {t}, which have a demand of {demand[d]:g}",
            found=f"{int(cut.sum())} of {len(cut)} pairs with demand are not connected",
            expected="a path of links for every pair with demand",
            fix="add the missing links, or take these pairs out of the demand",
        )


def equilibrium(
    links: Links,
    origin: Array,
    destination: Array,
    demand: Array,
    *,
    gap: float = 1e-6,
    rounds: int = 500,
    start: Equilibrium | None = None,
    finder: PathFinder | None = None,
) -> Equilibrium:
    """Flows at which every pair's paths in use cost the same, and no other path costs less.

    The shortest paths are one-to-all searches from the origins or the destinations, whichever are fewer.
    Such a search is repeated along the order of the last, which no hierarchy beats on networks of up to
    some thousand nodes; where a hierarchy stands ready, as for a territory, `finder` takes its paths.

    Args:
        links: the network.
        origin, destination: int [OD] nodes; repeated pairs are summed, within one node nobody drives.
        demand: float [OD], not negative.
        gap: relative gap to reach.
        rounds: shortest-path rounds at most; the result says what gap was reached.
        start: a former result on the same links (any costs and demand) to start from.
        finder: gives a shortest path for each pair at given costs, no link where there is none.

    Raises:
        UserError: demand that is negative, NaN or infinite, or no path for a pair with demand.
    """
    keys, flow = _pairs(links, origin, destination, demand)
    ends = ((keys // links.nodes).astype(np.int32), (keys % links.nodes).astype(np.int32))
    backward = len(np.unique(ends[1])) < len(np.unique(ends[0]))
    order = np.lexsort(ends if backward else ends[::-1])  # OD of one root together
    keys, flow, origins, destinations = keys[order], flow[order], ends[0][order], ends[1][order]
    search: PathSearch | FoundPaths
    if finder is not None:
        search = FoundPaths(finder, origins, destinations)
    else:
        near, far = (destinations, origins) if backward else (origins, destinations)
        roots, counts = np.unique(near, return_counts=True)
        search = PathSearch(links, roots, pointers(counts), far, backward=backward)
    paths = PathSets.none(len(keys)) if start is None else PathSets.carried(start, links, keys, flow)
    x = np.zeros(len(links.tail))
    nothing = np.zeros(len(keys), np.int64)
    paths = paths.merged(flow, (nothing, nothing, np.zeros(0, np.int32)), x)
    cost, slope = links.costs(x)
    done, reached, least = 0, 0.0 if len(keys) == 0 else np.inf, np.empty(0)
    while len(keys):
        least, new = search(cost, paths)
        _unreachable(links, origins, destinations, flow, least)
        if (np.diff(paths.od_path) > 0).all():
            reached = max(0.0, float(np.sum(x * cost)) / max(float(np.sum(flow * least)), 1e-300) - 1.0)
            if reached <= gap or done >= rounds:
                break
        paths = paths.merged(flow, new, x)
        cost, slope = links.costs(x)
        target = INNER * min(reached, 1.0)
        paths.equalise(SWEEPS, target, x, links, cost, slope)
        done += 1
    objective = links.objective(x)
    return Equilibrium(
        x, cost, reached, done, objective, origins, destinations, least,
        paths.od_path, paths.ptr, paths.link, paths.flow,
    )  # fmt: skip
