"""Rows of a user's CSV table with their line numbers; what is no table is one clear error.

Lives here: csv_rows, csv_table. Not here: what columns may hold (the readers of each table).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from embauche.core.errors import UserError


def csv_rows(path: Path, what: str, *, fix: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of the first line, then of every line that is not blank.

    Args:
        path: UTF-8, separated by commas, or by semicolons if the first line has one.
        what: what the table is of, in errors.
        fix: what to do where the file cannot be read.

    Raises:
        UserError: the file cannot be read, is not UTF-8, or is no CSV.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"this table of {what} cannot be read", file=path, found=str(error),
            expected="a CSV file in UTF-8", fix=fix,
        ) from None  # fmt: skip
    lines = text.splitlines()
    reader = csv.reader(lines, delimiter=";" if lines and lines[0].count(";") else ",")
    try:
        yield 1, next(reader, [])
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise UserError(
            f"this table of {what} is no CSV", file=path, line=reader.line_num, found=str(error),
            expected="values separated by commas or semicolons",
        ) from None  # fmt: skip


def csv_table(
    path: Path, what: str, columns: Sequence[str], *, fix: str | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells, without blanks around them, of every row of a table with just these columns.

    Raises:
        UserError: as csv_rows, or the first line does not name the columns.
    """
    rows = csv_rows(path, what, fix=fix)
    header = [cell.strip() for cell in next(rows)[1]]
    if header != list(columns):
        raise UserError(
            f"the first line of a table of {what} names its columns", file=path, line=1,
            found=", ".join(header)[:80] or "nothing", expected=",".join(columns), fix="write this line",
        )  # fmt: skip
    for line, row in rows:
        yield line, [cell.strip() for cell in row]
