"""The week's table of beds (core.outputs_labour.BEDS) from the model.

Lives here: beds_table. Not here: the week itself (labour.lodgers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embauche.commuting.spots import spot
from embauche.core.outputs_labour import BEDS
from embauche.core.table import Table
from embauche.labour.moving import homes_id

if TYPE_CHECKING:
    from embauche.model import Bassin

COUNTS = ("let", "used", "interns", "asked", "served", "full", "too_near", "waiting")


def beds_table(model: Bassin) -> Table:
    """Residences by id, then homes for employees in the scenario's order; empty where there are none."""
    week, res, t = model.week_housing, model.residences, model.territory
    homes = model.settings.residences.homes
    if week is None or not len(res) + len(homes):
        return Table.empty(BEDS)
    table = res.table
    place = np.array([spot(h, t) for h in homes], np.int64)
    kinds = np.where(table.hosts, "hosts", "residence").astype(object)
    commune = np.concatenate([table.commune, t.places.commune[place]]).astype(np.int64)
    opened = res.open(model.calendar.week_of_year(model.travelled_week))
    records = [week.homes[homes_id(h)] for h in homes]
    columns = {
        name: np.concatenate([getattr(week.beds, name), *(getattr(r, name) for r in records)])
        for name in COUNTS
    }
    n = len(res) + len(homes)
    return Table.make(
        BEDS,
        {
            "week": np.full(n, model.travelled_week, np.int16),
            "residence_id": np.concatenate([table.residence_id, [homes_id(h) for h in homes]]).astype(
                np.int64
            ),
            "name": np.array([*table.name.tolist(), *(h.name for h in homes)], object),
            "kind": np.array([*kinds.tolist(), *("homes" for _ in homes)], object),
            "commune": t.communes.code[commune],
            "beds": np.concatenate([table.beds, [h.units for h in homes]]).astype(np.int64),
            "open": np.concatenate([opened, np.ones(len(homes), bool)]),
            **columns,
        },
    )
