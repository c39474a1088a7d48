"""Posts that open, are withdrawn or destroyed after a week: one pass over posts.

Lives here: posts_week. Not here: who left them (separations), how many open in a sector (labour.economy).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.random import prefix, uniform
from embauche.kernels.separations import AGENCY, CDD, CDI, KEEP, VACATE


@inline
def offered_contract(
    head: np.uint64, post_id: int, opening: int, grid: int, cdd: float, agency: float
) -> int:
    """Contract under which a vacancy is offered: a permanent post may begin as a CDD or with an agency."""
    if grid != CDI:
        return grid
    x = uniform(head, post_id, opening)
    if x < cdd:
        return CDD
    return AGENCY if x < cdd + agency else CDI


@kernel
def posts_week(
    lo: int,
    hi: int,
    seed: int,
    week: int,
    purposes: np.ndarray,
    post_id: np.ndarray,
    holder_fate: np.ndarray,
    filled: np.ndarray,
    opens: np.ndarray,
    active: np.ndarray,
    opening: np.ndarray,
    weeks_open: np.ndarray,
    wage_cents: np.ndarray,
    contract: np.ndarray,
    grid_cents: np.ndarray,
    grid_contract: np.ndarray,
    destruction: np.ndarray,
    not_replaced: np.ndarray,
    cdd: np.ndarray,
    agency: np.ndarray,
) -> None:
    """Open, withdraw, destroy and create posts lo..hi after people_week.

    filled[p]: held during the week; posts vacant all week that stay grow older.
    opens[p]: an inactive slot that opens. purposes: POST_DESTROYED, REPLACED, OFFERED_AS.
    """
    head_destroy = prefix(seed, purposes[0], week)
    head_replaced = prefix(seed, purposes[1], week)
    head_offered = prefix(seed, purposes[2], 0)
    for p in range(lo, hi):
        if not active[p] and not opens[p]:
            continue
        begins = not active[p]
        if active[p] and holder_fate[p] != KEEP:
            begins = holder_fate[p] == VACATE and not (
                not_replaced[p] > 0.0 and uniform(head_replaced, post_id[p], opening[p]) < not_replaced[p]
            )
            active[p] = begins
            weeks_open[p] = 0
        elif active[p] and not filled[p]:
            if uniform(head_destroy, post_id[p], 0) < destruction[p]:
                active[p] = False
                weeks_open[p] = 0
            else:
                weeks_open[p] += 1
        if begins:
            active[p] = True
            opening[p] += 1
            weeks_open[p] = 0
            wage_cents[p] = grid_cents[p]
            contract[p] = offered_contract(
                head_offered, post_id[p], opening[p], grid_contract[p], cdd[p], agency[p]
            )
