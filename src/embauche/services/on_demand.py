"""The service on demand (TAD): rides booked in zones, with real vehicles, drivers' shifts and booking rules.

Lives here: the service and its parameters. Not here: its systems as a scenario writes them (demand.options),
where they run (demand.layout), the week's bookings (demand.week), dispatch (services.dispatching).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.core.errors import Problem
from embauche.core.parameters.registry import Parameters
from embauche.services.demand.legs import NO_RETURN, NO_VEHICLE, OUTSIDE_HOURS, TOO_LATE, WHEELCHAIR, Rules
from embauche.services.demand.options import OnDemandOptions
from embauche.services.demand.parameters import PARAMETERS
from embauche.services.shared import Answers, Prior, SharedService, WeekOfService

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile
    from embauche.services.base import Ground
    from embauche.services.demand.rides import Reach, Rides
    from embauche.services.demand.week import SystemWeek
    from embauche.services.shared import Requests

Array = np.ndarray[Any, Any]


class OnDemand(SharedService):
    """Rides from stop to stop or door to door; all legs of a tour are served, or none."""

    name = "on_demand"
    label = {"fr": "transport à la demande", "en": "on-demand transport"}  # noqa: RUF012
    nest = "public"
    Options = OnDemandOptions
    reasons: ClassVar[dict[int, dict[str, str]]] = {
        NO_VEHICLE: {"fr": "pas de véhicule libre", "en": "no vehicle free"},
        OUTSIDE_HOURS: {"fr": "hors des horaires", "en": "outside the hours"},
        TOO_LATE: {"fr": "demandé trop tard", "en": "asked for too late"},
        WHEELCHAIR: {"fr": "pas de place pour fauteuil", "en": "no wheelchair place"},
        NO_RETURN: {"fr": "retour impossible", "en": "no way back"},
    }
    parameters_of = PARAMETERS

    def __init__(self, ground: Ground) -> None:
        """Put every system on the ground, which takes a second for a hundred communes."""
        from embauche.services.demand.feed import from_feed
        from embauche.services.demand.fleet import fleets
        from embauche.services.demand.layout import lay_out
        from embauche.services.demand.rides import Reach

        super().__init__(ground)
        t, net, folder = ground.territory, ground.network, ground.settings.folder
        options = self.options or OnDemandOptions()
        self.systems = tuple(from_feed(s, folder) for s in options.systems) or (options.whole(t),)
        self.rules = [Rules.of(system, self.value) for system in self.systems]
        self.reaches: list[Reach] = []
        self.fleets = []
        self.weeks: list[SystemWeek] = []
        for k, (system, rules) in enumerate(zip(self.systems, self.rules, strict=True)):
            layout = lay_out(system, t, net.roads.graph, folder, self.value("ride_factor"))
            self.fleets.append(fleets(system, layout, rules.stop_min, self.value("shift_max_min")))
            if any(len(day.vehicle) for day in self.fleets[k]):
                self.reaches.append(
                    Reach.make(k, system, layout, t, net, rules.stop_min, self.value("change_min"))
                )
        self.reach_of = {reach.number: reach for reach in self.reaches}
        own = [(s.fare_eur, s.fare_eur_per_km) for s in self.systems]
        self.fare_eur = np.array([self.value("fare_eur") if f is None else f for f, _ in own])
        self.fare_eur_per_km = np.array([self.value("fare_eur_per_km") if f is None else f for _, f in own])
        self.wheelchair_share = self.value("wheelchair_share")

    @classmethod
    def day_masks(cls, options: Any) -> tuple[int, ...]:
        """Days on which its systems run at the same hours: trip classes tell others apart."""
        masks: dict[tuple[int, str], int] = {}
        for k, system in enumerate(options.systems if options is not None else ()):
            for day, spans in enumerate(system.spans()):
                masks[k, str(spans)] = masks.get((k, str(spans)), 0) | 1 << day
        return tuple(masks.values())

    @classmethod
    def check(
        cls, options: Any, territory: Any, folder: Path | None, parameters: Parameters
    ) -> list[Problem]:
        """Faults that show beside the territory: names, files, zones without road, hours too short."""
        from embauche.services.demand.check import problems_of

        return [p for k, s in enumerate(options.systems) for p in problems_of(s, k, territory, folder)]

    def prior(self) -> Prior:
        """Nine in ten served; a part of the allowed wait and detour is used."""
        wait = self.value("max_wait_min")
        return Prior(0.9, 0.25 * wait, 0.25 * wait + 0.5 * self.value("detour_beta_min"))

    def fill(self, tile: Tile) -> None:
        """Direct rides, walks and boarding; to a feeder stop with the journey on from there."""
        from embauche.services.demand.rides import find

        classes = self.network.classes
        k = tile.klass
        rides = find(
            self.reaches, tile.place, tile.site, k, classes.days[k, 1],
            classes.start_s[k] / 60.0, classes.end_s[k] / 60.0,
        )  # fmt: skip
        there = (rides.system >= 0) & self._within_borders(tile, rides.system)
        stop = np.array([r.stop_min for r in self.rules], np.float32)[rides.system]
        out = rides.walk_min + stop + rides.out_ride_min + rides.ahead_min
        tile.out_min[:] = np.where(there, out, np.inf)
        back = rides.after_min + stop + rides.back_ride_min + rides.walk_min
        tile.back_min[:] = np.where(there, back, np.inf)
        tile.eur[:] = np.where(there, self.fare(rides) + self.onward_fare(rides), 0.0)
        tile.km[:] = rides.km + rides.road_km + rides.rail_km
        bus, rail = (self.parameters[f"transit.{m}_co2_g_per_km"] for m in ("bus", "rail"))
        tile.g[:] = rides.road_km * bus + rides.rail_km * rail
        tile.early_min[:] = rides.early_min
        tile.wait_min[:] = rides.wait_min
        tile.transfers[:] = rides.transfers

    def _within_borders(self, tile: Tile, system: Array) -> Array:
        """Whether a system's authority may take each row's people between home and work, bool [row]."""
        net, t = self.network, self.ground.territory
        home = t.places.commune[net.place_rows][tile.place]
        work = t.sites.commune[net.site_rows][tile.site]
        out = np.ones(len(system), bool)
        for k, s in enumerate(self.systems):
            mine = system == k
            out[mine] = net.jurisdiction.may_serve(s.authority, home[mine], work[mine])
        return out

    def fare(self, rides: Rides) -> Array:
        """EUR of both rides of a tour in whole cents, [row]."""
        eur: Array = 2 * self.fare_eur[rides.system] + self.fare_eur_per_km[rides.system] * rides.km
        return np.asarray(np.round(eur, 2))

    def onward_fare(self, rides: Rides) -> Array:
        """EUR of the bus or train that the rides feed, [row]."""
        return np.where(rides.transfers > 0, self.parameters["transit.fare_eur"], 0.0)

    def open_week(self, week: int) -> None:
        """No ride is booked."""
        from embauche.services.demand.week import SystemWeek

        self.week = week
        search = int(self.value("search"))
        self.weeks = [
            SystemWeek(reach, self.rules[reach.number], self.fleets[reach.number], self.ground.seed, search)
            for reach in self.reaches
        ]
        self.told: list[tuple[Requests, Rides]] = []

    def book(self, requests: Requests) -> Answers:
        """Ask each tour's system for both rides."""
        return self._ask(requests, keep=True)

    def probe(self, requests: Requests) -> Answers:
        """What each tour would be answered now."""
        return self._ask(requests, keep=False)

    def release(self, requests: Requests) -> None:
        """Give rides back."""
        for week in self.weeks:
            week.release(requests)

    def _ask(self, requests: Requests, *, keep: bool) -> Answers:
        from embauche.services.demand.rides import DAY_MIN, find

        day = np.floor(requests.start_min / DAY_MIN)
        rides = find(
            self.reaches, requests.place, requests.site, requests.klass, day.astype(np.int64) % 7,
            requests.start_min - DAY_MIN * day, requests.end_min - DAY_MIN * day,
        )  # fmt: skip
        chair, hurried = self._wheelchair(requests.worker_id), self._hurried(requests)
        answers = Answers.refused(len(requests), OUTSIDE_HOURS)
        for week in self.weeks:
            rows = np.flatnonzero(rides.system == week.reach.number)
            if len(rows):
                ask = week.book if keep else week.probe
                some = ask(requests.take(rows), rides.take(rows), chair[rows], hurried[rows])
                for name in ("served", "out_min", "back_min", "wait_min", "reason"):
                    getattr(answers, name)[rows] = getattr(some, name)
        return answers

    def _wheelchair(self, worker_id: Array) -> Array:
        return uniforms(self.ground.seed, Purpose.WHEELCHAIR, 0, worker_id) < self.wheelchair_share

    def _hurried(self, requests: Requests) -> Array:
        """Share of the last day left when a tour is asked for; NaN for those who know ahead."""
        share = self.value("short_notice")
        out = np.full(len(requests), np.nan)
        for slot in np.unique(requests.slot).tolist():
            rows = np.flatnonzero(requests.slot == slot)
            u = uniforms(self.ground.seed, Purpose.SHORT_NOTICE, self.week, requests.worker_id[rows], slot)
            out[rows] = np.where((u < share) & ~requests.standing[rows], u / max(share, 1e-9), np.nan)
        return out

    def close_week(self) -> WeekOfService:
        """Drive what is booked, and keep the books."""
        from embauche.services.demand.books import close

        return close(self)
