"""What a run switches on besides parameters: its services, edits of the timetable, congestion.

Lives here: Settings, TimetableEdit, Congestion as plain data. Not here: reading them from YAML (scenario).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ALL_DAYS = 0b1111111


@dataclass(frozen=True)
class TimetableEdit:
    """Longer hours on some routes: first and last trips are copied outwards.

    Attributes:
        routes: route ids or short names, empty for all of the mode.
        mode: GTFS route type (3 bus, 2 rail, 0 tram), None for all.
        first_departure_s, last_departure_s: seconds after midnight between which trips leave
            their first stop at least; None leaves that end as it is.
        every_s: headway of the added trips, seconds.
        days: bit mask of the weekdays edited, bit 0 Monday.
    """

    routes: tuple[str, ...] = ()
    mode: int | None = None
    first_departure_s: int | None = None
    last_departure_s: int | None = None
    every_s: int = 1800
    days: int = ALL_DAYS


@dataclass(frozen=True)
class Congestion:
    """Car times that follow the traffic of each hour.

    Attributes:
        counts: CSV file of other traffic (core.scenario_congestion), None for the general shares alone.
    """

    counts: Path | None = None


@dataclass(frozen=True)
class Settings:
    """What a run switches on.

    Attributes:
        services: names of registered services in use.
        timetable_edits: edits applied in order to the territory's timetable.
        congestion: None where car times are those of empty roads.
    """

    services: tuple[str, ...] = ("car", "transit", "bike", "walk")
    timetable_edits: tuple[TimetableEdit, ...] = ()
    congestion: Congestion | None = None
