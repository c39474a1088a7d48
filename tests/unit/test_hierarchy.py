"""RoadHierarchy on degenerate graphs, with bad input, saved and read again, and over threads.

Lives here: refusals, islands, lines, odd coordinates. Not here: random graphs (property/test_hierarchy).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parallel import get_threads, set_threads
from embauche.routing import RoadHierarchy

Array = np.ndarray[Any, Any]


def grid(side: int, seed: int = 1) -> tuple[Array, Array, Array, Array, Array, Array]:
    """(indptr, indices, x, y, seconds, metres) of a square grid, two ways, whole tenths."""
    rng = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()]),
            np.stack([node[:-1].ravel(), node[1:].ravel()]),
        ],
        axis=1,
    )
    tail, head = np.concatenate([pairs, pairs[::-1]], axis=1)
    by = np.lexsort((head, tail))
    tail, head = tail[by], head[by]
    indptr = np.searchsorted(tail, np.arange(side * side + 1)).astype(np.int32)
    y, x = np.divmod(np.arange(side * side), side)
    return (
        indptr, head.astype(np.int32), x.astype(float), y.astype(float),
        rng.integers(1, 600, len(head)).astype(float), rng.integers(1, 999, len(head)).astype(float),
    )  # fmt: skip


def line(nodes: int) -> tuple[Array, Array]:
    """A one-way line 0, 1, 2, ..."""
    indptr = np.minimum(np.arange(nodes + 1), nodes - 1).astype(np.int32)
    return indptr, np.arange(1, nodes, dtype=np.int32)


def test_no_node_at_all() -> None:
    none = np.empty(0)
    hierarchy = RoadHierarchy(np.zeros(1, np.int32), np.empty(0, np.int32), none, none)
    weighting = hierarchy.customize(none, none)
    assert (hierarchy.nodes, hierarchy.arcs) == (0, 0)
    assert weighting.times(none, none).shape == (0, 0)
    with pytest.raises(UserError, match="the graph has no nodes"):
        weighting.times(np.array([0]), np.array([0]))


def test_one_node_with_a_loop() -> None:
    hierarchy = RoadHierarchy(np.array([0, 1]), np.array([0]), np.zeros(1), np.zeros(1))
    weighting = hierarchy.customize(np.array([5.0]))
    assert weighting.times([0], [0]).tolist() == [[0.0]]
    assert weighting.path(0, 0).tolist() == [0]
    assert weighting.path_arcs(0, 0).tolist() == []


def test_nodes_without_arcs_are_islands() -> None:
    hierarchy = RoadHierarchy(np.zeros(4, np.int32), np.empty(0, np.int32), np.arange(3.0), np.zeros(3))
    weighting = hierarchy.customize(np.empty(0))
    assert np.array_equal(weighting.times(range(3), range(3)), np.where(np.eye(3) > 0, 0, np.inf))
    assert weighting.path(0, 2).tolist() == []
    seconds, which = weighting.from_seeds([0, 1], [1], [7.0], hierarchy.select([0, 1]))
    assert seconds.tolist() == [[np.inf, 7.0]]
    assert which.tolist() == [[-1, 0]]


@pytest.mark.long
def test_two_million_nodes_in_a_line() -> None:
    nodes = 2_000_000
    indptr, indices = line(nodes)
    hierarchy = RoadHierarchy(indptr, indices, np.arange(nodes) * 1.0, np.zeros(nodes))
    weighting = hierarchy.customize(np.ones(nodes - 1))
    assert weighting.times([0, nodes - 1], [0, nodes - 1]).tolist() == [[0, nodes - 1], [np.inf, 0]]
    assert len(weighting.path(0, nodes - 1)) == nodes


@pytest.mark.parametrize("places", ["line", "none", "equal", "nan"])
def test_a_line_whatever_its_coordinates(places: str) -> None:
    nodes = 20_000
    indptr, indices = line(nodes)
    x = {"line": np.arange(nodes) * 1.0, "none": None, "equal": np.ones(nodes), "nan": np.full(nodes, np.nan)}
    hierarchy = RoadHierarchy(indptr, indices, x[places], x[places])
    weighting = hierarchy.customize(np.ones(nodes - 1))
    assert weighting.times([0, nodes - 1], [0, nodes - 1]).tolist() == [[0, nodes - 1], [np.inf, 0]]
    assert np.array_equal(weighting.path(5, 17_000), np.arange(5, 17_001))
    assert len(hierarchy.topology.head) < 4 * nodes, "a line has small separators wherever it lies"


def test_coordinates_guide_the_order_but_do_not_change_times() -> None:
    indptr, indices, x, y, seconds, metres = grid(12)
    everyone = np.arange(144)
    whole = (
        RoadHierarchy(indptr, indices, x, y).customize(seconds, metres).times_and_metres(everyone, everyone)
    )
    odd = [(None, None), (np.zeros(144), np.zeros(144)), (x, np.full(144, np.nan)), (x * 1e300, y), (-y, x)]
    for places in odd:
        again = RoadHierarchy(indptr, indices, *places).customize(seconds, metres)
        for one, two in zip(whole, again.times_and_metres(everyone, everyone), strict=True):
            assert np.array_equal(one, two)


def test_a_new_weighting_leaves_the_first_alone() -> None:
    indptr, indices, x, y, seconds, _ = grid(6)
    hierarchy = RoadHierarchy(indptr, indices, x, y)
    first = hierarchy.customize(seconds)
    before = first.times([0], [35])
    second = hierarchy.customize(2 * seconds)
    assert np.array_equal(second.times([0], [35]), 2 * before)
    assert np.array_equal(first.times([0], [35]), before)


def test_arrays_of_the_caller_may_change_or_be_read_only() -> None:
    indptr, indices, x, y, seconds, metres = grid(6)
    expected = RoadHierarchy(indptr, indices, x, y).customize(seconds, metres).times_and_metres([0], [35])
    single = [array.astype(np.float32) for array in (seconds, metres)]
    arrays = [indptr, indices, x, y, *single]
    for array in arrays:
        array.flags.writeable = False
    weighting = RoadHierarchy(*arrays[:4]).customize(*single)
    for array in arrays:
        array.flags.writeable = True
        array[:] = 0
    assert weighting.times_and_metres([0], [35]) == expected
    from embauche.kernels import contraction, customise, sweep

    for kernel in (contraction.undirected, contraction.arc_slots, customise.lay_arcs, sweep.sweep_pairs):
        assert len(kernel.signatures) == 1, "compiled twice"


def test_long_lines_and_memory_of_the_caller_hold_the_same_seconds() -> None:
    indptr, indices, x, y, seconds, metres = grid(20)
    weighting = RoadHierarchy(indptr, indices, x, y).customize(seconds, metres)
    rng = np.random.default_rng(5)
    near, places = rng.integers(0, 400, 41), rng.integers(0, 400, 70_003)
    expected, longer = weighting.times(near, range(400)), weighting.times_and_metres(near, range(400))[1]
    far = weighting.hierarchy.select(places)
    assert np.array_equal(weighting.rows(near, far), expected[:, places])
    assert np.array_equal(weighting.rows(near, far, metres=True)[1], longer[:, places])
    memory = np.full(41 * 70_003 + 8, np.nan, np.float32)
    for begin in (0, 3):  # lines that begin anywhere in a cache line; nothing beside them is touched
        out = memory[begin : begin + 40 * 70_003].reshape(40, -1)
        assert weighting.rows(near[:40], far, out=out) is out
        assert np.array_equal(out, expected[:40, places])
    assert np.isnan(memory[3 + 40 * 70_003 :]).all()


@pytest.mark.parametrize("bad", ["shape", "dtype", "order", "read-only", "metres"])
def test_memory_that_does_not_fit_is_named(bad: str) -> None:
    indptr, indices, x, y, seconds, metres = grid(4)
    weighting = RoadHierarchy(indptr, indices, x, y).customize(seconds, metres)
    out = np.zeros((3, 5) if bad == "shape" else (3, 4), np.float64 if bad == "dtype" else np.float32)
    out = np.asfortranarray(out) if bad == "order" else out
    out.flags.writeable = bad != "read-only"
    with pytest.raises(UserError, match="out"):
        weighting.rows(range(3), weighting.hierarchy.select(range(4)), metres=bad == "metres", out=out)


def test_closed_arcs_and_large_sums_are_no_crash() -> None:
    indptr, indices, x, y, seconds, _ = grid(5)
    hierarchy = RoadHierarchy(indptr, indices, x, y)
    shut = hierarchy.customize(np.full(len(seconds), np.inf), np.ones(len(seconds)))
    assert np.array_equal(shut.times(range(25), range(25)), np.where(np.eye(25) > 0, 0, np.inf))
    assert shut.times_and_metres([0], [24])[1].tolist() == [[np.inf]]
    assert shut.paths([0], [24])[0].tolist() == [0, 0]
    far = hierarchy.customize(np.full(len(seconds), 2e9))
    assert far.times([0], [24])[0, 0] == pytest.approx(16e9, rel=1e-6)
    over = hierarchy.customize(np.full(len(seconds), 3e38))
    assert over.times([0], [24])[0, 0] == np.inf


def test_threads_do_not_change_a_bit(tmp_path: Path) -> None:
    indptr, indices, x, y, _, _ = grid(70)
    rng = np.random.default_rng(3)
    seconds, metres = rng.random(len(indices)) * 100, rng.random(len(indices)) * 1000
    nodes = rng.integers(0, 4900, 150)
    before = get_threads()
    found = []
    try:
        for threads in (1, 3):
            set_threads(threads)
            weighting = RoadHierarchy(indptr, indices, x, y).customize(seconds, metres)
            found.append(
                (
                    weighting.hierarchy.order, weighting.times(nodes, nodes),
                    *weighting.times_and_metres(nodes, nodes), *weighting.paths(nodes, nodes[::-1]),
                )
            )  # fmt: skip
    finally:
        set_threads(before)
    for one, two in zip(*found, strict=True):
        assert one.tobytes() == two.tobytes()


def test_saved_and_read_again(tmp_path: Path) -> None:
    indptr, indices, x, y, seconds, _ = grid(9)
    hierarchy = RoadHierarchy(indptr, indices, x, y)
    hierarchy.save(tmp_path / "roads.bin")
    again = RoadHierarchy.load(tmp_path / "roads.bin")
    assert np.array_equal(again.order, hierarchy.order)
    nodes = np.arange(81)
    one, two = (h.customize(seconds).times(nodes, nodes) for h in (hierarchy, again))
    assert np.array_equal(one, two)
    given = RoadHierarchy(indptr, indices, order=np.arange(81)).customize(seconds)
    assert np.array_equal(given.times(nodes, nodes), one)


def test_a_file_that_is_none_of_ours(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a saved road hierarchy"):
        RoadHierarchy.load(tmp_path / "absent")
    file = tmp_path / "text"
    file.write_text("roads\n", encoding="utf-8")
    with pytest.raises(UserError, match="not a saved road hierarchy"):
        RoadHierarchy.load(file)
    np.savez(tmp_path / "other.npz", indptr=np.zeros(1, np.int32))
    with pytest.raises(UserError, match="not a saved road hierarchy"):
        RoadHierarchy.load(tmp_path / "other.npz")


@pytest.mark.parametrize(
    ("indptr", "indices", "message"),
    [
        ([0.0, 1.0], [0], "whole numbers"),
        ([], [], "not two lists"),
        ([0, 2], [0], "from 0 to 2"),
        ([0, 2, 1], [0], "falling"),
        ([0, 1], [1], "arc 0 leads to a node that does not exist"),
        ([0, 1], [-1], "arc 0 leads to a node that does not exist"),
    ],
)
def test_not_a_graph(indptr: list[int], indices: list[int], message: str) -> None:
    with pytest.raises(UserError, match=message):
        RoadHierarchy(np.array(indptr), np.array(indices), np.zeros(1), np.zeros(1))


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (3, -1.0, r"arc 3 \(from node 1 to node 2\).*\n.*-1"),
        (0, np.nan, r"arc 0 .*\n.*nan"),
        (5, -np.inf, "arc 5"),
    ],
)
def test_seconds_that_cannot_be_used(place: int, value: float, message: str) -> None:
    indptr, indices, x, y, seconds, _ = grid(5)
    hierarchy = RoadHierarchy(indptr, indices, x, y)
    seconds[place] = value
    seconds[place + 1] = value  # the first is named
    with pytest.raises(UserError, match=message):
        hierarchy.customize(seconds)
    with pytest.raises(UserError, match=f"metres of arc {place} "):
        hierarchy.customize(np.ones(len(seconds)), np.where(np.isnan(seconds), np.inf, seconds))


def test_other_misuse_is_named() -> None:
    indptr, indices, x, y, seconds, _ = grid(5)
    hierarchy = RoadHierarchy(indptr, indices, x, y)
    weighting = hierarchy.customize(seconds)
    other = RoadHierarchy(indptr, indices, x, y)
    cases = [
        (lambda: hierarchy.customize(seconds[:-1]), "not one number an arc"),
        (lambda: hierarchy.customize(np.array(["a"] * len(seconds))), "not one number an arc"),
        (lambda: weighting.times([25], [0]), "25 at position 0"),
        (lambda: weighting.times([0.5], [0]), "not whole numbers"),
        (lambda: weighting.times_and_metres([0], [0]), "no metres"),
        (lambda: weighting.rows([0], other.select([0])), "another hierarchy"),
        (lambda: weighting.paths([0], [0, 1]), "pair by pair"),
        (lambda: weighting.from_seeds([0, 2], [1], [0.0], hierarchy.select([0])), "do not fit"),
        (lambda: weighting.from_seeds([0, 1], [1], [np.nan], hierarchy.select([0])), "do not fit"),
        (lambda: RoadHierarchy(indptr, indices, order=np.zeros(25, int)), "each node once"),
        (lambda: RoadHierarchy(indptr, indices, x[:3], y), "coordinates"),
    ]
    for call, message in cases:
        with pytest.raises(UserError, match=message):
            call()


def test_the_page_on_routing_works_as_written(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (repository / "docs" / "routing.md").read_text(encoding="utf-8")
    blocks = [b for b in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "from_gtfs" not in b]
    assert len(blocks) == 2
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec("\n".join(blocks), names)
    assert names["weighting"].times([0, 2], [0, 1, 2]).tolist() == [[0, 60, 90], [100, 30, 0]]
