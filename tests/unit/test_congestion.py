"""Congestion in the model: the twin's times and people, threads, counts, saved states.

Lives here: commuting.congestion and its switch. Not here: equilibria as such (test_assignment).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.unit.test_twin_model import BUSY, live_together

from embauche.commuting.congestion import Congestion as CarTimes
from embauche.core.errors import UserError
from embauche.core.parallel import get_threads, set_threads
from embauche.core.parameters import defaults
from embauche.core.scenario_congestion import read_counts
from embauche.core.scenario_load import load_scenario, validated
from embauche.core.settings import Congestion, Settings
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.labour.state import State
from embauche.labour.travel import car_trips
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.territory.schemas import TURNS
from helpers import tiny_territory
from naive import NaiveBassin
from naive.congestion import Congestion as PlainCongestion
from twin_case import start_of, twin_population

# one or two cars an hour fill a street, so that a hundred persons congest the roads
NARROW = {name: 2.0 for name in defaults() if name.startswith("congestion.") and name.endswith("_veh_h")} | {
    "congestion.alpha": 1.0,
    "congestion.every_weeks": 1.0,
    "congestion.gap": 1e-6,
}


def _model(changes: Mapping[str, float], settings: Settings, **more: object) -> Bassin:
    made = twin_population(tiny_territory(), households=40)
    population = Population(made.households, made.persons, made.firms, made.posts)
    parameters = defaults().replaced(changes)
    return Bassin(tiny_territory(), population, default_catalogue(), parameters, settings, **more)  # type: ignore[arg-type]


def _on(counts: Path | None = None) -> Settings:
    return Settings(congestion=Congestion(counts))


def _times(model: Bassin) -> CarTimes:
    assert model.congestion is not None
    return model.congestion


def _cars(model: Bassin) -> dict[tuple[int, int, int], float]:
    """Cars by (hour, from node, to node) of the last week travelled."""
    trips, hours = car_trips(model, _times(model)), _times(model).hours
    rows = zip(hours[trips.slot].tolist(), trips.origin.tolist(), trips.destination.tolist(), strict=True)
    return dict(zip(rows, trips.vehicles.tolist(), strict=True))


def test_the_plain_twin_has_the_same_times_in_the_busiest_hour() -> None:
    """As near as its few rounds of Frank-Wolfe come; equal in the hours without commuters."""
    model = _model(NARROW, _on(), rng=3)
    model.step()
    cars = _cars(model)
    busiest = max(_times(model).hours.tolist(), key=lambda h: sum(v for k, v in cars.items() if k[0] == h))
    trips = {key: v for key, v in cars.items() if key[0] == busiest}
    plain = PlainCongestion(model.territory, model.catalogue, model.parameters, {}, rounds=100)
    found, empty = plain.times(trips), _times(model).seconds.copy()
    model.step()
    assert list(found) == _times(model).hours.tolist()
    for slot, hour in enumerate(found):
        open_ = np.isfinite(found[hour])
        fast = (_times(model).seconds if hour == busiest else empty)[slot]
        assert (np.isfinite(fast) == open_).all()
        apart = np.abs(found[hour] - fast)[open_]
        assert apart.max() <= (2.0 if hour == busiest else 0.0)
        assert apart.mean() < 0.05
    full = _times(model).seconds / model.territory.arcs.car_s
    assert np.nanmax(full) > 1.3, "roads are full in this test"


@pytest.mark.long
def test_the_plain_twin_has_the_same_traffic_times_and_people() -> None:
    """Without commuters times are equal, with them as near as the twin's few rounds of Frank-Wolfe come; on
    the fast model's times the twin lives the same weeks, person by person."""
    changes = BUSY | NARROW
    fast = _model(changes, _on(), rng=3)
    made, parameters = fast.population, fast.parameters
    plain_times = PlainCongestion(fast.territory, fast.catalogue, parameters, {}, rounds=30)
    apart: list[np.ndarray] = []

    def times(trips: Mapping[tuple[int, int, int], float]) -> Mapping[int, np.ndarray]:
        found = plain_times.times(trips)
        congestion = _times(fast)
        assert list(found) == congestion.hours.tolist()
        for slot, hour in enumerate(found):
            mine, open_ = congestion.seconds[slot], np.isfinite(found[hour])
            assert (np.isfinite(mine) == open_).all()
            apart.append(np.abs(mine[open_] - found[hour][open_]))
        return dict(zip(found, congestion.seconds, strict=True))

    plain = NaiveBassin(
        fast.territory, made, fast.catalogue, parameters, rng=3, **start_of(fast), car_times=times
    )
    seen = live_together(fast, plain, weeks=2)
    assert seen["car"] > 100
    assert _cars(fast) == pytest.approx(dict(plain.car_trips))
    hours = len(_times(fast).hours)
    assert np.concatenate(apart[:hours]).max() == 0.0
    assert np.concatenate(apart[hours:]).mean() < 0.03
    assert np.concatenate(apart[hours:]).max() < 3.0
    slower = _times(fast).seconds / fast.territory.arcs.car_s
    assert np.nanmax(slower) > 1.2, "roads are full in this test"


def test_off_is_as_before_and_on_is_slower() -> None:
    off, on = _model(NARROW, Settings(), rng=1), _model(NARROW, _on(), rng=1)
    for model in (off, on):
        model.step()
        model.step()
    assert off.congestion is None
    for model in (off, on):
        model.book.forget()  # rows in order of persons: those who hold the same post in both are compared
        model.present_utilities()
    same = np.flatnonzero((off.state.post == on.state.post) & (off.state.post >= 0))
    a, b = (m.book.offers.out_min[0, m.book.start[same]] for m in (off, on))
    assert (b >= a).all()
    assert b.mean() > 1.005 * a.mean()


def test_delay_is_the_mean_of_minutes_lost() -> None:
    model = _model(NARROW, _on(), rng=2)
    model.step()
    assert model.datacollector.model_vars["car_delay_min"] == [0.0], "nobody drove before the first week"
    model.step()
    cars, lost = 0.0, 0.0
    for slot, result in enumerate(_times(model).results):
        assert result is not None
        empty = np.where(np.isfinite(model.territory.arcs.car_s), model.territory.arcs.car_s, 0.0)
        times = np.where(np.isfinite(_times(model).seconds[slot]), _times(model).seconds[slot], 0.0)
        for p, vehicles in enumerate(result.path_flow):
            path = result.path_link[result.path_ptr[p] : result.path_ptr[p + 1]]
            cars += vehicles
            lost += vehicles * (times - empty)[path].sum()
    assert model.datacollector.model_vars["car_delay_min"][1] == pytest.approx(lost / 60 / cars, rel=0.02)
    assert lost > 0


def test_threads_do_not_change_a_bit() -> None:
    before, found = get_threads(), []
    try:
        for threads in (1, 2):
            set_threads(threads)
            model = _model(NARROW, _on(), rng=2)
            for _ in range(3):
                model.step()
            found.append((_times(model).seconds.tobytes(), model.state.post.tobytes()))
    finally:
        set_threads(before)
    assert found[0] == found[1]


def test_times_stay_until_they_are_due() -> None:
    model = _model(NARROW | {"congestion.every_weeks": 2.0}, _on(), rng=2)
    kept = []
    for _ in range(5):
        model.step()
        kept.append(_times(model).seconds.copy())
    assert [bool((a == b).all()) for a, b in pairwise(kept)] == [True, False, True, False]


def test_a_saved_state_brings_its_traffic() -> None:
    """A model that starts from a saved state finds times from that week's cars, as the other one does."""
    model = _model(NARROW, _on(), rng=2)
    for _ in range(3):
        model.step()
    other = _model(NARROW, _on(), rng=2, state=State.from_arrays(model.state.arrays()))
    assert _cars(other) == _cars(model)
    model.step()  # times are found at the week's start
    assert (
        np.abs(_times(other).seconds - _times(model).seconds)[np.isfinite(_times(model).seconds)].max() < 0.11
    )


def test_models_on_one_network_keep_their_own_times() -> None:
    model = _model(NARROW, _on(), rng=2)
    shared = model.network
    other = _model(NARROW | {"congestion.background_day": 1.5}, _on(), rng=2, network=shared)
    assert other.network is not shared
    assert other.network.roads is not shared.roads
    assert (_times(other).seconds >= _times(model).seconds).all()
    assert shared.roads.car_slot_out.tolist() == other.network.roads.car_slot_out.tolist()


def _pairs(congestion: CarTimes) -> set[tuple[int, int]]:
    """Arcs that follow one another on some path in use; every arc of the tiny territory is open to cars."""
    found = set()
    for result in congestion.results:
        assert result is not None
        for p in range(len(result.path_flow)):
            path = result.path_link[result.path_ptr[p] : result.path_ptr[p + 1]].tolist()
            found |= set(pairwise(path))
    return found


def test_cars_take_no_banned_turn() -> None:
    model = _model(NARROW, _on(), rng=2)
    model.step()
    trips = car_trips(model, _times(model))
    free = CarTimes(model.network, model.territory, model.parameters)
    free.find(trips)
    arcs = model.territory.arcs
    assert np.isfinite(arcs.car_s).all()
    banned = [(a, b) for a, b in sorted(_pairs(free)) if arcs.tail[a] != arcs.head[b]][:5]
    rows = np.repeat(np.arange(len(banned)), 2)
    turns = Table.make(TURNS, {"turn": rows, "arc": np.ravel(banned), "relation": rows})
    territory = replace(model.territory, turns=turns)
    made = Bassin(territory, model.population, model.catalogue, model.parameters, rng=2)
    held = CarTimes(made.network, territory, model.parameters)
    held.find(trips)
    assert len(banned) == 5
    assert not set(banned) & _pairs(held)


def _with_ways() -> object:
    territory = tiny_territory()
    columns = dict(territory.arcs.columns)
    columns["way"] = np.arange(len(territory.arcs)) // 2 + 10
    return replace(territory, arcs=Table(territory.arcs.schema, columns))


def test_counts_take_the_place_of_the_general_share(tmp_path: Path) -> None:
    territory = _with_ways()
    file = tmp_path / "counts.csv"
    file.write_text("way,hour,vehicles\n10,7,8\n11,3,0\n")
    plain = _model(NARROW, _on(), rng=2)
    counted = CarTimes(plain.network, territory, plain.parameters, file)  # type: ignore[arg-type]
    general = CarTimes(plain.network, territory, plain.parameters)  # type: ignore[arg-type]
    slot = counted.hours.tolist().index(7)
    longer = np.flatnonzero((counted.seconds > general.seconds).any(axis=0))
    assert longer.tolist() == [0, 1]
    assert (counted.seconds[slot, :2] > general.seconds[slot, :2]).all()
    assert (np.delete(counted.seconds, slot, axis=0) <= np.delete(general.seconds, slot, axis=0)).all()


def test_ways_that_are_not_there_are_named(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text("way;hour;vehicles\n999;7;8\n")
    model = _model({}, Settings())
    with pytest.raises(UserError, match=r"(?s)some ways that were counted .*999"):
        CarTimes(model.network, _with_ways(), model.parameters, file)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "the first line of a table of counts names its columns"),
        ("way,hour\n1,2\n", 1, "the first line"),
        ("way,hour,vehicles\n1,2\n", 2, "this row has not three columns"),
        ("way,hour,vehicles\nx,2,3\n", 2, "way is no OpenStreetMap id"),
        ("way,hour,vehicles\n1,24,3\n", 2, "hour is no hour of the day"),
        ("way,hour,vehicles\n\n1,2,-3\n", 3, "vehicles is no number"),
        ("way,hour,vehicles\n1,2,nan\n", 2, "vehicles is no number"),
        ("way,hour,vehicles\n1,2,3\n1,2,4\n", 3, "a way has two counts in one hour"),
    ],
)
def test_faults_of_counts_are_named_with_their_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(text)
    with pytest.raises(UserError, match=what) as error:
        read_counts(file)
    (problem,) = error.value.problems
    assert (problem.file, problem.line) == (file, line)


def test_counts_that_are_no_file_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_counts(tmp_path / "none.csv")
    (tmp_path / "x.csv").write_bytes(b"way,hour,vehicles\n\xff\xfe")
    with pytest.raises(UserError, match="cannot be read"):
        read_counts(tmp_path / "x.csv")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("on", (True, None)),
        (True, (True, None)),
        ("off", (False, None)),
        ({"counts": "a.csv"}, (True, "a.csv")),
    ],
)
def test_one_line_of_a_scenario_switches_it(value: object, expected: tuple[bool, str | None]) -> None:
    scenario = validated({"name": "x", "congestion": value})
    assert (scenario.congestion.on, scenario.congestion.counts) == expected
    assert validated(scenario.resolved()).congestion == scenario.congestion
    assert (scenario.settings().congestion is not None) == expected[0]


@pytest.mark.parametrize("value", ["maybe", 3, ["on"], {"cuonts": "x"}, {"on": "x"}])
def test_another_value_is_refused(value: object) -> None:
    with pytest.raises(UserError, match="congestion"):
        validated({"name": "x", "congestion": value})


def test_a_file_names_its_counts_from_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "counts.csv").write_text("way,hour,vehicles\n")
    (tmp_path / "below" / "base.yaml").write_text("name: base\ncongestion:\n  counts: counts.csv\n")
    (tmp_path / "top.yaml").write_text("base: below/base.yaml\nname: top\n")
    asked = load_scenario(tmp_path / "top.yaml").settings().congestion
    assert asked is not None
    assert asked.counts is not None
    assert asked.counts.resolve() == (tmp_path / "below" / "counts.csv").resolve()
    (tmp_path / "off.yaml").write_text(
        "base: top.yaml\nname: off\noverrides:\n  - name: n\n    set:\n      congestion: off\n"
    )
    assert load_scenario(tmp_path / "off.yaml").settings().congestion is None
