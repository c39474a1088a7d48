"""Geweke's test on series whose truth is known: settled AR(1) series, trends, steps. Not here: the model."""

import numpy as np
import pytest

from embauche.analysis.burn_in import geweke_z, long_run_variance, slope, stationary


def ar1(rng: np.random.Generator, n: int, r: float, sigma: float) -> np.ndarray:
    out = np.empty(n)
    x = rng.normal() * sigma / np.sqrt(1 - r * r)
    for i in range(n):
        x = r * x + rng.normal() * sigma
        out[i] = x
    return out


@pytest.mark.parametrize("r", [0.0, 0.5, 0.8])
def test_settled_series_pass_about_as_often_as_the_level_says(r: float) -> None:
    z = [geweke_z(ar1(np.random.default_rng(i), 200, r, 1.0)) for i in range(300)]
    wrong = np.mean(np.abs(z) > 1.96)
    assert wrong < 0.12, f"{wrong:.3f} of settled series refused, for 0.05"


def test_trend_and_step_are_refused() -> None:
    rng = np.random.default_rng(1)
    noise = ar1(rng, 80, 0.3, 0.0005)
    weeks = np.arange(80)
    for bad in (0.10 + noise + 0.0004 * weeks, np.where(weeks < 20, 0.2, 0.1) + noise):
        verdict = stationary({"unemployment": bad}, window=80)
        assert not verdict.passed
    good = stationary(
        {"unemployment": 0.10 + noise, "vacancy_rate": 0.03 + ar1(rng, 80, 0.3, 0.0005)}, window=80
    )
    assert good.passed
    assert good.weeks == 80


def test_one_bad_series_among_good_ones_fails() -> None:
    still = np.full(60, 0.1)
    moving = np.linspace(0.1, 0.2, 60)
    assert stationary({"a": still}, window=60).passed
    verdict = stationary({"a": still, "b": moving}, window=60)
    assert not verdict.passed
    assert verdict.drift["a"] == pytest.approx(0.0, abs=1e-12)
    assert verdict.drift["b"] == pytest.approx(0.1 / 59 * 156)


def test_too_short_or_not_finite_never_passes() -> None:
    assert not stationary({"a": np.full(10, 0.1)}).passed
    assert not stationary({"a": np.full(60, np.nan)}).passed
    assert not stationary({}).passed


def test_variance_of_mean_of_ar1() -> None:
    # Exact long-run variance of an AR(1): sigma^2 / (1 - r)^2 = 1 / 0.25 = 4.
    found = np.mean([long_run_variance(ar1(np.random.default_rng(i), 400, 0.5, 1.0)) for i in range(100)])
    assert found == pytest.approx(4.0, rel=0.25)


def test_slope() -> None:
    assert slope(3.0 + 0.25 * np.arange(9)) == pytest.approx(0.25)


def test_a_slow_trend_that_shows_does_not_pass() -> None:
    # 0.3 points in 26 weeks, 1.8 points in three years, under noise of 0.02 points.
    refused = 0
    for seed in range(50):
        noise = ar1(np.random.default_rng(seed), 26, 0.3, 0.0002)
        refused += not stationary({"u": 0.13 + noise + 0.003 / 26 * np.arange(26)}, window=26).passed
    assert refused >= 45


@pytest.mark.parametrize("r", [0.0, 0.6])
def test_settled_series_pass_as_a_whole(r: float) -> None:
    passed = [
        stationary({"u": 0.13 + ar1(np.random.default_rng(seed), 52, r, 0.001)}, window=52).passed
        for seed in range(200)
    ]
    assert np.mean(passed) > 0.8
