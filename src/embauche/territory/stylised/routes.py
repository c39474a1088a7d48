"""Lines of a stylised network: which places each serves, along which roads, with which stops.

Lives here: urban, interurban and rail lines. Not here: departures (patterns), files (feed).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from embauche.territory.stylised.generate import COUNTRY, Drawing
from embauche.territory.stylised.ground import Bools, Floats, Ints, key
from embauche.territory.stylised.lines import CAR
from embauche.territory.stylised.patterns import BUS_LEVELS
from embauche.territory.stylised.spec import Pole, Route

HUB = 15_000  # inhabitants from which towns are joined by frequent lines
URBAN = 8_000  # inhabitants from which a town has a network of its own
SERVED = 1_000  # inhabitants from which a commune has an interurban line
KMH = {"main": 20.0, "urban": 17.0, "urban_big": 17.0}  # mean speed with stops (memory)
COACH_KMH = 32.0
BEYOND_KMH = 50.0  # outside the territory, without stops
TRAIN_DETOUR = 1.15


@dataclass
class Stop:
    """A stop: id, name, local metres."""

    identity: str
    name: str
    xy: tuple[float, float]


@dataclass
class RunLine:
    """A line ready to run: stops in order and seconds from the first."""

    name: str
    long_name: str
    mode: str
    agency: str
    level: str
    stops: list[str]
    seconds: list[int]


@dataclass
class Network:
    """Stops by id, lines in order."""

    stops: dict[str, Stop] = field(default_factory=dict)
    lines: list[RunLine] = field(default_factory=list)


class Planner:
    """Draws the lines of one territory on its roads."""

    def __init__(self, drawing: Drawing, poles: Iterable[Pole] = ()):
        self.d = drawing
        self.poles = {p.name: (row, p) for row, p in enumerate(poles)}
        self.network = Network()
        self.main = self._graph(frozenset(COUNTRY))
        self.full = self._graph(CAR - {"motorway", "motorway_link", "trunk", "trunk_link", "service"})
        self.at_node: dict[int, str] = {}
        self.town, self.built = self._towns()
        self.street = self._names()

    def _graph(self, keep: frozenset[str]) -> csr_array:
        net = self.d.net
        tail, head, _ = net.segments(keep)
        pair = np.unique(np.sort(np.stack([tail, head], 1), axis=1), axis=0)
        length = np.hypot(*(net.xy[pair[:, 0]] - net.xy[pair[:, 1]]).T)
        rows, cols = np.concatenate([pair, pair[:, ::-1]]).T
        return csr_array((np.tile(length, 2), (rows, cols)), shape=(len(net.xy),) * 2)

    def _towns(self) -> tuple[Ints, Bools]:
        from scipy.spatial import cKDTree

        gap, town = cKDTree(self.d.ground.centre).query(self.d.net.xy)
        return np.asarray(town), np.asarray(gap < 1.15 * self.d.reach_m[town])

    def _names(self) -> dict[int, str]:
        names: dict[int, str] = {}
        for rows, tags in self.d.net.ways:
            if "name" in tags and tags["highway"] in CAR and not tags["name"].startswith("Route de"):
                for node in rows.tolist():
                    names.setdefault(node, tags["name"])
        return names

    def path(self, graph: csr_array, a: int, b: int) -> list[int]:
        """Nodes of the shortest path from a to b; b alone where there is none."""
        reach = 1.5 * float(np.hypot(*(self.d.net.xy[a] - self.d.net.xy[b]))) + 2_000.0
        before = dijkstra(graph, indices=[a], return_predecessors=True, limit=reach)[1][0]
        if before[b] < 0:  # a longer way round
            before = dijkstra(graph, indices=[a], return_predecessors=True)[1][0]
        return _trace(before, b)

    def stop_at(self, node: int) -> str:
        """The stop at a road node, made if it is new."""
        if node not in self.at_node:
            town = int(self.town[node])
            ground = self.d.ground
            where = "Mairie" if node == self.d.centre_node[town] else self.street.get(node, "Bourg")
            identity = f"S{node + 1}"
            self.at_node[node] = identity
            xy = self.d.net.xy[node]
            self.network.stops[identity] = Stop(identity, f"{ground.name[town]}, {where}", (xy[0], xy[1]))
        return self.at_node[node]

    def station(self, name: str) -> str:
        """A place's railway station, 350 m from its centre, or a pole's own stop."""
        ground = self.d.ground
        if name in self.poles:
            _, pole = self.poles[name]
            identity = f"P-{pole.code}"
            xy = ground.to_m(np.array([pole.stop]))[0]
            self.network.stops.setdefault(identity, Stop(identity, name, (float(xy[0]), float(xy[1]))))
            return identity
        c = ground.find(name)
        identity = f"R-{ground.code[c]}"
        if identity not in self.network.stops:
            turn = 2 * np.pi * float(ground.draw("station", ground.ids[c : c + 1])[0])
            target = ground.centre[c] + 350.0 * np.array([np.cos(turn), np.sin(turn)])
            nodes = np.flatnonzero(np.diff(self.full.indptr) > 0)
            node = nodes[np.hypot(*(self.d.net.xy[nodes] - target).T).argmin()]
            x, y = self.d.net.xy[node]
            self.network.stops[identity] = Stop(identity, f"Gare de {name}", (float(x), float(y)))
        return identity

    def add_rail(self, route: Route) -> None:
        """A rail line through stations, on near-straight tracks."""
        stops = [self.station(call) for call in route.calls]
        xy = np.array([self.network.stops[s].xy for s in stops])
        km = np.hypot(*np.diff(xy, axis=0).T) / 1_000.0 * TRAIN_DETOUR
        seconds = _clock(km / route.kmh * 3_600.0)
        title = f"{route.calls[0]} - {route.calls[-1]}"
        self.network.lines.append(
            RunLine(route.name, title, "rail", "TER stylisé", route.level, stops, seconds)
        )

    def add_bus(self, name: str, nodes: list[int], level: str, pole: Pole | None = None) -> None:
        """A bus line along a path of road nodes; beyond the gateway it runs on to the pole's stop."""
        local = level in KMH
        spacing = 450.0 if local else 700.0
        step = np.hypot(*np.diff(self.d.net.xy[nodes], axis=0).T)
        at = np.concatenate([[0.0], np.cumsum(step)])
        centres = set(self.d.centre_node.tolist())
        stops, metres = [self.stop_at(nodes[0])], [0.0]
        for node, m in zip(nodes[1:-1], at[1:-1], strict=True):
            since = m - metres[-1]
            known = node in self.at_node and since > 0.6 * spacing
            wanted = since > spacing and self.built[node]
            if (known or wanted or (node in centres and since > 200.0)) and at[-1] - m > 200.0:
                stops.append(self.stop_at(node))
                metres.append(float(m))
        if pole is None:
            stops.append(self.stop_at(nodes[-1]))
            metres.append(float(at[-1]))
        else:
            stops.append(self.station(pole.name))
            metres.append(float(at[-1]) + 1_000.0 * pole.car_km)
        kmh = np.full(len(metres) - 1, KMH.get(level, COACH_KMH))
        if pole is not None:
            kmh[-1] = BEYOND_KMH
        seconds = _clock(np.diff(metres) / 1_000.0 / kmh * 3_600.0)
        names = [self.network.stops[s].name for s in (stops[0], stops[-1])]
        agency = "Réseau urbain stylisé" if local else "Cars interurbains stylisés"
        self.network.lines.append(RunLine(name, " - ".join(names), "bus", agency, level, stops, seconds))

    def add_named_bus(self, route: Route) -> None:
        """A bus line through named places; a last call at a pole leaves by its gateway."""
        nodes: list[int] = []
        pole = None
        for call in route.calls:
            if call in self.poles:
                row, pole = self.poles[call]
                node = int(self.d.gate_node[row])
            else:
                node = int(self.d.centre_node[self.d.ground.find(call)])
            nodes = nodes[:-1] + self.path(self.main, nodes[-1], node) if nodes else [node]
        self.add_bus(route.name, nodes, route.level, pole)

    def add_main(self) -> None:
        """Frequent lines between neighbouring hubs."""
        ground = self.d.ground
        hubs = np.flatnonzero(ground.population >= HUB)
        number = 0
        for n, i in enumerate(hubs):
            for j in hubs[n + 1 :]:
                square = float(((ground.centre[i] - ground.centre[j]) ** 2).sum())
                others = [k for k in hubs if k not in (i, j)]
                far = ((ground.centre[others] - ground.centre[i]) ** 2).sum(1)
                far = far + ((ground.centre[others] - ground.centre[j]) ** 2).sum(1)
                if square < 20_000.0**2 and (not others or far.min() >= square):
                    number += 1
                    path = self.path(self.main, int(self.d.centre_node[i]), int(self.d.centre_node[j]))
                    self.add_bus(f"M{number}", path, "main")

    def add_urban(self) -> None:
        """Lines across each town, from one edge over the centre to the other."""
        ground, net = self.d.ground, self.d.net
        for c in np.flatnonzero(ground.population >= URBAN):
            centre = int(self.d.centre_node[c])
            both = dijkstra(self.full, indices=[centre], return_predecessors=True, limit=7_000.0)
            far, before = both[0][0], both[1][0]
            own = np.flatnonzero((self.town == c) & np.isfinite(far) & (far > 600.0) & self.built)
            if len(own) < 8:
                continue
            turn = np.arctan2(*(net.xy[own] - ground.centre[c]).T[::-1])
            people = int(ground.population[c])
            lines = min(4, 1 + people // 12_000)
            for k in range(lines):
                ends = []
                for half in (0, 1):
                    aim = np.pi * (k / lines + half)
                    off = np.abs(np.angle(np.exp(1j * (turn - aim))))
                    ends.append(int(own[np.argmax(far[own] * (off < np.pi / (2 * lines)))]))
                a, b = (_trace(before, e) for e in ends)
                level = "urban_big" if people >= HUB else "urban"
                self.add_bus(f"{ground.name[c][:3].upper()}{k + 1}", a[::-1] + b[1:], level)

    def add_interurban(self) -> None:
        """From each commune to the larger one that draws it most; lines on the way are merged."""
        ground = self.d.ground
        wishes = []
        for c in np.flatnonzero(ground.population >= SERVED).tolist():
            gap = np.hypot(*(ground.centre - ground.centre[c]).T)
            pull = np.where(
                (ground.population >= 2.5 * ground.population[c]) & (gap < 25_000.0),
                ground.population / (gap + 2_000.0) ** 2,
                0.0,
            )
            if pull.max() > 0.0:
                people = int(ground.population[c])
                level = "regular" if people >= 8_000 else "country" if people >= 2_500 else "thin"
                wishes.append((-float(gap[pull.argmax()]), int(c), int(pull.argmax()), level))
        kept: list[tuple[int, list[int], list[str]]] = []
        for _, c, goal, level in sorted(wishes):
            origin = int(self.d.centre_node[c])
            same = [levels for g, path, levels in kept if g == goal and origin in path]
            if same:
                same[0].append(level)
                continue
            kept.append((goal, self.path(self.main, origin, int(self.d.centre_node[goal])), [level]))
        for n, (_, path, levels) in enumerate(kept, 1):
            self.add_bus(f"{100 + n}", path, max(levels, key=BUS_LEVELS.index))


def _trace(before: Ints, end: int) -> list[int]:
    path = [end]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path[::-1]


def _clock(seconds: Floats) -> list[int]:
    """Legs' seconds, at least 30 each, to seconds from the first stop in steps of 10."""
    legs = np.maximum(np.round(seconds / 10.0) * 10.0, 30.0)
    return [0, *np.cumsum(legs).astype(int).tolist()]


def plan(drawing: Drawing, poles: Iterable[Pole] = (), routes: Iterable[Route] = ()) -> Network:
    """All lines of a territory: rail and named lines first, then those derived from populations.

    Args:
        drawing: roads.
        poles: external zones that named lines may call at.
        routes: named lines; one that names an unknown place raises ValueError.
    """
    planner = Planner(drawing, poles)
    for route in routes:
        unknown = [c for c in route.calls if c not in planner.poles and drawing.ground.find(c) < 0]
        if unknown:
            raise ValueError(f"line {route.name}: unknown places {unknown}")
        if route.mode == "rail":
            planner.add_rail(route)
        else:
            planner.add_named_bus(route)
    planner.add_main()
    planner.add_urban()
    planner.add_interurban()
    return planner.network


def shift_min(name: str) -> int:
    """Minutes by which a line's departures are moved, so that lines do not all leave at once."""
    return key(name) % 11
