"""What a user's tables say of each other: households of workers, firms of posts, teams of shifts.

Lives here: Given, read_given. Not here: reading one table (user_files), joining them (user_tables).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embauche.core.errors import Problem, raise_all
from embauche.core.shifts import ShiftCatalogue
from embauche.population.user_files import Rows, read_table


@dataclass
class Given:
    """The tables that the user gave, read and located; None where there is none."""

    workers: Rows | None
    households: Rows | None
    firms: Rows | None
    posts: Rows | None


def read_given(
    workers: Path | None,
    households: Path | None,
    firms: Path | None,
    posts: Path | None,
    catalogue: ShiftCatalogue,
) -> Given:
    """Read every table, check each and what they say of each other; all faults in one error."""
    problems = []
    if households is not None and workers is None:
        problems.append(
            Problem("a table of households needs one of workers", households, fix="give --workers too")
        )
    if posts is not None and firms is None:
        problems.append(Problem("a table of posts needs one of firms", posts, fix="give --firms too"))
    shifts = {s.name: i for i, s in enumerate(catalogue.shifts)}
    paths = {"workers": workers, "households": households, "firms": firms, "posts": posts}
    tables = {k: read_table(path, k, {"shift": shifts}) for k, path in paths.items() if path is not None}
    given = Given(*(tables.get(k) for k in paths))
    if not any(t.problems for t in tables.values()):
        _check_links(given, catalogue)
    raise_all(problems + [p for t in tables.values() for p in t.problems])
    return given


def _check_links(given: Given, catalogue: ShiftCatalogue) -> None:
    workers, households, firms, posts = given.workers, given.households, given.firms, given.posts
    if workers is not None and households is not None:
        if "household_id" not in workers:
            workers.problems.append(
                Problem("with a table of households, workers need a household_id", workers.path, 1)
            )
        else:
            ids = workers["household_id"]
            lost = ~np.isin(ids, households["household_id"])
            workers.fault(lost, "this household is not in the table of households", lambda i: str(ids[i]))
            count = np.bincount(
                np.searchsorted(households["household_id"], ids[~lost]), minlength=len(households)
            )
            few = households["members"] < count
            households.fault(
                few,
                "this household has fewer members than workers",
                lambda i: str(households["members"][i]),
                "everybody counted, also children and elders",
            )
    if firms is None:
        return
    if posts is None and "posts" not in firms:
        firms.problems.append(
            Problem("firms have no posts", firms.path, 1, fix="add a column posts, or give a table of posts")
        )
    if posts is not None:
        owner = posts["firm_id"]
        lost = ~np.isin(owner, firms["firm_id"])
        posts.fault(lost, "this firm is not in the table of firms", lambda i: str(owner[i]))
        if "team" in posts:
            starts = [s.team_starts for s in catalogue.shifts]
            shift, team = posts["shift"], posts["team"]
            wrong = np.array([t not in starts[s] for s, t in zip(shift, team, strict=True)], bool)
            posts.fault(
                wrong, "this shift has no such team", lambda i: str(team[i]), "a week on which a team starts"
            )
