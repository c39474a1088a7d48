"""On-demand services out of a GTFS-Flex feed: routes with their stops or areas, hours, booking rules.

Lives here: read_flex, and drafts of the format brought to the adopted one. Not here: the rules that a feed
must keep (gtfs_rules, gtfs_flex_rules), what becomes of a service (services.demand).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from embauche.core.errors import Problem, UserError
from embauche.core.suggest import nearest
from embauche.core.units import format_clock
from embauche.territory.gtfs_flex_rules import PLACES, TIMES, WINDOW, seconds
from embauche.territory.gtfs_rules import Feed, violations

Row = dict[str, Any]
Hours = tuple[tuple[tuple[int, int], ...], ...]
MAX_PROBLEMS = 20
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# columns of drafts (GTFS-Flex v2, 2020-2023) and what they are called since the adoption of March 2024
_RENAMED = {
    "start_pickup_dropoff_window": WINDOW[0],
    "end_pickup_dropoff_window": WINDOW[1],
    "start_pickup_dropoff_windows": WINDOW[0],
    "end_pickup_dropoff_windows": WINDOW[1],
}


@dataclass(frozen=True)
class FlexStop:
    """A stop of a feed."""

    stop_id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class FlexRule:
    """A booking rule: kind as booking_type, minutes of notice, days before and until when."""

    kind: int
    notice_min: float
    days_before: int
    cut_off_min: int


@dataclass(frozen=True)
class FlexService:
    """A route that runs on demand.

    Attributes:
        route: its short name, else its long one.
        hours: spans of each weekday, minutes after its midnight.
        rule: when a pickup must be booked.
    """

    route: str
    hours: Hours
    rule: FlexRule | None

    def said(self) -> str:
        """Its hours as people write them."""
        spans = sorted({s for day in self.hours for s in day})
        return ", ".join(f"{format_clock(a)}-{format_clock(b)}" for a, b in spans)


@dataclass(frozen=True)
class FlexFeed:
    """On-demand services of a feed.

    Attributes:
        services: one a route, in the feed's order.
        stops: where they stop.
        areas: GeoJSON geometries where they run instead.
        counts: what was brought from a draft to the adopted format.
    """

    services: tuple[FlexService, ...]
    stops: tuple[FlexStop, ...]
    areas: tuple[Any, ...]
    counts: dict[str, int] = field(default_factory=dict)


def adopted(feed: Feed) -> dict[str, int]:
    """Bring a draft's tables to the adopted format, in place; what was changed, counted."""
    counts: dict[str, int] = {}
    times = feed.tables.get(TIMES, [])
    for old, new in _RENAMED.items():
        if times and old in times[0] and new not in times[0]:
            counts[f"column {old} taken as {new}"] = 1
            for row in times:
                row[new] = row.pop(old)
    groups = feed.tables.get("location_groups.txt", [])
    if groups and "location_id" in groups[0]:
        counts["location_groups.txt with location_id split in two files"] = 1
        names: dict[str, Row] = {}
        for row in groups:
            kept = names.setdefault(row["location_group_id"], {**row, "location_group_name": ""})
            kept["location_group_name"] = kept["location_group_name"] or row.get("location_group_name", "")
        feed.tables["location_group_stops.txt"] = [
            {"location_group_id": r["location_group_id"], "stop_id": r["location_id"], "line": r["line"]}
            for r in groups
        ]
        feed.tables["location_groups.txt"] = list(names.values())
    known = {row["location_group_id"] for row in feed.tables.get("location_groups.txt", ())}
    areas = {str(f.get("id")) for f in _features(feed)}
    moved = 0
    for row in times:
        stop = row.get("stop_id", "")
        column = "location_group_id" if stop in known else "location_id" if stop in areas else ""
        if column and not row.get(column, ""):
            row[column], row["stop_id"] = stop, ""
            moved += 1
    if moved:
        counts["rows of stop_times whose stop_id names an area"] = moved
    _repair(feed, counts)
    alone: dict[str, list[Row]] = {}
    for row in times:
        alone.setdefault(row["trip_id"], []).append(row)
    single = [rows[0] for rows in alone.values() if len(rows) == 1 and rows[0].get(WINDOW[0])]
    for row in single:
        after = str(int(row["stop_sequence"]) + 1) if row["stop_sequence"].isdigit() else "2"
        times.append({**row, "stop_sequence": after})
    if single:
        counts["trips within one area given a second row"] = len(single)
    return counts


def _repair(feed: Feed, counts: dict[str, int]) -> None:
    """Leave out what does no harm to leave out: parents that are not there, members named twice."""
    stops = feed.tables.get("stops.txt", [])
    known = {row.get("stop_id", "") for row in stops}
    orphans = [row for row in stops if row.get("parent_station", "") not in known | {""}]
    for row in orphans:
        row["parent_station"] = ""
    if orphans:
        counts["stops whose parent_station is not in the feed"] = len(orphans)
    members = feed.tables.get("location_group_stops.txt", [])
    once = {(row["location_group_id"], row["stop_id"]): row for row in reversed(members)}
    if len(once) < len(members):
        counts["stops named twice in a location group"] = len(members) - len(once)
        feed.tables["location_group_stops.txt"] = list(once.values())[::-1]


def _features(feed: Feed) -> list[Any]:
    found = feed.locations.get("features") if isinstance(feed.locations, dict) else None
    return [f for f in found if isinstance(f, dict)] if isinstance(found, list) else []


@lru_cache(maxsize=8)
def _read(path: Path, stamp: float) -> tuple[Feed, dict[str, int]]:
    feed = Feed.open(path)
    counts = adopted(feed)
    found = violations(feed)
    if found:
        more = len(found) - MAX_PROBLEMS
        if more > 0:
            found = [*found[:MAX_PROBLEMS], Problem(f"and {more:,} more faults", path)]
        raise UserError(found)
    return feed, counts


def read_flex(path: Path, routes: Iterable[str] = ()) -> FlexFeed:
    """On-demand services of a feed.

    Args:
        path: zip or folder.
        routes: short names, long names or ids; all that run on demand if empty.

    Raises:
        UserError: a feed that breaks the format's rules (file and line each), or a route that it lacks.
    """
    path = Path(path)
    feed, counts = _read(path, path.stat().st_mtime if path.exists() else 0.0)
    flexible = {r["trip_id"] for r in feed.tables[TIMES] if r.get(WINDOW[0])}
    by_route: dict[str, list[Row]] = {}
    for trip in feed.tables["trips.txt"]:
        if trip["trip_id"] in flexible:
            by_route.setdefault(trip["route_id"], []).append(trip)
    known = {r["route_id"]: r for r in feed.tables["routes.txt"] if r["route_id"] in by_route}
    chosen = _chosen(path, known, tuple(routes))
    services = tuple(_service(feed, known[route], by_route[route]) for route in chosen)
    trips = {t["trip_id"] for route in chosen for t in by_route[route]}
    rows = [r for r in feed.tables[TIMES] if r["trip_id"] in trips and r.get(WINDOW[0])]
    asked = [{r[p] for r in rows if r.get(p, "")} for p in PLACES]
    members = feed.tables.get("location_group_stops.txt", ())
    ids = asked[0] | {m["stop_id"] for m in members if m["location_group_id"] in asked[1]}
    stops = tuple(
        FlexStop(s["stop_id"], s.get("stop_name", ""), float(s["stop_lon"]), float(s["stop_lat"]))
        for s in feed.tables.get("stops.txt", ())
        if s["stop_id"] in ids
    )
    areas = tuple(f["geometry"] for f in _features(feed) if str(f.get("id")) in asked[2])
    return FlexFeed(services, stops, areas, counts)


def _chosen(path: Path, known: dict[str, Row], routes: tuple[str, ...]) -> list[str]:
    if not known:
        raise UserError(
            "no route of this feed runs on demand", file=path, expected="stop_times.txt with windows",
            fix="give a GTFS-Flex feed",
        )  # fmt: skip
    names = {
        name: route
        for route, row in known.items()
        for name in (route, row.get("route_long_name", ""), row.get("route_short_name", ""))
        if name
    }
    problems = []
    for word in routes:
        if word not in names:
            near = nearest(word, names)
            shown = ", ".join(sorted(r.get("route_short_name") or i for i, r in known.items())[:20])
            problems.append(
                Problem(
                    "the feed has no such on-demand route", path, found=word, expected=f"one of {shown}",
                    fix=f"did you mean {near}?" if near else None,
                )
            )  # fmt: skip
    if problems:
        raise UserError(problems)
    return list(dict.fromkeys(names[w] for w in routes)) if routes else list(known)


def _service(feed: Feed, route: Row, trips: list[Row]) -> FlexService:
    days: list[set[tuple[int, int]]] = [set() for _ in WEEKDAYS]
    rules = {r["booking_rule_id"]: r for r in feed.tables.get("booking_rules.txt", ())}
    rule = None
    for trip in trips:
        running = _weekdays(feed, trip["service_id"])
        for row in feed.tables[TIMES]:
            if row["trip_id"] == trip["trip_id"] and row.get(WINDOW[0]):
                span = seconds(row[WINDOW[0]]) // 60, seconds(row[WINDOW[1]]) // 60
                for day in running:
                    days[day].add(span)
                rule = rule or rules.get(row.get("pickup_booking_rule_id", ""))
    name = route.get("route_short_name") or route.get("route_long_name") or route["route_id"]
    return FlexService(name, tuple(tuple(sorted(d)) for d in days), _rule(rule))


def _rule(row: Row | None) -> FlexRule | None:
    if row is None:
        return None
    cut_off = seconds(row.get("prior_notice_last_time", "")) // 60
    return FlexRule(
        int(row["booking_type"]), float(row.get("prior_notice_duration_min") or 0),
        int(row.get("prior_notice_last_day") or 0), max(0, cut_off),
    )  # fmt: skip


def _weekdays(feed: Feed, service: str) -> list[int]:
    """Weekdays of a usual week; of a service that has dates only, the weekdays of these."""
    for row in feed.tables.get("calendar.txt", ()):
        if row["service_id"] == service:
            return [d for d, name in enumerate(WEEKDAYS) if row[name] == "1"]
    dates = [
        date(int(r["date"][:4]), int(r["date"][4:6]), int(r["date"][6:]))
        for r in feed.tables.get("calendar_dates.txt", ())
        if r["service_id"] == service and r["exception_type"] == "1"
    ]
    return sorted({d.weekday() for d in dates})
