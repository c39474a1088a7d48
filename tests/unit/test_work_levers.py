"""Childcare at shift hours, working conditions and automation, care near home: what each changes and costs.

Not here: faults of the scenario's file (test_scenario_levers).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.scenario_levers import Levers
from embauche.core.scenario_work import Care
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour.care import home_eur
from embauche.labour.values import but_travel
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.schemas import SKILLS
from helpers import tiny_territory
from twin_case import twin_population

TERRITORY = tiny_territory()
HOLDS = 0


def run(levers: dict[str, Any], weeks: int = 3) -> Bassin:
    made = twin_population(TERRITORY, households=120)
    population = Population(made.households, made.persons, made.firms, made.posts)
    settings = Settings(levers=Levers.model_validate(levers))
    model = Bassin(TERRITORY, population, default_catalogue(), defaults(), settings, rng=1)  # type: ignore[arg-type]
    for _ in range(weeks):
        model.step()
    return model


def creche(**changes: Any) -> dict[str, Any]:
    return {"childcare": [{"name": "creche", "places": 3, "hours": "04:00-22:30", "apply": 1.0,
                           "payer": "region",
                           "cost_eur_week": 200, "fee_eur_week": 50} | changes]}  # fmt: skip


def test_places_of_childcare_go_to_parents_and_are_paid() -> None:
    model = run(creche())
    holds = model.state.kept["aid.creche.until"] >= HOLDS
    assert holds.sum() == 3
    assert model.traits.kids[holds].all()
    assert (np.bincount(model.population.persons.household[holds]) <= 1).all()
    entries = model.ledger.entries.items()
    paid = [sum(v for k, v in entries if k[1] == "creche" and k[2] == who) for who in ("region", "user")]
    assert paid == [3 * 15_000, 3 * 5_000]


def test_hours_cost_who_has_a_place_no_more_than_other_parents() -> None:
    model = run(creche(), weeks=1)
    nobody, parents, holders = model.traits.shift_eur
    assert (nobody <= holders).all()
    assert (holders <= parents).all()
    assert (holders < parents).any()


def test_childcare_at_weekends_helps_weekend_teams_too() -> None:
    week, all_days = (run(creche(weekend=w), weeks=1).traits.shift_eur[2] for w in (False, True))
    names = [s.name for s in default_catalogue().shifts]
    assert all_days[names.index("weekend")] < week[names.index("weekend")]
    assert (all_days <= week).all()


def test_a_budget_bounds_what_childcare_costs() -> None:
    model = run(creche(budget_eur=700), weeks=6)
    assert int(model.state.kept["aid.creche.spent"][0]) == 60_000  # 3 places of 150 EUR, then 1 of them
    assert not (model.state.kept["aid.creche.until"] >= HOLDS).any()


def conditions(**changes: Any) -> dict[str, Any]:
    return {
        "conditions": [{"name": "better", "week": 1, "strain_eur_month": 80, "image_eur_month": 30} | changes]
    }


def test_lighter_work_is_worth_more_to_all_and_a_better_image_to_others() -> None:
    plain, model = run({}, 0), run(conditions(), 0)
    person = np.flatnonzero(model.state.post >= 0)[:20]
    own = model.state.post[person]
    other = np.roll(own, 1)
    for post in (own, other):
        before = but_travel(plain, person, post)
        assert (but_travel(model, person, post) == before).all()  # its week has not come
    for m in (plain, model):
        m.state.week += 1
    from embauche.labour import conditions as rule

    rule.step(model)
    inside = ~model.population.firms.external[model.population.posts.firm]
    assert but_travel(model, person, own) - but_travel(plain, person, own) == pytest.approx(
        80.0 * inside[own]
    )
    gain = but_travel(model, person, other) - but_travel(plain, person, other)
    assert gain == pytest.approx((80.0 + 30.0 * (own != other)) * inside[other])


def test_machines_replace_posts_and_the_rest_ask_another_domain() -> None:
    plain = run({}, 3)
    model = run(conditions(removed=0.5, skill_to="maintenance", cost_eur_post=100, cost_eur_week=2), 3)
    inside = ~model.population.firms.external[model.population.posts.firm]
    assert (model.state.active & inside).sum() < 0.75 * (plain.state.active & inside).sum()
    assert (model.population.posts.skill[inside] == SKILLS.index("maintenance")).all()
    assert (plain.population.posts.skill[inside] != SKILLS.index("maintenance")).any()
    cost = [v for k, v in model.ledger.entries.items() if k[:3] == ("conditions", "better", "employer")]
    assert sum(cost) == 200 * (model.state.active & inside).sum()


def test_care_near_home_is_worth_what_the_table_says(tmp_path: Path) -> None:
    communes = TERRITORY.communes
    inside = [str(c) for c in communes.code[~communes.external]]
    file = tmp_path / "care.csv"
    file.write_text("commune,score\n" + f"{inside[0]},1\n{inside[1]},0\n", encoding="utf-8")
    settings = replace(Settings(), care=Care(table="care.csv", eur_month=100), folder=tmp_path)
    worth = home_eur(settings, communes)
    row = {str(c): k for k, c in enumerate(communes.code)}
    assert worth[row[inside[0]]] == 50
    assert worth[row[inside[1]]] == -50
    assert worth.sum() == 0
    file.write_text(f"commune,score\n{inside[0]},2\n{inside[0]},x\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        home_eur(settings, communes)
    assert [p.line for p in error.value.problems] == [2, 3, 3]
