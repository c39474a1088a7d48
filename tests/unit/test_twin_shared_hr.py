"""Pools and networks of HR directors beside their plain twins, in each week of three months.

Lives here: the comparison. Not here: the twins (naive.shared_hr), employers' groups (test_twin_geiq).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.scenario_recruitment import Recruitment
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour import directors, hr
from embauche.labour.applications import Pool
from embauche.labour.intensity import reservation
from embauche.labour.seasons import vacant
from embauche.labour.values import pair_utilities
from embauche.model import Bassin
from naive.shared_hr import decide_weeks, handled, passed_on, read, units
from season_case import KEEN, TERRITORY, population

TOWNS = {"one": ["Aville"], "two": ["Aville", "Bourg"]}
BLOCK = {
    "pools": [{"name": name, "employers": {"communes": towns}} for name, towns in TOWNS.items()],
    "network": [{"name": "drh", "employers": {"communes": ["Bourg", "Champs"]}, "posts": 2}],
}
BUSY = KEEN | {
    "quits.base": 0.03, "hire.threshold": 0.9, "search.floor": 0.6, "search.on_the_job": 1.0,
    "hire.decide_weeks_tpe": 1.0, "hire.handled_share": 0.2, "search.applications": 2.0,
}  # fmt: skip


def firms_in(model: Bassin, towns: list[str]) -> list[int]:
    firms, names = model.population.firms, model.territory.communes.name
    return [f for f in range(len(firms)) if names[firms.commune[f]] in towns and not firms.external[f]]


def test_pools_and_networks_are_their_plain_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(recruitment=Recruitment.model_validate(BLOCK))
    p = defaults().replaced(BUSY)
    model = Bassin(TERRITORY, population(100, 16), default_catalogue(), p, settings, rng=2)  # type: ignore[arg-type]
    pools = [firms_in(model, towns) for towns in TOWNS.values()]
    shared = units(model, pools)
    for k, unit in enumerate(shared):
        assert len(set(model.hr.unit[unit].tolist())) == 1
        assert model.hr.decide_weeks[model.hr.unit[unit[0]]] == decide_weeks(model, unit, pooled=k < 2)
    assert [len(unit) > 1 for unit in shared[:3]] == [True, True, False]
    advertise, screen, pass_on = hr.advertise, Pool.screen, directors.pass_on
    seen: Counter[str] = Counter()

    def advertised(world: Bassin, services: hr.Hr) -> None:
        open_ = np.flatnonzero(vacant(world)).tolist()
        expected = set().union(*(handled(world, unit, open_) for unit in shared))
        advertise(world, services)
        assert set(np.flatnonzero(world.state.kept[hr.ADVERTISED]).tolist()) == expected
        seen["unhandled"] += len(open_) - len(expected)

    def screened(pool: Pool, world: Bassin, services: hr.Hr) -> None:
        pairs = list(zip(pool.person.tolist(), pool.post.tolist(), strict=True))
        unread = [pair for pair, when in zip(pairs, pool.screened.tolist(), strict=True) if when < 0]
        expected = {pair for unit in shared for pair in read(world, unit, unread)}
        before = pool.screened.copy()
        screen(pool, world, services)
        assert {pairs[k] for k in np.flatnonzero(before != pool.screened)} == expected
        seen.update({"read": len(expected), "unread": len(unread) - len(expected)})

    def passed(world: Bassin, pool: Pool, hires: Any) -> Pool:
        columns = (
            pool.person.tolist(),
            pool.post.tolist(),
            pool.left.tolist(),
            (pool.screened >= 0).tolist(),
        )
        names = ("person", "post", "held", "read")
        known = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        present = world.present_utilities()

        def worth(i: int, k: int) -> float:
            person, post = np.array([i], np.int32), np.array([k], np.int32)
            return float((pair_utilities(world, person, post) - reservation(world, person, present))[0])

        left = set(np.flatnonzero(hires.post_fate).tolist())
        members = firms_in(world, ["Bourg", "Champs"])
        expected = passed_on(world, members, 2, known, set(hires.post.tolist()), left, worth)
        got = pass_on(world, pool, hires)
        more = zip(got.person[len(known) :].tolist(), got.post[len(known) :].tolist(), strict=True)
        assert set(more) == expected
        ids = world.state.worker_id
        events = {(w, k) for name, _, w, k in world.shared_hr.rows if name == "drh"}
        assert events == {(int(ids[i]), k) for i, k in expected}
        seen.update("passed, in work" if world.state.post[i] >= 0 else "passed" for i, _ in expected)
        return got

    monkeypatch.setattr(hr, "advertise", advertised)
    monkeypatch.setattr(Pool, "screen", screened)
    monkeypatch.setattr(directors, "pass_on", passed)
    for _ in range(12):
        model.step()
    for what in ("unhandled", "read", "unread", "passed", "passed, in work"):
        assert seen[what] > 0, (what, seen)
