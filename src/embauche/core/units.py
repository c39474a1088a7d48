"""Quantities as people write them: `1.50 EUR`, `25 km/h`, `12 min`, `3 %`, `05:00`, `21:00-05:00+1`.

Lives here: reading them into a parameter's unit, clock times, windows. Not here: ranges, files.
"""

from __future__ import annotations

import math
import re

MINUTES_A_DAY = 24 * 60
LONGEST_WINDOW_MIN = 14 * 60
SHORTEST_WINDOW_MIN = 60

# What a person may write -> (dimension, how many of the dimension's base unit it is).
_ATOMS: dict[str, tuple[str, float]] = {
    "eur": ("eur", 1.0), "euro": ("eur", 1.0), "euros": ("eur", 1.0), "€": ("eur", 1.0),
    "ct": ("eur", 0.01), "cent": ("eur", 0.01), "cents": ("eur", 0.01), "eur cents": ("eur", 0.01),
    "s": ("time", 1 / 60), "sec": ("time", 1 / 60), "min": ("time", 1.0), "mn": ("time", 1.0),
    "minute": ("time", 1.0), "minutes": ("time", 1.0), "h": ("time", 60.0), "hour": ("time", 60.0),
    "hours": ("time", 60.0), "m": ("length", 0.001), "km": ("length", 1.0),
    "g": ("mass", 1.0), "kg": ("mass", 1000.0), "day": ("day", 1.0), "days": ("day", 1.0),
    "week": ("week", 1.0), "weeks": ("week", 1.0), "month": ("month", 1.0), "months": ("month", 1.0),
    "year": ("year", 1.0), "years": ("year", 1.0), "share": ("", 1.0), "ratio": ("", 1.0),
    "%": ("", 0.01), "‰": ("", 0.001),
}  # fmt: skip
_NUMBER = re.compile(r"([+-]?)(\d[\d_  ]*(?:[.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?\s*(.*)", re.DOTALL)
_CLOCK = re.compile(r"(\d{1,2})(?::|h)(\d{2})?")
_WINDOW = re.compile(r"(\S+?)\s*[-–]\s*([^\s+]+)\s*(\+\s*1)?")
_PERIODS = ("day", "week", "month", "year")
_ON = {"on", "yes", "true", "oui"}
_OFF = {"off", "no", "false", "non"}

Unit = tuple[float, tuple[tuple[str, int], ...]]


class QuantityError(ValueError):
    """A quantity that cannot be read: what was found, what was expected, what to type."""

    def __init__(self, what: str, found: object, expected: str, fix: str = "") -> None:
        self.what, self.found, self.expected, self.fix = what, str(found), expected, fix
        super().__init__(f"{what}: found {found}, expected {expected}")


def _split_unit(unit: str) -> Unit:
    """A unit as its factor and the powers of its dimensions; unknown words are their own dimension."""
    factor, powers = 1.0, dict[str, int]()
    plain = re.sub(r"\s+of\s+[^/]*?(?=\s+a\s|\s+per\s|/|$)", "", unit.strip().lower())
    for i, part in enumerate(re.split(r"\s*/\s*|\s+a\s+|\s+an\s+|\s+per\s+", plain)):
        word = part.strip()
        dimension, size = _ATOMS.get(word, (word.removesuffix("s"), 1.0))
        factor *= size if i == 0 else 1 / size
        if dimension:
            powers[dimension] = powers.get(dimension, 0) + (1 if i == 0 else -1)
    return factor, tuple(sorted((d, p) for d, p in powers.items() if p))


def _number(sign: str, digits: str, exponent: str | None, found: str) -> float:
    if "," in digits and len(digits.split(",")[1]) == 3 and not digits.startswith(("0,", ",")):
        raise QuantityError(
            "this number can be read in two ways", found, "a point before decimals, no thousands separator",
            f"type {digits.replace(',', '')} or {digits.replace(',', '.')}",
        )  # fmt: skip
    return float(sign + re.sub(r"[_  ]", "", digits).replace(",", ".") + (exponent or ""))


def parse_quantity(value: object, unit: str) -> float:
    """Read a number with an optional unit into `unit`.

    Args:
        value: a number (taken to be in `unit`), or text such as `0.16 EUR/km`, `3 %`, `1 h`.
        unit: the unit wanted, as the parameter registry writes it.

    Returns:
        The value in `unit`.

    Raises:
        QuantityError: not a number, or of another unit.
    """
    expected = f"a number in {unit}" if unit else "a number"
    if unit == "0 or 1" and (isinstance(value, bool) or str(value).strip().lower() in _ON | _OFF):
        return float(value if isinstance(value, bool) else str(value).strip().lower() in _ON)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise QuantityError("this is not a quantity", value, expected)
    if not isinstance(value, str):
        if not math.isfinite(value):
            raise QuantityError("this is not a finite number", value, expected)
        return float(value)
    target, dimensions = _split_unit(unit)
    text = value.strip()
    clock = _CLOCK.fullmatch(text)
    if clock and clock[2] and dimensions == (("time", 1),):
        return (60 * int(clock[1]) + int(clock[2])) / target
    match = _NUMBER.fullmatch(text)
    if not match:
        raise QuantityError("this is not a quantity", value, expected)
    number = _number(match[1], match[2], match[3], value)
    if not math.isfinite(number):
        raise QuantityError("this is not a finite number", value, expected)
    if not match[4]:
        return number
    factor, found = _split_unit(match[4])
    if match[4].strip().lower() == unit.strip().lower():
        return number
    # `3 %` is enough for a share a week: the period is the parameter's own.
    period = tuple(d for d in dimensions if d[0] in _PERIODS and d[1] < 0)
    if found != dimensions and tuple(sorted((*found, *period))) == dimensions:
        found = dimensions
    if found != dimensions:
        raise QuantityError(
            "this is in another unit", value, f"a quantity in {unit}", f"type for example {number:g} {unit}"
        )
    # Rounded at the fifteenth digit so that 3 % is 0.03, not 0.03 with a bit of noise.
    return float(f"{number * factor / target:.15g}")


def parse_clock(value: object) -> int:
    """Minutes after midnight of `05:00`, `5h30`, or `00:30+1` (the next day).

    Raises:
        QuantityError: not a time of day.
    """
    expected = "a time of day between 00:00 and 24:00, such as 05:00"
    text = str(value).strip().replace(" ", "").lower()
    next_day = text.endswith("+1")
    match = _CLOCK.fullmatch(text.removesuffix("+1")) if isinstance(value, str) else None
    if not match or int(match[2] or 0) > 59:
        raise QuantityError("this is not a time of day", value, expected, "type hours and minutes: 05:00")
    minutes = 60 * int(match[1]) + int(match[2] or 0)
    if minutes > MINUTES_A_DAY:
        fix = f'after midnight add "+1": {format_clock(minutes)}' if minutes < 2 * MINUTES_A_DAY else ""
        raise QuantityError("this is later than 24:00", value, expected, fix)
    return minutes + (MINUTES_A_DAY if next_day else 0)


def format_clock(minutes: int) -> str:
    """`05:00`, or `00:30+1` past midnight."""
    day, rest = divmod(minutes, MINUTES_A_DAY)
    if day == 1 and rest == 0:
        return "24:00"
    return f"{rest // 60:02d}:{rest % 60:02d}" + (f"+{day}" if day else "")


def parse_window(value: object) -> tuple[int, int]:
    """Start and end of `05:00-13:00`, or of `21:00-05:00+1` overnight, in minutes after midnight.

    Raises:
        QuantityError: not a window, reversed, longer than 14 h or shorter than 1 h.
    """
    expected = "a window such as 05:00-13:00, or 21:00-05:00+1 if it ends the next day"
    match = _WINDOW.fullmatch(value.strip()) if isinstance(value, str) else None
    ends = [_CLOCK.fullmatch(match[i].lower()) for i in (1, 2)] if match else []
    if not match or not all(ends) or any(int(e[2] or 0) > 59 for e in ends if e):
        raise QuantityError("this is not a window of hours", value, expected, "type start-end: 05:00-13:00")
    start, end = (60 * int(e[1]) + int(e[2] or 0) for e in ends if e)
    end += MINUTES_A_DAY if match[3] else 0
    swapped = f"{format_clock(end)}-{format_clock(start)}"
    if start >= MINUTES_A_DAY:
        raise QuantityError("this window starts after midnight of its day", value, expected)
    if end <= start:
        overnight = f"{format_clock(start)}-{format_clock(end)}+1"
        fits = 0 < end + MINUTES_A_DAY - start <= LONGEST_WINDOW_MIN
        fix = f"type {swapped}" if SHORTEST_WINDOW_MIN <= start - end <= LONGEST_WINDOW_MIN else ""
        if fits:
            fix += f"{', or ' if fix else 'type '}{overnight} if it ends the next day"
        raise QuantityError("this window is reversed: it ends before it starts", value, expected, fix)
    length = end - start
    if length > LONGEST_WINDOW_MIN:
        raise QuantityError(
            f"a shift of {length / 60:g} h is too long", value,
            f"at most {LONGEST_WINDOW_MIN // 60} h from start to end", "give the hours that one team works",
        )  # fmt: skip
    if length < SHORTEST_WINDOW_MIN:
        raise QuantityError("this shift is too short", value, f"at least {SHORTEST_WINDOW_MIN} min")
    if end > MINUTES_A_DAY and not match[3]:
        fix = f"type {format_window(start, end)}"
        raise QuantityError("this window ends later than 24:00", value, expected, fix)
    return start, end


def format_window(start_min: int, end_min: int) -> str:
    """`05:00-13:00` or `21:00-05:00+1`, as parse_window reads it."""
    return f"{format_clock(start_min)}-{format_clock(end_min)}"
