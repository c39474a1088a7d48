"""A day of a fleet: legs booked, given back and probed; in the end every halt of every vehicle.

Lives here: DayRequests, Booked and Day. Not here: the search (kernels.dispatch_search), the plan's
figures (plan), its proof (verify), whose legs they are (services).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embauche.core.draws import Purpose
from embauche.kernels.dispatch import DUE, FREE, HERE, SINCE, Events, Routes, X, Y
from embauche.kernels.dispatch_book import book_legs, release_legs
from embauche.kernels.dispatch_improve import improve_day
from embauche.services.dispatching.grid import Array, Grid
from embauche.services.dispatching.plan import Plan, plan_of

SERVED, NO_VEHICLE, OTHER_LEG, NO_PLACE = 0, 1, 2, 3
CARE = 0.5  # a minute that somebody aboard is later counts so many minutes driven


@dataclass
class DayRequests:
    """Legs in the order of consideration, all [leg]; minutes of the day may pass 1440.

    Attributes:
        pickup, delivery: rows of stops (int32).
        seats, wheelchairs: taken aboard (int8).
        pickup_from, pickup_until, delivery_from, delivery_until: windows in which the doors close again.
        max_ride_min: from pickup to delivery; inf: none.
        group: neighbours of one group are all served or none (a rider's way out and back).
        known_min: when the request becomes known; -inf: the day before.
    """

    pickup: Array
    delivery: Array
    seats: Array
    wheelchairs: Array
    pickup_from: Array
    pickup_until: Array
    delivery_from: Array
    delivery_until: Array
    max_ride_min: Array
    group: Array
    known_min: Array

    def __len__(self) -> int:
        return len(self.pickup)


@dataclass
class Booked:
    """Answers, all [leg of the request]: numbers of the day's legs (-1 if refused), times as planned (nan).

    reason: SERVED, NO_VEHICLE (nobody can take this leg in time), OTHER_LEG (one of its group was refused),
    NO_PLACE (no vehicle has as many seats or wheelchair places).
    """

    leg: Array
    served: Array
    vehicle: Array
    pickup_min: Array
    delivery_min: Array
    reason: Array


class Day:
    """Schedules of one day; several rounds of booking fill them.

    Args:
        grid: the ground and the fleet.
        seed: of the improvement's draws.
        search: iterations of improvement after each round of bookings made the day before; 0: none.
        care: weight of minutes by which riders aboard come later, in the choice of the vehicle.
        again: how many riders who still wait are placed anew after each online booking of a single leg.
    """

    def __init__(
        self, grid: Grid, *, seed: int = 0, search: int = 0, care: float = CARE, again: int = 0
    ) -> None:
        self.grid, self.seed, self.search = grid, int(seed), int(search)
        self.care, self.again = float(care), int(again)
        fleet, v = grid.fleet, np.arange(len(grid.fleet))
        rest = np.isfinite(np.asarray(fleet.break_min, float))
        stop = np.column_stack([grid.depot_row, grid.end_row, np.maximum(grid.break_row, 0), grid.depot_row])
        opens = np.full((len(v), 4), -np.inf)
        closes = np.full((len(v), 4), np.inf)
        opens[:, 0], closes[:, 1] = fleet.shift_from, fleet.shift_until
        opens[rest, 2] = np.asarray(fleet.break_from + fleet.break_min, float)[rest]
        closes[rest, 2] = np.asarray(fleet.break_until, float)[rest]
        none = np.zeros(4 * len(v), np.int32)
        self.events = Events(
            np.ascontiguousarray(stop, np.int32).ravel(), opens.ravel(), closes.ravel(), none, none.copy(),
            np.full(2 * len(v), np.inf), False,
        )  # fmt: skip
        self.group = np.zeros(2 * len(v), np.int32)
        self.routes = self._empty(rest)
        self.known = np.full(2 * len(v), np.inf)
        self.own, self.moves = 2 * len(v), 0  # legs that are the vehicles' own
        self.release(np.zeros(0, np.int32))

    def _empty(self, rest: Array) -> Routes:
        """Each vehicle: start, its break, end."""
        fleet, v, width = self.grid.fleet, len(self.grid.fleet), 32
        whole, real = np.zeros((4, v, width), np.int32), np.zeros((3, v, width))
        first = 4 * np.arange(v)
        whole[0, :, 0], whole[0, :, 1], whole[0, rest, 1] = first, first + 1, first[rest] + 2
        whole[0, rest, 2] = first[rest] + 1
        whole[1, :, 0] = self.grid.depot_row
        real[0, :, 0] = fleet.shift_from
        room = np.column_stack([fleet.seats, fleet.wheelchair_places]).astype(np.int32)
        at = np.zeros((v, 8))
        at[:, FREE], at[:, DUE] = np.inf, np.inf
        if len(self.grid.stops.xy):
            at[:, X : Y + 1] = self.grid.stops.xy[self.grid.depot_row]
        legs = np.full(2 * v, -1, np.int32)
        return Routes(
            whole[0], whole[1], real[0], real[1], real[2], whole[2], whole[3],
            np.where(rest, 3, 2).astype(np.int32), np.zeros(v, np.int32), room, np.zeros(v), at, legs,
            np.zeros(2 * v, np.int32),
        )  # fmt: skip

    def book(self, requests: DayRequests) -> Booked:
        """Serve what can be served; what was booked earlier stays (times may move within its windows).

        Legs known the day before come first, the others in the order in which they become known.
        """
        legs = self._add(requests)
        rank = self._rank(requests)
        failed = np.zeros(len(legs), np.bool_)
        early = int(np.isneginf(self.known[legs]).sum())
        for part in (rank[:early], rank[early:]):
            if len(part):
                _, failed[part] = self._run(legs[part], keep=True)
                if self.search and np.isneginf(self.known[legs[part[0]]]):
                    self.improve(self.search, legs[part] - self.own)
        plan = self.finish()
        return self._answer(
            legs, np.column_stack([plan.pickup_min, plan.delivery_min])[legs - self.own], failed
        )

    def probe(self, requests: DayRequests) -> Booked:
        """What would be answered to each group alone; books nothing."""
        legs = self._add(requests)
        rank = self._rank(requests)
        planned, failed = np.full((len(legs), 2), np.nan), np.zeros(len(legs), np.bool_)
        planned[rank], failed[rank] = self._run(legs[rank], keep=False)
        answer = self._answer(legs, planned, failed)
        self._drop(len(legs))
        return answer

    def release(self, legs: Array) -> None:
        """Give legs (Booked.leg) back."""
        self._rewind()
        legs = np.asarray(legs, np.int32) + np.int32(self.own)
        release_legs(-np.inf, legs, self.grid.stops, self.events, self.routes, np.zeros(len(legs), np.bool_))

    def improve(self, iterations: int, wanted: Array | None = None) -> None:
        """Large neighbourhood search over what is served and known the day before: fewer minutes driven.

        wanted: numbers of whole groups' legs, counted from the day's first, that are served too if a place is
        found; who was refused or gave her legs back has gone another way.
        """
        self._rewind()
        mine = self.routes.where >= 0
        if wanted is not None:
            mine[np.asarray(wanted) + self.own] = True
        pool = np.flatnonzero(mine & np.isneginf(self.known)).astype(np.int32)
        if not len(pool):
            return
        opens, closes = self.events.opens[2 * pool], self.events.closes[2 * pool + 1]
        pool = pool[np.argsort(np.where(np.isfinite(opens), opens, closes), kind="stable")]
        inside = np.argsort(self.group, kind="stable").astype(np.int32)
        ptr = np.searchsorted(self.group[inside], np.arange(self.group.max(initial=0) + 2)).astype(np.int32)
        while iterations > 0:
            done = improve_day(
                self.seed, int(Purpose.DISPATCH), self.moves, iterations, self.care, pool, self.group, ptr,
                inside, self.grid.stops, self.events, self.routes,
            )  # fmt: skip
            self.moves += done
            iterations -= done
            if iterations > 0:
                self._widen()

    def finish(self) -> Plan:
        """All halts of all vehicles, with kilometres and minutes."""
        return plan_of(self.grid, self.events, self.routes)

    # -- the arrays

    def _add(self, r: DayRequests) -> Array:
        """Events of new legs; their leg numbers."""
        n, e, old = len(r), self.events, len(self.events.ride)

        def pair(a: Array, b: Array) -> Array:
            return np.column_stack([a, b]).ravel()

        # what the windows and the ride limit imply for each other: fewer places are tried in vain
        direct = self.grid.table[r.pickup, r.delivery].astype(np.float64)
        until_d = np.minimum(r.delivery_until, r.pickup_until + r.max_ride_min)
        until_p = np.minimum(r.pickup_until, until_d - direct)
        from_p = np.maximum(r.pickup_from, r.delivery_from - r.max_ride_min)
        from_d = np.maximum(r.delivery_from, from_p + direct)
        self.events = Events(
            np.append(e.stop, pair(r.pickup, r.delivery)).astype(np.int32),
            np.append(e.opens, pair(from_p, from_d)),
            np.append(e.closes, pair(until_p, until_d)),
            np.append(e.seats, pair(r.seats, -np.asarray(r.seats, np.int32))).astype(np.int32),
            np.append(e.chairs, pair(r.wheelchairs, -np.asarray(r.wheelchairs, np.int32))).astype(np.int32),
            np.append(e.ride, r.max_ride_min).astype(np.float64),
            bool(e.limited or np.isfinite(r.max_ride_min).any()),
        )
        top = self.group.max(initial=0) + 1
        new = np.unique(r.group, return_inverse=True)[1].reshape(-1)
        self.group = np.append(self.group, top + new).astype(np.int32)
        known = np.full(new.max(initial=-1) + 1, -np.inf)
        np.maximum.at(known, new, r.known_min)  # a group is decided when its last leg is known
        self.known = np.append(self.known, known[new])
        self.routes = self.routes._replace(
            where=np.append(self.routes.where, np.full(n, -1, np.int32)),
            spot=np.append(self.routes.spot, np.zeros(n, np.int32)),
        )
        return np.arange(old, old + n, dtype=np.int32)

    def _drop(self, n: int) -> None:
        """Forget the last n legs, which nobody serves."""
        e, keep = self.events, len(self.events.ride) - n
        self.events = Events(
            e.stop[: 2 * keep], e.opens[: 2 * keep], e.closes[: 2 * keep], e.seats[: 2 * keep],
            e.chairs[: 2 * keep], e.ride[:keep], e.limited,
        )  # fmt: skip
        self.group, self.known = self.group[:keep], self.known[:keep]
        self.routes = self.routes._replace(where=self.routes.where[:keep], spot=self.routes.spot[:keep])

    def _rank(self, requests: DayRequests) -> Array:
        """Order of decision: by when a group's last leg becomes known, then as given."""
        known = self.known[len(self.known) - len(requests) :]
        return np.argsort(known, kind="stable")

    def _rewind(self) -> None:
        """Heads back to the day's start: what is known later may still be placed early."""
        r = self.routes
        if len(self.grid.stops.xy):  # where it turned off cannot be undone: rounds follow the clock
            return
        r.head[:] = 0
        r.at[:, FREE] = r.at[:, SINCE] = r.early[:, 0]
        r.at[:, HERE], r.driven[:] = r.stop[:, 0], 0.0
        r.at[:, DUE] = np.where(r.n == 2, r.late[:, 1], r.early[:, 1]) - r.leg[:, 0]

    def _run(self, order: Array, *, keep: bool) -> tuple[Array, Array]:
        """Book in this order, with rows as wide as it takes."""
        planned, failed = np.full((len(order), 2), np.nan), np.zeros(len(order), np.bool_)
        self._rewind()
        done, known, group = 0, self.known[order], self.group[order]
        while True:
            done = book_legs(
                done, keep, self.care, self.again, order, group, known, self.grid.stops, self.events,
                self.routes, planned, failed,
            )  # fmt: skip
            if done == len(order):
                return planned, failed
            self._widen()

    def _widen(self) -> None:
        r, wide = self.routes, {}
        for name in ("seq", "stop", "early", "late", "leg", "seats", "chairs"):
            array = getattr(r, name)
            wide[name] = np.concatenate([array, np.zeros_like(array)], axis=1)
        self.routes = r._replace(**wide)

    def _answer(self, legs: Array, times: Array, failed: Array) -> Booked:
        served = np.isfinite(times[:, 0])
        sizes = np.column_stack([self.events.seats, self.events.chairs])[2 * legs]
        size, kind = np.unique(sizes, axis=0, return_inverse=True)
        enough: Array = np.all(self.routes.room[None] >= size[:, None], axis=2)
        never = ~np.any(enough, axis=1)[kind.reshape(-1)]
        lost = np.where(failed, np.where(never, NO_PLACE, NO_VEHICLE), OTHER_LEG)
        reason = np.where(served, SERVED, lost).astype(np.int8)
        leg = np.where(served, legs - self.own, -1).astype(np.int32)
        return Booked(leg, served, self.routes.where[legs].copy(), times[:, 0], times[:, 1], reason)
