"""Spots that a scenario names: where residences and homes for employees lie, and what is wrong with them.

Lives here: spot, places_of, residence_faults. Not here: who sleeps there (labour.residences, labour.lets).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.core.errors import Problem, UserError
from embauche.core.scenario_residences import Beds, Homes, ResidencesBlock
from embauche.population.residences import busiest

if TYPE_CHECKING:
    from embauche.population.population import Population
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
MOST_M = 2_000.0  # a spot's farthest home


def spot(at: Beds | Homes, territory: Territory) -> int:
    """Row of places where beds or homes lie: of their commune the busiest, or the nearest to lon, lat.

    Raises:
        UserError: there is no such commune, or no home within 2 km.
    """
    places, nodes, communes = territory.places, territory.nodes, territory.communes
    if at.commune is not None:
        found = int(busiest(places, communes_called([at.commune], communes))[0])
        if found < 0:
            raise UserError(f"{at.name} stands where nobody lives", found=at.commune,
                            expected="a commune with homes")  # fmt: skip
        return found
    assert at.lon is not None
    assert at.lat is not None
    home = np.flatnonzero(~communes.external[places.commune])
    node = places.node[home]
    x = (nodes.lon[node] - at.lon) * np.cos(np.radians(at.lat))
    away = np.hypot(x, nodes.lat[node] - at.lat) * 111_195.0
    best = np.lexsort((node, away))[0] if len(home) else -1
    if best < 0 or away[best] > MOST_M:
        raise UserError(f"{at.name} lies outside the territory", found=f"lon {at.lon:g}, lat {at.lat:g}",
                        expected="a point within 2 km of a home of it",
                        fix="check that lon and lat are not exchanged")  # fmt: skip
    return int(home[best])


def residence_faults(block: ResidencesBlock, territory: Territory) -> list[Problem]:
    """Faults of a scenario's `residences:` that only the territory shows."""
    found: list[Problem] = []

    def look(keys: tuple[str | int, ...], call: Callable[[], object]) -> None:
        try:
            call()
        except UserError as error:
            found.extend(replace(p, keys=keys) for p in error.problems)

    for k, beds in enumerate(block.beds):
        look(("residences", "beds", k), partial(spot, beds, territory))
    for k, homes in enumerate(block.homes):
        look(("residences", "homes", k), partial(spot, homes, territory))
        for j, name in enumerate(homes.work):
            look(("residences", "homes", k, "work", j), partial(communes_called, [name], territory.communes))
    return found


def places_of(population: Population, territory: Territory, block: ResidencesBlock) -> Array:
    """Rows of places that residences and homes offered bring into use."""
    rows = [spot(b, territory) for b in block.beds] + [spot(h, territory) for h in block.homes]
    known = getattr(population, "residences", None)  # populations made by hand may know nothing of them
    if known is not None:  # also where the block leaves them out: a saved state may know them
        rows += known.place.tolist()
    return np.unique(np.array(rows, np.int32))
