"""Who cannot reach a zone's posts at shift hours today: what a shuttle to it could mend.

Lives here: Zone, Need, need_of. Not here: routes (shuttle_routes), what is proposed (shuttle_proposals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.offers import Offers, price
from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.geo import distance_m
from embauche.core.suggest import nearest
from embauche.labour.seasons import trains, vacant
from embauche.routing.stops_named import commune_row
from embauche.services.base import Needs

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]
ROWS = 1 << 20


@dataclass(frozen=True)
class Zone:
    """Workplaces to be served.

    Attributes:
        name: in words.
        site: int64 [site of the zone] rows of used sites.
        posts: float64 [site of the zone, window] active posts whose shift works the window.
        vacant: float64 likewise, those that are open.
        windows: names of the windows served.
    """

    name: str
    site: Array
    posts: Array
    vacant: Array
    windows: tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """Persons without a car and the zone's posts that none of today's other services brings within reach.

    Attributes:
        place: int64 [place] rows of used places where such persons live.
        persons: float64 [place] active persons who have no car to drive.
        lost: float64 [place, window] posts of the zone out of their reach.
        lost_vacant: float64 [place, window] open ones among them.
    """

    place: Array
    persons: Array
    lost: Array
    lost_vacant: Array


def zone_of(model: Bassin, communes: Sequence[str], radius_km: float, windows: Sequence[str]) -> Zone:
    """The workplaces of communes, or those around their centres.

    Args:
        model: the bassin.
        communes: codes or names; that with most posts in these windows if none is given.
        radius_km: workplaces within this of the centres; 0 for those in the communes.
        windows: windows of shifts to be served.

    Raises:
        UserError: an unknown commune or window, or no post to be served there.
    """
    t, net = model.territory, model.network
    names = [w.name for w in model.catalogue.windows]
    problems = [
        Problem("there is no such window", found=w, expected=", ".join(names), fix=nearest(w, names))
        for w in windows if w not in names
    ]  # fmt: skip
    rows = []
    for name in communes:
        try:
            rows.append(commune_row(t.communes, name))
        except UserError as error:
            problems += error.problems
    raise_all(problems)
    posts, vacant = _posts(model, [names.index(w) for w in windows])
    home = t.sites.commune[net.site_rows]
    inside = ~t.communes.external[home].astype(bool)
    if not rows:
        by_commune = np.bincount(home[inside], posts[inside].sum(axis=1), minlength=len(t.communes))
        rows = [int(by_commune.argmax())]
    chosen = inside & np.isin(home, rows)
    if radius_km > 0:
        node = t.sites.node[net.site_rows]
        lon, lat = t.nodes.lon[node], t.nodes.lat[node]
        near = [distance_m(lon, lat, t.communes.lon[r], t.communes.lat[r]) <= 1000 * radius_km for r in rows]
        chosen = inside & np.any(near, axis=0)
    site = np.flatnonzero(chosen & (posts.sum(axis=1) > 0))
    title = ", ".join(str(t.communes.name[r]) for r in rows)
    if not len(site):
        raise UserError(
            "no post of these shifts lies in this zone", found=f"{title}: {', '.join(windows)}",
            expected="workplaces with posts in these windows", fix="name another commune or other windows",
        )  # fmt: skip
    return Zone(title, site, posts[site], vacant[site], tuple(windows))


def _posts(model: Bassin, windows: Sequence[int]) -> tuple[Array, Array]:
    """Active and open posts of each used site by window, float64 [site, window].

    Apprenticeships are open to who seeks one alone, and offered for a season: with centres they are not open.
    """
    classes, posts, state = model.network.classes, model.population.posts, model.state
    empty = vacant(model) if model.seats is None else vacant(model) & ~trains(model)
    sites = len(model.network.site_rows)
    out = np.zeros((2, sites, len(windows)))
    for k, window in enumerate(windows):
        pairs = np.repeat(np.arange(len(classes.shift_ptr) - 1), np.diff(classes.shift_ptr))
        works = np.zeros(len(classes.shift_ptr) - 1, bool)
        works[pairs[classes.window[classes.shift_class] == window]] = True
        mine = state.active & works[posts.shift]
        out[0, :, k] = np.bincount(model.post_site[mine], minlength=sites)
        out[1, :, k] = np.bincount(model.post_site[mine & empty], minlength=sites)
    return out[0], out[1]


def need_of(model: Bassin, zone: Zone, limit_min: float) -> Need:
    """Posts of the zone that persons without a car cannot reach within `limit_min` each way today.

    Args:
        model: the bassin.
        zone: workplaces.
        limit_min: longest way, each way, waits included.
    """
    t, net = model.territory, model.network
    able = (model.state.status > 0) & ~model.can_drive()
    count = np.bincount(model.place[able], minlength=len(net.place_rows)).astype(np.float64)
    home = t.places.commune[net.place_rows]
    place = np.flatnonzero((count > 0) & ~t.communes.external[home].astype(bool))
    names = [w.name for w in model.catalogue.windows]
    services = [s for s in model.services if s.needs != Needs.CAR]
    lost = np.zeros((2, len(place), len(zone.windows)))
    step = max(1, ROWS // len(zone.site))
    for k, window in enumerate(zone.windows):
        klass = int(np.flatnonzero(net.classes.window == names.index(window))[0])
        for lo in range(0, len(place), step):
            mine = place[lo : lo + step]
            rows = np.repeat(mine, len(zone.site)).astype(np.int32)
            sites = np.tile(zone.site, len(mine)).astype(np.int32)
            offers = Offers.empty(len(services), len(rows))
            price(services, rows, sites, np.full(len(rows), klass, np.int16), offers)
            best = np.maximum(offers.out_min, offers.back_min).min(axis=0, initial=np.inf)
            out = (best > limit_min).reshape(len(mine), -1)
            lost[0, lo : lo + step, k] = out @ zone.posts[:, k]
            lost[1, lo : lo + step, k] = out @ zone.vacant[:, k]
    return Need(place, count[place], lost[0], lost[1])
