"""Trip classes: windows by kind of day, and which classes each shift's rotation uses.

Lives here: TripClasses. Not here: shifts themselves (core.shifts), times (services).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.shifts import SLOTS, ShiftCatalogue

Array = np.ndarray[Any, Any]


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
        day: int8 [class] a weekday that stands for the class.
        next_day: int8 [class] the weekday after, -1 if the window ends before midnight.
        start_s, end_s: int32 [class] seconds after the day's midnight.
        roster: int16 [shift, week, SLOTS] class worked, -1 off.
        roster_local: int8 [shift, week, SLOTS] the same as an index into the shift's own classes.
        shift_ptr: int32 [shift + 1] and shift_class: int16 [pair]: the classes of each shift.
        shift_tours: float64 [pair] mean tours a week over the rotation.
    """

    window: Array
    day: Array
    next_day: Array
    start_s: Array
    end_s: Array
    roster: Array
    roster_local: Array
    shift_ptr: Array
    shift_class: Array
    shift_tours: Array

    @classmethod
    def make(cls, catalogue: ShiftCatalogue, trip_days: Array) -> TripClasses:
        """From the shift catalogue and the weekdays on which trips run (uint8 [trip])."""
        types = day_types(trip_days)
        found: dict[tuple[int, int, int], int] = {}
        table: list[tuple[int, int, int]] = []

        def class_of(window: int, day: int) -> int:
            overnight = int(catalogue.window_end_min[window]) > 1440
            after = (day + 1) % 7
            key = (window, int(types[day]), int(types[after]) if overnight else -1)
            if key not in found:
                found[key] = len(table)
                table.append((window, day, after if overnight else -1))
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
            np.array([t[1] for t in table], np.int8),
            np.array([t[2] for t in table], np.int8),
            (catalogue.window_start_min[windows] * 60).astype(np.int32),
            (catalogue.window_end_min[windows] * 60).astype(np.int32),
            roster,
            local,
            np.array(ptr, np.int32),
            np.array(classes, np.int16),
            np.array(tours, np.float64),
        )
