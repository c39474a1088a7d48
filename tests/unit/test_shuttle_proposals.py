"""Proposed shuttles: routes beside all routes there are, budgets kept, a scenario that runs.

Lives here: the search against trying everything, proposals on a small territory. Not here: shuttles
themselves (test_shuttle_lines).
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.analysis.shuttle_files import write_proposals
from embauche.analysis.shuttle_proposals import Wish, propose
from embauche.analysis.shuttle_routes import Stops, best_route
from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.scenario_load import load_scenario
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.model import Bassin
from embauche.population.population import Population
from helpers import tiny_territory
from twin_case import twin_population

Array = np.ndarray[Any, Any]


def plane(seed: int, stops: int = 6, places: int = 40) -> tuple[Stops, Array]:
    """Stops and homes on a plane of 20 minutes a side, work outside one corner."""
    g = np.random.default_rng(seed)
    at, home = g.uniform(0, 20, (stops, 2)), g.uniform(0, 20, (places, 2))
    walk = 6.0 * np.hypot(*(at[:, None] - home[None]).transpose(2, 0, 1))
    walk[walk > 25.0] = np.inf
    drive = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + 0.5
    return Stops(walk, drive, np.hypot(*(at + 5.0).T), 55.0, 45.0, 10.0), g.integers(0, 50, places) * 1.0


@pytest.mark.parametrize("seed", range(12))
def test_a_route_is_nearly_the_best_of_all(seed: int) -> None:
    stops, weight = plane(seed)
    routes = [r for k in range(1, 5) for r in permutations(range(6), k)]
    best = max(stops.worth(r, weight) for r in routes)
    route, worth = best_route(stops, weight, 4)
    assert worth == stops.worth(route, weight)
    assert len(route) <= 4
    assert 0.97 * best <= worth <= best


def test_too_long_a_ride_is_no_route() -> None:
    stops, weight = plane(3)
    assert stops.worth((0, 1, 2, 3, 4, 5), weight) == -1.0 or stops.length((0, 1, 2, 3, 4, 5)) <= 45.0
    nobody = best_route(stops, np.zeros(40), 4)
    assert nobody == ((), 0.0)


@pytest.fixture(scope="module")
def model() -> Bassin:
    """A small territory where nobody has a car and no bus runs; homes are an hour's walk apart."""
    territory = tiny_territory()
    made = twin_population(territory, households=60)
    population = Population(made.households, made.persons, made.firms, made.posts)
    population.households.cars[:] = 0
    values = defaults().replaced({"walk.max_min": 10.0, "bike.max_min": 10.0})
    settings = Settings(services=("car", "walk"))
    return Bassin(territory, population, default_catalogue(), values, settings)  # type: ignore[arg-type]


def wish(**changes: Any) -> Wish:
    return Wish(**({"windows": ("morning", "day"), "limit_min": 90.0, "walk_min": 20.0} | changes))


def test_lines_are_ranked_within_budget_and_fleet(model: Bassin) -> None:
    _, proposals = propose(model, wish())
    assert proposals
    rank = [p.per_euro for p in proposals]
    assert rank[0] == max(rank)
    assert sum(p.eur_week for p in proposals) <= 8000.0
    assert sum(p.vehicles for p in proposals) <= 4
    first = proposals[0]
    assert first.persons > 0
    assert 0 < first.reached <= first.persons * first.posts
    assert first.reached_vacant <= first.reached
    _, fewer = propose(model, wish(budget_eur_week=first.eur_week, lines=1))
    assert fewer[0].line == first.line


def test_what_is_reached_once_is_not_counted_twice(model: Bassin) -> None:
    zone, proposals = propose(model, wish(budget_eur_week=1e6, vehicles=90, lines=20))
    carless = (model.state.status > 0) & ~model.can_drive()
    assert sum(p.reached for p in proposals) <= float(carless.sum()) * zone.posts.sum()


def test_no_money_no_line(model: Bassin) -> None:
    with pytest.raises(UserError, match="no line fits these wishes"):
        propose(model, wish(budget_eur_week=1.0))


def test_unknown_commune_and_window_are_named_at_once(model: Bassin) -> None:
    with pytest.raises(UserError) as caught:
        propose(model, wish(zone=("Nowhere-sur-Mer",), windows=("mornings",)))
    assert [p.what for p in caught.value.problems] == [
        "there is no such window", "there is no such commune in the territory",
    ]  # fmt: skip


def test_the_file_written_is_a_scenario_with_these_lines(model: Bassin, tmp_path: Path) -> None:
    zone, proposals = propose(model, wish())
    file = tmp_path / "shuttles.yaml"
    table = write_proposals("baseline", zone, proposals, file)
    assert all(p.line.name in table for p in proposals)
    read = load_scenario(file)
    assert read.settings().options["shuttle"].lines == tuple(p.line for p in proposals)  # type: ignore[attr-defined]
    with pytest.raises(UserError, match="this file exists"):
        write_proposals("baseline", zone, proposals, file)
