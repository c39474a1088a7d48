"""What a scenario may say of on-demand transport: systems, each with zone, stops, hours, fleet, rules.

Lives here: the YAML keys below `services: on_demand:` and their own checks. Not here: faults that show only
beside the territory (demand.check), what is driven (on_demand).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from embauche.core import scenario_stops
from embauche.core.offerings import Fields
from embauche.core.scenario_areas import Area, Texts, euros, some
from embauche.core.scenario_fields import days_of, fault, faulty
from embauche.core.shifts import DAY_NAMES
from embauche.core.units import QuantityError, format_clock, parse_clock

DAY_MIN = 1440
LATEST_MIN = 2 * DAY_MIN
WHOLE_DAY = "00:00-00:00+1"


def span_of(text: object) -> tuple[int, int]:
    """Minutes after midnight of "04:15-22:30" or "20:00-02:00+1".

    Raises:
        PydanticCustomError: no such span, or one that ends before it starts.
    """
    words = str(text).replace("\u2013", "-").split("-")
    if len(words) != 2:
        raise fault("these are no hours", text, "two times such as 04:15-22:30")
    try:
        start, end = (parse_clock(w.strip()) for w in words)
    except QuantityError as error:
        raise faulty(error) from None
    if end <= start:
        raise fault(
            "these hours end before they start", text, "an end after the start",
            f"add +1 to what lies past midnight: {format_clock(end)}+1" if end < DAY_MIN else "",
        )  # fmt: skip
    if end > LATEST_MIN or end - start > DAY_MIN:
        raise fault("these hours are longer than a day", text, "at most 24 hours")
    return start, end


def _spans(value: Any) -> Any:
    """One span or a list of them, as texts."""
    return (value,) if isinstance(value, str) else value


def _fare(value: Any) -> Any:
    return euros(value, "a fare is negative")


Minutes = Annotated[scenario_stops.Minutes, Field(ge=0, le=DAY_MIN)]
Euros = Annotated[float, BeforeValidator(_fare), Field(le=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DriverShift(_Strict):
    """Hours of one driver, with the break that she takes within a span."""

    hours: str = Field(description="from when to when, such as 04:00-12:00")
    days: tuple[str, ...] = Field(default=DAY_NAMES, description="all, weekdays, weekend, or Mon ... Sun")
    pause: str | None = Field(default=None, description="the break lies within these hours")
    pause_min: Minutes = Field(default=20.0, description="and lasts so long")

    @field_validator("days", mode="before")
    @classmethod
    def _days(cls, value: Any) -> Any:
        return days_of(value)

    @model_validator(mode="after")
    def _fits(self) -> DriverShift:
        start, end = span_of(self.hours)
        if self.pause is not None:
            low, high = span_of(self.pause)
            if low < start or high > end or high - low < self.pause_min:
                found = f"{self.pause} for {self.pause_min:g} min in {self.hours}"
                raise fault("the break does not fit into its shift", found, "a pause within the hours")
        return self


class Vehicles(_Strict):
    """Vehicles of one kind that stand at one depot."""

    vehicles: int = Field(ge=0, le=1000, description="how many; 0 means no offer")
    depot: str | tuple[float, float] = Field(description="a commune, or [longitude, latitude]")
    seats: int = Field(default=8, ge=1, le=60, description="passengers, driver left out")
    wheelchair_places: int = Field(default=1, ge=0, le=10, description="places for wheelchairs")
    shifts: tuple[DriverShift, ...] = Field(
        default=(), description="driver shifts of each vehicle; the system's hours if none is given"
    )

    @field_validator("shifts", mode="before")
    @classmethod
    def _list(cls, value: Any) -> Any:
        return some(value)


class Booking(_Strict):
    """When a ride must be asked for; kinds are those of GTFS-Flex booking_rules.booking_type."""

    kind: Literal["real_time", "same_day", "previous_day"] = Field(
        default="previous_day", description="0 real time, 1 the same day with notice, 2 up to previous days"
    )
    notice_min: Minutes = Field(default=60.0, description="same day: so long before the ride")
    days_before: int = Field(default=1, ge=1, le=30, description="previous day: so many days before")
    cut_off: str = Field(default="17:00", description="previous day: until this time")

    @field_validator("cut_off", mode="before")
    @classmethod
    def _clock(cls, value: Any) -> Any:
        try:
            return format_clock(parse_clock(value))
        except QuantityError as error:
            raise faulty(error) from None

    @property
    def cut_off_min(self) -> int:
        """Minutes after midnight."""
        return parse_clock(self.cut_off)


class Feeder(_Strict):
    """Rides to and from stops of the timetable, for those who go on by bus or train."""

    stops: Texts = Field(min_length=1, description="stops by name or stop_id")
    hold_min: Minutes = Field(default=10.0, description="a late bus or train is waited for so long")


class System(_Strict):
    """One on-demand service: who runs it, where, when, with what, by which rules."""

    name: str = Field(pattern=r"^[^/]{1,60}$", description="name of the system")
    authority: str = Field(default="", description="authority that runs it; the territory's own if empty")
    zone: Area | None = Field(default=None, description="where it runs; the whole territory if not given")
    stops: str = Field(
        default="virtual", description="virtual, timetable, door, or a CSV file: id,name,lon,lat"
    )
    walk_m: float = Field(default=400.0, ge=0, le=3000, description="longest walk to a stop, metres")
    gtfs_flex: str | None = Field(default=None, description="feed (zip) that gives stops, hours and booking")
    routes: Texts = Field(default=(), description="routes of the feed; all if empty")
    hours: dict[str, tuple[str, ...]] = Field(
        default={"all": (WHOLE_DAY,)}, description='days: hours, as weekdays: "04:15-22:30"'
    )
    fleet: Annotated[tuple[Vehicles, ...], BeforeValidator(some)] = Field(description="vehicles and depots")
    booking: Booking = Field(default=Booking(), description="when rides must be asked for")
    max_wait_min: Minutes | None = Field(default=None, description="longest wait after the time asked for")
    detour_alpha: float | None = Field(default=None, ge=1, le=5, description="ride at most alpha * direct")
    detour_beta_min: Minutes | None = Field(default=None, description="+ beta minutes")
    stop_min: Minutes | None = Field(default=None, description="minutes to board or alight")
    on_refusal: Literal["refuse", "offer_later"] = Field(
        default="refuse", description="offer_later: an earlier arrival or a later way home instead"
    )
    shift_by_min: Minutes = Field(default=30.0, description="offer_later: at most so much")
    feeder: Feeder | None = Field(default=None, description="rides to timetabled stops")
    fare_eur: Euros | None = Field(default=None, description="fare of a ride, EUR")
    fare_eur_per_km: Euros | None = Field(default=None, description="and of a direct kilometre, EUR")

    @field_validator("hours", mode="before")
    @classmethod
    def _hours(cls, value: Any) -> Any:
        if isinstance(value, str | list | tuple):
            value = {"all": value}
        if not isinstance(value, dict) or not value:
            raise fault("these are no hours by day", value, 'lines such as weekdays: "04:15-22:30"')
        out: dict[str, Any] = {}
        taken: dict[str, str] = {}
        for key, spans in value.items():
            for day in days_of([d.strip() for d in key.split(",")] if "," in str(key) else key):
                if day in taken:
                    raise fault(f"{day} has hours twice", f"{taken[day]} and {key}", "each day once")
                taken[day] = key
            listed = spans if isinstance(spans, list | tuple) else (spans,)
            known = sorted(span_of(s) for s in listed)
            for (_, end), (start, _) in pairwise(known):
                if start < end:
                    raise fault("hours of a day overlap", ", ".join(map(str, listed)), "one after another")
            out[str(key)] = tuple(str(s) for s in listed)
        return out

    @field_validator("fleet")
    @classmethod
    def _fleet(cls, value: Any) -> Any:
        if not value:
            raise fault(
                "this fleet has no vehicles", "an empty list", "vehicles: and depot: (0 vehicles is no offer)"
            )
        return value

    def spans(self) -> list[list[tuple[int, int]]]:
        """Hours of each day from Monday, minutes after its midnight, rising."""
        week: list[list[tuple[int, int]]] = [[] for _ in DAY_NAMES]
        for key, texts in self.hours.items():
            for day in days_of([d.strip() for d in key.split(",")] if "," in key else key):
                week[DAY_NAMES.index(day)] = sorted(span_of(t) for t in texts)
        return week


class OnDemandOptions(Fields):
    """Keys below `services: on_demand:` that are no parameters."""

    systems: tuple[System, ...] = Field(default=(), description="systems; ten vehicles everywhere if none")

    @model_validator(mode="after")
    def _names(self) -> OnDemandOptions:
        names = [s.name for s in self.systems]
        for name in names:
            if names.count(name) > 1:
                raise fault("two systems have one name", name, "a name for each")
        return self

    @staticmethod
    def whole(territory: Any) -> System:
        """The system of a scenario that names none: ten vehicles for all, at the largest commune."""
        population = territory.communes.population * ~territory.communes.external
        depot = str(territory.communes.name[int(population.argmax())])
        fleet = (Vehicles(vehicles=10, depot=depot),)
        return System(name="on-demand", hours={"all": ("04:00-23:30",)}, fleet=fleet)
