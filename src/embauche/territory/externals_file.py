"""A user's table of external zones (CSV): one pole outside the territory a row.

Lives here: read_externals. Not here: what a zone is and its checks against the territory (externals).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from embauche.core.csv_rows import csv_rows
from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.suggest import nearest
from embauche.territory.externals import ExternalZone

REQUIRED = tuple(f.name for f in fields(ExternalZone) if f.default is MISSING)
COLUMNS = tuple(f.name for f in fields(ExternalZone))
_WHOLE = ("jobs", "inflow")
_WORDS = ("code", "name")


def read_externals(path: Path) -> tuple[ExternalZone, ...]:
    """External zones from a CSV file with the columns of ExternalZone; stop_ids are split at spaces.

    Args:
        path: UTF-8, separated by commas or semicolons, one header line; `code, name, lon, lat` at least.

    Raises:
        UserError: all that is wrong in the file, each with its line.
    """
    rows = csv_rows(path, "external zones")
    header = [h.strip() for h in next(rows)[1]]
    raise_all(_header_faults(path, header))
    problems: list[Problem] = []
    zones = []
    for line, row in rows:
        zone = _zone(path, line, dict(zip(header, row, strict=False)), problems)
        if zone is not None:
            zones.append(zone)
    raise_all(problems)
    if not zones:
        raise UserError("this table of external zones has no row", file=path, expected="one pole a row")
    return tuple(zones)


def _header_faults(path: Path, header: list[str]) -> list[Problem]:
    missing = [c for c in REQUIRED if c not in header]
    problems = []
    if missing:
        problems.append(
            Problem("columns are missing", path, 1, ", ".join(header) or "nothing", ", ".join(missing))
        )
    for name in header:
        if name not in COLUMNS:
            close = nearest(name, COLUMNS)
            fix = f"write {close}" if close else f"use {', '.join(COLUMNS)}"
            problems.append(Problem("unknown column", path, 1, name, None, fix))
    return problems


def _zone(path: Path, line: int, cells: Mapping[str, str], problems: list[Problem]) -> ExternalZone | None:
    values: dict[str, Any] = {}
    before = len(problems)
    for name, cell in cells.items():
        word = cell.strip()
        if name in _WORDS:
            values[name] = word
        elif name == "stop_ids":
            values[name] = tuple(word.split())
        elif word:
            try:
                values[name] = int(word) if name in _WHOLE else float(word.replace(",", "."))
            except ValueError:
                expected = "a whole number" if name in _WHOLE else "a number"
                problems.append(Problem(f"{name} is no number", path, line, word, expected))
    absent = [name for name in REQUIRED if values.get(name, "") == ""]
    problems += [Problem(f"{name} is missing", path, line, None, f"a value for {name}") for name in absent]
    return ExternalZone(**values) if len(problems) == before else None
