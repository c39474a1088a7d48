"""Car times by the hour: each hour's commuters and other traffic, brought to equilibrium on the roads.

Lives here: Congestion, its slots, links and times. Not here: the equilibrium itself
(routing.assignment), who drove when (labour.travel), when times are found anew (model).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.classes import TripClasses
from embauche.core.errors import UserError
from embauche.core.parameters import Parameters
from embauche.core.scenario_congestion import read_counts
from embauche.routing.assignment import Equilibrium, Links, equilibrium
from embauche.territory.highways import CODE, HIGHWAYS

if TYPE_CHECKING:
    from embauche.commuting.network import Network
    from embauche.core.settings import Settings
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
DAY_HOURS = range(6, 20)
WORKING_DAYS = 5
ROUNDS = 100


@dataclass(frozen=True)
class Trips:
    """Cars on the road, all [row].

    Attributes:
        slot: int64 row of Congestion.hours.
        origin, destination: int32 nodes of the territory.
        vehicles: float64 in that hour of a mean working day.
    """

    slot: Array
    origin: Array
    destination: Array
    vehicles: Array


def out_hours(classes: TripClasses) -> Array:
    """Hour in which each class's way to work ends: 7 for a start after 7:00 and up to 8:00, int64 [class]."""
    return (classes.start_s.astype(np.int64) // 60 - 1) % 1440 // 60


def back_hours(classes: TripClasses) -> Array:
    """Hour in which each class's way home begins: 17 for an end from 17:00 and before 18:00, int64."""
    return classes.end_s.astype(np.int64) // 60 % 1440 // 60


class Congestion:
    """Car times by hour slot; they change when `find` is called, and only then.

    Attributes:
        network: the network given, with roads whose car times are this model's own.
        hours: int64 [slot] clock hours in which somebody drives to or from work.
        slot_out, slot_back: int32 [class] row of `hours` of each way.
        seconds: float64 [slot, arc] of the territory's arcs, whole tenths, inf where cars may not go.
        results: the last equilibrium of each slot, None before the first.
    """

    def __init__(
        self, network: Network, territory: Territory, parameters: Parameters, counts: Path | None = None
    ) -> None:
        """Prepare links; times are those without the model's commuters.

        Args:
            network: the roads' times and the places and sites in use; it stays as it is.
            territory: for the arcs' classes, times and ways.
            parameters: capacities and the volume-delay function.
            counts: file of other traffic.

        Raises:
            UserError: a count file that cannot be read, or ways that the territory does not have.
        """
        self.roads, self._p = copy.copy(network.roads), parameters
        self.network = replace(network, roads=self.roads)
        self._week = -1
        self._place_node = territory.places.node[network.place_rows].astype(np.int32)
        self._site_node = territory.sites.node[network.site_rows].astype(np.int32)
        out, back = out_hours(network.classes), back_hours(network.classes)
        self.hours = np.unique(np.concatenate([out, back]))
        self.slot_out = np.searchsorted(self.hours, out).astype(np.int32)
        self.slot_back = np.searchsorted(self.hours, back).astype(np.int32)
        arcs = territory.arcs
        self._arcs, self._nodes = len(arcs), len(territory.nodes)
        self._open = np.flatnonzero(np.isfinite(arcs.car_s))
        self._link = np.full(self._arcs + 1, -1, np.int32)  # the last row: arcs of no road (sinks)
        self._link[self._open] = np.arange(len(self._open))
        capacity = np.array([self._capacity(code) for code in range(len(HIGHWAYS))])[arcs.highway[self._open]]
        # rounded as the hierarchy's own weights are: whole tenths of a second
        free = np.floor(arcs.car_s[self._open].astype(np.float64) * 10.0 + 0.5) / 10.0
        links = Links.bpr(
            self._nodes, arcs.tail[self._open], arcs.head[self._open], free, capacity,
            parameters["congestion.alpha"], parameters["congestion.beta"],
        )  # fmt: skip
        counted = _counted(counts, arcs.way[self._open])
        self._links = [replace(links, base=self._other(int(h), capacity, *counted)) for h in self.hours]
        self.results: list[Equilibrium | None] = [None] * len(self.hours)
        self.seconds = np.empty((len(self.hours), self._arcs))
        self._settle([links.costs(np.zeros(len(free)))[0] for links in self._links])

    def _capacity(self, code: int) -> float:
        cars = HIGHWAYS[code] if code <= CODE["track"] else "track"
        return self._p[f"congestion.{cars}_veh_h"]

    def _other(self, hour: int, capacity: Array, count_hour: Array, link: Array, vehicles: Array) -> Array:
        """Traffic that is not of the model's commuters, float64 [link]."""
        day = "day" if hour in DAY_HOURS else "night"
        base = capacity * self._p[f"congestion.background_{day}"]
        mine = count_hour == hour
        base[link[mine]] = vehicles[mine]
        return base

    def trips(self, place: Array, site: Array, klass: Array) -> Trips:
        """Cars there and back of tours of Monday to Friday, summed by hour and ends.

        Args:
            place, site: int32 [tour] rows of the network's used places and sites.
            klass: int16 [tour] trip class.
        """
        slot = np.concatenate([self.slot_out[klass], self.slot_back[klass]]).astype(np.int64)
        home, work = self._place_node[place], self._site_node[site]
        origin, destination = np.concatenate([home, work]), np.concatenate([work, home])
        # one number for hour and ends: sorting these is much faster than sorting triples
        key = (slot * self._nodes + origin) * self._nodes + destination
        distinct, vehicles = np.unique(key, return_counts=True)
        pair, last = np.divmod(distinct, self._nodes)
        first, begin = np.divmod(pair, self._nodes)
        return Trips(first, begin.astype(np.int32), last.astype(np.int32), vehicles / WORKING_DAYS)

    def due(self, week: int) -> bool:
        """Whether car times are to be found before this week; true once a week at most."""
        every = int(self._p["congestion.every_weeks"])
        if self._week == week or (self._week >= 0 and week % every):
            return False
        self._week = week
        return True

    def find(self, trips: Trips) -> None:
        """Find the equilibrium of every slot, from its last one, and set the car times of `roads`."""
        costs = []
        for slot, links in enumerate(self._links):
            mine = trips.slot == slot
            self.results[slot] = result = equilibrium(
                links, trips.origin[mine], trips.destination[mine], trips.vehicles[mine],
                gap=self._p["congestion.gap"], rounds=ROUNDS, start=self.results[slot], finder=self._paths,
            )  # fmt: skip
            costs.append(result.cost)
        self._settle(costs)

    def delay_min(self) -> float:
        """Mean minutes that a commuter's drive takes longer than on empty roads, over all hours."""
        found = [(r, links) for r, links in zip(self.results, self._links, strict=True) if r is not None]
        lost = sum(float(np.sum(r.flow * (r.cost - links.fixed))) for r, links in found)
        cars = sum(float(np.sum(r.path_flow)) for r, _ in found)
        return lost / 60.0 / cars if cars > 0.0 else 0.0

    def _settle(self, costs: list[Array]) -> None:
        """Take over link costs [slot][link] as whole tenths of a second, half up."""
        self.seconds[:] = np.inf
        for slot, cost in enumerate(costs):
            self.seconds[slot, self._open] = np.floor(cost * 10.0 + 0.5) / 10.0
        graph = self.roads.graph
        cars = [graph.weigh_cars(np.floor(seconds * 10.0 + 0.5)) for seconds in self.seconds]
        # slot 0 is the empty road, on which how far a post seems does not depend on the hour
        self.roads.set_cars([graph.weighting("car"), *cars], self.slot_out + 1, self.slot_back + 1)

    def _paths(self, cost: Array, origin: Array, destination: Array) -> tuple[Array, Array]:
        """Shortest paths at link costs, as routing.assignment asks for them."""
        tenths = np.full(self._arcs, np.inf)
        tenths[self._open] = cost * 10.0
        graph = self.roads.graph
        ptr, arcs = graph.weigh_cars(tenths, metres=False).paths(
            graph.leave[origin], graph.arrive[destination]
        )
        link = self._link[graph.arc[arcs]]
        driven = link >= 0
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(driven)])
        return before[ptr], link[driven]


def congestion_of(
    settings: Settings, network: Network, territory: Territory, parameters: Parameters
) -> Congestion | None:
    """The congestion that settings ask for, if any."""
    asked = settings.congestion
    return None if asked is None else Congestion(network, territory, parameters, asked.counts)


def _counted(counts: Path | None, way: Array) -> tuple[Array, Array, Array]:
    """Counts on links: hour int64, link int64, vehicles float64, all [row]."""
    rows = [] if counts is None else sorted((w, h, v) for (w, h), v in read_counts(counts).items())
    order = np.argsort(way, kind="stable")
    first = np.searchsorted(way, [w for w, _, _ in rows], sorter=order)
    last = np.searchsorted(way, [w for w, _, _ in rows], side="right", sorter=order)
    unknown = [w for (w, _, _), a, b in zip(rows, first, last, strict=True) if a == b]
    if unknown:
        raise UserError(
            "some ways that were counted are no car roads of this territory", file=counts,
            found=f"{len(set(unknown))} ways: " + ", ".join(map(str, sorted(set(unknown))[:10])),
            expected="OpenStreetMap ids of ways that the territory was built from",
            fix="take these rows out",
        )  # fmt: skip
    times = last - first
    hour = np.repeat(np.array([h for _, h, _ in rows], np.int64), times)
    vehicles = np.repeat(np.array([v for _, _, v in rows], float), times)
    link = [order[a:b] for a, b in zip(first, last, strict=True)]
    return hour, np.concatenate([*link, np.zeros(0, np.int64)]), vehicles
