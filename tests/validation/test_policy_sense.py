"""Policies do what their design says, on the mean of 20 paired seeds: none can only gain.

Source of the rules: the design of the model (a hire that another firm lost is no gain). The tolerance is two
standard errors of the mean difference; net effects on employment may be small, and are not asserted.
Not here: aids' own rules (test_aids), services' answers (test_shared_contract), beds, seats.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.core.causes import Cause
from embauche.model import Bassin
from paired import bassin, paired
from service_examples import SIZES

Array = np.ndarray[Any, Any]
RAISE = {"recruitment": {"wages": [{"name": "up", "raise_pct": 40, "employers": {"communes": ["Bourg"]}}]}}


def in_bourg(model: Bassin) -> Array:
    firms, posts = model.population.firms, model.population.posts
    names = model.territory.communes.name[firms.commune[posts.firm]].astype(str)
    return np.asarray((names == "Bourg") & ~firms.external[posts.firm])


def filled(model: Bassin) -> Array:
    """Posts held inside: at Bourg's firms and at the others'."""
    held = (model.state.holder >= 0) & ~model.population.firms.external[model.population.posts.firm]
    own = in_bourg(model)
    return np.array([(held & own).sum(), (held & ~own).sum()])


def flows_of_posts(model: Bassin) -> Array:
    """Hires inside; of these, of people who left a post inside; all who left one; ends for a better offer."""
    inside = ~model.population.firms.external[model.population.posts.firm]
    hires = model.week_hires
    assert hires is not None
    left = (hires.from_post >= 0) & inside[np.maximum(hires.from_post, 0)]
    taken = inside[hires.post]
    _, post, cause, _ = model.ends.columns()
    moved = (cause == Cause.BETTER_OFFER) & inside[post]
    return np.array([taken.sum(), (taken & left).sum(), left.sum(), moved.sum()])


@pytest.mark.long
def test_higher_wages_at_some_firms_fill_posts_there_partly_at_their_neighbours_cost() -> None:
    pair = paired(RAISE, filled, weeks=40)
    own, others = pair.gain.mean(axis=0)
    assert own > pair.tolerance()[0]
    assert others < 0
    assert own + others < own  # net beside gross


@pytest.mark.long
def test_displacement_is_counted_gross_less_net_are_posts_taken_from_others() -> None:
    """Hires that emptied another post are told by the hire and, apart, by the end of the job left."""
    pair = paired(RAISE, flows_of_posts, weeks=40)
    flows = np.array([*pair.before, *pair.after])
    gross, displaced, left, ended = flows.T
    assert (displaced <= left).all()
    assert (left == ended).all()
    assert (gross - displaced).sum() < gross.sum(), "no post was taken from another"


@pytest.mark.long
def test_a_licence_aid_gives_no_licence_before_the_course_has_ended() -> None:
    weeks = 12
    aid = {"name": "road", "places": 200, "weeks": weeks, "apply": 1, "aid_eur": 500,
           "who": {"groups": ["unemployed", "employed"]}}  # fmt: skip

    def licences(block: dict[str, Any], seed: int) -> list[int]:
        model = bassin(block, seed)
        counts = []
        for _ in range(weeks + 8):
            model.step()
            counts.append(int(model.state.licence.sum()))
        return counts

    changed = {"levers": {"licence_aid": [aid]}}
    gains = np.array([np.subtract(licences(changed, s), licences({}, s)) for s in range(5)])
    assert not gains[:, : weeks - 1].any()
    assert (gains[:, -1] > 0).all()


@pytest.mark.long
def test_more_vehicles_on_demand_serve_no_fewer() -> None:
    def served(model: Bassin) -> float:
        names = [s.name for s in model.services]
        assert model.week_travel is not None
        return float((model.week_travel.chosen == names.index("on_demand")).sum())

    def block(vehicles: int) -> dict[str, Any]:
        services = {"car": True, "transit": True, "bike": True, "walk": True}
        return {"services": services | {"on_demand": SIZES["on_demand"](vehicles)}}

    pair = paired(block(4), served, base=block(1), weeks=10, burn=20)
    assert pair.before.mean() > 0
    assert pair.gain.mean() > -pair.tolerance()
