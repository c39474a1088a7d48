"""Persons aged 15-64: how many of which age, sex and status, and what each of them brings.

Lives here: People, counts by margins, licence, skill, wage, spell. Not here: households, cars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from embauche.population.ground import Ground
from embauche.population.margins import (
    AGE_GROUPS,
    AGE_SLOPE,
    UNEMPLOYED,
    WAGE_EUR,
    WEEKS_A_YEAR,
    WOMEN,
    activity_table,
    profile_of,
)
from embauche.population.quotas import (
    CODE_SHIFT,
    Array,
    Draw,
    calibrate,
    group_rank,
    interleave,
    keyed,
    largest_remainder,
    normals,
    rake,
    sample,
    stratified,
)
from embauche.population.schemas import SKILLS, Status

MEN_FROM_OUTSIDE = 0.57  # men among in-commuters, from memory: long commutes are men's more often
_WOMAN_WAGE = 0.94  # net monthly full-time wage for given domain and age, from memory


@dataclass
class People:
    """Persons before they have households; arrays [person], sorted by worker_id."""

    worker_id: Array
    commune: Array
    sex: Array
    age_weeks: Array
    status: Array
    external: Array

    def __len__(self) -> int:
        return len(self.worker_id)

    def take(self, rows: Array) -> People:
        """The rows (indices or mask) as other persons."""
        return People(**{f.name: getattr(self, f.name)[rows] for f in fields(People)})

    @property
    def years(self) -> Array:
        """Age in years, float64."""
        return np.asarray(self.age_weeks / WEEKS_A_YEAR)

    @property
    def group(self) -> Array:
        """Row of AGE_GROUPS; the last one also for those older."""
        return np.clip(np.searchsorted([g[1] for g in AGE_GROUPS], self.years, side="right"), 0, 2)


def residents_by_commune(ground: Ground, parameters: Mapping[str, float]) -> Array:
    """Persons aged 15-64 of each inside commune; the total is rounded once. int64 [inside]."""
    people = ground.communes.population[ground.inside] * parameters["population.share_15_64"]
    return np.asarray(np.diff(np.floor(np.r_[0.0, np.cumsum(people)] + 0.5)).astype(np.int64))


def make_people(ground: Ground, parameters: Mapping[str, float], seed: int) -> People:
    """Residents by age group, sex and status, hitting the margins, and workers of external zones.

    Quotas: the cells' integer totals are spread evenly over the sequence of persons in the order of
    communes, so that each holds for the territory exactly and for a commune within about one.
    """
    table = status_table(ground, parameters)
    count = residents_by_commune(ground, parameters)
    cell = _sequence(seed, table.ravel(), int(count.sum()), 0)
    residents = _numbered(ground, seed, table, np.repeat(ground.inside, count), cell)
    employed = int(np.count_nonzero(residents.status == Status.EMPLOYED))
    return join(residents, outsiders(ground, parameters, seed, employed))


def status_table(ground: Ground, parameters: Mapping[str, float]) -> Array:
    """Shares by age group, sex and status of the territory: margins.activity_table with its profile."""
    rate = parameters["population.unemployment_rate"] * profile_of(ground.name).unemployment_ratio
    return activity_table(min(rate, 0.9))


def outsiders(ground: Ground, parameters: Mapping[str, float], seed: int, residents: int) -> People:
    """Workers of external zones who work here, and job-seekers there who look here.

    Args:
        ground: the territory.
        parameters: `population.*`.
        seed: seed of the draws.
        residents: employed residents, who bound the in-commuters.
    """
    table = status_table(ground, parameters)
    inflow = ground.inflow(residents)
    ends = np.cumsum(inflow * parameters["population.outside_seekers"])
    sizes = inflow + np.diff(np.floor(np.r_[0.0, ends] + 0.5)).astype(np.int64)
    zone = np.repeat(np.arange(len(inflow)), sizes)
    works = group_rank(zone) < inflow[zone]
    cell = np.empty(len(works), np.int64)
    for status in (Status.UNEMPLOYED, Status.EMPLOYED):
        rows = works == (status == Status.EMPLOYED)
        by_sex = np.array([MEN_FROM_OUTSIDE, 1 - MEN_FROM_OUTSIDE]) / table[:, :, status].sum(0)
        shares = np.zeros_like(table)
        shares[:, :, status] = table[:, :, status] * by_sex
        cell[rows] = _sequence(seed, shares.ravel(), int(rows.sum()), 1 + int(status))
    return _numbered(ground, seed, table, ground.outside[zone], cell)


def _numbered(ground: Ground, seed: int, table: Array, commune: Array, cell: Array) -> People:
    """Persons of these communes (in the order of communes' numbers) and cells of the table."""
    worker_id = (ground.number[commune] << CODE_SHIFT) | group_rank(commune)
    group, sex, status = np.unravel_index(cell, table.shape)
    external = ground.communes.external[commune]
    age = _ages(seed, worker_id, cell * 2 + external, group, status)
    return People(
        worker_id, commune.astype(np.int32), sex.astype(np.int8), age, status.astype(np.int8), external
    )


def join(a: People, b: People) -> People:
    """Both as one, sorted by worker_id."""
    columns = {f.name: np.concatenate([getattr(a, f.name), getattr(b, f.name)]) for f in fields(People)}
    order = np.argsort(columns["worker_id"], kind="stable")
    return People(**{k: v[order] for k, v in columns.items()})


def _sequence(seed: int, shares: Array, total: int, step: int) -> Array:
    counts = largest_remainder(total, shares)
    phases = keyed(seed, Draw.CELL, np.arange(len(counts)), step=step)
    return interleave(counts, phases).astype(np.int64)


def _ages(seed: int, worker_id: Array, cell: Array, group: Array, status: Array) -> Array:
    """Weeks of age: linear density within the age group by status."""
    v = stratified(seed, Draw.AGE, worker_id, cell)
    slope = AGE_SLOPE[group, status]
    flat = np.abs(slope) < 1e-9
    s = np.where(flat, 1.0, slope)
    x = np.where(flat, v, (s - 1 + np.sqrt((1 - s) ** 2 + 4 * s * v)) / (2 * s))
    low = np.array([g[0] for g in AGE_GROUPS])[group] * WEEKS_A_YEAR
    width = np.array([g[1] - g[0] for g in AGE_GROUPS])[group] * WEEKS_A_YEAR
    return np.asarray((low + np.minimum(np.floor(x * width), width - 1)).astype(np.int32))


def licences(seed: int, people: People, parameters: Mapping[str, float]) -> Array:
    """Who holds a licence: none under 18, then by age group; less often those without work."""
    years = people.years
    ratio = np.array([0.80, 0.85, 1.0])[people.status] * np.where(
        (people.sex == 1) & (years >= 50), 0.95, 1.0
    )
    p = np.zeros(len(people))
    for low, high, name in ((18, 25, "population.licence_18_24"), (25, 200, "population.licence_25_64")):
        for outside in (False, True):
            rows = (years >= low) & (years < high) & (people.external == outside)
            p[rows] = calibrate(ratio[rows] * 0.9, parameters[name] * rows.sum())
    return sample(seed, Draw.LICENCE, people.worker_id, p, people.commune)


def bikes(seed: int, people: People, parameters: Mapping[str, float]) -> Array:
    """Who has a bike at hand."""
    p = np.full(len(people), parameters["population.bike"])
    return sample(seed, Draw.BIKE, people.worker_id, p, people.commune)


def apprentices(seed: int, people: People, parameters: Mapping[str, float], employed: int) -> Array:
    """Apprentices among the employed residents of 16-29 (exactly `employed`), and who seeks to be one."""
    years = people.years
    young = np.where((years >= 16) & (years < 30), np.exp(-(((years - 18.5) / 2.5) ** 2)) + 0.02, 0.0)
    works = (people.status == Status.EMPLOYED) & ~people.external
    p = calibrate(0.5 * young * works, employed)
    out = sample(seed, Draw.APPRENTICE, people.worker_id, p, people.commune)
    looks = (people.status == Status.UNEMPLOYED) & ~people.external & (years >= 16) & (years < 25)
    p = calibrate(0.5 * young * looks, parameters["population.apprentice_seekers"] * looks.sum())
    return out | sample(seed, Draw.APPRENTICE, people.worker_id, p, people.commune, step=11)


def skills(seed: int, people: People, apprentice: Array, posts: Array, training: Array) -> Array:
    """Domain of each person, so that the employed have as many of each domain as the posts ask.

    Args:
        seed: seed of the draws.
        people: persons.
        apprentice: who is or seeks to be an apprentice [person].
        posts: filled posts by domain, apprenticeships left out [skill].
        training: apprenticeship posts by domain [skill].

    Returns:
        row of SKILLS, int8 [person].
    """
    out = np.zeros(len(people), np.int8)
    worse = np.array([UNEMPLOYED[s] for s in SKILLS])
    women = np.array([WOMEN[s] for s in SKILLS])
    tilt = np.stack([1 - women, women])
    for kind, wanted in ((True, training), (False, posts)):
        for status in Status:
            rows = (apprentice == kind) & (people.status == status)
            n = np.array([np.count_nonzero(rows & (people.sex == sex)) for sex in (0, 1)])
            if not n.sum():
                continue
            shares = (wanted if wanted.sum() else np.ones(len(SKILLS))) * (
                1.0 if status == Status.EMPLOYED else worse
            )
            total = largest_remainder(int(n.sum()), shares)
            fitted = rake(tilt * total, n.astype(float), total.astype(float))
            of_women = np.minimum(largest_remainder(int(n[1]), fitted[1]), total)
            of_women = _fill(of_women, int(n[1]), total)
            for sex, counts in ((0, total - of_women), (1, of_women)):
                mine = rows & (people.sex == sex)
                v = keyed(
                    seed, Draw.SKILL, people.worker_id[mine], step=sex + 2 * int(status) + 6 * int(kind)
                )
                labels = np.empty(len(v), np.int8)
                labels[np.argsort(v, kind="stable")] = np.repeat(
                    np.arange(len(SKILLS), dtype=np.int8), counts
                )
                out[mine] = labels
    return out


def _fill(counts: Array, wanted: int, room: Array) -> Array:
    """Counts raised, within room, until they add up to `wanted`."""
    while (gap := wanted - int(counts.sum())) > 0:
        counts = counts + np.minimum(largest_remainder(gap, room - counts), room - counts)
    return counts


def usual_wages(
    seed: int, people: People, skill: Array, apprentice: Array, parameters: Mapping[str, float]
) -> Array:
    """Net monthly wage usual for a person's domain, age and sex, EUR cents. int32 [person].

    Log-normal by domain, with a profile that rises to 45 years; at least the net minimum wage.
    Apprentices have 43 to 100 % of it by age (FACTS: 27-100 % by age and year).
    """
    low = parameters["population.net_min_wage_eur"]
    years = people.years
    by_age = 1.0 - 0.22 * np.clip((45 - years) / 27, 0, 1) ** 1.5
    base = (
        np.array([WAGE_EUR[s] for s in SKILLS])[skill] * by_age * np.where(people.sex == 1, _WOMAN_WAGE, 1.0)
    )
    z = normals(stratified(seed, Draw.WAGE, people.worker_id, skill))
    wage = np.maximum(low, base * np.exp(parameters["population.wage_spread"] * z))
    trainee = low * np.select([years < 18, years < 21, years < 26], [0.43, 0.51, 0.67], 1.0)
    return np.asarray(np.rint(np.where(apprentice, trainee, wage)) * 100, np.int32)


def spells(seed: int, people: People, parameters: Mapping[str, float]) -> Array:
    """Weeks already spent in the status: log-normal (sigma 1.1), not longer than since the 16th birthday."""
    mean = np.where(
        people.status == Status.UNEMPLOYED,
        parameters["population.spell_unemployed_weeks"],
        parameters["population.spell_other_weeks"],
    )
    sigma = 1.1
    v = stratified(seed, Draw.SPELL, people.worker_id, people.status)
    weeks = np.exp(np.log(mean) - sigma**2 / 2 + sigma * normals(v))
    longest = np.clip(people.age_weeks - 16 * WEEKS_A_YEAR, 0, 2600)
    return np.asarray(np.minimum(np.floor(weeks), longest).astype(np.int32))
