"""Shortest paths over roads and timetables for many pairs: the public face of the search kernels.

Not here: who travels (commuting), or how graphs are read from files (territory).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embauche.routing.assignment import Equilibrium, Links, equilibrium
    from embauche.routing.hierarchy import RoadHierarchy, Selection
    from embauche.routing.journeys import Journey, Leg, Profile
    from embauche.routing.timetable_day import Timetable
    from embauche.routing.tntp import Tntp, read_tntp
    from embauche.routing.weighting import Weighting

__all__ = [
    "Equilibrium",
    "Journey",
    "Leg",
    "Links",
    "Profile",
    "RoadHierarchy",
    "Selection",
    "Timetable",
    "Tntp",
    "Weighting",
    "equilibrium",
    "read_tntp",
]

# loaded when asked for, so that importing this package loads no numba
_WHERE = {
    "Equilibrium": "assignment",
    "Journey": "journeys",
    "Leg": "journeys",
    "Links": "assignment",
    "Profile": "journeys",
    "RoadHierarchy": "hierarchy",
    "Selection": "hierarchy",
    "Timetable": "timetable_day",
    "Tntp": "tntp",
    "Weighting": "weighting",
    "equilibrium": "assignment",
    "read_tntp": "tntp",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
