"""Whether roads congest, and the traffic counts that a scenario may bring.

Lives here: CongestionSwitch, read_counts. Not here: capacities (parameters), the equilibrium (routing).

Counts are a CSV file in UTF-8, separated by commas or semicolons, with the columns `way` (OpenStreetMap way
id), `hour` (0 to 23: the hour that begins then) and `vehicles` (in that hour, each way): all traffic on
the way that is not of the model's commuters. Ways and hours that are not listed keep the general share.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from embauche.core.csv_rows import csv_table
from embauche.core.errors import Problem, raise_all
from embauche.core.scenario_fields import fault

COLUMNS = ("way", "hour", "vehicles")
WORDS = {"on": True, "off": False, "true": True, "false": False}
SCHEMA = {
    "anyOf": [
        {"type": "boolean"},
        {"enum": ["on", "off"]},
        {
            "type": "object",
            "properties": {"on": {"type": "boolean"}, "counts": {"type": ["string", "null"]}},
            "additionalProperties": False,
        },
    ]
}


class CongestionSwitch(BaseModel):
    """Whether car times grow with traffic."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    on: bool = Field(default=True, description="car times follow the traffic of each hour")
    counts: str | None = Field(default=None, description="CSV file of other traffic: way, hour, vehicles")


def switched(value: Any) -> Any:
    """`on`, `off`, or a mapping such as `{counts: counts.csv}`, as a mapping."""
    if isinstance(value, bool):
        return {"on": value}
    if isinstance(value, str) and value.lower() in WORDS:
        return {"on": WORDS[value.lower()]}
    if isinstance(value, dict | CongestionSwitch):
        return value
    raise fault("congestion is switched on or off", value, "on, off, or counts: and a file below it")


def _row(path: Path, line: int, words: list[str], problems: list[Problem]) -> tuple[int, int, float] | None:
    if len(words) != len(COLUMNS):
        problems.append(
            Problem("this row has not three columns", path, line, str(len(words)), ", ".join(COLUMNS))
        )
        return None
    before = len(problems)
    whole = [int(w) if w.isascii() and w.isdigit() and len(w) < 19 else -1 for w in words[:2]]
    if whole[0] < 0:
        problems.append(Problem("way is no OpenStreetMap id", path, line, words[0], "a whole number"))
    if not 0 <= whole[1] <= 23:
        problems.append(Problem("hour is no hour of the day", path, line, words[1], "0 to 23"))
    try:
        vehicles = float(words[2].replace(",", "."))
    except ValueError:
        vehicles = math.nan
    if not 0.0 <= vehicles < math.inf:
        problems.append(Problem("vehicles is no number", path, line, words[2], "0 or more"))
    return (whole[0], whole[1], vehicles) if len(problems) == before else None


def read_counts(path: Path) -> dict[tuple[int, int], float]:
    """Vehicles by (way, hour).

    Raises:
        UserError: all that is wrong in the file, each with its line.
    """
    rows = csv_table(path, "counts", COLUMNS, fix="look at congestion.counts in the scenario")
    problems: list[Problem] = []
    counts: dict[tuple[int, int], float] = {}
    for line, row in rows:
        found = _row(path, line, row, problems)
        if found is not None and found[:2] in counts:
            twice = f"way {found[0]}, hour {found[1]}"
            problems.append(Problem("a way has two counts in one hour", path, line, twice,
                "one row for each way and hour"))  # fmt: skip
        elif found is not None:
            counts[found[:2]] = found[2]
    raise_all(problems)
    return counts
