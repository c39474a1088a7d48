"""The service volunteers: volunteer drivers take people without a car to work and home (solidarity mobility).

Lives here: its parameters, offers and answers. Not here: crews, options, a week's books (volunteering).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import Problem, UserError
from embauche.core.parameters.registry import FROM_MEMORY, Parameter, Parameters
from embauche.services.base import Ground, inside_only, road_offer
from embauche.services.shared import Answers, Prior, Requests, SharedService, WeekOfService
from embauche.services.volunteering.options import VolunteerOptions

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile
    from embauche.core.ledger import Ledger, Operations
    from embauche.services.accounting import Done
    from embauche.services.volunteering.crew import Crew

Array = np.ndarray[Any, Any]
_SCALE = "order of the tax scale for a small car's kilometre (from memory)"
PARAMETERS = (
    Parameter("volunteers.asc_eur", -1.0, "EUR", -20, 20, FROM_MEMORY, "constant of a volunteer driver"),
    Parameter("volunteers.weight", 1.0, "ratio", 0.5, 3, FROM_MEMORY, "weight of a minute"),
    Parameter("volunteers.fare_eur_per_km", 0.08, "EUR/km", 0, 1, FROM_MEMORY, "what riders give"),
    Parameter("volunteers.paid_back_eur_per_km", 0.32, "EUR/km", 0, 1, _SCALE, "what volunteers get"),
    Parameter("volunteers.board_min", 3.0, "min", 0, 15, FROM_MEMORY, "getting in and out, each way"),
    Parameter("volunteers.max_min", 45.0, "min", 5, 120, FROM_MEMORY, "longest ride each way"),
    Parameter("volunteers.late", 0.02, "share of tours", 0, 0.3, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("volunteers.fail", 0.01, "share of tours", 0, 0.1, FROM_MEMORY, "drivers who cannot come"),
)  # fmt: skip


class Volunteers(SharedService):
    """Each volunteer drives one rider at a time, within hours a week; both ways or not at all."""

    name = "volunteers"
    label = {"fr": "conducteur bénévole", "en": "volunteer driver"}  # noqa: RUF012
    nest = "car"
    for_some = True
    parameters_of = PARAMETERS
    Options = VolunteerOptions
    reasons = {1: {"fr": "aucun bénévole libre", "en": "no volunteer is free"}}  # noqa: RUF012

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        from embauche.commuting.employers import communes_called
        from embauche.services.volunteering.crew import Crew

        n, t = self.network, ground.territory
        self.place_node, self.site_node = t.places.node[n.place_rows], t.sites.node[n.site_rows]
        self._home = t.places.commune[n.place_rows]
        self._work = t.sites.commune[n.site_rows]
        self.options: VolunteerOptions = self.options or VolunteerOptions()
        lives = np.bincount(ground.tour_ends.place, minlength=len(n.place_rows)) * ~n.outside_place
        scheme_of = np.full(len(t.communes), -1)  # [commune]
        self.crews: list[Crew] = []
        for k, scheme in enumerate(self.options.schemes):
            named = (
                communes_called(scheme.communes, t.communes)
                if scheme.communes
                else np.arange(len(t.communes))
            )
            mine = named[scheme_of[named] < 0]
            scheme_of[mine] = k
            here = lives * np.isin(self._home, named)
            self.crews.append(
                Crew(scheme, n.roads.graph, self.place_node, self.site_node, here.astype(float))
            )
        self._scheme = scheme_of[self._home]

    @classmethod
    def day_masks(cls, options: Any) -> tuple[int, ...]:
        """Days on which volunteers drive: trip classes tell such days apart."""
        return tuple(scheme.day_mask for scheme in options.schemes)

    @classmethod
    def check(
        cls, options: Any, territory: Any, folder: Path | None, parameters: Parameters
    ) -> list[Problem]:
        """Communes that the territory does not have."""
        from dataclasses import replace

        from embauche.commuting.employers import communes_called

        found: list[Problem] = []
        lists = [(("schemes", k, "communes"), s.communes) for k, s in enumerate(options.schemes)]
        for keys, names in [*lists, (("who", "communes"), options.who.communes)]:
            for j, name in enumerate(names):
                try:
                    communes_called([name], territory.communes)
                except UserError as error:
                    found += [replace(p, keys=(*keys, j)) for p in error.problems]
        return found

    def prior(self) -> Prior:
        """Volunteers are few: half of the requests are expected to be served at first."""
        return Prior(accept=0.5)

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers: the direct way, in the hours and on the days of the home's scheme."""
        road_offer(self, tile, "car", self.value("board_min"), self.value("max_min"))
        inside_only(self, tile)
        classes = self.network.classes
        day, scheme = classes.days[tile.klass, 1].astype(np.int64), self._scheme[tile.place]
        start, end = (x[tile.klass].astype(np.float64) / 60.0 for x in (classes.start_s, classes.end_s))
        served = np.zeros(len(tile.place), bool)
        home, work = self._home[tile.place], self._work[tile.site]
        for k, crew in enumerate(self.crews):
            s = crew.scheme
            mine = (scheme == k) & (len(crew.home) > 0) & ((s.day_mask >> day) & 1 == 1)
            mine &= (start - tile.out_min >= s.first) & (end + tile.back_min <= s.last)
            served |= mine & self.network.jurisdiction.may_serve(s.authority, home, work)
        tile.out_min[~served] = tile.back_min[~served] = np.inf
        np.multiply(tile.km, np.float32(self.value("fare_eur_per_km")), out=tile.eur)
        tile.g[:] = 0.0  # the volunteers' kilometres are told by the week's operations

    def open_week(self, week: int) -> None:
        """Everybody is at home."""
        for crew in self.crews:
            crew.open_week()

    def book(self, requests: Requests) -> Answers:
        """In the order of the requests, whoever is free and has driven least."""
        return self._answer(requests, hold=True)

    def probe(self, requests: Requests) -> Answers:
        """Whether somebody would be free now."""
        return self._answer(requests, hold=False)

    def _answer(self, requests: Requests, *, hold: bool) -> Answers:
        quote, board = self.quoted(requests), self.value("board_min")
        answers = Answers.refused(len(requests))
        for i in np.flatnonzero(np.isfinite(quote.out_min)).tolist():
            crew = self.crews[int(self._scheme[requests.place[i]])]
            slot, out_min, back_min = int(requests.slot[i]), float(quote.out_min[i]), float(quote.back_min[i])
            start, end = float(requests.start_min[i]), float(requests.end_min[i])
            tour = crew.offer(
                int(requests.person[i]), int(requests.worker_id[i]), slot, int(requests.place[i]),
                int(requests.site[i]), (start - out_min + board, start), (end, end + back_min - board),
            )  # fmt: skip
            if tour is None:
                continue
            answers.served[i], answers.reason[i] = True, 0
            answers.out_min[i], answers.back_min[i] = out_min, back_min
            if hold:
                crew.take(slot, tour)
        return answers

    def release(self, requests: Requests) -> None:
        """Free the volunteers."""
        for person, slot in zip(requests.person.tolist(), requests.slot.tolist(), strict=True):
            for crew in self.crews:
                crew.give_up(person, slot)

    def books(self, done: Done, ledger: Ledger, operations: Operations) -> None:
        """What riders give; what volunteers are paid back comes with the week (close_week)."""
        from embauche.services.volunteering.week import fares

        fares(done, self.crews, self.ground.population.persons.commune, ledger)

    def close_week(self) -> WeekOfService:
        """Tours are driven as booked."""
        from embauche.services.volunteering.week import played

        roads = self.network.roads

        def ride_km(place: Array, site: Array) -> tuple[Array, Array]:
            ways = (roads.ways("car", place, site, back=back)[1] for back in (False, True))
            there, back = (x.astype(np.float64) / 100.0 for x in ways)
            return there, back

        return played(
            self.scene.week, self.crews, self.place_node, self.site_node, ride_km,
            self.ground.population.persons.commune, self.ground.territory.communes.code, self.parameters,
        )  # fmt: skip
