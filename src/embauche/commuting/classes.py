"""Trip classes: windows by kind of day, and which classes each shift's rotation uses.

Lives here: TripClasses. Not here: shifts themselves (core.shifts), times (services).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.shifts import SLOTS, ShiftCatalogue

Array = np.ndarray[Any, Any]
DAY_S = 86_400


def day_types(days: Array) -> Array:
    """Type of each weekday: days with the same running trips are of one type, int8 [7].

    Args:
        days: uint8 [trip] bit mask of weekdays.
    """
    seen: dict[bytes, int] = {}
    types = np.zeros(7, np.int8)
    for day in range(7):
        running = np.packbits((days >> day) & 1).tobytes()
        types[day] = seen.setdefault(running, len(seen))
    return types


@dataclass(frozen=True)
class TripClasses:
    """Trip classes of a territory and catalogue.

    Attributes:
        window: int16 [class] window row.
        days: int8 [class, 3] a weekday that stands for the class, between the weekdays before and after it;
            -1 for one of these whose trips cannot matter.
        start_s, end_s: int32 [class] seconds after the day's midnight.
        at_centre: bool [class] an apprentice's day at her training centre, not in her firm.
        roster: int16 [shift, week, SLOTS] class worked, -1 off.
        roster_local: int8 [shift, week, SLOTS] the same as an index into the shift's own classes.
        shift_ptr: int32 [shift + 1] and shift_class: int16 [pair]: the classes of each shift.
        shift_tours: float64 [pair] mean tours a week over the rotation.
    """

    window: Array
    days: Array
    start_s: Array
    end_s: Array
    at_centre: Array
    roster: Array
    roster_local: Array
    shift_ptr: Array
    shift_class: Array
    shift_tours: Array

    @classmethod
    def make(
        cls,
        catalogue: ShiftCatalogue,
        trip_days: Array,
        first_s: int = 0,
        last_s: int = 0,
        longest_s: int = 0,
    ) -> TripClasses:
        """Classes of all windows of the catalogue.

        Args:
            catalogue: shifts and windows.
            trip_days: uint8 [trip] weekdays on which each trip runs.
            first_s, last_s: earliest departure and latest arrival of any trip, seconds after midnight.
            longest_s: longest trip by transit: the day before matters where its last arrival falls into the
                way out, the day after where its first departure falls into the way back.
        """
        types = day_types(trip_days)
        ends = (catalogue.window_start_min, catalogue.window_end_min)
        found: dict[tuple[int, ...], int] = {}
        table: list[tuple[int, ...]] = []

        def class_of(window: int, day: int) -> int:
            start_s, end_s = (60 * int(x[window]) for x in ends)
            before = (day - 1) % 7 if start_s - longest_s <= last_s - DAY_S else -1
            after = (day + 1) % 7 if end_s + longest_s >= first_s + DAY_S else -1
            key = (window, *(int(types[d]) if d >= 0 else -1 for d in (before, day, after)))
            if key not in found:
                found[key] = len(table)
                table.append((window, before, day, after))
            return found[key]

        roster = np.full(catalogue.roster.shape, -1, np.int16)
        local = np.full(catalogue.roster.shape, -1, np.int8)
        ptr, classes, tours = [0], [], []
        for s in range(len(catalogue.shifts)):
            weeks = int(catalogue.weeks[s])
            count: dict[int, int] = {}
            for week in range(weeks):
                for slot in range(SLOTS):
                    window = int(catalogue.roster[s, week, slot])
                    if window >= 0:
                        k = class_of(window, slot // 2)
                        roster[s, week, slot] = k
                        local[s, week, slot] = list(count).index(k) if k in count else len(count)
                        count[k] = count.get(k, 0) + 1
            classes += list(count)
            tours += [n / weeks for n in count.values()]
            ptr.append(len(classes))
        windows = np.array([t[0] for t in table], np.int16)
        return cls(
            windows,
            np.array([t[1:] for t in table], np.int8).reshape(-1, 3),
            (catalogue.window_start_min[windows] * 60).astype(np.int32),
            (catalogue.window_end_min[windows] * 60).astype(np.int32),
            np.array([catalogue.windows[w].at_centre for w in windows], bool),
            roster,
            local,
            np.array(ptr, np.int32),
            np.array(classes, np.int16),
            np.array(tours, np.float64),
        )
