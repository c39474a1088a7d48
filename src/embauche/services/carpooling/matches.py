"""Carpools matched at their best: pairs of commuters, at most one partner each, that save most kilometres.

Lives here: candidates, the matching of greatest weight, the bound that proves it. Not here: the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.parallel import run_blocks
from embauche.kernels.carpool import both_ends, candidates
from embauche.kernels.matching import match_all, start_duals
from embauche.kernels.matching_tree import FIELDS, MATE, PARENT, TOP, Y

Array = np.ndarray[Any, Any]
CELL_KM = 2.0
HEAVIEST = 2**28
DRIVES, RIDES = 1, 2  # bits of a commuter's role


@dataclass(frozen=True)
class Rules:
    """What makes a driver and a rider a pair."""

    speed_km_h: float = 40.0
    flex_min: float = 10.0
    detour_km: float = 5.0
    detour_share: float = 0.25
    least_km: float = 0.1
    apart_min: float = np.inf

    def array(self) -> Array:
        """As the kernel takes them."""
        speed = self.speed_km_h / 60.0
        return np.array(
            [speed, self.flex_min, self.detour_km, self.detour_share, self.least_km, self.apart_min]
        )


@dataclass(frozen=True)
class Pairs:
    """Pairs that may share a car, by rows in an order of places: those of row x are ptr[x] to ptr[x + 1].

    Attributes:
        commuter: whose row it is, int64 [row].
        ptr: int64 [row + 1].
        rider: row of the other, int32 [pair].
        saved_m: what they save, whole metres, int32 [pair].
    """

    commuter: Array
    ptr: Array
    rider: Array
    saved_m: Array


@dataclass(frozen=True)
class Matching:
    """A matching and the duals that prove it.

    Attributes:
        mate: partner of each, -1 for none, int32 [commuter].
        saving_m: what all pairs save, whole metres.
        bound_m: what no matching can exceed, whole metres, from duals checked on all pairs; else inf.
    """

    mate: Array
    saving_m: int
    bound_m: float

    @property
    def exact(self) -> bool:
        """Whether the bound is met, so that no matching saves more."""
        return self.saving_m == self.bound_m


def find_pairs(
    home: Array, work: Array, arrive: Array, role: Array, rules: Rules, direct: Array | None = None
) -> Pairs:
    """All pairs that keep the rules, from an index by cell and time.

    Args:
        home, work: km on a plane, float64 [commuter, 2].
        arrive: wished arrival, minutes, float64 [commuter].
        role: 1 may drive, 2 may ride, 3 both, int8 [commuter].
        rules: what makes a pair.
        direct: km of each one's own trip, at least the straight line's, which stands if it is left out.
    """
    n = len(arrive)
    if direct is None:
        direct = np.hypot(*(home - work).T)
    low = home.min(axis=0) if n else np.zeros(2)
    cell = np.floor((home - low) / CELL_KM).astype(np.int64)
    across, up = (cell.max(axis=0) + 1) if n else (1, 1)
    key = cell[:, 1] * across + cell[:, 0]
    order = np.lexsort((arrive, key))
    rides = np.flatnonzero(role[order] & RIDES).astype(np.int32)
    cell_ptr = np.searchsorted(key[order][rides], np.arange(across * up + 1)).astype(np.int64)
    grid = np.array([low[0], low[1], CELL_KM, across, up], np.float64)
    columns = (home, work, arrive, direct, role & DRIVES > 0)
    sorted_by_cell = [np.ascontiguousarray(a[order]) for a in columns]
    ptr, none = np.zeros(n + 1, np.int64), np.empty(0, np.int32)
    known = (*sorted_by_cell, rides, cell_ptr, grid, rules.array())
    run_blocks(candidates, n, *known, False, ptr, none, none)
    ptr[:] = np.concatenate([[0], np.cumsum(ptr[:n])])
    rider, saved = np.empty(ptr[n], np.int32), np.empty(ptr[n], np.int32)
    run_blocks(candidates, n, *known, True, ptr, rider, saved)
    return Pairs(order, ptr, rider, saved)


def match(pairs: Pairs) -> Matching:
    """The matching that saves most, each commuter in one pair at most; either end of a pair may drive."""
    n, m = len(pairs.ptr) - 1, len(pairs.rider)
    if m and int(pairs.saved_m.max()) >= HEAVIEST:
        raise ValueError(f"a pair saves {int(pairs.saved_m.max())}; the matching takes less than {HEAVIEST}")
    ptr = np.empty(n + 1, np.int64)
    head, tail, weight = np.empty((3, 2 * m), np.int32)
    both_ends(n, pairs.ptr, pairs.rider, pairs.saved_m, ptr, head, tail, weight)
    nodes = np.zeros((2 * n, FIELDS), np.int32)
    start_duals(n, ptr, head, weight, nodes)
    match_all(n, ptr, head, tail, weight, nodes)
    mate = nodes[:n, MATE]
    matched = head[: ptr[n]] == mate[tail[: ptr[n]]]
    saving_m = int(weight[: ptr[n]][matched].sum(dtype=np.int64)) // 4
    out = np.full(n, -1, np.int32)
    out[pairs.commuter] = np.where(mate >= 0, pairs.commuter[mate], -1)
    return Matching(out, saving_m, bound(nodes, tail[: ptr[n]], head[: ptr[n]], weight[: ptr[n]]))


def bound(nodes: Array, tail: Array, head: Array, weight: Array) -> float:
    """What no matching exceeds, by weak duality, or inf where the duals do not prove it.

    Vertices' duals, each at least 0, and (size - 1) / 2 times the duals of odd sets, if for every edge those
    of its ends and of the sets that hold both add up to its weight. Both sides are doubled here.

    Args:
        nodes: as the search leaves them, int32 [2 * vertex, FIELDS].
        tail, head, weight: edges, from one end or from both, weights doubled, int32 [edge].
    """
    n = len(nodes) // 2
    chain, size, y = _sets(nodes), np.zeros(2 * n, np.int64), nodes[:, Y].astype(np.int64)
    for level in chain.T:
        size += np.bincount(level[level >= 0], minlength=2 * n)
    cover = y[tail] + y[head]
    inside = np.flatnonzero(nodes[tail, TOP] == nodes[head, TOP])
    for a in chain[tail[inside]].T:
        for b in chain[head[inside]].T:
            cover[inside] += np.where((a == b) & (a >= 0), y[a], 0)
    held = size > 0
    if (y[:n] < 0).any() or (y[held] < 0).any() or (size[held] % 2 == 0).any() or (cover < weight).any():
        return float("inf")
    return (int(y[:n].sum()) + int((y[held] * ((size[held] - 1) // 2)).sum())) // 2  # savings are whole


def _sets(nodes: Array) -> Array:
    """The odd sets that hold each vertex, innermost first, -1 past the last; int64 [vertex, depth]."""
    at, found = nodes[: len(nodes) // 2, PARENT].astype(np.int64), []
    while (at >= 0).any():
        found.append(at)
        at = np.where(at >= 0, nodes[at, PARENT], -1)
    return np.array(found).T if found else np.full((len(at), 1), -1)
