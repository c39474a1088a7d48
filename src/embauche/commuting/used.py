"""The network of a population: its places, its workplaces, the classes of its posts' shifts and of courses.

Lives here: network_for. Not here: how times are found (network), what levers change (employers, lanes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embauche.commuting.centre_sites import centre_pairs, centre_rows, with_centres
from embauche.commuting.course_sites import course_pairs
from embauche.commuting.employers import at_these_hours, used_sites
from embauche.commuting.lanes import with_bike_lanes
from embauche.commuting.network import Network, build_network
from embauche.commuting.spots import places_of
from embauche.core.hours import with_variants
from embauche.core.parameters import Parameters
from embauche.core.settings import Settings
from embauche.core.shifts import ShiftCatalogue

if TYPE_CHECKING:
    from embauche.population.population import Population
    from embauche.territory.territory import Territory


def network_for(
    territory: Territory,
    population: Population,
    catalogue: ShiftCatalogue,
    parameters: Parameters,
    settings: Settings,
) -> Network:
    """The network of a population: places and sites in use, classes of the posts' shifts."""
    levers, communes = settings.levers, territory.communes
    catalogue = with_variants(with_centres(catalogue, population), levers)
    posts = at_these_hours(population, catalogue, levers, communes).posts
    lodgings = places_of(population, territory, settings.residences)
    places = np.union1d(population.persons.place, lodgings).astype(np.int32)
    sites, firm_site = used_sites(population, levers, communes)
    site = firm_site[posts.firm]
    pairs = np.stack([site.astype(np.int64), posts.shift.astype(np.int64)], axis=1)
    more = centre_pairs(population, catalogue, firm_site, len(sites))
    pairs = np.unique(np.concatenate([pairs, more]), axis=0)
    for k, (firm, _) in enumerate(population.moves):  # at its new site the shifts that its old one has
        there = pairs[pairs[:, 0] == firm_site[firm]].copy()
        there[:, 0] = firm_site[len(population.firms) + k]
        pairs = np.unique(np.concatenate([pairs, there]), axis=0)
    taught = course_pairs(territory, settings.training, catalogue, sites, parameters)
    pairs = np.unique(np.concatenate([pairs, taught]), axis=0)
    centres, _ = centre_rows(population, len(sites))
    ridden = with_bike_lanes(territory, levers)
    return build_network(
        ridden, catalogue, parameters, settings, places, np.concatenate([sites, centres]), pairs, len(centres)
    )
