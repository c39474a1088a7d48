"""Timetable rows kept or made again are the same; first and last ways by any mode are the shortest.

Not here: the rows' figures (test_raptor, test_twin_model), walks to stops (test_kernels).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.model import Bassin
from embauche.routing import transit_rows
from embauche.routing.access import doors, stations
from embauche.routing.hierarchy import RoadHierarchy
from hand_case import hand_case


@pytest.fixture(scope="module")
def model() -> Bassin:
    case = hand_case(late_bus=True)
    return Bassin(case.territory, case.population, case.catalogue, case.parameters, rng=1)


def test_rows_that_do_not_fit_are_made_again(model: Bassin, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = model.network.transit
    assert rows is not None
    count = int(rows.row.max()) + 1
    assert count > 1
    asked = np.array([count - 1, -1, 0, count - 1, *range(count)])
    whole = _cells(rows, asked)
    assert sum(len(stops) for stops, _ in whole.values()) > count, "some stops are reached"
    monkeypatch.setattr(transit_rows, "STEP_ROWS", 1)
    monkeypatch.setattr(rows, "_cells_kept", 0)
    rows._forget()
    again = _cells(rows, asked)
    assert sorted(again) == [i for i in range(len(asked)) if asked[i] >= 0]
    assert again == whole


def _cells(rows: Any, asked: Any) -> dict[int, tuple[list[int], list[list[int]]]]:
    """Stops and fields there and back of each pair; no pair comes twice."""
    out: dict[int, tuple[list[int], list[list[int]]]] = {}
    for pairs, table in rows.tiles(asked):
        for i in pairs.tolist():
            assert i not in out
            cells = np.concatenate(
                [np.arange(table.first[w, asked[i]], table.end[w, asked[i]]) for w in (0, 1)]
            )
            out[i] = table.stop[cells].tolist(), table.fields[cells].tolist()
    return out


def test_stations_are_where_trains_and_metros_call(model: Bassin) -> None:
    t = model.territory
    found = stations(len(t.stops), t.trips, t.connections)
    rail = [c for c in range(len(t.connections)) if t.trips.mode[t.connections.trip[c]] in (1, 2)]
    ends = {int(x[c]) for x in (t.connections.dep_stop, t.connections.arr_stop) for c in rail}
    assert set(np.flatnonzero(found).tolist()) == ends


@given(st.integers(0, 2**32), st.integers(2, 12), st.booleans())
@settings(max_examples=40)
def test_doors_take_the_best_stop(seed: int, nodes: int, backward: bool) -> None:
    rng = np.random.default_rng(seed)
    tail, head = rng.integers(0, nodes, (2, 3 * nodes))
    order = np.argsort(tail, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=nodes))]).astype(np.int32)
    tenths = rng.integers(0, 900, 3 * nodes)
    graph = RoadHierarchy(indptr, head[order].astype(np.int32), rng.random(nodes), rng.random(nodes))
    weighting = graph.customize(tenths[order].astype(np.float32))
    stops, rows = 5, 3
    stop_node = rng.integers(-1, nodes, stops)
    own_s = rng.integers(0, 30, stops).astype(float)
    seconds = np.where(rng.random((rows, stops)) < 0.3, np.inf, rng.integers(0, 600, (rows, stops)))
    far = np.arange(nodes)
    best, which = doors(weighting, stop_node, own_s, seconds, graph.select(far), backward=backward)
    apart = _plain(nodes, tail, head, tenths / 10.0)
    for r in range(rows):
        for f in far.tolist():
            ways = [
                (
                    seconds[r, s]
                    + own_s[s]
                    + (apart[f, stop_node[s]] if backward else apart[stop_node[s], f]),
                    s,
                )
                for s in range(stops)
                if stop_node[s] >= 0
            ]
            want = min(ways, default=(np.inf, -1))
            assert best[r, f] == want[0]
            assert which[r, f] == (want[1] if np.isfinite(want[0]) else -1)


def _plain(nodes: int, tail: Any, head: Any, seconds: Any) -> Any:
    """Floyd and Warshall's times between all nodes."""
    apart = np.full((nodes, nodes), np.inf)
    apart[np.arange(nodes), np.arange(nodes)] = 0.0
    np.minimum.at(apart, (tail, head), seconds)
    for k in range(nodes):
        apart = np.minimum(apart, apart[:, k, None] + apart[k])
    return np.round(apart, 1)
