"""The end of a week of carpools: matches, pick-ups, guaranteed returns, and who paid what for them.

Lives here: close. Not here: who rides with whom (carpooling.week), a campaign's rules (carpooling.money).
The cars' own kilometres are those of the service car; here stand the detours, and what riders did not drive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.ledger import SUPPLIER, USER, operator, whole_cents
from embauche.services.carpooling.habit import habit
from embauche.services.carpooling.money import Carried
from embauche.services.carpooling.units import Units
from embauche.services.carpooling.week import CarpoolWeek, Rides
from embauche.services.shared import WeekOfService, events

Array = np.ndarray[Any, Any]
DAY_MIN = 1440.0


@dataclass
class Tours:
    """Tours ridden, all [tour], by day, driver and rider.

    Attributes:
        person: int64 row of the rider; slot: int64; car, ride: int64 rows of the fleet and the rides.
        taxi_out, taxi_back: bool, the driver did not come, or could not take her home.
    """

    person: Array
    slot: Array
    car: Array
    ride: Array
    taxi_out: Array
    taxi_back: Array


def close(week: CarpoolWeek) -> WeekOfService:
    """Play the week as booked."""
    out = WeekOfService()
    habit(week, out)
    if week.fleet is None or not len(week.fleet) or not (week.car_of >= 0).any():
        return out
    rides = week.rides()
    tours = _tours(week, rides)
    _tell(week, rides, tours, out)
    _pay(week, tours, out)
    riders = _riders_hours(week, tours)
    week.partners.remember(week.scene.week, riders, week.cars().units.take(rides.car))
    return out


def _tours(week: CarpoolWeek, rides: Rides) -> Tours:
    fleet = week.cars()
    person, slot = np.nonzero(week.car_of >= 0)
    car = week.car_of[person, slot].astype(np.int64)
    n = len(week.car_of)
    order = np.argsort(rides.car * n + rides.person)
    ride = order[np.searchsorted((rides.car * n + rides.person)[order], car * n + person)]
    gone = ~fleet.runs[car, slot]
    tours = Tours(person, slot, car, ride, gone, gone | week.stranded(car, slot))
    by = np.lexsort((week.scene.worker_id[person], fleet.units.worker_id[car], slot))
    return Tours(*(column[by] for column in vars(tours).values()))


def _tell(week: CarpoolWeek, rides: Rides, tours: Tours, out: WeekOfService) -> None:
    """Events: a match a pair and week, drivers who failed riders, a boarding each way: pickup or taxi."""
    scene, fleet, name = week.scene, week.cars(), week.service.name
    driver = fleet.units.worker_id
    out.events.append(
        events(
            scene.week, name, "match", len(rides.car), worker_id=scene.worker_id[rides.person],
            other_id=driver[rides.car], vehicle=rides.car, out_min=rides.out_min, back_min=rides.back_min,
            wait_min=rides.wait_min,
        )
    )  # fmt: skip
    rider, other = scene.worker_id[tours.person], driver[tours.car]

    def tell(event: str, of: Array, **columns: Array) -> None:
        told = {key: value[of] for key, value in columns.items()}
        out.events.append(
            events(
                scene.week, name, event, int(of.sum()), day=tours.slot[of] // 2, worker_id=rider[of], **told
            )
        )

    for minute, by_taxi, node, taxi in _boardings(week, rides, tours):
        tell("pickup", ~taxi, other_id=other, vehicle=tours.car, node=node, minute=minute)
        tell("taxi", taxi, node=node, minute=by_taxi)
    tell("no_show", tours.taxi_back, other_id=other, vehicle=tours.car)


def _boardings(week: CarpoolWeek, rides: Rides, tours: Tours) -> Iterator[tuple[Array, Array, Array, Array]]:
    """Out, then back, all [tour]: minute of the week with the driver and by taxi, node, whether by taxi."""
    service, scene = week.service, week.scene
    ground, net = service.ground, service.network
    klass = scene.klass_of(tours.person, tours.slot)
    place, site = ground.tour_ends.at(tours.person, scene.post[tours.person], klass)
    midnight = DAY_MIN * (tours.slot // 2)
    start, end = (midnight + s[klass] / 60.0 for s in (net.classes.start_s, net.classes.end_s))
    home, work = ground.territory.places.node[net.place_rows], ground.territory.sites.node[net.site_rows]
    ride = tours.ride
    alone = start - week.legs.home_work(place, site)[0]
    yield midnight + rides.picked_min[ride], alone, home[place], tours.taxi_out
    yield end + rides.wait_min[ride], end + service.value("taxi_wait_min"), work[site], tours.taxi_back


def _pay(week: CarpoolWeek, tours: Tours, out: WeekOfService) -> None:
    """Riders' shares, campaigns' money, taxis of the guaranteed return; kilometres ridden."""
    service, fleet = week.service, week.cars()
    ground, value = service.ground, service.value
    persons, codes = ground.population.persons, ground.territory.communes.code
    klass = week.scene.klass_of(tours.person, tours.slot)
    place, site = ground.tour_ends.at(tours.person, week.scene.post[tours.person], klass)
    one_way = week.legs.home_work(place, site)[1].astype(np.float64)
    fare = whole_cents(service.fares(place, site, klass))
    system, home = week.purse.system(place, site), persons.commune[tours.person]
    driver_home = persons.commune[fleet.units.person[tours.car]]
    taxis = tours.taxi_out.astype(np.float64) + tours.taxi_back
    taxi = whole_cents(taxis * (value("taxi_eur") + value("taxi_eur_per_km") * one_way))
    names = ["", *(c.name for c in week.purse.campaigns)]
    for k, name in enumerate(names):
        mine, runs = system == k - 1, operator(service.name, name)
        given = (service.name, name)
        out.ledger.pay_many(*given, USER, runs, "fare", fare[mine], home[mine], codes)
        out.ledger.pay_many(*given, runs, USER, "driver_share", fare[mine], driver_home[mine], codes)
        out.ledger.pay_many(*given, runs, SUPPLIER, "guaranteed_return", taxi[mine], home[mine], codes)
        out.operations.add_many(
            *given, home[mine], codes, trips=np.full(int(mine.sum()), 2.0), passenger_km=2.0 * one_way[mine]
        )
    trip = np.concatenate([np.flatnonzero(~tours.taxi_out), np.flatnonzero(~tours.taxi_back)])
    trip = np.sort(trip, kind="stable")
    carried = Carried(
        fleet.units.worker_id[tours.car[trip]], tours.slot[trip] // 2, one_way[trip], place[trip], site[trip]
    )
    for campaign, cents in zip(week.purse.campaigns, week.purse.pay(carried), strict=True):
        out.ledger.pay_many(
            service.name, campaign.name, operator(service.name, campaign.name), USER, "incentive", cents,
            driver_home[trip], codes,
        )  # fmt: skip
    _detours(week, tours, names, system, out)


def _detours(week: CarpoolWeek, tours: Tours, names: list[str], system: Array, out: WeekOfService) -> None:
    """Kilometres that cars drove beyond their own way, out and back, under their first rider's campaign."""
    fleet, service = week.cars(), week.service
    cell, first = np.unique(tours.car * 14 + tours.slot, return_index=True)
    car, slot = cell // 14, cell % 14
    km = 2.0 * (fleet.km - fleet.own_km)[car] * fleet.runs[car, slot]
    for k, name in enumerate(names):
        mine = km[system[first] == k - 1].sum()
        if mine > 0:
            out.operations.add(
                service.name,
                name,
                km_with=float(mine),
                co2_g=float(mine) * service.parameters["car.co2_g_per_km"],
            )


def _riders_hours(week: CarpoolWeek, tours: Tours) -> Units:
    """Hours of each ride's rider, one unit a ride."""
    _, first = np.unique(tours.ride, return_index=True)
    person, slot = tours.person[first], tours.slot[first]
    scene, ground = week.scene, week.service.ground
    klass, classes = scene.klass_of(person, slot), week.service.network.classes
    return Units(
        person, scene.worker_id[person], *ground.tour_ends.at(person, scene.post[person], klass),
        classes.start_s[klass] / 60.0, classes.end_s[klass] / 60.0, np.zeros((len(person), 14), bool),
    )  # fmt: skip
