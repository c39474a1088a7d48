"""Dial-a-ride instances: files of Cordeau & Laporte and of Li & Lim, and generated ones.

Lives here: reading and making instances. Not here: the search and its figures (dial_a_ride).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.services.darp.problem import Fleet, Problem

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Instance:
    """A problem and the numbers that its file gives to nodes.

    Attributes:
        name: stem of the file.
        problem: the problem; kilometres are minutes.
        number: the file's number of each pickup and delivery node, [node].
        fewest: whether vehicles count before distance (Li & Lim).
    """

    name: str
    problem: Problem
    number: list[int]
    fewest: bool


def euclidean(xy: Array) -> Array:
    """Distances between points, [point, point]."""
    return np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])


def build(
    xy: Array, opens: Array, closes: Array, service: Array, load: Array, vehicles: int, capacity: float,
    ride: float, duty: float,
) -> Problem:  # fmt: skip
    """A problem of pickups, deliveries and one depot, which is the last row."""
    n = (len(xy) - 1) // 2
    far, depot = euclidean(xy), np.full(vehicles, 2 * n)
    fleet = Fleet(depot, depot, np.full(vehicles, capacity), np.zeros(vehicles), np.full(vehicles, duty))
    return Problem(
        far, far, opens, closes, service, np.full(n, ride), load[:n], np.zeros(n), np.full(n, np.inf),
        np.arange(n), fleet,
    )  # fmt: skip


def read(path: Path) -> Instance:
    """Read an instance; the format is recognised by its content.

    Raises:
        UserError: a line that fits neither format.
    """
    try:
        lines = [(k, line.split()) for k, line in enumerate(path.read_text().splitlines(), 1) if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"Cannot read the instance: {error}", file=path) from error
    rows: list[list[float]] = []
    for k, words in lines:
        try:
            rows.append([float(w) for w in words])
        except ValueError as error:
            raise UserError("Not a number", file=path, line=k, found=" ".join(words)) from error
        if len(rows) == 2 and (len(rows[0]), len(rows[1])) not in ((5, 7), (3, 9)):
            break
        if len(rows) > 1 and (len(rows[-1]) != len(rows[1]) or rows[-1][0] != len(rows) - 2):
            raise UserError(
                "A node's line does not fit", file=path, line=k, found=" ".join(words),
                expected=f"node {len(rows) - 2} with {len(rows[1])} numbers",
            )  # fmt: skip
    if len(rows) < 4 or (len(rows[0]), len(rows[1])) not in ((5, 7), (3, 9)):
        raise UserError(
            "Not a dial-a-ride instance", file=path, found=f"{len(rows)} lines",
            expected="5 numbers then lines of 7 (Cordeau & Laporte), or 3 then lines of 9 (Li & Lim)",
        )  # fmt: skip
    head, body = rows[0], np.array(rows[1:])
    if len(head) == 5:
        n = (len(body) - 1) // 2
        number = list(range(1, 2 * n + 1))
        x, y, service, load, opens, closes = body.T[1:7]
        limits = {"capacity": head[3], "ride": head[4], "duty": head[2]}
    else:
        x, y, load, opens, closes, service = body.T[1:7]
        pickups = [i for i in range(1, len(body)) if body[i, 8] > 0]
        number = pickups + [int(body[i, 8]) for i in pickups]
        limits = {"capacity": head[1], "ride": np.inf, "duty": np.inf}
    half = len(number) // 2
    if sorted(number) != list(range(1, 2 * half + 1)) or (load[number[:half]] != -load[number[half:]]).any():
        raise UserError("Pickups and deliveries do not pair", file=path, expected="loads that cancel out")
    at = [*number, 0]
    xy = np.column_stack([x, y])[at]
    problem = build(xy, opens[at], closes[at], service[at], load[at], int(head[0]), **limits)
    return Instance(path.stem, problem, number, len(head) == 3)


def generate(word: str) -> Instance:
    """Make an instance in the manner of a family, of a word KIND:REQUESTS:VEHICLES[:SEED].

    `ride`: points in a square of 20 km, rides of 30 minutes at most, windows of 15 minutes at one end (as
    Cordeau 2006 draws them). `town`: points around a few centres, rides of 90 and duties of 480 minutes at
    most, 10 minutes a stop, windows of 15 to 45 minutes (as Cordeau & Laporte 2003). `goods`: windows around
    the routes of hidden vehicles, so that as many vehicles are enough (in the manner of Li & Lim 2003).

    Raises:
        UserError: the word is none.
    """
    kind, *numbers = word.split(":")
    makers = {"ride": _ride, "town": _town, "goods": _goods}
    if kind not in makers or len(numbers) not in (2, 3) or not all(w.isdigit() for w in numbers):
        raise UserError(
            "Not an instance to generate", found=word, expected="KIND:REQUESTS:VEHICLES[:SEED]",
            fix="ride:48:4, town:48:5 or goods:50:12",
        )  # fmt: skip
    n, vehicles, seed = int(numbers[0]), int(numbers[1]), int([*numbers, "1"][2])
    made = makers[kind](n, vehicles, np.random.default_rng(seed))
    return Instance(word, made, list(range(1, 2 * n + 1)), kind == "goods")


def _ends(n: int, day: float, width: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Windows: of half of the requests at the destination, of half at the origin; the depot's is the day."""
    opens, closes = np.zeros(2 * n + 1), np.full(2 * n + 1, 1440.0)
    tight = np.where(np.arange(n) < n // 2, n + np.arange(n), np.arange(n))
    opens[tight] = rng.integers(60, int(day), n)
    closes[tight] = opens[tight] + width
    return opens, closes


def _ride(n: int, vehicles: int, rng: np.random.Generator) -> Problem:
    xy = np.vstack([rng.uniform(-10, 10, (2 * n, 2)), np.zeros((1, 2))])
    day = 60.0 + 35.0 * n / vehicles
    opens, closes = _ends(n, day, np.full(n, 15.0), rng)
    service = np.append(np.full(2 * n, 3.0), 0.0)
    return build(xy, opens, closes, service, np.ones(2 * n + 1), vehicles, 3.0, 30.0, day + 60.0)


def _town(n: int, vehicles: int, rng: np.random.Generator) -> Problem:
    centres = rng.uniform(-8, 8, (6, 2))
    stops = centres[rng.integers(0, 6, 2 * n)] + rng.exponential(2.0, (2 * n, 1)) * _turns(2 * n, rng)
    opens, closes = _ends(n, 60.0 + 40.0 * n / vehicles, rng.uniform(15, 45, n), rng)
    service = np.append(np.full(2 * n, 10.0), 0.0)
    xy = np.vstack([stops, np.zeros((1, 2))])
    return build(
        xy, opens, closes, service, np.ones(2 * n + 1), vehicles, 6.0, 90.0, 60.0 + 50.0 * n / vehicles
    )


def _turns(count: int, rng: np.random.Generator) -> Array:
    angle = rng.uniform(0, 2 * np.pi, count)
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _goods(n: int, vehicles: int, rng: np.random.Generator) -> Problem:
    xy = rng.uniform(0, 100, (2 * n + 1, 2))
    far = euclidean(xy)
    opens, closes = np.zeros(2 * n + 1), np.zeros(2 * n + 1)
    load = rng.integers(1, 10, 2 * n + 1).astype(float)
    for v in range(vehicles):
        seen: set[int] = set()
        now, last, way = 0.0, 2 * n, np.repeat(np.arange(v, n, vehicles), 2)
        # near requests follow each other, so that the hidden routes are worth finding
        way = way[np.argsort(xy[way, 0] + rng.uniform(0, 30, len(way)), kind="stable")]
        for r in way.tolist():
            stop = r + n if r in seen else r
            seen.add(r)
            now += far[last, stop]
            opens[stop] = max(0.0, now - rng.uniform(5, 60))
            closes[stop] = now + rng.uniform(5, 60)
            now, last = now + 10.0, stop
    closes[2 * n] = closes.max() + 150.0
    service = np.append(np.full(2 * n, 10.0), 0.0)
    return build(xy, opens, closes, service, load, 2 * vehicles, 100.0, np.inf, np.inf)
