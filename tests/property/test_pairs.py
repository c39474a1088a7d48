"""Times of scattered pairs against plain Dijkstra: odd graphs, ties, islands, threads.

Lives here: PairSearch, RoadGraph, Roads and Ways. Not here: dense rows of the hierarchy (test_hierarchy).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.commuting.roads import Roads, Ways
from embauche.core.parallel import get_threads, set_threads
from embauche.core.table import Table
from embauche.routing import pairs
from embauche.routing.hierarchy import RoadHierarchy
from embauche.routing.pairs import PairSearch
from embauche.routing.roads import RoadGraph
from embauche.territory.schemas import ARCS, TURNS
from naive.roads import Roads as PlainRoads

SEEDS = st.integers(0, 2**32)
Array = np.ndarray[Any, Any]


def random_arcs(rng: np.random.Generator, nodes: int, arcs: int) -> Table:
    """One-way arcs at random: parallel ones, loops, islands, some of length zero, some closed to a mode.

    Few different times, in hundredths of a second, so that paths tie and halves are met.
    """
    seconds = rng.integers(0, 60, arcs) * 0.25 * (rng.random(arcs) > 0.1)

    def of(share: float, factor: float) -> Array:
        return np.where(rng.random(arcs) < share, seconds * factor, np.inf)

    bike = of(0.9, 2.0)
    return Table.make(
        ARCS,
        {
            "tail": rng.integers(0, nodes, arcs), "head": rng.integers(0, nodes, arcs),
            "length_m": rng.integers(0, 500, arcs) * 0.35, "way": np.arange(arcs), "highway": np.zeros(arcs),
            "car_s": of(0.8, 1.0), "bike_s": bike, "walk_s": of(0.9, 4.0),
            "bike_felt_s": bike * rng.choice([1.0, 0.84, 1.37], arcs),
        },
    )  # fmt: skip


def random_turns(rng: np.random.Generator, arcs: Table, count: int) -> Table:
    """Banned sequences of two or three arcs that follow one another, as far as there are any."""
    number, rows = [], []
    for turn in range(count if len(arcs) else 0):
        path = [int(rng.integers(len(arcs)))]
        for _ in range(int(rng.integers(1, 3))):
            onward = np.flatnonzero(arcs.tail == arcs.head[path[-1]])
            if len(onward):
                path.append(int(rng.choice(onward)))
        if len(path) > 1:
            number += [turn] * len(path)
            rows += path
    return Table.make(TURNS, {"turn": number, "arc": rows, "relation": number})


def graph_of(
    rng: np.random.Generator, nodes: int, arcs: Table, turns: Table | None = None, cache: Path | None = None
) -> RoadGraph:
    banned = Table.empty(TURNS) if turns is None else turns
    return RoadGraph(rng.random(nodes), rng.random(nodes), arcs, banned, cache)


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 30), st.integers(0, 90), st.sampled_from([0, 0, 12]))
def test_pairs_are_dijkstras(seed: int, nodes: int, arc_count: int, turn_count: int) -> None:
    rng = np.random.default_rng(seed)
    arcs = random_arcs(rng, nodes, arc_count)
    places, sites = rng.integers(0, nodes, 7), rng.integers(0, nodes, 4)
    turns = random_turns(rng, arcs, turn_count)
    roads = Roads(graph_of(rng, nodes, arcs, turns), places, sites, classes=1)
    place = rng.integers(0, 7, 20).astype(np.int32)
    site = rng.integers(0, 4, 20).astype(np.int32)
    for mode in ("car", "bike", "walk"):
        plain = PlainRoads(arcs, mode, turns)
        for back in (False, True):
            seconds, dam = roads.ways(mode, place, site, back=back)
            assert len(dam) == (20 if mode == "car" else 0)
            for i in range(20):
                ends = int(places[place[i]]), int(sites[site[i]])
                ends = ends[::-1] if back else ends
                assert seconds[i] == plain.whole_seconds(*ends), (mode, back, ends)
                if mode == "car" and math.isfinite(seconds[i]):
                    assert dam[i] == pytest.approx(100.0 * plain.km(*ends), rel=1e-9), ends


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 30), st.integers(0, 90))
def test_dense_times_agree_with_pairs(seed: int, nodes: int, arc_count: int) -> None:
    rng = np.random.default_rng(seed)
    arcs = random_arcs(rng, nodes, arc_count)
    graph = graph_of(rng, nodes, arcs, random_turns(rng, arcs, 9))
    near, far = rng.integers(0, nodes, 5), rng.integers(0, nodes, 6)
    dense = graph.seconds("car", near, far)
    roads = Roads(graph, near, far, classes=1)
    i, j = (x.ravel().astype(np.int32) for x in np.indices((5, 6)))
    assert np.array_equal(roads.ways("car", i, j)[0], dense.ravel().astype(np.float32))


def test_threads_and_the_order_of_pairs_change_nothing() -> None:
    rng = np.random.default_rng(3)
    nodes = 400
    arcs = random_arcs(rng, nodes, 1600)
    graph = graph_of(rng, nodes, arcs)
    near, far = np.arange(nodes), rng.integers(0, nodes, 300)
    i, j = rng.integers(0, nodes, 5000).astype(np.int32), rng.integers(0, 300, 5000).astype(np.int32)
    before = get_threads()
    found = []
    try:
        for threads in (1, 2, 3):
            set_threads(threads)
            search = PairSearch(graph.hierarchy, near, far).weigh(graph.weighting("car"), metres=True)
            found.append(search(i, j))
    finally:
        set_threads(before)
    order = rng.permutation(5000)
    mixed = search(i[order], j[order])
    for other in found[1:]:
        assert np.array_equal(other.seconds, found[0].seconds)
        assert np.array_equal(other.metres, found[0].metres)
    assert np.array_equal(mixed.seconds, found[0].seconds[order])
    assert np.isfinite(found[0].seconds).any()


def test_labels_made_for_each_call_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    arcs = random_arcs(rng, 200, 700)
    graph = graph_of(rng, 200, arcs)
    search = PairSearch(graph.hierarchy, rng.integers(0, 200, 90), rng.integers(0, 200, 50))
    i, j = rng.integers(0, 90, 40).astype(np.int32), rng.integers(0, 50, 40).astype(np.int32)
    for backward in (False, True):
        kept = search.weigh(graph.weighting("car"), backward=backward, metres=True)(i, j)
        with monkeypatch.context() as patch:
            patch.setattr(pairs, "KEPT_CELLS", 10)
            made = search.weigh(graph.weighting("car"), backward=backward, metres=True)(i, j)
        assert np.array_equal(made.seconds, kept.seconds)
        assert np.array_equal(made.metres, kept.metres)
        assert np.isfinite(kept.seconds).any()


def test_no_pairs_and_no_ends() -> None:
    hierarchy = RoadHierarchy(np.array([0, 1, 1]), np.array([1]), np.zeros(2), np.zeros(2))
    none = np.zeros(0, np.int32)
    weighting = hierarchy.customize(np.array([7.0]), np.array([3.0]))
    assert len(PairSearch(hierarchy, none, none).weigh(weighting)(none, none).seconds) == 0
    times = PairSearch(hierarchy, np.array([0, 1]), np.array([1])).weigh(weighting, metres=True)
    found = times(np.array([0, 1], np.int32), np.array([0, 0], np.int32))
    assert found.seconds.tolist() == [7.0, 0.0]
    assert found.metres.tolist() == [3.0, 0.0]
    assert times(none, none).seconds.tolist() == []


def test_the_order_is_kept_beside_the_territory(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    arcs = random_arcs(rng, 40, 120)
    turns = random_turns(rng, arcs, 5)
    x, y = rng.random(40), rng.random(40)
    made = RoadGraph(x, y, arcs, turns, tmp_path / "cache")
    (file,) = (tmp_path / "cache").iterdir()
    read = RoadGraph(x, y, arcs, turns, tmp_path / "cache")
    assert np.array_equal(made.hierarchy.order, read.hierarchy.order)
    file.write_bytes(b"damaged")
    again = RoadGraph(x, y, arcs, turns, tmp_path / "cache")
    assert np.array_equal(made.hierarchy.order, again.hierarchy.order)
    assert file.stat().st_size > 100, "written anew"
    (tmp_path / "file").write_text("")
    apart = RoadGraph(x, y, arcs, turns, tmp_path / "file")  # cannot be kept there
    assert np.array_equal(made.hierarchy.order, apart.hierarchy.order)


def test_a_class_may_have_car_times_of_its_own() -> None:
    rng = np.random.default_rng(8)
    nodes = 30
    arcs = random_arcs(rng, nodes, 200)
    graph = graph_of(rng, nodes, arcs)
    roads = Roads(graph, np.arange(nodes), np.arange(nodes), classes=3)
    place, site = (rng.integers(0, nodes, 60).astype(np.int32) for _ in range(2))
    klass = np.arange(60).astype(np.int16) % 3
    free = Ways(np.repeat(place, 2), np.repeat(site, 2), np.repeat(klass, 2)).of(roads, "car")
    assert len(free[1]) == 60, "rows side by side with the same ends are one pair"
    slow = graph.weigh_cars(np.floor(arcs.car_s * 10.0 + 0.5) * 3.0)
    roads.set_cars([graph.weighting("car"), slow], np.array([0, 0, 1]), np.array([0, 1, 1]))
    pair, to, back, *_ = Ways(place, site, klass).of(roads, "car")
    away = np.isfinite(free[1]) & np.isfinite(free[2])
    assert (pair == np.arange(60)).all()
    assert np.array_equal(to[klass < 2], free[1][klass < 2])
    assert np.array_equal(back[klass == 0], free[2][klass == 0])
    assert np.allclose(to[away & (klass == 2)], 3 * free[1][away & (klass == 2)], atol=2)
    assert np.allclose(back[away & (klass > 0)], 3 * free[2][away & (klass > 0)], atol=2)
    roads.set_cars([slow], np.zeros(3, np.int32), np.zeros(3, np.int32))
    assert roads.one_car_slot
    assert (Ways(place, site, klass).of(roads, "car")[1][away] >= free[1][away]).all()
