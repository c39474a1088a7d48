"""The record of what shared HR did in a week: whom a GEIQ hired, lent, passed on; whom a network passed on.

Lives here: SharedEvents. Not here: what happens (labour.geiq, directors).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass
class SharedEvents:
    """One row a person and event, in the order in which they happened.

    Attributes:
        rows: (name of the entry, event, worker_id, row of the post).
    """

    rows: list[tuple[str, str, int, int]] = field(default_factory=list)

    def add(self, name: str, event: str, worker_id: Array, post: Array) -> None:
        """Add an event of several persons."""
        pairs = zip(np.asarray(worker_id).tolist(), np.asarray(post).tolist(), strict=True)
        self.rows += [(name, event, *pair) for pair in pairs]
