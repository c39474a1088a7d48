"""The keyed draws of the kernels against the plain ones: bit for bit, and true to their laws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from embauche.core.draws import Purpose, pair_uniforms
from embauche.core.draws import uniforms as uniforms_of
from embauche.kernels import kernel, random
from naive.draws import Draws

SEEDS = st.integers(0, 2**63 - 1)
STEPS = st.integers(0, 2**31)
IDS = st.integers(-(2**63), 2**63 - 1)
PURPOSES = st.sampled_from(list(Purpose))
ALPHAS = st.floats(0.05, 0.999)


@kernel
def _all(
    seed: int, purpose: int, step: int, agent: int, alternative: int, alpha: float, out: np.ndarray[Any, Any]
) -> int:
    head = random.prefix(seed, purpose, step)
    out[0] = random.uniform(head, agent, alternative)
    out[1] = random.gumbel(head, agent, alternative)
    out[2] = random.normal(head, agent, alternative)
    out[3] = random.log_stable(random.agent_key(head, agent), alternative, alpha)
    return random.bits(head, agent, alternative)


@kernel
def _mixed(z: Any) -> Any:
    return random.mix(z)


def fast(seed: int, purpose: int, step: int, agent: int, alt: int, alpha: float) -> tuple[int, list[float]]:
    out = np.empty(4)
    bits = _all(seed, int(purpose), step, agent, alt, alpha, out)
    return int(bits) & (2**64 - 1), out.tolist()


@given(SEEDS, PURPOSES, STEPS, IDS, IDS, ALPHAS)
def test_kernels_and_plain_draws_agree(
    seed: int, purpose: Purpose, step: int, agent: int, alt: int, alpha: float
) -> None:
    bits, (uniform, gumbel, normal, log_stable) = fast(seed, purpose, step, agent, alt, alpha)
    draws = Draws(seed)
    key = (purpose, step, agent, alt)
    assert bits == draws.bits(*key)
    assert uniform == draws.uniform(*key)
    assert gumbel == pytest.approx(draws.gumbel(*key), rel=1e-12, abs=1e-12)
    assert normal == pytest.approx(draws.normal(*key), rel=1e-12, abs=1e-12)
    assert log_stable == pytest.approx(draws.log_stable(*key, alpha), rel=1e-12, abs=1e-12)


def test_known_bits() -> None:
    """SplitMix64 of state 0 starts with this number (Steele, Lea, Flood 2014; Vigna's reference code)."""
    assert int(_mixed(np.uint64(0))) == 0xE220A8397B1DCDAF


@given(SEEDS, PURPOSES, STEPS, st.lists(IDS, min_size=1, max_size=8), st.integers(0, 2**31))
def test_uniforms_of_an_array_are_keyed_by_id_not_by_row(
    seed: int, purpose: Purpose, step: int, agents: list[int], alt: int
) -> None:
    ids = np.array(agents, np.int64)
    found = uniforms_of(seed, purpose, step, ids, alt)
    assert found.tolist() == [Draws(seed).uniform(purpose, step, a, alt) for a in agents]
    assert found[::-1].tolist() == uniforms_of(seed, purpose, step, ids[::-1], alt).tolist()
    assert ((found > 0) & (found < 1)).all()
    pairs = pair_uniforms(seed, purpose, step, ids, ids[::-1])
    assert pairs.tolist() == [
        Draws(seed).uniform(purpose, step, a, b) for a, b in zip(agents, agents[::-1], strict=True)
    ]


@given(SEEDS, st.integers(0, 2**40), st.sampled_from(range(5)))
def test_every_part_of_the_key_counts(seed: int, agent: int, part: int) -> None:
    key = [seed, int(Purpose.TASTE), 3, agent, 5]
    other = list(key)
    other[part] += 1
    bits = fast(*key, 0.5)[0]  # type: ignore[arg-type]
    changed = fast(*other, 0.5)[0]  # type: ignore[arg-type]
    assert bits != changed


N = 20_000


def test_uniforms_are_uniform_over_ids_and_over_steps() -> None:
    over_ids = uniforms_of(1, Purpose.MATCH, 0, np.arange(N))
    over_steps = np.array([Draws(1).uniform(Purpose.MATCH, step, 17, 0) for step in range(N)])
    for sample in (over_ids, over_steps):
        assert stats.kstest(sample, "uniform").pvalue > 1e-3
    lagged = np.corrcoef(over_ids[:-1], over_ids[1:])[0, 1]
    assert abs(lagged) < 4 / math.sqrt(N)


def test_purposes_do_not_share_luck() -> None:
    a = uniforms_of(1, Purpose.QUIT, 4, np.arange(N))
    b = uniforms_of(1, Purpose.DISMISSAL, 4, np.arange(N))
    assert abs(np.corrcoef(a, b)[0, 1]) < 4 / math.sqrt(N)


def test_normal_is_normal() -> None:
    draws = Draws(5)
    sample = [draws.normal(Purpose.FIT, 0, i, 9) for i in range(N)]
    assert stats.kstest(sample, "norm").pvalue > 1e-3


@pytest.mark.parametrize("constant_share", [0.2, 0.8, 0.95])
def test_constant_and_weekly_parts_add_up_to_a_gumbel(constant_share: float) -> None:
    """a*(L + G) is standard Gumbel; its constant part has the share of variance that is asked."""
    alpha = math.sqrt(1.0 - constant_share)
    draws = Draws(9)
    sums, constants = [], []
    for i in range(N):
        constant = alpha * draws.log_stable(Purpose.TASTE, 0, i, 77, alpha)
        constants.append(constant)
        sums.append(constant + alpha * draws.gumbel(Purpose.WEEKLY_TASTE, 4, i, 77))
    assert stats.kstest(sums, "gumbel_r").pvalue > 1e-3
    assert np.var(constants) / (math.pi**2 / 6) == pytest.approx(constant_share, abs=0.05)


def test_no_constant_part_where_its_share_is_zero() -> None:
    assert Draws(9).log_stable(Purpose.TASTE, 0, 1, 2, 1.0) == 0.0
    assert fast(9, Purpose.TASTE, 0, 1, 2, 1.0)[1][3] == 0.0
