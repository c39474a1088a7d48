"""The week's travel to work and what is learned from it, over columns.

Lives here: travel, experience, trip rows, cars on the road. Not here: kernels, what services offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.congestion import WORKING_DAYS, Congestion, Trips
from embauche.core.draws import Purpose
from embauche.core.parallel import run_blocks
from embauche.kernels import travel as k
from embauche.kernels.ranking import rank_services
from embauche.labour.world import World

Array = np.ndarray[Any, Any]


@dataclass
class Week:
    """What happened on the way in one week.

    Attributes:
        chosen: int8 [person, slot] service row, -1 off, -2 missed.
        late_bits: int16 [person] bit k: the tour of slot k arrived late.
        missed: int32 [person] missed shifts.
        tours, lates: int64 [service, commune of home].
    """

    chosen: Array
    late_bits: Array
    missed: Array
    tours: Array
    lates: Array


def travel(model: World) -> Week:
    """Everyone on roster travels; the offer book must be up to date."""
    s, posts, c, net, cat = model.state, model.population.posts, model.choice, model.network, model.catalogue
    n, services, communes = len(s.worker_id), len(model.services), s.expected_late.shape[1]
    book, persons = model.book, model.population.persons
    week = Week(
        np.empty((n, k.SLOTS), np.int8),
        np.empty(n, np.int16),
        np.empty(n, np.int32),
        np.empty((services, communes), np.int64),
        np.empty((services, communes), np.int64),
    )
    run_blocks(
        k.travel_week,
        len(model.population.households),
        model.seed,
        int(Purpose.INCIDENT),
        int(s.week[0]),
        model.traits.house_ptr,
        model.traits.house_member,
        model.population.households.cars,
        s.worker_id,
        s.post,
        posts.shift,
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
        _ranked(model),
        c.needs,
        c.late,
        c.fail,
        week.chosen,
        week.late_bits,
    )
    _remember_cars(model, week)
    k.count_tours(week.chosen, week.late_bits, persons.commune, week.tours, week.lates, week.missed)
    return week


def _ranked(model: World) -> Array:
    """Services by falling utility in the book's rows that this week uses, uint64 [row]."""
    s, posts, book, c = model.state, model.population.posts, model.book, model.choice
    ranked = np.empty(len(book.tours), np.uint64)
    run_blocks(
        rank_services,
        len(s.worker_id),
        model.seed,
        int(Purpose.WEEKLY_TASTE),
        int(Purpose.WEEKLY_NEST),
        int(s.week[0]),
        s.worker_id,
        s.post,
        posts.shift,
        posts.team,
        model.network.classes.roster_local,
        model.catalogue.weeks,
        book.start,
        book.offers.felt_min,
        book.offers.eur,
        model.fixed_eur(),
        model.traits.vot_eur_min,
        c.service_id,
        c.nest,
        c.nest_id,
        c.spread,
        c.unit,
        ranked,
    )
    return ranked


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
    shift = posts.shift[post]
    rota = (int(s.week[0]) - 1 + posts.team[post].astype(np.int64)) % cat.weeks[shift]
    klass = classes.roster[shift, rota, slot]
    return congestion.trips(model.place[person], model.post_site[post], klass)


def learn(model: World, week: Week) -> None:
    """Expected lateness moves towards what happened, or slowly to the mean where nobody rode."""
    p, expected = model.parameters, model.state.expected_late
    smoothing, prior = p["experience.smoothing"], p["experience.prior_tours"]
    mean = expected.mean(axis=1, keepdims=True)
    rode = week.tours > 0
    observed = np.divide(week.lates, week.tours, out=np.zeros_like(expected), where=rode)
    share = week.tours / (week.tours + prior) if prior > 0 else rode.astype(np.float64)
    expected += np.where(
        rode, smoothing * share * (observed - expected), smoothing * p["experience.drift"] * (mean - expected)
    )


@dataclass
class TourRows:
    """Tours of a week folded to rows (person, class, service), all [row]; see core.outputs.TRIPS."""

    person: Array
    window: Array
    service: Array
    tours: Array
    late: Array
    book_row: Array


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
        posts.shift,
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
    row = model.book.start[person[:n]] + local[:n]
    return TourRows(person[:n], window[:n], service[:n], tours[:n], late[:n], row)
