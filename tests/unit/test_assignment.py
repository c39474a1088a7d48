"""Static user equilibrium: analytic cases, the published research networks, errors, threads.

Lives here: equilibrium and Links. Not here: TNTP files (test_tntp), random networks (property).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parallel import get_threads, set_threads
from embauche.routing import Links, RoadHierarchy, equilibrium, read_tntp

# Objectives as published with the networks (Anaheim: from the published flows).
PUBLISHED = {
    "SiouxFalls": 4231335.28710744,
    "Anaheim": 1286032.1711,
    "Winnipeg": 827911.494629963,
}


def _linear(nodes: int, arcs: list[tuple[int, int, float, float]]) -> Links:
    """Links with costs a + b * flow."""
    tail, head, a, b = (np.array(column) for column in zip(*arcs, strict=True))
    return Links(
        nodes, tail.astype(np.int32), head.astype(np.int32), a.astype(float), b.astype(float),
        np.ones(len(arcs)), np.zeros(len(arcs)),
    )  # fmt: skip


def test_two_parallel_links_share_the_demand_so_that_times_are_equal() -> None:
    """10 + x1 = 4 + 2 x2 with x1 + x2 = 9: x1 = 4, x2 = 5, both 14."""
    links = _linear(2, [(0, 1, 10.0, 1.0), (0, 1, 4.0, 2.0)])
    result = equilibrium(links, np.array([0]), np.array([1]), np.array([9.0]), gap=1e-12)
    assert result.flow == pytest.approx([4.0, 5.0], abs=1e-9)
    assert result.cost == pytest.approx([14.0, 14.0], abs=1e-9)
    assert result.least == pytest.approx([14.0], abs=1e-9)
    assert result.objective == pytest.approx(10 * 4 + 8 + 4 * 5 + 25)


def test_a_dear_link_stays_empty() -> None:
    links = _linear(2, [(0, 1, 1.0, 1.0), (0, 1, 100.0, 1.0)])
    result = equilibrium(links, np.array([0]), np.array([1]), np.array([9.0]), gap=1e-12)
    assert result.flow.tolist() == [9.0, 0.0]


@pytest.mark.parametrize(("bridge", "time"), [(False, 83.0), (True, 92.0)])
def test_braess(bridge: bool, time: float) -> None:
    """Braess 1968: 6 units; the added link raises everybody's time from 83 to 92."""
    arcs = [(0, 1, 0.0, 10.0), (2, 3, 0.0, 10.0), (0, 2, 50.0, 1.0), (1, 3, 50.0, 1.0)]
    links = _linear(4, arcs + ([(1, 2, 10.0, 1.0)] if bridge else []))
    result = equilibrium(links, np.array([0]), np.array([3]), np.array([6.0]), gap=1e-12)
    assert result.least == pytest.approx([time], abs=1e-7)
    assert result.flow[:4] == pytest.approx([4.0, 4.0, 2.0, 2.0] if bridge else [3.0] * 4, abs=1e-7)


def test_relative_gap_is_excess_over_shortest_paths() -> None:
    """All on the link that is cheapest when empty: total 9 * 22, shortest 9 * 10."""
    links = _linear(2, [(0, 1, 10.0, 1.0), (0, 1, 4.0, 2.0)])
    result = equilibrium(links, np.array([0]), np.array([1]), np.array([9.0]), rounds=1)
    assert result.iterations == 1
    assert result.relative_gap == pytest.approx(9 * 22.0 / (9 * 10.0) - 1)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_networks_to_a_gap_of_1e_10(shared_data: Path, name: str) -> None:
    """Objective within 1e-9, and every link's flow, as published, from scratch."""
    case = read_tntp(shared_data / "tntp" / name)
    result = equilibrium(case.links, case.origin, case.destination, case.demand, gap=1e-10)
    assert result.relative_gap <= 1e-10
    assert result.objective == pytest.approx(PUBLISHED[name], rel=1e-9)
    rows = (shared_data / "tntp" / name / f"{name}_flow.tntp").read_text().splitlines()[1:]
    table = np.array([row.split() for row in rows if row.strip()], float)
    published = {(int(a), int(b)): volume for a, b, volume, _ in table}
    ends = zip(case.links.tail + 1, case.links.head + 1, strict=True)
    # flows of links of constant cost are not unique: only the others are compared
    grows = case.links.factor > 0
    volume = np.array([published[int(a), int(b)] for a, b in ends])
    assert np.abs(result.flow - volume)[grows].max() < 1e-3 * volume.max()
    assert case.links.objective(volume) == pytest.approx(PUBLISHED[name], rel=1e-9)


def test_a_former_result_saves_rounds(shared_data: Path) -> None:
    case = read_tntp(shared_data / "tntp" / "SiouxFalls")
    ends = (case.links, case.origin, case.destination)
    first = equilibrium(*ends, case.demand, gap=1e-8)
    cold = equilibrium(*ends, case.demand * 1.01, gap=1e-8)
    warm = equilibrium(*ends, case.demand * 1.01, gap=1e-8, start=first)
    assert warm.iterations < cold.iterations
    assert warm.objective == pytest.approx(cold.objective, rel=1e-7)
    assert equilibrium(*ends, case.demand, gap=1e-8, start=first).iterations == 0


def test_a_former_result_with_other_pairs_serves() -> None:
    arcs = [(a, b, 1.0, 1.0) for a in range(4) for b in range(4) if a != b]
    links = _linear(4, arcs)
    one = equilibrium(links, np.array([0, 1]), np.array([3, 2]), np.array([4.0, 2.0]), gap=1e-10)
    pairs = (np.array([2, 1]), np.array([0, 2]), np.array([3.0, 5.0]))
    warm, cold = equilibrium(links, *pairs, gap=1e-10, start=one), equilibrium(links, *pairs, gap=1e-10)
    assert warm.flow == pytest.approx(cold.flow, abs=1e-6)
    none = equilibrium(links, np.array([0]), np.array([1]), np.array([0.0]))
    assert equilibrium(links, *pairs, gap=1e-10, start=none).flow == pytest.approx(cold.flow, abs=1e-6)


def test_threads_do_not_change_a_bit(shared_data: Path) -> None:
    case = read_tntp(shared_data / "tntp" / "Anaheim")
    before, found = get_threads(), []
    try:
        for threads in (1, 2, 3):
            set_threads(threads)
            found.append(equilibrium(case.links, case.origin, case.destination, case.demand, gap=1e-6))
    finally:
        set_threads(before)
    for other in found[1:]:
        assert other.flow.tobytes() == found[0].flow.tobytes()
        assert other.path_link.tobytes() == found[0].path_link.tobytes()


def test_paths_of_a_hierarchy_lead_to_the_same_flows(shared_data: Path) -> None:
    """Its times are float32, the flows are not: Anaheim, whose zones 1-38 are ends only."""
    case = read_tntp(shared_data / "tntp" / "Anaheim")
    links = case.links
    # the hierarchy passes every node: a zone's outward links start at a copy of it
    out = links.tail < links.through
    tail = np.where(out, links.tail + links.nodes, links.tail)
    order = np.lexsort((links.head, tail))
    nodes = links.nodes + links.through
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=nodes))]).astype(np.int32)
    place = np.arange(nodes, dtype=float)
    hierarchy = RoadHierarchy(indptr, links.head[order], place, place)

    def finder(
        cost: np.ndarray, origin: np.ndarray, destination: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        ptr, arcs = hierarchy.customize(cost[order]).paths(origin + links.nodes, destination)
        return ptr, order[arcs].astype(np.int32)

    given = (links, case.origin, case.destination, case.demand)
    by_hierarchy = equilibrium(*given, gap=1e-6, finder=finder)
    assert by_hierarchy.relative_gap <= 1e-6
    assert by_hierarchy.flow == pytest.approx(equilibrium(*given, gap=1e-8).flow, abs=100.0)
    assert by_hierarchy.objective == pytest.approx(PUBLISHED["Anaheim"], rel=1e-6)


def test_no_demand_means_no_flow() -> None:
    links = _linear(2, [(0, 1, 1.0, 1.0)])
    for demand in (np.array([0.0]), np.zeros(0)):
        ends = np.zeros(len(demand), int)
        result = equilibrium(links, ends, ends + 1, demand)
        assert (result.flow.tolist(), result.relative_gap, result.iterations) == ([0.0], 0.0, 0)


def test_a_node_to_itself_drives_nowhere_and_repeated_pairs_are_summed() -> None:
    links = _linear(2, [(0, 1, 1.0, 1.0)])
    result = equilibrium(links, np.array([0, 0, 0]), np.array([0, 1, 1]), np.array([5.0, 1.0, 2.0]))
    assert result.flow.tolist() == [3.0]


def test_links_without_cost_are_fine() -> None:
    links = _linear(3, [(0, 1, 0.0, 0.0), (1, 2, 0.0, 0.0)])
    result = equilibrium(links, np.array([0]), np.array([2]), np.array([1.0]))
    assert (result.flow.tolist(), result.relative_gap) == ([1.0, 1.0], 0.0)


def test_zones_are_not_passed_through() -> None:
    """By zone 1 it would take 2; by node 2, which is no zone, it takes 20."""
    tail, head = np.array([0, 1, 0, 2]), np.array([1, 3, 2, 3])
    links = Links.bpr(4, tail, head, np.array([1.0, 1.0, 10.0, 10.0]), 100.0, through=2)
    result = equilibrium(links, np.array([0, 0]), np.array([3, 1]), np.array([1.0, 1.0]))
    assert result.flow == pytest.approx([1.0, 0.0, 1.0, 1.0])


def test_pairs_without_a_path_are_named() -> None:
    links = Links.bpr(3, np.array([0]), np.array([1]), np.array([1.0]), 10.0, first_id=1)
    for finder in (None, lambda cost, o, d: (np.array([0, 1, 1]), np.zeros(1, np.int32))):
        with pytest.raises(UserError, match=r"no path leads from 2 to 3, which have a demand of 4") as error:
            equilibrium(links, np.array([0, 1]), np.array([1, 2]), np.array([1.0, 4.0]), finder=finder)
        assert "1 of 2 pairs" in str(error.value)


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("free", -1.0, "the free time of row 1"),
        ("free", np.nan, "the free time of row 1"),
        ("free", np.inf, "the free time of row 1"),
        ("capacity", 0.0, "the capacity of row 1"),
        ("capacity", 1e-200, "free"),
        ("b", -0.15, "the b of row 1"),
        ("power", 0.5, "the power of row 1"),
        ("power", -1.0, "the power of row 1"),
        ("extra", np.nan, "the extra cost of row 1"),
        ("base", -1.0, "the base flow of row 1"),
        ("tail", 7, "the start node of row 1"),
        ("head", -1, "the end node of row 1"),
    ],
)
def test_unusable_links_are_named(field: str, value: float, what: str) -> None:
    given = {
        "tail": np.array([0, 1]), "head": np.array([1, 2]), "free": np.ones(2), "capacity": np.ones(2),
        "b": np.full(2, 0.15), "power": np.full(2, 4.0), "extra": np.zeros(2),
        "base": np.zeros(2),
    }  # fmt: skip
    Links.bpr(3, **given)
    given[field][1] = value
    with pytest.raises(UserError, match=what):
        Links.bpr(3, **given)


@pytest.mark.parametrize("demand", [-1.0, np.nan, np.inf])
def test_unusable_demand_is_named(demand: float) -> None:
    links = _linear(2, [(0, 1, 1.0, 1.0)])
    with pytest.raises(UserError, match="the demand of row 0"):
        equilibrium(links, np.array([0]), np.array([1]), np.array([demand]))
    with pytest.raises(UserError, match="the destination of row 0"):
        equilibrium(links, np.array([0]), np.array([2]), np.array([1.0]))


def test_the_objective_rises_by_the_costs_with_other_traffic_too() -> None:
    """Beckmann's objective is the integral of the costs: its slope by each flow is that link's cost."""
    ends = np.array([0, 0], np.int32), np.array([1, 1], np.int32)
    links = Links(
        2, *ends, np.array([1.0, 2.0]), np.array([0.3, 1e-4]), np.array([1.0, 4.0]), np.array([20.0, 3.0])
    )
    flow, step = np.array([5.0, 7.0]), 1e-4
    assert links.objective(np.zeros(2)) == 0.0
    for i, cost in enumerate(links.costs(flow)[0]):
        more, less = flow.copy(), flow.copy()
        more[i] += step
        less[i] -= step
        slope = (links.objective(more) - links.objective(less)) / (2 * step)
        assert slope == pytest.approx(cost, rel=1e-6)
