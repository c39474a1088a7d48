"""A scenario's services as a GTFS feed: the timetable as edited, shuttles, on-demand systems as GTFS-Flex.

Lives here: export_feed and the tables it writes. Not here: the rules that a feed must keep
(territory.gtfs_rules), to which every feed written is put before it is kept.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import UserError, raise_all
from embauche.core.files import atomic_path
from embauche.core.shifts import DAY_NAMES
from embauche.territory.gtfs_rules import FIELDS, Feed, violations

if TYPE_CHECKING:
    from embauche.core.scenario import Scenario
    from embauche.routing.roads import RoadGraph
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
URL = "https://www.example.org"  # of agencies and publisher: a scenario has no web page
ZONE = "Europe/Paris"
BUS = 3
DEFLATED_AT = (1980, 1, 1, 0, 0, 0)  # no clock in the archive: the same scenario gives the same bytes


@dataclass
class Tables:
    """Rows of a feed by file, and areas.

    Attributes:
        first: first day of its calendars, which hold for a year.
        rows: file name -> rows.
        areas: features of locations.geojson.
    """

    first: date
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    areas: list[dict[str, Any]] = field(default_factory=list)
    _known: set[tuple[str, str]] = field(default_factory=set)

    def add(self, name: str, **values: Any) -> None:
        """One row; None is left empty."""
        self.rows.setdefault(name, []).append({k: "" if v is None else str(v) for k, v in values.items()})

    def once(self, name: str, key: str, **values: Any) -> None:
        """One row, unless its key was written before."""
        if (name, key) not in self._known:
            self._known.add((name, key))
            self.add(name, **values)

    def service(self, days: Iterable[int]) -> str:
        """The calendar of some weekdays."""
        running = set(days)
        name = "days-" + "".join(str(d + 1) for d in sorted(running))
        week = {n: int(d in running) for d, n in enumerate(_WEEK)}
        self.once(
            "calendar.txt", name, service_id=name, **week, start_date=self.first.strftime("%Y%m%d"),
            end_date=(self.first + timedelta(days=364)).strftime("%Y%m%d"),
        )  # fmt: skip
        return name

    def agency(self, name: str) -> str:
        """The agency of a name."""
        self.once(
            "agency.txt", name, agency_id=name, agency_name=name, agency_url=URL, agency_timezone=ZONE,
            agency_lang="fr",
        )  # fmt: skip
        return name

    def files(self) -> dict[str, str]:
        """The feed's files as text."""
        out = {}
        for name, rows in sorted(self.rows.items()):
            text = io.StringIO()
            columns = [c for c in _columns(name) if any(c in row for row in rows)]
            writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            out[name] = text.getvalue()
        if self.areas:
            found = {"type": "FeatureCollection", "features": self.areas}
            out["locations.geojson"] = json.dumps(found, ensure_ascii=False)
        return out


_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _columns(name: str) -> list[str]:
    return [word.split(":")[0].rstrip("!") for word in FIELDS[name].split()]


def clock(seconds: float) -> str:
    """`25:10:00`."""
    whole = round(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def timetable(tables: Tables, t: Territory) -> None:
    """Trips of a territory, as edited; those with fewer than two stops are left out."""
    from embauche.routing.transit_rows import stop_times

    times = stop_times(t.trips, t.connections)
    used = np.zeros(len(t.stops), bool)
    for trip in range(len(t.trips)):
        lo, hi = int(times.ptr[trip]), int(times.ptr[trip + 1])
        days = [d for d in range(len(DAY_NAMES)) if int(t.trips.days[trip]) >> d & 1]
        if hi - lo < 2 or not days:
            continue
        route, agency = str(t.trips.route[trip]), tables.agency(str(t.trips.agency[trip]) or t.name)
        tables.once(
            "routes.txt", route, route_id=route, agency_id=agency,
            route_short_name=str(t.trips.route_name[trip]) or route, route_type=int(t.trips.mode[trip]),
        )  # fmt: skip
        name = str(t.trips.trip_id[trip])
        tables.add("trips.txt", route_id=route, service_id=tables.service(days), trip_id=name)
        used[times.stop[lo:hi]] = True
        for k in range(lo, hi):
            tables.add(
                "stop_times.txt", trip_id=name, arrival_time=clock(times.arr[k]),
                departure_time=clock(times.dep[k]), stop_id=t.stops.stop_id[times.stop[k]],
                stop_sequence=k - lo + 1, pickup_type=None if times.board[k] else 1,
                drop_off_type=None if times.alight[k] else 1,
            )  # fmt: skip
    for row in np.flatnonzero(used).tolist():
        stop(tables, t, row)


def stop(tables: Tables, t: Territory, row: int) -> str:
    """A stop of the timetable."""
    name = str(t.stops.stop_id[row])
    tables.once(
        "stops.txt", name, stop_id=name, stop_name=str(t.stops.name[row]) or name,
        stop_lat=f"{t.stops.lat[row]:.6f}", stop_lon=f"{t.stops.lon[row]:.6f}",
        wheelchair_boarding=int(t.stops.wheelchair[row]) or None,
    )  # fmt: skip
    return name


def export_feed(scenario: Scenario, out: Path, *, overwrite: bool = False) -> dict[str, int]:
    """Write what a scenario runs as a feed, after a check by the format's rules.

    Args:
        scenario: checked.
        out: zip to write.
        overwrite: replace it if it exists.

    Returns:
        Rows by file, of areas too.

    Raises:
        UserError: the file exists, or the feed would break a rule.
    """
    from embauche.output.gtfs_shuttles import shuttle_tables
    from embauche.routing.roads import RoadGraph
    from embauche.routing.timetable_plan import edited
    from embauche.territory.load import territory_of

    if out.exists() and not overwrite:
        raise UserError("the output exists already; nothing was changed", file=out,
                        expected="a new file", fix="choose another --out, or add --overwrite")  # fmt: skip
    t = territory_of(scenario)
    graph = RoadGraph.of(t, t.folder / "cache" if t.folder is not None else None)
    settings, values = scenario.settings(), scenario.parameter_values()
    tables = Tables(scenario.start_monday)
    if "transit" in settings.services:
        timetable(tables, edited(t, settings.timetable_edits, values, graph))
    if "on_demand" in settings.services:
        _systems(tables, scenario, t, graph)
    if "shuttle" in settings.services:
        shuttle_tables(tables, scenario, t, graph)
    tables.add(
        "feed_info.txt", feed_publisher_name="embauche", feed_publisher_url=URL, feed_lang="fr",
        feed_start_date=tables.first.strftime("%Y%m%d"),
        feed_end_date=(tables.first + timedelta(days=364)).strftime("%Y%m%d"),
    )  # fmt: skip
    return write(tables, out)


def _systems(tables: Tables, scenario: Scenario, t: Territory, graph: RoadGraph) -> None:
    from embauche.output.gtfs_flex_write import system_tables
    from embauche.services.demand.feed import from_feed
    from embauche.services.demand.options import OnDemandOptions

    options = scenario.settings().options.get("on_demand")
    systems = options.systems if isinstance(options, OnDemandOptions) else ()
    for system in systems or (OnDemandOptions.whole(t),):
        system_tables(tables, from_feed(system, scenario.folder), t, graph, scenario.folder)


def write(tables: Tables, out: Path) -> dict[str, int]:
    """Check the tables and write them; rows by file.

    Raises:
        UserError: a rule is broken; nothing is written.
    """
    files = tables.files()
    rows = {
        name: [{**row, "line": k} for k, row in enumerate(csv.DictReader(io.StringIO(text)), 2)]
        for name, text in files.items()
        if name.endswith(".txt")
    }
    locations = json.loads(files["locations.geojson"]) if tables.areas else None
    raise_all(violations(Feed(out, rows, locations)))
    with atomic_path(out) as tmp, zipfile.ZipFile(tmp, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, DEFLATED_AT)
            archive.writestr(info, text, zipfile.ZIP_DEFLATED)
    counts = {name: len(found) for name, found in rows.items()}
    return counts | ({"locations.geojson": len(tables.areas)} if tables.areas else {})
