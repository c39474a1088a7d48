"""A day of vehicles with seats: their sequences of halts, earliest and latest times, and changes to them.

Lives here: the arrays, settling a route's times, moving on in time, putting a leg in and taking it out.
Not here: where a leg is put best (dispatch_search), booking and improvement (dispatch_book).

An event is the pickup 2 * leg or the delivery 2 * leg + 1 of a leg. A vehicle v has two legs of its own:
its start 4v and end 4v + 1, and its break 4v + 2. The minutes between two stops hold what a halt takes,
so the time of an event is that at which the doors close again.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from embauche.kernels import inline

NOBODY = 1 << 16  # added to the wheelchair places taken where nobody may stay aboard: a break
EPS = 1e-9  # minutes that rounding may take
FREE, DUE, X, Y, UX, UY, SINCE, HERE = 0, 1, 2, 3, 4, 5, 6, 7  # columns of Routes.at


class Stops(NamedTuple):
    """The ground: minutes [stop, stop] float32, its transpose, and places [stop, 2] in minutes.

    `xy` has rows only where vehicles may turn off anywhere on a straight line between two stops;
    a stop with nan is nowhere: the way there takes no time. Without rows a vehicle goes on to its next stop.
    """

    minutes: np.ndarray
    back: np.ndarray
    xy: np.ndarray


class Events(NamedTuple):
    """What is asked: stop, opens, closes, seats and chairs (change aboard) [event]; ride (at most) [leg].

    limited: whether any ride is finite.
    """

    stop: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    seats: np.ndarray
    chairs: np.ndarray
    ride: np.ndarray
    limited: bool


class Routes(NamedTuple):
    """What is planned: of each vehicle a row of events with stop, times and load; [vehicle, position].

    early, late: least and greatest time of the event; leg: minutes to the next; seats, chairs: taken when
    it leaves. [vehicle]: n events; head, the last that stands firm; room [vehicle, 2]; driven: minutes
    up to its head, or to where it turned off. at [vehicle, 8], what a look at all vehicles needs: when it is
    free to leave its head, when the next head is due, where it is (x, y, velocity), its head's time (inf:
    its day is over) and stop.
    where [leg]: its vehicle, -1 none; spot [leg]: its pickup's position when last settled.
    """

    seq: np.ndarray
    stop: np.ndarray
    early: np.ndarray
    late: np.ndarray
    leg: np.ndarray
    seats: np.ndarray
    chairs: np.ndarray
    n: np.ndarray
    head: np.ndarray
    room: np.ndarray
    driven: np.ndarray
    at: np.ndarray
    where: np.ndarray
    spot: np.ndarray


class Scratch(NamedTuple):
    """Room to try a route in: seq int32, early, leg and floor float64 [position]; spot int32 [leg]."""

    seq: np.ndarray
    early: np.ndarray
    leg: np.ndarray
    floor: np.ndarray
    spot: np.ndarray


@inline
def point_minutes(v: int, stop: int, now: float, stops: Stops, at: np.ndarray) -> float:
    """Minutes from where vehicle v is at `now` to a stop, on the straight line."""
    gone = max(0.0, min(now, at[v, DUE]) - at[v, FREE])
    x = stops.xy[stop, 0] - at[v, X] - gone * at[v, UX]
    y = stops.xy[stop, 1] - at[v, Y] - gone * at[v, UY]
    far = math.sqrt(x * x + y * y)
    return far if far >= 0.0 else 0.0  # nowhere


@inline
def earliest(
    v: int, n: int, start: float, first: float, stops: Stops, events: Events, routes: Routes, row: Scratch
) -> bool:
    """Least times row.early of row.seq beyond the head that keep windows and ride limits; are there any?

    The times that keep difference constraints form a lattice: the least of them is found by raising each
    pickup whose rider would sit too long (Bellman and Ford's relaxation in the order of the route).
    The vehicle leaves its head at `start` at the earliest and takes `first` minutes to the next stop.
    """
    head = routes.head[v]
    seq, early, leg = row.seq, row.early, row.leg
    before = routes.stop[v, head]
    for k in range(head + 1, n):
        stop = events.stop[seq[k]]
        leg[k - 1] = first if k == head + 1 else stops.minutes[before, stop]
        row.floor[k] = events.opens[seq[k]]
        before = stop
    tries = 4 * (n - head) + 8
    k = head + 1
    while k < n:
        event = seq[k]
        time = max(row.floor[k], (start if k == head + 1 else early[k - 1]) + leg[k - 1])
        if time > events.closes[event] + EPS:
            return False
        early[k] = time
        who = event >> 1
        if event & 1 == 0:
            row.spot[who] = k
        elif events.ride[who] < np.inf:
            p = row.spot[who]
            if p <= head or p >= k or seq[p] != event - 1:  # aboard already
                if time - routes.early[v, routes.spot[who]] > events.ride[who] + EPS:
                    return False
            elif time - early[p] > events.ride[who] + EPS:
                row.floor[p] = time - events.ride[who]
                tries -= 1
                if tries < 0:
                    return False
                k = p
                continue
        k += 1
    return True


@inline
def settle(v: int, now: float, stops: Stops, events: Events, routes: Routes, row: Scratch) -> None:
    """Times and loads of vehicle v beyond its head, after its sequence changed at `now`."""
    n, head, at = routes.n[v], routes.head[v], routes.at
    plane = stops.xy.shape[0] > 0
    follower = events.stop[routes.seq[v, head + 1]] if head + 1 < n else 0
    first = 0.0
    if head + 1 < n:
        first = stops.minutes[routes.stop[v, head], follower]
    if plane:
        gone = max(0.0, min(now, at[v, DUE]) - at[v, FREE])
        at[v, X] += gone * at[v, UX]
        at[v, Y] += gone * at[v, UY]
        routes.driven[v] += gone
        at[v, UX] = at[v, UY] = 0.0
        first = point_minutes(v, follower, -np.inf, stops, at)
    at[v, FREE] = max(routes.early[v, head], now)
    for k in range(head + 1, n):
        row.seq[k] = routes.seq[v, k]
    earliest(v, n, at[v, FREE], first, stops, events, routes, row)
    for k in range(head + 1, n):
        event = row.seq[k]
        routes.seats[v, k] = routes.seats[v, k - 1] + events.seats[event]
        if event & 1 == 0:
            routes.spot[event >> 1] = k
        chairs = (routes.chairs[v, k - 1] & (NOBODY - 1)) + events.chairs[event]
        routes.chairs[v, k] = chairs | (NOBODY if event == 4 * v + 2 else 0)
    late = np.inf
    for k in range(n - 1, head, -1):
        event = row.seq[k]
        routes.early[v, k] = row.early[k]
        routes.leg[v, k - 1] = row.leg[k - 1]
        routes.stop[v, k] = events.stop[event]
        close = events.closes[event]
        if event & 1 and routes.spot[event >> 1] <= head:  # aboard since then
            close = min(close, routes.early[v, routes.spot[event >> 1]] + events.ride[event >> 1])
        late = min(close, late - (row.leg[k] if k < n - 1 else 0.0))
        routes.late[v, k] = late
    set_off(v, stops, routes)


@inline
def set_off(v: int, stops: Stops, routes: Routes) -> None:
    """When the head of vehicle v moves on, and how it drives until then.

    It leaves as late as its next event allows at its earliest time. In a plane its head moves on when it
    arrives, else when it leaves: nothing is put between two stops once it drives. Home it goes at the last
    moment.
    """
    n, head, at = routes.n[v], routes.head[v], routes.at
    at[v, SINCE], at[v, HERE] = routes.early[v, head], routes.stop[v, head]
    if head + 1 >= n:
        at[v, DUE] = at[v, SINCE] = np.inf
        return
    last = head + 2 == n
    leg = routes.leg[v, head]
    leave = (routes.late[v, head + 1] if last else routes.early[v, head + 1]) - leg
    if stops.xy.shape[0] == 0:
        at[v, DUE] = leave
        return
    at[v, FREE] = max(at[v, FREE], leave)
    at[v, DUE] = leave + leg
    if leg > 0.0:
        stop = routes.stop[v, head + 1]
        at[v, UX] = (stops.xy[stop, 0] - at[v, X]) / leg
        at[v, UY] = (stops.xy[stop, 1] - at[v, Y]) / leg


@inline
def move_on(v: int, now: float, stops: Stops, routes: Routes) -> None:
    """Bring the head of vehicle v up to `now`."""
    at = routes.at
    while at[v, DUE] < now - EPS:
        head = routes.head[v] + 1
        routes.head[v] = head
        routes.driven[v] += routes.leg[v, head - 1]
        at[v, FREE] = routes.early[v, head]
        if stops.xy.shape[0] > 0:
            at[v, X] = stops.xy[routes.stop[v, head], 0]
            at[v, Y] = stops.xy[routes.stop[v, head], 1]
            at[v, UX] = at[v, UY] = 0.0
        set_off(v, stops, routes)


@inline
def put(v: int, i: int, j: int, leg: int, routes: Routes) -> None:
    """Put a leg into vehicle v: the pickup after position i, the delivery after position j >= i."""
    n = routes.n[v]
    for k in range(n - 1, j, -1):
        routes.seq[v, k + 2] = routes.seq[v, k]
    routes.seq[v, j + 2] = 2 * leg + 1
    for k in range(j, i, -1):
        routes.seq[v, k + 1] = routes.seq[v, k]
    routes.seq[v, i + 1] = 2 * leg
    routes.n[v] = n + 2
    routes.where[leg] = v


@inline
def take(leg: int, routes: Routes) -> bool:
    """Take a leg out of its vehicle; refused once its pickup stands firm. Times are to be settled after."""
    v = routes.where[leg]
    k = routes.head[v] + 1
    while k < routes.n[v] and routes.seq[v, k] != 2 * leg:
        k += 1
    if k == routes.n[v]:
        return False
    gap = 1
    for m in range(k + 1, routes.n[v]):
        if routes.seq[v, m] == 2 * leg + 1:
            gap = 2
        else:
            routes.seq[v, m - gap] = routes.seq[v, m]
    routes.n[v] -= 2
    routes.where[leg] = -1
    return True
