"""Reads one GTFS feed into clean arrays: stops, trips, stop times, calendars, frequencies.

Lives here: what a feed must have, and the repairs that the field makes. Not here: the choice of a
week and connections (timetable_week), zips (archive).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from embauche.core.errors import Problem, UserError, raise_all
from embauche.territory.archive import Archive
from embauche.territory.roads import distance_m

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIX = "correct the feed, or ask its publisher (a GTFS validator names such faults)"
_LATEST_S = 7 * 86400


@dataclass
class Feed:
    """One feed.

    Attributes:
        stops: stop_id (index), name, lon, lat, wheelchair.
        trips: trip_id (index), route, route_name, agency, mode, service.
        times: trip, stop, arr_s, dep_s, pickup, dropoff; sorted by trip and sequence.
        calendar: service, start and end (days since 1970), then seven booleans.
        exceptions: service, day, added (bool).
        frequencies: trip, start_s, end_s, headway_s.
        counts: repairs and what was left out.
    """

    path: Path
    stops: pd.DataFrame
    trips: pd.DataFrame
    times: pd.DataFrame
    calendar: pd.DataFrame
    exceptions: pd.DataFrame
    frequencies: pd.DataFrame
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
        calendar, exceptions = _calendars(archive)
        stops = _stops(archive, counts)
        trips = _trips(archive, counts)
        times = _stop_times(archive, stops, trips, counts)
        frequencies = _frequencies(archive, trips)
        for name in ("transfers.txt", "pathways.txt"):
            if name in archive and len(archive.table(name)):
                counts[f"{name} rows not used"] = len(archive.table(name))
    finally:
        archive.close()
    counts |= archive.counts
    kept = trips.loc[trips.index.isin(times["trip"])]
    gone = len(trips) - len(kept)
    if gone:
        counts["trips left out (no two usable stop times)"] = gone
    return Feed(Path(path), stops, kept, times, calendar, exceptions, frequencies, counts)


def _unique(frame: pd.DataFrame, keys: list[str], what: str, counts: dict[str, int]) -> pd.DataFrame:
    twice = frame.duplicated(keys)
    if twice.any():
        counts[f"{what} that came twice"] = int(twice.sum())
    return frame[~twice]


def _converted(
    archive: Archive, name: str, column: pd.Series, convert: Callable[[str], float | None], expected: str
) -> pd.Series:
    """Each distinct text converted once; texts that are not of the form are all reported."""
    values = {text: convert(text) for text in column.unique()}
    bad = {text for text, value in values.items() if value is None}
    if bad:
        first = column[column.isin(bad)].drop_duplicates()[:10]
        raise_all(
            Problem(
                f"{column.name} cannot be read",
                archive.where(name),
                int(str(line)),
                repr(text),
                expected,
                _FIX,
            )
            for line, text in first.items()
        )
    return column.map(values).astype(float)


def _seconds(text: str) -> float | None:
    if not text:
        return float("nan")
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(
        p.strip().isascii() and p.strip().isdigit() and len(p.strip()) <= 3 for p in parts
    ):
        return None
    hours, minutes, seconds = (int(p) for p in [*parts, "0"][:3])
    total = hours * 3600 + minutes * 60 + seconds
    return total if minutes < 60 and seconds < 60 and total < _LATEST_S else None


def _date(text: str) -> float | None:
    if len(text) != 8 or not text.isascii() or not text.isdigit() or not "1970" <= text[:4] <= "2199":
        return None
    try:
        return float(np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:]}", "D").astype(int))
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def _code(text: str) -> float | None:
    return 0.0 if not text else _number(text)


def _degrees(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if abs(value) <= 180 else float("nan")


def _calendars(archive: Archive) -> tuple[pd.DataFrame, pd.DataFrame]:
    regular = archive.table("calendar.txt", ("service_id", *_WEEKDAYS, "start_date", "end_date"))
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
        calendar[column] = _converted(
            archive, "calendar.txt", regular[f"{column}_date"], _date, dates
        ).astype(int)
    for day in _WEEKDAYS:
        calendar[day] = regular[day] == "1"
    exceptions = pd.DataFrame({"service": single["service_id"]})
    exceptions["day"] = _converted(archive, "calendar_dates.txt", single["date"], _date, dates).astype(int)
    exceptions["added"] = single["exception_type"] == "1"
    order = ["service", "day", "added"]
    return calendar.drop_duplicates("service"), exceptions.sort_values(order).drop_duplicates(order[:2])


def _stops(archive: Archive, counts: dict[str, int]) -> pd.DataFrame:
    raw = archive.table("stops.txt", ("stop_id", "stop_lat", "stop_lon"), need_rows=True)
    raw = _unique(raw, ["stop_id"], "stops", counts)
    if "location_type" in raw:
        raw = raw[raw["location_type"].isin(["", "0"])]
    frame = pd.DataFrame(
        {
            "stop_id": raw["stop_id"],
            "name": raw["stop_name"] if "stop_name" in raw else raw["stop_id"],
            "lon": raw["stop_lon"].map(_degrees).astype(float),
            "lat": raw["stop_lat"].map(_degrees).astype(float),
            "wheelchair": raw["wheelchair_boarding"].isin(["1", "2"])
            * raw["wheelchair_boarding"].eq("2").add(1)
            if "wheelchair_boarding" in raw
            else 0,
        }
    )
    located = frame["lon"].notna() & frame["lat"].abs().le(90)
    if not located.all():
        counts["stops without coordinates, left out"] = int((~located).sum())
    return frame[located].set_index("stop_id").sort_index()


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
    raw = _unique(raw, ["trip_id"], "trips", counts)
    routes = _unique(
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
        }
    )
    return frame.set_index("trip_id").sort_index()


def _stop_times(
    archive: Archive, stops: pd.DataFrame, trips: pd.DataFrame, counts: dict[str, int]
) -> pd.DataFrame:
    name = "stop_times.txt"
    columns = ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence")
    raw = archive.table(name, columns, need_rows=True)
    windows = [c for c in raw if str(c).startswith(("start_pickup", "end_pickup"))]
    if windows:
        flexible = (raw[windows] != "").any(axis=1)
        if flexible.any():
            counts["on-demand trips (GTFS-Flex), not read yet"] = int(raw.loc[flexible, "trip_id"].nunique())
            raw = raw[~raw["trip_id"].isin(raw.loc[flexible, "trip_id"])]
    known = raw["trip_id"].isin(trips.index) & raw["stop_id"].isin(stops.index)
    if not known.all():
        counts["stop times of unknown trips or stops, left out"] = int((~known).sum())
    raw = raw[known]
    frame = pd.DataFrame({"trip": raw["trip_id"], "stop": raw["stop_id"]})
    frame["sequence"] = _converted(archive, name, raw["stop_sequence"], _number, "a whole number from 0")
    times = "a time H:MM:SS below 168:00:00, or nothing"
    arrive = _converted(archive, name, raw["arrival_time"], _seconds, times)
    depart = _converted(archive, name, raw["departure_time"], _seconds, times)
    frame["arr_s"], frame["dep_s"] = arrive.fillna(depart), depart.fillna(arrive)
    frame["pickup"] = raw["pickup_type"] != "1" if "pickup_type" in raw else True
    frame["dropoff"] = raw["drop_off_type"] != "1" if "drop_off_type" in raw else True
    ordered = frame.sort_values(["trip", "sequence", "arr_s", "stop"], kind="stable")
    shuffled = (frame["trip"] == frame["trip"].shift()) & (frame["sequence"] < frame["sequence"].shift())
    if shuffled.any():
        counts["stop times out of order, sorted by stop_sequence"] = int(shuffled.sum())
    ordered = _unique(ordered, ["trip", "sequence"], "stop times", counts)
    return _whole_trips(_interpolated(ordered, stops, counts), counts)


def _interpolated(frame: pd.DataFrame, stops: pd.DataFrame, counts: dict[str, int]) -> pd.DataFrame:
    """Times that GTFS lets a feed leave out, by distance between the stops that have some."""
    missing = frame["arr_s"].isna()
    if not missing.any():
        return frame
    ends = ~frame.duplicated("trip") | ~frame.duplicated("trip", keep="last")
    open_ended = set(frame.loc[ends & missing, "trip"])
    if open_ended:
        counts["trips without first or last time, left out"] = len(open_ended)
        frame = frame[~frame["trip"].isin(open_ended)].copy()
        missing = frame["arr_s"].isna()
    if not missing.any():
        return frame
    counts["stop times interpolated"] = int(missing.sum())
    at = stops.loc[frame["stop"]]
    lon, lat = at["lon"].to_numpy(), at["lat"].to_numpy()
    # A metre a row keeps the scale rising where a stop comes twice; trips never share a gap.
    along = np.concatenate([[0.0], np.cumsum(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]) + 1.0)])
    gap, known = missing.to_numpy(), ~missing.to_numpy()
    frame = frame.copy()
    arrive, depart = frame["arr_s"].to_numpy().copy(), frame["dep_s"].to_numpy().copy()
    before = np.maximum.accumulate(np.where(known, np.arange(len(gap)), 0))
    after = np.minimum.accumulate(np.where(known, np.arange(len(gap)), len(gap) - 1)[::-1])[::-1]
    share = (along - along[before]) / np.maximum(along[after] - along[before], 1e-9)
    filled = np.rint(depart[before] + share * (arrive[after] - depart[before]))
    frame["arr_s"], frame["dep_s"] = np.where(gap, filled, arrive), np.where(gap, filled, depart)
    return frame


def _whole_trips(frame: pd.DataFrame, counts: dict[str, int]) -> pd.DataFrame:
    """Without trips that go back in time or have a single stop."""
    follows = frame["trip"] == frame["trip"].shift()
    back = (frame["dep_s"] < frame["arr_s"]) | (follows & (frame["arr_s"] < frame["dep_s"].shift()))
    wrong = set(frame.loc[back, "trip"])
    if wrong:
        counts["trips that go back in time, left out"] = len(wrong)
    size = frame.groupby("trip")["stop"].transform("size")
    frame = frame[~frame["trip"].isin(wrong) & (size > 1)]
    return frame.astype({"arr_s": int, "dep_s": int}).reset_index(drop=True)


def _frequencies(archive: Archive, trips: pd.DataFrame) -> pd.DataFrame:
    name = "frequencies.txt"
    raw = archive.table(name, ("trip_id", "start_time", "end_time", "headway_secs"))
    raw = raw[raw["trip_id"].isin(trips.index)]
    frame = pd.DataFrame({"trip": raw["trip_id"]})
    for column in ("start", "end"):
        frame[f"{column}_s"] = _converted(
            archive, name, raw[f"{column}_time"], lambda t: _seconds(t) if t else None, "a time H:MM:SS"
        )
    frame["headway_s"] = _converted(
        archive,
        name,
        raw["headway_secs"],
        lambda t: v if (v := _number(t)) is not None and v >= 10 else None,
        "seconds, 10 or more",
    )
    return frame.astype({"start_s": int, "end_s": int, "headway_s": int}).sort_values(
        ["trip", "start_s", "end_s"]
    )
