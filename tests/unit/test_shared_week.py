"""The week with services whose places are few: who is served, what the refused do, what is learned.

Lives here: the rules of docs/model.md seen from outside, with a minibus of few seats. Not here: agreement
with the twin (test_twin_model), threads and saved states (test_model_determinism).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.core.offerings import KINDS
from embauche.core.scenario_load import load_scenario
from embauche.kernels.experience import ACCEPT
from embauche.model import Bassin
from embauche.population.territory_tables import start_population
from embauche.territory.load import territory_of
from fake_shared import FakeBus, minutes
from one_trip import HOMES, same_trip

STILL = {"quits.base": 0.0, "posts.destruction": 0.0, "contracts.cdd_end": 0.0, "search.on_the_job": 0.0,
         "demography.leave_adult": 0.0, "experience.reconsider": 0.0}  # fmt: skip
Array = np.ndarray[Any, Any]


def by_minibus(
    monkeypatch: pytest.MonkeyPatch, seats: int, persons: int = 300, changes: dict[str, float] | None = None,
    homes: tuple[int, ...] = HOMES,
) -> Bassin:  # fmt: skip
    """Everybody to the same shift, five days a week, with a minibus of so many seats beside the rest."""
    bus = type("Bus", (FakeBus,), {"seats": seats, "fails": False})
    monkeypatch.setitem(KINDS, "fake", bus)
    m = same_trip(persons, STILL | (changes or {}), homes=homes)
    settings = replace(m.settings, services=(*m.settings.services, "fake"))
    return Bassin(m.territory, m.population, m.catalogue, m.parameters, settings, rng=1)


def riders(model: Bassin) -> Array:
    """Who rides the minibus on which slot, bool [person, slot]."""
    assert model.week_travel is not None
    (row,) = model.shared
    return np.asarray(model.week_travel.chosen == row)


def accepted(model: Bassin) -> Array:
    """What each person expects of the minibus at the hours that all work: her chance to be served."""
    shift = model.population.posts.shift[0]
    klass = model.network.classes.roster[shift, 0, 0]
    return np.asarray(model.state.kept["fake.expected"][ACCEPT, model.place, klass]).copy()


def count(model: Bassin) -> dict[str, int]:
    """Rows of the week's events by kind."""
    names, counts = np.unique(model.week_tables()["events"].event.astype(str), return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def test_no_more_ride_than_there_are_seats_and_the_refused_go_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = by_minibus(monkeypatch, seats=7)
    model.step()
    assert (riders(model).sum(axis=0)[:10:2] == 7).all()
    seen = count(model)
    assert seen["served"] == 35
    assert seen["request"] == seen["served"] + seen["refused"]
    assert seen["fallback"] == seen["refused"] > 100
    events = model.week_tables()["events"]
    other = events.other[events.event == "fallback"]
    assert set(other) <= {"car", "bike", "walk", "transit", "missed"}
    assert (events.reason[events.event == "refused"] == 1).all()
    assert seen["boarding"] == 35, "what the service itself tells is kept"


def test_without_seats_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    model = by_minibus(monkeypatch, seats=0)
    for _ in range(3):
        model.step()
        assert not riders(model).any()
        assert count(model) == {}
        assert not np.isnan(model.state.kept["fake.expected"]).any()


def test_who_is_barred_everywhere_and_has_nothing_else_misses_the_shift(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From off the bus line, no car, no bike, and too far to walk."""
    near = {"walk.max_min": 10.0, "transit.max_min": 20.0}
    model = by_minibus(monkeypatch, seats=5, persons=60, homes=(90,), changes=near)
    model.population.households.cars[:] = 0
    model.population.persons.bike[:] = False
    model.step()
    assert model.week_travel is not None
    held = model.week_post >= 0
    assert (riders(model)[held].sum(axis=0)[:10:2] == 5).all()
    events = model.week_tables()["events"]
    missed = int(model.week_travel.missed.sum())
    assert missed > 0
    assert (events.other[events.event == "fallback"] == "missed").sum() > 0.9 * missed


def test_standing_bookings_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reconsiders but those refused: so who once had a seat has it ever after."""
    model = by_minibus(monkeypatch, seats=9)
    model.step()
    for _ in range(4):
        before, post = riders(model), model.week_post.copy()
        model.step()
        kept = (model.week_post == post) & (post >= 0)
        assert (riders(model)[kept] >= before[kept]).all()


def test_trips_take_the_minutes_that_they_took(monkeypatch: pytest.MonkeyPatch) -> None:
    model = by_minibus(monkeypatch, seats=6)
    model.step()
    (row,) = model.shared
    trips = model.week_tables()["trips"]
    mine = trips.service == row
    whole = float((trips.tours[mine] * trips.out_min[mine].astype(np.float64)).sum())
    assert whole == pytest.approx(5 * sum(minutes(seat)[0] for seat in range(6)), rel=1e-6)


def test_people_learn_to_be_refused_and_ask_less(monkeypatch: pytest.MonkeyPatch) -> None:
    model = by_minibus(monkeypatch, seats=4, changes={"experience.reconsider": 0.2})
    asked, accept = [], []
    for _ in range(12):
        model.step()
        asked.append(count(model)["request"])
        accept.append(float(accepted(model).mean()))
    assert asked[-1] < 0.4 * asked[0]
    assert accept[-1] < accept[0] - 0.2


def test_probes_find_out_that_there_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody rides a service of which all expect refusals; those who try it find it empty."""
    model = by_minibus(monkeypatch, seats=50, changes={"commute.refused_min": 300.0})
    model.state.kept["fake.expected"][ACCEPT] = 0.0
    model.step()
    assert riders(model).sum() < 20
    before = accepted(model)
    model.step()
    assert (accepted(model) > before + 0.05).all()


@pytest.mark.long
@pytest.mark.parametrize("seats", [10, 80])
def test_services_and_choices_settle(seats: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few seats, 1,000 workers who could ride: riders change by under 5 % a week after week 20 (DESIGN)."""
    model = by_minibus(monkeypatch, seats, persons=1000, changes={"experience.reconsider": 0.2})
    rode = []
    for _ in range(40):
        model.step()
        rode.append(int(riders(model).sum()))
    late = np.array(rode[20:], float)
    change = np.abs(np.diff(late)) / late[:-1]
    assert change.mean() < 0.05, rode
    assert late.min() > 0.6 * 5 * min(seats, 80)


@pytest.mark.long
def test_ten_minibuses_on_demand_settle(repository: Path) -> None:
    """The scenario of ten minibuses at shift hours: riders of a week against those at equal roster phase."""
    scenario = load_scenario(repository / "configs" / "on-demand-at-shift-hours.yaml")
    territory, catalogue, parameters = (
        territory_of(scenario),
        scenario.catalogue(),
        scenario.parameter_values(),
    )
    population = start_population(territory, catalogue, parameters, 0)
    model = Bassin(territory, population, catalogue, parameters, scenario.settings(), rng=1)
    rode, asked = [], []
    for _ in range(40):
        model.step()
        assert model.week_travel is not None
        (book,) = model.week_travel.bookings
        rode.append(int(book.held.sum()))
        asked.append(len(book.held))
    assert max(asked) > 1000, "nobody is interested"
    late = np.array(rode[20:], float)
    for weeks in (1, 2, 3):  # rosters of one, two and three weeks
        change = np.abs(late[weeks:] - late[:-weeks]) / late[:-weeks]
        assert change.mean() < 0.05, (weeks, rode)
