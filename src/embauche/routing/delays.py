"""How likely a bus or train is at most so late: delays by mode, from a mean and a 95th percentile.

Lives here: delay_chances. Not here: journeys' connections (kernels.lines), what being late costs (commuting).

Delays at a stop are log-normal, as is usual for a right-skewed delay of which two figures are known (van
Oort 2011, Service Reliability and Urban Public Transport Design, uses percentiles in the same way).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from embauche.core.errors import UserError

Array = np.ndarray[Any, Any]
SECONDS = 7_200  # later than this nobody counts
Z95 = 1.6448536269514722  # 95th percentile of a standard normal
MODES = ("bus", "rail")
NO_DELAYS = np.ones((2, 1))


def log_normal(mean: float, p95: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm.

    Raises:
        ValueError: no log-normal has these two.
    """
    ratio = math.log(p95 / mean)
    left = Z95 * Z95 - 2.0 * ratio
    if ratio <= 0.0 or left < 0.0:
        raise ValueError((mean, p95))
    sigma = Z95 - math.sqrt(left)
    return math.log(mean) - sigma * sigma / 2.0, sigma


def chance_within(seconds: float, mean_min: float, p95_min: float) -> float:
    """Chance of a delay of at most so many seconds; 1 where the mean is 0."""
    if mean_min == 0.0:
        return 1.0
    mu, sigma = log_normal(60.0 * mean_min, 60.0 * p95_min)
    if seconds <= 0.0:
        return 0.0
    return 0.5 * (1.0 + math.erf((math.log(seconds) - mu) / (sigma * math.sqrt(2.0))))


def delay_chances(values: Mapping[str, float]) -> Array:
    """Chance of a delay of at most so many whole seconds, float64 [2, seconds]: by road, by rail.

    Args:
        values: parameters `transit.bus_delay_min`, `transit.bus_delay_p95_min`, and `rail` likewise.

    Raises:
        UserError: a 95th percentile that no log-normal of that mean has.
    """
    means = {mode: values[f"transit.{mode}_delay_min"] for mode in MODES}
    if not any(means.values()):
        return NO_DELAYS
    rows = []
    for mode, mean in means.items():
        p95 = values[f"transit.{mode}_delay_p95_min"]
        try:
            rows.append([chance_within(s, mean, p95) for s in range(SECONDS)])
        except ValueError:
            raise UserError(
                f"transit.{mode}_delay_p95_min does not go with the mean",
                found=f"mean {mean:g}, {p95:g} min",
                expected=f"more than the mean and at most {math.exp(Z95 * Z95 / 2) * mean:.1f} min",
                fix=f"change transit.{mode}_delay_p95_min, or transit.{mode}_delay_min",
            ) from None  # fmt: skip
    return np.array(rows)
