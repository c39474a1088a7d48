"""A central platform that matches candidates with the posts that take part, by deferred acceptance.

Lives here: who takes part, the week's clearing, what it costs. Not here: the algorithm (kernels.deferred).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.kernels.deferred import deferred_acceptance
from embauche.labour.applications import Pool
from embauche.labour.shared_costs import pay
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
SCENARIO_SEED = 0  # who takes part belongs to the scenario, not to its luck
NAME = "platform"


def members(model: World) -> Array:
    """Which firms take part, bool [firm]; none where the mechanism is another. External firms never do."""
    firms, recruitment = model.population.firms, model.settings.recruitment
    if recruitment.mechanism != "platform":
        return np.zeros(len(firms), bool)
    luck = uniforms(SCENARIO_SEED, Purpose.PLATFORM, 0, firms.firm_id)
    return np.asarray(~firms.external & (luck < recruitment.platform.share))


def clear(model: World, pool: Pool) -> Array:
    """Rows of the candidates' pool that end in a hire: each person's best, each firm's fittest; int64 [hire].

    Args:
        model: the model.
        pool: candidates of posts that take part, fit enough, of whom firms decide this week.
    """
    post_id = model.population.posts.post_id[pool.post]
    order = np.lexsort((post_id, -pool.utility, pool.worker_id))
    sender = np.unique(pool.worker_id[order], return_inverse=True)[1].astype(np.int32)
    vacancy = np.unique(post_id[order], return_inverse=True)[1].astype(np.int32)
    ptr = np.searchsorted(sender, np.arange(sender.max(initial=-1) + 2)).astype(np.int64)
    rank = np.empty(len(order), np.int64)
    rank[np.lexsort((pool.worker_id[order], -pool.fit[order]))] = np.arange(len(order))
    held = np.empty(vacancy.max(initial=-1) + 1, np.int64)
    deferred_acceptance(ptr, sender, vacancy, rank, held)
    return np.asarray(order[held[held >= 0]])


def pay_platform(model: World) -> None:
    """Enter a week's cost of the platform."""
    recruitment = model.settings.recruitment
    if recruitment.mechanism == "platform":
        platform = recruitment.platform
        pay(model, NAME, platform.payer, platform.authority, "platform", platform.cost_eur_week)
