"""What a week of dwellings was like: counts by residence, and by offer of homes.

Lives here: BedWeek, HousingWeek. Not here: the week (lodgers, moving), its table (model_housing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass
class BedWeek:
    """What a week was like for each residence, all int64 [residence].

    Attributes:
        let: lets, of persons of the model. used: beds slept in, interns' too. interns: beds they have.
        asked, served: who asked for a bed this week, waiting or not, and got one. full: refused for want of a
        bed. too_near: would have asked, but home is nearer than its rule. waiting: on its list afterwards.
    """

    let: Array
    used: Array
    interns: Array
    asked: Array
    served: Array
    full: Array
    too_near: Array
    waiting: Array

    @classmethod
    def empty(cls, residences: int) -> BedWeek:
        """Nobody anywhere."""
        return cls(*(np.zeros(residences, np.int64) for _ in range(8)))


@dataclass
class HousingWeek:
    """What the week was like for residences (by row), and by id for homes of employees."""

    beds: BedWeek
    homes: dict[int, BedWeek]
