"""Accounts that must close in the tables of a week: people, posts, hires, tours, cars, euros and grams.

Not here: what the week ought to decide (test_twin_model, test_hand_example), indicators (test_indicators).
"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest

from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.model import Bassin
from embauche.population.schemas import Contract
from embauche.population.synthesis import synthesise
from helpers import tiny_territory

WEEKS = 6
Weeks = list[dict[str, pd.DataFrame]]


@pytest.fixture(scope="module")
def run() -> tuple[Bassin, Weeks, list[Counter[int]]]:
    """A small bassin after six weeks, its tables by week, and each week's most cars out by household.

    Beside the tables each week has `shifts`, the shift of each post as travelled, and `open`, the ordinary
    posts that nobody holds at its end: apprenticeships are vacancies in their season only.
    """
    territory, catalogue = tiny_territory(scale=4), default_catalogue()
    model = Bassin(territory, synthesise(territory, catalogue, defaults(), 0), catalogue, defaults(), rng=5)
    weeks, cars = [], []
    for _ in range(WEEKS):
        model.step()
        weeks.append({name: _frame(table) for name, table in model.week_tables().items()})
        posts, empty = model.population.posts, model.state.active & (model.state.holder < 0)
        ordinary = posts.contract != Contract.APPRENTICESHIP
        weeks[-1]["shifts"] = pd.DataFrame({"shift": model.week_shift.copy()}, index=posts.post_id)
        weeks[-1]["open"] = pd.DataFrame({"post_id": posts.post_id[empty & ordinary]})
        cars.append(_most_cars_out(model))
    return model, weeks, cars


def _frame(table: Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_arrow().to_pandas()
    return frame


def _most_cars_out(model: Bassin) -> Counter[int]:
    """The most cars of each household that are out at one time, from every tour's minutes."""
    travelled, book, catalogue = model.week_travel, model.book, model.catalogue
    assert travelled is not None
    car = [s.name for s in model.services].index("car")
    moves: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for person in np.flatnonzero(model.week_post >= 0):
        post = model.week_post[person]
        shift = model.week_shift[post]
        week = (model.travelled_week + model.population.posts.team[post]) % catalogue.weeks[shift]
        for slot in np.flatnonzero(travelled.chosen[person] == car):
            row = book.start[person] + model.network.classes.roster_local[shift, week, slot]
            window = catalogue.windows[catalogue.roster[shift, week, slot]]
            leaves = 1440 * (slot // 2) + window.start_min - float(book.offers.out_min[car, row])
            returns = 1440 * (slot // 2) + window.end_min + float(book.offers.back_min[car, row])
            moves[int(model.population.persons.household[person])] += [(leaves, 1), (returns, -1)]
    most: Counter[int] = Counter()
    for household, times in moves.items():
        out = 0
        for _, step in sorted(times):  # at the same minute a car comes back before another leaves
            out += step
            most[household] = max(most[household], out)
    return most


def test_no_household_has_more_cars_out_than_it_owns(run: tuple[Bassin, Weeks, list[Counter[int]]]) -> None:
    model, _, cars = run
    owned = model.population.households.cars
    binding = 0
    for most in cars:
        assert all(n <= owned[household] for household, n in most.items())
        binding += sum(n == owned[household] for household, n in most.items())
    assert binding > 100


def test_people_and_posts(run: tuple[Bassin, Weeks, list[Counter[int]]]) -> None:
    model, weeks, _ = run
    before: dict[int, int] = {}
    posts = model.population.posts
    ordinary = set(posts.post_id[posts.contract != Contract.APPRENTICESHIP].tolist())
    for k, week in enumerate(weeks):
        workers, firms, vacancies, hires = (week[n] for n in ("workers", "firms", "vacancies", "hires"))
        held = workers[workers["post_id"] >= 0]
        assert workers["worker_id"].is_unique
        assert held["post_id"].is_unique, "two hold one post"
        assert ((workers["status"] == 2) == (workers["post_id"] >= 0)).all()
        assert firms["filled"].sum() == len(held)
        assert (firms["filled"] <= firms["posts"]).all()
        assert vacancies["post_id"].is_unique
        assert set(vacancies.loc[vacancies["filled"], "post_id"]) == set(hires["post_id"])
        assert firms["applications"].sum() == vacancies["applications"].sum()
        if k + 1 < len(weeks):  # what is vacant on Sunday evening is open on Monday
            assert set(week["open"]["post_id"]) == ordinary & set(weeks[k + 1]["vacancies"]["post_id"])
        now = dict(zip(held["worker_id"], held["post_id"], strict=True))
        mine = hires[hires["worker_id"] >= 0]
        if k:
            gained = {w: p for w, p in now.items() if before.get(w) != p}
            hired = dict(zip(mine["worker_id"], mine["post_id"], strict=True))
            assert gained.items() <= hired.items(), "somebody holds a post without having been hired"
            assert [before.get(w, -1) for w in mine["worker_id"]] == list(mine["from_post_id"])
        before = now


def test_tours_are_those_of_the_roster(run: tuple[Bassin, Weeks, list[Counter[int]]]) -> None:
    model, weeks, _ = run
    posts, catalogue = model.population.posts, model.catalogue
    row = {int(p): i for i, p in enumerate(posts.post_id)}
    for k, week in enumerate(weeks):
        trips, workers = week["trips"], week["workers"]
        assert (trips["tours"] > 0).all()
        assert (trips["late"] <= trips["tours"]).all()
        assert (trips.loc[trips["service"] < 0, "late"] == 0).all()
        travelled = set()
        for (worker, post), mine in trips.groupby(["worker_id", "post_id"]):
            shift = catalogue.shifts[week["shifts"]["shift"][post]]
            days = shift.pattern[(k + int(posts.team[row[post]])) % len(shift.pattern)]
            found: Counter[str] = Counter()
            for window, tours in zip(mine["window"], mine["tours"], strict=True):
                found[catalogue.windows[window].name] += int(tours)
            assert found == Counter(name for day in days for name in day), (worker, shift.name)
            travelled.add((worker, post))
        for worker, post in workers.loc[workers["post_id"] >= 0, ["worker_id", "post_id"]].itertuples(
            index=False
        ):
            shift = catalogue.shifts[week["shifts"]["shift"][post]]
            days = shift.pattern[(k + int(posts.team[row[post]])) % len(shift.pattern)]
            assert (worker, post) in travelled or not any(days), "somebody on the roster has no tours"


def test_euros_and_grams_follow_from_kilometres(run: tuple[Bassin, Weeks, list[Counter[int]]]) -> None:
    model, weeks, _ = run
    p = defaults()
    trips = pd.concat([week["trips"] for week in weeks])
    by = {s.name: trips[trips["service"] == i] for i, s in enumerate(model.services)}
    car, transit = by["car"], by["transit"]
    assert (car["eur_cents"] - 100 * p["car.cost_eur_per_km"] * car["km"].astype(float)).abs().max() <= 0.51
    np.testing.assert_allclose(car["co2_g"], car["km"] * p["car.co2_g_per_km"], rtol=1e-5)
    assert (transit["eur_cents"] == round(100 * p["transit.fare_eur"])).all()
    np.testing.assert_allclose(transit["co2_g"], transit["km"] * p["transit.bus_co2_g_per_km"], rtol=1e-5)
    for name in ("walk", "bike"):
        assert (by[name][["eur_cents", "co2_g"]] == 0).all(axis=None)
        assert (by[name][["out_min", "back_min"]] <= p[f"{name}.max_min"]).all(axis=None)
    assert min(map(len, by.values())) > 0, "a service that nobody takes shows nothing"
