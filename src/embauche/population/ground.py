"""What synthesis reads of a territory: communes in the order of their codes, places, sites.

Lives here: Ground and the choice of homes. Not here: the territory itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from embauche.core.errors import UserError
from embauche.core.table import Table
from embauche.population.quotas import (
    Array,
    Draw,
    code_numbers,
    keyed,
    largest_remainder,
    spread_over,
    stratified,
)

PLACES_A_COMMUNE = 8  # least nodes with homes in a commune
SITES_A_COMMUNE, SITES = 2, 10_000  # likewise with firms, in zones and outside each; about as many in all
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
    """A territory with its communes in the order of their codes' numbers, so that no draw depends on rows.

    Attributes:
        name: name of the territory.
        nodes: road nodes.
        communes: communes and external zones, sorted by number.
        places, sites: their `commune` is a row of the sorted communes.
        number: number of each commune's code, under 2**26 [commune].
        row: row of each commune in the territory's own table [commune].
        inside: communes that are not external and have inhabitants and homes.
        outside: external zones with a place and a site.
    """

    name: str
    nodes: Table
    communes: Table
    places: Table
    sites: Table
    number: Array
    row: Array
    inside: Array
    outside: Array

    @classmethod
    def of(cls, territory: TerritoryLike) -> Ground:
        """Look at a territory.

        Raises:
            UserError: nobody lives there, or no place or site is to be had.
        """
        number = code_numbers([str(c) for c in territory.communes.code])
        row = np.argsort(number, kind="stable")
        rank = np.argsort(row, kind="stable").astype(np.int32)
        communes = territory.communes.take(row)
        places, sites = (_moved(t, rank) for t in (territory.places, territory.sites))
        external = communes.external.astype(bool)
        homes = np.bincount(places.commune, places.weight, minlength=len(communes)) > 0
        work = np.bincount(sites.commune, sites.weight, minlength=len(communes)) > 0
        inside = np.flatnonzero(~external & homes & (communes.population > 0))
        outside = np.flatnonzero(external & homes & work)
        ground = cls(
            territory.name, territory.nodes, communes, places, sites, number[row], row, inside, outside
        )
        at_work = work & ~external
        if not len(ground.inside) or not at_work.any():
            raise UserError(
                "nobody can live or work in this territory",
                found=f"{len(ground.inside)} communes with homes, {int(at_work.sum())} with places for firms",
                expected="at least one commune with inhabitants, homes and a place for firms",
                fix="give communes that overlap the roads, or --population",
            )
        return ground

    def gathered(self, parameters: Mapping[str, float], seed: int) -> Ground:
        """Homes and firms gathered on fewer of their commune's nodes, drawn in proportion to weight.

        Synthesised homes have no true address: a home for each few dozen inhabitants keeps every trip
        node to node, and lists of stops nearby short. Sites are bounded, as each has timetable rows of
        its own. A node drawn twice weighs twice.
        """
        people = self.communes.population.astype(np.int64)
        total = int(people.sum())
        a_place = parameters["population.people_a_place"]
        a_site = max(parameters["posts.people_a_site"], 2 * total / SITES)  # in zones and outside
        least = SITES_A_COMMUNE if 2 * SITES_A_COMMUNE * len(people) <= SITES else 1
        homes = np.maximum(people // a_place, PLACES_A_COMMUNE).astype(np.int64)
        firms = np.maximum(people // a_site, least).astype(np.int64)
        zoned = (self.sites.zone >= 0).astype(np.int64)
        places = _gather(self.places, self.places.commune.astype(np.int64), homes, self.number, seed)
        cell = self.sites.commune * np.int64(2) + zoned
        sites = _gather(
            self.sites, cell, np.repeat(firms, 2), np.repeat(self.number, 2) * 2 + [0, 1] * len(firms), seed
        )
        return replace(self, places=places, sites=sites)

    def to_territory(self, table: Table) -> Table:
        """The table with its `commune` as a row of the territory's own communes."""
        return _moved(table, self.row)

    def inflow(self, residents: int) -> Array:
        """Workers of each of `outside` who work inside: as stated, at most MOST_IN of residents. int64."""
        stated = self.communes.inflow[self.outside].astype(np.int64)
        most = int(MOST_IN * residents)
        return largest_remainder(most, stated) if stated.sum() > most else stated

    def homes(self, seed: int, household_id: Array, commune: Array) -> Array:
        """Places of households, spread over their commune's places by weight. int64 [household]."""
        v = stratified(seed, Draw.PLACE, household_id, self.number[commune])
        return spread_over(v, commune, self.places.weight, self.places.commune)


def _gather(table: Table, cell: Array, count: Array, key: Array, seed: int) -> Table:
    """Systematic sample of count[c] rows of each cell by weight; weights become times drawn."""
    order = np.lexsort((table.node, cell))
    c, w = cell[order], table.weight[order].astype(np.float64)
    ends = np.cumsum(w)
    first = np.searchsorted(c, np.arange(len(count)), side="left")
    last = np.searchsorted(c, np.arange(len(count)), side="right") - 1
    phase = keyed(seed, Draw.GATHER, np.asarray(key, np.int64))
    weight = np.zeros(len(table), np.float32)
    for g in np.flatnonzero(last >= first):
        low = ends[first[g]] - w[first[g]]
        total = ends[last[g]] - low
        if total <= 0.0:
            continue
        points = low + (np.arange(count[g]) + phase[g]) / count[g] * total
        drawn = np.clip(np.searchsorted(ends, points, side="right"), first[g], last[g])
        weight[order[first[g] : last[g] + 1]] = np.bincount(
            drawn - first[g], minlength=last[g] - first[g] + 1
        )
    return Table(table.schema, table.columns | {"weight": weight})


def _moved(table: Table, row: Array) -> Table:
    return Table(table.schema, table.columns | {"commune": row[table.commune].astype(np.int32)})
