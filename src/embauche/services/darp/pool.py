"""Set partition: the cheapest choice among the routes that a search has met, by HiGHS.

Lives here: the pool's columns, the linear bound that sifts them, the choice. Not here: how routes are
found (search).

As in Parragh & Schmid 2013: each request once, no more vehicles of a kind than there are. Columns whose
reduced cost exceeds what the best solution costs above the linear bound are in no better choice.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

from embauche.kernels.darp_search import BEST, COSTS, MISSING
from embauche.services.darp.problem import Array, Routes

if TYPE_CHECKING:
    from embauche.services.darp.arrays import Search

FIRST, MORE, ROUNDS = 2_000, 1_000, 20  # columns of the linear programme at first, added a round, rounds
NODES = 200  # of the branching where seconds do not bound it
MUST = 100.0  # cost of an absent request that has to be served, in greatest arcs
KEPT = 4_000  # columns among which whole routes are chosen


def best_partition(run: Search, seconds: float | None) -> Routes | None:
    """Routes cheaper than the best of the search, chosen among its pool; None if there are none.

    Args:
        run: the search; its vehicles need not be of one kind.
        seconds: processor time for the linear bound and again for the choice; none: numbers of rounds and
            nodes, which repeats exactly.
    """
    n, absent = run.problem.requests, run.choice.penalty
    must = MUST * float(run.facts.cost.max())
    absent = np.where(np.isfinite(absent), absent, must)
    upper = float(run.score[BEST, COSTS] + must * run.score[BEST, MISSING])
    pool, best, kind_of = run.pool, run.solutions, run.choice.kind
    lines = np.flatnonzero(pool.key)
    own = np.flatnonzero(best.size[BEST, : run.routes] > 2)
    inside = np.arange(pool.way.shape[1]) < best.size[BEST, own, None]
    ways = np.concatenate([pool.way[lines], np.where(inside, best.way[BEST, own], -1)])
    kinds = int(kind_of.max()) + 1
    kind = (ways[:, 0] - 2 * n) // 2
    price = np.concatenate([pool.cost[lines], best.total[BEST, own], absent])
    rows = _columns(ways, kind, n, kinds)
    most = np.concatenate([np.ones(n), np.bincount(kind_of[: run.routes], minlength=kinds)]).astype(float)
    least = np.concatenate([np.ones(n), np.zeros(kinds)])
    sifted = _sift(rows, price, most, n, int(pool.state[1]), seconds)
    if sifted is None:
        return None
    bound, reduced = sifted
    if bound > upper - 1e-6:
        return None
    keep = np.argsort(reduced, kind="stable")[:KEPT]
    keep = keep[reduced[keep] <= upper - bound + 1e-6]
    answer = milp(
        price[keep],
        integrality=np.ones(len(keep), np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows[:, keep], least, most),
        options={"node_limit": NODES} if seconds is None else {"time_limit": seconds},
    )
    if answer.x is None or answer.fun >= upper - 1e-6:
        return None
    chosen = keep[answer.x > 0.5]
    chosen = chosen[chosen < len(ways)]
    return _as_routes(run, ways[chosen], kind[chosen])


def _columns(ways: Array, kind: Array, n: int, kinds: int) -> Any:
    """Matrix of requests and kinds by pooled routes, then by requests left out."""
    column, at = np.nonzero((ways >= 0) & (ways < n))
    lines = np.arange(len(ways))
    row = np.concatenate([ways[column, at], n + kind, np.arange(n)])
    column = np.concatenate([column, lines, len(ways) + np.arange(n)])
    return csc_array((np.ones(len(row)), (row, column)), shape=(n + kinds, len(ways) + n))


def _sift(
    rows: Any, price: Array, most: Array, n: int, seed: int, seconds: float | None
) -> tuple[float, Array] | None:
    """Bound and reduced costs of the linear programme over all columns, by adding those that pay."""
    columns = rows.shape[1]
    order = np.random.default_rng(seed).permutation(columns - n)
    use = np.concatenate([order[:FIRST], np.arange(columns - n, columns)])
    began = time.process_time()
    for _ in range(ROUNDS):
        if seconds is not None and time.process_time() - began > seconds:
            return None
        part = rows[:, use]
        solved = linprog(
            price[use], A_ub=part[n:], b_ub=most[n:], A_eq=part[:n], b_eq=most[:n], method="highs-ds"
        )
        if solved.status != 0:
            return None
        worth = np.concatenate([solved.eqlin.marginals, solved.ineqlin.marginals])
        reduced = price - rows.T @ worth
        pays = np.argsort(reduced, kind="stable")[:MORE]
        pays = pays[reduced[pays] < -1e-7]
        bound = float(price[use] @ solved.x)
        if not len(pays):
            return bound, reduced
        slack = use[reduced[use] < 5.0 * bound / n]
        use = np.concatenate([slack, np.setdiff1d(pays, slack)])
    return None


def _as_routes(run: Search, ways: Array, kinds: Array) -> Routes:
    """Give each route chosen to a vehicle of its kind."""
    routes: Routes = [[] for _ in range(run.routes)]
    of = run.choice.kind[: run.routes]
    free = {k: np.flatnonzero(of == k).tolist() for k in set(kinds.tolist())}
    for way, k in zip(ways, kinds.tolist(), strict=True):
        routes[free[k].pop(0)] = [int(v) for v in way if 0 <= v < 2 * run.problem.requests]
    return routes
