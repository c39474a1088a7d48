"""Tables of a week's search: posts declined for the way there, looks by distance, kilometres of pairs.

Lives here: core.outputs_labour.DECLINED and LOOKS from the model. Not here: the search (labour.search).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.outputs_labour import DECLINED, LOOKS
from embauche.core.table import Table

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]
BANDS_KM = np.array([0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50])


def pair_km(model: Bassin, person: Array, post: Array) -> Array:
    """Kilometres by car from homes to workplaces, one way, of (person, post) rows, float32; -1 for nobody."""
    out = np.full(len(person), -1.0, np.float32)
    real = np.flatnonzero(person >= 0)
    place, site = model.place[person[real]], model.post_site[post[real]]
    _, tens_of_m = model.network.roads.ways("car", place, site)
    out[real] = tens_of_m / 100.0
    return out


def search_tables(model: Bassin) -> dict[str, Table]:
    """The last week's tables by name."""
    return {"declined": _declined(model), "looks": _looks(model)}


def _declined(model: Bassin) -> Table:
    a, h = model.week_applications, model.week_hires
    assert a is not None
    assert h is not None
    person = np.concatenate([a.declined_person, h.declined_person])
    post = np.concatenate([a.declined_post, h.declined_post])
    return Table.make(
        DECLINED,
        {
            "week": np.full(len(post), model.travelled_week, np.int16),
            "worker_id": model.week_worker_id[person],
            "post_id": model.population.posts.post_id[post],
            "offered": np.arange(len(post)) >= len(a.declined_post),
            "km": pair_km(model, person, post),
        },
    )


def _looks(model: Bassin) -> Table:
    a = model.week_applications
    assert a is not None
    sample, communes = a.sample, model.territory.communes
    inside = ~communes.external[model.population.persons.commune[sample.person]]
    km = pair_km(model, sample.person[inside], sample.post[inside])
    band, n = np.searchsorted(BANDS_KM, km, side="right") - 1, len(BANDS_KM)
    return Table.make(
        LOOKS,
        {
            "week": np.full(n, model.travelled_week, np.int16),
            "from_km": BANDS_KM,
            "looks": np.bincount(band, minlength=n),
            "told": np.bincount(band, sample.told[inside], minlength=n),
            "applied": np.bincount(band, sample.applied[inside], minlength=n),
        },
    )
