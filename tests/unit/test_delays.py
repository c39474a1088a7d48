"""Delays by mode: the mean and the 95th percentile given are those of the distribution.

Not here: what they do to journeys (test_raptor, test_twin_model).
"""

from __future__ import annotations

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.routing.delays import NO_DELAYS, chance_within, delay_chances, log_normal


@pytest.mark.parametrize(("mean", "p95"), [(2.0, 6.0), (1.0, 3.8), (5.0, 5.5)])
def test_mean_and_percentile_are_kept(mean: float, p95: float) -> None:
    assert chance_within(60 * p95, mean, p95) == pytest.approx(0.95, abs=1e-12)
    mu, sigma = log_normal(mean, p95)
    assert np.exp(mu + sigma**2 / 2) == pytest.approx(mean)
    table = delay_chances(
        defaults().replaced({"transit.bus_delay_min": mean, "transit.bus_delay_p95_min": p95})
    )
    assert (np.diff(table[0]) >= 0).all()
    assert (table[1] == 1.0).all()
    assert table[0, 0] == 0.0
    assert (1.0 - table[0]).sum() / 60 == pytest.approx(mean, rel=0.01)  # the tail beyond two hours is thin


def test_without_delays_nothing_is_late() -> None:
    assert delay_chances(defaults()) is NO_DELAYS


@pytest.mark.parametrize("p95", [1.9, 12.0])
def test_a_percentile_that_does_not_go_with_the_mean_is_refused(p95: float) -> None:
    values = defaults().replaced({"transit.rail_delay_min": 2.0, "transit.rail_delay_p95_min": p95})
    with pytest.raises(UserError, match="rail_delay_p95_min does not go with the mean"):
        delay_chances(values)
