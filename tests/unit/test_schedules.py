"""A day of vehicles drawn: what is chosen, what stands in the picture, what is refused.

Lives here: drawings of made-up drives. Not here: a run's own schedules (services).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.outputs import MOVES
from embauche.core.table import Table
from embauche.output.schedules import drives_of, time_space, vehicle_map
from embauche.routing.roads import RoadGraph
from helpers import tiny_territory

WORDS = {k: k for k in ("riders", "vehicle", "plot", "map", "depot", "plot_note", "map_note")}


def moves(**changes: Any) -> Table:
    """Two vehicles on Tuesday: one out with riders, waiting, and home; one out empty."""
    columns = {
        "week": np.zeros(3, np.int16), "day": np.ones(3, np.int8),
        "service": np.array(["shuttle"] * 3, object), "system": np.array(["coast"] * 3, object),
        "vehicle": np.array([4, 4, 9]), "from_node": np.array([0, 5, 0]), "to_node": np.array([5, 0, 3]),
        "start_min": np.array([1740.0, 1800.0, 1750.0]), "end_min": np.array([1760.0, 1820.0, 1765.0]),
        "km": np.array([12.0, 12.0, 7.0]), "riders": np.array([7, 0, 2]),
    }  # fmt: skip
    return Table.make(MOVES, columns | changes)


def test_the_only_service_and_system_need_no_name() -> None:
    drives = drives_of(moves(), "", "", 1)
    assert drives.vehicle.tolist() == [0, 0, 1]
    assert drives.start.tolist() == [300.0, 360.0, 310.0]
    assert drives.of == ("shuttle", "coast")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("shuttel", "", 1), "did you mean shuttle?"),
        (("shuttle", "cost", 1), "did you mean coast?"),
        (("", "", 2), "no vehicle was driven that day"),
    ],
)
def test_what_was_not_driven_is_named(asked: tuple[str, str, int], words: str) -> None:
    with pytest.raises(UserError, match=re.escape(words)):
        drives_of(moves(), *asked)


def test_two_systems_ask_for_a_name() -> None:
    two = moves(system=np.array(["coast", "coast", "valley"], object))
    with pytest.raises(UserError, match="which system is to be drawn"):
        drives_of(two, "shuttle", "", 1)
    assert len(drives_of(two, "shuttle", "valley", 1).vehicle) == 1


def test_the_plot_has_a_line_a_drive_and_dashes_where_empty() -> None:
    drives = drives_of(moves(), "", "", 1)
    svg = str(time_space(drives, {0: 0.0, 5: 12.0, 3: 7.0}, WORDS))
    titled = re.findall(r"<line [^>]*><title>([^<]*)</title>", svg)
    assert titled == ["vehicle 1: 5:00-5:20, 7 riders", "vehicle 1: 6:00-6:20, 0 riders",
                      "vehicle 2: 5:10-5:25, 2 riders"]  # fmt: skip
    assert svg.count("stroke-dasharray") == 1
    assert svg.count("#9aa5b1") == 1, "one wait between two drives"


def test_the_map_follows_roads_and_shows_the_depot() -> None:
    territory = tiny_territory()
    graph = RoadGraph.of(territory)
    a, b = int(territory.communes.node[0]), int(territory.communes.node[1])
    there = moves(from_node=np.array([a, b, a]), to_node=np.array([b, a, b]))
    svg = str(vehicle_map(drives_of(there, "", "", 1), territory, graph, WORDS))
    roads = re.findall(r'<polyline points="([^"]*)"', svg)
    assert len(roads) == 2, "there and back: drives between the same stops are one road"
    assert max(len(road.split()) for road in roads) > 2
    assert "<title>9 riders</title>" in svg
    assert svg.count("<rect") == 1
