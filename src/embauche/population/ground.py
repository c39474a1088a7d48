"""What synthesis reads of a territory: communes in the order of their codes, places, sites.

Lives here: Ground and the choice of homes. Not here: the territory itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from embauche.core.errors import UserError
from embauche.core.table import Table
from embauche.population.quotas import Array, Draw, code_numbers, largest_remainder, spread_over, stratified

MOST_IN = 0.6  # in-commuters per employed resident at most, for a territory cut to a few communes


class TerritoryLike(Protocol):
    """The attributes of a territory that the population needs."""

    @property
    def name(self) -> str:
        """Name of the territory."""

    @property
    def nodes(self) -> Table:
        """Road nodes."""

    @property
    def communes(self) -> Table:
        """Communes and external zones."""

    @property
    def places(self) -> Table:
        """Homes' nodes."""

    @property
    def sites(self) -> Table:
        """Firms' nodes."""


@dataclass(frozen=True)
class Ground:
    """Communes, places and sites, with the numbers that ids are made of.

    Attributes:
        name: name of the territory.
        communes, places, sites: tables of the territory.
        number: number of each commune's code, under 2**26 [commune].
        inside: rows of communes that are not external and have homes, by number.
        outside: rows of external zones, by number.
    """

    name: str
    communes: Table
    places: Table
    sites: Table
    number: Array
    inside: Array
    outside: Array

    @classmethod
    def of(cls, territory: TerritoryLike) -> Ground:
        """Look at a territory.

        Raises:
            UserError: nobody lives there, or no place or site is to be had.
        """
        communes, places, sites = territory.communes, territory.places, territory.sites
        number = code_numbers([str(c) for c in communes.code])
        order = np.argsort(number, kind="stable")
        external = communes.external[order]
        homes = np.bincount(places.commune, places.weight, minlength=len(communes))[order] > 0
        ground = cls(
            territory.name,
            communes,
            places,
            sites,
            number,
            order[~external & homes & (communes.population[order] > 0)],
            order[external & homes & np.isin(order, sites.commune)],
        )
        at_work = np.isin(sites.commune[sites.weight > 0], order[~external])
        if not len(ground.inside) or not at_work.any():
            raise UserError(
                "nobody can live or work in this territory",
                found=f"{len(ground.inside)} communes with inhabitants and homes, {int(at_work.sum())} sites",
                expected="at least one commune with inhabitants, homes and a place for firms",
                fix="give communes that overlap the roads, or --population",
            )
        return ground

    def inflow(self, residents: int) -> Array:
        """Workers of each of `outside` who work inside: as stated, at most MOST_IN of residents. int64."""
        stated = self.communes.inflow[self.outside].astype(np.int64)
        most = int(MOST_IN * residents)
        return largest_remainder(most, stated) if stated.sum() > most else stated

    def homes(self, seed: int, household_id: Array, commune: Array) -> Array:
        """Places of households, spread over their commune's places by weight. int64 [household]."""
        v = stratified(seed, Draw.PLACE, household_id, self.number[commune])
        return spread_over(v, commune, self.places.weight, self.places.commune)
