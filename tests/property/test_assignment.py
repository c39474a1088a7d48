"""Equilibria of random networks: conservation, Wardrop's condition, a plain twin; BPR's derivative.

Lives here: hypothesis properties. Not here: published networks (unit/test_assignment).
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.routing.assignment import Equilibrium, Links, equilibrium
from naive.assignment import frank_wolfe

Case = tuple[Links, np.ndarray, np.ndarray, np.ndarray]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A ring, so that every node is reached, with random further links; BPR costs; some demand."""
    nodes = draw(st.integers(2, 9))
    further = draw(st.lists(st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1)), max_size=20))
    ends = [(i, (i + 1) % nodes) for i in range(nodes)] + further  # loops and parallel links are welcome
    links = len(ends)
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    tail, head = (np.array(column) for column in zip(*ends, strict=True))
    free = rng.choice([0.0, 1.0, 2.5, 7.0], links)
    b = rng.choice([0.0, 0.15, 1.0], links)
    power = rng.choice([0.0, 1.0, 4.0, 5.3], links)
    base = rng.choice([0.0, 0.0, 20.0], links)
    built = Links.bpr(nodes, tail, head, free, rng.uniform(5.0, 50.0, links), b, power, base=base)
    pairs = draw(st.integers(1, 12))
    demand = rng.choice([0.0, 1.0, 30.0, 99.5], pairs)
    return built, rng.integers(0, nodes, pairs), rng.integers(0, nodes, pairs), demand


def _balance(result: Equilibrium, links: Links) -> np.ndarray:
    """What enters less what leaves, [node]."""
    into = np.bincount(links.head, weights=result.flow, minlength=links.nodes)
    return into - np.bincount(links.tail, weights=result.flow, minlength=links.nodes)


@given(cases())
def test_flows_conserve_the_demand_and_paths_carry_it(case: Case) -> None:
    links, origin, destination, demand = case
    result = equilibrium(links, origin, destination, demand, gap=1e-9)
    assert result.relative_gap <= 1e-9
    moving = np.where(origin == destination, 0.0, demand)
    wanted = np.bincount(destination, weights=moving, minlength=links.nodes)
    wanted -= np.bincount(origin, weights=moving, minlength=links.nodes)
    np.testing.assert_allclose(_balance(result, links), wanted, atol=1e-9)
    assert (result.path_flow >= 0).all()
    for d in range(len(result.origin)):
        rows = slice(result.od_path[d], result.od_path[d + 1])
        asked = moving[(origin == result.origin[d]) & (destination == result.destination[d])].sum()
        np.testing.assert_allclose(result.path_flow[rows].sum(), asked, rtol=1e-12)
    loads = np.zeros_like(result.flow)
    for p, flow in enumerate(result.path_flow):
        path = result.path_link[result.path_ptr[p] : result.path_ptr[p + 1]]
        assert len(set(path.tolist())) == len(path), "a shortest path passes no link twice"
        loads[path] += flow
    np.testing.assert_allclose(result.flow, loads, atol=1e-9)


@given(cases())
def test_no_used_path_is_dearer_than_the_cheapest(case: Case) -> None:
    """Wardrop's first principle, in the form of the gap: excess cost in all is within it."""
    links, *demand = case
    result = equilibrium(links, *demand, gap=1e-9)
    excess = 0.0
    for d in range(len(result.origin)):
        for p in range(result.od_path[d], result.od_path[d + 1]):
            cost = result.cost[result.path_link[result.path_ptr[p] : result.path_ptr[p + 1]]].sum()
            assert cost >= result.least[d] * (1 - 1e-12)
            excess += result.path_flow[p] * (cost - result.least[d])
    assert excess <= 1.1e-9 * max(float(result.flow @ result.cost), 1.0)


@settings(max_examples=30)
@given(cases())
def test_a_plain_frank_wolfe_finds_no_lower_objective(case: Case) -> None:
    links, *demand = case
    result = equilibrium(links, *demand, gap=1e-10)
    plain = frank_wolfe(links, *demand, rounds=60)
    assert result.objective <= plain.objective * (1 + 1e-9) + 1e-9
    assert result.objective >= plain.bound * (1 - 1e-9) - 1e-9


@given(
    st.floats(0.01, 1e3), st.floats(1.0, 1e4), st.floats(0.01, 5.0), st.floats(1.0, 8.0), st.floats(0.01, 1e4)
)
def test_the_derivative_is_that_of_the_cost(
    free: float, capacity: float, b: float, power: float, flow: float
) -> None:
    links = Links.bpr(2, np.array([0]), np.array([1]), np.array([free]), capacity, b, power)
    step = 1e-5 * flow
    cost, slope = links.costs(np.array([flow]))
    above, below = links.costs(np.array([flow + step]))[0], links.costs(np.array([flow - step]))[0]
    expected = free * (1.0 + b * (flow / capacity) ** power)
    np.testing.assert_allclose(cost, [expected], rtol=1e-10)
    # central difference: its error is of second order, and that of rounding eps * cost / step
    noise = 1e-15 * float(cost[0]) / step
    np.testing.assert_allclose(slope, (above - below) / (2 * step), rtol=1e-6, atol=10 * noise + 1e-300)


@given(cases(), st.integers(0, 2**32 - 1))
def test_the_order_of_links_and_pairs_does_not_matter(case: Case, seed: int) -> None:
    """Costs at equilibrium are unique wherever they grow with flow."""
    links, origin, destination, demand = case
    rng = np.random.default_rng(seed)
    by_link, by_pair = rng.permutation(len(links.tail)), rng.permutation(len(demand))
    mixed = Links(
        links.nodes, links.tail[by_link], links.head[by_link],
        links.fixed[by_link], links.factor[by_link], links.power[by_link], links.base[by_link],
    )  # fmt: skip
    one = equilibrium(links, origin, destination, demand, gap=1e-11)
    two = equilibrium(mixed, origin[by_pair], destination[by_pair], demand[by_pair], gap=1e-11)
    np.testing.assert_allclose(one.objective, two.objective, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.least, two.least, rtol=1e-4, atol=1e-6)
