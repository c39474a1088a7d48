"""When the lines of a stylised timetable run: departures by level of service and day type.

Lives here: patterns of departures (from memory of networks in the region). Not here: lines, stops.
"""

from __future__ import annotations

DAYS = ("week", "saturday", "sunday")
Band = tuple[float, float, float]  # first hour, last hour, minutes between departures


# One row a level, most frequent last: it is also the order in which levels rank.
PATTERNS: dict[str, dict[str, tuple[Band, ...]]] = {
    # a market-and-school bus: three or four a day, nothing on Sunday
    "thin": {
        "week": ((6.5, 7.5, 60), (12.25, 12.25, 60), (17.25, 18.25, 60)),
        "saturday": ((9, 12.5, 210),),
        "sunday": (),
    },
    # interurban: first about 6:10, last about 19:40
    "country": {
        "week": ((6.2, 8.2, 60), (9.5, 15.5, 180), (16.2, 19.7, 70)),
        "saturday": ((7, 19, 240),),
        "sunday": (),
    },
    "regular": {
        "week": ((6.0, 8.5, 45), (9.5, 15.5, 90), (16.0, 20.0, 60)),
        "saturday": ((7, 19, 180),),
        "sunday": ((10, 18, 480),),
    },
    "urban": {
        "week": ((6.1, 9.0, 30), (9.5, 15.5, 45), (16.0, 20.2, 30)),
        "saturday": ((7, 19.5, 60),),
        "sunday": (),
    },
    "urban_big": {
        "week": ((5.6, 9.0, 20), (9.5, 15.5, 30), (16.0, 20.5, 20)),
        "saturday": ((6.5, 20, 40),),
        "sunday": ((9, 19, 120),),
    },
    "main": {
        "week": ((5.25, 9.0, 15), (9.25, 15.5, 20), (15.75, 19.5, 15), (20.0, 21.5, 45)),
        "saturday": ((6, 21, 30),),
        "sunday": ((8.5, 20, 60),),
    },
    "rail_thin": {
        "week": ((6.1, 7.6, 75), (12.3, 12.3, 60), (16.6, 19.4, 80)),
        "saturday": ((8, 18.5, 310),),
        "sunday": ((10, 18.5, 480),),
    },
    "rail": {
        "week": ((5.5, 9.0, 45), (10.0, 15.0, 120), (16.0, 20.0, 45)),
        "saturday": ((7, 19.5, 150),),
        "sunday": ((9, 19.5, 300),),
    },
    "rail_main": {
        "week": ((5.25, 9.25, 30), (10.0, 15.0, 60), (16.0, 20.0, 30), (21.0, 21.5, 60)),
        "saturday": ((6, 20.5, 60),),
        "sunday": ((8, 20.5, 120),),
    },
}
BUS_LEVELS = ("thin", "country", "regular", "urban", "urban_big", "main")


def departures(level: str, day: str, shift_min: int) -> list[int]:
    """Departures of a day, seconds after midnight, each moved by the line's own shift."""
    out = set()
    for first, last, headway in PATTERNS[level][day]:
        minute = first * 60.0
        while minute <= last * 60.0 + 1e-6:
            out.add(round(minute) * 60 + shift_min * 60)
            minute += headway
    return sorted(out)
