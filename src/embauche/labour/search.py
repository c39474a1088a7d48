"""Search: who looks this week, which vacancies they see, where they apply.

Lives here: the week's search over columns. Not here: kernels, hiring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.core.parallel import run_blocks
from embauche.kernels import search as k
from embauche.labour.channels import looks, seen
from embauche.labour.hr import ADVERTISED
from embauche.labour.values import but_travel, pair_logsums, reservation
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]


@dataclass
class Applications:
    """What came out of a week's search.

    Attributes:
        searched: bool [person].
        declined: bool [person] a post seen was refused for the way there alone.
        person, post: int32 [application] rows.
        utility: float64 [application].
        channel: int8 [application] what told her of the post (core.channels.Channel).
        vacancy: int32 [vacancy] rows of the posts open this week, by post id.
        opening, weeks_open, wage_cents: int32 [vacancy] as they stood in the search.
    """

    searched: Array
    declined: Array
    person: Array
    post: Array
    utility: Array
    channel: Array
    vacancy: Array
    opening: Array
    weeks_open: Array
    wage_cents: Array


def _who(model: World, utility: Array) -> Array:
    """Whether each person searches this week, bool [person]; utility is that of the present post."""
    s, p = model.state, model.parameters
    rate = np.zeros(len(s.worker_id))
    idle = s.status == Status.UNEMPLOYED
    rate[idle] = p["search.intensity"] * np.exp(-s.spell[idle] / p["search.fade_weeks"]) + p["search.floor"]
    held = s.status == Status.EMPLOYED
    strain = s.wage_ref_cents[held] / 100.0 * p["search.reservation_floor"] - utility[held]
    rate[held] = p["search.on_the_job"] * np.exp(np.clip(strain / p["search.stress_eur"], -2.0, 2.0))
    return uniforms(model.seed, Purpose.SEARCH, int(s.week[0]), s.worker_id) < rate


def _told(model: World, searcher: Array, vacancy: Array) -> tuple[Array, Array, Array]:
    """Vacancies told to searchers, each once, by searcher: her number, the post's row, the first channel."""
    looked, channels = looks(model, searcher, vacancy)
    row, column = np.nonzero(looked >= 0)
    post, channel = looked[row, column], channels[column]
    tells = np.flatnonzero(seen(model, searcher[row], post, channel))
    pair = row[tells] * len(model.population.posts) + post[tells]
    first = tells[np.unique(pair, return_index=True)[1]]  # looks are in the order of channels
    return row[first], post[first], channel[first]


def search(model: World, utility: Array) -> Applications:
    """One week's search.

    Args:
        model: the model.
        utility: float64 [person] utility of the present post, -inf where none.
    """
    s, posts, p = model.state, model.population.posts, model.parameters
    searched = _who(model, utility)
    searcher = np.flatnonzero(searched)
    vacancy = np.flatnonzero(s.active & (s.holder < 0)).astype(np.int32)
    row, post, channel = _told(model, searcher, vacancy[s.kept[ADVERTISED][vacancy]])
    person = searcher[row]
    ptr = np.zeros(len(searcher) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(searcher)), out=ptr[1:])
    rest, logsum = but_travel(model, person, post), pair_logsums(model, person, post)
    best = np.full((len(searcher), int(p["search.applications"])), -1)
    refused = np.full(len(searcher), -1)
    run_blocks(
        k.choose_applications, len(searcher), ptr, post, rest, logsum,
        reservation(model, searcher, utility), posts.post_id, best, refused,
    )  # fmt: skip
    sent = best[best >= 0]
    declined = np.zeros(len(s.worker_id), bool)
    declined[searcher[refused >= 0]] = True
    return Applications(
        searched,
        declined,
        person[sent].astype(np.int32),
        post[sent],
        (rest + logsum)[sent],
        channel[sent],
        vacancy,
        s.opening[vacancy],
        s.weeks_open[vacancy],
        s.wage_cents[vacancy],
    )
