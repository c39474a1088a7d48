"""The whole start population from communes and margins.

Lives here: synthesise, and how its parts fit together. Not here: the parts (persons, households,
firms, posts) or tables that a user brings (user_tables).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from embauche.core.shifts import ShiftCatalogue
from embauche.core.table import Table
from embauche.population import households as homes
from embauche.population import persons as people_of
from embauche.population.centres import make_centres
from embauche.population.firms import FirmPlan, make_firms, sector_shares, size_class_of
from embauche.population.ground import Ground, TerritoryLike
from embauche.population.levels import levels_held
from embauche.population.margins import profile_of
from embauche.population.persons import People
from embauche.population.population import Population, assemble
from embauche.population.posts import make_posts
from embauche.population.quotas import SLOT_BITS, Array, Draw, keyed, largest_remainder
from embauche.population.residences import with_residences
from embauche.population.schemas import HOUSEHOLDS, PERSONS, SKILLS, Contract, Status

CENTRES_DRAWN = "training centres: stylised, in the largest communes; give a table of centres for true ones"
MOST_OUT = 0.6  # at most this share of employed residents works outside at the start


def synthesise(
    territory: TerritoryLike, catalogue: ShiftCatalogue, parameters: Mapping[str, float], seed: int
) -> Population:
    """Persons in households, firms and posts of a territory.

    Stocks close: employed residents and in-commuters are as many as active posts, inside and
    outside, less the vacancies. The domains of the employed are those of the posts. The method and
    every margin are in docs/population.md.

    Args:
        territory: communes, places, sites and its name are used.
        catalogue: the shifts of posts.
        parameters: `population.*` and `posts.*`.
        seed: seed of all draws.

    Raises:
        UserError: nobody can live or work in the territory.
    """
    ground = Ground.of(territory).gathered(parameters, seed)
    people = people_of.make_people(ground, parameters, seed)
    firms, posts, notes = employers(ground, people, catalogue, parameters, seed)
    apprentice = people_of.apprentices(seed, people, parameters, apprentices_wanted(people, parameters))
    skill = people_of.skills(seed, people, apprentice, *posts_by_skill(posts))
    households, persons = settle(ground, people, apprentice, skill, parameters, seed)
    note = f"population: synthesised from communes and margins ({profile_of(ground.name).source})"
    centres = make_centres(ground, posts_by_skill(posts)[1], parameters, seed)
    notes = (note, CENTRES_DRAWN, *notes)
    population = assemble(ground, households, persons, firms.table(parameters, seed), posts, notes, centres)
    if getattr(territory, "stylised", False):
        population = with_residences(population, ground, parameters)
    return population


def apprentices_wanted(people: People, parameters: Mapping[str, float]) -> int:
    """Apprentices in employment: a share of employed residents."""
    employed = int(np.count_nonzero((people.status == Status.EMPLOYED) & ~people.external))
    young = (people.years >= 16) & (people.years < 30) & (people.status == Status.EMPLOYED) & ~people.external
    return min(round(parameters["population.apprentices"] * employed), int(young.sum()))


def employers(
    ground: Ground, people: People, catalogue: ShiftCatalogue, parameters: Mapping[str, float], seed: int
) -> tuple[FirmPlan, Table, tuple[str, ...]]:
    """Firms and posts for these persons, so that stocks close."""
    filled, outside, notes = external_jobs(ground, people, parameters)
    odds = vacancy_odds(parameters)
    active = filled + round(filled * odds)
    trained = apprentices_wanted(people, parameters)
    more = round(trained * (parameters["apprentices.posts"] - 1.0))  # that firms do not offer each year
    firms = make_firms(ground, parameters, seed, active + more, outside)
    shares = sector_shares(ground.name, parameters)
    posts = make_posts(firms, shares, catalogue, parameters, seed, trained + round(trained * odds) + more,
                       more)  # fmt: skip
    places = np.flatnonzero(posts.active & (posts.contract == Contract.APPRENTICESHIP))
    places = places[posts.post_id[places] % (1 << SLOT_BITS) > 0]  # a firm has a post at least
    luck = keyed(seed, Draw.IDLE_PLACE, posts.post_id[places])
    posts.active[places[np.argsort(luck, kind="stable")[:more]]] = False
    now = np.bincount(posts.firm[posts.active], minlength=len(firms.firm_id))
    firms = replace(firms, active=now, size_class=size_class_of(now))
    return firms, posts, notes


def vacancy_odds(parameters: Mapping[str, float]) -> float:
    """Vacant posts for each filled one."""
    return parameters["posts.vacancy_rate"] / (1.0 - parameters["posts.vacancy_rate"])


def external_jobs(
    ground: Ground, people: People, parameters: Mapping[str, float]
) -> tuple[int, Array, tuple[str, ...]]:
    """Filled posts inside that close the stocks, and active posts of each external zone.

    Returns:
        filled posts inside, active posts of ground.outside [zone], and notes.
    """
    works = people.status == Status.EMPLOYED
    residents = int(np.count_nonzero(works & ~people.external))
    inflow = int(np.count_nonzero(works & people.external))
    jobs = ground.communes.jobs[ground.outside].astype(np.int64)
    notes: tuple[str, ...] = ()
    most = int(MOST_OUT * residents)
    if jobs.sum() > most:
        notes += (f"external zones: {jobs.sum()} posts for {residents} employed residents; cut to {most}",)
        jobs = largest_remainder(most, jobs)
    stated = int(ground.communes.inflow[ground.outside].sum())
    if inflow < stated and inflow == ground.inflow(residents).sum():
        notes += (f"external zones: {stated} in-commuters; cut to {inflow}",)
    outside = jobs + np.rint(jobs * vacancy_odds(parameters)).astype(np.int64)
    return residents - int(jobs.sum()) + inflow, outside, notes


def posts_by_skill(posts: Table) -> tuple[Array, Array]:
    """Active posts by domain: others than apprenticeships, and apprenticeships. int64 [skill] each."""
    active = posts.active.astype(bool)
    trains = posts.contract == Contract.APPRENTICESHIP
    size = len(SKILLS)
    return (
        np.bincount(posts.skill[active & ~trains], minlength=size),
        np.bincount(posts.skill[active & trains], minlength=size),
    )


def settle(
    ground: Ground,
    people: People,
    apprentice: Array,
    skill: Array,
    parameters: Mapping[str, float],
    seed: int,
) -> tuple[Table, Table]:
    """Households and persons' tables: homes, licences, wages, incomes, cars."""
    columns, household = homes.form_households(ground, people, parameters, seed)
    licence = people_of.licences(seed, people, parameters)
    wage = people_of.usual_wages(seed, people, skill, apprentice, parameters)
    columns["quintile"] = homes.fifths(seed, columns, household, people, wage)
    drivers = homes.drivers_of(household, licence, len(columns["household_id"]))
    columns["cars"] = homes.cars(seed, ground, columns, drivers, parameters)
    persons = {
        "worker_id": people.worker_id,
        "household": household,
        "commune": people.commune,
        "place": columns["place"][household],
        "sex": people.sex,
        "age_weeks": people.age_weeks,
        "licence": licence,
        "bike": people_of.bikes(seed, people, parameters),
        "skill": skill,
        "level": levels_held(seed, people, skill),
        "quintile": columns["quintile"][household],
        "status": people.status,
        "apprentice": apprentice,
        "wage_ref_cents": wage,
        "spell_weeks": people_of.spells(seed, people, parameters),
    }
    return Table.make(HOUSEHOLDS, columns), Table.make(PERSONS, persons)
