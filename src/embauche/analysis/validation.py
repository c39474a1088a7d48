"""Measures one replication as published figures are measured, and sums seeds up.

Lives here: measured, Seeds' means and intervals. Not here: the figures (validation_labour, validation_trips,
validation_matching), published ones (validation_targets).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.scenario_load import validated

if TYPE_CHECKING:
    from embauche.model import Bassin

SETTLED_WEEKS = 78
WATCHED_WEEKS = 84  # a cohort of the first four weeks has then been followed for 18 months


def settled(
    territory: str,
    seed: int,
    weeks: int,
    changes: Mapping[str, float] | None = None,
    epcis: Sequence[str] = (),
) -> Bassin:
    """A model without policy after burn-in, with the default services.

    Args:
        territory: name of an embedded one.
        seed: the replication's.
        weeks: of burn-in.
        changes: parameters that differ from their defaults.
        epcis: SIREN numbers of the EPCIs that are modelled, all if none.
    """
    from embauche.model import Bassin
    from embauche.population.territory_tables import start_population
    from embauche.territory.load import territory_of

    fields: dict[str, Any] = {"name": "validation", "territory": territory, "parameters": dict(changes or {})}
    scenario = validated(fields | ({"epcis": list(epcis)} if epcis else {}))
    built = territory_of(scenario)
    catalogue, parameters = scenario.catalogue(), scenario.parameter_values()
    population = start_population(built, catalogue, parameters, 0)
    model = Bassin(built, population, catalogue, parameters, scenario.settings(), rng=seed)
    for _ in range(weeks):
        model.step()
    return model


def measured(
    model: Bassin,
    weeks: int = WATCHED_WEEKS,
    *,
    matching: bool = True,
    report: Callable[[str], None] = lambda words: None,
) -> dict[str, float]:
    """All figures of a settled model, followed for so many weeks.

    Args:
        model: settled.
        weeks: NaN stands where they do not suffice.
        matching: whether disturbed branches are run too, at the end.
        report: told what was done.
    """
    from embauche.analysis.validation_labour import Watch
    from embauche.analysis.validation_matching import beveridge, elasticities
    from embauche.analysis.validation_trips import Attraction, trip_figures

    watch, attraction = Watch(model), Attraction(model)
    people = []
    for week in range(weeks):
        model.step()
        watch.week()
        if week % 8 == 4:
            attraction.week()
            people.append(watch.people())
    report(f"{weeks} weeks watched")
    figures = watch.figures() | trip_figures(model) | attraction.figures()
    for name in people[0] if people else ():
        figures[name] = float(np.mean([p[name] for p in people]))
    if matching:
        figures |= elasticities(model)
        report("matching found")
        figures |= beveridge(model)
        report("Beveridge curve found")
    return figures


def summary(seeds: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float | None]]:
    """Mean over seeds and its 95 % interval (Student), by figure; None for what was not measured."""
    from scipy.stats import t

    out: dict[str, dict[str, float | None]] = {}
    for name in dict.fromkeys(name for s in seeds for name in s):
        values = np.array([s.get(name, math.nan) for s in seeds], float)
        values = values[np.isfinite(values)]
        n = len(values)
        if not n:
            out[name] = {"mean": None, "low": None, "high": None}
            continue
        mean = float(values.mean())
        half = float(t.ppf(0.975, n - 1) * values.std(ddof=1) / math.sqrt(n)) if n > 1 else None
        out[name] = {
            "mean": mean,
            "low": None if half is None else mean - half,
            "high": None if half is None else mean + half,
        }
    return out
