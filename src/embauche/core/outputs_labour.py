"""Column schemas of weekly tables on recruitment, training, apprentices and housing.

Lives here: schemas that model_labour fills. Not here: those of the week everybody has (core.outputs).
"""

from __future__ import annotations

from embauche.core.table import Schema

LABOUR: tuple[Schema, ...] = ()
