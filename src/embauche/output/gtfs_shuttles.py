"""Shuttles as rows of a GTFS feed: each line a route, each of its runs a trip.

Lives here: shuttle_tables. Not here: where lines stop and how long they take (services.shuttles).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embauche.core.shifts import DAY_NAMES
from embauche.output.gtfs_feed import BUS, Tables, clock

if TYPE_CHECKING:
    from embauche.core.scenario import Scenario
    from embauche.routing.roads import RoadGraph
    from embauche.territory.territory import Territory


def shuttle_tables(tables: Tables, scenario: Scenario, t: Territory, graph: RoadGraph) -> None:
    """Add the lines of a scenario's shuttles.

    Args:
        tables: rows are added here.
        scenario: its service `shuttle` is on.
        t: the territory.
        graph: its roads.
    """
    from embauche.routing.stops_named import StopBook
    from embauche.services.shuttles.layout import line_of

    options: Any = scenario.settings().options.get("shuttle")
    book = StopBook(t, scenario.parameter_values())
    catalogue = scenario.catalogue()
    for given in options.lines if options is not None else ():
        line = line_of(given, book, t.nodes, graph, catalogue)
        tables.once(
            "routes.txt", line.name, route_id=line.name, agency_id=tables.agency(line.authority or t.name),
            route_short_name=line.name[:12], route_long_name=line.name if len(line.name) > 12 else None,
            route_type=BUS,
        )  # fmt: skip
        days = [d for d in range(len(DAY_NAMES)) if line.day_mask >> d & 1]
        stops = [_stop(tables, book, int(row)) for row in line.stop]
        there = [float(m) for m in line.at_min]
        back = [line.length_min - m for m in reversed(there)]
        for way, (names, after, runs) in enumerate(
            ((stops, there, line.there), (stops[::-1], back, line.back))
        ):
            for k, start in enumerate(runs.tolist(), 1):
                trip = f"{line.name}-{'ab'[way]}{k}"
                tables.add(
                    "trips.txt", route_id=line.name, service_id=tables.service(days), trip_id=trip,
                    direction_id=way,
                )  # fmt: skip
                for sequence, (stop, minute) in enumerate(zip(names, after, strict=True), 1):
                    time = clock(60 * (start + minute))
                    tables.add(
                        "stop_times.txt", trip_id=trip, stop_sequence=sequence, stop_id=stop,
                        arrival_time=time, departure_time=time,
                    )  # fmt: skip


def _stop(tables: Tables, book: Any, row: int) -> str:
    name = str(book.columns["stop_id"][row])
    tables.once(
        "stops.txt", name, stop_id=name, stop_name=str(book.columns["name"][row]) or name,
        stop_lat=f"{book.columns['lat'][row]:.6f}", stop_lon=f"{book.columns['lon'][row]:.6f}",
    )  # fmt: skip
    return name
