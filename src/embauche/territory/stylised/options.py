"""The numbers behind a stylised territory, each with unit and source.

Lives here: Options, Corridor. Not here: what a particular territory has (specs).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Corridor:
    """A motorway or expressway: two one-way carriageways with ramps.

    Attributes:
        ref: its number.
        points: lon, lat of points it passes; a first or last point at a gateway joins it there.
        highway: `motorway` or `trunk`.
        maxspeed: km/h.
    """

    ref: str
    points: tuple[tuple[float, float], ...]
    highway: str = "motorway"
    maxspeed: int = 130


@dataclass(frozen=True)
class Options:
    """Numbers of the generator.

    None is measured on the territory: all are *from memory* of French towns, except where a source is
    named; results that hang on them must say so.

    Attributes:
        street_m_village: metres of street an inhabitant in the smallest communes (France has about
            16 m of public road an inhabitant, two thirds of them communal, streets and lanes alike).
        street_m_city: metres of street an inhabitant at 30,000 inhabitants and above.
        block_m_village, block_m_city: distance between parallel streets.
        skip_share: share of the grid's streets that are not built (T-junctions, large blocks).
        spur_share: share of streets with a dead end off their middle, and a footway beyond it.
        one_way_share: share of streets made one-way in the inner part of towns.
        town: inhabitants from which a commune has one-way streets, a tertiary ring and landuse retail.
        bend: lateral swing of a country road as a share of its length.
        vertex_m: distance between a country road's vertices.
        zone_m2: square metres of activity zone an inhabitant (about 0.37 posts an inhabitant at 150 m2).
        zone_max_m2, zone_min_m2: area of one zone.
        zone_from: inhabitants from which every commune has a zone; below, one commune in four.
        gravity: power of distance with which traffic between two communes falls.
        primary, secondary, tertiary: shares of the country roads' length by class, busiest first.
        relax: 1 joins Gabriel neighbours only; lower values also join pairs with a third town near by.
        corridors: motorways and expressways.
        industry: factor on zone_m2 by commune name.
    """

    street_m_village: float = 9.0
    street_m_city: float = 4.8
    block_m_village: float = 190.0
    block_m_city: float = 135.0
    skip_share: float = 0.12
    spur_share: float = 0.12
    one_way_share: float = 0.3
    town: int = 3_000
    bend: float = 0.18
    vertex_m: float = 110.0
    zone_m2: float = 55.0
    zone_max_m2: float = 350_000.0
    zone_min_m2: float = 12_000.0
    zone_from: int = 500
    gravity: float = 1.6
    primary: float = 0.12
    secondary: float = 0.18
    tertiary: float = 0.38
    relax: float = 0.98
    corridors: tuple[Corridor, ...] = ()
    industry: Mapping[str, float] = field(default_factory=dict)
