"""Households: couples, young people at home, children, income fifths and cars.

Lives here: form_households, fifths, cars. Not here: persons' own attributes (persons.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from embauche.population.ground import Ground
from embauche.population.persons import People
from embauche.population.quotas import (
    CODE_SHIFT,
    Array,
    Draw,
    calibrate,
    group_rank,
    keyed,
    normals,
    sample,
    spread_over,
    stratified,
)

# Living with parents by age: (age in years, share), linear between; from memory (INSEE, rural North).
_AT_HOME = ((15, 0.99), (17.9, 0.97), (18, 0.85), (22, 0.55), (25, 0.25), (30, 0.08), (40, 0.03), (65, 0.0))
_COUPLED = ((18, 0.25), (25, 0.55), (32, 0.95), (45, 1.0), (65, 0.98))  # relative, by a woman's age
# Children under 15 of a couple by the age of its woman, relative, and how many are under six.
_CHILDREN = ((18, 0.1), (25, 0.7), (32, 1.5), (38, 1.7), (45, 0.9), (52, 0.15), (60, 0.02), (65, 0.0))
_UNDER_SIX = ((18, 0.95), (26, 0.85), (32, 0.6), (38, 0.3), (45, 0.12), (65, 0.05))
_MOST_CHILDREN = 6
# Income other than wages, EUR a month (from memory): benefit is a share of the usual wage.
_BENEFIT, _INACTIVE_EUR, _SENIOR_EUR = 0.57, 350.0, 1000.0


def _by_age(points: tuple[tuple[float, float], ...], years: Array) -> Array:
    return np.interp(years, [p[0] for p in points], [p[1] for p in points])


def form_households(
    ground: Ground, people: People, parameters: Mapping[str, float], seed: int
) -> tuple[dict[str, Array], Array]:
    """Put persons into households.

    Women and men of a commune are paired by age; most of those under 25 live with older adults;
    children under 15 and elders are counted, though they have no row. Workers of external zones
    have a household of their own each.

    Returns:
        columns of HOUSEHOLDS but cars and quintile, and the household of each person [person].
    """
    years, ids, commune = people.years, people.worker_id, people.commune.astype(np.int64)
    p = np.where(people.external, 0.0, _by_age(_AT_HOME, years))
    at_home = sample(seed, Draw.AT_HOME, ids, p, commune)
    adults = np.bincount(commune[~at_home], minlength=len(ground.communes))
    at_home &= adults[commune] > 0
    woman, man = _couples(ground, people, parameters, seed, ~at_home & ~people.external & (years >= 18))
    head = ~at_home
    head[man] = False
    household = np.full(len(people), -1, np.int32)
    household[head] = np.arange(int(head.sum()), dtype=np.int32)
    household[man] = household[woman]
    head_rows = np.flatnonzero(head)
    couple = np.zeros(len(head_rows), bool)
    couple[household[woman]] = True
    hosts = _hosts(people, seed, np.flatnonzero(at_home), head_rows, couple)
    household[at_home] = hosts
    home = commune[head_rows]
    household_id = (ground.number[home] << CODE_SHIFT) | group_rank(home)
    children, under_six = _children(people, parameters, seed, head_rows, couple, household_id)
    elders = _elders(people, seed, head_rows, couple, household_id)
    rows = np.bincount(household, minlength=len(head_rows))
    columns = {
        "household_id": household_id,
        "place": ground.homes(seed, household_id, home),
        "commune": home,
        "members": np.minimum(rows + children + elders, 20),
        "under_six": under_six,
    }
    return columns, household


def _couples(
    ground: Ground, people: People, parameters: Mapping[str, float], seed: int, free: Array
) -> tuple[Array, Array]:
    """Rows of the women and men who live together: as many as the rarer sex of a commune allows."""
    commune, years = people.commune.astype(np.int64), people.years
    women = free & (people.sex == 1)
    p = np.zeros(len(people))
    p[women] = calibrate(
        0.6 * _by_age(_COUPLED, years[women]), parameters["population.couples"] * women.sum()
    )
    women = sample(seed, Draw.COUPLE, people.worker_id, p, commune)
    men = free & (people.sex == 0)
    u = keyed(seed, Draw.COUPLE, people.worker_id, step=1)
    # Men of 25 and over come first, so that young men are more often single.
    order_of_men = u + 2.0 * (years < 25)
    pairs = np.minimum(np.bincount(commune[women], minlength=len(ground.communes)),
                       np.bincount(commune[men], minlength=len(ground.communes)))  # fmt: skip
    chosen = []
    for rows, key in ((np.flatnonzero(women), u), (np.flatnonzero(men), order_of_men)):
        rows = rows[np.lexsort((key[rows], commune[rows]))]
        chosen.append(rows[group_rank(commune[rows]) < pairs[commune[rows]]])
    # Partners by rank of age in their commune, with a spread of about three years.
    noise = 3.0 * normals(keyed(seed, Draw.PARTNER_AGE, people.worker_id))
    by_age = [rows[np.lexsort((years[rows] + noise[rows], commune[rows]))] for rows in chosen]
    return by_age[0], by_age[1]


def _hosts(people: People, seed: int, guests: Array, heads: Array, couple: Array) -> Array:
    """Household of each person who lives with parents: one whose head has the age for it."""
    years = people.years[heads]
    weight = np.exp(-(((years - 47) / 7.5) ** 2)) * np.where(
        couple, 1.0, np.where(people.sex[heads] == 1, 0.7, 0.25)
    )
    weight = (weight + 1e-6) * ~people.external[heads]
    commune = people.commune.astype(np.int64)
    v = stratified(seed, Draw.HOST, people.worker_id[guests], commune[guests])
    return spread_over(v, commune[guests], weight, commune[heads])


def _children(
    people: People, parameters: Mapping[str, float], seed: int, heads: Array, couple: Array, ids: Array
) -> tuple[Array, Array]:
    """Children under 15 and under six of each household; all together as many as the parameter says."""
    years = people.years[heads]
    alone = np.where(people.sex[heads] == 1, 0.55, 0.12)
    mean = _by_age(_CHILDREN, years) * np.where(couple, 1.0, alone)
    per_person = parameters["population.share_under_15"] / parameters["population.share_15_64"]
    inside = ~people.external[heads]
    wanted = per_person * np.count_nonzero(~people.external)
    mean *= wanted / max(float(mean[inside].sum()), 1e-9)
    band = np.clip(years, 15, 64).astype(np.int64) // 3 * 2 + couple
    p = np.clip(mean / _MOST_CHILDREN, 0.0, 0.9)
    children = binomial(stratified(seed, Draw.CHILDREN, ids, band), np.full(len(ids), _MOST_CHILDREN), p)
    under = binomial(stratified(seed, Draw.UNDER_SIX, ids, band), children, _by_age(_UNDER_SIX, years))
    return children, under


def binomial(v: Array, n: Array, p: Array) -> Array:
    """Binomial quantiles of uniforms: int64 [row] in 0..n."""
    p = np.clip(p, 0.0, 1.0 - 1e-9)
    mass = (1 - p) ** n
    cdf, out = mass.copy(), np.zeros(len(v), np.int64)
    for k in range(int(n.max(initial=0))):
        out += (v > cdf) & (k < n)
        mass = mass * np.maximum(n - k, 0) / (k + 1) * p / (1 - p)
        cdf += mass
    return out


def _elders(people: People, seed: int, heads: Array, couple: Array, ids: Array) -> Array:
    """Members of 65 and over: partners of single women near that age, some parents; from memory."""
    years = people.years[heads]
    p = np.where((people.sex[heads] == 1) & ~couple & (years >= 58), 0.35, np.where(years >= 40, 0.03, 0.0))
    p = np.where(people.external[heads], 0.6, p)  # partners of in-commuters have no row either
    return sample(seed, Draw.ELDERS, ids, p, people.commune[heads]).astype(np.int64)


def fifths(
    seed: int, households: Mapping[str, Array], household: Array, people: People, wage_cents: Array
) -> Array:
    """Income fifth of each household within the territory, by income a consumption unit. int8.

    Income: usual wages of the employed, benefits of the others, and other income as keyed noise.
    Units: 1, then 0.5 for each other adult and 0.3 for a child under six (OECD's scale, simplified).
    """
    wage = wage_cents / 100.0
    idle = np.where(people.years >= 55, _SENIOR_EUR, _INACTIVE_EUR)
    own = np.choose(people.status, [idle, _BENEFIT * wage, wage])
    n = len(households["household_id"])
    income = np.bincount(household, own, minlength=n)
    small = households["under_six"]
    units = 1.0 + 0.5 * np.maximum(households["members"] - 1 - small, 0) + 0.3 * small
    score = income / units * np.exp(0.25 * normals(keyed(seed, Draw.INCOME, households["household_id"])))
    rank = np.empty(n, np.int64)
    rank[np.argsort(score, kind="stable")] = np.arange(n)
    return (1 + rank * 5 // max(n, 1)).astype(np.int8)


def cars(
    seed: int,
    ground: Ground,
    households: Mapping[str, Array],
    drivers: Array,
    parameters: Mapping[str, float],
) -> Array:
    """Cars of each household: none by settlement and income, then second and third ones by drivers.

    In towns 40 % of the poorest fifth and 18 % of all have no car; elsewhere 9 % of all (FACTS).

    Args:
        seed: seed of the draws.
        ground: the territory.
        households: columns of HOUSEHOLDS, with quintile [household].
        drivers: licence holders with a row [household].
        parameters: `population.*`.
    """
    ids, commune = households["household_id"], np.asarray(households["commune"], np.int64)
    town = ground.communes.population[commune] >= parameters["population.town"]
    poor = households["quintile"] == 1
    likely = np.where(drivers == 0, 1.0, np.where(households["members"] == 1, 0.12, 0.06))
    none = np.zeros(len(ids))
    poor_ratio = parameters["population.no_car_poor"] / max(parameters["population.no_car"], 1e-9)
    for rows, share in (
        (town, parameters["population.no_car"]),
        (~town, parameters["population.no_car_belt"]),
    ):
        here = share * rows.sum()
        low = min(min(poor_ratio * share, 1.0) * float((rows & poor).sum()), here)
        none[rows & poor] = calibrate(likely[rows & poor], low)
        none[rows & ~poor] = calibrate(likely[rows & ~poor], here - low)
    cell = commune * 2 + poor
    has = ~sample(seed, Draw.CARS, ids, none, cell)
    chance = np.select([drivers == 0, drivers == 1], [0.004, 0.06], 0.6) * np.where(town, 0.8, 1.0)
    p = calibrate(chance * has, parameters["population.two_cars"] * len(ids))
    two = sample(seed, Draw.MORE_CARS, ids, p, cell)
    three = sample(seed, Draw.MORE_CARS, ids, np.where(two & (drivers >= 3), 0.4, 0.0), cell, step=11)
    return has.astype(np.int8) + two + three


def drivers_of(household: Array, licence: Array, n: int) -> Array:
    """Licence holders of each household. int64 [household]."""
    return np.bincount(household[licence], minlength=n)
