"""Rules of GTFS files that the canonical validator holds as errors: files, fields, types, keys, references.

Lives here: Feed, violations. Not here: windows, booking rules and areas (gtfs_flex_rules), what a feed means.

Source: the GTFS Schedule reference (gtfs.org) and the rules of MobilityData's gtfs-validator by their names
there; those of files that this program neither reads nor writes (fares, pathways, levels) are left out.
"""

from __future__ import annotations

import json
import re
import zoneinfo
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embauche.core.errors import Problem, UserError
from embauche.routing.gtfs_archive import Archive

# field!: required; then its type. Fields that are not listed are not looked at.
FIELDS = {
    "agency.txt": "agency_id:id agency_name!:text agency_url!:url agency_timezone!:zone agency_lang:lang",
    "stops.txt": "stop_id!:id stop_name:text stop_lat:lat stop_lon:lon location_type:0-4 parent_station:id"
    " wheelchair_boarding:0-2",
    "routes.txt": "route_id!:id agency_id:id route_short_name:text route_long_name:text route_type!:whole"
    " route_color:color route_text_color:color",
    "trips.txt": "route_id!:id service_id!:id trip_id!:id direction_id:0-1 wheelchair_accessible:0-2",
    "stop_times.txt": "trip_id!:id arrival_time:time departure_time:time stop_id:id location_group_id:id"
    " location_id:id stop_sequence!:whole start_pickup_drop_off_window:time end_pickup_drop_off_window:time"
    " pickup_type:0-3 drop_off_type:0-3 continuous_pickup:0-3 continuous_drop_off:0-3"
    " pickup_booking_rule_id:id drop_off_booking_rule_id:id shape_dist_traveled:number timepoint:0-1",
    "calendar.txt": "service_id!:id monday!:0-1 tuesday!:0-1 wednesday!:0-1 thursday!:0-1 friday!:0-1"
    " saturday!:0-1 sunday!:0-1 start_date!:date end_date!:date",
    "calendar_dates.txt": "service_id!:id date!:date exception_type!:1-2",
    "booking_rules.txt": "booking_rule_id!:id booking_type!:0-2 prior_notice_duration_min:whole"
    " prior_notice_duration_max:whole prior_notice_last_day:whole prior_notice_last_time:time"
    " prior_notice_start_day:whole prior_notice_start_time:time prior_notice_service_id:id message:text"
    " phone_number:text info_url:url booking_url:url",
    "location_groups.txt": "location_group_id!:id location_group_name:text",
    "location_group_stops.txt": "location_group_id!:id stop_id!:id",
    "feed_info.txt": "feed_publisher_name!:text feed_publisher_url!:url feed_lang!:lang feed_start_date:date"
    " feed_end_date:date feed_contact_url:url",
}
REQUIRED = ("agency.txt", "routes.txt", "trips.txt", "stop_times.txt")
KEYS = {
    "agency.txt": ("agency_id",), "stops.txt": ("stop_id",), "routes.txt": ("route_id",),
    "trips.txt": ("trip_id",), "stop_times.txt": ("trip_id", "stop_sequence"),
    "calendar.txt": ("service_id",), "calendar_dates.txt": ("service_id", "date"),
    "booking_rules.txt": ("booking_rule_id",), "location_groups.txt": ("location_group_id",),
    "location_group_stops.txt": ("location_group_id", "stop_id"),
}  # fmt: skip
SERVICES = ("calendar.txt", "calendar_dates.txt")
REFERENCES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("stops.txt", "parent_station", ("stops.txt",), "stop_id"),
    ("routes.txt", "agency_id", ("agency.txt",), "agency_id"),
    ("trips.txt", "route_id", ("routes.txt",), "route_id"),
    ("trips.txt", "service_id", SERVICES, "service_id"),
    ("stop_times.txt", "trip_id", ("trips.txt",), "trip_id"),
    ("stop_times.txt", "stop_id", ("stops.txt",), "stop_id"),
    ("stop_times.txt", "location_group_id", ("location_groups.txt",), "location_group_id"),
    ("stop_times.txt", "pickup_booking_rule_id", ("booking_rules.txt",), "booking_rule_id"),
    ("stop_times.txt", "drop_off_booking_rule_id", ("booking_rules.txt",), "booking_rule_id"),
    ("booking_rules.txt", "prior_notice_service_id", SERVICES, "service_id"),
    ("location_group_stops.txt", "location_group_id", ("location_groups.txt",), "location_group_id"),
    ("location_group_stops.txt", "stop_id", ("stops.txt",), "stop_id"),
)
_PATTERNS = {
    "url": re.compile(r"https?://[^\s/]+\.[^\s]+"),
    "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
    "color": re.compile(r"[0-9A-Fa-f]{6}"),
    "time": re.compile(r"\d{1,3}:[0-5]\d:[0-5]\d"),
    "date": re.compile(r"[12]\d{3}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"),
    "whole": re.compile(r"\d{1,18}"),
    "number": re.compile(r"\d+(\.\d*)?"),
}
_ZONES: list[frozenset[str]] = []


@dataclass
class Feed:
    """A feed as text tables; a row's `line` is its line in the file.

    Attributes:
        path: zip or folder.
        tables: file name -> rows, field -> text.
        locations: what locations.geojson holds, None where there is none.
    """

    path: Path
    tables: dict[str, list[dict[str, Any]]]
    locations: Any = None

    @classmethod
    def open(cls, path: Path) -> Feed:
        """Read a feed.

        Raises:
            UserError: no such feed, or no readable one.
        """
        archive = Archive(path)
        try:
            tables = {}
            for name in FIELDS:
                if name in archive:
                    frame = archive.table(name)
                    rows = frame.to_dict("records")
                    lines = frame.index.tolist()
                    tables[name] = [
                        {str(c): v for c, v in row.items()} | {"line": int(k)}
                        for k, row in zip(lines, rows, strict=True)
                    ]
            located = archive.text("locations.geojson") if "locations.geojson" in archive else None
        finally:
            archive.close()
        try:
            locations = None if located is None else json.loads(located)
        except (ValueError, RecursionError) as error:
            raise UserError(
                "locations.geojson is no JSON", file=f"{path}/locations.geojson",
                line=getattr(error, "lineno", None), found=str(error)[:200], expected="a FeatureCollection",
            ) from None  # fmt: skip
        return cls(path, tables, locations)

    def problem(
        self, rule: str, what: str, name: str, row: dict[str, Any] | None, found: str = ""
    ) -> Problem:
        """A violation with the validator's name of its rule."""
        return Problem(f"{what} ({rule})", f"{self.path}/{name}", row["line"] if row else None, found or None)


def _fits(text: str, kind: str) -> bool:
    if kind in _PATTERNS:
        return _PATTERNS[kind].fullmatch(text) is not None
    if kind in ("lat", "lon"):
        try:
            return abs(float(text)) <= (90.0 if kind == "lat" else 180.0)
        except ValueError:
            return False
    if kind == "zone":
        if not _ZONES:
            _ZONES.append(frozenset(zoneinfo.available_timezones()))
        return text in _ZONES[0]
    if "-" in kind:
        low, high = kind.split("-")
        return text.isdigit() and int(low) <= int(text) <= int(high)
    return True


def _field_violations(feed: Feed) -> list[Problem]:
    out = []
    for name, rows in feed.tables.items():
        wanted = [w.split(":") for w in FIELDS[name].split()]
        columns = set(rows[0]) if rows else {w.rstrip("!") for w, _ in wanted}
        if not rows:
            out.append(feed.problem("empty_file", f"{name} has no rows", name, None))
        for word, kind in wanted:
            column, required = word.rstrip("!"), word.endswith("!")
            if column not in columns:
                if required:
                    what = f"{name} lacks the column {column}"
                    out.append(feed.problem("missing_required_column", what, name, None))
                continue
            for row in rows:
                text = row[column]
                if not text:
                    if required:
                        out.append(feed.problem("missing_required_field", f"{column} is empty", name, row))
                elif not _fits(text, kind):
                    out.append(feed.problem("invalid_field", f"{column} is no {kind}", name, row, text[:80]))
    return out


def _key_violations(feed: Feed) -> list[Problem]:
    out = []
    for name, columns in KEYS.items():
        seen: set[tuple[str, ...]] = set()
        for row in feed.tables.get(name, ()):
            key = tuple(row.get(c, "") for c in columns)
            if key in seen:
                out.append(
                    feed.problem("duplicate_key", "this key is there twice", name, row, ", ".join(key))
                )
            seen.add(key)
    return out


def _reference_violations(feed: Feed) -> list[Problem]:
    out = []
    for name, column, targets, target in REFERENCES:
        known = {row.get(target, "") for t in targets for row in feed.tables.get(t, ())}
        for row in feed.tables.get(name, ()):
            value = row.get(column, "")
            if value and value not in known:
                what = f"{column} is not in {' or '.join(targets)}"
                out.append(feed.problem("foreign_key_violation", what, name, row, value))
    return out


def _other_violations(feed: Feed) -> list[Problem]:
    out = [
        feed.problem("missing_required_file", f"the feed has no {name}", name, None)
        for name in REQUIRED
        if name not in feed.tables
    ]
    if "stops.txt" not in feed.tables and feed.locations is None:
        out.append(feed.problem("missing_required_file", "the feed has no stops.txt", "stops.txt", None))
    if not any(name in feed.tables for name in SERVICES):
        rule = "missing_calendar_and_calendar_date_files"
        out.append(feed.problem(rule, "the feed has no calendar", "calendar.txt", None))
    agencies = feed.tables.get("agency.txt", [])
    if len({row.get("agency_timezone") for row in agencies}) > 1:
        rule = "inconsistent_agency_timezone"
        out.append(feed.problem(rule, "agencies lie in several time zones", "agency.txt", agencies[1]))
    for row in feed.tables.get("routes.txt", []):
        if not row.get("route_short_name") and not row.get("route_long_name"):
            rule = "route_both_short_and_long_name_missing"
            out.append(feed.problem(rule, "this route has no name", "routes.txt", row))
        if len(agencies) > 1 and not row.get("agency_id"):
            out.append(feed.problem("missing_required_field", "agency_id is empty", "routes.txt", row))
    for row in feed.tables.get("stops.txt", []):
        if row.get("location_type", "") in ("", "0", "1", "2"):
            for column in ("stop_name", "stop_lat", "stop_lon"):
                if not row.get(column):
                    rule = "stop_without_location" if column != "stop_name" else "missing_required_field"
                    out.append(feed.problem(rule, f"{column} is empty", "stops.txt", row))
    for row in feed.tables.get("calendar.txt", []):
        if row.get("start_date", "") > row.get("end_date", ""):
            rule = "start_and_end_range_out_of_order"
            out.append(feed.problem(rule, "this service ends before it starts", "calendar.txt", row))
    return out


def violations(feed: Feed) -> list[Problem]:
    """Every rule that the feed breaks, those of on-demand services too, file by file."""
    from embauche.territory.gtfs_flex_rules import flex_violations

    found = _other_violations(feed) + _field_violations(feed) + _key_violations(feed)
    found += _reference_violations(feed) + flex_violations(feed)
    return sorted(found, key=lambda p: (str(p.file), p.line or 0, p.what))
