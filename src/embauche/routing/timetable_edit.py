"""Edits of trips that exist: longer hours, regular headways, lines cut.

Lives here: extend, space_out, cut. Not here: copies of trips (timetable_copies), new lines (timetable_plan).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.table import Table
from embauche.core.timetable_plan import Cut, Headway, TimetableEdit
from embauche.routing.timetable_copies import Copies, Patterns, chosen_trips, without

Array = np.ndarray[Any, Any]


def _added_times(edit: TimetableEdit, starts: Array) -> list[int]:
    """Departures to add on a day whose existing first departures are `starts` (may be empty)."""
    lo, hi, step = edit.first_departure_s, edit.last_departure_s, edit.every_s
    if len(starts) == 0:
        return list(range(lo, hi + 1, step)) if lo is not None and hi is not None else []
    early = list(range(lo, int(starts.min()), step)) if lo is not None else []
    late = list(range(hi, int(starts.max()), -step))[::-1] if hi is not None else []
    return early + late


def extend(trips: Table, connections: Table, edit: TimetableEdit) -> tuple[Table, Table]:
    """Add trips outwards; trips that exist are never changed.

    A pattern (route and stops) that does not run on an edited day runs on it between the two ends, if
    both are given. Added trips are copies of the pattern's earliest (or latest) trip of any day.

    Raises:
        UserError: no trip is meant.
    """
    patterns = Patterns.of(trips, connections)
    chosen = chosen_trips(edit, trips, patterns)
    copies = Copies(trips, connections, patterns)
    start = patterns.start
    for p in np.unique(patterns.pattern[chosen]):
        mine = np.flatnonzero(chosen & (patterns.pattern == p))
        mine = mine[np.lexsort((trips.trip_id[mine].astype(str), start[mine]))]
        masks: dict[int, int] = {}
        for day in _days(edit.days):
            starts = start[mine][(trips.days[mine] >> day) & 1 == 1]
            for time in _added_times(edit, starts):
                masks[time] = masks.get(time, 0) | 1 << day
        for time, mask in sorted(masks.items()):
            copies.add(int(mine[0] if time <= start[mine[0]] else mine[-1]), time, mask)
    return copies.joined()


def _days(mask: int) -> list[int]:
    return [day for day in range(7) if mask >> day & 1]


def space_out(trips: Table, connections: Table, edit: Headway) -> tuple[Table, Table]:
    """Regular departures in place of those that there are, in the hours edited.

    Of a route's trips between the same two ends the pattern with most trips a week runs at the headway (ties:
    the lowest trip id), the others run in these hours no longer. Hours not given are those of the line on
    that day; with them a line runs also on days on which it did not. Each trip takes as long as the one
    of its pattern nearest in time of day.

    Raises:
        UserError: no trip is meant.
    """
    patterns = Patterns.of(trips, connections)
    chosen = np.flatnonzero(chosen_trips(edit, trips, patterns))
    copies, start = Copies(trips, connections, patterns), patterns.start
    taken = np.zeros(len(trips), np.int64)
    lines: dict[tuple[str, int, int], list[int]] = {}
    for trip in chosen.tolist():
        lines.setdefault((str(trips.route[trip]), *patterns.ends(connections, trip)), []).append(trip)
    runs = np.array([int(d).bit_count() for d in range(256)])[trips.days]
    for rows in lines.values():
        mine = np.array(sorted(rows, key=lambda t: (int(start[t]), str(trips.trip_id[t]))), np.int64)
        pattern = patterns.pattern[mine]
        most = np.bincount(pattern, weights=runs[mine])
        best = min(np.unique(pattern), key=lambda p: (-most[p], min(trips.trip_id[mine[pattern == p]])))
        main = mine[pattern == best]
        masks: dict[int, int] = {}
        for day in _days(edit.days):
            runs_then = (trips.days[mine] >> day) & 1 == 1
            starts = start[mine][runs_then]
            if not len(starts) and (edit.from_s is None or edit.until_s is None):
                continue
            lo = int(starts.min()) if edit.from_s is None else edit.from_s
            hi = int(starts.max()) if edit.until_s is None else edit.until_s
            taken[mine[runs_then & (start[mine] >= lo) & (start[mine] <= hi)]] |= 1 << day
            for time in range(lo, hi + 1, edit.every_s):
                masks[time] = masks.get(time, 0) | 1 << day
        for time, mask in sorted(masks.items()):
            copies.add(int(main[np.argmin(np.abs(start[main] - time))]), time, mask)
    joined, lines_joined = copies.joined()
    return without(joined, lines_joined, np.append(taken, np.zeros(len(joined) - len(trips), np.int64)))


def cut(trips: Table, connections: Table, edit: Cut) -> tuple[Table, Table]:
    """Withdraw trips that leave their first stop in the hours edited.

    Raises:
        UserError: no trip is meant.
    """
    patterns = Patterns.of(trips, connections)
    chosen = chosen_trips(edit, trips, patterns)
    inside = chosen & (patterns.start >= edit.from_s) & (patterns.start <= edit.until_s)
    return without(trips, connections, np.where(inside, edit.days, 0))
