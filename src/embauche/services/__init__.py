"""Services: one file, one service; importing this package registers those that come with embauche.

Lives here: the list of them. Not here: how people choose among them (commuting).
"""

from __future__ import annotations

import importlib
import pkgutil

from embauche.commuting.offers import Tile
from embauche.services.base import REGISTRY, Needs, Service

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["REGISTRY", "Needs", "Service", "Tile"]
