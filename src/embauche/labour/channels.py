"""Channels of search: which vacancies each shows, to whom, and how far.

Lives here: Channels, rings of vacancies by channel, a searcher's looks. Not here: what she makes of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.channels import Channel
from embauche.core.draws import Purpose, pair_uniforms, uniforms
from embauche.core.parallel import run_blocks
from embauche.core.parameters import Parameters
from embauche.core.scenario_channels import Channels as Asked
from embauche.kernels import search as k
from embauche.labour.platforms import Platforms
from embauche.population.population import Population
from embauche.population.schemas import SKILLS, Contract, SizeClass, Status

if TYPE_CHECKING:
    from embauche.labour.world import World
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
LAST_FIRM = "search.last_firm"
YOUNG_WEEKS = 26 * 52
HIDDEN = 15  # alternative of the draw of whether an opening is advertised
RINGS = 2 * len(SKILLS)  # by trade, ordinary posts first, then apprenticeships
OWN, FRANCE_TRAVAIL, AGENCY, SCHOOL, ANY = (RINGS * i for i in range(5))
PLATFORM = ANY + 2
BY_TRADE = ((Channel.SCHOOL, SCHOOL), (Channel.AGENCY, AGENCY), (Channel.FRANCE_TRAVAIL, FRANCE_TRAVAIL))


@dataclass(frozen=True)
class Channels:
    """What the channels are made of.

    Attributes:
        platforms: local platforms.
        neighbour: int32 [person] rows by commune, and by id in it; neighbour_ptr int64 [commune + 1].
        hidden, france_travail: float64 [size class] shares of vacancies not advertised, at France Travail.
        off: channels that tell nobody of anything.
        decay_min: float64 [channel] car minutes after which it tells e times less, inf where it has an area.
    """

    platforms: Platforms
    neighbour: Array
    neighbour_ptr: Array
    hidden: Array
    france_travail: Array
    decay_min: Array
    off: tuple[Channel, ...]

    @classmethod
    def make(cls, territory: Territory, population: Population, p: Parameters, asked: Asked) -> Channels:
        """The channels of today, and what a scenario changes of them."""
        persons, n = population.persons, len(territory.communes)
        ptr = np.zeros(n + 1, np.int64)
        np.cumsum(np.bincount(persons.commune, minlength=n), out=ptr[1:])
        sizes = [size.name.lower() for size in SizeClass]
        decay = np.full(len(Channel), np.inf)
        if p["search.decay_on"] > 0:
            decay[Channel.OWN] = p["search.decay_min"]
            for channel in (Channel.FRANCE_TRAVAIL, Channel.AGENCY, Channel.SCHOOL):
                decay[channel] = p[f"channels.{channel.name.lower()}_decay_min"]
        return cls(
            Platforms.today(territory.communes, p).opened(asked.platforms, territory.communes),
            np.lexsort((persons.worker_id, persons.commune)).astype(np.int32), ptr,
            np.array([p[f"channels.hidden_{size}"] for size in sizes]),
            np.array([p[f"channels.france_travail_{size}"] for size in sizes]),
            decay,
            tuple(Channel[name.upper()] for name in asked.off),
        )  # fmt: skip


@dataclass(frozen=True)
class Rings:
    """Vacancies on rings: those of ring g are ptr[g]:ptr[g + 1], by position.

    Attributes:
        ptr: int64 [ring + 1].
        position: uint64 [entry].
        post: int32 [entry] rows.
    """

    ptr: Array
    position: Array
    post: Array

    @classmethod
    def of(cls, model: World, vacancy: Array, reached: Array) -> Rings:
        """The rings of a week; vacancy are rows of posts, reached bool [platform, commune]."""
        s, posts, firms, p = model.state, model.population.posts, model.population.firms, model.parameters
        position, post_id = np.empty(len(vacancy), np.uint64), posts.post_id[vacancy]
        week = int(s.week[0])
        k.ring_positions(model.seed, int(Purpose.RING), week, post_id, s.opening[vacancy], position)
        order = np.lexsort((post_id, position))
        v, position = vacancy[order], position[order]
        opening, firm = s.opening[v].astype(np.int64), posts.firm[v].astype(np.int64)

        def luck(alternative: int) -> Array:
            return pair_uniforms(model.seed, Purpose.SHOWN, 0, posts.post_id[v], 16 * opening + alternative)

        c, size = model.channels, firms.size_class[firm]
        contract = model.post_contract[v]
        training = contract == Contract.APPRENTICESHIP
        known = (luck(HIDDEN) >= c.hidden[size]) | (s.weeks_open[v] >= p["retry.advertise_weeks"])
        agency = np.where(contract == Contract.CDD, p["channels.agency_cdd"], contract == Contract.AGENCY)
        school = np.where(training, p["channels.school_apprenticeships"], p["channels.school_posts"])
        trade = posts.skill[v].astype(np.int64) + len(SKILLS) * training
        n, everything = len(reached), np.arange(len(v))
        parts = [
            (trade + OWN, known),
            (trade + FRANCE_TRAVAIL, known & (luck(Channel.FRANCE_TRAVAIL) < c.france_travail[size])),
            (trade + AGENCY, known & (luck(Channel.AGENCY) < agency)),
            (trade + SCHOOL, known & (luck(Channel.SCHOOL) < school)),
            (ANY + training, known),
            (PLATFORM + 2 * n + 2 * firm + training, luck(Channel.COLLEAGUES) < p["channels.word_share"]),
        ]
        at, commune = luck(Channel.PLATFORM), firms.commune[firm]
        parts += [
            (PLATFORM + 2 * i + training, reached[i, commune] & (at < c.platforms.share[i])) for i in range(n)
        ]
        group = np.concatenate([g[shown] for g, shown in parts]).astype(np.int32)
        row = np.concatenate([everything[shown] for _, shown in parts])
        row = row[np.argsort(group, kind="stable")]
        group.sort(kind="stable")
        ptr = np.searchsorted(group, np.arange(PLATFORM + 2 * n + 2 * len(firms) + 1)).astype(np.int64)
        return cls(ptr, position[row], v[row])


def remember(model: World) -> Array:
    """The firm where each person works or worked last, int32 [person] row, -1 none; kept in the state."""
    s, posts = model.state, model.population.posts
    if LAST_FIRM not in s.kept:
        s.kept[LAST_FIRM] = np.full(len(s.worker_id), -1, np.int32)
    last = s.kept[LAST_FIRM]
    last[s.age_weeks == 15 * 52] = -1
    held = np.flatnonzero(s.post >= 0)
    last[held] = posts.firm[s.post[held]]
    return last


def _groups(model: World, searcher: Array, served: Array) -> tuple[Array, Array]:
    """Ring of each look, int32 [searcher, look], -1 none, and the channel of each look, int8 [look]."""
    s, p, population = model.state, model.parameters, model.population
    ids, idle = s.worker_id[searcher], s.status[searcher] == Status.UNEMPLOYED
    apprentice = s.apprentice[searcher].astype(np.int64)
    trade = s.skill[searcher].astype(np.int64) + len(SKILLS) * apprentice
    commune = population.persons.commune[searcher]
    platforms, n = model.channels.platforms, len(model.channels.platforms.users)
    firm_ring = PLATFORM + 2 * n

    def uses(channel: Channel, share: Array | float) -> Array:
        luck = uniforms(model.seed, Purpose.MEMBER, 0, ids, int(channel))
        return np.asarray(luck < share)

    columns: list[tuple[Channel, Array]] = []

    def add(channel: Channel, name: str, ring: Array) -> None:
        columns.extend((channel, ring) for _ in range(int(p[f"channels.{name}_looks"])))

    first, count = model.channels.neighbour_ptr[commune], np.diff(model.channels.neighbour_ptr)[commune]
    for j in range(int(p["channels.neighbours_looks"])):
        luck = uniforms(model.seed, Purpose.NEIGHBOUR, int(s.week[0]), ids, j)
        met = model.channels.neighbour[first + (luck * count).astype(np.int64)]
        job = s.post[met]
        tells = (job >= 0) & (met != searcher)
        ring = np.where(tells, firm_ring + 2 * population.posts.firm[job] + apprentice, -1)
        columns.append((Channel.NEIGHBOURS, ring))
    last = remember(model)[searcher]
    add(Channel.COLLEAGUES, "colleagues", np.where(last >= 0, firm_ring + 2 * last + apprentice, -1))
    mine = served[commune]
    followed = np.append(platforms.users, 0.0)[mine] if n else np.zeros(len(searcher))
    member = idle & (mine >= 0) & uses(Channel.PLATFORM, followed)
    add(Channel.PLATFORM, "platform", np.where(member, PLATFORM + 2 * mine + apprentice, -1))
    young = idle & (s.age_weeks[searcher] < YOUNG_WEEKS) | s.apprentice[searcher]
    share = np.where(idle, p["channels.france_travail_users"], p["channels.france_travail_users_employed"])
    users = {
        Channel.SCHOOL: young & uses(Channel.SCHOOL, p["channels.school_users"]),
        Channel.AGENCY: idle & uses(Channel.AGENCY, p["channels.agency_users"]),
        Channel.FRANCE_TRAVAIL: uses(Channel.FRANCE_TRAVAIL, share),
    }
    for channel, rings in BY_TRADE:
        add(channel, channel.name.lower(), np.where(users[channel], trade + rings, -1))
    add(Channel.OWN, "own", trade + OWN)
    add(Channel.OWN, "any", ANY + apprentice)
    out = np.full((len(searcher), max(1, len(columns))), -1, np.int32)
    for j, (channel, ring) in enumerate(columns):
        out[:, j] = -1 if channel in model.channels.off else ring
    return out, np.array([channel for channel, _ in columns], np.int8)


def looks(model: World, searcher: Array, vacancy: Array) -> tuple[Array, Array]:
    """What searchers look at: posts int32 [searcher, look], -1 for none, and the channel of each look."""
    served, reached = model.channels.platforms.at(int(model.state.week[0]) - model.first_week)
    rings = Rings.of(model, vacancy, reached)
    group, channel = _groups(model, searcher, served)
    out = np.empty_like(group)
    run_blocks(
        k.look, len(searcher), model.seed, int(Purpose.LOOK), int(model.state.week[0]),
        model.state.worker_id[searcher], group, rings.ptr, rings.position, rings.post, out,
    )  # fmt: skip
    return out, channel


def seen(model: World, person: Array, post: Array, channel: Array) -> Array:
    """Whether each look (a person's row, a post's row, a channel) tells of the post, bool [look]."""
    s, net = model.state, model.network
    place, site = model.place[person], model.post_site[post]
    decay = model.channels.decay_min[channel]
    out = np.ones(len(person), bool)
    near = np.flatnonzero(~net.outside_place[place] & np.isfinite(decay))
    seconds, _ = net.roads.ways("car", place[near], site[near])
    minutes = seconds.astype(np.float64) / 60.0
    minutes *= np.where(net.outside_site[site[near]], model.parameters["search.pole_share"], 1.0)
    found = np.empty(len(near), bool)
    run_blocks(
        k.really_seen, len(near), model.seed, int(Purpose.SEEN), int(s.week[0]), s.worker_id[person[near]],
        model.population.posts.post_id[post[near]], minutes, decay[near], found,
    )  # fmt: skip
    out[near] = found
    return out
