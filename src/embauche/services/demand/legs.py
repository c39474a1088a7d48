"""Legs of tours as a day's planner takes them: windows, hours of the day, the moment they become known.

Lives here: Legs of requests, their operating day, booking rules. Not here: dispatch (services.dispatching),
what is held from call to call (demand.week).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.services.demand.rides import DAY_MIN, Reach, Rides

if TYPE_CHECKING:
    from embauche.services.demand.options import Booking, System

Array = np.ndarray[Any, Any]
OUT, BACK = 0, 1
NO_VEHICLE, OUTSIDE_HOURS, TOO_LATE, WHEELCHAIR, NO_RETURN, NOT_SERVED = 1, 2, 3, 4, 5, 6
LEAD_MIN = 1440.0  # who asks at short notice does so at any moment of the last day
AHEAD_MIN = 7 * 1440.0  # everybody else knows her shifts a week ahead


@dataclass(frozen=True)
class Rules:
    """A system's rules with every figure filled in; minutes.

    Attributes:
        max_wait_min, alpha, beta_min, stop_min: longest wait, ride at most alpha * direct + beta, to board.
        hold_min: longer wait for who comes by bus or train.
        shift_by_min: how far another time may be offered, 0 if none is.
        booking: when rides must be asked for.
    """

    max_wait_min: float
    alpha: float
    beta_min: float
    stop_min: float
    hold_min: float
    shift_by_min: float
    booking: Booking

    @classmethod
    def of(cls, system: System, value: Any) -> Rules:
        """A system's own rules, or the service's parameters where it has none.

        Args:
            system: what the scenario says.
            value: the service's parameter by name.
        """

        def own(given: float | None, name: str) -> float:
            return float(value(name)) if given is None else given

        return cls(
            own(system.max_wait_min, "max_wait_min"), own(system.detour_alpha, "detour_alpha"),
            own(system.detour_beta_min, "detour_beta_min"), own(system.stop_min, "stop_min"),
            0.0 if system.feeder is None else system.feeder.hold_min,
            system.shift_by_min if system.on_refusal == "offer_later" else 0.0, system.booking,
        )  # fmt: skip


@dataclass
class Legs:
    """Legs [2, request], out and back; times in minutes of the operating day (may pass 1440).

    Attributes:
        day: int64 operating day from Monday of the week, -1 where no hours fit.
        shift: float64 minutes of the week at the day's midnight as the request counts them.
        pickup, delivery: int32 stops of the system.
        pickup_from, pickup_until, delivery_from, delivery_until: float64.
        max_ride: float64 minutes between being picked up and set down.
    """

    day: Array
    shift: Array
    pickup: Array
    delivery: Array
    pickup_from: Array
    pickup_until: Array
    delivery_from: Array
    delivery_until: Array
    max_ride: Array

    @classmethod
    def of(
        cls, reach: Reach, rules: Rules, rides: Rides, start_min: Array, end_min: Array, more_min: float = 0.0
    ) -> Legs:
        """Legs of tours.

        Args:
            reach: the system.
            rules: its rules.
            rides: rides of this system [request].
            start_min, end_min: float64 of the shift, minutes of the week.
            more_min: so much earlier on the way out, and later on the way home, may it be.
        """
        wait = rules.max_wait_min + more_min
        hold = np.where(rides.away >= reach.layout.boarding, rules.hold_min, 0.0)
        direct = np.stack([rides.out_ride_min, rides.back_ride_min]).astype(np.float64)
        least = direct + rules.stop_min
        longest = rules.alpha * direct + rules.beta_min + rules.stop_min
        down_by = start_min - rides.ahead_min
        up_from = end_min + rides.after_min
        pickup_from = np.stack([down_by - wait - longest[OUT], up_from])
        pickup_until = np.stack([down_by - least[OUT], up_from + wait + hold])
        delivery_from = np.stack([down_by - wait, up_from + least[BACK]])
        delivery_until = np.stack([down_by, up_from + wait + hold + longest[BACK]])
        legs = cls(
            np.full(direct.shape, -1, np.int64), np.zeros(direct.shape),
            np.stack([rides.home, rides.away]), np.stack([rides.away, rides.home]),
            pickup_from, pickup_until, delivery_from, delivery_until, longest,
        )  # fmt: skip
        legs._place(reach.spans, least)
        return legs

    def _place(self, spans: list[list[tuple[int, int]]], least: Array) -> None:
        """Find the operating day and its hours that hold each leg, and cut the windows to them."""
        moment = np.stack([self.delivery_until[OUT], self.pickup_from[BACK]])
        most = max((len(s) for s in spans), default=0)
        table = np.full((7, most, 2), np.nan)
        for weekday, listed in enumerate(spans):
            table[weekday, : len(listed)] = np.array(listed, np.float64).reshape(-1, 2)
        for before in (0, 1):
            midnight = (np.floor(moment / DAY_MIN) - before) * DAY_MIN
            day = (midnight // DAY_MIN).astype(np.int64) % 7
            for k in range(most):
                low, high = table[day, k, 0] + midnight, table[day, k, 1] + midnight
                pickup_from = np.maximum(self.pickup_from, low)
                pickup_until = np.minimum(self.pickup_until, high - least)
                delivery_until = np.minimum(self.delivery_until, high)
                fits = (pickup_from <= pickup_until) & (pickup_from + least <= delivery_until)
                fits &= delivery_until >= self.delivery_from
                take = fits & (self.day < 0)  # NaN hours never fit
                self.day[take], self.shift[take] = day[take], midnight[take]
                self.pickup_from[take], self.pickup_until[take] = pickup_from[take], pickup_until[take]
                self.delivery_until[take] = delivery_until[take]
        for name in ("pickup_from", "pickup_until", "delivery_from", "delivery_until"):
            getattr(self, name)[:] -= self.shift

    @property
    def open(self) -> Array:
        """Whether both legs lie within hours, bool [request]."""
        return np.asarray((self.day >= 0).all(axis=0))


def known_at(rules: Rules, legs: Legs, hurried: Array) -> tuple[Array, Array]:
    """When tours become known, and whether they were asked for in time.

    Args:
        rules: the system's.
        legs: of the tours.
        hurried: float64 [request] share of the last day that is left when the tour is asked for, NaN for
            those who know their shifts ahead.

    Returns:
        float64 [request] minutes of the week, -inf before the days are planned; bool [request].
    """
    first = legs.pickup_from[OUT] + legs.shift[OUT]
    late = ~np.isnan(hurried)
    asked = first - np.where(late, LEAD_MIN * np.nan_to_num(hurried), AHEAD_MIN)
    booking = rules.booking
    if booking.kind == "real_time":
        return first, np.ones(len(first), bool)  # nothing can be booked before one wants to leave
    if booking.kind == "same_day":
        return np.where(late, asked, -np.inf), asked <= first - booking.notice_min
    deadline = legs.shift[OUT] - DAY_MIN * booking.days_before + booking.cut_off_min
    return np.full(len(first), -np.inf), ~late | (asked <= deadline)
