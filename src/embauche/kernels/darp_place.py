"""Where a request goes into routes: the cheapest feasible place of one route, and of all of them.

Lives here: best place, insertion, the memory of places found. Not here: times of a route (darp_route).

Earliest and latest times of the route as it is bound those after an insertion (Savelsbergh 1992), so most
places are refused in constant time; where rides or duties are limited, the cheapest left is checked exactly.
Costs and minutes should keep the triangle inequality: where they do not, a place may be overlooked, but none
is taken that breaks a rule. Routes come back often in a search, so places found are remembered by the
route's hash and the request.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embauche.kernels import inline
from embauche.kernels.darp_route import (
    CLOSE,
    DUTY,
    EARLY,
    EPS,
    LATE,
    LOAD,
    OPEN,
    PLACES,
    RIDE,
    SEATS,
    SERVICE,
    Desk,
    Facts,
    Solutions,
    refresh,
    settle,
)  # fmt: skip
from embauche.kernels.random import keyed_uniform, mix

KEY, ADDED, WHERE = 0, 1, 2  # columns of memory
_SLOT = np.uint64(12)


class Choice(NamedTuple):
    """What requests and vehicles a search has, beside what routes have to keep.

    Attributes:
        grouped: whether any group has several requests.
        kind: number of equal vehicles, int32 [vehicle].
        near: stops by nearness, int32 [stop, neighbour].
        order: keys by which requests are put back, float64 [request, key].
        penalty: cost of not serving, infinite where a request has to be served, float64 [request].
        group: int64 [request].
    """

    grouped: bool
    kind: np.ndarray
    near: np.ndarray
    order: np.ndarray
    penalty: np.ndarray
    group: np.ndarray


class Pool(NamedTuple):
    """What a search remembers.

    Attributes:
        memory: best places, float64 [line, KEY to WHERE]; WHERE -1: none costs less than ADDED.
        key: hash of a pooled route's kind and requests, 0 where none is, uint64 [line].
        cost: its cost, float64 [line].
        way: its nodes, -1 behind them, int32 [line, position].
        weight: how often a request was absent, float64 [request].
        state: key and counter of draws, uint64 [2].
    """

    memory: np.ndarray
    key: np.ndarray
    cost: np.ndarray
    way: np.ndarray
    weight: np.ndarray
    state: np.ndarray


@inline
def draw(state: np.ndarray) -> float:
    """Next uniform of a search."""
    state[1] += np.uint64(1)
    u: float = keyed_uniform(state[0], state[1])
    return u


@inline
def fits(
    r: int, i: int, j: int, row: np.ndarray, m: int, duty: float, plan: np.ndarray, facts: Facts, desk: Desk
) -> bool:
    """Whether the route keeps all limits with request r's pickup behind position i, delivery behind j."""
    merged, times, d = desk.merged, desk.times, facts.n + r
    for k in range(i + 1):
        merged[k] = row[k]
        times[k] = plan[k, EARLY]
    merged[i + 1], times[i + 1] = r, facts.node[r, OPEN]
    for k in range(i + 1, j + 1):
        merged[k + 1] = row[k]
        times[k + 1] = plan[k, EARLY]
    merged[j + 2], times[j + 2] = d, facts.node[d, OPEN]
    for k in range(j + 1, m):
        merged[k + 2] = row[k]
        times[k + 2] = plan[k, EARLY]
    settled: bool = settle(merged, m + 2, duty, facts, times, desk.at)
    return settled


@inline
def best_place(
    r: int, v: int, row: np.ndarray, m: int, plan: np.ndarray, facts: Facts, bound: float, blink: float,
    state: np.ndarray, desk: Desk,
) -> tuple[float, int, int]:  # fmt: skip
    """Cheapest feasible place of request r in one route, if it costs less than `bound`.

    Returns:
        Added cost (`bound` if there is no place), position behind which the pickup goes, and that behind
        which the delivery goes, both in the route as it is (equal: the delivery follows the pickup).
    """
    node, minutes, cost, d = facts.node, facts.minutes, facts.cost, facts.n + r
    best, bi, bj = bound, -1, -1
    if m + 2 > row.shape[0]:
        return best, bi, bj
    seats, places = facts.vehicle[v, 0] - node[r, SEATS], facts.vehicle[v, 1] - node[r, PLACES]
    duty, stay, ride = facts.vehicle[v, DUTY], node[r, SERVICE], node[r, RIDE]
    for i in range(m - 1):
        a, b = row[i], row[i + 1]
        ready = plan[i, EARLY] + node[a, SERVICE]
        if ready > node[r, CLOSE] + EPS:
            break
        to_pick = cost[a, r] - cost[a, b]
        if to_pick + cost[r, b] >= best or plan[i, LOAD] > seats or plan[i, LOAD + 1] > places:
            continue
        pick = max(ready + minutes[a, r], node[r, OPEN])
        if pick > node[r, CLOSE] + EPS or (blink > 0.0 and draw(state) < blink):
            continue
        drop = max(pick + stay + minutes[r, d], node[d, OPEN])
        added = to_pick + cost[r, d] + cost[d, b]
        if (
            added < best
            and drop <= node[d, CLOSE] + EPS
            and drop + node[d, SERVICE] + minutes[d, b] <= plan[i + 1, LATE] + EPS
            and (not facts.limited or fits(r, i, i, row, m, duty, plan, facts, desk))
        ):
            best, bi, bj = added, i, i
        to_pick += cost[r, b]
        now = pick + stay + minutes[r, b]
        # a later pickup than this makes the next stop late: it bounds the ride from below
        last_pick = min(node[r, CLOSE], plan[i + 1, LATE] - minutes[r, b] - stay)
        for k in range(i + 1, m - 1):
            now = max(now, plan[k, EARLY])
            if now > plan[k, LATE] + EPS or to_pick >= best:
                break
            if plan[k, LOAD] > seats or plan[k, LOAD + 1] > places:
                break
            f, g = row[k], row[k + 1]
            leave = now + node[f, SERVICE]
            drop = max(leave + minutes[f, d], node[d, OPEN])
            if drop > node[d, CLOSE] + EPS or drop - last_pick - stay > ride + EPS:
                break
            added = to_pick + cost[f, d] + cost[d, g] - cost[f, g]
            if (
                added < best
                and drop + node[d, SERVICE] + minutes[d, g] <= plan[k + 1, LATE] + EPS
                and (not facts.limited or fits(r, i, k, row, m, duty, plan, facts, desk))
            ):
                best, bi, bj = added, i, k
            now = leave + minutes[f, g]
    return best, bi, bj


@inline
def insert(r: int, n: int, i: int, j: int, row: np.ndarray, m: int) -> None:
    """Put request r into a route of m stops behind the positions that best_place found."""
    for k in range(m - 1, j, -1):
        row[k + 2] = row[k]
    row[j + 2] = n + r
    for k in range(j, i, -1):
        row[k + 1] = row[k]
    row[i + 1] = r


@inline
def put_back(
    routes: int, absent: np.ndarray, left: int, guided: bool, skip: float, blink: float, facts: Facts,
    choice: Choice,
    solutions: Solutions, pool: Pool, touched: np.ndarray, seen: np.ndarray, desk: Desk,
) -> int:  # fmt: skip
    """Put each absent request into solution 0 where it costs least; number of those without a place."""
    memory, kind = pool.memory, choice.kind
    way, size, plan = solutions.way[0], solutions.size[0], solutions.plan[0]
    slots = np.uint64(memory.shape[0] - 1)
    still = 0
    for x in range(left):
        r = absent[x]
        best, route, bi, bj = np.inf if guided else choice.penalty[r], -1, -1, -1
        seen[:] = 0
        salt = mix(np.uint64(r + 1))
        for v in range(routes):
            if size[v] == 2:  # one empty vehicle of a kind is enough
                if seen[kind[v]]:
                    continue
                seen[kind[v]] = 1
            if skip > 0.0 and draw(pool.state) < skip:
                continue
            h = solutions.stamp[0, v] ^ salt
            line, key = h & slots, np.float64(h >> _SLOT)
            if blink == 0.0 and memory[line, KEY] == key:
                added = memory[line, ADDED]
                if added >= best:
                    continue
                code = int(memory[line, WHERE])
                if code >= 0:
                    best, route, bi, bj = added, v, code >> 16, code & 65535
                    continue
            added, i, j = best_place(
                r, v, way[v], size[v], plan[v], facts, best, blink, pool.state, desk
            )  # fmt: skip
            if blink == 0.0:
                memory[line, KEY], memory[line, ADDED] = key, added
                memory[line, WHERE] = np.float64((i << 16) + j) if i >= 0 else -1.0
            if i >= 0:
                best, route, bi, bj = added, v, i, j
        if route < 0:
            absent[still] = r
            still += 1
            continue
        insert(r, facts.n, bi, bj, way[route], size[route])
        size[route] += 2
        touched[route] = 1
        refresh(0, route, facts, solutions, desk)
    return still
