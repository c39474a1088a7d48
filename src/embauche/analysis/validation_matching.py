"""The matching function and the Beveridge curve that emerge, found by disturbing a model that has settled.

Lives here: Market, elasticities, beveridge. Not here: what is counted in a week (validation_labour).
Nothing in the model imposes a matching function: hires are counted in branches that go on by themselves.

For elasticities the branches have fewer job-seekers, fewer vacancies, or fewer of both, of the same kinds:
the stocks are thinned at random, and week by week what joins them. Without the latter the thinned stock of
unemployed would soon be one of newcomers, who search more, and that of vacancies one of new ones, on which
nobody has decided yet. The employed search as much more seldom, for they are job-seekers too, and external
zones count as well, for people of one side are hired on the other (Petrongolo & Pissarides 2001 on both).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.analysis.validation_labour import Watch
from embauche.core.draws import Purpose, uniforms
from embauche.core.scenario_demand import Demand, Shock
from embauche.core.settings import Settings
from embauche.labour.economy import Economy
from embauche.labour.state import State
from embauche.population.schemas import Contract, Status

if TYPE_CHECKING:
    from embauche.core.parameters import Parameters
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]
FEWER = 0.6  # of job-seekers, or of vacancies, that are left
SETTLE, COUNTED = 6, 20  # weeks
BRANCHES = ((1.0, 1.0), (FEWER, 1.0), (1.0, FEWER), (FEWER, FEWER))  # job-seekers, vacancies
SHOCK_PCT, SHOCK_WEEKS, SHOCK_COUNTED = 3.0, 104, 26  # fewer posts wanted in all sectors, or more


def branched(model: Bassin, settings: Settings | None = None, parameters: Parameters | None = None) -> Bassin:
    """A second model in the state of this one, under other settings or parameters if any are given."""
    from embauche.model import Bassin

    return Bassin(
        model.territory, model.population, model.catalogue, parameters or model.parameters,
        settings or model.settings, rng=model.seed, network=model.network,
        state=State.from_arrays(model.state.arrays()),
    )  # fmt: skip


class Market:
    """People without work and vacancies of a branch, external zones too; those of apprentices left out.

    Attributes:
        rows: by week: people without work hired, people without work and vacancies before it.
    """

    def __init__(self, model: Bassin, seekers: float, vacancies: float) -> None:
        """Begin with these shares of both."""
        self.model, self.seekers, self.vacancies = model, seekers, vacancies
        self.ordinary = model.population.posts.contract != Contract.APPRENTICESHIP
        self.rows: list[tuple[int, int, int]] = []
        self.thin(new_only=False)

    def idle(self) -> Array:
        """People without work, bool [person]."""
        s = self.model.state
        return np.asarray((s.status == Status.UNEMPLOYED) & ~s.apprentice)

    def vacant(self) -> Array:
        """Vacancies, bool [post]."""
        s = self.model.state
        return np.asarray(s.active & (s.holder < 0) & self.ordinary)

    def thin(self, *, new_only: bool) -> None:
        """Take job-seekers out of activity, and vacancies off the market: of all, or of last week's."""
        s, model, week = self.model.state, self.model, int(self.model.state.week[0])
        idle, vacant = self.idle(), self.vacant()
        if new_only:
            idle, vacant = idle & (s.spell == 0), vacant & (s.weeks_open == 0)
        luck = uniforms(model.seed, Purpose.VALIDATION, week, s.worker_id, 1)
        gone = idle & (luck >= self.seekers)
        s.status[gone], s.spell[gone] = Status.INACTIVE, 0
        luck = uniforms(model.seed, Purpose.VALIDATION, week, model.population.posts.post_id, 2)
        posts = np.flatnonzero(vacant & (luck >= self.vacancies))
        Economy.of(s).forgo(model, posts)  # else others would be opened in their place
        s.active[posts], s.weeks_open[posts] = False, 0

    def week(self) -> None:
        """One week of the branch."""
        idle, vacant = self.idle(), self.vacant()
        self.model.step()
        hires = self.model.week_hires
        assert hires is not None
        person, ordinary = hires.person, self.ordinary[hires.post]
        found = idle[person[(person >= 0) & ordinary]].sum()
        self.rows.append((int(found), int(idle.sum()), int(vacant.sum())))
        self.thin(new_only=True)


def branch(model: Bassin, seekers: float, vacancies: float) -> Array:
    """The weeks counted of a branch, float64 [week, 3]: hires, people without work, vacancies."""
    search = model.parameters["search.on_the_job"] * seekers
    other = branched(model, parameters=model.parameters.replaced({"search.on_the_job": search}))
    market = Market(other, seekers, vacancies)
    for _ in range(SETTLE + COUNTED):
        market.week()
    return np.array(market.rows[SETTLE:], np.float64)


def elasticities(model: Bassin) -> dict[str, float]:
    """Elasticities of weekly hires from unemployment, by least squares over all weeks of all branches.

    Args:
        model: settled.
    """
    rows = np.concatenate([branch(model, *shares) for shares in BRANCHES])
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
    """Slope of log vacancies on log unemployment between a fall and a rise of demand, both lasting.

    Vacancies follow demand within weeks, unemployment within two years: looked at before, the slope is steep.
    """
    means = []
    for percent in (-SHOCK_PCT, SHOCK_PCT):
        demand = Demand(shocks=(Shock(name="validation", posts_pct=percent),))
        other = branched(model, replace(model.settings, demand=demand))
        watch = Watch(other)
        for _ in range(SHOCK_WEEKS):
            other.step()
            watch.week()
        last = slice(-SHOCK_COUNTED, None)
        means.append(np.log([np.mean(watch.unemployed[last]), np.mean(watch.vacant[last])]))
    (u0, v0), (u1, v1) = means
    return {"beveridge_slope": float((v0 - v1) / (u0 - u1))}
