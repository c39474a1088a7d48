"""What the choice of a service reads: services' parameters and nests as arrays, and constant tastes.

Lives here: Choice, tastes, values of time by group. Not here: kernels (kernels.choice), the week's travel
(labour.travel).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from embauche.commuting.offers import Offers
from embauche.core.draws import Purpose, stable_id
from embauche.core.errors import UserError
from embauche.core.parallel import run_blocks
from embauche.core.parameters import Parameters
from embauche.kernels.choice import constant_tastes, fixed_parts, month_logsums

Array = np.ndarray[Any, Any]
MOST_SERVICES = 15  # a ranking holds four bits for each (kernels.ranking)


class Chosen(Protocol):
    """What choice needs of a service."""

    @property
    def service_id(self) -> int:
        """Stable id of the service."""

    @property
    def needs(self) -> int:
        """What a person must have (services.base.Needs)."""

    @property
    def nest_name(self) -> str:
        """The nest of services that people take for much the same."""

    @property
    def dissimilarity(self) -> float:
        """How little the services of its nest are alike, in (0, 1]; 1 for not at all."""

    def value(self, what: str) -> float:
        """The service's own parameter."""


@dataclass(frozen=True)
class Choice:
    """What the choice kernels read of services and parameters.

    Attributes:
        service_id, needs, nest: int64 [service], the last a row of nests.
        base_eur, late, fail: float64 [service]; the constant less what failing costs, and risks.
        nest_id: int64 [nest].
        held: float64 [nest] index of the stable variable that is the nest's constant part.
        spread: float64 [nest] dissimilarity of the week's errors within the nest.
        scale, alpha: scale of the error and its weekly share's root; unit is their product.
        late_eur, late_felt_min: what being late costs, in money and in minutes.
        no_car_eur: money for depending on a lift.
    """

    service_id: Array
    needs: Array
    nest: Array
    base_eur: Array
    late: Array
    fail: Array
    nest_id: Array
    held: Array
    spread: Array
    scale: float
    alpha: float
    late_eur: float
    late_felt_min: float
    no_car_eur: float

    @property
    def unit(self) -> float:
        """Scale of the week's errors, EUR."""
        return self.scale * self.alpha

    @classmethod
    def make(cls, services: Sequence[Chosen], p: Parameters) -> Choice:
        """From the services in use and the parameters.

        Raises:
            UserError: two services of a nest give it different dissimilarities, or there are over 15.
        """

        def values(what: str) -> Array:
            return np.array([s.value(what) for s in services], np.float64)

        alpha = float(np.sqrt(1.0 - p["commute.constant_share"]))
        nests = _nests(services)
        names = list(nests)
        if len(services) > MOST_SERVICES:
            raise UserError(
                "too many services at a time", found=str(len(services)), expected=f"at most {MOST_SERVICES}",
                fix="switch some off under services",
            )  # fmt: skip
        dissimilarity = np.array(list(nests.values()), np.float64)
        return cls(
            service_id=np.array([s.service_id for s in services], np.int64),
            needs=np.array([int(s.needs) for s in services], np.int64),
            nest=np.array([names.index(s.nest_name) for s in services], np.int64),
            base_eur=values("asc_eur") - p["commute.fail_eur"] * values("fail"),
            late=values("late"),
            fail=values("fail"),
            nest_id=np.array([stable_id(name) for name in names], np.int64),
            held=np.maximum(dissimilarity, alpha),
            spread=np.minimum(1.0, dissimilarity / alpha),
            scale=p["commute.choice_scale_eur"],
            alpha=alpha,
            late_eur=p["commute.late_eur"],
            late_felt_min=p["commute.late_weight"] * p["commute.late_min"],
            no_car_eur=p["commute.no_car_eur"],
        )


def _nests(services: Sequence[Chosen]) -> dict[str, float]:
    """Dissimilarity by nest, in the order of the services."""
    nests: dict[str, float] = {}
    for s in services:
        known = nests.setdefault(s.nest_name, s.dissimilarity)
        if not 0.0 < known <= 1.0 or known != s.dissimilarity:
            raise UserError(
                f"services of nest {s.nest_name} do not agree on its dissimilarity",
                found=f"{known:g} and {s.dissimilarity:g}",
                expected="one number above 0 and at most 1",
                fix=f"set the parameter nest.{s.nest_name}",
            )
    return nests


def tastes(seed: int, worker_id: Array, choice: Choice) -> Array:
    """Constant part of each person's error by service over its scale, float64 [person, service]."""
    out = np.empty((len(worker_id), len(choice.service_id)))
    run_blocks(
        constant_tastes,
        len(worker_id),
        seed,
        int(Purpose.TASTE),
        int(Purpose.TASTE_NEST),
        worker_id,
        choice.service_id,
        choice.nest,
        choice.nest_id,
        choice.held,
        choice.alpha,
        out,
    )
    return out


def value_of_time(quintile: Array, sex: Array, young_child: Array, p: Parameters) -> Array:
    """Value of time of each person by group, EUR a minute, float64 [person].

    Args:
        quintile: int [person] income quintile, 1 to 5.
        sex: int [person], 1 woman.
        young_child: bool [person] child under six in the household.
        p: the parameters; each group's ratio multiplies.
    """
    by_quintile = np.array([p[f"commute.vot_quintile_{q}"] for q in range(1, 6)])
    ratio = by_quintile[quintile - 1] * np.where(sex == 1, p["commute.vot_women"], 1.0)
    ratio = ratio * np.where(young_child, p["commute.vot_young_child"], 1.0)
    return np.asarray(p["commute.vot_eur_h"] / 60.0 * ratio, np.float64)


def fixed_utilities(
    choice: Choice,
    taste: Array,
    expected_late: Array,
    vot_eur_min: Array,
    commune: Array,
    can_drive: Array,
    has_bike: Array,
) -> Array:
    """What each person's utility of a service owes to no trip, EUR, float64 [person, service].

    Args:
        choice: services and parameters.
        taste: float64 [person, service] of `tastes`.
        expected_late: float64 [service, commune].
        vot_eur_min: float64 [person].
        commune: int16 [person] of home.
        can_drive, has_bike: bool [person]; without, what needs it is -inf.
    """
    out = np.empty(taste.shape)
    run_blocks(
        fixed_parts,
        len(out),
        choice.base_eur,
        choice.needs,
        choice.late_eur,
        choice.late_felt_min,
        choice.scale,
        vot_eur_min,
        commune,
        can_drive,
        has_bike,
        taste,
        expected_late,
        out,
    )
    return out


def pair_logsums(
    choice: Choice,
    offers: Offers,
    person: Array,
    start: Array,
    end: Array,
    tours: Array,
    fixed_eur: Array,
    vot_eur_min: Array,
    car_share: Array,
    out: Array,
) -> None:
    """Fill out [pair] with month's logsums, EUR; -inf where a tour of the rotation has no service.

    Args:
        choice: services and parameters.
        offers: float32 [service, row].
        person: int32 [pair].
        start, end: int64 [pair] rows of each pair, one a trip class; tours float64 [row] a week.
        tours: see start.
        fixed_eur: float64 [person, service] of `fixed_utilities`.
        vot_eur_min, car_share: float64 [person].
        out: float64 [pair].
    """
    run_blocks(
        month_logsums,
        len(person),
        person,
        start,
        end,
        tours,
        offers.felt_min,
        offers.eur,
        fixed_eur,
        vot_eur_min,
        car_share,
        choice.needs,
        choice.nest,
        choice.spread,
        choice.unit,
        choice.no_car_eur,
        out,
    )
