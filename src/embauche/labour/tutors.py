"""Tutors of apprentices: how many a firm has by its size, and those that small firms share.

Lives here: allowed. Not here: which posts firms want to offer (seasons), costs (centre_plan).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import meant
from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.labour.centre_plan import run_week
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
    """Those of the posts that firms want to offer for which there is a tutor, own by post_id, then shared.

    Args:
        model: the model.
        wanted: rows of posts.
        taken: int64 [firm] apprentices who stay with each firm.
    """
    posts, per = model.population.posts, int(model.parameters["apprentices.per_tutor"])
    own = own_tutors(model) * per
    room = np.maximum(own - taken, 0)
    wanted = wanted[np.argsort(posts.post_id[wanted], kind="stable")]
    firm = posts.firm[wanted]
    order = np.argsort(firm, kind="stable")
    rank = np.empty(len(wanted), np.int64)
    rank[order] = np.arange(len(wanted)) - np.searchsorted(firm[order], firm[order])
    mine = rank < room[firm]
    return np.concatenate([wanted[mine], shared(model, wanted[~mine], np.maximum(taken - own, 0))])


def shared(model: World, wanted: Array, beyond: Array) -> Array:
    """Posts offered thanks to tutors that firms share, in the order of the scenario.

    A pool first keeps its tutors for apprentices who stay with members beyond what these have tutors for.

    Args:
        model: the model.
        wanted: rows of posts for which firms have no tutor of their own.
        beyond: int64 [firm] apprentices who stay beyond the firm's own tutors.
    """
    posts, per = model.population.posts, int(model.parameters["apprentices.per_tutor"])
    chosen, beyond = [wanted[:0]], beyond.copy()
    for pool in model.settings.apprentices.tutors:
        if pool.from_week > run_week(model):
            continue
        members = meant(pool.employers, model.population, model.territory.communes)
        room = pool.tutors * per
        kept = np.where(members, beyond, 0)
        kept = np.minimum(kept, np.maximum(room - (np.cumsum(kept) - kept), 0))
        beyond -= kept
        room -= int(kept.sum())
        asked = wanted[members[posts.firm[wanted]]]
        ids = posts.post_id[asked]
        luck = uniforms(model.seed, Purpose.TUTOR, int(model.state.week[0]), ids, stable_id(pool.name))
        got = asked[np.lexsort((ids, luck))[:room]]
        chosen.append(got)
        wanted = wanted[~np.isin(wanted, got)]
    return np.concatenate(chosen)
