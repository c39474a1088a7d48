"""Levels of qualification and NAF sections: margins, ages, the user's columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.population.levels import ASKED, levels_asked
from embauche.population.population import Population
from embauche.population.schemas import LEVELS, NAF, SECTORS, SKILLS, Status
from embauche.population.synthesis import synthesise
from embauche.population.user_tables import read_population
from helpers import tiny_territory

SECTIONS = {"industry": "BCDE", "construction": "F", "health_social": "Q", "public_education": "OP"}


@pytest.fixture(scope="module")
def population() -> Population:
    return synthesise(tiny_territory(10), default_catalogue(), defaults(), 1)


def test_nobody_has_a_level_that_her_age_forbids(population: Population) -> None:
    level, years = population.persons.level, population.persons.age_weeks / 52
    for age, most in ((18, 0), (20, 1), (21, 2)):
        assert level[years < age].max(initial=0) <= most
    assert level.max() == len(LEVELS) - 1


def test_the_unemployed_have_lower_levels_than_those_in_work(population: Population) -> None:
    persons = population.persons
    adult = persons.age_weeks >= 25 * 52
    work, idle = (
        persons.level[adult & (persons.status == s)].mean() for s in (Status.EMPLOYED, Status.UNEMPLOYED)
    )
    assert idle < work - 0.1


def test_posts_of_a_domain_ask_the_margin_within_a_post() -> None:
    ids = np.arange(4000, dtype=np.int64)
    for skill in (0, 14, 20):
        level = levels_asked(3, ids, np.full(4000, skill), np.ones(4000, bool))
        want = ASKED[skill] / ASKED[skill].sum() * 4000
        assert np.abs(np.bincount(level, minlength=4) - want).max() < 1.5
    assert len(ASKED) == len(SKILLS)


def test_a_firm_has_a_section_of_its_sector(population: Population) -> None:
    firms = population.firms
    for sector, letters in SECTIONS.items():
        mine = firms.naf[firms.sector == SECTORS.index(sector)]
        assert {NAF[i] for i in mine} <= set(letters)
    assert len(set(firms.naf.tolist())) > 8


def test_levels_and_sections_that_a_user_gives_are_kept(tmp_path: Path) -> None:
    workers, firms, posts = tmp_path / "workers.csv", tmp_path / "firms.csv", tmp_path / "posts.csv"
    territory = tiny_territory(10)
    code = str(territory.communes.code[0])
    workers.write_text(
        "worker_id,commune,sex,age,status,level\n"
        + "".join(f"{i},{code},woman,40,employed,{LEVELS[i % 4]}\n" for i in range(1, 9))
    )
    firms.write_text(f"firm_id,commune,sector,naf\n1,{code},industry,D\n")
    posts.write_text(
        "post_id,firm_id,skill,shift,level\n" + "".join(f"{i},1,maintenance,day,bac\n" for i in range(1, 9))
    )
    made = read_population(
        workers,
        None,
        firms,
        posts,
        territory=territory,
        catalogue=default_catalogue(),
        parameters=defaults(),
        seed=1,
    )
    own = made.persons.worker_id < 100
    assert made.persons.level[own].tolist() == [1, 2, 3, 0, 1, 2, 3, 0]
    assert NAF[int(made.firms.naf[made.firms.firm_id == 1][0])] == "D"
    assert set(made.posts.level[made.posts.post_id < 100].tolist()) == {LEVELS.index("bac")}
