"""Services whose places are few, plainly: rounds of requests, standing bookings, what is learned of them.

Lives here: sections 5 and 6 of docs/model.md for shared services. Not here: a service's answers (the test
brings a plain one), one person's choice (agents).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from embauche.core.draws import Purpose
from naive.offers import Offer, service_id

if TYPE_CHECKING:
    from naive.agents import Household, Tour, Worker
    from naive.model import NaiveBassin

ROUNDS = 4
Cell = tuple[int, int]  # place, trip class


@dataclass(frozen=True)
class Answer:
    """Minutes of a tour that is served."""

    out_min: float
    back_min: float
    wait_min: float


class PlainService(Protocol):
    """What the twin asks of a shared service."""

    name: str
    nest: str
    prior: tuple[float, float, float]

    def offer(self, place: int, site: int, window: int, day: int) -> Offer | None:
        """The quoted offer."""

    def open_week(self) -> None:
        """No place is taken."""

    def book(self, worker_id: int, slot: int, start_min: float) -> Answer | None:
        """Hold a place, or refuse."""

    def release(self, worker_id: int, slot: int, start_min: float) -> None:
        """Give the place up."""

    def probe(self, worker_id: int, slot: int, start_min: float) -> Answer | None:
        """What would be answered."""


@dataclass
class Asked:
    """A request and its answer."""

    worker: Worker
    tour: Tour
    answer: Answer | None
    held: bool
    rode: bool = True


class Shared:
    """One shared service over the weeks.

    Args:
        model: the twin.
        service: what answers.
        class_of: the trip class of a window on a weekday.
        classes: number of trip classes.
    """

    def __init__(
        self, model: NaiveBassin, service: PlainService, class_of: Callable[[int, int], int], classes: int
    ) -> None:
        self.model, self.service, self.class_of = model, service, class_of
        places = sorted({w.place for w in model.workers})
        self.expected: dict[Cell, list[float]] = {
            (place, c): list(service.prior) for place in places for c in range(classes)
        }
        self.standing: dict[tuple[int, int], set[int]] = {}  # (worker, week of the rotation): slots
        self.asked: list[Asked] = []

    def on_top(self, place: int, window: int, day: int) -> float:
        """Felt minutes that expectations add to the quoted ones."""
        p, name = self.model.p, self.service.name
        accept, wait, extra = self.expected[place, self.class_of(window, day)]
        return (
            p["commute.refused_min"] * (1.0 - accept)
            + p["commute.wait_weight"] * wait
            + p[f"{name}.weight"] * extra
        )

    def open_week(self) -> None:
        """Nobody has a place; who changed post has no standing booking."""
        self.asked = []
        self.service.open_week()
        for worker in self.model.workers:
            if worker.post is not worker.worked_at:
                self.standing = {k: v for k, v in self.standing.items() if k[0] != worker.worker_id}

    def give_up(self) -> None:
        """Release what is held and not wanted any more."""
        for a in self.asked:
            now = a.worker.tour_of(a.tour.slot)
            if a.held and (now is None or now.offer is None or now.offer.service != self.service.name):
                a.held = False
                self.service.release(a.worker.worker_id, a.tour.slot, start_of(self.model, a.tour))

    def ask(self) -> list[Worker]:
        """Answer all new wishes; returns who is refused."""
        held = {(a.worker.worker_id, a.tour.slot) for a in self.asked if a.held}
        new = [
            (w, tour)
            for w in self.model.workers
            for tour in w.tours
            if tour.offer is not None
            and tour.offer.service == self.service.name
            and (w.worker_id, tour.slot) not in held
        ]

        def queue(x: tuple[Worker, Tour]) -> tuple[Any, ...]:
            luck = self.model.draws.uniform(Purpose.BOOKING, self.model.week, x[0].worker_id, 0)
            return not self.stands(*x), luck, x[0].worker_id, x[1].slot

        refused = []
        for worker, tour in sorted(new, key=queue):
            answer = self.service.book(worker.worker_id, tour.slot, start_of(self.model, tour))
            self.asked.append(Asked(worker, tour, answer, answer is not None))
            if answer is None:
                refused.append(worker)
                worker.barred.add((tour.slot, self.service.name))
        return refused

    def stands(self, worker: Worker, tour: Tour) -> bool:
        """Whether she was served this slot at the same week of her rotation last time."""
        return tour.slot in self.standing.get((worker.worker_id, worker.rotation_week()), set())

    def close_week(self) -> None:
        """Minutes as they were, standing bookings, probes."""
        for w in self.model.workers:
            if w.post is not None:
                self.standing[w.worker_id, w.rotation_week()] = set()
        for a in self.asked:
            if a.held:
                assert a.answer is not None
                tour = a.worker.tour_of(a.tour.slot)
                assert tour is not None
                tour.out_min, tour.back_min = a.answer.out_min, a.answer.back_min
                self.standing[a.worker.worker_id, a.worker.rotation_week()].add(tour.slot)
            a.worker.shocked = a.worker.shocked or a.answer is None
        self._probe()

    def _probe(self) -> None:
        model, key = self.model, service_id(self.service.name)
        able = []
        for w in model.workers:
            if not w.tours:
                continue
            u = model.draws.uniform(Purpose.PROBE, model.week, w.worker_id, key + 2**32)
            tour = sorted(w.tours, key=lambda t: t.slot)[int(u * len(w.tours))]
            rides = tour.offer is not None and tour.offer.service == self.service.name
            if not rides and self.service.name in w.offers_of(tour.slot, tour.window):
                able.append((model.draws.uniform(Purpose.PROBE, model.week, w.worker_id, key), w, tour))
        able.sort(key=lambda x: (x[0], x[1].worker_id))
        for _, w, tour in able[: int(model.p["experience.probes"])]:
            answer = self.service.probe(w.worker_id, tour.slot, start_of(model, tour))
            self.asked.append(Asked(w, tour, answer, held=False, rode=False))

    def learn(self) -> None:
        """Expectations move towards what riders and probes met."""
        if not self.asked:
            return
        met: list[list[tuple[Asked, float]]] = [[], [], []]
        for a in self.asked:
            met[0].append((a, float(a.answer is not None)))
            if a.answer is not None:
                quoted = a.worker.offers_of(a.tour.slot, a.tour.window)[self.service.name]
                wait = max(0.0, a.answer.wait_min - quoted.wait_min)
                whole = a.answer.out_min + a.answer.back_min - quoted.out_min - quoted.back_min
                met[1].append((a, wait))
                met[2].append((a, max(0.0, whole - wait)))
        for what, values in enumerate(met):
            if values:
                self._learn_one(what, values)

    def _learn_one(self, what: int, values: list[tuple[Asked, float]]) -> None:
        p, places = self.model.p, self.model.territory.places.commune
        here: dict[Cell, list[float]] = {}
        around: dict[Cell, list[float]] = {}
        for a, value in values:
            klass = self.class_of(a.tour.window, a.tour.slot // 2)
            around.setdefault((int(places[a.worker.place]), klass), []).append(value)
            if a.rode:
                here.setdefault((a.worker.place, klass), []).append(value)
        mean = sum(v for _, v in values) / len(values)
        prior = p["experience.prior_tours"]
        for (place, klass), e in self.expected.items():
            zone = around.get((int(places[place]), klass))
            if zone is None:
                weight, target = p["experience.smoothing"] * p["experience.drift"], mean
            else:
                weight, z = p["experience.smoothing"], sum(zone) / len(zone)
                rode = here.get((place, klass), [])
                target = (sum(rode) + prior * z) / (len(rode) + prior)
            e[what] += weight * (target - e[what])


def start_of(model: NaiveBassin, tour: Tour) -> float:
    """Minute of the week at which a tour's shift starts."""
    return 1440.0 * (tour.slot // 2) + int(model.catalogue.window_start_min[tour.window])


def rounds(model: NaiveBassin) -> None:
    """All requests of a week; who is refused chooses again, her household with her."""
    for shared in model.shared.values():
        shared.open_week()
    for turn in range(ROUNDS):
        refused: list[Worker] = []
        for shared in model.shared.values():
            shared.give_up()
            refused += shared.ask()
        if not refused:
            break
        homes = {w.household.household_id: w.household for w in refused}
        if turn == ROUNDS - 1:
            _bar_all(model, list(homes.values()))
        for home in homes.values():
            model.walk(home)
    for shared in model.shared.values():
        shared.give_up()
        shared.close_week()


def _bar_all(model: NaiveBassin, homes: list[Household]) -> None:
    for home in homes:
        for w in home.members:
            for name, shared in model.shared.items():
                held = {a.tour.slot for a in shared.asked if a.held and a.worker is w}
                w.barred |= {(slot, name) for slot in range(14) if slot not in held}
