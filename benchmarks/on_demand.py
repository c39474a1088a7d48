"""A day of on-demand requests on a square: requests a second, share served, kilometres for each rider.

Lives here: the dispatch's speed and what it serves, online and booked. Not here: its correctness (tests).

    python benchmarks/on_demand.py --requests 10000 --vehicles 100 --seed 1 [--events EVENTS.csv]
        [--firm] [--care W] [--again N] [--booked SHARE --improve SECONDS]
    python benchmarks/on_demand.py --smoke

Requests come over 18 hours between 400 places on 20 km by 20 km, driven straight at 30 km/h; each is picked
up within 10 minutes and delivered by then plus 1.5 times its direct time; vehicles have 8 seats, no depot.
Requests are decided one by one as they come; vehicles may turn off anywhere on their way, as ridepy's may;
with --firm they go on to their next stop first, as where only a table of minutes between stops is known. With
--booked that share of the requests is known the day before, planned first and improved for that many seconds
of processor time. Seconds are those of the decisions, kernels loaded. The schedule is proven by
services.dispatching.verify: `faults` counts what is wrong with it. EVENTS.csv: request, vehicle, pickup_min,
delivery_min.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from _common import show
from embauche.services.dispatching.day import CARE, Day, DayRequests
from embauche.services.dispatching.grid import Fleet, Grid
from embauche.services.dispatching.verify import faults

SIDE_KM, KM_A_MIN, DAY_MIN, PLACES, SEATS, WAIT_MIN, DETOUR = 20.0, 0.5, 1080.0, 400, 8, 10.0, 1.5
BATCH = 200  # iterations of improvement between two looks at the clock


@dataclass
class Instance:
    """Places [place, 2] km, minutes [place, place], requests by time, where vehicles start."""

    xy: np.ndarray
    minutes: np.ndarray
    requests: DayRequests
    fleet: Fleet


def instance(requests: int, vehicles: int, seed: int) -> Instance:
    """The day that a seed gives."""
    draw = np.random.default_rng([seed, requests, vehicles])
    xy = draw.uniform(0.0, SIDE_KM, (PLACES, 2))
    minutes = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1]) / KM_A_MIN
    at = np.sort(draw.uniform(0.0, DAY_MIN, requests))
    origin = draw.integers(0, PLACES, requests)
    target = (origin + draw.integers(1, PLACES, requests)) % PLACES
    start = draw.integers(0, PLACES, vehicles)
    latest = at + WAIT_MIN
    one, none = np.ones(requests, np.int8), np.zeros(requests, np.int8)
    asked = DayRequests(
        origin.astype(np.int32), target.astype(np.int32), one, none, at, latest, at,
        latest + DETOUR * minutes[origin, target], np.full(requests, np.inf), np.arange(requests), at.copy(),
    )  # fmt: skip
    lot = {name: np.full(vehicles, value) for name, value in (("from", 0.0), ("until", 1e6), ("no", np.nan))}
    seats, chairs = np.full(vehicles, SEATS, np.int8), np.zeros(vehicles, np.int8)
    fleet = Fleet(start.astype(np.int32), seats, chairs, lot["from"], lot["until"], *[lot["no"]] * 3)
    return Instance(xy, minutes, asked, fleet)


def some(requests: DayRequests, rows: np.ndarray) -> DayRequests:
    """These requests only."""
    return DayRequests(*(getattr(requests, name)[rows] for name in DayRequests.__dataclass_fields__))


def play(case: Instance, options: argparse.Namespace) -> dict[str, Any]:
    """One day; its figures, and `rows`: request, vehicle, pickup and delivery minute of who is served."""
    km = case.minutes * KM_A_MIN
    grid = Grid(
        case.minutes.astype(np.float32), km.astype(np.float32), case.fleet, 0.0,
        places=None if options.firm else case.xy / KM_A_MIN, home=False,
    )  # fmt: skip
    requests = case.requests
    day = Day(grid, seed=options.seed, care=options.care, again=options.again)
    early = np.random.default_rng([options.seed, 7]).random(len(requests)) < options.booked
    asked, answers = [], []
    began = time.process_time()
    for rows in (np.flatnonzero(early), np.flatnonzero(~early)):
        part = some(requests, rows)
        if len(rows) and early[rows[0]]:
            part.known_min = np.full(len(rows), -np.inf)
        asked.append(part)
        answers.append(day.book(part))
        until = time.process_time() + options.improve
        while len(rows) and early[rows[0]] and time.process_time() < until:
            day.improve(BATCH, np.arange(len(rows)))
    seconds = time.process_time() - began
    plan = day.finish()
    order = np.concatenate([np.flatnonzero(early), np.flatnonzero(~early)])
    up, down = plan.pickup_min, plan.delivery_min
    served = np.flatnonzero(plan.vehicle >= 0)
    whole = DayRequests(
        *(np.concatenate([getattr(p, name) for p in asked]) for name in DayRequests.__dataclass_fields__)
    )
    driven = float(plan.driven_min.sum())
    wait = up[served] - whole.pickup_from[served]
    return {
        "requests_per_s": len(requests) / max(seconds, 1e-9),
        "served_share": len(served) / max(1, len(requests)),
        "km_per_served": driven * KM_A_MIN / max(1, len(served)),
        "driven_min": driven,
        "wait_min": float(wait.mean()) if len(served) else 0.0,
        "ride_min": float((down - up)[served].mean()) if len(served) else 0.0,
        "seconds": seconds,
        "iterations": day.moves,
        "faults": len(faults(plan, whole, case.fleet, case.minutes, 0.0)),
        "rows": np.column_stack([order[served], plan.vehicle[served], up[served], down[served]]),
    }


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--vehicles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", help="write who was served when to this CSV file")
    parser.add_argument("--firm", action="store_true", help="vehicles go on to their next stop first")
    parser.add_argument("--care", type=float, default=CARE, help="weight of minutes that riders come later")
    parser.add_argument("--again", type=int, default=1, help="waiting riders placed anew after each booking")
    parser.add_argument("--booked", type=float, default=0.0, help="share known the day before, 0 to 1")
    parser.add_argument("--improve", type=float, default=0.0, help="processor seconds to improve those")
    parser.add_argument("--smoke", action="store_true", help="a small day, online and booked")
    options = parser.parse_args()
    for name, good in (
        ("requests", options.requests >= 0),
        ("vehicles", options.vehicles >= 1),
        ("booked", 0.0 <= options.booked <= 1.0),
        ("seed", options.seed >= 0),
    ):
        if not good:
            parser.error(f"--{name} {getattr(options, name)} is out of range")
    return options


def main() -> int:
    """Play the day, print its figures; 1 if the schedule is not proven."""
    options = parsed()
    if options.smoke:
        options.requests, options.vehicles = 300, 6
    warm = argparse.Namespace(**{**vars(options), "booked": 0.5, "improve": 1e-3, "seed": 1})
    play(instance(20, 2, 1), warm)
    shares = (0.0, 1.0) if options.smoke else (options.booked,)
    wrong = 0
    for share in shares:
        options.booked = share
        options.improve = 0.2 if options.smoke and share else options.improve
        figures = play(instance(options.requests, options.vehicles, options.seed), options)
        rows = figures.pop("rows")
        wrong += figures["faults"]
        show(
            benchmark="on_demand", requests=options.requests, vehicles=options.vehicles, seed=options.seed,
            booked=share, firm=options.firm, care=options.care, again=options.again, **figures,
        )  # fmt: skip
        if options.events:
            with open(options.events, "w", newline="", encoding="utf-8") as file:
                out = csv.writer(file)
                out.writerow(["request", "vehicle", "pickup_min", "delivery_min"])
                out.writerows([int(r), int(v), f"{p:.6f}", f"{d:.6f}"] for r, v, p, d in rows)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
