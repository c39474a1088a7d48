"""The start population of a small territory: ids, stocks, households, posts, files.

Lives here: what must hold of any population. Not here: published margins (tests/validation).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.shifts import DEFAULT_SHIFTS, DEFAULT_WINDOWS, ShiftCatalogue, default_catalogue
from embauche.core.table import Table
from embauche.population.population import Population
from embauche.population.quotas import code_numbers
from embauche.population.schemas import Contract, SizeClass, Status
from embauche.population.synthesis import synthesise
from helpers import TinyTerritory, tiny_territory, with_communes

CATALOGUE, PARAMETERS = default_catalogue(), defaults()


@pytest.fixture(scope="module")
def territory() -> TinyTerritory:
    return tiny_territory(10)


@pytest.fixture(scope="module")
def population(territory: TinyTerritory) -> Population:
    return synthesise(territory, CATALOGUE, PARAMETERS, 1)


def _same(a: Population, b: Population) -> bool:
    pairs = ((a.households, b.households), (a.persons, b.persons), (a.firms, b.firms), (a.posts, b.posts))
    return all(np.array_equal(x[c], y[c]) for x, y in pairs for c in x.schema.names)


def test_ids_are_unique_sorted_and_fit(population: Population) -> None:
    for ids in (
        population.persons.worker_id,
        population.households.household_id,
        population.firms.firm_id,
        population.posts.post_id,
    ):
        assert (np.diff(ids) > 0).all()
        assert ids[0] >= 0
        assert ids[-1] < 2**62


def test_worker_id_holds_commune_cohort_and_ordinal(territory: TinyTerritory, population: Population) -> None:
    number = code_numbers([str(c) for c in territory.communes.code])
    assert number[0] == int("62901", 36)
    ids = population.persons.worker_id
    assert np.array_equal(ids >> 36, number[population.persons.commune])
    assert not ((ids >> 24) & 0xFFF).any()


def test_post_id_holds_firm_and_slot(population: Population) -> None:
    posts = population.posts
    assert np.array_equal(posts.post_id >> 16, population.firms.firm_id[posts.firm])


def test_rows_refer_to_each_other(territory: TinyTerritory, population: Population) -> None:
    persons, households = population.persons, population.households
    assert np.array_equal(persons.place, households.place[persons.household])
    assert np.array_equal(persons.quintile, households.quintile[persons.household])
    assert np.array_equal(territory.places.commune[persons.place], persons.commune)
    assert np.array_equal(territory.sites.commune[population.firms.site], population.firms.commune)
    rows = np.bincount(persons.household, minlength=len(households))
    assert rows.min() >= 1
    assert (households.members >= rows).all()
    assert (households.under_six + rows <= households.members).all()


def test_stocks_close(territory: TinyTerritory, population: Population) -> None:
    persons, posts, firms = population.persons, population.posts, population.firms
    employed = persons.status == Status.EMPLOYED
    outside = territory.communes.external[persons.commune]
    external = firms.external[posts.firm]
    filled_outside = int(territory.communes.jobs.sum())
    assert np.count_nonzero(employed & outside) == territory.communes.inflow.sum()
    vacant_outside = round(filled_outside * 0.025 / 0.975)
    assert np.count_nonzero(posts.active & external) == filled_outside + vacant_outside
    filled_inside = np.count_nonzero(employed) - filled_outside
    assert np.count_nonzero(posts.active & ~external) == filled_inside + round(filled_inside * 0.025 / 0.975)
    trains = posts.contract == Contract.APPRENTICESHIP  # of those more are waiting than firms offer a year
    spare = np.count_nonzero(~posts.active & ~trains) / np.count_nonzero(posts.active & ~trains)
    assert spare == pytest.approx(PARAMETERS["posts.spare"], abs=2e-3)


def test_the_employed_have_the_skills_that_posts_ask(population: Population) -> None:
    persons, posts = population.persons, population.posts
    employed = persons.status == Status.EMPLOYED
    for trains in (False, True):
        have = np.bincount(persons.skill[employed & (persons.apprentice == trains)], minlength=21)
        mine = posts.active & ((posts.contract == Contract.APPRENTICESHIP) == trains)
        asked = np.bincount(posts.skill[mine], minlength=21)
        assert (have <= asked + 1).all()
        assert np.abs(have - asked * have.sum() / asked.sum()).max() < 1.0


def test_size_class_follows_posts(population: Population) -> None:
    firms, posts = population.firms, population.posts
    count = np.bincount(posts.firm[posts.active], minlength=len(firms))
    inside = ~firms.external
    bounds = np.array([[1, 9], [10, 49], [50, 249], [250, 10_000]])[firms.size_class]
    assert (count[inside] >= bounds[inside, 0]).all()
    assert (count[inside] <= bounds[inside, 1]).all()
    mean = [firms.screening[inside & (firms.size_class == s)].mean() for s in (SizeClass.TPE, SizeClass.PME)]
    assert mean[0] < mean[1]


def test_industry_sits_in_activity_zones_and_care_in_the_centre(
    territory: TinyTerritory, population: Population
) -> None:
    firms = population.firms
    zone = territory.sites.zone[firms.site] >= 0
    industry = (firms.sector == 1) & ~firms.external
    care = (firms.sector == 8) & ~firms.external
    assert zone[industry].all()
    assert not zone[care].any()


def test_wages_and_spells(population: Population) -> None:
    persons, posts = population.persons, population.posts
    paid = posts.contract != Contract.APPRENTICESHIP
    assert posts.wage_cents[paid].min() >= 140_000
    assert posts.wage_cents[~paid].min() >= 0.27 * 140_000
    assert persons.wage_ref_cents[~persons.apprentice].min() >= 140_000
    seeks = persons.spell_weeks[persons.status == Status.UNEMPLOYED]
    assert np.median(seeks) < seeks.mean()
    assert seeks.mean() == pytest.approx(52, rel=0.2)
    assert (persons.spell_weeks <= np.maximum(persons.age_weeks - 16 * 52, 0)).all()


def test_teams_are_those_of_the_shift(population: Population) -> None:
    posts = population.posts
    for row, shift in enumerate(CATALOGUE.shifts):
        mine = posts.team[posts.shift == row]
        assert set(mine.tolist()) <= set(shift.team_starts)
    two = CATALOGUE.shift_row("two_by_eight")
    teams = np.bincount(posts.team[posts.shift == two], minlength=2)
    assert teams.min() > 0


def test_children_of_eighteen_hold_no_licence_before(population: Population) -> None:
    young = population.persons.age_weeks < 18 * 52
    assert young.any()
    assert not population.persons.licence[young].any()


def test_same_seed_same_population_and_another_seed_another(
    territory: TinyTerritory, population: Population
) -> None:
    assert _same(population, synthesise(territory, CATALOGUE, PARAMETERS, 1))
    assert not _same(population, synthesise(territory, CATALOGUE, PARAMETERS, 2))


def test_the_order_of_communes_does_not_matter(territory: TinyTerritory, population: Population) -> None:
    order = np.array([2, 3, 0, 1])
    row = np.argsort(order)

    def moved(table: Table) -> Table:
        return replace(table, columns=table.columns | {"commune": row[table.commune]})

    shuffled = replace(
        territory,
        communes=territory.communes.take(order),
        places=moved(territory.places),
        sites=moved(territory.sites),
    )
    other = synthesise(shuffled, CATALOGUE, PARAMETERS, 1)
    assert np.array_equal(other.persons.worker_id, population.persons.worker_id)
    for name in ("sex", "age_weeks", "skill", "status", "place", "household", "wage_ref_cents"):
        assert np.array_equal(other.persons[name], population.persons[name]), name
    assert np.array_equal(other.firms.firm_id, population.firms.firm_id)
    assert np.array_equal(other.posts.shift, population.posts.shift)


def test_written_and_read_back_with_the_same_bytes(population: Population, tmp_path: Path) -> None:
    population.write(tmp_path / "a")
    again = Population.read(tmp_path / "a")
    assert _same(population, again)
    assert again.notes == population.notes
    again.write(tmp_path / "b")
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


def test_writing_over_something_is_refused(population: Population, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(UserError):
        population.write(tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_damaged_folder_is_a_clear_error(population: Population, tmp_path: Path) -> None:
    population.write(tmp_path / "a")
    (tmp_path / "a" / "posts.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError, match="posts"):
        Population.read(tmp_path / "a")


def test_nobody_lives_there(territory: TinyTerritory) -> None:
    with pytest.raises(UserError, match="nobody"):
        synthesise(with_communes(territory, population=[0, 0, 0, 0]), CATALOGUE, PARAMETERS, 1)


def test_outside_posts_beyond_the_residents_are_cut_and_said() -> None:
    territory = with_communes(tiny_territory(), jobs=[0, 0, 0, 9_000], inflow=[0, 0, 0, 4_000])
    population = synthesise(territory, CATALOGUE, PARAMETERS, 1)
    employed = np.count_nonzero(population.persons.status == Status.EMPLOYED)
    assert 0 < employed < np.count_nonzero(population.posts.active) < 1.04 * employed
    assert sum("cut to" in n for n in population.notes) == 2


def test_a_catalogue_of_one_shift() -> None:
    one = ShiftCatalogue.make(DEFAULT_WINDOWS, DEFAULT_SHIFTS[:1])
    population = synthesise(tiny_territory(), one, PARAMETERS, 1)
    assert not population.posts.shift.any()


def test_a_large_external_zone_has_several_firms_with_unique_posts() -> None:
    territory = with_communes(tiny_territory(400), jobs=[0, 0, 0, 70_000], inflow=[0, 0, 0, 0])
    population = synthesise(territory, CATALOGUE, PARAMETERS, 1)
    assert population.firms.external.sum() == 3
    assert (np.diff(population.posts.post_id) > 0).all()
