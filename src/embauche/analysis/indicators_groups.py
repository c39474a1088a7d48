"""Groups by which indicators are given: a code for each person or post, and the groups' names.

Lives here: Groups and how people and posts are sorted into them. Not here: any figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.table import Table
from embauche.population.schemas import SECTORS, SizeClass

Array = np.ndarray[Any, Any]
AGES = ((15, 24), (25, 54), (55, 64))


@dataclass(frozen=True)
class Groups:
    """Codes int64 [row], -1 where the row belongs to no group, and the name of each code."""

    codes: Array
    labels: tuple[str, ...]

    def sum(self, values: Array) -> Array:
        """Sum of values [row] in each group."""
        keep = self.codes >= 0
        return np.bincount(self.codes[keep], values[keep], minlength=len(self.labels))

    @classmethod
    def one(cls, n: int) -> Groups:
        """Everybody in one group."""
        return cls(np.zeros(n, np.int64), ("all",))

    @classmethod
    def of_text(cls, values: Array, keep: Array) -> Groups:
        """One group for each text found among the rows to keep."""
        labels, inverse = np.unique(values[keep].astype(str), return_inverse=True)
        codes = np.full(len(values), -1, np.int64)
        codes[keep] = inverse
        return cls(codes, tuple(str(x) for x in labels))

    @classmethod
    def of_rows(cls, rows: Array, labels: Sequence[str], keep: Array) -> Groups:
        """Groups that are coded already."""
        return cls(np.where(keep, rows.astype(np.int64), -1), tuple(labels))


class Lookup:
    """Rows of a table by id."""

    def __init__(self, ids: Array) -> None:
        """Take the ids, distinct, [row]."""
        self._order = np.argsort(ids, kind="stable")
        self._ids = ids[self._order]

    def rows(self, ids: Array) -> Array:
        """The row of each of these ids, int64, -1 of one that is not there; quick where an id repeats."""
        new = np.ones(len(ids), bool)
        new[1:] = ids[1:] != ids[:-1]  # a person's trips stand side by side
        asked = ids[new]
        if not len(self._ids):
            return np.full(len(ids), -1)
        at = np.minimum(np.searchsorted(self._ids, asked), len(self._ids) - 1)
        row = np.where(self._ids[at] == asked, self._order[at], -1)
        return np.asarray(row[np.cumsum(new) - 1])


def people_groups(people: Table) -> dict[str, Groups]:
    """Groups of residents; people of external zones are in none."""
    keep = ~people.external
    age = np.full(len(people), 1, np.int64)
    age[people.age <= AGES[0][1]] = 0
    age[people.age >= AGES[2][0]] = 2
    return {
        "all": Groups.of_rows(np.zeros(len(people)), ("all",), keep),
        "sex": Groups.of_rows(people.sex, ("man", "woman"), keep),
        "age": Groups.of_rows(age, tuple(f"{a}-{b}" for a, b in AGES), keep),
        "epci": Groups.of_text(people.epci, keep),
        "commune": Groups.of_text(people.commune, keep),
        "car": Groups.of_rows(people.household_cars > 0, ("no_car", "car"), keep),
        "apprentice": Groups.of_rows(people.apprentice, ("other", "apprentice"), keep),
    }


def post_groups(posts: Table, shifts: Sequence[str]) -> dict[str, Groups]:
    """Groups of posts of the territory, but shifts also of posts outside (for commutes)."""
    keep = ~posts.external
    everywhere = np.ones(len(posts), bool)
    return {
        "all": Groups.of_rows(np.zeros(len(posts)), ("all",), keep),
        "shift": Groups.of_rows(posts.shift, shifts, everywhere),
        "sector": Groups.of_rows(posts.sector, SECTORS, keep),
        "size_class": Groups.of_rows(posts.size_class, tuple(s.name for s in SizeClass), keep),
        "epci": Groups.of_text(posts.epci, keep),
        "commune": Groups.of_text(posts.commune, keep),
        "site": Groups.of_text(posts.site, posts.site != ""),
    }
