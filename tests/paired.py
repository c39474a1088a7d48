"""Paired seeds of two scenarios on a small territory: each seed burns in once, then both branch from there.

Lives here: paired, Pair. Not here: what is measured (the tests). Burn-ins are kept for the whole session.

    pair = paired({"levers": {...}}, lambda model: float(...), weeks=26)
    assert pair.gain.mean() > pair.tolerance()
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from embauche.commuting.network import Network
from embauche.core.scenario import Scenario
from embauche.core.scenario_load import validated
from embauche.labour.state import State
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.synthesis import synthesise
from helpers import TinyTerritory, tiny_territory

Array = np.ndarray[Any, Any]
SEEDS = 20
SMALL = 3  # times the tiny territory's 800 inhabitants
NETWORKS: dict[tuple[str, int], Network] = {}


@dataclass(frozen=True)
class Pair:
    """Sums over weeks of what was measured, float64 [seed] each or [seed, measure]."""

    before: Array
    after: Array

    @property
    def gain(self) -> Array:
        return np.asarray(self.after - self.before)

    def tolerance(self, times: float = 2.0) -> Array:
        """So many standard errors of the mean gain."""
        return np.asarray(times * self.gain.std(axis=0, ddof=1) / np.sqrt(len(self.gain)))


@cache
def small(scale: int) -> TinyTerritory:
    return tiny_territory(scale)


def scenario(block: Mapping[str, Any]) -> Scenario:
    return validated({"name": "paired", **block})


@cache
def _population(scale: int, words: str) -> Population:
    base = scenario(json.loads(words))
    return synthesise(small(scale), base.catalogue(), base.parameter_values(), 0)  # type: ignore[arg-type]


def bassin(
    block: Mapping[str, Any],
    seed: int,
    scale: int = SMALL,
    base: Mapping[str, Any] | None = None,
    state: dict[str, Array] | None = None,
) -> Bassin:
    """A model of a scenario, at its start or at a saved state; its population is that of the base.

    The network is made once for a scenario, where nothing in it moves.
    """
    chosen = scenario(block)
    population = _population(scale, json.dumps(dict(base or {}), sort_keys=True))
    key = (json.dumps([dict(block), dict(base or {})], sort_keys=True, default=str), scale)
    branched = (
        None if state is None else State.from_arrays({**state, "ranked": np.zeros_like(state["ranked"])})
    )
    model = Bassin(
        small(scale), population, chosen.catalogue(), chosen.parameter_values(), chosen.settings(), rng=seed,
        network=NETWORKS.get(key), state=branched,
    )  # type: ignore[arg-type]  # fmt: skip
    if model.sites is None and model.congestion is None:
        NETWORKS[key] = model.network
    return model


@cache
def _burnt(words: str, seed: int, scale: int, burn: int) -> dict[str, Array]:
    base = json.loads(words)
    model = bassin(base, seed, scale, base)
    for _ in range(burn):
        model.step()
    return model.state.arrays()


def paired(
    changed: Mapping[str, Any],
    measure: Callable[[Bassin], Any],
    *,
    base: Mapping[str, Any] | None = None,
    weeks: int = 26,
    burn: int = 39,
    seeds: int = SEEDS,
    scale: int = SMALL,
) -> Pair:
    """Run both scenarios from the same states and with the same luck.

    Args:
        changed: the scenario, as in a file; what it does not say is the base's.
        measure: called after each week; numbers, or arrays of one length, are summed over weeks.
        base: the scenario beside it, nothing if None.
        weeks: weeks that count.
        burn: weeks before, under the base.
        seeds: seeds 0, 1, ...
        scale: times the tiny territory.
    """
    given = dict(base or {})
    words = json.dumps(given, sort_keys=True)
    sums = []
    for block in (given, {**given, **changed}):
        row = []
        for seed in range(seeds):
            model = bassin(block, seed, scale, given, _burnt(words, seed, scale, burn))
            total: Any = 0.0
            for _ in range(weeks):
                model.step()
                total = total + np.asarray(measure(model), float)
            row.append(total)
        sums.append(np.array(row))
    return Pair(*sums)
