"""Which posts stand vacant at the start: more of them in small firms.

Lives here: vacant_at_start. Not here: who holds the others (labour.start), how vacancies change.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from embauche.population.population import Population
from embauche.population.quotas import Array, Draw, calibrate, sample
from embauche.population.schemas import SKILLS, Contract, SizeClass, Status


def vacant_at_start(population: Population, parameters: Mapping[str, float], seed: int) -> Array:
    """Posts to leave vacant, so that each domain has as many left as it has employed persons.

    Rates by size: `posts.vacancy_rate` in all, `posts.vacancy_rate_tpe` in firms of 1-9 (Dares Q3
    2024: 2.5 % and 6.3 %), the rest alike elsewhere. Apprenticeships count as domains of their own.

    Args:
        population: the start population.
        parameters: `posts.vacancy_rate`, `posts.vacancy_rate_tpe`.
        seed: seed of the draws.

    Returns:
        bool [post], among the active ones.
    """
    posts, persons = population.posts, population.persons
    active = posts.active.astype(bool)
    domain = _domain(posts.skill, posts.contract == Contract.APPRENTICESHIP)
    employed = persons.status == Status.EMPLOYED
    holders = np.bincount(_domain(persons.skill, persons.apprentice)[employed], minlength=2 * len(SKILLS))
    small = population.firms.size_class[posts.firm] == SizeClass.TPE
    rows_of = [np.flatnonzero(active & (domain == d)) for d in range(len(holders))]
    left = [(rows, small[rows], int(held)) for rows, held in zip(rows_of, holders, strict=True)]
    wanted = parameters["posts.vacancy_rate_tpe"] * np.count_nonzero(active & small)
    ratio = parameters["posts.vacancy_rate_tpe"] / max(parameters["posts.vacancy_rate"], 1e-9)
    p = np.zeros(len(posts))
    # A domain's vacancies are given, so the ratio of small to other firms is what can be fitted.
    for _ in range(20):
        for rows, tiny, held in left:
            p[rows] = calibrate(np.where(tiny, ratio, 1.0), len(rows) - held)
        found = float(p[small].sum())
        if found <= 0 or abs(found - wanted) < 0.5:
            break
        ratio *= wanted / found
    return sample(seed, Draw.VACANT, posts.post_id, p, domain * 2 + small)


def _domain(skill: Array, trains: Array) -> Array:
    return np.asarray(skill.astype(np.int64) + len(SKILLS) * np.asarray(trains, bool))
