"""What training centres add to the network: their sites, and the timetable of days there.

Lives here: centre_rows, with_centres, centre_pairs. Not here: which centre is whose (labour.centres).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.shifts import RHYTHMS, ShiftCatalogue
from embauche.population.schemas import Contract

if TYPE_CHECKING:
    from embauche.core.table import Table
    from embauche.population.population import Population

Array = np.ndarray[Any, Any]


def centres_of(population: Population) -> Table | None:
    """The table of centres, None where there is none, or no row in it."""
    centres = getattr(population, "centres", None)  # populations made by hand may know nothing of it
    return centres if centres is not None and len(centres) else None


def with_centres(catalogue: ShiftCatalogue, population: Population) -> ShiftCatalogue:
    """The catalogue; days at a centre are off where the population has no centres."""
    return catalogue if centres_of(population) is not None else catalogue.without_centres()


def centre_rows(population: Population, sites: int) -> tuple[Array, Array]:
    """Sites of centres as rows of the network's used sites, after those of firms.

    Args:
        population: with or without centres.
        sites: used sites of firms.

    Returns:
        row of the territory's sites, int32 [more used sites]; used site of each row of centres, int32.
    """
    centres = centres_of(population)
    if centres is None:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    more, row = np.unique(centres.site, return_inverse=True)
    return more.astype(np.int32), (sites + row.ravel()).astype(np.int32)


def centre_pairs(population: Population, catalogue: ShiftCatalogue, firm_site: Array, sites: int) -> Array:
    """(used site, shift) pairs that apprentices need beside those of posts, int64 [pair, 2].

    Rhythms have the same hours in the firm, of which `RHYTHMS[0]` has all: a signature may change the rhythm.
    """
    posts = population.posts
    more, _ = centre_rows(population, sites)
    if not len(more):
        return np.empty((0, 2), np.int64)
    names = {s.name: row for row, s in enumerate(catalogue.shifts)}
    trains = np.unique(firm_site[posts.firm[posts.contract == Contract.APPRENTICESHIP]])
    whole = names[RHYTHMS[0]]
    at_firms = np.stack([trains, np.full(len(trains), whole)], axis=1)
    rows = [names[name] for name in RHYTHMS]
    at_centres = np.stack(
        [np.repeat(sites + np.arange(len(more)), len(rows)), np.tile(rows, len(more))], axis=1
    )
    return np.concatenate([at_firms, at_centres]).astype(np.int64)
