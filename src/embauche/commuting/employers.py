"""What employers' levers change in the way to work: hours of posts, parking, allowances, by firm and site.

Lives here: which firms a lever means, used sites, Terms. Not here: variants of shifts (core.hours), who is
paid how much (labour.allowances).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.hours import moved_posts
from embauche.core.scenario_firms import Employers
from embauche.core.scenario_levers import Levers
from embauche.core.suggest import folded, nearest

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile
    from embauche.core.parameters import Parameters
    from embauche.core.shifts import ShiftCatalogue
    from embauche.core.table import Table
    from embauche.population.population import Population

Array = np.ndarray[Any, Any]
LEVER_SEED = 0  # which posts a lever takes belongs to the scenario, as the population does, not to its luck


def communes_called(asked: Sequence[str], communes: Table) -> Array:
    """Rows of the communes with these names or codes; accents and case do not count.

    Raises:
        UserError: the territory has no such commune, or several.
    """
    rows, problems = [], []
    inside = np.flatnonzero(~communes.external)
    names = {int(r): folded(str(communes.name[r])) for r in inside}
    for word in asked:
        hits = [int(r) for r in inside if str(communes.code[r]) == word]
        hits = hits or [r for r, name in names.items() if name == folded(word)]
        if len(hits) != 1:
            near = nearest(word, [str(communes.name[r]) for r in inside])
            problems.append(
                Problem(
                    f"{len(hits)} communes are called so" if hits else "the territory has no such commune",
                    found=word, expected="names or INSEE codes of its communes",
                    fix="type the INSEE code" if hits else (f"did you mean {near}?" if near else None),
                )
            )  # fmt: skip
        rows += hits
    raise_all(problems)
    return np.array(sorted(set(rows)), np.int64)


def meant(employers: Employers, population: Population, communes: Table) -> Array:
    """Which firms a lever means, bool [firm].

    Raises:
        UserError: a commune or a firm id that is not there.
    """
    firms, posts = population.firms, population.posts
    from embauche.population.schemas import SECTORS

    out: Array = ~firms.external
    if employers.firms:
        unknown = sorted(set(employers.firms) - set(firms.firm_id[out].tolist()))
        if unknown:
            raise UserError(
                "the population has no such firm", found=", ".join(map(str, unknown[:10])),
                expected="ids of firms of the territory", fix="see firm_id in a run's firms.parquet",
            )  # fmt: skip
        out = out & np.isin(firms.firm_id, employers.firms)
    if employers.sectors:
        out = out & np.isin(firms.sector, [SECTORS.index(s) for s in employers.sectors])
    if employers.communes:
        out = out & np.isin(firms.commune, communes_called(employers.communes, communes))
    if employers.min_posts or employers.max_posts is not None:
        size = np.bincount(posts.firm[posts.active], minlength=len(firms))
        most = np.inf if employers.max_posts is None else employers.max_posts
        out = out & (size >= employers.min_posts) & (size <= most)
    return out


def at_these_hours(
    population: Population, catalogue: ShiftCatalogue, levers: Levers, communes: Table
) -> Population:
    """The population whose posts work at the hours, and on the days, that levers give them.

    Args:
        population: as it is without levers; the same object comes back where none moves anything.
        catalogue: with the levers' variants (core.hours).
        levers: the scenario's.
        communes: the territory's.
    """
    if not levers.hours and not levers.telework and not levers.conditions:
        return population
    posts = population.posts.copy()  # of this model alone: levers on conditions change what posts ask
    which = [meant(x.employers, population, communes)[posts.firm] for x in levers.of_posts]
    shift, team = moved_posts(
        catalogue, levers, LEVER_SEED, posts.post_id, posts.shift, posts.team, which
    )  # fmt: skip
    posts.columns["shift"], posts.columns["team"] = shift, team
    return replace(population, posts=posts)


def used_sites(population: Population, levers: Levers, communes: Table) -> tuple[Array, Array]:
    """Sites in use; firms with terms of their own have rows of their own, after those shared by the others.

    Returns:
        Row of the territory's sites, int32 [used site], and used site of each firm, int32 [firm], then
        one more for each of population.moves.
    """
    firms = population.firms
    kind = np.zeros(len(firms), np.int64)
    for k, lever in enumerate(levers.of_firms):
        kind += meant(lever.employers, population, communes).astype(np.int64) << k
    for parking in levers.parking:
        if parking.places_per_post is not None:  # its cars fill the firm's own parking
            mine = meant(parking.employers, population, communes)
            kind[mine] = -1 - np.flatnonzero(mine)
    moving = [firm for firm, _ in population.moves]
    site = np.append(firms.site.astype(np.int64), [site for _, site in population.moves])
    kind = np.append(kind, kind[moving])  # a firm takes its terms along
    first = np.where(kind == 0, 0, 1)
    pairs, row = np.unique(np.stack([first, kind, site.astype(np.int64)]), axis=1, return_inverse=True)
    return pairs[2].astype(np.int32), row.ravel().astype(np.int32)


@dataclass
class Terms:
    """What employers add to a tour by a service, by used site.

    Attributes:
        parking_eur: float64 [firm] what a driver pays her employer for a day.
        places: float64 [firm] of its parking, inf where there is always one.
        allowance: int64 [firm] row of levers.allowances, -1 for none.
        eur: by service, float32 [used site]: EUR a tour, paid by the traveller (below 0: to her).
        search_min: float32 [used site] minutes of looking for a place, on the way to work.
    """

    parking_eur: Array
    places: Array
    allowance: Array
    eur: dict[str, Array]
    search_min: Array
    _site: Array

    @classmethod
    def make(
        cls, population: Population, levers: Levers, communes: Table, parameters: Parameters, site: Array
    ) -> Terms | None:
        """The terms, None where no lever has any.

        A traveller spreads an allowance's cap over the year's days (`allowance.days_year`).

        Args:
            population, levers, communes, parameters: the run's.
            site: int32 used site of each firm, and of each of population.moves.
        """
        if not levers.parking and not levers.allowances:
            return None
        firms, posts = population.firms, population.posts
        sites = int(site.max(initial=-1)) + 1
        price, places = np.zeros(len(firms)), np.full(len(firms), np.inf)
        allowance = np.full(len(firms), -1, np.int64)
        size = np.bincount(posts.firm[posts.active], minlength=len(firms))
        for parking in reversed(levers.parking):  # the first that means a firm holds
            mine = meant(parking.employers, population, communes)
            per_post = parking.places_per_post
            price[mine] = parking.eur_day
            places[mine] = np.inf if per_post is None else np.floor(per_post * size[mine] + 0.5)
        for k in reversed(range(len(levers.allowances))):
            allowance[meant(levers.allowances[k].employers, population, communes)] = k
        eur: dict[str, Array] = {}
        of = np.append(np.arange(len(firms)), [firm for firm, _ in population.moves]).astype(np.int64)
        if price.any():
            eur["car"] = np.zeros(sites, np.float32)
            eur["car"][site] = price[of]
        for k, lever in enumerate(levers.allowances):
            a_day = min(lever.eur_day, lever.cap_eur_year / parameters["allowance.days_year"])
            mine = np.unique(site[allowance[of] == k])
            for service in lever.services:
                eur.setdefault(service, np.zeros(sites, np.float32))[mine] = -a_day
        return cls(price, places, allowance, eur, np.zeros(sites, np.float32), site[: len(firms)].copy())

    def apply(self, service: str, tile: Tile) -> None:
        """Add what employers add to a service's tours."""
        if service in self.eur:
            tile.eur += self.eur[service][tile.site]
        if service == "car":
            tile.out_min += self.search_min[tile.site]

    def moved(self, firm: int, site: int) -> None:
        """A firm (row) now stands at another used site."""
        self._site[firm] = site

    def set_search(self, minutes: Array) -> None:
        """Take over the minutes of looking for a place at each firm, float64 [firm]."""
        self.search_min[:] = 0.0
        mine = np.isfinite(self.places)
        self.search_min[self._site[mine]] = minutes[mine]
