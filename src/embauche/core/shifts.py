"""Windows, shifts and rosters: which hours each team works in each week of its rotation.

Lives here: the catalogue and its arrays. Not here: trips to and from a shift (commuting.classes).
Usual hours 5-13, 13-21, 21-5 and shares: FACTS (from memory, to be swept).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SLOTS = 14  # two tours a day at most: slot = 2 * day + k


@dataclass(frozen=True)
class Window:
    """A stretch of work: start and end in minutes after midnight, end past 1,440 overnight.

    At `at_centre` an apprentice is not in her firm but at her training centre.
    """

    name: str
    start_min: int
    end_min: int
    at_centre: bool = False


@dataclass(frozen=True)
class Shift:
    """A shift template: a pattern of weeks; a post's team tells which week it starts on.

    Attributes:
        name: the template's name.
        pattern: one row a week of the rotation, seven tuples of window names (0, 1 or 2 a day).
        teams: weeks of the pattern on which teams start, all of them if empty.
        variant_of: the shift whose hours or days a lever changed (core.hours), empty for none.
    """

    name: str
    pattern: tuple[tuple[tuple[str, ...], ...], ...]
    teams: tuple[int, ...] = ()
    variant_of: str = ""

    @property
    def team_starts(self) -> tuple[int, ...]:
        """Weeks of the pattern on which the teams start: a post's `team` is one of these."""
        return self.teams or tuple(range(len(self.pattern)))


@dataclass(frozen=True)
class ShiftCatalogue:
    """The windows and shifts of a run, with the arrays that kernels read.

    Attributes:
        windows, shifts: the catalogue.
        window_start_min, window_end_min: int32 [window].
        roster: window row by week, int16 [shift, rotation week, SLOTS], -1 where off.
        weeks: length of each shift's rotation, int16 [shift].
    """

    windows: tuple[Window, ...]
    shifts: tuple[Shift, ...]
    window_start_min: np.ndarray[Any, Any]
    window_end_min: np.ndarray[Any, Any]
    roster: np.ndarray[Any, Any]
    weeks: np.ndarray[Any, Any]

    @classmethod
    def make(cls, windows: Sequence[Window], shifts: Sequence[Shift]) -> ShiftCatalogue:
        """Build the arrays from windows and shifts.

        Raises:
            KeyError: a shift names a window that is not there.
        """
        row = {w.name: i for i, w in enumerate(windows)}
        longest = max(len(s.pattern) for s in shifts)
        roster = np.full((len(shifts), longest, SLOTS), -1, np.int16)
        for s, shift in enumerate(shifts):
            for week, days in enumerate(shift.pattern):
                for day, names in enumerate(days):
                    for k, name in enumerate(names):
                        roster[s, week, 2 * day + k] = row[name]
        return cls(
            tuple(windows),
            tuple(shifts),
            np.array([w.start_min for w in windows], np.int32),
            np.array([w.end_min for w in windows], np.int32),
            roster,
            np.array([len(s.pattern) for s in shifts], np.int16),
        )

    @property
    def base_row(self) -> np.ndarray[Any, Any]:
        """Row of the shift that each is a variant of, its own row otherwise, int16 [shift]."""
        rows = [self.shift_row(s.variant_of or s.name) for s in self.shifts]
        return np.array(rows, np.int16)

    def without_centres(self) -> ShiftCatalogue:
        """The catalogue with days at a training centre off: nobody travels there."""
        away = {w.name for w in self.windows if w.at_centre}
        shifts = [
            replace(
                s,
                pattern=tuple(
                    tuple(tuple(n for n in day if n not in away) for day in week) for week in s.pattern
                ),
            )
            for s in self.shifts
        ]
        return ShiftCatalogue.make(self.windows, shifts)

    def shift_row(self, name: str) -> int:
        """Row of the shift of that name; KeyError if there is none."""
        for i, shift in enumerate(self.shifts):
            if shift.name == name:
                return i
        raise KeyError(name)


def _week(*days: str | tuple[str, ...] | None) -> tuple[tuple[str, ...], ...]:
    return tuple(() if d is None else (d,) if isinstance(d, str) else d for d in days)


def _five(name: str | tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return _week(name, name, name, name, name, None, None)


def _continuous() -> tuple[tuple[tuple[str, ...], ...], ...]:
    cycle = ("morning",) * 2 + ("afternoon",) * 2 + ("night",) * 2 + (None,) * 4
    return tuple(_week(*(cycle[(7 * w + d) % 10] for d in range(7))) for w in range(10))


DEFAULT_WINDOWS = (
    Window("day", 8 * 60, 16 * 60 + 30),
    Window("office", 9 * 60, 17 * 60 + 30),
    Window("morning", 5 * 60, 13 * 60),
    Window("afternoon", 13 * 60, 21 * 60),
    Window("night", 21 * 60, 29 * 60),
    Window("weekend", 5 * 60, 17 * 60),
    Window("shop", 9 * 60 + 30, 19 * 60),
    Window("split_early", 6 * 60, 9 * 60),
    Window("split_late", 17 * 60, 20 * 60),
    Window("evening", 17 * 60 + 30, 23 * 60),
    Window("centre", 8 * 60 + 30, 16 * 60 + 30, at_centre=True),
)

_M, _A, _N = "morning", "afternoon", "night"

DEFAULT_SHIFTS = (
    Shift("day", (_five("day"),)),
    Shift("office", (_five("office"),)),
    Shift("two_by_eight", (_five(_M), _five(_A))),
    Shift("three_by_eight", (_five(_M), _five(_A), _five(_N))),
    # Continuous work: two mornings, two afternoons, two nights, four days off; the ten-day cycle
    # meets the week again after ten weeks, and five teams start two days apart.
    Shift("five_by_eight", _continuous(), teams=(0, 2, 4, 6, 8)),
    Shift("night", (_five(_N),)),
    Shift("weekend", (_week(None, None, None, None, None, "weekend", "weekend"),)),
    Shift("shop", (_week(None, "shop", "shop", "shop", "shop", "shop", None),)),
    Shift("split", (_five(("split_early", "split_late")),)),
    Shift("evening", (_week(None, None, "evening", "evening", "evening", "evening", "evening"),)),
    # Apprentices, from three days and two to a month and a month (FACTS): in the firm, then at the centre.
    Shift("apprentice", (_five("day"), _five("centre"))),
    Shift("apprentice_days", (_week("day", "day", "day", "centre", "centre", None, None),)),
    Shift("apprentice_third", (_five("day"), _five("day"), _five("day"), _five("centre"))),
    Shift("apprentice_month", (_five("day"),) * 4 + (_five("centre"),) * 4),
)
RHYTHMS = ("apprentice", "apprentice_days", "apprentice_third", "apprentice_month")


def default_catalogue(overrides: Mapping[str, tuple[int, int]] | None = None) -> ShiftCatalogue:
    """The default catalogue, with the hours of some windows replaced.

    Args:
        overrides: window name -> (start_min, end_min).

    Raises:
        KeyError: an override names no window.
    """
    changed = dict(overrides or {})
    names = {w.name for w in DEFAULT_WINDOWS}
    for name in changed:
        if name not in names:
            raise KeyError(name)
    windows = [
        Window(w.name, *changed.get(w.name, (w.start_min, w.end_min)), w.at_centre) for w in DEFAULT_WINDOWS
    ]
    return ShiftCatalogue.make(windows, DEFAULT_SHIFTS)
