"""Local placement platforms (Proch'emploi): where they are, how far they work.

Lives here: Platforms, what those of a scenario cost. Not here: what they show to whom (channels).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.core.geo import distance_m
from embauche.core.parameters import Parameters
from embauche.core.scenario_channels import LocalPlatform
from embauche.core.table import Table
from embauche.labour.shared_costs import pay

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Platforms:
    """Local platforms; those of the start stand in the largest communes, far enough from each other.

    Attributes:
        km: float64 [platform, commune] from its town, as the crow flies; inf for external zones.
        reach_km: float64 [platform].
        users, share: float64 [platform] of the unemployed in reach, of the vacancies in reach.
        first, last: int64 [platform] weeks of the run between which it is open.
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
            np.full(n, p["channels.platform_share"]), np.full(n, -1 << 40), np.full(n, 1 << 40),
        )  # fmt: skip

    def opened(self, more: tuple[LocalPlatform, ...], communes: Table) -> Platforms:
        """With those that a scenario opens."""
        towns = [int(communes_called([x.commune], communes)[0]) for x in more]
        first = np.array([x.from_week for x in more], np.int64)
        columns = (
            _km(communes, towns), np.array([x.reach_km for x in more]), np.array([x.users for x in more]),
            np.array([x.share for x in more]), first, first + np.array([x.weeks for x in more], np.int64),
        )  # fmt: skip
        own = (getattr(self, f.name) for f in fields(self))
        return Platforms(*(np.concatenate(pair) for pair in zip(own, columns, strict=True)))

    def pay(self, model: World) -> None:
        """Enter what those of the scenario cost this week."""
        more, week = (
            model.settings.recruitment.channels.platforms,
            int(model.state.week[0]) - model.first_week,
        )
        for k, x in enumerate(more, start=len(self.first) - len(more)):
            if self.first[k] <= week < self.last[k]:
                pay(model, x.name, x.payer, x.authority, "local platform", x.cost_eur_week)

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
