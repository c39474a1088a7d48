"""One week of the timetables: which week, which trips on which days, connections between stops.

Lives here: the choice of the week and what runs in it, over all feeds. Not here: reading (gtfs).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from embauche.core.errors import UserError
from embauche.territory.gtfs import _WEEKDAYS, Feed, read_feed
from embauche.territory.roads import distance_m

_MONDAY = 3  # 1970-01-01 was a Thursday: day d is weekday (d + 3) % 7
_MAX_CONNECTIONS = 50_000_000


@dataclass
class Week:
    """Columns of stops, trips and connections of the chosen week.

    Attributes:
        described: first day, trips, how it was chosen.
        counts, notes: repairs of all feeds, and sentences.
    """

    stops: dict[str, Any]
    trips: dict[str, Any]
    connections: dict[str, Any]
    described: dict[str, Any]
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def _as_day(day: dt.date | str) -> int:
    try:
        date = dt.date.fromisoformat(str(day)[:10])
    except ValueError:
        raise UserError(
            "the day of the timetable cannot be read",
            found=str(day),
            expected="YYYY-MM-DD",
            fix="write for example --day 2026-03-17",
        ) from None
    return (date - dt.date(1970, 1, 1)).days


def _iso(day: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=int(day))).isoformat()


def trips_by_week(feed: Feed) -> dict[int, int]:
    """Trips run in each week with service: Monday (days since 1970) to count.

    Works by weekday on the calendars' first and last weeks, so a calendar that ends in 2199 costs
    no more than a week's.
    """
    number = feed.trips["service"].value_counts()
    cal = feed.calendar[
        feed.calendar["service"].isin(number.index) & (feed.calendar["start"] <= feed.calendar["end"])
    ]
    exc = feed.exceptions[feed.exceptions["service"].isin(number.index)]
    if cal.empty and exc.empty:
        return {}
    days = np.concatenate([cal["start"], cal["end"], exc["day"]]).astype(int)
    low, high = (int(days.min()) + _MONDAY) // 7, (int(days.max()) + _MONDAY) // 7
    total = np.zeros(high - low + 2, np.int64)
    n = number.reindex(cal["service"]).to_numpy()
    for weekday, column in enumerate(_WEEKDAYS):
        runs = cal[column].to_numpy(bool)
        # first and last week in which this weekday lies within the dates
        first = -((-(cal["start"].to_numpy() + _MONDAY - weekday)) // 7) - low
        last = (cal["end"].to_numpy() + _MONDAY - weekday) // 7 - low
        runs = runs & (first <= last)
        np.add.at(total, first[runs], n[runs])
        np.add.at(total, last[runs] + 1, -n[runs])
    total = np.cumsum(total)[:-1]
    if len(exc):
        base = _runs_by_calendar(feed.calendar, exc["service"], exc["day"].to_numpy())
        change = np.where(
            exc["added"].to_numpy() & ~base, 1, np.where(~exc["added"].to_numpy() & base, -1, 0)
        )
        np.add.at(
            total,
            (exc["day"].to_numpy() + _MONDAY) // 7 - low,
            change * number.reindex(exc["service"]).to_numpy(),
        )
    return {int(low + w) * 7 - _MONDAY: int(total[w]) for w in np.flatnonzero(total > 0)}


def _runs_by_calendar(calendar: pd.DataFrame, service: pd.Series, day: Any) -> Any:
    """Whether calendar.txt alone runs each service on each day, bool [row]."""
    rows = calendar.set_index("service").reindex(service)
    weekday = (day + _MONDAY) % 7
    flags = rows[list(_WEEKDAYS)].to_numpy()
    on = np.array([flags[i, w] is True or flags[i, w] == 1 for i, w in enumerate(weekday)], bool)
    return on & (rows["start"].to_numpy(float) <= day) & (day <= rows["end"].to_numpy(float))


def _day_masks(feed: Feed, monday: int) -> dict[str, int]:
    """Bit mask of weekdays of each service in a week."""
    masks: dict[str, int] = {}
    for bit, column in enumerate(_WEEKDAYS):
        day = monday + bit
        cal = feed.calendar
        running = set(cal.loc[cal[column] & (cal["start"] <= day) & (day <= cal["end"]), "service"])
        today = feed.exceptions[feed.exceptions["day"] == day]
        running = (running | set(today.loc[today["added"], "service"])) - set(
            today.loc[~today["added"], "service"]
        )
        for service in running:
            masks[service] = masks.get(service, 0) | 1 << bit
    return masks


def _choose(
    feeds: Sequence[Feed], weeks: Sequence[dict[int, int]], day: dt.date | str | None
) -> tuple[int, str]:
    for feed, runs in zip(feeds, weeks, strict=True):
        if not runs:
            raise UserError(
                "no trip of the feed ever runs",
                file=feed.path,
                found=_why_idle(feed),
                expected="trips with stop times and a calendar",
                fix="check calendar.txt, calendar_dates.txt, trips.txt and stop_times.txt",
            )
    if day is not None:
        asked = (_as_day(day) + _MONDAY) // 7 * 7 - _MONDAY
        idle = [f for f, runs in zip(feeds, weeks, strict=True) if asked not in runs]
        if len(idle) == len(feeds):
            spans = [f"{_iso(min(r))} to {_iso(max(r) + 6)}" for r in weeks]
            best = _median_week(weeks)
            raise UserError(
                f"no trip runs in the week of {day}",
                file=feeds[0].path,
                found=f"service from {', '.join(spans)}",
                expected="a day within these, in a week with service",
                fix=f"write --day {_iso(best)}, or leave --day out",
            )
        return asked, f"the week of {day}, as asked"
    return _median_week(weeks), "the week with the median number of trips"


def _why_idle(feed: Feed) -> str:
    """What keeps a feed from running: trips left out, or calendars without a day."""
    lost = "; ".join(f"{n} {what}" for what, n in feed.counts.items() if "left out" in what)
    if len(feed.trips):
        return f"{len(feed.trips)} trips whose calendars have no day of service" + (lost and f"; {lost}")
    return lost or "no trips"


def _median_week(weeks: Sequence[dict[int, int]]) -> int:
    shared = set.intersection(*(set(w) for w in weeks)) or set.union(*(set(w) for w in weeks))
    ranked = sorted((sum(w.get(monday, 0) for w in weeks), monday) for monday in shared)
    return ranked[(len(ranked) - 1) // 2][1]


def read_week(paths: Sequence[Path], day: dt.date | str | None, values: Mapping[str, float]) -> Week:
    """Read feeds and take one week of them.

    Args:
        paths: GTFS zips or folders.
        day: a day of the week to take; None takes the median week.
        values: parameters `transit.detour_*`.

    Raises:
        UserError: see `gtfs.read_feed`; or no service in the week asked for.
    """
    feeds = [read_feed(path) for path in paths]
    # A feed with on-demand trips only has no timetable, and is no fault.
    dated = [f for f in feeds if len(f.trips) or "on-demand trips (GTFS-Flex), not read yet" not in f.counts]
    prefix = {id(f): f"{k}:" if len(feeds) > 1 else "" for k, f in enumerate(feeds, 1)}
    counts: dict[str, int] = {}
    for feed in feeds:
        for what, n in feed.counts.items():
            counts[what] = counts.get(what, 0) + n
    notes = [f"Timetable: {what}: {n}." for what, n in counts.items() if "not used" not in what]
    weeks = [trips_by_week(f) for f in dated]
    parts, described = [], None
    if dated:
        monday, how = _choose(dated, weeks, day)
        described = {
            "monday": _iso(monday),
            "chosen": how,
            "trips": sum(w.get(monday, 0) for w in weeks),
            "weeks_with_service": len(set().union(*weeks)),
        }
        notes.append(f"The timetable is that of the week from Monday {_iso(monday)}: {how}.")
        for feed, runs in zip(dated, weeks, strict=True):
            if monday not in runs:
                notes.append(f"{feed.path.name} has no service in that week.")
        parts = [_running(f, _day_masks(f, monday), prefix[id(f)]) for f in dated]
    else:
        notes.append("The feeds have on-demand trips only: there is no public transport at fixed times.")
    stops = pd.concat(
        [f.stops.set_index(prefix[id(f)] + f.stops.index.astype(str)) for f in feeds]
    ).sort_index()
    trips, connections = _tables(parts, stops, values)
    counts |= {"timetable trips": len(trips["trip_id"]), "timetable connections": len(connections["trip"])}
    columns = {"stop_id": stops.index.to_numpy(object)} | {
        c: stops[c].to_numpy() for c in ("name", "lon", "lat", "wheelchair")
    }
    return Week(columns, trips, connections, described or {}, counts, notes)


def _running(feed: Feed, masks: dict[str, int], prefix: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Trips that run in the week, and their stop times, frequencies written out."""
    trips = feed.trips.assign(days=[masks.get(s, 0) for s in feed.trips["service"]])
    trips = trips[trips["days"] > 0]
    times = feed.times[feed.times["trip"].isin(trips.index)]
    often = feed.frequencies[feed.frequencies["trip"].isin(trips.index)]
    if len(often):
        trips, times = _expanded(feed, trips, times, often)
    trips = trips.set_index(prefix + trips.index.astype(str))
    return trips, times.assign(trip=prefix + times["trip"], stop=prefix + times["stop"])


def _expanded(
    feed: Feed, trips: pd.DataFrame, times: pd.DataFrame, often: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each run of a frequency as a trip 'id#k', k in order of start."""
    span = often["end_s"].to_numpy() - often["start_s"].to_numpy()
    runs = np.maximum(0, -(-span // often["headway_s"].to_numpy()))
    size = times.groupby("trip").size()
    if int((runs * size.reindex(often["trip"]).fillna(0).to_numpy()).sum()) > _MAX_CONNECTIONS:
        raise UserError(
            "the frequencies write out to too many trips",
            file=feed.path,
            found=str(int(runs.sum())),
            expected="headways in seconds",
            fix="check headway_secs",
        )
    source = np.repeat(often["trip"].to_numpy(), runs)
    order = np.arange(len(source)) - np.repeat(np.cumsum(runs) - runs, runs)
    start = np.repeat(often["start_s"].to_numpy(), runs) + order * np.repeat(
        often["headway_s"].to_numpy(), runs
    )
    every = pd.DataFrame({"trip": source, "start": start}).drop_duplicates().sort_values(["trip", "start"])
    every["run"] = every["trip"] + "#" + every.groupby("trip").cumcount().add(1).astype(str)
    first = times.groupby("trip")["dep_s"].first()
    long = every.merge(times, on="trip", how="inner")
    shift = long["start"] - long["trip"].map(first)
    long = long.assign(arr_s=long["arr_s"] + shift, dep_s=long["dep_s"] + shift, trip=long["run"])
    more = trips.loc[every["trip"]].set_index(pd.Index(every["run"]))
    fixed = ~trips.index.isin(often["trip"])
    plain = times[~times["trip"].isin(often["trip"])]
    return pd.concat([trips[fixed], more]), pd.concat([plain, long[times.columns]])


def _tables(
    parts: Sequence[tuple[pd.DataFrame, pd.DataFrame]], stops: pd.DataFrame, values: Mapping[str, float]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Columns of trips and connections, in order of trip id and sequence."""
    names = ("route", "route_name", "agency", "mode", "days")
    if not parts:
        empty_trips: dict[str, Any] = {c: np.empty(0, object) for c in ("trip_id", *names)}
        kinds = ("trip", "dep_stop", "arr_stop", "dep_s", "arr_s", "km", "pickup", "dropoff")
        return empty_trips | {"mode": np.empty(0, int), "days": np.empty(0, int)}, {
            c: np.empty(0) for c in kinds
        }
    trips = pd.concat([p[0] for p in parts]).sort_index()
    times = pd.concat([p[1] for p in parts])
    times = times.assign(
        row=trips.index.get_indexer(pd.Index(times["trip"])),
        at=stops.index.get_indexer(pd.Index(times["stop"])),
    )
    times = times.sort_values("row", kind="stable")
    row, at = times["row"].to_numpy(), times["at"].to_numpy()
    leg = np.flatnonzero(row[:-1] == row[1:])
    lon, lat = stops["lon"].to_numpy(), stops["lat"].to_numpy()
    a, b = at[leg], at[leg + 1]
    rail = np.isin(trips["mode"].to_numpy()[row[leg]], (1, 2))
    detour = np.where(rail, values["transit.detour_rail"], values["transit.detour_road"])
    connections = {
        "trip": row[leg], "dep_stop": a, "arr_stop": b,
        "dep_s": times["dep_s"].to_numpy()[leg], "arr_s": times["arr_s"].to_numpy()[leg + 1],
        "km": distance_m(lon[a], lat[a], lon[b], lat[b]) / 1000 * detour,
        "pickup": times["pickup"].to_numpy(bool)[leg], "dropoff": times["dropoff"].to_numpy(bool)[leg + 1],
    }  # fmt: skip
    return {"trip_id": trips.index.to_numpy(object)} | {c: trips[c].to_numpy() for c in names}, connections
