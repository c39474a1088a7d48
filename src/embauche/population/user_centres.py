"""Training centres of a user's table.

Lives here: read_centres. Not here: stylised ones (centres), reading any table (user_files).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from embauche.core.errors import raise_all
from embauche.core.table import Table
from embauche.population.ground import Ground, TerritoryLike
from embauche.population.schemas import CENTRES
from embauche.population.user_files import read_table
from embauche.population.user_places import locate


def read_centres(path: Path, territory: TerritoryLike, seed: int) -> Table:
    """Centres of a user's table, sorted by id, `commune` as the territory's.

    Raises:
        UserError: every fault of the table, with file and line.
    """
    ground = Ground.of(territory)
    rows = read_table(path, "centres")
    raise_all(rows.problems)
    spot = locate(rows, ground, "sites", seed)
    raise_all(rows.problems)
    columns = {
        "centre_id": rows["centre_id"],
        "commune": spot.commune,
        "site": spot.row,
        "skill": rows["skill"],
        "seats": rows["seats"],
        "rhythm": rows["rhythm"] if "rhythm" in rows else np.zeros(len(rows), np.int8),
    }
    return ground.to_territory(Table.make(CENTRES, columns))
