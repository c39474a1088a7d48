"""The parameter registry: every number of the model has a value, a unit, a range and a source.

Lives here: Parameter, Registry, Parameters. Not here: the values (topics of this package, services' files).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

# Sources that several files cite.
FROM_MEMORY = "from memory, to be swept"
FITTED = "fitted to mode shares under 5 km: INSEE Flash HdF 116 and Premiere 1835 (FACTS)"
ADEME = "ADEME base empreinte, g CO2e a passenger-km (FACTS)"


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


class Registry(Mapping[str, Parameter]):
    """All parameters by name: those of the topics, and those that services declare in their own files."""

    def __init__(self, own: Iterable[Parameter], more: Callable[[], Iterable[Parameter]]) -> None:
        """Take what is known now, and how to ask for the rest: it is asked each time, never at import."""
        self._own = {p.name: p for p in own}
        self._more = more

    def _all(self) -> dict[str, Parameter]:
        return self._own | {p.name: p for p in self._more()}

    def __getitem__(self, name: str) -> Parameter:
        found = self._own.get(name)
        return self._all()[name] if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class Parameters(Mapping[str, float]):
    """The values of a run: defaults of the registry with some replaced."""

    def __init__(self, registry: Mapping[str, Parameter], changes: Mapping[str, float] | None = None):
        self._registry = dict(registry)
        unknown = set(changes or {}) - set(self._registry)
        if unknown:
            raise KeyError(f"unknown parameters {sorted(unknown)}")
        values = {name: p.value for name, p in self._registry.items()} | dict(changes or {})
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
