"""Access to care near home: what it is worth to who chooses a home.

Lives here: home_eur. Not here: the user's table (core.scenario_work), who chooses homes (labour.moving).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.scenario_work import read_care
from embauche.core.settings import Settings
from embauche.core.table import Table

Array = np.ndarray[Any, Any]


def home_eur(settings: Settings, communes: Table) -> Array:
    """EUR a month that care is worth in each commune, beside the mean of the table, float64 [commune].

    Zeros without a table; a commune that it does not name has the mean.

    Raises:
        UserError: the table has faults.
    """
    out = np.zeros(len(communes))
    if settings.care.table is None:
        return out
    scores = read_care((settings.folder or Path()) / Path(settings.care.table).expanduser())
    named = np.array([scores.get(str(code), np.nan) for code in communes.code])
    known = np.isfinite(named)
    if known.any():
        out[known] = settings.care.eur_month * (named[known] - named[known].mean())
    return out
