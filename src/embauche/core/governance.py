"""Who runs and pays what: authorities with their areas, and contracts that share costs, as plain data.

Lives here: Governance and today's organisation. Not here: YAML (scenario_governance), areas on a territory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from embauche.core.accounts import REGION, STATE, authority

Organisation = Literal["today", "epcis", "bassin", "region"]
Key = Literal["population", "vehicle_km", "riders"]
# Today's mobility authorities that are more or other than an EPCI: name -> SIREN of their EPCIs. FACTS, from
# memory, to be checked by the user.
TODAY: dict[str, tuple[str, ...]] = {
    "Artois Mobilités": ("200072460", "246200364", "246200299"),
    "CU Arras": ("200033579",),
}


@dataclass(frozen=True)
class AuthorityRule:
    """A mobility authority.

    Attributes:
        name: its name; the account is `authority:NAME`.
        area: SIREN codes of EPCIs, and codes of communes, that it is in charge of.
        crosses: its services may pick up and drop off beyond its area; else both ends must lie in it.
        fare_eur: what a tour by transit costs within its area; None for the parameter transit.fare_eur.
        authority, region, state: shares of its services' deficit that each pays.
        routes: names or agencies of transit routes that it runs, wherever they go.
    """

    name: str
    area: tuple[str, ...] = ()
    crosses: bool = True
    fare_eur: float | None = None
    authority: float = 1.0
    region: float = 0.0
    state: float = 0.0
    routes: tuple[str, ...] = ()

    def payers(self) -> dict[str, float]:
        """Who shares the deficit of its services, and with what weights."""
        shares = {authority(self.name): self.authority, REGION: self.region, STATE: self.state}
        return {account: share for account, share in shares.items() if share > 0}


@dataclass(frozen=True)
class Contract:
    """Authorities that share the deficit of some services by a stated key.

    Attributes:
        between: names of authorities.
        services: services, or SERVICE/SYSTEM; empty for all that one of them runs.
        key: population of their areas, vehicle-kilometres driven in them, or riders who live in them.
    """

    between: tuple[str, ...]
    services: tuple[str, ...] = ()
    key: Key = "population"

    def covers(self, service: str, system: str) -> bool:
        """Whether a service's system falls under it."""
        return not self.services or service in self.services or f"{service}/{system}" in self.services


@dataclass(frozen=True)
class Governance:
    """Who runs and pays what in a run.

    Attributes:
        organisation: what stands where no authority is named: `today` (known authorities, else one for the
            territory), `epcis` (each EPCI alone, closed borders: a counterfactual), `bassin` (one for all),
            `region` (EPCIs run what stays within them, the region what crosses).
        name: name of the one authority of a bassin.
        authorities: authorities named; EPCIs in none of their areas follow the organisation.
        contracts: how costs are shared; the first that covers a system counts.
        fare_eur: common fare of a tour by transit, one ticket across borders; None: each authority's own.
    """

    organisation: Organisation = "today"
    name: str = ""
    authorities: tuple[AuthorityRule, ...] = ()
    contracts: tuple[Contract, ...] = ()
    fare_eur: float | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of any result must know of it, in sentences."""
        if self.organisation == "epcis":
            return ("each EPCI alone behind closed borders is a counterfactual, not how things are",)
        if self.organisation == "today" and not self.authorities:
            return ("who runs transport today is from memory, to be checked: see `governance:`",)
        return ()

    def rules(self, epcis: Mapping[str, str], territory: str) -> tuple[AuthorityRule, ...]:
        """The authorities of a territory, each with an area that it has there.

        Args:
            epcis: SIREN -> name of the territory's EPCIs.
            territory: name of the one authority of a territory about which nothing else is known.
        """
        named = self.authorities
        taken = {code for rule in named for code in rule.area}
        left = {code: name for code, name in sorted(epcis.items()) if code not in taken}
        if self.organisation == "bassin":
            more = [AuthorityRule(self.name or territory, tuple(left))] if left or not named else []
        elif self.organisation == "today":
            more = [
                AuthorityRule(name, area)
                for name, codes in TODAY.items()
                if (area := tuple(c for c in codes if c in left))
            ]
            left = {c: n for c, n in left.items() if not any(c in rule.area for rule in more)}
            if left or not (named or more):
                more.append(AuthorityRule(self.name or territory, tuple(left)))
        else:
            open_borders = self.organisation == "region"
            more = [AuthorityRule(name, (code,), crosses=open_borders) for code, name in left.items()]
        return (*named, *more) or (AuthorityRule(territory),)


AS_TODAY = Governance()
