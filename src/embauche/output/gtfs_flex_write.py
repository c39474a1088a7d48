"""An on-demand system as rows of GTFS-Flex: stops or areas, windows, booking rules.

Lives here: system_tables. Not here: the feed and its files (gtfs_feed), the reader (territory.gtfs_flex).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embauche.output.gtfs_feed import BUS, Tables, clock

if TYPE_CHECKING:
    from embauche.routing.roads import RoadGraph
    from embauche.services.demand.options import Booking, System
    from embauche.territory.territory import Territory

BY_PHONE, NONE = 2, 1  # pickup_type and drop_off_type: must be booked, not at all
DIGITS = 5  # of a degree: a metre


def system_tables(
    tables: Tables, system: System, t: Territory, graph: RoadGraph, folder: Path | None
) -> None:
    """Add a system: one route, a trip for each window and the weekdays that have it.

    Stop-to-stop systems are a location group of their stops; door-to-door ones are an area.

    Args:
        tables: rows are added here.
        system: with the hours of its feed, if it has one.
        t: the territory.
        graph: its roads.
        folder: where relative files start from.
    """
    agency = tables.agency(system.authority or t.name)
    tables.once(
        "routes.txt", system.name, route_id=system.name, agency_id=agency, route_short_name=system.name[:12],
        route_long_name=None if len(system.name) <= 12 else system.name, route_type=BUS,
    )  # fmt: skip
    place = _area(tables, system, t, folder) if system.stops == "door" else None
    if place is None:
        place = {"location_group_id": _group(tables, system, t, graph, folder)}
    rule = _rule(tables, system.name, system.booking)
    windows: dict[tuple[int, int], list[int]] = {}
    for day, spans in enumerate(system.spans()):
        for span in spans:
            windows.setdefault(span, []).append(day)
    chairs = any(entry.wheelchair_places for entry in system.fleet)
    for k, (span, days) in enumerate(sorted(windows.items()), 1):
        trip = f"{system.name}-{k}"
        tables.add(
            "trips.txt", route_id=system.name, service_id=tables.service(days), trip_id=trip,
            wheelchair_accessible=1 if chairs else 2,
        )  # fmt: skip
        for sequence, (up, down) in enumerate(((BY_PHONE, NONE), (NONE, BY_PHONE)), 1):
            tables.add(
                "stop_times.txt", trip_id=trip, stop_sequence=sequence, **place,
                start_pickup_drop_off_window=clock(60 * span[0]),
                end_pickup_drop_off_window=clock(60 * span[1]), pickup_type=up, drop_off_type=down,
                pickup_booking_rule_id=rule, drop_off_booking_rule_id=rule,
            )  # fmt: skip


def _rule(tables: Tables, name: str, booking: Booking) -> str:
    rule = f"{name}-booking"
    given: dict[str, Any] = {"booking_type": 0}
    if booking.kind == "same_day":
        given = {"booking_type": 1, "prior_notice_duration_min": max(1, round(booking.notice_min))}
    if booking.kind == "previous_day":
        given = {
            "booking_type": 2, "prior_notice_last_day": booking.days_before,
            "prior_notice_last_time": clock(60 * booking.cut_off_min),
        }  # fmt: skip
    tables.once("booking_rules.txt", rule, booking_rule_id=rule, **given)
    return rule


def _group(tables: Tables, system: System, t: Territory, graph: RoadGraph, folder: Path | None) -> str:
    """The location group of a system's stops, those that it feeds too."""
    from embauche.services.demand.layout import lay_out

    group = f"{system.name}-stops"
    tables.once("location_groups.txt", group, location_group_id=group, location_group_name=system.name)
    layout = lay_out(system, t, graph, folder, 1.0)
    for row in range(layout.boarding + len(layout.feeder)):
        name, node = str(layout.stop_id[row]), int(layout.node[row])
        tables.once(
            "stops.txt", name, stop_id=name, stop_name=str(layout.stop_name[row]),
            stop_lat=f"{t.nodes.lat[node]:.6f}", stop_lon=f"{t.nodes.lon[node]:.6f}",
        )  # fmt: skip
        tables.once("location_group_stops.txt", f"{group} {name}", location_group_id=group, stop_id=name)
    return group


def _area(tables: Tables, system: System, t: Territory, folder: Path | None) -> dict[str, str]:
    """The area of a door-to-door system: communes whose roads lie in its zone, and its own polygons."""
    import numpy as np
    import shapely

    from embauche.services.demand.places import beside, zone_communes
    from embauche.territory.polygons import open_polygons, to_wgs84

    rows = np.flatnonzero(zone_communes(system, t))
    shapes = [shapely.from_wkb(t.communes.geometry[row]) for row in rows if t.communes.geometry[row]]
    if system.zone is not None and system.zone.file is not None:
        path = beside(folder, system.zone.file)
        shapes += list(to_wgs84(open_polygons(path), path, {}, []).geometry)
    shape = shapely.make_valid(shapely.set_precision(shapely.union_all(shapes), 10.0**-DIGITS))
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    geometry = json.loads(shapely.to_geojson(shapely.multipolygons(parts)))
    name = f"{system.name}-area"
    tables.areas.append(
        {"type": "Feature", "id": name, "properties": {"stop_name": system.name}, "geometry": geometry}
    )
    return {"location_id": name}
