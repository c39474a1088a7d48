"""Search of the twin: who looks, which vacancies she sees, where she applies, one plain list after the other.

Lives here: docs/model.md section 3. Not here: what a way is worth (agents), hiring (hiring).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from embauche.core.channels import Channel
from embauche.core.draws import Purpose
from embauche.population.schemas import SECTORS, Contract, SizeClass, Status
from naive.draws import MASK

if TYPE_CHECKING:
    from naive.agents import FirmAgent, Post, Worker
    from naive.model import NaiveBassin

MONTH = 52.0 / 12.0
# Which trades lie near each other, written out: 3 tenths, 5 tenths, else 10.
NEAR = {
    3: "8-9 5-6 2-6 14-15 1-3 16-17 12-13 10-11",
    5: "0-1 1-2 1-4 1-5 2-3 3-4 3-5 2-4 2-5 4-5 2-7 5-7 6-7 4-7 1-9 1-11 10-12 11-12 9-10 9-16 10-16 12-14"
    " 12-15 15-20 16-18 17-18 5-18 10-19 18-19 18-20 19-20 17-19 17-20",
}  # fmt: skip
DISTANCES = {frozenset(map(int, pair.split("-"))): tenths / 10 for tenths, pairs in NEAR.items()
             for pair in pairs.split()}  # fmt: skip


def distance(a: int, b: int) -> float:
    """0 for the same trade, 1 for one with nothing in common."""
    return 0.0 if a == b else DISTANCES.get(frozenset((a, b)), 1.0)


def hours_outside(model: NaiveBassin, shift: int, first: float, last: float) -> float:
    """Hours a week worked at weekends, or before and after these hours of a day."""
    rotation, minutes = model.rotation(shift), 0
    for week in rotation:
        for slot, window in enumerate(week):
            if window < 0:
                continue
            start = int(model.catalogue.window_start_min[window])
            for minute in range(start, int(model.catalogue.window_end_min[window])):
                weekend = (slot // 2 + minute // 1440) % 7 >= 5
                minutes += weekend or not first * 60 <= minute % 1440 < last * 60
    return minutes / 60.0 / len(rotation)


def shift_cost(model: NaiveBassin, shift: int, child: bool) -> float:
    """What a shift's hours cost, EUR a month."""
    p = model.p
    if (shift, child) not in model.shift_costs:
        cost = p["match.atypical_eur_per_h"] * hours_outside(model, shift, 6, 20) * MONTH
        if child:
            closed = hours_outside(model, shift, p["match.childcare_opens_h"], p["match.childcare_closes_h"])
            cost += p["match.childcare_eur_per_h"] * closed * MONTH
        model.shift_costs[shift, child] = cost
    return model.shift_costs[shift, child]


def utility_but_travel(worker: Worker, post: Post) -> float:
    """U of a post without its LS, EUR a month."""
    model, p = worker.model, worker.model.p
    contract = {Contract.CDD: p["match.cdd_eur"], Contract.AGENCY: p["match.agency_eur"]}
    taste = 2.0 * model.draws.uniform(Purpose.SECTOR_TASTE, 0, worker.worker_id, post.firm.sector) - 1.0
    return (
        post.wage_cents / 100.0
        - shift_cost(model, post.shift, worker.household.under_six > 0)
        - p["match.skill_cost_eur"] * distance(worker.skill, post.skill)
        - p["match.level_cost_eur"] * abs(worker.level - post.level)
        - contract.get(Contract(post.contract), 0.0)
        + p["match.taste_eur"] * taste
        + p[f"image.{SECTORS[post.firm.sector]}"]
        + p["match.noise_eur"] * model.draws.gumbel(Purpose.MATCH, 0, worker.worker_id, post.post_id)
    )


def utility(worker: Worker, post: Post) -> float:
    """U of a post, EUR a month."""
    return utility_but_travel(worker, post) + worker.month_logsum(post)


def fallback_eur(worker: Worker) -> float:
    """R of stress and quits."""
    return worker.wage_ref_eur * worker.model.p["search.reservation_floor"]


def reservation(worker: Worker) -> float:
    """R of a searcher."""
    p = worker.model.p
    if worker.status == Status.EMPLOYED:
        return worker.utility_now + p["search.switch_eur"]
    floor = p["search.reservation_floor"]
    falling = p["search.reservation_start"] - p["search.reservation_fall_per_week"] * worker.spell_weeks
    if worker.benefit_weeks > 0:
        return worker.wage_ref_eur * max(floor, falling)
    least = min(p["benefit.rsa_eur"], worker.wage_ref_eur * floor)
    return max(least, worker.wage_ref_eur * min(floor, falling))


def live_on(worker: Worker) -> None:
    """Start of a week: benefit is earned or used up; who is weary may give up, who gave up come back."""
    model, p = worker.model, worker.model.p
    most = int(p["benefit.most_weeks_senior" if worker.age_weeks >= 55 * 52 else "benefit.most_weeks"])
    if model.week == 0:
        left = {Status.EMPLOYED: worker.spell_weeks, Status.UNEMPLOYED: most - worker.spell_weeks}
        worker.benefit_weeks = min(most, max(0, left.get(Status(worker.status), 0)))
    if worker.status == Status.EMPLOYED:
        worker.benefit_weeks = min(worker.benefit_weeks + 1, most)
    elif worker.status == Status.UNEMPLOYED:
        worker.benefit_weeks = max(0, worker.benefit_weeks - 1)
    if worker.age_weeks == 15 * 52:
        worker.benefit_weeks = 0
    if worker.status != Status.UNEMPLOYED:
        worker.weary = 0
    if worker.status != Status.INACTIVE:
        worker.gave_up = False
    if worker.weary > 0 and not worker.apprentice:
        u = model.draws.uniform(Purpose.GIVE_UP, model.week, worker.worker_id, 0)
        if u < p["search.give_up"] * worker.weary / 64:
            worker.status, worker.spell_weeks, worker.gave_up, worker.weary = Status.INACTIVE, 0, True, 0
    elif worker.gave_up:
        u = model.draws.uniform(Purpose.COME_BACK, model.week, worker.worker_id, 0)
        if u < p["search.come_back"]:
            worker.status, worker.spell_weeks, worker.gave_up = Status.UNEMPLOYED, 0, False


def decides_to_search(worker: Worker) -> bool:
    """Look at the present post, then draw whether to search this week."""
    model, p = worker.model, worker.model.p
    if worker.post is not None:
        worker.logsum_now = worker.month_logsum(worker.post)
        worker.utility_now = utility_but_travel(worker, worker.post) + worker.logsum_now
    if worker.status == Status.INACTIVE:
        return False
    u = model.draws.uniform(Purpose.SEARCH, model.week, worker.worker_id, 0)
    if worker.status == Status.EMPLOYED:
        strain = (fallback_eur(worker) - worker.utility_now) / p["search.stress_eur"]
        return u < p["search.on_the_job"] * math.exp(min(2.0, max(-2.0, strain)))
    rate = p["search.intensity"] * math.exp(-worker.spell_weeks / p["search.fade_weeks"]) + p["search.floor"]
    means = fallback_eur(worker)
    if worker.benefit_weeks == 0:
        means = min(means, p["benefit.rsa_eur"])
    rate *= max(0.0, 1.0 - p["search.cost_eur"] * MONTH / means)
    searches = u < rate * math.exp(-p["search.weariness"] * worker.weary / 64)
    worker.weary = worker.weary * 7 // 8 + 8 * searches
    return searches


def luck(model: NaiveBassin, post: Post, alternative: int) -> float:
    """The draw of an opening for a channel."""
    return model.draws.uniform(Purpose.SHOWN, 0, post.post_id, 16 * post.opening + alternative)


def advertised(model: NaiveBassin, post: Post) -> bool:
    """Whether an opening is not hidden."""
    share = model.p[f"channels.hidden_{SizeClass(post.firm.size_class).name.lower()}"]
    return luck(model, post, 15) >= share or post.weeks_open >= model.p["retry.advertise_weeks"]


def uses(worker: Worker, channel: Channel, share: float) -> bool:
    """Whether a person uses a channel, drawn once."""
    return worker.model.draws.uniform(Purpose.MEMBER, 0, worker.worker_id, channel) < share


def towns(model: NaiveBassin) -> list[int]:
    """Communes that have a local platform."""
    p, c = model.p, model.territory.communes
    people = [0 if c.external[i] else int(c.population[i]) for i in range(len(c))]
    found: list[int] = []
    for i in sorted(range(len(c)), key=lambda i: (-people[i], c.code[i])):
        enough = len(found) == int(sum(people) / p["channels.platform_people"] + 0.5)
        if enough or people[i] == 0:
            break
        if all(km(model, i, town) > p["channels.platform_reach_km"] for town in found):
            found.append(i)
    return found


def km(model: NaiveBassin, a: int, b: int) -> float:
    """Kilometres between communes as the crow flies."""
    c = model.territory.communes
    lon1, lat1, lon2, lat2 = (math.radians(x) for x in (c.lon[a], c.lat[a], c.lon[b], c.lat[b]))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.009 * math.asin(math.sqrt(h))


def neighbour_tells(worker: Worker, j: int) -> FirmAgent | None:
    """The firm of the neighbour met, if she has one."""
    model = worker.model
    mine = [w for w in model.by_first_id if w.commune == worker.commune]
    met = mine[int(model.draws.uniform(Purpose.NEIGHBOUR, model.week, worker.worker_id, j) * len(mine))]
    return met.post.firm if met is not worker and met.post is not None else None


def ways_to_hear(worker: Worker) -> list[tuple[Channel, Callable[[Post], bool]]]:
    """Look by look: the channel, and whether it has a vacancy for her."""
    model, p = worker.model, worker.model.p
    idle, young = worker.status == Status.UNEMPLOYED, worker.age_weeks < 26 * 52
    out: list[tuple[Channel, Callable[[Post], bool]]] = []

    def add(channel: Channel, name: str, member: bool, shows: Callable[[Post], bool]) -> None:
        out.extend((channel, shows if member else never) for _ in range(int(p[f"channels.{name}_looks"])))

    def never(post: Post) -> bool:
        return False

    def known(post: Post) -> bool:
        return luck(model, post, Channel.COLLEAGUES) < p["channels.word_share"]

    def of_firm(firm: FirmAgent | None) -> Callable[[Post], bool]:
        return lambda post: post.firm is firm and known(post)

    def of_trade(channel: Channel, share: Callable[[Post], float]) -> Callable[[Post], bool]:
        def shows(post: Post) -> bool:
            mine = post.skill == worker.skill and advertised(model, post)
            return mine and luck(model, post, channel) < share(post)

        return shows

    def at_france_travail(post: Post) -> float:
        return p[f"channels.france_travail_{SizeClass(post.firm.size_class).name.lower()}"]

    def at_school(post: Post) -> float:
        apprenticeship = post.contract == Contract.APPRENTICESHIP
        return p["channels.school_apprenticeships" if apprenticeship else "channels.school_posts"]

    def at_agency(post: Post) -> float:
        return p["channels.agency_cdd"] if post.contract == Contract.CDD else post.contract == Contract.AGENCY

    met = [neighbour_tells(worker, j) for j in range(int(p["channels.neighbours_looks"]))]
    out.extend((Channel.NEIGHBOURS, of_firm(firm)) for firm in met)
    add(Channel.COLLEAGUES, "colleagues", True, of_firm(worker.last_firm))
    near = [t for t in towns(model) if km(model, worker.commune, t) <= p["channels.platform_reach_km"]]
    near = [] if model.territory.communes.external[worker.commune] else near
    town = min(near, key=lambda t: km(model, worker.commune, t), default=None)
    followed = idle and town is not None and uses(worker, Channel.PLATFORM, p["channels.platform_users"])
    add(
        Channel.PLATFORM, "platform", followed,
        lambda post: (
            town is not None and not post.firm.external
            and km(model, post.firm.commune, town) <= p["channels.platform_reach_km"]
            and luck(model, post, Channel.PLATFORM) < p["channels.platform_share"]
        ),
    )  # fmt: skip
    pupil = (worker.apprentice or (idle and young)) and uses(
        worker, Channel.SCHOOL, p["channels.school_users"]
    )
    add(Channel.SCHOOL, "school", pupil, of_trade(Channel.SCHOOL, at_school))
    temp = idle and uses(worker, Channel.AGENCY, p["channels.agency_users"])
    add(Channel.AGENCY, "agency", temp, of_trade(Channel.AGENCY, at_agency))
    share = p["channels.france_travail_users" if idle else "channels.france_travail_users_employed"]
    listed = of_trade(Channel.FRANCE_TRAVAIL, at_france_travail)
    add(Channel.FRANCE_TRAVAIL, "france_travail", uses(worker, Channel.FRANCE_TRAVAIL, share), listed)
    add(Channel.OWN, "own", True, lambda post: post.skill == worker.skill and advertised(model, post))
    add(Channel.OWN, "any", True, lambda post: advertised(model, post))
    return out


def told(worker: Worker) -> dict[int, tuple[Post, Channel]]:
    """Vacancies told to a searcher, by id, with the first channel that told her."""
    model = worker.model
    out: dict[int, tuple[Post, Channel]] = {}
    for j, (channel, shows) in enumerate(ways_to_hear(worker)):
        ring = [x for x in model.advertised if worker.may_see(x) and shows(x)]
        if not ring:
            continue
        look = model.draws.bits(Purpose.LOOK, model.week, worker.worker_id, j)
        post = min(ring, key=lambda x: ((model.ring_at[x.post_id] - look) & MASK, x.post_id))
        if post.post_id not in out and really_seen(worker, post, channel):
            out[post.post_id] = (post, channel)
    return out


def really_seen(worker: Worker, post: Post, channel: Channel) -> bool:
    """Whether a look at a vacancy tells of it."""
    model, p = worker.model, worker.model.p
    decay = {
        Channel.OWN: "search.decay_min",
        Channel.FRANCE_TRAVAIL: "channels.france_travail_decay_min",
        Channel.AGENCY: "channels.agency_decay_min",
        Channel.SCHOOL: "channels.school_decay_min",
    }.get(channel)
    if decay is None or p["search.decay_on"] == 0 or model.offers.outside(worker.place):
        return True
    minutes = model.offers.car_minutes(worker.place, post.firm.site)
    if post.firm.external:
        minutes *= p["search.pole_share"]
    chance = math.exp(-minutes / p[decay])
    return model.draws.uniform(Purpose.SEEN, model.week, worker.worker_id, post.post_id) < chance


def search(model: NaiveBassin) -> None:
    """Everyone looks at her situation; searchers apply."""
    from naive.agents import Application

    model.vacancies = [post for post in model.posts if post.vacant]
    model.ring_at = {
        x.post_id: model.draws.bits(Purpose.RING, model.week, x.post_id, x.opening) for x in model.vacancies
    }
    for post in model.posts:
        post.opened_this_week = False
    for worker in model.workers:
        live_on(worker)
        if worker.post is not None:
            worker.last_firm = worker.post.firm
    for worker in model.workers:
        worker.declined_transport = worker.hired_this_week = False
        worker.applications, worker.tours = [], []
        worker.searched = decides_to_search(worker)
        if not worker.searched:
            continue
        bar, worth = reservation(worker), []
        for post, channel in told(worker).values():
            but_travel = utility_but_travel(worker, post)
            value = but_travel + worker.month_logsum(post)
            if value > bar:
                worth.append(Application(worker, post, value, channel))
            elif but_travel > bar:
                worker.declined_transport = True
        worth.sort(key=lambda a: (-a.utility, a.post.post_id))
        worker.applications = worth[: int(model.p["search.applications"])]
