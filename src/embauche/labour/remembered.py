"""Values asked several times a week, worked out again only when what they are made of has changed.

Lives here: Remembered, OfPersons. Not here: the values themselves (model_utility).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Remembered:
    """The last value of a function of arrays, kept while none of them changes."""

    def __init__(self) -> None:
        self._made_of: tuple[Array, ...] | None = None
        self._value: Array = np.empty(0)

    def __call__(self, made_of: tuple[Array, ...], make: Callable[[], Array]) -> Array:
        """What `make` gives; not to be written into.

        Args:
            made_of: all that the value depends on and that can change; compared by their contents.
            make: works it out.
        """
        known = self._made_of
        if known is None or not all(np.array_equal(a, b) for a, b in zip(known, made_of, strict=True)):
            self._made_of = tuple(a.copy() for a in made_of)
            self._value = make()
        return self._value

    def forget(self) -> None:
        """Work it out at the next call in any case."""
        self._made_of = None


@dataclass
class OfPersons:
    """What the model remembers of persons from one call to the next (model_utility)."""

    fixed_eur: Remembered = field(default_factory=Remembered)
    can_drive: Remembered = field(default_factory=Remembered)
    car_share: Remembered = field(default_factory=Remembered)
    drivers: Remembered = field(default_factory=Remembered)
