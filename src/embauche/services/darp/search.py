"""The search for good routes of a dial-a-ride problem: insertion, fewer vehicles, annealing, set partition.

Lives here: what is done in which order and for how long. Not here: a search's arrays (arrays), removal and
insertion (kernels.darp_search), the choice among routes met (pool), the problem (problem).
"""

from __future__ import annotations

import time

import numpy as np

from embauche.kernels.darp_route import FAR
from embauche.kernels.darp_search import BEST, COSTS, MISSING
from embauche.services.darp.arrays import Search
from embauche.services.darp.pool import best_partition
from embauche.services.darp.problem import Found, Problem, Routes

HOT, TEPID, COLD = 1.0, 0.05, 0.01  # temperatures of the annealing, in mean costs of an arc
MISS = 3.0  # cost of a missing request at temperature 1, in mean costs of an arc
CYCLE = 4_000  # iterations of a cycle of annealing for each request
FLEET_SHARE = 0.4  # of the budget at most for fewer vehicles
PARTITION_AT, PARTITION_SHARE = 0.85, 0.1  # when routes met are chosen among, and for how long
PARTITION_FROM = 5_000  # iterations under which there are too few routes to choose among
SPEED_SHARE = 0.01  # of the budget to learn the speed where seconds bound the search
FARTHEST = 0  # key of arrays' orders: far from the depot first
CHUNK = 500  # iterations between two looks at the clock


class Budget:
    """How much of a search is done: by iterations, which repeats exactly, or by processor seconds."""

    def __init__(self, iterations: int | None, seconds: float | None) -> None:
        if iterations is None and seconds is None:
            raise ValueError("a search needs a bound: iterations or seconds")
        self.iterations, self.seconds = iterations, seconds
        self.done, self.began = 0, time.process_time()

    def share(self) -> float:
        """Share used, 1 at the end."""
        spent = time.process_time() - self.began
        by_clock = 0.0 if self.seconds is None else spent / max(self.seconds, 1e-9)
        by_count = 0.0 if self.iterations is None else self.done / max(self.iterations, 1)
        return max(by_clock, by_count)

    def chunk(self) -> int:
        """Iterations until the next look."""
        return CHUNK if self.iterations is None else max(1, min(CHUNK, self.iterations - self.done))


def search(
    problem: Problem,
    routes: Routes | None = None,
    *,
    seed: int,
    iterations: int | None = None,
    seconds: float | None = None,
    fewest: bool = False,
) -> Found:
    """Search for routes of least cost.

    Args:
        problem: requests, fleet, matrices.
        routes: routes to start from, one list a vehicle; none: insertion makes the first.
        seed: of the keyed draws.
        iterations: bound on removals and insertions; a search bounded so repeats exactly.
        seconds: bound in processor time of this process.
        fewest: first as few vehicles as can be found, then the least cost with these (Li & Lim 2003);
            for vehicles of one kind, else without effect.

    Returns:
        The best routes met; requests that found no place are named as absent.

    Raises:
        ValueError: routes to start from that break a rule, or a search without bound.
    """
    budget = Budget(iterations, seconds)
    if problem.requests == 0:
        return Found([[] for _ in problem.fleet.start], 0.0, [], 0)
    run = Search(problem, seed)
    run.load(routes or [])
    budget.done += run.insert(FARTHEST)
    if fewest and not run.choice.kind.any():
        _fewer(run, budget)
    _anneal(run, budget)
    return run.found(budget.done)


def insertion(problem: Problem, seed: int) -> Found:
    """One pass of insertion alone, each request where it costs least: the farthest from the depot first.

    Where that leaves requests out, another order of them is tried, five in all.
    """
    if problem.requests == 0:
        return Found([[] for _ in problem.fleet.start], 0.0, [], 0)
    run = Search(problem, seed)
    passes = 0
    for by in range(run.choice.order.shape[1]):
        run.load([])
        passes += run.insert(by)
        if run.score[BEST, MISSING] == 0:
            break
    return run.found(passes)


def _anneal(run: Search, budget: Budget) -> None:
    """Cycles of simulated annealing, a set partition of all routes met, and a cold end from its choice."""
    began = budget.share()
    last = began + (1.0 - began) * PARTITION_AT
    while budget.iterations is None and budget.share() < min(began + SPEED_SHARE, last):
        _step(run, budget, HOT)
    score, routes = _score(run), run.best()
    while (start := budget.share()) < last:
        end = start + (last - start) / _cycles(run, budget, last - start)
        while (used := budget.share()) < end:
            _step(run, budget, HOT * (COLD / HOT) ** ((used - start) / (end - start)))
        if _score(run) < score:
            score, routes = _score(run), run.best()
        # another basin: one vehicle's requests have to find places anew
        away = int(run.pool.state[1]) % run.routes
        run.load([[] if v == away else route for v, route in enumerate(run.best())])
    run.load(routes)
    limit = None if budget.seconds is None else PARTITION_SHARE * budget.seconds
    if budget.done >= PARTITION_FROM and (better := best_partition(run, limit)) is not None:
        run.load(better)
    while (used := budget.share()) < 1.0:
        _step(run, budget, TEPID * (COLD / TEPID) ** ((used - last) / (1.0 - last)))


def _step(run: Search, budget: Budget, heat: float) -> None:
    """Some iterations at a temperature in mean costs of an arc; the colder, the dearer is who is missing."""
    budget.done += run.step(budget.chunk(), run.scale * heat, run.scale * MISS / heat)


def _score(run: Search) -> tuple[float, float]:
    """Requests missing that have to be served, then costs, of the best solution."""
    return float(run.score[BEST, MISSING]), float(run.score[BEST, COSTS])


def _cycles(run: Search, budget: Budget, share: float) -> int:
    """Cycles that fit into a share of the budget, at the speed so far."""
    whole = budget.done / budget.share() if budget.iterations is None else budget.iterations
    return max(1, round(whole * share / (CYCLE * run.problem.requests)))


def _fewer(run: Search, budget: Budget) -> None:
    """Take routes away while all requests still find a place, for a share of the budget at most."""
    good: Routes = []
    while budget.share() < (FLEET_SHARE if good else 1.0):
        if run.score[BEST, MISSING] == 0:
            good = [route for route in run.best() if route]
            if len(good) < 2:
                break
            weight = run.pool.weight
            easy = int(np.argmin([sum(weight[v] for v in route if v < len(weight)) for route in good]))
            run.routes = len(good) - 1
            run.load(good[:easy] + good[easy + 1 :])
        budget.done += run.step(budget.chunk(), run.scale * HOT * COLD**0.5, FAR, guided=True)
    if good and run.score[BEST, MISSING] > 0:
        run.routes = len(good)
        run.load(good)
