"""A GTFS feed's timetable of one day: earliest arrivals, latest departures, journeys.

Lives here: Timetable. Not here: the search (kernels.raptor), files (gtfs), legs (journeys).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from embauche.core.errors import UserError
from embauche.core.suggest import nearest
from embauche.kernels.lines import FAR
from embauche.routing.footpaths import changes, feed_walks, near_walks
from embauche.routing.gtfs import Feed, read_feed
from embauche.routing.gtfs_changes import WALK_MS
from embauche.routing.gtfs_days import as_day, day_masks, require_service, running
from embauche.routing.lines import DAY_S, Footpaths, Lines, StopTimes, day_lines, new_labels, search

if TYPE_CHECKING:
    from embauche.kernels.lines import Labels
    from embauche.routing.journeys import Journey, Profile

Array = np.ndarray[Any, Any]
RIDES = 12
LONGEST_S = 14 * DAY_S
Walks = Callable[[Array, Array], dict[tuple[int, int], float]]


def whole_seconds(seconds: float | Sequence[float] | Array) -> Array:
    """Times of day as int64 [time].

    Raises:
        UserError: one that is no whole number of seconds within ten days.
    """
    given = np.atleast_1d(np.asarray(seconds))
    number = given.dtype.kind in "iuf" or not given.size
    asked = given.astype(np.float64) if number else np.full(given.shape, np.nan)
    fault = ~((np.abs(asked) < 10 * DAY_S) & (asked == np.rint(asked)))
    if fault.any():
        raise UserError(
            "a time of day cannot be used",
            found=str(given[fault][0]),
            expected="whole seconds after midnight, e.g. 17100 for 4:45",
            fix="round to whole seconds",
        )
    return asked.astype(np.int64)


@dataclass(frozen=True)
class Timetable:
    """The trips of one day, with those of the day before that are still under way after midnight.

    Times are seconds after midnight of the day; those before it are negative, those after the next midnight
    pass 86,400. `stop` is a stop_id or a row. One may walk before the first ride, between rides and after the
    last, along the footpaths; a journey without any ride counts too.

    Attributes:
        stop_ids: stop_id by row.
        stops: name, lon, lat, wheelchair (0 not known, 1 possible, 2 not) by row.
        trips: route, route_name, agency, mode, wheelchair by row of the stop times; index trip_id.
        times: the trips' stop times.
        feet: footpaths.
        lines: forwards in time, and with time reversed.
        rides: most rides of a journey.
        counts: what was repaired or left out.
    """

    stop_ids: tuple[str, ...]
    stops: pd.DataFrame
    trips: pd.DataFrame
    times: StopTimes
    feet: Footpaths
    lines: tuple[Lines, Lines]
    rides: int
    counts: dict[str, int]
    rows: dict[str, int] = field(repr=False)

    @classmethod
    def from_gtfs(
        cls, path: str | Path, day: dt.date | str, *, change_s: int = 0, walk_m: float = 0.0,
        walks: Walks | None = None, rides: int = RIDES, wheelchair: bool = False,
    ) -> Timetable:  # fmt: skip
        """Read one day of a GTFS zip or folder.

        Runs of the day before that are still under way after midnight are in it; those of the day after are
        not. Frequencies are written out from their start, exact or not. Footpaths: pathways.txt, `walks`, and
        stops at most walk_m apart in a straight line at 4.8 km/h; transfers.txt goes before all of them. By
        default there are those of the feed only.

        Args:
            path: zip or folder.
            day: a date or YYYY-MM-DD.
            change_s: least seconds between two vehicles, at one stop or on top of a walk.
            walk_m: longest straight line walked between stops.
            walks: called with lon and lat of the stops, gives seconds between rows, e.g. over roads.
            rides: most rides of a journey.
            wheelchair: only trips and stops that are marked as possible with a wheelchair, no stairs.

        Raises:
            UserError: see `gtfs.read_feed`; or no trip runs on the day (the error says when one does).
        """
        for name, value in (("change_s", change_s), ("walk_m", walk_m), ("rides", rides)):
            if not 0 <= value < np.inf:
                raise UserError(
                    f"the timetable's {name} cannot be used", found=str(value), expected="a number from 0"
                )
        feed = read_feed(Path(path))
        date = as_day(day)
        require_service(feed, date)
        trips, table = running(feed, day_masks(feed, (date - 1, date)), "")
        return cls._of_feed(
            feed, trips, table, change_s=change_s, walk_m=walk_m, walks=walks, rides=rides,
            wheelchair=wheelchair,
        )  # fmt: skip

    @classmethod
    def _of_feed(
        cls, feed: Feed, trips: pd.DataFrame, table: pd.DataFrame, *, change_s: int, walk_m: float,
        walks: Walks | None, rides: int, wheelchair: bool,
    ) -> Timetable:  # fmt: skip
        if wheelchair:
            trips = trips[trips["wheelchair"] == 1]
        trips = trips.sort_index()
        row = trips.index.get_indexer(pd.Index(table["trip"]))
        order = np.argsort(row, kind="stable")[int((row < 0).sum()) :]
        ptr = np.concatenate([[0], np.cumsum(np.bincount(row[order], minlength=len(trips)))])
        ids = tuple(feed.stops.index.astype(str))
        rows = {name: i for i, name in enumerate(ids)}
        stop = feed.stops.index.get_indexer(pd.Index(table["stop"]))[order]
        able = (feed.stops["wheelchair"].to_numpy() == 1 if wheelchair else np.ones(len(ids), bool))[stop]
        none = np.zeros(len(stop), np.int32)
        times = StopTimes.make(
            ptr, stop, table["arr_s"].to_numpy()[order], table["dep_s"].to_numpy()[order],
            table["pickup"].to_numpy(bool)[order] & able, table["dropoff"].to_numpy(bool)[order] & able,
            none, none,
        )  # fmt: skip
        lon, lat = feed.stops["lon"].to_numpy(), feed.stops["lat"].to_numpy()
        found = near_walks(lon, lat, walk_m, WALK_MS)
        found |= walks(lon, lat) if walks is not None else {}
        found |= feed_walks(rows, feed.parent, feed.pathways, wheelchair=wheelchair)
        feet = changes(rows, feed.parent, feed.transfers, found, change_s, lon, lat)
        days = trips["days"].to_numpy()
        both = day_lines(
            times, [np.flatnonzero(days >> k & 1) for k in range(2)], (-DAY_S, 0), feet, len(ids), first_s=0
        )
        counts = dict(feed.counts)
        groups = len(np.unique(times.group[both[0].run_trip]))
        if len(both[0].arrays.trips) > groups:
            counts["lines added because trips overtake or repeat others"] = len(both[0].arrays.trips) - groups
        return cls(ids, feed.stops, trips, times, feet, both, rides, counts, rows)

    def row(self, stop: int | str) -> int:
        """Row of a stop given by id or row."""
        if isinstance(stop, str):
            if stop in self.rows:
                return self.rows[stop]
            near = nearest(stop, self.stop_ids)
            raise UserError(
                "the timetable has no such stop",
                found=repr(stop),
                expected="a stop_id of stops.txt where vehicles call, with coordinates",
                fix=f"write {near!r}" if near else "look the id up in stops.txt",
            )
        if not isinstance(stop, int | np.integer) or not 0 <= int(stop) < len(self.stop_ids):
            raise UserError(
                "the timetable has no such row of stops",
                found=str(stop),
                expected=f"0 to {len(self.stop_ids) - 1}",
                fix="give the stop_id instead",
            )
        return int(stop)

    def depart_at(self, stop: int | str, seconds: float | Sequence[float] | Array) -> Array:
        """Earliest arrival at every stop for who stands at `stop` at a time.

        Args:
            stop: id or row.
            seconds: after midnight of the day, a whole number; or several, answered in one search.

        Returns:
            float64 [stop] (or [time, stop]) seconds after midnight, inf where not reached.
        """
        return self._ask(stop, seconds, back=False)

    def arrive_by(self, stop: int | str, seconds: float | Sequence[float] | Array) -> Array:
        """Latest departure from every stop for who has to be at `stop` by a time.

        Args:
            stop: id or row.
            seconds: after midnight of the day, a whole number; or several, answered in one search.

        Returns:
            float64 [stop] (or [time, stop]) seconds after midnight, -inf where one cannot be there in time.
        """
        return self._ask(stop, seconds, back=True)

    def _ask(self, stop: int | str, seconds: float | Sequence[float] | Array, *, back: bool) -> Array:
        times = whole_seconds(seconds) * (-1 if back else 1)
        order = np.argsort(-times, kind="stable")
        found = self.scan(self.row(stop), times[order], back=back)
        out = np.empty_like(found)
        out[order] = -found if back else found
        return out[0] if np.ndim(seconds) == 0 else out

    def seeds(self, stop: int, *, back: bool) -> tuple[Array, Array]:
        """Stops to start from and the walk to each, the stop itself first."""
        a = self.lines[back].arrays
        mine = slice(a.foot_ptr[stop], a.foot_ptr[stop + 1])
        other = a.foot_to[mine] != stop
        return (
            np.concatenate([[stop], a.foot_to[mine][other]]).astype(np.int32),
            np.concatenate([[0], a.walk_s[mine][other]]).astype(np.int32),
        )

    def scan(
        self, stop: int, times: Array, *, back: bool, walked: bool = True, labels: Labels | None = None
    ) -> Array:
        """Earliest arrivals in searching time, float64 [time, stop].

        Args:
            stop: row.
            times: int [time] in searching time (negated where back), never rising.
            back: search latest departures.
            walked: count journeys without a ride.
            labels: filled if there is a single time.
        """
        lines = self.lines[back]
        at, walk = self.seeds(stop, back=back)
        alight = np.empty((len(times), len(self.stop_ids)), np.int32)
        search(
            lines, np.array([0, len(times)]), times, np.array([0, len(at)]), at, walk, LONGEST_S, self.rides,
            alight=alight, labels=labels,
        )  # fmt: skip
        out = np.where(alight == FAR, np.inf, alight)
        a = lines.arrays
        apart = np.flatnonzero(a.foot_from != a.foot_to)
        for row in out if len(apart) else ():
            np.minimum.at(row, a.foot_to[apart], row[a.foot_from[apart]] + a.walk_s[apart])
        if walked:
            out[:, at] = np.minimum(out[:, at], np.asarray(times)[:, None] + walk)
        return out

    def labels(self) -> Labels:
        """Empty labels for `scan`, kept to read journeys from."""
        return new_labels(len(self.stop_ids), self.rides)

    def journey(
        self, start: int | str, end: int | str, *, depart_at: float | None = None,
        arrive_by: float | None = None,
    ) -> Journey | None:  # fmt: skip
        """The first to arrive, or last to leave, of `pareto`; None if there is no journey."""
        found = self.pareto(start, end, depart_at=depart_at, arrive_by=arrive_by)
        return found[-1] if found else None

    def pareto(
        self, start: int | str, end: int | str, *, depart_at: float | None = None,
        arrive_by: float | None = None,
    ) -> list[Journey]:  # fmt: skip
        """Journeys none of which another beats in time and number of rides, from few rides to many.

        Args:
            start, end: stops.
            depart_at, arrive_by: one of them: the time from which to leave, or by which to be there. Given
                arrive_by, journeys leave as late as they can, and then arrive as early as they can.
        """
        from embauche.routing.journeys import pareto

        return pareto(self, self.row(start), self.row(end), depart_at, arrive_by)

    def range(self, stop: int | str, first_s: int, last_s: int) -> Profile:
        """All best departures from a stop between two times, to every stop, in one search (rRAPTOR)."""
        from embauche.routing.journeys import profile

        return profile(self, self.row(stop), first_s, last_s)
