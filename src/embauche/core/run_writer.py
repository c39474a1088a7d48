"""Writes a run's folder, whole or not at all; each seed's tables stream week by week.

Lives here: RunWriter, SeedWriter, versions and CPU. Not here: reading (core.results).
"""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow.parquet as pq

from embauche.core.files import atomic_folder, sha256, write_json
from embauche.core.results import FORMAT, INDICATOR_FILE, MANIFEST, SCENARIO, TIMINGS, Result, seed_folder
from embauche.core.table import Table
from embauche.core.versions import versions_of

_PACKAGES = ("embauche", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


def cpu_model() -> str:
    """The processor's model name; byte identity is promised on one model only."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else (platform.processor() or platform.machine())


def versions() -> dict[str, str]:
    """Versions of Python and of the packages on which results depend."""
    return {"python": platform.python_version()} | versions_of(_PACKAGES)


class SeedWriter:
    """Streams the tables of one replication; a row group a week, so memory stays flat."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._writers: dict[str, pq.ParquetWriter] = {}

    def write_week(self, tables: Mapping[str, Table]) -> None:
        """Append one week of each of the tables given (names of core.outputs.WEEKLY)."""
        for name in sorted(tables):
            arrow = tables[name].to_arrow()
            if name not in self._writers:
                # Numbers hardly ever repeat: looking for those that do took half of the time of writing.
                words = [column.name for column in tables[name].schema if column.dtype in ("str", "bytes")]
                self._writers[name] = pq.ParquetWriter(
                    self.folder / f"{name}.parquet", arrow.schema, compression="zstd",
                    use_dictionary=words or False,
                )  # fmt: skip
            if arrow.num_rows:
                self._writers[name].write_table(arrow, row_group_size=arrow.num_rows)

    def write_once(self, *tables: Table) -> None:
        """Write tables that a replication has once: people, posts, access."""
        for table in tables:
            table.write(self.folder / f"{table.schema.name}.parquet")

    def close(self) -> None:
        """Finish the files; called on leaving the `with` block."""
        for name in sorted(self._writers):
            self._writers.pop(name).close()

    def __enter__(self) -> SeedWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class RunWriter:
    """Writes a run's folder whole or not at all.

    Use as a context manager; `seed(n)` gives a SeedWriter, or another process writes into
    `seed_folder(writer.folder, n)`; `finish` writes what belongs to the whole run.

    Args:
        out: the run's folder, new or empty; None makes a temporary one that lives as long as
            the Result that `finish` returns.
        overwrite: replace a folder that has something in it.

    Raises:
        UserError: the folder has something in it, or cannot be written.
    """

    def __init__(self, out: Path | None = None, *, overwrite: bool = False) -> None:
        self._temporary = out is None
        self._parent = Path(tempfile.mkdtemp(prefix="embauche-")) if out is None else None
        self.out = self._parent / "run" if self._parent is not None else Path(out or "")
        self._overwrite = overwrite
        self._stack = ExitStack()
        self._finished = False

    def __enter__(self) -> RunWriter:
        try:
            self.folder = self._stack.enter_context(atomic_folder(self.out, overwrite=self._overwrite))
        except BaseException:
            self._drop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and not self._finished:
            error = RuntimeError("RunWriter.finish was not called")
            kind = RuntimeError
        try:
            self._stack.__exit__(kind, error, trace)
        finally:
            if kind is not None:
                self._drop()

    def _drop(self) -> None:
        if self._parent is not None:
            shutil.rmtree(self._parent, ignore_errors=True)

    def seed(self, seed: int) -> SeedWriter:
        """The writer of one seed's tables."""
        return SeedWriter(seed_folder(self.folder, seed))

    def finish(
        self,
        *,
        scenario: Mapping[str, Any],
        indicators: Table,
        manifest: Mapping[str, Any],
        timings: Mapping[str, float] | None = None,
    ) -> None:
        """Write scenario, indicators and the manifest with the hashes of all files.

        Args:
            scenario: the resolved scenario, plain values.
            indicators: a table of core.outputs.INDICATORS, sorted.
            manifest: everything else needed to run it again; versions, CPU and file hashes are added.
            timings: seconds by stage; kept apart because they differ from run to run.
        """
        from ruamel.yaml import YAML

        yaml = YAML(typ="safe", pure=True)
        yaml.default_flow_style = False
        with (self.folder / SCENARIO).open("w", encoding="utf-8") as handle:
            yaml.dump(json.loads(json.dumps(scenario)), handle)
        indicators.write(self.folder / INDICATOR_FILE)
        files = sorted(p for p in self.folder.rglob("*") if p.is_file())
        whole = {
            **manifest,
            "format": FORMAT,
            "scenario": scenario,
            "versions": versions(),
            "cpu": cpu_model(),
            "files": {p.relative_to(self.folder).as_posix(): sha256(p) for p in files},
        }
        write_json(self.folder / MANIFEST, whole)
        if timings is not None:
            write_json(self.folder / TIMINGS, dict(timings))
        self._finished = True

    def result(self) -> Result:
        """The run just written, after the `with` block."""
        result = Result.open(self.out)
        if self._parent is not None:
            weakref.finalize(result, shutil.rmtree, self._parent, ignore_errors=True)
        return result
