"""Delays by mode: the mean and the 95th percentile given are those of the distribution.

Not here: what they do to journeys (test_raptor, test_twin_model).
"""

from __future__ import annotations

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.routing.delays import NO_DELAYS, chance_within, delay_chances, log_normal


@pytest.mark.parametrize(("mean", "ratio"), [(2.0, 3.0), (1.0, 3.8), (5.0, 1.2)])
def test_mean_and_percentile_are_kept(mean: float, ratio: float) -> None:
    assert chance_within(60 * mean * ratio, mean, ratio) == pytest.approx(0.95, abs=1e-12)
    mu, sigma = log_normal(mean, ratio)
    assert np.exp(mu + sigma**2 / 2) == pytest.approx(mean)
    changes = {"transit.bus_delay_min": mean, "transit.bus_delay_p95_ratio": ratio}
    table = delay_chances(defaults().replaced(changes))
    assert (np.diff(table[0]) >= 0).all()
    assert (table[1] == 1.0).all()
    assert table[0, 0] == 0.0
    assert (1.0 - table[0]).sum() / 60 == pytest.approx(mean, rel=0.01)  # the tail beyond two hours is thin


def test_without_delays_nothing_is_late() -> None:
    assert delay_chances(defaults()) is NO_DELAYS
