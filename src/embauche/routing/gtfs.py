"""Reads one GTFS feed into clean arrays: stops, trips, stop times, calendars, frequencies.

Lives here: what a feed must have, and the repairs that the field makes. Not here: the choice of a
week and connections (timetable_week), zips (archive).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from embauche.core.errors import UserError
from embauche.routing.gtfs_archive import Archive
from embauche.routing.gtfs_changes import read_pathways, read_transfers
from embauche.routing.gtfs_times import read_frequencies, read_stop_times
from embauche.routing.gtfs_values import converted, date, degrees, unique

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass
class Feed:
    """One feed.

    Attributes:
        stops: stop_id (index), name, lon, lat, wheelchair.
        trips: trip_id (index), route, route_name, agency, mode, service, wheelchair.
        times: trip, stop, arr_s, dep_s, pickup, dropoff; sorted by trip and sequence.
        calendar: service, start and end (days since 1970), then seven booleans.
        exceptions: service, day, added (bool).
        frequencies: trip, start_s, end_s, headway_s.
        transfers: start, end, kind, seconds; pathways: start, end, seconds, steps (see gtfs_changes).
        parent: station of each location that has one.
        counts: repairs and what was left out.
    """

    path: Path
    stops: pd.DataFrame
    trips: pd.DataFrame
    times: pd.DataFrame
    calendar: pd.DataFrame
    exceptions: pd.DataFrame
    frequencies: pd.DataFrame
    transfers: pd.DataFrame
    pathways: pd.DataFrame
    parent: dict[str, str]
    counts: dict[str, int] = field(default_factory=dict)


def read_feed(path: Path) -> Feed:
    """Read a GTFS zip or folder.

    Repaired and counted: Latin-1 text, a missing agency.txt, ids that come twice, stops without
    coordinates, stop times out of order or without times, rows that refer to nothing.

    Raises:
        UserError: no zip, a hostile zip, no calendar, no stop times, missing columns, bad values.
    """
    archive = Archive(path)
    counts: dict[str, int] = {}
    try:
        calendar, exceptions = _calendars(archive, counts)
        stops, parent = _stops(archive, counts)
        trips = _trips(archive, counts)
        times = read_stop_times(archive, stops, trips, counts)
        frequencies = read_frequencies(archive, trips, counts)
        transfers, pathways = read_transfers(archive, counts), read_pathways(archive)
    finally:
        archive.close()
    counts |= archive.counts
    kept = trips.loc[trips.index.isin(times["trip"])]
    gone = len(trips) - len(kept)
    if gone:
        counts["trips left out (no two usable stop times)"] = gone
    return Feed(
        Path(path), stops, kept, times, calendar, exceptions, frequencies, transfers, pathways, parent, counts
    )  # fmt: skip


def _calendars(archive: Archive, counts: dict[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    regular = archive.table("calendar.txt", ("service_id", *WEEKDAYS, "start_date", "end_date"))
    single = archive.table("calendar_dates.txt", ("service_id", "date", "exception_type"))
    if regular.empty and single.empty:
        raise UserError(
            "the feed has neither calendar.txt nor calendar_dates.txt with rows: no day has service",
            file=archive.path,
            expected="at least one of the two",
            fix="ask the publisher for the calendar; without it no trip can be dated",
        )
    dates = "a date YYYYMMDD"
    calendar = pd.DataFrame({"service": regular["service_id"]})
    for column in ("start", "end"):
        calendar[column] = converted(archive, "calendar.txt", regular[f"{column}_date"], date, dates).astype(
            int
        )
    flags: dict[str, float] = {"0": 0, "1": 1, "": 0}
    for day in WEEKDAYS:
        calendar[day] = converted(archive, "calendar.txt", regular[day], flags.get, "0 or 1") == 1
    exceptions = pd.DataFrame({"service": single["service_id"]})
    exceptions["day"] = converted(archive, "calendar_dates.txt", single["date"], date, dates).astype(int)
    kind = {"1": 1.0, "2": 2.0}.get
    what = "1 (runs) or 2 (does not)"
    exceptions["added"] = converted(archive, "calendar_dates.txt", single["exception_type"], kind, what) == 1
    order = ["service", "day", "added"]
    return (
        unique(calendar, ["service"], "calendars of a service", counts),
        unique(exceptions.sort_values(order), order[:2], "calendar dates of a service", counts),
    )


_ACCESS = {"1": 1, "2": 2}  # wheelchair flags: 1 possible, 2 not; anything else 0, not known


def _stops(archive: Archive, counts: dict[str, int]) -> tuple[pd.DataFrame, dict[str, str]]:
    raw = archive.table("stops.txt", ("stop_id", "stop_lat", "stop_lon"), need_rows=True)
    raw = unique(raw, ["stop_id"], "stops", counts)
    ids = raw["stop_id"]
    station = raw["parent_station"] if "parent_station" in raw else pd.Series("", raw.index, dtype=str)
    parent = {stop: of for stop, of in zip(ids, station, strict=True) if of}
    if "wheelchair_boarding" in raw:  # blank at a platform: as its station says
        flags = dict(zip(ids, raw["wheelchair_boarding"].map(_ACCESS).fillna(0).astype(int), strict=True))
        raw = raw.assign(wheelchair=[flags[s] or flags.get(parent.get(s, ""), 0) for s in ids])
    if "location_type" in raw:
        raw = raw[raw["location_type"].isin(["", "0"])]
    frame = pd.DataFrame(
        {
            "stop_id": raw["stop_id"],
            "name": raw["stop_name"] if "stop_name" in raw else raw["stop_id"],
            "lon": raw["stop_lon"].map(degrees).astype(float),
            "lat": raw["stop_lat"].map(degrees).astype(float),
            "wheelchair": raw.get("wheelchair", 0),
        }
    )
    located = frame["lon"].notna() & frame["lat"].abs().le(90)
    if not located.all():
        counts["stops without coordinates, left out"] = int((~located).sum())
    return frame[located].set_index("stop_id").sort_index(), parent


def _fold_mode(text: str) -> int:
    """GTFS route types, also the extended ones, as 0 tram, 1 metro, 2 rail, 3 bus and others."""
    code = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 3
    if code in (0, 5) or 900 <= code < 1000:
        return 0
    if code in (1, 12) or 400 <= code < 500:
        return 1
    return 2 if code == 2 or 100 <= code < 200 else 3


def _trips(archive: Archive, counts: dict[str, int]) -> pd.DataFrame:
    raw = archive.table("trips.txt", ("route_id", "service_id", "trip_id"), need_rows=True)
    raw = unique(raw, ["trip_id"], "trips", counts)
    routes = unique(
        archive.table("routes.txt", ("route_id",), need_rows=True), ["route_id"], "routes", counts
    )
    routes = routes.set_index("route_id")
    agencies = archive.table("agency.txt")
    if agencies.empty or "agency_name" not in agencies:
        counts["missing agency.txt"] = 1
        names = {}
    elif "agency_id" in agencies:
        names = dict(zip(agencies["agency_id"], agencies["agency_name"], strict=True))
    else:
        names = {"": agencies["agency_name"].iloc[0]}
    if "route_type" in routes:
        odd = sum(not (t.isascii() and t.isdigit()) for t in routes["route_type"])
        if odd:
            counts["routes of unreadable type, taken as buses"] = odd
    known = raw["route_id"].isin(routes.index)
    if not known.all():
        counts["trips of unknown routes, left out"] = int((~known).sum())
    raw = raw[known]

    def of_route(column: str) -> pd.Series:
        return (
            raw["route_id"].map(routes[column]) if column in routes else pd.Series("", raw.index, dtype=str)
        )

    short, long = of_route("route_short_name"), of_route("route_long_name")
    only = next(iter(names.values())) if len(names) == 1 else ""
    frame = pd.DataFrame(
        {
            "trip_id": raw["trip_id"],
            "route": raw["route_id"],
            "route_name": short.where(short != "", long),
            "agency": [names.get(a, only) for a in of_route("agency_id")],
            "mode": [_fold_mode(t) for t in of_route("route_type")],
            "service": raw["service_id"],
            "wheelchair": raw["wheelchair_accessible"].map(_ACCESS).fillna(0).astype(int)
            if "wheelchair_accessible" in raw
            else 0,
        }
    )
    return frame.set_index("trip_id").sort_index()
