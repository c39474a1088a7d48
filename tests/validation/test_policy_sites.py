"""Policy sense of sites: a new site fills posts, in part at its neighbours' cost; what it takes is counted.

Lives here: the mean of 20 paired seeds with its tolerance (issue 5). Not here: the rules (test_sites).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.model import Bassin
from paired import bassin, paired

KNOWN = len(bassin({}, 0).population.posts)
SITE = {
    "name": "new", "at": {"commune": "Bourg"}, "sector": "industry", "firms": 4,
    "jobs": [{"posts": 30, "skill": "logistics"}, {"posts": 30, "skill": "administration"}],
}  # fmt: skip


def _measure(model: Bassin) -> Any:
    """Posts filled: new ones, the others, all; hires into new posts by people who left another."""
    held, hires = model.state.holder >= 0, model.week_hires
    new = np.arange(len(held)) >= KNOWN
    assert hires is not None
    left = (hires.from_post >= 0) & new[hires.post]
    return [int(held[new].sum()), int(held[~new].sum()), int(held.sum()), int(left.sum())]


@pytest.mark.long
def test_a_new_site_fills_posts_and_what_others_lose_is_counted() -> None:
    pair = paired({"sites": {"open": [SITE]}}, _measure, weeks=40)
    gain, tolerance = pair.gain.mean(axis=0), pair.tolerance()
    gross, others, net, left = gain
    assert gross > tolerance[0]
    assert left > 0
    assert net >= -tolerance[2]
    # Gross less net is what others lost, seed by seed.
    assert (pair.gain[:, 0] - pair.gain[:, 2] == -pair.gain[:, 1]).all()
    assert others <= tolerance[1]
