"""How likely a bus or train is at most so late: delays by mode, from a mean and a 95th percentile.

Lives here: delay_chances. Not here: journeys' connections (kernels.lines), what being late costs (commuting).

Delays at a stop are log-normal: never negative, and with a tail that two figures describe.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
SECONDS = 7_200  # later than this nobody counts
Z95 = 1.6448536269514722  # 95th percentile of a standard normal
MODES = ("bus", "rail")
NO_DELAYS = np.ones((2, 1))


def log_normal(mean: float, ratio: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm.

    Args:
        mean: of the delay.
        ratio: 95th percentile over the mean, above 1 and at most exp(Z95**2 / 2) = 3.87; of the two
            distributions that have it, the one with the lighter tail.
    """
    sigma = Z95 - math.sqrt(Z95 * Z95 - 2.0 * math.log(ratio))
    return math.log(mean) - sigma * sigma / 2.0, sigma


def chance_within(seconds: float, mean_min: float, ratio: float) -> float:
    """Chance of a delay of at most so many seconds; 1 where the mean is 0."""
    if mean_min == 0.0:
        return 1.0
    mu, sigma = log_normal(60.0 * mean_min, ratio)
    if seconds <= 0.0:
        return 0.0
    return 0.5 * (1.0 + math.erf((math.log(seconds) - mu) / (sigma * math.sqrt(2.0))))


def delay_chances(values: Mapping[str, float]) -> Array:
    """Chance of a delay of at most so many whole seconds, float64 [2, seconds]: by road, by rail.

    Args:
        values: parameters `transit.bus_delay_min`, `transit.bus_delay_p95_ratio`, and `rail` likewise.
    """
    means = {mode: values[f"transit.{mode}_delay_min"] for mode in MODES}
    if not any(means.values()):
        return NO_DELAYS
    ratio = {mode: values[f"transit.{mode}_delay_p95_ratio"] for mode in MODES}
    rows = [[chance_within(s, mean, ratio[mode]) for s in range(SECONDS)] for mode, mean in means.items()]
    return np.array(rows)
