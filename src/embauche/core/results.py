"""A run's folder: manifest, resolved scenario, indicators, and one folder of tables per seed.

Lives here: the layout and the lazy reader Result. Not here: writing (core.run_writer), meaning (analysis).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from embauche.core.errors import UserError
from embauche.core.files import sha256
from embauche.core.outputs import INDICATORS, ONCE, WEEKLY
from embauche.core.table import Schema, Table

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
COMMUNE_FILE = "communes.parquet"  # the territory's communes, for maps
MANIFEST, SCENARIO, INDICATOR_FILE, TIMINGS = (
    "manifest.json", "scenario.yaml", "indicators.parquet", "timings.json",
)  # fmt: skip
SCHEMAS: dict[str, Schema] = {s.name: s for s in (*ONCE, *WEEKLY)}


def seed_folder(folder: Path, seed: int) -> Path:
    """Where a run's folder keeps the tables of one seed."""
    return Path(folder) / f"seed={seed}"


class Result:
    """A run's folder, read lazily. `Result.open(folder)` is the way in."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest

    @classmethod
    def open(cls, folder: Path | str) -> Result:
        """Open a run's folder.

        Raises:
            UserError: it is no run's folder, or of another format.
        """
        folder = Path(folder)
        path = folder / MANIFEST
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UserError(
                "this is not a run's folder",
                file=folder,
                found=f"no {MANIFEST}" if isinstance(error, FileNotFoundError) else f"a damaged {MANIFEST}",
                expected=f"a folder with {MANIFEST} and {INDICATOR_FILE}, written by `embauche run`",
                fix="give the folder that `embauche run --out FOLDER` wrote",
            ) from None
        if not isinstance(manifest, dict) or "seeds" not in manifest:
            raise UserError(
                "this is not a run's folder",
                file=folder,
                found="a territory" if isinstance(manifest, dict) and "week" in manifest else "no seeds",
                expected=f"a {MANIFEST} written by `embauche run`",
                fix="give the folder that `embauche run --out FOLDER` wrote",
            )
        if manifest.get("format") != FORMAT:
            raise UserError(
                "this run was written in another format",
                file=path,
                found=f"format {manifest.get('format')}",
                expected=f"format {FORMAT}",
                fix="run the scenario again with this version of embauche",
            )
        return cls(folder, manifest)

    @property
    def name(self) -> str:
        """The scenario's name."""
        return str(self.manifest["name"])

    @property
    def scenario(self) -> dict[str, Any]:
        """The resolved scenario, plain values."""
        return dict(self.manifest["scenario"])

    @property
    def seeds(self) -> list[int]:
        """Seeds of the replications."""
        return [int(s) for s in self.manifest["seeds"]]

    @property
    def weeks(self) -> int:
        """Weeks simulated after burn-in."""
        return int(self.manifest["weeks"])

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """All indicators, long format (core.outputs.INDICATORS); week -1 is the whole run."""
        table = Table.read(INDICATORS, self.folder / INDICATOR_FILE)
        frame: pd.DataFrame = table.to_arrow().to_pandas()
        return frame

    @cached_property
    def timings(self) -> dict[str, float]:
        """Seconds by stage, empty if the run kept none."""
        path = self.folder / TIMINGS
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}

    def _path(self, name: str, seed: int | None) -> tuple[Path, Schema]:
        seed = self.seeds[0] if seed is None else seed
        if name not in SCHEMAS or seed not in self.seeds:
            raise UserError(
                "this run has no such table",
                file=self.folder,
                found=f"table {name}, seed {seed}",
                expected=f"one of {', '.join(SCHEMAS)}; seeds {', '.join(map(str, self.seeds))}",
            )
        return seed_folder(self.folder, seed) / f"{name}.parquet", SCHEMAS[name]

    def columns(self, name: str, seed: int | None = None) -> Table:
        """A table of one seed (default: the first) as NumPy columns."""
        path, schema = self._path(name, seed)
        return Table.read(schema, path)

    def table(self, name: str, seed: int | None = None) -> pd.DataFrame:
        """A table of one seed (default: the first) as a data frame."""
        frame: pd.DataFrame = self.columns(name, seed).to_arrow().to_pandas()
        return frame

    def week_tables(self, seed: int | None = None) -> Iterator[tuple[int, dict[str, Table]]]:
        """The weekly tables of one seed, week by week; a table without rows that week is empty."""
        seed = self.seeds[0] if seed is None else seed
        yield from read_weeks(seed_folder(self.folder, seed), range(self.weeks))

    def summary(self) -> pd.DataFrame:
        """The territory-wide indicators of the whole run: mean, least and greatest over seeds."""
        frame = self.indicators
        frame = frame[(frame["week"] == -1) & (frame["dimension"] == "all")]
        grouped = frame.groupby(["indicator", "statistic", "unit"], sort=False)["value"]
        return grouped.agg(["mean", "min", "max"]).reset_index()

    def changed_files(self) -> list[str]:
        """Files whose content is not what the manifest says, or that are gone."""
        out = []
        for name, digest in sorted(self.manifest["files"].items()):
            path = self.folder / name
            if not path.is_file() or sha256(path) != digest:
                out.append(name)
        return out


def read_weeks(folder: Path, weeks: range) -> Iterator[tuple[int, dict[str, Table]]]:
    """The weekly tables in a seed's folder, one week at a time (row groups are weeks).

    Raises:
        UserError: a file is absent or damaged.
    """
    files: dict[str, tuple[pq.ParquetFile, dict[int, int]]] = {}
    with ExitStack() as stack:
        for schema in WEEKLY:
            path = folder / f"{schema.name}.parquet"
            try:
                file = stack.enter_context(pq.ParquetFile(path))
            except (OSError, pa.ArrowException) as error:
                raise UserError(
                    f"this {schema.name} table cannot be read",
                    file=path,
                    found=str(error).splitlines()[0],
                    expected="a Parquet file written by embauche run",
                    fix="run the scenario again",
                ) from None
            column = file.schema_arrow.names.index("week")
            groups = range(file.metadata.num_row_groups)
            at = {file.metadata.row_group(g).column(column).statistics.min: g for g in groups}
            files[schema.name] = (file, at)
        for week in weeks:
            tables: dict[str, Table] = {}
            for schema in WEEKLY:
                file, at = files[schema.name]
                if week not in at:
                    tables[schema.name] = Table.empty(schema)
                    continue
                arrow = file.read_row_group(at[week])
                tables[schema.name] = Table.make(schema, {c: arrow[c].to_numpy() for c in schema.names})
            yield week, tables
