"""Values of GTFS text files: times, dates, numbers, degrees, and rows that come twice.

Lives here: converting columns with every fault reported. Not here: tables (gtfs, stop_times).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from embauche.core.errors import Problem, raise_all
from embauche.routing.gtfs_archive import Archive

_FIX = "correct the feed, or ask its publisher (a GTFS validator names such faults)"
_LATEST_S = 7 * 86400


def unique(frame: pd.DataFrame, keys: list[str], what: str, counts: dict[str, int]) -> pd.DataFrame:
    """Rows whose keys come for the first time; the others are counted."""
    twice = frame.duplicated(keys)
    if twice.any():
        counts[f"{what} that came twice"] = int(twice.sum())
    return frame[~twice]


def converted(
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


def seconds(text: str) -> float | None:
    """H:MM:SS as seconds after midnight, NaN where blank, None where malformed."""
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


def date(text: str) -> float | None:
    """YYYYMMDD as days since 1970, None where malformed."""
    if len(text) != 8 or not text.isascii() or not text.isdigit() or not "1970" <= text[:4] <= "2199":
        return None
    try:
        return float(np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:]}", "D").astype(int))
    except ValueError:
        return None


def number(text: str) -> float | None:
    """A number from 0, None otherwise."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def degrees(text: str) -> float:
    """A coordinate, NaN where absent or out of range."""
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if abs(value) <= 180 else float("nan")
