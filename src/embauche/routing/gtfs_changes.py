"""Two files of a GTFS feed on changes of vehicle: transfers.txt and pathways.txt.

Lives here: reading them. Not here: footpaths between stops (footpaths), other files (gtfs).
Source: GTFS Schedule reference (gtfs.org).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from embauche.routing.gtfs_archive import Archive
from embauche.routing.gtfs_values import converted, number

WALK_MS = 1.33  # 4.8 km/h, where a pathway states a length and no time
_STEPS = ("2", "4")  # stairs and escalators


def read_transfers(archive: Archive, counts: dict[str, int]) -> pd.DataFrame:
    """Rows of transfers.txt that hold for all trips: start, end, kind, seconds (0 where not stated)."""
    raw = archive.table("transfers.txt", ("from_stop_id", "to_stop_id", "transfer_type"))
    own = [c for c in ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id") if c in raw]
    special = (raw[own] != "").any(axis=1) if own else pd.Series(False, index=raw.index)
    special |= raw["transfer_type"].isin(["4", "5"])
    if special.any():
        counts["transfers of single routes or trips, not used"] = int(special.sum())
    raw = raw[~special]
    frame = pd.DataFrame({"start": raw["from_stop_id"], "end": raw["to_stop_id"]})
    kinds = {"": 0.0, "0": 0.0, "1": 1.0, "2": 2.0, "3": 3.0}
    frame["kind"] = converted(archive, "transfers.txt", raw["transfer_type"], kinds.get, "0 to 5").astype(int)
    seconds = raw["min_transfer_time"] if "min_transfer_time" in raw else pd.Series("", raw.index, dtype=str)
    frame["seconds"] = converted(
        archive, "transfers.txt", seconds, lambda t: number(t) if t else 0.0, "seconds from 0"
    )
    return frame


def read_pathways(archive: Archive) -> pd.DataFrame:
    """Ways inside stations: start, end, seconds, steps (stairs or escalators); both ways written out."""
    raw = archive.table("pathways.txt", ("from_stop_id", "to_stop_id", "pathway_mode", "is_bidirectional"))
    frame = pd.DataFrame({"start": raw["from_stop_id"], "end": raw["to_stop_id"]})
    for column, scale in (("traversal_time", 1.0), ("length", 1.0 / WALK_MS)):
        text = raw[column] if column in raw else pd.Series("", raw.index, dtype=str)
        value = converted(
            archive,
            "pathways.txt",
            text.rename(column),
            lambda t: number(t) if t else np.nan,
            "a number",
        )
        known = frame["seconds"] if "seconds" in frame else pd.Series(np.nan, raw.index)
        frame["seconds"] = known.fillna(value * scale)
    frame["seconds"] = frame["seconds"].fillna(0.0)
    frame["steps"] = raw["pathway_mode"].isin(_STEPS)
    back = frame[raw["is_bidirectional"] == "1"].rename(columns={"start": "end", "end": "start"})
    return pd.concat([frame, back], ignore_index=True)
