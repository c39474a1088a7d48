"""Places in transit: journeys run by run, places that run out, boardings told.

Not here: minutes of journeys (test_twin_model), rounds after a refusal (labour).
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from embauche.commuting.offers import new_tile
from embauche.core.scenario_load import validated
from embauche.core.settings import Settings
from embauche.model import Bassin
from embauche.routing.transit_legs import LegFinder
from embauche.services.crowding.transit import CrowdedTransit
from embauche.services.shared import Requests
from embauche.services.transit import Transit
from helpers import tiny_territory
from one_trip import same_trip

_EMPTY = Requests(*(np.zeros(0) for _ in range(9)))
TINY = tiny_territory()
LIVELY = {"commute.choice_scale_eur": 10.0, "transit.asc_eur": 20.0}


def corner(node: int) -> dict[str, float]:
    return {"lon": float(TINY.nodes.lon[node]), "lat": float(TINY.nodes.lat[node])}


def crossing() -> Settings:
    """A second line across the first, at all hours, so that there are changes and runs of the day before."""
    line = {
        "line": "N", "stops": [corner(0), "W", corner(90)], "headway_min": 9, "between": "00:10-23:50",
    }  # fmt: skip
    late = {"routes": ["1"], "headway_min": 10, "between": "04:00-24:00"}
    return validated({"name": "x", "timetable": [line, late]}).settings()


def week(places: float, seed: int = 1) -> Bassin:
    changes = LIVELY | {"transit.capacity": 1.0, "transit.bus_places": places}
    model = same_trip(300, changes, seed=seed)
    model.step()
    return model


def crowded(model: Bassin) -> CrowdedTransit:
    return next(s for s in model.services if isinstance(s, CrowdedTransit))


def test_rides_are_those_of_the_quoted_minutes() -> None:
    model = same_trip(40, {}, settings=crossing(), homes=(50, 45, 62, 90, 0, 20, 81))
    net = model.network
    rows = net.transit
    assert rows is not None
    service = next(s for s in model.services if isinstance(s, Transit))
    site, klass = np.nonzero(rows.row >= 0)
    place = np.repeat(np.arange(len(net.place_rows)), len(site)).astype(np.int32)
    site = np.tile(site, len(net.place_rows)).astype(np.int32)
    klass = np.tile(klass, len(net.place_rows)).astype(np.int16)
    tile = new_tile(place, site, klass)
    service.fill(tile)
    found = LegFinder(rows).journeys(place, rows.row[site, klass])
    changed = 0
    for i, journey in enumerate(found):
        assert (journey is None) == bool(np.isinf(tile.out_min[i]))
        if journey is None:
            continue
        clocks: list[Any] = []
        for way in journey:
            times = []
            for ride in way:
                first = int(rows.times.ptr[ride.trip])
                shift = 86_400 * ride.offset
                assert ride.start < ride.end
                dep, arr = rows.times.dep[first + ride.start], rows.times.arr[first + ride.end]
                times.append((int(dep) + shift, int(arr) + shift))
            for before, after in itertools.pairwise(times):
                assert before[1] + 180 <= after[0]  # three minutes to change
            clocks.append(times)
        near = slice(rows.near.ptr[place[i]], rows.near.ptr[place[i] + 1])
        walk = dict(zip(rows.near.stop[near].tolist(), rows.near.seconds[near].tolist(), strict=True))
        out, back = journey
        home_out = int(rows.times.stop[rows.times.ptr[out[0].trip] + out[0].start])
        home_back = int(rows.times.stop[rows.times.ptr[back[-1].trip] + back[-1].end])
        start, end = int(net.classes.start_s[klass[i]]), int(net.classes.end_s[klass[i]])
        assert start - (clocks[0][0][0] - walk[home_out]) == pytest.approx(60 * tile.out_min[i], abs=0.01)
        assert clocks[1][-1][1] + walk[home_back] - end == pytest.approx(60 * tile.back_min[i], abs=0.01)
        assert len(out) + len(back) - 2 == tile.transfers[i]
        changed += len(out) > 1
    assert changed > 0


def test_no_run_holds_more_than_its_places() -> None:
    model = week(5.0)
    service = crowded(model)
    assert max(int(r.max()) for r in service._riders.values()) == 5
    events = model.week_tables()["events"]
    count = {name: int((events.event == name).sum()) for name in set(events.event)}
    assert count["refused"] > 20
    assert count["boarding"] == count["alighting"] >= 2 * count["served"]
    trips = model.week_tables()["trips"]
    row = [s.name for s in model.services].index("transit")
    assert trips.tours[trips.service == row].sum() == len(service.booked) == count["served"]
    aboard = sum(int(r[0]) for r in service._riders.values())
    assert aboard > 0
    for person, slot in list(service.booked):
        service.release(_request(person, slot))
    assert all((r == 0).all() for r in service._riders.values())


def _request(person: int, slot: int) -> Any:
    return replace(_EMPTY, person=np.array([person]), slot=np.array([slot]))


def test_without_places_nobody_rides() -> None:
    model = week(0.0)
    assert model.week_travel is not None
    row = [s.name for s in model.services].index("transit")
    assert (model.week_travel.chosen != row).all()


def test_places_are_not_counted_unless_asked() -> None:
    model = same_trip(10)
    assert type(next(s for s in model.services if s.name == "transit")) is Transit
    assert not model.shared
