"""Trips copied to other times, trips withdrawn: what edits of a timetable are made of.

Lives here: Patterns, Copies, chosen trips. Not here: which edit asks for what (timetable_edit).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from embauche.core.errors import UserError
from embauche.core.suggest import nearest
from embauche.core.table import Table

Array = np.ndarray[Any, Any]


class Choosing(Protocol):
    """What an edit says about which trips it means."""

    @property
    def routes(self) -> tuple[str, ...]:
        """Route ids or names, empty for all."""

    @property
    def mode(self) -> int | None:
        """GTFS route type, None for all."""


@dataclass(frozen=True)
class Patterns:
    """Trips by route and stops.

    Attributes:
        pattern: int64 [trip], -1 without connections.
        start: int64 [trip] first departure, seconds.
        order: int64 [connection] rows by trip; ptr: int64 [trip + 1] into it.
    """

    pattern: Array
    start: Array
    order: Array
    ptr: Array

    @classmethod
    def of(cls, trips: Table, connections: Table) -> Patterns:
        """The patterns of these tables."""
        order = np.lexsort((np.arange(len(connections)), connections.trip))
        trip = connections.trip[order]
        first = np.concatenate([[0], np.flatnonzero(np.diff(trip)) + 1]) if len(trip) else np.zeros(0, int)
        stops = [
            (
                str(trips.route[t]),
                connections.dep_stop[rows].tobytes() + connections.arr_stop[rows][-1:].tobytes(),
            )
            for t, rows in zip(trip[first], np.split(order, first[1:]), strict=False)
        ]
        names = {key: i for i, key in enumerate(sorted(set(stops)))}
        pattern = np.full(len(trips), -1, np.int64)
        pattern[trip[first]] = [names[s] for s in stops]
        start = np.zeros(len(trips), np.int64)
        start[trip[first]] = connections.dep_s[order][first]
        return cls(pattern, start, order, np.searchsorted(trip, np.arange(len(trips) + 1)))

    def ends(self, connections: Table, trip: int) -> tuple[int, int]:
        """First and last stop of a trip."""
        rows = self.order[self.ptr[trip] : self.ptr[trip + 1]]
        return int(connections.dep_stop[rows[0]]), int(connections.arr_stop[rows[-1]])


def chosen_trips(edit: Choosing, trips: Table, patterns: Patterns) -> Array:
    """The trips that an edit means, bool [trip].

    Raises:
        UserError: none.
    """
    chosen = np.ones(len(trips), bool)
    if edit.mode is not None:
        chosen &= trips.mode == edit.mode
    if edit.routes:
        chosen &= np.isin(trips.route, edit.routes) | np.isin(trips.route_name, edit.routes)
    chosen &= patterns.pattern >= 0
    if not chosen.any() and (edit.routes or edit.mode is not None):
        names = sorted(set(map(str, trips.route_name)))
        near = nearest(edit.routes[0], names) if edit.routes else None
        raise UserError(
            "an edit of the timetable matches no trip",
            found=f"routes {', '.join(edit.routes) or 'all'}, mode {edit.mode}",
            expected=f"one of the routes {', '.join(names)[:300]}",
            fix=f"did you mean {near}?" if near else "name a route of this territory, or leave `routes: all`",
        )
    return chosen


class Copies:
    """Trips to be added, as copies of others moved in time."""

    def __init__(self, trips: Table, connections: Table, patterns: Patterns) -> None:
        self._trips, self._connections, self._patterns = trips, connections, patterns
        self._ids = set(map(str, trips.trip_id))
        self._new: dict[str, list[Any]] = {name: [] for name in trips.schema.names}
        self._parts: list[dict[str, Array]] = []

    def add(self, template: int, time_s: int, days: int) -> None:
        """A trip like `template` that leaves at time_s on these days (bit mask)."""
        trips, patterns = self._trips, self._patterns
        name = base = f"{trips.trip_id[template]}+{time_s // 60}"
        n = 1
        while name in self._ids:
            n += 1
            name = f"{base}.{n}"
        self._ids.add(name)
        for key in trips.schema.names:
            self._new[key].append(trips[key][template])
        self._new["trip_id"][-1], self._new["days"][-1] = name, days
        rows = patterns.order[patterns.ptr[template] : patterns.ptr[template + 1]]
        part = {key: self._connections[key][rows] for key in self._connections.schema.names}
        shift = np.int32(time_s - patterns.start[template])
        part["dep_s"], part["arr_s"] = part["dep_s"] + shift, part["arr_s"] + shift
        part["trip"] = np.full(len(rows), len(trips) + len(self._new["trip_id"]) - 1, np.int32)
        self._parts.append(part)

    def joined(self) -> tuple[Table, Table]:
        """The tables with the copies at their end."""
        trips, connections = self._trips, self._connections
        if not self._parts:
            return trips, connections
        joined = {n: np.concatenate([trips[n], np.array(self._new[n], trips[n].dtype)]) for n in self._new}
        lines = {
            n: np.concatenate([connections[n], *(part[n] for part in self._parts)])
            for n in connections.schema.names
        }
        return Table.make(trips.schema, joined), Table.make(connections.schema, lines)


def without(trips: Table, connections: Table, taken: Array) -> tuple[Table, Table]:
    """The tables with days taken from trips; trips that run on no day are gone.

    Args:
        trips, connections: the tables.
        taken: int [trip] bit mask of the days on which each trip runs no longer.
    """
    days = trips.days & ~taken.astype(np.uint8)
    keep = (days > 0) | (taken == 0)
    row = np.cumsum(keep) - 1
    kept = Table(trips.schema, trips.columns | {"days": days}).take(keep)
    lines = connections.take(keep[connections.trip])
    return kept, Table(lines.schema, lines.columns | {"trip": row[lines.trip].astype(np.int32)})
