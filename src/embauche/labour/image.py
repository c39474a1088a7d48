"""The image of sectors: its mean, who knows better, and career guidance at school, which tells the young.

Lives here: image_eur, guidance. Not here: immersions (labour.immersion), tastes (labour.search).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import SUPPLIER, whole_cents
from embauche.labour.state import State
from embauche.labour.training_money import pay_people
from embauche.labour.world import World
from embauche.population.schemas import SECTORS, Status

Array = np.ndarray[Any, Any]
PUPIL_WEEKS = 18 * 52  # at school until then


def known(state: State) -> Array:
    """Sectors whose work each person knows, bits by row of SECTORS, uint16 [person], a view of the state."""
    if "image.known" not in state.kept:
        state.kept["image.known"] = np.zeros(len(state.worker_id), np.uint16)
    return state.kept["image.known"]


def bits(sectors: tuple[str, ...]) -> np.uint16:
    """The bits of these sectors."""
    return np.uint16(sum(1 << SECTORS.index(name) for name in sectors))


def image_eur(model: World, person: Array, sector: Array) -> Array:
    """What the image of a sector is worth to a person, EUR a month, float64 [pair].

    The mean of all is a parameter; who knows the work no longer holds `image.wrong` of a bad image.

    Args:
        model: the model.
        person: int [pair] rows.
        sector: int [pair] rows of SECTORS.
    """
    mean = model.state.kept.get("image.sector", means(model))
    knows = (known(model.state)[person] >> sector.astype(np.uint16)) & 1
    better = 1.0 - model.parameters["image.wrong"]
    out: Array = np.where((knows != 0) & (mean[sector] < 0.0), mean[sector] * better, mean[sector])
    return out


def means(model: World) -> Array:
    """Mean image by sector, EUR a month, float64 [sector]."""
    return np.array([model.parameters[f"image.{name}"] for name in SECTORS])


def step(model: World, new: Array) -> None:
    """A week of guidance; entrants (rows) know no sector yet.

    Args:
        model: the model.
        new: int [entrant].
    """
    s, persons, communes = model.state, model.population.persons, model.territory.communes
    s.kept["image.sector"] = means(model)
    knows = known(s)
    knows[new] = 0
    for lever in model.settings.training.guidance:
        told = bits(lever.sectors)
        pupil = (s.status == Status.INACTIVE) & (s.age_weeks < PUPIL_WEEKS) & ((knows & told) != told)
        pupil &= ~communes.external[persons.commune]
        if lever.communes:
            pupil &= np.isin(persons.commune, communes_called(lever.communes, communes))
        rows = np.flatnonzero(pupil)
        key = stable_id(lever.name)
        draw = uniforms(model.seed, Purpose.GUIDANCE, int(s.week[0]), s.worker_id[rows], key)
        reached = rows[draw < 1.0 - (1.0 - lever.share_year) ** (1.0 / 52.0)]
        knows[reached] |= told
        model.week_training.add("guidance", lever.name, -1, "started", len(reached))
        pay_people(model, lever, SUPPLIER, "guidance", int(whole_cents(lever.cost_eur)), reached)
