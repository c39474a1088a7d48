"""Bike lanes of a scenario: ways on which riding is faster, or feels shorter.

Lives here: with_bike_lanes. Not here: speeds by tags (territory.highways), the path that feels shortest
(routing.roads).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.core.errors import UserError
from embauche.core.scenario_levers import BikeLane, Levers
from embauche.core.suggest import nearest
from embauche.territory.highways import CODE

if TYPE_CHECKING:
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]


def lane_arcs(lane: BikeLane, territory: Territory) -> Array:
    """Arcs of a lane's ways, both directions, bool [arc]; an arc is in the commune where it starts.

    Raises:
        UserError: a way, a commune or a class of ways that the territory does not have.
    """
    arcs = territory.arcs
    out: Array = np.isin(arcs.way, lane.ways)
    unknown = sorted(set(lane.ways) - set(arcs.way[out].tolist()))
    if unknown:
        raise UserError(
            f"bike lane {lane.name} lies on ways that the territory does not have",
            found=", ".join(map(str, unknown[:10])), expected="ids of ways that it was built from",
            fix="take these ids out of levers.bike_lanes",
        )  # fmt: skip
    for name in lane.highways:
        if name not in CODE:
            near = nearest(name, CODE)
            raise UserError(
                f"bike lane {lane.name} lies on no class of ways", found=name, expected=", ".join(CODE),
                fix=f"did you mean {near}?" if near else None,
            )  # fmt: skip
    if lane.communes:
        rows = communes_called(lane.communes, territory.communes)
        here = np.isin(territory.nodes.commune[arcs.tail], rows)
        out = out | (here & np.isin(arcs.highway, [CODE[name] for name in lane.highways]))
    return out


def with_bike_lanes(territory: Territory, levers: Levers) -> Territory:
    """The territory with the bike times of its lanes; ways closed to bikes stay closed.

    Raises:
        UserError: a way, a commune or a class of ways that the territory does not have.
    """
    if not levers.bike_lanes:
        return territory
    arcs = territory.arcs.copy()
    for lane in levers.bike_lanes:
        mine = lane_arcs(lane, territory) & np.isfinite(arcs.bike_s)
        if lane.kmh is not None:
            ridden = (arcs.length_m[mine].astype(np.float64) * 3.6 / lane.kmh).astype(np.float32)
            ratio = arcs.bike_felt_s[mine] / np.maximum(arcs.bike_s[mine], np.float32(1e-9))
            arcs.bike_s[mine] = np.minimum(arcs.bike_s[mine], ridden)
            arcs.bike_felt_s[mine] = ratio * arcs.bike_s[mine]
        if lane.felt is not None:
            longest = np.float32(lane.felt) * arcs.bike_s[mine]
            arcs.bike_felt_s[mine] = np.minimum(arcs.bike_felt_s[mine], longest)
    return replace(territory, arcs=arcs)
