"""Edits of a timetable as plain data: longer hours, headways, cuts, moved stops, new lines.

Lives here: the edits that the model reads. Not here: their YAML (scenario_timetable), what they do (routing).
"""

from __future__ import annotations

from dataclasses import dataclass

ALL_DAYS = 0b1111111
DAY_S = 86_400


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
class Headway:
    """Regular departures in place of those that there are.

    Attributes:
        routes, mode, days: as of TimetableEdit.
        every_s: seconds between departures from a line's first stop.
        from_s, until_s: first and last departure; None: those of the line on that day.
    """

    routes: tuple[str, ...] = ()
    mode: int | None = None
    every_s: int = 1800
    from_s: int | None = None
    until_s: int | None = None
    days: int = ALL_DAYS


@dataclass(frozen=True)
class Cut:
    """Trips withdrawn: those that leave their first stop from from_s to until_s.

    Attributes:
        routes, mode, days: as of TimetableEdit.
        from_s, until_s: seconds after midnight.
    """

    routes: tuple[str, ...] = ()
    mode: int | None = None
    from_s: int = 0
    until_s: int = 2 * DAY_S
    days: int = ALL_DAYS


@dataclass(frozen=True)
class StopAt:
    """Where vehicles stop: a stop of the territory, a commune's centre, or a point.

    Attributes:
        stop: id or name of a stop of the territory.
        commune: code or name of a commune: the stop lies at its centre.
        lon, lat: degrees WGS84 of a new stop.
        name: of a new stop.
        at_s: seconds after the line's first stop; None: as long as by car.
    """

    stop: str | None = None
    commune: str | None = None
    lon: float | None = None
    lat: float | None = None
    name: str = ""
    at_s: int | None = None

    @property
    def label(self) -> str:
        """What to call it in an error."""
        return self.stop or self.commune or self.name or f"{self.lon}, {self.lat}"


@dataclass(frozen=True)
class MovedStop:
    """A stop that stands elsewhere from now on; times stay as they are.

    Attributes:
        stop: id or name.
        to: where.
    """

    stop: str
    to: StopAt


@dataclass(frozen=True)
class NewLine:
    """A line that the feed does not have.

    Attributes:
        name: of the line, in results.
        stops: in order, two or more.
        mode: GTFS route type.
        departures_s, back_s: departures from the first stop, and from the last one back.
        days: bit mask of the weekdays on which it runs.
    """

    name: str
    stops: tuple[StopAt, ...]
    mode: int
    departures_s: tuple[int, ...]
    back_s: tuple[int, ...]
    days: int = ALL_DAYS


PlanEdit = TimetableEdit | Headway | Cut | MovedStop | NewLine
