"""Stops, hours and minutes as a scenario writes them, for timetables and shuttles.

Lives here: StopPoint, Between, Minutes. Not here: which stops there are (routing.stops_named).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from embauche.core.scenario_fields import fault, faulty
from embauche.core.timetable_plan import StopAt
from embauche.core.units import QuantityError, format_clock, parse_clock, parse_quantity


def minutes_of(value: Any) -> Any:
    """Minutes from a number or a text such as `1 h`; whole ones as int."""
    if value is None:
        return None
    try:
        minutes = parse_quantity(value, "min")
    except QuantityError as error:
        raise faulty(error) from None
    return int(minutes) if minutes == int(minutes) else minutes


def _between(value: Any) -> Any:
    if value is None or isinstance(value, tuple):
        return value
    words = str(value).replace("–", "-").split("-")
    if isinstance(value, list) and len(value) == 2:
        words = [str(v) for v in value]
    if len(words) != 2:
        raise fault("these are no hours", value, "two times of day, such as 06:00-20:00")
    try:
        first, last = (parse_clock(word) for word in words)
    except QuantityError as error:
        raise faulty(error) from None
    if first >= last:
        fix = f"type {format_clock(first)}-{format_clock(last)}+1" if last < 1440 else ""
        raise fault("these hours end before they begin", value, "the earlier time first", fix)
    return first, last


Minutes = Annotated[float, BeforeValidator(minutes_of)]
WholeMinutes = Annotated[int, BeforeValidator(minutes_of)]
Between = Annotated[
    tuple[int, int],
    BeforeValidator(_between),
    PlainSerializer(lambda w: f"{format_clock(w[0])}-{format_clock(w[1])}", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["06:00-20:00", "20:00-01:00+1"]}),
]


class StopPoint(BaseModel):
    """A stop by its id or name, a commune's centre, or a new stop at lon, lat.

    Attributes:
        stop: id or name of a stop of the territory.
        commune: INSEE code or name.
        lon, lat: degrees WGS84.
        name: of a new stop.
        at: minutes after the first stop.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    stop: str | None = Field(default=None, description="id or name of a stop of the territory")
    commune: str | None = Field(default=None, description="code or name of a commune: its centre")
    lon: float | None = Field(default=None, ge=-180, le=180, description="longitude, degrees WGS84")
    lat: float | None = Field(default=None, ge=-90, le=90, description="latitude, degrees WGS84")
    name: str = Field(default="", description="name of a new stop")
    at: Minutes | None = Field(default=None, ge=0, le=600, description="minutes after the first stop")

    @model_validator(mode="after")
    def _one_place(self) -> StopPoint:
        given = [k for k in ("stop", "commune", "lon", "lat") if getattr(self, k) is not None]
        if given not in (["stop"], ["commune"], ["lon", "lat"]):
            found = ", ".join(given) or "nothing that says where"
            raise fault("a stop is at one place", found, "`stop`, or `commune`, or `lon` and `lat`")
        return self

    def plain(self) -> StopAt:
        """The same in the plain form that the model reads."""
        at_s = None if self.at is None else round(60 * self.at)
        return StopAt(self.stop, self.commune, self.lon, self.lat, self.name, at_s)


def stop_point(value: Any) -> Any:
    """A bare text is the name of a stop."""
    return {"stop": str(value)} if isinstance(value, str | int) and not isinstance(value, bool) else value


def stop_points(value: Any) -> Any:
    """A list of stops, names among them."""
    if isinstance(value, Mapping | str) or not isinstance(value, list | tuple):
        raise fault("these are no stops", value, "a list of stops")
    return tuple(stop_point(v) for v in value)


def check_times(stops: tuple[StopPoint, ...]) -> None:
    """Refuse fewer than two stops, or times that do not rise.

    Raises:
        PydanticCustomError: names the stop.
    """
    if len(stops) < 2:
        raise fault("a line has two stops at least", f"{len(stops)} stops", "its first and last stop")
    timed = [s.at is not None for s in stops[1:]]
    if any(timed) and not all(timed):
        missing = stops[1 + timed.index(False)].plain().label
        raise fault("this stop has no time", missing, "`at` for every stop after the first, or for none")
    at = 0.0 if stops[0].at is None else stops[0].at
    for stop in stops[1:] if all(timed) else ():
        if stop.at is None or stop.at <= at:
            found = f"{stop.plain().label} at {stop.at:g} min after {at:g} min"
            raise fault("the times of stops are out of order", found, "minutes that rise from stop to stop")
        at = stop.at
