"""Random graphs with banned sequences of arcs: the expanded graph against a search over histories.

Lives here: properties of routing.turns. Not here: OSM's relations (tests/unit).
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.routing.turns import TurnGraph, turn_costs
from naive.turns import turn_seconds


@st.composite
def graphs(draw: Any) -> tuple[int, list[int], list[int], list[int], list[tuple[int, ...]]]:
    """Nodes, arcs sorted by tail with tenths of seconds (0, parallel arcs, loops), banned paths."""
    nodes = draw(st.integers(1, 7))
    ends = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1), st.integers(0, 30))
    arcs = sorted(draw(st.lists(ends, max_size=18)))
    tail, head = [a for a, _, _ in arcs], [b for _, b, _ in arcs]
    banned = []
    for _ in range(draw(st.integers(0, 6)) if arcs else 0):
        word = [draw(st.integers(0, len(arcs) - 1))]
        for _ in range(draw(st.integers(1, 4))):
            on = [i for i in range(len(arcs)) if tail[i] == head[word[-1]]]
            if not on:
                break
            word.append(draw(st.sampled_from(on)))
        if len(word) > 1:
            banned.append(tuple(word))
    return nodes, tail, head, [t for _, _, t in arcs], banned


def expand(case: tuple[Any, ...], *, every: bool) -> TurnGraph:
    nodes, tail, head, _, banned = case
    indptr = np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int32)
    turn = np.repeat(np.arange(len(banned)), [len(w) for w in banned]).astype(np.int32)
    arc = np.array([a for w in banned for a in w], np.int32)
    angle = np.linspace(0, 5, nodes)
    return TurnGraph(
        indptr, np.array(head, np.int32), np.cos(angle), np.sin(angle), turn=turn, arc=arc, every=every
    )


def all_pairs(graph: TurnGraph, seconds: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Plain Bellman-Ford over the expanded graph, node to node."""
    tail = np.repeat(np.arange(graph.vertices), np.diff(graph.indptr))
    out = np.full((graph.vertices, graph.nodes), np.inf)
    out[np.arange(graph.nodes), np.arange(graph.nodes)] = 0
    for _ in range(graph.vertices + 1):
        before = out.copy()
        np.minimum.at(out, graph.indices, before[tail] + seconds[:, None])
        if (out == before).all():
            break
    return out[graph.arrive].T


@settings(max_examples=150, deadline=None)
@given(graphs(), st.booleans())
def test_bans_agree_with_the_twin(case: Any, every: bool) -> None:
    nodes, tail, head, tenths, banned = case
    graph = expand(case, every=every)
    got = all_pairs(graph, graph.seconds(np.array(tenths, float)))
    assert got.tolist() == [turn_seconds(nodes, tail, head, tenths, banned, i) for i in range(nodes)]


@settings(max_examples=60, deadline=None)
@given(graphs(), st.booleans())
def test_turn_costs_agree_with_the_twin(case: Any, u_turns: bool) -> None:
    nodes, tail, head, tenths, banned = case
    graph = expand(case, every=True)
    costs = turn_costs(graph, turn_s=75.0, bias=1.075, u_turn_s=200.0, u_turns=u_turns)
    came = np.repeat(graph.came, np.diff(graph.indptr))
    told = (came >= 0) & (graph.base_arc >= 0)
    known = {
        (int(a), int(b)): float(c)
        for a, b, c in zip(came[told], graph.base_arc[told], costs[told], strict=True)
    }
    got = all_pairs(graph, graph.seconds(np.array(tenths, float), costs))
    for origin in range(nodes):
        want = turn_seconds(nodes, tail, head, tenths, banned, origin, lambda a, b: known[a, b])
        np.testing.assert_allclose(got[origin], want, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_others_take_banned_turns(case: Any) -> None:
    nodes, tail, head, tenths, _ = case
    graph = expand(case, every=False)
    got = all_pairs(graph, graph.seconds(np.array(tenths, float), obey=False))
    assert got.tolist() == [turn_seconds(nodes, tail, head, tenths, [], i) for i in range(nodes)]


def test_only_beginnings_of_bans_are_told_apart() -> None:
    """A street of 50 nodes both ways with one ban: one arrival and one sink more, whatever the size."""
    n = 50
    pairs = sorted([(i, i + 1) for i in range(n - 1)] + [(i + 1, i) for i in range(n - 1)])
    tail, head = [a for a, _ in pairs], [b for _, b in pairs]
    ban = (pairs.index((3, 4)), pairs.index((4, 5)))
    graph = expand((n, tail, head, [1] * len(pairs), [ban]), every=False)
    assert graph.vertices == n + 2
    seconds = all_pairs(graph, graph.seconds(np.ones(len(pairs))))
    assert seconds[3, 4] == 1
    assert seconds[3, 5] == math.inf
    assert seconds[4, 5] == 1
    assert seconds[5, 3] == 2


@settings(max_examples=60, deadline=None)
@given(graphs(), st.booleans())
def test_the_hierarchy_agrees_with_the_twin(case: Any, every: bool) -> None:
    """Contracted, node to node, both ways; with bans, and with turn costs where all turns are told apart."""
    nodes, tail, head, tenths, banned = case
    graph = expand(case, every=every)
    costs = turn_costs(graph, turn_s=75.0, bias=1.075, u_turn_s=200.0, u_turns=True) if every else None
    costs = None if costs is None else np.rint(costs)
    came = np.repeat(graph.came, np.diff(graph.indptr))
    known = (
        {}
        if costs is None
        else {(int(a), int(b)): float(c) for a, b, c in zip(came, graph.base_arc, costs, strict=True)}
    )
    weighting = graph.hierarchy().customize(graph.seconds(np.array(tenths, float), costs))
    everyone = np.arange(nodes)
    want = [
        turn_seconds(nodes, tail, head, tenths, banned, i, lambda a, b: known.get((a, b), 0.0))
        for i in range(nodes)
    ]
    assert weighting.times(everyone, graph.arrive).tolist() == want
    back = weighting.rows(graph.arrive, weighting.hierarchy.select(everyone), backward=True)
    assert back.T.tolist() == want
    path = graph.driven(weighting.path_arcs(0, int(graph.arrive[-1])))
    if np.isfinite(want[0][-1]):
        turns = sum(known.get((int(a), int(b)), 0.0) for a, b in itertools.pairwise(path))
        assert sum(tenths[a] for a in path) + turns == want[0][-1]
        assert not any(tuple(path[i : i + len(w)]) == w for w in banned for i in range(len(path)))
