"""Policy sense of beds: more of them are slept in more, apprentices placed are not fewer, losers are counted.

Lives here: the mean of 20 paired seeds with its tolerance (issue 5). Not here: the rules (test_lodgers).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.model import Bassin
from embauche.population.schemas import Contract
from paired import paired

BASE = {"parameters": {"housing.look_eur": 0.0, "housing.noise_eur": 120.0}}
BEDS = {"name": "Foyer", "commune": "Bourg", "beds": 6, "rent_eur_month": 120, "least_km": 0}


def _measure(model: Bassin) -> Any:
    """Bed-nights, apprentices placed, posts filled, posts that other posts lost to hires."""
    s, hires = model.state, model.week_hires
    placed = (s.post >= 0) & (
        model.population.posts.contract[np.maximum(s.post, 0)] == Contract.APPRENTICESHIP
    )
    taken = int((hires.from_post >= 0).sum())
    return [int(model.week_housing.beds.used.sum()), int(placed.sum()), int((s.holder >= 0).sum()),
            len(hires.post), taken]  # fmt: skip


@pytest.mark.long
def test_beds_are_slept_in_and_place_no_fewer_apprentices() -> None:
    pair = paired({"residences": {"beds": [BEDS]}}, _measure, base=BASE, weeks=40)
    gain, tolerance = pair.gain.mean(axis=0), pair.tolerance()
    nights, placed = gain[0], gain[1]
    assert nights > tolerance[0]
    assert placed >= -tolerance[1]
    hires, taken = pair.after[:, 3], pair.after[:, 4]
    assert (taken <= hires).all()
    assert taken.sum() > 0, "posts left for others are counted: gross hires less these are net"
