"""The record of a week's ends of jobs: who left which post, and why.

Lives here: Ends. Not here: what ends jobs (ends, separations).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass
class Ends:
    """The week's ends of jobs, in the order in which they came.

    Attributes:
        worker_id, post, cause, weeks: arrays [end] of each batch; post is a row, weeks those it was held.
    """

    worker_id: list[Array] = field(default_factory=list)
    post: list[Array] = field(default_factory=list)
    cause: list[Array] = field(default_factory=list)
    weeks: list[Array] = field(default_factory=list)

    def add(self, worker_id: Array, post: Array, cause: Array, weeks: Array) -> None:
        """Add a batch of ends."""
        self.worker_id.append(np.asarray(worker_id, np.int64))
        self.post.append(np.asarray(post, np.int32))
        self.cause.append(np.asarray(cause, np.int8))
        self.weeks.append(np.asarray(weeks, np.int32))

    def columns(self) -> tuple[Array, Array, Array, Array]:
        """All ends by worker_id: worker_id, post, cause, weeks."""
        if not self.worker_id:
            return np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8), np.zeros(0, np.int32)
        ids, post, cause, weeks = (
            np.concatenate(x) for x in (self.worker_id, self.post, self.cause, self.weeks)
        )
        order = np.lexsort((post, ids))
        return ids[order], post[order], cause[order], weeks[order]
