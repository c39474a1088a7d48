"""What a territory has that its communes do not tell: poles outside, rail and named lines.

Lives here: the classes. Not here: the embedded territories' facts (bresle_vimeu, grand_artois).
"""

from __future__ import annotations

from dataclasses import dataclass

from embauche.territory.stylised.ground import Gateway
from embauche.territory.stylised.options import Options


@dataclass(frozen=True)
class Pole:
    """An external zone as the spec states it.

    Attributes:
        code: external zone's code.
        name: its name, as in lines.
        gate: lon, lat of the gateway on the border.
        stop: lon, lat of its station.
        jobs: posts there that residents hold or may take (memory).
        inflow: workers who live there and work here (memory).
        car_min, car_km: beyond the gateway to its workplaces (memory of road maps).
        walk_min: from its station to work, walk or local transit.
        mass: draw on through traffic, in inhabitants.
    """

    code: str
    name: str
    gate: tuple[float, float]
    stop: tuple[float, float]
    jobs: int
    inflow: int
    car_min: float
    car_km: float
    walk_min: float
    mass: float


@dataclass(frozen=True)
class Route:
    """A rail or interurban line by names of communes and poles.

    Attributes:
        name: route_short_name.
        mode: `rail` or `bus`.
        calls: communes or poles in order.
        level: pattern of departures (see timetable.PATTERNS).
        kmh: mean speed including stops, rail only.
    """

    name: str
    mode: str
    calls: tuple[str, ...]
    level: str
    kmh: float = 60.0


@dataclass(frozen=True)
class Spec:
    """One embedded territory.

    Attributes:
        title: name for people.
        file: communes, in the package's data.
        poles: external zones.
        options: the generator's numbers.
        routes: rail and interurban lines beyond those that the generator derives.
    """

    title: str
    file: str
    poles: tuple[Pole, ...]
    options: Options
    routes: tuple[Route, ...]

    def gateways(self) -> list[Gateway]:
        """Points where roads leave the territory."""
        return [Gateway(p.name, *p.gate, p.mass) for p in self.poles]
