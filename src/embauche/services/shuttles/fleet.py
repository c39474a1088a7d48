"""Vehicles and drivers of a line: which vehicle makes which runs, from the depot and back to it.

Lives here: Duties, the week's kilometres and hours. Not here: riders (seats), money (services.shuttle).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.errors import UserError
from embauche.routing.roads import RoadGraph
from embauche.services.shuttles.layout import Line, road_km

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Stretch:
    """One drive without a stop.

    Attributes:
        vehicle: number of the vehicle; day: on which the shift served begins, or the vehicle is moved.
        start_min, end_min: minutes from Monday 0:00.
        from_node, to_node: nodes; km: kilometres between them.
        run, stretch: which run and part of it, -1 where it drives empty.
    """

    vehicle: int
    day: int
    start_min: float
    end_min: float
    from_node: int
    to_node: int
    km: float
    run: int = -1
    stretch: int = -1


@dataclass(frozen=True)
class Duties:
    """A week of a line: all its drives, and what they take.

    Attributes:
        stretches: in order of vehicle and time.
        driver_min: paid minutes of drivers: from the depot back to it, pauses of up to `break_min` included.
        vehicles: vehicles needed at once.
        km_run, km_empty: kilometres of runs, and to, from and between them.
    """

    stretches: tuple[Stretch, ...]
    driver_min: float
    vehicles: int
    km_run: float
    km_empty: float


def plan_week(line: Line, graph: RoadGraph, break_min: float) -> Duties:
    """Give each run of a week to a vehicle that is near: the one that came there last.

    A vehicle waits for its next run where the last one ended if that is within `break_min` minutes after it
    could be there, else it goes back to the depot, and its driver is not paid in between.

    Args:
        line: the line.
        graph: roads, for drives without riders.
        break_min: longest paid pause between two runs.

    Raises:
        UserError: the line has fewer vehicles than its runs take.
    """
    nodes = line.node
    depot = line.stops
    minutes = graph.seconds("car", nodes, nodes) / 60.0
    km = road_km(graph, nodes)
    runs = sorted(
        (1440.0 * day + start, k, back, day)
        for day in range(7)
        if line.day_mask >> day & 1
        for k, (back, start) in enumerate(line.runs())
    )
    free: list[tuple[float, int, int]] = []  # (end of the last run, vehicle, stop where it ended)
    drives: list[Stretch] = []
    paid = 0.0
    vehicles = 0

    def drive(vehicle: int, day: int, start: float, a: int, b: int) -> None:
        if minutes[a, b] > 0:
            end = start + float(minutes[a, b])
            drives.append(Stretch(vehicle, day, start, end, int(nodes[a]), int(nodes[b]), float(km[a, b])))

    for start, k, back, day in runs:
        first, last = (line.stops - 1, 0) if back else (0, line.stops - 1)
        near = [f for f in free if f[0] + minutes[f[2], first] <= start]
        kept = [f for f in near if start - f[0] - minutes[f[2], first] <= break_min]
        home = [f for f in near if f[0] + minutes[f[2], depot] + minutes[depot, first] <= start]
        if kept:  # stays out
            chosen = max(kept)
            paid += start - chosen[0]
            drive(chosen[1], day, start - float(minutes[chosen[2], first]), chosen[2], first)
        else:
            out_min = float(minutes[depot, first])
            if home:
                chosen = min(home)
                drive(chosen[1], day, chosen[0], chosen[2], depot)
                paid += float(minutes[chosen[2], depot])
            else:
                chosen = (0.0, vehicles, depot)
                vehicles += 1
            paid += out_min
            drive(chosen[1], day, start - out_min, depot, first)
        free = [f for f in free if f[1] != chosen[1]]
        order = range(line.stops - 1, 0, -1) if back else range(line.stops - 1)
        for s in order:
            a, b = (s, s - 1) if back else (s, s + 1)
            at = line.length_min - line.at_min if back else line.at_min
            drives.append(
                Stretch(
                    chosen[1], day, start + float(at[a]), start + float(at[b]), int(nodes[a]), int(nodes[b]),
                    abs(float(line.km[b] - line.km[a])), k, min(a, b),
                )
            )  # fmt: skip
        paid += line.length_min
        free.append((start + line.length_min, chosen[1], last))
    for end, vehicle, stop in free:
        drive(vehicle, min(6, int(end // 1440)), end, stop, depot)
        paid += float(minutes[stop, depot])
    if line.vehicles >= 0 and vehicles > line.vehicles:
        raise UserError(
            f"shuttle {line.name} has too few vehicles for its runs", found=f"{line.vehicles} vehicles",
            expected=f"{vehicles}: so many are out at once", fix="give it more, or leave `vehicles` out",
        )  # fmt: skip
    drives.sort(key=lambda d: (d.vehicle, d.start_min))
    km_run = sum(d.km for d in drives if d.run >= 0)
    return Duties(tuple(drives), paid, vehicles, km_run, sum(d.km for d in drives if d.run < 0))
