"""The parameter registry: every number of the model has a value, a unit, a range and a source.

Lives here: Parameter and Parameters. Not here: the values (roads, population, commute, labour).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

FROM_MEMORY = "from memory, to be swept"


@dataclass(frozen=True)
class Parameter:
    """One number of the model.

    Attributes:
        name: dotted name, `topic.what_unit`.
        value: default.
        unit: unit in words.
        low, high: range within which a scenario or a sweep may set it.
        source: where the default comes from; `FROM_MEMORY` where no source is at hand.
        doc: what it means, one line.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    doc: str


class Parameters(Mapping[str, float]):
    """The values of a run: defaults of the registry with some replaced."""

    def __init__(self, registry: Mapping[str, Parameter], changes: Mapping[str, float] | None = None):
        unknown = set(changes or {}) - set(registry)
        if unknown:
            raise KeyError(f"unknown parameters {sorted(unknown)}")
        self._registry = registry
        values = {name: p.value for name, p in registry.items()} | dict(changes or {})
        # floats always: a whole number would have kernels compiled a second time for its type
        self._values = {name: float(value) for name, value in values.items()}

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def described(self) -> list[tuple[Parameter, float]]:
        """Every parameter with the value in use, by name."""
        return [(self._registry[n], self._values[n]) for n in sorted(self._values)]

    def replaced(self, changes: Mapping[str, float]) -> Parameters:
        """The same with some values changed."""
        return Parameters(self._registry, self._values | dict(changes))
