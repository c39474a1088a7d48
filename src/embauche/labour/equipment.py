"""Workshops of vocational schools and centres: what their equipment adds by domain.

Lives here: equipped. Not here: courses (labour.course_plan), apprentices' seats (labour.centres), costs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.core.scenario_training import Training
from embauche.population.schemas import SKILLS

Array = np.ndarray[Any, Any]


def equipped(training: Training) -> tuple[Array, Array]:
    """What equipment of workshops adds: share of seats, and success, float64 [domain] each."""
    more, better = np.zeros(len(SKILLS)), np.zeros(len(SKILLS))
    for lever in training.equipment:
        rows = [SKILLS.index(d) for d in lever.domains]
        more[rows] += lever.seats_share
        better[rows] += lever.success
    return more, better
