"""Demand of sectors and firms, firms that close and open, and how many posts open in a sector.

Lives here: Economy, its step, the rates of a week. Not here: who loses a job (ends, separations).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.labour.state import State
from embauche.labour.world import World
from embauche.population.schemas import SECTORS, Contract, SizeClass

Array = np.ndarray[Any, Any]
OPEN, CLOSED_FOR_NOW, CLOSED_FOR_GOOD = 0, 1, 2
SECTOR_ID = tuple(stable_id(name) for name in SECTORS)
WHOLE = 1 << 20  # weights are summed as whole numbers of this part, so that no order of rows matters


@dataclass(frozen=True)
class Economy:
    """Views of what the state keeps of the economy; change them in place.

    Attributes:
        sector, firm: float64 [sector], [firm] demand, standard normal in the mean.
        closed: int8 [firm] OPEN, CLOSED_FOR_NOW or CLOSED_FOR_GOOD.
        closed_at: int32 [person] week in which her firm closed under her, -1 never.
        wanted: float64 [sector] posts that a sector has in the mean.
        before: float64 [sector] its posts at the end of the week before.
        loss: float64 [sector] posts that it loses in a week, smoothed.
        known: int8 [post] 1 for posts that the economy opens and destroys, 0 for those a scenario adds.
    """

    sector: Array
    firm: Array
    closed: Array
    closed_at: Array
    wanted: Array
    before: Array
    loss: Array
    known: Array

    @classmethod
    def of(cls, state: State) -> Economy:
        """The views of a state for which `start_economy` was called."""
        names = ("sector", "firm", "closed", "closed_at", "wanted", "before", "loss", "known@post")
        return cls(*(state.kept[f"economy.{name}"] for name in names))

    def forgo(self, model: World, posts: Array) -> None:
        """Posts (rows) that are about to go are not wanted any more: nothing makes up for them."""
        count = _by_sector(groups(model), posts)
        self.wanted[:] = np.maximum(self.wanted - count, 0.0)
        self.before[:] = np.maximum(self.before - count, 0.0)


def groups(model: World) -> Array:
    """Sector of each post that the economy opens and destroys, -1 for the others. int64 [post].

    Others are those of external zones (traits.creation), those that a scenario adds, and apprenticeships
    where there are training centres.
    """
    posts, firms = model.population.posts, model.population.firms
    other = firms.external[posts.firm] | (model.state.kept["economy.known@post"] == 0)
    if has_centres(model):
        other = other | (posts.contract == Contract.APPRENTICESHIP)
    return np.where(other, -1, firms.sector[posts.firm].astype(np.int64))


def has_centres(model: World) -> bool:
    """Whether apprentices need a training centre: their posts and breaks are then labour.apprentices'."""
    centres = getattr(model.population, "centres", None)
    return centres is not None and len(centres) > 0


def start_economy(model: World, own: int) -> None:
    """Put the economy into the state: at the start, and for firms that a scenario has added since.

    Args:
        model: the model.
        own: posts of the population without those that a scenario adds after them.
    """
    s, p, firms = model.state, model.parameters, model.population.firms
    if "economy.sector" in s.kept:
        known, n = len(s.kept["economy.firm"]), len(firms)
        if n > known:
            more = _normals(model, Purpose.FIRM_DEMAND, -1, firms.firm_id[known:])
            s.kept["economy.firm"] = np.concatenate([s.kept["economy.firm"], more])
            s.kept["economy.closed"] = np.concatenate(
                [s.kept["economy.closed"], np.zeros(n - known, np.int8)]
            )
        return
    s.kept["economy.sector"] = _sector_normals(model, -1)
    s.kept["economy.firm"] = _normals(model, Purpose.FIRM_DEMAND, -1, firms.firm_id)
    s.kept["economy.closed"] = np.zeros(len(firms), np.int8)
    s.kept["economy.closed_at"] = np.full(len(s.worker_id), -1, np.int32)
    s.kept["economy.known@post"] = (np.arange(len(s.active)) < own).astype(np.int8)
    count = _by_sector(groups(model), s.active)
    s.kept["economy.wanted"], s.kept["economy.before"] = count.copy(), count.copy()
    s.kept["economy.loss"] = count * p["posts.destruction"]


def demand_step(model: World) -> Array:
    """Demand moves by a week; others take the place of some firms that closed.

    Returns:
        rows of firms that close this week.
    """
    s, p, firms = model.state, model.parameters, model.population.firms
    e, week = Economy.of(s), int(s.week[0])
    e.closed_at[s.age_weeks == 15 * 52] = -1
    keep = p["economy.sector_memory"]
    e.sector[:] = keep * e.sector + (1.0 - keep * keep) ** 0.5 * _sector_normals(model, week)
    keep = p["economy.firm_memory"]
    shock = _normals(model, Purpose.FIRM_DEMAND, week, firms.firm_id)
    e.firm[:] = keep * e.firm + (1.0 - keep * keep) ** 0.5 * shock
    rate = np.array([p[f"firms.close_{size.name.lower()}"] for size in SizeClass])[firms.size_class]
    may = (e.closed == OPEN) & ~firms.external
    closes = may & (uniforms(model.seed, Purpose.FIRM_CLOSED, week, firms.firm_id) < rate)
    empty = np.flatnonzero(e.closed == CLOSED_FOR_NOW)
    x = uniforms(model.seed, Purpose.FIRM_OPENED, week, firms.firm_id[empty])
    opened = empty[x < p["firms.take_over"]]
    e.closed[opened] = OPEN
    e.firm[opened] = p["firms.new_demand"]
    return np.flatnonzero(closes)


@dataclass(frozen=True)
class Rates:
    """What the economy does to posts this week.

    Attributes:
        destruction: float64 [post] chance that it disappears.
        not_replaced: float64 [post] chance that it is not filled again once left.
        opens: bool [post] inactive slots that open.
    """

    destruction: Array
    not_replaced: Array
    opens: Array


def week_rates(model: World) -> Rates:
    """Rates of this week: docs/model.md section 7, from demand as it is now."""
    s, p, t, e = model.state, model.parameters, model.traits, Economy.of(model.state)
    posts, firms, group = model.population.posts, model.population.firms, groups(model)
    inside, external = group >= 0, firms.external[posts.firm]
    sd, of_sector = _spread(model), p["economy.sector_sd"]
    pull = sd * e.firm + of_sector * e.sector[firms.sector] + (sd * sd + of_sector * of_sector) / 2.0
    down = np.exp(-pull)[posts.firm]
    not_replaced = np.minimum(1.0, p["firms.not_replaced"] * np.where(inside, down, 0.0))
    idle = np.flatnonzero(~s.active & (inside | external))
    weight = np.floor(np.exp(sd * e.firm) * WHOLE) * (e.closed == OPEN)
    weight = weight[posts.firm[idle]] * inside[idle]
    total = np.bincount(np.maximum(group[idle], 0), weight, minlength=len(SECTORS))
    named = _named_shocks(model)
    now = _by_sector(group, s.active)
    missing = e.wanted * (1.0 + p["economy.sector_swing"] * e.sector) * named - now
    # what a named shock leaves no demand for goes as fast as new posts would come
    over = np.where(named < 1.0, np.maximum(0.0, -missing) / np.maximum(now, 1.0), 0.0)
    lost = (p["posts.destruction"] + p["economy.catch_up"] * over)[firms.sector[posts.firm]]
    destruction = np.where(inside, np.minimum(1.0, lost * down), p["posts.destruction"] * external)
    flow = np.maximum(0.0, e.loss + p["economy.catch_up"] * missing)
    share = np.divide(flow, total, out=np.zeros(len(SECTORS)), where=total > 0)
    chance = np.where(external[idle], t.external_opening, weight * share[group[idle]])
    opens = np.zeros(len(posts), bool)
    x = uniforms(model.seed, Purpose.POST_CREATED, int(s.week[0]), posts.post_id[idle])
    opens[idle] = x < chance
    return Rates(destruction, not_replaced, opens)


def _named_shocks(model: World) -> Array:
    """Posts wanted in each sector over those without the scenario's shocks, float64 [sector]."""
    week = int(model.state.week[0]) - model.first_week
    return np.array([model.settings.demand.posts_share(name, week) for name in SECTORS])


def count_posts(model: World, opened: Array) -> None:
    """After the week's separations: how many posts each sector has and has lost; `opened` bool [post]."""
    s, e, group = model.state, Economy.of(model.state), groups(model)
    now = _by_sector(group, s.active)
    loss = e.before - now + _by_sector(group, opened)
    # what a named shock destroys is no loss to make up for
    calm = _named_shocks(model) >= 1.0
    e.loss[:] += calm * model.parameters["economy.smoothing"] * (np.maximum(loss, 0.0) - e.loss)
    e.before[:] = now


def _spread(model: World) -> Array:
    """Spread of each firm's demand in log points of closing and opening posts, float64 [firm]."""
    p = model.parameters
    by_size = np.array([p[f"economy.firm_sd_{size.name.lower()}"] for size in SizeClass])
    return np.asarray(by_size[model.population.firms.size_class])


def _by_sector(group: Array, mine: Array) -> Array:
    """Posts of each sector among `mine` (bool or rows [post]), float64 [sector]."""
    return np.bincount(group[mine] + 1, minlength=len(SECTORS) + 1)[1:].astype(np.float64)


def _sector_normals(model: World, week: int) -> Array:
    return _normals(model, Purpose.SECTOR_DEMAND, week, np.array(SECTOR_ID, np.int64))


def _normals(model: World, purpose: Purpose, week: int, ids: Array) -> Array:
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(model.seed, purpose, week + 1, ids)))
