"""Worker-option evaluations a second: logsums for search and the week's choice, beside numpy.

Lives here: made-up offers, the kernels and their numpy peer. Not here: whole weeks (step), laws (tests).

    python benchmarks/choice.py [--smoke] [--pairs 500000] [--services 8]

One evaluation is one service weighed for one worker's tour to one post: felt minutes, euros, constant
taste, and for the week's choice a keyed Gumbel draw. Half of the workers share their car: their logsums
are worked out with and without it, and counted once. Below a weekly dissimilarity of 1 services come in
nests of two. numpy works on the same arrays and draws from its own generator, as anybody would there.
Seconds are the least of several: of the thread where there is one, of the wall where there are two.
`difference` is the greatest between both logsums over their size, or between both shares of first
choices, whose draws differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from _common import show
from embauche.core.draws import Purpose
from embauche.core.parallel import run_blocks, set_threads
from embauche.kernels.choice import MONTH, NEEDS_CAR, month_logsums
from embauche.kernels.ranking import rank_services

Array = np.ndarray[Any, Any]
UNIT, SPREAD, NO_CAR_EUR, REPEATS = 1.3, 0.7, 12.0, 5
LIMIT_NS = 20.0  # 50 million evaluations a second and thread


def offers(pairs: int, services: int) -> dict[str, Array]:
    """One tour for each worker; two services a nest, the first needs a car, a tenth is not offered."""
    rng = np.random.default_rng(1)
    felt = rng.uniform(5, 90, (services, pairs)).astype(np.float32)
    felt[rng.random(felt.shape) < 0.1] = np.inf
    return {
        "felt": felt,
        "eur": rng.uniform(0, 5, felt.shape).astype(np.float32),
        "fixed": rng.normal(0, 3, (pairs, services)),
        "vot": rng.uniform(0.1, 0.3, pairs),
        "car_share": np.where(rng.random(pairs) < 0.5, 0.5, 1.0),
        "nest": np.arange(services, dtype=np.int64) // 2,
    }


def logsums(c: dict[str, Array], spread: float) -> Array:
    """Month's logsums by the kernel, [pair]."""
    services, n = c["felt"].shape
    rows, needs = np.arange(n + 1, dtype=np.int64), np.zeros(services, np.int64)
    needs[0] = NEEDS_CAR
    out = np.empty(n)
    run_blocks(
        month_logsums, n, np.arange(n, dtype=np.int32), rows[:-1], rows[1:], np.ones(n), c["felt"], c["eur"],
        c["fixed"], c["vot"], c["car_share"], needs, c["nest"],
        np.full(int(c["nest"].max()) + 1, spread), UNIT, NO_CAR_EUR, out,
    )  # fmt: skip
    return out


def logsums_numpy(c: dict[str, Array], spread: float) -> Array:
    """The same, an array expression at a time."""
    v = c["fixed"].T - c["vot"] * c["felt"] - c["eur"]

    def log_sum(x: Array, unit: float) -> Array:
        top = x.max(axis=0)
        safe = np.where(top > -np.inf, top, 0.0)
        with np.errstate(divide="ignore"):
            return safe + unit * np.log(np.exp((x - safe) / unit).sum(axis=0))

    def nested(x: Array) -> Array:
        if spread == 1.0:
            return log_sum(x, UNIT)
        nests = [log_sum(x[c["nest"] == k], UNIT * spread) for k in np.unique(c["nest"])]
        return log_sum(np.array(nests), UNIT)

    with_car = nested(v)
    v[0] = -np.inf
    without = nested(v)
    without = np.where(without == -np.inf, with_car - NO_CAR_EUR, without)
    share = c["car_share"]
    mixed = share * with_car + (1 - share) * np.where(share < 1, without, 0.0)
    return np.asarray(mixed * MONTH)


def first_choice(c: dict[str, Array], spread: float) -> Array:
    """First choice of the week by the kernel, service row [pair]."""
    services, n = c["felt"].shape
    nests, out = int(c["nest"].max()) + 1, np.empty((n, 1), np.uint64)
    rows = np.arange(n + 1, dtype=np.int64)
    run_blocks(
        rank_services, n, 1, int(Purpose.WEEKLY_TASTE), int(Purpose.WEEKLY_NEST), rows[:-1],
        np.zeros(n, np.int32), rows[:-1], rows[:-1], rows[1:], c["felt"], c["eur"], c["fixed"], c["vot"],
        np.arange(services) + 10, c["nest"], np.arange(nests), np.full(nests, spread), UNIT, out,
    )  # fmt: skip
    return (out[:, 0] & np.uint64(15)).astype(np.int64)


def first_choice_numpy(c: dict[str, Array], spread: float) -> Array:
    """The same with numpy's generator; nested draws by Kanter's formula."""
    rng = np.random.default_rng(2)
    u = c["fixed"].T - c["vot"] * c["felt"] - c["eur"]
    error = rng.gumbel(size=u.shape)
    if spread < 1.0:
        shape = (int(c["nest"].max()) + 1, u.shape[1])
        angle, wait = np.pi * rng.random(shape), rng.exponential(size=shape)
        stable = (
            np.log(np.sin(spread * angle)) - np.log(np.sin(angle)) / spread
            + (1 - spread) / spread * (np.log(np.sin((1 - spread) * angle)) - np.log(wait))
        )  # fmt: skip
        error += stable[c["nest"]]
    return np.asarray((u + UNIT * spread * error).argmax(axis=0))


def least(work: Callable[[], Any], repeats: int, clock: Callable[[], float]) -> float:
    """Least seconds of several calls, the first for compilation left out."""
    work()
    took = []
    for _ in range(repeats):
        began = clock()
        work()
        took.append(clock() - began)
    return min(took)


def compare(pairs: int, services: int, spread: float, repeats: int) -> None:
    """Print a line for logsums and one for choices of these many pairs."""
    c = offers(pairs, services)
    n = pairs * services
    a, b = logsums(c, spread), logsums_numpy(c, spread)
    finite = np.isfinite(b)
    share, share_numpy = (
        np.bincount(f(c, spread)[finite], minlength=services)[:services] / finite.sum()
        for f in (first_choice, first_choice_numpy)
    )
    assert (np.isfinite(a) == finite).all()
    difference = {
        "logsum": float(np.max(np.abs(a[finite] - b[finite]) / (1 + np.abs(b[finite])))),
        "choice": float(np.max(np.abs(share - share_numpy))),
    }
    for what, kernel, peer in (
        ("logsum", logsums, logsums_numpy),
        ("choice", first_choice, first_choice_numpy),
    ):
        seconds = {}
        for threads in (1, 2):
            set_threads(threads)
            clock = time.thread_time if threads == 1 else time.perf_counter
            seconds[threads] = least(lambda kernel=kernel: kernel(c, spread), repeats, clock)
        set_threads(1)
        numpy_s = least(lambda peer=peer: peer(c, spread), max(1, repeats // 2), time.thread_time)
        show(
            benchmark="choice",
            what=what,
            pairs=pairs,
            services=services,
            weekly_dissimilarity=spread,
            million_a_second=n / seconds[1] / 1e6,
            million_a_second_two_threads=n / seconds[2] / 1e6,
            million_a_second_numpy=n / numpy_s / 1e6,
            times_numpy=numpy_s / seconds[1],
            ns_each=seconds[1] / n * 1e9,
            limit_ns_each=LIMIT_NS,
            difference=f"{difference[what]:.1e}",
        )


def main() -> int:
    """Four and eight services; errors of the week independent (the defaults) and nested."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=500_000, help="workers with a tour each")
    parser.add_argument("--services", type=int, help="only so many, at most 15 (default: 4 and 8)")
    parser.add_argument("--smoke", action="store_true", help="few pairs: the figures are of no use")
    asked = parser.parse_args()
    pairs, repeats = (20_000, 2) if asked.smoke else (asked.pairs, REPEATS)
    for services in [asked.services] if asked.services else [4, 8]:
        for spread in (1.0, SPREAD):
            compare(pairs, services, spread, repeats)
    return 0


if __name__ == "__main__":
    sys.exit(main())
