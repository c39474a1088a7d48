"""The plain twin of dwellings, one person and one let after another, from docs/model_labour.md, "Housing".

Lives here: which lets a person may think of, what each is worth, what a seeker expects.
Not here: who gets a bed (naive.beds), logsums of ways (the model's).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from embauche.core.draws import Purpose, stable_id
from naive.draws import Draws

OWN, BED, AT_FIRM, AT_CENTRE = range(4)
NEAREST, NO_WAY_EUR = 3, -1500.0
APPRENTICE, NEW_HIRE = 1, 4  # bits of who is admitted
# month's logsum of a person from a used place to a used site (rows): shift, days at the centre, without car
Ways = Callable[[int, int, int, int, bool, bool], float]


class Let(NamedTuple):
    """Where she sleeps in weeks of work and in weeks at the centre; the residence's row or -1."""

    firm: int
    centre: int
    residence: int


class Worth(NamedTuple):
    """EUR a month, and whether only the distance rule is against it."""

    eur: float
    too_near: bool


class Dwellings:
    """What is known at a moment of a week; nothing of the model is changed.

    Args:
        model: at that moment.
        ways: see Ways.
    """

    def __init__(self, model: Any, ways: Ways) -> None:
        self.model, self.ways, self.p = model, ways, model.parameters
        self.draws, self.beds = Draws(model.seed), model.residences.table
        self.week = int(model.state.week[0])

    def _u(self, purpose: Purpose, i: int, alt: int = 0) -> float:
        return self.draws.uniform(purpose, 0, int(self.model.state.worker_id[i]), alt)

    def rhythm(self, shift: int) -> tuple[float, float, bool]:
        """Shares of weeks at the firm and of the others; whether some week has days of both."""
        catalogue = self.model.catalogue
        pattern = catalogue.shifts[shift].pattern
        taught = {w.name for w in catalogue.windows if w.at_centre}
        weeks = [{name in taught for day in week for name in day} for week in pattern]
        at_firm = sum(False in days for days in weeks)
        return at_firm / len(weeks), 1 - at_firm / len(weeks), any(len(days) == 2 for days in weeks)

    def _xy(self, node: int) -> tuple[float, float]:
        nodes = self.model.territory.nodes
        return float(nodes.x_m[node]), float(nodes.y_m[node])

    def _near(self, site: int) -> list[int]:
        """Rows of the residences nearest to a site as the crow flies, ties by id."""
        net, territory = self.model.network, self.model.territory
        if site < 0 or net.outside_site[site]:
            return []
        here = self._xy(int(territory.sites.node[net.site_rows[site]]))
        far = [
            (math.dist(here, self._xy(int(territory.places.node[place]))), r)
            for r, place in enumerate(self.beds.place.tolist())
        ]
        return [r for gap, r in sorted(far)[:NEAREST] if gap <= self.p["housing.reach_km"] * 1000]

    def _room(self, site: int) -> int:
        """Row of the used place nearest to a site."""
        net, territory = self.model.network, self.model.territory
        here = self._xy(int(territory.sites.node[net.site_rows[site]]))
        inside = [k for k in range(len(net.place_rows)) if not net.outside_place[k]]
        nodes = territory.places.node[net.place_rows]
        return min(inside, key=lambda k: (math.dist(here, self._xy(int(nodes[k]))), nodes[k]))

    def lets(self, i: int, site: int, shift: int, centre: int, group: int) -> dict[Let, Worth]:
        """What she may think of, with its worth; her own home among it where there is a way.

        Args:
            i: row of the person. site: used site of the post. shift: of the post.
            centre: used site of her training centre, -1 none. group: bit of who asks.
        """
        own = self.own(i)
        near = list(dict.fromkeys([*self._near(site), *self._near(centre)]))
        firm, rest, mixed = self.rhythm(shift)
        pairs = [Let(OWN, OWN, -1), Let(AT_FIRM, AT_FIRM, -1), Let(AT_CENTRE, AT_CENTRE, -1),
                 Let(AT_FIRM, OWN, -1), Let(OWN, AT_CENTRE, -1), Let(AT_FIRM, AT_CENTRE, -1)]  # fmt: skip
        for r in near:
            pairs += [Let(BED, BED, r), Let(BED, OWN, r), Let(OWN, BED, r), Let(BED, AT_CENTRE, r),
                      Let(AT_FIRM, BED, r)]  # fmt: skip
        out: dict[Let, Worth] = {}
        for let in pairs:
            kinds = {let.firm, let.centre}
            one = let.firm == let.centre
            if (mixed and not one) or (AT_CENTRE in kinds and centre < 0):
                continue
            if group == NEW_HIRE and (not one or kinds & {AT_FIRM, AT_CENTRE}):
                continue
            if any(self._u(Purpose.ROOM, i, k) >= self.p["housing.room_chance"] for k in kinds & {2, 3}):
                continue
            if let.residence >= 0 and not self._takes(let.residence, group):
                continue
            place = {
                OWN: own,
                BED: int(self.model.residences.place[let.residence]) if let.residence >= 0 else -1,
                AT_FIRM: self._room(site),
                AT_CENTRE: self._room(centre) if centre >= 0 else -1,
            }
            eur = self._way(i, let.firm, place[let.firm], site, shift, False)
            if centre >= 0:
                eur += self._way(i, let.centre, place[let.centre], centre, shift, True)
            rent = self.rent(let)
            eur += (self.aid(i, rent, group) - rent) / 100 - self.unease(i, let, shift)
            eur += firm * self._liking(i, let.firm, let.residence, place[let.firm])
            eur += rest * self._liking(i, let.centre, let.residence, place[let.centre])
            least = float(self.beds.least_km[let.residence]) if let.residence >= 0 else 0.0
            if eur > -math.inf:
                out[let] = Worth(eur, self.km(own, site, centre) < least)
        return out

    def own(self, i: int) -> int:
        """Row of the used place where she lives when she is not away."""
        home = int(self.model.state.kept["housing.own"][i])
        return list(self.model.network.place_rows.tolist()).index(home)

    def _way(self, i: int, kind: int, place: int, site: int, shift: int, centre: bool) -> float:
        return self.ways(i, place, site, shift, centre, kind != OWN and self._car_stays(i))

    def km(self, own: int, site: int, centre: int) -> float:
        """By car from her own home to firm or centre, the farther."""
        sites = [site] + ([centre] if centre >= 0 else [])
        place = np.full(len(sites), own, np.int32)
        return max(self.model.network.roads.ways("car", place, np.array(sites, np.int32))[1].tolist()) / 100

    def _takes(self, r: int, group: int) -> bool:
        first, last = int(self.beds.open_from[r]), int(self.beds.open_to[r])
        week = int(self.model.calendar.week_of_year(self.week))
        opened = first <= week <= last if first <= last else week >= first or week <= last
        return opened and bool(int(self.beds.who[r]) & group)

    def _car_stays(self, i: int) -> bool:
        """Whether the household has fewer cars than drivers who are active."""
        s, persons = self.model.state, self.model.population.persons
        mine = [j for j, h in enumerate(persons.household.tolist()) if h == persons.household[i]]
        drivers = sum(bool(s.licence[j] and s.age_weeks[j] >= 18 * 52 and s.status[j] > 0) for j in mine)
        return bool(self.model.population.households.cars[persons.household[i]] < drivers)

    def rent(self, let: Let) -> int:
        """Cents a month."""
        room = round(100 * self.p["housing.room_eur_month"])
        rent = room * len({let.firm, let.centre} & {AT_FIRM, AT_CENTRE})
        if let.residence < 0:
            return rent
        full = int(self.beds.rent_cents[let.residence])
        half = let.firm != let.centre and bool(self.beds.shared[let.residence])
        return rent + (math.floor(full * self.p["housing.shared_rent"] + 0.5) if half else full)

    def aid(self, i: int, rent: int, group: int) -> int:
        """Cents a month that come back of a rent."""
        years, left = int(self.model.state.age_weeks[i]) // 52, rent
        block = self.model.settings.residences
        if group == APPRENTICE:
            left -= min(left, round(100 * self.p["housing.apl_eur_month"]))
            if (
                block.mobili_jeune
                and years < 30
                and self._u(Purpose.MOBILI, i) < self.p["housing.mobili_take_up"]
            ):
                least, most = (round(100 * self.p[f"housing.mobili_{x}_eur"]) for x in ("least", "most"))
                left -= min(left, max(least, min(left, most)))
        word = "apprentice" if group == APPRENTICE else "new_hire"
        for aid in block.aids:
            claims = self._u(Purpose.LODGING_AID, i, stable_id(aid.name)) < aid.take_up
            if word in aid.who and claims and years <= aid.age_max:
                left -= min(left, round(100 * aid.eur_month))
        return rent - left

    def unease(self, i: int, let: Let, shift: int) -> float:
        """EUR a month that being away weighs."""
        firm, rest, _ = self.rhythm(shift)
        away = firm * (let.firm != OWN) + rest * (let.centre != OWN)
        hosts = let.residence >= 0 and bool(self.beds.hosts[let.residence])
        minor = int(self.model.state.age_weeks[i]) // 52 < 18 and not hosts
        more = self.p["housing.away_minor_eur"] if minor else 0.0
        return away * (self.p["housing.away_eur_month"] + more)

    def _liking(self, i: int, kind: int, residence: int, place: int) -> float:
        d = {OWN: 0, AT_FIRM: 1, AT_CENTRE: 2}.get(kind)
        if d is None:
            d = 3 + int(self.beds.residence_id[residence])
        luck = self.draws.gumbel(Purpose.DWELLING, 0, int(self.model.state.worker_id[i]), d)
        return self.p["housing.noise_eur"] * luck + float(self.model.residences.care[place])

    def wishes(self, lets: dict[Let, Worth]) -> list[Let]:
        """In the order in which she asks, up to the first that needs no bed; her own home is always there."""
        known = {let: worth.eur for let, worth in lets.items() if not worth.too_near}
        known.setdefault(Let(OWN, OWN, -1), -1e300)
        order = sorted(known, key=lambda let: -known[let])
        return order[: 1 + next(k for k, let in enumerate(order) if let.residence < 0)]

    def expected(self, lets: dict[Let, Worth], logsum: float, chance: list[float]) -> float:
        """What the ways of a pair are worth to a seeker once she may sleep elsewhere."""
        home = lets.get(Let(OWN, OWN, -1), Worth(NO_WAY_EUR, False)).eur
        gains = {let: max(0.0, w.eur - home) for let, w in lets.items() if not w.too_near}
        sure = max((gain for let, gain in gains.items() if let.residence < 0), default=0.0)
        likely = [(gain - sure) * chance[let.residence] for let, gain in gains.items() if let.residence >= 0]
        better = sure + max([0.0, *likely])
        return max(logsum, NO_WAY_EUR) + better if better > 0 else logsum
