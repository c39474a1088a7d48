"""Faults of levers that only the territory shows: communes, ways and classes of ways that it does not have.

Lives here: lever_faults. Not here: faults that the scenario's file shows alone (core.scenario_levers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from embauche.commuting.employers import communes_called
from embauche.commuting.lanes import lane_arcs
from embauche.core.errors import Problem, UserError
from embauche.core.scenario_levers import Levers

if TYPE_CHECKING:
    from embauche.territory.territory import Territory

Keys = tuple[str | int, ...]


def lever_faults(levers: Levers, territory: Territory) -> list[Problem]:
    """All of them; `Problem.keys` says where in the scenario, and becomes file and line."""
    found: list[Problem] = []
    for keys, names in _communes(levers):
        for k, name in enumerate(names):
            try:
                communes_called([name], territory.communes)
            except UserError as error:
                found += [replace(p, keys=(*keys, "communes", k)) for p in error.problems]
    for k, lane in enumerate(levers.bike_lanes):
        try:
            lane_arcs(lane.model_copy(update={"communes": ()}), territory)
        except UserError as error:
            found += [replace(p, keys=("levers", "bike_lanes", k)) for p in error.problems]
    return found


def _communes(levers: Levers) -> Iterator[tuple[Keys, tuple[str, ...]]]:
    """Where levers name communes, and which."""
    for kind in ("hours", "telework", "parking", "allowances"):
        for k, lever in enumerate(getattr(levers, kind)):
            yield ("levers", kind, k, "employers"), lever.employers.communes
    for k, lane in enumerate(levers.bike_lanes):
        yield ("levers", "bike_lanes", k), lane.communes
    for kind in ("loans", "licence_aid", "bike_grants", "vouchers"):
        schemes: Any = getattr(levers, kind)
        for k, scheme in enumerate(schemes):
            yield ("levers", kind, k, "who"), scheme.who.communes
