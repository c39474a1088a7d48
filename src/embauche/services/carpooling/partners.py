"""Who rode with whom at which hours: partners who keep to each other while nothing changes.

Lives here: Partners. Not here: seats (carpooling.fleet), the week (carpooling.week).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.services.carpooling.units import Units

Array = np.ndarray[Any, Any]
COLUMNS = ("rider", "start", "end", "driver", "driver_start", "driver_end", "week")
FORGOTTEN_WEEKS = 12


class Partners:
    """Ids and hours (minutes after midnight) of riders and their drivers; rosters rotate, so by hours.

    Attributes:
        columns: int64 [pair] by name (COLUMNS); `week` is when they last rode together.
    """

    def __init__(self) -> None:
        self.columns: dict[str, Array] = {name: np.empty(0, np.int64) for name in COLUMNS}

    def memory(self) -> dict[str, Array]:
        """The columns, named for the service's memory."""
        return {f"partner_{name}": column for name, column in self.columns.items()}

    def recall(self, memory: dict[str, Array]) -> None:
        """Go on from there; nobody known if empty."""
        none = np.empty(0, np.int64)
        self.columns = {name: memory.get(f"partner_{name}", none).copy() for name in COLUMNS}

    def cars(self, riders: Units, drivers: Units) -> Array:
        """Row of the driver with whom each rider rode at these hours, -1 if she does not drive now; int64."""
        row_of = {key: row for row, key in enumerate(_keys(drivers))}
        c = [self.columns[name].tolist() for name in COLUMNS[:6]]
        had = dict(zip(zip(*c[:3], strict=True), zip(*c[3:], strict=True), strict=True))
        rows = [row_of.get(had.get(key, (-1, 0, 0)), -1) for key in _keys(riders)]
        return np.array(rows, np.int64)

    def remember(self, week: int, riders: Units, drivers: Units) -> None:
        """Keep this week's pairs [pair]; those not seen for long are forgotten."""
        fresh = (
            riders.worker_id, riders.start, riders.end, drivers.worker_id, drivers.start, drivers.end,
            np.full(len(riders), week),
        )  # fmt: skip
        every = {
            name: np.concatenate([new.astype(np.int64), self.columns[name]])
            for name, new in zip(COLUMNS, fresh, strict=True)
        }
        key = np.stack([every[name] for name in COLUMNS[:3]], 1)
        _, first = np.unique(key, axis=0, return_index=True)  # the newest of each stands first
        first = first[every["week"][first] > week - FORGOTTEN_WEEKS]
        self.columns = {name: column[first] for name, column in every.items()}


def _keys(units: Units) -> list[tuple[int, int, int]]:
    start, end = units.start.astype(np.int64).tolist(), units.end.astype(np.int64).tolist()
    return list(zip(units.worker_id.tolist(), start, end, strict=True))
