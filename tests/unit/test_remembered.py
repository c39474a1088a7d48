"""What the model remembers of persons follows every change of what it is made of.

Lives here: Remembered, and the model's values after changes of state. Not here: their twin (test_twin_model).
"""

from __future__ import annotations

import numpy as np

from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.labour.growing_up import grow_up
from embauche.labour.remembered import Remembered
from embauche.model import Bassin
from embauche.population.synthesis import synthesise
from helpers import tiny_territory


def test_it_is_worked_out_again_only_when_an_input_changes() -> None:
    memory, made, source = Remembered(), [], np.array([1, 2])

    def ask() -> np.ndarray:
        return memory((source,), lambda: made.append(source.copy()) or source * 2)

    assert ask() is ask()
    source[1] = 5  # in place, as the state's columns change
    assert ask().tolist() == [2, 10]
    memory.forget()
    ask()
    assert len(made) == 3


def test_values_of_persons_are_those_of_a_model_that_remembers_nothing() -> None:
    catalogue, territory = default_catalogue(), tiny_territory()
    population = synthesise(territory, catalogue, defaults(), 1)
    model = Bassin(territory, population, catalogue, defaults(), rng=1)
    asked = [model.fixed_eur, model.can_drive, model.car_share, model.drivers]
    rng = np.random.default_rng(1)

    def check() -> None:
        known = [value().copy() for value in asked]
        for memory in vars(model.remembered).values():
            memory.forget()
        for name, old, value in zip(("fixed", "drive", "share", "drivers"), known, asked, strict=True):
            assert np.array_equal(old, value()), name

    s = model.state
    for column in ("licence", "status", "age_weeks"):
        check()
        values = getattr(s, column)
        values[:] = rng.permutation(values)
    check()
    s.expected_late += 0.01
    check()
    new = np.flatnonzero(~model.can_drive())[:5]  # entrants: nothing of them changes but their tastes
    s.age_weeks[new] = 15 * 52
    s.worker_id[new] += 1 << 24
    grow_up(model)
    check()
