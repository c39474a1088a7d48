"""The start population against published margins, on a made-up territory of the size of a real one.

Lives here: each figure with its source (the project's collected facts, docs/population.md). Not here:
what any population must hold (tests/unit).
"""

from __future__ import annotations

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.shifts import SLOTS, default_catalogue
from embauche.population.margins import BLUE_COLLAR, activity_table
from embauche.population.population import Population
from embauche.population.schemas import SECTORS, SKILLS, Contract, SizeClass, Status
from embauche.population.synthesis import synthesise
from embauche.population.vacancies import vacant_at_start
from helpers import TinyTerritory, tiny_territory, with_communes

CATALOGUE, PARAMETERS = default_catalogue(), defaults()
INHABITANTS = (180_000, 104_000, 9_550)  # 182,001 of them aged 15-64 at the default share


@pytest.fixture(scope="module")
def territory() -> TinyTerritory:
    return with_communes(
        tiny_territory(),
        population=[*INHABITANTS, 0],
        jobs=[0, 0, 0, 15_000],
        inflow=[0, 0, 0, 12_000],
    )


@pytest.fixture(scope="module")
def population(territory: TinyTerritory) -> Population:
    return synthesise(territory, CATALOGUE, PARAMETERS, 3)


def _residents(territory: TinyTerritory, population: Population) -> dict[str, np.ndarray]:
    inside = ~territory.communes.external[population.persons.commune]
    return {k: v[inside] for k, v in population.persons.columns.items()}


def test_census_2019_of_the_arrondissement_of_bethune(
    territory: TinyTerritory, population: Population
) -> None:
    """INSEE, census 2019, arrondissement 622, persons aged 15-64."""
    r = _residents(territory, population)
    active, employed = r["status"] != Status.INACTIVE, r["status"] == Status.EMPLOYED
    years = r["age_weeks"] / 52
    bands = [(years >= a) & (years < b) for a, b in ((15, 25), (25, 55), (55, 65))]
    men, women = r["sex"] == 0, r["sex"] == 1
    published = [
        (np.ones(len(years), bool), 128_229, 108_005),
        (men, 68_606, 58_428),
        (women, 59_623, 49_577),
        (bands[0], 14_421, 9_215),
        (bands[1], 96_352, 83_528),
        (bands[2], 17_457, 15_262),
    ]
    assert len(years) == pytest.approx(182_001, abs=5)
    for who, number_active, number_employed in published:
        assert np.count_nonzero(active & who) == pytest.approx(number_active, abs=12)
        assert np.count_nonzero(employed & who) == pytest.approx(number_employed, abs=12)
    unemployment = 1 - employed.sum() / active.sum()
    assert unemployment == pytest.approx(0.158, abs=0.0005)  # census definition


def test_age_sex_activity_within_one_person(territory: TinyTerritory, population: Population) -> None:
    r = _residents(territory, population)
    table = activity_table(PARAMETERS["population.unemployment_rate"])
    group = np.searchsorted([25 * 52, 55 * 52], r["age_weeks"], side="right")
    got = np.zeros(table.shape)
    np.add.at(got, (group, r["sex"], r["status"]), 1)
    assert np.abs(got - table * len(group)).max() <= 1
    for commune in range(3):
        mine = r["commune"] == commune
        here = np.zeros(table.shape)
        np.add.at(here, (group[mine], r["sex"][mine], r["status"][mine]), 1)
        assert np.abs(here - table * mine.sum()).max() <= 2


def test_licences_of_the_young(territory: TinyTerritory, population: Population) -> None:
    """60-66 % of those aged 18-24 hold a licence."""
    r = _residents(territory, population)
    young = (r["age_weeks"] >= 18 * 52) & (r["age_weeks"] < 25 * 52)
    assert 0.60 <= r["licence"][young].mean() <= 0.66


def test_households_without_a_car(territory: TinyTerritory, population: Population) -> None:
    """No car: 40 % of poor households, 18 % of all; under 10 % in commuter belts."""
    h = population.households
    none, town = h.cars == 0, territory.communes.population[h.commune] >= 10_000
    assert none[town].mean() == pytest.approx(0.18, abs=0.002)
    assert none[town & (h.quintile == 1)].mean() == pytest.approx(0.40, abs=0.005)
    belt = (h.commune == 2) & ~town
    assert 0.05 < none[belt].mean() < 0.10


def test_apprentices(territory: TinyTerritory, population: Population) -> None:
    """Apprentices hold 3.7 % of salaried jobs (INSEE Analyses Hauts-de-France 200)."""
    r = _residents(territory, population)
    employed = r["status"] == Status.EMPLOYED
    assert r["apprentice"][employed].mean() == pytest.approx(0.037, abs=0.0005)
    years = r["age_weeks"][r["apprentice"]] / 52
    assert years.min() >= 16
    assert years.max() < 30
    assert np.median(years) < 21


def _inside(population: Population) -> np.ndarray:
    return population.posts.active & ~population.firms.external[population.posts.firm]


def test_fixed_term_and_agency_posts(population: Population) -> None:
    """CC du Ternois 2021: 1,199 fixed-term and 349 agency workers of 12,263 employees."""
    contract = population.posts.contract[population.posts.active]
    assert np.mean(contract == Contract.CDD) == pytest.approx(1_199 / 12_263, abs=0.002)
    assert np.mean(contract == Contract.AGENCY) == pytest.approx(349 / 12_263, abs=0.002)


def test_vacancies(population: Population) -> None:
    """Private sector, Q3 2024: 2.5 % of posts are vacant (Dares)."""
    employed = np.count_nonzero(population.persons.status == Status.EMPLOYED)
    assert 1 - employed / np.count_nonzero(population.posts.active) == pytest.approx(0.025, abs=0.0005)


def test_industry_in_small_towns(territory: TinyTerritory, population: Population) -> None:
    """70 % of industrial jobs are in towns under 20,000 (declaration of Béthune, 2023)."""
    firm = population.posts.firm[_inside(population)]
    industry = population.firms.sector[firm] == SECTORS.index("industry")
    small = territory.communes.population[population.firms.commune[firm]] < 20_000
    assert small[industry].mean() == pytest.approx(0.70, abs=0.01)


def test_shift_work_in_industry(population: Population) -> None:
    """20-30 % of industrial blue-collar workers are in 2x8 or 3x8 (from memory)."""
    posts = population.posts
    blue = np.isin(posts.skill, [SKILLS.index(s) for s in sorted(BLUE_COLLAR)])
    mine = _inside(population) & blue & (population.firms.sector[posts.firm] == SECTORS.index("industry"))
    rows = [CATALOGUE.shift_row(s) for s in ("two_by_eight", "three_by_eight")]
    assert 0.20 <= np.isin(posts.shift[mine], rows).mean() <= 0.30


def _works(shift: int, team: int, what: str) -> bool:
    """Whether a post of this shift and team works such hours at least once in four weeks."""
    for week in range(4):
        roster = CATALOGUE.roster[shift, (week + team) % CATALOGUE.weeks[shift]]
        for slot in range(SLOTS):
            if roster[slot] < 0:
                continue
            start = CATALOGUE.window_start_min[roster[slot]]
            end = CATALOGUE.window_end_min[roster[slot]]
            day = slot // 2
            if what in ("saturday", "sunday"):
                hit = day == (5 if what == "saturday" else 6)
            elif what == "evening":
                hit = start < 24 * 60 and end > 20 * 60
            else:
                hit = end > 24 * 60 or start < 5 * 60
            if hit:
                return True
    return False


@pytest.mark.parametrize(
    ("what", "published"), [("saturday", 0.36), ("evening", 0.25), ("sunday", 0.20), ("night", 0.10)]
)
def test_atypical_hours(what: str, published: float, population: Population) -> None:
    """Dares 2021, at least once in four weeks: Saturday 36, evening 25, Sunday 20, night 10 %.

    Rosters repeat, so work that is only occasional has none: the regular part (default 85 % of the
    published share) is aimed at, and a sector mix unlike France's may move it by some points.
    """
    posts, firms = population.posts, population.firms
    mine = posts.active & ~firms.external[posts.firm]
    key = posts.shift[mine].astype(np.int64) * 128 + posts.team[mine]
    kinds, count = np.unique(key, return_counts=True)
    share = sum(n for k, n in zip(kinds, count, strict=True) if _works(int(k) // 128, int(k) % 128, what))
    share /= count.sum()
    aimed = published * PARAMETERS["posts.atypical_ratio"]
    assert share == pytest.approx(aimed, abs=0.03)
    assert share == pytest.approx(published, abs=0.08)


def test_vacancies_by_size(population: Population) -> None:
    """Private sector, Q3 2024: 6.3 % of posts vacant in firms of 1-9 (Dares)."""
    posts, persons = population.posts, population.persons
    vacant = vacant_at_start(population, PARAMETERS, 3)
    small = population.firms.size_class[posts.firm] == SizeClass.TPE
    assert vacant[posts.active & small].mean() == pytest.approx(0.063, abs=0.003)
    assert vacant[posts.active & ~small].mean() < 0.02
    assert not vacant[~posts.active].any()
    left = np.bincount(posts.skill[posts.active & ~vacant], minlength=len(SKILLS))
    employed = np.bincount(persons.skill[persons.status == Status.EMPLOYED], minlength=len(SKILLS))
    assert np.array_equal(left, employed)
