"""Dispatch from first principles: every vehicle, every pair of positions, all times anew by Bellman and Ford.

Lives here: the slow twin of one insertion. Not here: anything fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

INF = float("inf")
SLACK = 1e-7


@dataclass
class Leg:
    """One leg: stops, windows, ride limit, places taken."""

    pickup: int
    delivery: int
    window: tuple[float, float]
    arrival: tuple[float, float]
    ride: float
    seats: int = 1
    chairs: int = 0


@dataclass
class Van:
    """A vehicle and its tasks in order: ("up", leg), ("down", leg) or ("rest", None)."""

    depot: int
    seats: int
    chairs: int
    shift: tuple[float, float]
    rest: tuple[float, float, float] | None
    tasks: list[tuple[str, int | None]] = field(default_factory=list)

    def empty(self) -> list[tuple[str, int | None]]:
        return [("rest", None)] if self.rest else []


def times(
    van: Van, tasks: list[tuple[str, int | None]], legs: list[Leg], minutes: np.ndarray, halt: float
) -> list[float] | None:
    """Least times of depot, tasks, depot that keep all constraints, or None: longest paths, edge by edge."""
    where, windows, service = [van.depot], [van.shift], [0.0]
    for kind, number in tasks:
        if kind == "rest":
            begin, end, length = van.rest
            where.append(van.depot)
            windows.append((begin + length, end))
            service.append(length)
        else:
            leg = legs[number]
            where.append(leg.pickup if kind == "up" else leg.delivery)
            windows.append(leg.window if kind == "up" else leg.arrival)
            service.append(halt)
    where.append(van.depot)
    windows.append((-INF, van.shift[1]))
    service.append(0.0)
    n = len(where)
    edges = []
    for k in range(1, n):
        own = k in (1, n - 1) or "rest" in (tasks[k - 1][0], tasks[k - 2][0])
        same = where[k] == where[k - 1] and not own
        edges.append((k - 1, k, 0.0 if same else float(minutes[where[k - 1], where[k]]) + service[k]))
    for k, (kind, number) in enumerate(tasks):
        if kind == "down":
            edges.append((k + 1, tasks.index(("up", number)) + 1, -legs[number].ride))
    found = [low for low, _ in windows]
    for _ in range(n + 1):
        moved = False
        for a, b, weight in edges:
            if found[a] + weight > found[b] + SLACK:
                found[b], moved = found[a] + weight, True
        if any(time > high + SLACK for time, (_, high) in zip(found, windows, strict=True)):
            return None
        if not moved:
            return found
    return None


def fits(van: Van, tasks: list[tuple[str, int | None]], legs: list[Leg]) -> bool:
    """Whether nobody is one too many, and nobody sits through the break."""
    seats = chairs = 0
    for kind, number in tasks:
        if kind == "rest":
            if seats or chairs:
                return False
            continue
        sign = 1 if kind == "up" else -1
        seats += sign * legs[number].seats
        chairs += sign * legs[number].chairs
        if seats > van.seats or chairs > van.chairs:
            return False
    return True


def driving(
    van: Van, tasks: list[tuple[str, int | None]], legs: list[Leg], minutes: np.ndarray, halt: float
) -> float:
    """Minutes that the tasks take without waiting: driving and halts."""
    free = Van(van.depot, 99, 99, (-INF, INF), (-INF, INF, van.rest[2]) if van.rest else None)
    loose = [Leg(g.pickup, g.delivery, (-INF, INF), (-INF, INF), INF) for g in legs]
    start = Van(free.depot, 99, 99, (0.0, INF), free.rest)
    found = times(start, tasks, loose, minutes, halt)
    assert found is not None
    return found[-1]


def best(
    vans: list[Van], legs: list[Leg], number: int, minutes: np.ndarray, halt: float
) -> tuple[float, set]:
    """The least added minutes over all vehicles and positions, and where it is reached: (vehicle, tasks)."""
    least, ways = INF, set()
    for v, van in enumerate(vans):
        before = driving(van, van.tasks, legs, minutes, halt)
        for i in range(len(van.tasks) + 1):
            for j in range(i, len(van.tasks) + 1):
                tasks = [*van.tasks[:i], ("up", number), *van.tasks[i:j], ("down", number), *van.tasks[j:]]
                if not fits(van, tasks, legs) or times(van, tasks, legs, minutes, halt) is None:
                    continue
                cost = driving(van, tasks, legs, minutes, halt) - before
                if cost < least - 1e-4:
                    least, ways = cost, set()
                if cost < least + 1e-4:
                    ways.add((v, tuple(tasks)))
    return least, ways
