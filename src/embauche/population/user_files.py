"""Reading a user's CSV or Parquet table against its columns, with every fault and its line.

Lives here: read_table, Rows. Not here: which columns (user_schemas) or what joins them (user_tables).
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from embauche.core.errors import Problem, UserError, raise_all
from embauche.population.quotas import Array
from embauche.population.user_schemas import UserColumn, columns_of

FIRST = 5  # faults of one kind that are listed one by one
_TRUE = {"true": 1, "1": 1, "yes": 1, "oui": 1, "vrai": 1, "t": 1, "1.0": 1}
_FALSE = {"false": 0, "0": 0, "no": 0, "non": 0, "faux": 0, "f": 0, "0.0": 0}
_BOOL = _TRUE | _FALSE


@dataclass
class Rows:
    """A user's table once read.

    Attributes:
        path: the file.
        kind: workers, households, firms or posts.
        columns: parsed values by column name [row].
        lines: line of each row in the file (Parquet: row number from 1) [row].
        problems: faults found so far.
    """

    path: Path
    kind: str
    columns: dict[str, Array] = field(default_factory=dict)
    lines: Array = field(default_factory=lambda: np.empty(0, np.int64))
    problems: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def fault(
        self, bad: Array, what: str, found: Callable[[int], str] | None = None, expected: str | None = None,
        fix: str | None = None,
    ) -> None:  # fmt: skip
        """Record the rows at fault: the first few by line, the others by their number."""
        rows = np.flatnonzero(bad)
        for i in rows[:FIRST]:
            self.problems.append(
                Problem(what, self.path, int(self.lines[i]), found(int(i)) if found else None, expected, fix)
            )
        if len(rows) > FIRST:
            self.problems.append(Problem(f"{what}: {len(rows)} rows in all", self.path))

    def sort(self, by: str) -> None:
        """Order the rows by an id, so that the file's order does not matter."""
        order = np.argsort(self.columns[by], kind="stable")
        self.columns = {k: v[order] for k, v in self.columns.items()}
        self.lines = self.lines[order]


def read_table(path: Path, kind: str, choices: Mapping[str, Mapping[str, int]] | None = None) -> Rows:
    """Read and check one table; faults are collected in its `problems`.

    Args:
        path: .csv or .parquet.
        kind: workers, households, firms or posts.
        choices: names and codes to use instead of a column's own (shift: the run's catalogue).

    Raises:
        UserError: the file is absent or cannot be read at all.
    """
    path = Path(path)
    columns = {c.name: c for c in columns_of(kind)}
    header, cells, lines, comma = (
        _read_parquet(path) if path.suffix.lower() in (".parquet", ".pq") else _read_csv(path)
    )
    out = Rows(path, kind, {}, lines)
    _check_header(out, header, columns)
    for position, name in enumerate(header):
        if name not in columns or name in out.columns:
            continue
        column = columns[name]
        if column.kind == "text":
            out.columns[name] = np.array([c.strip() for c in cells[position]], object)
            continue
        named = (choices or {}).get(name) or column.choices
        text = [c.strip().lower() for c in cells[position]]
        if comma and column.kind == "float":
            text = [c.replace(",", ".") for c in text]
        out.columns[name] = _parse(out, column, text, named)
    key = next(iter(columns))
    if key in out and not out.problems:
        out.sort(key)
        same = np.r_[False, np.diff(out[key]) == 0]
        out.fault(
            same, f"this {key} stands twice", lambda i: str(out[key][i]), "an id of its own on each row"
        )
    return out


def _check_header(out: Rows, header: Sequence[str], columns: Mapping[str, UserColumn]) -> None:
    line = 1 if out.path.suffix.lower() not in (".parquet", ".pq") else None
    for name in header:
        if name not in columns:
            near = difflib.get_close_matches(name, columns, 1, 0.5)
            out.problems.append(
                Problem(
                    "this column is not known",
                    out.path,
                    line,
                    name or "an empty heading",
                    ", ".join(columns),
                    f"rename it to {near[0]}, or drop it" if near else "drop it",
                )
            )
        elif header.count(name) > 1:
            out.problems.append(Problem("this column stands twice", out.path, line, name))
    for column in columns.values():
        if column.required and column.name not in header:
            out.problems.append(
                Problem(
                    "a column is missing",
                    out.path,
                    line,
                    ", ".join(header),
                    f"{column.name} ({column.doc})",
                    f"add it; `embauche schema {out.kind}` prints all columns",
                )
            )
    if not len(out):
        out.problems.append(Problem("this table has no rows", out.path, expected="at least one row"))


def _parse(out: Rows, column: UserColumn, text: list[str], choices: Mapping[str, int] | None) -> Array:
    """Values of one column; faults are recorded, and stand as 0."""
    if column.kind in ("bool", "choice"):
        table = dict(_BOOL if column.kind == "bool" else choices or {})
        if column.kind == "choice":
            table |= {str(v): v for v in table.values()} | {f"{v}.0": v for v in table.values()}
        values = np.array([table.get(t, -1) for t in text], np.int64)
        names = [k for k in table if not k.replace(".", "").isdigit()]

        def nearest(i: int) -> str:
            near = difflib.get_close_matches(text[i], names, 1)
            return f"{text[i] or 'nothing'}" + (f" (did you mean {near[0]}?)" if near else "")

        expected = ", ".join(names) if column.kind == "choice" else "true or false"
        out.fault(values < 0, f"{column.name} is not understood", nearest, expected)
        return np.where(values < 0, 0, values).astype(bool if column.kind == "bool" else np.int64)
    values, bad = _numbers(text, whole=column.kind == "int")
    unit = f" ({column.unit})" if column.unit else ""
    what = "a whole number" if column.kind == "int" else "a number"
    out.fault(bad, f"{column.name} is not {what}", lambda i: text[i] or "nothing", f"{what}{unit}")
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    beyond = ~bad & ((values < low) | (values > high))
    out.fault(beyond, f"{column.name} is out of range", lambda i: text[i], f"{low:g} to {high:g}{unit}")
    return np.where(bad | beyond, 0, values)


def _numbers(text: list[str], whole: bool) -> tuple[Array, Array]:
    """Numbers of cells, and which cells hold none; ids are read as integers, never through floats."""
    n = len(text)
    values = np.zeros(n, np.int64 if whole else np.float64)
    bad = np.zeros(n, bool)
    for i, t in enumerate(text):
        try:
            if whole:
                body = t[:-2] if t.endswith(".0") else t
                number = int(body) if body.isascii() and "_" not in body else None
                if number is None or abs(number) >= 1 << 63:
                    raise ValueError(t)
                values[i] = number
            else:
                values[i] = float(t) if "_" not in t else np.nan
        except ValueError:
            bad[i] = True
    return values, bad | ~np.isfinite(values)


def _read_csv(path: Path) -> tuple[list[str], list[tuple[str, ...]], Array, bool]:
    """Header, columns of text, line of each row, and whether decimals may be commas."""
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: list[tuple[int, int]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            separator = max((",", ";", "\t"), key=first.count)
            handle.seek(0)
            reader = csv.reader(handle, delimiter=separator, strict=True)
            header = [h.strip() for h in next(reader, [])]
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    ragged.append((reader.line_num, len(row)))
                    continue
                rows.append(row)
                lines.append(reader.line_num)
    except UnicodeDecodeError:
        raise UserError("this table is not UTF-8 text", file=path, fix="save it as CSV UTF-8") from None
    except csv.Error as error:
        raise UserError("this table cannot be read as CSV", file=path, found=str(error)) from None
    except OSError as error:
        raise _absent(path, error) from None
    raise_all(
        Problem(
            "this row has another number of cells than the heading",
            path,
            line,
            f"{n} cells",
            f"{len(header)} cells",
            "check separators and quotes in this line",
        )
        for line, n in ragged[:FIRST]
    )
    cells: list[tuple[str, ...]] = list(zip(*rows, strict=True)) if rows else [() for _ in header]
    return header, cells, np.array(lines, np.int64), separator == ";"


def _read_parquet(path: Path) -> tuple[list[str], list[tuple[str, ...]], Array, bool]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except pa.ArrowException as error:
        raise UserError(
            "this is not a Parquet table",
            file=path,
            found=str(error).splitlines()[0],
            expected="CSV or Parquet",
        ) from None
    except OSError as error:
        raise _absent(path, error) from None
    cells = [
        tuple("" if v is None else str(v) for v in table.column(i).to_pylist())
        for i in range(table.num_columns)
    ]
    return list(table.column_names), cells, np.arange(1, table.num_rows + 1), False


def _absent(path: Path, error: OSError) -> UserError:
    return UserError("this table cannot be opened", file=path, found=str(error.strerror or error))
