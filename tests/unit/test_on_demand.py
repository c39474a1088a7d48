"""On-demand transport: what is quoted, booked, refused and driven, against plain rules and the checker.

Lives here: one trip for everybody on the tiny grid. Not here: layouts (test_demand_layout), the planner
(test_dispatch), what every shared service keeps to (test_shared_contract).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.model import Bassin
from embauche.services.demand.legs import NO_RETURN, OUTSIDE_HOURS, TOO_LATE, WHEELCHAIR
from embauche.services.dispatching.day import Day, DayRequests
from embauche.services.dispatching.verify import faults
from embauche.services.shared import Requests
from one_trip import HOMES, WORK_NODE, same_trip
from service_examples import settings_with

PERSONS = 60
LIVELY = {"commute.choice_scale_eur": 10.0, "on_demand.ride_factor": 1.0}
START, END = 480.0, 990.0  # the shift "day"


def bassin(changes: dict[str, float] | None = None, **keys: Any) -> Bassin:
    """Everybody to node 55 for the day shift, with one system."""
    system = {
        "name": "tad", "walk_m": 0, "stops": "door", "hours": "05:00-23:00",
        "booking": {"kind": "same_day", "notice_min": 60}, "max_wait_min": 20, "detour_alpha": 1.5,
        "detour_beta_min": 10, "stop_min": 1, "fare_eur": 1.5, "fare_eur_per_km": 0.1,
        "fleet": {"vehicles": 4, "depot": "Aville", "seats": 8, "wheelchair_places": 1},
    } | keys  # fmt: skip
    settings = settings_with("on_demand", on_demand={"systems": [system]})
    return same_trip(PERSONS, LIVELY | (changes or {}), settings=settings)


def service_of(model: Bassin) -> Any:
    return next(s for s in model.services if s.name == "on_demand")


def asked(model: Bassin, n: int = PERSONS, days: int = 5) -> Requests:
    """The day shift of the first n persons on some days."""
    person = np.repeat(np.arange(n, dtype=np.int32), days)
    slot = np.tile(2 * np.arange(days), n).astype(np.int8)
    roster = model.network.classes.roster_local
    assert roster.size
    klass = model.network.classes.shift_class[
        model.network.classes.shift_ptr[model.population.posts.shift[0]]
    ]
    midnight = 1440.0 * (slot // 2)
    return Requests(
        person, model.population.persons.worker_id[person], slot, model.place[person],
        model.post_site[person], np.full(len(person), klass, np.int16), midnight + START, midnight + END,
        np.zeros(len(person), bool),
    )  # fmt: skip


def opened(model: Bassin) -> Any:
    """The service with a week open in which everybody else stays at home."""
    model.step()
    service = service_of(model)
    service.open_week(service.scene.week)
    return service


def grid_km(a: int, b: int) -> float:
    return 0.5 * (abs(a // 10 - b // 10) + abs(a % 10 - b % 10))


def test_the_quoted_offer_is_the_direct_ride() -> None:
    model = bassin()
    tile = service_of(model).quoted(asked(model, len(HOMES), 1))
    for k, home in enumerate(HOMES):
        km = grid_km(home, WORK_NODE)
        assert tile.out_min[k] == pytest.approx(km / 50 * 60 + 1, abs=0.02)
        assert tile.back_min[k] == pytest.approx(km / 50 * 60 + 1, abs=0.02)
        assert tile.eur[k] == pytest.approx(2 * 1.5 + 0.1 * 2 * km, abs=0.005)
        assert tile.km[k] == pytest.approx(2 * km)
        assert tile.wait_min[k] == 0.0


def test_no_vehicle_no_offer() -> None:
    model = bassin(fleet={"vehicles": 0, "depot": "Aville"})
    assert np.isinf(service_of(model).quoted(asked(model, 4, 1)).out_min).all()


def test_every_day_driven_is_proven_and_answers_are_what_is_driven(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[int, list[DayRequests]] = {}
    book = Day.book

    def noted(self: Day, requests: DayRequests) -> Any:
        seen.setdefault(id(self), []).append(requests)
        return book(self, requests)

    monkeypatch.setattr(Day, "book", noted)
    model = bassin(fleet={"vehicles": 2, "depot": "Aville", "seats": 4})
    service = opened(model)
    seen.clear()
    asks = asked(model)
    answers = service.book(asks)
    assert 20 < answers.served.sum() < len(asks), "all or nobody: nothing was tested"
    (week,) = service.weeks
    for number, day in week.days.items():
        parts = seen[id(day)]
        first = np.cumsum([0, *(len(p) for p in parts)])[:-1]
        groups = np.concatenate([p.group + 10_000 * k for k, p in enumerate(parts)])
        whole = DayRequests(
            *(np.concatenate([getattr(p, f) for p in parts]) for f in (
                "pickup", "delivery", "seats", "wheelchairs", "pickup_from", "pickup_until",
                "delivery_from", "delivery_until", "max_ride_min",
            )), groups, np.concatenate([p.known_min for p in parts]),
        )  # fmt: skip
        assert len(first)
        layout = week.reach.layout
        assert faults(day.finish(), whole, week.fleets[number].grid.fleet, layout.minutes, 1.0) == []
    ok = answers.served
    # nobody is at work later than the start, or waits longer than allowed; rides keep to the detour
    direct = np.array([grid_km(h, WORK_NODE) / 50 * 60 for h in HOMES])[asks.person % len(HOMES)]
    assert (answers.out_min[ok] >= direct[ok] + 1 - 0.01).all()
    assert (answers.out_min[ok] <= 20 + 1.5 * direct[ok] + 10 + 1.01).all()
    assert (answers.wait_min[ok] <= 20.01).all()
    assert (answers.back_min[ok] <= 20 + 1.5 * direct[ok] + 10 + 1.01).all()


def test_refusals_have_their_reasons() -> None:
    asks = asked(bassin())
    rule = {"kind": "previous_day", "cut_off": "06:00"}
    late = opened(bassin({"on_demand.short_notice": 1.0}, booking=rule))
    assert TOO_LATE in late.book(asks).reason
    few = asked(bassin(), 2)
    closed = opened(bassin(hours={"Mon,Tue,Wed,Thu": "05:00-23:00", "Fri": "05:00-12:00"}))
    answers = closed.book(few)
    friday = few.slot == 8
    assert (answers.reason[friday] == OUTSIDE_HOURS).all()
    assert answers.served[~friday].all()
    fleet = {"vehicles": 40, "depot": "Aville", "wheelchair_places": 0}
    chair = opened(bassin({"on_demand.wheelchair_share": 0.1}, fleet=fleet))
    reasons = chair.book(asks).reason
    assert 0 < (reasons == WHEELCHAIR).sum() < 100
    assert set(reasons.tolist()) == {0, WHEELCHAIR}
    fleet = {"vehicles": 4, "depot": "Aville", "shifts": {"hours": "05:00-12:00"}}
    oneway = opened(bassin(fleet=fleet))
    assert (oneway.book(asked(bassin(), 4)).reason == NO_RETURN).all()


def test_a_later_time_is_offered_where_the_scenario_says_so() -> None:
    small = {"vehicles": 1, "depot": "Aville", "seats": 2}
    refused = opened(bassin(fleet=small)).book(asked(bassin()))
    later = opened(bassin(fleet=small, on_refusal="offer_later", shift_by_min=60)).book(asked(bassin()))
    assert later.served.sum() > refused.served.sum()
    assert later.wait_min.max() > 20.0


def test_real_time_rides_are_decided_as_they_are_asked_for() -> None:
    service = opened(bassin(booking={"kind": "real_time"}))
    answers = service.book(asked(bassin()))
    assert answers.served.any()


def test_a_night_shift_comes_home_on_the_next_day_and_sunday_on_monday() -> None:
    service = opened(bassin(hours={"all": ["03:00-08:00", "19:00-23:00"]}))
    asks = asked(bassin(), 4, 7)
    midnight = 1440.0 * (asks.slot // 2)
    asks.start_min[:], asks.end_min[:] = midnight + 1260, midnight + 1740
    answers = service.book(asks)
    assert answers.served.all()
    (week,) = service.weeks
    assert {b for _, b in week.booked.day} == set(range(7))
    assert all((b - a) % 7 == 1 for a, b in week.booked.day)
    service.release(asks)
    assert all((day.finish().vehicle < 0).all() for day in week.days.values())


def test_half_a_tour_is_given_back_where_the_other_half_is_refused() -> None:
    evening = {"vehicles": 4, "depot": "Aville", "shifts": {"hours": "19:00-23:00"}}
    service = opened(bassin(hours={"all": ["03:00-08:00", "19:00-23:00"]}, fleet=evening))
    asks = asked(bassin(), 4, 2)
    midnight = 1440.0 * (asks.slot // 2)
    asks.start_min[:], asks.end_min[:] = midnight + 1260, midnight + 1740
    assert (service.book(asks).reason == NO_RETURN).all()
    assert all((day.finish().vehicle < 0).all() for day in service.weeks[0].days.values())


def test_rides_to_a_bus_stop_go_on_by_bus() -> None:
    """Homes in Aville only; work lies in Bourg, on the line: a ride to the stop West, then the bus."""
    model = bassin(zone={"communes": "Aville"}, feeder={"stops": "West", "hold_min": 5}, walk_m=100)
    service = service_of(model)
    requests = asked(model, 4, 1)
    tile = service.quoted(requests)
    offered = np.isfinite(tile.out_min)
    inside = np.isin(model.population.persons.commune[:4], 0)
    assert np.array_equal(offered, inside)
    assert offered.any()
    assert (tile.transfers[offered] >= 2).all()
    fare = model.parameters["transit.fare_eur"]
    assert (tile.eur[offered] >= 3.0 + fare - 0.005).all()
    answers = opened(model).book(requests)
    assert answers.served[offered].any()
    ok = answers.served
    assert (answers.out_min[ok] >= tile.out_min[ok] - 0.05).all()


def test_books_and_events_of_a_week() -> None:
    model = bassin()
    for _ in range(2):
        model.step()
    tables = model.week_tables()
    e, led, ops = tables["events"], tables["ledger"], tables["operations"]
    mine = e.take(e.service == "on_demand")
    served = int((mine.event == "served").sum())
    assert (mine.event == "pickup").sum() == (mine.event == "delivery").sum() == 2 * served > 0
    rows = led.service == "on_demand"
    what = {w: int(led.cents[rows & (led.what == w)].sum()) for w in set(led.what[rows])}
    paid_h = 4 * 18 * 7  # vehicles, hours of a day in three shifts of six hours, days
    assert what["drivers"] == round(100 * paid_h * model.parameters["on_demand.driver_eur_h"])
    vehicles = ops.take((ops.service == "on_demand") & (ops.commune == ""))
    km = float(vehicles.km_with[0] + vehicles.km_empty[0])
    moves = tables["moves"]
    assert km == pytest.approx(moves.km[moves.service == "on_demand"].sum())
    assert what["energy"] == pytest.approx(100 * km * model.parameters["on_demand.energy_eur_per_km"], abs=1)
    assert what["fare"] + what["subsidy"] == sum(
        what[k] for k in ("drivers", "energy", "vehicles", "booking")
    )
    trips = tables["trips"]
    row = [s.name for s in model.services].index("on_demand")
    riders = trips.take(trips.service == row)
    assert what["fare"] == int((riders.eur_cents * riders.tours).sum())
    assert vehicles.driver_min[0] == 60 * paid_h
