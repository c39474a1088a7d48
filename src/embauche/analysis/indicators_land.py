"""Indicators of a scenario's sites: land taken, density, who can reach them.

Lives here: site_rows and its words. Not here: the tables (model_sites); posts by site are a dimension of
those of posts (indicators_groups).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.analysis.indicator import Indicator, Row
from embauche.core.table import Table

Array = np.ndarray[Any, Any]
LANDS = ("greenfield", "brownfield", "built")
MINUTES = (30, 45, 60)


def _reach(with_car: bool, minutes: int) -> Indicator:
    fr, en = ("avec voiture", "with a car") if with_car else ("sans voiture", "without a car")
    key = "car" if with_car else "no_car"
    return Indicator(
        f"site_reach_{key}_{minutes}", "persons",
        f"Actifs à moins de {minutes} min du site {fr}, à ses horaires",
        f"Active residents within {minutes} min of the site {en}, at its hours", 1,
        "active residents who reach a post of the site at its hours, and come back from it, within the time "
        "each way; mean over its posts, at the end of the run",
    )  # fmt: skip


INDICATORS = (
    Indicator("land_ha", "ha", "Sols mobilisés", "Land taken", -1,
              "hectares of the scenario's sites, by what the land was"),
    Indicator("land_artificialised_ha", "ha", "Sols artificialisés", "Land newly built upon", -1,
              "hectares of the scenario's sites on greenfield land"),
    Indicator("jobs_per_ha", "posts per ha", "Emplois par hectare", "Posts per hectare", 1,
              "posts active at the end over hectares, sites that state theirs"),
    Indicator("homes_per_ha", "homes per ha", "Logements par hectare", "Homes per hectare", 0,
              "homes built over hectares, sites that state theirs"),
    Indicator("site_posts_end", "posts", "Postes ouverts sur les sites", "Posts of the sites", 0,
              "posts active on the scenario's sites at the end"),
    Indicator("site_filled_end", "posts", "Postes pourvus sur les sites", "Posts filled on the sites", 1,
              "of them held at the end: gross, whoever left another post for one"),
    Indicator("site_seekers_no_car_45", "persons",
              "Chômeurs des domaines demandés à moins de 45 min sans voiture",
              "Unemployed of the domains asked within 45 min without a car", 1,
              "unemployed residents of the domains asked, who reach the site without a car; mean over posts"),
    *(_reach(car, minutes) for car in (True, False) for minutes in MINUTES),
)  # fmt: skip


def site_rows(sites: Table, reach: Table) -> list[Row]:
    """Rows of a replication; land is told as 0 where no site takes any, so that runs compare."""
    out = _land(sites)
    if not len(sites):
        return out
    for key, column in (("site_posts_end", "posts"), ("site_filled_end", "filled")):
        open_ones = sites.kind != "close"
        out += [
            (-1, key, "site", str(n), "value", float(v))
            for n, v in zip(sites.site[open_ones], sites[column][open_ones], strict=True)
        ]
    for car in (True, False):
        for minutes in MINUTES:
            mine = (reach.car == car) & (reach.minutes == minutes)
            key = f"site_reach_{'car' if car else 'no_car'}_{minutes}"
            out += _by(key, "site", reach.site[mine], reach.reached[mine])
            best = _best_by_commune(reach, mine)
            out += [(-1, key, "commune", c, "value", v) for c, v in best.items()]
    mine = ~reach.car & (reach.minutes == 45)
    return out + _by("site_seekers_no_car_45", "site", reach.site[mine], reach.seekers[mine])


def _land(sites: Table) -> list[Row]:
    ha = np.nan_to_num(sites.ha.astype(float))
    out: list[Row] = [(-1, "land_ha", "all", "all", "value", float(ha.sum()))]
    out += [(-1, "land_ha", "land", k, "value", float(ha[sites.land == k].sum())) for k in LANDS]
    built = float(ha[sites.land == "greenfield"].sum())
    out.append((-1, "land_artificialised_ha", "all", "all", "value", built))
    for key, column in (("jobs_per_ha", "posts"), ("homes_per_ha", "homes")):
        out += [
            (-1, key, "site", str(name), "value", float(n) / float(h))
            for name, n, h in zip(sites.site, sites[column], ha, strict=True)
            if h > 0 and n > 0
        ]
    return out


def _by(key: str, dimension: str, labels: Array, values: Array) -> list[Row]:
    names, code = np.unique(labels.astype(str), return_inverse=True)
    sums = np.bincount(code, values, minlength=len(names))
    return [(-1, key, dimension, str(n), "value", float(v)) for n, v in zip(names, sums, strict=True)]


def _best_by_commune(reach: Table, mine: Array) -> dict[str, float]:
    """Persons of each commune who reach the site of the scenario that most of them reach."""
    out: dict[str, float] = {}
    for commune, reached in zip(reach.commune[mine], reach.reached[mine], strict=True):
        out[str(commune)] = max(out.get(str(commune), 0.0), float(reached))
    return out
