"""The kinds of value a scenario holds: how each is read, checked, written back and described.

Lives here: parameters, windows, switches, clocks, days, rosters. Not here: the scenario (core.scenario).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from embauche.core.parameters import REGISTRY
from embauche.core.shifts import DAY_NAMES, DEFAULT_WINDOWS, ShiftCatalogue
from embauche.core.suggest import nearest
from embauche.core.units import (
    QuantityError,
    format_clock,
    format_window,
    parse_clock,
    parse_quantity,
    parse_window,
)

# GTFS route types, folded as in territory.schemas.TRIPS.
MODES = {"tram": 0, "metro": 1, "rail": 2, "bus": 3}
WINDOW_NAMES = tuple(w.name for w in DEFAULT_WINDOWS)


def fault(what: str, found: object, expected: str, fix: str = "") -> PydanticCustomError:
    """An error that pydantic collects and that keeps its parts for the person who reads it."""
    context = {"what": what, "found": str(found), "expected": expected, "fix": fix}
    return PydanticCustomError("embauche", "{what}: found {found}, expected {expected}", context)


def different_names(names: Sequence[str], found_twice: str, why: str) -> None:
    """Refuse a name that stands twice.

    Args:
        names: as they stand in the file.
        found_twice: what is wrong then.
        why: what names are for, said behind "different names: ".

    Raises:
        PydanticCustomError: names the first that stands twice.
    """
    for name in names:
        if names.count(name) > 1:
            raise fault(found_twice, name, f"different names: {why}")


def faulty(error: QuantityError) -> PydanticCustomError:
    """The same from a quantity that could not be read."""
    return fault(error.what, error.found, error.expected, error.fix)


def _unknown(kind: str, name: str, known: tuple[str, ...] | Mapping[str, Any]) -> PydanticCustomError:
    near = nearest(name, known)
    fix = f"did you mean {near}?" if near else ""
    if not near and kind == "parameter":
        fix = "`embauche schema parameters` lists them all"
    expected = ", ".join(known) if len(known) <= 12 else f"one of the {len(known)} known names"
    return fault(f"there is no {kind} {name}", name, expected, fix)


def _parameter(pair: tuple[str, Any]) -> float:
    name, value = pair
    if name not in REGISTRY:
        raise _unknown("parameter", name, REGISTRY)
    known = REGISTRY[name]
    try:
        number = parse_quantity(value, known.unit)
    except QuantityError as error:
        raise faulty(error) from None
    if not known.low <= number <= known.high:
        span = f"{known.low:g} to {known.high:g} {known.unit}"
        raise fault(f"{name} is out of its range", value, span, f"the default is {known.value:g}")
    return number


def _window(pair: tuple[str, Any]) -> tuple[int, int]:
    name, value = pair
    if name not in WINDOW_NAMES:
        raise _unknown("window", name, WINDOW_NAMES)
    if isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(v, int) for v in value):
        value = format_window(*value)
    try:
        return parse_window(value)
    except QuantityError as error:
        raise faulty(error) from None


def _clock(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 * 1440:
        raise fault("this is not a time of day", value, "hours and minutes", f'type "{format_clock(value)}"')
    try:
        return parse_clock(value)
    except QuantityError as error:
        raise faulty(error) from None


def days_of(value: Any) -> tuple[str, ...]:
    """Days of the week from a list, or from all, weekdays, weekend."""
    groups = {"all": DAY_NAMES, "weekdays": DAY_NAMES[:5], "weekend": DAY_NAMES[5:]}
    if isinstance(value, str) and value.lower() in groups:
        return groups[value.lower()]
    asked = [value] if isinstance(value, str) else value
    if not isinstance(asked, list | tuple) or not asked:
        raise fault("these are not days", value, "a list of " + ", ".join(DAY_NAMES) + ", or all")
    titled = {str(day).strip().title() for day in asked}
    for day in sorted(titled - set(DAY_NAMES)):
        raise _unknown("day", day, DAY_NAMES)
    return tuple(day for day in DAY_NAMES if day in titled)


def named(value: Any) -> Any:
    """Give each value of a mapping its key, so that one function judges both."""
    return {str(k): (str(k), v) for k, v in value.items()} if isinstance(value, Mapping) else value


def texts(value: Any) -> Any:
    """One text for both languages, where only one is given."""
    return {"fr": value, "en": value} if isinstance(value, str) else value


_CLOCK_SCHEMA = {"type": "string", "pattern": r"^\d{1,2}(:|h)\d{0,2}(\+1)?$", "examples": ["04:15"]}
WINDOW_SCHEMA = {"type": "string", "examples": ["05:00-13:00", "21:00-05:00+1"]}
Clock = Annotated[
    int,
    BeforeValidator(_clock),
    PlainSerializer(format_clock, return_type=str),
    WithJsonSchema(_CLOCK_SCHEMA),
]
WindowHours = Annotated[
    tuple[int, int],
    BeforeValidator(_window),
    PlainSerializer(lambda w: format_window(*w), return_type=str),
]
ParameterValue = Annotated[float, BeforeValidator(_parameter)]


def closed(properties: Mapping[str, Any]) -> WithJsonSchema:
    """JSON schema of a mapping with these keys and no others."""
    return WithJsonSchema(
        {"type": "object", "properties": dict(properties), "additionalProperties": False, "default": {}}
    )


def parameter_schema(name: str) -> dict[str, Any]:
    """JSON schema of a parameter: its meaning, unit, range and source, for editors."""
    p = REGISTRY[name]
    words = f"{p.doc} [{p.unit}], {p.low:g} to {p.high:g}; default {p.value:g} ({p.source})"
    bounded = {"type": "number", "minimum": p.low, "maximum": p.high}
    return {"description": words, "anyOf": [bounded, {"type": ["string", "boolean"]}], "default": p.value}


def check_rosters(catalogue: ShiftCatalogue) -> None:
    """Refuse hours that would have somebody work twice at a time.

    Raises:
        PydanticCustomError: names the shift and the two windows.
    """
    for shift in catalogue.shifts:
        hours = {w.name: (w.start_min, w.end_min) for w in catalogue.windows}
        tours = [
            (name, 1440 * (7 * week + day) + hours[name][0], 1440 * (7 * week + day) + hours[name][1])
            for week, days in enumerate(shift.pattern)
            for day, names in enumerate(days)
            for name in names
        ]
        cycle = 1440 * 7 * len(shift.pattern)
        following = [*tours[1:], (tours[0][0], tours[0][1] + cycle, tours[0][2] + cycle)]
        for (name, _, end), (after, start, _) in zip(tours, following, strict=True):
            if end > start:
                found = f"{name} {format_window(*hours[name])}, then {after} {format_window(*hours[after])}"
                raise fault(
                    f"shift {shift.name} would have somebody work twice at a time", found,
                    f"{name} to end before {after} starts", f"change windows.{name} or windows.{after}",
                )  # fmt: skip
