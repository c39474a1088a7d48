"""Tutors of apprentices: how many a firm has by its size, and those that small firms share.

Lives here: allowed. Not here: which posts firms want to offer (seasons).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.population.schemas import SizeClass

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]


def own_tutors(model: World) -> Array:
    """Tutors of each firm, int64 [firm]: one in most small firms, in larger ones by their posts."""
    p, firms = model.parameters, model.population.firms
    posts = np.bincount(model.population.posts.firm[model.state.active], minlength=len(firms))
    more = np.floor(posts / p["apprentices.posts_a_tutor"]).astype(np.int64)
    luck = uniforms(model.seed, Purpose.TUTOR, 0, firms.firm_id)
    small = (luck < p["apprentices.tutor_tpe"]).astype(np.int64)
    return np.where(firms.size_class == SizeClass.TPE, small, 1 + more)


def allowed(model: World, wanted: Array, taken: Array) -> Array:
    """Those of the posts that firms want to offer for which there is a tutor, by post_id.

    Args:
        model: the model.
        wanted: rows of posts.
        taken: int64 [firm] apprentices who stay with each firm.
    """
    posts, per = model.population.posts, int(model.parameters["apprentices.per_tutor"])
    room = np.maximum(own_tutors(model) * per - taken, 0)
    wanted = wanted[np.argsort(posts.post_id[wanted], kind="stable")]
    firm = posts.firm[wanted]
    order = np.argsort(firm, kind="stable")
    rank = np.empty(len(wanted), np.int64)
    rank[order] = np.arange(len(wanted)) - np.searchsorted(firm[order], firm[order])
    return np.asarray(wanted[rank < room[firm]])
