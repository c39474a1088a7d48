"""Lines of shuttles as a scenario writes them, and their checks.

Lives here: ShuttleLine, ShuttleOptions. Not here: what only the territory shows (layout), costs (fleet).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from embauche.core.offerings import Options
from embauche.core.scenario_fields import WINDOW_NAMES, Clock, days_of, fault
from embauche.core.scenario_stops import Minutes, StopPoint, check_times, stop_point, stop_points
from embauche.core.shifts import DAY_NAMES
from embauche.core.suggest import nearest


class ShuttleLine(BaseModel):
    """One line: stops from the homes to the workplace, and when it runs.

    Attributes:
        name: of the line.
        authority: who pays what fares leave open; empty for whoever is in charge.
        stops: in order, the workplace last.
        windows: shift windows that it serves: one run there and one back for each.
        arrive_before, leave_after: minutes between a run and the window's start and end, at the last stop.
        departures, departures_back: further runs, by their departure.
        days: days on which the shifts that it serves begin.
        seats: of each vehicle.
        vehicles: number of vehicles; as many as the runs need if not given.
        depot: where vehicles stand; the first stop if not given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(min_length=1, max_length=64, description="name of the line")
    authority: str = Field(default="", description="who pays; empty for whoever is in charge")
    stops: Annotated[tuple[StopPoint, ...], BeforeValidator(stop_points)] = Field(
        description="stops in order, the workplace last"
    )
    windows: tuple[str, ...] = Field(default=(), description="shift windows that it serves")
    arrive_before: Minutes = Field(default=10, ge=0, le=60, description="minutes before the shift's start")
    leave_after: Minutes = Field(default=10, ge=0, le=60, description="minutes after the shift's end")
    departures: tuple[Clock, ...] = Field(default=(), description="further runs to work")
    departures_back: tuple[Clock, ...] = Field(default=(), description="further runs home")
    days: Annotated[tuple[str, ...], BeforeValidator(days_of)] = Field(
        default=DAY_NAMES[:5], description="all, weekdays, weekend, or a list of Mon ... Sun"
    )
    seats: int = Field(default=19, ge=0, le=90, description="seats of a vehicle")
    vehicles: int | None = Field(default=None, ge=0, le=99, description="vehicles; as many as runs need")
    depot: Annotated[StopPoint, BeforeValidator(stop_point)] | None = Field(
        default=None, description="where vehicles stand; the first stop if not given"
    )

    @field_validator("windows")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in WINDOW_NAMES:
                near = nearest(name, WINDOW_NAMES)
                fix = f"did you mean {near}?" if near else ""
                raise fault(f"there is no window {name}", name, ", ".join(WINDOW_NAMES), fix)
        return value

    @model_validator(mode="after")
    def _runs(self) -> ShuttleLine:
        check_times(self.stops)
        if not (self.windows or self.departures or self.departures_back):
            expected = "`windows` of shifts, or `departures` and `departures_back`"
            raise fault(f"shuttle {self.name} never leaves", "no runs", expected)
        if not self.windows and not (self.departures and self.departures_back):
            found = "departures only" if self.departures else "departures_back only"
            raise fault(
                f"shuttle {self.name} takes nobody both ways", found,
                "departures and departures_back, or windows",
            )  # fmt: skip
        return self

    @property
    def day_mask(self) -> int:
        """Bit mask of its days, bit 0 Monday."""
        return sum(1 << DAY_NAMES.index(day) for day in self.days)


class ShuttleOptions(Options):
    """Lines of shuttles."""

    lines: tuple[ShuttleLine, ...] = Field(default=(), description="lines of shuttles")

    @model_validator(mode="after")
    def _names(self) -> ShuttleOptions:
        names = [line.name for line in self.lines]
        for name in names:
            if names.count(name) > 1:
                raise fault(f"{names.count(name)} shuttles are called {name}", name, "a name for each line")
        return self
