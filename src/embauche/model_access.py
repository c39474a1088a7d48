"""Jobs in reach at shift hours, by commune: the table of access of a replication.

Lives here: core.outputs.ACCESS filled from the model. Not here: the week's tables (model_tables).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.offers import Offers, price
from embauche.core import outputs
from embauche.core.table import Table
from embauche.services.base import Needs
from embauche.services.shared import SharedService

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]
ACCESS_MINUTES = (30, 45, 60)
ACCESS_PLACES = 6  # places a commune, evenly spread over its places
ACCESS_ROWS = 1 << 20
LIKELY = 0.5  # expected acceptance from which a shared service brings a post within reach


def _access_places(model: Bassin) -> tuple[Array, Array]:
    """Rows of used places looked at, and active residents at each."""
    communes = model.territory.places.commune[model.network.place_rows]
    active = np.bincount(model.place[model.state.status > 0], minlength=len(communes))
    inside = np.flatnonzero((active > 0) & ~model.territory.communes.external[communes])
    order = inside[np.lexsort((inside, communes[inside]))]
    kept = []
    for c in np.unique(communes[order]):
        mine = order[communes[order] == c]
        few = min(ACCESS_PLACES, len(mine))
        kept.append(mine[((np.arange(few) + 0.5) * len(mine) / few).astype(np.int64)])
    rows = np.concatenate([*kept, np.zeros(0, np.int64)]).astype(np.int64)
    return rows, active[rows]


def best_minutes(model: Bassin, place: Array, site: Array, klass: Array) -> tuple[Array, Array]:
    """Least minutes of the longer way over services, without and with a car, [row].

    A service whose places are few counts where people expect to be served more often than not.
    """
    offers = Offers.empty(len(model.services), len(place))
    price(model.services, place, site, klass, offers)
    longer = np.maximum(offers.out_min, offers.back_min)
    for row, service in enumerate(model.services):
        if isinstance(service, SharedService):
            longer[row, service.expected[0, place, klass] < LIKELY] = np.inf
    longer = longer[[not s.for_some for s in model.services]]
    car = np.array([s.needs == Needs.CAR for s in model.services if not s.for_some])
    none = np.full(len(place), np.inf, np.float32)
    return np.min(longer[~car], axis=0, initial=np.inf) if (~car).any() else none, np.min(
        longer, axis=0, initial=np.inf
    )


def access(model: Bassin) -> Table:
    """Posts within 30, 45 and 60 minutes each way at the hours of each window, by commune.

    A window stands for its first kind of day. A post counts under each window that its shift works. In each
    commune a few places evenly spread over all are looked at, weighted by their active persons; `persons`
    are all active residents of the commune, for whom those places stand.
    """
    classes = model.network.classes
    places, weight = _access_places(model)
    windows = len(model.catalogue.windows)
    at_work = np.unique(classes.window[~classes.at_centre])
    class_of = {int(w): int(np.flatnonzero(classes.window == w)[0]) for w in at_work}
    worked = np.zeros((len(model.catalogue.shifts), windows), bool)
    for shift in range(len(model.catalogue.shifts)):
        worked[
            shift,
            classes.window[classes.shift_class[classes.shift_ptr[shift] : classes.shift_ptr[shift + 1]]],
        ] = True
    sites = len(model.network.site_rows)
    jobs = np.zeros((windows, sites))
    active = np.flatnonzero(model.state.active)
    for w in range(windows):
        mine = active[worked[model.post_shift[active], w]]
        jobs[w] = np.bincount(model.post_site[mine], minlength=sites)
    columns: dict[str, list[Any]] = {c: [] for c in outputs.ACCESS.names}
    commune = model.territory.places.commune[model.network.place_rows[places]]
    home = model.population.persons.commune[model.state.status > 0]
    residents = np.bincount(home, minlength=len(model.territory.communes))
    reached_by = _reached(model, places, class_of, jobs)
    for w, reached in reached_by.items():
        for c in np.unique(commune):
            here = commune == c
            for car in (0, 1):
                for m, minutes in enumerate(ACCESS_MINUTES):
                    mean = float(np.average(reached[here, car, m], weights=weight[here]))
                    values = (
                        model.territory.communes.code[c], model.territory.communes.epci[c], residents[c],
                        bool(car), w, minutes, mean,
                    )  # fmt: skip
                    for name, value in zip(outputs.ACCESS.names, values, strict=True):
                        columns[name].append(value)
    return Table.make(outputs.ACCESS, columns)


def _reached(model: Bassin, places: Array, class_of: dict[int, int], jobs: Array) -> dict[int, Array]:
    """Posts reached from each place, by window: float64 [place, (without, with car), threshold].

    Windows of a pair of place and site are rows side by side, so that they share its roads.
    """
    out = {w: np.zeros((len(places), 2, len(ACCESS_MINUTES))) for w in class_of}
    window, site = np.nonzero(jobs[list(class_of)])
    order = np.argsort(site, kind="stable")
    window, site = np.array(list(class_of))[window[order]], site[order]
    if not len(site):
        return out
    klass = np.array([class_of[int(w)] for w in window])
    step = max(1, ACCESS_ROWS // len(site))
    for lo in range(0, len(places), step):
        block = places[lo : lo + step]
        best = best_minutes(
            model, np.repeat(block, len(site)).astype(np.int32), np.tile(site, len(block)).astype(np.int32),
            np.tile(klass, len(block)).astype(np.int16),
        )  # fmt: skip
        for car in (0, 1):
            minutes = best[car].reshape(len(block), len(site))
            for m, limit in enumerate(ACCESS_MINUTES):
                near = minutes <= limit
                for w in class_of:
                    mine = window == w
                    out[w][lo : lo + len(block), car, m] = near[:, mine] @ jobs[w, site[mine]]
    return out
