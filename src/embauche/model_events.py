"""Tables of a week as it was played by the services whose places are few: events and vehicles' moves.

Lives here: columns of core.outputs.EVENTS and MOVES. Not here: who is served (labour.booking), what vehicles
do (services).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.outputs import EVENTS, MOVES
from embauche.core.table import Schema, Table
from embauche.services.shared import events

if TYPE_CHECKING:
    from embauche.labour.booking import Bookings
    from embauche.labour.travel import Week
    from embauche.services.base import Service

Array = np.ndarray[Any, Any]


def play_tables(week: Week, number: int, services: Sequence[Service]) -> dict[str, Table]:
    """Events and moves of a week.

    Args:
        week: the week travelled.
        number: weeks since the start of burn-in.
        services: the services in use, by row.
    """
    told = [t for b in week.bookings for t in _told(week, b, number, [s.name for s in services])]
    played = [t for left in week.services.values() for t in left.events]
    moves = [t for left in week.services.values() for t in left.moves]
    return {"events": _joined(EVENTS, [*told, *played]), "moves": _joined(MOVES, moves)}


def _told(week: Week, book: Bookings, number: int, names: list[str]) -> list[Table]:
    """Requests, answers, fallbacks and cancellations of one service."""

    def rows(event: str, of: Array, **columns: Array) -> Table:
        r = book.requests.take(of)
        return events(
            number, book.service.name, event, len(r), day=r.slot // 2, worker_id=r.worker_id,
            minute=r.start_min, **columns,
        )  # fmt: skip

    a, served = book.answers, book.answers.served
    yes, no, lost = np.flatnonzero(served), np.flatnonzero(~served), np.flatnonzero(served & ~book.held)
    took = week.chosen[book.requests.person[no], book.requests.slot[no]]
    other = np.array([*names, "missed", "off"], object)[took]  # -2 missed, -1 off
    return [
        rows("request", np.arange(len(served))),
        rows("served", yes, out_min=a.out_min[yes], back_min=a.back_min[yes], wait_min=a.wait_min[yes]),
        rows("refused", no, reason=a.reason[no]),
        rows("fallback", no, other=other),
        rows("cancelled", lost),
    ]


def _joined(schema: Schema, parts: Sequence[Table]) -> Table:
    if not parts:
        return Table.empty(schema)
    return Table(schema, {name: np.concatenate([p[name] for p in parts]) for name in schema.names})
