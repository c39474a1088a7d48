"""What each service offers for one tour: minutes, euros, grams, risks.

Lives here: section 1 of docs/model.md. Not here: what anybody makes of an offer (agents).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from naive.roads import Roads
from naive.timetable import Hop, Label, earliest, hops_of, reversed_hops

FOOTPATH_S = 600.0
INF = float("inf")


def service_id(name: str) -> int:
    """The alternative's id in draws: does not depend on the order of services."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


@dataclass(frozen=True)
class Offer:
    """One service for one tour. km and g are of both ways, eur is a tour's."""

    service: str
    out_min: float
    back_min: float
    km: float
    eur: float
    g: float
    late: float
    fail: float
    early_min: float = 0.0
    wait_min: float = 0.0
    transfers: float = 0.0

    def felt_min(self, p: Mapping[str, float]) -> float:
        """Minutes as they weigh on the traveller."""
        moving = self.out_min + self.back_min - self.early_min - self.wait_min
        return _single(
            p[f"{self.service}.weight"] * moving
            + p["commute.early_weight"] * self.early_min
            + p["commute.wait_weight"] * self.wait_min
            + p["commute.change_min"] * self.transfers
        )

    @property
    def cents(self) -> int:
        """The price in whole cents."""
        return int(np.floor(self.eur * 100.0 + 0.5))


def _single(value: float) -> float:
    """Rounded to float32, as minutes and kilometres are kept."""
    return float(np.float32(value))


class Offers:
    """Offers of the services in use, computed on demand and remembered.

    Args:
        territory: the eight tables.
        catalogue: windows and shifts.
        parameters: values by name.
        services: names of services in use.
    """

    def __init__(
        self, territory: Any, catalogue: Any, parameters: Mapping[str, float], services: tuple[str, ...]
    ) -> None:
        self.territory = territory
        self.catalogue = catalogue
        self.p = parameters
        self.services = tuple(sorted(services, key=service_id))
        self.roads = {mode: Roads(territory.arcs, mode) for mode in ("car", "bike", "walk")}
        self._tours: dict[tuple[int, int, int, int], dict[str, Offer]] = {}
        self._scans: dict[tuple[int, int, int, bool], dict[int, Label]] = {}
        self._hops: dict[tuple[int, ...], tuple[list[Hop], list[Hop]]] = {}
        self._walks: dict[tuple[int, int, bool], dict[int, float]] = {}
        self._feet = (self._footpaths(onwards=True), self._footpaths(onwards=False))

    def tour(self, place: int, site: int, window: int, day: int) -> dict[str, Offer]:
        """Offers by service for the window on that weekday; services not offered are absent."""
        key = (place, site, window, day)
        if key not in self._tours:
            makers = {"car": self._car, "bike": self._bike, "walk": self._walk, "transit": self._transit}
            found = (makers[name](place, site, window, day) for name in self.services)
            self._tours[key] = {offer.service: offer for offer in found if offer is not None}
        return self._tours[key]

    def car_minutes(self, place: int, site: int) -> float:
        """Car minutes one way up to the gates, terminals left out."""
        seconds = self.roads["car"].whole_seconds(*self._nodes(place, site))
        return seconds / 60.0

    def outside(self, place: int) -> bool:
        """Whether the home stands for an external zone."""
        t = self.territory
        return bool(t.communes.external[t.places.commune[place]])

    def car_km(self, place: int, site: int) -> float:
        """Kilometres of a tour by car, both ways."""
        return _single(
            self._by_road("car", place, site)[2] + 2.0 * sum(g[1] for g in self._gates(place, site))
        )

    def _nodes(self, place: int, site: int) -> tuple[int, int]:
        return int(self.territory.places.node[place]), int(self.territory.sites.node[site])

    def _communes(self, place: int, site: int) -> tuple[int, int]:
        return int(self.territory.places.commune[place]), int(self.territory.sites.commune[site])

    def _gates(self, place: int, site: int) -> list[tuple[float, float]]:
        c = self.territory.communes
        return [
            (float(c.gate_car_min[row]), float(c.gate_car_km[row]))
            for row in self._communes(place, site)
            if c.external[row]
        ]

    def _by_road(self, mode: str, place: int, site: int) -> tuple[float, float, float]:
        """Minutes out and back, km of both ways by the car's path."""
        home, work = self._nodes(place, site)
        roads, car = self.roads[mode], self.roads["car"]
        there, back = roads.whole_seconds(home, work) / 60.0, roads.whole_seconds(work, home) / 60.0
        if mode == "walk":
            back = there
        return there, back, car.km(home, work) + car.km(work, home)

    def _offer(self, name: str, out: float, back: float, km: float, eur: float, g: float) -> Offer:
        return Offer(
            name, _single(out), _single(back), _single(km), eur, _single(g),
            self.p[f"{name}.late"], self.p[f"{name}.fail"],
        )  # fmt: skip

    def _car(self, place: int, site: int, window: int, day: int) -> Offer | None:
        out, back, km = self._by_road("car", place, site)
        if out == INF or back == INF:
            return None
        gates = self._gates(place, site)
        minutes = self.p["car.terminal_min"] + sum(g[0] for g in gates)
        km += 2.0 * sum(g[1] for g in gates)
        eur, g = km * self.p["car.cost_eur_per_km"], km * self.p["car.co2_g_per_km"]
        return self._offer("car", out + minutes, back + minutes, km, eur, g)

    def _active(self, mode: str, place: int, site: int) -> Offer | None:
        out, back, km = self._by_road(mode, place, site)
        if max(out, back) > self.p[f"{mode}.max_min"] or self._gates(place, site):
            return None
        return self._offer(mode, out, back, km, 0.0, 0.0)

    def _bike(self, place: int, site: int, window: int, day: int) -> Offer | None:
        return self._active("bike", place, site)

    def _walk(self, place: int, site: int, window: int, day: int) -> Offer | None:
        return self._active("walk", place, site)

    # transit

    def _footpaths(self, *, onwards: bool) -> dict[int, dict[int, float]]:
        """Stop -> other stop -> seconds on foot, at most ten minutes; backwards if not onwards."""
        s = self.territory.stops
        paths: dict[int, dict[int, float]] = {}
        for a in range(len(s)):
            for b in range(len(s)):
                if a == b or s.node[a] < 0 or s.node[b] < 0:
                    continue
                ends = (int(s.node[a]), int(s.node[b])) if onwards else (int(s.node[b]), int(s.node[a]))
                seconds = float(s.walk_s[a]) + self.roads["walk"].seconds(*ends) + float(s.walk_s[b])
                if seconds <= FOOTPATH_S:
                    paths.setdefault(a, {})[b] = seconds
        return paths

    def _to_stops(self, node: int, commune: int, *, to_stop: bool) -> dict[int, float]:
        """Stops near a home or workplace with the seconds on foot, towards them or from them."""
        key = (node, commune, to_stop)
        if key in self._walks:
            return self._walks[key]
        s, communes = self.territory.stops, self.territory.communes
        near: dict[int, float] = {}
        for stop in range(len(s)):
            if communes.external[commune]:
                gate = float(communes.gate_transit_min[commune]) * 60.0
                if s.zone[stop] == commune and gate < INF:
                    near[stop] = gate
            elif s.node[stop] >= 0:
                ends = (node, int(s.node[stop])) if to_stop else (int(s.node[stop]), node)
                seconds = self.roads["walk"].seconds(*ends) + float(s.walk_s[stop])
                if seconds <= self.p["transit.access_max_min"] * 60.0:
                    near[stop] = seconds
        self._walks[key] = near
        return near

    def _running(self, days: tuple[int, ...]) -> tuple[list[Hop], list[Hop]]:
        if days not in self._hops:
            hops = hops_of(self.territory.trips, self.territory.connections, days)
            self._hops[days] = (hops, reversed_hops(hops))
        return self._hops[days]

    def _scan(self, site: int, window: int, day: int, *, out: bool) -> dict[int, Label]:
        """Labels at stops of a search from the workplace: backwards in time on the way out."""
        key = (site, window, day, out)
        if key in self._scans:
            return self._scans[key]
        node, commune = int(self.territory.sites.node[site]), int(self.territory.sites.commune[site])
        near = self._to_stops(node, commune, to_stop=not out)
        start, end = (
            int(x[window]) for x in (self.catalogue.window_start_min, self.catalogue.window_end_min)
        )
        overnight = not out and end > 1440
        hops, back_hops = self._running((day, (day + 1) % 7) if overnight else (day,))
        moment = -60.0 * start if out else 60.0 * end
        first = {stop: moment + seconds for stop, seconds in near.items()}
        self._scans[key] = earliest(
            back_hops if out else hops,
            first,
            self.p["transit.transfer_min"] * 60.0,
            self._feet[1 if out else 0],
        )
        return self._scans[key]

    def _transit(self, place: int, site: int, window: int, day: int) -> Offer | None:
        node, commune = int(self.territory.places.node[place]), int(self.territory.places.commune[place])
        ways: list[tuple[float, Label]] = []
        for out in (True, False):
            labels = self._scan(site, window, day, out=out)
            moments = self.catalogue.window_start_min if out else self.catalogue.window_end_min
            moment = (-60.0 if out else 60.0) * int(moments[window])
            walks = self._to_stops(node, commune, to_stop=out)
            found = [
                (labels[stop].time - moment + seconds, labels[stop])
                for stop, seconds in sorted(walks.items())
                if stop in labels
            ]
            if not found:
                return None
            ways.append(min(found, key=lambda x: x[0]))
        (out_s, there), (back_s, home) = ways
        if max(out_s, back_s) > self.p["transit.max_min"] * 60.0:
            return None
        road, rail = there.road_km + home.road_km, there.rail_km + home.rail_km
        g = road * self.p["transit.bus_co2_g_per_km"] + rail * self.p["transit.rail_co2_g_per_km"]
        return self._offer("transit", out_s / 60.0, back_s / 60.0, road + rail, self.p["transit.fare_eur"], g)
