"""Tables of commuting flows between zones, with the distances between them.

Lives here: Flows, read_flows. Not here: laws that predict flows (flow_laws, flow_fit).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.csv_rows import csv_rows
from embauche.core.errors import Problem, UserError, raise_all

Array = np.ndarray[Any, Any]
ORIGIN, DESTINATION = ("origin", "codgeo"), ("destination", "dclt")
FLOW = ("flow", "nbflux")  # INSEE's columns are NBFLUX_C14_ACTOCC15P and the like, by the year
EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Flows:
    """Persons who go from one zone to another.

    Attributes:
        ids: ids of zones, in the order of the table of zones.
        flow: float64 [zone of home, zone of work], within a zone 0.
        km: float64 [zone, zone], from home to work; 0 within a zone.
        notes: what was left out, counted.
    """

    ids: tuple[str, ...]
    flow: Array
    km: Array
    notes: tuple[str, ...] = ()


def _number(cell: str) -> float:
    """A finite number of a cell, NaN where there is none."""
    try:
        value = float(cell)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _column(header: list[str], names: tuple[str, ...]) -> int:
    """Index of the first column that begins with one of these names, -1 without."""
    return next((k for k, cell in enumerate(header) if cell.strip().lower().startswith(names)), -1)


def _zones(path: Path) -> tuple[tuple[str, ...], Array]:
    """Ids of zones and coordinates float64 [zone, 2] in km; NaN where the table gives none."""
    rows = csv_rows(path, "zones")
    header = [cell.strip().lower() for cell in next(rows)[1]]
    if "id" not in header:
        raise UserError(
            "the first line of a table of zones names its columns", file=path, line=1,
            found=", ".join(header)[:80] or "nothing", expected="id,x_km,y_km or id,lon,lat",
            fix="write this line",
        )  # fmt: skip
    at = header.index("id")
    pair = next((p for p in (("x_km", "y_km"), ("lon", "lat")) if set(p) <= set(header)), None)
    ids: dict[str, int] = {}
    xy: list[tuple[float, float]] = []
    faults: list[Problem] = []
    for line, row in rows:
        cells = [c.strip() for c in row] + [""] * (len(header) - len(row))
        name = cells[at]
        if not name or name in ids:
            faults.append(
                Problem("each zone has an id of its own", path, line, name or "nothing", "a new id")
            )
            continue
        ids[name] = len(ids)
        x, y = (_number(cells[header.index(c)]) for c in pair) if pair else (math.nan, math.nan)
        if pair and math.isnan(x + y):
            faults.append(
                Problem(f"zone {name} has no coordinates", path, line, str(row)[:80], "two numbers")
            )
        xy.append((x, y))
    if not faults and len(ids) < 3:
        faults.append(Problem("three zones at least are needed", path, None, f"{len(ids)} zones", "three"))
    raise_all(faults)
    places = np.array(xy)
    if pair == ("lon", "lat"):  # equirectangular about the mean latitude: within 1 % over some hundred km
        middle = math.radians(float(places[:, 1].mean()))
        places = np.radians(places) * EARTH_KM * np.array([math.cos(middle), 1.0])
    return tuple(ids), places


def _distances(path: Path, ids: tuple[str, ...]) -> Array:
    """A square table of kilometres without a header, rows and columns in the order of the zones."""
    rows: list[list[float]] = []
    faults: list[Problem] = []
    n = len(ids)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            "this table of distances cannot be read", file=path, found=str(error), expected="a CSV file"
        ) from None
    for line, text in enumerate(lines, 1):
        if not text.strip():
            continue
        row = [_number(cell) for cell in text.replace(";", ",").split(",")]
        if len(row) != n or any(not value >= 0 for value in row):
            found = f"{len(row)} cells, {text[:40]}"
            faults.append(Problem("a row of distances", path, line, found, f"{n} numbers of km, not below 0"))
        rows.append(row)
    if not faults and len(rows) != n:
        faults.append(Problem("one row of distances a zone", path, None, f"{len(rows)} rows", f"{n} rows"))
    raise_all(faults[:20])
    return np.array(rows)


def _flows(path: Path, ids: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    """Flows float64 [zone, zone] and what was left out; rows of the same pair add up."""
    rows = csv_rows(path, "flows")
    header = next(rows)[1]
    at = [_column(header, names) for names in (ORIGIN, DESTINATION, FLOW)]
    if min(at) < 0:
        raise UserError(
            "the first line of a table of flows names its columns", file=path, line=1,
            found=", ".join(header)[:80] or "nothing",
            expected="origin,destination,flow or INSEE's CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_...",
        )  # fmt: skip
    index = {name: k for k, name in enumerate(ids)}
    flow = np.zeros((len(ids), len(ids)))
    faults: list[Problem] = []
    outside, lost = 0, 0.0
    for line, row in rows:
        value = _number(row[at[2]].strip()) if len(row) > max(at) else math.nan
        if not value >= 0:
            faults.append(Problem("a flow", path, line, str(row)[:80], "two zones and a number, not below 0"))
            continue
        i, j = (index.get(row[k].strip(), -1) for k in at[:2])
        if i < 0 or j < 0:
            outside, lost = outside + 1, lost + value
        elif i != j:
            flow[i, j] += value
    if not faults and not flow.any():
        fix = "give zones whose ids stand in the table of flows"
        faults.append(Problem("no flow between two of the zones", path, None, f"{outside} others", None, fix))
    raise_all(faults[:20])
    notes = (f"{outside} flows ({lost:.0f} persons) left out: an end is no zone",) if outside else ()
    return flow, notes


def read_flows(flows: Path, zones: Path, distances: Path | None = None) -> Flows:
    """Read flows, zones, and distances if there are any (else straight lines between coordinates).

    Args:
        flows: `origin,destination,flow`, or INSEE's file of commuting flows between communes.
        zones: `id,x_km,y_km` or `id,lon,lat`; other columns do not matter.
        distances: kilometres, a square table without header in the order of the zones.

    Raises:
        UserError: with all faults of a file at once.
    """
    ids, xy = _zones(zones)
    flow, notes = _flows(flows, ids)
    if distances is not None:
        km = _distances(distances, ids)
        np.fill_diagonal(km, 0.0)
    elif np.isnan(xy).any():
        raise UserError(
            "distances are needed", file=zones, found="no coordinates",
            expected="columns x_km,y_km or lon,lat", fix="add them, or give a table of distances",
        )  # fmt: skip
    else:
        km = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    return Flows(ids, flow, km, notes)
