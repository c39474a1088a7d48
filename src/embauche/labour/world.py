"""What the steps of a week may read and change: the face of the model towards labour.

Lives here: World. Not here: the model itself, which has more (model.Bassin).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from embauche.commuting.asked import AskedTrips
from embauche.commuting.choice import Choice
from embauche.commuting.employers import Terms
from embauche.commuting.network import Network
from embauche.commuting.offers import OfferBook, Offers
from embauche.commuting.tour_ends import TourEnds
from embauche.core.calendar import Calendar
from embauche.core.ledger import Ledger
from embauche.core.parameters import Parameters
from embauche.core.settings import Settings
from embauche.core.shifts import ShiftCatalogue
from embauche.labour.apprentice_events import ApprenticeEvents
from embauche.labour.centres import Seats
from embauche.labour.channels import Channels
from embauche.labour.ended import Ends
from embauche.labour.hr import Hr
from embauche.labour.remembered import OfPersons
from embauche.labour.residences import Residences
from embauche.labour.shared_events import SharedEvents
from embauche.labour.state import State
from embauche.labour.traits import Traits
from embauche.population.population import Population
from embauche.services.base import Service
from embauche.services.shared import SharedService
from embauche.territory.territory import Territory

if TYPE_CHECKING:
    from embauche.labour.conditions import Worth
    from embauche.labour.course_plan import Plan
    from embauche.labour.courses import Record

Array = np.ndarray[Any, Any]


class World(Protocol):
    """A bassin as its steps see it.

    Attributes:
        seed: the replication's seed, first part of every draw's key.
        state: columns that the week changes; the rest stays as it is.
        tour_ends: where persons' tours begin and end, `place` and `post_site` among it.
        place: int32 [person] row of the network's used places.
        place_centre, site_centre: the same for days at a training centre (commuting.tour_ends).
        seats: training centres, None without.
        post_site: int32 [post] row of the network's used sites.
        post_shift: int16 [post] row of the catalogue's shifts, as posts are now.
        grid_cents: int32 [post] wage before any rise, EUR cents a month.
        shared_hr: what shared HR did in the week.
        post_contract: int8 [post] Contract, as posts are now.
        present_logsum: float64 [person] EUR a month that the way to the present post is worth, as searched.
        ends: the week's ends of jobs so far.
        channels: which vacancies each channel shows, and to whom.
        hr: which HR service each firm has, and what it can do.
        week_shift: int16 [post] the same in the last week travelled.
        worth: what levers on working conditions make of posts, if anything.
        calendar: dates of weeks since the start of burn-in.
        taste: float64 [person, service] constant part of each error over its scale.
        remembered: what need not be worked out again yet.
        terms: what employers add to offers, if anything.
        book: offers of current posts.
        asked: offers of trips asked week after week.
        residences: where beds are.
        shared: the services whose places are few, by row.
        first_week: week since the start of burn-in with which this model began.
        course_plan: courses, of the region and of the scenario.
        week_training: what happened in this week's training.
        ledger: the week's books, for all who pay.
        travelled_week: week since the start of burn-in of the last travel.
    """

    seed: int
    territory: Territory
    settings: Settings
    terms: Terms | None
    population: Population
    catalogue: ShiftCatalogue
    parameters: Parameters
    network: Network
    services: tuple[Service, ...]
    shared: dict[int, SharedService]
    choice: Choice
    traits: Traits
    grid_cents: Array
    shared_hr: SharedEvents
    ledger: Ledger
    hr: Hr
    channels: Channels
    state: State
    calendar: Calendar
    first_week: int
    course_plan: Plan
    week_training: Record
    tour_ends: TourEnds
    place: Array
    place_centre: Array
    site_centre: Array
    seats: Seats | None
    week_apprentices: ApprenticeEvents
    post_site: Array
    post_shift: Array
    week_shift: Array
    post_contract: Array
    present_logsum: Array
    ends: Ends
    worth: Worth | None
    taste: Array
    remembered: OfPersons
    book: OfferBook
    asked: AskedTrips
    residences: Residences
    travelled_week: int

    def moved(self, people: Array) -> None:
        """Take note of where these people (rows) live now (state.home)."""

    def reshift(self, posts: Array, shifts: Array) -> None:
        """Change the shifts of vacant posts (rows) to shifts that other posts at the same site have."""

    def logsums(
        self,
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

    def fixed_eur(self) -> Array:
        """What each person's utility of a service owes to no trip, EUR, float64 [person, service]."""

    def can_drive(self) -> Array:
        """Whether each person may drive a car of the household, bool [person]."""

    def drivers(self) -> Array:
        """Active licence holders of each household, int64 [household]."""

    def car_share(self) -> Array:
        """Chance that a car of the household is free for each person, float64 [person]."""
