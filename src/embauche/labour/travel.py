"""The week's travel to work, over columns.

Lives here: travel, trip rows, cars on the road. Not here: kernels, rounds of requests (labour.booking), what
is learned (labour.experience).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from embauche.commuting.congestion import WORKING_DAYS, Congestion, Trips
from embauche.core.draws import Purpose
from embauche.core.parallel import run_blocks
from embauche.kernels import travel as k
from embauche.kernels.ranking import rank_services
from embauche.labour.aid_holders import household_cars
from embauche.labour.booking import Bookings, book_week
from embauche.labour.experience import probe, reconsider
from embauche.labour.world import World
from embauche.services.shared import Answers, Requests, WeekOfService

Array = np.ndarray[Any, Any]


@dataclass
class Week:
    """What happened on the way in one week.

    Attributes:
        chosen: int8 [person, slot] service row, -1 off, -2 missed.
        late_bits: int16 [person] bit k: the tour of slot k arrived late.
        missed: int32 [person] missed shifts.
        tours, lates: int64 [service, commune of home].
        bookings: what was asked of each shared service.
        probes: what some who did not ride a shared service would have been answered, by its row.
        services: what the week of each shared service left, by its row.
    """

    chosen: Array
    late_bits: Array
    missed: Array
    tours: Array
    lates: Array
    bookings: tuple[Bookings, ...] = ()
    probes: dict[int, tuple[Requests, Answers]] = field(default_factory=dict)
    services: dict[int, WeekOfService] = field(default_factory=dict)


def travel(model: World) -> Week:
    """Everyone on roster travels; the offer book must be up to date."""
    s, persons = model.state, model.population.persons
    n, services, communes = len(s.worker_id), len(model.services), s.expected_late.shape[1]
    week = Week(
        np.empty((n, k.SLOTS), np.int8),
        np.empty(n, np.int16),
        np.empty(n, np.int32),
        np.empty((services, communes), np.int64),
        np.empty((services, communes), np.int64),
    )
    _rank(model, reconsider(model))
    barred = np.zeros((n, k.SLOTS), np.uint16)
    _walk(model, week, barred, np.arange(len(model.population.households)))
    if model.shared:
        week.bookings = book_week(
            model, week.chosen, barred, lambda houses: _walk(model, week, barred, houses)
        )
        for book in week.bookings:
            week.probes[book.row] = probe(model, book.service, book.row, week.chosen)
            week.services[book.row] = book.service.close_week()
    _remember_cars(model, week)
    k.count_tours(week.chosen, week.late_bits, persons.commune, week.tours, week.lates, week.missed)
    return week


def _walk(model: World, week: Week, barred: Array, houses: Array) -> None:
    """The members of these households choose for every slot; `barred` is uint16 [person, slot]."""
    s, posts, c, net, cat = model.state, model.population.posts, model.choice, model.network, model.catalogue
    book = model.book
    run_blocks(
        k.travel_week,
        len(houses),
        model.seed,
        int(Purpose.INCIDENT),
        int(s.week[0]),
        houses,
        model.traits.house_ptr,
        model.traits.house_member,
        household_cars(model),
        s.worker_id,
        s.post,
        model.post_shift,
        posts.team,
        net.classes.roster_local,
        cat.roster,
        cat.weeks,
        cat.window_start_min,
        cat.window_end_min,
        book.start,
        book.end,
        book.offers.out_min,
        book.offers.back_min,
        book.offers.km,
        book.offers.late,
        s.ranked,
        barred,
        c.needs,
        c.late,
        c.fail,
        week.chosen,
        week.late_bits,
    )


def _rank(model: World, people: Array) -> None:
    """Rank services for all classes that these people (rows) work, into the state."""
    s, book, c = model.state, model.book, model.choice
    run_blocks(
        rank_services,
        len(people),
        model.seed,
        int(Purpose.WEEKLY_TASTE),
        int(Purpose.WEEKLY_NEST),
        people,
        s.considered,
        s.worker_id,
        book.start,
        book.end,
        book.offers.felt_min,
        book.offers.eur,
        model.fixed_eur(),
        model.traits.vot_eur_min,
        c.service_id,
        c.nest,
        c.nest_id,
        c.spread,
        c.unit,
        s.ranked,
    )


def _remember_cars(model: World, week: Week) -> None:
    """Which tours were driven, and to which post: what congestion is found from."""
    s = model.state
    s.driven[:] = 0
    for row, service in enumerate(model.services):
        if service.name == "car":
            bits = 1 << np.arange(k.SLOTS, dtype=np.int16)
            s.driven[:] = ((week.chosen == row) * bits).sum(axis=1, dtype=np.int16)
    s.driven_post[:] = s.post


def car_trips(model: World, congestion: Congestion) -> Trips:
    """Cars on the roads in the last week travelled, from the state alone."""
    s, posts, classes, cat = model.state, model.population.posts, model.network.classes, model.catalogue
    person, slot = np.nonzero((s.driven[:, None] >> np.arange(2 * WORKING_DAYS)) & 1)
    post = s.driven_post[person]
    shift = model.post_shift[post]
    rota = (int(s.week[0]) - 1 + posts.team[post].astype(np.int64)) % cat.weeks[shift]
    klass = classes.roster[shift, rota, slot]
    known = klass >= 0  # else the post has got other hours since, and somebody else
    person, post, klass = person[known], post[known], klass[known]
    return congestion.trips(*model.tour_ends.at(person, post, klass), klass)


@dataclass
class TourRows:
    """Tours of a week folded to rows (person, class, service), all [row]; see core.outputs.TRIPS.

    Attributes:
        local: class as an index into the shift's own; book_row: its row of the offer book.
        out_min, back_min: float32 minutes of one tour; of a shared service as they were, on average.
    """

    person: Array
    local: Array
    window: Array
    service: Array
    tours: Array
    late: Array
    book_row: Array
    out_min: Array
    back_min: Array


def tour_rows(model: World, week: Week, people: Array, post: Array) -> TourRows:
    """Fold the slots of `people` (rows, in the order wanted) to rows.

    Args:
        model: the model.
        week: the week travelled.
        people: int32 [person] rows of those who travelled.
        post: int32 [all persons] post held while travelling.
    """
    room = len(people) * k.SLOTS
    person, local = np.empty(room, np.int32), np.empty(room, np.int8)
    window, service = np.empty(room, np.int8), np.empty(room, np.int8)
    tours, late = np.empty(room, np.int8), np.empty(room, np.int8)
    posts, cat = model.population.posts, model.catalogue
    n = k.tour_rows(
        people,
        week.chosen,
        week.late_bits,
        post,
        model.week_shift,
        posts.team,
        model.network.classes.roster_local,
        cat.roster,
        cat.weeks,
        model.travelled_week,
        person,
        local,
        window,
        service,
        tours,
        late,
    )
    book, made = model.book, service[:n] >= 0
    row = book.start[person[:n]] + local[:n]
    minutes = np.zeros((2, n), np.float32)
    for way, offered in zip(minutes, (book.offers.out_min, book.offers.back_min), strict=True):
        way[made] = offered[service[:n][made], row[made]]
    rows = TourRows(person[:n], local[:n], window[:n], service[:n], tours[:n], late[:n], row, *minutes)
    for bookings in week.bookings:
        _as_ridden(model, rows, bookings)
    return rows


def _as_ridden(model: World, rows: TourRows, book: Bookings) -> None:
    """Put the mean minutes of tours really made with a shared service in their rows."""
    held, mine = book.requests.take(book.held), np.flatnonzero(rows.service == book.row)
    if not len(mine):
        return
    classes = len(model.network.classes.window)
    cells, cell = np.unique(held.person.astype(np.int64) * classes + held.klass, return_inverse=True)
    key = rows.person[mine].astype(np.int64) * classes + model.book.klass[rows.book_row[mine]]
    at, answers = np.searchsorted(cells, key), book.answers.take(book.held)
    tours = np.bincount(cell, minlength=len(cells))
    rows.out_min[mine] = (np.bincount(cell, answers.out_min) / tours)[at]
    rows.back_min[mine] = (np.bincount(cell, answers.back_min) / tours)[at]


def commute_minutes(model: World, week: Week) -> Array:
    """Minutes travelled by each person, float64; worked out only where quits depend on them."""
    out = np.zeros(len(model.state.worker_id))
    if model.parameters["quits.extra_per_hour"] > 0.0:
        people = np.flatnonzero(model.state.post >= 0).astype(np.int32)
        rows = tour_rows(model, week, people, model.state.post)
        np.add.at(out, rows.person, (rows.out_min + rows.back_min) * rows.tours)
    return out
