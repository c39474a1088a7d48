"""Weeks of dwellings on a small territory: beds, rents, cars left behind, homes for employees; faults.

Lives here: what holds in every week, and what a scenario or a user's table may say. Not here: who is served
first (test_lets).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.analysis.check import check
from embauche.commuting.spots import residence_faults
from embauche.core.errors import UserError
from embauche.core.scenario_residences import ResidencesBlock
from embauche.labour.lodging_books import a_week
from embauche.labour.moving import homes_id, kept
from embauche.labour.residences import Lodging, eur_month
from embauche.labour.state import State
from embauche.model import Bassin
from embauche.population.ground import Ground
from embauche.population.residences import existing, read_residences
from helpers import tiny_territory
from paired import bassin, scenario

EASY = {"housing.look_eur": 0.0, "housing.away_eur_month": 0.0, "housing.noise_eur": 120.0}
BEDS = {"name": "Foyer", "commune": "Aville", "beds": 3, "rent_eur_month": 60, "cost_eur_month": 200,
        "least_km": 0, "shared": True, "who": ["apprentice", "intern", "new_hire"]}  # fmt: skip
HOMES = {"name": "Logements", "commune": "Bourg", "units": 2, "cost_eur_month": 100, "least_km": 0}
MOVING = {"housing.move_year": 1.0, "housing.move_eur_month": 0.0}


def lived(block: dict[str, Any], weeks: int, parameters: dict[str, float] | None = None) -> Bassin:
    given = {"residences": block, "parameters": {**EASY, **(parameters or {})}}
    model = bassin(given, 1)
    for _ in range(weeks):
        model.step()
    return model


@pytest.fixture(scope="module")
def model() -> Bassin:
    return lived({"beds": [BEDS]}, 6)


def test_some_lodge_and_no_bed_is_slept_in_twice(model: Bassin) -> None:
    lodging, week = Lodging.of(model.state), model.week_housing.beds
    assert (lodging.code != 0).any()
    assert (week.let > 0).all()
    assert (week.used <= model.residences.table.beds).all()
    for _ in range(2):
        model.step()
        assert (model.week_housing.beds.used <= model.residences.table.beds).all()


def test_who_lodges_has_a_post_and_sleeps_where_the_model_has_her_travel_from(model: Bassin) -> None:
    s, lodging = model.state, Lodging.of(model.state)
    assert (s.post[lodging.code != 0] >= 0).all()
    assert (model.network.place_rows[model.place] == s.home).all()
    assert (model.network.place_rows[model.place_centre] == lodging.home_centre).all()
    assert (s.home[lodging.code == 0] == lodging.own[lodging.code == 0]).all()


def test_every_cent_of_rent_is_in_the_books(model: Bassin) -> None:
    lodging = Lodging.of(model.state)
    interns = int((a_week(model.residences.table.rent_cents) * model.week_housing.beds.interns).sum())
    rent = int(a_week(lodging.rent[lodging.code != 0]).sum()) + interns
    paid = {k: v for k, v in model.ledger.entries.items() if k[0] == "housing"}
    assert sum(v for k, v in paid.items() if k[4] == "rent") == rent
    beds = a_week(np.array([20000]))[0] * 3
    taken = sum(v for k, v in paid.items() if k[1] == "Foyer" and k[4] == "rent")
    open_ = [v for k, v in paid.items() if k[1] == "Foyer" and k[4] == "beds"]
    assert open_ == [beds - taken]


def test_rent_and_unease_weigh_and_aids_help(model: Bassin) -> None:
    lodging, s = Lodging.of(model.state), model.state
    assert (eur_month(s)[lodging.code == 0] == 0).all()
    assert (lodging.aid <= lodging.rent).all()
    assert (lodging.aid[lodging.rent > 0] > 0).any()


def test_the_car_stays_where_each_driver_has_none_of_her_own(model: Bassin) -> None:
    lodging, s = Lodging.of(model.state), model.state
    left = np.flatnonzero(lodging.no_car)
    assert (lodging.code[left] != 0).all()
    car = next(row for row, service in enumerate(model.services) if service.name == "car")
    model.present_utilities()
    for person in left[s.post[left] >= 0].tolist():
        rows = np.arange(model.book.start[person], model.book.end[person])
        bit = np.where(model.network.classes.at_centre[model.book.klass[rows]], 2, 1)
        stays = (lodging.no_car[person] & bit) > 0
        assert np.isinf(model.book.offers.out_min[car, rows[stays]]).all()


def test_a_residence_that_closes_sends_its_lodgers_home(model: Bassin) -> None:
    saved = State.from_arrays(model.state.arrays())
    assert (Lodging.of(saved).bed >= 0).any()
    after = bassin({"parameters": EASY}, 1, state=saved.arrays())
    after.step()
    assert (Lodging.of(after.state).bed < 0).all()
    assert (after.network.place_rows[after.place] == after.state.home).all()


def test_households_of_one_worker_move_whole_and_no_home_is_let_twice() -> None:
    model = lived({"homes": [HOMES]}, 12, MOVING)
    moved = kept(model.state, "moved_to", -1) >= 0
    household = model.population.persons.household
    let = np.unique(household[moved])
    assert 0 < len(let) <= 2
    assert moved[np.isin(household, let)].all()
    record = model.week_housing.homes[homes_id(model.settings.residences.homes[0])]
    assert record.let[0] == len(let)
    assert len(np.unique(Lodging.of(model.state).own[moved])) == 1


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"beds": [{**BEDS, "lon": 2.6, "lat": 50.5}]}, "one place"),
        ({"beds": [{**BEDS, "first": ["apprentice"], "who": ["intern"]}]}, "served first but not admitted"),
        ({"beds": [BEDS, BEDS]}, "one name"),
        ({"beds": [{**BEDS, "payer": "state", "authority": "X"}]}, "another pays"),
    ],
)
def test_faults_of_the_block_are_told(block: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        scenario({"residences": block})


def test_faults_that_the_territory_shows_are_told_at_once() -> None:
    block = ResidencesBlock.model_validate(
        {"beds": [{**BEDS, "commune": "Nowhere"}, {**BEDS, "name": "b", "commune": None, "lon": 9, "lat": 9}],
         "homes": [{**HOMES, "work": ["Bourg", "Elsewhere"]}]}
    )  # fmt: skip
    keys = [p.keys for p in residence_faults(block, tiny_territory())]  # type: ignore[arg-type]
    assert keys == [
        ("residences", "beds", 0),
        ("residences", "beds", 1),
        ("residences", "homes", 0, "work", 1),
    ]


def test_a_file_with_an_unknown_commune_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "base: baseline\nresidences:\n  beds:\n    - {name: a, commune: Gamache, beds: 5}\n", encoding="utf-8"
    )
    with pytest.raises(UserError) as caught:
        check(file)
    (problem,) = caught.value.problems
    assert problem.line == 4
    assert problem.fix == "did you mean Gamaches?"


def test_a_users_table_is_read_and_its_faults_are_told(tmp_path: Path) -> None:
    file = tmp_path / "residences.csv"
    file.write_text("residence_id,commune,name,beds,rent_eur_month,shared\n7,62901,Foyer,24,380,yes\n")
    table = read_residences(file, tiny_territory(), 0)  # type: ignore[arg-type]
    assert table.rent_cents.tolist() == [38000]
    assert table.who.tolist() == [1]
    assert table.shared.all()
    file.write_text("residence_id,commune,name,beds,rent_eur_month,apprentices\n7,62901,Foyer,24,380,no\n")
    with pytest.raises(UserError, match="admits nobody"):
        read_residences(file, tiny_territory(), 0)  # type: ignore[arg-type]


def test_stylised_beds_are_as_many_as_the_parameter_says() -> None:
    ground = Ground.of(tiny_territory(40))  # type: ignore[arg-type]
    people = int(ground.communes.population[ground.inside].sum())
    table = existing(ground, {"housing.beds_per_1000": 0.6, "housing.bed_eur_month": 380.0})
    assert int(table.beds.sum()) == int(0.6 * people / 1000 + 0.5)
