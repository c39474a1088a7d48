"""Choices of travel against the analytic logit: many keyed persons who make one and the same trip.

Lives here: shares, the constant part of the error, logsums. Not here: offers (test_service_contract).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from embauche.labour.search import pair_logsums
from embauche.model import Bassin
from one_trip import same_trip, systematic_eur

PERSONS = 6000
SCALE = 6.0
SHARES = [0.0, 0.5, 0.8]


def riders(constant_share: float, seed: int = 1) -> Bassin:
    changes = {"commute.choice_scale_eur": SCALE, "commute.constant_share": constant_share}
    return same_trip(PERSONS, changes, seed=seed, homes=(62,))


def utilities(model: Bassin) -> np.ndarray:
    """Systematic utility by service, EUR a tour, the same for all."""
    model.present_utilities()  # prices everybody's present post
    person = int(np.flatnonzero(model.state.post >= 0)[0])
    by_name = systematic_eur(model, person)
    assert set(by_name) == {s.name for s in model.services}, "not every service is offered"
    return np.array([by_name[s.name] for s in model.services])


def logit(v: np.ndarray, scale: float) -> np.ndarray:
    e = np.exp((v - v.max(axis=-1, keepdims=True)) / scale)
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def chosen_in_one_week(model: Bassin) -> np.ndarray:
    """Service row of the Monday of each person who worked."""
    model.step()
    assert model.week_travel is not None
    monday = model.week_travel.chosen[model.week_post >= 0, 0]
    assert (monday >= 0).all()
    return np.asarray(monday)


@pytest.mark.parametrize("constant_share", SHARES)
def test_shares_are_those_of_the_logit_whatever_part_of_the_error_is_constant(constant_share: float) -> None:
    model = riders(constant_share)
    expected = logit(utilities(model), SCALE)
    monday = chosen_in_one_week(model)
    count = np.bincount(monday, minlength=len(expected))
    assert (expected * len(monday)).min() > 50, "a service hardly anybody takes tests nothing"
    assert stats.chisquare(count, expected * len(monday)).pvalue > 1e-3, (count, expected * len(monday))


def test_given_her_constant_taste_a_person_is_a_logit_of_the_weekly_part() -> None:
    model = riders(0.8)
    alpha = math.sqrt(0.2)
    v = utilities(model)
    before = model.taste.copy()
    monday = chosen_in_one_week(model)
    worked = model.week_post >= 0
    p = logit(v + SCALE * before[worked], SCALE * alpha)
    surprise = np.bincount(monday, minlength=len(v)) - p.sum(axis=0)
    assert np.all(np.abs(surprise) < 4 * np.sqrt((p * (1 - p)).sum(axis=0)))
    # and she is predicted much better than by the shares of all
    mine = np.log(p[np.arange(len(monday)), monday]).mean()
    of_all = np.log(logit(v, SCALE)[monday]).mean()
    assert mine > of_all + 0.3


def test_habits_last_from_week_to_week_as_far_as_the_error_is_constant() -> None:
    same = []
    for constant_share in SHARES:
        model = riders(constant_share)
        one, two = chosen_with_ids(model), chosen_with_ids(model)
        both = sorted(one.keys() & two.keys())
        same.append(np.mean([one[i] == two[i] for i in both]))
    expected = logit(utilities(riders(0.0)), SCALE)
    assert same[0] == pytest.approx(float((expected**2).sum()), abs=0.03), "no constant part: no habit"
    assert same[0] < same[1] < same[2]


def chosen_with_ids(model: Bassin) -> dict[int, int]:
    monday = chosen_in_one_week(model)
    ids = model.week_worker_id[model.week_post >= 0]
    return dict(zip(ids.tolist(), monday.tolist(), strict=True))


@pytest.mark.parametrize("constant_share", SHARES)
def test_mean_logsum_of_those_who_know_their_tastes(constant_share: float) -> None:
    """E max U = mu (log sum exp(V/mu) + gamma) holds for the sum of both parts of the error, and the
    weekly part adds mu a gamma to each person's logsum: so the mean logsum is known without a draw."""
    model = riders(constant_share)
    v, alpha = utilities(model), math.sqrt(1.0 - constant_share)
    worked = np.flatnonzero(model.state.post >= 0)
    month = pair_logsums(model, worked.astype(np.int32), model.state.post[worked])
    tour = month / (5 * 52 / 12)
    known = SCALE * (np.logaddexp.reduce(v / SCALE) + np.euler_gamma * (1.0 - alpha))
    error = tour.std() / math.sqrt(len(tour))
    assert abs(tour.mean() - known) < 4 * error + 1e-9
