"""Column schemas of what a run says of its sites: land, and who can reach them; once a replication.

Lives here: SITES, SITE_REACH. Not here: how they are filled (model_sites), what is added up
(indicators_land).
"""

from __future__ import annotations

from embauche.core.table import Column, Schema

SITES = Schema(
    "sites",  # one row an option of the scenario's `sites:`
    (
        Column("site", "str", "name", "name of the option"),
        Column("kind", "str", "key", "open, move, enlarge, close"),
        Column("week", "int16", "week", "week of the run in which it happens"),
        Column("commune", "str", "code", "commune of the site (of a firm that moves: where to)"),
        Column("lon", "float64", "degree", "longitude of its road node"),
        Column("lat", "float64", "degree", "latitude of its road node"),
        Column("ha", "float64", "ha", "land taken, NaN where the scenario does not say"),
        Column("land", "str", "key", "brownfield, greenfield, built"),
        Column("homes", "int32", "homes", "homes built on it"),
        Column("posts", "int32", "posts", "posts active at the end: new ones, or all of a firm that moved"),
        Column("filled", "int32", "posts", "of which held"),
    ),
)

SITE_REACH = Schema(
    "site_reach",  # persons who reach a post there at its hours, and come back from it, by commune of home
    (
        Column("site", "str", "name", "name of the option"),
        Column("commune", "str", "code", "commune of the homes"),
        Column("epci", "str", "SIREN", "EPCI"),
        Column("car", "bool", "", "with a car at hand, else without"),
        Column("minutes", "int16", "min", "threshold each way: 30, 45, 60"),
        Column("persons", "int32", "persons", "active residents"),
        Column("reached", "float64", "persons", "of them within the time, mean over the site's posts"),
        Column("seekers", "float64", "persons", "unemployed of the domains asked within the time, likewise"),
    ),
)
