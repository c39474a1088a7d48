"""Separations, demography and posts: what ends and begins after a week of work.

Lives here: the week's separations over columns. Not here: hiring, kernels.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose
from embauche.core.parallel import run_blocks
from embauche.kernels.separations import people_week, posts_week
from embauche.labour.hiring import Hires
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
PURPOSES = (
    Purpose.LEAVE_ACTIVITY,
    Purpose.ENTER_ACTIVITY,
    Purpose.POST_DESTROYED,
    Purpose.CONTRACT_END,
    Purpose.DISMISSAL,
    Purpose.QUIT,
    Purpose.ENTRANT,
)


def separate(model: World, utility: Array, hires: Hires, missed: Array, commute_min: Array) -> None:
    """One week's separations; changes the state.

    Args:
        model: the model.
        utility: float64 [person] utility of the post held at the start of the week.
        hires: this week's hires.
        missed: int32 [person] missed shifts.
        commute_min: float64 [person] minutes travelled this week.
    """
    s, posts, p, t = model.state, model.population.posts, model.parameters, model.traits
    fate = hires.post_fate
    filled = (s.holder >= 0) | (fate != 0)
    week = int(s.week[0])
    run_blocks(
        people_week, len(s.worker_id), model.seed, week, np.array([int(x) for x in PURPOSES], np.int64),
        s.worker_id, s.status, s.post, s.spell, s.age_weeks, s.sex, missed, s.missed_quarters, hires.hired,
        utility, s.wage_ref_cents, commute_min, s.licence, s.apprentice, posts.post_id, posts.contract, fate,
        t.leave_rate, t.enter_rate, t.cross_leave, t.cross_enter, t.entrant_active, t.licence_gain,
        t.contract_rate, p["posts.destruction"], p["search.reservation_floor"],
        p["dismissal.quarter_shifts"], p["dismissal.rate"], p["quits.base"], p["quits.scale_eur"],
        p["quits.extra_per_hour"], round(p["demography.entrant_wage_eur"] * 100),
        p["demography.entrant_licence"],
    )  # fmt: skip
    gone = (s.holder >= 0) & (s.post[s.holder] != np.arange(len(s.holder)))
    s.holder[gone] = -1
    run_blocks(
        posts_week, len(posts), model.seed, week, int(Purpose.POST_DESTROYED), int(Purpose.POST_CREATED),
        posts.post_id, fate, filled, s.active, s.opening, s.weeks_open, s.wage_cents, model.grid_cents,
        p["posts.destruction"], t.creation,
    )  # fmt: skip
