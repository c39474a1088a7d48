"""What posts and ways to travel are worth to people: the model's side of utilities and logsums.

Lives here: Utilities, a part of Bassin; rates of unemployment and vacancies. Not here: the week (model),
services (commuting.choice).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.commuting.choice import fixed_utilities, pair_logsums
from embauche.commuting.offers import Offers
from embauche.labour.aid_holders import adjusted, household_cars
from embauche.labour.residences import eur_month
from embauche.labour.seasons import trains
from embauche.labour.values import but_travel
from embauche.labour.world import World

Array = np.ndarray[Any, Any]


class Utilities:
    """Methods of a bassin that weigh posts and services; what they read is Bassin's."""

    def present_utilities(self: World) -> Array:
        """Utility of the post that each person holds, EUR a month, -inf where none, [person]."""
        s = self.state
        self.book.update(s.post, self.post_shift)
        self.book.expect(np.flatnonzero(s.post >= 0))
        out = np.empty(len(s.worker_id))
        everyone = np.arange(len(out), dtype=np.int32)
        book = self.book
        self.logsums(
            everyone, book.start, book.end, book.tours, book.offers, self.fixed_eur(), self.car_share(), out
        )
        self.present_logsum = out.copy()
        held = np.flatnonzero(s.post >= 0)
        out[s.post < 0] = -np.inf
        out[held] += but_travel(self, held, s.post[held]) + eur_month(s)[held]
        return out

    def logsums(
        self: World,
        person: Array,
        start: Array,
        end: Array,
        tours: Array,
        offers: Offers,
        fixed_eur: Array,
        car_share: Array,
        out: Array,
    ) -> None:
        """Fill out [pair] with month's logsums of pairs whose rows are start[i]:end[i]."""
        pair_logsums(
            self.choice, offers, person, start, end, tours, fixed_eur, self.traits.vot_eur_min, car_share, out
        )

    def fixed_eur(self: World) -> Array:
        """What each person's utility of a service owes to no trip, EUR, float64 [person, service].

        Not to be written into.
        """
        persons, can_drive, late = self.population.persons, self.can_drive(), self.state.expected_late
        out = self.remembered.fixed_eur(  # tastes change for entrants alone: the model forgets it then
            (can_drive, late),
            lambda: fixed_utilities(
                self.choice,
                self.taste,
                late,
                self.traits.vot_eur_min,
                persons.commune,
                can_drive,
                persons.bike,
            ),
        )
        return adjusted(self, out)

    def can_drive(self: World) -> Array:
        """Whether each person may drive a car of the household, bool [person]; not to be written into."""
        licensed, cars = self.state.licensed(), household_cars(self)
        household = self.population.persons.household
        return self.remembered.can_drive((licensed, cars), lambda: licensed & (cars > 0)[household])

    def drivers(self: World) -> Array:
        """Active licence holders of each household, int64 [household]; not to be written into."""
        able = self.state.licensed() & (self.state.status > 0)
        household, n = self.population.persons.household, len(self.population.households)
        return self.remembered.drivers((able,), lambda: np.bincount(household[able], minlength=n))

    def car_share(self: World) -> Array:
        """Chance that a car of the household is free for each person, float64 [person].

        Not to be written into.
        """
        drivers, cars, can_drive = self.drivers(), household_cars(self), self.can_drive()

        def make() -> Array:
            share = np.minimum(1.0, cars / np.maximum(drivers, 1))
            return np.where(can_drive, share[self.population.persons.household], 0.0)

        return self.remembered.car_share((drivers, cars, can_drive), make)

    def unemployment(self: World) -> float:
        """Unemployed over active, residents only."""
        inside = ~self.territory.communes.external[self.population.persons.commune]
        status = self.state.status[inside]
        active = int((status > 0).sum())
        return float((status == 1).sum()) / active if active else 0.0

    def vacancy_rate(self: World) -> float:
        """Vacant over active posts, external zones left out; where there are centres apprenticeships too."""
        active = self.state.active & ~self.population.firms.external[self.population.posts.firm]
        if self.seats is not None:
            active &= ~trains(self)
        total = int(active.sum())
        return float((active & (self.state.holder < 0)).sum()) / total if total else 0.0
