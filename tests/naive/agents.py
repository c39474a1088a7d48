"""The plain objects of the twin: household, post, application, and one Mesa agent a worker and a firm.

Lives here: what one person or firm works out for itself. Not here: the order of the week (model).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import mesa

from embauche.core.draws import Purpose
from embauche.population.schemas import Contract, Status
from naive.offers import Offer, service_id

if TYPE_CHECKING:
    from naive.model import NaiveBassin

INF = float("inf")
NESTS = {"car": "car", "transit": "public", "bike": "active", "walk": "active"}
MONTH = 52.0 / 12.0
MISSED = "missed"


def log_sum(values: list[float], unit: float) -> float:
    """unit * log sum exp(value / unit), -inf of nothing."""
    top = max(values, default=-INF)
    if top == -INF:
        return -INF
    return top + unit * math.log(sum(math.exp((v - top) / unit) for v in values))


@dataclass
class Household:
    """A household and the cars it shares."""

    household_id: int
    cars: int
    under_six: int
    members: list[Worker] = field(default_factory=list)
    out: list[tuple[float, float]] = field(default_factory=list)  # tours of this week that hold a car

    def drivers(self) -> int:
        """Licence holders who are employed or unemployed."""
        return sum(m.may_drive() and m.status != Status.INACTIVE for m in self.members)

    def car_is_free(self, leave: float, back: float) -> bool:
        """Whether at every moment of (leave, back) some car is at home."""
        moments = [leave] + [a for a, _ in self.out if leave < a < back]
        return all(sum(a <= t < b for a, b in self.out) < self.cars for t in moments)


@dataclass
class Post:
    """A job slot; vacant when active without a holder."""

    post_id: int
    firm: FirmAgent
    skill: int
    level: int
    shift: int
    team: int
    contract: int
    grid_cents: int
    wage_cents: int
    active: bool
    holder: Worker | None = None
    opening: int = 0
    weeks_open: int = 0
    opened_this_week: bool = False
    retried: int = -1  # opening that the next four are about
    raises: int = 0
    eased: int = 0
    trains: bool = False
    own_shift: int = -1
    grid_contract: int = -1

    def __post_init__(self) -> None:
        self.own_shift, self.grid_contract = self.shift, self.contract
        self.firm.posts.append(self)

    @property
    def vacant(self) -> bool:
        """Active and nobody holds it."""
        return self.active and self.holder is None

    def reopen(self) -> None:
        """Open again as a new opening, at the grid's wage."""
        self.active, self.holder = True, None
        self.opening += 1
        self.weeks_open = 0
        self.wage_cents = self.grid_cents
        self.contract = self.firm.model.economy.offered_as(self)

    def leave(self) -> None:
        """Nobody holds it any more: open again, unless the firm does without."""
        self.opened_this_week = True
        if self.firm.model.economy.replaced(self):
            self.reopen()
        else:
            self.holder, self.active, self.weeks_open = None, False, 0


@dataclass
class Application:
    """One person's application to one vacancy, with what the post is worth to her."""

    worker: Worker
    post: Post
    utility: float
    channel: int = -1
    fit: float = 0.0
    came: int = -1  # week of arrival
    opening: int = -1
    left: Post | None = None  # post that she held then
    screened: int = -1


@dataclass
class Tour:
    """A shift of the week as it went: the service that made it, or None where it was missed."""

    slot: int
    window: int
    offer: Offer | None
    late: bool
    out_min: float = 0.0
    back_min: float = 0.0

    def __post_init__(self) -> None:
        if self.offer is not None:
            self.out_min, self.back_min = self.offer.out_min, self.offer.back_min


class FirmAgent(mesa.Agent):  # type: ignore[misc]
    """An employer; what it does with applications is in naive.hiring."""

    def __init__(
        self, model: NaiveBassin, firm_id: int, site: int, commune: int, sector: int, screening: int,
        external: bool, size_class: int,
    ):  # fmt: skip
        super().__init__(model)
        self.firm_id, self.site, self.commune = firm_id, site, commune
        self.sector, self.screening, self.external = sector, screening, external
        self.size_class = size_class
        self.demand, self.closed = 0.0, False
        self.posts: list[Post] = []


class Worker(mesa.Agent):  # type: ignore[misc]
    """A person of 15-64: tastes, status, post, and the week she had."""

    def __init__(self, model: NaiveBassin, household: Household, **attributes: int | bool) -> None:
        super().__init__(model)
        self.household = household
        self.worker_id = int(attributes["worker_id"])
        self.place, self.commune = int(attributes["place"]), int(attributes["commune"])
        self.sex, self.age_weeks = int(attributes["sex"]), int(attributes["age_weeks"])
        self.licence, self.bike = bool(attributes["licence"]), bool(attributes["bike"])
        self.skill, self.level = int(attributes["skill"]), int(attributes["level"])
        self.quintile = int(attributes["quintile"])
        self.status, self.apprentice = int(attributes["status"]), bool(attributes["apprentice"])
        self.wage_ref_eur = int(attributes["wage_ref_cents"]) / 100.0
        self.spell_weeks = int(attributes["spell_weeks"])
        self.since, self.true_fit = -self.spell_weeks, 1.0  # of the present post
        self.post: Post | None = None
        self.last_firm: FirmAgent | None = None
        self.benefit_weeks = self.weary = 0
        self.gave_up = False
        self._taste: dict[str, float] = {}
        self.missed_recent = 0
        self.utility_now = self.logsum_now = -INF  # of the post held, at the week's search
        self.searched = self.declined_transport = self.hired_this_week = False
        self.applications: list[Application] = []
        self.tours: list[Tour] = []
        self.considered = -1  # week in which she last ranked services
        self.ranking: dict[tuple[int, int], list[str]] = {}  # by window and weekday
        self.worked_at: Post | None = None  # in the last week travelled
        self.shocked = False
        self.barred: set[tuple[int, str]] = set()  # slots and services that refused her this week
        household.members.append(self)

    @property
    def services(self) -> list[str | None]:
        """Service by slot of the week: None where off, "missed" where the shift was missed."""
        out: list[str | None] = [None] * 14
        for tour in self.tours:
            out[tour.slot] = tour.offer.service if tour.offer is not None else MISSED
        return out

    @property
    def missed(self) -> int:
        """Shifts missed this week."""
        return sum(tour.offer is None for tour in self.tours)

    @property
    def late(self) -> int:
        """Tours of this week that arrived late."""
        return sum(tour.late for tour in self.tours)

    # travel

    def may_drive(self) -> bool:
        """A licence counts from 18 years."""
        return self.licence and self.age_weeks >= 18 * 52

    def may_use(self, service: str) -> bool:
        """Whether she has what the service asks for."""
        if service == "car":
            return self.may_drive() and self.household.cars > 0
        return self.bike if service == "bike" else True

    def car_km(self) -> float:
        """Kilometres by car of a tour to the first window of the post held."""
        assert self.post is not None
        first = next(w for week in self.model.rotation(self.post.shift) for w in week if w >= 0)
        return self.model.offers.car_km(self.place, self.post.firm.site, first)

    def systematic(self, offer: Offer, on_top: float = 0.0) -> float:
        """V of an offer, EUR a tour; `on_top` are felt minutes expected beyond those quoted."""
        p, s, minute = self.model.p, offer.service, self.minute_eur()
        felt = offer.felt_min(p) + on_top
        being_late = p["commute.late_eur"] + minute * p["commute.late_weight"] * p["commute.late_min"]
        return (
            p[f"{s}.asc_eur"]
            - minute * felt
            - offer.eur
            - being_late * self.model.expected_late[s, self.commune]
            - p["commute.fail_eur"] * offer.fail
        )

    def minute_eur(self) -> float:
        """Value of time of her groups, EUR a minute."""
        p = self.model.p
        ratio = p[f"commute.vot_quintile_{self.quintile}"]
        ratio *= p["commute.vot_women"] if self.sex == 1 else 1.0
        ratio *= p["commute.vot_young_child"] if self.household.under_six > 0 else 1.0
        return p["commute.vot_eur_h"] / 60.0 * ratio

    def taste(self, service: str) -> float:
        """The constant part of the error: the service's own and its nest's, EUR."""
        if service not in self._taste:
            a, scale, draws = (
                self.model.taste_alpha,
                self.model.p["commute.choice_scale_eur"],
                self.model.draws,
            )
            nest = self.model.nests[service]
            held = max(self.model.p[f"nest.{nest}"], a)
            own = draws.log_stable(Purpose.TASTE, 0, self.worker_id, service_id(service), a / held)
            shared = draws.log_stable(Purpose.TASTE_NEST, 0, self.worker_id, service_id(nest), held)
            self._taste[service] = scale * (a * own + held * shared)
        return self._taste[service]

    def spread(self, nest: str) -> float:
        """Dissimilarity of the week's errors within a nest."""
        return min(1.0, self.model.p[f"nest.{nest}"] / self.model.taste_alpha)

    def tour_utility(self, offer: Offer, on_top: float) -> float:
        """U of an offer, with the errors of the week in which she last considered."""
        a, scale, week = self.model.taste_alpha, self.model.p["commute.choice_scale_eur"], self.considered
        draws, nest = self.model.draws, self.model.nests[offer.service]
        rho = self.spread(nest)
        weekly = draws.gumbel(Purpose.WEEKLY_TASTE, week, self.worker_id, service_id(offer.service))
        shared = draws.log_stable(Purpose.WEEKLY_NEST, week, self.worker_id, service_id(nest), rho)
        return (
            self.systematic(offer, on_top) + self.taste(offer.service) + scale * a * rho * (weekly + shared)
        )

    def _logsum(self, offers: list[Offer], window: int, day: int) -> float:
        unit = self.model.p["commute.choice_scale_eur"] * self.model.taste_alpha
        nests: dict[str, list[float]] = {}
        for o in offers:
            value = self.systematic(o, self.on_top(o, window, day)) + self.taste(o.service)
            nests.setdefault(self.model.nests[o.service], []).append(value)
        return log_sum([log_sum(values, unit * self.spread(n)) for n, values in nests.items()], unit)

    def tour_logsum(self, post: Post, window: int, day: int) -> float:
        """LS of one tour, with the chance of having a car, EUR."""
        usable = [
            o
            for o in self.model.offers_at(self.place, post.firm, window, day).values()
            if self.may_use(o.service)
        ]
        without = self._logsum([o for o in usable if o.service != "car"], window, day)
        if not any(o.service == "car" for o in usable):
            return without
        chance = min(1.0, self.household.cars / self.household.drivers())
        with_car = self._logsum(usable, window, day)
        if chance == 1.0:
            return with_car
        if without == -INF:
            without = with_car - self.model.p["commute.no_car_eur"]
        return chance * with_car + (1.0 - chance) * without

    def month_logsum(self, post: Post) -> float:
        """LS of a post, EUR a month; -inf where some tour has no service."""
        weeks = self.model.rotation(post.shift)
        total = sum(
            self.tour_logsum(post, window, slot // 2)
            for windows in weeks
            for slot, window in enumerate(windows)
            if window >= 0
        )
        return total / len(weeks) * MONTH

    def on_top(self, offer: Offer, window: int, day: int) -> float:
        """Felt minutes expected of an offer beyond those quoted."""
        shared = self.model.shared.get(offer.service)
        return 0.0 if shared is None else shared.on_top(self.place, window, day)

    def reconsider(self) -> None:
        """Rank services anew by luck or after a shock."""
        week = self.model.week
        luck = self.model.draws.uniform(Purpose.RECONSIDER, week, self.worker_id, 0)
        if (
            luck < self.model.p["experience.reconsider"]
            or self.post is not self.worked_at
            or self.shocked
            or self.considered < 0
        ):
            self.considered = week
            if self.post is not None:
                self._rank(self.post)

    def _rank(self, post: Post) -> None:
        self.ranking = {}
        for windows in self.model.rotation(post.shift):
            for slot, window in enumerate(windows):
                if window < 0:
                    continue
                day = slot // 2
                offers = self.model.offers_at(self.place, post.firm, window, day)
                worth = [
                    (-self.tour_utility(o, self.on_top(o, window, day)), service_id(o.service), o.service)
                    for o in offers.values()
                    if self.may_use(o.service)
                ]
                self.ranking[window, day] = [name for *_, name in sorted(worth)]

    def rotation_week(self) -> int:
        """Week of the rotation that she works."""
        assert self.post is not None
        return (self.model.week + self.post.team) % len(self.model.rotation(self.post.shift))

    def tour_of(self, slot: int) -> Tour | None:
        """This week's tour of a slot."""
        return next((t for t in self.tours if t.slot == slot), None)

    def offers_of(self, slot: int, window: int) -> dict[str, Offer]:
        """Offers for a slot of this week."""
        assert self.post is not None
        return self.model.offers_at(self.place, self.post.firm, window, slot // 2)

    def travel(self) -> None:
        """Walk through the week's slots and choose a service for each."""
        assert self.post is not None
        self.tours = []
        for slot, window in enumerate(self.model.windows(self.post)):
            if window >= 0:
                self.tours.append(self._tour(slot, window))

    def _tour(self, slot: int, window: int) -> Tour:
        model = self.model
        assert self.post is not None
        day = slot // 2
        start = 1440 * day + int(model.catalogue.window_start_min[window])
        end = 1440 * day + int(model.catalogue.window_end_min[window])
        offers = self.offers_of(slot, window)
        ranked = [offers[name] for name in self.ranking[window, day] if name in offers]
        available = [
            o
            for o in ranked
            if (slot, o.service) not in self.barred
            and (o.service != "car" or self.household.car_is_free(start - o.out_min, end + o.back_min))
        ]
        if not available:
            return Tour(slot, window, None, False)
        choice, late = available[0], False
        x = model.draws.uniform(Purpose.INCIDENT, model.week, self.worker_id, slot * 16)
        if x < choice.fail:
            if len(available) == 1:
                return Tour(slot, window, None, False)
            choice, late = available[1], True
        elif x < choice.fail + choice.late + choice.more_late:
            late = True
        if choice.service == "car":
            self.household.out.append((start - choice.out_min, end + choice.back_min))
        return Tour(slot, window, choice, late)

    # labour

    def take(self, post: Post) -> None:
        """Start in a post at once, leaving the present one open."""
        if self.post is not None:
            self.model.ends.append((self.worker_id, self.post.post_id, "better_offer"))
            self.post.leave()
        if self.status != Status.EMPLOYED:
            self.status, self.spell_weeks = int(Status.EMPLOYED), 0
        self.missed_recent = 0
        self.post, post.holder, self.since = post, self, self.model.week
        self.hired_this_week = True

    def may_see(self, post: Post) -> bool:
        """Apprentices see apprenticeships only; the others see all else."""
        return self.apprentice == (post.contract == Contract.APPRENTICESHIP)
