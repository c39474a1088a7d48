"""Quantities, clock times and windows as people write them.

Not here: the fields that hold them (test_scenario).
"""

from __future__ import annotations

import pytest

from embauche.core.units import (
    QuantityError,
    format_clock,
    format_window,
    parse_clock,
    parse_quantity,
    parse_window,
)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1.50 EUR", "EUR", 1.5),
        ("1,50 €", "EUR", 1.5),
        ("25 km/h", "km/h", 25),
        ("7 m/s", "km/h", 25.2),
        ("12 min", "min", 12),
        ("1 h", "min", 60),
        ("1h30", "min", 90),
        ("0:30", "min", 30),
        ("0.16 EUR/km", "EUR/km", 0.16),
        ("16 ct/km", "EUR/km", 0.16),
        ("3 %", "share of tours", 0.03),
        ("3 %", "share a week", 0.03),
        ("3 % a week", "share a week", 0.03),
        ("0.142 kg/km", "g/km", 142),
        ("120 EUR a month", "EUR a month", 120),
        ("120 EUR/month", "EUR a month", 120),
        ("120 EUR", "EUR a month", 120),
        ("20 tours", "tours", 20),
        ("26 weeks", "weeks", 26),
        ("-3.5", "EUR", -3.5),
        (4, "vacancies", 4),
        ("on", "0 or 1", 1),
        (False, "0 or 1", 0),
        ("1 000 EUR", "EUR", 1000),
    ],
)
def test_quantity(text: object, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("0.16 EUR/h", "EUR/km", "another unit"),
        ("0.16 EUR", "EUR/km", "another unit"),
        ("5 km", "min", "another unit"),
        ("5 min", "km", "another unit"),
        ("3 cars", "tours", "another unit"),
        ("fast", "min", "not a quantity"),
        ("", "min", "not a quantity"),
        (True, "min", "not a quantity"),
        (None, "min", "not a quantity"),
        ([1], "min", "not a quantity"),
        (float("nan"), "min", "finite"),
        ("1e999", "min", "finite"),
        ("1,500 EUR", "EUR", "two ways"),
    ],
)
def test_quantity_refused(text: object, unit: str, words: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, unit)
    assert words in caught.value.what
    assert caught.value.found == str(text)
    assert caught.value.expected


def test_percent_has_no_rounding_noise() -> None:
    assert parse_quantity("3 %", "share") == 0.03
    assert parse_quantity("14 ct/km", "EUR/km") == 0.14


@pytest.mark.parametrize(
    ("text", "minutes"), [("05:00", 300), ("5h", 300), ("5h30", 330), ("00:30+1", 1470), ("24:00", 1440)]
)
def test_clock(text: str, minutes: int) -> None:
    assert parse_clock(text) == minutes
    assert parse_clock(format_clock(minutes)) == minutes


@pytest.mark.parametrize("text", ["5", "25:00", "12:60", "noon", "", 415, None, "-1:00"])
def test_clock_refused(text: object) -> None:
    with pytest.raises(QuantityError):
        parse_clock(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("05:00-13:00", (300, 780)),
        ("21:00-05:00+1", (1260, 1740)),
        ("5h - 13h", (300, 780)),
        ("16:00-24:00", (960, 1440)),
        ("16:00–00:00+1", (960, 1440)),
    ],
)
def test_window(text: str, hours: tuple[int, int]) -> None:
    assert parse_window(text) == hours
    assert parse_window(format_window(*hours)) == hours


@pytest.mark.parametrize(
    ("text", "what", "fix"),
    [
        ("13:00-05:00", "reversed", "type 05:00-13:00"),
        ("21:00-05:00", "reversed", "21:00-05:00+1 if it ends the next day"),
        ("05:00-05:00", "reversed", ""),
        ("05:00-11:00+1", "30 h is too long", "one team"),
        ("05:00-35:00", "30 h is too long", "one team"),
        ("05:00-19:30", "14.5 h is too long", "one team"),
        ("05:00-05:10", "too short", ""),
        ("21:00-29:00", "later than 24:00", "type 21:00-05:00+1"),
        ("25:00-26:00", "after midnight", ""),
        ("05:00", "not a window", "type start-end"),
        (300, "not a window", "type start-end"),
    ],
)
def test_window_refused(text: object, what: str, fix: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_window(text)
    assert what in caught.value.what
    assert fix in caught.value.fix
