"""The start population as four tables: households, persons, firms, posts.

Lives here: Population and its folder. Not here: how it is made (synthesis) or read (user_tables).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from embauche.core.errors import UserError
from embauche.core.files import atomic_folder, write_json
from embauche.core.table import Table
from embauche.population.ground import Ground
from embauche.population.quotas import Array
from embauche.population.schemas import CENTRES, FIRMS, HOUSEHOLDS, PERSONS, POSTS, RESIDENCES

NOTES = "notes.json"


@dataclass(frozen=True)
class Population:
    """Who lives and who employs at the start, each table sorted by its id.

    Attributes:
        households: schema HOUSEHOLDS [household].
        persons: schema PERSONS [person]; those aged 15-64, and workers of external zones.
        firms: schema FIRMS [firm]; one or more a external zone among them.
        posts: schema POSTS [post]; sorted by id, so by firm and slot where ids are ours.
        notes: what a reader of results should know, sentences.
        moves: (firm, site), rows: firms that a scenario moves, and where to (labour.site_plan).
        residences: schema RESIDENCES [residence], those that exist at the start; None: none are known.
        centres: schema CENTRES [centre and domain], sorted by id and domain; None: apprentices have none.
    """

    households: Table
    persons: Table
    firms: Table
    posts: Table
    notes: tuple[str, ...] = field(default=())
    moves: tuple[tuple[int, int], ...] = ()
    residences: Table | None = None
    centres: Table | None = None

    def with_centres(self, centres: Table) -> Population:
        """The same with these training centres."""
        drawn = tuple(note for note in self.notes if not note.startswith("training centres"))
        note = f"training centres: {len(centres)} rows from the user's table"
        return replace(self, centres=centres, notes=(*drawn, note))

    def with_residences(self, residences: Table, note: str = "") -> Population:
        """The same with these residences."""
        note = note or f"residences: {len(residences)} from the user's table"
        return replace(self, residences=residences, notes=(*self.notes, note))

    def write(self, folder: Path, *, overwrite: bool = False) -> None:
        """Write the tables as Parquet into a folder, whole or not at all.

        Raises:
            UserError: the folder exists with something in it, or cannot be written.
        """
        with atomic_folder(folder, overwrite=overwrite) as tmp:
            for table in (self.households, self.persons, self.firms, self.posts):
                table.write(tmp / f"{table.schema.name}.parquet")
            for more in (self.residences, self.centres):
                if more is not None:
                    more.write(tmp / f"{more.schema.name}.parquet")
            write_json(tmp / NOTES, list(self.notes))

    @classmethod
    def read(cls, folder: Path) -> Population:
        """Read a folder written by `write`.

        Raises:
            UserError: a table is absent, damaged or of another version.
        """
        import json

        folder = Path(folder)
        households, persons, firms, posts = (
            Table.read(s, folder / f"{s.name}.parquet") for s in (HOUSEHOLDS, PERSONS, FIRMS, POSTS)
        )
        try:
            notes = tuple(str(n) for n in json.loads((folder / NOTES).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise UserError(
                "the population's notes cannot be read",
                file=folder / NOTES,
                found=str(error),
                expected="a folder written by embauche",
            ) from None
        path = folder / f"{CENTRES.name}.parquet"
        centres = Table.read(CENTRES, path) if path.is_file() else None
        there = folder / f"{RESIDENCES.name}.parquet"
        residences = Table.read(RESIDENCES, there) if there.is_file() else None
        return cls(households, persons, firms, posts, notes, residences=residences, centres=centres)


def assemble(
    ground: Ground, households: Table, persons: Table, firms: Table, posts: Table, notes: tuple[str, ...],
    centres: Table | None = None,
) -> Population:  # fmt: skip
    """Sort each table by id, renumber what refers to another table, and communes as the territory's."""
    households, persons, firms = (ground.to_territory(t) for t in (households, persons, firms))
    household_order = np.argsort(households.household_id, kind="stable")
    firm_order = np.argsort(firms.firm_id, kind="stable")
    persons = persons.take(np.argsort(persons.worker_id, kind="stable"))
    posts = posts.take(np.argsort(posts.post_id, kind="stable"))
    persons.columns["household"] = _inverse(household_order)[persons.household]
    posts.columns["firm"] = _inverse(firm_order)[posts.firm]
    if centres is not None:
        centres = ground.to_territory(centres)
        centres = centres.take(np.lexsort((centres.skill, centres.centre_id)))
    return Population(
        households.take(household_order), persons, firms.take(firm_order), posts, notes, centres=centres
    )


def _inverse(order: Array) -> Array:
    out = np.empty(len(order), np.int32)
    out[order] = np.arange(len(order), dtype=np.int32)
    return out
