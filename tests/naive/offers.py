"""What each service offers for one tour: minutes, euros, grams, risks.

Lives here: section 1 of docs/model.md. Not here: what anybody makes of an offer (agents).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np

from naive.rides import DAY_S, Label, Run, Search, runs_of
from naive.roads import Roads

FOOTPATH_S = 600.0
RIDES = 8  # most rides of a journey
INF = float("inf")


def service_id(name: str) -> int:
    """The alternative's id in draws: does not depend on the order of services."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def hours_of(catalogue: Any, window: int) -> tuple[int, int]:
    """Clock hours in which one drives to a window and home: to a start at 8:00 in hour 7."""
    start, end = int(catalogue.window_start_min[window]), int(catalogue.window_end_min[window])
    return (start - 1) % 1440 // 60, end % 1440 // 60


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
    more_late: float = 0.0  # beyond the service's own share
    of_employer: float = 0.0  # EUR in `eur` that her employer adds, below 0: pays

    def felt_min(self, p: Mapping[str, float]) -> float:
        """Minutes as they weigh on the traveller."""
        moving = self.out_min + self.back_min - self.early_min - self.wait_min
        return _single(
            p[f"{self.service}.weight"] * moving
            + p["commute.early_weight"] * self.early_min
            + p["commute.wait_weight"] * self.wait_min
            + p["commute.change_min"] * self.transfers
            + self.more_late
            * (
                p["commute.late_weight"] * p["commute.late_min"]
                + 60.0 * p["commute.late_eur"] / p["commute.vot_eur_h"]
            )
        )

    @property
    def cents(self) -> int:
        """The price in whole cents, without what employers add."""
        return int(np.floor((self.eur - self.of_employer) * 100.0 + 0.5))

    def at(self, of_employer: float) -> Offer:
        """The same where an employer adds EUR to a tour."""
        added = _single(of_employer)
        return replace(self, eur=_single(_single(self.eur) + added), of_employer=added)


def _single(value: float) -> float:
    """Rounded to float32, as minutes and kilometres are kept."""
    return float(np.float32(value))


def _half_up(seconds: float) -> float:
    """Whole seconds."""
    return float(np.floor(float(seconds) + 0.5))


class Offers:
    """Offers of the services in use, computed on demand and remembered.

    Args:
        territory: the eight tables.
        catalogue: windows and shifts.
        parameters: values by name.
        services: names of services in use.
        shared: those of them whose places are few.
    """

    def __init__(
        self,
        territory: Any,
        catalogue: Any,
        parameters: Mapping[str, float],
        services: tuple[str, ...],
        shared: Mapping[str, Any],
    ) -> None:
        self.shared = shared
        self.territory = territory
        self.catalogue = catalogue
        self.p = parameters
        self.services = tuple(sorted(services, key=service_id))
        self.roads = {mode: Roads(territory.arcs, mode, territory.turns) for mode in ("car", "bike", "walk")}
        self.car_at: dict[int, Roads] = {}  # by clock hour, where roads congest
        self._tours: dict[tuple[int, int, int, int], dict[str, Offer]] = {}
        self._scans: dict[tuple[int, int, int, bool], Search] = {}
        self._runs: dict[tuple[tuple[int, int], ...], list[Run]] = {}
        self._walks: dict[tuple[int, int], dict[int, int]] = {}
        self._feet = self._footpaths()

    def tour(self, place: int, site: int, window: int, day: int) -> dict[str, Offer]:
        """Offers by service for the window on that weekday; services not offered are absent."""
        key = (place, site, window, day)
        if key not in self._tours:
            makers = {"car": self._car, "bike": self._bike, "walk": self._walk, "transit": self._transit}
            makers |= {name: service.offer for name, service in self.shared.items()}
            found = (makers[name](place, site, window, day) for name in self.services)
            self._tours[key] = {offer.service: offer for offer in found if offer is not None}
        return self._tours[key]

    def car_minutes(self, place: int, site: int) -> float:
        """Car minutes one way up to the gates, terminals left out."""
        seconds = self.roads["car"].whole_seconds(*self.nodes(place, site))
        return seconds / 60.0

    def outside(self, place: int) -> bool:
        """Whether the home stands for an external zone."""
        t = self.territory
        return bool(t.communes.external[t.places.commune[place]])

    def congest(self, seconds: Mapping[int, Any]) -> None:
        """Car times of the arcs by clock hour from now on."""
        t = self.territory
        self.car_at = {hour: Roads(t.arcs, "car", t.turns, times) for hour, times in seconds.items()}
        self._tours = {}

    def _cars(self, window: int) -> tuple[Roads, Roads]:
        """The car's network on the way to a window, and home."""
        if not self.car_at:
            return self.roads["car"], self.roads["car"]
        out, back = hours_of(self.catalogue, window)
        return self.car_at[out], self.car_at[back]

    def car_km(self, place: int, site: int, window: int) -> float:
        """Kilometres of a tour by car, both ways."""
        return _single(
            self._by_road("car", place, site, window)[2] + 2.0 * sum(g[1] for g in self._gates(place, site))
        )

    def nodes(self, place: int, site: int) -> tuple[int, int]:
        """Road nodes of home and workplace."""
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

    def _by_road(self, mode: str, place: int, site: int, window: int) -> tuple[float, float, float]:
        """Minutes out and back, km of both ways by the car's path."""
        home, work = self.nodes(place, site)
        cars = self._cars(window)
        onward, homeward = cars if mode == "car" else (self.roads[mode], self.roads[mode])
        there, back = onward.whole_seconds(home, work) / 60.0, homeward.whole_seconds(work, home) / 60.0
        if mode == "walk":
            back = there
        return there, back, cars[0].km(home, work) + cars[1].km(work, home)

    def _offer(self, name: str, out: float, back: float, km: float, eur: float, g: float) -> Offer:
        return Offer(
            name, _single(out), _single(back), _single(km), eur, _single(g),
            self.p[f"{name}.late"], self.p[f"{name}.fail"],
        )  # fmt: skip

    def _car(self, place: int, site: int, window: int, day: int) -> Offer | None:
        out, back, km = self._by_road("car", place, site, window)
        if out == INF or back == INF:
            return None
        gates = self._gates(place, site)
        minutes = self.p["car.terminal_min"] + sum(g[0] for g in gates)
        km += 2.0 * sum(g[1] for g in gates)
        eur, g = km * self.p["car.cost_eur_per_km"], km * self.p["car.co2_g_per_km"]
        return self._offer("car", out + minutes, back + minutes, km, eur, g)

    def _active(self, mode: str, place: int, site: int, window: int) -> Offer | None:
        out, back, km = self._by_road(mode, place, site, window)
        if max(out, back) > self.p[f"{mode}.max_min"] or self._gates(place, site):
            return None
        return self._offer(mode, out, back, km, 0.0, 0.0)

    def _bike(self, place: int, site: int, window: int, day: int) -> Offer | None:
        return self._active("bike", place, site, window)

    def _walk(self, place: int, site: int, window: int, day: int) -> Offer | None:
        return self._active("walk", place, site, window)

    # transit

    def _footpaths(self) -> dict[int, dict[int, tuple[int, int]]]:
        """Stop -> stop to board at -> seconds to change, and those on foot: at most ten minutes."""
        s = self.territory.stops
        change = round(self.p["transit.transfer_min"] * 60.0)
        paths = {a: {a: (change, 0)} for a in range(len(s))}
        for a in range(len(s)):
            for b in range(len(s)):
                if a == b or s.node[a] < 0 or s.node[b] < 0:
                    continue
                on_road = self.roads["walk"].whole_seconds(int(s.node[a]), int(s.node[b]))
                walk = _half_up(s.walk_s[a]) + on_road + _half_up(s.walk_s[b])
                if walk <= FOOTPATH_S:
                    paths[a][b] = (int(walk) + change, int(walk))
        return paths

    def _near(self, node: int, commune: int) -> dict[int, int]:
        """Stops with the seconds on foot between them and a home or workplace, as from the stop."""
        if (node, commune) in self._walks:
            return self._walks[node, commune]
        s, communes = self.territory.stops, self.territory.communes
        near: dict[int, int] = {}
        for stop in range(len(s)):
            walk = INF
            if communes.external[commune]:
                if s.zone[stop] == commune:
                    walk = _half_up(float(communes.gate_transit_min[commune]) * 60.0)
            elif s.node[stop] >= 0:
                walk = self.roads["walk"].whole_seconds(int(s.node[stop]), node) + _half_up(s.walk_s[stop])
            if walk <= self._longest_s:
                near[stop] = int(walk)
        self._walks[node, commune] = near
        return near

    @property
    def _longest_s(self) -> int:
        return int(self.p["transit.max_min"] * 60.0)

    def _running(self, day: int, start_s: int, end_s: int) -> list[Run]:
        """Runs of the day, of the day before if its last ones matter, of the day after if its first do."""
        c = self.territory.connections
        days = {0: day}
        if start_s - self._longest_s <= int(c.arr_s.max()) - DAY_S:
            days[-1] = (day - 1) % 7
        if end_s + self._longest_s >= int(c.dep_s.min()) + DAY_S:
            days[1] = (day + 1) % 7
        key = tuple(sorted(days.items()))
        if key not in self._runs:
            self._runs[key] = runs_of(self.territory.trips, c, days)
        return self._runs[key]

    def _scan(self, site: int, window: int, day: int, *, out: bool) -> Search:
        """The search from the workplace: backwards in time on the way out."""
        key = (site, window, day, out)
        if key not in self._scans:
            t = self.territory
            near = self._near(int(t.sites.node[site]), int(t.sites.commune[site]))
            ends = (self.catalogue.window_start_min, self.catalogue.window_end_min)
            start, end = (60 * int(x[window]) for x in ends)
            runs = self._running(day, start, end)
            self._scans[key] = Search(
                runs, near, start if out else end, self._feet, RIDES, self._longest_s, back=out,
                chance=self._in_time,
            )  # fmt: skip
        return self._scans[key]

    def _in_time(self, by_rail: bool, seconds: int) -> float:
        """Chance that a train (else a bus) is at most so late: log-normal, by mean and 95th percentile."""
        mode = "rail" if by_rail else "bus"
        mean, ratio = 60.0 * self.p[f"transit.{mode}_delay_min"], self.p[f"transit.{mode}_delay_p95_ratio"]
        if mean == 0.0:
            return 1.0
        z = NormalDist().inv_cdf(0.95)
        sigma = z - math.sqrt(z * z - 2.0 * math.log(ratio))
        seconds = min(seconds, 7199)
        mu = math.log(mean) - sigma**2 / 2.0
        return NormalDist(mu, sigma).cdf(math.log(seconds)) if seconds > 0 else 0.0

    def _transit(self, place: int, site: int, window: int, day: int) -> Offer | None:
        if not len(self.territory.connections):
            return None
        node, commune = int(self.territory.places.node[place]), int(self.territory.places.commune[place])
        ways: list[tuple[int, Label]] = []
        for out in (True, False):
            search = self._scan(site, window, day, out=out)
            found = []
            for stop, walk in self._near(node, commune).items():
                label = search.label(stop)
                if label is not None and label.seconds + walk <= self._longest_s:
                    found.append((label.seconds + walk, label.rides, stop, label))
            if not found:
                return None
            best = min(found, key=lambda x: x[:3])
            ways.append((best[0], best[3]))
        (out_s, there), (back_s, home) = ways
        lost = int(home.lost + 0.5)  # waiting for the next vehicle where a connection is missed
        road, rail = (there.road + home.road) / 100.0, (there.rail + home.rail) / 100.0
        g = road * self.p["transit.bus_co2_g_per_km"] + rail * self.p["transit.rail_co2_g_per_km"]
        return Offer(
            "transit", _single(out_s / 60.0), _single((back_s + lost) / 60.0), _single(road + rail),
            self.p["transit.fare_eur"], _single(g), self.p["transit.late"], self.p["transit.fail"],
            _single(there.early / 60.0), _single((there.wait + home.wait + lost) / 60.0),
            float(there.rides + home.rides - 2), more_late=_single(int(there.late * 65535.0 + 0.5) / 65535.0),
        )  # fmt: skip
