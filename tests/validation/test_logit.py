"""Choices of travel against the analytic logit: many keyed persons who make one and the same trip.

Lives here: shares, the constant part of the error, logsums. Not here: offers (test_service_contract).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from embauche.core import offerings
from embauche.core.offerings import kinds
from embauche.labour.search import pair_logsums
from embauche.model import Bassin
from embauche.services.transit import Transit
from one_trip import same_trip, systematic_eur

PERSONS = 6000
SCALE = 6.0
SHARES = [0.0, 0.5, 0.8]
NESTS = [1.0, 0.7, 0.3]  # the last is below the weekly share's root, which is 1, 0.71 and 0.45


def riders(constant_share: float, active: float = 0.7, seed: int = 1, reconsider: float = 1.0) -> Bassin:
    """Bike and walk are a nest of dissimilarity `active`."""
    changes = {"commute.choice_scale_eur": SCALE, "commute.constant_share": constant_share}
    changes |= {"experience.reconsider": reconsider}
    changes |= {"nest.active": active}
    return same_trip(PERSONS, changes, seed=seed, homes=(62,))


def utilities(model: Bassin) -> np.ndarray:
    """Systematic utility by service, EUR a tour, the same for all."""
    model.present_utilities()  # prices everybody's present post
    person = int(np.flatnonzero(model.state.post >= 0)[0])
    by_name = systematic_eur(model, person)
    assert set(by_name) == {s.name for s in model.services}, "not every service is offered"
    return np.array([by_name[s.name] for s in model.services])


def log_sum(v: np.ndarray, scale: float) -> np.ndarray:
    top = v.max(axis=-1, keepdims=True)
    return np.asarray(top[..., 0] + scale * np.log(np.exp((v - top) / scale).sum(axis=-1)))


def nested(v: np.ndarray, scale: float, nests: list[str], dissimilarity: dict[str, float]) -> np.ndarray:
    """Choice probabilities of the nested logit in closed form (McFadden 1978), [.., service]."""
    p = np.zeros(v.shape)
    for nest in set(nests):
        mine = [i for i, n in enumerate(nests) if n == nest]
        unit = scale * dissimilarity[nest]
        inclusive = log_sum(v[..., mine], unit)
        p[..., mine] = np.exp(inclusive[..., None] / scale) * np.exp(
            (v[..., mine] - inclusive[..., None]) / unit
        )
    return np.asarray(p / p.sum(axis=-1, keepdims=True))


def nested_log_sum(v: np.ndarray, scale: float, nests: list[str], dissimilarity: dict[str, float]) -> float:
    """Expected greatest utility less Euler's gamma times the scale, in closed form."""
    inclusive = [
        log_sum(v[[i for i, n in enumerate(nests) if n == nest]], scale * dissimilarity[nest])
        for nest in sorted(set(nests))
    ]
    return float(log_sum(np.array(inclusive), scale))


def nests_of(model: Bassin) -> tuple[list[str], dict[str, float]]:
    return [s.nest_name for s in model.services], {s.nest_name: s.dissimilarity for s in model.services}


def chosen_in_one_week(model: Bassin) -> np.ndarray:
    """Service row of the Monday of each person who worked."""
    model.step()
    assert model.week_travel is not None
    monday = model.week_travel.chosen[model.week_post >= 0, 0]
    assert (monday >= 0).all()
    return np.asarray(monday)


@pytest.mark.parametrize("constant_share", SHARES)
@pytest.mark.parametrize("active", NESTS)
def test_shares_are_the_nested_logits_whatever_part_of_the_error_is_constant(
    constant_share: float, active: float
) -> None:
    model = riders(constant_share, active)
    expected = nested(utilities(model), SCALE, *nests_of(model))
    monday = chosen_in_one_week(model)
    count = np.bincount(monday, minlength=len(expected))
    assert (expected * len(monday)).min() > 50, "a service hardly anybody takes tests nothing"
    assert stats.chisquare(count, expected * len(monday)).pvalue > 1e-3, (count, expected * len(monday))


@pytest.mark.parametrize("active", NESTS)
def test_given_her_constant_taste_a_person_is_a_logit_of_the_weekly_part(active: float) -> None:
    model = riders(0.8, active)
    alpha = math.sqrt(0.2)
    nests, dissimilarity = nests_of(model)
    weekly = {nest: min(1.0, value / alpha) for nest, value in dissimilarity.items()}
    v = utilities(model)
    before = model.taste.copy()
    monday = chosen_in_one_week(model)
    worked = model.week_post >= 0
    p = nested(v + SCALE * before[worked], SCALE * alpha, nests, weekly)
    surprise = np.bincount(monday, minlength=len(v)) - p.sum(axis=0)
    assert np.all(np.abs(surprise) < 4 * np.sqrt((p * (1 - p)).sum(axis=0)))
    # and she is predicted much better than by the shares of all
    mine = np.log(p[np.arange(len(monday)), monday]).mean()
    of_all = np.log(nested(v, SCALE, nests, dissimilarity)[monday]).mean()
    assert mine > of_all + 0.3


def test_habits_last_from_week_to_week_as_far_as_the_error_is_constant() -> None:
    same = []
    for constant_share in SHARES:
        model = riders(constant_share)
        one, two = chosen_with_ids(model), chosen_with_ids(model)
        both = sorted(one.keys() & two.keys())
        same.append(np.mean([one[i] == two[i] for i in both]))
    model = riders(0.0)
    expected = nested(utilities(model), SCALE, *nests_of(model))
    assert same[0] == pytest.approx(float((expected**2).sum()), abs=0.03), "no constant part: no habit"
    assert same[0] < same[1] < same[2]


def test_who_does_not_reconsider_keeps_her_choice() -> None:
    """With no constant part a new ranking is a new draw; the shares stay those of the logit."""
    model = riders(0.0, reconsider=0.2)
    p = nested(utilities(model), SCALE, *nests_of(model))
    one, two = chosen_with_ids(model), chosen_with_ids(model)
    both = sorted(one.keys() & two.keys())
    stay = 0.8 + 0.2 * float((p**2).sum())
    assert np.mean([one[i] == two[i] for i in both]) == pytest.approx(stay, abs=0.02)
    count = np.bincount([two[i] for i in both], minlength=len(p))
    assert stats.chisquare(count, p * len(both)).pvalue > 1e-3


def chosen_with_ids(model: Bassin) -> dict[int, int]:
    monday = chosen_in_one_week(model)
    ids = model.week_worker_id[model.week_post >= 0]
    return dict(zip(ids.tolist(), monday.tolist(), strict=True))


@pytest.mark.parametrize("constant_share", SHARES)
@pytest.mark.parametrize("active", NESTS)
def test_mean_logsum_of_those_who_know_their_tastes(constant_share: float, active: float) -> None:
    """E max U = nested logsum + mu gamma holds for the sum of both parts of the error, and the
    weekly part adds mu a gamma to each person's logsum: so the mean logsum is known without a draw."""
    model = riders(constant_share, active)
    v, alpha = utilities(model), math.sqrt(1.0 - constant_share)
    worked = np.flatnonzero(model.state.post >= 0)
    month = pair_logsums(model, worked.astype(np.int32), model.state.post[worked])
    tour = month / (5 * 52 / 12)
    known = nested_log_sum(v, SCALE, *nests_of(model)) + SCALE * np.euler_gamma * (1.0 - alpha)
    error = tour.std() / math.sqrt(len(tour))
    assert abs(tour.mean() - known) < 4 * error + 1e-9


def test_a_copied_service_changes_nobodys_logsum_and_hardly_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second bus like the first, a class and no other edit: in one nest of dissimilarity near 0 they share
    the riders of one; apart, the red bus and the blue bus would draw many more."""
    monkeypatch.setattr(offerings, "KINDS", dict(kinds()))  # the copy is for this test alone

    class Copy(Transit):
        name = "copy"
        parameters_of = ()
        default_on = False

        def value(self, what: str) -> float:
            return self.parameters[f"transit.{what}"]

    changes = {"commute.choice_scale_eur": SCALE, "nest.public": 0.002}
    one = same_trip(PERSONS, changes, homes=(62,))
    settings = replace(one.settings, services=(*one.settings.services, "copy"))
    two = Bassin(one.territory, one.population, one.catalogue, one.parameters, settings, rng=one.seed)
    worked = np.flatnonzero(one.state.post >= 0)
    assert (two.state.post[worked] == one.state.post[worked]).all()
    before, after = (pair_logsums(m, worked.astype(np.int32), m.state.post[worked]) for m in (one, two))
    assert (after >= before).all()
    bound = SCALE * 0.002 * math.log(2) * 5 * 52 / 12
    assert (after - before).max() <= bound * (1 + 1e-9)
    assert (after - before < 0.01 * np.abs(before))[np.abs(before) > 100 * bound].all()
    riders_one, riders_two = (np.bincount(chosen_in_one_week(m), minlength=5) for m in (one, two))
    bus = [s.name for s in one.services].index("transit")
    assert riders_two[4] > 0.4 * riders_one[bus], "of two equal buses each has its half"
    assert abs(riders_two[bus] + riders_two[4] - riders_one[bus]) <= 0.02 * riders_one[bus] + 3
