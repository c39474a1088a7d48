"""Models of any size for the benchmarks: Grand Artois with its populations scaled.

Lives here: building them. Not here: timing (step, compile).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from embauche.core.parameters import defaults
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.model import Bassin
from embauche.population.schemas import Status
from embauche.population.synthesis import synthesise
from embauche.territory.embedded import load_embedded


def scaled_territory(name: str, factor: float) -> Any:
    """An embedded territory with populations, and jobs and workers of its external zones, times a factor."""
    territory = load_embedded(name)
    columns = dict(territory.communes.columns)
    for column in ("population", "jobs", "inflow"):
        columns[column] = np.rint(columns[column] * factor).astype(columns[column].dtype)
    return replace(territory, communes=Table(territory.communes.schema, columns))


def active(population: Any) -> int:
    """Persons at work or seeking work."""
    return int((population.persons.status != Status.INACTIVE).sum())


def model_of(workers: int, seed: int = 1, name: str = "grand-artois") -> Any:
    """A model with about so many active persons (the inactive come on top), and its population."""
    catalogue, parameters = default_catalogue(), defaults()
    trial = synthesise(scaled_territory(name, 0.02), catalogue, parameters, seed)
    territory = scaled_territory(name, 0.02 * workers / active(trial))
    population = synthesise(territory, catalogue, parameters, seed)
    return Bassin(territory, population, catalogue, parameters, Settings(), rng=seed), population
