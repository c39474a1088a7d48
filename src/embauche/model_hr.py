"""Tables of what HR did in a week (core.outputs_labour.HR, SHARED_HR) from the model.

Lives here: hr_table, shared_table. Not here: the week itself (labour.hr, hiring, geiq, directors).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embauche.core.outputs_labour import HR, SHARED_HR
from embauche.core.table import Table
from embauche.labour.applications import Pool
from embauche.labour.hr import ADVERTISED
from embauche.population.schemas import SizeClass

if TYPE_CHECKING:
    from embauche.model import Bassin


def hr_table(model: Bassin) -> Table:
    """One row a size class, external firms left out."""
    s, posts, firms, h = model.state, model.population.posts, model.population.firms, model.week_hires
    assert model.week_applications is not None
    assert h is not None
    inside = ~firms.external[posts.firm]
    size = firms.size_class[posts.firm]
    n = len(SizeClass)
    vacancy = model.week_applications.vacancy[inside[model.week_applications.vacancy]]
    pool = Pool.of(s)
    pool = pool.only(inside[pool.post])
    hired = np.flatnonzero((h.person >= 0) & inside[h.post])
    of = size[h.post[hired]]
    columns = {
        "week": np.full(n, model.travelled_week),
        "size_class": np.arange(n),
        "vacancies": np.bincount(size[vacancy], minlength=n),
        "handled": np.bincount(size[vacancy[s.kept[ADVERTISED][vacancy]]], minlength=n),
        "waiting": np.bincount(size[pool.post], minlength=n),
        "unread": np.bincount(size[pool.post[pool.screened < 0]], minlength=n),
        "refused": np.rint(np.bincount(size[inside], h.refused[inside], minlength=n)),
        "hired": np.bincount(of, minlength=n),
        "waited": np.rint(np.bincount(of, h.waited[hired], minlength=n)),
        "trained": np.bincount(of[h.to_train[hired]], minlength=n),
    }
    return Table.make(HR, columns)


def shared_table(model: Bassin) -> Table:
    """What GEIQs and networks did, person by person; empty where there are none."""
    rows = sorted(model.shared_hr.rows)
    post = np.array([p for *_, p in rows], np.int64)
    columns = {
        "week": np.full(len(rows), model.travelled_week),
        "name": np.array([name for name, *_ in rows], object),
        "event": np.array([event for _, event, *_ in rows], object),
        "worker_id": np.array([w for _, _, w, _ in rows], np.int64),
        "post_id": model.population.posts.post_id[post] if len(rows) else post,
    }
    return Table.make(SHARED_HR, columns)
