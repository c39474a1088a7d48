"""Rounds of requests to the services whose places are few: who is served, who asks elsewhere.

Lives here: Bookings of a week, standing bookings. Not here: what a service answers (services), what is
learned from it (labour.experience).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.services.shared import Answers, Requests, Scene, SharedService

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
ROUNDS = 4
DAY_MIN = 1440.0


@dataclass
class Bookings:
    """What was asked of one service in a week, and what became of it.

    Attributes:
        row: the service's row; service: itself.
        requests, answers: [request] in the order asked.
        held: bool [request] served, and not given up later in the week.
    """

    row: int
    service: SharedService
    requests: Requests
    answers: Answers
    held: Array

    @classmethod
    def none(cls, row: int, service: SharedService) -> Bookings:
        """Nothing asked yet."""
        row32, minutes = np.empty(0, np.int32), np.empty(0)
        requests = Requests(
            row32, np.empty(0, np.int64), np.empty(0, np.int8), row32, row32, np.empty(0, np.int16), minutes,
            minutes, np.empty(0, bool),
        )  # fmt: skip
        return cls(row, service, requests, Answers.refused(0), np.empty(0, bool))

    def ask(self, requests: Requests) -> Requests:
        """Book, and return the requests refused."""
        if not len(requests):
            return requests
        answers = self.service.book(requests)
        self.requests = Requests.joined((self.requests, requests))
        self.answers = Answers.joined((self.answers, answers))
        self.held = np.concatenate((self.held, answers.served))
        return requests.take(~answers.served)

    def give_up(self, chosen: Array) -> None:
        """Release what is held and no longer chosen; chosen is int8 [person, slot]."""
        r = self.requests
        lost = self.held & (chosen[r.person, r.slot] != self.row)
        if lost.any():
            self.service.release(r.take(lost))
            self.held &= ~lost


def slots_of(model: World, person: Array, slot: Array) -> tuple[Array, Array, Array]:
    """Weeks of the rotation, trip classes and windows of persons' slots this week, -1 off, all [pair].

    Args:
        model: the model.
        person: int [pair] rows of persons with a post.
        slot: int [pair].
    """
    posts, cat = model.population.posts, model.catalogue
    post = model.state.post[person]
    shift = model.post_shift[post]
    rota = (int(model.state.week[0]) + posts.team[post].astype(np.int64)) % cat.weeks[shift]
    return rota, model.network.classes.roster[shift, rota, slot], cat.roster[shift, rota, slot]


def requests_of(model: World, person: Array, slot: Array, standing: Array | None = None) -> Requests:
    """Requests of persons for slots that they work: standing bookings first, then in keyed order.

    Args:
        model: the model.
        person, slot: int [request].
        standing: int16 [person, week of the rotation] bits of slots served last time, None for none.
    """
    s, cat = model.state, model.catalogue
    rota, klass, window = slots_of(model, person, slot)
    midnight = DAY_MIN * (slot // 2)
    held = np.zeros(len(person), bool) if standing is None else (standing[person, rota] >> slot) & 1 > 0
    made = Requests(
        person.astype(np.int32), s.worker_id[person], slot.astype(np.int8),
        *model.tour_ends.at(person, s.post[person], klass), klass, midnight + cat.window_start_min[window],
        midnight + cat.window_end_min[window], held,
    )  # fmt: skip
    luck = uniforms(model.seed, Purpose.BOOKING, int(s.week[0]), made.worker_id)
    return made.take(np.lexsort((made.slot, made.worker_id, luck, ~held)))


def standing_of(model: World, service: SharedService) -> Array:
    """Bits of slots served last time, int16 [person, week of the rotation]; part of the state."""
    kept, shape = model.state.kept, (len(model.state.worker_id), int(model.catalogue.weeks.max()))
    key = f"{service.name}.standing"
    if key not in kept or kept[key].shape != shape:
        kept[key] = np.zeros(shape, np.int16)
    return kept[key]


def book_week(
    model: World, chosen: Array, barred: Array, walk: Callable[[Array], None]
) -> tuple[Bookings, ...]:
    """All that is asked of shared services this week; who is refused asks for her next best.

    Args:
        model: the model.
        chosen: int8 [person, slot] what everybody wants at first; in the end what each gets.
        barred: uint16 [person, slot] services that refused, filled.
        walk: has the members of these households (rows) choose again.
    """
    books = tuple(Bookings.none(row, service) for row, service in model.shared.items())
    everybody = np.flatnonzero(model.state.post >= 0)
    _open(model, chosen)
    touched = everybody
    for turn in range(ROUNDS):
        wanted = chosen[touched]
        refused = [_settle(model, b, chosen, touched, wanted) for b in books]
        people = np.unique(np.concatenate([r.person for r in refused]))
        if not len(people):
            break
        for b, r in zip(books, refused, strict=True):
            barred[r.person, r.slot] |= np.uint16(1 << b.row)
        houses = np.unique(model.population.persons.household[people]).astype(np.int64)
        touched = _members(model, houses)
        if turn == ROUNDS - 1:
            _bar_all(books, barred, touched)
        walk(houses)
    rota, *_ = slots_of(model, everybody, np.zeros(len(everybody), np.int64))
    for b in books:
        b.give_up(chosen)
        _keep_standing(model, b, everybody, rota)
    return books


def _open(model: World, chosen: Array) -> None:
    s = model.state
    scene = Scene(
        int(s.week[0]),
        tuple(service.name for service in model.services),
        s.worker_id,
        s.post,
        chosen,
        lambda person, slot: slots_of(model, person, slot)[1],
    )
    moved = s.post != s.driven_post
    for service in model.shared.values():
        standing_of(model, service)[moved] = 0  # a booking is for a post
        service.scene = scene
        service.open_week(scene.week)


def _settle(model: World, book: Bookings, chosen: Array, touched: Array, wanted: Array) -> Requests:
    """Give up what is not wanted any more, ask for what is wanted now; returns those refused.

    `wanted` is `chosen` of the people touched.
    """
    book.give_up(chosen)
    at, slot = np.nonzero(wanted == book.row)
    person = touched[at]
    mine = book.requests.take(book.held)
    slots = chosen.shape[1]
    fresh = ~np.isin(person * slots + slot, mine.person.astype(np.int64) * slots + mine.slot)
    return book.ask(requests_of(model, person[fresh], slot[fresh], standing_of(model, book.service)))


def _members(model: World, houses: Array) -> Array:
    """Rows of those of these households who have a post."""
    inside = np.zeros(len(model.population.households), bool)
    inside[houses] = True
    return np.flatnonzero(inside[model.population.persons.household] & (model.state.post >= 0))


def _bar_all(books: tuple[Bookings, ...], barred: Array, people: Array) -> None:
    """Leave these people no shared service but what they hold."""
    every = np.uint16(sum(1 << b.row for b in books))
    barred[people] |= every
    for b in books:
        r = b.requests.take(b.held)
        barred[r.person, r.slot] &= np.uint16(0xFFFF ^ (1 << b.row))


def _keep_standing(model: World, book: Bookings, workers: Array, rota: Array) -> None:
    """Remember what was served at this week of each worker's rotation."""
    standing = standing_of(model, book.service)
    standing[workers, rota] = 0
    r = book.requests.take(book.held)
    rota, *_ = slots_of(model, r.person, r.slot)
    np.bitwise_or.at(standing, (r.person, rota), (1 << r.slot.astype(np.int16)).astype(np.int16))
