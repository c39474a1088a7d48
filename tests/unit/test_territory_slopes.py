"""Heights and inclines to speeds by bike and on foot, against figures worked out by hand.

Lives here: slopes. Not here: other tags (test_territory_highways).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import territory_files as files
from embauche.core.parameters import defaults
from embauche.territory.network import build_network
from embauche.territory.osm import read_osm
from embauche.territory.slopes import bike_factor, heights_along, parse_height, slopes, walk_factor

VALUES = defaults()


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("12", 12), ("12.5 m", 12.5), ("-3", -3), ("100 ft", 30.48),
        ("high", np.nan), ("", np.nan), ("99999", np.nan),
    ],
)  # fmt: skip
def test_heights_are_read(text: str, metres: float) -> None:
    assert parse_height(text) == pytest.approx(metres, nan_ok=True)


def test_heights_between_known_nodes() -> None:
    """Two ways end to end; nothing is carried from one to the other, or beyond the known."""
    nan = np.nan
    height = np.array([nan, 10.0, nan, nan, 40.0, nan, 7.0, nan])
    metres = np.array([0.0, 100, 200, 300, 400, 400, 500, 600])
    owner = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    found = heights_along(height, metres, owner)
    np.testing.assert_allclose(found, [nan, 10, 20, 30, 40, nan, 7, nan])


def test_slopes() -> None:
    nan = np.nan
    found = slopes(
        np.array([0.1, nan, nan, nan, nan]),
        np.array([9.0, 5, nan, 90, 1]),
        np.array([100.0, 100, 100, 100, 0]),
    )
    assert found.tolist() == [0.1, 0.05, 0, 0, 0]  # the tag first; unknown, absurd or without length: flat


def test_speeds_on_slopes() -> None:
    bike = bike_factor(np.array([0, 0.05, -0.05, -0.2]), VALUES)
    assert bike == pytest.approx([1, 1 - 5 * 0.067, 1 + 5 * 0.04, 1.3])
    # Tobler: 5.04 km/h on the flat, 6 km/h at 5 % down, 3.55 km/h at 10 % up
    walk = walk_factor(np.array([0, -0.05, 0.1]), VALUES)
    assert walk * 5.036 == pytest.approx([5.036, 6.0, 3.549], abs=0.005)


def test_from_file_to_seconds(tmp_path: Path) -> None:
    """A street that rises by 10 m from 1 to 3 by nodes' heights; another that its tag says falls by 5 %."""
    nodes = {1: files.place(0, 0), 2: files.place(0.5, 0), 3: files.place(1, 0), 4: files.place(1, 1)}
    ways = [
        (1, [1, 2, 3], {"highway": "residential"}),
        (2, [3, 4], {"highway": "residential", "incline": "-5%"}),
    ]
    text = files.osm_xml(ways, nodes)
    for number, height in ((1, 20), (3, 30)):
        at = text.index("/>", text.index(f'<node id="{number}"'))
        text = text[:at] + f'><tag k="ele" v="{height}"/></node>' + text[at + 2 :]
    raw = read_osm(files.write_osm(tmp_path, text), VALUES)
    assert raw.counts["links with a slope"] == 3
    _, arcs, _, _ = build_network(raw, "hill")
    kmh = {
        (int(a), int(b)): m * 3.6 / s
        for a, b, m, s in zip(arcs["tail"], arcs["head"], arcs["length_m"], arcs["bike_s"], strict=True)
    }
    length = arcs["length_m"][0] * 2
    percent = 100 * 10 / length
    assert kmh[0, 1] == pytest.approx(15 * (1 - 0.067 * percent), rel=0.01)
    assert kmh[1, 2] == pytest.approx(kmh[0, 1], rel=0.01)
    assert kmh[1, 0] == pytest.approx(15 * (1 + 0.04 * percent), rel=0.01)
    assert kmh[2, 3] == pytest.approx(15 * 1.2, rel=0.01)
    assert kmh[3, 2] == pytest.approx(15 * (1 - 5 * 0.067), rel=0.01)
    assert arcs["car_s"][0] == pytest.approx(length / 2 * 3.6 / 28, abs=0.05)  # cars do not mind
