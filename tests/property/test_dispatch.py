"""Dispatch against its slow twin, and every plan proven: random stops, fleets, breaks, windows, groups.

Not here: speed (benchmarks/on_demand).
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.services.dispatching.day import NO_VEHICLE, OTHER_LEG, SERVED, Day, DayRequests
from embauche.services.dispatching.grid import Fleet, Grid
from embauche.services.dispatching.plan import DELIVERY, PICKUP
from embauche.services.dispatching.verify import faults
from naive.dispatch import Leg, Van, best

INF = np.inf


def case(seed: int, vehicles: int = 3, legs: int = 12, *, breaks: bool = True, rides: bool = True):
    """A random fleet and legs on a plane of a few stops, with tight windows."""
    g = np.random.default_rng(seed)
    stops = 7
    xy = g.uniform(0, 20, (stops, 2))
    minutes = np.hypot(*(xy[:, None] - xy[None]).T).astype(np.float32)
    rest = g.random(vehicles) < (0.6 if breaks else 0.0)
    begin = g.integers(60, 200, vehicles).astype(float)
    fleet = Fleet(
        depot=g.integers(0, stops, vehicles).astype(np.int32),
        seats=g.integers(1, 4, vehicles).astype(np.int8),
        wheelchair_places=g.integers(0, 2, vehicles).astype(np.int8),
        shift_from=g.integers(0, 40, vehicles).astype(float),
        shift_until=g.integers(300, 420, vehicles).astype(float),
        break_from=np.where(rest, begin, np.nan),
        break_until=np.where(rest, begin + 70, np.nan),
        break_min=np.where(rest, 20.0, np.nan),
    )
    pickup = g.integers(0, stops, legs)
    delivery = (pickup + g.integers(1, stops, legs)) % stops
    direct = minutes[pickup, delivery].astype(float)
    start = g.integers(0, 330, legs).astype(float)
    home = g.random(legs) < 0.5
    requests = DayRequests(
        pickup=pickup.astype(np.int32),
        delivery=delivery.astype(np.int32),
        seats=np.ones(legs, np.int8),
        wheelchairs=(g.random(legs) < 0.15).astype(np.int8),
        pickup_from=np.where(home, start, -INF),
        pickup_until=np.where(home, start + g.integers(5, 60, legs), INF),
        delivery_from=np.where(home, -INF, start),
        delivery_until=np.where(home, INF, start + g.integers(5, 60, legs)),
        max_ride_min=(direct * 1.4 + 8 if rides else np.full(legs, INF)),
        group=np.arange(legs) // 2,
        known_min=np.full(legs, -INF),
    )
    return minutes, fleet, requests


def one(requests: DayRequests, k: int) -> DayRequests:
    return DayRequests(*(getattr(requests, name)[k : k + 1] for name in DayRequests.__dataclass_fields__))


def all_of(parts: list[DayRequests]) -> DayRequests:
    return DayRequests(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in DayRequests.__dataclass_fields__)
    )


def proven(day: Day, requests: DayRequests, fleet: Fleet, minutes: np.ndarray, halt: float) -> None:
    assert faults(day.finish(), requests, fleet, minutes, halt) == []


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), rides=st.booleans(), halt=st.sampled_from([0.0, 1.5]))
def test_the_winner_is_that_of_the_twin(seed: int, rides: bool, halt: float) -> None:
    minutes, fleet, requests = case(seed, rides=rides)
    requests.group = np.arange(len(requests))
    grid = Grid(minutes, minutes, fleet, halt)
    day = Day(grid, care=0.0)
    vans = [
        Van(
            int(fleet.depot[v]), int(fleet.seats[v]), int(fleet.wheelchair_places[v]),
            (float(fleet.shift_from[v]), float(fleet.shift_until[v])),
            None if np.isnan(fleet.break_min[v])
            else (float(fleet.break_from[v]), float(fleet.break_until[v]), float(fleet.break_min[v])),
        )
        for v in range(len(fleet))
    ]  # fmt: skip
    legs = [
        Leg(
            int(requests.pickup[k]), int(requests.delivery[k]),
            (float(requests.pickup_from[k]), float(requests.pickup_until[k])),
            (float(requests.delivery_from[k]), float(requests.delivery_until[k])),
            float(requests.max_ride_min[k]), int(requests.seats[k]), int(requests.wheelchairs[k]),
        )
        for k in range(len(requests))
    ]  # fmt: skip
    for van in vans:
        van.tasks = van.empty()
    for k in range(len(requests)):
        least, ways = best(vans, legs, k, minutes, halt)
        answer = day.book(one(requests, k))
        assert bool(answer.served[0]) == (least < INF)
        if answer.served[0]:
            v = int(answer.vehicle[0])
            tasks = route(day, v)
            assert (v, tuple(tasks)) in ways
            vans[v].tasks = tasks
    proven(day, requests, fleet, minutes, halt)


def route(day: Day, vehicle: int) -> list[tuple[str, int | None]]:
    """The tasks of a vehicle's route."""
    routes, tasks = day.routes, []
    for event in routes.seq[vehicle, 1 : routes.n[vehicle] - 1]:
        if event == 4 * vehicle + 2:
            tasks.append(("rest", None))
        else:
            tasks.append(("down" if event & 1 else "up", int(event >> 1) - day.own))
    return tasks


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), search=st.sampled_from([0, 40]), halt=st.sampled_from([0.0, 2.0]))
def test_whatever_is_booked_released_and_improved_can_be_driven(seed: int, search: int, halt: float) -> None:
    minutes, fleet, requests = case(seed, legs=24)
    day = Day(Grid(minutes, minutes, fleet, halt), seed=seed, search=search)
    first = all_of([one(requests, k) for k in range(14)])
    second = all_of([one(requests, k) for k in range(14, 24)])
    booked = day.book(first)
    served = day.finish()
    assert set(booked.reason[booked.served]) <= {SERVED}
    assert not (set(booked.reason[~booked.served]) & {SERVED})
    day.release(booked.leg[booked.served][:2])  # a whole group: groups are pairs in order
    gone = np.flatnonzero(booked.served)[:2]
    assert np.isnan(day.finish().pickup_min[gone]).all()
    before = day.finish()
    probe = day.probe(second)
    after = day.finish()
    np.testing.assert_array_equal(before.halts.time_min, after.halts.time_min)
    answer = day.book(second)
    if not search:
        assert answer.served[:2].tolist() == probe.served[:2].tolist()
    proven(day, all_of([first, second]), fleet, minutes, halt)
    assert len(served.vehicle) == 14
    # who gave her legs back, or was refused, has gone another way: no search books her behind her back
    day.improve(50)
    gone = np.concatenate([gone, np.flatnonzero(~booked.served), 14 + np.flatnonzero(~answer.served)])
    assert (day.finish().vehicle[gone] < 0).all()


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), rides=st.booleans(), again=st.sampled_from([0, 2]))
def test_online_nobody_drives_before_it_is_known(seed: int, rides: bool, again: int) -> None:
    minutes, fleet, requests = case(seed, legs=24, breaks=False, rides=rides)
    g = np.random.default_rng(seed)
    early = np.where(np.isfinite(requests.pickup_from), requests.pickup_from, requests.delivery_from - 40)
    requests.known_min = early - g.integers(0, 30, len(requests))
    requests.pickup_from = np.maximum(requests.pickup_from, requests.known_min)
    size = 1 if again else 2
    requests.group = np.arange(len(requests)) // size
    day = Day(Grid(minutes, minutes, fleet, 0.0), again=again)
    answer = day.book(requests)
    plan = day.finish()
    proven(day, requests, fleet, minutes, 0.0)
    known = np.maximum.reduceat(requests.known_min, np.arange(0, len(requests), size))[requests.group]
    halts = plan.halts
    for k in np.flatnonzero(halts.kind == PICKUP):
        left = halts.arrive_min[k] - halts.drive_min[k]
        assert left >= min(known[halts.leg[k]], halts.time_min[k - 1]) - 1e-6 or halts.leg[k - 1] >= 0
    assert answer.served.sum() == (halts.kind == DELIVERY).sum()


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_improvement_loses_nobody_and_drives_no_more(seed: int) -> None:
    minutes, fleet, requests = case(seed, legs=20)
    day = Day(Grid(minutes, minutes, fleet, 1.0), seed=seed)
    answer = day.book(requests)
    before = day.finish()
    for _ in range(3):
        day.improve(30)
    after = day.finish()
    assert (after.vehicle >= 0)[answer.served].all()
    if (after.vehicle >= 0).sum() == answer.served.sum():
        assert after.driven_min.sum() <= before.driven_min.sum() + 1.0 * len(requests)
    proven(day, requests, fleet, minutes, 1.0)
    again = Day(Grid(minutes, minutes, fleet, 1.0), seed=seed)
    again.book(requests)
    again.improve(90)
    np.testing.assert_array_equal(again.finish().halts.time_min, after.halts.time_min)


@pytest.mark.parametrize("what", ["no vehicle", "no place", "other leg"])
def test_reasons(what: str) -> None:
    minutes = np.array([[0, 10], [10, 0]], np.float32)
    one_van = [np.array([x]) for x in (0, 2, 0, 0.0, 200.0, np.nan, np.nan, np.nan)]
    fleet = Fleet(*one_van)
    two = [np.array([a, b]) for a, b in ((0, 1), (1, 0))]
    requests = DayRequests(
        *two, np.ones(2, np.int8), np.array([0, what == "no place"], np.int8),
        np.array([0.0, 190.0 if what != "no place" else 60.0]), np.array([5.0, 195.0]),
        np.full(2, -INF), np.full(2, INF), np.full(2, INF),
        np.array([0, 0]) if what != "no vehicle" else np.array([0, 1]), np.full(2, -INF),
    )  # fmt: skip
    answer = Day(Grid(minutes, minutes, fleet, 1.0)).book(requests)
    if what == "no vehicle":
        assert answer.served.tolist() == [True, False]
        assert answer.reason.tolist() == [SERVED, NO_VEHICLE]
        assert answer.leg.tolist() == [0, -1]
    else:
        assert not answer.served.any()
        assert answer.reason.tolist() == [OTHER_LEG, 3 if what == "no place" else NO_VEHICLE]


@pytest.mark.parametrize("places", [False, True])
@pytest.mark.parametrize("booked", [0, 40])
def test_rows_widen_for_many_riders_in_few_vehicles(places: bool, booked: int) -> None:
    g = np.random.default_rng(5)
    n, xy = 120, g.uniform(0, 8, (9, 2))
    minutes = np.hypot(*(xy[:, None] - xy[None]).T).astype(np.float32)
    no = np.full(2, np.nan)
    fleet = Fleet(
        np.zeros(2, np.int32), np.full(2, 100, np.int8), np.zeros(2, np.int8), np.zeros(2), np.full(2, 900.0),
        no, no, no,
    )  # fmt: skip
    pickup = g.integers(0, 9, n)
    start = np.sort(g.uniform(0, 60, n))
    requests = DayRequests(
        pickup.astype(np.int32), ((pickup + g.integers(1, 9, n)) % 9).astype(np.int32), np.ones(n, np.int8),
        np.zeros(n, np.int8), start, start + 200, start, np.full(n, 800.0), np.full(n, INF), np.arange(n),
        np.where(np.arange(n) < booked, -INF, start),
    )  # fmt: skip
    day = Day(Grid(minutes, minutes, fleet, 0.0, places=xy if places else None), search=30, again=3)
    assert day.book(requests).served.all()
    proven(day, requests, fleet, minutes, 0.0)
    assert day.routes.n.max() > 64
