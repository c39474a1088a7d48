"""Posts within reach at shift hours, worked out again by plain loops over a grid of streets.

Not here: how indicators add it up (test_indicators), road times or timetables themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from embauche import model_access
from embauche.core.parameters import defaults
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.synthesis import synthesise
from helpers import tiny_territory

SIDE = 10
ARC_S = {"car": 36, "bike": 120, "walk": 375}  # 500 m at 50, 15 and 4.8 km/h
TERMINAL_MIN, GATE_MIN = 3.0, 20.0
LONGEST_MIN = {"bike": 60.0, "walk": 75.0}


@pytest.fixture(scope="module")
def population() -> Population:
    return synthesise(tiny_territory(), default_catalogue(), defaults(), 0)


def bassin(population: Population) -> Bassin:
    """A model whose posts have come and gone for ten weeks; without transit, that loops can follow it."""
    settings = Settings(services=("car", "bike", "walk"))
    model = Bassin(tiny_territory(), population, default_catalogue(), defaults(), settings, rng=3)
    for _ in range(10):
        model.step()
    return model


def active_residents(model: Bassin) -> Counter[str]:
    codes = model.territory.communes.code[model.population.persons.commune[model.state.status > 0]]
    return Counter(map(str, codes))


def minutes(service: str, home: int, work: int, outside: bool) -> float:
    arcs = abs(home // SIDE - work // SIDE) + abs(home % SIDE - work % SIDE)
    ride = ARC_S[service] * arcs / 60
    if service == "car":
        return ride + TERMINAL_MIN + (GATE_MIN if outside else 0.0)
    return float("inf") if outside or ride > LONGEST_MIN[service] else ride


def test_persons_are_all_active_residents_of_the_commune(population: Population) -> None:
    model = bassin(population)
    access, residents = model.access(), active_residents(model)
    places = Counter(map(str, model.territory.communes.code[model.territory.places.commune]))
    assert min(places[c] for c in residents if not c.startswith("X")) > model_access.ACCESS_PLACES
    for code, persons in zip(access.commune, access.persons, strict=True):
        assert persons == residents[str(code)]


def test_posts_within_reach(population: Population, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_access, "ACCESS_PLACES", SIDE * SIDE)  # every place, so that it is exact
    model = bassin(population)
    territory, posts, firms = model.territory, population.posts, population.firms
    catalogue, state = model.catalogue, model.state
    assert (state.active != posts.active).any(), "no post has come or gone"
    jobs: Counter[tuple[int, int]] = Counter()  # (window, site)
    for row in range(len(posts)):
        if state.active[row]:
            windows = {int(w) for w in catalogue.roster[model.post_shift[row]].ravel() if w >= 0}
            for window in windows:
                jobs[window, int(firms.site[posts.firm[row]])] += 1
    near: defaultdict[tuple[str, bool, int, int], float] = defaultdict(float)
    persons, communes = population.persons, territory.communes
    for place, people in Counter(persons.place[state.status > 0].tolist()).items():
        commune = int(territory.places.commune[place])
        if communes.external[commune]:
            continue
        home = int(territory.places.node[place])
        for (window, site), n in jobs.items():
            work = int(territory.sites.node[site])
            outside = bool(communes.external[territory.sites.commune[site]])
            slow = min(minutes(s, home, work, outside) for s in ("bike", "walk"))
            for car in (False, True):
                best = min(slow, minutes("car", home, work, outside)) if car else slow
                for limit in (30, 45, 60):
                    near[str(communes.code[commune]), car, window, limit] += people * n * (best <= limit)
    residents = active_residents(model)
    access = model.access()
    columns = (access.commune, access.car, access.window, access.minutes, access.jobs)
    seen = 0
    for code, car, window, limit, found in zip(*columns, strict=True):
        total = near[str(code), bool(car), int(window), int(limit)]
        assert found == pytest.approx(total / residents[str(code)], rel=1e-5)
        seen += total > 0
    assert seen > 50
