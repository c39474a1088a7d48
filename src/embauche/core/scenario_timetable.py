"""What a scenario changes in the timetable: longer hours, headways, cuts, moved stops, new lines.

Lives here: TimetableChange, its YAML and its checks. Not here: what it does to trips (routing).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from embauche.core.scenario_fields import MODES, Clock, days_of, fault
from embauche.core.scenario_stops import (
    Between,
    StopPoint,
    WholeMinutes,
    check_times,
    stop_point,
    stop_points,
)
from embauche.core.shifts import DAY_NAMES
from embauche.core.timetable_plan import Cut, Headway, MovedStop, NewLine, PlanEdit, TimetableEdit
from embauche.core.units import format_clock

# What each kind of edit may say, besides `days`; the first key names the kind.
KINDS: dict[str, tuple[str, ...]] = {
    "line": (
        "stops", "mode", "departures", "departures_back", "both_ways", "headway_min", "between",
        "first_departure", "last_departure",
    ),
    "move_stop": ("to",),
    "cut": ("routes", "mode", "between"),
    "headway_min": ("routes", "mode", "between"),
    "hours": ("routes", "mode", "first_departure", "last_departure", "every_min"),
}  # fmt: skip


class TimetableChange(BaseModel):
    """One edit of the timetable.

    Attributes:
        routes: "all", or names of routes.
        mode: only routes of this mode, or the mode of a new line.
        first_departure, last_departure: longer hours: trips are copied outward until these times.
        every_min: minutes between the trips that longer hours add.
        headway_min: regular departures, minutes apart, in place of those that there are.
        between: hours in which `headway_min` or `cut` holds.
        cut: the routes are withdrawn.
        move_stop, to: a stop, and where it stands from now on.
        line, stops: a new line's name and its stops in order.
        departures, departures_back: a new line's departures from its first stop, and from its last one.
        both_ways: whether a new line also runs back.
        days: days of the week on which this holds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    routes: Literal["all"] | tuple[str, ...] = Field(default="all", description="all, or a list of names")
    mode: Literal["tram", "metro", "rail", "bus"] | None = Field(default=None, description="only this mode")
    first_departure: Clock | None = Field(default=None, description="the first trip leaves at this time")
    last_departure: Clock | None = Field(default=None, description="the last trip leaves at this time")
    every_min: WholeMinutes = Field(default=60, ge=5, le=480, description="minutes between added trips")
    headway_min: WholeMinutes | None = Field(
        default=None, ge=2, le=480, description="regular departures, minutes apart"
    )
    between: Between | None = Field(default=None, description="hours in which a headway or a cut holds")
    cut: bool = Field(default=False, description="withdraw these routes")
    move_stop: str | None = Field(default=None, description="id or name of a stop that moves")
    to: Annotated[StopPoint, BeforeValidator(stop_point)] | None = Field(
        default=None, description="where it moves"
    )
    line: str | None = Field(default=None, min_length=1, max_length=64, description="name of a new line")
    stops: Annotated[tuple[StopPoint, ...], BeforeValidator(stop_points)] = Field(
        default=(), description="stops of a new line, in order"
    )
    departures: tuple[Clock, ...] = Field(default=(), description="departures of a new line")
    departures_back: tuple[Clock, ...] = Field(default=(), description="departures from its last stop, back")
    both_ways: bool = Field(default=True, description="a new line also runs back")
    days: Annotated[tuple[str, ...], BeforeValidator(days_of)] = Field(
        default=DAY_NAMES, description="all, weekdays, weekend, or a list of Mon ... Sun"
    )

    @field_validator("routes", mode="before")
    @classmethod
    def _some(cls, value: Any) -> Any:
        if isinstance(value, str) and value != "all":
            return (value,)
        if isinstance(value, list | tuple) and not value:
            raise fault("no route is named", "an empty list", "all, or names of routes")
        return tuple(str(v) for v in value) if isinstance(value, list | tuple) else value

    @property
    def kind(self) -> str:
        """Which edit this is: a key of KINDS."""
        given = self._given()
        return next((k for k in ("line", "move_stop", "cut", "headway_min") if k in given), "hours")

    def _given(self) -> set[str]:
        fields = type(self).model_fields
        return {k for k in fields if getattr(self, k) != fields[k].default}

    @model_validator(mode="after")
    def _sensible(self) -> TimetableChange:
        kind, given = self.kind, self._given()
        odd = sorted(given - {kind, "days", *KINDS[kind]})
        if odd:
            allowed = ", ".join(KINDS[kind])
            name = "longer hours" if kind == "hours" else f"`{kind}`"
            raise fault(
                f"{odd[0]} does not go with {name}", ", ".join(odd), f"one edit an item; with it: {allowed}"
            )
        first, last = self.first_departure, self.last_departure
        if first is not None and last is not None and first >= last:
            found = f"{format_clock(first)} to {format_clock(last)}"
            raise fault("this service ends before it starts", found, "first_departure before last_departure")
        if kind == "hours" and first is None and last is None:
            raise fault(
                "this edit changes nothing", "no times",
                "first_departure, last_departure or both; or headway_min, cut, move_stop, line",
            )  # fmt: skip
        if kind == "move_stop" and self.to is None:
            raise fault("a stop moves somewhere", f"move_stop: {self.move_stop}", "`to`: a stop, lon and lat")
        if kind == "line":
            self._check_line()
        return self

    def _check_line(self) -> None:
        check_times(self.stops)
        if not self._departures_min():
            expected = "`departures`, or `headway_min` with `between`"
            raise fault(f"line {self.line} never leaves", "no departures", expected)
        if self.departures_back and not self.both_ways:
            raise fault("this line does not run back", "departures_back", "`both_ways: true`")

    def _departures_min(self) -> tuple[int, ...]:
        """Departures of a new line, minutes after midnight."""
        span = self.between or (self.first_departure, self.last_departure)
        regular: tuple[int, ...] = ()
        if self.headway_min is not None and span[0] is not None and span[1] is not None:
            regular = tuple(range(span[0], span[1] + 1, self.headway_min))
        return tuple(sorted({*self.departures, *regular}))

    def edit(self) -> PlanEdit:
        """The same in the plain form that the model reads."""
        days = sum(1 << DAY_NAMES.index(day) for day in self.days)
        routes = () if self.routes == "all" else self.routes
        mode = None if self.mode is None else MODES[self.mode]
        first, last = (None if t is None else 60 * t for t in (self.first_departure, self.last_departure))
        span = tuple(None if self.between is None else 60 * t for t in self.between or (0, 0))
        if self.kind == "move_stop" and self.move_stop is not None and self.to is not None:
            return MovedStop(self.move_stop, self.to.plain())
        if self.kind == "line" and self.line is not None:
            there = tuple(60 * t for t in self._departures_min())
            back = tuple(sorted(60 * t for t in self.departures_back)) or there
            stops = tuple(s.plain() for s in self.stops)
            bus = MODES["bus"] if mode is None else mode
            return NewLine(self.line, stops, bus, there, back if self.both_ways else (), days)
        if self.kind == "cut":
            return Cut(routes, mode, span[0] or 0, span[1] or 2 * 86_400, days)
        if self.headway_min is not None:
            return Headway(routes, mode, 60 * self.headway_min, span[0], span[1], days)
        return TimetableEdit(routes, mode, first, last, 60 * self.every_min, days)
