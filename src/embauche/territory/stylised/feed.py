"""A stylised network as a GTFS zip.

Lives here: GTFS tables and the zip (no timestamps). Not here: lines (routes), departures (patterns).
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np

from embauche.core.files import atomic_path
from embauche.territory.stylised.ground import Ground
from embauche.territory.stylised.patterns import DAYS, departures
from embauche.territory.stylised.routes import Network, RunLine, shift_min

YEAR = 2026
_MASKS = {"week": "1111100", "saturday": "0000010", "sunday": "0000001"}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Row = tuple[object, ...]


def write_gtfs(path: Path, ground: Ground, network: Network, year: int = YEAR) -> None:
    """Write agency, stops, routes, trips, stop_times, calendar and feed_info, valid for one year."""
    tables: dict[str, list[Row]] = {
        "agency.txt": _agencies(network),
        "calendar.txt": _calendar(year),
        "feed_info.txt": [
            (
                "feed_publisher_name",
                "feed_publisher_url",
                "feed_lang",
                "feed_start_date",
                "feed_end_date",
                "feed_version",
            ),
            (
                "embauche (stylised, not a real timetable)",
                "https://example.org",
                "fr",
                f"{year}0101",
                f"{year}1231",
                "stylised",
            ),
        ],
        "routes.txt": _routes(network),
        "stops.txt": _stops(ground, network),
    }
    tables["trips.txt"], tables["stop_times.txt"] = _trips(network)
    with atomic_path(path) as tmp, zipfile.ZipFile(tmp, "w") as archive:
        for name, rows in sorted(tables.items()):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, text.getvalue().encode(), zipfile.ZIP_DEFLATED, 6)


def _agency_id(line: RunLine) -> str:
    return {"T": "ter", "R": "urban"}.get(line.agency[0], "interurban")


def _agencies(network: Network) -> list[Row]:
    known = sorted({(_agency_id(line), line.agency) for line in network.lines})
    head: Row = ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang")
    return [head, *((i, name, "https://example.org", "Europe/Paris", "fr") for i, name in known)]


def _calendar(year: int) -> list[Row]:
    head: Row = ("service_id", *_WEEKDAYS, "start_date", "end_date")
    return [head, *((d, *_MASKS[d], f"{year}0101", f"{year}1231") for d in DAYS)]


def _route_id(row: int) -> str:
    return f"R{row + 1:03d}"


def _routes(network: Network) -> list[Row]:
    head: Row = ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type")
    rows: list[Row] = [
        (_route_id(r), _agency_id(line), line.name, line.long_name, 2 if line.mode == "rail" else 3)
        for r, line in enumerate(network.lines)
    ]
    return [head, *rows]


def _stops(ground: Ground, network: Network) -> list[Row]:
    stops = [network.stops[s] for s in sorted(network.stops)]
    where = ground.to_degrees(np.array([s.xy for s in stops]).reshape(-1, 2))
    head: Row = ("stop_id", "stop_name", "stop_lat", "stop_lon", "wheelchair_boarding")
    return [
        head,
        *(
            (s.identity, s.name, f"{lat:.6f}", f"{lon:.6f}", 0)
            for s, (lon, lat) in zip(stops, where, strict=True)
        ),
    ]


def _trips(network: Network) -> tuple[list[Row], list[Row]]:
    trips: list[Row] = [("route_id", "service_id", "trip_id", "trip_headsign", "direction_id")]
    times: list[Row] = [("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence")]
    for r, line in enumerate(network.lines):
        there = list(zip(line.stops, line.seconds, strict=True))
        back = [(s, line.seconds[-1] - t) for s, t in reversed(there)]
        for direction, calls in enumerate((there, back)):
            headsign = network.stops[calls[-1][0]].name
            for day in DAYS:
                for n, start in enumerate(
                    departures(line.level, day, shift_min(line.name + "<>"[direction]))
                ):
                    trip = f"{_route_id(r)}-{direction}-{day[:3]}-{n + 1:02d}"
                    trips.append((_route_id(r), day, trip, headsign, direction))
                    for k, (stop, seconds) in enumerate(calls, 1):
                        text = _hms(start + seconds)
                        times.append((trip, text, text, stop, k))
    return trips, times


def _hms(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
