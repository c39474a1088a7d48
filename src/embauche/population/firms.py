"""Firms: how many, how large, of which sector, in which commune and on which site.

Lives here: FirmPlan. Not here: their posts (posts.py) or the shares (margins, parameters).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from embauche.core.table import Table
from embauche.population.ground import Ground
from embauche.population.levels import sections
from embauche.population.margins import SIZE_BOUNDS, profile_of, size_matrix
from embauche.population.quotas import (
    FIRM_BITS,
    Array,
    Draw,
    group_rank,
    keyed,
    largest_remainder,
    normals,
    rake,
    spread_over,
    stratified,
)
from embauche.population.schemas import FIRMS, SECTORS, SizeClass

SMALL_TOWN = 20_000  # inhabitants, as the declaration of Béthune counts industrial posts
LARGEST_EXTERNAL = 30_000  # posts of one external firm: its slots must fit in 16 bits
_INDUSTRY = SECTORS.index("industry")
# Sectors that sit in activity zones where the commune has one; the others sit in its centre.
_ZONED = np.isin(SECTORS, ("industry", "transport_logistics", "construction", "trade", "agriculture"))
_REFERENCE_SIZE = np.array([4.0, 20.0, 100.0, 400.0])
# How much faster than inhabitants the posts of larger firms grow, added to the exponent.
_SIZE_EXPONENT = (0.0, 0.03, 0.10, 0.18)


@dataclass
class FirmPlan:
    """Firms before they have posts; arrays [firm], sorted by firm_id."""

    firm_id: Array
    commune: Array
    site: Array
    sector: Array
    size_class: Array
    active: Array
    external: Array

    def table(self, parameters: Mapping[str, float], seed: int) -> Table:
        """The firms' table: adds what their HR can screen in a week, and sections of the NAF."""
        caps = np.array([parameters[f"posts.screening_{s.name.lower()}"] for s in SizeClass])
        scale = np.sqrt(np.maximum(self.active, 1) / _REFERENCE_SIZE[self.size_class])
        screening = np.clip(np.rint(caps[self.size_class] * scale), 1, 10_000)
        columns = {n: getattr(self, n) for n in FIRMS.names if hasattr(self, n)}
        naf = sections(seed, self.firm_id, self.sector)
        return Table.make(FIRMS, columns | {"screening": screening, "naf": naf})

    def spare(self, share: float) -> Array:
        """Spare slots of each firm: `share` of its posts, rounded along the firms. int64 [firm]."""
        return np.asarray(
            np.diff(np.floor(np.r_[0.0, np.cumsum(self.active * share)] + 0.5)).astype(np.int64)
        )


def sector_shares(name: str, parameters: Mapping[str, float]) -> Array:
    """Shares of posts by sector of a territory, sums to 1. float64 [sector]."""
    shares = np.array([profile_of(name).sectors[s] for s in SECTORS])
    shares[_INDUSTRY] *= parameters["posts.industry_ratio"]
    return np.asarray(shares / shares.sum())


def make_firms(
    ground: Ground, parameters: Mapping[str, float], seed: int, active: int, outside: Array
) -> FirmPlan:
    """Firms whose active posts add up exactly.

    Args:
        ground: the territory.
        parameters: `posts.*`.
        seed: seed of the draws.
        active: active posts inside the territory.
        outside: active posts of each of ground.outside [zone].
    """
    if active <= 0:
        return external_firms(ground, outside)
    sector, size_class, posts = _sizes(ground.name, parameters, seed, active)
    key = _provisional(sector, size_class)
    commune = _communes_of(ground, parameters, seed, key, sector, size_class, posts)
    site = _sites_of(ground, seed, key, sector, commune)
    firm_id = (ground.number[commune] << FIRM_BITS) | group_rank(commune)
    inside = FirmPlan(firm_id, commune, site, sector, size_class, posts, np.zeros(len(posts), bool))
    return join(inside, external_firms(ground, outside))


def external_firms(ground: Ground, outside: Array) -> FirmPlan:
    """One firm a zone, or several where its posts are more than LARGEST_EXTERNAL.

    Args:
        ground: the territory.
        outside: active posts of each of ground.outside [zone].
    """
    sites = ground.sites
    parts = -(-np.asarray(outside, np.int64) // LARGEST_EXTERNAL)
    zone = np.repeat(np.arange(len(parts)), parts)
    commune = ground.outside[zone]
    first = np.array([np.flatnonzero(sites.commune == c)[0] for c in ground.outside[parts > 0]], np.int64)
    active = [largest_remainder(int(n), np.ones(k)) for n, k in zip(outside, parts, strict=True)]
    return FirmPlan(
        (ground.number[commune] << FIRM_BITS) | group_rank(commune),
        commune,
        np.repeat(first, parts[parts > 0]),
        np.full(len(zone), SECTORS.index("business_services")),
        np.full(len(zone), int(SizeClass.LARGE)),
        np.concatenate([np.empty(0, np.int64), *active]),
        np.ones(len(zone), bool),
    )


def join(a: FirmPlan, b: FirmPlan) -> FirmPlan:
    """Both plans as one, sorted by firm_id."""
    columns = {f.name: np.concatenate([getattr(a, f.name), getattr(b, f.name)]) for f in fields(FirmPlan)}
    order = np.argsort(columns["firm_id"], kind="stable")
    return FirmPlan(**{k: v[order] for k, v in columns.items()})


def size_class_of(posts: Array) -> Array:
    """Size class by number of posts, int64 [firm]."""
    return np.searchsorted([SIZE_BOUNDS[s][1] for s in SizeClass][:3], posts, side="left")


def _provisional(sector: Array, size_class: Array) -> Array:
    """Keys of firms for draws made before they have a commune."""
    cell = sector.astype(np.int64) * 4 + size_class
    return (cell << 32) | group_rank(cell)


def _sizes(name: str, parameters: Mapping[str, float], seed: int, active: int) -> tuple[Array, Array, Array]:
    """Sector, size class and posts of each firm; the posts add up to `active`."""
    by_sector = largest_remainder(active, sector_shares(name, parameters))
    classes = np.array([parameters["posts.tpe"], parameters["posts.pme"], parameters["posts.eti"]])
    classes = np.append(classes, max(0.0, 1.0 - classes.sum()))
    table = rake(size_matrix() * by_sector[:, None], by_sector, classes / classes.sum() * active)
    parts: list[tuple[Array, Array, Array]] = []
    for sector, total in enumerate(by_sector):
        cells = largest_remainder(int(total), table[sector])
        for size in (SizeClass.LARGE, SizeClass.ETI, SizeClass.PME, SizeClass.TPE):
            low, high, mean = SIZE_BOUNDS[size]
            posts = int(cells[size])
            if posts < low:  # too few for one firm of this class: they go to the class below
                if size > 0:
                    cells[size - 1] += posts
                continue
            n = int(np.clip(round(posts / mean), -(-posts // high), posts // low))
            sizes = _sizes_in_class(seed, sector * 4 + int(size), n, posts, low, high)
            parts.append((np.full(n, sector), np.full(n, int(size)), sizes))
    sector_of, size_of, posts_of = (np.concatenate(c) for c in zip(*parts, strict=True))
    return sector_of, size_of, posts_of


def _sizes_in_class(seed: int, cell: int, n: int, posts: int, low: int, high: int) -> Array:
    """N sizes within [low, high] that add up to posts; log-uniform before they are made to fit."""
    v = stratified(seed, Draw.FIRM_SIZE, (np.int64(cell) << 32) | np.arange(n))
    sizes = np.floor(low * ((high + 1) / low) ** v).astype(np.int64).clip(low, high)
    while (gap := posts - int(sizes.sum())) != 0:
        room = (high - sizes) if gap > 0 else (sizes - low)
        step = np.minimum(largest_remainder(abs(gap), room), room)
        sizes += np.sign(gap) * step
    return sizes


def _communes_of(
    ground: Ground, parameters: Mapping[str, float], seed: int, key: Array, sector: Array, size_class: Array,
    posts: Array,
) -> Array:  # fmt: skip
    """Commune of each firm: posts grow a little faster than inhabitants, industry likes small towns."""
    rows = ground.inside[np.isin(ground.inside, ground.sites.commune[ground.sites.weight > 0])]
    if not len(rows):
        rows = np.unique(ground.sites.commune[~ground.communes.external[ground.sites.commune]])
    people = np.maximum(ground.communes.population[rows].astype(float), 1.0)
    zoned = np.isin(rows, ground.sites.commune[ground.sites.zone >= 0])
    big = people >= SMALL_TOWN
    in_big = _industry_in_big_towns(parameters, sector, posts, big)
    n, cells = len(rows), len(SECTORS) * 4 * 2
    weight = np.empty((cells, n))
    for s in range(len(SECTORS)):
        z = normals(keyed(seed, Draw.ATTRACTION, ground.number[rows], step=s))
        luck = np.exp(parameters["posts.spread"] * z) * np.where(zoned & _ZONED[s], 1.5, 1.0)
        for size in SizeClass:
            exponent = parameters["posts.elasticity"] + _SIZE_EXPONENT[size]
            exponent = 0.4 if SECTORS[s] == "agriculture" else exponent
            fits = np.minimum(1.0, people / (4 * SIZE_BOUNDS[size][0])) ** 2
            base = people**exponent * luck * fits
            for town in (0, 1):
                masked = base * (big == bool(town)) if s == _INDUSTRY else base
                weight[(s * 4 + int(size)) * 2 + town] = masked
    cell = (sector.astype(np.int64) * 4 + size_class) * 2 + in_big
    v = stratified(seed, Draw.FIRM_COMMUNE, key, cell)
    chosen = spread_over(v, cell, weight.ravel(), np.repeat(np.arange(cells), n))
    return np.asarray(rows[chosen % n])


def _industry_in_big_towns(parameters: Mapping[str, float], sector: Array, posts: Array, big: Array) -> Array:
    """Which industrial firms sit in towns of 20,000 and more: largest first, to hit the share."""
    out = np.zeros(len(sector), bool)
    industry = np.flatnonzero(sector == _INDUSTRY)
    if not big.any() or big.all():
        out[industry] = big.all()
        return out
    share = 1.0 - parameters["posts.industry_small_towns"]
    placed = np.zeros(2)
    for firm in industry[np.argsort(-posts[industry], kind="stable")]:
        placed_all = placed.sum() + posts[firm]
        town = share * placed_all - placed[1] >= posts[firm] / 2
        placed[int(town)] += posts[firm]
        out[firm] = town
    return out


def _sites_of(ground: Ground, seed: int, key: Array, sector: Array, commune: Array) -> Array:
    """Site of each firm: firms of one sector side by side, in activity zones or in the centre."""
    sites = ground.sites
    zone_site = sites.zone >= 0
    has = np.zeros((len(ground.communes), 2), bool)
    has[sites.commune[~zone_site & (sites.weight > 0)], 0] = True
    has[sites.commune[zone_site & (sites.weight > 0)], 1] = True
    wanted = _ZONED[sector].astype(np.int64)
    wanted = np.where(has[commune, wanted], wanted, 1 - wanted)
    cell = commune.astype(np.int64) * 2 + wanted
    # Ordering a commune's firms by sector along its sites by zone puts like firms side by side.
    rank_order = np.lexsort((keyed(seed, Draw.FIRM_SITE, key), sector, cell))
    rank = np.empty(len(cell), np.int64)
    rank[rank_order] = group_rank(cell[rank_order])
    v = (rank + 0.5) / np.bincount(cell, minlength=1)[cell]
    order = np.lexsort((np.arange(len(sites)), sites.zone, sites.commune))
    site_cell = sites.commune[order].astype(np.int64) * 2 + zone_site[order]
    return order[spread_over(v, cell, sites.weight[order], site_cell)]
