"""Levers on hours, telework, parking, allowances and bike lanes: what each changes, and what it leaves alone.

Not here: aids to persons (test_programmes), faults of a scenario's file (test_scenario_levers).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.commuting.lanes import with_bike_lanes
from embauche.core.errors import UserError
from embauche.core.hours import with_variants
from embauche.core.parameters import defaults
from embauche.core.scenario_levers import Levers
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.model import Bassin
from embauche.population.population import Population
from helpers import tiny_territory
from naive import NaiveBassin
from twin_case import start_of, twin_population
from unit.test_twin_model import BUSY, live_together

WEEKS = 3


def run(levers: dict[str, Any], weeks: int = WEEKS) -> Bassin:
    territory = tiny_territory()
    made = twin_population(territory, households=60)
    population = Population(made.households, made.persons, made.firms, made.posts)
    settings = Settings(levers=Levers.model_validate(levers))
    model = Bassin(territory, population, default_catalogue(), defaults(), settings, rng=1)  # type: ignore[arg-type]
    for _ in range(weeks):
        model.step()
    return model


@pytest.fixture(scope="module")
def plain() -> Bassin:
    return run({})


def same(a: Bassin, b: Bassin) -> bool:
    assert a.week_travel is not None
    assert b.week_travel is not None
    other = b.state.arrays()
    return all(x.tobytes() == other[name].tobytes() for name, x in a.state.arrays().items()) and (
        a.week_travel.chosen.tobytes() == b.week_travel.chosen.tobytes()
    )


def tours(model: Bassin, service: str) -> int:
    assert model.week_travel is not None
    row = [s.name for s in model.services].index(service)
    return int((model.week_travel.chosen == row).sum())


@pytest.mark.parametrize(
    "levers",
    [
        {"telework": [{"name": "t", "days": 0}]},
        {"telework": [{"name": "t", "days": 3, "share": 0.0}]},
        {"telework": [{"name": "t", "days": 3, "employers": {"min_posts": 10_000}}]},
        {"hours": [{"name": "h", "later_min": 0}]},
        {"bike_lanes": [{"name": "b", "ways": [], "kmh": 30, "felt": 0.5}]},
    ],
    ids=lambda x: next(iter(x)),
)
def test_a_lever_of_nothing_changes_no_byte(plain: Bassin, levers: dict[str, Any]) -> None:
    assert same(plain, run(levers))


def test_telework_takes_away_its_days_and_spreads_them_over_weekdays() -> None:
    levers = Levers.model_validate({"telework": [{"name": "t", "days": 2}]})
    catalogue = with_variants(default_catalogue(), levers)
    shift = catalogue.shift_row("day/2")
    weeks = int(catalogue.weeks[shift])
    worked = (catalogue.roster[shift, :weeks] >= 0).reshape(weeks, 7, 2).any(axis=2)
    assert weeks == 5
    assert (worked.sum(axis=1) == 3).all()
    assert (worked[:, :5].sum(axis=0) == 3).all()
    assert catalogue.base_row[shift] == catalogue.shift_row("day")


def test_telework_travels_less_and_saves_what_the_way_costs(plain: Bassin) -> None:
    home = run({"telework": [{"name": "t", "days": 3}]}, weeks=0)
    start = run({}, weeks=0)
    desk = np.isin(start.population.posts.shift, [0, 1])
    holds = (start.state.post >= 0) & desk[np.maximum(start.state.post, 0)]
    before, after = start.present_utilities(), home.present_utilities()
    inside = (
        holds
        & np.isfinite(before)
        & ~start.population.firms.external[start.population.posts.firm[np.maximum(start.state.post, 0)]]
    )
    # three of five tours' logsums are saved: most cost something, some ways are a pleasure
    assert (after[inside] != before[inside]).all()
    assert (after[inside] > before[inside]).mean() > 0.7
    others = (start.state.post >= 0) & ~holds
    assert np.array_equal(before[others], after[others])
    changed = run({"telework": [{"name": "t", "days": 3}]})
    assert sum(tours(changed, s.name) for s in changed.services) < sum(
        tours(plain, s.name) for s in plain.services
    )


def test_staggered_hours_spread_posts_and_keep_their_shift_in_tables() -> None:
    model = run({"hours": [{"name": "h", "later_min": [-30, 30], "shifts": ["day", "two_by_eight"]}]})
    names = [s.name for s in model.catalogue.shifts]
    posts = model.population.posts
    shift = posts.shift[~model.population.firms.external[posts.firm]]
    for base in ("day", "two_by_eight"):
        assert not (shift == names.index(base)).any()
        assert (shift == names.index(f"{base}-30")).any()
        assert (shift == names.index(f"{base}+30")).any()
    w = {x.name: (x.start_min, x.end_min) for x in model.catalogue.windows}
    assert w["morning+30"] == (w["morning"][0] + 30, w["morning"][1] + 30)
    table = model.week_tables()["vacancies"]
    assert table["shift"].max(initial=0) < len(default_catalogue().shifts)


def test_dear_parking_drives_people_out_of_cars_of_those_firms_only(plain: Bassin) -> None:
    dear = run({"parking": [{"name": "p", "eur_day": 20}]}, weeks=1)
    free = run({}, weeks=1)
    assert tours(dear, "car") < tours(free, "car")
    one = free.population.firms.firm_id[0]
    model = run({"parking": [{"name": "p", "eur_day": 5, "employers": {"firms": [int(one)]}}]}, weeks=0)
    assert model.terms is not None
    rows = np.flatnonzero(model.terms.eur["car"])
    mine = np.flatnonzero(model.population.posts.firm == 0)
    assert set(rows.tolist()) == set(model.post_site[mine].tolist())
    assert len(model.network.site_rows) > len(free.network.site_rows)


def test_an_allowance_pays_riders_its_cap_over_the_days_of_a_year() -> None:
    lever = {"name": "a", "services": ["bike"], "eur_day": 3, "cap_eur_year": 440}
    model = run({"allowances": [lever]}, weeks=1)
    assert model.terms is not None
    assert model.terms.eur["bike"].min() == pytest.approx(-2.0)
    assert tours(model, "bike") > tours(run({}, weeks=1), "bike")


def test_bike_lanes_are_ridden() -> None:
    lane = {"name": "b", "communes": ["aville", "62902"], "highways": ["motorway"], "kmh": 25, "felt": 0.7}
    assert tours(run({"bike_lanes": [lane]}, weeks=1), "bike") > tours(run({}, weeks=1), "bike")


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ({"bike_lanes": [{"name": "b", "ways": [987654], "felt": 0.5}]}, "ways that the territory does not"),
        ({"bike_lanes": [{"name": "b", "communes": ["Avile"], "highways": ["path"], "felt": 1}]}, "Aville"),
        ({"bike_lanes": [{"name": "b", "communes": ["Aville"], "highways": ["pth"], "felt": 1}]}, "path"),
        ({"parking": [{"name": "p", "eur_day": 1, "employers": {"firms": [1]}}]}, "no such firm"),
    ],
)
def test_what_the_territory_does_not_have_is_named(levers: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError) as caught:
        run(levers, weeks=0)
    assert words in str(caught.value)


@pytest.mark.parametrize("seed", [3, 8])
def test_the_plain_twin_lives_the_same_weeks_under_levers(seed: int) -> None:
    levers = {
        "hours": [{"name": "h", "later_min": [-30, 30], "share": 0.7}],
        "telework": [{"name": "t", "days": 2, "share": 0.6, "employers": {"min_posts": 5}}],
        "parking": [{"name": "p", "eur_day": 3, "employers": {"min_posts": 6}}],
        "allowances": [{"name": "a", "services": ["bike", "transit"], "eur_day": 4}],
        "bike_lanes": [{"name": "b", "communes": "Bourg", "highways": "motorway", "kmh": 22, "felt": 0.8}],
    }
    territory = tiny_territory()
    made = twin_population(territory, households=48)
    population = Population(made.households, made.persons, made.firms, made.posts)
    settings = Settings(levers=Levers.model_validate(levers))
    parameters = defaults().replaced(BUSY)
    fast = Bassin(territory, population, default_catalogue(), parameters, settings, rng=seed)  # type: ignore[arg-type]
    firms, posts = population.firms, population.posts
    size = np.bincount(posts.firm[posts.active], minlength=len(firms))
    terms: dict[tuple[int, str], float] = {}
    for firm in np.flatnonzero(~firms.external).tolist():
        off = -min(4.0, 800.0 / parameters["allowance.days_year"])
        terms |= {(int(firms.firm_id[firm]), s): off for s in ("bike", "transit")}
        if size[firm] >= 6:
            terms[int(firms.firm_id[firm]), "car"] = 3.0
    plain = NaiveBassin(
        with_bike_lanes(territory, settings.levers), fast.population, fast.catalogue, parameters,  # type: ignore[type-var]
        rng=seed, **start_of(fast), terms=terms,
    )  # fmt: skip
    seen = live_together(fast, plain, weeks=8)
    assert all(seen[what] for what in ("car", "bike", "transit", "searched", "hired"))
    assert {"car", "bike", "transit"} == set(fast.terms.eur)  # type: ignore[union-attr]


def test_an_allowance_is_paid_to_its_cap_and_parking_to_the_employer() -> None:
    allowance = {"name": "a", "services": ["bike", "walk"], "eur_day": 3, "cap_eur_year": 40}
    model = run({"allowances": [allowance], "parking": [{"name": "p", "eur_day": 2}]}, weeks=0)
    held = model.state.post.copy()
    paid = 0
    for _ in range(6):
        model.step()
        assert model.week_travel is not None
        entries = model.ledger.entries
        paid += sum(c for (*_, what, _), c in entries.items() if what == "allowance")
        for _, _, payer, payee, what, _ in entries:
            assert (payer, payee) == (("employer", "user") if what == "allowance" else ("user", "employer"))
        inside = ~model.population.firms.external[model.population.posts.firm[model.week_post]]
        cars = [s.name for s in model.services].index("car")
        driven = int(((model.week_travel.chosen == cars).sum(axis=1) * inside)[model.week_post >= 0].sum())
        assert sum(c for (*_, what, _), c in entries.items() if what == "parking") == 200 * driven
    got = model.state.kept["allowance.cents"]
    stayed = (model.state.post == held) & (held >= 0)
    assert got.max() == 4000
    assert (got[stayed] == 4000).any()
    assert paid >= int(got[stayed].sum())


def test_too_few_places_make_drivers_look_for_one() -> None:
    few = run({"parking": [{"name": "p", "places_per_post": 0.1}]}, weeks=5)
    many = run({"parking": [{"name": "p", "places_per_post": 1.0}]}, weeks=5)
    assert few.terms is not None
    assert many.terms is not None
    assert not many.terms.search_min.any()
    looked = few.state.kept["parking.search_min"]
    assert 0 < looked.max() <= 0.5 * few.parameters["parking.search_min"]
    assert looked[few.population.firms.external].max(initial=0) == 0
    firm = few.population.posts.firm
    assert np.array_equal(few.terms.search_min[few.post_site], looked[firm].astype(np.float32))
    again = few.territory, few.population, few.catalogue, few.parameters, few.settings
    saved = Bassin(*again, rng=1, state=few.state)
    assert np.array_equal(saved.terms.search_min, few.terms.search_min)  # type: ignore[union-attr]
