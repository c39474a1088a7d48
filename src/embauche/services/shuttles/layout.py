"""Lines of shuttles on the roads: where they stop, how long they take, who can walk to them.

Lives here: Line, Layout. Not here: seats and bookings (seats), vehicles and drivers (fleet).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.shifts import ShiftCatalogue
from embauche.core.timetable_plan import NewLine
from embauche.routing.access import walks
from embauche.routing.roads import RoadGraph
from embauche.routing.stops_named import StopBook, drivable
from embauche.routing.timetable_plan import driven_s, stop_rows
from embauche.services.shuttles.options import ShuttleLine

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Line:
    """One line of shuttles.

    Attributes:
        name, authority, seats, vehicles, day_mask: as given; vehicles -1 where not.
        node: int64 [stop] nodes where it stops, its depot's last [stop + 1].
        stop: int64 [stop] rows of the book of stops.
        at_min: float64 [stop] minutes after the first stop; back takes as long.
        km: float64 [stop] kilometres since the first stop.
        there, back: float64 [run] minutes after midnight at which runs leave their first stop, sorted; those
            back leave the last stop.
    """

    name: str
    authority: str
    seats: int
    vehicles: int
    day_mask: int
    node: Array
    stop: Array
    at_min: Array
    km: Array
    there: Array
    back: Array

    @property
    def stops(self) -> int:
        """Number of stops."""
        return len(self.at_min)

    @property
    def length_min(self) -> float:
        """Minutes from end to end."""
        return float(self.at_min[-1])

    def runs(self) -> list[tuple[bool, float]]:
        """(back, start) of every run, those there first."""
        return [(False, float(t)) for t in self.there] + [(True, float(t)) for t in self.back]


def road_km(graph: RoadGraph, nodes: Array) -> Array:
    """Kilometres by car between nodes, float64 [node, node]."""
    found = graph.weighting("car").times_and_metres(graph.leave[nodes], graph.arrive[nodes])
    return np.asarray(found[1], np.float64) / 10_000.0  # tenths of a metre


def line_of(
    given: ShuttleLine, book: StopBook, nodes: Any, graph: RoadGraph, catalogue: ShiftCatalogue
) -> Line:
    """A line as given, on the roads; its depot's stop is added to the book.

    Raises:
        UserError: an unknown stop, one off the network, or no way by car between two.
    """
    points = tuple(s.plain() for s in given.stops)
    plan = NewLine(given.name, points, 3, (), ())
    rows = np.array(stop_rows(plan, book), np.int64)
    depot = rows[0] if given.depot is None else book.row(given.depot.plain(), int(rows[0]))
    node = drivable(nodes, book.columns["node"][np.append(rows, depot)])
    at = np.array([s.at_s or 0 for s in points], np.int64)
    if any(s.at_s is None for s in points[1:]):
        at = driven_s(node[:-1], graph, given.name)
    km = road_km(graph, node[:-1])
    along = np.concatenate([[0.0], np.cumsum([km[k, k + 1] for k in range(len(rows) - 1)])])
    at_min = (at - at[0]) / 60.0
    there, back = {float(t) for t in given.departures}, {float(t) for t in given.departures_back}
    for window in catalogue.windows:
        if window.name in given.windows:
            there.add(window.start_min - float(given.arrive_before) - float(at_min[-1]))
            back.add(window.end_min + float(given.leave_after))
    vehicles = -1 if given.vehicles is None else given.vehicles
    if given.seats == 0 or vehicles == 0:  # nobody is carried
        there, back = set(), set()
    return Line(
        given.name, given.authority, given.seats, vehicles, given.day_mask, node, rows, at_min, along,
        np.array(sorted(there)), np.array(sorted(back)),
    )  # fmt: skip


@dataclass(frozen=True)
class Access:
    """Who walks where for one line.

    Attributes:
        work_stop: int16 [site] the stop nearest to each workplace, never the first; -1 out of reach.
        work_walk: float32 [site] minutes between them.
        home_min: float32 [stop, place] minutes from home until the line is at a stop, walk and ride together,
            by the best stop before it; inf out of reach.
        home_stop: int16 [stop, place] that stop.
    """

    work_stop: Array
    work_walk: Array
    home_min: Array
    home_stop: Array

    @classmethod
    def of(cls, line: Line, site_walk: Array, place_walk: Array) -> Access:
        """From minutes on foot, float32 [stop, site] and [stop, place], inf out of reach."""
        work = 1 + np.argmin(site_walk[1:], axis=0)
        least = np.take_along_axis(site_walk, work[None, :], axis=0)[0]
        home_min = np.full(place_walk.shape, np.inf, np.float32)
        home_stop = np.full(place_walk.shape, -1, np.int16)
        for j in np.unique(work[np.isfinite(least)]).tolist():
            minutes = place_walk[:j] + (line.at_min[j] - line.at_min[:j, None])
            home_stop[j] = np.argmin(minutes, axis=0)
            home_min[j] = minutes.min(axis=0)
        work_stop = np.where(np.isfinite(least), work, -1).astype(np.int16)
        return cls(work_stop, least.astype(np.float32), home_min, home_stop)


@dataclass(frozen=True)
class Layout:
    """All lines with who can use them.

    Attributes:
        lines: in the scenario's order.
        access: one a line.
    """

    lines: tuple[Line, ...]
    access: tuple[Access, ...]

    @classmethod
    def make(
        cls, given: tuple[ShuttleLine, ...], territory: Any, graph: RoadGraph, catalogue: ShiftCatalogue,
        values: Mapping[str, float], place_node: Array, site_node: Array,
    ) -> Layout:  # fmt: skip
        """Put the lines on the roads.

        Args:
            given: the scenario's lines.
            territory: stops by name, communes, nodes.
            graph: roads.
            catalogue: shifts, for the windows' hours.
            values: parameters.
            place_node, site_node: int nodes of used places and sites; -1 where nobody walks (external).
        """
        book = StopBook(territory, values)
        lines = tuple(line_of(line, book, territory.nodes, graph, catalogue) for line in given)
        stops = len(book.columns["node"])
        used = np.unique(np.concatenate([line.stop for line in lines])) if lines else np.zeros(0, np.int64)
        longest = values["shuttle.max_walk_min"] * 60.0

        def on_foot(node: Array) -> Array:
            out = np.full((stops, len(node)), np.inf, np.float32)
            stop_node, walk_s = book.columns["node"][used], book.columns["walk_s"][used]
            stop, row, seconds = walks(graph, stop_node, walk_s, node, longest)
            out[used[stop], row] = seconds / 60.0
            return out

        sites, places = on_foot(site_node), on_foot(place_node)
        access = tuple(Access.of(line, sites[line.stop], places[line.stop]) for line in lines)
        return cls(lines, access)
