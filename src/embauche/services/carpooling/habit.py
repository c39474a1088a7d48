"""Informal carpools: colleagues and members of a family who share a car by habit, without any scheme.

Lives here: habit, told apart and paid by nobody. Not here: riders of the service (carpooling.week).

Of those who drive to work, a share has the habit (`carpool.informal`); two of them within a short detour of
each other with the same workplace and hours go in one car, matched so that most kilometres are saved. The
trips table and the operations have them by car, each at her own cost: what is shared is seen in the events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.services.carpooling.matches import DRIVES, RIDES, Rules, find_pairs, match
from embauche.services.shared import events

if TYPE_CHECKING:
    from embauche.services.carpooling.week import CarpoolWeek
    from embauche.services.shared import WeekOfService

Array = np.ndarray[Any, Any]
INFORMAL = "informal"


def habit(week: CarpoolWeek, out: WeekOfService) -> None:
    """Match the week's informal carpools: an event a tour shared, nothing in the books (the car has it)."""
    service, scene, legs = week.service, week.scene, week.legs
    ground, share = service.ground, service.value("informal")
    if share <= 0.0 or "car" not in scene.services:
        return
    luck = uniforms(ground.seed, Purpose.HABIT, 0, scene.worker_id, service.service_id)
    drives = scene.chosen == scene.services.index("car")
    drives &= (luck < share)[:, None]
    if week.fleet is not None:
        drives[week.fleet.units.person] = False  # enrolled: they take riders of the service
    person, slot = np.nonzero(drives)
    drives[person, slot] = ~ground.tour_ends.at_centre[
        scene.klass_of(person, slot)
    ]  # with colleagues, to the firm
    who = np.flatnonzero(drives.any(axis=1))
    place, site = ground.tour_ends.place[who], ground.tour_ends.post_site[scene.post[who]]
    near = ~(service.network.outside_place[place] | service.network.outside_site[site])
    who, place, site = who[near], place[near], site[near]
    klass = scene.klass_of(who, drives[who].argmax(axis=1))
    # the same workplace and hours: groups far apart on the axis of time, so that only members are pairs
    group = np.unique(np.stack([site, klass], 1), axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(scene.worker_id[who], kind="stable")
    who, place, site, group = (a[order] for a in (who, place, site, group))
    one_way = legs.home_work(place, site)[1].astype(np.float64)
    rules = Rules(60.0, 1.0, service.value("informal_detour_km"), 1.0, 0.0, apart_min=0.5)
    role = np.full(len(who), DRIVES + RIDES, np.int8)
    crow = np.hypot(*(legs.place_km[place] - legs.site_km[site]).T)
    found = match(find_pairs(legs.place_km[place], legs.site_km[site], group * 1e3, role, rules, crow))
    rider = np.flatnonzero((found.mate >= 0) & (one_way <= one_way[found.mate]))
    rider = rider[(one_way[rider] < one_way[found.mate[rider]]) | (rider > found.mate[rider])]
    mate = found.mate[rider]
    pair, slot = np.nonzero(drives[who[rider]] & drives[who[mate]])
    rider, mate = who[rider[pair]], who[mate[pair]]
    out.events.append(
        events(
            scene.week, service.name, "informal", len(pair), system=INFORMAL, day=slot // 2,
            worker_id=scene.worker_id[rider], other_id=scene.worker_id[mate],
        )
    )  # fmt: skip
