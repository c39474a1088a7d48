"""What happened to apprentices in a week: who joined, signed, began, broke off, completed.

Lives here: ApprenticeEvents. Not here: what makes it happen (apprentices), the table (model_apprentices).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
EVENTS = (
    "joined", "signed", "no_seat", "started", "broken_first", "broken_later", "completed", "kept", "gave_up",
)  # fmt: skip


def _nobody() -> tuple[Array, Array]:
    return np.zeros(0, np.int64), np.zeros(0, np.int32)


@dataclass
class ApprenticeEvents:
    """The week's events in the order in which they came.

    Attributes:
        event: int8 [batch of events] rows of EVENTS; person, post: int32 rows, post -1 where there is none.
        wanted: who completed a contract this week and may stay, and her firm; rows.
    """

    event: list[Array] = field(default_factory=list)
    person: list[Array] = field(default_factory=list)
    post: list[Array] = field(default_factory=list)
    wanted: tuple[Array, Array] = field(default_factory=_nobody)

    def add(self, what: str, person: Array, post: Array | None = None) -> None:
        """Add events of one kind."""
        self.event.append(np.full(len(person), EVENTS.index(what), np.int8))
        self.person.append(np.asarray(person, np.int32))
        self.post.append(np.full(len(person), -1, np.int32) if post is None else np.asarray(post, np.int32))

    def columns(self) -> tuple[Array, Array, Array]:
        """All events: event, person and post (rows)."""
        none = np.zeros(0, np.int32)
        event = np.concatenate([np.zeros(0, np.int8), *self.event])
        return event, np.concatenate([none, *self.person]), np.concatenate([none, *self.post])
