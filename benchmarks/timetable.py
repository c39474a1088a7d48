"""Milliseconds a question to a timetable: real feeds, a generated one of 1 M connections, the naive twin.

Run: python benchmarks/timetable.py [--smoke] [--data FOLDER] [--only CASE]. One JSON line a figure, each case
in a process of its own. `ratio` is the seconds of the tests' plain Dijkstra over events (or plain search by
rounds) over ours for the same questions, asked in the same run. `--smoke`: a small generated feed only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from _common import peak_mib, show

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
CASES = ("heidelberg", "generated", "addison")
DAY = dt.date(2026, 3, 16)
SAMPLED = 500  # workplaces whose offers to all homes are worked out


def median_ms(ask: Callable[[Any], Any], questions: Sequence[Any], threads: int = 1) -> float:
    """Median milliseconds of a question, after one to warm up: processor time where one thread works."""
    clock = time.thread_time if threads == 1 else time.perf_counter
    ask(questions[0])
    took = []
    for question in questions:
        begin = clock()
        ask(question)
        took.append(clock() - begin)
    return float(np.median(took)) * 1e3


def generated_feed(folder: Path, stops: int, connections: int, seed: int = 1) -> Path:
    """A feed of wandering lines over a square of stops, 15 minutes to an hour apart from early to late."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(stops)))
    at = np.arange(stops)
    _write(folder, "stops", stop_id=at, stop_lat=48 + at // side * 0.005, stop_lon=2 + at % side * 0.0075)
    _write(folder, "agency", agency_name=["A"], agency_url=["https://a.example"], agency_timezone=["UTC"])
    parts: list[pd.DataFrame] = []
    total = trips = 0
    while total < connections:
        path = _path(rng, side, stops)
        seconds = np.concatenate([[0], np.cumsum(rng.integers(60, 150, len(path) - 1))])
        headway = int(rng.choice([900, 1200, 1800, 1800, 3600]))
        for way in (path, path[::-1]):
            first = np.arange(int(rng.integers(4.5 * 3600, 6 * 3600)), 23 * 3600, headway)
            when = (first[:, None] + seconds).ravel()
            trip = np.repeat(np.arange(trips, trips + len(first)), len(path))
            order = np.tile(np.arange(len(path)), len(first))
            parts.append(
                pd.DataFrame(
                    {"trip_id": trip, "stop_sequence": order, "stop_id": np.tile(way, len(first)), "s": when}
                )
            )
            trips += len(first)
            total += len(first) * (len(path) - 1)
    table = pd.concat(parts)
    s = table.pop("s").to_numpy()
    clock = np.char.zfill(np.stack([s // 3600, s // 60 % 60, s % 60]).astype(str), 2)
    text = [":".join(x) for x in clock.T.tolist()]
    table.assign(arrival_time=text, departure_time=text).to_csv(folder / "stop_times.txt", index=False)
    _write(folder, "routes", route_id=["r"], route_short_name=["1"], route_type=[3])
    _write(folder, "trips", route_id=["r"] * trips, service_id=["d"] * trips, trip_id=np.arange(trips))
    _write(folder, "calendar_dates", service_id=["d"], date=[DAY.strftime("%Y%m%d")], exception_type=[1])
    return folder


def _path(rng: np.random.Generator, side: int, stops: int) -> np.ndarray[Any, Any]:
    """20 to 40 stops along a line that turns a little at each."""
    steps = int(rng.integers(20, 41))
    angle = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.2, steps))
    x = np.clip(rng.uniform(0, side) + np.cumsum(1.2 * np.cos(angle)), 0, side - 1).astype(int)
    y = np.clip(rng.uniform(0, side) + np.cumsum(1.2 * np.sin(angle)), 0, side - 1).astype(int)
    path = np.minimum(y * side + x, stops - 1)
    path = path[np.append(True, np.diff(path) != 0)]
    return path if len(path) > 2 else np.array([0, 1, 2])


def _write(folder: Path, name: str, **columns: Any) -> None:
    pd.DataFrame(columns).to_csv(folder / f"{name}.txt", index=False)


def feed_case(name: str, path: Path, day: dt.date, limits: dict[str, float], *, twin: int) -> None:
    """Single and batched questions of one feed, and the twin on `twin` of them."""
    from embauche.core.parallel import set_threads
    from embauche.routing import Timetable
    from embauche.routing.gtfs import read_feed
    from naive.gtfs import runs_on
    from naive.rides import dijkstra

    begin = time.perf_counter()
    day_table = Timetable.from_gtfs(path, day)
    read_s = time.perf_counter() - begin
    set_threads(1)
    served = np.unique(day_table.times.stop)
    rng = np.random.default_rng(2)
    asked = [(int(s), 6 * 3600 + 60 * int(m)) for s, m in zip(
        rng.choice(served, 50), rng.integers(0, 720, 50), strict=True)]  # fmt: skip
    found = {
        "arrive_by": median_ms(lambda q: day_table.arrive_by(*q), asked),
        "depart_at": median_ms(lambda q: day_table.depart_at(*q), asked),
    }
    window = np.arange(120) * 60 + 6 * 3600
    batched = median_ms(lambda q: day_table.arrive_by(q[0], window), asked[:6]) / len(window)
    reached = float(np.mean([np.isfinite(day_table.arrive_by(*q)).mean() for q in asked[:10]]))
    figures: dict[str, Any] = {}
    if twin:
        runs = [run.reversed() for run in runs_on(read_feed(path), day)]
        feet = {s: {s: (0, 0)} for s in range(len(day_table.stop_ids))}
        begin = time.thread_time()
        for stop, at in asked[:twin]:
            dijkstra(runs, {stop: -at}, feet)
        figures["twin_ms"] = (time.thread_time() - begin) / twin * 1e3
        figures["ratio"] = figures["twin_ms"] / found["arrive_by"]
    cells = len(day_table.times.stop)
    show(
        benchmark="timetable", case=name, stops=len(day_table.stop_ids),
        lines=len(day_table.lines[0].arrays.trips), connections=cells - day_table.times.trips,
        read_s=read_s, threads=1, arrive_by_ms=found["arrive_by"], depart_at_ms=found["depart_at"],
        batched_ms=batched, batch=len(window), stops_reached=reached, peak_mib=peak_mib(),
        **limits, **figures,
    )  # fmt: skip


def generated(*, smoke: bool) -> None:
    """The generated feed."""
    stops, connections = (400, 20_000) if smoke else (12_000, 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        path = generated_feed(Path(folder), stops, connections)
        limits = {} if smoke else {"limit_arrive_by_ms": 3.0, "limit_batched_ms": 0.3}
        feed_case("generated", path, DAY, limits, twin=2 if smoke else 0)


def addison(data: Path) -> None:
    """All Addison workplaces: be there at 4:50, leave at 13:00; and 7:50, 17:00 beside it; homes of some."""
    from embauche.core.parallel import set_threads
    from embauche.routing.access import changes_on_foot, near_stops, walks
    from embauche.routing.roads import RoadGraph
    from embauche.routing.transit_rows import RIDES, TransitRows, stop_times
    from embauche.territory.build import build_territory
    from naive.rides import Search, runs_of

    with tempfile.TemporaryDirectory() as folder:
        gtfs = [data / "gtfs" / "addison.gtfs.zip"]
        t = build_territory(data / "osm" / "addison.osm.gz", gtfs, out=Path(folder) / "addison")
    graph = RoadGraph.of(t)
    longest, sites = 6000, len(t.sites)

    def near(nodes: Any) -> Any:
        return near_stops(len(nodes), *walks(graph, t.stops.node, t.stops.walk_s, nodes, longest))

    begin = time.perf_counter()
    times, feet = (
        stop_times(t.trips, t.connections),
        changes_on_foot(graph, t.stops.node, t.stops.walk_s, 180),
    )
    near_site, near_place = near(t.sites.node), near(t.places.node)
    prepared = time.perf_counter() - begin
    pairs = np.stack([np.arange(sites), np.zeros(sites, int)], axis=1)
    runs = runs_of(t.trips, t.connections, {0: 2})
    paths: dict[int, dict[int, tuple[int, int]]] = {}
    for a, b, s, w in zip(
        *(x.tolist() for x in (feet.start, feet.end, feet.seconds, feet.walk_s)), strict=True
    ):
        paths.setdefault(a, {})[b] = (s, w)
    for start, end in ((4 * 3600 + 3000, 13 * 3600), (7 * 3600 + 3000, 17 * 3600)):
        for threads in (1, 2):
            set_threads(threads)
            rows = TransitRows(
                times, t.trips.days, feet, near_site, near_place, pairs, (sites, 1),
                np.array([[-1, 2, -1]]), np.array([start]), np.array([end]), longest,
            )  # fmt: skip
            rows.make(np.arange(2))
            clock = time.thread_time if threads == 1 else time.perf_counter
            begin = clock()
            table = rows.make(np.arange(2, sites))
            search_s = clock() - begin
            begin = clock()
            offered = _pairs(rows, len(t.places), table)
            pairs_s = clock() - begin
            few = np.random.default_rng(4).integers(0, sites, 3).tolist() if threads == 1 else []
            begin = time.thread_time()
            for s in few:
                mine = slice(near_site.ptr[s], near_site.ptr[s + 1])
                seeds = dict(
                    zip(near_site.stop[mine].tolist(), near_site.seconds[mine].tolist(), strict=True)
                )
                for reverse, at in ((True, start), (False, end)):
                    Search(runs, seeds, at, paths, RIDES, longest, back=reverse)
            twin_s = (time.thread_time() - begin) / max(len(few), 1) * sites
            twin = {"twin_search_s": twin_s, "twin_sampled": len(few), "ratio": twin_s / search_s}
            show(
                benchmark="timetable", case="addison", threads=threads, start_s=start, end_s=end,
                places=len(t.places), workplaces=sites, prepare_s=prepared, search_s=search_s,
                pairs_s=pairs_s, pairs_workplaces=len(range(0, sites, max(1, sites // SAMPLED))),
                offered=offered, ms_a_row=search_s / sites / 2 * 1e3,
                stops_in_reach=float((table.end[0] - table.first[0]).mean() / rows.stops),
                **(twin if few else {}),
            )  # fmt: skip


def _pairs(rows: Any, places: int, table: Any) -> int:
    """Door-to-door offers of every place and some SAMPLED workplaces; how many there are."""
    from embauche.core.parallel import run_blocks
    from embauche.kernels.transit import door_to_door

    place, pair = np.arange(places, dtype=np.int32), np.arange(places, dtype=np.int64)
    out, made = [np.empty(places, np.float32) for _ in range(7)], 0
    sites = table.first.shape[1]
    for site in range(0, sites, max(1, sites // SAMPLED)):
        out[0][:] = np.inf
        run_blocks(
            door_to_door, places, pair, place, np.full(places, site, np.int64), rows.near.ptr,
            rows.near.stop, rows.near.seconds, *table, rows.stops, 122.0, 27.7, rows.longest_s, *out,
        )  # fmt: skip
        made += int(np.isfinite(out[0]).sum())
    return made


def main() -> None:
    """Each case in a child process."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--only", choices=CASES)
    options = parser.parse_args()
    cases = [options.only] if options.only else ["generated"] if options.smoke else list(CASES)
    for case in cases:
        if case == "generated":
            generated(smoke=options.smoke)
        elif not (options.data / "gtfs" / f"{case}.gtfs.zip").exists():
            print(
                json.dumps(
                    {"benchmark": "timetable", "case": case, "skipped": f"no real data in {options.data}"}
                )
            )
        elif case == "addison":
            addison(options.data)
        else:
            path = options.data / "gtfs" / f"{case}.gtfs.zip"
            feed_case(case, path, dt.date(2022, 7, 12), {"limit_arrive_by_ms": 0.3}, twin=10)


if __name__ == "__main__":
    main()
