"""What runs on which day of a feed: calendars, exceptions, frequencies written out as trips.

Lives here: services by day and by week, runs of trips. Not here: reading files (gtfs).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from embauche.core.errors import UserError
from embauche.routing.gtfs import WEEKDAYS, Feed

MONDAY = 3  # 1970-01-01 was a Thursday: day d is weekday (d + 3) % 7
_MAX_CONNECTIONS = 50_000_000


def as_day(day: dt.date | str) -> int:
    """Days since 1970 of a date or YYYY-MM-DD."""
    try:
        date = dt.date.fromisoformat(str(day)[:10])
    except ValueError:
        raise UserError(
            "the day of the timetable cannot be read",
            found=str(day),
            expected="YYYY-MM-DD",
            fix="write for example 2026-03-17",
        ) from None
    return (date - dt.date(1970, 1, 1)).days


def iso(day: int) -> str:
    """YYYY-MM-DD of days since 1970."""
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
    low, high = (int(days.min()) + MONDAY) // 7, (int(days.max()) + MONDAY) // 7
    total = np.zeros(high - low + 2, np.int64)
    n = number.reindex(cal["service"]).to_numpy()
    for weekday, column in enumerate(WEEKDAYS):
        runs = cal[column].to_numpy(bool)
        # first and last week in which this weekday lies within the dates
        first = -((-(cal["start"].to_numpy() + MONDAY - weekday)) // 7) - low
        last = (cal["end"].to_numpy() + MONDAY - weekday) // 7 - low
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
            (exc["day"].to_numpy() + MONDAY) // 7 - low,
            change * number.reindex(exc["service"]).to_numpy(),
        )
    return {int(low + w) * 7 - MONDAY: int(total[w]) for w in np.flatnonzero(total > 0)}


def _runs_by_calendar(calendar: pd.DataFrame, service: pd.Series, day: Any) -> Any:
    """Whether calendar.txt alone runs each service on each day, bool [row]."""
    rows = calendar.set_index("service").reindex(service)
    weekday = (day + MONDAY) % 7
    flags = rows[list(WEEKDAYS)].to_numpy()
    on = np.array([flags[i, w] is True or flags[i, w] == 1 for i, w in enumerate(weekday)], bool)
    return on & (rows["start"].to_numpy(float) <= day) & (day <= rows["end"].to_numpy(float))


def day_masks(feed: Feed, days: Sequence[int]) -> dict[str, int]:
    """Services that run on some of these days (since 1970): bit k for the k-th."""
    masks: dict[str, int] = {}
    for bit, day in enumerate(days):
        cal, column = feed.calendar, WEEKDAYS[(day + MONDAY) % 7]
        regular = set(cal.loc[cal[column] & (cal["start"] <= day) & (day <= cal["end"]), "service"])
        today = feed.exceptions[feed.exceptions["day"] == day]
        added, taken = (set(today.loc[today["added"] == yes, "service"]) for yes in (True, False))
        for service in (regular | added) - taken:
            masks[service] = masks.get(service, 0) | 1 << bit
    return masks


def running(feed: Feed, masks: dict[str, int], prefix: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Trips with a bit in `masks`, as column `days`, and their stop times, frequencies written out."""
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


def require_service(feed: Feed, day: int) -> None:
    """Nothing if a trip runs on the day (since 1970).

    Raises:
        UserError: none does; it says from when to when trips run, on which weekdays, and the nearest day.
    """
    used = set(feed.trips["service"])
    if used & set(day_masks(feed, (day,))):
        return
    weeks = sorted(trips_by_week(feed))
    if not weeks:
        raise UserError(
            "no trip of the feed ever runs",
            file=feed.path,
            found=f"{len(feed.trips)} trips whose calendars have no day of service",
            expected="trips with stop times and a calendar",
            fix="check calendar.txt, calendar_dates.txt, trips.txt and stop_times.txt",
        )
    near = sorted(weeks, key=lambda monday: abs(monday + 3 - day))[:4]
    days = [d for monday in (*near, weeks[0], weeks[-1]) for d in range(monday, monday + 7)]
    runs = [d for d in days if used & set(day_masks(feed, (d,)))]
    names = [WEEKDAYS[w].capitalize() for w in sorted({(d + MONDAY) % 7 for d in runs})]
    closest = min(runs, key=lambda d: (abs(d - day), d))
    raise UserError(
        f"no trip runs on {iso(day)}, a {WEEKDAYS[(day + MONDAY) % 7].capitalize()}",
        file=feed.path,
        found=f"service from {iso(min(runs))} to {iso(max(runs))}, in the weeks next to it on "
        + ", ".join(names),
        expected="a day with service",
        fix=f"ask for {iso(closest)}, the nearest day on which trips run",
    )
