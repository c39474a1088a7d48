"""Where courses are held: the workplace in use nearest to the commune, stop or point that a scenario names.

Lives here: nodes of named points, used sites near them, faults. Not here: courses (labour.course_plan).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import Problem, UserError
from embauche.core.parameters import Parameters
from embauche.core.scenario_training import Training
from embauche.core.shifts import ShiftCatalogue
from embauche.core.timetable_plan import StopAt
from embauche.routing.stops_named import StopBook, commune_row, join_point

if TYPE_CHECKING:
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]


def node_of(territory: Territory, at: StopAt, parameters: Parameters) -> int:
    """The node of a commune's centre, of a stop, or nearest to a point.

    Raises:
        UserError: there is no such commune or stop, or the point lies off the roads.
    """
    if at.commune is not None:
        return int(territory.communes.node[commune_row(territory.communes, at.commune)])
    if at.stop is not None:
        return int(territory.stops.node[StopBook(territory, parameters).rows(at.stop)[0]])
    assert at.lon is not None
    assert at.lat is not None
    return join_point(territory.nodes, at.lon, at.lat, parameters, at.label)[0]


def nearest_sites(territory: Territory, sites: Array, nodes: Sequence[int] | Array) -> Array:
    """Index into `sites` of the one nearest to each node as the crow flies, ties to the first, int32 [node].

    Args:
        territory: the territory.
        sites: int [site] rows of the territory's sites; those of external zones are left out.
        nodes: int [node] rows of nodes.
    """
    t = territory
    inside = np.flatnonzero(~t.communes.external[t.sites.commune[sites]])
    x, y = t.nodes.x_m[t.sites.node[sites[inside]]], t.nodes.y_m[t.sites.node[sites[inside]]]
    out = np.zeros(len(nodes), np.int32)
    for k, node in enumerate(np.asarray(nodes, np.int64).tolist()):
        out[k] = inside[np.argmin(np.round(np.hypot(x - t.nodes.x_m[node], y - t.nodes.y_m[node]), 3))]
    return out


def course_pairs(
    territory: Territory, training: Training, catalogue: ShiftCatalogue, sites: Array, parameters: Parameters
) -> Array:
    """(Row of `sites`, shift) of each course and academy of a scenario, int64 [session, 2], in order.

    Args:
        territory: the territory.
        training: the scenario's block.
        catalogue: shifts, whose names are hours of courses.
        sites: int32 [used site] rows of the territory's sites.
        parameters: the run's.

    Raises:
        UserError: a place that is not there.
    """
    nodes = [node_of(territory, c.at.plain(), parameters) for c in training.sessions]
    shifts = [catalogue.shift_row(c.hours) for c in training.sessions]
    rows = nearest_sites(territory, sites, nodes)
    return np.stack([rows, np.array(shifts, np.int64)], axis=1).astype(np.int64).reshape(-1, 2)


def course_faults(training: Training, territory: Territory, parameters: Parameters) -> list[Problem]:
    """Places and communes of the block that the territory does not have, with the keys where they stand."""
    from embauche.commuting.employers import communes_called

    found: list[Problem] = []
    for kind in ("courses", "academies"):
        for k, course in enumerate(getattr(training, kind)):
            try:
                node_of(territory, course.at.plain(), parameters)
            except UserError as error:
                found += [replace(p, keys=("training", kind, k, "at")) for p in error.problems]
    for kind in ("courses", "academies", "immersions", "guidance", "redeployment", "outreach"):
        for k, lever in enumerate(getattr(training, kind)):
            for holder, keys in ((lever, ()), (getattr(lever, "who", None), ("who",)),
                                 (getattr(lever, "employers", None), ("employers",))):  # fmt: skip
                for n, name in enumerate(getattr(holder, "communes", ())):
                    try:
                        communes_called([name], territory.communes)
                    except UserError as error:
                        where = ("training", kind, k, *keys, "communes", n)
                        found += [replace(p, keys=where) for p in error.problems]
    return found
