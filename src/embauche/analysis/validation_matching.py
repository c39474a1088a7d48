"""The matching function and the Beveridge curve that emerge, found by disturbing a model that has settled.

Lives here: branch, elasticities, beveridge. Not here: what is counted in a week (validation_labour).
Nothing in the model imposes a matching function: hires are counted in branches in which people without work,
or vacancies, are made fewer at random, and the model goes on by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.analysis.validation_labour import Watch
from embauche.core.draws import Purpose, uniforms
from embauche.core.scenario_demand import Demand, Shock
from embauche.core.settings import Settings
from embauche.labour.state import State
from embauche.population.schemas import Status

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]
FEWER = 0.6  # of people without work, or of new vacancies, that are left
SETTLE, COUNTED = 6, 12  # weeks
SHOCK_PCT, SHOCK_WEEKS = 4.0, 26  # fewer posts wanted in all sectors, or more, and how long
BRANCHES = ((FEWER, 1.0), (1.0, FEWER), (FEWER, FEWER))  # beside the model undisturbed


def branched(model: Bassin, settings: Settings | None = None) -> Bassin:
    """A second model in the state of this one, under other settings if any are given."""
    from embauche.model import Bassin

    return Bassin(
        model.territory, model.population, model.catalogue, model.parameters, settings or model.settings,
        rng=model.seed, network=model.network, state=State.from_arrays(model.state.arrays()),
    )  # fmt: skip


def _luck(model: Bassin, ids: Array, alternative: int) -> Array:
    return uniforms(model.seed, Purpose.VALIDATION, int(model.state.week[0]), ids, alternative)


def thin_unemployed(model: Bassin, keep: float) -> None:
    """A share of residents without work leaves activity."""
    s = model.state
    resident = ~model.territory.communes.external[model.population.persons.commune]
    gone = resident & (s.status == Status.UNEMPLOYED) & (_luck(model, s.worker_id, 1) >= keep)
    s.status[gone], s.spell[gone] = Status.INACTIVE, 0


def thin_vacancies(model: Bassin, keep: float, watch: Watch, *, new_only: bool) -> None:
    """A share of vacancies (of those opened last week) is withdrawn."""
    s = model.state
    vacant = s.active & (s.holder < 0) & watch.inside
    if new_only:
        vacant &= s.weeks_open == 0
    s.active[vacant & (_luck(model, model.population.posts.post_id, 2) >= keep)] = False


def branch(model: Bassin, unemployed: float, vacancies: float) -> Array:
    """Weekly hires from unemployment, people without work and vacancies before them, float64 [week, 3]."""
    other = branched(model)
    watch = Watch(other)
    thin_unemployed(other, unemployed)
    if vacancies < 1:
        thin_vacancies(other, vacancies, watch, new_only=False)
    watch.remember()
    for _ in range(SETTLE + COUNTED):
        other.step()
        watch.week()
        if vacancies < 1:
            thin_vacancies(other, vacancies, watch, new_only=True)
    return _rows(watch)


def _rows(watch: Watch) -> Array:
    """The last weeks counted: hires, and people without work and vacancies at the week's start."""
    last, before = slice(-COUNTED, None), slice(-COUNTED - 1, -1)
    return np.stack([watch.found[last], watch.unemployed[before], watch.vacant[before]], 1).astype(float)


def elasticities(model: Bassin, undisturbed: Watch) -> dict[str, float]:
    """Elasticities of weekly hires, by least squares over all weeks of all branches.

    Args:
        model: settled.
        undisturbed: has watched its last weeks.
    """
    rows = np.concatenate([_rows(undisturbed)] + [branch(model, u, v) for u, v in BRANCHES])
    rows = rows[(rows > 0).all(axis=1)]
    found, without, open_posts = np.log(rows).T
    x = np.stack([np.ones(len(rows)), without, open_posts], 1)
    _, on_u, on_v = np.linalg.lstsq(x, found, rcond=None)[0]
    return {
        "elasticity_unemployed": float(on_u),
        "elasticity_vacancies": float(on_v),
        "returns_to_scale": float(on_u + on_v),
    }


def beveridge(model: Bassin) -> dict[str, float]:
    """Slope of log vacancies on log unemployment between a fall and a rise of demand, both settled."""
    means = []
    for percent in (-SHOCK_PCT, SHOCK_PCT):
        demand = Demand(shocks=(Shock(name="validation", posts_pct=percent),))
        other = branched(model, replace(model.settings, demand=demand))
        watch = Watch(other)
        for _ in range(SHOCK_WEEKS):
            other.step()
            watch.week()
        means.append(np.log([np.mean(watch.unemployed[-COUNTED:]), np.mean(watch.vacant[-COUNTED:])]))
    (u0, v0), (u1, v1) = means
    return {"beveridge_slope": float((v0 - v1) / (u0 - u1))}
