"""What posts are worth to people, EUR a month: wage, hours, trade, level, contract, sector, taste; the way.

Lives here: utilities of (person, post) pairs. Not here: who searches or sees what (search, channels).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.draws import Purpose
from embauche.core.parallel import run_blocks
from embauche.kernels import search as k
from embauche.labour.centres import pair_tours
from embauche.labour.conditions import worth_eur
from embauche.labour.dwellings import with_beds
from embauche.labour.image import image_eur
from embauche.labour.skills import DISTANCE
from embauche.labour.ways import Ways
from embauche.labour.world import World
from embauche.population.schemas import Contract

Array = np.ndarray[Any, Any]


def but_travel(model: World, person: Array, post: Array) -> Array:
    """U of (person, post) pairs (rows) without the way there, float64 [pair]."""
    s, posts, p, t = model.state, model.population.posts, model.parameters, model.traits
    out = np.empty(len(person))
    contract_eur = np.zeros(len(Contract))
    contract_eur[Contract.CDD], contract_eur[Contract.AGENCY] = p["match.cdd_eur"], p["match.agency_eur"]
    run_blocks(
        k.post_values, len(person), model.seed, int(Purpose.MATCH), int(Purpose.SECTOR_TASTE),
        np.ascontiguousarray(person, np.int32), np.ascontiguousarray(post, np.int32),
        s.worker_id, s.skill, s.level, t.family, posts.post_id, s.wage_cents, posts.skill, posts.level,
        model.post_shift, model.post_contract, model.population.firms.sector[posts.firm], t.shift_eur,
        DISTANCE,
        contract_eur, p["match.skill_cost_eur"], p["match.level_cost_eur"], p["match.taste_eur"],
        p["match.noise_eur"], out,
    )  # fmt: skip
    image = image_eur(model, person, model.population.firms.sector[posts.firm[post]])
    return np.asarray(out + image + worth_eur(model, person, post))


def pair_logsums(model: World, person: Array, post: Array) -> Array:
    """Month's logsum of (person, post) pairs, EUR, float64 [pair]; apprentices may sleep elsewhere."""
    shift, centre = pair_tours(model, person, post)

    def ends(at: Array, klass: Array) -> tuple[Array, Array]:
        return model.tour_ends.at(person[at], post[at], klass, None if centre is None else centre[at])

    return with_beds(model, person, post, Ways(model).to(person, shift, ends))


def pair_utilities(model: World, person: Array, post: Array) -> Array:
    """U of (person, post) pairs (rows), EUR a month, -inf where nobody can get there, float64 [pair]."""
    return but_travel(model, person, post) + pair_logsums(model, person, post)
