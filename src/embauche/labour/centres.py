"""Seats at training centres: who has one, which centre a person would go to, trips of a contract in question.

Lives here: Seats, pair_tours. Not here: centres' tables (population.centres), when a contract is signed
(labour.apprentices).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.centre_sites import centre_rows, centres_of
from embauche.core.shifts import RHYTHMS
from embauche.labour.centre_plan import seats_now
from embauche.labour.seasons import Season
from embauche.population.schemas import Contract

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
KEPT = "apprentices.centre"
NONE = -1


@dataclass(frozen=True)
class Seats:
    """Centres of a model and how far they are; rows are those of population.centres.

    Attributes:
        skill, seats: int [row] domain taught and apprentices at a time this week.
        site: int32 [row] used site.
        shift: int16 [row] row of the catalogue of the rhythm.
        minutes: float32 [used place, row] car minutes on empty roads, gates included.
    """

    skill: Array
    seats: Array
    site: Array
    shift: Array
    minutes: Array

    @classmethod
    def of(cls, model: World) -> Seats | None:
        """The model's; None where its population has no centres."""
        centres, net = centres_of(model.population), model.network
        if centres is None:
            return None
        _, site = centre_rows(model.population, len(net.site_rows) - len(np.unique(centres.site)))
        shift = np.array([model.catalogue.shift_row(name) for name in RHYTHMS], np.int16)[centres.rhythm]
        places = len(net.place_rows)
        sites, column = np.unique(site, return_inverse=True)
        place = np.repeat(np.arange(places, dtype=np.int32), len(sites))
        there = np.tile(sites.astype(np.int32), places)
        seconds = net.roads.ways("car", place, there)[0]
        minutes = seconds / np.float32(60.0) + net.gate_place_min[place] + net.gate_site_min[there]
        return cls(
            centres.skill, seats_now(model), site, shift, minutes.reshape(places, -1)[:, column.ravel()]
        )

    def free(self, taken: Array) -> Array:
        """Seats left of each row, int64; `taken` is int32 [person] the row that each holds, NONE without."""
        return self.seats.astype(np.int64) - np.bincount(taken[taken >= 0], minlength=len(self.seats))

    def nearest(self, place: Array, skill: Array, free: Array) -> Array:
        """Row nearest by car that teaches the domain and has a seat, NONE for none; int32 [person].

        Args:
            place: int32 [person] used places; skill: int [person] domains.
            skill: see place.
            free: int64 [row] seats left.
        """
        out = np.full(len(place), NONE, np.int32)
        for domain in np.unique(skill):
            rows = np.flatnonzero((self.skill == domain) & (free > 0))
            mine = np.flatnonzero(skill == domain)
            if len(rows):
                out[mine] = rows[np.argmin(self.minutes[np.ix_(place[mine], rows)], axis=1)]
        return out

    def hoped(self, place: Array, skill: Array, free: Array) -> Array:
        """As `nearest`; where no seat of the domain is left the nearest that teaches it, else the nearest."""
        out = self.nearest(place, skill, free)
        lost = np.flatnonzero(out < 0)
        out[lost] = self.nearest(place[lost], skill[lost], self.seats)
        lost = np.flatnonzero(out < 0)
        shut = np.where(self.seats > 0, 0.0, 1e6)  # a centre that is not open is the last to hope for
        out[lost] = np.argmin(self.minutes[place[lost]] + shut, axis=1)
        return out

    def fill(self, taken: Array, who: Array, place: Array, skill: Array) -> None:
        """Seat these persons in their order: the nearest with a seat left, else the nearest hoped for.

        Args:
            taken: int32 [person] row of the seat of each, changed.
            who: int [one] rows of persons, the first served first.
            place, skill: int [one] used places and domains.
        """
        left = np.arange(len(who))
        while len(left):
            free = self.free(taken)
            wanted = self.hoped(place[left], skill[left], free)
            n = in_turn(np.where(free[wanted] > 0, wanted, NONE), free)
            taken[who[left[:n]]] = wanted[:n]
            left = left[n:]


def in_turn(row: Array, free: Array) -> int:
    """How many persons, from the first on, can all be served before one finds her seat taken by them.

    Who comes after must choose anew, or she would lose her second choice to somebody behind her.

    Args:
        row: int [person] row that each wants, NONE for none.
        free: int64 [row] seats left.
    """
    order = np.argsort(row, kind="stable")
    rank = np.empty(len(row), np.int64)
    rank[order] = np.arange(len(row)) - np.searchsorted(row[order], row[order])
    served = (row < 0) | (rank < free[np.maximum(row, 0)])
    return len(row) if served.all() else int(np.argmin(served))


def held(model: World) -> Array:
    """Row of the seat that each person holds, NONE without; int32 [person], part of the state."""
    kept = model.state.kept
    if KEPT not in kept:
        kept[KEPT] = np.full(len(model.state.worker_id), NONE, np.int32)
    return kept[KEPT]


def held_from_start(model: World) -> Array:
    """Row of the seat that each person will still hold when the season's courses begin, int32 [person]."""
    end = model.state.kept.get("apprentices.end")
    if end is None:
        return held(model)
    return np.where((end >= 0) & (end <= Season.of(model).start), NONE, held(model)).astype(np.int32)


def take(model: World, person: Array, row: Array) -> None:
    """Give these persons (rows) these seats, or take theirs with NONE; the way there is then priced anew."""
    seats = model.seats
    assert seats is not None
    held(model)[person] = row
    went = person[row >= 0]
    model.site_centre[went] = seats.site[row[row >= 0]]
    model.book.forget_people(went)


def settle(model: World) -> Seats | None:
    """A model's seats, at its start, and where persons with one go; at the first start who has which seat.

    Apprentices of the start go to the centre nearest to them that teaches their post's domain, in order of id
    while it has seats, then whatever its seats.
    """
    seats = Seats.of(model)
    if seats is not None:
        s, first = model.state, KEPT not in model.state.kept
        row = held(model)
        gone = row >= len(seats.seats)  # a state saved with centres that this scenario does not add
        row[gone] = NONE
        if first or gone.any():
            posts = model.population.posts
            who = np.flatnonzero((s.post >= 0) & (row < 0))
            who = who[posts.contract[s.post[who]] == Contract.APPRENTICESHIP]
            who = who[np.argsort(s.worker_id[who], kind="stable")]
            seats.fill(row, who, model.place[who], posts.skill[s.post[who]])
        mine = np.flatnonzero(row >= 0)
        model.site_centre[:] = seats.site[0]
        model.site_centre[mine] = seats.site[row[mine]]
    return seats


def pair_tours(model: World, person: Array, post: Array) -> tuple[Array, Array | None]:
    """Shifts of (person, post) pairs, and for apprenticeships the centre that she would go to.

    Args:
        model: the model.
        person, post: int [pair] rows.

    Returns:
        shift int16 [pair]; used site of the centre int32 [pair] (of no meaning for other posts), None where
        no pair is an apprenticeship with a centre.
    """
    shift = model.post_shift[post]
    trains = np.flatnonzero(model.population.posts.contract[post] == Contract.APPRENTICESHIP)
    if model.seats is None or not len(trains):
        return shift, None
    seats, who = model.seats, person[trains]
    row = held(model)[who]
    new = np.flatnonzero(row < 0)
    free = seats.free(held_from_start(model))
    skill = model.population.posts.skill[post[trains[new]]]
    row[new] = seats.hoped(model.place[who[new]], skill, free)
    shift, site = shift.copy(), np.zeros(len(person), np.int32)
    shift[trains], site[trains] = seats.shift[row], seats.site[row]
    return shift, site
