"""Rules of GTFS-Flex that the canonical validator holds as errors: windows, booking rules, areas, times.

Lives here: flex_violations. Not here: fields, keys, references (gtfs_rules), the reader (gtfs_flex).

Names of rules are those of MobilityData's gtfs-validator; sources as in gtfs_rules.
"""

from __future__ import annotations

from typing import Any

from embauche.core.errors import Problem
from embauche.territory.gtfs_rules import Feed

Row = dict[str, Any]
WINDOW = ("start_pickup_drop_off_window", "end_pickup_drop_off_window")
PLACES = ("stop_id", "location_group_id", "location_id")
TIMES = "stop_times.txt"
RULES = "booking_rules.txt"
LOCATIONS = "locations.geojson"


def seconds(text: str) -> int:
    """Seconds after midnight of `25:10:00`; -1 where it is no time."""
    parts = text.split(":")
    if len(parts) != 3 or not all(p.isdigit() for p in parts):
        return -1
    h, m, s = map(int, parts)
    return 3600 * h + 60 * m + s


def _stop_time(feed: Feed, row: Row) -> list[Problem]:
    """What one row of stop_times breaks."""
    out = []

    def broken(rule: str, what: str, found: str = "") -> None:
        out.append(feed.problem(rule, what, TIMES, row, found))

    places = [row.get(p, "") for p in PLACES]
    start, end = (row.get(w, "") for w in WINDOW)
    arrival, departure = row.get("arrival_time", ""), row.get("departure_time", "")
    if sum(map(bool, places)) > 1:
        broken("forbidden_geography_id", "a row names one place only", ", ".join(filter(None, places)))
    elif not any(places):
        broken("missing_required_field", "this row names no stop, location group or location")
    if bool(start) != bool(end) or (any(places[1:]) and not (start and end)):
        broken("missing_pickup_or_drop_off_window", "a window needs its start and its end", f"{start}-{end}")
    if not (start or end):
        return out
    if arrival or departure:
        found = f"{start}-{end} and {arrival or departure}"
        broken(
            "forbidden_arrival_or_departure_time", "a window and an arrival or departure time together", found
        )
    if start and end and seconds(end) <= seconds(start):
        broken("invalid_pickup_drop_off_window", "this window ends before it starts", f"{start}-{end}")
    if row.get("pickup_type", "") in ("", "0", "3"):
        broken("forbidden_pickup_type", "with a window pickup_type is 1 or 2", row.get("pickup_type") or "0")
    if row.get("drop_off_type", "") in ("", "0"):
        broken(
            "forbidden_drop_off_type",
            "with a window drop_off_type is 1 to 3",
            row.get("drop_off_type") or "0",
        )
    for column in ("continuous_pickup", "continuous_drop_off"):
        if row.get(column, "") not in ("", "1"):
            broken("forbidden_continuous_pickup_drop_off", f"no {column} with a window", row[column])
    if row.get("shape_dist_traveled", ""):
        broken("forbidden_shape_dist_traveled", "no shape_dist_traveled with a window")
    return out


def _trips(feed: Feed) -> list[Problem]:
    """What the rows of a trip break together."""
    trips: dict[str, list[Row]] = {}
    for row in feed.tables.get(TIMES, ()):
        if row.get("stop_sequence", "").isdigit():
            trips.setdefault(row["trip_id"], []).append(row)
    out = []
    for rows in trips.values():
        rows.sort(key=lambda r: int(r["stop_sequence"]))
        if len(rows) == 1 and rows[0].get(WINDOW[0]):
            what = "travel within an area needs two rows of it"
            out.append(feed.problem("missing_stop_times_record", what, TIMES, rows[0]))
        timed = [r for r in rows if not r.get(WINDOW[0])]
        ends = [r for r in (timed[:1] + timed[-1:]) if len(timed) == len(rows)]
        out += [
            feed.problem("missing_trip_edge", "the first and the last stop need times", TIMES, r)
            for r in ends
            if not (r.get("arrival_time") and r.get("departure_time"))
        ]
        last = -1
        for row in timed:
            arrival, departure = seconds(row.get("arrival_time", "")), seconds(row.get("departure_time", ""))
            if 0 <= arrival < last or 0 <= departure < arrival:
                rule = "stop_time_with_arrival_before_previous_departure_time"
                out.append(feed.problem(rule, "times go backwards", TIMES, row))
            last = max(last, arrival, departure)
    return out


# what each booking type must and must not give: rule, fields
_FORBIDDEN = {
    "0": (
        "forbidden_real_time_booking_field_value",
        ("prior_notice_duration_min", "prior_notice_duration_max", "prior_notice_last_day",
         "prior_notice_last_time", "prior_notice_start_day", "prior_notice_start_time",
         "prior_notice_service_id"),
    ),
    "1": (
        "forbidden_same_day_booking_field_value",
        ("prior_notice_last_day", "prior_notice_last_time", "prior_notice_service_id"),
    ),
    "2": (
        "forbidden_prior_day_booking_field_value",
        ("prior_notice_duration_min", "prior_notice_duration_max"),
    ),
}  # fmt: skip
_MISSING = {
    "1": (("missing_prior_notice_duration_min", "prior_notice_duration_min"),),
    "2": (
        ("missing_prior_notice_last_day", "prior_notice_last_day"),
        ("missing_prior_notice_last_time", "prior_notice_last_time"),
    ),
}


def _booking_rule(feed: Feed, row: Row) -> list[Problem]:
    kind = row.get("booking_type", "")
    out = []

    def broken(rule: str, what: str) -> None:
        out.append(feed.problem(rule, what, RULES, row, f"booking_type {kind}"))

    name, forbidden = _FORBIDDEN.get(kind, ("", ()))
    for column in forbidden:
        if row.get(column, ""):
            broken(name, f"{column} does not go with this booking type")
    for rule, column in _MISSING.get(kind, ()):
        if not row.get(column, ""):
            broken(rule, f"{column} is missing")
    day, time = row.get("prior_notice_start_day", ""), row.get("prior_notice_start_time", "")
    longest, least = row.get("prior_notice_duration_max", ""), row.get("prior_notice_duration_min", "")
    last = row.get("prior_notice_last_day", "")
    if day and longest:
        broken("forbidden_prior_notice_start_day", "prior_notice_start_day with prior_notice_duration_max")
    if time and not day:
        broken("forbidden_prior_notice_start_time", "prior_notice_start_time without its day")
    if day and not time:
        broken("missing_prior_notice_start_time", "prior_notice_start_time is missing")
    if longest.isdigit() and least.isdigit() and int(longest) < int(least):
        broken("invalid_prior_notice_duration_min", "the least notice is longer than the longest")
    if day.isdigit() and last.isdigit() and int(last) > int(day):
        broken("prior_notice_last_day_after_start_day", "booking ends before it starts")
    return out


def _locations(feed: Feed) -> list[Problem]:
    """What locations.geojson breaks, and ids that several kinds of place share."""
    import shapely

    out: list[Problem] = []
    features = feed.locations.get("features") if isinstance(feed.locations, dict) else None
    if feed.locations is not None and (
        not isinstance(features, list) or feed.locations.get("type") != "FeatureCollection"
    ):
        rule = "unsupported_geo_json_type"
        return [feed.problem(rule, "locations.geojson is no FeatureCollection", LOCATIONS, None)]
    ids: list[str] = []
    for number, feature in enumerate(features or (), 1):
        what = f"feature {number}"
        kind = feature.get("type") if isinstance(feature, dict) else None
        if kind != "Feature" or not feature.get("id") or not isinstance(feature.get("properties"), dict):
            found = f"type {kind}"
            out.append(feed.problem("missing_required_element", f"{what} lacks type, id or properties",
                                    LOCATIONS, None, found))  # fmt: skip
            continue
        ids.append(str(feature["id"]))
        geometry = feature.get("geometry") or {}
        if geometry.get("type") not in ("Polygon", "MultiPolygon"):
            rule = "unsupported_geometry_type"
            out.append(
                feed.problem(rule, f"{what} is no polygon", LOCATIONS, None, str(geometry.get("type")))
            )
            continue
        try:
            valid = bool(shapely.is_valid(shapely.from_geojson(_dumps(geometry))))
        except (shapely.errors.GEOSException, TypeError, ValueError):
            valid = False
        if not valid:
            out.append(
                feed.problem("invalid_geometry", f"{what} is no valid polygon", LOCATIONS, None, ids[-1])
            )
    known = set(ids)
    for row in feed.tables.get(TIMES, ()):
        if row.get("location_id", "") and row["location_id"] not in known:
            what = "location_id is not in locations.geojson"
            out.append(feed.problem("foreign_key_violation", what, TIMES, row, row["location_id"]))
    stops = [r.get("stop_id", "") for r in feed.tables.get("stops.txt", ())]
    groups = [r.get("location_group_id", "") for r in feed.tables.get("location_groups.txt", ())]
    seen: set[str] = set()
    for place in [*dict.fromkeys(stops), *dict.fromkeys(groups), *ids]:
        if place in seen:
            out.append(
                feed.problem("duplicate_geography_id", "two places share an id", LOCATIONS, None, place)
            )
        seen.add(place)
    return out


def _dumps(geometry: Any) -> str:
    import json

    return json.dumps(geometry)


def flex_violations(feed: Feed) -> list[Problem]:
    """Every rule of on-demand services that the feed breaks."""
    out = [p for row in feed.tables.get(TIMES, ()) for p in _stop_time(feed, row)]
    out += [p for row in feed.tables.get(RULES, ()) for p in _booking_rule(feed, row)]
    return out + _trips(feed) + _locations(feed)
