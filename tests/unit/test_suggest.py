"""What is suggested for a name mistyped: never a name that only shares its topic with it."""

from __future__ import annotations

import pytest

from embauche.core.parameters import REGISTRY
from embauche.core.suggest import nearest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("car.cost", "car.cost_eur_per_km"),
        ("car.cst", "car.cost_eur_per_km"),
        ("transit.fare", "transit.fare_eur"),
        ("transit.change_min", "transit.transfer_min"),
        ("transit.max", "transit.max_min"),
        ("channels.own_loks", "channels.own_looks"),
        ("commute.vot", "commute.vot_eur_h"),
        ("hire.round", "hire.rounds"),
        ("cars.cost_eur_per_km", "car.cost_eur_per_km"),
        ("fare_eur", "transit.fare_eur"),
    ],
)
def test_nearest_parameter(typed: str, meant: str) -> None:
    assert nearest(typed, REGISTRY) == meant


@pytest.mark.parametrize("name", list(REGISTRY))
def test_a_parameter_with_a_letter_lost_is_found(name: str) -> None:
    head, _, tail = name.partition(".")
    lost = f"{head}.{tail[:2]}{tail[3:]}" if len(tail) > 4 else name
    assert nearest(lost, REGISTRY) == name


def test_nothing_is_near() -> None:
    assert nearest("xyzzy", REGISTRY) is None
