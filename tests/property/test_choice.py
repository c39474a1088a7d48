"""The choice kernels against plain formulas at their limits: one service, none, ties, 1e6 EUR, copies.

Lives here: logsums, tastes, felt minutes, exp, log and sin of one call each. Not here: choices of many people
against the closed form (validation/test_logit), whole weeks (test_twin_model).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from embauche.core.draws import Purpose, stable_id
from embauche.kernels import choice, kernel
from embauche.kernels.elementary import exp_down, log_up, sin_half_turn
from naive.agents import log_sum
from naive.draws import Draws

Array = np.ndarray[Any, Any]
SEEDS = st.integers(0, 2**32)
INF = math.inf
NO_CAR_EUR = 12.0


@kernel
def _elementary(x: Array, exp_of: Array, y: Array, log_of: Array) -> None:
    for i in range(x.shape[0]):
        exp_of[i] = exp_down(x[i])
    for i in range(y.shape[0]):
        log_of[i] = log_up(y[i])


@given(st.lists(st.floats(-708.0, 0.0), min_size=1, max_size=40), st.floats(1e-300, 1e300))
def test_exp_and_log_are_within_two_units_in_the_last_place(x: list[float], y: float) -> None:
    xs, ys = np.array(x), np.array([y, 1.0 - 2.0**-53, 2.0**-53, 1.0, 1.0 + 2.0**-52, 0.5, math.sqrt(0.5)])
    exp_of, log_of = np.empty(len(xs)), np.empty(len(ys))
    _elementary(xs, exp_of, ys, log_of)
    for found, known in [(exp_of, [math.exp(v) for v in xs]), (log_of, [math.log(v) for v in ys])]:
        np.testing.assert_array_max_ulp(found, np.array(known), maxulp=2)
    alone = np.empty(1)
    for i in range(len(xs)):  # whatever its place in a vector: the same bits
        _elementary(xs[i : i + 1], alone, ys, log_of)
        assert alone[0] == exp_of[i]


@kernel
def _sines(x: Array, out: Array) -> None:
    for i in range(x.shape[0]):
        out[i] = sin_half_turn(x[i])


@given(st.lists(st.floats(1e-300, math.pi), min_size=1, max_size=40))
def test_sin_of_a_half_turn_is_within_two_units_in_the_last_place(x: list[float]) -> None:
    xs = np.array([*x, 0.0, math.pi / 2, math.nextafter(math.pi, 0.0), math.pi])
    found, alone = np.empty(len(xs)), np.empty(1)
    _sines(xs, found)
    np.testing.assert_array_max_ulp(found, np.array([math.sin(v) for v in xs]), maxulp=2)
    for i in range(len(xs)):
        _sines(xs[i : i + 1], alone)
        assert alone[0] == found[i]


def test_exp_of_next_to_nothing_adds_nothing() -> None:
    x = np.array([-INF, -1e308, -709.0, 0.0])
    out = np.empty(4)
    _elementary(x, out, np.ones(1), np.empty(1))
    assert out[3] == 1.0
    assert ((out[:3] >= 0) & (out[:3] < 1e-300)).all()


def logsums(
    felt: Array,
    eur: Array,
    fixed: Array,
    *,
    nest: list[int],
    spread: list[float],
    unit: float,
    tours: list[float] | None = None,
    car_share: float = 1.0,
    car: int = -1,
    vot: float = 0.2,
) -> float:
    """Month's logsum of one pair over its rows; felt and eur [service, row], fixed [service]."""
    services, rows = felt.shape
    needs = np.zeros(services, np.int64)
    if car >= 0:
        needs[car] = choice.NEEDS_CAR
    out = np.full(1, np.nan)
    choice.month_logsums(
        0, 1, np.zeros(1, np.int32), np.zeros(1, np.int64), np.array([rows]),
        np.array(tours or [1.0] * rows), felt.astype(np.float32), eur.astype(np.float32),
        fixed[None, :].astype(float), np.array([vot]), np.array([car_share]), needs,
        np.array(nest, np.int64), np.array(spread, float), unit, NO_CAR_EUR, out,
    )  # fmt: skip
    return float(out[0])


def plainly(
    felt: Array,
    eur: Array,
    fixed: Array,
    *,
    nest: list[int],
    spread: list[float],
    unit: float,
    tours: list[float],
    car_share: float,
    car: int,
    vot: float = 0.2,
) -> float:
    """The same by the formulas of docs/model.md, a service at a time."""

    def of_tour(row: int, usable: list[int]) -> float:
        by_nest: dict[int, list[float]] = {}
        for s in usable:
            minutes, euros = float(np.float32(felt[s, row])), float(np.float32(eur[s, row]))
            if minutes < INF and fixed[s] > -INF:
                by_nest.setdefault(nest[s], []).append(fixed[s] - vot * minutes - euros)
        return log_sum([log_sum(v, unit * spread[k]) for k, v in by_nest.items()], unit)

    total = 0.0
    everything = list(range(len(fixed)))
    for row in range(felt.shape[1]):
        without = of_tour(row, [s for s in everything if s != car])
        ls = of_tour(row, everything) if car_share > 0 else without
        if 0 < car_share < 1 and ls > -INF and ls != without:
            ls = car_share * ls + (1 - car_share) * (without if without > -INF else ls - NO_CAR_EUR)
        total += tours[row] * ls
    return total * 52 / 12


@settings(max_examples=200)
@given(
    SEEDS,
    st.integers(1, 9),
    st.integers(1, 30),
    st.sampled_from([1e-9, 0.01, 1.0, 30.0, 1e9]),
    st.sampled_from([0.0, 1.0, 50.0, 1e6]),
    st.sampled_from([0.0, 0.4, 1.0]),
)
def test_logsums_are_those_of_plain_formulas(
    seed: int, services: int, rows: int, unit: float, size: float, car_share: float
) -> None:
    rng = np.random.default_rng(seed)
    nest = rng.integers(0, 3, services).tolist()
    spread = rng.choice([0.001, 0.3, 0.9, 1.0], 3).tolist()
    felt = np.where(rng.random((services, rows)) < 0.3, INF, rng.random((services, rows)) * 100)
    eur = np.where(np.isinf(felt), np.nan, rng.random((services, rows)) * 5)  # not offered: not filled
    fixed = np.where(rng.random(services) < 0.1, -INF, rng.normal(size=services) * size)
    tours = (rng.integers(1, 6, rows) / 2).tolist()
    case = {
        "nest": nest, "spread": spread, "unit": unit, "tours": tours, "car_share": car_share,
        "car": int(rng.integers(-1, services)),
    }  # fmt: skip
    found, known = (of(felt, eur, fixed, **case) for of in (logsums, plainly))
    assert not math.isnan(found)
    if math.isinf(known):
        assert found == known
    else:
        largest = max(size, 100.0, unit) * sum(tours)  # sums of terms of that size may cancel
        assert found == pytest.approx(known, rel=1e-12, abs=1e-13 * largest)


def test_one_service_is_worth_its_utility_and_none_is_out_of_reach() -> None:
    felt, eur, fixed = np.array([[30.0]]), np.array([[2.0]]), np.array([5.0])
    one = logsums(felt, eur, fixed, nest=[0], spread=[0.5], unit=1.3)
    assert one == pytest.approx((5.0 - 0.2 * 30.0 - 2.0) * 52 / 12, rel=1e-14)
    none = logsums(np.full((2, 1), INF), np.zeros((2, 1)), np.zeros(2), nest=[0, 0], spread=[0.5], unit=1.3)
    assert none == -INF


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.integers(1, 12))
def test_equal_services_of_unlike_nests_are_worth_log_n_more(value: float, unit: float, n: int) -> None:
    felt = eur = np.zeros((n, 1))
    found = logsums(felt, eur, np.full(n, value), nest=list(range(n)), spread=[1.0] * n, unit=unit)
    assert found == pytest.approx((value + unit * math.log(n)) * 52 / 12, rel=1e-12, abs=1e-9)


ALPHA = math.sqrt(0.2)
SCALE = 3.0


def constants(people: int, services: list[str], nests: list[str], dissimilarity: dict[str, float]) -> Array:
    """Constant parts of the error in EUR, [person, service], from the kernel."""
    names = list(dict.fromkeys(nests))
    out = np.empty((people, len(services)))
    choice.constant_tastes(
        0, people, 1, int(Purpose.TASTE), int(Purpose.TASTE_NEST), np.arange(people),
        np.array([stable_id(s) for s in services]), np.array([names.index(n) for n in nests]),
        np.array([stable_id(n) for n in names]),
        np.array([max(dissimilarity[n], ALPHA) for n in names]), ALPHA, out,
    )  # fmt: skip
    return SCALE * out


@pytest.mark.parametrize("dissimilarity", [0.001, 0.005, 0.2, 0.44])
def test_a_copied_service_changes_nobodys_logsum(dissimilarity: float) -> None:
    """A copy of the bus in its nest: at most scale * dissimilarity * log 2 a tour for anybody, so under 1 %
    of every logsum over a euro where the dissimilarity is that of a copy, 0.005 or less."""
    people, v = 2000, {"car": -14.0, "bus": -9.0, "copy": -9.0}
    nests = {"car": "car", "bus": "bus", "copy": "bus"}
    d = {"car": 1.0, "bus": dissimilarity}

    def each(services: list[str]) -> Array:
        constant = constants(people, services, [nests[s] for s in services], d)
        names = list(dict.fromkeys(nests[s] for s in services))
        index = [names.index(nests[s]) for s in services]
        spread = [min(1.0, d[n] / ALPHA) for n in names]
        zero = np.zeros((len(services), 1))
        base = np.array([v[s] for s in services])
        return np.array(
            [
                logsums(zero, zero, base + constant[i], nest=index, spread=spread, unit=SCALE * ALPHA)
                for i in range(people)
            ]
        ) / (52 / 12)

    alone, copied = each(["car", "bus"]), each(["car", "bus", "copy"])
    more = copied - alone
    assert (more >= 0).all()
    assert more.max() <= SCALE * dissimilarity * math.log(2) + 1e-12
    assert more.max() > 0.5 * SCALE * dissimilarity * math.log(2), "the bound is not far off"
    if dissimilarity <= 0.005:
        assert (np.abs(alone) > 1.04).mean() > 0.9
        assert (more < 0.01 * np.abs(alone))[np.abs(alone) > 1.04].all()


@pytest.mark.parametrize("dissimilarity", [1.0, 0.7, 0.3])
def test_errors_are_gumbel_and_alike_in_a_nest_as_asked(dissimilarity: float) -> None:
    """Constant and weekly parts add up to a Gumbel each; their correlation is 1 - dissimilarity squared."""
    people = 20_000
    constant = constants(people, ["a", "b"], ["n", "n"], {"n": dissimilarity}) / SCALE
    draws, spread, nest = Draws(1), min(1.0, dissimilarity / ALPHA), stable_id("n")
    week = np.array(
        [
            [draws.gumbel(Purpose.WEEKLY_TASTE, 3, i, stable_id(s)) for s in ("a", "b")]
            + [draws.log_stable(Purpose.WEEKLY_NEST, 3, i, nest, spread)]
            for i in range(people)
        ]
    )
    error = constant + ALPHA * spread * (week[:, :2] + week[:, 2:])
    for s in (0, 1):
        assert stats.kstest(error[:, s], "gumbel_r").pvalue > 1e-3
        assert np.var(constant[:, s]) / (math.pi**2 / 6) == pytest.approx(0.8, abs=0.04)
    assert np.corrcoef(error.T)[0, 1] == pytest.approx(1 - dissimilarity**2, abs=0.03)


@given(SEEDS, st.integers(1, 20))
def test_felt_minutes_weigh_each_part(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    early, wait, changes, moving, late = (rng.random(rows).astype(np.float32) * 30 for _ in range(5))
    back = rng.random(rows).astype(np.float32) * 60
    out = early + wait + moving
    out[rng.random(rows) < 0.2] = np.inf
    felt = np.full(rows, np.nan, np.float32)
    choice.felt_minutes(0, rows, out, back, early, wait, changes, late, 1.4, 0.61, 1.5, 5.0, 84.0, felt)
    for r in range(rows):
        parts = [float(x[r]) for x in (out, back, early, wait, changes, late)]
        way = parts[0] + parts[1] - parts[2] - parts[3]
        weighed = 1.4 * way + 0.61 * parts[2] + 1.5 * parts[3] + 5.0 * parts[4]
        assert felt[r] == np.float32(weighed + 84.0 * parts[5])


def test_what_a_person_lacks_is_worth_nothing_to_her() -> None:
    needs, commune = np.array([0, choice.NEEDS_CAR, choice.NEEDS_BIKE]), np.array([0, 1, 0, 1], np.int32)
    taste, late = np.array([[0.1, 0.2, 0.3]] * 4), np.array([[0.0, 0.5]] * 3)
    out = np.empty((4, 3))
    choice.fixed_parts(
        0, 4, np.array([1.0, 2.0, 3.0]), needs, 6.0, 48.0, 3.0, np.full(4, 0.2), commune,
        np.array([True, True, False, False]), np.array([True, False, True, False]), taste, late, out,
    )  # fmt: skip
    late_eur = 0.5 * (6.0 + 0.2 * 48.0)
    assert out[:, 0] == pytest.approx([1.3, 1.3 - late_eur, 1.3, 1.3 - late_eur])
    assert out[:2, 1] == pytest.approx([2.6, 2.6 - late_eur])
    assert (out[2:, 1] == -INF).all()
    assert (out[[1, 3], 2] == -INF).all()
    assert out[[0, 2], 2] == pytest.approx([3.9, 3.9])
