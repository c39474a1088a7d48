"""Who goes where in a week: tours of one person with the same hours, taken together.

Lives here: Units, who drives, who enrolled to take riders. Not here: who rides with whom (carpooling.week).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms

if TYPE_CHECKING:
    from embauche.commuting.classes import TripClasses
    from embauche.services.carpool import Carpool
    from embauche.services.carpooling.roads import Legs
    from embauche.services.shared import Scene

Array = np.ndarray[Any, Any]


@dataclass
class Units:
    """Tours with the same hours of one person, all [unit], by worker_id and hours.

    Attributes:
        person: int64 row; worker_id: int64.
        place, site: int32 rows in use.
        start, end: float64 the hours, minutes after midnight.
        slots: bool [unit, slot] days on which they are worked.
    """

    person: Array
    worker_id: Array
    place: Array
    site: Array
    start: Array
    end: Array
    slots: Array

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Array) -> Units:
        """The rows (indices or mask) as new units."""
        return Units(*(getattr(self, f.name)[rows] for f in fields(self)))

    @classmethod
    def of(
        cls, person: Array, worker_id: Array, place: Array, site: Array, klass: Array, slot: Array,
        classes: TripClasses,
    ) -> tuple[Units, Array]:  # fmt: skip
        """From tours [tour]; the units, and the unit of each tour."""
        start, end = classes.start_s[klass] / 60.0, classes.end_s[klass] / 60.0
        key = np.stack(
            [worker_id, classes.start_s[klass], classes.end_s[klass], site], 1
        )  # whole: ids are long
        order = np.lexsort((site, end, start, worker_id))
        new = np.append(True, (key[order[1:]] != key[order[:-1]]).any(axis=1))[: len(order)]
        unit = np.empty(len(order), np.int64)
        unit[order] = np.cumsum(new) - 1
        first = order[new]
        slots = np.zeros((len(first), 14), bool)
        slots[unit, slot] = True
        made = cls(
            person[first].astype(np.int64),
            worker_id[first],
            place[first],
            site[first],
            start[first],
            end[first],
            slots,
        )
        return made, unit


def drivers(service: Carpool, scene: Scene, legs: Legs, pays: Array | None) -> Units:
    """Those who drive to work this week and enrolled to take riders.

    Enrolment is a logit of what a tour with one rider brings a driver: the rider's share and campaigns' money
    less the value of the minutes that she reckons with. Its draw is a person's own, the same every week.

    Args:
        service: the service.
        scene: the week.
        legs: road legs.
        pays: EUR that campaigns pay for a rider of one's own way, one way, float64 [person], or None.
    """
    g, value = service.ground, service.value
    car = scene.services.index("car") if "car" in scene.services else -1
    person, slot = np.nonzero(scene.chosen == car) if car >= 0 else (np.empty(0, np.int64),) * 2
    net = g.network
    klass = scene.klass_of(person, slot)
    place, site = g.tour_ends.at(person, scene.post[person], klass)
    inside = ~(net.outside_place[place] | net.outside_site[site])
    person, slot, klass, place, site = (a[inside] for a in (person, slot, klass, place, site))
    who, back = np.unique(person, return_inverse=True)
    km = legs.home_work(g.tour_ends.place[who], g.tour_ends.post_site[scene.post[who]])[1]
    gain = 2.0 * value("share_eur_per_km") * km + (0.0 if pays is None else 2.0 * pays[who])
    gain = gain - service.parameters["commute.vot_eur_h"] / 60.0 * value("driver_min")
    with np.errstate(divide="ignore", over="ignore"):
        share = np.float64(value("enrolled"))
        logit = np.log(share) - np.log1p(-share) + gain / value("enrol_scale_eur")
        chance = 1.0 / (1.0 + np.exp(-logit))
    luck = uniforms(g.seed, Purpose.ENROL, 0, scene.worker_id[who], service.service_id)
    mine = (luck < chance)[back]
    person, slot, klass, place, site = (a[mine] for a in (person, slot, klass, place, site))
    return Units.of(person, scene.worker_id[person], place, site, klass, slot, net.classes)[0]
