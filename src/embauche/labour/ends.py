"""Ends of jobs outside the week's hazards, posts that go, firms that close.

Lives here: step, end_jobs, open_posts, remove_posts, close_firm. Not here: the week's own separations
(separations), demand (economy).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.causes import Cause
from embauche.core.draws import Purpose, uniforms
from embauche.labour.economy import CLOSED_FOR_GOOD, CLOSED_FOR_NOW, Economy, demand_step
from embauche.labour.world import World
from embauche.population.schemas import Contract, Status

Array = np.ndarray[Any, Any]


def step(model: World) -> None:
    """The week of firms begins: demand moves, some close, others take the place of those that did."""
    closing = demand_step(model)
    if len(closing):
        close_firm(model, closing, for_good=False)


def end_jobs(model: World, people: Array, cause: Cause, *, reopen: bool = True) -> None:
    """End the jobs of these people (rows) now: they are unemployed from here on.

    Args:
        model: the model.
        people: rows of persons; who holds no post is left out.
        cause: written to the table of ends.
        reopen: whether the employer fills the posts again; else they become inactive.
    """
    s = model.state
    people = people[s.post[people] >= 0]
    posts = s.post[people]
    week = int(s.week[0])
    model.ends.add(s.worker_id[people], posts, np.full(len(people), int(cause)), week - s.since[people])
    s.post[people], s.holder[posts] = -1, -1
    s.status[people], s.spell[people], s.missed_quarters[people] = Status.UNEMPLOYED, 0, 0
    if reopen:
        open_posts(model, posts)
    else:
        s.active[posts], s.weeks_open[posts] = False, 0


def open_posts(model: World, posts: Array) -> None:
    """Open posts (rows) as new openings, at the wage and contract of the grid."""
    s, table = model.state, model.population.posts
    s.active[posts], s.weeks_open[posts] = True, 0
    s.opening[posts] += 1
    s.wage_cents[posts] = model.grid_cents[posts]
    grid = table.contract[posts]
    x = np.empty(len(posts))
    for opening in np.unique(s.opening[posts]):
        mine = s.opening[posts] == opening
        x[mine] = uniforms(model.seed, Purpose.OFFERED_AS, 0, table.post_id[posts[mine]], int(opening))
    sector = model.population.firms.sector[table.firm[posts]]
    cdd, agency = model.traits.offered_cdd[sector], model.traits.offered_agency[sector]
    begun = np.where(x < cdd, Contract.CDD, np.where(x < cdd + agency, Contract.AGENCY, Contract.CDI))
    model.post_contract[posts] = np.where(grid == Contract.CDI, begun, grid)


def remove_posts(model: World, posts: Array, cause: Cause = Cause.DESTROYED) -> None:
    """Posts (rows), filled or vacant, disappear; the sector does not make up for them."""
    s = model.state
    gone = posts[s.active[posts]]
    held = gone[s.holder[gone] >= 0]
    Economy.of(s).forgo(model, gone)
    end_jobs(model, s.holder[held], cause, reopen=False)
    s.active[gone], s.weeks_open[gone] = False, 0


def close_firm(model: World, firms: Array, cause: Cause = Cause.CLOSED, *, for_good: bool = True) -> None:
    """Close firms (rows): all posts go, and who held one knows why (`economy.closed_at`).

    Args:
        model: the model.
        firms: rows of firms.
        cause: written to the table of ends.
        for_good: nobody takes the place, and the sector's posts are fewer by these; else another firm may
            come, and the sector's other firms make up for them.
    """
    s, economy = model.state, Economy.of(model.state)
    closing = np.zeros(len(model.population.firms), bool)
    closing[firms] = True
    posts = np.flatnonzero(closing[model.population.posts.firm] & s.active)
    people = s.holder[posts]
    people = people[people >= 0]
    if for_good:
        remove_posts(model, posts, cause)
    else:
        end_jobs(model, people, cause, reopen=False)
        s.active[posts], s.weeks_open[posts] = False, 0
    economy.closed_at[people] = s.week[0]
    economy.closed[firms] = CLOSED_FOR_GOOD if for_good else CLOSED_FOR_NOW
