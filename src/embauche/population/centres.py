"""Training centres of a territory whose user gives none: stylised ones in its largest communes.

Lives here: make_centres. Not here: who has which seat (labour.centres), a user's table (user_centres).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from embauche.core.shifts import RHYTHMS
from embauche.core.table import Table
from embauche.population.ground import Ground
from embauche.population.quotas import Array, Draw, keyed, largest_remainder
from embauche.population.schemas import CENTRES, SKILLS

PEOPLE_A_CENTRE = 50_000  # inhabitants for each town with a centre, from memory
MOST_CENTRES = 12
SEATS_A_DOMAIN = 60  # seats from which a domain is taught at one more place, from memory
FEW_SEATS = 12  # with fewer a domain is taught at the largest pole outside, where there is one
RHYTHM_SHARES = (0.3, 0.2, 0.3, 0.2)  # of RHYTHMS, from memory


def make_centres(ground: Ground, places: Array, parameters: Mapping[str, float], seed: int) -> Table:
    """Centres with seats by domain; true seats are not known here, so they follow apprenticeship posts.

    A domain has `population.centre_seats` seats for each apprentice that it is reckoned to have, in towns
    drawn by their inhabitants.

    Args:
        ground: the territory.
        places: reckoned apprentices by domain [skill].
        parameters: `population.centre_seats`.
        seed: seed of the draws.

    Returns:
        Table of CENTRES, `commune` as the ground's.
    """
    seats = np.ceil(places * parameters["population.centre_seats"]).astype(np.int64)
    towns, sites = _towns(ground)
    key = ground.number[towns].astype(np.int64)
    people = ground.communes.population[towns].astype(np.float64)
    pole = _pole(ground)
    rows: list[tuple[int, int, int, int, int, int]] = []
    for skill in np.flatnonzero(seats > 0).tolist():
        if pole is not None and seats[skill] < FEW_SEATS:
            rows.append(
                (int(ground.number[pole[0]]), *pole, skill, int(seats[skill]), _rhythm(seed, 0, skill))
            )
            continue
        number = min(len(towns), max(1, round(int(seats[skill]) / SEATS_A_DOMAIN)))
        luck = keyed(seed, Draw.CENTRE, key, step=1 + skill) ** (1.0 / np.maximum(people, 1.0))
        chosen = np.sort(np.argsort(-luck, kind="stable")[:number])
        shares = largest_remainder(int(seats[skill]), people[chosen])
        for k, n in zip(chosen.tolist(), shares.tolist(), strict=True):
            if n:
                rhythm = _rhythm(seed, int(key[k]), skill)
                rows.append((int(key[k]), int(towns[k]), int(sites[k]), skill, n, rhythm))
    rows.sort(key=lambda row: (row[0], row[3]))
    columns = np.array(rows, np.int64).reshape(-1, len(CENTRES.names)).T
    return Table.make(CENTRES, dict(zip(CENTRES.names, columns, strict=True)))


def _rhythm(seed: int, centre: int, skill: int) -> int:
    luck = keyed(seed, Draw.CENTRE_RHYTHM, np.array([centre * len(SKILLS) + skill]))[0]
    return int(np.searchsorted(np.cumsum(RHYTHM_SHARES)[: len(RHYTHMS) - 1], luck, side="right"))


def _towns(ground: Ground) -> tuple[Array, Array]:
    """The largest communes with somewhere to put a centre, by number, and the site of each."""
    site = _main_sites(ground)
    inside = ground.inside[site[ground.inside] >= 0]
    if not len(inside):  # firms sit in few communes only
        inside = np.flatnonzero((site >= 0) & ~ground.communes.external.astype(bool))
    people = ground.communes.population[inside].astype(np.int64)
    number = int(np.clip(round(int(people.sum()) / PEOPLE_A_CENTRE), 1, MOST_CENTRES))
    largest = np.lexsort((ground.number[inside], -people))[:number]
    towns = np.sort(inside[largest])
    return towns, site[towns]


def _pole(ground: Ground) -> tuple[int, int] | None:
    """The external zone with most posts and its site."""
    if not len(ground.outside):
        return None
    jobs = ground.communes.jobs[ground.outside].astype(np.int64)
    zone = int(ground.outside[np.lexsort((ground.number[ground.outside], -jobs))[0]])
    site = int(_main_sites(ground)[zone])
    return (zone, site) if site >= 0 else None


def _main_sites(ground: Ground) -> Array:
    """Site of most weight in each commune, ties to the lowest row, -1 for none; int64 [commune]."""
    weight, commune = ground.sites.weight, ground.sites.commune
    rows = np.flatnonzero(weight > 0)
    order = rows[np.lexsort((rows, -weight[rows], commune[rows]))]
    found, first = np.unique(commune[order], return_index=True)
    out = np.full(len(ground.communes), -1, np.int64)
    out[found] = order[first]
    return out
