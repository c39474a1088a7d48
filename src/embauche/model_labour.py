"""Tables of a week on recruitment, training, apprentices and housing (core.outputs_labour).

Lives here: their columns filled from the model. Not here: the tables of the common week (model_tables).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.outputs_labour import COURSES, ENDS
from embauche.core.table import Table
from embauche.model_apprentices import apprentices_table, seats_table
from embauche.model_housing import beds_table
from embauche.model_hr import hr_table, shared_table
from embauche.model_search import search_tables

if TYPE_CHECKING:
    from embauche.model import Bassin


def labour_tables(model: Bassin) -> dict[str, Table]:
    """The last week's tables by name."""
    return {
        **search_tables(model),
        "apprentices": apprentices_table(model),
        "seats": seats_table(model),
        "beds": beds_table(model),
        "ends": _ends(model),
        "courses": _courses(model),
        "hr": hr_table(model),
        "shared_hr": shared_table(model),
    }


def _ends(model: Bassin) -> Table:
    worker_id, post, cause, weeks = model.ends.columns()
    columns = {
        "week": np.full(len(post), model.travelled_week, np.int16),
        "worker_id": worker_id,
        "post_id": model.population.posts.post_id[post],
        "cause": cause,
        "weeks": weeks,
    }
    return Table.make(ENDS, columns)


def _courses(model: Bassin) -> Table:
    rows = sorted(model.week_training.rows.items())
    figures = COURSES.names[4:]
    columns: dict[str, Any] = {
        name: np.array([key[k] for key, _ in rows], kind)
        for k, (name, kind) in enumerate((("kind", object), ("name", object), ("domain", np.int8)))
    }
    columns["week"] = np.full(len(rows), model.travelled_week, np.int16)
    columns |= {name: np.array([row.get(name, 0) for _, row in rows], np.int32) for name in figures}
    return Table.make(COURSES, columns)
