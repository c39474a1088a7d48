"""Interns from outside the model who ask residences for beds, and what residences are known for.

Lives here: Known (chances of a bed, interns' stays), take_interns. Not here: persons of the model (lodgers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.core.scenario_residences import LODGERS
from embauche.labour.residences import Residences
from embauche.labour.state import State
from embauche.labour.world import World

Array = np.ndarray[Any, Any]
MOST_WEEKS = 26
WEEKS_A_YEAR = 52


@dataclass(frozen=True)
class Known:
    """What the state keeps of residences, by id: views on `State.kept`.

    Attributes:
        chance: float64 [residence] share of those who asked of late that got a bed.
        interns: int32 [residence, week] beds of interns who leave after so many more weeks.
    """

    chance: Array
    interns: Array

    @classmethod
    def of(cls, state: State, residences: Residences) -> Known:
        """The views, brought to these residences: new ones begin with `chance` below 0, not yet known."""
        ids, kept = residences.table.residence_id, state.kept
        old = kept.get("housing.residence_id")
        if old is None or not np.array_equal(old, ids):
            chance, interns = np.full(len(ids), -1.0), np.zeros((len(ids), MOST_WEEKS), np.int32)
            if old is not None and len(old):
                row = residences.rows(old)
                mine = row >= 0
                chance[row[mine]] = kept["housing.chance"][mine]
                interns[row[mine]] = kept["housing.interns"][mine]
            kept["housing.residence_id"] = ids.astype(np.int64)
            kept["housing.chance"], kept["housing.interns"] = chance, interns
        return cls(kept["housing.chance"], kept["housing.interns"])

    def chances(self, model: World) -> Array:
        """The chance of a bed that seekers expect, float64 [residence]."""
        return np.where(self.chance < 0.0, model.parameters["housing.chance_start"], self.chance)

    def learn(self, model: World, asked: Array, served: Array, free: Array) -> None:
        """Move towards the share served this week; where nobody asked, towards 1 if a bed is free."""
        seen = np.where(asked > 0, served / np.maximum(asked, 1), 1.0)
        smooth = np.where((asked > 0) | free, model.parameters["housing.chance_smoothing"], 0.0)
        was = self.chances(model)
        self.chance[:] = was + smooth * (seen - was)


def take_interns(model: World, known: Known, free: Array, interns: Array) -> None:
    """Interns leave whose stay is over, and others come while beds are free.

    Args:
        model: the model.
        known: its `interns` is brought forward a week.
        free: int64 [residence] beds that nobody has, before anybody leaves.
        interns: filled: beds of interns this week, int64 [residence].
    """
    res, p = model.residences, model.parameters
    free = free + known.interns[:, 0]
    known.interns[:, :-1] = known.interns[:, 1:]
    known.interns[:, -1] = 0
    week, stay = int(model.state.week[0]), min(int(p["housing.intern_weeks"]), MOST_WEEKS)
    rate = p["housing.interns_per_bed"] / WEEKS_A_YEAR
    open_now = res.open(model.calendar.week_of_year(week))
    for r in np.flatnonzero((res.table.who & LODGERS["intern"]) > 0).tolist():
        beds = np.arange(int(res.table.beds[r]), dtype=np.int64)
        asks = uniforms(model.seed, Purpose.INTERN, week, beds, int(res.table.residence_id[r])) < rate
        if open_now[r]:
            known.interns[r, stay - 1] += max(0, min(int(asks.sum()), int(free[r])))
    interns[:] = known.interns.sum(axis=1)
