"""A territory: tables of what stands still, in a folder of Parquet files with a manifest.

Lives here: Territory, its saving, loading and restriction. Not here: building (build).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.files import write_json
from embauche.core.table import Table
from embauche.territory import schemas

if TYPE_CHECKING:
    import networkx as nx

FORMAT = 2
Array = np.ndarray[Any, Any]
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Territory:
    """What stands still: roads, communes, homes, sites, stops, timetable of one week.

    Attributes:
        nodes, arcs, turns, communes, places, sites, stops, trips, connections: tables that follow the
            schemas of the same name in `territory.schemas`.
        name: for people.
        stylised: roads and timetable are made up, not observed.
        manifest: hash of each input, versions, counts, repairs, notes.
        folder: where it was read from or written to, if anywhere.
    """

    nodes: Table
    arcs: Table
    communes: Table
    places: Table
    sites: Table
    stops: Table
    trips: Table
    connections: Table
    name: str
    stylised: bool = False
    turns: Table = field(default_factory=lambda: Table.empty(schemas.TURNS))
    manifest: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    @classmethod
    def load(cls, folder: Path | str) -> Territory:
        """Read a folder written by `embauche build`.

        Raises:
            UserError: no such folder, damaged, or of another format.
        """
        folder = Path(folder)
        manifest = _read_manifest(folder)
        tables = {s.name: Table.read(s, folder / f"{s.name}.parquet") for s in schemas.ALL}
        _check_rows(tables, folder)
        return cls(
            **tables,
            name=str(manifest.get("name", folder.name)),
            stylised=bool(manifest.get("stylised", False)),
            manifest=manifest,
            folder=folder,
        )

    def save(self, folder: Path | str) -> None:
        """Write tables and manifest into an existing folder (wrap in `atomic_folder` for a user's)."""
        for schema in schemas.ALL:
            table: Table = getattr(self, schema.name)
            table.write(Path(folder) / f"{schema.name}.parquet")
        write_json(Path(folder) / MANIFEST, self.manifest)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of any result must know about this territory, in sentences."""
        return tuple(self.manifest.get("notes", ()))

    def restrict(self, epcis: Iterable[str]) -> Territory:
        """The territory with communes, homes and sites of these EPCIs only; roads and stops stay.

        External zones stay too, with the residents' share of the posts that they offer and of the workers
        that they send. Nodes of other communes have commune -1.

        Args:
            epcis: EPCI codes.

        Raises:
            UserError: an EPCI that the territory does not have.
        """
        wanted = set(epcis)
        known = sorted({str(e) for e in self.communes.epci if e})
        for code in sorted(wanted - set(known)):
            near = difflib.get_close_matches(code, known, 1)
            raise UserError(
                f"the territory {self.name} has no EPCI {code}",
                expected=", ".join(known) or "no EPCI: it was built without communes' EPCIs",
                fix=f"write {near[0]}" if near else "choose one of these",
            )
        keep = np.array(
            [bool(x) or e in wanted for e, x in zip(self.communes.epci, self.communes.external, strict=True)]
        )
        row = np.append(np.where(keep, np.cumsum(keep) - 1, -1), -1).astype(np.int32)  # row[-1] stays -1

        def moved(table: Table, column: str, drop: bool) -> Table:
            values = row[table[column]]
            out = Table(table.schema, table.columns | {column: values})
            return out.take(values >= 0) if drop else out

        return replace(
            self,
            nodes=moved(self.nodes, "commune", False),
            communes=_shared(self.communes, keep),
            places=moved(self.places, "commune", True),
            sites=moved(self.sites, "commune", True),
            stops=moved(self.stops, "zone", False),
            manifest=self.manifest | {"restricted_to": sorted(wanted)},
            folder=None,
        )

    def to_networkx(self, mode: str = "car") -> nx.MultiDiGraph[int]:
        """The network of a mode as osmnx has it: see `territory.convert.to_networkx`."""
        from embauche.territory.convert import to_networkx

        return to_networkx(self, mode)


def _shared(communes: Table, keep: Array) -> Table:
    """The communes kept; external zones have as large a part of their jobs and inflow as residents stay."""
    inside = ~communes.external
    total = int(communes.population[inside].sum())
    share = int(communes.population[inside & keep].sum()) / total if total else 1.0
    columns = dict(communes.columns)
    for name in ("jobs", "inflow"):
        columns[name] = np.where(inside, columns[name], np.rint(columns[name] * share)).astype(np.int32)
    return Table(communes.schema, columns).take(keep)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    fix = "build it with `embauche build --osm FILE --out FOLDER`"
    if not path.is_file():
        raise UserError(
            "this is not a territory's folder", file=folder, expected=f"a folder with {MANIFEST}", fix=fix
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError("the manifest cannot be read", file=path, found=str(error), fix=fix) from None
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise UserError(
            "this territory was written by another version",
            file=path,
            found=f"format {found}",
            expected=f"format {FORMAT}",
            fix="build the territory again with this version of embauche",
        )
    return dict(manifest)


_REFERS = (
    ("nodes", "commune", "communes", -1), ("arcs", "tail", "nodes", 0), ("arcs", "head", "nodes", 0),
    ("turns", "arc", "arcs", 0),
    ("communes", "node", "nodes", 0), ("places", "node", "nodes", 0), ("places", "commune", "communes", 0),
    ("sites", "node", "nodes", 0), ("sites", "commune", "communes", 0), ("stops", "node", "nodes", -1),
    ("stops", "zone", "communes", -1), ("connections", "trip", "trips", 0),
    ("connections", "dep_stop", "stops", 0), ("connections", "arr_stop", "stops", 0),
)  # fmt: skip


def _check_rows(tables: dict[str, Table], folder: Path) -> None:
    """Refuse tables that point outside one another: kernels would read past their arrays."""
    for table, column, target, low in _REFERS:
        values = tables[table][column]
        if len(values) and (int(values.min()) < low or int(values.max()) >= len(tables[target])):
            raise UserError(
                f"the tables {table} and {target} do not belong together",
                file=folder / f"{table}.parquet",
                found=f"{column} from {int(values.min())} to {int(values.max())}",
                expected=f"{low} to {len(tables[target]) - 1}",
                fix="build the territory again",
            )
