"""Which on-demand ride a tour would take: its stops, walks and direct minutes, or rides to a bus or train.

Lives here: Rides, the best system and stops for rows (place, site, class). Not here: whether a vehicle is
free (demand.week), what it costs (on_demand).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.shifts import DAY_NAMES

if TYPE_CHECKING:
    from embauche.commuting.network import Network
    from embauche.services.demand.layout import Layout
    from embauche.services.demand.options import System
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
DAY_MIN = 1440
HOME, AWAY = 0, 1
_CELLS = 6  # of a feeder's journey: see FeederTimes


@dataclass
class Rides:
    """The ride of each row, all [row]; see `empty` for dtypes.

    Attributes:
        system: row of the systems, -1 where none serves the tour.
        home, away: stops of the system: near home, and near work or the feeder.
        walk_min: between home and its stop.
        out_ride_min, back_ride_min: direct, without stops.
        ahead_min: from being set down until the start of work, at the latest: a walk, or the journey on.
        after_min: from the end of work until one can be picked up.
        km: direct kilometres of the rides, both ways.
        early_min, wait_min, transfers, road_km, rail_km: of the journey by timetable, both ways.
    """

    system: Array
    home: Array
    away: Array
    walk_min: Array
    out_ride_min: Array
    back_ride_min: Array
    ahead_min: Array
    after_min: Array
    km: Array
    early_min: Array
    wait_min: Array
    transfers: Array
    road_km: Array
    rail_km: Array

    @classmethod
    def empty(cls, rows: int) -> Rides:
        """No ride at all."""
        whole = {"system": np.int8, "home": np.int32, "away": np.int32}
        out = cls(*(np.zeros(rows, whole.get(f.name, np.float32)) for f in fields(cls)))
        out.system[:] = -1
        return out

    def take(self, rows: Array) -> Rides:
        """Some of the rows."""
        return Rides(*(getattr(self, f.name)[rows] for f in fields(self)))

    @classmethod
    def joined(cls, parts: list[Rides]) -> Rides:
        """Several one after the other."""
        return cls(
            *(np.concatenate([getattr(p, f.name) for p in [cls.empty(0), *parts]]) for f in fields(cls))
        )

    @property
    def minutes(self) -> Array:
        """Both ways, boarding left out."""
        return np.asarray(
            2 * self.walk_min + self.out_ride_min + self.back_ride_min + self.ahead_min + self.after_min
        )

    def put(self, rows: Array, other: Rides) -> None:
        """Take over other rides where they are there and shorter than those known."""
        mine = self.take(rows)
        better = (other.system >= 0) & ((mine.system < 0) | (other.minutes < mine.minutes))
        for f in fields(self):
            getattr(self, f.name)[rows[better]] = getattr(other, f.name)[better]


class FeederTimes:
    """Journeys between a system's feeder stops and workplaces, from the timetable's rows, kept."""

    def __init__(self, network: Network, stop: Array) -> None:
        """Prepare for the feeder stops, rows of the territory's stops."""
        self.rows, self.stop = network.transit, stop
        self._known: dict[int, Array] = {}

    def of(self, site: Array, klass: Array) -> Array:
        """float32 [row, feeder, way, 6]: minutes (inf: none), early, wait, rides, road km, rail km."""
        if self.rows is None:
            return np.full((len(site), len(self.stop), 2, _CELLS), np.inf, np.float32)
        asked = self.rows.row[site, klass]
        distinct, which = np.unique(asked, return_inverse=True)
        self._look_up(distinct[distinct >= 0])
        nothing = np.full((len(self.stop), 2, _CELLS), np.inf, np.float32)
        return np.stack([self._known.get(int(r), nothing) for r in distinct])[which.reshape(-1)]

    def _look_up(self, rows: Array) -> None:
        from embauche.kernels.lines import EARLY, RAIL, RIDES, ROAD, SECONDS, WAIT

        new = np.array([r for r in rows.tolist() if r not in self._known], np.int64)
        if not len(new) or self.rows is None:
            return
        scale = np.array([1 / 60, 1 / 60, 1 / 60, 1.0, 0.01, 0.01], np.float32)
        for pair, table in self.rows.tiles(new):
            for r in new[pair].tolist():
                cells = np.full((len(self.stop), 2, _CELLS), np.inf, np.float32)
                for way in (0, 1):
                    lo, hi = int(table.first[way, r]), int(table.end[way, r])
                    at = np.searchsorted(table.stop[lo:hi], self.stop)
                    hit = at < hi - lo
                    hit[hit] = table.stop[lo + at[hit]] == self.stop[hit]
                    found = table.fields[lo + at[hit]][:, [SECONDS, EARLY, WAIT, RIDES, ROAD, RAIL]]
                    cells[hit, way] = found * scale
                self._known[r] = cells


@dataclass(frozen=True)
class Reach:
    """A system as seen from the places and sites in use.

    Attributes:
        number: row among the systems.
        layout: the system on the ground.
        spans: hours by weekday, minutes after its midnight.
        place_stop, site_stop: int32 [used place], [used site], -1 outside.
        place_walk, site_walk: float32 minutes.
        stop_min, change_min: minutes to board, and between the vehicle and a bus or train.
        feeder: journeys on from its feeder stops, if it has any.
        place_commune, site_commune, stop_commune: int32 [used place], [used site], [stop of the layout].
        may_serve: whether its authority may take people between communes (territory.authorities).
    """

    number: int
    layout: Layout
    spans: list[list[tuple[int, int]]]
    place_stop: Array
    site_stop: Array
    place_walk: Array
    site_walk: Array
    stop_min: float
    change_min: float
    feeder: FeederTimes | None
    place_commune: Array
    site_commune: Array
    stop_commune: Array
    may_serve: Callable[[Array, Array], Array]

    @classmethod
    def make(
        cls, number: int, system: System, layout: Layout, territory: Territory, network: Network,
        stop_min: float, change_min: float,
    ) -> Reach:  # fmt: skip
        """Look at a system from the network's places and sites."""
        t = territory
        p, s = network.place_rows, network.site_rows
        feeder = FeederTimes(network, layout.feeder_stop) if len(layout.feeder) else None
        return cls(
            number, layout, system.spans(), layout.place_stop[p], layout.site_stop[s],
            layout.place_walk_min[p], layout.site_walk_min[s], stop_min, change_min, feeder,
            t.places.commune[p], t.sites.commune[s], t.nodes.commune[layout.node],
            partial(network.jurisdiction.may_serve, system.authority),
        )  # fmt: skip

    def direct(self, place: Array, site: Array) -> Rides:
        """Rides from door to work for rows whose ends both have a stop, [row]."""
        a, b = self.place_stop[place], self.site_stop[site]
        out = Rides.empty(len(place))
        allowed = self.may_serve(self.place_commune[place], self.site_commune[site])
        out.system[:] = np.where((a != b) & allowed, self.number, -1)
        out.home[:], out.away[:] = a, b
        out.walk_min[:] = self.place_walk[place]
        out.ahead_min[:] = out.after_min[:] = self.site_walk[site]
        self._ride(out)
        return out

    def fed(self, place: Array, site: Array, klass: Array) -> Rides:
        """Rides to the feeder stop that is best for both ways, for rows whose home has a stop, [row]."""
        if self.feeder is None:
            return Rides.empty(len(place))
        times = self.feeder.of(site, klass)
        a, f = self.place_stop[place], self.layout.feeder
        minutes = self.layout.minutes
        total = times[:, :, 0, 0] + times[:, :, 1, 0] + minutes[a[:, None], f] + minutes[f, a[:, None]]
        best = np.argmin(total, axis=1)
        every = np.arange(len(place))
        out = Rides.empty(len(place))
        home = self.place_commune[place]
        end = self.stop_commune[f[best]]
        there = np.isfinite(total[every, best]) & self.may_serve(home, np.where(end < 0, home, end))
        out.system[there] = self.number
        out.home[:], out.away[:] = a, f[best]
        out.walk_min[:] = self.place_walk[place]
        self._ride(out)
        way = np.where(there[:, None, None], times[every, best], 0.0)
        out.ahead_min[:] = way[:, 0, 0] + self.change_min
        out.after_min[:] = way[:, 1, 0] + self.change_min
        out.early_min[:] = way[:, 0, 1]
        out.wait_min[:] = way[:, :, 2].sum(axis=1) + 2 * self.change_min
        out.transfers[:] = way[:, :, 3].sum(axis=1)
        out.road_km[:], out.rail_km[:] = way[:, :, 4].sum(axis=1), way[:, :, 5].sum(axis=1)
        return out

    def _ride(self, rides: Rides) -> None:
        m, km = self.layout.minutes, self.layout.km
        rides.out_ride_min[:] = m[rides.home, rides.away]
        rides.back_ride_min[:] = m[rides.away, rides.home]
        rides.km[:] = km[rides.home, rides.away] + km[rides.away, rides.home]

    def running(self, rides: Rides, day: Array, start_min: Array, end_min: Array) -> Array:
        """Whether both direct rides lie within the hours of their days, bool [row].

        Args:
            rides: the rides.
            day: int [row] weekday of the start.
            start_min, end_min: float [row] of work, minutes after that day's midnight.
        """
        down = start_min - rides.ahead_min
        up = end_min + rides.after_min
        there = self._within(day, down - rides.out_ride_min - self.stop_min, down)
        return there & self._within(day, up, up + self.stop_min + rides.back_ride_min)

    def _within(self, day: Array, lo: Array, hi: Array) -> Array:
        inside = np.zeros(len(day), bool)
        for d in range(len(DAY_NAMES)):
            mine = day == d
            if mine.any():
                for offset in (-1, 0, 1):
                    for start, end in self.spans[(d + offset) % 7]:
                        base = offset * DAY_MIN
                        inside[mine] |= (lo[mine] >= start + base) & (hi[mine] <= end + base)
        return inside


def find(
    reaches: list[Reach], place: Array, site: Array, klass: Array,
    day: Array, start_min: Array, end_min: Array,
) -> Rides:  # fmt: skip
    """The shortest ride that any system offers, all [row]; of those that tie the first system's.

    Args:
        reaches: the systems.
        place, site: int32 rows of used places and sites.
        klass: int16 trip classes.
        day: int weekday of the start of work.
        start_min, end_min: float minutes after that day's midnight.
    """
    out = Rides.empty(len(place))
    for reach in reaches:
        home, work = reach.place_stop[place] >= 0, reach.site_stop[site] >= 0
        asked = [(np.flatnonzero(home & work), False)]
        if reach.feeder is not None:
            asked.append((np.flatnonzero(home & ~work), True))
        for rows, fed in asked:
            if len(rows):
                p, s = place[rows], site[rows]
                rides = reach.fed(p, s, klass[rows]) if fed else reach.direct(p, s)
                rides.system[~reach.running(rides, day[rows], start_min[rows], end_min[rows])] = -1
                out.put(rows, rides)
    return out
