"""Runs of one day of a feed, trip by trip in plain Python.

Lives here: runs_on, feet_of. Not here: reading text files (the reader's frames are taken as they are).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from naive.rides import DAY_S, Run


def serves(feed: Any, service: str, day: dt.date) -> bool:
    """Whether a service runs on a day, by calendar.txt and calendar_dates.txt."""
    number = (day - dt.date(1970, 1, 1)).days
    for row in feed.exceptions.itertuples():
        if row.service == service and row.day == number:
            return bool(row.added)
    for row in feed.calendar.itertuples():
        if row.service == service and row.start <= number <= row.end:
            return bool(getattr(row, day.strftime("%A").lower()))
    return False


def runs_on(feed: Any, day: dt.date) -> list[Run]:
    """Runs of the day, and of the day before that end after midnight; stops by row of the feed's stops."""
    row = {stop: i for i, stop in enumerate(feed.stops.index)}
    calls: dict[str, list[Any]] = {}
    for call in feed.times.itertuples():
        calls.setdefault(call.trip, []).append(call)
    often: dict[str, list[Any]] = {}
    for line in feed.frequencies.itertuples():
        often.setdefault(line.trip, []).append(line)
    out: list[Run] = []
    for back, date in ((1, day - dt.timedelta(days=1)), (0, day)):
        known = {s: serves(feed, s, date) for s in set(feed.trips["service"])}
        for number, (trip, service) in enumerate(feed.trips["service"].items()):
            if not known[service]:
                continue
            mine = calls[trip]
            starts = [mine[0].dep_s]
            if trip in often:
                starts = [t for f in often[trip] for t in range(f.start_s, f.end_s, f.headway_s)]
            for k, start in enumerate(sorted(set(starts))):
                shift = start - mine[0].dep_s - DAY_S * back
                if mine[-1].arr_s + shift < 0:
                    continue
                last = len(mine) - 1
                out.append(
                    Run(
                        (1 - back, 1000 * number + k),
                        tuple(row[c.stop] for c in mine),
                        tuple(int(c.arr_s + shift) for c in mine),
                        tuple(int(c.dep_s + shift) for c in mine),
                        tuple(bool(c.pickup) and i < last for i, c in enumerate(mine)),
                        tuple(bool(c.dropoff) and i > 0 for i, c in enumerate(mine)),
                        ((0, 0),) * last,
                    )
                )
    return out
