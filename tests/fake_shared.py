"""A shared service for tests: a minibus at each shift start with a few seats, and its plain twin.

Lives here: FakeBus, PlainBus. Not here: the tests that ride it (unit/test_shared_week and others).
"""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

import numpy as np

from embauche.core.offerings import KINDS
from embauche.services.base import inside_only
from embauche.services.shared import Answers, Prior, Requests, SharedService, WeekOfService, events
from naive.offers import Offer
from naive.shared import Answer

Array = np.ndarray[Any, Any]
VALUES = {"asc_eur": 6.0, "weight": 1.0, "late": 0.05, "fail": 0.02}
RIDE_MIN, EUR = 20.0, 1.5
PRIOR = Prior(accept=0.9, wait_min=2.0, extra_min=1.0)


def minutes(seat: int) -> tuple[float, float]:
    """Minutes each way and waited both ways together of who takes the seat."""
    wait = 2.0 + 0.5 * seat
    return RIDE_MIN + 0.5 * wait + 1.5, wait


class FakeBus(SharedService):
    """Seats for each day and shift start; whoever comes first has one."""

    name = "fake"
    label: ClassVar[dict[str, str]] = {"fr": "minibus", "en": "minibus"}
    nest = "public"
    seats: ClassVar[int] = 2
    fails: ClassVar[bool] = True

    def value(self, what: str) -> float:
        return VALUES[what] if self.fails or what != "fail" else 0.0

    def prior(self) -> Prior:
        return PRIOR

    def fill(self, tile: Any) -> None:
        tile.out_min[:] = tile.back_min[:] = RIDE_MIN if self.seats else np.inf
        tile.eur[:], tile.km[:], tile.g[:] = EUR, 10.0, 100.0
        tile.early_min[:] = tile.wait_min[:] = tile.transfers[:] = 0.0
        inside_only(self, tile)

    def open_week(self, week: int) -> None:
        self.taken: Counter[float] = Counter()
        self.rode: list[int] = []

    def book(self, requests: Requests) -> Answers:
        answers = self.probe(requests, hold=True)
        self.rode += requests.worker_id[answers.served].tolist()
        return answers

    def release(self, requests: Requests) -> None:
        self.taken.subtract(requests.start_min.tolist())

    def probe(self, requests: Requests, hold: bool = False) -> Answers:
        answers = Answers.refused(len(requests))
        for i, start in enumerate(requests.start_min.tolist()):
            if self.taken[start] < self.seats:
                each, wait = minutes(self.taken[start])
                answers.served[i], answers.reason[i] = True, 0
                answers.out_min[i] = answers.back_min[i] = each
                answers.wait_min[i] = wait
                self.taken[start] += hold
        return answers

    def close_week(self) -> WeekOfService:
        ids = np.array(self.rode, np.int64)
        return WeekOfService([events(self.scene.week, self.name, "boarding", len(ids), worker_id=ids)])


KINDS.pop("fake")  # a test puts it back for itself


class PlainBus:
    """The same without arrays."""

    name, nest = "fake", "public"
    prior = (PRIOR.accept, PRIOR.wait_min, PRIOR.extra_min)

    def __init__(self, territory: Any, seats: int) -> None:
        self.territory, self.seats = territory, seats

    def offer(self, place: int, site: int, window: int, day: int) -> Offer | None:
        t = self.territory
        outside = t.communes.external
        if outside[t.places.commune[place]] or outside[t.sites.commune[site]] or not self.seats:
            return None
        return Offer("fake", RIDE_MIN, RIDE_MIN, 10.0, EUR, 100.0, VALUES["late"], VALUES["fail"])

    def open_week(self) -> None:
        self.taken: Counter[float] = Counter()

    def book(self, worker_id: int, slot: int, start_min: float) -> Answer | None:
        answer = self.probe(worker_id, slot, start_min)
        self.taken[start_min] += answer is not None
        return answer

    def release(self, worker_id: int, slot: int, start_min: float) -> None:
        self.taken[start_min] -= 1

    def probe(self, worker_id: int, slot: int, start_min: float) -> Answer | None:
        if self.taken[start_min] >= self.seats:
            return None
        each, wait = minutes(self.taken[start_min])
        return Answer(each, each, wait)
