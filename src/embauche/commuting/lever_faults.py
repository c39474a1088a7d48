"""Faults of levers that only the territory shows: communes, ways and classes of ways that it does not have.

Lives here: lever_faults. Not here: faults that the scenario's file shows alone (core.scenario_levers).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from embauche.commuting.employers import communes_called
from embauche.commuting.lanes import lane_arcs
from embauche.core.errors import Problem, UserError
from embauche.core.scenario_levers import Levers
from embauche.core.scenario_recruitment import Recruitment

if TYPE_CHECKING:
    from embauche.territory.territory import Territory

Keys = tuple[str | int, ...]


def lever_faults(levers: Levers, territory: Territory) -> list[Problem]:
    """All of them; `Problem.keys` says where in the scenario, and becomes file and line."""
    found = commune_faults(_communes(levers), territory)
    for k, lane in enumerate(levers.bike_lanes):
        try:
            lane_arcs(lane.model_copy(update={"communes": ()}), territory)
        except UserError as error:
            found += [replace(p, keys=("levers", "bike_lanes", k)) for p in error.problems]
    return found


def recruitment_faults(recruitment: Recruitment, territory: Territory) -> list[Problem]:
    """Communes that the `recruitment:` block names and the territory does not have, as `lever_faults`."""
    kinds = ("wages", "geiq", "pools", "network")
    entries = [(kind, k, x) for kind in kinds for k, x in enumerate(getattr(recruitment, kind))]
    named = [(("recruitment", kind, k, "employers"), x.employers.communes) for kind, k, x in entries]
    named += [(("recruitment", "geiq", k, "who"), x.who.communes) for k, x in enumerate(recruitment.geiq)]
    found = commune_faults(named, territory)
    for k, platform in enumerate(recruitment.channels.platforms):
        try:
            communes_called([platform.commune], territory.communes)
        except UserError as error:
            keys = ("recruitment", "channels", "platforms", k, "commune")
            found += [replace(p, keys=keys) for p in error.problems]
    return found


def commune_faults(named: Iterable[tuple[Keys, tuple[str, ...]]], territory: Territory) -> list[Problem]:
    """Communes that the territory does not have; `named` says under which keys `communes` names which."""
    found: list[Problem] = []
    for keys, names in named:
        for k, name in enumerate(names):
            try:
                communes_called([name], territory.communes)
            except UserError as error:
                found += [replace(p, keys=(*keys, "communes", k)) for p in error.problems]
    return found


def _communes(levers: Levers) -> Iterator[tuple[Keys, tuple[str, ...]]]:
    """Where levers name communes, and which."""
    for kind in ("hours", "telework", "parking", "allowances", "conditions"):
        for k, lever in enumerate(getattr(levers, kind)):
            yield ("levers", kind, k, "employers"), lever.employers.communes
    for k, lane in enumerate(levers.bike_lanes):
        yield ("levers", "bike_lanes", k), lane.communes
    for kind in ("loans", "licence_aid", "bike_grants", "vouchers", "childcare"):
        schemes: Any = getattr(levers, kind)
        for k, scheme in enumerate(schemes):
            yield ("levers", kind, k, "who"), scheme.who.communes
