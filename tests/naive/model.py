"""The textbook model: a plain Mesa model that lives docs/model.md week by week.

Lives here: the order of the week, vacancies, hiring rounds, experience. Not here: separations
(separations), what one person works out (agents), minutes and euros (offers).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mesa

from embauche.core.draws import Purpose
from embauche.population.schemas import Status
from naive.agents import MISSED, NESTS, Application, FirmAgent, Household, Post, Worker
from naive.draws import Draws
from naive.economy import Economy
from naive.hiring import Hire, advertise, hire, retry
from naive.offers import Offer, Offers, hours_of
from naive.search import search, utility
from naive.separations import Separating
from naive.shared import PlainService, Shared, rounds

Trips = Mapping[tuple[int, int, int], float]  # (clock hour, from node, to node): vehicles


class NaiveBassin(Separating, mesa.Model):  # type: ignore[misc]
    """One plain agent a worker and a firm.

    Args:
        territory: object with the eight tables.
        population: object with households, persons, firms, posts.
        catalogue: windows and shifts.
        parameters: values by name.
        services: names of the services in use.
        rng: the replication's seed.
        start: worker_id -> post_id held at week 0; None seats the employed in order of id, each in
            the post worth most to her.
        spells: worker_id -> weeks in her status at week 0, where they are not the population's.
        car_times: car seconds of the arcs by clock hour, given the cars of the last week, where roads
            congest (naive.congestion).
        shared: plain services whose places are few, named in `services` too.
        class_of: trip class of a window on a weekday, for what is learned of shared services.
        classes: number of trip classes.
        terms: EUR a tour that firms (by id) add to a service.
    """

    def __init__(
        self,
        territory: Any,
        population: Any,
        catalogue: Any,
        parameters: Mapping[str, float],
        services: tuple[str, ...] = ("car", "transit", "bike", "walk"),
        rng: int = 0,
        start: Mapping[int, int] | None = None,
        spells: Mapping[int, int] | None = None,
        car_times: Callable[[Trips], Mapping[int, Any]] | None = None,
        shared: Sequence[PlainService] = (),
        class_of: Callable[[int, int], int] = lambda window, day: window,
        classes: int = 0,
        terms: Mapping[tuple[int, str], float] | None = None,
    ) -> None:
        super().__init__(rng=rng)
        self.territory, self.p = territory, parameters
        self.catalogue = catalogue = catalogue.without_centres()  # it knows no training centres
        self.week = 0
        self.draws = Draws(rng)
        self.nests = NESTS | {s.name: s.nest for s in shared}
        self.offers = Offers(territory, catalogue, parameters, services, {s.name: s for s in shared})
        self.terms = terms or {}
        self.car_times = car_times
        self.car_trips: Trips = {}
        self.taste_alpha = (1.0 - parameters["commute.constant_share"]) ** 0.5
        self.expected_late = {
            (s, c): parameters[f"{s}.late"] for s in services for c in range(len(territory.communes))
        }
        self.hires: list[Hire] = []
        self.ends: list[tuple[int, int, str]] = []  # worker, post, cause, of the week
        self.pool: list[Application] = []
        self.advertised: list[Post] = []
        self.shift_costs: dict[tuple[int, bool], float] = {}
        self.vacancies: list[Post] = []
        self.ring_at: dict[int, int] = {}
        self._make_agents(population)
        self.shared = {s.name: Shared(self, s, class_of, classes) for s in shared}
        self._close_stocks()
        self.economy = Economy(self)
        self._seat(start, spells or {})

    def offers_at(self, place: int, firm: FirmAgent, window: int, day: int) -> dict[str, Offer]:
        """Offers for a tour to a firm, with what it adds to them."""
        offers = self.offers.tour(place, firm.site, window, day)
        if not self.terms:
            return offers
        return {s: o.at(self.terms.get((firm.firm_id, s), 0.0)) for s, o in offers.items()}

    # the start

    def _make_agents(self, population: Any) -> None:
        h, persons, f, posts = population.households, population.persons, population.firms, population.posts
        homes = [
            Household(int(h.household_id[i]), int(h.cars[i]), int(h.under_six[i])) for i in range(len(h))
        ]
        names = ("worker_id", "place", "commune", "sex", "age_weeks", "licence", "bike", "skill", "level",
                 "quintile", "status", "apprentice", "wage_ref_cents", "spell_weeks")  # fmt: skip
        made = [
            Worker(self, homes[int(persons.household[i])], **{n: persons[n][i].item() for n in names})
            for i in range(len(persons))
        ]
        for w in made:
            if w.age_weeks < 18 * 52:  # who will hold a licence at 18
                luck = self.draws.uniform(Purpose.ENTRANT, 0, w.worker_id, 1)
                w.licence = w.licence or luck < self.p["demography.entrant_licence"]
        self.workers = sorted(made, key=lambda w: w.worker_id)
        self.by_first_id = list(self.workers)  # an entrant takes the place of who retires
        self.households = sorted(homes, key=lambda home: home.household_id)
        firms = [
            FirmAgent(
                self,
                int(f.firm_id[i]),
                int(f.site[i]),
                int(f.commune[i]),
                int(f.sector[i]),
                int(f.screening[i]),
                bool(f.external[i]),
                int(f.size_class[i]),
            )
            for i in range(len(f))
        ]
        self.firms = sorted(firms, key=lambda firm: firm.firm_id)
        self.posts = sorted(
            (
                Post(
                    int(posts.post_id[i]), firms[int(posts.firm[i])], int(posts.skill[i]),
                    int(posts.level[i]), int(posts.shift[i]), int(posts.team[i]), int(posts.contract[i]),
                    int(posts.wage_cents[i]), int(posts.wage_cents[i]), bool(posts.active[i]),
                )
                for i in range(len(posts))
            ),
            key=lambda post: post.post_id,
        )  # fmt: skip

    def _seat(self, start: Mapping[int, int] | None, spells: Mapping[int, int]) -> None:
        by_id = {post.post_id: post for post in self.posts}
        for worker in self.workers:
            if start is not None:
                post = by_id.get(start.get(worker.worker_id, -1))
            elif worker.status == Status.EMPLOYED:
                open_now = [
                    (utility(worker, x), -x.post_id) for x in self.posts if x.vacant and worker.may_see(x)
                ]
                best = max((x for x in open_now if x[0] > float("-inf")), default=None)
                post = by_id[-best[1]] if best else None
            else:
                post = None
            if post is not None:
                assert post.vacant
                worker.post, post.holder, worker.status = post, worker, int(Status.EMPLOYED)
            elif worker.status == Status.EMPLOYED:
                worker.status, worker.spell_weeks = int(Status.UNEMPLOYED), 0
            worker.spell_weeks = spells.get(worker.worker_id, worker.spell_weeks)
            worker.since, worker.worked_at = -worker.spell_weeks, post

    # what agents ask

    def rotation(self, shift: int) -> list[list[int]]:
        """Windows by week of the shift's rotation and slot, -1 where off."""
        weeks = int(self.catalogue.weeks[shift])
        return [[int(x) for x in self.catalogue.roster[shift, week]] for week in range(weeks)]

    def windows(self, post: Post) -> list[int]:
        """Windows of the 14 slots of this week."""
        rotation = self.rotation(post.shift)
        return rotation[(self.week + post.team) % len(rotation)]

    # the week

    def step(self) -> None:
        """One week."""
        self.ends = []
        self.economy.step()
        if self.car_times is not None and self.week % int(self.p["congestion.every_weeks"]) == 0:
            self.offers.congest(self.car_times(self.car_trips))
        advertise(self)
        search(self)
        hire(self)
        self.travel()
        self.experience()
        self.separate()
        for post in self.posts:
            if post.vacant:
                retry(self, post)
        self.week += 1

    def travel(self) -> None:
        """Step 5: household by household, the longest way first."""
        for worker in self.workers:
            worker.barred = set()
            worker.reconsider()
        for home in self.households:
            self.walk(home)
        for worker in self.workers:
            worker.shocked = False
        if self.shared:
            rounds(self)
        for worker in self.workers:
            worker.worked_at = worker.post
            worker.shocked = worker.shocked or worker.missed > 0
        self._count_cars()

    def walk(self, home: Household) -> None:
        """The members of a household choose for the whole week, the longest way first."""
        home.out = []
        at_work = [m for m in home.members if m.status == Status.EMPLOYED and m.post is not None]
        at_work.sort(key=lambda m: (-m.car_km(), m.worker_id))
        for member in at_work:
            member.travel()

    def _count_cars(self) -> None:
        """Cars an hour from node to node on a mean working day: those of Monday to Friday over five."""
        driven: Counter[tuple[int, int, int]] = Counter()
        for w in self.workers:
            for tour in w.tours:
                if tour.offer is not None and tour.offer.service == "car" and tour.slot < 10:
                    assert w.post is not None
                    home, work = self.offers.nodes(w.place, w.post.firm.site)
                    out, back = hours_of(self.catalogue, tour.window)
                    driven[out, home, work] += 1
                    driven[back, work, home] += 1
        self.car_trips = {key: count / 5 for key, count in driven.items()}

    def experience(self) -> None:
        """Step 6: expectations move towards what happened; missed shifts are remembered."""
        p = self.p
        for shared in self.shared.values():
            shared.learn()
        made: dict[tuple[str, int], list[bool]] = {}
        for worker in self.workers:
            for tour in worker.tours:
                if tour.offer is not None:
                    made.setdefault((tour.offer.service, worker.commune), []).append(tour.late)
            worker.missed_recent = worker.missed_recent * 3 // 4 + 4 * worker.missed
        communes = sorted({commune for _, commune in self.expected_late})
        services = sorted({service for service, _ in self.expected_late})
        mean = {s: sum(self.expected_late[s, c] for c in communes) / len(communes) for s in services}
        for service, commune in self.expected_late:
            here = made.get((service, commune), [])
            weight, target = p["experience.smoothing"] * p["experience.drift"], mean[service]
            if here:
                weight = p["experience.smoothing"] * len(here) / (len(here) + p["experience.prior_tours"])
                target = sum(here) / len(here)
            self.expected_late[service, commune] += weight * (target - self.expected_late[service, commune])


__all__ = ["MISSED", "NaiveBassin"]
