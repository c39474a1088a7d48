"""Minutes between homes and workplaces as a person asks for them, on a grid of streets with one bus.

Not here: what the week asks (test_twin_model), the searches behind it (tests/property).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from embauche.commuting import minutes
from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.table import Table
from embauche.territory.schemas import TURNS
from helpers import tiny_territory

SIDE = 10
ARC_MIN = {"car": 0.6, "bike": 2.0, "walk": 6.25}  # 500 m at 50, 15 and 4.8 km/h
INF = float("inf")


def streets(territory: Any, place: int, site: int) -> int:
    a, b = int(territory.places.node[place]), int(territory.sites.node[site])
    return abs(a // SIDE - b // SIDE) + abs(a % SIDE - b % SIDE)


@pytest.mark.parametrize("mode", ["car", "bike", "walk"])
@pytest.mark.parametrize("back", [False, True])
def test_road_minutes_in_the_order_asked(mode: str, back: bool) -> None:
    territory = tiny_territory()
    places, sites = [57, 3, 57, 99], [4, 0, 2]
    found = minutes(territory, places, sites, mode, back=back)
    assert found.dtype == np.float32
    terminal = 3.0 if mode == "car" else 0.0
    expected = [[terminal + ARC_MIN[mode] * streets(territory, p, s) for s in sites] for p in places]
    assert found == pytest.approx(np.array(expected), abs=0.01)


def test_poles_lie_beyond_their_gates() -> None:
    territory = tiny_territory()
    pole = len(territory.sites) - 1
    inside = ARC_MIN["car"] * streets(territory, 0, pole)
    assert minutes(territory, [0], [pole], "car")[0, 0] == pytest.approx(3.0 + 20.0 + inside)
    assert minutes(territory, [0], [pole], "walk")[0, 0] == INF


def test_transit_to_be_in_time_and_home_again() -> None:
    """Out on the hour from column 0, at column 6 at :08, one street to walk; back from column 6 at :59."""
    territory = tiny_territory()
    home = int(np.flatnonzero(territory.places.node == 5 * SIDE)[0])
    site = int(np.flatnonzero(territory.sites.node == 5 * SIDE + 5)[0])

    def ask(at: str, **more: Any) -> float:
        return float(minutes(territory, [home], [site], "transit", at, **more)[0, 0])

    assert ask("07:15") == pytest.approx(15.0)
    assert ask("07:30") == pytest.approx(30.0), "waiting at work counts"
    assert ask("07:14") == pytest.approx(74.0), "a minute too late for the seven o'clock bus"
    assert ask("07:15", day="Sun") == INF
    assert ask("17:50", back=True) == pytest.approx(17.0), "at column 0 at seven past"
    assert ask("22:30", back=True) == INF


def test_banned_turns_bind_cars_alone() -> None:
    territory = tiny_territory()
    arcs = territory.arcs
    along = [int(np.flatnonzero((arcs.tail == n) & (arcs.head == n + 1))[0]) for n in (0, 1)]
    site = int(np.flatnonzero(territory.sites.node == 4)[0])
    banned = Table.make(TURNS, {"turn": [0, 0], "arc": along, "relation": [1, 1]})
    strict = replace(territory, turns=banned)
    assert minutes(strict, [0], [site], "bike") == minutes(territory, [0], [site], "bike")
    free, slow = (minutes(t, [0], [site], "car")[0, 0] for t in (territory, strict))
    assert free == pytest.approx(3.0 + 4 * ARC_MIN["car"])
    assert slow == pytest.approx(3.0 + 6 * ARC_MIN["car"]), "round the block"
    slower = defaults().replaced({"car.terminal_min": 10.0})
    assert minutes(strict, [0], [site], "car", parameters=slower)[0, 0] == pytest.approx(slow + 7.0)


@pytest.mark.parametrize(
    ("places", "sites", "mode", "at", "day", "words"),
    [
        ([0], [0], "plane", "08:00", "Mon", "no mode 'plane'"),
        ([0], [0], "car", "8 Uhr", "Mon", "not a time of day"),
        ([0], [0], "car", "08:00", "Monday", "no day 'Monday'"),
        ([-1], [0], "car", "08:00", "Mon", "no rows of the territory's places"),
        ([0], [10**6], "car", "08:00", "Mon", "no rows of the territory's sites"),
        ([0.5], [0], "car", "08:00", "Mon", "no rows of the territory's places"),
    ],
)
def test_what_cannot_be_asked_is_named(
    places: list[Any], sites: list[int], mode: str, at: str, day: str, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        minutes(tiny_territory(), places, sites, mode, at, day=day)


def test_nobody_asked_about() -> None:
    for mode in ("car", "transit"):
        assert minutes(tiny_territory(), [], [0, 1], mode).shape == (0, 2)
        assert minutes(tiny_territory(), [0, 1], [], mode).shape == (2, 0)
