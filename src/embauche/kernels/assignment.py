"""Static user equilibrium by gradient projection over explicit paths, links and paths as arrays.

Lives here: link costs, path sets, the equalisation of path costs. Not here: the search for cheaper
paths (assignment_paths), the rounds and the stopping rule (routing.assignment).

Costs are BPR functions of all traffic, cost(x) = fixed + factor * (x + base) ** power, x the flow assigned
and base what else is on the link. Paths of an origin-destination pair
(OD) lie together: OD d has paths od_path[d]:od_path[d + 1], path p has links
path_link[path_ptr[p]:path_ptr[p + 1]], in any order.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel

# Pairs whose part of the gap is under this share of the mean are left out of the next sweep.
SKIP = 0.05


@inline
def _cost_of(
    link: int,
    x: np.ndarray,
    base: np.ndarray,
    fixed: np.ndarray,
    factor: np.ndarray,
    power: np.ndarray,
    cost: np.ndarray,
    slope: np.ndarray,
) -> None:
    total = x[link] + base[link]
    if factor[link] == 0.0 or total <= 0.0:
        cost[link] = fixed[link]
        slope[link] = factor[link] if power[link] == 1.0 else 0.0
    else:
        part = factor[link] * total ** (power[link] - 1.0)
        cost[link] = fixed[link] + part * total
        slope[link] = part * power[link]


@kernel
def link_costs(
    x: np.ndarray,
    base: np.ndarray,
    fixed: np.ndarray,
    factor: np.ndarray,
    power: np.ndarray,
    cost: np.ndarray,
    slope: np.ndarray,
) -> None:
    """Cost and its derivative of every link at the flows x, all float64 [link]."""
    for link in range(x.shape[0]):
        _cost_of(link, x, base, fixed, factor, power, cost, slope)


@kernel
def merge_paths(
    demand: np.ndarray,
    new_from: np.ndarray,
    new_len: np.ndarray,
    new_link: np.ndarray,
    od_path: np.ndarray,
    path_ptr: np.ndarray,
    path_link: np.ndarray,
    flow: np.ndarray,
    out_od_path: np.ndarray,
    out_ptr: np.ndarray,
    out_link: np.ndarray,
    out_flow: np.ndarray,
    x: np.ndarray,
) -> int:
    """Paths in use and new ones side by side; x becomes the link flows. Returns the number of paths.

    The new path of OD d, if any, is new_link[new_from[d]:][:new_len[d]]. Paths without flow are
    dropped. An OD's first path takes all its demand, a later one none; what rounding took from a
    demand is given back to its largest path.
    """
    paths = 0
    k = 0
    out_od_path[0] = 0
    out_ptr[0] = 0
    x[:] = 0.0
    for d in range(demand.shape[0]):
        first = paths
        for p in range(od_path[d], od_path[d + 1]):
            if flow[p] > 0.0:
                for i in range(path_ptr[p], path_ptr[p + 1]):
                    out_link[k] = path_link[i]
                    k += 1
                out_flow[paths] = flow[p]
                paths += 1
                out_ptr[paths] = k
        if new_len[d] > 0:
            for i in range(new_from[d], new_from[d] + new_len[d]):
                out_link[k] = new_link[i]
                k += 1
            out_flow[paths] = 0.0
            paths += 1
            out_ptr[paths] = k
        out_od_path[d + 1] = paths
        total = 0.0
        largest = first
        for p in range(first, paths):
            total += out_flow[p]
            if out_flow[p] > out_flow[largest]:
                largest = p
        if paths > first:
            out_flow[largest] = max(0.0, out_flow[largest] + (demand[d] - total))
        for p in range(first, paths):
            for i in range(out_ptr[p], out_ptr[p + 1]):
                x[out_link[i]] += out_flow[p]
    return paths


@kernel
def equalise(
    sweeps: int,
    target: float,
    od_path: np.ndarray,
    path_ptr: np.ndarray,
    path_link: np.ndarray,
    flow: np.ndarray,
    x: np.ndarray,
    base: np.ndarray,
    fixed: np.ndarray,
    factor: np.ndarray,
    power: np.ndarray,
    cost: np.ndarray,
    slope: np.ndarray,
) -> int:
    """Move flow from dear paths to the cheapest of their OD until the gap over these paths is small.

    One OD after another (Gauss-Seidel), each move a Newton step on the links that the two paths do
    not share, costs at once renewed. Stops after `sweeps`, or from the third on where sum(flow *
    excess cost) <= target * sum(x * cost). Returns the sweeps made; flow, x, cost, slope are changed.
    """
    mark = np.zeros(x.shape[0], np.int64)
    longest = 0
    for d in range(od_path.shape[0] - 1):
        longest = max(longest, od_path[d + 1] - od_path[d])
    total = np.empty(longest, np.float64)
    stamp = 0
    floor = 0.0
    for sweep in range(sweeps):
        spent = 0.0
        for link in range(x.shape[0]):
            spent += x[link] * cost[link]
        gap = 0.0
        moved = 0
        for d in range(od_path.shape[0] - 1):
            lo = od_path[d]
            hi = od_path[d + 1]
            if hi - lo < 2:
                continue
            best = lo
            for p in range(lo, hi):
                total[p - lo] = 0.0
                for i in range(path_ptr[p], path_ptr[p + 1]):
                    total[p - lo] += cost[path_link[i]]
                if total[p - lo] < total[best - lo]:
                    best = p
            excess = 0.0
            for p in range(lo, hi):
                excess += flow[p] * (total[p - lo] - total[best - lo])
            gap += excess
            if excess <= floor:
                continue
            moved += 1
            stamp += 2  # on the best path only: stamp; on both paths: stamp + 1
            for i in range(path_ptr[best], path_ptr[best + 1]):
                mark[path_link[i]] = stamp
            for p in range(lo, hi):
                if p == best or flow[p] <= 0.0:
                    continue
                difference = 0.0
                curvature = 0.0
                for i in range(path_ptr[p], path_ptr[p + 1]):
                    link = path_link[i]
                    if mark[link] == stamp:
                        mark[link] = stamp + 1
                    else:
                        difference += cost[link]
                        curvature += slope[link]
                for i in range(path_ptr[best], path_ptr[best + 1]):
                    link = path_link[i]
                    if mark[link] == stamp:
                        difference -= cost[link]
                        curvature += slope[link]
                step = max(0.0, min(flow[p], difference / curvature if curvature > 0.0 else np.inf))
                if difference <= 0.0:
                    step = 0.0
                flow[p] = flow[p] - step if step < flow[p] else 0.0
                flow[best] += step
                for i in range(path_ptr[p], path_ptr[p + 1]):
                    link = path_link[i]
                    if step > 0.0 and mark[link] != stamp + 1:
                        x[link] = max(0.0, x[link] - step)
                        _cost_of(link, x, base, fixed, factor, power, cost, slope)
                for i in range(path_ptr[best], path_ptr[best + 1]):
                    link = path_link[i]
                    if mark[link] == stamp + 1:
                        mark[link] = stamp
                    elif step > 0.0:
                        x[link] += step
                        _cost_of(link, x, base, fixed, factor, power, cost, slope)
        if sweep >= 2 and gap <= target * spent:
            return sweep + 1
        floor = SKIP * gap / max(moved, 1)
    return sweeps
