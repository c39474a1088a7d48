"""Accident risk: dearer by bike than by car, at night than by day, after a night's work, on a long way.

Not here: the rates themselves (core.parameters.risk gives their sources).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.analysis.indicators_risk import Risk
from embauche.core.outputs import TRIPS
from embauche.core.parameters import defaults
from embauche.core.table import Table
from helpers_results import NAMES, world

HOURS = {"windows": ["day", "night"], "hours": ["480-1020", "1260-1740"]}
P = defaults()


def risk() -> Risk:
    where = world(np.random.default_rng(1), 40)
    return Risk(where.people, where.posts, NAMES | HOURS, P)


def trip(**columns: Any) -> Table:
    one: dict[str, Any] = {"week": 0, "worker_id": 0, "post_id": 0, "window": 0, "service": 0, "tours": 1,
           "late": 0, "out_min": 20.0, "back_min": 20.0, "km": 30.0,
           "eur_cents": 0, "co2_g": 0.0} | columns  # fmt: skip
    return Table.make(TRIPS, {name: np.array([value]) for name, value in one.items()})


def injuries(**columns: Any) -> float:
    return float(risk().injuries(trip(**columns))[0])


def test_a_day_by_car_is_minutes_times_the_rate() -> None:
    assert injuries() == pytest.approx(40 / 60 * P["risk.car_injuries_million_h"])
    assert injuries(tours=5) == pytest.approx(5 * injuries())
    assert injuries(service=-1) == 0.0


def test_modes_differ_by_their_ratios() -> None:
    row = {name: k for k, name in enumerate(NAMES["services"])}
    assert injuries(service=row["bike"]) == pytest.approx(P["risk.bike_ratio"] * injuries())
    assert injuries(service=row["walk"]) == pytest.approx(P["risk.walk_ratio"] * injuries())
    assert injuries(service=row["transit"]) == pytest.approx(P["risk.bus_ratio"] * injuries())


def test_night_tires_and_long_ways_too() -> None:
    half = 20 / 60 * P["risk.car_injuries_million_h"]
    # out at 20:50, by day; home at 5:10, dark and after a night's work
    out, home = 1.0, P["risk.night_ratio"] * P["risk.after_night_ratio"]
    assert injuries(window=1) == pytest.approx(half * (out + home))
    long = 1 + P["risk.long_way_per_h"] * 1.0
    assert injuries(out_min=60.0, back_min=60.0) == pytest.approx(3 * injuries() * long)
