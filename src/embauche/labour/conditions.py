"""Working conditions and automation: what posts are worth more, which go, which ask something else.

Lives here: Worth, worth_eur, step. Not here: the block (core.scenario_work), other parts of a post's value
(labour.values).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.employers import LEVER_SEED, meant
from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import EMPLOYER, REGION, STATE, SUPPLIER, authority
from embauche.core.scenario_work import Conditions
from embauche.core.shifts import ShiftCatalogue
from embauche.core.table import Table
from embauche.labour.aid_holders import cents
from embauche.labour.ends import remove_posts
from embauche.labour.world import World
from embauche.population.population import Population
from embauche.population.schemas import SKILLS

Array = np.ndarray[Any, Any]
SERVICE = "conditions"  # under which the books show these levers; the system is the lever


@dataclass(frozen=True)
class Worth:
    """What levers make of posts.

    Attributes:
        posts: rows of the posts that each lever takes.
        strain, image: float64 [post] EUR a month, to whoever would hold the post, and to who does not.
    """

    posts: tuple[Array, ...]
    strain: Array
    image: Array

    @classmethod
    def make(
        cls,
        levers: tuple[Conditions, ...],
        population: Population,
        catalogue: ShiftCatalogue,
        communes: Table,
    ) -> Worth | None:
        """Which posts the levers take, the same in every replication; None where there is no lever.

        Raises:
            UserError: a commune or a firm that is not there.
        """
        if not levers:
            return None
        posts, names = population.posts, [s.name for s in catalogue.shifts]
        rows = []
        for lever in levers:
            chosen = meant(lever.employers, population, communes)[posts.firm]
            if lever.skills:
                chosen = chosen & np.isin(posts.skill, [SKILLS.index(x) for x in lever.skills])
            if lever.shifts:
                base = catalogue.base_row[posts.shift]
                chosen = chosen & np.isin(base, [names.index(x) for x in lever.shifts])
            key = stable_id(lever.name)
            taken = uniforms(LEVER_SEED, Purpose.CONDITIONS, 0, posts.post_id, key) < lever.share
            rows.append(np.flatnonzero(chosen & taken))
        return cls(tuple(rows), np.zeros(len(posts)), np.zeros(len(posts)))


def worth_eur(model: World, person: Array, post: Array) -> Array | float:
    """EUR a month that levers add to posts for people (rows), float64 [pair]."""
    worth = model.worth
    if worth is None:
        return 0.0
    own = model.state.post[person] == post
    return np.asarray(worth.strain[post] + np.where(own, 0.0, worth.image[post]))


def step(model: World) -> None:
    """Levers that begin this week, and what they all cost."""
    worth = model.worth
    if worth is None:
        return
    week = int(model.state.week[0]) - model.first_week
    for lever, posts in zip(model.settings.levers.conditions, worth.posts, strict=True):
        if lever.week == week:
            _begin(model, worth, lever, posts)
        if lever.week <= week:
            count = int(model.state.active[posts].sum())
            _pay(model, lever, "equipment", count * cents(lever.cost_eur_week))


def _begin(model: World, worth: Worth, lever: Conditions, posts: Array) -> None:
    s, table = model.state, model.population.posts
    active = posts[s.active[posts]]
    _pay(model, lever, "equipment", len(active) * cents(lever.cost_eur_post))
    luck = uniforms(LEVER_SEED, Purpose.AUTOMATED, 0, table.post_id[active], stable_id(lever.name))
    remove_posts(model, active[luck < lever.removed])
    worth.strain[posts] += lever.strain_eur_month
    worth.image[posts] += lever.image_eur_month
    skill = (
        table.skill[posts] if lever.skill_to is None else np.full(len(posts), SKILLS.index(lever.skill_to))
    )
    level = table.level[posts] if lever.level_to is None else np.full(len(posts), lever.level_to)
    other = (skill != table.skill[posts]) | (level > table.level[posts])
    table.skill[posts], table.level[posts] = skill, level
    people = s.holder[posts[other]]
    people = people[people >= 0]
    s.skill[people] = table.skill[s.post[people]]
    s.level[people] = np.maximum(s.level[people], table.level[s.post[people]])
    _pay(model, lever, "training", len(people) * cents(lever.retrain_eur))


def _pay(model: World, lever: Conditions, what: str, amount: int) -> None:
    payers = {"region": REGION, "state": STATE, "authority": authority("")}
    model.ledger.pay(SERVICE, lever.name, payers.get(lever.payer, EMPLOYER), SUPPLIER, what, amount)
