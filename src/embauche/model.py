"""The model: a bassin whose week is search, hiring, travel, experience, separations.

Lives here: Bassin and the order of the week. Not here: any rule (labour, commuting, services).
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from embauche.agents import Authority, Firm, Operator, Workers
from embauche.commuting.asked import AskedTrips
from embauche.commuting.centre_sites import with_centres
from embauche.commuting.centre_spots import with_added
from embauche.commuting.choice import Choice, tastes
from embauche.commuting.congestion import congestion_of
from embauche.commuting.employers import Terms, at_these_hours, used_sites
from embauche.commuting.network import Network
from embauche.commuting.offers import OfferBook
from embauche.commuting.tour_ends import TourEnds
from embauche.commuting.used import network_for
from embauche.core.accounts import REGION, STATE, authority
from embauche.core.hours import with_variants
from embauche.core.ledger import Ledger, Operations
from embauche.core.parameters import Parameters
from embauche.core.settings import Settings
from embauche.core.shifts import ShiftCatalogue
from embauche.core.table import Table
from embauche.labour import aids, childcare, conditions, ends, lodgers, recruitment, sites, training
from embauche.labour.apprentices import apprentices_week, settle
from embauche.labour.channels import Channels
from embauche.labour.conditions import Worth
from embauche.labour.course_plan import plan_for
from embauche.labour.courses import Record
from embauche.labour.economy import start_economy
from embauche.labour.ended import Ends
from embauche.labour.experience import learn, start_expectations
from embauche.labour.growing_up import grow_up
from embauche.labour.hiring import Hires, hire
from embauche.labour.housing_week import HousingWeek
from embauche.labour.hr import Hr
from embauche.labour.intensity import live_on
from embauche.labour.payments import find_parking, pay_tours
from embauche.labour.remembered import OfPersons
from embauche.labour.residences import Residences, homes_known
from embauche.labour.retry import retry
from embauche.labour.search import Applications, search
from embauche.labour.separations import contracts_now, record_moves, separate
from embauche.labour.shared_events import SharedEvents
from embauche.labour.site_plan import plan_sites
from embauche.labour.start import start_state
from embauche.labour.start_ways import give_ways
from embauche.labour.state import State, shifts_now
from embauche.labour.traits import Traits
from embauche.labour.travel import Week, car_trips, commute_minutes, travel
from embauche.labour.wages import grid_cents
from embauche.model_accounts import systems
from embauche.model_utility import Utilities
from embauche.population.population import Population
from embauche.services import Ground, made
from embauche.services.shared import SharedService
from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]


class Bassin(Utilities, mesa.Model):  # type: ignore[misc]
    """A bassin de mobilité as a Mesa model; `step()` is one week of docs/model.md.

    Attributes:
        territory, population, catalogue, parameters, settings: what it was made of.
        state: columns that the week changes.
        workers: views of persons by row; firms: Mesa agents by row.
        services: the services in use, in the order of settings.
        sites: what the scenario does to sites, None for nothing.
        first_week: the state's week in which the run's own weeks begin.
    """

    def __init__(
        self,
        territory: Territory,
        population: Population,
        catalogue: ShiftCatalogue,
        parameters: Parameters,
        settings: Settings | None = None,
        *,
        rng: int = 0,
        network: Network | None = None,
        state: State | None = None,
    ) -> None:
        """Set up a bassin at its start state, or at `state`.

        Args:
            territory: built territory.
            population: persons, households, firms and posts, sorted by id.
            catalogue: shifts.
            parameters: the run's parameters.
            settings: services and timetable edits.
            rng: the replication's seed; all draws are keyed by it.
            network: reuse a network made by `network_for` with the same arguments.
            state: a state saved by `state.arrays()`, as State.
        """
        super().__init__(rng=rng)
        self.seed = int(rng)
        self.settings = settings or Settings()
        levers, communes = self.settings.levers, territory.communes
        at_start = population = with_added(population, self.settings.apprentices, territory, parameters)
        catalogue = with_variants(with_centres(catalogue, population), levers)
        self.sites = plan_sites(self.settings.sites, territory, population, catalogue, parameters)
        if self.sites is not None:
            territory, population = self.sites.territory, self.sites.population
        self.network = network or network_for(territory, population, catalogue, parameters, self.settings)
        population = at_these_hours(population, catalogue, levers, communes)
        self.territory, self.population = territory, population
        self.catalogue, self.parameters = catalogue, parameters
        self.congestion = congestion_of(self.settings, self.network, territory, parameters)
        if self.congestion is not None:
            self.network = self.congestion.network
        home = homes_known(state, population.persons.place, self.network.place_rows)
        firm_site = used_sites(population, levers, communes)[1]
        self.post_site = firm_site[population.posts.firm]
        self.move_site = firm_site[len(population.firms) :]
        kept = None if state is None else state.kept
        self.tour_ends = TourEnds.of(self.network, home, kept, self.post_site)
        self.place, self.place_centre, self.site_centre = self.tour_ends.of_persons
        self.terms = Terms.make(population, levers, communes, parameters, firm_site)
        self.ground = Ground(
            territory, population, catalogue, parameters, self.settings, self.network, self.seed,
            self.tour_ends, self.terms,
        )  # fmt: skip
        self.services = made(self.ground)
        self.choice = Choice.make(self.services, parameters)
        outside = communes.external[at_start.persons.commune]
        self.traits = Traits.make(at_start, outside, catalogue, parameters, levers.childcare)
        self.channels = Channels.make(territory, population, parameters, self.settings.recruitment.channels)
        self.hr = Hr.make(population, parameters, self.traits.shift_eur[0], self.settings, communes)
        self.grid_cents = grid_cents(population, self.settings.recruitment, communes)
        fresh, graph = state is None, self.network.roads.graph
        state = state or start_state(territory, at_start, parameters, self.seed, graph, self.choice.late)
        state.fit_posts(population.posts)
        state.raise_wages(population.posts, self.grid_cents)
        state.fit_classes(int(self.network.classes.roster_local.max()) + 1)
        self.state = state
        start_economy(self, len(at_start.posts))
        self._posts_now()
        self.taste, self.remembered = tastes(self.seed, state.worker_id, self.choice), OfPersons()
        self.shared = {row: s for row, s in enumerate(self.services) if isinstance(s, SharedService)}
        start_expectations(self)
        self.book = OfferBook(self.services, self.network.classes, self.tour_ends, self.shared)
        self._find_car_times()
        if fresh:
            give_ways(self)
        self._nothing_yet(state)
        self._agents_of_the_bassin()

    def _posts_now(self) -> None:
        state, posts = self.state, self.population.posts
        self.first_week, self.calendar = int(state.week[0]), self.settings.calendar
        self.post_contract = contracts_now(state, posts)
        self.post_shift = shifts_now(state, self.post_site, posts)

    def _nothing_yet(self, state: State) -> None:
        self.seats, self.asked = settle(self), AskedTrips(self.book)
        self.residences = Residences.make(
            self.territory, self.population, self.settings, self.network, self.parameters, self.catalogue,
        )  # fmt: skip
        levers, communes = self.settings.levers.conditions, self.territory.communes
        self.worth = Worth.make(levers, self.population, self.catalogue, communes)
        self.course_plan, self.week_training, self.shared_hr = plan_for(self), Record(), SharedEvents()
        self.week_housing: HousingWeek | None = None
        self.week_travel: Week | None = None
        self.week_applications: Applications | None = None
        self.week_hires: Hires | None = None
        self.week_post: Array = self.state.post.copy()
        self.week_shift: Array = self.post_shift.copy()
        self.week_worker_id: Array = self.state.worker_id.copy()
        self.travelled_week = -1
        self.ledger, self.operations, self.ends = Ledger(), Operations(), Ends()
        self.present_logsum = np.zeros(len(self.state.worker_id))
        self.books_kept: tuple[int, Ledger, Operations] | None = None

    def _agents_of_the_bassin(self) -> None:
        posts = self.population.posts
        self.firm_post = np.argsort(posts.firm, kind="stable").astype(np.int32)
        counts = np.bincount(posts.firm, minlength=len(self.population.firms))
        self.firm_ptr = np.concatenate([[0], np.cumsum(counts)])
        self.firms = [Firm(self, row) for row in range(len(self.population.firms))]
        self.operators = [
            Operator(self, s.name, system) for s in self.services for system in systems(self, s)
        ]
        names = [rule.name for rule in self.network.jurisdiction.rules]
        self.authorities = [Authority(self, account) for account in (*map(authority, names), REGION, STATE)]
        self.workers = Workers(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "unemployment": Bassin.unemployment,
                "vacancy_rate": Bassin.vacancy_rate,
                "expectation": Bassin.expectation,
                "car_delay_min": lambda m: 0.0 if m.congestion is None else m.congestion.delay_min(),
                "missed_shifts": lambda m: 0 if m.week_travel is None else int(m.week_travel.missed.sum()),
            }
        )

    def step(self) -> None:
        """One week: search, hiring, travel, experience, separations."""
        self.ledger, self.operations, self.ends = Ledger(), Operations(), Ends()  # entered in as it goes
        self._find_car_times()
        ends.step(self)
        aids.step(self, self.ledger)
        self.week_apprentices = apprentices_week(self)
        self.week_housing = lodgers.step(self, self.ledger)
        sites.step(self)
        conditions.step(self)
        childcare.step(self)
        training.step(self)
        recruitment.step(self)
        live_on(self)
        utility = self.present_utilities()
        applications = search(self, utility)
        since = self.state.since.copy()
        hires = hire(self, applications)
        record_moves(self, hires, since)
        self.book.update(self.state.post, self.post_shift)
        week = travel(self)
        pay_tours(self, week.chosen, self.ledger)
        learn(self, week)
        self.week_post, self.week_worker_id = self.state.post.copy(), self.state.worker_id.copy()
        self.week_shift, self.travelled_week = self.post_shift.copy(), int(self.state.week[0])
        self.week_travel, self.week_applications, self.week_hires = week, applications, hires
        separate(self, utility, hires, week.missed, commute_minutes(self, week))
        retry(self)
        grow_up(self)
        self.state.week += 1
        self.datacollector.collect(self)

    def moved(self, people: Array) -> None:
        """Take note of where these people (rows) live now; their offers are priced anew, and they rank anew.

        Raises:
            ValueError: a home is not among the network's places.
        """
        rows = np.searchsorted(self.network.place_rows, self.state.home[people])
        if (self.network.place_rows.take(rows, mode="clip") != self.state.home[people]).any():
            raise ValueError("a home lies at a place that the network was not built for")
        self.place[people] = rows
        self.tour_ends.slept(self.network, self.state.home, self.state.kept, people)
        self.state.shocked[people] = True
        self.book.forget_people(people)

    def reshift(self, posts: Array, shifts: Array) -> None:
        """Change the shifts of vacant posts (rows) to shifts that other posts at the same site have."""
        self.state.reshift[posts] = shifts
        self.post_shift[posts] = shifts

    def _find_car_times(self) -> None:
        """Car times by the hour from the last week's traffic, where roads congest and it is time."""
        if self.congestion is not None and self.congestion.due(int(self.state.week[0])):
            self.congestion.find(car_trips(self, self.congestion))
            self.book.forget()
        if find_parking(self):
            self.book.forget()

    def expectation(self) -> float:
        """Mean expected lateness over services and communes."""
        return float(self.state.expected_late.mean())

    def series(self) -> dict[str, list[float]]:
        """Week by week: unemployment, vacancy rate, expectation."""
        v = self.datacollector.model_vars
        return {name: list(v[name]) for name in ("unemployment", "vacancy_rate", "expectation")}

    def public_cost_eur_week(self) -> float:
        """What public accounts paid in the last week, less what they received, EUR."""
        return sum(a.public_cost_eur_week() for a in self.authorities)

    def week_tables(self) -> dict[str, Table]:
        """The last week's tables (core.outputs.WEEKLY)."""
        from embauche.model_tables import week_tables

        return week_tables(self)

    def people(self) -> Table:
        """Who the persons are (core.outputs.PEOPLE)."""
        from embauche.model_tables import people

        return people(self)

    def access(self) -> Table:
        """Posts within reach at shift hours (core.outputs.ACCESS)."""
        from embauche.model_access import access

        return access(self)
