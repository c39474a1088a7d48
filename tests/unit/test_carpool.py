"""The service carpool: routes, seats, partners, campaigns' money, books, and what a scenario may say.

Lives here: the service on a small territory, and its rules against plain Python. Not here: the exact matching
(test_carpool_match), what every service keeps to (test_service_contract).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.analysis.check import check
from embauche.core.errors import UserError
from embauche.core.parallel import get_threads, set_threads
from embauche.core.parameters import defaults
from embauche.core.scenario_levers import Levers
from embauche.core.settings import Congestion, Settings
from embauche.core.shifts import default_catalogue
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.services.carpooling import nearby
from embauche.services.carpooling.cars import Trips, drive, insert
from embauche.services.carpooling.money import amount, capped
from embauche.services.carpooling.options import Campaign, CarpoolOptions
from helpers import tiny_territory
from one_count import one_count
from twin_case import twin_population

Array = np.ndarray[Any, Any]
LIVELY = {
    "carpool.asc_eur": 6.0, "carpool.enrolled": 0.5, "carpool.flex_min": 30.0, "carpool.detour_share": 1.0,
    "carpool.least_km": 0.0, "carpool.no_return": 0.2, "carpool.informal": 0.6,
    "carpool.informal_detour_km": 9.0,    "commute.choice_scale_eur": 6.0,
}  # fmt: skip
PAID = Campaign(
    name="vallée", from_km=0.5, eur_per_trip=1.0, eur_per_km=0.1, beyond_km=2.0, most_eur_per_trip=3.0,
    most_eur_per_day=4.0, most_eur_per_month=9.0, budget_eur=60.0,
)  # fmt: skip
SETTINGS = Settings(
    services=("car", "walk", "carpool"), options={"carpool": CarpoolOptions(campaigns=(PAID,))}
)
NARROW = {name: 2.0 for name in defaults() if name.startswith("congestion.") and name.endswith("_veh_h")} | {
    "congestion.alpha": 1.0, "congestion.every_weeks": 1.0,
}  # fmt: skip


def carpool_model(
    changes: dict[str, float] | None = None, options: CarpoolOptions | None = None, firms: int = 20,
    switched: Settings | None = None,
) -> Bassin:  # fmt: skip
    territory = tiny_territory()
    made = twin_population(territory, households=260, firms=firms)
    made.posts.shift[:], made.posts.team[:] = made.posts.firm % 2 * 2, 0  # day, or two teams of which one
    population = Population(made.households, made.persons, made.firms, made.posts)
    switched = switched or (replace(SETTINGS, options={"carpool": options}) if options else SETTINGS)
    parameters = defaults().replaced(LIVELY | (changes or {}))
    return Bassin(territory, population, default_catalogue(), parameters, switched, rng=3)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def weeks() -> list[tuple[Bassin, Any, Any]]:
    """Three weeks: the model, and what the service left of each."""
    model, out = carpool_model(), []
    for _ in range(3):
        model.step()
        assert model.week_travel is not None
        out.append((model, model.week_travel, model.week_travel.services[2]))
    return out


def pairs_of(left: Any, event: str = "match", system: str = "") -> list[tuple[int, int]]:
    found = []
    for table in left.events:
        for e, s, a, b in zip(table.event, table.system, table.worker_id, table.other_id, strict=True):
            if e == event and s == system:
                found.append((int(a), int(b)))
    return found


def test_riders_ride_with_drivers_who_drive_and_have_a_seat(weeks: Any) -> None:
    model, travel, left = weeks[-1]
    week = model.services[2].week
    fleet, chosen = week.fleet, travel.chosen
    person, slot = np.nonzero(week.car_of >= 0)
    assert len(person) > 30
    assert np.array_equal(week.car_of >= 0, chosen == 2), "who is held a seat rides"
    car = week.car_of[person, slot]
    taken = Counter(zip(car.tolist(), slot.tolist(), strict=True))
    assert max(taken.values()) <= 3
    assert {(c, s): n for (c, s), n in taken.items()} == {
        (int(c), int(s)): int(fleet.taken[c, s]) for c, s in np.argwhere(fleet.taken)
    }
    came = fleet.runs[car, slot]
    assert (chosen[fleet.units.person[car[came]], slot[came]] == 0).all(), "her driver drives"
    assert not (fleet.units.person[car] == person).any()
    failed = ~came | week.stranded(car, slot)
    assert len(pairs_of(left, "no_show")) == int(failed.sum()) > 0
    assert len(pairs_of(left, "pickup")) == int(came.sum()) + int((~failed).sum())
    assert len(pairs_of(left, "taxi")) == int((~came).sum()) + int(failed.sum())


def test_nobody_is_late_and_no_detour_too_long(weeks: Any) -> None:
    week = weeks[-1][0].services[2].week
    fleet, limits = week.fleet, week.limits
    for k in range(1, 4):
        rows = np.flatnonzero(fleet.riders == k)
        trips = fleet.trips(rows, k)
        driven = fleet.drive(trips)
        assert driven.ok.all()
        assert driven.km == pytest.approx(fleet.km[rows])
        assert (driven.km <= fleet.most_km[rows] + 1e-9).all()
        assert (driven.wait_min <= limits.flex_min + 1e-9).all()
        assert (driven.wait_min >= -1e-9).all()
    assert (fleet.riders > 0).any()


def test_partners_stay_while_nothing_changes(weeks: Any) -> None:
    """Most who ride again at the same hours do so with the driver they had."""
    left = weeks[-1][2]
    again, before = pairs_of(left), set(pairs_of(weeks[-2][2]))
    riders_before = {a for a, _ in before}
    both = [pair for pair in again if pair[0] in riders_before]
    assert len(both) > 5
    assert sum(pair in before for pair in both) > 0.7 * len(both)


def test_money_moves_by_the_campaigns_rules(weeks: Any) -> None:
    spent = 0
    by_month: dict[int, int] = defaultdict(int)
    for _, _, left in weeks:
        entries = left.ledger.entries
        fares = sum(c for (*_, what, _), c in entries.items() if what == "fare")
        shares = sum(c for (*_, what, _), c in entries.items() if what == "driver_share")
        assert fares == shares > 0, "what riders give is the drivers'"
        spent += sum(c for (*_, what, _), c in entries.items() if what == "incentive")
        assert all(
            payee == "supplier" for (_, _, _, payee, what, _) in entries if what == "guaranteed_return"
        )
    model = weeks[-1][0]
    purse = model.services[2].week.purse
    assert 0 < spent == purse.spent[0] <= 6000
    for (_, driver), cents in purse.paid.items():
        by_month[driver] += cents
    assert max(by_month.values()) <= 900


def test_a_riders_fares_are_those_of_the_trips(weeks: Any) -> None:
    model, _, left = weeks[-1]
    trips = model.week_tables()["trips"]
    mine = trips.service == 2
    paid = int((trips.eur_cents[mine].astype(np.int64) * trips.tours[mine]).sum())
    assert paid == sum(c for (*_, what, _), c in left.ledger.entries.items() if what == "fare")


@pytest.mark.parametrize("case", ["congestion", "allowance"])
def test_one_count_on_full_roads_and_with_an_employers_money(case: str) -> None:
    """Ways differ by hour, and an employer's part is in the offer: the rider's fare is still the trip's."""
    lever = {"name": "a", "services": ["carpool"], "eur_day": 0.333}
    how = {
        "congestion": replace(SETTINGS, congestion=Congestion(None)),
        "allowance": replace(SETTINGS, levers=Levers.model_validate({"allowances": [lever]})),
    }[case]
    model = carpool_model(NARROW if case == "congestion" else {}, switched=how)
    for _ in range(4):
        model.step()
        tables = model.week_tables()
        tables["ledger"] = tables["ledger"].take(tables["ledger"].what != "allowance")
        assert one_count(model, tables, 2) > 0


def test_informal_carpools_are_apart_and_get_nothing(weeks: Any) -> None:
    _, _, left = weeks[-1]
    assert pairs_of(left, "informal", "informal")
    assert not [key for key in (*left.ledger.entries, *left.operations.rows) if "informal" in key]
    drivers = {b for _, b in pairs_of(left)}
    assert not drivers & {x for pair in pairs_of(left, "informal", "informal") for x in pair}


def played(model: Bassin, weeks: int) -> list[bytes]:
    out = []
    for _ in range(weeks):
        model.step()
        assert model.week_travel is not None
        left = model.week_travel.services[2]
        out += [model.week_travel.chosen.tobytes(), repr(sorted(left.ledger.entries.items())).encode()]
        out += [repr(pairs_of(left)).encode()]
    return out


def test_same_week_at_one_and_two_threads() -> None:
    threads, found = get_threads(), []
    try:
        for count in (1, 2):
            set_threads(count)
            found.append(played(carpool_model(), 2))
    finally:
        set_threads(threads)
    assert found[0] == found[1]


def test_same_week_with_riders_taken_in_small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = played(carpool_model(), 2)
    monkeypatch.setattr(nearby, "RIDERS_A_BLOCK", 3)
    assert played(carpool_model(), 2) == whole


def test_no_enrolled_driver_carries_nobody() -> None:
    model = carpool_model({"carpool.enrolled": 0.0})
    model.step()
    assert model.week_travel is not None
    assert not (model.week_travel.chosen == 2).any()
    assert len(model.week_travel.bookings[0].requests) > 20, "they asked all the same"


def test_colleagues_only() -> None:
    model = carpool_model({"carpool.enrolled": 0.9}, CarpoolOptions(between="firm"), firms=5)
    model.step()
    assert model.week_travel is not None
    row = {int(w): k for k, w in enumerate(model.state.worker_id)}
    firm, post = model.population.posts.firm, model.state.post
    pairs = pairs_of(model.week_travel.services[2])
    assert pairs
    assert all(firm[post[row[a]]] == firm[post[row[b]]] for a, b in pairs)


def test_what_was_learned_is_part_of_the_memory() -> None:
    model = carpool_model()
    played(model, 2)
    service: Any = model.services[2]
    kept = service.memory()
    fresh: Any = carpool_model().services[2]
    fresh.recall(kept)
    again = fresh.memory()
    assert set(kept) == set(again)
    assert all(np.array_equal(kept[name], again[name]) for name in kept)
    assert kept["purse_spent"][0] > 0
    assert len(kept["partner_rider"]) > 0
    fresh.recall({})
    assert fresh.memory()["purse_spent"][0] == 0


# ---- rules against plain Python


def test_amounts_are_those_of_the_campaign_in_facts() -> None:
    real = Campaign(name="c")
    km = np.array([3.9, 4.0, 20.0, 25.0, 40.0, 90.0])
    assert amount(real, km).tolist() == pytest.approx([0, 1, 1, 1.5, 3, 3])


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 3)), max_size=30), st.integers(0, 700))
def test_caps_are_kept_in_order(rows: list[tuple[int, int]], room: int) -> None:
    left, expected = dict.fromkeys(range(4), room), []
    for cents, group in rows:
        paid = min(cents, left[group])
        left[group] -= paid
        expected.append(paid)
    cents, group = np.array(rows, np.int64).reshape(-1, 2).T
    assert capped(cents, group, np.full(4, room)).tolist() == expected


class Plane:
    """Legs on a plane: a minute a kilometre, places and sites at points."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.home, self.work = rng.uniform(0, 6, (9, 2)), rng.uniform(10, 16, (9, 2))

    def homes(self, a: Array, b: Array) -> tuple[Array, Array]:
        return self._km(self.home[a], self.home[b])

    def works(self, a: Array, b: Array) -> tuple[Array, Array]:
        return self._km(self.work[a], self.work[b])

    def home_work(self, a: Array, b: Array) -> tuple[Array, Array]:
        return self._km(self.home[a], self.work[b])

    @staticmethod
    def _km(a: Array, b: Array) -> tuple[Array, Array]:
        km = np.hypot(*np.moveaxis(a - b, -1, 0))
        return km, km


def by_hand(
    legs: Plane, homes: list[int], works: list[int], start: list[float], end: list[float], flex: float
) -> Any:
    """The twin of one car's trip, stop by stop; None where somebody would be late or wait too long."""
    points = [legs.home[h] for h in homes] + [legs.work[w] for w in works]
    at, km = [0.0], 0.0
    for n, (p, q) in enumerate(pairwise(points)):
        step = float(np.hypot(*(p - q)))
        km += step
        at.append(at[-1] + step + (1.0 if n + 1 < len(homes) else 0.0))
    arrive = at[len(homes) :]
    depart = min(s - a for s, a in zip(start, arrive, strict=True))
    back = [arrive[-1] - a for a in arrive]
    leave = max(e - b for e, b in zip(end, back, strict=True))
    early = [s - a - depart for s, a in zip(start, arrive, strict=True)]
    wait = [leave + b - e for e, b in zip(end, back, strict=True)]
    return None if max(early) > flex or max(wait) > flex else km


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(0, 2), st.floats(0, 60))
def test_the_best_place_for_one_more_rider(seed: int, riders: int, flex: float) -> None:
    rng = np.random.default_rng(seed)
    legs: Any = Plane(rng)
    start, end = rng.integers(30, 34, riders + 2) * 15.0, rng.integers(60, 64, riders + 2) * 15.0
    order = rng.permutation(riders)
    people = np.append(order + 1, 0)
    trips = Trips(
        np.arange(riders + 1)[None], people[None], np.arange(1, riders + 1)[None],
        people[None], start[people][None], end[people][None],
    )  # fmt: skip
    new = np.array([riders + 1])
    km, where, off = insert(
        trips, Trips.alone(new, new, new, start[new], end[new]), legs, 1.0, flex, np.array([60.0])
    )
    found = []
    for i in range(riders + 1):
        for j in range(riders + 1):
            homes = trips.place[0].tolist()
            works = trips.dropped[0].tolist()
            homes.insert(i + 1, riders + 1)
            works.insert(j, riders + 1)
            one = by_hand(legs, homes, works, start[works].tolist(), end[works].tolist(), flex)
            if one is not None and one <= 60.0:
                found.append(one)
    assert km[0] == pytest.approx(min(found, default=np.inf))
    if found:
        longer = trips.with_rider(
            int(where[0]), int(off[0]), Trips.alone(new, new, new, start[new], end[new])
        )
        assert drive(longer, legs, 1.0, flex).ok[0]


# ---- what a scenario may say

HEAD = "base: baseline\nservices:\n  carpool:\n    campaigns:\n      - name: c\n"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            ["budget_eur: 0", "eur_per_trip: -1"],
            ["mine.yaml:6", "no budget", "mine.yaml:7", "negative amount"],
        ),
        (
            ["most_eur_per_month: 0.5"],
            ["month is below the amount of one trip", "at least 1 EUR"],
        ),
        (["eur_per_trip: 0", "eur_per_km: 0"], ["pays nothing"]),
        (
            ["area: {communes: [Nowhere, Friville-Escarbotn]}"],
            ["mine.yaml:6", "Nowhere", "did you mean Friville"],
        ),
        (["area: {}"], ["this area is empty"]),
        (["buget_eur: 5"], ["did you mean budget_eur?"]),
    ],
)
def test_each_fault_is_one_clear_error(tmp_path: Path, lines: list[str], words: list[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + "".join(f"        {line}\n" for line in lines), encoding="utf-8")
    with pytest.raises(UserError) as told:
        check(file)
    assert not [word for word in words if word not in str(told.value)], str(told.value)


def test_two_campaigns_of_one_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + "      - name: c\n", encoding="utf-8")
    with pytest.raises(UserError, match="two campaigns have one name"):
        check(file)
