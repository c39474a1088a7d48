"""Commuting behind one face: minutes between homes and workplaces at a time, however they are found.

`embauche.commuting.minutes(territory, places, sites, mode, at)` answers a person. Within the week a
service asks `Ways` and the timetable's rows for the pairs of a tile; no table of all homes and
workplaces exists. Not here: how one service makes its offers (services), or labour decisions (labour).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embauche.commuting.face import minutes

__all__ = ["minutes"]


def __getattr__(name: str) -> Any:
    if name != "minutes":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.face").minutes
