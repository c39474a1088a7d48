"""What the choice of a service reads: services' parameters as arrays, and constant tastes.

Lives here: Choice, tastes. Not here: kernels (kernels.choice), the week's travel (labour.travel).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from embauche.core.draws import Purpose
from embauche.core.parallel import run_blocks
from embauche.core.parameters import Parameters
from embauche.kernels.choice import constant_tastes

Array = np.ndarray[Any, Any]


class Chosen(Protocol):
    """What choice needs of a service."""

    @property
    def service_id(self) -> int:
        """Stable id of the service."""

    @property
    def needs(self) -> int:
        """What a person must have (services.base.Needs)."""

    def value(self, what: str) -> float:
        """The service's own parameter."""


@dataclass(frozen=True)
class Choice:
    """What the choice kernels read of services and parameters.

    Attributes:
        service_id, needs: int64 [service]; weight, asc, late, fail: float64 [service].
        scale, alpha: scale of the error and its weekly share's root.
        late_eur, fail_eur, no_car_eur: money for being late, a failed service, depending on a lift.
    """

    service_id: Array
    needs: Array
    weight: Array
    asc: Array
    late: Array
    fail: Array
    scale: float
    alpha: float
    late_eur: float
    fail_eur: float
    no_car_eur: float

    @classmethod
    def make(cls, services: Sequence[Chosen], p: Parameters) -> Choice:
        """From the services in use and the parameters."""

        def values(what: str) -> Array:
            return np.array([s.value(what) for s in services], np.float64)

        return cls(
            np.array([s.service_id for s in services], np.int64),
            np.array([int(s.needs) for s in services], np.int64),
            values("weight"),
            values("asc_eur"),
            values("late"),
            values("fail"),
            p["commute.choice_scale_eur"],
            float(np.sqrt(1.0 - p["commute.constant_share"])),
            p["commute.late_eur"],
            p["commute.fail_eur"],
            p["commute.no_car_eur"],
        )


def tastes(seed: int, worker_id: Array, choice: Choice) -> Array:
    """Constant part of each person's error by service over its scale, float64 [person, service]."""
    out = np.empty((len(worker_id), len(choice.service_id)))
    run_blocks(
        constant_tastes,
        len(worker_id),
        seed,
        int(Purpose.TASTE),
        worker_id,
        choice.service_id,
        choice.alpha,
        out,
    )
    return out
