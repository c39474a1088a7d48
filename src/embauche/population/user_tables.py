"""Tables that a user brings in place of synthesis: workers, households, firms, posts.

Lives here: read_population, which joins the tables and has the rest drawn. Not here: reading files
(user_files), where rows lie (user_places), columns and their print (user_schemas).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from embauche.core.errors import Problem, raise_all
from embauche.core.shifts import ShiftCatalogue
from embauche.core.table import Table
from embauche.population import firms as firms_of
from embauche.population import persons as people_of
from embauche.population import posts as posts_of
from embauche.population.firms import FirmPlan, external_firms, size_class_of
from embauche.population.ground import Ground, TerritoryLike
from embauche.population.levels import levels_asked
from embauche.population.persons import People
from embauche.population.population import Population, assemble
from embauche.population.quotas import Array
from embauche.population.residences import with_residences
from embauche.population.schemas import POSTS, Contract, Status
from embauche.population.synthesis import employers, external_jobs, posts_by_skill, settle
from embauche.population.user_files import Rows
from embauche.population.user_homes import settle_given
from embauche.population.user_links import Given, read_given
from embauche.population.user_places import Located, locate
from embauche.population.user_schemas import print_schema

__all__ = ["print_schema", "read_population"]


def read_population(
    workers: Path | None = None,
    households: Path | None = None,
    firms: Path | None = None,
    posts: Path | None = None,
    *,
    territory: TerritoryLike,
    catalogue: ShiftCatalogue,
    parameters: Mapping[str, float],
    seed: int,
) -> Population:
    """A population from the user's tables; what they do not give is synthesised.

    Workers replace all residents (workers of external zones are drawn unless the table has some),
    firms replace all firms inside the territory. Columns: `print_schema`. Rows may come in any
    order.

    Args:
        workers, households, firms, posts: CSV or Parquet files; households need workers, posts
            need firms.
        territory: where they live and work.
        catalogue: shifts that posts may name.
        parameters: of the synthesis.
        seed: seed of what is drawn.

    Raises:
        UserError: every fault of every table, with file and line.
    """
    ground = Ground.of(territory)
    given = read_given(workers, households, firms, posts, catalogue)
    home, site = _locate(given, ground, seed)
    notes = _used(given)
    if given.workers is not None:
        assert home is not None
        people = _people(given.workers, home, ground, parameters, seed)
    else:
        people = people_of.make_people(ground, parameters, seed)
    if given.firms is not None:
        assert site is not None
        firm_table, post_table = _employers(given, site, ground, people, catalogue, parameters, seed)
    else:
        plan, post_table, more = employers(ground, people, catalogue, parameters, seed)
        firm_table, notes = plan.table(parameters, seed), notes + more
    apprentice, skill = _abilities(given.workers, people, post_table, parameters, seed)
    if given.workers is None:
        household_table, persons = settle(ground, people, apprentice, skill, parameters, seed)
    else:
        assert home is not None
        household_table, persons = settle_given(
            given.workers, given.households, home, ground, people, apprentice, skill, parameters, seed
        )
    employed = int(np.count_nonzero(people.status == Status.EMPLOYED))
    active = int(np.count_nonzero(post_table.active))
    if employed > active:
        notes += (f"tables: {employed} employed for {active} posts; those left over start unemployed",)
    population = assemble(ground, household_table, persons, firm_table, post_table, notes)
    if getattr(territory, "stylised", False):
        population = with_residences(population, ground, parameters)
    return population


def _locate(given: Given, ground: Ground, seed: int) -> tuple[Located | None, Located | None]:
    """Homes of workers (of their household where its table says so), and sites of firms."""
    home = site = None
    problems: list[Problem] = []
    workers, households = given.workers, given.households
    if workers is not None:
        by_household = households is not None and ("lon" in households or "commune" in households)
        if by_household and households is not None:
            of_household = locate(households, ground, "places", seed)
            row = np.searchsorted(households["household_id"], workers["household_id"])
            home = Located(of_household.commune[row], of_household.row[row])
            problems += households.problems
        else:
            home = locate(workers, ground, "places", seed)
            problems += workers.problems
    if given.firms is not None:
        site = locate(given.firms, ground, "sites", seed)
        problems += given.firms.problems
    raise_all(problems)
    return home, site


def _used(given: Given) -> tuple[str, ...]:
    tables = (given.workers, given.households, given.firms, given.posts)
    used = [f"{len(t)} {t.kind}" for t in tables if t is not None]
    return ("population: " + ", ".join(used) + " from the user's tables; the rest is synthesised",)


def _people(rows: Rows, home: Located, ground: Ground, parameters: Mapping[str, float], seed: int) -> People:
    people = People(
        rows["worker_id"],
        home.commune.astype(np.int32),
        rows["sex"].astype(np.int8),
        np.floor(rows["age"] * 52).astype(np.int32),
        rows["status"].astype(np.int8),
        ground.communes.external[home.commune],
    )
    # Bits 24-35 tell entrants who take the row of a retired person from her: see docs/model.md.
    marked = (rows["worker_id"] >> 24) & 0xFFF != 0
    rows.fault(
        marked, "this worker_id would meet that of a later entrant", lambda i: str(rows["worker_id"][i]),
        "an id below 16,777,216, or one written by embauche",
    )  # fmt: skip
    raise_all(rows.problems)
    if people.external.any():
        return people
    employed = int(np.count_nonzero(people.status == Status.EMPLOYED))
    outside = people_of.outsiders(ground, parameters, seed, employed)
    taken = np.isin(rows["worker_id"], outside.worker_id)
    rows.fault(
        taken, "this worker_id is one of an external zone's workers", lambda i: str(rows["worker_id"][i]),
        "another id, best below 16,777,216",
    )  # fmt: skip
    raise_all(rows.problems)
    return people_of.join(people, outside)


def _employers(
    given: Given, site: Located, ground: Ground, people: People, catalogue: ShiftCatalogue,
    parameters: Mapping[str, float], seed: int,
) -> tuple[Table, Table]:  # fmt: skip
    """Firms' and posts' tables from the user's, with external zones' firms unless the table has some."""
    firms, posts = given.firms, given.posts
    assert firms is not None
    if posts is None:
        count = firms["posts"]
    else:
        owner = np.searchsorted(firms["firm_id"], posts["firm_id"])
        now = posts["active"] if "active" in posts else np.ones(len(posts), bool)
        count = np.bincount(owner[now], minlength=len(firms))
    if not count.any():
        source, column = (firms, "posts") if posts is None else (posts, "active")
        what = "there are no posts in these tables, so nobody could work"
        fix = f"fill in the column {column} of the table of {source.kind}"
        raise_all([Problem(what, source.path, None, "0 posts", "at least one post", fix)])
    external = ground.communes.external[site.commune]
    own = FirmPlan(
        firms["firm_id"], site.commune, site.row, firms["sector"], size_class_of(count), count, external
    )
    outside = external_firms(ground, np.zeros(len(ground.outside), np.int64))
    if not external.any():
        outside = external_firms(ground, external_jobs(ground, people, parameters)[1])
    shares = firms_of.sector_shares(ground.name, parameters)
    if posts is None:
        working = (people.status == Status.EMPLOYED) & ~people.external
        trained = round(parameters["population.apprentices"] * min(int(working.sum()), int(count.sum())))
        plan = firms_of.join(own, outside)
        table = posts_of.make_posts(plan, shares, catalogue, parameters, seed, trained)
    else:
        extra = posts_of.make_posts(outside, shares, catalogue, parameters, seed, 0)
        plan = firms_of.join(own, outside)
        mine = _own_posts(posts, own, catalogue, parameters, seed)
        columns = {n: np.concatenate([mine[n], extra[n]]) for n in POSTS.names}
        ids = np.concatenate([own.firm_id[mine["firm"]], outside.firm_id[extra.firm]])
        columns["firm"] = np.searchsorted(plan.firm_id, ids)
        table = Table.make(POSTS, columns)
    frame = plan.table(parameters, seed)
    if "screening" in firms:
        frame.columns["screening"][np.searchsorted(plan.firm_id, own.firm_id)] = firms["screening"]
    if "naf" in firms:
        frame.columns["naf"][np.searchsorted(plan.firm_id, own.firm_id)] = firms["naf"]
    return frame, table


def _own_posts(
    posts: Rows, firms: FirmPlan, catalogue: ShiftCatalogue, parameters: Mapping[str, float], seed: int
) -> dict[str, Array]:
    """Columns of POSTS of the user's posts; `firm` is the row of the user's firms."""
    firm = np.searchsorted(firms.firm_id, posts["firm_id"])
    skill, shift, ids = posts["skill"], posts["shift"], posts["post_id"]
    contract = posts["contract"] if "contract" in posts else np.full(len(posts), int(Contract.CDI))
    team = posts["team"] if "team" in posts else posts_of.teams(seed, catalogue, firms.firm_id, firm, shift)
    if "wage_eur" in posts:
        wage = np.rint(posts["wage_eur"] * 100)
    else:
        size = firms.size_class[firm]
        wage = posts_of.wages(seed, parameters, catalogue, ids, skill, size, shift, contract)
    active = posts["active"] if "active" in posts else np.ones(len(posts), bool)
    level = posts["level"] if "level" in posts else levels_asked(seed, ids, skill, active)
    columns = (ids, firm, skill, level, shift, team, contract, wage, active)
    return dict(zip(POSTS.names, columns, strict=True))


def _abilities(
    rows: Rows | None, people: People, posts: Table, parameters: Mapping[str, float], seed: int
) -> tuple[Array, Array]:
    """Who is an apprentice and which domain each person has: the user's, or drawn as posts ask."""
    wanted, training = posts_by_skill(posts)
    working = (people.status == Status.EMPLOYED) & ~people.external
    filled = round(float(training.sum()) * (1.0 - parameters["posts.vacancy_rate"]))
    apprentice = people_of.apprentices(seed, people, parameters, min(filled, int(working.sum())))
    mine = _rows_of(rows, people)
    if rows is not None and "apprentice" in rows:
        apprentice[mine] = rows["apprentice"]
    skill = people_of.skills(seed, people, apprentice, wanted, training)
    if rows is not None and "skill" in rows:
        skill[mine] = rows["skill"]
    return apprentice, skill


def _rows_of(rows: Rows | None, people: People) -> Array:
    ids = np.empty(0, np.int64) if rows is None else rows["worker_id"]
    return np.searchsorted(people.worker_id, ids)
