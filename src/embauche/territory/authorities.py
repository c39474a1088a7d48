"""Authorities on a territory: whose area a commune is, who runs a route, who may board, who pays.

Lives here: Jurisdiction. Not here: what a scenario says of it (core.governance), the books (core.ledger).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.accounts import REGION
from embauche.core.epci import match_epcis
from embauche.core.governance import AuthorityRule, Governance
from embauche.core.suggest import folded
from embauche.core.table import Table

if TYPE_CHECKING:
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
RAIL = 2  # GTFS route type: regional trains are the region's


@dataclass(frozen=True)
class Jurisdiction:
    """Who is in charge where.

    Attributes:
        governance: what the scenario says.
        rules: the territory's authorities.
        area: int32 [commune] row of rules, -1 in nobody's area (external zones).
        population: float64 [commune] inhabitants.
        epci: str [commune] SIREN.
        epcis: SIREN -> name.
    """

    governance: Governance
    rules: tuple[AuthorityRule, ...]
    area: Array
    population: Array
    epci: Array
    epcis: dict[str, str]

    @classmethod
    def of(cls, governance: Governance, territory: Territory) -> Jurisdiction:
        """Resolve names and areas; what is not in the territory is passed over (`problems` tells)."""
        communes = territory.communes
        epcis = _epcis(communes)
        named = tuple(replace(r, area=_codes(r.area, communes, epcis)) for r in governance.authorities)
        rules = replace(governance, authorities=named).rules(epcis, territory.name)
        area = np.full(len(communes), -1, np.int32)
        inside = ~communes.external
        if len(rules) == 1 and not rules[0].area:
            area[inside] = 0
        for codes in (communes.epci, communes.code):  # a commune named goes before its EPCI
            for row, rule in enumerate(rules):
                area[inside & np.isin(codes.astype(str), rule.area)] = row
        people = communes.population.astype(np.float64)
        return cls(governance, rules, area, people, communes.epci.astype(str), epcis)

    def row(self, name: str) -> int:
        """Row of the authority of that name; of the only one for ""; -1 if there is none such."""
        if not name and len(self.rules) == 1:
            return 0
        return next((k for k, rule in enumerate(self.rules) if rule.name == name), -1)

    def may_serve(self, name: str, home: Array, work: Array) -> Array:
        """Whether a service of an authority may take people between two communes, bool [pair].

        Args:
            name: the authority; "" for whichever is in charge: then no closed border may be crossed.
            home, work: int [pair] rows of communes.
        """
        a, b = self.area[home], self.area[work]
        row = self.row(name)
        if row >= 0:
            mine: Array = np.full(len(a), True) if self.rules[row].crosses else (a == row) & (b == row)
            return mine
        if name:  # the region's, or somebody's who is in charge of no area here
            return np.full(len(a), True)
        crosses = np.array([*(r.crosses for r in self.rules), True])
        allowed: Array = (a == b) | (crosses[a] & crosses[b])
        return allowed

    def fares(self, parameter_eur: float) -> Array:
        """Fare of a tour by transit between two areas, float32 [area + 1, area + 1]; last: outside all.

        A common fare holds everywhere. Else one pays in each area touched its authority's fare; where no
        authority has a fare of its own and borders are open, the parameter is the one ticket for all.
        """
        g, n = self.governance, len(self.rules)
        if g.fare_eur is not None:
            return np.full((n + 1, n + 1), g.fare_eur, np.float32)
        if g.organisation != "epcis" and all(r.fare_eur is None for r in self.rules):
            return np.full((n + 1, n + 1), parameter_eur, np.float32)
        own = np.array([parameter_eur if r.fare_eur is None else r.fare_eur for r in self.rules] + [0.0])
        out = own[:, None] + own[None, :]
        np.fill_diagonal(out, own)
        out[n, n] = parameter_eur
        fares: Array = out.astype(np.float32)
        return fares

    def area_of(self, commune: Array) -> Array:
        """Area of rows of communes, -1 outside all; int32."""
        area: Array = np.where(commune >= 0, self.area[commune], -1).astype(np.int32)
        return area

    def stop_commune(self, territory: Territory) -> Array:
        """Commune of each stop by its node, or the external zone that it serves; int32 [stop], -1 outside."""
        stops, nodes = territory.stops, territory.nodes
        commune = np.where(stops.node >= 0, nodes.commune[stops.node], -1)
        out: Array = np.where(stops.zone >= 0, stops.zone, commune).astype(np.int32)
        return out

    def run_by(self, trips: Table, connections: Table, stop_area: Array) -> Array:
        """Who runs each trip, int32 [trip]: row of rules, or their number for the region.

        Routes (or agencies) that an authority names are its own; trains are the region's; a route with all
        stops in one area is that authority's. One that crosses is the region's, but where each EPCI stands
        alone it is that of the area with most of its stops.
        """
        n = len(self.rules)
        keys = np.array([f"{a}\n{r}" for a, r in zip(trips.agency, trips.route, strict=True)], object)
        route = np.unique(keys.astype(str), return_inverse=True)[1] if len(trips) else np.zeros(0, np.int64)
        calls = np.zeros((int(route.max(initial=-1)) + 1, n + 1), np.int64)
        for stop in ("dep_stop", "arr_stop"):
            np.add.at(calls, (route[connections.trip], stop_area[connections[stop]]), 1)
        calls = calls[:, :n]
        touched = (calls > 0).sum(axis=1)
        alone = self.governance.organisation == "epcis"
        most = calls.argmax(axis=1) if n else np.zeros(len(calls), np.int64)
        owner = np.where((touched == 1) | (alone & (touched > 1)), most, n)
        out = np.where(trips.mode == RAIL, n, owner[route]).astype(np.int32)
        for row, rule in enumerate(self.rules):
            if rule.routes:
                for name in ("route", "route_name", "agency"):
                    out[np.isin(trips[name].astype(str), rule.routes)] = row
        return out

    def within_borders(self, connections: Table, run_by: Array, stop_area: Array) -> Table:
        """Connections on which nobody boards or leaves beyond the area of who runs them, borders closed."""
        closed = np.array([not r.crosses for r in self.rules] + [False])
        if not closed.any():
            return connections
        runner = run_by[connections.trip]
        bound = closed[runner]
        may = {
            column: connections[column] & (~bound | (stop_area[connections[stop]] == runner))
            for column, stop in (("pickup", "dep_stop"), ("dropoff", "arr_stop"))
        }
        return Table(connections.schema, connections.columns | may)

    def payers(
        self, service: str, system: str, name: str, riders: Array, vehicle_km: Array
    ) -> Mapping[str, float]:
        """Accounts that share a system's deficit, with their weights.

        Args:
            service, system: what runs.
            name: its authority; "" shares by the riders' homes, or by population where nobody rode.
            riders: float64 [commune] trips of people who live in each.
            vehicle_km: float64 [commune] vehicle-kilometres driven in each.
        """
        row = self.row(name)
        if name and row < 0:
            return {REGION: 1.0}
        keys = {"population": self.population, "riders": riders, "vehicle_km": vehicle_km}
        key = "riders" if riders[self.area >= 0].sum() > 0 else "population"
        everyone = {rule.name: self.area == k for k, rule in enumerate(self.rules)}
        parties = everyone if row < 0 else {self.rules[row].name: self.area == row}
        for contract in self.governance.contracts:
            between = {n: self.of_party(n) for n in contract.between}
            inside = all(bool((self.area[p] == row).all()) for p in between.values())
            if contract.covers(service, system) and (row < 0 or name in between or inside):
                parties, key = between, contract.key
                break
        weights = {n: float(keys[key][mine].sum()) for n, mine in parties.items()}
        if not any(weights.values()):
            weights = dict.fromkeys(weights, 1.0)
        rules = {rule.name: rule for rule in self.rules}
        out: dict[str, float] = {}
        for party, weight in weights.items():
            for account, share in rules.get(party, AuthorityRule(party)).payers().items():
                if weight > 0:
                    out[account] = out.get(account, 0.0) + weight * share
        return out

    def of_party(self, name: str) -> Array:
        """Communes of a party to a contract: an authority, or an EPCI by name or SIREN; bool [commune]."""
        row = self.row(name)
        if name and row >= 0:
            mine: Array = self.area == row
            return mine
        codes = match_epcis([name], self.epcis)[0]
        in_it: Array = np.isin(self.epci, codes)
        return in_it


def _epcis(communes: Table) -> dict[str, str]:
    return {str(c): str(n) for c, n in zip(communes.epci, communes.epci_name, strict=True) if c}


def _codes(area: tuple[str, ...], communes: Table, epcis: Mapping[str, str]) -> tuple[str, ...]:
    """SIREN and INSEE codes of an area written by codes or names; what fits nothing is left out."""
    by_name: dict[str, list[str]] = {}
    for code, name in zip(communes.code.tolist(), communes.name.tolist(), strict=True):
        by_name.setdefault(folded(str(name)), []).append(str(code))
    known = {str(c) for c in communes.code}
    out: list[str] = []
    for text in area:
        if text in known:
            out.append(text)
        elif len(found := by_name.get(folded(text), [])) == 1:
            out += found
        else:
            out += match_epcis([text], epcis)[0]
    return tuple(out)
