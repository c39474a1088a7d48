"""Tables of a week on apprentices and training centres (core.outputs_labour).

Lives here: APPRENTICES and SEATS filled from the model. Not here: the other tables (model_labour).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embauche.commuting.centre_sites import centres_of
from embauche.core.outputs_labour import APPRENTICES, SEATS
from embauche.core.table import Table
from embauche.labour.apprentice_events import EVENTS
from embauche.labour.centres import held

if TYPE_CHECKING:
    from embauche.model import Bassin


def apprentices_table(model: Bassin) -> Table:
    """The last week's events, by kind, then by worker_id."""
    event, person, post = model.week_apprentices.columns()
    # who broke off after the week's travel is told with her id of then
    ids = model.week_worker_id[person]
    order = np.lexsort((ids, event))
    event, post, ids = event[order], post[order], ids[order]
    post_ids = model.population.posts.post_id
    columns = {
        "week": np.full(len(event), model.travelled_week, np.int16),
        "worker_id": ids,
        "event": np.array(EVENTS, object)[event],
        "post_id": np.where(post >= 0, post_ids[np.maximum(post, 0)], -1),
    }
    return Table.make(APPRENTICES, columns)


def seats_table(model: Bassin) -> Table:
    """Seats of each centre and domain after the last week."""
    centres, n = centres_of(model.population), 0
    if centres is None:
        return Table.make(SEATS, {name: np.zeros(n) for name in SEATS.names})
    n, row = len(centres), held(model)
    taken = np.bincount(row[row >= 0], minlength=n)
    present = np.bincount(row[(row >= 0) & (model.state.post >= 0)], minlength=n)
    columns = {
        "week": np.full(n, model.travelled_week, np.int16),
        "centre_id": centres.centre_id,
        "domain": centres.skill,
        "seats": np.zeros(n) if model.seats is None else model.seats.seats,
        "taken": taken,
        "present": present,
    }
    return Table.make(SEATS, columns)
