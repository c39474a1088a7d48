"""A week of carpools: who rides with whom.

Lives here: standing partners, matching of the others, seats given up, probes. Not here: routes
(carpooling.cars), the exact matching (carpooling.matches), money and events (carpooling.books).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.services.carpooling.cars import Trips
from embauche.services.carpooling.fleet import MOST, Fleet, Limits
from embauche.services.carpooling.matches import Pairs, match
from embauche.services.carpooling.money import Purse
from embauche.services.carpooling.nearby import candidates
from embauche.services.carpooling.partners import Partners
from embauche.services.carpooling.roads import Legs
from embauche.services.carpooling.units import Units, drivers
from embauche.services.shared import Answers, Requests, Scene

if TYPE_CHECKING:
    from embauche.services.carpool import Carpool

Array = np.ndarray[Any, Any]
NO_DRIVER, NO_SEAT = 1, 2


@dataclass
class Rides:
    """Riders aboard, all [ride], one row a rider and car.

    Attributes:
        car: int64 row of the fleet; person: int64 row of the rider.
        out_min, back_min, wait_min, picked_min: float64, see cars.Driven.
    """

    car: Array
    person: Array
    out_min: Array
    back_min: Array
    wait_min: Array
    picked_min: Array


class CarpoolWeek:
    """Cars, riders and partners; one of it lasts as long as the service.

    Attributes:
        scene: the week that is open.
        fleet: this week's cars, made at the first request.
        car_of: int32 [person, slot] the car in which she rides, -1 none.
        purse: what campaigns pay and have paid.
        partners: who rode with whom.
    """

    def __init__(self, service: Carpool) -> None:
        self.service = service
        self.legs = Legs(service.network, service.ground.territory)
        value = service.value
        names = ("stop_min", "flex_min", "detour_km", "detour_share", "least_km")
        self.limits = Limits(service.options.seats, *(value(name) for name in names))
        self.purse = Purse(service)
        self.partners = Partners()
        self.fleet: Fleet | None = None

    def memory(self) -> dict[str, Array]:
        """What the next week needs."""
        return self.partners.memory() | self.purse.memory()

    def recall(self, memory: dict[str, Array]) -> None:
        """Go on from there; afresh if empty."""
        self.partners.recall(memory)
        self.purse.recall(memory)
        self.fleet = None

    def open(self, scene: Scene) -> None:
        """Begin a week: no cars yet, for nobody has been asked which service she takes."""
        self.scene, self.fleet = scene, None
        self.purse.open(scene.week)
        self.car_of = np.full(scene.chosen.shape, -1, np.int32)

    def cars(self) -> Fleet:
        """The week's cars: those who drive when riders first ask; their households may change their minds."""
        if self.fleet is None:
            pays = self.purse.expected(self.scene, self.legs)
            self.fleet = Fleet(drivers(self.service, self.scene, self.legs, pays), self.legs, self.limits)
        units = self.fleet.units
        if len(units):
            car = self.scene.services.index("car")
            self.fleet.runs = units.slots & (self.scene.chosen[units.person] == car)
        return self.fleet

    def book(self, requests: Requests) -> Answers:
        """Seats for requests: with the partner one had, else with whom most kilometres are saved."""
        answers = Answers.refused(len(requests), NO_DRIVER)
        fleet = self.cars() if len(requests) and "car" in self.scene.services else None
        if fleet is None or not len(fleet):
            return answers
        units, unit = self.units(requests)
        left = units.slots.copy()
        self._with_partners(fleet, units, left)
        known = self._rematch(fleet, units, left)
        answers.reason[known[unit]] = NO_SEAT
        served = self.car_of[requests.person, requests.slot] >= 0
        answers.served[:] = served
        answers.reason[served] = 0
        rides = self.rides()
        key = rides.car * len(self.car_of) + rides.person
        order = np.argsort(key)
        mine = (
            self.car_of[requests.person, requests.slot].astype(np.int64) * len(self.car_of) + requests.person
        )
        at = order[np.searchsorted(key[order], mine[served])]
        for name in ("out_min", "back_min", "wait_min"):
            getattr(answers, name)[served] = getattr(rides, name)[at]
        alone = served & self.stranded(self.car_of[requests.person, requests.slot], requests.slot)
        taxi = self.legs.home_work(requests.place, requests.site)[0] + self.service.value("taxi_wait_min")
        answers.back_min[alone] = taxi[alone]
        answers.wait_min[alone] = self.service.value("taxi_wait_min")
        return answers

    def stranded(self, car: Array, slot: Array) -> Array:
        """Whether the driver cannot take her riders home on that day, bool [pair]; False without a car."""
        driver = self.cars().units.worker_id[np.maximum(car, 0)]
        luck = np.empty(len(car))
        for k in range(14):
            mine = slot == k
            luck[mine] = uniforms(
                self.service.ground.seed, Purpose.NO_RETURN, self.scene.week, driver[mine], k
            )
        drawn: Array = (car >= 0) & (luck < self.service.value("no_return"))
        return drawn

    def units(self, requests: Requests) -> tuple[Units, Array]:
        """Requests as tours of one person with the same hours; the unit of each."""
        r = requests
        return Units.of(r.person, r.worker_id, r.place, r.site, r.klass, r.slot, self.service.network.classes)

    def release(self, requests: Requests) -> None:
        """Seats given up; who rides on no other day leaves the car's route."""
        fleet = self.cars()
        for person, slot in zip(requests.person.tolist(), requests.slot.tolist(), strict=True):
            car = int(self.car_of[person, slot])
            if car >= 0:
                self.car_of[person, slot] = -1
                fleet.taken[car, slot] -= 1
                if not (self.car_of[person] == car).any():
                    fleet.leave(car, person)

    def probe(self, requests: Requests) -> Answers:
        """The seat that saves most for each request alone."""
        answers = Answers.refused(len(requests), NO_DRIVER)
        fleet = self.cars() if len(requests) and "car" in self.scene.services else None
        if fleet is None or not len(fleet):
            return answers
        units, unit = self.units(requests)
        car, rider = self._candidates(fleet, units, units.slots)
        saved, where, off = fleet.ways(car, units.take(rider))
        order = np.lexsort((car, -saved, rider))
        first = order[np.append(True, rider[order[1:]] != rider[order[:-1]])[: len(order)]]
        first = first[np.isfinite(saved[first])]
        minutes = np.full((3, len(units)), np.nan)
        for k, i, j in sorted(
            set(
                zip(
                    fleet.riders[car[first]].tolist(), where[first].tolist(), off[first].tolist(), strict=True
                )
            )
        ):
            mine = first[(fleet.riders[car[first]] == k) & (where[first] == i) & (off[first] == j)]
            one = units.take(rider[mine])
            alone = Trips.alone(one.place, one.site, one.person, one.start, one.end)
            driven = fleet.drive(fleet.trips(car[mine], k).with_rider(i, j, alone))
            minutes[:, rider[mine]] = driven.out_min[:, j], driven.back_min[:, j], driven.wait_min[:, j]
        answers.served[:] = np.isfinite(minutes[0])[unit]
        answers.reason[answers.served] = 0
        told = np.where(answers.served, minutes[:, unit], 0.0)
        answers.out_min[:], answers.back_min[:], answers.wait_min[:] = told
        return answers

    def rides(self) -> Rides:
        """Riders aboard as the cars are now."""
        fleet, parts = self.cars(), []
        for k in range(1, MOST + 1):
            rows = np.flatnonzero(fleet.riders == k)
            trips = fleet.trips(rows, k)
            driven = fleet.drive(trips)
            minutes = (driven.out_min, driven.back_min, driven.wait_min, driven.picked_min)
            parts.append(
                [np.repeat(rows, k), trips.dropped[:, :k].ravel(), *(m[:, :k].ravel() for m in minutes)]
            )
        return Rides(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _with_partners(self, fleet: Fleet, units: Units, left: Array) -> None:
        """Who rode with somebody at these hours does again, if she still drives and it still saves."""
        car = self.partners.cars(units, fleet.units)
        rider = np.flatnonzero(car >= 0)
        while len(rider):
            _, first = np.unique(car[rider], return_index=True)  # one rider a car at a time
            now = rider[first]
            self._board(fleet, units, left, car[now], now, *fleet.ways(car[now], units.take(now)))
            rider = np.delete(rider, first)

    def _rematch(self, fleet: Fleet, units: Units, left: Array) -> Array:
        """Match those without a seat, a rider a car at a time, until none gains; who had a candidate."""
        car, rider = self._candidates(fleet, units, left)
        known = np.zeros(len(units), bool)
        known[rider] = True
        saved: Array = np.zeros(len(car))
        where: Array = np.zeros(len(car), np.int64)
        off = where.copy()
        stale: Array = np.ones(len(car), bool)  # what a pair saves changes only with the car's other riders
        for _ in range(self.limits.seats + 2):
            open_ = fleet.free(car, left[rider]).any(axis=1) & ~fleet.aboard(car, units.person[rider])
            car, rider, saved, where, off, stale = (a[open_] for a in (car, rider, saved, where, off, stale))
            again = np.flatnonzero(stale)
            saved[again], where[again], off[again] = fleet.ways(car[again], units.take(rider[again]))
            good = np.isfinite(saved)
            car, rider, saved, where, off = (a[good] for a in (car, rider, saved, where, off))
            if not len(car):
                break
            days = fleet.free(car, left[rider]).sum(axis=1)
            cars, riders = np.unique(car), np.unique(rider)
            at, to = np.searchsorted(cars, car), len(cars) + np.searchsorted(riders, rider)
            ptr = np.searchsorted(at, np.arange(len(cars) + len(riders) + 1)).astype(np.int64)
            weight = (saved * 1000.0 * days).astype(np.int32)
            found = match(Pairs(np.arange(len(ptr) - 1), ptr, to.astype(np.int32), weight))
            taken = found.mate[at] == to
            chosen = (a[taken] for a in (car, rider, saved, where, off))
            self._board(fleet, units, left, *chosen)
            stale = np.isin(car, car[taken])
        return known

    def _board(
        self,
        fleet: Fleet,
        units: Units,
        left: Array,
        car: Array,
        rider: Array,
        saved: Array,
        where: Array,
        off: Array,
    ) -> None:
        """Seats for pairs of car and rider, at most one a car, on all days on which both go."""
        slots = fleet.free(car, left[rider])
        good = np.isfinite(saved) & slots.any(axis=1) & ~fleet.aboard(car, units.person[rider])
        car, rider, slots = car[good], rider[good], slots[good]
        fleet.board(car, units.take(rider), where[good], off[good], slots)
        left[rider] &= ~slots
        pair, slot = np.nonzero(slots)
        self.car_of[units.person[rider[pair]], slot] = car[pair]

    def _candidates(self, fleet: Fleet, units: Units, left: Array) -> tuple[Array, Array]:
        """Pairs of car and rider that may do, by car, then rider."""
        firm = None
        if self.service.options.between == "firm":
            firm = self.service.ground.population.posts.firm[self.scene.post]
        return candidates(self.legs, self.limits, fleet, units, left, firm)
