"""Typed columnar tables: a schema (column, dtype, unit, doc) and NumPy columns that kernels read.

Lives here: Column, Schema, Table and their Parquet form. Not here: any particular schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from embauche.core.errors import UserError
from embauche.core.files import atomic_path


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: column name; units are in the name (`_min`, `_eur`, `_km`, `_g`).
        dtype: NumPy dtype name, or "str" or "bytes" for object columns.
        unit: unit in words ("s", "EUR cents", "row of communes").
        doc: what it means.
        low, high: inclusive bounds for a user's values, where they apply.
        required: whether a user's table must have it.
        default: value used where a user's table lacks it.
    """

    name: str
    dtype: str
    unit: str
    doc: str
    low: float | None = None
    high: float | None = None
    required: bool = True
    default: Any = None

    @property
    def numpy_dtype(self) -> np.dtype[Any]:
        """The NumPy dtype of the column's array."""
        return np.dtype(object) if self.dtype in ("str", "bytes") else np.dtype(self.dtype)


@dataclass(frozen=True)
class Schema:
    """The columns of one kind of table, in order."""

    name: str
    columns: tuple[Column, ...]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass
class Table:
    """Columns of equal length that follow a schema; `table.age` is the array of column age."""

    schema: Schema
    columns: dict[str, np.ndarray[Any, Any]] = field(default_factory=dict)

    @classmethod
    def make(cls, schema: Schema, columns: Mapping[str, Any]) -> Table:
        """Cast columns to the schema's dtypes; columns absent are filled with their default.

        Raises:
            ValueError: an unknown column, a missing one without default, or unequal lengths.
        """
        unknown = set(columns) - set(schema.names)
        if unknown:
            raise ValueError(f"{schema.name}: unknown columns {sorted(unknown)}")
        lengths = {len(v) for v in columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"{schema.name}: columns of unequal lengths {sorted(lengths)}")
        n = lengths.pop() if lengths else 0
        out: dict[str, np.ndarray[Any, Any]] = {}
        for column in schema:
            if column.name in columns:
                values = np.ascontiguousarray(columns[column.name])
                out[column.name] = values.astype(column.numpy_dtype, copy=False)
            elif column.default is not None:
                out[column.name] = np.full(n, column.default, dtype=column.numpy_dtype)
            else:
                raise ValueError(f"{schema.name}: column {column.name} is missing")
        return cls(schema, out)

    @classmethod
    def empty(cls, schema: Schema) -> Table:
        """A table of the schema without rows."""
        return cls(schema, {c.name: np.empty(0, c.numpy_dtype) for c in schema})

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getattr__(self, name: str) -> np.ndarray[Any, Any]:
        try:
            return self.__dict__["columns"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> np.ndarray[Any, Any]:
        return self.columns[name]

    def take(self, rows: np.ndarray[Any, Any]) -> Table:
        """The rows (indices or mask) as a new table."""
        return Table(self.schema, {k: v[rows] for k, v in self.columns.items()})

    def copy(self) -> Table:
        """A deep copy of the columns."""
        return Table(self.schema, {k: v.copy() for k, v in self.columns.items()})

    def to_arrow(self) -> pa.Table:
        """The table as Arrow; object columns become string or binary."""
        arrays: dict[str, pa.Array] = {}
        for column in self.schema:
            values = self.columns[column.name]
            if column.dtype == "str":
                arrays[column.name] = pa.array(values, pa.string(), from_pandas=True)
            elif column.dtype == "bytes":
                arrays[column.name] = pa.array(values, pa.binary(), from_pandas=True)
            else:
                arrays[column.name] = pa.array(values)
        return pa.table(arrays)

    def write(self, path: Path) -> None:
        """Write Parquet (zstd, no timestamps inside) under a temporary name, then rename."""
        with atomic_path(path) as tmp:
            pq.write_table(self.to_arrow(), tmp, compression="zstd")

    @classmethod
    def read(cls, schema: Schema, path: Path) -> Table:
        """Read Parquet written by `write`.

        Raises:
            UserError: the file is absent, damaged, or of another version's schema.
        """
        try:
            arrow = pq.read_table(path, partitioning=None)  # a folder "seed=1" is no column
        except (OSError, pa.ArrowException) as error:
            raise UserError(
                f"this {schema.name} table cannot be read",
                file=path,
                found=str(error).splitlines()[0],
                expected="a Parquet file written by embauche",
                fix="build the territory again with `embauche build`",
            ) from None
        missing = [c.name for c in schema if c.name not in arrow.column_names]
        if missing:
            raise UserError(
                f"this {schema.name} table lacks columns",
                file=path,
                found=", ".join(arrow.column_names),
                expected=", ".join(missing),
                fix="build the territory again with this version of embauche",
            )
        columns: dict[str, np.ndarray[Any, Any]] = {}
        for column in schema:
            values = arrow[column.name].to_numpy()
            columns[column.name] = np.ascontiguousarray(values.astype(column.numpy_dtype))
        return cls(schema, columns)
