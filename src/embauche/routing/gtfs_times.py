"""Stop times and frequencies of a GTFS feed: sorted, interpolated, whole trips only.

Lives here: stop_times.txt, frequencies.txt and their repairs. Not here: other files (gtfs).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from embauche.core.geo import distance_m
from embauche.routing.gtfs_archive import Archive
from embauche.routing.gtfs_values import converted, number, seconds, unique


def read_stop_times(
    archive: Archive, stops: pd.DataFrame, trips: pd.DataFrame, counts: dict[str, int]
) -> pd.DataFrame:
    """Stop times by trip and sequence: trip, stop, arr_s, dep_s, pickup, dropoff.

    Raises:
        UserError: no stop times, or times and sequences that cannot be read.
    """
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
    frame["sequence"] = converted(archive, name, raw["stop_sequence"], number, "a whole number from 0")
    times = "a time H:MM:SS below 168:00:00, or nothing"
    arrive = converted(archive, name, raw["arrival_time"], seconds, times)
    depart = converted(archive, name, raw["departure_time"], seconds, times)
    frame["arr_s"], frame["dep_s"] = arrive.fillna(depart), depart.fillna(arrive)
    frame["pickup"] = raw["pickup_type"] != "1" if "pickup_type" in raw else True
    frame["dropoff"] = raw["drop_off_type"] != "1" if "drop_off_type" in raw else True
    ordered = frame.sort_values(["trip", "sequence", "arr_s", "stop"], kind="stable")
    shuffled = (frame["trip"] == frame["trip"].shift()) & (frame["sequence"] < frame["sequence"].shift())
    if shuffled.any():
        counts["stop times out of order, sorted by stop_sequence"] = int(shuffled.sum())
    ordered = unique(ordered, ["trip", "sequence"], "stop times", counts)
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


def read_frequencies(archive: Archive, trips: pd.DataFrame, counts: dict[str, int]) -> pd.DataFrame:
    """Frequencies of known trips: trip, start_s, end_s, headway_s.

    Raises:
        UserError: times or headways that cannot be read.
    """
    name = "frequencies.txt"
    raw = archive.table(name, ("trip_id", "start_time", "end_time", "headway_secs"))
    raw = raw[raw["trip_id"].isin(trips.index)]
    frame = pd.DataFrame({"trip": raw["trip_id"]})
    for column in ("start", "end"):
        frame[f"{column}_s"] = converted(
            archive, name, raw[f"{column}_time"], lambda t: seconds(t) if t else None, "a time H:MM:SS"
        )
    frame["headway_s"] = converted(
        archive,
        name,
        raw["headway_secs"],
        lambda t: v if (v := number(t)) is not None and v >= 10 else None,
        "seconds, 10 or more",
    )
    reversed_ = int((frame["end_s"] <= frame["start_s"]).sum())
    if reversed_:
        counts["frequencies that end before they start, so that nothing runs"] = reversed_
    return frame.astype({"start_s": int, "end_s": int, "headway_s": int}).sort_values(
        ["trip", "start_s", "end_s"]
    )
