"""A scenario's sites: new posts branch from the baseline's state, firms move with their people, land is told.

Not here: faults of the file's fields alone (test_scenario), closures by firms' own rules (test_ends).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from embauche.analysis.indicators_land import site_rows
from embauche.commuting.site_spots import site_faults
from embauche.core.parameters import defaults
from embauche.core.scenario_sites import Sites
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour.state import State
from embauche.model import Bassin
from embauche.model_sites import site_tables
from embauche.population.population import Population
from helpers import TinyTerritory, tiny_territory
from twin_case import twin_population

WEEKS = 4
NEW = {
    "name": "new", "week": 1, "at": {"lon": 2.62, "lat": 50.51}, "sector": "industry", "firms": 2, "ha": 4,
    "cost_eur": 1000, "homes": 8,
    "jobs": [{"posts": 5, "skill": "logistics", "shift": "two_by_eight"},
             {"posts": 2, "skill": "administration", "wage_eur": 2500, "level": 2}],
}  # fmt: skip


@cache
def ground() -> tuple[TinyTerritory, Population]:
    territory = tiny_territory()
    made = twin_population(territory, households=60)
    return territory, Population(made.households, made.persons, made.firms, made.posts)


def bassin(sites: dict[str, Any], state: State | None = None) -> Bassin:
    territory, population = ground()
    settings = replace(Settings(), sites=Sites.model_validate(sites))
    return Bassin(territory, population, default_catalogue(), defaults(), settings, rng=1, state=state)  # type: ignore[arg-type]


@cache
def burnt() -> dict[str, Any]:
    model = bassin({})
    for _ in range(2):
        model.step()
    return model.state.arrays()


def branch(sites: dict[str, Any]) -> Bassin:
    return bassin(sites, State.from_arrays(burnt()))


def largest() -> int:
    _, population = ground()
    size = np.bincount(population.posts.firm[population.posts.active], minlength=len(population.firms))
    size[population.firms.external] = 0
    return int(np.argmax(size))


def test_new_posts_stand_after_the_others_and_open_in_their_week() -> None:
    model, known = branch({"open": [NEW]}), len(ground()[1].posts)
    posts = model.population.posts
    new = np.arange(known, len(posts))
    assert len(new) == 7
    assert (np.diff(posts.post_id[known - 1 :]) > 0).all()
    assert posts.wage_cents[new].max() == 250_000
    assert not model.state.active[new].any()
    model.step()
    assert not model.state.active[new].any()
    model.step()
    assert model.state.active[new].all()
    assert sorted(np.bincount(posts.firm[new])[len(ground()[1].firms) :].tolist()) == [3, 4]
    paid = {k: v for k, v in model.ledger.entries.items() if k[0] == "sites"}
    assert list(paid.values()) == [100_000]


def test_nothing_changes_before_a_site_opens() -> None:
    plain, other = branch({}), branch({"open": [NEW | {"week": 3}]})
    for _ in range(3):
        plain.step()
        other.step()
    for name in ("post", "status", "worker_id", "wage_ref_cents"):
        assert getattr(plain.state, name).tobytes() == getattr(other.state, name).tobytes(), name


def test_who_works_in_a_firm_that_moves_keeps_her_post_and_travels_elsewhere() -> None:
    _, population = ground()
    firm = largest()
    model = branch({"move": [{"name": "away", "week": 1, "at": {"lon": 2.6, "lat": 50.5},
                              "firm": {"id": int(population.firms.firm_id[firm])}}]})  # fmt: skip
    model.step()
    mine = np.flatnonzero(population.posts.firm == firm)
    before, held = model.post_site[mine].copy(), model.state.holder[mine].copy()
    km = {p: float(model.book.offers.km[0, model.book.start[p]]) for p in held[held >= 0].tolist()}
    model.step()
    assert (model.post_site[mine] != before).all()
    assert int(model.territory.sites.node[model.population.firms.site[firm]]) == 0  # the grid's corner
    still = [p for p in held[held >= 0].tolist() if model.state.post[p] >= 0 and p in km]
    assert still
    moved = [float(model.book.offers.km[0, model.book.start[p]]) for p in still]
    assert moved != [km[p] for p in still]
    assert population.firms.site[firm] != model.population.firms.site[firm]  # the baseline's own is as it was


def test_a_firm_that_closes_has_no_posts_left() -> None:
    _, population = ground()
    firm = largest()
    model = branch(
        {"close": [{"name": "shut", "week": 0, "firm": {"id": int(population.firms.firm_id[firm])}}]}
    )
    for _ in range(WEEKS):
        model.step()
    assert not model.state.active[population.posts.firm == firm].any()


def test_an_enlarged_firm_gets_posts_of_its_own() -> None:
    _, population = ground()
    firm = largest()
    job = {"posts": 3, "skill": "logistics"}
    choice = {"id": int(population.firms.firm_id[firm])}
    model = branch({"enlarge": [{"name": "more", "firm": choice, "jobs": [job]}]})
    model.step()
    posts = model.sites.posts_of(0) if model.sites is not None else np.zeros(0, int)
    assert len(posts) == 3
    assert (model.population.posts.firm[posts] == firm).all()
    assert (model.post_site[posts] == model.post_site[np.flatnonzero(population.posts.firm == firm)[0]]).all()


def test_land_and_reach_are_told() -> None:
    model = branch({"open": [NEW, NEW | {"name": "brown", "land": "brownfield", "ha": 2}]})
    for _ in range(2):
        model.step()
    sites, reach = site_tables(model)
    rows = {(k, d, g): v for _, k, d, g, _, v in site_rows(sites, reach)}
    assert rows["land_ha", "all", "all"] == 6
    assert rows["land_ha", "land", "brownfield"] == 2
    assert rows["land_artificialised_ha", "all", "all"] == 4
    assert rows["jobs_per_ha", "site", "new"] == pytest.approx(7 / 4)
    assert rows["homes_per_ha", "site", "new"] == 2
    assert 0 < rows["site_reach_car_30", "site", "new"] <= rows["site_reach_car_60", "site", "new"]
    assert rows["site_reach_no_car_45", "site", "new"] <= rows["site_reach_car_45", "site", "new"]
    inside = ~model.territory.communes.external[model.population.persons.commune]
    assert rows["site_reach_car_60", "site", "new"] <= (inside & (model.state.status > 0)).sum()


def test_without_sites_land_is_nothing_and_told() -> None:
    rows = site_rows(*site_tables(branch({})))
    assert {key for _, key, *_ in rows} == {"land_ha", "land_artificialised_ha"}
    assert all(value == 0 for *_, value in rows)


@pytest.mark.parametrize(
    ("at", "what"),
    [({"lon": 3.5, "lat": 50.5}, "outside"), ({"commune": "Nowhere"}, "no such commune"),
     ({"commune": "A", "zone": True}, "")],
)  # fmt: skip
def test_places_that_are_not_there_are_told_with_their_keys(at: dict[str, Any], what: str) -> None:
    territory, _ = ground()
    name = str(territory.communes.name[0])
    at = {**at, "commune": name} if at.get("commune") == "A" else at
    if "zone" in at:
        kept = territory.sites.columns | {"zone": np.full(len(territory.sites), -1, np.int32)}
        territory = replace(territory, sites=type(territory.sites)(territory.sites.schema, kept))
        what = "no activity zone"
    found = site_faults(Sites.model_validate({"open": [NEW | {"at": at}]}), territory)  # type: ignore[arg-type]
    assert [p.keys for p in found] == [("sites", "open", 0, "at")]
    assert what in found[0].what
