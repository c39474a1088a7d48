"""What a tour costs its rider and her employer: tickets by ride, zone or distance, or a month's pass.

Lives here: Fares, social reductions. Not here: YAML (core.scenario_fares), who is paid (services).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from embauche.commuting.classes import TripClasses
from embauche.core.errors import UserError
from embauche.core.fare_plan import FarePlan, Ticket
from embauche.core.suggest import nearest
from embauche.routing.stops_named import commune_row

Array = np.ndarray[Any, Any]
MONTH_WEEKS = 52.0 / 12.0
YEAR_WEEKS = 52


def tours_a_month(classes: TripClasses, shifts: Array, windows: int) -> Array:
    """Mean tours a month of those who work a window, over the posts given, float64 [window].

    Args:
        classes: trip classes.
        shifts: int [post] shift of each post.
        windows: number of windows.
    """
    posts = np.bincount(shifts, minlength=len(classes.shift_ptr) - 1).astype(np.float64)
    total, weight = np.zeros(windows), np.zeros(windows)
    for s, n in enumerate(posts.tolist()):
        pairs = slice(classes.shift_ptr[s], classes.shift_ptr[s + 1])
        week = float(classes.shift_tours[pairs].sum())
        for window in np.unique(classes.window[classes.shift_class[pairs]]).tolist():
            total[window] += n * week
            weight[window] += n
    mean = np.where(weight > 0, total / np.maximum(weight, 1.0), 5.0)
    return np.maximum(mean, 0.25) * MONTH_WEEKS


class Fares:
    """Prices of tours under a plan.

    Attributes:
        plan: the scenario's.
        tours: float64 [window] tours a month of those who work it: a pass pays for who travels often.
    """

    def __init__(self, plan: FarePlan, communes: Any, areas: list[str], area: Array, tours: Array) -> None:
        """Look up communes and authorities.

        Args:
            plan: tickets and rules.
            communes: the territory's table.
            areas: names of authorities; area: int [commune] row of areas, -1 outside all.
            tours: float64 [window].

        Raises:
            UserError: an authority or commune that there is not, or an authority without a ticket.
        """
        self.plan, self.tours, self._area = plan, tours, np.asarray(area)
        by_name = {ticket.authority: k for k, ticket in enumerate(plan.tickets)}
        for name in by_name:
            if name and name not in areas:
                near = nearest(name, areas)
                raise UserError(
                    f"fares: there is no authority {name}", found=name, expected=", ".join(areas),
                    fix=f"did you mean {near}?" if near else "name an authority of the territory",
                )  # fmt: skip
        default = by_name.get("", -1)
        self._ticket = np.array([by_name.get(name, default) for name in [*areas, ""]], np.int64)
        bare = [name for name, k in zip(areas, self._ticket, strict=False) if k < 0]
        if bare:
            raise UserError(
                f"fares: {bare[0]} has no ticket", found=", ".join(by_name),
                expected="a ticket for each authority",
                fix="add a ticket without `authority`: it holds for all others",
            )  # fmt: skip
        self._zone = [self._zones(ticket, communes) for ticket in plan.tickets]

    @staticmethod
    def _zones(ticket: Ticket, communes: Any) -> Array:
        """Zone of each commune, int64; those not named are in the last one."""
        out = np.full(len(communes), max(0, len(ticket.zones) - 1), np.int64)
        for k, zone in enumerate(ticket.zones):
            for name in zone:
                out[commune_row(communes, name)] = k
        return out

    def _single(self, k: int, home: Array, work: Array, km: Array) -> Array:
        """EUR of a ride under a ticket, float64 [row]; km of both ways."""
        t = self.plan.tickets[k]
        if t.single_eur is not None:
            return np.full(len(home), t.single_eur)
        if t.zone_eur:
            crossed = np.abs(self._zone[k][home] - self._zone[k][work])
            by_zones: Array = np.array(t.zone_eur)[np.minimum(crossed, len(t.zone_eur) - 1)]
            return by_zones
        if t.per_km_eur is not None:
            ride: Array = np.clip(t.base_eur + t.per_km_eur * np.asarray(km) / 2.0, t.base_eur, t.most_eur)
            return ride
        return np.zeros(len(home))

    def tickets_of(self, home: Array, work: Array) -> tuple[Array, Array]:
        """Tickets needed between communes, int64 [row] twice: of the home's and the work's authority.

        Beyond all areas holds the other end's; -1 where neither end has one.
        """
        a, b = self._ticket[self._area[home]], self._ticket[self._area[work]]
        a, b = np.where(self._area[home] < 0, b, a), np.where(self._area[work] < 0, a, b)
        return a, b

    def price(self, home: Array, work: Array, window: Array, km: Array) -> tuple[Array, Array]:
        """What a tour costs its rider and her employer, EUR, float64 [row] each.

        She buys the month's pass where her part of it costs less than the rides of a month.

        Args:
            home, work: int [row] rows of communes.
            window: int [row]; km: float [row] kilometres of a tour.
        """
        a, b = self.tickets_of(home, work)
        rides, passes = np.zeros(len(home)), np.zeros(len(home))
        here, there = self._area[home], self._area[work]
        two = (here != there) & (here >= 0) & (there >= 0)
        for first, second, apart in np.unique(np.stack([a, b, two]), axis=1).T.tolist():
            if first >= 0:  # nobody's network is free
                rows = np.flatnonzero((a == first) & (b == second) & (two == apart))
                tickets = [first, second] if apart else [first]
                rides[rows], passes[rows] = self._needed(tickets, home[rows], work[rows], km[rows])
        tours, share = self.tours[window], self.plan.employer_share
        alone, with_pass = 2.0 * rides, passes * (1.0 - share) / tours
        buys = with_pass < alone
        return np.where(buys, with_pass, alone), np.where(buys, passes * share / tours, 0.0)

    def _needed(self, tickets: list[int], home: Array, work: Array, km: Array) -> tuple[Array, Array]:
        """A ride and a month's pass for one or two networks; inf without passes."""
        each = [self._single(k, home, work, km) for k in tickets]
        month = [self.plan.tickets[k].pass_month_eur for k in tickets]
        known = [np.inf if m is None else m for m in month]
        if self.plan.integrated:
            return np.maximum.reduce(each), np.full(len(home), max(known))
        return np.sum(each, axis=0), np.full(len(home), sum(known))


def reductions(social: Mapping[str, float], persons: Any, age_weeks: Array) -> Array:
    """Part of her fare that each person gets back, float64 [person]; of several groups the highest counts."""
    out = np.zeros(len(age_weeks))
    for group, share in social.items():
        if group.startswith("quintile_"):
            mine = persons.quintile == int(group[-1])
        elif group == "apprentices":
            mine = persons.apprentice.astype(bool)
        elif group == "under_26":
            mine = age_weeks < 26 * YEAR_WEEKS
        else:
            mine = age_weeks >= 60 * YEAR_WEEKS
        out[mine] = np.maximum(out[mine], share)
    return out


def fares_for(ground: Any, service: str) -> Fares | None:
    """The fares of a service on its ground (services.base.Ground), None where the scenario states none.

    Raises:
        UserError: see `Fares`.
    """
    plan = ground.settings.fares
    if not plan or service not in plan.services:
        return None
    who, classes = ground.network.jurisdiction, ground.network.classes
    tours = tours_a_month(classes, ground.population.posts.shift, len(ground.catalogue.windows))
    names = [rule.name for rule in who.rules]
    return Fares(plan, ground.territory.communes, names, who.area, tours)


def tile_fares(fares: Fares, ground: Any, tile: Any) -> None:
    """Fill what riders of a tile pay; its kilometres are known."""
    t, n = ground.territory, ground.network
    home = t.places.commune[n.place_rows][tile.place]
    work = t.sites.commune[n.site_rows][tile.site]
    tile.eur[:] = fares.price(home, work, n.classes.window[tile.klass], tile.km.astype(np.float64))[0]
