"""Tables of a week on recruitment, training, apprentices and housing (core.outputs_labour).

Lives here: their columns filled from the model. Not here: the tables of the common week (model_tables).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embauche.core.table import Table

if TYPE_CHECKING:
    from embauche.model import Bassin


def labour_tables(model: Bassin) -> dict[str, Table]:
    """The last week's tables by name."""
    del model  # each topic adds its table here
    return {}
