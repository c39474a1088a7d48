"""Faults of shuttle lines that only the territory shows.

Lives here: line_problems. Not here: the fields' own checks (options).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from embauche.core.errors import Problem, UserError
from embauche.core.timetable_plan import StopAt
from embauche.routing.stops_named import StopBook
from embauche.services.shuttles.options import ShuttleLine


def line_problems(lines: Sequence[ShuttleLine], territory: Any, values: Mapping[str, float]) -> list[Problem]:
    """Stops and depots that cannot be placed, each with its keys below the service."""
    book = StopBook(territory, values)
    problems: list[Problem] = []

    def place(point: StopAt, keys: tuple[str | int, ...], before: int) -> int:
        try:
            return book.row(point, before)
        except UserError as error:
            problems.extend(dataclasses.replace(p, keys=keys) for p in error.problems)
            return -1

    for k, line in enumerate(lines):
        row = -1
        for i, stop in enumerate(line.stops):
            last, row = row, place(stop.plain(), ("lines", k, "stops", i), row)
            if row >= 0 and row == last:
                what = f"shuttle {line.name} stops at one place twice in a row"
                problems.append(Problem(what, found=stop.plain().label, keys=("lines", k, "stops", i)))
            if row >= 0 and book.columns["node"][row] < 0:
                what, found = "this stop lies off the network", stop.plain().label
                expected = "a stop that can be walked to"
                problems.append(Problem(what, None, None, found, expected, keys=("lines", k, "stops", i)))
        if line.depot is not None:
            place(line.depot.plain(), ("lines", k, "depot"), -1)
    return problems
