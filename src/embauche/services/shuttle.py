"""The service shuttle: small buses tied to shift changes, with a seat for each who rides.

Lives here: its options, parameters, offers and answers. Not here: lines, seats, vehicles (shuttles).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import Problem
from embauche.core.parameters.registry import FROM_MEMORY, Parameter, Parameters
from embauche.services.base import Ground
from embauche.services.shared import Answers, Prior, Requests, SharedService, WeekOfService
from embauche.services.shuttles.options import ShuttleOptions

if TYPE_CHECKING:
    from embauche.commuting.fares import Fares
    from embauche.commuting.offers import Tile
    from embauche.core.ledger import Ledger, Operations
    from embauche.services.accounting import Done
    from embauche.services.shuttles.rides import Rides

Array = np.ndarray[Any, Any]
PARAMETERS = (
    Parameter("shuttle.asc_eur", 2.5, "EUR", -20, 20, FROM_MEMORY, "constant of the shuttle"),
    Parameter("shuttle.weight", 1.0, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute by shuttle, walks in"),
    Parameter("shuttle.fare_eur", 2.0, "EUR", 0, 20, FROM_MEMORY, "what a tour costs its rider"),
    Parameter("shuttle.max_min", 90.0, "min", 20, 240, FROM_MEMORY, "longest trip each way, waits included"),
    Parameter("shuttle.max_walk_min", 20.0, "min", 1, 60, FROM_MEMORY, "longest walk to or from a stop"),
    Parameter("shuttle.late", 0.02, "share of tours", 0, 0.3, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("shuttle.fail", 0.0, "share of tours", 0, 0.1, FROM_MEMORY, "runs that are not driven"),
    Parameter("shuttle.break_min", 60.0, "min", 0, 240, FROM_MEMORY, "longest paid pause between two runs"),
    Parameter(
        "shuttle.kwh_per_km", 2.0, "kWh/km", 0.3, 5, "20 litres of diesel for 100 km (from memory)",
        "energy of a small bus",
    ),
    Parameter(
        "shuttle.other_eur_per_km", 0.9, "EUR/km", 0.2, 4, FROM_MEMORY,
        "vehicle, upkeep and overheads of a small bus, beside its driver and energy",
    ),
)  # fmt: skip


class Shuttle(SharedService):
    """Lines with stops, tied to shift windows; a run is driven whoever rides, and full is full."""

    name = "shuttle"
    label = {"fr": "navette", "en": "shuttle"}  # noqa: RUF012
    nest = "public"
    parameters_of = PARAMETERS
    Options = ShuttleOptions

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        from embauche.services.shuttles.fleet import plan_week
        from embauche.services.shuttles.layout import Layout
        from embauche.services.shuttles.seats import Seats

        n, t = self.network, ground.territory
        self._place_commune = t.places.commune[n.place_rows]
        self._site_commune = t.sites.commune[n.site_rows]
        self.layout = Layout.make(
            self.options.lines, t, n.roads.graph, ground.catalogue, self.parameters,
            np.where(n.outside_place, -1, t.places.node[n.place_rows]),
            np.where(n.outside_site, -1, t.sites.node[n.site_rows]),
        )  # fmt: skip
        self.plans = [plan_week(k, n.roads.graph, self.value("break_min")) for k in self.layout.lines]
        self.seats = Seats(self.layout)

    @cached_property
    def fares(self) -> Fares | None:
        """The scenario's fares, None where it states none for shuttles."""
        from embauche.commuting.fares import fares_for

        return fares_for(self.ground, self.name)

    @classmethod
    def day_masks(cls, options: Any) -> tuple[int, ...]:
        """Days on which its lines run: trip classes tell such days apart."""
        return tuple(line.day_mask for line in options.lines)

    @classmethod
    def check(
        cls, options: Any, territory: Any, folder: Path | None, parameters: Parameters
    ) -> list[Problem]:
        """Stops that the territory does not have or that lie off its roads, and fleets too small."""
        from embauche.services.shuttles.check import line_problems

        return line_problems(options.lines, territory, parameters)

    def prior(self) -> Prior:
        """A seat is likely; nothing is waited for beyond the timetable."""
        return Prior(accept=0.95)

    def _rides(self, place: Array, site: Array, klass: Array) -> Rides:
        from embauche.services.shuttles.rides import rides

        n = self.network
        found = rides(self.layout, n.classes, place, site, klass, self.value("max_min"))
        home, work = self._place_commune[place], self._site_commune[site]
        for k, line in enumerate(self.layout.lines):
            found.without(k, ~n.jurisdiction.may_serve(line.authority, home, work))
        return found

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers: the quickest line each way, both ways or none."""
        found = self._rides(tile.place, tile.site, tile.klass)
        rows = np.arange(len(tile.place))
        for field in (tile.km, tile.g, tile.early_min, tile.wait_min, tile.transfers):
            field[:] = 0.0
        tile.eur[:] = self.value("fare_eur")
        tile.out_min[:] = tile.back_min[:] = np.inf
        if not len(self.layout.lines):
            return
        out, back = found.out_min.argmin(axis=0), found.back_min.argmin(axis=0)
        out_min, back_min = found.out_min[out, rows], found.back_min[back, rows]
        both = np.flatnonzero(np.isfinite(out_min) & np.isfinite(back_min))
        tile.out_min[both], tile.back_min[both] = out_min[both], back_min[both]
        tile.early_min[both] = found.early_min[out, rows][both]
        tile.wait_min[both] = found.wait_min[back, rows][both]
        for best in (out, back):
            a, b = found.home_stop[best, rows], found.work_stop[best, rows]
            for k, line in enumerate(self.layout.lines):
                mine = both[best[both] == k]
                tile.km[mine] += line.km[b[mine]] - line.km[a[mine]]

        if self.fares is not None:
            from embauche.commuting.fares import tile_fares

            tile_fares(self.fares, self.ground, tile)

    def open_week(self, week: int) -> None:
        """All seats are free."""
        from embauche.services.shuttles.seats import Seats

        self.seats = Seats(self.layout)

    def book(self, requests: Requests) -> Answers:
        """Seats on the quickest runs with room, in the order of the requests; both ways or none."""
        return self._answer(requests, hold=True)

    def probe(self, requests: Requests) -> Answers:
        """Whether there is a seat now."""
        return self._answer(requests, hold=False)

    def _answer(self, requests: Requests, *, hold: bool) -> Answers:
        from embauche.services.shuttles.seats import Booking, legs_in_order

        found = self._rides(requests.place, requests.site, requests.klass)
        answers = Answers.refused(len(requests))
        out_legs, back_legs = legs_in_order(found)
        asked = zip(
            requests.person.tolist(), requests.worker_id.tolist(), requests.slot.tolist(), strict=True
        )
        for i, (person, worker_id, slot) in enumerate(asked):
            day = slot // 2
            out = self.seats.first_free(day, out_legs[i])
            back = self.seats.first_free(day, back_legs[i])
            if out is None or back is None:
                continue
            answers.served[i] = True
            answers.reason[i] = 0
            answers.out_min[i] = found.out_min[out[0], i]
            answers.back_min[i] = found.back_min[back[0], i]
            answers.wait_min[i] = found.wait_min[back[0], i]
            if hold:
                self.seats.take(slot, Booking(person, worker_id, day, out, back))
        return answers

    def release(self, requests: Requests) -> None:
        """Give seats up."""
        for person, slot in zip(requests.person.tolist(), requests.slot.tolist(), strict=True):
            self.seats.give_up(person, slot)

    def books(self, done: Done, ledger: Ledger, operations: Operations) -> None:
        """Riders pay the lines; what lines cost and carry comes with the week (close_week)."""
        from embauche.services.shuttles.week import fares

        fares(done, self.layout, self.seats, self.ground.population.persons.commune, ledger)

    def close_week(self) -> WeekOfService:
        """Every run is driven, with or without riders."""
        from embauche.services.shuttles.week import played

        home, codes = self.ground.population.persons.commune, self.ground.territory.communes.code
        return played(self.scene.week, self.layout, self.plans, self.seats, home, codes, self.parameters)
