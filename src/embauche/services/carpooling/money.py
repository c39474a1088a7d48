"""What campaigns pay drivers: by rider carried one way, with caps of day and month, until the money is gone.

Lives here: Purse, areas of campaigns. Not here: the rules as a scenario writes them (carpooling.options),
entries of the ledger (carpooling.books).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import stable_id
from embauche.core.ledger import whole_cents

if TYPE_CHECKING:
    from embauche.services.carpool import Carpool
    from embauche.services.carpooling.options import Campaign
    from embauche.services.carpooling.roads import Legs
    from embauche.services.shared import Scene
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
MONTHS, WEEKS = 12, 52  # of a year: the caps of a month begin anew every 52 / 12 weeks


def inside(campaign: Campaign, territory: Territory, folder: Path | None) -> Array:
    """Whether each road node lies in a campaign's area, bool [node].

    Raises:
        UserError: communes, EPCIs or a file that are not there.
    """
    from embauche.services.demand.places import area

    named: Any = SimpleNamespace(zone=campaign.area, gtfs_flex=None)
    return area(named, territory, folder)


def amount(campaign: Campaign, km: Array) -> Array:
    """EUR for a rider carried one way over km [trip], before caps of day, month and budget."""
    beyond = np.maximum(km - campaign.beyond_km, 0.0)
    eur = np.minimum(campaign.eur_per_trip + campaign.eur_per_km * beyond, campaign.most_eur_per_trip)
    paid: Array = np.where(km >= campaign.from_km, eur, 0.0)
    return paid


def capped(cents: Array, group: Array, room: Array) -> Array:
    """What is paid of cents [payment], in their order, where each group has so much room, int64 [group]."""
    order = np.argsort(group, kind="stable")
    total = np.cumsum(cents[order])
    first = np.append(True, group[order[1:]] != group[order[:-1]])[: len(order)]
    before = np.maximum.accumulate(np.where(first, total - cents[order], 0))
    so_far = np.minimum(total - before, room[group[order]])
    paid = np.empty(len(cents), np.int64)
    paid[order] = np.diff(so_far, prepend=0)
    starts = order[first]
    paid[starts] = so_far[first]
    return paid


@dataclass
class Carried:
    """Riders carried one way, all [trip], in the order in which they are paid.

    Attributes:
        driver: int64 id; day: int64; km: float64 of the rider's own way.
        place, site: int32 rows in use of the rider's home and work.
    """

    driver: Array
    day: Array
    km: Array
    place: Array
    site: Array


class Purse:
    """The campaigns' money.

    Attributes:
        campaigns: of the scenario.
        spent: int64 [campaign] cents so far.
        paid: (campaign's id, driver) -> cents in this month.
    """

    def __init__(self, service: Carpool) -> None:
        g, net = service.ground, service.network
        self.campaigns = service.options.campaigns
        self.spent = np.zeros(len(self.campaigns), np.int64)
        self.month, self.paid = -1, dict[tuple[int, int], int]()
        self._home, self._work = [], []
        for campaign in self.campaigns:
            nodes = inside(campaign, g.territory, g.settings.folder)
            self._home.append(nodes[g.territory.places.node[net.place_rows]])
            self._work.append(nodes[g.territory.sites.node[net.site_rows]])
        self._ends = g.tour_ends

    def open(self, week: int) -> None:
        """Begin a week; with a new month the caps of a month begin anew."""
        month = week * MONTHS // WEEKS
        if month != self.month:
            self.month, self.paid = month, {}

    def covers(self, k: int, place: Array, site: Array) -> Array:
        """Whether campaign k pays between a home and a work, bool [pair]."""
        home, work = self._home[k][place], self._work[k][site]
        covered: Array = home & work if self.campaigns[k].both_ends else home | work
        return covered

    def system(self, place: Array, site: Array) -> Array:
        """First campaign that covers each way, its number, -1 none; int64 [pair]."""
        first = np.full(len(place), -1, np.int64)
        for k in reversed(range(len(self.campaigns))):
            first[self.covers(k, place, site)] = k
        return first

    def expected(self, scene: Scene, legs: Legs) -> Array | None:
        """EUR that a rider of one's own way would bring one, float64 [person]; None without campaigns."""
        if not self.campaigns:
            return None
        out = np.zeros(len(scene.post))
        who = np.flatnonzero(scene.post >= 0)
        place, site = self._ends.place[who], self._ends.post_site[scene.post[who]]
        km = legs.home_work(place, site)[1]
        for k, campaign in enumerate(self.campaigns):
            if self.spent[k] < int(whole_cents(campaign.budget_eur)):
                pays = np.where(self.covers(k, place, site) & np.isfinite(km), amount(campaign, km), 0.0)
                out[who] = np.maximum(out[who], pays)
        return out

    def pay(self, carried: Carried) -> Array:
        """Pay a week's trips; each is paid by the first campaign that has something left for it.

        Returns:
            Cents by campaign, int64 [campaign, trip].
        """
        out = np.zeros((len(self.campaigns), len(carried.driver)), np.int64)
        drivers, who = np.unique(carried.driver, return_inverse=True)
        unpaid = np.ones(len(carried.driver), bool)
        for k, c in enumerate(self.campaigns):
            asked = unpaid & self.covers(k, carried.place, carried.site)
            cents = np.where(asked, whole_cents(amount(c, carried.km)), 0)
            if c.most_eur_per_day is not None:
                day = np.full(len(drivers) * 7, int(whole_cents(c.most_eur_per_day)))
                cents = capped(cents, who * 7 + carried.day, day)
            key = stable_id(c.name)
            if c.most_eur_per_month is not None:
                had = np.array([self.paid.get((key, int(d)), 0) for d in drivers], np.int64)
                cents = capped(cents, who, int(whole_cents(c.most_eur_per_month)) - had)
            left = np.array([int(whole_cents(c.budget_eur)) - int(self.spent[k])])
            cents = capped(cents, np.zeros(len(cents), np.int64), left)
            self.spent[k] += int(cents.sum())
            got = np.zeros(len(drivers), np.int64)
            np.add.at(got, who, cents)
            for d, more in zip(drivers.tolist(), got.tolist(), strict=True):
                if more:
                    self.paid[key, d] = self.paid.get((key, d), 0) + more
            unpaid &= cents == 0
            out[k] = cents
        return out

    def memory(self) -> dict[str, Array]:
        """What has been paid, as columns."""
        keys = sorted(self.paid)
        ids = [stable_id(c.name) for c in self.campaigns]
        return {
            "purse_campaign": np.array(ids, np.int64), "purse_spent": self.spent.copy(),
            "purse_month": np.array([self.month], np.int64),
            "paid_campaign": np.array([k for k, _ in keys], np.int64),
            "paid_driver": np.array([d for _, d in keys], np.int64),
            "paid_cents": np.array([self.paid[key] for key in keys], np.int64),
        }  # fmt: skip

    def recall(self, memory: dict[str, Array]) -> None:
        """Go on from there; campaigns that were not known have their whole budget."""
        self.spent[:] = 0
        self.month, self.paid = -1, {}
        if "purse_month" not in memory:
            return
        known = dict(zip(memory["purse_campaign"].tolist(), memory["purse_spent"].tolist(), strict=True))
        self.spent[:] = [known.get(stable_id(c.name), 0) for c in self.campaigns]
        self.month = int(memory["purse_month"][0])
        columns = (memory[f"paid_{name}"].tolist() for name in ("campaign", "driver", "cents"))
        self.paid = {(k, d): cents for k, d, cents in zip(*columns, strict=True)}
