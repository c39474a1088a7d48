"""Childcare at shift hours beside its plain twin, in each week of half a year.

Lives here: the comparison. Not here: the twin (naive.childcare), what childcare is for (test_work_levers).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.scenario_levers import Levers
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour import childcare
from embauche.labour.aid_holders import Aid
from embauche.model import Bassin
from embauche.population.population import Population
from helpers import tiny_territory
from naive.childcare import Scheme, hours_cost
from twin_case import twin_population

SCHEMES = [
    {"name": "early", "places": 5, "hours": "04:00-13:30", "apply": 0.3, "cost_eur_week": 200,
     "fee_eur_week": 50, "first": ["unemployed"], "budget_eur": 9_000},
    {"name": "late", "places": 4, "hours": "12:00-22:30", "weekend": True, "apply": 0.2,
     "who": {"groups": ["employed"], "age_min": 25}},
]  # fmt: skip
BUSY = {"quits.base": 0.03, "hire.threshold": 0.8, "search.floor": 0.8, "hire.decide_weeks_tpe": 1.0}


def test_each_week_is_its_plain_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    territory = tiny_territory()
    made = twin_population(territory, households=120)
    people = Population(made.households, made.persons, made.firms, made.posts)
    settings, p = Settings(levers=Levers.model_validate({"childcare": SCHEMES})), defaults().replaced(BUSY)
    model = Bassin(territory, people, default_catalogue(), p, settings, rng=6)  # type: ignore[arg-type]
    step, schemes, seen = childcare.step, settings.levers.childcare, Counter[str]()

    def compared(world: Bassin) -> None:
        t, twins, plain = world.traits, [], dict[str, tuple[list[int], int]]()
        for scheme in schemes:
            aid = Aid.of(world.state, scheme)
            twin = Scheme(scheme, (aid.until >= 0).tolist(), aid.since.tolist(), int(aid.spent[0]))
            before = sum(twin.held)
            holders = twin.week(world, t.shift_eur[0].tolist(), t.shift_eur[1].tolist())
            plain[scheme.name] = holders, twin.spent
            seen["closed"] += before > 0 and not holders
            twins.append(twin)
        step(world)
        for k, (scheme, twin) in enumerate(zip(schemes, twins, strict=True)):
            aid = Aid.of(world.state, scheme)
            holders, spent = plain[scheme.name]
            assert np.flatnonzero(aid.until >= 0).tolist() == holders
            assert aid.since.tolist() == twin.since
            assert int(aid.spent[0]) == spent
            others = {i for other in twins[:k] for i in np.flatnonzero(other.held)}
            assert all(t.family[i] == 2 + k for i in holders if i not in others)
            entries = world.ledger.entries.items()
            fees = sum(v for key, v in entries if key[1] == scheme.name and key[2] == "user")
            assert fees == round(100 * scheme.fee_eur_week) * len(holders)
            seen.update({"held": len(holders), "waits": sum(week >= 0 for week in twin.since)})

    monkeypatch.setattr(childcare, "step", compared)
    for _ in range(26):
        model.step()
    for what in ("held", "waits", "closed"):
        assert seen[what] > 0, (what, seen)


def test_hours_outside_a_scheme_cost_as_before() -> None:
    """By counting minutes: before and after its hours, and at weekends unless it is open then."""
    territory = tiny_territory()
    made = twin_population(territory)
    people = Population(made.households, made.persons, made.firms, made.posts)
    settings = Settings(levers=Levers.model_validate({"childcare": SCHEMES}))
    model = Bassin(territory, people, default_catalogue(), defaults(), settings, rng=1)  # type: ignore[arg-type]
    cat, cost, per_h = model.catalogue, model.traits.shift_eur, model.parameters["match.childcare_eur_per_h"]
    for k, scheme in enumerate(settings.levers.childcare):
        for row, shift in enumerate(cat.shifts):
            minutes, windows = 0, {w.name: w for w in cat.windows}
            for week in shift.pattern:
                for day, names in enumerate(week):
                    for name in names:
                        for minute in range(windows[name].start_min, windows[name].end_min):
                            clock, weekend = minute % 1440, (day + minute // 1440) % 7 >= 5
                            closed = weekend and not scheme.weekend
                            minutes += closed or not scheme.hours[0] <= clock < scheme.hours[1]
            hours = minutes / 60 / len(shift.pattern)
            assert cost[2 + k, row] == pytest.approx(hours_cost(hours, cost[0, row], cost[1, row], per_h))
