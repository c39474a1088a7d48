"""Search: who looks this week, which vacancies they see, where they apply.

Lives here: the week's search over columns. Not here: kernels, hiring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.channels import Channel
from embauche.core.parallel import run_blocks
from embauche.kernels import search as k
from embauche.labour import courses, intensity
from embauche.labour.channels import looks, seen
from embauche.labour.hr import ADVERTISED
from embauche.labour.seasons import vacant
from embauche.labour.values import but_travel, pair_logsums
from embauche.labour.world import World

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sample:
    """Looks that fall anywhere, near or far: how distance keeps people from posts is read from them.

    Attributes:
        person, post: int32 [look] rows.
        told, applied: bool [look] whether the look told of the post, and she applied to it.
    """

    person: Array
    post: Array
    told: Array
    applied: Array


@dataclass
class Applications:
    """What came out of a week's search.

    Attributes:
        searched: bool [person].
        declined: bool [person] a post seen was refused for the way there alone.
        person, post: int32 [application] rows.
        utility: float64 [application].
        channel: int8 [application] what told her of the post (core.channels.Channel).
        declined_person, declined_post: int32 [pair] rows of who declined, and of the post that she did.
        sample: looks by oneself at any trade, a fair sample of all that is advertised.
        vacancy: int32 [vacancy] rows of the posts open this week, by post id.
        opening, weeks_open, wage_cents: int32 [vacancy] as they stood in the search.
    """

    searched: Array
    declined: Array
    person: Array
    post: Array
    utility: Array
    channel: Array
    declined_person: Array
    declined_post: Array
    sample: Sample
    vacancy: Array
    opening: Array
    weeks_open: Array
    wage_cents: Array


def _told(
    model: World, searcher: Array, searched: Array, vacancy: Array, shown: tuple[Array, Array]
) -> tuple[Array, Array, Array, Sample]:
    """Vacancies told to people, each once, by person: her number, the post, the first channel; a sample.

    Args:
        model: the model.
        searcher: rows of those who search or are shown some.
        searched: bool [searcher] who looks for herself.
        vacancy: rows of the posts to be seen.
        shown: rows of persons and of posts that courses and immersions show, [pair] each.
    """
    looked, channels = looks(model, searcher, vacancy)
    row, column = np.nonzero((looked >= 0) & searched[:, None])
    post, channel = looked[row, column], channels[column]
    told = seen(model, searcher[row], post, channel)
    tells = np.flatnonzero(told)
    anywhere = column >= len(channels) - int(model.parameters["channels.any_looks"])
    sample = Sample(searcher[row[anywhere]], post[anywhere], told[anywhere], np.zeros(anywhere.sum(), bool))
    row = np.concatenate([np.searchsorted(searcher, shown[0]), row[tells]])
    post = np.concatenate([shown[1], post[tells]])
    channel = np.concatenate([np.full(len(shown[0]), Channel.TRAINING, np.int8), channel[tells]])
    # looks are in the order of channels
    first = np.unique(row * len(model.population.posts) + post, return_index=True)[1]
    return row[first], post[first], channel[first], sample


def search(model: World, utility: Array) -> Applications:
    """One week's search.

    Args:
        model: the model.
        utility: float64 [person] utility of the present post, -inf where none.
    """
    s, posts, p = model.state, model.population.posts, model.parameters
    searched = intensity.who_searches(model, utility)
    shown = courses.shown(model)
    looking = searched.copy()
    looking[shown[0]] = True
    searcher = np.flatnonzero(looking)
    vacancy = np.flatnonzero(vacant(model)).astype(np.int32)
    row, post, channel, sample = _told(
        model, searcher, searched[searcher], vacancy[s.kept[ADVERTISED][vacancy]], shown
    )
    person = searcher[row]
    ptr = np.zeros(len(searcher) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(searcher)), out=ptr[1:])
    rest, logsum = but_travel(model, person, post), pair_logsums(model, person, post)
    best = np.full((len(searcher), int(p["search.applications"])), -1)
    refused = np.full(len(searcher), -1)
    run_blocks(
        k.choose_applications, len(searcher), ptr, post, rest, logsum,
        intensity.reservation(model, searcher, utility), posts.post_id, best, refused,
    )  # fmt: skip
    sent, n = best[best >= 0], len(posts)
    sample.applied[:] = np.isin(sample.person * n + sample.post, person[sent] * n + post[sent])
    declined = np.zeros(len(s.worker_id), bool)
    declined[searcher[refused >= 0]] = True
    return Applications(
        searched,
        declined,
        person[sent].astype(np.int32),
        post[sent],
        (rest + logsum)[sent],
        channel[sent],
        searcher[refused >= 0].astype(np.int32),
        post[refused[refused >= 0]],
        sample,
        vacancy,
        s.opening[vacancy],
        s.weeks_open[vacancy],
        s.wage_cents[vacancy],
    )
