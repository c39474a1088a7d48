"""Where a scenario's sites lie: the road node and commune of a point, a commune's centre or activity zone.

Lives here: spot, site_faults. Not here: the fields (core.scenario_sites), firms and posts
there (labour.site_plan).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.core.errors import Problem, UserError
from embauche.core.geo import distance_m
from embauche.core.scenario_sites import FirmChoice, Sites, Where

if TYPE_CHECKING:
    from embauche.population.population import Population
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
FURTHEST_M = 3_000.0  # from a point to the road that serves it


def spot(where: Where, territory: Territory) -> tuple[int, int]:
    """Node and commune (rows) of a place.

    Raises:
        UserError: no such commune, no activity zone in it, or a point far from the territory's roads.
    """
    nodes = territory.nodes
    usable = nodes.in_car & nodes.in_walk & (nodes.commune >= 0)
    if where.commune is not None:
        commune = int(communes_called([where.commune], territory.communes)[0])
        if where.zone:
            return _zone(territory, commune), commune
        node = int(territory.communes.node[commune])
        if usable[node]:
            return node, commune
        lon, lat = float(nodes.lon[node]), float(nodes.lat[node])
        rows = np.flatnonzero(usable & (nodes.commune == commune))
        rows = rows if len(rows) else np.flatnonzero(usable)
    else:
        lon, lat, rows = float(where.lon or 0.0), float(where.lat or 0.0), np.flatnonzero(usable)
    away = distance_m(np.array(lon), np.array(lat), nodes.lon[rows], nodes.lat[rows])
    best = int(np.argmin(away))
    if away[best] > FURTHEST_M:
        raise UserError(
            "this site lies outside the territory",
            found=f"{lon:g} {lat:g}, {away[best] / 1000:.1f} km from its roads",
            expected=f"at most {FURTHEST_M / 1000:g} km from a road of one of its communes",
            fix="longitude first: lon 2.64, lat 50.53 is Béthune",
        )  # fmt: skip
    node = int(rows[best])
    return node, int(nodes.commune[node])


def _zone(territory: Territory, commune: int) -> int:
    """The node of a commune's activity zones where most posts may sit."""
    sites = territory.sites
    rows = np.flatnonzero((sites.commune == commune) & (sites.zone >= 0))
    if not len(rows):
        raise UserError(
            "this commune has no activity zone", found=str(territory.communes.name[commune]),
            expected="a commune with industrial or commercial land",
            fix="leave `zone` out, or give lon and lat",
        )  # fmt: skip
    return int(sites.node[rows[np.argmax(sites.weight[rows])]])


def firm_row(choice: FirmChoice, population: Population, territory: Territory) -> int:
    """Row of the firm that a choice means; ties in size go to the lowest id.

    Raises:
        UserError: no such firm, or no such commune.
    """
    from embauche.population.schemas import SECTORS

    firms, posts = population.firms, population.posts
    able: Array = ~firms.external
    if choice.id is not None:
        able &= firms.firm_id == choice.id
    if choice.sector is not None:
        able &= firms.sector == SECTORS.index(choice.sector)
    if choice.commune is not None:
        able &= firms.commune == communes_called([choice.commune], territory.communes)[0]
    size = np.bincount(posts.firm[posts.active], minlength=len(firms))
    rows = np.flatnonzero(able)
    rows = rows[np.lexsort((firms.firm_id[rows], -size[rows]))]
    if len(rows) < choice.rank:
        asked = ", ".join(f"{k} {v}" for k, v in choice.model_dump(exclude_defaults=True).items())
        raise UserError(
            "the population has no such firm", found=asked, expected="one of the territory's firms",
            fix="see firm_id in a run's firms.parquet" if choice.id is not None else f"{len(rows)} firms fit",
        )  # fmt: skip
    return int(rows[choice.rank - 1])


def site_faults(sites: Sites, territory: Territory) -> list[Problem]:
    """What only the territory shows of a `sites:` block; `Problem.keys` says where in the scenario."""
    found: list[Problem] = []
    for kind, k, option in sites.options():
        where = getattr(option, "at", None)
        choice = getattr(option, "firm", None)
        for key, ask in (("at", where), ("firm", choice)):
            try:
                if isinstance(ask, Where):
                    spot(ask, territory)
                elif isinstance(ask, FirmChoice) and ask.commune is not None:
                    communes_called([ask.commune], territory.communes)
            except UserError as error:
                found += [replace(p, keys=("sites", kind, k, key)) for p in error.problems]
    return found
