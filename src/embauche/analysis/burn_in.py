"""Whether a series has settled: Geweke's test of two means, and a bound on the drift.

Lives here: geweke_z, stationary, Verdict. Not here: running the weeks (runner).
Source: J. Geweke (1992), "Evaluating the accuracy of sampling-based approaches to the calculation of
posterior moments", Bayesian Statistics 4. The variances are those of batch means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

Z_LIMIT = 1.96  # two-sided 5 %
FIRST_SHARE, LAST_SHARE = 0.2, 0.5
BATCHES = 8
LEAST = 20  # weeks below which nothing can be said


@dataclass(frozen=True)
class Verdict:
    """The outcome of the test.

    Attributes:
        passed: every series passed, by Geweke's z or because its drift is too small to matter.
        z: Geweke's z by series.
        drift: change that the fitted line makes over `horizon` weeks, by series, in its own unit.
        weeks: weeks on which the test looked.
    """

    passed: bool
    z: dict[str, float]
    drift: dict[str, float]
    weeks: int


def long_run_variance(values: Array) -> float:
    """Variance of the mean of an autocorrelated series, times its length.

    The greater of two estimates: batch means (which see slow movement), and the variance inflated by the
    first-order autocorrelation, (1 + r) / (1 - r), which needs fewer values.
    """
    n = len(values)
    centred = values - values.mean()
    variance = float(centred @ centred) / max(n - 1, 1)
    if variance == 0.0:
        return 0.0
    r = float(centred[1:] @ centred[:-1]) / float(centred @ centred)
    # The estimate of r is biased downwards by about (1 + 3 r) / n (Kendall 1954).
    r = float(np.clip(r + (1 + 3 * r) / n, 0.0, 0.98))
    inflated = variance * (1 + r) / (1 - r)
    size = max(n // BATCHES, 1)
    means = values[n % size :].reshape(-1, size).mean(axis=1)
    batched = float(means.var(ddof=1)) * size if len(means) > 1 else 0.0
    return max(inflated, batched)


def geweke_z(values: Array, first: float = FIRST_SHARE, last: float = LAST_SHARE) -> float:
    """Geweke's z: difference of the means of the first and last parts over its standard error.

    Args:
        values: the series, [week].
        first: share of the weeks that form the first part.
        last: share of the weeks that form the last part.

    Returns:
        z, 0 where both parts are constant and equal, infinite where constant and different.
    """
    n = len(values)
    a, b = values[: max(int(n * first), 2)], values[n - max(int(n * last), 2) :]
    # The last part is the longer one: its variance a value serves both, as the null says they are alike.
    variance = max(long_run_variance(b), long_run_variance(a))
    gap = float(a.mean() - b.mean())
    if variance == 0.0:
        return 0.0 if gap == 0.0 else float(np.copysign(np.inf, gap))
    return gap / float(np.sqrt(variance * (1 / len(a) + 1 / len(b))))


def slope(values: Array) -> float:
    """Change a week of the fitted straight line."""
    weeks = np.arange(len(values)) - (len(values) - 1) / 2
    return float(weeks @ values / (weeks @ weeks))


def slope_z(values: Array) -> float:
    """The fitted slope over its standard error, which allows for autocorrelation around the line."""
    weeks = np.arange(len(values)) - (len(values) - 1) / 2
    per_week = slope(values)
    variance = long_run_variance(values - per_week * weeks)
    if variance == 0.0:
        return 0.0 if per_week == 0.0 else float(np.copysign(np.inf, per_week))
    return per_week / float(np.sqrt(variance / (weeks @ weeks)))


def stationary(
    series: Mapping[str, Array],
    *,
    window: int | None = None,
    horizon: int = 156,
    drift_bound: float = 0.005,
    z_limit: float = Z_LIMIT,
) -> Verdict:
    """Test whether every series has settled.

    A series passes if its drift over the horizon is under the bound (half a point in three years), or if
    |z| < z_limit and its slope cannot be told from zero: a short series says little about three years, but
    a trend that shows in it must not pass.

    Args:
        series: weekly values by name, shares (0.005 is half a point), [week] each.
        window: look at the last so many weeks only; None looks at the last half.
        horizon: weeks over which a drift is extrapolated.
        drift_bound: greatest drift that does not matter, in the series' unit.
        z_limit: bound on Geweke's z.

    Returns:
        The verdict; not passed with fewer than 20 weeks, or where a value is not finite.
    """
    z: dict[str, float] = {}
    drift: dict[str, float] = {}
    passed, looked = bool(series), 0
    for name, raw in series.items():
        values = np.asarray(raw, np.float64)
        values = values[-(window if window is not None else max(len(values) // 2, LEAST)) :]
        looked = len(values)
        if looked < LEAST or not np.isfinite(values).all():
            z[name], drift[name], passed = float("nan"), float("nan"), False
            continue
        z[name] = geweke_z(values)
        per_week = slope(values)
        drift[name] = per_week * horizon
        settled = abs(z[name]) < z_limit and abs(slope_z(values)) < z_limit
        passed &= settled or abs(drift[name]) < drift_bound
    return Verdict(passed, z, drift, looked)
