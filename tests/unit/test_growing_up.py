"""Activity by year of age, levels reached on birthdays, posts at the start that people can get to."""

from __future__ import annotations

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.labour.activity import AGES, Activity
from embauche.labour.growing_up import BIRTHDAYS, RISES
from embauche.model import Bassin
from embauche.population.levels import shares_at
from embauche.population.population import Population
from embauche.population.schemas import Status
from helpers import tiny_territory
from twin_case import twin_population


def small(households: int = 120) -> Bassin:
    """A model of a made-up population on the tiny territory."""
    territory = tiny_territory()
    made = twin_population(territory, households=households)
    population = Population(made.households, made.persons, made.firms, made.posts)
    return Bassin(territory, population, default_catalogue(), defaults(), rng=3)  # type: ignore[arg-type]


def test_inflow_less_outflow_of_each_age_is_the_slope_of_its_share() -> None:
    model = small()
    persons = model.population.persons
    outside = model.traits.outsider
    held = Activity.make(model.population, outside, defaults())
    free = Activity.make(model.population, outside, defaults().replaced({"demography.by_age": 0.0}))
    assert held.leave.shape == held.enter.shape == (2, AGES, 2)
    for sex in (0, 1):
        # Where nothing moves by age inflow is outflow: the share is enter / (enter + leave).
        share = free.enter[0, :, sex] / (free.enter[0, :, sex] + free.leave[0, :, sex])
        net = held.enter[0, :, sex] * (1.0 - share) - held.leave[0, :, sex] * share
        assert net * 52.0 == pytest.approx(np.gradient(share), abs=1e-9)
    busy = (persons.status > 0) & ~outside
    assert held.entrants[0, 1] < busy[~outside].mean(), "few work or seek work at 15"


def test_of_those_under_18_it_is_drawn_who_will_drive() -> None:
    made = twin_population(tiny_territory(), households=400)
    made.persons.age_weeks[:300] = 16 * 52
    made.persons.licence[:300] = False
    population = Population(made.households, made.persons, made.firms, made.posts)
    model = Bassin(tiny_territory(), population, default_catalogue(), defaults(), rng=3)  # type: ignore[arg-type]
    share = model.state.licence[:300].mean()
    assert share == pytest.approx(defaults()["demography.entrant_licence"], abs=0.09)
    assert not model.can_drive()[:300].any(), "not before 18"
    assert not population.persons.licence[:300].any(), "the population stays as it is"


def test_who_lives_outside_never_leaves_before_65() -> None:
    held = Activity.make(small().population, np.ones(len(small().population.persons), bool), defaults())
    assert (held.leave[1] == 0.0).all()
    assert (held.enter[1] == 1.0).all()


def test_birthdays_turn_the_shares_of_levels_into_those_of_the_next_age() -> None:
    now = shares_at(16)
    assert now[:, 0] == pytest.approx(1.0)
    for row, years in enumerate(BIRTHDAYS):
        gone = now * RISES[row]
        now = now - gone
        now[:, 1:] += gone[:, :-1]
        if years != 21:  # graduates go through two levels in that year: the rest have the next one
            assert now == pytest.approx(shares_at(years), abs=1e-12), years


def test_entrants_have_no_level() -> None:
    model = small()
    s = model.state
    s.age_weeks[:5] = 65 * 52 - 1
    s.level[:5] = 3
    model.step()
    assert (s.age_weeks[:5] == 15 * 52).all()
    assert (s.level[:5] == 0).all()


def test_posts_are_exchanged_at_the_start_until_nearly_everybody_has_a_way() -> None:
    model = small(400)
    s = model.state
    held = np.flatnonzero(s.post >= 0)
    assert (s.holder[s.post[held]] == held).all()
    assert (s.status[held] == Status.EMPLOYED).all()
    assert len(np.unique(s.post[held])) == len(held)
    assert int((s.holder >= 0).sum()) == len(held)
    model.present_utilities()
    stuck = ~np.isfinite(model.present_logsum[held])
    no_car = ~np.asarray(model.can_drive())[held]
    assert stuck.mean() < 0.01
    assert no_car.sum() > 20, "who has no car works too"
