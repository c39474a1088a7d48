"""Kernels against plain Python where a whole week does not push them: odd graphs, ties, empty lists.

Lives here: stops in reach, the start's balance and draw, rounds of offers, moved rows.
Not here: kernels that the twin model checks person by person (test_twin_model), draws (test_draws).
Arrays have the types that the product uses, so that no kernel gets a second signature here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.core.draws import Purpose
from embauche.core.table import Table
from embauche.kernels import hiring, offers, start
from embauche.routing.access import near_stops, walks
from embauche.routing.roads import RoadGraph
from embauche.territory.schemas import ARCS, TURNS
from naive.draws import Draws
from naive.roads import Roads

SEEDS = st.integers(0, 2**32)
Array = np.ndarray[Any, Any]


def random_arcs(rng: np.random.Generator, nodes: int, arcs: int) -> Table:
    """One-way arcs at random: parallel ones, loops, islands, some of length zero, some closed to a mode.

    Times are quarters of a second, so that sums are exact and halves are met; lengths go with car
    times, so that paths that tie in time tie in length.
    """
    quarters = rng.integers(0, 4 * 1500, arcs) * (rng.random(arcs) > 0.1)
    seconds = quarters / 4.0

    def of(share: float, factor: float) -> Array:
        return np.where(rng.random(arcs) < share, seconds * factor, np.inf)

    bike = of(0.9, 2.0)
    return Table.make(
        ARCS,
        {
            "tail": rng.integers(0, nodes, arcs), "head": rng.integers(0, nodes, arcs),
            "length_m": seconds * 16.0, "way": np.arange(arcs), "highway": np.zeros(arcs),
            "car_s": of(0.8, 1.0), "bike_s": bike, "walk_s": of(0.9, 4.0),
            "bike_felt_s": bike * rng.choice([1.0, 0.84, 1.37], arcs),
        },
    )  # fmt: skip


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 25), st.integers(0, 60), st.sampled_from([0.0, 300.0, 2400.0, 1e6]))
def test_stops_in_reach_are_dijkstras(seed: int, nodes: int, arc_count: int, limit_s: float) -> None:
    rng = np.random.default_rng(seed)
    arcs = random_arcs(rng, nodes, arc_count)
    graph = RoadGraph(np.arange(nodes, dtype=float), rng.random(nodes), arcs, Table.empty(TURNS))
    stop_node = rng.integers(-1, nodes, 8).astype(np.int32)
    walk_s = rng.integers(0, 400, 8).astype(np.float32)
    rows = rng.integers(-1, nodes, 10).astype(np.int32)
    near = near_stops(len(rows), *walks(graph, stop_node, walk_s, rows, limit_s))
    plain = Roads(arcs, "walk")
    for row, node in enumerate(rows.tolist()):
        expected = {}
        for stop in range(8):
            if stop_node[stop] < 0 or node < 0:
                continue
            seconds = float(walk_s[stop]) + plain.whole_seconds(int(stop_node[stop]), node)
            if seconds <= limit_s:
                expected[stop] = seconds
        mine = slice(near.ptr[row], near.ptr[row + 1])
        assert dict(zip(near.stop[mine].tolist(), near.seconds[mine].tolist(), strict=True)) == expected
        assert (np.diff(near.seconds[mine]) >= 0).all(), "nearest first"


@given(SEEDS, st.integers(1, 6), st.integers(1, 6))
def test_balance_is_furness_and_fits_both_margins(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    friction = np.exp(-rng.random((n, m)) * 3)
    origins, destinations = rng.integers(0, 50, n).astype(float), rng.integers(0, 50, m).astype(float)
    b = np.ones(m)
    for _ in range(30):
        sums = friction @ (b * destinations)
        a = np.divide(1.0, sums, out=np.zeros(n), where=sums > 0)
        sums = friction.T @ (a * origins)
        b = np.divide(1.0, sums, out=np.zeros(m), where=sums > 0)
    found = start.balance(origins, destinations, friction, 30)
    assert found == pytest.approx(b, rel=1e-9)
    if origins.sum() == 0 or destinations.sum() == 0:
        return
    sums = friction @ (found * destinations)
    trips = np.outer(origins / sums, found * destinations) * friction
    assert trips.sum(axis=1) == pytest.approx(origins)
    assert trips.sum(axis=0) == pytest.approx(destinations / destinations.sum() * origins.sum(), rel=1e-3)


@given(SEEDS, st.integers(1, 12), st.lists(st.integers(0, 4), min_size=1, max_size=150))
def test_start_posts_are_drawn_among_those_left(seed: int, people: int, supply: list[int]) -> None:
    rng = np.random.default_rng(seed)
    m = len(supply)
    ptr = np.concatenate([[0], np.cumsum(supply)]).astype(np.int64)
    post = rng.permutation(ptr[-1]).astype(np.int64)
    person, ids = rng.permutation(people).astype(np.int64), (100 + np.arange(people)).astype(np.int64)
    origin = rng.integers(0, m, people).astype(np.int32)
    friction = rng.random((m, m)) * (rng.random((m, m)) > 0.3)
    factor = rng.random(m)
    out = np.full(people, -1, np.int32)
    start.draw_posts(
        seed, int(Purpose.START), person, ids, origin, friction, factor, ptr, post, out
    )  # fmt: skip
    draws = Draws(seed)
    left = [post[ptr[j] : ptr[j + 1]].tolist() for j in range(m)]
    for w in person:
        weight = [float(factor[j]) * len(left[j]) * float(friction[origin[w], j]) for j in range(m)]
        if sum(weight) <= 0:
            assert out[w] == -1
            continue
        x = draws.uniform(Purpose.START, 0, int(ids[w]), 1) * sum(weight)
        upper = np.cumsum(weight)
        j = next(j for j in range(m) if x < upper[j])
        assert out[w] == left[j].pop(0)


def plain_rounds(
    rounds: int, wishes: dict[int, list[int]], utility: dict[tuple[int, int], float], ids: Array
) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """Post -> person hired, from docs/model.md section 4, rule 6, and (post, person) of offers refused;
    `wishes` are fittest first."""
    hired: dict[int, int] = {}
    refused: set[tuple[int, int]] = set()
    queue = {p: list(people) for p, people in wishes.items()}
    for _ in range(rounds):
        offers_of: dict[int, list[int]] = {}
        for p, people in queue.items():
            people[:] = [w for w in people if w not in hired.values()]
            if p not in hired and people:
                offers_of.setdefault(people[0], []).append(p)
        for w, posts in offers_of.items():
            best = min(posts, key=lambda p: (-utility[p, w], ids[p]))
            hired[best] = w
            for p in posts:
                if p != best:
                    refused.add((p, queue[p].pop(0)))
    return hired, refused


@given(SEEDS, st.integers(1, 6), st.integers(1, 8), st.integers(0, 5))
def test_rounds_of_offers(seed: int, vacancies: int, people: int, rounds: int) -> None:
    rng = np.random.default_rng(seed)
    ids = rng.permutation(1000)[:vacancies].astype(np.int64)
    order = np.argsort(ids)  # vacancies come sorted by post id
    wishes: dict[int, list[int]] = {}
    utility: dict[tuple[int, int], float] = {}
    for p in order.tolist():
        wishes[p] = rng.permutation(people)[: rng.integers(1, people + 1)].tolist()
        utility |= {(p, w): float(rng.integers(0, 3)) for w in wishes[p]}  # ties are frequent
    expected, said_no = plain_rounds(rounds, wishes, utility, ids)
    ptr = np.concatenate([[0], np.cumsum([len(wishes[p]) for p in order])]).astype(np.int64)
    applicant = np.array([w for p in order for w in wishes[p]], np.int32)
    value = np.array([utility[p, w] for p in order for w in wishes[p]])
    holder, taken = np.full(vacancies, -1, np.int32), np.full(people, -1, np.int32)
    refused = np.ones(len(applicant), bool)
    hiring.offer_rounds(rounds, ptr, order.astype(np.int32), ids, applicant, value, holder, taken, refused)
    found = {int(p): int(w) for p, w in zip(order, holder, strict=True) if w >= 0}
    assert found == expected
    offers_of = [(int(p), w) for p in order for w in wishes[p]]
    assert {pair for pair, no in zip(offers_of, refused, strict=True) if no} == said_no
    assert {int(taken[w]): w for w in range(people) if taken[w] >= 0} == {
        v: int(holder[v]) for v in range(vacancies) if holder[v] >= 0
    }


@given(SEEDS, st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_rows_are_carried_to_their_new_place(seed: int, counts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    count, gaps = np.array(counts, np.int64), rng.integers(0, 4, len(counts))
    begin = np.empty(len(counts), np.int64)
    at = 0
    for w in rng.permutation(len(counts)):  # rows lie in any order, with gaps
        begin[w] = at = at + int(gaps[w])
        at += int(count[w])
    source = rng.random((2, at + 1)).astype(np.float32)
    new = np.cumsum(count) - count
    target = np.zeros((2, int(count.sum())), np.float32)
    offers.carry_rows(0, len(counts), begin, begin + count, new, source, target)
    expected = [source[:, begin[w] + k] for w in range(len(counts)) for k in range(counts[w])]
    assert target.T.tolist() == [row.tolist() for row in expected]
