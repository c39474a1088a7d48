"""The season of apprentices beside its plain twin, each step of each week of two years.

Lives here: a small population with centres, and the comparison. Not here: the twin (naive.season), the real
territory (test_apprentices).
"""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from embauche import model as whole
from embauche.core.parameters import defaults
from embauche.core.scenario_training import Training
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour import apprentices
from embauche.labour.apprentice_events import EVENTS, ApprenticeEvents
from embauche.labour.hiring import Hires
from embauche.labour.state import State
from embauche.model import Bassin
from embauche.population.schemas import SKILLS
from naive.season import Season, now
from season_case import KEEN, TERRITORY, population

Array = np.ndarray[Any, Any]
EQUIPPED = SKILLS[0]


def bassin(seed: int, success: float) -> Bassin:
    """With workshops equipped in one of the domains, where `success` is not 0."""
    benches = [{"name": "benches", "domains": EQUIPPED, "success": success, "cost_eur_year": 0}]
    settings = Settings(training=Training.model_validate({"equipment": benches if success else []}))
    p = defaults().replaced(KEEN)
    return Bassin(TERRITORY, population(), default_catalogue(), p, settings, rng=seed)  # type: ignore[arg-type]


def events(model: Bassin, after: int) -> list[tuple[str, int, int]]:
    event, person, post = model.week_apprentices.columns()
    rows = zip(event.tolist(), person.tolist(), post.tolist(), strict=True)
    return [(EVENTS[e], i, k) for e, i, k in rows][after:]


def same(twin: Season, model: Bassin, after: int, step: str) -> None:
    real = now(model)
    for name, column in twin.x.items():
        assert column == real[name], f"{name} after {step} of week {twin.week}"
    assert sorted(twin.events) == sorted(events(model, after)), f"{step} of week {twin.week}"


def test_each_step_of_the_season_is_its_plain_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    week_of, agreements, breaks = whole.apprentices_week, apprentices.agreements, apprentices.breaks
    twins: list[Season] = []
    count: Counter[str] = Counter()

    def begins(world: Bassin) -> Any:
        if "apprentices.open" not in world.state.kept:
            return week_of(world)
        twin = Season(world)
        twin.begins()
        got = week_of(world)
        same(twin, world, 0, "begin")
        assert twin.wanted == list(zip(*(a.tolist() for a in got.wanted), strict=True))
        twins.append(twin)
        return got

    def agree(world: Bassin, post: Array, person: Array) -> tuple[Array, Array, Array]:
        twin, before = Season(world), len(events(world, 0))
        twin.wanted = twins[-1].wanted if twins else []
        hired, moves = twin.agree(list(zip(post.tolist(), person.tolist(), strict=True)))
        got = agreements(world, post, person)
        same(twin, world, before, "agreements")
        assert got[0].tolist() == hired
        assert list(zip(got[1].tolist(), got[2].tolist(), strict=True)) == moves
        return got

    def broken(world: Bassin, utility: Array, hires: Hires) -> None:
        twin, before = Season(world), len(events(world, 0))
        twin.breaks(utility.tolist(), hires.hired.tolist())
        breaks(world, utility, hires)
        same(twin, world, before, "breaks")

    monkeypatch.setattr(whole, "apprentices_week", begins)
    monkeypatch.setattr(apprentices, "agreements", agree)
    monkeypatch.setattr(apprentices, "breaks", broken)
    for seed, success in ((1, 0.0), (8, 0.3)):
        twins.clear()
        model = bassin(seed, success)
        for _ in range(104):
            model.step()
            count.update(name for name, _, _ in events(model, 0))
    assert all(count[name] > 0 for name in EVENTS), count


def test_better_workshops_keep_apprentices() -> None:
    """In one domain of three the same luck ends fewer contracts, and none that would not have ended."""
    model, equipped = bassin(1, 0.0), bassin(1, 0.4)
    for _ in range(30):
        model.step()
    better = model.population.posts.skill == SKILLS.index(EQUIPPED)
    broken: dict[bool, set[tuple[int, int]]] = {False: set(), True: set()}
    saved = {name: values.copy() for name, values in model.state.arrays().items()}
    for week in range(30, 42):
        for with_benches, world in ((False, model), (True, equipped)):
            world.state = State.from_arrays({name: values.copy() for name, values in saved.items()})
            world.state.week[0] = week
            world.week_apprentices = ApprenticeEvents()
            under = world.state.post >= 0
            nobody = SimpleNamespace(hired=np.zeros(len(under), bool))
            before = world.state.holder.copy()
            apprentices.breaks(world, np.full(len(under), 500.0), nobody)  # type: ignore[arg-type]
            gone = np.flatnonzero((before >= 0) & (world.state.holder < 0))
            broken[with_benches] |= {(week, int(post)) for post in gone}
    assert broken[True] < broken[False]
    assert {better[post] for _, post in broken[False] - broken[True]} == {True}
    assert any(not better[post] for _, post in broken[True])
