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
from embauche.core.geo import distance_m
from embauche.routing.gtfs import Feed, read_feed
from embauche.routing.gtfs_days import MONDAY, as_day, day_masks, iso, running, trips_by_week


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
        asked = (as_day(day) + MONDAY) // 7 * 7 - MONDAY
        idle = [f for f, runs in zip(feeds, weeks, strict=True) if asked not in runs]
        if len(idle) == len(feeds):
            spans = [f"{iso(min(r))} to {iso(max(r) + 6)}" for r in weeks]
            best = _median_week(weeks)
            raise UserError(
                f"no trip runs in the week of {day}",
                file=feeds[0].path,
                found=f"service from {', '.join(spans)}",
                expected="a day within these, in a week with service",
                fix=f"write --day {iso(best)}, or leave --day out",
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
        for what, table in (("transfers.txt", feed.transfers), ("pathways.txt", feed.pathways)):
            if len(table):
                counts[f"{what} rows not used"] = counts.get(f"{what} rows not used", 0) + len(table)
    notes = [f"Timetable: {what}: {n}." for what, n in counts.items() if "not used" not in what]
    weeks = [trips_by_week(f) for f in dated]
    parts, described = [], None
    if dated:
        monday, how = _choose(dated, weeks, day)
        described = {
            "monday": iso(monday),
            "chosen": how,
            "trips": sum(w.get(monday, 0) for w in weeks),
            "weeks_with_service": len(set().union(*weeks)),
        }
        notes.append(f"The timetable is that of the week from Monday {iso(monday)}: {how}.")
        for feed, runs in zip(dated, weeks, strict=True):
            if monday not in runs:
                notes.append(f"{feed.path.name} has no service in that week.")
        parts = [running(f, day_masks(f, range(monday, monday + 7)), prefix[id(f)]) for f in dated]
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
