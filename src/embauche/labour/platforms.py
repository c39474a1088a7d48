"""Local placement platforms (Proch'emploi): where they are, how far they work.

Lives here: Platforms. Not here: what they show to whom (channels).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.geo import distance_m
from embauche.core.parameters import Parameters
from embauche.core.table import Table

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Platforms:
    """Local platforms; those of the start stand in the largest communes, far enough from each other.

    Attributes:
        km: float64 [platform, commune] from its town, as the crow flies; inf for external zones.
        reach_km: float64 [platform].
        users, share: float64 [platform] of the unemployed in reach, of the vacancies in reach.
        first, last: int64 [platform] weeks between which it is open, counted from the start of burn-in.
    """

    km: Array
    reach_km: Array
    users: Array
    share: Array
    first: Array
    last: Array

    @classmethod
    def today(cls, communes: Table, p: Parameters) -> Platforms:
        """As many as the region has for so many inhabitants, from the largest commune on."""
        people = np.where(communes.external, 0, communes.population)
        wanted = int(people.sum() / p["channels.platform_people"] + 0.5)
        reach = p["channels.platform_reach_km"]
        towns: list[int] = []
        for town in np.lexsort((communes.code.astype(str), -people)).tolist():
            if len(towns) == wanted or people[town] == 0:
                break
            if not towns or _km(communes, towns)[:, town].min() > reach:
                towns.append(town)
        n = len(towns)
        return cls(
            _km(communes, towns), np.full(n, reach), np.full(n, p["channels.platform_users"]),
            np.full(n, p["channels.platform_share"]), np.zeros(n, np.int64), np.full(n, 1 << 40),
        )  # fmt: skip

    def at(self, week: int) -> tuple[Array, Array]:
        """The platform that serves each commune in a week, and where each looks for vacancies.

        Returns:
            int64 [commune] row of the nearest one, -1 none; bool [platform, commune].
        """
        is_open = (self.first <= week) & (week < self.last)
        reached = is_open[:, None] & (self.km <= self.reach_km[:, None])
        if not len(reached):
            return np.full(self.km.shape[1], -1), reached
        nearest = np.where(reached, self.km, np.inf).argmin(axis=0)
        return np.where(reached.any(axis=0), nearest, -1), reached


def _km(communes: Table, towns: list[int]) -> Array:
    lon, lat = communes.lon, communes.lat
    km = distance_m(lon[towns][:, None], lat[towns][:, None], lon[None], lat[None]) / 1000.0
    out: Array = np.where(communes.external[None], np.inf, km).reshape(len(towns), len(lon))
    return out
